"""Documents of very many lines: the regular ones stay columns until somebody asks for a line.

A workbook of 100,000 regular rows is read, sent out of the child and printed column by column; making 100,000
:class:`Line` objects of it costs more than reading it. :class:`LongDocument` is a :class:`Document` in every respect:
``lines`` is a plain list, made when first asked for.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import chain, repeat
from typing import Any

from parsers.documents import Document, Line, LineType, line_from_json, line_json

_quoted = json.encoder.encode_basestring  # in C; text stays as it is, as with ensure_ascii=False
_CENTS = 10**15  # beyond, no amount of a sheet is exact


@dataclass(slots=True)
class LineColumns:
    """Regular lines that follow each other, field by field. Money is in hundredths; a field that no line has is None.

    ``first`` is the number of the first line, ``row`` its sheet row from 1.
    """

    first: int
    row: int
    page: int
    currency: str | None
    amount: list[int]
    type: list[LineType]
    date: Sequence[dt.date | None] | None = None
    due_date: Sequence[dt.date | None] | None = None
    reference: Sequence[str | None] | None = None
    other_references: Sequence[list[str]] | None = None
    description: Sequence[str | None] | None = None
    debit: Sequence[int | None] | None = None
    credit: Sequence[int | None] | None = None
    open_amount: Sequence[int | None] | None = None
    balance: Sequence[int | None] | None = None
    doubts: Sequence[list[str]] | None = None

    def __len__(self) -> int:
        return len(self.amount)

    def part(self, stretch: slice, *, first: int, row: int) -> LineColumns:
        """Some of the lines, numbered anew."""

        def cut(column: Any) -> Any:
            return None if column is None else column[stretch]

        if stretch == slice(0, len(self)):
            return replace(self, first=first, row=row)
        columns = {name: cut(getattr(self, name)) for name in self.__slots__[4:]}
        return LineColumns(first, row, self.page, self.currency, **columns)

    def lines(self) -> Iterator[Line]:
        """The same as :class:`Line` objects."""
        none = repeat(None)
        rows = zip(
            _moneys(self.amount), self.type, self.date or none, self.due_date or none, self.reference or none,
            self.other_references or repeat(()), self.description or none, _moneys(self.debit), _moneys(self.credit),
            _moneys(self.open_amount), _moneys(self.balance), self.doubts or repeat(()),
            strict=False,  # the endless columns end with the others: the amounts are always there
        )  # fmt: skip
        for n, row in enumerate(rows):
            amount, kind, day, due, reference, others, text, debit, credit, rest, balance, doubts = row
            yield Line(
                self.first + n, amount, kind, day, due, reference, list(others), text, debit, credit, rest, balance,
                self.currency, self.page, list(doubts), None, self.row + n,
            )  # fmt: skip

    def json_text(self) -> Iterator[str]:
        """Each line as the JSON text that :func:`json.dumps` would make of it."""
        null = repeat("null")
        currency = "null" if self.currency is None else _quoted(self.currency)
        end = f', "currency": {currency}, "page": {self.page}, "doubts": '
        rows = zip(
            range(self.first, self.first + len(self)),
            _days_text(self.date) or null,
            _days_text(self.due_date) or null,
            self.type,
            _texts(self.reference) or null,
            map(_list_text, self.other_references) if self.other_references else repeat("[]"),
            _texts(self.description) or null,
            _moneys_text(self.debit) or null,
            _moneys_text(self.credit) or null,
            _moneys_text(self.amount) or null,
            _moneys_text(self.open_amount) or null,
            _moneys_text(self.balance) or null,
            map(_list_text, self.doubts) if self.doubts else repeat("[]"),
            range(self.row, self.row + len(self)),
            strict=False,
        )
        for no, day, due, kind, reference, others, text, debit, credit, amount, rest, balance, doubts, row in rows:
            yield (
                f'{{"no": {no}, "date": {day}, "due_date": {due}, "type": "{kind}", "reference": {reference}, '
                f'"other_references": {others}, "description": {text}, "debit": {debit}, "credit": {credit}, '
                f'"amount": {amount}, "open_amount": {rest}, "balance": {balance}{end}{doubts}, '
                f'"box": null, "row": {row}}}'
            )

    def to_wire(self) -> dict[str, Any]:
        """Plain values by column, for the way out of the child."""
        kinds = list(dict.fromkeys(self.type))
        place = {kind: n for n, kind in enumerate(kinds)}
        return {
            "first": self.first, "row": self.row, "page": self.page, "currency": self.currency,
            "amount": self.amount, "kinds": [kind.value for kind in kinds],
            "type": list(map(place.__getitem__, self.type)),
            "date": _ordinals(self.date), "due_date": _ordinals(self.due_date), "reference": self.reference,
            "other_references": self.other_references, "description": self.description, "debit": self.debit,
            "credit": self.credit, "open_amount": self.open_amount, "balance": self.balance, "doubts": self.doubts,
        }  # fmt: skip

    @classmethod
    def from_wire(cls, told: dict[str, Any]) -> LineColumns:
        """The inverse. Raises ``ValueError``, ``KeyError``, ``TypeError`` or ``OverflowError`` on what is no such."""
        count = len(told["amount"])
        kinds = [LineType(kind) for kind in told["kinds"]]
        if any(type(told[name]) is not int for name in ("first", "row", "page")):
            raise TypeError("not a whole number")
        if not set(map(type, told["type"])) <= {int} or not set(told["type"]) <= set(range(len(kinds))):
            raise TypeError("not a type of line")
        amounts = _money_column(told["amount"], count)
        if amounts is None or None in amounts:
            raise TypeError("a line without an amount")
        if told["currency"] is not None and type(told["currency"]) is not str:
            raise TypeError("not a text")
        if len(told["type"]) != count:
            raise ValueError("columns of different length")
        return cls(
            told["first"], told["row"], told["page"], told["currency"], amounts,  # type: ignore[arg-type]
            list(map(kinds.__getitem__, told["type"])), _day_column(told["date"], count),
            _day_column(told["due_date"], count), _text_column(told["reference"], count),
            _list_column(told["other_references"], count), _text_column(told["description"], count),
            _money_column(told["debit"], count), _money_column(told["credit"], count),
            _money_column(told["open_amount"], count), _money_column(told["balance"], count),
            _list_column(told["doubts"], count),
        )  # fmt: skip


def _moneys(cents: Sequence[int | None] | None) -> Iterator[Any]:
    if cents is None:
        return repeat(None)
    return (None if c is None else Decimal(c).scaleb(-2) for c in cents)


def _moneys_text(cents: Sequence[int | None] | None) -> Iterator[str] | None:
    """``"-12.50"`` of -1250. Below 10**15 the double nearest to it prints these two decimals and no others."""
    if cents is None:
        return None
    return ("null" if c is None else '"%.2f"' % (c / 100) for c in cents)


def _days_text(days: Sequence[dt.date | None] | None) -> Iterator[str] | None:
    if days is None:
        return None
    text: dict[dt.date | None, str] = {day: f'"{day.isoformat()}"' for day in set(days) if day is not None}
    text[None] = "null"
    return map(text.__getitem__, days)


def _texts(column: Sequence[str | None] | None) -> Iterator[str] | None:
    if column is None:
        return None
    return ("null" if text is None else _quoted(text) for text in column)


def _list_text(texts: Iterable[str]) -> str:
    return "[" + ", ".join(map(_quoted, texts)) + "]"


def _ordinals(days: Sequence[dt.date | None] | None) -> list[int | None] | None:
    if days is None:
        return None
    number: dict[dt.date | None, int | None] = {day: None if day is None else day.toordinal() for day in set(days)}
    return list(map(number.__getitem__, days))


def _right_length(column: Any, count: int) -> None:
    if type(column) is not list or len(column) != count:
        raise ValueError("columns of different length")


def _day_column(column: Any, count: int) -> list[dt.date | None] | None:
    if column is None:
        return None
    _right_length(column, count)
    if not set(map(type, column)) <= {int, type(None)}:
        raise TypeError("not a day")
    days = {number: None if number is None else dt.date.fromordinal(number) for number in set(column)}
    return list(map(days.__getitem__, column))


def _money_column(column: Any, count: int) -> list[int | None] | None:
    if column is None:
        return None
    _right_length(column, count)
    kinds = set(map(type, column))
    if not kinds <= {int, type(None)}:
        raise TypeError("not an amount")
    present = column if kinds == {int} else [c for c in column if c is not None]
    if present and not (min(present) > -_CENTS and max(present) < _CENTS):
        raise ValueError("not an amount of a sheet")
    return list(column)


def _text_column(column: Any, count: int) -> list[str | None] | None:
    if column is None:
        return None
    _right_length(column, count)
    if not set(map(type, column)) <= {str, type(None)}:
        raise TypeError("not a text")
    return list(column)


def _list_column(column: Any, count: int) -> list[list[str]] | None:
    if column is None:
        return None
    _right_length(column, count)
    if not set(map(type, column)) <= {list} or not set(map(type, chain.from_iterable(column))) <= {str}:
        raise TypeError("not texts")
    return list(column)


class LongDocument(Document):
    """A document whose regular lines stand in columns; ``pieces`` are those and the single lines between them."""

    __slots__ = ("pieces",)
    pieces: list[list[Line] | LineColumns] | None

    def __init__(self, of: Document, pieces: list[list[Line] | LineColumns]) -> None:
        self.pieces = None
        for name in Document.__slots__:
            setattr(self, name, getattr(of, name))
        self.pieces = pieces

    @property
    def lines(self) -> list[Line]:
        """All lines. Made when first asked for; from then on an ordinary list."""
        if self.pieces is not None:
            made = [line for piece in self.pieces for line in (piece if isinstance(piece, list) else piece.lines())]
            self.pieces = None
            _LINES.__set__(self, made)
        found: list[Line] = _LINES.__get__(self, LongDocument)
        return found

    @lines.setter
    def lines(self, lines: list[Line]) -> None:
        _LINES.__set__(self, lines)

    def line_count(self) -> int:
        return len(self.lines) if self.pieces is None else sum(map(len, self.pieces))

    def single_lines(self) -> list[Line]:
        """The lines that are in no column."""
        if self.pieces is None:
            return self.lines
        return [line for piece in self.pieces if isinstance(piece, list) for line in piece]


_LINES: Any = Document.__dict__["lines"]  # the slot that the property stands before


def line_count(document: Document) -> int:
    """How many lines it has, without making them."""
    return document.line_count() if isinstance(document, LongDocument) else len(document.lines)


def json_text(documents: Sequence[Document]) -> Iterator[str]:
    """The JSON list of ``documents`` in pieces: joined, what ``json.dumps`` makes of :meth:`Document.to_json`."""
    yield "["
    for n, document in enumerate(documents):
        if n:
            yield ", "
        if not isinstance(document, LongDocument) or document.pieces is None:
            yield json.dumps(document.to_json(), ensure_ascii=False)
            continue
        around = json.dumps(_without_lines(document).to_json(), ensure_ascii=False)
        head, _, tail = around.partition('"lines": []')
        yield head + '"lines": ['
        texts = (map(_line_text, piece) if isinstance(piece, list) else piece.json_text() for piece in document.pieces)
        yield ", ".join(chain.from_iterable(texts))
        yield "]" + tail
    yield "]"


def _line_text(line: Line) -> str:
    return json.dumps(line_json(line), ensure_ascii=False)


def _without_lines(document: LongDocument) -> Document:
    values = {name: getattr(document, name) for name in Document.__slots__ if name != "lines"}
    return Document(**values)


def to_wire(document: Document) -> dict[str, Any]:
    """What the child sends: :meth:`Document.to_json`, long documents by columns."""
    if not isinstance(document, LongDocument) or document.pieces is None:
        return document.to_json()
    told = _without_lines(document).to_json()
    told["pieces"] = [
        list(map(line_json, piece)) if isinstance(piece, list) else piece.to_wire() for piece in document.pieces
    ]
    return told


def from_wire(told: dict[str, Any]) -> Document:
    """The inverse, every field checked as :meth:`Document.from_json` does, and raising what it raises."""
    document = Document.from_json(told)
    if "pieces" not in told:
        return document
    pieces: list[list[Line] | LineColumns] = [
        list(map(line_from_json, piece)) if isinstance(piece, list) else LineColumns.from_wire(piece)
        for piece in told["pieces"]
    ]
    return LongDocument(document, pieces)
