"""What is known about everybody, looked up once a look: what waits for a person, who was written to when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection

from mailflow.cases.case import Case, Task, TaskKind
from mailflow.correspondence.token import folded
from mailflow.steps.ports.mailroom import MessageState
from mailflow.steps.ports.outbox import LetterState
from mailflow.steps.ports.work import Work

# tasks that are themselves about the silence, or about one address: they stop no reminder to the others
HOLDS_NOTHING = frozenset({TaskKind.CALL, TaskKind.PROMISE_BROKEN, TaskKind.UNDELIVERABLE})
_FURTHEST_BACK = dt.timedelta(days=30)


class Around:
    """``reminded`` is the day of the last reminder or demand to each party, ``unreachable`` holds folded addresses."""

    def __init__(self, work: Work, now: dt.datetime, day: Callable[[dt.datetime], dt.date]) -> None:
        tasks = work.casefile.tasks()
        self._tasks: dict[str, list[Task]] = {}
        for task in tasks:
            if task.case_id is not None and task.kind not in HOLDS_NOTHING:
                self._tasks.setdefault(task.case_id, []).append(task)
        self.unreachable = {folded(address) for task in tasks for address in _undelivered(task)}
        unread = {str(task.facts.get("sender", "")).lower() for task in tasks if task.case_id is None}
        unread |= {one.sender.lower() for one in work.mailroom.messages(state=MessageState.QUARANTINED)}
        self._unread = {party.id for address in unread if address for party in work.ledger.parties_at(address)}
        stopped = [str(task.case_id) for task in tasks if task.kind is TaskKind.STOP and task.case_id is not None]
        self._stopped = {case.party_id for case in work.casefile.cases(ids=stopped)} if stopped else set()
        recent = work.outbox.reminders(since=now - _FURTHEST_BACK)
        ids = {str(one.case_id) for one in recent if one.case_id}
        parties = {case.id: case.party_id for case in work.casefile.cases(ids=ids)} if ids else {}
        self.reminded: dict[str, dt.date] = {}
        for one in recent:
            party_id = parties.get(str(one.case_id))
            if party_id is not None and one.state is not LetterState.CANCELLED:
                self.reminded[party_id] = max(self.reminded.get(party_id, dt.date.min), day(one.queued_at))

    def waits(self, case: Case, but: Collection[TaskKind] = ()) -> str:
        """Why no reminder may go before a person has looked, or ``""``; tasks of the kinds ``but`` hold nothing."""
        if case.party_id in self._stopped:
            return "they asked for no more mail"
        if case.party_id in self._unread:
            return "a message of theirs waits for a person"
        tasks = [task for task in self._tasks.get(case.id, ()) if task.kind not in but]
        return f"a task is open: {tasks[0].kind.value}" if tasks else ""


def _undelivered(task: Task) -> list[str]:
    if task.kind is not TaskKind.UNDELIVERABLE:
        return []
    one, more = task.facts.get("recipient"), task.facts.get("recipients") or []
    return [*([str(one)] if one else []), *map(str, more)]
