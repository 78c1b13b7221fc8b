"""The middle of a sheet out of its XML is, cell by cell, what a reader of workbooks finds there; or nothing is said."""

from __future__ import annotations

import datetime as dt
import io
import random
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest
import xlsxwriter
from python_calamine import load_workbook

from parsers.formats import plain_rows, workbook_scan

ROWS = 620
Table = list[list[Any]]
SHEET = "xl/worksheets/sheet1.xml"


def table(seed: int) -> Table:
    """Amounts, days, texts with what XML escapes, gaps; one row like the other but not quite."""
    rng = random.Random(seed)
    rows: Table = [["Müller & Söhne <Ltd>"], [None], ["Date", "Text", "Number", "Debit", "Credit", "Balance"]]
    for n in range(ROWS):
        text = rng.choice(["goods", " a < b & \"c\" 'd' ", "销售出库", "&amp;", f"order {n}", "two\nlines"])
        cents = rng.randrange(-90_000, 90_000)
        side = rng.randrange(3)
        rows.append(
            [
                dt.datetime(2026, 1, 1) + dt.timedelta(days=n // 3),
                text if rng.random() < 0.9 else None,
                f"{n:05d}" if seed % 2 else n,
                cents / 100 if side == 0 else None,
                cents / 100 if side == 1 else None,
                rng.choice([cents / 100, cents * 1e7, cents / 1e7, 0, 103195.52000000002]),
            ]
        )
    return [*rows, ["Total", None, None, 1.5, None, 7], [], ["behind"]]


def by_xlsxwriter(rows: Table, **options: bool) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, options) as book:
        day, grey = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"bg_color": "#eeeeee"})
        sheet = book.add_worksheet()
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                if isinstance(value, dt.datetime):
                    sheet.write_datetime(r, c, value, day)
                elif value is None and c == 3:
                    sheet.write_blank(r, c, None, grey)
                elif c == 5 and r > 3 and value is not None:
                    sheet.write_formula(r, c, f"=F{r}+D{r + 1}", None, value)
                elif value is not None:
                    sheet.write(r, c, value)
        if not options.get("constant_memory"):
            sheet.merge_range(1, 0, 1, 4, "merged")
            sheet.merge_range(len(rows), 0, len(rows), 4, "merged behind")
            sheet.write_rich_string(len(rows) + 1, 0, "rich ", day, "text")
    return out.getvalue()


def by_openpyxl(rows: Table) -> bytes:
    out = io.BytesIO()
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


WRITERS: dict[str, Callable[[Table], bytes]] = {
    "shared strings": by_xlsxwriter,
    "strings in cells": lambda rows: by_xlsxwriter(rows, constant_memory=True),
    "openpyxl": by_openpyxl,
}


def middle(data: bytes) -> tuple[int, list[list[Any]]] | None:
    """First row and the rows of the middle as they come out of the XML."""
    known = workbook_scan.scan(data, middles=True)[SHEET].middle
    if known is None:
        return None
    short, strings = plain_rows.short_workbook(data, {SHEET: known})
    rows = load_workbook(io.BytesIO(short)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    values = known.values(rows, strings)
    if values is None:
        return None
    width = max(values) + 1
    return known.top, [
        list(row) for row in zip(*(values.get(c, [""] * known.count) for c in range(width)), strict=True)
    ]


def read(data: bytes) -> list[list[Any]]:
    rows = load_workbook(io.BytesIO(data)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    return [[value.date() if type(value) is dt.datetime else value for value in row] for row in rows]


def stripped(rows: list[list[Any]]) -> list[list[Any]]:
    return [[value.strip() if isinstance(value, str) else value for value in row] for row in rows]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("writer", WRITERS)
def test_each_cell_is_what_the_reader_of_workbooks_finds(writer: str, seed: int) -> None:
    data = WRITERS[writer](table(seed))
    found = middle(data)
    assert found is not None
    top, rows = found
    whole = stripped(read(data))
    width = len(rows[0])
    assert len(rows) >= ROWS - 100
    assert stripped(rows) == [row[:width] for row in whole[top : top + len(rows)]]
    assert [[type(value) for value in row] for row in rows] == [
        [type(value) for value in row[:width]] for row in whole[top : top + len(rows)]
    ]


def changed(old: bytes, new: bytes) -> bytes:
    """A plain workbook with ``old`` in its sheet, in a row of the middle, made ``new``."""
    data = by_xlsxwriter(table(1), constant_memory=True)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as book, zipfile.ZipFile(out, "w") as other:
        for entry in book.infolist():
            part = book.read(entry)
            if entry.filename == SHEET:
                assert part.count(old) == 1
                part = part.replace(old, new)
            other.writestr(entry.filename, part)
    return out.getvalue()


ROW = b'<row r="300"'


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (ROW, b'<!-- --><row r="300"'),
        (ROW, b'<row r="299"'),
        (ROW, b'<row r="301"'),
        (ROW, b'<row hidden="1" r="300"'),
        (ROW, b'<row r="300" hidden="1"'),
        (ROW, b'<row r="300"><c r="A300"><v>1</v></c></row><row r="300"'),
        (b'<c r="A300" s="1"><v>', b'<c r="A301" s="1"><v>'),
        (b'<c r="A300" s="1"><v>', b'<c r="A300" s="1" t="b"><v>'),
        (b'<c r="A300" s="1"><v>', b'<c r="A300" s="1"><v> '),
        (b'<c r="A300" s="1"><v>', b'<c r="A300" s="1"><v>1_0'),
        (b'<c r="A300" s="1"><v>', b'<c r="A300" s="1"><v>-'),
        (b'<c r="C300" t="inlineStr"><is><t>00296', b'<c r="C300" t="inlineStr"><is><t>_x0041_'),
        (b'<c r="C300" t="inlineStr"><is><t>00296', b'<c r="C300" t="inlineStr"><is><t>&#13;'),
        (b'<c r="C300" t="inlineStr"><is><t>00296</t>', b'<c r="C300" t="inlineStr"><is><r><t>0</t></r>'),
        (b'<c r="C300" t="inlineStr"><is><t>00296</t></is>', b'<c r="C300" t="e"><v>#REF!</v>'),
    ],
)  # fmt: skip
def test_of_a_middle_with_anything_out_of_the_common_nothing_is_said(old: bytes, new: bytes) -> None:
    assert middle(changed(old, new)) is None


def test_a_row_written_in_another_way_is_learnt() -> None:
    data = changed(b'<c r="C300" t="inlineStr"><is><t>00296</t></is></c>', b'<c r="C300" s="2"/>')
    found = middle(data)
    assert found is not None
    assert stripped(found[1])[299 - found[0]] == stripped(read(data))[299][: len(found[1][0])]


def test_a_workbook_counting_days_from_1904_is_left_to_its_reader() -> None:
    assert middle(by_xlsxwriter(table(1), date_1904=True)) is None
