"""CSV, TSV and every other text with one delimiter, out of bank portals, wallets and ERP exports.

What occurs there: preamble and trailer lines of another width, cells as ``="00123"`` or padded with tabs, a decimal
comma beside ``;``, quotes that never close, and ``.xls`` that is tab-separated text.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable

from parsers import limits
from parsers.documents import Document
from parsers.errors import LimitReached, Unreadable
from parsers.formats import encodings
from parsers.grid import Page, Word
from parsers.source import Source

DELIMITERS = (",", "\t", ";", "|")
MAX_FIELD = 131_072  # characters of one cell; the csv module refuses more
_SAMPLE_LINES = 80
_NUMBER = re.compile(r"[-+(]?[^\w\s]{0,2}\s?\d[\d.,' \u00a0]*[)-]?(?:\s?[A-Z]{2,3})?")
_RULE = re.compile(r"[-=_~*+]{3,}")  # a line drawn with characters
_GAP = re.compile(r"\S {2,}\S")  # inside a cell: columns made of spaces
_INSIDE_NUMBER = re.compile(r"\d,\d")
_FORMULA_TEXT = re.compile(r'^="?(.*?)"?$', re.DOTALL)


def read(data: bytes, source: Source) -> list[Document]:
    """The documents of a delimited text. Raises :class:`parsers.errors.Unreadable`."""
    from parsers.reading import read_pages

    return read_pages([page(encodings.decode(data))], file=source.file, format="csv", member=source.member)


def page(text: str) -> Page:
    """The whole text as one page of cells. Raises :class:`parsers.errors.Unreadable`."""
    delimiter = find_delimiter(text[:200_000], certain=True) or ","
    longest = max(map(len, text.split("\n")), default=0)
    if longest > MAX_FIELD * 4:
        raise LimitReached("MAX_LINE", f"a line of the file has {longest} characters")
    words: list[Word] = []
    number = -1
    for number, cells in enumerate(rows(text, delimiter)):
        if number >= limits.MAX_ROWS:
            raise LimitReached("MAX_ROWS", f"the file has more than {limits.MAX_ROWS} rows")
        if len(cells) > limits.MAX_COLUMNS:
            raise LimitReached(
                "MAX_COLUMNS", f"row {number + 1} has {len(cells)} columns, {limits.MAX_COLUMNS} are read"
            )
        for column, cell in enumerate(cells):
            plain = clean(cell)
            if plain:
                words.append(Word(plain, column, column + 1, number, number + 1))
    width = max((word.x1 for word in words), default=0)
    return Page(number=1, words=words, width=width, height=number + 1, cells=True)


def rows(text: str, delimiter: str) -> Iterable[list[str]]:
    """The rows as the csv module reads them; without quoting where a quote that never closes swallows lines."""
    try:
        quoted = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
        if not any(cell.count("\n") > 8 for row in quoted for cell in row):
            return quoted
    except csv.Error as error:
        if "field limit" not in str(error):
            raise Unreadable(f"the delimited text is damaged: {error}") from error
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quoting=csv.QUOTE_NONE))
    except csv.Error as error:
        raise LimitReached("MAX_FIELD", f"a cell holds more than {MAX_FIELD} characters") from error


def clean(cell: str) -> str:
    """The cell's own text: without ``="..."``, padding, and the apostrophe that marks text."""
    plain = cell[: limits.MAX_CELL_CHARACTERS].strip().strip("\ufeff\u200b")
    if plain.startswith("="):
        wrapped = _FORMULA_TEXT.match(plain)
        plain = wrapped.group(1).strip() if wrapped else plain
    if len(plain) > 1 and plain[0] == "'" and (plain[1].isdigit() or plain[1] in "-+"):
        plain = plain[1:]
    return "" if _RULE.fullmatch(plain) else plain


def find_delimiter(text: str, *, certain: bool = False) -> str | None:
    """The delimiter, or None when the text is no table of that kind. ``certain``: the caller knows that it is one."""
    lines = [line for line in text.splitlines()[: 4 * _SAMPLE_LINES] if line.strip()][:_SAMPLE_LINES]
    scores = {delimiter: _score(lines, delimiter, certain) for delimiter in DELIMITERS}
    ranked = sorted(scores, key=lambda delimiter: scores[delimiter], reverse=True)
    first, second = scores[ranked[0]], scores[ranked[1]]
    if first <= 0:
        return None
    if second > 0.85 * first:  # too close: clevercsv weighs patterns and types (0.4 s to import, so only here)
        return _ask_clevercsv(lines) or ranked[0]
    return ranked[0]


def _score(lines: list[str], delimiter: str, certain: bool) -> float:
    """How much of the text is a table under this delimiter: rows of the common width, times how clean they are."""
    try:
        table = [row for row in csv.reader(lines, delimiter=delimiter) if row]
    except csv.Error:
        table = [line.split(delimiter) for line in lines]
    widths = Counter(len(row) for row in table if len(row) > 1)
    if not widths:
        return 0.0
    width, count = max(widths.items(), key=lambda item: (item[1] * min(item[0], 6), item[0]))
    if not certain and (width < 3 or count < 2 or count < 0.5 * sum(widths.values()) or count < 0.3 * len(table)):
        return 0.0
    others = [other for other in DELIMITERS if other != delimiter]
    cells = [cell.strip() for row in table if len(row) == width for cell in row]
    if not certain:
        gaps = sum(_GAP.search(cell) is not None for cell in cells)
        if gaps > 0.1 * len(cells):  # fixed-width text whose amounts hold the delimiter
            return 0.0
        if delimiter == "," and sum(len(_INSIDE_NUMBER.findall(line)) for line in lines) > 0.6 * sum(
            line.count(",") for line in lines
        ):
            return 0.0
    clean_cells = sum(
        not cell or _NUMBER.fullmatch(cell) is not None or not any(other in cell for other in others) for cell in cells
    )
    numbers = sum(_NUMBER.fullmatch(cell) is not None for cell in cells)
    if not certain and numbers < max(1, count - 2):  # prose with commas has no number in every row
        return 0.0
    return float(count * min(width, 12) ** 0.5 * (clean_cells / len(cells)) ** 2)


def _ask_clevercsv(lines: list[str]) -> str | None:
    import clevercsv

    try:
        dialect = clevercsv.Sniffer().sniff("\n".join(lines), delimiters="".join(DELIMITERS))
    except clevercsv.Error:
        return None
    return dialect.delimiter if dialect is not None and dialect.delimiter in DELIMITERS else None
