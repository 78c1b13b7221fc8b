"""What a person sees first in the morning: what waits, by urgency and money, and what happened by itself.

Money of two currencies is never compared or added: within one urgency the largest of each currency come first.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from mailflow.cases.case import RED, Case, Settled, Task, TaskKind
from mailflow.cases.next_action import urgency
from mailflow.steps.advance_case import PROGRAM
from mailflow.steps.ports.journal import Entry
from mailflow.steps.ports.outbox import LetterState
from mailflow.steps.ports.statements import KeptStatement, Standing
from mailflow.steps.ports.work import Database, Work
from mailflow.steps.show_lists import ROWS, Cut, within
from mailflow.steps.take_back import HAVE_THEIR_OWN, may_take_back

LOOKED_AT = 400  # entries of the journal
SHOWN, SHOWN_OF_PEOPLE = 40, 15
_ASKED_AT_ONCE = 500  # cases
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
    """``waiting`` and ``held`` are those of this page; a page is filled with what waits, then with what is held.
    ``stakes``: currency -> what is in question in it, on all pages. ``in_doubt`` letters and ``quarantined`` messages
    are counted; ``kinds`` counts the open tasks by kind, on all pages and whichever kind was asked for."""

    waiting: list[Waiting]
    held: list[KeptStatement]
    cut: Cut[Any]
    in_doubt: int
    quarantined: int
    kinds: dict[TaskKind, int]
    by_itself: list[Done]
    by_people: list[Done]
    stakes: dict[str, Decimal]
    routine: dict[str, int]  # what happens to every letter, counted: action -> how often lately
    states: dict[str, int]


def today(database: Database, *, page: int = 1, kind: TaskKind | None = None) -> Today:
    """``kind``: only what has an open task of that kind."""
    with database.reading() as work:
        tasks = work.casefile.tasks()
        kinds = Counter(task.kind for task in tasks)
        cases = _cases(work, {task.case_id for task in tasks if task.case_id})
        waiting = _in_order(_grouped(tasks, cases))
        if kind is not None:
            waiting = [one for one in waiting if any(task.kind is kind for task in one.tasks)]
        held_in_all = work.desk.standing_count(Standing.HELD) if kind is None else 0
        total = len(waiting) + held_in_all
        page = within(page, total)
        first = (page - 1) * ROWS
        shown = _named(work, waiting[first : first + ROWS])
        room, before = ROWS - len(shown), max(0, first - len(waiting))
        held = work.desk.standing_at(Standing.HELD, limit=room, offset=before) if held_in_all and room else []
        entries = work.journal.recent(LOOKED_AT)
        told = [one for one in entries if one.actor == PROGRAM and _worth_telling(one.action, one.facts)][:SHOWN]
        moved = _cases(
            work, {one.subject.removeprefix("case:") for one in told if one.facts.get("message") is not None}
        )
        by_itself = [_by_itself(work, one, moved) for one in told]
        decided = [one for one in entries if one.actor != PROGRAM and one.subject.startswith(("case:", "task:"))]
        seen: set[int] = set()
        by_people = [_by_person(work, one, seen) for one in decided[:SHOWN_OF_PEOPLE]]
        states = {state.value: count for state, count in work.desk.case_counts().items()}
        in_doubt, quarantined = work.outbox.counts()[LetterState.IN_DOUBT], work.desk.quarantined()
    own = [one for one in entries if one.actor == PROGRAM]
    routine = {action: sum(one.action == action for one in own) for action in _ROUTINE}
    stakes: dict[str, Decimal] = {}
    for one in waiting:
        if one.case is not None and one.stake is not None:
            stakes[one.case.currency] = stakes.get(one.case.currency, Decimal(0)) + one.stake
    return Today(
        waiting=shown, held=held, cut=Cut([*shown, *held], page, total), in_doubt=in_doubt, quarantined=quarantined,
        kinds=dict(kinds), by_itself=by_itself, by_people=by_people, stakes=stakes, routine=routine, states=states,
    )  # fmt: skip


def _cases(work: Work, ids: set[str]) -> dict[str, Case]:
    wanted = sorted(ids)
    found: dict[str, Case] = {}
    for start in range(0, len(wanted), _ASKED_AT_ONCE):
        found |= {case.id: case for case in work.casefile.cases(ids=wanted[start : start + _ASKED_AT_ONCE])}
    return found


def _grouped(tasks: list[Task], cases: dict[str, Case]) -> list[Waiting]:
    """Still without the parties' names."""
    groups: dict[tuple[str | None, int | None], list[Task]] = {}
    for task in tasks:
        groups.setdefault((task.case_id, None if task.case_id else task.message), []).append(task)
    waiting = []
    for (case_id, _), together in groups.items():
        case = cases.get(case_id or "")
        together.sort(key=lambda task: (urgency(task.kind), task.no))
        waiting.append(Waiting(tuple(together), case, "", None if case is None else _stake(case), {}))
    return waiting


def _in_order(waiting: list[Waiting]) -> list[Waiting]:
    ranks = _ranks(waiting)
    return sorted(waiting, key=lambda one: (not one.red, urgency(one.tasks[0].kind), ranks[id(one)], one.tasks[0].no))


def _named(work: Work, waiting: list[Waiting]) -> list[Waiting]:
    """With the names of the parties, and who wrote what a confirmation rests on."""
    names = work.ledger.names({one.case.party_id for one in waiting if one.case is not None})
    found = []
    for one in waiting:
        case = one.case
        sender = str(one.tasks[0].facts.get("sender") or "")
        said_by = {
            task.message: message.sender
            for task in one.tasks
            if task.kind is TaskKind.CONFIRMATION_HELD and task.message is not None
            if (message := work.mailroom.message(task.message)) is not None
        }
        name = sender if case is None else names.get((case.party_id, case.side), case.id)
        found.append(replace(one, name=name, senders=said_by))
    return found


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
