"""A report as CSV that spreadsheet programs open as it is: UTF-8 with a byte order mark, plain amounts, ISO dates."""

from __future__ import annotations

import csv
import datetime as dt
import io
from decimal import Decimal

from mailflow.money import plain
from mailflow.steps.report import Cell, Table


def csv_file(table: Table) -> bytes:
    """Totals are left out: a program that reads the rows adds them up itself. A text that a spreadsheet would take for
    a formula gets an apostrophe in front (OWASP, CSV injection)."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(table.columns)
    for row in table.rows:
        currency = str(row.get("currency") or "CNY")
        writer.writerow([_shown(row.get(name), currency) for name in table.columns])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _shown(value: Cell, currency: str) -> str:
    if isinstance(value, Decimal):
        return plain(value, currency)
    if isinstance(value, dt.date):
        return value.isoformat()
    if value is None:
        return ""
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
