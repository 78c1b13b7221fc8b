"""What became of a letter, written down whole: its row, its case, what waits for a person, and the journal.

Every function is part of the caller's transaction and does nothing (and says False) when the claim no longer holds.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mailflow.cases.case import Event, Settled, State, TaskKind
from mailflow.steps.advance_case import PROGRAM, Move, move, move_all
from mailflow.steps.ports.outbox import Letter, LetterState
from mailflow.steps.ports.sending import Answer, Claim
from mailflow.steps.ports.work import Work

FIRST_PAUSE = dt.timedelta(minutes=5)
LONGEST_PAUSE = dt.timedelta(seconds=4000)
GIVE_UP_AFTER = dt.timedelta(days=5)  # these three are Postfix's figures
_ID_IN_WORDS = re.compile(r"<[^<>@\s]+@[^<>@\s]+>")  # "250 Ok <0100…@eu-west-1.amazonses.com>": the id it travels under


@dataclass(frozen=True, slots=True)
class Acceptance:
    letter: Letter
    answer: Answer
    at: dt.datetime


def accepted(work: Work, taken: Sequence[Acceptance]) -> list[bool]:
    """The server took these letters over; True for each whose claim still held."""
    held = work.sending.accepted([(_claim(one.letter), one.at, one.answer) for one in taken])
    certain = [one for one in taken if one.letter.no in held]
    for one in certain:
        letter, words = one.letter, one.answer.words
        for other in _ID_IN_WORDS.findall(words):
            if other != letter.message_id:
                work.outbox.add_alias(letter.no, other)
    _have_gone_out(work, certain, "server")
    return [one in certain for one in taken]


def deferred(work: Work, letter: Letter, answer: Answer, at: dt.datetime) -> LetterState | None:
    """It will be tried again, later each time; for good after five days. The state it has now."""
    if at - letter.queued_at >= GIVE_UP_AFTER:
        words = f"given up after {GIVE_UP_AFTER.days} days; the last answer: {answer.words}"
        done = rejected(work, letter, Answer(answer.code, words), at)
        return LetterState.REJECTED_PERMANENT if done else None
    due_at = at + pause_after(letter.attempts)
    if not work.sending.deferred(_claim(letter), at, due_at, answer):
        return None
    _note(work, letter, "letter.deferred", at, code=answer.code, words=answer.words, again=due_at.isoformat())
    return LetterState.REJECTED_TEMPORARY


def pause_after(attempts: int) -> dt.timedelta:
    """5 minutes, doubled at each further try up to about 66."""
    return min(FIRST_PAUSE * (1 << min(attempts, 10)), LONGEST_PAUSE)


def rejected(work: Work, letter: Letter, answer: Answer, at: dt.datetime) -> bool:
    """Refused for good: a person has to look, and the case is undeliverable when no recipient is left."""
    if not work.sending.rejected(_claim(letter), at, answer):
        return False
    _is_refused(work, letter, at, PROGRAM, answer.words)
    return True


def in_doubt(work: Work, letter: Letter, why: str, at: dt.datetime) -> bool:
    """The content went out and no answer came."""
    if not work.sending.doubt(_claim(letter), at, why):
        return False
    doubted(work, letter, why, at)
    return True


def doubted(work: Work, letter: Letter, why: str, at: dt.datetime) -> None:
    """Shows a letter whose row is in doubt already to a person, and says so in the journal."""
    _note(work, letter, "letter.in_doubt", at, why=why)
    work.casefile.raise_task(
        TaskKind.LETTER_IN_DOUBT, case_id=letter.case_id, message=None, at=at, evidence=why,
        facts={"letter": letter.no, "recipient": letter.key.recipient, "message_id": letter.message_id},
        key=f"{letter.no}/{letter.fence}",
    )  # fmt: skip


def settled(work: Work, letter: Letter, state: LetterState, at: dt.datetime, *, by: str, words: str) -> bool:
    """A letter in doubt is certain now: accepted, refused for good, or to be sent again with the same bytes."""
    if not work.sending.settle(letter.no, state, at, by, words):
        return False
    if state is LetterState.ACCEPTED:
        _have_gone_out(work, [Acceptance(letter, Answer(None, words), at)], by)
    elif state is LetterState.QUEUED:
        _note(work, letter, "letter.sent_again", at, by=by, why=words)
    else:
        _is_refused(work, letter, at, by, words)
    # a letter without a case has its task among those without one
    cases = [letter.case_id] if letter.case_id else None
    for task in work.casefile.tasks(case_ids=cases):
        if task.kind is TaskKind.LETTER_IN_DOUBT and task.facts.get("letter") == letter.no:
            work.casefile.settle_task(task.no, Settled.DONE, by=by, at=at)
    return True


def _have_gone_out(work: Work, gone: Sequence[Acceptance], by: str) -> None:
    """When a case moves, its entry in the journal is the letter's as well."""
    cases = {case.id: case for case in work.casefile.some([one.letter.case_id for one in gone if one.letter.case_id])}
    moves = []
    for one in gone:
        letter = one.letter
        case = cases.pop(letter.case_id or "", None)  # its next letter in this company finds it moved
        facts = {"words": one.answer.words, "sha256": letter.sha256}
        if case is None or case.state is not State.QUEUED or case.version != letter.key.version:
            _note(work, letter, "letter.accepted", one.at, by=by, **facts)
            continue
        facts = _facts(letter) | {"by": by} | facts
        del facts["version"]  # the case's own entry has it
        moves.append(Move(case, Event.ACCEPTED, one.at, _actor(by), facts))
    move_all(work, moves)


def _is_refused(work: Work, letter: Letter, at: dt.datetime, by: str, words: str) -> None:
    recipient = letter.key.recipient
    _note(work, letter, "letter.rejected", at, by=by, words=words)
    work.casefile.raise_task(
        TaskKind.UNDELIVERABLE, case_id=letter.case_id, message=None, at=at, evidence=f"{recipient}: {words}",
        facts={"letter": letter.no, "recipient": recipient}, key=str(letter.no),
    )  # fmt: skip
    if letter.case_id is None:
        return
    lost = (LetterState.REJECTED_PERMANENT, LetterState.CANCELLED)
    others = [one for one in work.outbox.letters(case_id=letter.case_id) if one.key.version == letter.key.version]
    case = work.casefile.get(letter.case_id)
    if case is not None and case.version == letter.key.version and all(one.state in lost for one in others):
        move(work, case.id, Event.UNDELIVERABLE, at=at, letter=letter.no, recipient=recipient)


def _note(work: Work, letter: Letter, action: str, at: dt.datetime, *, by: str = PROGRAM, **facts: Any) -> None:
    subject = f"case:{letter.case_id}" if letter.case_id else f"letter:{letter.no}"
    work.journal.append(at, _actor(by), action, subject, _facts(letter) | facts | {"by": by})


def _facts(letter: Letter) -> dict[str, Any]:
    return {
        "letter": letter.no, "kind": letter.key.kind, "recipient": letter.key.recipient,
        "version": letter.key.version, "message_id": letter.message_id,
    }  # fmt: skip


def _actor(by: str) -> str:
    return PROGRAM if by == "server" else by


def _claim(letter: Letter) -> Claim:
    return Claim(letter.no, letter.fence)
