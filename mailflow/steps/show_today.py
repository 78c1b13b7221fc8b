"""What a person sees first in the morning: what waits, by urgency and money, and what happened by itself."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from mailflow.cases.case import RED, Case, Task
from mailflow.steps.advance_case import PROGRAM
from mailflow.steps.ports.journal import Entry
from mailflow.steps.ports.mailroom import MessageState, StoredMessage
from mailflow.steps.ports.outbox import Letter, LetterState
from mailflow.steps.ports.statements import KeptStatement, Standing
from mailflow.steps.ports.work import Database

LOOKED_AT = 400  # entries of the journal
SHOWN = 40
_TOLD = ("case.", "message.", "reminder.", "letter.cancelled", "statement.")
_ROUTINE = ("statement.drawn", "letter.queued", "case.accepted")
_NOT_TOLD = (*_ROUTINE, "case.released", "case.event_refused", "case.held_by_review")  # what is held waits above


@dataclass(frozen=True, slots=True)
class Waiting:
    """The open tasks of one case, or of one message that has none. ``stake`` is the money in question in the case's
    currency: what the two sides are apart, else the balance; None without a case."""

    tasks: tuple[Task, ...]
    case: Case | None
    name: str
    stake: Decimal | None

    @property
    def red(self) -> bool:
        return any(task.kind in RED for task in self.tasks)


@dataclass(frozen=True, slots=True)
class Today:
    waiting: list[Waiting]
    held: list[KeptStatement]
    in_doubt: list[Letter]
    quarantined: list[StoredMessage]
    by_itself: list[Entry]
    routine: dict[str, int]  # what happens to every letter, counted: action -> how often lately
    states: dict[str, int]


def today(database: Database) -> Today:
    with database.reading() as work:
        cases = {case.id: case for case in work.casefile.cases()}
        names = {(party.id, party.side): party.name for party in work.ledger.parties()}
        tasks = work.casefile.tasks()
        held = work.statements.standing_at(Standing.HELD)
        in_doubt = work.outbox.letters(states=[LetterState.IN_DOUBT])
        quarantined = work.mailroom.messages(state=MessageState.QUARANTINED)
        entries = work.journal.recent(LOOKED_AT)
    groups: dict[tuple[str | None, int | None], list[Task]] = {}
    for task in tasks:
        groups.setdefault((task.case_id, None if task.case_id else task.message), []).append(task)
    waiting = []
    for (case_id, _), together in groups.items():
        case = cases.get(case_id or "")
        sender = str(together[0].facts.get("sender") or "")
        name = sender if case is None else names.get((case.party_id, case.side), case.id)
        waiting.append(Waiting(tuple(together), case, name, None if case is None else _stake(case)))
    waiting.sort(key=lambda one: (not one.red, -abs(one.stake or Decimal(0)), one.tasks[0].no))
    states: dict[str, int] = {}
    for case in cases.values():
        states[case.state.value] = states.get(case.state.value, 0) + 1
    own = [one for one in entries if one.actor == PROGRAM]
    by_itself = [one for one in own if _worth_telling(one.action, one.facts)][:SHOWN]
    routine = {action: sum(one.action == action for one in own) for action in _ROUTINE}
    return Today(waiting, held, in_doubt, quarantined, by_itself, routine, states)


def _stake(case: Case) -> Decimal:
    apart = None if case.their_balance is None else case.their_balance - case.our_balance
    return abs(apart) if apart else abs(case.our_balance)


def _worth_telling(action: str, facts: dict[str, Any]) -> bool:
    if not action.startswith(_TOLD) or action in _NOT_TOLD:
        return False
    return not action.startswith("case.") or facts.get("before") != facts.get("after")
