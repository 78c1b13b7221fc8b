"""The ledger on record: parties and items as the last import left them, and what was open on the day of each import."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol

from mailflow.receivables.ledger import Item
from mailflow.receivables.party import Party, Side


@dataclass(frozen=True, slots=True)
class Change:
    """One item that is not as it was: ``field`` names what, ``before`` and ``after`` are texts for a person."""

    item_id: str
    party_id: str
    field: str
    before: str
    after: str


@dataclass(slots=True)
class ItemChanges:
    """What an import did. ``changed`` counts items; ``details`` names the first of them, field by field."""

    new: int = 0
    same: int = 0
    changed: int = 0
    gone: int = 0
    accounts: set[tuple[str, Side]] = field(default_factory=set)  # those that are not as they were
    details: list[Change] = field(default_factory=list)
    gone_ids: list[str] = field(default_factory=list)


@dataclass(slots=True)
class PartyChanges:
    new: list[str] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    same: int = 0


@dataclass(frozen=True, slots=True)
class LedgerImport:
    """``as_of`` is the day whose end the file's open amounts describe; ``sides`` those that it covers whole.
    ``bank_as_of``: the day up to which the bank's entries are booked in it, where somebody said so."""

    no: int
    at: dt.datetime
    as_of: dt.date
    sides: tuple[Side, ...]
    name: str
    sha256: str
    bank_as_of: dt.date | None = None


class Ledger(Protocol):
    # what is known
    def items(self, *, party_id: str | None = None, side: Side | None = None) -> list[Item]:
        """In the order of party, date, id; without those that are gone."""
        ...

    def references(self, accounts: Iterable[tuple[str, Side]]) -> dict[tuple[str, Side], list[str]]:
        """The references of the items of each of these (party, side), each once, the oldest first."""
        ...

    def accounts(self, party_ids: Iterable[str] | None = None) -> list[tuple[str, Side, str]]:
        """(party, side, currency) of every account that has an item."""
        ...

    def parties(self) -> list[Party]:
        """In the order of id and side."""
        ...

    def names(self, party_ids: Iterable[str] | None = None) -> dict[tuple[str, Side], str]:
        """(party, side) -> its name; of these ids, when named."""
        ...

    def party(self, party_id: str, side: Side) -> Party | None: ...

    def parties_at(self, address: str) -> list[Party]:
        """Those that have exactly this address, whatever its case."""
        ...

    def parties_at_any(self, addresses: Sequence[str]) -> dict[str, list[Party]]:
        """As :meth:`parties_at` for many lower-case addresses; only those that are a party's."""
        ...

    def parties_at_any_domain(self, domains: Sequence[str]) -> dict[str, list[Party]]:
        """As :meth:`parties_at_domain` for many lower-case domains; only those that are a party's."""
        ...

    def parties_at_domain(self, domain: str) -> list[Party]: ...

    def open_on(self, party_id: str, side: Side, day: dt.date) -> dict[str, Decimal] | None:
        """Item id -> what was open at the end of ``day``, when a ledger of that very day was imported; else None."""
        ...

    def last_import(self, side: Side, *, as_of: dt.date | None = None) -> LedgerImport | None:
        """The newest that covers ``side`` (of that day, when named)."""
        ...

    def last_payment(self, side: Side) -> dt.date | None:
        """The day of the newest payment of anybody on this side."""
        ...

    def gone_since(self, party_id: str, side: Side, day: dt.date) -> list[str]:
        """Ids of items that a ledger of a later day no longer had."""
        ...

    # importing
    def begin_import(
        self,
        *,
        at: dt.datetime,
        as_of: dt.date,
        sides: Iterable[Side],
        name: str,
        sha256: str,
        bank_as_of: dt.date | None = None,
    ) -> int:
        """Its number."""
        ...

    def put_items(self, items: Sequence[Item], *, import_no: int, as_of: dt.date, whole: Iterable[Side]) -> ItemChanges:
        """Makes the record say what ``items`` say. What the record has of the sides ``whole`` and the file has not is
        gone: kept, but in no statement."""
        ...

    def put_parties(self, parties: Sequence[Party]) -> PartyChanges:
        """New and changed ones; a party that the file does not name stays."""
        ...
