"""HTML (saved pages, mail bodies, ``.xls`` that is HTML): tables as grids, the text around them as rows of one cell.

lxml.html, because 100,000 nested ``<div>`` cost it nothing (selectolax: 31 s). Text that a person does not see
(``display:none``, scripts, size zero) is not read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from parsers import limits
from parsers.documents import Document
from parsers.errors import LimitReached, Unreadable
from parsers.formats import encodings
from parsers.grid import Page, Word
from parsers.source import Source

_DECLARED = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?([\w-]+)""", re.IGNORECASE)
_UNSEEN_TAGS = frozenset("script style head title noscript template object iframe svg math".split())
_UNSEEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])|mso-hide\s*:\s*all", re.IGNORECASE
)
_BLOCKS = frozenset(
    "p div br li ul ol dl dt dd h1 h2 h3 h4 h5 h6 hr pre blockquote section article header footer address form "
    "fieldset center table tbody tr td th caption".split()
)
_SPACE = re.compile(r"\s+")
_MAX_DEPTH = 2_000


@dataclass(slots=True)
class _Grid:
    """Rows of the page so far, and the text block that is being collected."""

    words: list[Word] = field(default_factory=list)
    row: int = 0
    pending: list[str] = field(default_factory=list)

    def flush(self) -> None:
        text = _SPACE.sub(" ", "".join(self.pending)).strip()[: limits.MAX_CELL_CHARACTERS]
        self.pending.clear()
        if text:
            self.words.append(Word(text, 0, 1, self.row, self.row + 1))
            self.row += 1
            if self.row > limits.MAX_ROWS:
                raise LimitReached("MAX_ROWS", f"the page has more than {limits.MAX_ROWS} rows")


def read(data: bytes, source: Source) -> list[Document]:
    """The documents of an HTML page. Raises :class:`parsers.errors.Unreadable`."""
    declared = _DECLARED.search(data[:4096])
    text = encodings.decode(data, declared.group(1).decode("ascii") if declared else None)
    return read_text(text, source)


def read_text(text: str, source: Source) -> list[Document]:
    """The same for a page that is decoded already (a mail body)."""
    from parsers.reading import read_pages

    found = read_pages([page(text)], file=source.file, format="html", member=source.member)
    if not any(document.lines for document in found) and (said := _preformatted(text)):
        from parsers.formats import text as plain

        return plain.read_text(said, source)
    return found


def _preformatted(text: str) -> str:
    """What a page says whose table is drawn with spaces (``<pre>``), line by line; empty where it has none."""
    if "<pre" not in text.lower():
        return ""
    root = _root(text)
    blocks = [element for element in root.iter("p", "h1", "h2", "h3", "pre") if element.getparent().tag != "pre"]
    return "\n".join(str(element.text_content()) for element in blocks)


def page(text: str) -> Page:
    """The whole page as one grid. Raises :class:`parsers.errors.Unreadable`."""
    grid = _Grid()
    _walk(_root(text), grid)
    grid.flush()
    width = max((word.x1 for word in grid.words), default=0)
    return Page(number=1, words=grid.words, width=width, height=grid.row, cells=True)


def _root(text: str) -> Any:
    import lxml.html
    from lxml import etree

    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text).replace("\x00", "")
    parser = lxml.html.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False
    )
    try:
        return lxml.html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable(f"the HTML cannot be read: {error}") from error


def _walk(root: Any, grid: _Grid) -> None:
    """Depth first without recursion: a hostile page nests deeper than Python's stack."""
    stack: list[tuple[Any, bool]] = [(root, False)]
    while stack:
        element, leaving = stack.pop()
        if leaving:
            if element.tag in _BLOCKS:
                grid.flush()
            if element.tail:
                grid.pending.append(element.tail)
            continue
        if not isinstance(element.tag, str) or _unseen(element):
            if element.tail:
                grid.pending.append(element.tail)
            continue
        if element.tag in _BLOCKS:
            grid.flush()
        if element.tag == "table" and _is_leaf(element):
            _table(element, grid)
            if element.tail:
                grid.pending.append(element.tail)
            continue
        if element.text:
            grid.pending.append(element.text)
        stack.append((element, True))
        stack.extend((child, False) for child in reversed(element))


def _unseen(element: Any) -> bool:
    return (
        element.tag in _UNSEEN_TAGS
        or "hidden" in element.attrib
        or bool(_UNSEEN_STYLE.search(element.get("style") or ""))
        or element.get("type") == "hidden"
    )


def _is_leaf(table: Any) -> bool:
    return next(table.iterdescendants("table"), None) is None


def _table(table: Any, grid: _Grid) -> None:
    """Cells at their places, spans included (the table model of HTML 4.10.12, without its error recovery)."""
    caption = next(table.iterchildren("caption"), None)
    if caption is not None:
        grid.pending.append(_text(caption))
        grid.flush()
    open_spans: dict[int, int] = {}  # column -> rows that a cell from above still covers
    for row in table.iter("tr"):
        if _unseen(row):
            continue
        column, placed = 0, False
        for cell in row.iterchildren("td", "th"):
            while open_spans.get(column, 0) > 0:
                column += 1
            across, down = _span(cell, "colspan"), _span(cell, "rowspan")
            if column + across > limits.MAX_COLUMNS:
                raise LimitReached("MAX_COLUMNS", f"a table has more than {limits.MAX_COLUMNS} columns")
            text = "" if _unseen(cell) else _text(cell)
            if text:
                grid.words.append(Word(text, column, column + across, grid.row, grid.row + down))
                placed = True
            for covered in range(column, column + across):
                open_spans[covered] = down
            column += across
        open_spans = {place: left - 1 for place, left in open_spans.items() if left > 1}
        if placed or column:
            grid.row += 1
        if grid.row > limits.MAX_ROWS:
            raise LimitReached("MAX_ROWS", f"the page has more than {limits.MAX_ROWS} rows")


def _span(cell: Any, name: str) -> int:
    value = (cell.get(name) or "1").strip()
    return min(max(int(value), 1), 1000) if value.isdigit() and len(value) < 6 else 1


def _text(cell: Any) -> str:
    """The visible text of a cell; a line break or block inside it is a space."""
    pieces: list[str] = []
    stack: list[tuple[Any, bool]] = [(cell, False)]
    while stack:
        element, leaving = stack.pop()
        if leaving or not isinstance(element.tag, str) or (element is not cell and _unseen(element)):
            if element is not cell:
                pieces.append(" " if element.tag in _BLOCKS else "")
                pieces.append(element.tail or "")
            continue
        if element is not cell and element.tag in _BLOCKS:
            pieces.append(" ")
        pieces.append(element.text or "")
        stack.append((element, True))
        stack.extend((child, False) for child in reversed(element))
    return _SPACE.sub(" ", "".join(pieces)).strip()[: limits.MAX_CELL_CHARACTERS]
