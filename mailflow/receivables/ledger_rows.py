"""Rows of text into ledger items and parties: what can be read is kept, what cannot is named by line and column.

Pure and quick: a file of a million rows costs a few microseconds a row, because dates, currencies and names repeat
and are read once.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from operator import itemgetter
from typing import TypeVar

from mailflow.receivables.ledger import Item
from mailflow.receivables.ledger_columns import Columns
from mailflow.receivables.ledger_values import (
    Habit,
    Unreadable,
    digits_of,
    read_amount,
    read_currency,
    read_date,
    read_direction,
    read_side,
    read_type,
    shows_day_first,
    shows_decimal,
)
from mailflow.receivables.party import Side
from parsers.currencies import exponent

Row = list[str]
Rows = Callable[[], Iterator[tuple[int, Row]]]
"""Starts reading anew: (line number in the file, cells) for each row below the header."""


@dataclass(frozen=True, slots=True)
class BadRow:
    """``line`` counts from 1 as an editor or a spreadsheet program does; ``column`` is the heading as printed."""

    line: int
    column: str
    value: str
    what: str

    def __str__(self) -> str:
        shown = self.value if len(self.value) <= 60 else self.value[:57] + "…"
        place = f"line {self.line}, column {self.column}" if self.column else f"line {self.line}"
        return f"{place}: {shown!r}: {self.what}" if self.value else f"{place}: {self.what}"


@dataclass(frozen=True, slots=True)
class Remark:
    """Read, but worth a look: shown at the import, and a statement that rests on it is held by the review."""

    line: int
    what: str


@dataclass(slots=True)
class ItemRows:
    items: list[Item] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)


_FIELDS = (
    "id", "party_id", "party_name", "side", "type", "reference", "their_reference", "po_number", "date", "due_date",
    "currency", "amount", "open_amount", "description", "debit", "credit", "direction",
)  # fmt: skip
_TOTALS = frozenset(
    "合计 总计 小计 本页合计 本月合计 本年累计 total totals grandtotal subtotal sum summe gesamt".split()
)
_DECIMALS = {places: re.compile(r"-?[0-9]{1,15}" + (rf"\.[0-9]{{{places}}}" if places else "")) for places in (0, 2)}
"""What needs no thought: ASCII digits with exactly the currency's decimals (three decimals look like grouping)."""

_V = TypeVar("_V")


class _Bad(Exception):
    """A cell that cannot be read."""

    def __init__(self, column: str, value: str, what: str) -> None:
        super().__init__(what)
        self.column, self.value = column, value


UnreadableCell = _Bad


class _Once(dict[str, _V]):
    """Cell text -> its meaning, read when first met: a million rows hold a few thousand dates and one currency."""

    def __init__(self, column: str, read: Callable[[str], _V]) -> None:
        super().__init__()
        self._column, self._read = column, read

    def __missing__(self, text: str) -> _V:
        try:
            value = self[text] = self._read(text.strip())
        except Unreadable as failure:
            raise _Bad(self._column, text, str(failure)) from None
        return value


class _Draft:
    """An item while it is filled: same layout, not frozen. Becomes an :class:`Item` by changing its class, which is
    seven times quicker than the frozen constructor (2.2 against 0.3 microseconds, a quarter of the whole reading)."""

    __slots__ = Item.__slots__

    id: str
    party_id: str
    side: Side
    reference: str
    date: dt.date | None
    currency: str
    amount: Decimal
    party_name: str
    type: str
    their_reference: str
    po_number: str
    due_date: dt.date | None
    open_amount: Decimal | None
    description: str


def items(rows: Rows, columns: Columns) -> ItemRows:
    """Every row of a ledger. A row is an item, bad, blank, or a total row of the export (which is none of ours)."""
    made = ItemRows()
    cells = _Cells(rows, columns)
    currencies, sides, types, dates, due_dates = cells.caches()
    pick = itemgetter(*(columns.places.get(name, columns.width) for name in _FIELDS))
    width, by_debit = columns.width, "amount" not in columns.places
    names: dict[str, str] = {}
    first_line: dict[str, int] = {}
    same, seen, keep = names.setdefault, first_line.setdefault, made.items.append

    for line, row in rows():
        try:
            if len(row) != width:
                _fit(row, width)
            row.append("")  # what the file has no column for
            (
                item_id, party_id, party_name, side_text, type_text, reference, their_reference, po_number, date_text,
                due_text, currency_text, amount_text, open_text, description, debit_text, credit_text, direction,
            ) = pick(row)  # fmt: skip
            currency, plain = currencies[currency_text]
            side = sides[side_text]
            date = dates[date_text]
            due = due_dates[due_text]
            if by_debit:
                amount = cells.from_two_columns(debit_text, credit_text, side, currency)
            elif plain is not None and plain(amount_text):
                amount = Decimal(amount_text)
            else:
                amount = cells.amount("amount", amount_text, currency)
            opened: Decimal | None = None
            if open_text:
                if plain is not None and plain(open_text):
                    opened = Decimal(open_text)
                elif open_text.strip():
                    opened = cells.amount("open_amount", open_text, currency)
            if direction:
                amount, opened = cells.directed(direction, side, amount, opened)
            item_id, reference = item_id.strip(), reference.strip()
            if not item_id or not party_id:
                raise _Bad("party_id" if item_id else "id", "", "it is empty, and is required")
            if seen(item_id, line) != line:
                what = f"this id stands on line {first_line[item_id]} already; each item needs its own"
                raise _Bad("id", item_id, what)
        except _Bad as failure:
            if any(map(str.strip, row)) and not _is_total(row, columns):
                heading = columns.headings.get(failure.column, failure.column)
                made.bad.append(BadRow(line, heading, failure.value, str(failure)))
            continue
        item = _Draft()
        item.id, item.party_id, item.side = item_id, same(party_id, party_id.strip()), side
        item.reference, item.date, item.currency, item.amount = reference, date, currency, amount
        item.party_name, item.type = same(party_name, party_name.strip()), types[type_text]
        item.their_reference, item.po_number, item.due_date = their_reference.strip(), po_number.strip(), due
        item.open_amount, item.description = opened, same(description, description.strip())
        item.__class__ = Item  # type: ignore[assignment]
        keep(item)  # type: ignore[arg-type]
        if date is None:
            made.remarks.append(Remark(line, f"{item_id} has no date"))
        if not reference:
            made.remarks.append(Remark(line, f"{item_id} has no reference"))
    return made


class _Cells:
    """How the cells of one file are read; the file's habit is looked up only when a cell leaves it open."""

    def __init__(self, rows: Rows, columns: Columns) -> None:
        self._rows, self._columns = rows, columns

    @cached_property
    def habit(self) -> Habit:
        return _habit(self._rows(), self._columns)

    def caches(
        self,
    ) -> tuple[
        _Once[tuple[str, _Plain]], _Once[Side], _Once[str], _Once[dt.date | None], _Once[dt.date | None]
    ]:  # fmt: skip
        return (
            _Once("currency", self._currency),
            _Once("side", self._side),
            _Once("type", read_type),
            _Once("date", self._date),
            _Once("due_date", self._date),
        )

    def _currency(self, text: str) -> tuple[str, _Plain]:
        code = self._columns.currency if not text and self._columns.currency else _required(text, read_currency)
        pattern = _DECIMALS.get(exponent(code))
        return code, None if pattern is None else pattern.fullmatch

    def _side(self, text: str) -> Side:
        return Side(self._columns.side) if not text and self._columns.side else _required(text, read_side)

    def _date(self, text: str) -> dt.date | None:
        if not text:
            return None
        return read_date(text, _NO_HABIT if _YEAR_AT_FRONT.match(text) else self.habit)

    def amount(self, column: str, text: str, currency: str) -> Decimal:
        try:
            if not text.strip():
                raise Unreadable("it is empty, and is required")
            return read_amount(text, currency, self.habit if "," in text or "." in text else _NO_HABIT)
        except Unreadable as failure:
            raise _Bad(column, text, str(failure)) from None

    def from_two_columns(self, debit: str, credit: str, side: Side, currency: str) -> Decimal:
        """Debit enlarges what a customer owes us, credit what we owe a supplier."""
        if not debit.strip() and not credit.strip():
            raise _Bad("debit", "", "debit and credit are both empty")
        more = self.amount("debit", debit, currency) if debit.strip() else Decimal(0)
        less = self.amount("credit", credit, currency) if credit.strip() else Decimal(0)
        return more - less if side is Side.RECEIVABLE else less - more

    def directed(
        self, direction: str, side: Side, amount: Decimal, opened: Decimal | None
    ) -> tuple[Decimal, Decimal | None]:
        """Amounts without a sign beside a column that says debit or credit."""
        if not direction.strip():
            return amount, opened
        try:
            sign = read_direction(direction) * (1 if side is Side.RECEIVABLE else -1)
        except Unreadable as failure:
            raise _Bad("direction", direction, str(failure)) from None
        signed = abs(amount) * sign
        return signed, None if opened is None else opened.copy_abs() * (1 if signed >= 0 else -1)


_Plain = Callable[[str], object] | None
Caches = tuple[_Once[tuple[str, _Plain]], _Once[Side], _Once[str], _Once[dt.date | None], _Once[dt.date | None]]


def caches(rows: Rows, columns: Columns) -> Caches:
    """What each text means in this file's columns of currency, side, type, date and due date; each is read once and
    raises :class:`UnreadableCell` where it means nothing."""
    return _Cells(rows, columns).caches()


_YEAR_AT_FRONT = re.compile(r"\d{4}")
_NO_HABIT = Habit()


def _fit(row: Row, width: int) -> None:
    """Makes ``row`` as wide as the header; one that has more than blanks beyond it has slipped."""
    if any(cell.strip() for cell in row[width:]):
        what = f"it has {len(row)} columns, the header {width}; a value with a separator inside needs quotation marks"
        raise _Bad("", "", what)
    del row[width:]
    row.extend([""] * (width - len(row)))


def _is_total(row: Row, columns: Columns) -> bool:
    """A total that the export wrote below (合计): says so in a cell, and has no date of its own."""
    at = columns.places.get("date", 0)
    date_text = _squeezed(row[at]) if at < len(row) else ""
    if date_text and date_text not in _TOTALS:
        return False
    return any(_squeezed(cell) in _TOTALS for cell in row)


def _squeezed(text: str) -> str:
    return "".join(text.split()).rstrip(":：").casefold()


def _required(text: str, read: Callable[[str], _V]) -> _V:
    if not text:
        raise Unreadable("it is empty, and is required")
    return read(text)


def _habit(rows: Iterable[tuple[int, Row]], columns: Columns) -> Habit:
    """How this file writes numbers and dates: the first cell of each that allows one reading only."""
    money = [columns.places[name] for name in ("amount", "open_amount", "debit", "credit") if name in columns.places]
    days = [columns.places[name] for name in ("date", "due_date") if name in columns.places]
    decimal: str | None = None
    day_first: bool | None = None
    for _, row in rows:
        if decimal is None:
            for at in money:
                if at < len(row) and (decimal := shows_decimal(digits_of(row[at]))) is not None:
                    break
        if day_first is None:
            for at in days:
                if at < len(row) and (day_first := shows_day_first(row[at])) is not None:
                    break
        if decimal is not None and day_first is not None:
            break
    return Habit(decimal, day_first)


def as_rows(numbered: Sequence[tuple[int, Row]]) -> Rows:
    """Rows that are in memory already (a sheet), read anew each time; each reading gets its own lists."""
    return lambda: ((line, list(row)) for line, row in numbered)
