"""A look into a workbook's XML before the reader gets it: its extent, what is hidden, what was never computed.

calamine allocates the rectangle that the cells span: a legal workbook of 2 kB with one cell at XFD1048576 aborts the
process (tafia/calamine#693). So the extent is taken from the cell references themselves, never from ``<dimension>``,
which may say anything. The same pass finds hidden rows and formulas without a stored value, which no reader tells.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, field

from parsers import limits
from parsers.errors import LimitReached, Unreadable
from parsers.formats.plain_rows import PlainRows, plain_rows

_REFERENCES = re.compile(rb"""\br\s*=\s*["']\$?([A-Za-z]{1,3})\$?\d""")
_ROWS = re.compile(rb"""\br\s*=\s*["']\$?[A-Za-z]{0,3}\$?(\d{1,9})["']""")
_PLAIN = bytes.maketrans(b"123456789BCDEFGHIJKLMNOPQRSTUVWXYZ", b"000000000" + b"A" * 25)
_FLESH = bytes(c for c in range(256) if c not in b"<>:/rowcf ")  # what is left out of the bones
_MOST_FOUND = 400_000  # references looked up one by one before the patterns are quicker
_HIDDEN_ROW = re.compile(rb"""<(?:\w+:)?row\b[^>]*?\bhidden\s*=\s*["'](?:1|true)["'][^>]*>""")
_ROW_NUMBER = re.compile(rb"""\br\s*=\s*["'](\d+)["']""")
_UNCOMPUTED = re.compile(
    rb"""<(?:\w+:)?c\b[^>]*?\br\s*=\s*["']([A-Z]+\d+)["'][^>]*>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)"""
    rb"""\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"""
)
_NO_SHEETS = re.compile(
    r"(?:^|/)(?:sharedStrings|styles|theme\d*|calcChain|core|app|custom|\[Content_Types\])\.xml$", re.I
)
_SHEET_ENTRY = re.compile(rb"""<(?:\w+:)?sheet\b[^>]*>""")
_ATTRIBUTE = re.compile(rb"""([\w:]+)\s*=\s*["']([^"']*)["']""")


@dataclass(slots=True)
class SheetFacts:
    hidden_rows: set[int] = field(default_factory=set)  # from 0
    uncomputed: list[str] = field(default_factory=list)  # "G14": a formula whose value was never stored
    middle: PlainRows | None = None  # where it was asked for and there is one


def scan(data: bytes, *, middles: bool = False) -> dict[str, SheetFacts]:
    """Facts by the path of each sheet part, with the ``middles`` of long sheets where they are wanted.

    Raises :class:`LimitReached` or :class:`Unreadable`."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _scan(archive, middles)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, zipfile.zlib.error) as error:  # type: ignore[attr-defined]
        raise Unreadable(f"the workbook is damaged: {error}") from error


def _scan(archive: zipfile.ZipFile, middles: bool) -> dict[str, SheetFacts]:
    entries = archive.infolist()
    if len(entries) > 1000:
        raise LimitReached("MAX_SHEET_PARTS", f"the workbook has {len(entries)} parts, 1000 are read")
    if sum(entry.file_size for entry in entries) > limits.MAX_SHEET_BYTES:
        raise LimitReached("MAX_SHEET_BYTES", f"the workbook inflates to more than {limits.MAX_SHEET_BYTES} bytes")
    facts: dict[str, SheetFacts] = {}
    for entry in entries:
        if entry.filename.lower().endswith((".xml", ".bin")) and not _NO_SHEETS.search(entry.filename):
            part = archive.read(entry)
            if entry.filename.lower().endswith(".xml"):
                facts[entry.filename] = _sheet(part, middles)
    return facts


def _sheet(xml: bytes, middles: bool) -> SheetFacts:
    head = xml[:4096]
    if b"<!DOCTYPE" in head or b"<!ENTITY" in xml[:65_536]:
        raise Unreadable("the workbook's XML declares a document type, which is refused")
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in head:
        raise Unreadable("the workbook's XML is UTF-16, which cannot be checked")
    if b"sheetData" not in xml:
        return SheetFacts()
    middle = plain_rows(xml) if middles else None
    if middle is not None:  # its rows follow each other and none is hidden or without its values
        xml = middle.ends
    bones = xml.translate(None, _FLESH)
    _check_extent(xml, bones, middle)
    facts = SheetFacts(middle=middle)
    if b"hidden" in xml:
        for tag in _HIDDEN_ROW.finditer(xml):
            number = _ROW_NUMBER.search(tag.group())
            if number:
                facts.hidden_rows.add(int(number.group(1)) - 1)
    if b"<f" in bones or b":f" in bones:
        facts.uncomputed = [cell.decode("ascii") for cell in _UNCOMPUTED.findall(xml)]
    return facts


def _check_extent(xml: bytes, bones: bytes, middle: PlainRows | None) -> None:
    """Rows and columns by every reference: of rows, and of cells, which may stand in a row of another number.

    ``bones`` is the XML with little more than the beginnings of its tags: a fifth of it to count in."""
    own = bones.count(b"<row") + bones.count(b":row")
    count = own + (middle.count if middle is not None else 0)
    if count > limits.MAX_ROWS:
        raise LimitReached("MAX_ROWS", f"the sheet has {count} rows, {limits.MAX_ROWS} are read")
    bottom, span, widest = _usual_extent(xml, bones, own) or _extent(xml, own)
    bottom, span = max(bottom, count), max(span, count)
    if span > limits.MAX_ROWS:
        raise LimitReached("MAX_ROWS", f"the sheet's cells reach over {span} rows, {limits.MAX_ROWS} are read")
    if bottom > limits.MAX_ROWS * 5:
        raise LimitReached("MAX_ROWS", f"the sheet has a cell in row {bottom}")
    widest = max(widest, bones.count(b"<c") // max(own, 1))  # cells without a reference follow each other
    if middle is not None:
        widest = max(widest, *middle.columns)
    if widest > limits.MAX_COLUMNS:
        raise LimitReached("MAX_COLUMNS", f"the sheet has a cell in column {widest}, {limits.MAX_COLUMNS} are read")
    if widest * bottom > limits.MAX_CELLS:
        raise LimitReached("MAX_CELLS", f"the sheet spans {widest * bottom} cells, {limits.MAX_CELLS} are read")


def _usual_extent(xml: bytes, bones: bytes, count: int) -> tuple[int, int, int] | None:
    """Last row, rows from first to last, and columns (none of them too small) of a sheet as every program writes it:
    each reference ``r="A1"``, columns up to Z. None where it is not that plain.

    With every digit a 0 and every letter an A a few plain searches see all references: a third of the patterns' time.
    """
    cells, rows = bones.count(b"<c "), bones.count(b"<row ")
    if rows != count or any(c in xml for c in (b"\t", b"\r")) or (b"\n" in xml and (b"<c\n" in xml or b"\nr" in xml)):
        return None
    plain = xml.translate(_PLAIN)
    if plain.count(b' r="A0') + plain.count(b' r="0') != cells + rows:
        return None
    bottom, found = 0, 0
    for pattern in (b' r="A000000', b' r="000000'):
        start = len(pattern) - 6
        at = plain.find(pattern)
        while at >= 0:
            number = xml[at + start : at + start + 10].partition(b'"')[0]
            if not number.isdigit() or found > _MOST_FOUND:
                return None
            bottom, found = max(bottom, int(number)), found + 1
            at = plain.find(pattern, at + 1)
    if not found:  # below 100,000; below 10,000 where no reference has five digits
        bottom = 99_999 if count > 9_999 or b' r="A00000"' in plain or b' r="00000"' in plain else 9_999
    bottom = max(bottom, count)
    if 26 * bottom <= limits.MAX_CELLS:
        return bottom, bottom, 26
    letter = next((letter for letter in b"ZYXWVUTSRQPONMLKJIHGFEDCBA" if b' r="%c' % letter in xml), 90)
    return bottom, bottom, letter - 64


def _extent(xml: bytes, count: int) -> tuple[int, int, int]:
    """The same by patterns that see every way to write a reference."""
    numbers = [int(number) for number in set(_ROWS.findall(xml))] or [1]
    bottom = max(*numbers, count)
    return bottom, bottom - min(numbers) + 1, max(map(_column, set(_REFERENCES.findall(xml))), default=26)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def sheet_paths(data: bytes) -> dict[str, str]:
    """Sheet name -> path of its part, by ``xl/workbook.xml`` and its relations. Empty where they cannot be followed."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            book = archive.read("xl/workbook.xml")
            relations = archive.read("xl/_rels/workbook.xml.rels")
    except (KeyError, zipfile.BadZipFile, OSError):
        return {}
    targets = {}
    for tag in re.findall(rb"<(?:\w+:)?Relationship\b[^>]*>", relations):
        attributes = dict(_ATTRIBUTE.findall(tag))
        target = attributes.get(b"Target", b"").decode("utf-8", "replace")
        targets[attributes.get(b"Id", b"")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    paths = {}
    for tag in _SHEET_ENTRY.findall(book):
        attributes = dict(_ATTRIBUTE.findall(tag))
        identifier = next((value for key, value in attributes.items() if key.endswith(b":id") or key == b"id"), b"")
        name = _unescape(attributes.get(b"name", b"").decode("utf-8", "replace"))
        if identifier in targets:
            paths[name] = targets[identifier]
    return paths


def _unescape(text: str) -> str:
    from html import unescape

    return unescape(text)
