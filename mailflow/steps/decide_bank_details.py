"""New bank details that a mail asks for: two people, each with a call to a number that was known before. Nothing here
changes any data: whoever keeps the master record changes it there, after both have said that it is genuine.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from mailflow.cases.case import Settled, Task, TaskKind
from mailflow.refusals import Refusal
from mailflow.steps.decide_case import open_task, said, settle, subject_of
from mailflow.steps.ports.work import Database, Work

ACTION = "bank_details.called_back"
_SHORTEST = 7  # digits: fewer are no telephone number


@dataclass(frozen=True, slots=True)
class CallBack:
    """One person's call. ``genuine`` is what the called person said; ``number`` the one that was called."""

    by: str
    called: str
    number: str
    genuine: bool
    at: dt.datetime


def call_backs(work: Work, task: Task) -> list[CallBack]:
    """What was noted about this task, oldest first."""
    return [
        CallBack(
            entry.actor, str(entry.facts["called"]), str(entry.facts["number"]), bool(entry.facts["genuine"]), entry.at
        )
        for entry in work.journal.entries(subject_of(task))
        if entry.action == ACTION and entry.facts.get("task") == task.no
    ]


def note_call_back(
    database: Database, number: int, *, by: str, called: str, phone: str, genuine: bool, note: str, at: dt.datetime
) -> list[CallBack]:
    """Writes down one person's call. The second of two different people who heard the same settles the task.

    Raises :class:`Refusal`: a number that stands in the message itself proves nothing; nobody calls twice.
    """
    called, phone = said(called, "whom you spoke to"), said(phone, "which number you called")
    note = said(note, "what they said")
    with database.writing() as work:
        task = open_task(work, number)
        if task.kind is not TaskKind.BANK_DETAILS_CHANGE:
            raise Refusal(f"task {number} is about {task.kind.value}, not about bank details")
        if len(_digits(phone)) < _SHORTEST:
            raise Refusal(f"{phone!r} is no telephone number")
        if _stands_in_message(work, task, phone):
            raise Refusal("this number stands in the message itself: call one that you knew before")
        before = call_backs(work, task)
        if any(one.by == by for one in before):
            raise Refusal("you have called already: a second person has to call too")
        facts = {"task": number, "called": called, "number": phone, "genuine": genuine, "note": note}
        work.journal.append(at, by, ACTION, subject_of(task), facts)
        made = [*before, CallBack(by, called, phone, genuine, at)]
        agreeing = {one.by for one in made if one.genuine is genuine}
        if len(agreeing) >= 2:
            word = "genuine" if genuine else "not genuine"
            why = f"{word} by call back of {' and '.join(sorted(agreeing))}; no data was changed"
            settle(work, task, by=by, at=at, settled=Settled.DONE if genuine else Settled.DISMISSED, why=why)
        return made


def _stands_in_message(work: Work, task: Task, phone: str) -> bool:
    kept = work.mailroom.results(task.message).get("read") if task.message is not None else None
    if kept is None:
        return False
    reading = kept.result["reading"]
    text = " ".join(str(reading.get(part) or "") for part in ("subject", "new_text", "quoted_text", "signature"))
    return _digits(phone)[-_SHORTEST:] in _digits(text)


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)
