"""The middle of a long sheet as columns, straight from its XML: row after row of one make, as every program writes it.

A reader of workbooks looks at each cell anew. In a sheet of 100,000 rows nearly all rows are written alike, so the way
they are written is learnt from some of them, and one pattern then takes them all apart. It must take *every* row, their
numbers must ascend, and nothing may stand between them; else this sheet is no matter for here. What a cell of a
make is (a number, a day, which style says), calamine tells of one cell of each: it gets the sheet without its middle
but for those rows (:attr:`PlainRows.short`), and what it says of them must be what is said here.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from parsers.formats import regular

_LEARNT = 40  # rows looked at for how they are written, in each round
_PLACES = 16  # and as many from places all over
_ROUNDS = 5  # of learning from the rows that were not understood
_MOST_MAKES = 12  # ways in which a row's tag or one column's cell is written
_MOST_COLUMNS = 60

_EPOCH = dt.date(1899, 12, 30)  # day 0 of the 1900 system as every program counts since 1900-03-01
_DAYS = range(61, 2_958_466)  # 1900-03-01 to 9999-12-31
_ROW = re.compile(rb'<row r="(\d{1,7})"([^<>]*[^<>/])?>(.*?)</row>', re.DOTALL)
_FORMULA = rb"(?:<f[^<>]*/>|<f[^<>]*>[^<]*</f>)"
_CELL = re.compile(
    rb'<c r="([A-Z]{1,2})(\d{1,7})"((?: s="\d{1,5}"| t="(?:s|n|str|inlineStr)")*)(?:(/)>|>'
    rb"(?:(" + _FORMULA + rb')?<v>[^<]+</v>|(<is>)<t(?: xml:space="preserve")?>[^<]*</t></is>)</c>)'
)
_TEXT = rb'<is><t(?: xml:space="preserve")?>([^<]*)</t></is>'
_TYPE = re.compile(rb' t="(\w+)"')
_NUMBERED = re.compile(rb'(<row r="|<c r="[A-Z]{1,3})(\d{1,7})(?=")')
_MERGED = re.compile(rb'<mergeCell ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_ITEM = re.compile(rb"<si>(.*?)</si>", re.DOTALL)
_STRING = re.compile(rb'<si><t(?: xml:space="preserve")?>([^<]*)</t>(?:<phoneticPr[^<>]*/>)?</si>')
_SHARED = re.compile(rb'<c([^<>]*) t="s"([^<>]*)><v>(\d{1,9})</v></c>')
_NO_STRINGS = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
_ENTITY = re.compile(r"&(?:(lt|gt|quot|apos|amp)|#(\d{1,7})|#x([0-9A-Fa-f]{1,6}));")
_NAMED = {"lt": "<", "gt": ">", "quot": '"', "apos": "'", "amp": "&"}
_FIGURES = b"0123456789.-+eE"

Content = Sequence[bytes]


class _Unlike(Exception):
    """Not row after row of one make, or not to be read without a reader of XML."""


@dataclass(slots=True)
class Cells:
    """One column of the middle: how each cell is written (``"`` and its attributes) and what stands in it, row by row;
    None twice for a cell that is empty. ``makes`` is one make where all cells are written alike."""

    makes: bytes | Sequence[bytes | None]
    contents: Sequence[Any]

    def firsts(self) -> dict[bytes, int]:
        """For each make a row that has it."""
        if isinstance(self.makes, bytes):
            return {self.makes: 0}
        return {make: self.makes.index(make) for make in dict.fromkeys(self.makes) if make is not None}

    def values(self, said: Mapping[bytes, type], strings: Strings | None) -> Sequence[Any]:
        """``float``, ``date`` or text, "" for an empty cell; ``said`` is what calamine makes of each make."""
        if isinstance(self.makes, bytes):
            return _converted(self.makes, said, self.contents, strings)
        found: list[Any] = [""] * len(self.contents)
        for make in said:
            rows = [row for row, of in enumerate(self.makes) if of == make]
            values = _converted(make, said, [self.contents[row] for row in rows], strings)
            for row, value in zip(rows, values, strict=True):
                found[row] = value
        return found


@dataclass(slots=True)
class PlainRows:
    """``short`` is the sheet's XML with the rows ``kept`` (counted in the middle) for its whole middle, as if those
    behind it followed at once; ``ends`` is it without any row of the middle, the others numbered as they are. ``rows``
    are the numbers (from 0) of the middle's rows; where one is left out, that row is empty."""

    short: bytes
    ends: bytes
    rows: Sequence[int]
    kept: list[int]
    columns: dict[int, Cells]

    @property
    def top(self) -> int:
        return self.rows[0]

    @property
    def count(self) -> int:
        return len(self.rows)

    @property
    def left_out(self) -> int:
        """Rows of the sheet that are not in :attr:`short`."""
        return self.rows[-1] - self.rows[0] + 1 - len(self.kept)

    def values(self, shown: Sequence[Sequence[Any]], strings: Strings | None) -> dict[int, Sequence[Any]] | None:
        """The middle's cells by column (``float``, ``date``, text, ``""``); None where they cannot be told so.

        ``shown`` are the rows of :attr:`short` as calamine reads them, ``strings`` are the shared ones.
        """
        samples = shown[self.top : self.top + len(self.kept)]
        found = {}
        try:
            for c, cells in self.columns.items():
                said = {make: type(samples[self.kept.index(row)][c]) for make, row in cells.firsts().items()}
                found[c] = cells.values(said, strings)
        except (_Unlike, ValueError, IndexError, OverflowError):
            return None
        for row, sample in zip(self.kept, samples, strict=True):
            for c, value in enumerate(sample):
                mine = found[c][row] if c in found else ""
                if type(mine) is not type(_plain(value)) or _plain(mine) != _plain(value):
                    return None
        return found


def _plain(value: Any) -> Any:
    return value.date() if type(value) is dt.datetime else value.strip() if type(value) is str else value


def _converted(make: bytes, said: Mapping[bytes, type], contents: Content, strings: Strings | None) -> Sequence[Any]:
    """Raises :class:`_Unlike`, or ``ValueError`` or ``IndexError`` for what is no such number or string."""
    kind = _TYPE.search(make)
    if kind is not None and kind.group(1) == b"s":
        if strings is None:
            raise _Unlike
        return list(map(strings.texts.__getitem__, map(int, contents)))
    if kind is not None and kind.group(1) != b"n":
        return texts(contents)
    if b"".join(contents).translate(None, _FIGURES):
        raise _Unlike
    if said[make] is float:
        return list(map(float, contents))
    if said[make] not in (dt.date, dt.datetime):
        raise _Unlike
    days = {content: _date(content) for content in set(contents)}
    return list(map(days.__getitem__, contents))


def _date(content: bytes) -> dt.date:
    number = float(content)
    day = int(number)
    if day not in _DAYS or number - day > 0.9999:  # it may be the next day, rounded
        raise _Unlike
    return _EPOCH + dt.timedelta(days=day)


def texts(contents: Content) -> list[str]:
    """Texts as written in XML, read. Raises :class:`_Unlike` for what only a reader of XML should read."""
    joined = b"\x00".join(contents).decode("utf-8")
    if "_x" in joined:
        raise _Unlike
    found = joined.split("\x00")
    if "&" in joined:
        known = {text: _unescaped(text) for text in set(found)}
        found = list(map(known.__getitem__, found))
        joined = "".join(known.values())
    if len(found) != len(contents) or "\r" in joined:
        raise _Unlike
    return found


def _unescaped(text: str) -> str:
    plain, count = _ENTITY.subn(_character, text)
    if count != text.count("&"):
        raise _Unlike
    return plain


def _character(found: re.Match[str]) -> str:
    name, decimal, hexadecimal = found.groups()
    return _NAMED[name] if name else chr(int(decimal) if decimal else int(hexadecimal, 16))


@dataclass(slots=True)
class Strings:
    """The shared strings: as XML (what stands in ``<si>``), and read; None for one of several runs of letters."""

    xml: list[bytes]
    texts: Sequence[str | None]


def strings_of(part: bytes) -> Strings | None:
    """The shared strings of a workbook; None where only a reader of XML should read them."""
    try:
        found = _STRING.findall(part)
        if part.count(b"<si") == len(found):
            return Strings([b'<t xml:space="preserve">%b</t>' % one for one in found], texts(found))
        items = _ITEM.findall(part)
        if part.count(b"<si") != len(items):
            return None
        plain = [_STRING.fullmatch(b"<si>%b</si>" % item) for item in items]
        return Strings(items, [None if one is None else texts([one.group(1)])[0] for one in plain])
    except (UnicodeDecodeError, _Unlike):
        return None


def plain_rows(xml: bytes) -> PlainRows | None:
    """The middle of a sheet's XML; None where it is none, or not row after row of a few makes."""
    bounds = _bounds(xml)
    if bounds is None:
        return None
    start, end = bounds
    try:
        numbers, columns = _taken_apart(xml[start:end])
        kept = sorted({len(numbers) - 1, *(row for column in columns.values() for row in column.firsts().values())})
        short = _short(xml, start, end, numbers, kept)
    except (_Unlike, ValueError):
        return None
    return PlainRows(short, xml[:start] + xml[end:], _from_zero(numbers), kept, columns)


def _from_zero(numbers: list[int]) -> Sequence[int]:
    first, last = numbers[0] - 1, numbers[-1]
    return range(first, last) if last - first == len(numbers) else [number - 1 for number in numbers]


def _bounds(xml: bytes) -> tuple[int, int] | None:
    """Where the middle begins and ends."""
    start, end = -1, len(xml)
    for _ in range(regular.HEAD + 1):
        start = xml.find(b"<row ", start + 1)
        if start < 0:
            return None
    for _ in range(regular.TAIL):
        end = xml.rfind(b"<row ", 0, end)
    end = xml.rfind(b"</row>", start, max(start, end)) + 6
    if end < 6 or xml.count(b"<row ", start, end) < regular.FROM_ROWS - regular.HEAD - regular.TAIL:
        return None
    return start, end


@dataclass(slots=True)
class _Learner:
    """How rows and the cells of each column are written, as far as was seen."""

    tags: list[bytes] = field(default_factory=list)  # patterns of the rows' attributes
    makes: dict[int, list[bytes]] = field(default_factory=dict)  # by column: `"` and the attributes, `/` for an empty
    absent: set[int] = field(default_factory=set)  # columns without a cell in some row
    inline: set[int] = field(default_factory=set)  # columns with text that stands in the cell itself
    stored: set[int] = field(default_factory=set)  # columns with values: numbers, shared text
    formulas: set[int] = field(default_factory=set)
    rows: int = 0

    def learn(self, row: re.Match[bytes]) -> None:
        """Raises :class:`_Unlike` for a row that is hidden or holds anything out of the common."""
        attributes = row.group(2) or b""
        if b'hidden="1"' in attributes or b'hidden="true"' in attributes:
            raise _Unlike
        tag = re.sub(rb"\d(?:\d|\\\.)*", rb"[\\d.]+", re.escape(attributes))
        if tag not in self.tags:
            self.tags.append(tag)
        place, last, seen = row.start(3), -1, set()
        for cell in _CELL.finditer(row.string, row.start(3), row.end(3)):
            column = _column(cell.group(1))
            if cell.start() != place or cell.group(2) != row.group(1) or column <= last:
                raise _Unlike
            place, last = cell.end(), column
            self._cell(column, cell)
            seen.add(column)
        self.absent |= self.makes.keys() - seen
        self.rows += 1
        most = max(map(len, (self.tags, *self.makes.values())))
        if place != row.end(3) or most > _MOST_MAKES or last >= _MOST_COLUMNS:
            raise _Unlike

    def _cell(self, column: int, cell: re.Match[bytes]) -> None:
        if column not in self.makes:
            self.makes[column] = []
            if self.rows:
                self.absent.add(column)
        make = b'"' + cell.group(3) + (cell.group(4) or b"")
        if make not in self.makes[column]:
            self.makes[column].append(make)
        if cell.group(4) is None:
            (self.stored if cell.group(6) is None else self.inline).add(column)
        if cell.group(5) is not None:
            self.formulas.add(column)

    def full(self, column: int) -> list[bytes]:
        """The makes of its cells that hold something."""
        return [make for make in self.makes[column] if not make.endswith(b"/")]

    def single(self, column: int) -> bool:
        """Whether all its cells are written alike."""
        return len(self.makes[column]) == 1 and column not in self.absent

    def _content(self, column: int) -> bytes:
        formula = _FORMULA + b"?" if column in self.formulas else b""
        if column not in self.inline:
            return formula + b"<v>([^<]+)</v>"
        if column not in self.stored:
            return _TEXT
        return formula + rb'(?:<v>|<is><t(?: xml:space="preserve")?>)([^<]*)(?:</v>|</t></is>)'

    def pattern(self) -> re.Pattern[bytes]:
        """Of a whole row. Groups: its number, then for each column with anything in it the make (unless all are of one)
        and the content."""
        parts = [rb'<row r="(\d+)"', _any_of(self.tags), b">"]
        for column in sorted(self.makes):
            content = b">" + self._content(column) + b"</c>"
            full = [re.escape(make) for make in self.full(column)]
            bare = [re.escape(make) for make in self.makes[column] if make.endswith(b"/")]
            ways = [b"%b>" % _any_of(bare)] if bare else []
            if full:
                ways.append((full[0] if self.single(column) else b"(%b)" % _any_of(full)) + content)
            cell = rb'<c r="%b\1%b' % (_letters(column), _any_of(ways))
            parts.append(b"(?:%b)?" % cell if column in self.absent else cell)
        parts.append(b"</row>")
        return re.compile(b"".join(parts))


def _taken_apart(middle: bytes) -> tuple[list[int], dict[int, Cells]]:
    """The rows' numbers, and every column, learning until the pattern knows all rows."""
    learner = _Learner()
    unknown = middle
    for _ in range(_ROUNDS):
        before = learner.rows
        for row in _some_rows(unknown):
            learner.learn(row)
        if learner.rows == before:
            break
        pattern = learner.pattern()
        pieces = pattern.split(middle)
        step = pattern.groups + 1
        between = set(pieces[::step])
        if any(map(bytes.strip, between)):
            unknown = b"".join(pieces[::step])
            continue
        numbers = list(map(int, pieces[1::step]))
        if numbers != sorted(set(numbers)):
            break
        columns, at = {}, 2
        for column in sorted(learner.makes):
            if full := learner.full(column):
                several = not learner.single(column)
                made: Any = pieces[at::step] if several else full[0]
                columns[column] = Cells(made, pieces[at + several :: step])
                at += 1 + several
        return numbers, columns
    raise _Unlike


def _some_rows(xml: bytes) -> Iterator[re.Match[bytes]]:
    """The first rows, and some from places all over."""
    for number, row in enumerate(_ROW.finditer(xml)):
        yield row
        if number >= _LEARNT:
            break
    for part in range(1, _PLACES):
        if (found := _ROW.search(xml, len(xml) * part // _PLACES)) is not None:
            yield found


def _short(xml: bytes, start: int, end: int, numbers: list[int], kept: list[int]) -> bytes:
    """See :attr:`PlainRows.short`. Raises :class:`_Unlike` where rows behind the middle cannot be numbered anew."""
    rows, place = [], start
    for new, row in enumerate(kept):
        place = xml.index(b'<row r="%d"' % numbers[row], place)
        rows.append(_moved(xml[place : xml.index(b"</row>", place) + 6], numbers[row] - numbers[0] - new))
    behind, up = xml[end:], numbers[-1] - numbers[0] + 1 - len(kept)
    if behind.count(b"<row ") != behind.count(b'<row r="') or behind.count(b"<c ") != behind.count(b'<c r="'):
        raise _Unlike

    def merged(found: re.Match[bytes]) -> bytes:
        left, top, right, bottom = found.groups()
        if int(bottom) < numbers[0]:
            return found.group()
        if int(top) <= numbers[-1]:
            raise _Unlike
        return b'<mergeCell ref="%b%d:%b%d"' % (left, int(top) - up, right, int(bottom) - up)

    if behind.count(b"<mergeCell ") != len(_MERGED.findall(behind)):
        raise _Unlike
    behind = _MERGED.sub(merged, _moved(behind, up))
    return re.sub(rb"<dimension [^<>]*/>", b"", xml[:start]) + b"".join(rows) + behind


def _moved(xml: bytes, up: int) -> bytes:
    return _NUMBERED.sub(lambda found: found.group(1) + b"%d" % (int(found.group(2)) - up), xml)


def short_workbook(data: bytes, sheets: Mapping[str, PlainRows]) -> tuple[bytes, Strings | None]:
    """The workbook with each of ``sheets`` (by path) as its :attr:`PlainRows.short`, and its shared strings: those that
    these sheets use are written into them, so that the table, which may be long, need not be read twice."""
    out = io.BytesIO()
    strings = None
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        others = [entry for entry in old.infolist() if entry.filename not in sheets]
        parts = {entry.filename: old.read(entry) for entry in others if entry.filename.endswith((".xml", ".rels"))}
        table = next((path for path in parts if path.lower().endswith("/sharedstrings.xml")), None)
        if table is not None and any(b' t="s"' in sheet.short for sheet in sheets.values()):
            strings = strings_of(parts[table])
            if strings is not None and not any(b' t="s"' in part for path, part in parts.items() if "sheet" in path):
                parts[table] = _NO_STRINGS
        for path, sheet in sheets.items():
            parts[path] = sheet.short if strings is None else _with_strings(sheet.short, strings)
        for path, part in parts.items():
            new.writestr(path, part)
    return out.getvalue(), strings


def _with_strings(xml: bytes, strings: Strings) -> bytes:
    """Each shared string written into the cell. Raises ``IndexError`` where there is none of its number."""

    def written(found: re.Match[bytes]) -> bytes:
        before, behind, number = found.groups()
        return b'<c%b t="inlineStr"%b><is>%b</is></c>' % (before, behind, strings.xml[int(number)])

    return _SHARED.sub(written, xml)


def _any_of(patterns: list[bytes]) -> bytes:
    """The longest first: one may be the beginning of another."""
    if len(patterns) == 1:
        return patterns[0]
    return b"(?:%b)" % b"|".join(sorted(patterns, key=lambda one: len(bytes(one)), reverse=True))


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _letters(column: int) -> bytes:
    high, low = divmod(column, 26)
    return b"%c%c" % (64 + high, 65 + low) if high else b"%c" % (65 + low)
