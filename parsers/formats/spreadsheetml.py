"""Excel 2003 XML (``.xls`` that begins with ``<?xml``), which Chinese ERP exports still write."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, InvalidOperation

from parsers import limits
from parsers.errors import LimitReached
from parsers.formats import xml_entrance
from parsers.grid import Page, Word


def pages(data: bytes) -> list[Page]:
    """One page a visible worksheet. Raises :class:`parsers.errors.Unreadable`."""
    root = xml_entrance.parse(data)
    found: list[Page] = []
    for number, sheet in enumerate(xml_entrance.children(root, "Worksheet"), start=1):
        title = xml_entrance.attribute(sheet, "Name")
        page = Page(number=number, words=[], cells=True, title=title)
        row_number = 0
        for row in xml_entrance.descendants(sheet, "Row"):
            row_number = int(xml_entrance.attribute(row, "Index") or row_number + 1)
            column = 0
            for cell in xml_entrance.children(row, "Cell"):
                column = int(xml_entrance.attribute(cell, "Index") or column + 1)
                across = int(xml_entrance.attribute(cell, "MergeAcross") or 0)
                down = int(xml_entrance.attribute(cell, "MergeDown") or 0)
                if column + across > limits.MAX_COLUMNS:
                    raise LimitReached("MAX_COLUMNS", f"the sheet has a cell in column {column + across}")
                data_element = xml_entrance.child(cell, "Data")
                if data_element is not None and (text := "".join(data_element.itertext()).strip()):
                    value = _typed(text, xml_entrance.attribute(data_element, "Type"))
                    shown = value.isoformat() if isinstance(value, dt.date) else text
                    left, top = column - 1, row_number - 1
                    page.words.append(Word(shown, left, left + 1 + across, top, top + 1 + down, value))
                column += across
            if row_number > limits.MAX_ROWS:
                raise LimitReached("MAX_ROWS", f"the sheet has more than {limits.MAX_ROWS} rows")
        page.width, page.height = max((word.x1 for word in page.words), default=0), row_number
        if page.words:
            found.append(page)
    return found


def _typed(text: str, kind: str | None) -> Decimal | dt.date | None:
    try:
        if kind == "Number":
            number = float(text)
            return Decimal(format(number, ".15g")) if abs(number) < 1e15 else None
        if kind == "DateTime":
            return dt.date.fromisoformat(text[:10])
    except (ValueError, InvalidOperation):
        return None
    return None
