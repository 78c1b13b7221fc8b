"""Documents of our own that come back: the workbook with the recipient's answers, our PDF attached to a reply, the
slip on paper: signed, sealed, scanned or photographed, and known by its code.

They must never be read as *his* statement: our own figures would agree with our own ledger to the cent, and a mere
"please see attached" would count as an agreement. So what bears a token that we issued is set apart, and of a
workbook only what the recipient wrote into it counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from mailflow.correspondence import token as tokens
from mailflow.correspondence.letter_words import LetterWords
from mailflow.correspondence.message import DisputeReason, Intent, Meaning, MentionedAmount, StatedIntent
from mailflow.correspondence.returned_slip import Marked, sealed, ticked
from mailflow.correspondence.returned_workbook import Decision, ReturnedWorkbook, RowAnswer, read_answers
from mailflow.steps.ports.archive import Archive
from mailflow.steps.ports.outbox import Letter
from mailflow.steps.ports.parsing import Glance, Parsing
from mailflow.steps.ports.work import Database

_CONFIDENCE = 0.97  # a choice from our own list, or a figure in our own cell
_KINDS = ("pdf", "spreadsheet", "excel", "octet-stream")
_SMALL_PICTURE_BYTES = 20_000  # logos in signatures
MAX_LOOKED_AT = 10


@dataclass(frozen=True, slots=True)
class ReturnedSlip:
    """The slip of version ``version`` of the statement of case ``case``. What is ticked and where a red seal stands is
    read from the picture and helps the person who looks; it decides nothing."""

    name: str
    sha256: str
    case: str
    version: int
    ticked: Marked
    sealed: Marked

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "document": self.sha256,
            "case": self.case,
            "version": self.version,
            "ticked": self.ticked.value,
            "sealed": self.sealed.value,
        }


@dataclass(frozen=True, slots=True)
class Returned:
    """``own`` are the hashes of attachments that are ours; ``answers`` what was written into the first workbook."""

    own: tuple[str, ...] = ()
    name: str = ""
    answers: ReturnedWorkbook | None = None
    slips: tuple[ReturnedSlip, ...] = ()


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
        slips: list[ReturnedSlip] = []
        for part in [one for one in parts if _may_be_ours(one)][:MAX_LOOKED_AT]:
            sha256, called = str(part["sha256"]), str(part["name"])
            seen = self._parsing.glance(self._archive.read(sha256))
            slip = self._slip(called, sha256, seen)
            if slip is not None:
                slips.append(slip)
            if slip is None and self._letter(seen.text) is None:
                continue
            own.append(sha256)
            if answers is None and seen.cells is not None:
                answers, name = read_answers(seen.cells, self._languages), called
        return Returned(tuple(own), name, answers, tuple(slips))

    def _slip(self, name: str, sha256: str, seen: Glance) -> ReturnedSlip | None:
        """A page of ours as a picture, or our own PDF with something marked on it."""
        for code in seen.codes:
            letter = self._letter(code.text)
            if letter is None or letter.case_id is None:
                continue
            marks = ticked(code.dark), sealed(code.red)
            untouched = bool(tokens.find(seen.text)) and marks == (Marked.UNREAD, Marked.UNREAD)
            if not untouched:
                return ReturnedSlip(name, sha256, letter.case_id, letter.key.version, *marks)
        return None

    def _letter(self, text: str) -> Letter | None:
        """A token counts only when we issued it: anybody can print one."""
        found = tokens.find(text)[:MAX_LOOKED_AT]
        if not found:
            return None
        with self._database.reading() as work:
            return next((letter for one in found for letter in work.outbox.by_token(one)), None)


def _may_be_ours(part: Mapping[str, object]) -> bool:
    kind, size = str(part["type"]).lower(), int(str(part.get("size") or 0))
    if kind.startswith("image/"):
        return size >= _SMALL_PICTURE_BYTES
    return any(known in kind for known in _KINDS)


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
