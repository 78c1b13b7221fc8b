"""Makes letters in doubt certain: by the Sent folder, by a bounce or an answer that names them, or by a person.

A letter that Sent shows went out. One that Sent does not show went out nowhere only if the mail server is known to file
its own copies, and after waiting long enough for a slow one: then the same bytes are sent again. Anything less proves
nothing, and a person decides.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from mailflow.refusals import Refusal
from mailflow.steps import letter_outcomes as outcomes
from mailflow.steps.advance_case import PROGRAM
from mailflow.steps.ports.clock import Clock
from mailflow.steps.ports.outbox import Letter, LetterState, SentMark
from mailflow.steps.ports.sending import SentFolder, SentView, ServerDown
from mailflow.steps.ports.work import Database, Work

ASK_AFTER = (dt.timedelta(minutes=2), dt.timedelta(minutes=10), dt.timedelta(minutes=30))  # from the start of DATA


@dataclass(slots=True)
class SettleReport:
    """Numbers of letters. ``open`` ones are still in doubt; ``unreachable`` says why Sent could not be asked."""

    accepted: list[int] = field(default_factory=list)
    sent_again: list[int] = field(default_factory=list)
    open: list[int] = field(default_factory=list)
    unreachable: str | None = None


def settle_in_doubt(database: Database, sent_folder: SentFolder | None, clock: Clock) -> SettleReport:
    """Asks the Sent folder about every letter in doubt; cheap when there is none."""
    report = SettleReport()
    with database.reading() as work:
        doubted = work.outbox.letters(states=[LetterState.IN_DOUBT])
    if not doubted:
        return report
    now = clock.now()
    views: dict[int | None, SentView] = {}
    for letter in doubted:
        epoch = letter.mark.uidvalidity if letter.mark else None
        if sent_folder is not None and report.unreachable is None and epoch not in views:
            try:
                views[epoch] = sent_folder.view(_lowest(doubted, epoch))
            except ServerDown as down:
                report.unreachable = str(down)
        view = views.get(epoch)
        with database.writing() as work:
            state = None if view is None else _by_view(work, letter, view, now)
        if state is LetterState.ACCEPTED:
            report.accepted.append(letter.no)
        elif state is LetterState.QUEUED:
            report.sent_again.append(letter.no)
        else:
            report.open.append(letter.no)
    return report


def _by_view(work: Work, letter: Letter, view: SentView, now: dt.datetime) -> LetterState | None:
    copy = view.ids.get(letter.message_id)
    if copy is not None:
        if copy != letter.message_id:
            work.outbox.add_alias(letter.no, copy)
        words = "its copy lies in the Sent folder"
        done = outcomes.settled(work, letter, LetterState.ACCEPTED, now, by=PROGRAM, words=words)
        return LetterState.ACCEPTED if done else None
    proves_absence = view.whole and work.sending.server_files_copies() is True
    started = letter.started_at or letter.queued_at
    if not proves_absence or letter.asked >= len(ASK_AFTER) or now < started + ASK_AFTER[letter.asked]:
        return None
    if work.sending.not_found(letter.no, now) < len(ASK_AFTER):
        return None
    words = f"{len(ASK_AFTER)} times not in the Sent folder, which the mail server fills by itself"
    return (
        LetterState.QUEUED if outcomes.settled(work, letter, LetterState.QUEUED, now, by=PROGRAM, words=words) else None
    )


def _lowest(letters: list[Letter], epoch: int | None) -> SentMark | None:
    """One view for all letters that were marked in the same life of the folder."""
    marks = [letter.mark for letter in letters if letter.mark is not None and letter.mark.uidvalidity == epoch]
    return min(marks, key=lambda mark: mark.uid, default=None)


def settled_by_message(work: Work, number: int, at: dt.datetime, message: int, *, by_id: bool) -> bool:
    """A message that answers or bounces a letter proves that it went out; False when it was not in doubt.

    ``by_id``: it names the letter's Message-ID. A token alone may have come with another letter about the same
    statement, and proves this one only where there is no other.
    """
    letter = work.outbox.letter(number)
    if letter is None or letter.state is not LetterState.IN_DOUBT:
        return False
    if not by_id and len(work.outbox.by_token(letter.token)) > 1:
        return False
    words = f"message {message} answers it"
    return outcomes.settled(work, letter, LetterState.ACCEPTED, at, by=PROGRAM, words=words)


def settle_by_person(database: Database, number: int, *, was_sent: bool, by: str, at: dt.datetime) -> Letter:
    """A person knows: it went out, or it did not and goes out again with the same bytes. Raises :class:`Refusal`."""
    with database.writing() as work:
        letter = work.outbox.letter(number)
        if letter is None:
            raise Refusal(f"there is no letter {number}; 'mailflow outbox list' shows all")
        state = LetterState.ACCEPTED if was_sent else LetterState.QUEUED
        words = "a person says that it went out" if was_sent else "a person says that it did not go out"
        if not outcomes.settled(work, letter, state, at, by=by, words=words):
            raise Refusal(f"letter {number} is {letter.state.value}, not in doubt: there is nothing to settle")
        settled = work.outbox.letter(number)
        assert settled is not None
        return settled
