"""A report as a workbook: real numbers and dates, frozen header, filters, totals below."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal

import xlsxwriter

from mailflow.steps.report import Cell, Table
from parsers.currencies import exponent


def workbook(table: Table) -> bytes:
    """Text cells are written as text: what a customer wrote never becomes a formula."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    head = book.add_format({"bold": True, "bottom": 1, "bg_color": "#f3f6fb"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    strong = {"bold": True, "top": 1}
    money = {places: book.add_format({"num_format": _pattern(places)}) for places in (0, 2, 3)}
    totals = {places: book.add_format({"num_format": _pattern(places), **strong}) for places in (0, 2, 3)}
    plain_total = book.add_format(strong)
    sheet = book.add_worksheet(table.title)
    for place, name in enumerate(table.columns):
        sheet.write_string(0, place, name.replace("_", " "), head)
        widest = max((len(str(row.get(name) or "")) for row in table.rows), default=0)
        sheet.set_column(place, place, min(48, max(10, widest + 2, len(name) + 2)))
    sheet.freeze_panes(1, 0)
    if table.rows:
        sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
    for line, row in enumerate((*table.rows, *table.totals), start=1):
        is_total = line > len(table.rows)
        at = line + 1 if is_total else line  # an empty line before the totals keeps the filter apart from them
        places = exponent(str(row.get("currency") or "CNY"))
        for place, name in enumerate(table.columns):
            value: Cell = row.get(name)
            if value is None:
                continue
            if name in table.money and isinstance(value, Decimal):
                sheet.write_number(at, place, float(value), (totals if is_total else money)[places])
            elif isinstance(value, dt.date):
                sheet.write_datetime(at, place, dt.datetime(value.year, value.month, value.day), day)
            elif isinstance(value, int):
                sheet.write_number(at, place, value, plain_total if is_total else None)
            else:
                sheet.write_string(at, place, str(value), plain_total if is_total else None)
    book.close()
    return out.getvalue()


def _pattern(places: int) -> str:
    return "#,##0" + ("." + "0" * places if places else "")
