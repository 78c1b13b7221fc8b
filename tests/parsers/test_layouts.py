"""Whole documents as accounting programs lay them out: what a reader must find in each."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from parsers.documents import Document, Kind, LineType, Trust
from parsers.opening import open_document
from parsers.source import Source

LAYOUTS = Path(__file__).parents[1] / "corpus" / "layouts"


def read(name: str) -> Document:
    documents = open_document((LAYOUTS / f"{name}.txt").read_bytes(), Source(f"{name}.txt"))
    assert len(documents) == 1
    return documents[0]


@pytest.mark.parametrize(
    ("name", "kind", "amounts", "end"),
    [
        ("open_items_activity", Kind.STATEMENT, "1500 2000 750", "4250"),
        ("activity_statement", Kind.STATEMENT, "240 -820 99.90 -40", "299.90"),
        ("debit_credit_periods", Kind.STATEMENT, "310.50 -1200 -60.50 1000", "1250"),
        ("indian_ledger", Kind.STATEMENT, "118000 -100000 23600", "86600"),
        ("chinese_ledger_direction", Kind.STATEMENT, "8000 -25000 3500", "-1500"),
        ("german_trailing_minus", Kind.STATEMENT, "1190 2380 -238 -1190 595.50", "2737.50"),
        ("french_ledger", Kind.STATEMENT, "480 -1250 -30", "450"),
        ("open_items_partly_paid", Kind.STATEMENT, "1000 850 -150 2300", "4000"),
        ("remittance_us", Kind.REMITTANCE_ADVICE, "9800 3430 -360", "12870"),
        ("remittance_chinese", Kind.REMITTANCE_ADVICE, "10000 5500", "15500"),
        ("open_items_with_payments", Kind.STATEMENT, "11400 -1140 6093.75 3979.61", "20333.36"),
        ("two_tables", Kind.STATEMENT, "400 260 -400 -60", "200"),
        ("statement_with_slip", Kind.STATEMENT, "300 125.50 -150", "425.50"),
        ("payables_ledger", Kind.STATEMENT, "3000 -5000 1200 -200", "4000"),
        ("german_sides", Kind.STATEMENT, "500 -1000 -50", "450"),
        ("summary_box", Kind.STATEMENT, "500 -1000 350", "850"),
        ("chinese_letter", Kind.STATEMENT, "41500 45000", "86500"),
        ("aged_lines", Kind.STATEMENT, "300 450 900 -100", "1550"),
    ],
)
def test_each_layout_is_read_to_the_cent_and_proven(name: str, kind: Kind, amounts: str, end: str) -> None:
    document = read(name)
    assert document.kind is kind
    assert [line.amount for line in document.lines] == [Decimal(a) for a in amounts.split()]
    assert (document.closing_balance or document.payment.amount) == Decimal(end)
    assert document.trust is Trust.PROVEN, document.warnings


def test_the_newest_line_may_stand_first_but_nothing_says_where_the_list_ends() -> None:
    document = read("newest_first")
    assert [str(line.balance) for line in document.lines] == ["1100.00", "1500.00", "800.00", "500.00"]
    assert document.closing_balance == Decimal("1100.00")
    assert document.trust is Trust.PLAUSIBLE


def test_issuer_and_recipient_are_told_apart() -> None:
    assert read("german_trailing_minus").issuer.name == "Rhein-Main Logistik GmbH"
    advice = read("remittance_us")
    assert (advice.issuer.name, advice.recipient.name) == ("Summit Ridge Packaging Inc.", "Juniper Textiles Corp.")
    ledger = read("chinese_ledger_direction")
    assert (ledger.issuer.name, ledger.recipient.name) == ("深圳市新宇贸易有限公司", "广州市宏达机电有限公司")


def test_an_ageing_table_is_told_and_is_no_line() -> None:
    document = read("debit_credit_periods")
    assert sum(document.ageing.values()) == Decimal("1250.00")
    assert len(document.lines) == 4


def test_a_number_inside_the_activity_names_the_document_and_the_rest_is_doubtful() -> None:
    lines = read("activity_statement").lines
    assert [line.reference for line in lines] == ["INV-0101", "INV-0088", "INV-0117", "CN-0009"]
    assert lines[0].other_references == ["PO 7781"] and lines[1].doubts == ["reference"]


def test_a_credit_note_in_a_sales_journal_is_no_invoice() -> None:
    assert [line.type for line in read("french_ledger").lines] == [
        LineType.INVOICE,
        LineType.PAYMENT,
        LineType.CREDIT_NOTE,
    ]


@pytest.mark.parametrize("name", ["debit_credit_periods", "french_ledger", "remittance_us", "open_items_partly_paid"])
def test_one_digit_changed_anywhere_in_an_amount_ends_the_proof(name: str) -> None:
    text = (LAYOUTS / f"{name}.txt").read_text()
    first = read(name).lines[0]
    printed = f"{first.amount:,.2f}"
    if name == "french_ledger":
        printed = printed.replace(".", ",")
    at = text.index(printed)
    broken = text[:at] + ("7" if text[at] != "7" else "8") + text[at + 1 :]
    documents = open_document(broken.encode(), Source("x.txt"))
    assert all(document.trust is Trust.UNPROVEN for document in documents)
    assert any(document.warnings for document in documents)


@pytest.mark.parametrize(
    ("name", "ends"),
    [("two_currencies", {"USD": "800.00", "SGD": "1750.00"}), ("currency_column", {"EUR": "1500.00", "USD": "850.50"})],
)
def test_each_currency_is_a_statement_of_its_own(name: str, ends: dict[str, str]) -> None:
    documents = open_document((LAYOUTS / f"{name}.txt").read_bytes(), Source(f"{name}.txt"))
    assert {d.currency: str(d.closing_balance) for d in documents} == ends
    assert all(d.trust is Trust.PROVEN for d in documents)


def test_that_credits_enlarge_a_payables_ledger_is_said() -> None:
    assert read("payables_ledger").warnings == ["the arithmetic says that credits enlarge the balance of this document"]


def test_a_day_and_month_that_could_be_turned_are_doubtful_on_every_line() -> None:
    document = read("open_day_and_month")
    assert all(line.doubts == ["date"] for line in document.lines)
    assert any("other way round" in warning for warning in document.warnings)


def test_an_invoice_is_one_line_with_its_header_amounts() -> None:
    document = read("invoice")
    assert document.kind is Kind.INVOICE and document.document_no == "20561"
    assert [(line.reference, str(line.amount)) for line in document.lines] == [("20561", "247.20")]


def test_a_bank_notice_tells_who_paid_what() -> None:
    document = read("bank_notice_chinese")
    assert document.kind is Kind.BANK_NOTICE and document.payment.amount == Decimal("15500.00")
    assert document.payment.reference == "99812277"


def test_the_gross_of_an_invoice_is_told_from_its_net_whatever_their_order() -> None:
    page = """QualityHosting AG - Uferweg 40-42 - D-63571 Gelnhausen
Harbour Tools Ltd
17 Dock Road

Rechnung
Rechnungsnr.: 30064443
Rechnungsdatum: 07.05.2026

Menge   Beschreibung               Einzelpreis      Betrag
1       Standard Exchange                45,93       45,93
1       Justificatif                      0,75        0,75
                                    Total HT :       46,68
                                   TVA 20% :          9,34
                                   Total TTC :       56,02
"""
    [document] = open_document(page.encode(), Source("rechnung.txt"))
    assert (document.kind, document.trust) == (Kind.INVOICE, Trust.PLAUSIBLE)
    assert [line.amount for line in document.lines] == [Decimal("56.02")]
    assert (document.issuer.name, document.recipient.name) == ("QualityHosting AG", "Harbour Tools Ltd")


@pytest.mark.parametrize("text", ["August 3 , 2014", "3 August 2014", "Tel. 0123 456"])
def test_a_date_and_a_telephone_are_no_name(text: str) -> None:
    from parsers.parties import clean_name

    assert clean_name(text) is None


def test_a_word_that_begins_like_a_telephone_stays_whole() -> None:
    from parsers.parties import clean_name

    assert clean_name("Hotel Adlon GmbH") == "Hotel Adlon GmbH"


@pytest.mark.parametrize(
    ("totals", "amounts"),
    [
        ("Net total: 496.00\nVAT: 75.04\nTotal: 571.04", ["571.04"]),
        ("Gesamtbetrag netto: 496,00\nMwSt: 75,04\nGesamtbetrag: 571,04", ["571.04"]),
        ("Total HT : 496,00\nTVA : 75,04\nNet à payer : 571,04", ["571.04"]),
        ("Net total: 496.00", []),
    ],
)
def test_a_net_total_is_never_the_amount_of_an_invoice(totals: str, amounts: list[str]) -> None:
    page = f"Pine Ltd\nINVOICE\nInvoice number: RE-507 dated 13/06/2026\n\n{totals}\n"
    [document] = open_document(page.encode(), Source("invoice.txt"))
    assert [str(line.amount) for line in document.lines] == amounts
    assert (document.document_no, document.trust is Trust.PLAUSIBLE) == ("RE-507", bool(amounts))
