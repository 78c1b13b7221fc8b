"""Amounts that OCR misread are mended only where the document's own arithmetic proves the mending."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from parsers.documents import Document, Kind, Line, Trust
from parsers.formats import misread, scan
from parsers.grid import Page, Word
from parsers.source import Source

ROWS = [
    ("Date", "Reference", "Amount", "Balance"),
    ("2026-10-01", "1001500", "1,500.00", "1,500.00"),
    ("2026-10-05", "1001501", "2,250.50", "3,750.50"),
    ("2026-10-09", "1001502", "-250.50", "3,500.00"),
    ("2026-10-12", "1001503", "1,100.00", "4,600.00"),
]


def page(misreadings: dict[str, str]) -> Page:
    words = [Word(w, 50 + 70 * n, 110 + 70 * n, 20, 30) for n, w in enumerate("STATEMENT OF ACCOUNT".split())]
    for row, cells in enumerate(ROWS):
        for cell, (edge, right) in zip(cells, ((50, False), (150, False), (380, True), (500, True)), strict=True):
            text = misreadings.get(cell, cell)
            wide, top = 5.5 * len(text), 100 + 18 * row
            x0 = edge - wide if right else edge
            words.append(Word(text, x0, x0 + wide, top, top + 10))
    words += [Word("Balance", 330, 368, 200, 210), Word("due", 372, 390, 200, 210)]
    words.append(Word("4,600.00", 456, 500, 200, 210))
    return Page(1, words, 595, 842, scanned=True)


def test_what_was_read_right_is_left_alone() -> None:
    assert misread.mended_pages([page({})]) == ([], [])


@pytest.mark.parametrize("seen", ["225050", "2,25050", "2.250.50", "2,250,50", "2,25O.50", "2,2S0.5O", "2.,250.50"])
def test_a_misread_amount_is_mended_where_the_sums_hold_only_so(seen: str) -> None:
    [document] = scan.read_until_proven(lambda dpi: [page({"2,250.50": seen})], Source("scan.png"), "image")
    assert document.trust is Trust.PROVEN, document.warnings
    assert [line.amount for line in document.lines][1] == Decimal("2250.50")
    assert [line.reference for line in document.lines] == ["1001500", "1001501", "1001502", "1001503"]


@pytest.mark.parametrize("seen", ["2,250.80", "225080", "22505", "2,2S0.80"])
def test_a_digit_that_is_wrong_is_never_proven(seen: str) -> None:
    [document] = scan.read_until_proven(lambda dpi: [page({"2,250.50": seen})], Source("scan.png"), "image")
    assert document.trust is not Trust.PROVEN


def test_a_date_out_of_order_and_a_number_of_another_make_are_doubted() -> None:
    days = [1, 2, 5, 9, 4, 12, 14, 14]
    numbers = ["IN-100", "IN-101", "IN-102", "IN-1O3", "IN-104", "IN-105", "CN-7", "CN-8"]
    document = Document(file="x", format="image", kind=Kind.STATEMENT)
    document.lines = [
        Line(no=n, amount=Decimal(1), date=dt.date(2026, 10, day), reference=number)
        for n, (day, number) in enumerate(zip(days, numbers, strict=True), start=1)
    ]
    misread.doubt_outliers(document)
    assert [line.doubts for line in document.lines] == [[], [], [], ["reference"], ["date"], [], [], []]


def test_lines_in_no_order_are_not_doubted_for_it() -> None:
    document = Document(file="x", format="image", kind=Kind.STATEMENT)
    document.lines = [
        Line(no=n, amount=Decimal(1), date=dt.date(2026, 10, day)) for n, day in enumerate([9, 2, 7, 1, 8, 3])
    ]
    misread.doubt_outliers(document)
    assert not any(line.doubts for line in document.lines)
