"""What is asked about cases: the list of ``mailflow cases``, the history of ``mailflow conversation``."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from mailflow.cases.case import QUESTIONS, Case, Settled, State, Task
from mailflow.cases.next_action import NextAction, next_action
from mailflow.cases.promise import PromiseToPay
from mailflow.money import plain
from mailflow.steps.ports.documents import KeptDocument, KeptReconciliation
from mailflow.steps.ports.journal import Entry
from mailflow.steps.ports.mailroom import StageResult, StoredMessage
from mailflow.steps.ports.outbox import Letter
from mailflow.steps.ports.work import Database, Work


@dataclass(frozen=True, slots=True)
class CaseView:
    case: Case
    party_name: str
    tasks: list[Task]
    promise: PromiseToPay | None
    next: NextAction
    messages: int

    def to_json(self) -> dict[str, Any]:
        """One entry of ``mailflow cases --json`` (contract)."""
        case = self.case
        return {
            "case": case.id,
            "party": case.party_id,
            "party_name": self.party_name,
            "side": case.side.value,
            "currency": case.currency,
            "statement_no": case.statement_no,
            "version": case.version,
            "as_of": case.as_of.isoformat(),
            "state": case.state.value,
            "our_balance": plain(case.our_balance, case.currency),
            "their_balance": None if case.their_balance is None else plain(case.their_balance, case.currency),
            "open_questions": sum(task.kind in QUESTIONS for task in self.tasks),
            "open_tasks": [{"no": task.no, "kind": task.kind.value, "evidence": task.evidence} for task in self.tasks],
            "next_action": self.next.words,
            "next_action_due": None if self.next.due is None else self.next.due.isoformat(),
            "needs_person": self.next.person,
            "messages": self.messages,
        }


@dataclass(frozen=True, slots=True)
class HeardMessage:
    message: StoredMessage
    stages: dict[str, StageResult]
    documents: list[KeptDocument]


@dataclass(frozen=True, slots=True)
class Conversation:
    """Everything that happened in a case. ``history`` mixes letters, messages and journal entries in time."""

    view: CaseView
    letters: list[Letter]
    messages: list[HeardMessage]
    reconciliations: list[KeptReconciliation]
    entries: list[Entry]

    def history(self) -> list[tuple[dt.datetime, Letter | HeardMessage | Entry]]:
        moments: list[tuple[dt.datetime, Letter | HeardMessage | Entry]] = []
        moments += [(letter.settled_at or letter.queued_at, letter) for letter in self.letters]
        moments += [(heard.message.stored_at, heard) for heard in self.messages]
        moments += [(entry.at, entry) for entry in self.entries]
        return sorted(moments, key=lambda moment: moment[0])


def cases(
    database: Database, *, party_id: str | None = None, state: State | None = None, language: str = "en"
) -> list[CaseView]:
    """In the order of party, side and as-of date."""
    with database.reading() as work:
        found = work.casefile.cases(party_id=party_id, state=state)
        return case_views(work, found, language)


def conversation(database: Database, case_id: str, language: str = "en") -> Conversation:
    """Raises ``LookupError`` when there is no such case."""
    with database.reading() as work:
        case = work.casefile.get(case_id)
        if case is None:
            raise LookupError(f"there is no case {case_id}; 'mailflow cases' lists them")
        return told_of(work, case_views(work, [case], language)[0])


def told_of(work: Work, view: CaseView) -> Conversation:
    """Everything that happened in this case."""
    case_id = view.case.id
    messages = [
        HeardMessage(message, work.mailroom.results(message.no), work.documents.of_message(message.no))
        for message in work.mailroom.messages(case_id=case_id)
    ]
    return Conversation(
        view,
        work.outbox.letters(case_id=case_id),
        messages,
        work.documents.reconciliations(case_id),
        list(work.journal.entries(f"case:{case_id}")),
    )


def unplaced(database: Database) -> list[Task]:
    """Open tasks that belong to no case yet."""
    with database.reading() as work:
        return [task for task in work.casefile.tasks() if task.case_id is None and task.settled is Settled.OPEN]


def case_views(work: Work, found: list[Case], language: str) -> list[CaseView]:
    """What stands beside these cases: tasks, promise, next step, how many messages."""
    ids = [case.id for case in found] if len(found) <= 500 else None
    tasks: dict[str | None, list[Task]] = defaultdict(list)
    for task in work.casefile.tasks(case_ids=ids):
        tasks[task.case_id].append(task)
    promises = dict(work.casefile.promises(case_ids=ids))
    counts = work.mailroom.counted(ids)
    names = work.ledger.names(None if ids is None else {case.party_id for case in found})
    return [
        CaseView(
            case,
            names.get((case.party_id, case.side), case.party_id),
            tasks[case.id],
            promises.get(case.id),
            next_action(case, tasks[case.id], promises.get(case.id), language),
            counts.get(case.id, 0),
        )
        for case in found
    ]
