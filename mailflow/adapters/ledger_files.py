"""Ledger and parties files: bytes of CSV or a spreadsheet into items and parties, or one sentence that says why not.

Text may be UTF-8, GB18030 or UTF-16, with or without a mark; separated by comma, semicolon, tab or bar. The header may
stand below title lines (用友 and SAP write some). Nothing of a file with bad rows is given back unless asked for.
"""

from __future__ import annotations

import csv
import datetime as dt
import gc
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import itemgetter
from typing import Any

import python_calamine

from mailflow.receivables import ledger_rows, ledger_table, party_rows
from mailflow.receivables.ledger import Item
from mailflow.receivables.ledger_columns import Columns, columns
from mailflow.receivables.ledger_rows import BadRow, Remark, Row, Rows
from mailflow.receivables.party import Party
from mailflow.refusals import Refusal

DELIMITERS = ",;\t|"
HEADER_WITHIN = 30  # rows: title lines of an export stand above its header
CHUNK = 1_000_000  # characters that are taken apart at once
QUOTED_ROWS = 20_000
LARGE = 500_000  # bytes from which a table pays
NAMED = 20  # bad rows named in a refusal; the rest is counted


@dataclass(frozen=True, slots=True)
class LedgerFile:
    """``skipped`` is empty unless bad rows were to be skipped."""

    items: Sequence[Item]
    skipped: tuple[BadRow, ...] = ()
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class PartiesFile:
    parties: list[Party]
    skipped: tuple[BadRow, ...] = ()
    remarks: tuple[Remark, ...] = ()


def read_ledger(data: bytes, name: str, *, skip_bad_rows: bool = False, as_table: bool = False) -> LedgerFile:
    """The items of ``data``, in the file's order; ``name`` is for the sentences only.

    Raises :class:`Refusal` with every bad row's line, column, value and cure; with ``skip_bad_rows`` they are listed in
    ``skipped`` instead. Of two rows with the same id, the first is kept. With ``as_table`` a large regular file's items
    are a ``LedgerTable``, without remarks.
    """
    rows, found = _table(data, name, "ledger")
    collecting = gc.isenabled()
    gc.disable()  # a million values that all stay: looking for rubbish among them costs seconds
    try:
        if as_table and len(data) >= LARGE and isinstance(rows, _Below):
            large = ledger_table.table(rows.chunks(found.width), found, ledger_rows.caches(rows, found))
            if large is not None:
                return LedgerFile(large)
        made = ledger_rows.items(rows, found)
    except _BrokenFile as failure:
        raise Refusal(f"{name}: {failure}; nothing was imported") from None
    finally:
        if collecting:
            gc.enable()
    if made.bad and not skip_bad_rows:
        raise Refusal(_sentence(name, made.bad))
    return LedgerFile(made.items, tuple(made.bad), tuple(made.remarks))


def read_parties(data: bytes, name: str, *, skip_bad_rows: bool = False) -> PartiesFile:
    """As :func:`read_ledger`, for the parties file."""
    rows, found = _table(data, name, "parties")
    try:
        made = party_rows.parties(rows, found)
    except _BrokenFile as failure:
        raise Refusal(f"{name}: {failure}; nothing was imported") from None
    if made.bad and not skip_bad_rows:
        raise Refusal(_sentence(name, made.bad))
    return PartiesFile(made.parties, tuple(made.bad), tuple(made.remarks))


def _sentence(name: str, bad: Sequence[BadRow]) -> str:
    count = "1 row cannot be read" if len(bad) == 1 else f"{len(bad)} rows cannot be read"
    lines = [f"{name}: {count}, so nothing was imported; correct them, or leave them out with --skip-bad-rows:"]
    lines += [f"  {row}" for row in bad[:NAMED]]
    if len(bad) > NAMED:
        lines.append(f"  … and {len(bad) - NAMED} more")
    return "\n".join(lines)


class _BrokenFile(Exception):
    """The file's structure breaks off; no row after it can be trusted."""


def _table(data: bytes, name: str, kind: str) -> tuple[Rows, Columns]:
    """The rows below the header, and what its columns are. Raises :class:`Refusal`."""
    if not data.strip(b"\0\t\r\n \xef\xbb\xbf\xff\xfe"):
        raise Refusal(f"{name} is empty")
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return _sheet(data, name, kind)
    return _text(_decoded(data, name), name, kind)


def _chosen(candidates: list[tuple[Columns, Rows]], name: str, kind: str) -> tuple[Rows, Columns]:
    if not candidates:
        raise Refusal(f"{name} has no rows")
    found, rows = max(candidates, key=lambda one: one[0].score)
    if found.missing:
        what = "the column" if len(found.missing) == 1 else "the columns"
        have = f"; not understood: {', '.join(found.foreign[:8])}" if found.places and found.foreign else ""
        raise Refusal(
            f"{name}: the header lacks {what} {', '.join(found.missing)}; "
            f"a {kind} file needs {'it' if len(found.missing) == 1 else 'them'}{have}"
        )
    if found.twice:
        raise Refusal(f"{name}: the column {found.twice[0]} stands twice in the header; keep one")
    return rows, found


# --- text -----------------------------------------------------------------------------------------------------------


def _decoded(data: bytes, name: str) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _by("utf-16", data, name)
    if data.startswith(b"\xef\xbb\xbf"):
        return _by("utf-8-sig", data, name)
    head = data[:4096]
    if head.count(0) * 8 > len(head):  # a stray NUL is no UTF-16
        return _by("utf-16-le" if head[1::2].count(0) >= head[0::2].count(0) else "utf-16-be", data, name)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    # Chinese stands in pairs of bytes above 0x7F; in a Western code page such bytes stand alone (Müller)
    runs = [len(run) for run in re.findall(rb"[\x80-\xff]+", data[:1_000_000])]
    western = sum(1 for run in runs if run == 1) > len(runs) / 2
    return _by("cp1252" if western else "gb18030", data, name)


def _by(encoding: str, data: bytes, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as failure:
        line = data.count(b"\n", 0, failure.start) + 1
        raise Refusal(
            f"{name}, line {line}: the text is neither UTF-8 nor GB18030 nor UTF-16; save it again as UTF-8"
        ) from None


def _text(text: str, name: str, kind: str) -> tuple[Rows, Columns]:
    text = text.removeprefix("\ufeff").replace("\0", "")  # PostgreSQL stores no NUL
    beginning = text[:200_000]
    candidates: list[tuple[Columns, Rows]] = []
    for delimiter in DELIMITERS:
        if delimiter not in beginning:
            continue
        try:
            for at, (_, row) in enumerate(_parsed(beginning, delimiter, strict=False)):
                if at >= HEADER_WITHIN:
                    break
                if sum(1 for cell in row if cell.strip()) > 1:
                    candidates.append((columns(row, kind), _Below(text, delimiter, at + 1)))
        except _BrokenFile:
            continue
    return _chosen(candidates, name, kind)


@dataclass(frozen=True, slots=True)
class _Below:
    """The rows of a text below its header; calling it starts reading anew."""

    text: str
    delimiter: str
    skip: int  # rows down to the header

    def __call__(self) -> Iterator[tuple[int, Row]]:
        return islice(_parsed(self.text, self.delimiter), self.skip, None)

    def chunks(self, width: int) -> Iterator[list[list[str]] | None]:
        """The cells by column, some thousand rows at a time; None where a row is wider or narrower than the header.

        Without quotation marks the line break becomes a cell of its own. That it then stands in every (width + 1)th
        place, and nowhere else, proves that every row has ``width`` cells.
        """
        text, cut, step = self.text, f"{self.delimiter}\n{self.delimiter}", width + 1
        if '"' in text:
            yield from self._quoted(width)
            return
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        begins = 0
        for _ in range(self.skip):
            begins = text.find("\n", begins) + 1
        text_ends = len(text) if text.endswith("\n") else len(text) + 1
        while begins < text_ends:
            ends = text.find("\n", begins + CHUNK) + 1 or text_ends
            breaks = text.count("\n", begins, ends - 1)
            cells = text[begins : ends - 1].replace("\n", cut).split(self.delimiter)
            cells.append("\n")
            rows = len(cells) // step
            if len(cells) != rows * step or cells[width::step].count("\n") != rows or rows != breaks + 1:
                yield None
                return
            yield [cells[at::step] for at in range(width)]
            begins = ends

    def _quoted(self, width: int) -> Iterator[list[list[str]] | None]:
        rows = map(itemgetter(1), self())
        try:
            while some := list(islice(rows, QUOTED_ROWS)):
                if set(map(len, some)) != {width}:
                    yield None
                    return
                yield list(map(list, zip(*some, strict=True)))
        except _BrokenFile:
            yield None  # the reader by rows says where


def _parsed(text: str, delimiter: str, *, strict: bool = True) -> Iterator[tuple[int, Row]]:
    """Each row with the line that it begins on. Strict: an open quotation mark must not swallow the rows after it."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict)
    begins = 1
    try:
        for row in reader:
            yield begins, row
            begins = reader.line_num + 1
    except csv.Error as failure:
        raise _BrokenFile(
            f"line {begins}: a quotation mark is not closed, or stands inside a quoted value without being doubled "
            f"({failure})"
        ) from None


# --- sheets ---------------------------------------------------------------------------------------------------------


def _sheet(data: bytes, name: str, kind: str) -> tuple[Rows, Columns]:
    try:
        book = python_calamine.load_workbook(io.BytesIO(data))
        sheets = [(title, book.get_sheet_by_name(title)) for title in book.sheet_names]
        tables = [(sheet.start or (0, 0), sheet.to_python(skip_empty_area=True)) for _, sheet in sheets]
    except Exception as failure:  # calamine's own errors, and what the zip below it raises
        why = "it is protected by a password" if "password" in str(failure).lower() else str(failure) or "it is damaged"
        raise Refusal(f"{name} cannot be read as a spreadsheet: {why}; save it as XLSX or CSV without one") from None
    candidates: list[tuple[Columns, Rows]] = []
    for start, table in tables:
        for at, row in enumerate(table[:HEADER_WITHIN]):
            header = [_cell(value) for value in row]
            if sum(1 for cell in header if cell.strip()) > 1:
                candidates.append((columns(header, kind), _cells(table, at + 1, start[0] + at + 2)))
    return _chosen(candidates, name, kind)


def _cells(table: list[list[Any]], skip: int, first_line: int) -> Rows:
    read: Callable[[Any], str] = _cell
    return lambda: ((line, [read(value) for value in row]) for line, row in enumerate(table[skip:], first_line))


def _cell(value: Any) -> str:
    """A cell as text. A number is written with what its 15 significant digits say: 69.99999999999998 is 70."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        shown = f"{value:.15g}"
        return shown if "e" not in shown else f"{value:.15f}".rstrip("0").rstrip(".")
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    return "" if value is None else str(value)
