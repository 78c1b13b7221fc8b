"""A quick look at a document: the words on its pages, the cells of its first sheet, and no judgement of either.

It answers one question: is this a document of our own that came back? (Our marks stand in it as plain text.)
"""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass

from parsers.errors import Unreadable

MAX_PAGES = 6  # our marks stand on every page
MAX_CHARACTERS = 200_000
MAX_ROWS, MAX_COLUMNS = 5_000, 60

Cell = str | float | dt.date | None


@dataclass(frozen=True, slots=True)
class Glance:
    """``cells`` are those of the first sheet, None when it is not a workbook. Numbers are floats as stored."""

    text: str = ""
    cells: list[list[Cell]] | None = None


def glance(data: bytes) -> Glance:
    """Empty for every other kind of file and for what cannot be opened; never raises."""
    try:
        if data[:1024].find(b"%PDF-") >= 0:
            return Glance(_pdf_text(data))
        if data[:4] == b"PK\x03\x04" and b"xl/workbook" in data:
            cells = _first_sheet(data)
            return Glance(" ".join(str(cell) for row in cells for cell in row if cell)[:MAX_CHARACTERS], cells)
    except (Unreadable, ValueError, OSError, RuntimeError):
        pass
    return Glance()


def _pdf_text(data: bytes) -> str:
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    try:
        pages = [document[number] for number in range(min(len(document), MAX_PAGES))]
        return "\n".join(page.get_textpage().get_text_range() for page in pages)[:MAX_CHARACTERS]
    finally:
        document.close()


def _first_sheet(data: bytes) -> list[list[Cell]]:
    from python_calamine import CalamineError, load_workbook

    from parsers.formats import workbook_scan

    workbook_scan.scan(data)  # raises for a workbook whose extent would exhaust memory
    try:
        book = load_workbook(io.BytesIO(data))
        rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False, nrows=MAX_ROWS)
    except CalamineError as failure:
        raise Unreadable(str(failure)) from None
    return [[_cell(cell) for cell in row[:MAX_COLUMNS]] for row in rows]


def _cell(value: object) -> Cell:
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date | str):
        return value
    if isinstance(value, bool) or value is None:
        return None
    return float(value) if isinstance(value, int | float) else str(value)
