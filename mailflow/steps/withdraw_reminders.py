"""Takes reminders back that have not gone out yet: whoever has answered gets none."""

from __future__ import annotations

import datetime as dt

from mailflow.steps.ports.outbox import WAITING
from mailflow.steps.ports.work import Work

REMINDER = "reminder-"  # asks for an answer: reminder-2
DEMAND = "demand-"  # asks for money: demand-1-20261112


def withdraw_reminders(work: Work, case_id: str, at: dt.datetime, *, actor: str, why: str) -> int:
    """How many were withdrawn; one that a sender holds already cannot be."""
    withdrawn = 0
    for letter in work.outbox.letters(case_id=case_id, states=WAITING):
        if letter.key.kind.startswith((REMINDER, DEMAND)) and work.outbox.cancel(letter.no, at, actor):
            work.journal.append(at, actor, "letter.cancelled", f"case:{case_id}", {"letter": letter.no, "why": why})
            withdrawn += 1
    return withdrawn
