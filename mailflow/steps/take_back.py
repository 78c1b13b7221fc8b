"""Undo: what mailflow did to a case by itself, and a task that a person settled. The journal keeps both, and why.

Taken back is only what nothing has been built upon since: the last message that moved the case. The case waits for a
person again ("answered"), and the message with it. Raises :class:`Refusal`; then nothing was changed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from mailflow.cases.case import Case, Event, Settled, State, TaskKind
from mailflow.refusals import Refusal
from mailflow.steps.advance_case import PROGRAM, move
from mailflow.steps.decide_case import Answer, said, subject_of, wanted_case
from mailflow.steps.ports.journal import Entry
from mailflow.steps.ports.work import Database

_MEANT = {
    f"case.{event.value}" for event in (Event.CONFIRMED, Event.AGREED_BY_DOCUMENT, Event.PROMISED, Event.DISPUTED)
}
_OF_THE_MESSAGE = (TaskKind.DISPUTE, TaskKind.CONFIRMATION_HELD)
HAVE_THEIR_OWN = (TaskKind.BANK_DETAILS_CHANGE, TaskKind.UNPLACED, TaskKind.LETTER_IN_DOUBT)


def may_take_back(case: Case, entries: Iterable[Entry]) -> int | None:
    """The number of the journal's entry that can be taken back, from the entries of this case in order; or None."""
    last: Entry | None = None
    for entry in entries:
        if not entry.action.startswith("case.") or entry.action == "case.event_refused":
            continue
        moved = entry.facts.get("before") != entry.facts.get("after")
        if moved or entry.facts.get("message") is not None:
            last = entry if moved else None  # a later message, even one that moved nothing, speaks of the same
    if last is None or last.action not in _MEANT or last.actor != PROGRAM or last.facts.get("message") is None:
        return None
    return last.no if last.facts.get("after") == case.state.value else None


def take_back_move(database: Database, case_id: str, entry_no: int, *, by: str, why: str, at: dt.datetime) -> Answer:
    """Message and case wait for a person again; disputes that the message opened are dropped with their tasks."""
    why = said(why, "what mailflow understood wrongly")
    with database.writing() as work:
        case = wanted_case(work, case_id)
        entries = list(work.journal.entries(f"case:{case_id}"))
        if may_take_back(case, entries) != entry_no:
            raise Refusal(f"{case_id} has moved on since, or a person decided it: entry {entry_no} is not taken back")
        entry = next(one for one in entries if one.no == entry_no)
        message = int(entry.facts["message"])
        move(
            work, case_id, Event.TAKEN_BACK, at=at, actor=by, known=case,
            message=message, entry=entry_no, took_for=entry.action.removeprefix("case."), why=why,
        )  # fmt: skip
        settled = []
        if case.state is State.DISPUTED:
            work.casefile.settle_disputes(case_id, Settled.DISMISSED)
        for task in work.casefile.tasks(case_ids=[case_id]):
            if task.message == message and task.kind in _OF_THE_MESSAGE:
                work.casefile.settle_task(task.no, Settled.DISMISSED, by=by, at=at)
                settled.append(task.no)
        work.casefile.raise_task(
            TaskKind.READ_BY_PERSON, case_id=case_id, message=message, at=at, evidence=why, key=f"entry {entry_no}"
        )
        return Answer(work.casefile.get(case_id), tuple(settled))


def reopen_task(database: Database, number: int, *, by: str, why: str, at: dt.datetime) -> Answer:
    """A task that was settled by mistake waits again. Not where the decision did more than settle it."""
    with database.writing() as work:
        task = work.casefile.task(number)
        if task is None:
            raise Refusal(f"there is no task {number}")
        if task.settled is Settled.OPEN:
            raise Refusal(f"task {number} is open")
        if task.kind in HAVE_THEIR_OWN:
            raise Refusal(f"task {number} ({task.kind.value}) has a decision of its own, which stands")
        case = None if task.case_id is None else work.casefile.get(task.case_id)
        if case is not None and case.state is State.CLOSED:
            raise Refusal(f"{case.id} is closed; reopen the case first")
        work.casefile.reopen_task(number)
        facts = {"task": number, "kind": task.kind.value, "settled_by": task.settled_by, "why": why.strip()}
        work.journal.append(at, by, "task.reopened", subject_of(task), facts)
        return Answer(case, (number,))
