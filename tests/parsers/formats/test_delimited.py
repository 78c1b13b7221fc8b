"""Delimited text as banks, wallets and ERP programs export it."""

from __future__ import annotations

import pytest

from parsers import limits
from parsers.errors import LimitReached
from parsers.formats import delimited
from parsers.grid import Page


def grid(page: Page) -> dict[tuple[int, int], str]:
    return {(int(word.top), int(word.x0)): word.text for word in page.words}


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_each_delimiter_is_found(delimiter: str) -> None:
    rows = [["Date", "Ref", "Amount"], ["2026-10-01", "INV-1", "500.00"], ["2026-10-02", "INV-2", "80.00"]]
    page = delimited.page("\n".join(delimiter.join(row) for row in rows))
    assert grid(page) == {(r, c): cell for r, row in enumerate(rows) for c, cell in enumerate(row)}


def test_a_decimal_comma_does_not_split_a_semicolon_file() -> None:
    text = "Datum;Beleg;Betrag;Saldo\n02.09.2026;RE-1;1.234,56;1.234,56\n03.09.2026;RE-2;-5,00;1.229,56\n"
    assert grid(delimited.page(text))[1, 2] == "1.234,56"


def test_masked_account_numbers_and_spaces_are_no_delimiters() -> None:
    text = (
        "时间,卡号,对方 户名,金额\n2026-10-01 10:00:00,1234****9876,张 三,10.00\n"
        "2026-10-02 11:00:00,1234****9876,李 四,20.00\n"
    )
    assert delimited.find_delimiter(text) == ","


def test_preamble_and_trailer_lines_of_another_width_stay_rows_of_their_own() -> None:
    text = (
        "对账单\n客户：华星贸易有限公司\n\n日期,单号,金额\n2026-10-01,A1,5.00\n2026-10-02,A2,6.00\n共2笔，合计11.00元\n"
    )
    cells = grid(delimited.page(text))
    assert cells[1, 0] == "客户：华星贸易有限公司"
    assert cells[4, 2] == "5.00"


def test_excel_text_formulas_tabs_and_apostrophes_are_unwrapped() -> None:
    assert delimited.clean('="00123"') == "00123"
    assert delimited.clean("2026-10-01\t") == "2026-10-01"
    assert delimited.clean("'00123") == "00123"
    assert delimited.clean("'t Hooft") == "'t Hooft"


def test_an_xls_that_is_tab_separated_with_wrapped_cells_is_read() -> None:
    text = '日期\t凭证号\t金额\t\n="2026-10-01"\t="000123"\t="10.00"\t\n="2026-10-02"\t="000124"\t="11.00"\t\n'
    assert grid(delimited.page(text))[1, 1] == "000123"


def test_a_quote_that_never_closes_does_not_swallow_the_lines_below() -> None:
    lines = ["Date,Text,Amount", '2026-10-01,"5 inch,10.00', *[f"2026-10-{day:02},bolt,1.00" for day in range(2, 28)]]
    page = delimited.page("\n".join(lines))
    assert page.height == len(lines)


def test_prose_with_commas_is_no_table() -> None:
    text = "Dear all,\nwe paid INV-1, INV-2, and INV-3 today, as agreed.\nBest regards,\nAnna, accounts, Harrow\n"
    assert delimited.find_delimiter(text) is None


def test_more_rows_than_the_limit_are_refused_by_its_name() -> None:
    with pytest.raises(LimitReached, match="MAX_ROWS"):
        delimited.page("a,b\n" * (limits.MAX_ROWS + 1))
