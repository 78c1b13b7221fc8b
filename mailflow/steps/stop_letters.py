"""One click in a mail program: no more reminders of this kind (RFC 8058). A person decides what it means for the party.

A token locates and never authorises, so a click does no more than a mail that says "stop": automatic letters to the
party wait, and somebody hears of it.
"""

from __future__ import annotations

import datetime as dt

from mailflow.cases.case import TaskKind
from mailflow.steps.advance_case import PROGRAM
from mailflow.steps.ports.work import Database
from mailflow.steps.withdraw_reminders import withdraw_reminders


def stop_letters(database: Database, token: str, at: dt.datetime) -> bool:
    """False when no letter of ours has this token. Any number of clicks makes one task."""
    with database.reading() as work:
        letters = work.outbox.by_token(token)
    if not letters:
        return False
    letter = letters[-1]
    with database.writing() as work:
        work.casefile.raise_task(
            TaskKind.STOP, case_id=letter.case_id, message=None, at=at, key=f"unsubscribe:{letter.key.recipient}",
            evidence=f"{letter.key.recipient} unsubscribed with one click", facts={"recipient": letter.key.recipient},
        )  # fmt: skip
        if letter.case_id is not None:
            withdraw_reminders(work, letter.case_id, at, actor=PROGRAM, why="they unsubscribed")
    return True
