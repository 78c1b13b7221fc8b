"""Habits of ledgers printed by bookkeeping programs: contra accounts, credit accounts, parted days, codes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from parsers import parse
from parsers.documents import LineType, Trust
from parsers.parties import clean_name


def _read(text: str, name: str = "ledger.csv"):
    (document,) = parse(text.encode(), name)
    return document


def test_an_opening_row_under_an_unknown_name_with_a_contra_account_is_no_line() -> None:
    document = _read(
        "Datum;Belegfeld 1;Gegenkonto;Buchungstext;Soll;Haben;Saldo\n"
        "01.08.2026;;9000;Stand laut Vorperiode;;;1.000,00\n"
        "03.08.2026;RE1001;8400;Rechnung;500,00;;1.500,00\n"
        "05.08.2026;RE1002;8400;Rechnung;250,50;;1.750,50\n"
        "09.08.2026;ZA1003;1200;Zahlung;;500,00;1.250,50\n"
    )
    assert [line.reference for line in document.lines] == ["RE1001", "RE1002", "ZA1003"]
    assert document.opening_balance == Decimal("1000.00")


def test_an_account_that_stands_on_the_credit_side_all_along_grows_by_its_credits() -> None:
    document = _read(
        "日期,凭证字号,摘要,借方金额,贷方金额,方向,余额\n"
        "2026-08-01,,期初余额,,,贷,1000.00\n"
        "2026-08-03,记1,采购入库,,500.00,贷,1500.00\n"
        "2026-08-05,记2,采购入库,,250.50,贷,1750.50\n"
        "2026-08-09,付3,支付货款,500.00,,贷,1250.50\n"
        ",,合计,500.00,750.50,贷,1250.50\n"
    )
    assert [line.amount for line in document.lines] == [Decimal("500.00"), Decimal("250.50"), Decimal("-500.00")]
    assert (document.opening_balance, document.closing_balance) == (Decimal("1000.00"), Decimal("1250.50"))
    assert document.trust is Trust.PROVEN


def test_a_balance_that_once_stands_on_the_other_side_leaves_debit_positive() -> None:
    document = _read(
        "日期,凭证字号,摘要,借方金额,贷方金额,方向,余额\n"
        "2026-08-01,,期初余额,,,借,100.00\n"
        "2026-08-03,记1,收款,,500.00,贷,400.00\n"
        "2026-08-05,记2,收款,,250.50,贷,650.50\n"
        "2026-08-09,记3,销售,50.00,,贷,600.50\n"
    )
    assert [line.amount for line in document.lines] == [Decimal("-500.00"), Decimal("-250.50"), Decimal("50.00")]


def test_a_column_headed_doc_that_holds_numbers_names_the_documents() -> None:
    document = _read(
        "Date,Doc,Details,Debit,Credit,Balance\n"
        "2026-08-03,V1001,Invoice,500.00,,500.00\n"
        "2026-08-05,V1002,Invoice,250.50,,750.50\n"
        "2026-08-09,V1003,Payment,,500.00,250.50\n"
    )
    assert [line.reference for line in document.lines] == ["V1001", "V1002", "V1003"]


def test_the_code_rv_is_an_invoice_where_its_amount_is_positive() -> None:
    document = _read(
        "Assignment,DocumentNo,Type,Doc. Date,Amount\n"
        "PO1,1800001,RV,2026-08-03,500.00\n"
        "PO2,1800002,RV,2026-08-05,250.50\n"
        "PO3,1400003,DZ,2026-08-09,-500.00\n"
        "Total,,,,250.50\n"
    )
    assert [line.type for line in document.lines] == [LineType.INVOICE, LineType.INVOICE, LineType.PAYMENT]
    assert [line.reference for line in document.lines] == ["1800001", "1800002", "1400003"]


def test_year_month_and_day_in_columns_of_their_own_are_the_date() -> None:
    document = _read(
        "年,月,日,凭证号,摘要,借方,贷方,方向,余额\n"
        "2026,6,1,,期初余额,,,借,100.00\n"
        "2026,6,4,记-1,销售,500.00,,借,600.00\n"
        "2026,6,5,记-2,销售,250.50,,借,850.50\n"
        "2026,7,9,收-3,收款,,500.00,借,350.50\n"
    )
    assert [line.date for line in document.lines] == [date(2026, 6, 4), date(2026, 6, 5), date(2026, 7, 9)]


def test_a_sentence_that_dates_each_paid_invoice_gives_its_date() -> None:
    document = _read(
        "Hello,\n\nWe have today transferred EUR 750.50 to your account for the invoices below.\n\n"
        "- INV-1001 dated 2026-05-06: EUR 500.00\n- INV-1002 dated 2026-05-10: EUR 250.50\n\nTotal: EUR 750.50\n",
        "mail.txt",
    )
    assert [line.date for line in document.lines] == [date(2026, 5, 6), date(2026, 5, 10)]


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("Talleres Ibáñez S.A. — C.I.F. B41000000", "Talleres Ibáñez S.A."),
        ("Schwarzwald Optik AG – Postfach 11 – Stuttgart", "Schwarzwald Optik AG"),
        ("Dear Pembroke Castings Ltd", "Pembroke Castings Ltd"),
        ("Nord - Süd Handels GmbH", "Nord - Süd Handels GmbH"),
    ],
)
def test_a_name_ends_before_its_tax_number_and_address(printed: str, name: str) -> None:
    assert clean_name(printed) == name
