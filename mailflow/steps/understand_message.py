"""Stage "understand": what the new text means, knowing which items this party has with us.

The words are a stranger's: they are read in the parser child, where a hostile text can only hurt itself.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from mailflow.correspondence import mime
from mailflow.correspondence.html_text import text_of
from mailflow.correspondence.inline_answers import unmarked_answers
from mailflow.correspondence.meaning_json import from_json as from_json
from mailflow.correspondence.meaning_json import to_json as to_json
from mailflow.correspondence.message import DisputeReason
from mailflow.receivables.party import Side
from mailflow.steps.ports.archive import Archive
from mailflow.steps.ports.mailroom import StoredMessage
from mailflow.steps.ports.parsing import Parsing, Said, Unreadable
from mailflow.steps.ports.work import Database
from mailflow.steps.returned_documents import Returned, ReturnedDocuments, with_answers
from mailflow.steps.stage import Hopeless, Outcome, Results, Traveller

MAX_KNOWN = 5_000  # references of one party; more add nothing that a shape does not find


class UnderstandMessage:
    name = "understand"

    def __init__(
        self,
        database: Database,
        parsing: Parsing,
        returned: ReturnedDocuments | None = None,
        *,
        archive: Archive | None = None,
        country: str | None = None,
    ) -> None:
        """``returned`` reads answers out of workbooks of ours that come back; ``archive`` has our own letters, between
        whose lines an answer may stand; ``country`` says which days are working days."""
        self._database, self._parsing, self._returned = database, parsing, returned
        self._archive, self._country = archive, country

    def __call__(self, message: StoredMessage, results: Results) -> Outcome:
        said = self._said(message, results, self._known([results]))
        [meant] = self._parsing.understand([said])
        outcome = _kept(meant)
        if isinstance(outcome, Exception):
            raise outcome
        if self._returned is None or results["thread"]["own"]:
            return outcome
        returned = self._returned.among(results["read"]["parts"])
        meaning = with_answers(from_json(outcome.result), returned, self._reasons(returned, said))
        result = {**to_json(meaning), "own_documents": list(returned.own)}
        if returned.slips:
            result["slips"] = [slip.to_json() for slip in returned.slips]
        return Outcome(result, facts=_found_by_slip(results, returned))

    def ahead(self, travellers: Sequence[Traveller]) -> list[Outcome | Exception]:
        known = self._known([one.results for one in travellers])
        said = [self._said(one.message, one.results, known) for one in travellers]
        return [_kept(meant) for meant in self._parsing.understand(said)]

    def alone(self, message: StoredMessage, results: Results) -> bool:
        """Attachments may be workbooks of ours that come back: each is looked into."""
        return self._returned is not None and bool(results["read"]["parts"])

    def _known(self, all_results: Sequence[Results]) -> dict[tuple[str, str], tuple[str, ...]]:
        """The references of every party that these messages were placed with."""
        parties = {
            (placed["party"], placed["side"])
            for results in all_results
            if (placed := results["thread"])["party"] is not None
        }
        if not parties:
            return {}
        with self._database.reading() as work:
            found = work.ledger.references((party, Side(side)) for party, side in parties)
        return {(party, side.value): tuple(references[-MAX_KNOWN:]) for (party, side), references in found.items()}

    def _said(self, message: StoredMessage, results: Results, known: Mapping[tuple[str, str], tuple[str, ...]]) -> Said:
        reading, placed = results["read"]["reading"], results["thread"]
        sent = message.sent_at or message.received_at
        if reading["date"] is not None and message.sent_at is not None:
            sent = dt.datetime.fromisoformat(reading["date"])  # the sender's own day: "tomorrow" is theirs
        names = tuple(part["name"] for part in results["read"]["parts"] if not part["inline"])
        references = known.get((placed["party"], placed["side"]), ())
        text = "\n".join(one for one in (reading["new_text"], *self._between_our_lines(reading, placed)) if one)
        return Said(text, reading["subject"], sent, references, names, self._country)

    def _between_our_lines(self, reading: dict[str, Any], placed: dict[str, Any]) -> list[str]:
        """Answers inside the unmarked quote of our letter, where the sender wrote nothing else or points there."""
        quoted = reading["quoted_text"]
        if self._archive is None or not quoted or placed["letter"] is None:
            return []
        if reading["new_text"].strip() and not reading.get("doubtful"):
            return []
        with self._database.reading() as work:
            letter = work.outbox.letter(placed["letter"])
        if letter is None or not self._archive.has(letter.sha256):
            return []
        ours = mime.read(self._archive.read(letter.sha256))
        shown = text_of(ours.html) if ours.html else ""
        return [one.answer for one in unmarked_answers(quoted, [ours.text, shown])]

    def _reasons(self, returned: Returned, said: Said) -> dict[str, list[DisputeReason]]:
        """What the comments in a returned workbook object to."""
        if returned.answers is None:
            return {}
        comments = {row.comment for row in returned.answers.rows} | {returned.answers.comment}
        asked = sorted(comment for comment in comments if comment)
        meant = self._parsing.understand(
            [Said(comment, "", said.sent, said.references, country=said.country) for comment in asked]
        )
        return {
            comment: [] if isinstance(one, Unreadable) else from_json(one).dispute_reasons
            for comment, one in zip(asked, meant, strict=True)
        }


def _found_by_slip(results: Results, returned: Returned) -> dict[str, Any]:
    """The case of a slip is that of a message which nothing else places; a slip is one answer to one statement."""
    cases = {slip.case for slip in returned.slips}
    return {"case_id": cases.pop()} if len(cases) == 1 and results["thread"]["case"] is None else {}


def _kept(meant: dict[str, Any] | Unreadable) -> Outcome | Exception:
    if isinstance(meant, Unreadable):
        return Hopeless(f"the message cannot be understood: {meant}")
    return Outcome(meant)
