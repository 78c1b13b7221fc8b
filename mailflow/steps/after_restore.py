"""After a restore nothing may go out twice: what happened since the backup is known to the outside world only.

Sending starts on hold until a person lifts it. Letters that waited at the backup are in doubt: they may have gone out
since. So are letters that are made anew for statements of that time, because their first making may lie in the lost
days; they carry the same Message-ID, so the Sent folder, a bounce or an answer can tell, and otherwise a person does.
"""

from __future__ import annotations

import datetime as dt

from mailflow.steps import letter_outcomes as outcomes
from mailflow.steps.advance_case import PROGRAM
from mailflow.steps.ports.outbox import WAITING, Letter, LetterState
from mailflow.steps.ports.sending import Brake
from mailflow.steps.ports.work import Database, Work

SUBJECT = "restore"
RESTORED = "restored"
MAIL_TAKEN_IN = "restore.mail_taken_in"
_UNDER_WAY = (LetterState.CLAIMED, LetterState.DATA_STARTED)


def hold(database: Database, backup_of: str, at: dt.datetime, by: str) -> list[int]:
    """Puts the brake on and every unfinished letter in doubt; their numbers."""
    with database.writing() as work:
        why = (
            f"restored from the backup of {backup_of}; look at what went out since (mailflow outbox list), "
            "then 'mailflow outbox resume'"
        )
        work.sending.put_brake(Brake(why, None, by))
        open_ones = work.outbox.letters(states=(*WAITING, *_UNDER_WAY))
        doubted = _doubt(work, open_ones, "it waited at the backup and may have gone out since", at)
        facts = {"backup_of": backup_of, "in_doubt": doubted}
        work.journal.append(at, by, RESTORED, SUBJECT, facts)
    return doubted


def restored_at(work: Work) -> dt.datetime | None:
    """When this database was last restored."""
    times = [entry.at for entry in work.journal.entries(SUBJECT) if entry.action == RESTORED]
    return times[-1] if times else None


def mail_is_taken_in(work: Work) -> bool:
    """Whether the folders into which mail was moved since the backup have been looked through."""
    actions = [entry.action for entry in work.journal.entries(SUBJECT)]
    return not actions or MAIL_TAKEN_IN in actions[len(actions) - actions[::-1].index(RESTORED) :]


def doubt_repeats(database: Database, restored: dt.datetime, at: dt.datetime) -> list[int]:
    """Letters queued since the restore about statements of the time before it: asked about before they are sent."""
    with database.reading() as work:
        new = [
            letter for letter in work.outbox.letters(states=WAITING)
            if letter.queued_at >= restored and not letter.attempts and not letter.asked and letter.started_at is None
            and letter.settled_by is None
        ]  # fmt: skip
        cases = {case.id: case for case in work.casefile.cases(ids={str(letter.case_id) for letter in new})}
    repeats = [
        letter for letter in new
        if letter.case_id is None or letter.case_id not in cases or cases[letter.case_id].as_of <= restored.date()
    ]  # fmt: skip
    if not repeats:
        return []
    with database.writing() as work:
        return _doubt(work, repeats, "made again after a restore; the first one may have gone out", at)


def _doubt(work: Work, letters: list[Letter], why: str, at: dt.datetime) -> list[int]:
    held = work.sending.doubt_waiting([letter.no for letter in letters], why)
    for letter in held:
        outcomes.doubted(work, letter, why, at)
    return [letter.no for letter in held]


def mail_taken_in(database: Database, at: dt.datetime, messages: int) -> None:
    with database.writing() as work:
        work.journal.append(at, PROGRAM, MAIL_TAKEN_IN, SUBJECT, {"messages": messages})
