"""The desk's lists, a page at a time: cases, parties, the outbox. Counted and cut by the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from mailflow.cases.case import State
from mailflow.receivables.party import Party, Side
from mailflow.steps.ports.desk import CaseOrder, PartyOrder
from mailflow.steps.ports.outbox import Letter, LetterState
from mailflow.steps.ports.work import Database
from mailflow.steps.show_cases import CaseView, case_views

ROWS = 50  # of one page

_Row = TypeVar("_Row")


@dataclass(frozen=True, slots=True)
class Cut(Generic[_Row]):
    """Rows of the page ``number`` (from 1) out of ``total``; ``size`` rows fill one."""

    rows: Sequence[_Row]
    number: int
    total: int
    size: int = ROWS

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        """The place of its first row in the whole, from 1."""
        return (self.number - 1) * self.size + 1

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1


def cut(rows: Sequence[_Row], number: int, size: int = ROWS) -> Cut[_Row]:
    """A page out of what is all there already."""
    number = within(number, len(rows), size)
    return Cut(rows[(number - 1) * size : number * size], number, len(rows), size)


def within(number: int, total: int, size: int = ROWS) -> int:
    """The page asked for, or the nearest that there is."""
    return max(1, min(number, -(-total // size)))


@dataclass(frozen=True, slots=True)
class CaseList:
    """``counts`` and ``total`` are of all cases (of the party), ``person`` counts those that need one."""

    cut: Cut[CaseView]
    counts: dict[State, int]
    total: int
    person: int


def list_cases(
    database: Database,
    *,
    page: int = 1,
    party_id: str | None = None,
    state: State | None = None,
    person: bool = False,
    order: CaseOrder = CaseOrder.NEED,
    language: str = "en",
) -> CaseList:
    with database.reading() as work:
        counts = work.desk.case_counts(party_id)
        total = sum(counts.values())
        needing = work.desk.needing(party_id=party_id)
        if person:
            shown = needing if state is None else work.desk.needing(party_id=party_id, state=state)
        else:
            shown = total if state is None else counts.get(state, 0)
        page = within(page, shown)
        found = work.desk.cases(
            limit=ROWS, offset=(page - 1) * ROWS, party_id=party_id, state=state, person=person, order=order
        )
        return CaseList(Cut(case_views(work, found, language), page, shown), counts, total, needing)


@dataclass(frozen=True, slots=True)
class PartyList:
    """Each party with the number of its cases. ``sides`` counts all of each, ``unreachable`` those without address."""

    cut: Cut[tuple[Party, int]]
    sides: dict[Side, int]
    unreachable: int


def list_parties(
    database: Database,
    *,
    page: int = 1,
    side: Side | None = None,
    unreachable: bool = False,
    order: PartyOrder = PartyOrder.ID,
) -> PartyList:
    with database.reading() as work:
        sides = {one: work.desk.party_count(side=one) for one in Side}
        lost = work.desk.party_count(unreachable=True)
        shown = work.desk.party_count(side=side, unreachable=unreachable)
        page = within(page, shown)
        rows = work.desk.parties(limit=ROWS, offset=(page - 1) * ROWS, side=side, unreachable=unreachable, order=order)
        return PartyList(Cut(rows, page, shown), sides, lost)


@dataclass(frozen=True, slots=True)
class LetterList:
    """The newest first. ``doubted`` are letters in doubt, the oldest of them first."""

    cut: Cut[Letter]
    counts: dict[LetterState, int]
    doubted: list[Letter]


def list_letters(database: Database, *, page: int = 1, state: LetterState | None = None) -> LetterList:
    with database.reading() as work:
        counts = {one: count for one, count in work.outbox.counts().items() if count}
        shown = sum(counts.values()) if state is None else counts.get(state, 0)
        page = within(page, shown)
        rows = work.desk.letters(limit=ROWS, offset=(page - 1) * ROWS, state=state)
        doubted = work.outbox.letters(states=[LetterState.IN_DOUBT], limit=ROWS)
        return LetterList(Cut(rows, page, shown), counts, doubted)
