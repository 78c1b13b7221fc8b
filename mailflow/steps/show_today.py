"""What a person sees first in the morning: what waits, by urgency and money, and what happened by itself.

Money of two currencies is never compared or added: within one urgency the largest of each currency come first.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from mailflow.cases.case import RED, Case, Settled, Task, TaskKind
from mailflow.cases.next_action import urgency
from mailflow.steps.advance_case import PROGRAM
from mailflow.steps.ports.journal import Entry
from mailflow.steps.ports.mailroom import MessageState, StoredMessage
from mailflow.steps.ports.outbox import Letter, LetterState
from mailflow.steps.ports.statements import KeptStatement, Standing
from mailflow.steps.ports.work import Database, Work
from mailflow.steps.take_back import HAVE_THEIR_OWN, may_take_back

LOOKED_AT = 400  # entries of the journal
SHOWN, SHOWN_OF_PEOPLE = 40, 15
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
    senders: dict[int, str]  # message -> who wrote it

    @property
    def red(self) -> bool:
        return any(task.kind in RED for task in self.tasks)


@dataclass(frozen=True, slots=True)
class Done:
    """Something that happened, newest first. ``take_back`` is the entry's number where it can be undone, ``reopen`` the
    number of the task that can wait again."""

    entry: Entry
    take_back: int | None = None
    reopen: int | None = None


@dataclass(frozen=True, slots=True)
class Today:
    """``stakes``: currency -> what is in question in it."""

    waiting: list[Waiting]
    held: list[KeptStatement]
    in_doubt: list[Letter]
    quarantined: list[StoredMessage]
    by_itself: list[Done]
    by_people: list[Done]
    stakes: dict[str, Decimal]
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
        senders = {
            task.message: message.sender
            for task in tasks
            if task.kind is TaskKind.CONFIRMATION_HELD and task.message is not None
            if (message := work.mailroom.message(task.message)) is not None
        }
        told = [one for one in entries if one.actor == PROGRAM and _worth_telling(one.action, one.facts)][:SHOWN]
        by_itself = [_by_itself(work, one, cases) for one in told]
        decided = [one for one in entries if one.actor != PROGRAM and one.subject.startswith(("case:", "task:"))]
        seen: set[int] = set()
        by_people = [_by_person(work, one, seen) for one in decided[:SHOWN_OF_PEOPLE]]
    groups: dict[tuple[str | None, int | None], list[Task]] = {}
    for task in tasks:
        groups.setdefault((task.case_id, None if task.case_id else task.message), []).append(task)
    waiting = []
    for (case_id, _), together in groups.items():
        case = cases.get(case_id or "")
        sender = str(together[0].facts.get("sender") or "")
        name = sender if case is None else names.get((case.party_id, case.side), case.id)
        together.sort(key=lambda task: (urgency(task.kind), task.no))
        said_by = {task.message: senders[task.message] for task in together if task.message in senders}
        waiting.append(Waiting(tuple(together), case, name, None if case is None else _stake(case), said_by))
    ranks = _ranks(waiting)
    waiting.sort(key=lambda one: (not one.red, urgency(one.tasks[0].kind), ranks[id(one)], one.tasks[0].no))
    states: dict[str, int] = {}
    for case in cases.values():
        states[case.state.value] = states.get(case.state.value, 0) + 1
    own = [one for one in entries if one.actor == PROGRAM]
    routine = {action: sum(one.action == action for one in own) for action in _ROUTINE}
    stakes: dict[str, Decimal] = {}
    for one in waiting:
        if one.case is not None and one.stake is not None:
            stakes[one.case.currency] = stakes.get(one.case.currency, Decimal(0)) + one.stake
    return Today(waiting, held, in_doubt, quarantined, by_itself, by_people, stakes, routine, states)


def _ranks(waiting: list[Waiting]) -> dict[int, int]:
    """Each one's place among those of its currency, the largest first; what has no money comes with the first."""
    by_currency: dict[str, list[Waiting]] = {}
    for one in waiting:
        by_currency.setdefault("" if one.case is None else one.case.currency, []).append(one)
    ranks = {}
    for together in by_currency.values():
        together.sort(key=lambda one: -(one.stake or Decimal(0)))
        ranks.update({id(one): place if one.case is not None else 0 for place, one in enumerate(together)})
    return ranks


def _stake(case: Case) -> Decimal:
    """What the two sides are apart, else the balance; in the case's currency."""
    apart = None if case.their_balance is None else case.their_balance - case.our_balance
    return abs(apart) if apart else abs(case.our_balance)


def _by_itself(work: Work, entry: Entry, cases: dict[str, Case]) -> Done:
    case = cases.get(entry.subject.removeprefix("case:"))
    if case is None or entry.facts.get("message") is None:
        return Done(entry)
    undoable = may_take_back(case, work.journal.entries(entry.subject))
    return Done(entry, take_back=entry.no if undoable == entry.no else None)


def _by_person(work: Work, entry: Entry, undone: set[int]) -> Done:
    """The newest settlement of a task that still stands can be undone; ``undone`` names the tasks seen before."""
    number = entry.facts.get("task")
    if entry.action != "task.settled" or not isinstance(number, int) or number in undone:
        return Done(entry)
    undone.add(number)
    task = work.casefile.task(number)
    again = task is not None and task.settled is not Settled.OPEN and task.kind not in HAVE_THEIR_OWN
    return Done(entry, reopen=number if again else None)


def _worth_telling(action: str, facts: dict[str, Any]) -> bool:
    if not action.startswith(_TOLD) or action in _NOT_TOLD:
        return False
    return not action.startswith("case.") or facts.get("before") != facts.get("after")
