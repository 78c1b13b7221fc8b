"""A large and regular ledger file kept as columns: an :class:`Item` is made only when somebody asks for that row.

A million rows as values of their own cost 4 microseconds and 400 bytes each; as columns of text and whole numbers they
cost a fraction of that, and most rows of a large reconciliation are never looked at one by one. Regular means: one
currency, plain amounts, ids that are there and differ, nothing that only a person can read. :func:`table` gives None
for everything else, and the row by row reader says what is wrong where.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from itertools import compress
from typing import TypeVar, overload

from mailflow.receivables.ledger import Item
from mailflow.receivables.ledger_columns import Columns
from mailflow.receivables.ledger_rows import Caches, UnreadableCell
from mailflow.receivables.party import Side
from parsers.currencies import exponent

Chunk = Sequence[Sequence[str]]
"""Some rows of a file, turned: the cells of each column, all columns equally long."""

_FULL = {0: re.compile(r"(?:-?[0-9]{1,15}\n)*"), 2: re.compile(r"(?:-?[0-9]{1,15}\.[0-9]{2}\n)*")}
_SHORT = re.compile(r"(?:-?[0-9]{1,15}(?:\.[0-9]{1,2})?\n)*")  # 12.5 and 12, which mean one thing only
_TEXTS = ("id", "party_id", "party_name", "type", "reference", "their_reference", "po_number", "description")
_TOO_MUCH = ("debit", "credit", "direction")  # columns that need a look at every row
_Value = TypeVar("_Value")


@dataclass(slots=True, eq=False)
class LedgerTable(Sequence[Item]):
    """Each column has a value for each row. ``units`` are whole numbers of 10^-``places``, ``open_units`` likewise or
    None where the ledger does not say."""

    currency: str
    places: int
    ids: list[str]
    party_ids: list[str]
    party_names: list[str]
    sides: list[Side]
    types: list[str]
    references: list[str]
    their_references: list[str]
    po_numbers: list[str]
    dates: list[dt.date | None]
    due_dates: list[dt.date | None]
    units: list[int]
    open_units: list[int | None]
    descriptions: list[str]

    def __len__(self) -> int:
        return len(self.ids)

    @overload
    def __getitem__(self, at: int) -> Item: ...
    @overload
    def __getitem__(self, at: slice) -> list[Item]: ...
    def __getitem__(self, at: int | slice) -> Item | list[Item]:
        if isinstance(at, slice):
            return [self[row] for row in range(*at.indices(len(self)))]
        opened = self.open_units[at]
        return Item(
            id=self.ids[at],
            party_id=self.party_ids[at],
            side=self.sides[at],
            reference=self.references[at],
            date=self.dates[at],
            currency=self.currency,
            amount=Decimal(self.units[at]).scaleb(-self.places),
            party_name=self.party_names[at],
            type=self.types[at],
            their_reference=self.their_references[at],
            po_number=self.po_numbers[at],
            due_date=self.due_dates[at],
            open_amount=None if opened is None else Decimal(opened).scaleb(-self.places),
            description=self.descriptions[at],
        )

    def __iter__(self) -> Iterator[Item]:
        return (self[row] for row in range(len(self)))

    def where(self, keep: Sequence[bool]) -> LedgerTable:
        """Only the rows for which ``keep`` is true."""
        chosen = {each.name: list(compress(getattr(self, each.name), keep)) for each in fields(self)[2:]}
        return LedgerTable(self.currency, self.places, **chosen)


def table(chunks: Iterable[Chunk | None], columns: Columns, caches: Caches) -> LedgerTable | None:
    """The rows below the header as a table; None when they are not regular, or a chunk is None (no cells to be had)."""
    if any(name in columns.places for name in _TOO_MUCH) or "amount" not in columns.places:
        return None
    currencies, sides, types, dates, due_dates = caches
    texts: dict[str, list[str]] = {name: [] for name in _TEXTS}
    made = LedgerTable("", -1, [], [], [], [], [], [], [], [], [], [], [], [], [])
    try:
        for cells in chunks:
            if cells is None:
                return None
            blank = [""] * len(cells[0])
            column = {name: blank if at is None else cells[at] for name, at in _places(columns)}
            for code in {currencies[text][0] for text in _different(column["currency"])}:
                if made.currency not in ("", code) or exponent(code) not in _FULL:
                    return None
                made.currency, made.places = code, exponent(code)
            for name in _TEXTS:
                texts[name] += _stripped(column[name])
            made.sides += _read(column["side"], sides)
            made.dates += _read(column["date"], dates)
            made.due_dates += _read(column["due_date"], due_dates)
            units, opened = _units(column["amount"], made.places), _open_units(column["open_amount"], made.places)
            if units is None or opened is None:
                return None
            made.units += units
            made.open_units += opened
        made.types = _read(texts["type"], types)
    except UnreadableCell:
        return None
    made.ids, made.party_ids, made.party_names = texts["id"], texts["party_id"], texts["party_name"]
    made.references, made.their_references = texts["reference"], texts["their_reference"]
    made.po_numbers, made.descriptions = texts["po_number"], texts["description"]
    ids = set(made.ids)
    if not ids or "" in ids or len(ids) < len(made.ids) or "" in _different(made.party_ids):
        return None
    return made


def _places(columns: Columns) -> list[tuple[str, int | None]]:
    names = (*_TEXTS, "side", "date", "due_date", "currency", "amount", "open_amount")
    return [(name, columns.places.get(name)) for name in names]


def _same(cells: Sequence[str]) -> bool:
    """Whether all rows say the same, as in most columns of a ledger's export."""
    first = cells[0]
    return first == cells[-1] == cells[len(cells) // 2] and cells.count(first) == len(cells)


def _different(cells: Sequence[str]) -> set[str]:
    return {cells[0]} if _same(cells) else set(cells)


def _stripped(cells: Sequence[str]) -> list[str]:
    return [cells[0].strip()] * len(cells) if _same(cells) else list(map(str.strip, cells))


def _read(cells: Sequence[str], cache: dict[str, _Value]) -> list[_Value]:
    return [cache[cells[0]]] * len(cells) if _same(cells) else list(map(cache.__getitem__, cells))


def _units(cells: Sequence[str], places: int) -> list[int] | None:
    """Whole numbers of the currency's smallest unit; None when a cell is not written plainly."""
    text = "\n".join(cells) + "\n"
    if _FULL[places].fullmatch(text) is not None:
        units = list(map(int, text.replace(".", "").split()))
    elif places and _SHORT.fullmatch(text) is not None:
        units = [int(Decimal(cell).scaleb(places)) for cell in text.split()]
    else:
        return None
    return units if len(units) == len(cells) else None  # a cell of several lines is not plain


def _open_units(cells: Sequence[str], places: int) -> list[int | None] | None:
    """As :func:`_units`, None in the place of an empty cell."""
    if not any(cells):
        return [None] * len(cells)
    nothing = "0.00" if places else "0"
    units = _units([text or nothing for text in cells], places)
    if units is None:
        return None
    return [value if text else None for value, text in zip(units, cells, strict=True)]
