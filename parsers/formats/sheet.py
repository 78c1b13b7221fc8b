"""Workbooks: XLSX, XLSB, XLS, ODS through calamine, encrypted ones through msoffcrypto.

A number keeps what Excel shows of it, 15 significant digits: the stored 103195.52000000002 is 103195.52. Numbers and
dates travel as typed values beside their text, so nothing is parsed back out of a formatted string.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any

from python_calamine import load_workbook

from parsers import currencies, limits
from parsers.documents import Document, Trust
from parsers.errors import LimitReached, PasswordNeeded, Unreadable
from parsers.formats import regular, workbook_scan
from parsers.formats.plain_rows import PlainRows, Strings, short_workbook
from parsers.grid import Block, Page, Word
from parsers.long import LongDocument
from parsers.source import Source

_NAMES = {"xlsx": "workbook", "xls": "workbook"}
_FILLED = re.compile(r"[:：]|\d")  # "截止日期：2026-10-31" heads no column
_DATE_HEADER = re.compile(
    r"日期|时间|時間|到期|\bdate\b|datum|fecha|fällig|échéance|vencimiento|\bdue\b|\bposted\b", re.IGNORECASE
)
_EPOCH = dt.date(1899, 12, 30)  # day 0 of the 1900 system as every program counts since 1900-03-01
_EXCEL_DEFAULT_PASSWORD = "VelvetSweatshop"  # "protected without a password" is encrypted with this word [MS-OFFCRYPTO]
_HEADER_ROWS = 500  # a header that speaks of dates stands among the first
LARGEST = 1e15  # beyond, a double holds no cents
_MAX_NAMED = 8  # cells or rows named in one warning


def read(data: bytes, source: Source) -> list[Document]:
    """The documents of a workbook. Raises :class:`parsers.errors.Unreadable`."""
    if data.startswith(b"PK"):
        return _read_plain(data, source, _zip_format(data))
    if b"E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e" in data:
        return read(_decrypt(data, source.password), source)
    if data.lstrip()[:1] == b"<" or data[:2] in (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb"):
        from parsers.formats import spreadsheetml

        return _documents(spreadsheetml.pages(data), {}, source, "xls")
    return _read_plain(data, source, "xls")


def _zip_format(data: bytes) -> str:
    if data[30:38] == b"mimetype":
        return "ods"
    return "xlsb" if b"xl/workbook.bin" in data else "xlsx"


def _read_plain(data: bytes, source: Source, format: str) -> list[Document]:
    from python_calamine import CalamineError, PasswordError

    facts = workbook_scan.scan(data, middles=True) if format in ("xlsx", "xlsb") else {}
    try:
        try:
            pages, hidden = _pages(data, facts)
        except PasswordError:
            pages, hidden = _pages(_decrypt(data, source.password), facts)
    except (CalamineError, OSError, ValueError) as error:
        raise Unreadable(f"the workbook is damaged: {error}") from error
    return _documents(pages, hidden, source, format)


def _pages(data: bytes, facts: dict[str, workbook_scan.SheetFacts]) -> tuple[list[Page], dict[int, set[int]]]:
    """Visible sheets as pages (hidden ones only when nothing else holds a cell), and the hidden rows of each."""
    visible: list[Page] = []
    concealed: list[Page] = []
    hidden: dict[int, set[int]] = {}
    paths = workbook_scan.sheet_paths(data) if facts else {}
    books = _Books(data, {path: known.middle for path, known in facts.items() if known.middle is not None})
    for number, sheet in enumerate(books.any.sheets_metadata, start=1):
        if str(sheet.typ) != "SheetTypeEnum.WorkSheet":
            continue
        path = paths.get(sheet.name, "")
        known = facts.get(path)
        plain = known is not None and not known.hidden_rows  # which rows of the others are hidden, nobody told
        page = books.shortened(sheet.name, path, number) if plain else None
        page = page or _page(books.whole.get_sheet_by_name(sheet.name), number, sheet.name, bulk=plain)
        if known is not None:
            hidden[number] = known.hidden_rows
            if known.uncomputed:
                page.warnings.append(
                    f"sheet {sheet.name}: {_named(known.uncomputed)} hold a formula whose value was never stored; "
                    "open and save the workbook in its own program"
                )
        (visible if str(sheet.visible) == "SheetVisibleEnum.Visible" else concealed).append(page)
    filled = [page for page in visible if page.words]
    if not filled:
        filled = [page for page in concealed if page.words]
        for page in filled:
            page.warnings.append(f"sheet {page.title} is hidden; it was read because no visible sheet holds anything")
    elif concealed and (names := [page.title or "" for page in concealed if page.words]):
        filled[0].warnings.append(f"hidden sheets were not read: {_named(names)}")
    return filled, hidden


class _Books:
    """The workbook as calamine opens it: whole, and where some sheets' middles are known already, without those."""

    def __init__(self, data: bytes, middles: dict[str, PlainRows]) -> None:
        self._data, self._middles = data, middles
        self._strings: Strings | None = None
        self._short: Any = None
        if middles:
            short, self._strings = short_workbook(data, middles)
            self._short = load_workbook(io.BytesIO(short))

    @cached_property
    def whole(self) -> Any:
        return load_workbook(io.BytesIO(self._data))

    @property
    def any(self) -> Any:
        return self._short or self.whole

    def shortened(self, name: str, path: str, number: int) -> Page | None:
        """The sheet with its middle as a block, where that is known by column; else None."""
        middle = self._middles.get(path)
        if middle is None:
            return None
        sheet = self._short.get_sheet_by_name(name)
        rows = sheet.to_python(skip_empty_area=False)
        values = middle.values(rows, self._strings)
        if values is None:
            return None
        behind = middle.top + len(middle.kept)
        around = {**dict(enumerate(rows[: middle.top])), **dict(enumerate(rows[behind:], middle.rows[-1] + 1))}
        cells = _Cells(sheet, number, name, gap=(behind, middle.left_out))

        def unfolded() -> Page:
            return _page(self.whole.get_sheet_by_name(name), number, name)

        return _with_block(cells, around, values, middle.rows, unfolded)


def _page(sheet: Any, number: int, title: str, *, bulk: bool = False) -> Page:
    """The sheet as a page; its regular middle as a block where ``bulk`` allows it and nothing is irregular."""
    if sheet.total_height * sheet.total_width > limits.MAX_CELLS:
        raise LimitReached("MAX_CELLS", f"sheet {title} spans {sheet.total_height * sheet.total_width} cells")
    cells = _Cells(sheet, number, title)
    rows = sheet.to_python(skip_empty_area=False)

    def unfolded() -> Page:
        return cells.page(enumerate(rows), len(rows))

    if bulk and len(rows) >= regular.FROM_ROWS:
        top, end = regular.HEAD, len(rows) - regular.TAIL
        if not any(left < end and right > top for left, right in cells.merged_rows()):
            around = {**dict(enumerate(rows[:top])), **dict(enumerate(rows[end:], end))}
            columns = dict(enumerate(zip(*rows[top:end], strict=True)))
            page = _with_block(cells, around, columns, range(top, end), unfolded)
            if page is not None:
                return page
    return unfolded()


def _with_block(
    cells: _Cells,
    around: dict[int, Sequence[Any]],
    columns: Mapping[int, Sequence[Any]],
    rows: Sequence[int],
    unfolded: Callable[[], Page],
    odd: set[int] = frozenset(),  # type: ignore[assignment]
) -> Page | None:
    """The rows ``around`` the block, with a row of each form in it and those among ``rows`` that are like no others;
    None where too many are."""
    told = regular.columns_of(columns, rows, odd)
    if told is None:
        return None

    def parted(more: set[int]) -> Page | None:
        return _with_block(cells, around, columns, rows, unfolded, odd | more)

    width = max(columns, default=-1) + 1
    wanted = {*rows} - {*told.rows} if len(told.rows) < len(rows) else set()
    wanted |= {told.rows[sample] for sample in told.samples}
    shown = dict(around)
    for n, row in enumerate(rows) if wanted else ():
        if row in wanted:
            shown[row] = [columns[c][n] if c in columns else "" for c in range(width)]
    page = cells.page(sorted(shown.items()), max(shown) + 1)
    if cells.dated & {c for c, values in told.values.items() if type(values[0]) is float}:
        return None
    page.block = Block(told.rows, told.values, told.forms, told.samples, unfolded, parted)
    return page


class _Cells:
    """The cells of one sheet as words."""

    def __init__(self, sheet: Any, number: int, title: str, *, gap: tuple[int, int] = (0, 0)) -> None:
        """``gap``: the first row of ``sheet`` that stands further down in the whole one, and by how many rows."""
        behind, left_out = gap
        self.spans = {
            (top + left_out * (top >= behind), left): (bottom - top + 1, right - left + 1)
            for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
        }
        self.dated: set[int] = set()  # columns under a header that speaks of dates
        self._number, self._title, self._width = number, title, sheet.total_width

    def merged_rows(self) -> Iterator[tuple[int, int]]:
        """First row and the one behind the last of every merged range."""
        return ((top, top + tall) for (top, _), (tall, _) in self.spans.items())

    def page(self, rows: Iterable[tuple[int, Sequence[Any]]], height: int) -> Page:
        """``rows`` of the sheet as a page of ``height`` rows."""
        self.dated = set()
        words: list[Word] = []
        serials = 0
        for top, row in rows:
            for column, value in enumerate(row):
                if value == "":
                    continue
                if type(value) is float:
                    if not abs(value) < LARGEST:  # no money; what else, a person sees
                        words.append(Word(repr(value), column, column + 1, top, top + 1))
                        continue
                    text = format(value, ".15g")
                    typed: Decimal | dt.date | None = Decimal(text)
                    if column in self.dated and (day := _as_date(value)):
                        typed, serials, text = day, serials + 1, day.isoformat()
                    elif "e" in text:
                        text = format(Decimal(text), "f")
                elif type(value) is str:
                    text, typed = value.strip()[: limits.MAX_CELL_CHARACTERS], None
                    if not text:
                        continue
                    if top < _HEADER_ROWS and len(text) < 40 and _DATE_HEADER.search(text) and not _FILLED.search(text):
                        self.dated.add(column)
                else:
                    text, typed = _other(value)
                tall, wide = self.spans.get((top, column), (1, 1)) if self.spans else (1, 1)
                words.append(Word(text, column, column + wide, top, top + tall, typed))
        page = Page(self._number, words, self._width, height, True, self._title)
        if serials:
            page.warnings.append(
                f"sheet {self._title}: {serials} dates are stored as plain numbers and were read as dates"
            )
        return page


def _as_date(value: float) -> dt.date | None:
    """A day number of Excel (1990 to 2064) or 20260803, where the column's header speaks of dates."""
    if 32_874 <= value <= 60_267:
        return _EPOCH + dt.timedelta(days=int(value))
    if value.is_integer() and 19_900_101 <= value <= 20_991_231:
        year, month_day = divmod(int(value), 10_000)
        try:
            return dt.date(year, month_day // 100, month_day % 100)
        except ValueError:
            return None
    return None


def _other(value: Any) -> tuple[str, Decimal | dt.date | None]:
    if isinstance(value, dt.datetime):
        return value.date().isoformat(), value.date()
    if isinstance(value, dt.date):
        return value.isoformat(), value
    if isinstance(value, bool):
        return str(value).upper(), None
    if isinstance(value, int):
        return str(value), Decimal(value)
    return str(value), None


def _documents(pages: list[Page], hidden: dict[int, set[int]], source: Source, format: str) -> list[Document]:
    """Read what a person sees; where only the hidden rows close the arithmetic, read them as well."""
    from parsers.reading import read_pages

    if not pages:
        raise Unreadable("the workbook holds no cell")

    def reading(of: list[Page]) -> list[Document]:
        found = read_pages(of, file=source.file, format=format, member=source.member)
        for document in found:
            _with_minor_units(document)
        return found

    rows_hidden = {page.number: hidden.get(page.number, set()) & {int(w.top) for w in page.words} for page in pages}
    if not any(rows_hidden.values()):
        return reading(pages)
    said = "; ".join(
        f"sheet {page.title}: rows {_named([str(row + 1) for row in sorted(rows_hidden[page.number])])} are hidden"
        for page in pages
        if rows_hidden[page.number]
    )
    seen = reading([_without(page, rows_hidden[page.number]) for page in pages])
    chosen, how = seen, "and were not read"
    if not all(document.trust is Trust.PROVEN for document in seen):
        whole = reading(pages)
        if sum(d.trust is Trust.PROVEN for d in whole) > sum(d.trust is Trust.PROVEN for d in seen):
            chosen, how = whole, "and were read, because only with them the arithmetic closes"
    for document in chosen:
        document.warnings.append(f"{said} {how}")
    return chosen


def _with_minor_units(document: Document) -> None:
    """A cell holds 2001 where it shows 2,001.00: amounts get the decimals of their currency (of none: two)."""
    decimals = currencies.exponent(document.currency or "")
    unit = Decimal(1).scaleb(-decimals)
    # the columns of a long document are in hundredths already
    lines = document.single_lines() if isinstance(document, LongDocument) else document.lines
    for thing in (document, document.payment, *lines):
        for name in ("amount", "balance", "debit", "credit", "open_amount", "opening_balance", "closing_balance"):
            value = getattr(thing, name, None)
            if value is not None and -value.as_tuple().exponent < decimals:
                setattr(thing, name, value.quantize(unit))


def _without(page: Page, rows: set[int]) -> Page:
    kept = [word for word in page.words if int(word.top) not in rows]
    return Page(page.number, kept, page.width, page.height, True, page.title, page.scanned, list(page.warnings))


def _named(names: list[str]) -> str:
    more = len(names) - _MAX_NAMED
    return ", ".join(names[:_MAX_NAMED]) + (f" and {more} more" if more > 0 else "")


def _decrypt(data: bytes, password: str | None) -> bytes:
    """The workbook inside an encrypted one. Raises :class:`PasswordNeeded`."""
    import msoffcrypto
    from msoffcrypto.exceptions import DecryptionError, FileFormatError, InvalidKeyError, ParseError

    for word in dict.fromkeys((password, _EXCEL_DEFAULT_PASSWORD)):
        if word is None:
            continue
        out = io.BytesIO()
        try:
            office = msoffcrypto.OfficeFile(io.BytesIO(data))
            office.load_key(password=word)
            office.decrypt(out)
            return out.getvalue()
        except (InvalidKeyError, DecryptionError):
            continue
        except (FileFormatError, ParseError) as error:
            raise Unreadable(f"the encrypted workbook is damaged: {error}") from error
    said = "the password is wrong" if password else "it is encrypted; give its password (--password)"
    raise PasswordNeeded(f"the workbook cannot be opened: {said}")
