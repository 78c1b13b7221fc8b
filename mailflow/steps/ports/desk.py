"""What the desk's lists and reports ask of the database: counted and cut there, never everything at once.

``limit`` and ``offset`` cut a page out of a list in a fixed order.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from mailflow.cases.case import Case, State, Task
from mailflow.receivables.ledger import Item
from mailflow.receivables.party import Party, Side
from mailflow.steps.ports.outbox import Letter, LetterState
from mailflow.steps.ports.statements import KeptStatement, Standing


class CaseOrder(StrEnum):
    """``NEED``: what is red, then what needs a person. ``BALANCE``: by currency, in each the largest first."""

    NEED = "need"
    PARTY = "party"
    NEWEST = "newest"
    BALANCE = "balance"


class PartyOrder(StrEnum):
    ID = "id"
    NAME = "name"
    CASES = "cases"  # the most first


@dataclass(frozen=True, slots=True)
class OpenItem:
    """What ageing needs of an item that is not wholly settled. ``claim``: its original amount is positive."""

    party_id: str
    side: Side
    currency: str
    claim: bool
    open_amount: Decimal
    date: dt.date | None
    due_date: dt.date | None


@dataclass(frozen=True, slots=True)
class DaySum:
    """All dated items of one day in one currency; ``sales`` is the part of them that is of the types asked for."""

    currency: str
    day: dt.date
    amount: Decimal
    sales: Decimal


class Desk(Protocol):
    # cases
    def case_counts(self, party_id: str | None = None) -> dict[State, int]:
        """Of the states that any has."""
        ...

    def needing(self, *, party_id: str | None = None, state: State | None = None) -> int:
        """Cases in which somebody on our side has to act."""
        ...

    def cases(
        self,
        *,
        limit: int,
        offset: int,
        party_id: str | None = None,
        state: State | None = None,
        person: bool = False,
        order: CaseOrder = CaseOrder.NEED,
    ) -> list[Case]:
        """``person``: only those in which somebody on our side has to act."""
        ...

    def cases_of(self, parties: Iterable[tuple[str, Side]], limit: int) -> list[Case]:
        """The newest of these parties."""
        ...

    def tasks_of_message(self, message: int) -> list[Task]:
        """The open ones."""
        ...

    # parties
    def party_count(self, *, side: Side | None = None, unreachable: bool = False) -> int: ...

    def parties(
        self,
        *,
        limit: int,
        offset: int,
        side: Side | None = None,
        unreachable: bool = False,
        order: PartyOrder = PartyOrder.ID,
    ) -> list[tuple[Party, int]]:
        """Each with the number of its cases. ``unreachable``: those without an address."""
        ...

    # letters and statements
    def letters(self, *, limit: int, offset: int, state: LetterState | None = None) -> list[Letter]:
        """The newest first."""
        ...

    def standing_count(self, standing: Standing) -> int: ...

    def standing_at(self, standing: Standing, *, limit: int, offset: int) -> list[KeptStatement]:
        """By number and version."""
        ...

    def quarantined(self) -> int: ...

    # reports
    def first_answers(self) -> dict[str, dt.datetime]:
        """Case -> when the first message of a person came in."""
        ...

    def import_days(self, side: Side) -> list[dt.date]:
        """The as-of days of all ledgers of this side, in the order of import."""
        ...

    def import_mark(self) -> int:
        """Grows with every import, of items and of parties."""
        ...

    def unclear_accounts(self, day: dt.date) -> list[tuple[str, Side, str]]:
        """(party, side, currency) where the ledger does not say of every item what is open, or has items after
        ``day``."""
        ...

    def open_now(self) -> list[OpenItem]:
        """Items of which the ledger says that something is open (or over-settled)."""
        ...

    def day_sums(self, side: Side, sales: Sequence[str]) -> list[DaySum]: ...

    def items_of(self, accounts: Iterable[tuple[str, Side]]) -> dict[tuple[str, Side], list[Item]]:
        """All items of these (party, side), each in the order of date and id."""
        ...
