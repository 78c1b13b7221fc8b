"""Workbooks as people fill them, and as they are forged."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import xlsxwriter

from parsers import parse
from parsers.documents import Kind
from parsers.errors import LimitReached
from parsers.formats import sheet, workbook_scan
from parsers.grid import Page, Word


def workbook(fill: Callable[[Any], None]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        fill(book)
    return out.getvalue()


def pages(data: bytes) -> tuple[list[Page], dict[int, set[int]]]:
    return sheet._pages(data, workbook_scan.scan(data))


def at(page: Page, row: int, column: int) -> Word:
    return next(word for word in page.words if (word.top, word.x0) == (row, column))


def with_part(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            content = old.read(entry)
            new.writestr(entry.filename, change(content) if entry.filename == name else content)
    return out.getvalue()


def test_numbers_keep_the_fifteen_digits_that_excel_shows() -> None:
    [page], _ = pages(workbook(lambda book: book.add_worksheet().write_row(0, 0, [103195.52000000002, 25900, -0.1])))
    assert [word.value for word in page.words] == [Decimal("103195.52"), Decimal(25900), Decimal("-0.1")]


def test_dates_come_typed_whether_formatted_or_left_as_day_numbers() -> None:
    def fill(book: Any) -> None:
        ws = book.add_worksheet()
        ws.write_row(0, 0, ["日期", "Due date", "Amount"])
        ws.write_datetime(1, 0, dt.datetime(2026, 8, 3), book.add_format({"num_format": "yyyy-mm-dd"}))
        ws.write(1, 1, 46237)
        ws.write(1, 2, 46237)
        ws.write(2, 1, 20260803)

    [page], _ = pages(workbook(fill))
    day = dt.date(2026, 8, 3)
    assert at(page, 1, 0).value == at(page, 1, 1).value == at(page, 2, 1).value == day
    assert at(page, 1, 2).value == Decimal(46237)
    assert any("plain numbers" in warning for warning in page.warnings)


def test_merged_cells_span_and_text_keeps_its_leading_zeros() -> None:
    def fill(book: Any) -> None:
        ws = book.add_worksheet()
        ws.merge_range(0, 0, 0, 4, "对账单")
        ws.write_string(1, 0, "000123")

    [page], _ = pages(workbook(fill))
    assert (at(page, 0, 0).x1, at(page, 1, 0).text) == (5, "000123")


def test_hidden_rows_are_known_and_hidden_sheets_are_left_out_with_a_word() -> None:
    def fill(book: Any) -> None:
        ws = book.add_worksheet("open")
        ws.write_column(0, 0, ["a", "b", "c"])
        ws.set_row(1, None, None, {"hidden": True})
        secret = book.add_worksheet("secret")
        secret.write(0, 0, "x")
        secret.hide()

    found, hidden = pages(workbook(fill))
    assert [page.title for page in found] == ["open"]
    assert hidden[1] == {1}
    assert "secret" in found[0].warnings[0]


def test_a_formula_that_was_never_computed_is_named() -> None:
    def fill(book: Any) -> None:
        ws = book.add_worksheet("S")
        ws.write(0, 0, 1)
        ws.write_formula("B1", "=A1*2", value="")

    [page], _ = pages(workbook(fill))
    assert "B1" in page.warnings[0]


def test_a_workbook_that_claims_the_last_possible_cell_is_refused_before_it_is_read() -> None:
    small = workbook(lambda book: book.add_worksheet().write(0, 0, 1))
    two_cells = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    bomb = with_part(
        small,
        "xl/worksheets/sheet1.xml",
        lambda xml: xml[: xml.index(b"<sheetData>") + 11] + two_cells + xml[xml.index(b"</sheetData>") :],
    )
    with pytest.raises(LimitReached, match="MAX_"):
        workbook_scan.scan(bomb)
    [document] = parse(bomb, "bomb.xlsx")
    assert document.kind is Kind.UNREADABLE
    assert "MAX_" in (document.reason or "")


def test_a_declared_dimension_that_lies_does_not_cut_rows() -> None:
    data = workbook(lambda book: book.add_worksheet().write_column(0, 0, [f"r{number}" for number in range(100)]))
    lying = with_part(data, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b'ref="A1:A100"', b'ref="A1:A10"'))
    [page], _ = pages(lying)
    assert len(page.words) == 100


def test_an_entity_in_the_sheet_is_refused() -> None:
    data = workbook(lambda book: book.add_worksheet().write(0, 0, 1))
    entity = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
    attacked = with_part(
        data, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"<worksheet", entity + b"<worksheet", 1)
    )
    [document] = parse(attacked, "x.xlsx")
    assert document.kind is Kind.UNREADABLE
    assert "document type" in (document.reason or "")


def test_amounts_have_the_decimals_of_their_currency() -> None:
    def fill(currency: str) -> Callable[[Any], None]:
        def write(book: Any) -> None:
            ws = book.add_worksheet()
            for number, row in enumerate([
                ["Statement of account"],
                [f"Currency: {currency}"],
                ["Date", "Reference", "Amount", "Balance"],
                ["2026-10-01", "INV-1001", 1500, 1500],
                ["2026-10-02", "INV-1002", 80.5, 1580.5],
                ["2026-10-03", "INV-1003", 20, 1600.5],
            ]):  # fmt: skip
                ws.write_row(number, 0, row)

        return write

    [euro] = parse(workbook(fill("EUR")), "x.xlsx")
    assert [str(line.amount) for line in euro.lines] == ["1500.00", "80.50", "20.00"]
    [yen] = parse(workbook(fill("JPY")), "x.xlsx")
    assert str(yen.lines[0].amount) == "1500"
