"""One page of a document as a person sees it: a picture of a PDF page or scan, the rows of a sheet, CSV, HTML or text.

The picture has the measures of the reading (points, origin at the top left), so a line's ``box`` lies on it; rows are
numbered as ``Line.row`` numbers them. It runs where the readers run: in a child that can be killed.
"""

from __future__ import annotations

import datetime as dt
import io
import math
from dataclasses import dataclass, field
from typing import Any

from parsers.errors import Unreadable
from parsers.formats import encodings, pictures, workbook_scan
from parsers.grid import Page, Word
from parsers.opening import READERS, open_document
from parsers.recognise import recognise
from parsers.source import Source, Wanted

MOST_PIXELS_WIDE = 2400
MOST_PIXELS_HIGH = 6000
MOST_ROWS, MOST_COLUMNS, MOST_CHARACTERS = 80, 24, 120  # of one view; the whole file can be saved
COLOURS = 48  # a page of print needs few, and the file is a third
_LINE = 1.0  # points between tops that are one line of text


@dataclass(slots=True)
class Shown:
    """``pages`` is how many there are. Either ``picture`` (PNG) with its measures in points, or ``rows``: cells from
    row ``first`` (from 1) of ``total``; ``tops`` are then the rows' places in points where the text is measured."""

    pages: int
    width: float = 0.0
    height: float = 0.0
    picture: bytes = b""
    title: str | None = None
    rows: list[list[str]] = field(default_factory=list)
    first: int = 1
    total: int = 0
    tops: list[float] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """Everything but the picture."""
        names = ("pages", "width", "height", "title", "rows", "first", "total", "tops")
        return {name: getattr(self, name) for name in names}


def show(
    data: bytes, name: str, *, member: str | None, number: int, pixels: int, first: int = 1, password: str | None = None
) -> Shown:
    """Page (or sheet) ``number`` from 1, ``pixels`` wide, or its rows from ``first``. ``member`` names the document in
    a container as :class:`parsers.documents.Document` does. Raises :class:`Unreadable` where there is nothing to show.
    """
    if member is not None:
        wanted = Wanted(member)
        open_document(data, Source(name, password=password, recognition=False, wanted=wanted))
        if wanted.content is None:
            raise Unreadable("this part is not in the file, or is the text of the mail itself")
        data, name = wanted.content, member
    found = recognise(data, name)
    reader = READERS.get(found)
    if reader == "pdf":
        return _pdf(data, number, pixels, password)
    if reader == "scan":
        return _scan(data, number, pixels)
    if reader == "sheet" and data.lstrip()[:1] != b"<":
        return _sheet(data, number, first)
    pages = _pages(data, reader)
    page = next((one for one in pages if one.number == number), None)
    if page is None:
        raise Unreadable("this document has no such page")
    return _rows(page, max(one.number for one in pages), first)


def _pdf(data: bytes, number: int, pixels: int, password: str | None) -> Shown:
    from parsers.formats import pdf as reading

    document = reading.open_pdf(data, password)
    try:
        count = len(document)
        if not 1 <= number <= count:
            raise Unreadable("this document has no such page")
        page = document[number - 1]
        width, height = page.get_size()
        image = pictures.rendered(page, _dpi(width, height, pixels))
        if reading.is_blind(document, number - 1):
            image = pictures.straightened(image)  # as it was read
        return Shown(count, float(width), float(height), _png(image))
    finally:
        document.close()


def _dpi(width: float, height: float, pixels: int) -> int:
    wide = min(pixels, MOST_PIXELS_WIDE) / max(width, 1.0)
    high = MOST_PIXELS_HIGH / max(height, 1.0)
    return max(8, round(72 * min(wide, high)))


def _scan(data: bytes, number: int, pixels: int) -> Shown:
    shown, count = None, 0
    for count, frame in enumerate(pictures.frames(data, 150), start=1):
        if count == number:
            shown = pictures.straightened(frame)
    if shown is None:
        raise Unreadable("this document has no such page")
    points = 72 * pictures.A4_LONG_SIDE / max(shown.shape[:2])
    return Shown(count, shown.shape[1] * points, shown.shape[0] * points, _png(shown, pixels))


def _png(image: Any, pixels: int | None = None) -> bytes:
    from PIL import Image

    picture = Image.fromarray(image)
    if pixels is not None and picture.width > pixels:
        picture = picture.resize((pixels, max(1, round(picture.height * pixels / picture.width))))
    few = picture.convert("P", palette=Image.Palette.ADAPTIVE, colors=COLOURS)
    written = io.BytesIO()
    few.save(written, "PNG")
    return written.getvalue()


def _sheet(data: bytes, number: int, first: int) -> Shown:
    from python_calamine import CalamineError, load_workbook

    if data.startswith(b"PK"):
        workbook_scan.scan(data)  # raises for a workbook whose extent would exhaust memory
    try:
        book = load_workbook(io.BytesIO(data))
        count = len(book.sheet_names)
        if not 1 <= number <= count:
            raise Unreadable("this document has no such page")
        sheet = book.get_sheet_by_index(number - 1)
        total = 0 if sheet.end is None else sheet.end[0] + 1
        first = _within(first, total)
        values = sheet.to_python(skip_empty_area=False, nrows=first - 1 + MOST_ROWS)[first - 1 :]
    except CalamineError as failure:
        raise Unreadable(f"the workbook cannot be opened: {failure}") from None
    rows = [[_cell(value) for value in row[:MOST_COLUMNS]] for row in values]
    width = max((column + 1 for row in rows for column, cell in enumerate(row) if cell), default=0)
    rows = [row[:width] for row in rows]
    return Shown(count, title=book.sheet_names[number - 1], rows=rows, first=first, total=total)


def _cell(value: object) -> str:
    if isinstance(value, dt.datetime):
        return f"{value:%Y-%m-%d %H:%M}" if value.time() != dt.time() else value.date().isoformat()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return "" if value is None else str(value)[:MOST_CHARACTERS]


def _pages(data: bytes, reader: str | None) -> list[Page]:
    """The pages as the reader of that format sees them."""
    from parsers.formats import delimited, html, spreadsheetml, text

    if reader == "sheet":
        return spreadsheetml.pages(data)
    if reader == "delimited":
        return [delimited.page(encodings.decode(data))]
    if reader == "html":
        return [html.page(encodings.decode(data))]
    if reader == "text":
        words = encodings.decode(data)
        return [delimited.page(words) if delimited.find_delimiter(words[:200_000]) else text.page(words)]
    raise Unreadable("a document of this format has no pages to show")


def _rows(page: Page, pages: int, first: int) -> Shown:
    if page.cells:
        return _cells(page, pages, first)
    tops: list[float] = []
    lines: list[list[Word]] = []
    for word in sorted(page.words, key=lambda word: (word.top, word.x0)):
        if not tops or word.top > tops[-1] + _LINE:
            tops.append(word.top)
            lines.append([])
        lines[-1].append(word)
    first = _within(first, len(lines))
    shown = lines[first - 1 : first - 1 + MOST_ROWS]
    rows = [[" ".join(word.text for word in line)[: MOST_CHARACTERS * 3]] for line in shown]
    return Shown(
        pages, page.width, page.height, rows=rows, first=first, total=len(lines),
        tops=tops[first - 1 : first - 1 + MOST_ROWS],
    )  # fmt: skip


def _cells(page: Page, pages: int, first: int) -> Shown:
    total = max((math.ceil(word.bottom) for word in page.words), default=0)
    first = _within(first, total)
    seen = [word for word in page.words if first - 1 <= word.top < first - 1 + MOST_ROWS]
    width = min(MOST_COLUMNS, max((math.ceil(word.x1) for word in seen), default=0))
    rows = [[""] * width for _ in range(max(0, min(MOST_ROWS, total - first + 1)))]
    for word in seen:
        if word.x0 < width:
            rows[int(word.top) - first + 1][int(word.x0)] = word.text[:MOST_CHARACTERS]
    return Shown(pages, title=page.title, rows=rows, first=first, total=total)


def _within(first: int, total: int) -> int:
    return max(1, min(first, max(1, total - MOST_ROWS + 1)))
