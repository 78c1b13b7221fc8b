"""An invoice or credit note: its header amounts as one line."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal

from parsers import dates
from parsers.dates import Printed
from parsers.documents import Document, Line, LineType, Trust
from parsers.fields import Fields
from parsers.lines import TextLine
from parsers.rows import RowSet, money_in
from parsers.summary import Figure
from parsers.wording import folded
from parsers.wording.labels import Field
from parsers.wording.marks import Mark

_NET = re.compile(
    r"\b(?:nett?o?|ht|hors taxes?|excl\w*|before (?:vat|tax)|without (?:vat|tax)|ohne|zzgl|imponible|sin iva)\b"
    r"|不含税|未税|税前"
)
_PAYABLE = re.compile(r"\b(?:pay\w*|due|owing|zahl\w*|pagar|outstanding)\b")
_CREDIT = ("credit note", "credit memo", "gutschrift", "avoir", "nota de credito", "贷项", "红字")


def header_line(
    document: Document,
    fields: Fields,
    boxed: list[Figure],
    lines: list[TextLine],
    day: Callable[[Printed | dt.date | None], dt.date | None],
    mark: str,
    rows: RowSet,
) -> None:
    """Replace whatever item rows were read by one line: number, date, due date, total of the document.

    Of several totals the largest is the gross: net and tax stand above it, also as rows of the table of items.
    """
    totals = [f.value for f in boxed if f.mark in (Mark.TOTAL, Mark.CLOSING) and not _is_net(f.label)]
    totals += _printed_below(rows, mark)
    value: Decimal | None = max(totals, key=abs) if totals else None
    if value is None:
        value = document.closing_balance
    document.lines = []
    document.closing_balance = document.opening_balance = None
    document.checks = []
    document.trust = Trust.PLAUSIBLE if value is not None and document.document_no else Trust.UNPROVEN
    if value is None:
        return
    head = folded(" ".join(line.text for line in lines[:12]))
    credit = any(word in head for word in _CREDIT)
    due = next((p for f in fields.all(Field.DUE) for p in dates.find(f.value)), None)
    document.lines = [
        Line(
            no=1,
            amount=-abs(value) if credit else value,
            type=LineType.CREDIT_NOTE if credit else LineType.INVOICE,
            date=document.date,
            due_date=day(due),
            reference=document.document_no,
            currency=document.currency,
        )
    ]


def _is_net(label: str) -> bool:
    """Whether a total is that before tax; what is payable (``Net à payer``, ``net due``) is not."""
    return _NET.search(words := folded(label)) is not None and _PAYABLE.search(words) is None


def _printed_below(rows: RowSet, mark: str) -> list[Decimal]:
    """The amounts that the table's own total rows print furthest right."""
    found = []
    for row in rows.rows:
        if row.mark in (Mark.TOTAL, Mark.CLOSING) and not _is_net(row.label):
            last = max((c for c in row.cells if money_in(row.cells[c], mark) is not None), default=None)
            amount = money_in(row.cells[last], mark) if last is not None else None
            if amount is not None:
                found.append(amount.value)
    return found
