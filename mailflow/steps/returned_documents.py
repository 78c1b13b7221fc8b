"""Documents of our own that come back: the workbook with the recipient's answers, our PDF attached to a reply.

They must never be read as *his* statement: our own figures would agree with our own ledger to the cent, and a mere
"please see attached" would count as an agreement. So what bears a token that we issued is set apart, and of a
workbook only what the recipient wrote into it counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from mailflow.correspondence import token as tokens
from mailflow.correspondence.letter_words import LetterWords
from mailflow.correspondence.message import DisputeReason, Intent, Meaning, MentionedAmount, StatedIntent
from mailflow.correspondence.returned_workbook import Decision, ReturnedWorkbook, RowAnswer, read_answers
from mailflow.steps.ports.archive import Archive
from mailflow.steps.ports.parsing import Parsing
from mailflow.steps.ports.work import Database

_CONFIDENCE = 0.97  # a choice from our own list, or a figure in our own cell
_KINDS = ("pdf", "spreadsheet", "excel", "octet-stream")
MAX_LOOKED_AT = 10


@dataclass(frozen=True, slots=True)
class Returned:
    """``own`` are the hashes of attachments that are ours; ``answers`` what was written into the first workbook."""

    own: tuple[str, ...] = ()
    name: str = ""
    answers: ReturnedWorkbook | None = None


class ReturnedDocuments:
    """``languages``: the words of every language that we write workbooks in."""

    def __init__(
        self, database: Database, archive: Archive, parsing: Parsing, languages: Sequence[LetterWords]
    ) -> None:
        self._database, self._archive, self._parsing, self._languages = database, archive, parsing, languages

    def among(self, parts: Iterable[Mapping[str, object]]) -> Returned:
        """``parts`` as the stage "read" lists them."""
        own: list[str] = []
        answers: ReturnedWorkbook | None = None
        name = ""
        for part in list(parts)[:MAX_LOOKED_AT]:
            if not any(kind in str(part["type"]).lower() for kind in _KINDS):
                continue
            sha256 = str(part["sha256"])
            seen = self._parsing.glance(self._archive.read(sha256))
            if not self._ours(seen.text):
                continue
            own.append(sha256)
            if answers is None and seen.cells is not None:
                answers, name = read_answers(seen.cells, self._languages), str(part["name"])
        return Returned(tuple(own), name, answers)

    def _ours(self, text: str) -> bool:
        """A token counts only when we issued it: anybody can print one."""
        found = tokens.find(text)[:MAX_LOOKED_AT]
        if not found:
            return False
        with self._database.reading() as work:
            return any(work.outbox.by_token(one) for one in found)


def with_answers(meaning: Meaning, returned: Returned, reasons: Mapping[str, Sequence[DisputeReason]]) -> Meaning:
    """The meaning of the mail and of what stands in the workbook that came with it.

    ``reasons``: what each comment was understood to object to. A workbook that nobody wrote in adds nothing; one row
    that differs outweighs "agrees" for the whole.
    """
    answers = returned.answers
    if answers is None or not answers.answered:
        return meaning
    differing = [row for row in answers.rows if row.decision is Decision.DIFFERS or row.amount is not None]
    stated: list[StatedIntent] = []
    objections: list[DisputeReason] = []
    for row in differing:
        stated.append(
            _intent(Intent.DISPUTE, f"{returned.name}: {_row(row)}", (row.reference,) if row.reference else ())
        )
        objections.append(next(iter(reasons.get(row.comment, ())), DisputeReason.OTHER))
    if not differing and answers.decision is Decision.DIFFERS:
        evidence = " ".join(one for one in (f"{returned.name}: differs", answers.comment) if one)
        stated.append(_intent(Intent.DISPUTE, evidence))
        objections.append(next(iter(reasons.get(answers.comment, ())), DisputeReason.OTHER))
    if not stated and answers.decision is Decision.AGREES and answers.balance is None:
        by = f", {answers.person}" if answers.person else ""
        stated.append(_intent(Intent.CONFIRM, f"{returned.name}: agrees{by}"))
    amounts = list(meaning.amounts)
    if answers.balance is not None:
        amounts.append(MentionedAmount(answers.balance, None, f"{returned.name}: balance"))
    own_words = [one for one in meaning.intents if one.intent is not Intent.OTHER or not stated]
    order = list(Intent)
    return replace(
        meaning,
        intents=sorted([*stated, *own_words], key=lambda one: order.index(one.intent)),
        dispute_reasons=[*objections, *meaning.dispute_reasons],
        references=list(dict.fromkeys([*(row.reference for row in differing if row.reference), *meaning.references])),
        amounts=amounts,
        warnings=[*meaning.warnings, *(f"{returned.name}: {one}" for one in answers.warnings)],
    )


def _intent(intent: Intent, evidence: str, references: tuple[str, ...] = ()) -> StatedIntent:
    return StatedIntent(intent, _CONFIDENCE, evidence, references)


def _row(row: RowAnswer) -> str:
    said = "differs" if row.decision is Decision.DIFFERS else "another amount"
    amount = "" if row.amount is None else f", {row.amount}"
    return f"{row.reference} {said}{amount}" + (f" ({row.comment})" if row.comment else "")
