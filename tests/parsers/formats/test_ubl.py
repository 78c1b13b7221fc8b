"""UBL statements, remittance advices, invoices: every field by name, every total checked."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from parsers import parse
from parsers.documents import Document, Kind, LineType, Trust
from tests.parsers.formats import structured


def read(data: bytes) -> Document:
    [document] = parse(data, "x.xml")
    return document


def test_a_statement_is_read_and_proven() -> None:
    document = read(structured.ubl_statement())
    assert (document.kind, document.format, document.trust) == (Kind.STATEMENT, "ubl", Trust.PROVEN)
    assert (document.issuer.name, document.issuer.tax_id, document.recipient.name) == ("Müller GmbH", "DE1", "Huaxing")
    assert (document.document_no, document.date, document.currency) == ("S-10", dt.date(2026, 10, 31), "EUR")
    assert (document.opening_balance, document.closing_balance) == (Decimal("1000.00"), Decimal("1420.00"))
    assert [(line.type, line.reference, line.amount, str(line.date)) for line in document.lines] == [
        (LineType.INVOICE, "INV-1", Decimal("500.00"), "2026-10-01"),
        (LineType.CREDIT_NOTE, "CN-1", Decimal("-80.00"), "2026-10-05"),
        (LineType.DEBIT_NOTE, "DN-1", Decimal("100.00"), "2026-10-06"),
        (LineType.PAYMENT, "PAY-3", Decimal("-100.00"), "2026-10-09"),
    ]
    assert document.lines[0].balance == Decimal("1500.00")


def test_a_statement_whose_total_is_off_is_never_proven() -> None:
    document = read(structured.ubl_statement(total="1420.01"))
    assert document.trust is Trust.UNPROVEN
    assert any(not check.passed for check in document.checks)


def test_a_remittance_advice_comes_from_the_payer_and_its_lines_make_the_payment() -> None:
    document = read(structured.ubl_remittance())
    assert (document.kind, document.trust, document.issuer.name) == (Kind.REMITTANCE_ADVICE, Trust.PROVEN, "Payer plc")
    assert (document.payment.amount, document.payment.date) == (Decimal("420.00"), dt.date(2026, 11, 3))
    assert [(line.reference, line.amount) for line in document.lines] == [
        ("INV-1", Decimal("500.00")),
        ("CN-1", Decimal("-80.00")),
    ]
    assert read(structured.ubl_remittance("421.00")).trust is Trust.UNPROVEN


def test_an_invoice_gives_its_header_amounts() -> None:
    document = read(structured.ubl_invoice())
    [line] = document.lines
    assert (document.kind, document.trust) == (Kind.INVOICE, Trust.PROVEN)
    assert (line.type, line.reference, line.amount) == (LineType.INVOICE, "RE-7", Decimal("119.00"))
    assert (line.due_date, line.other_references) == (dt.date(2026, 10, 31), ["PO-1"])
    assert read(structured.ubl_invoice(payable="118.00")).trust is Trust.UNPROVEN


def test_a_credit_note_makes_the_balance_smaller() -> None:
    [line] = read(structured.ubl_invoice("CreditNote")).lines
    assert (line.type, line.amount) == (LineType.CREDIT_NOTE, Decimal("-119.00"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be", "utf-32"])
def test_a_document_type_is_refused_in_every_encoding(encoding: str) -> None:
    attack = '<!DOCTYPE s [<!ENTITY a SYSTEM "file:///etc/hostname">]><Statement xmlns="u"><ID>&a;</ID></Statement>'
    document = read(attack.encode(encoding))
    assert document.kind is Kind.UNREADABLE
    assert document.document_no is None


def test_xml_that_is_too_deep_is_refused_by_the_limit() -> None:
    document = read(b"<Statement>" + b"<a>" * 5000 + b"</a>" * 5000 + b"</Statement>")
    assert document.kind is Kind.UNREADABLE


_ROUNDED = """<{kind} xmlns="urn:oasis:names:specification:ubl:schema:xsd:{kind}-2"><ID>R-9</ID>
<IssueDate>2026-10-05</IssueDate><DocumentCurrencyCode>EUR</DocumentCurrencyCode>
<AccountingSupplierParty><Party><PartyName><Name>Harbour Freight</Name></PartyName></Party></AccountingSupplierParty>
<TaxTotal><TaxAmount currencyID="EUR">292.20</TaxAmount></TaxTotal><LegalMonetaryTotal>
<LineExtensionAmount currencyID="EUR">1436.50</LineExtensionAmount>
<TaxExclusiveAmount currencyID="EUR">1436.50</TaxExclusiveAmount>
<TaxInclusiveAmount currencyID="EUR">1729</TaxInclusiveAmount>
<PayableRoundingAmount currencyID="EUR">{rounding}</PayableRoundingAmount>
<PayableAmount currencyID="EUR">1729</PayableAmount></LegalMonetaryTotal></{kind}>"""


@pytest.mark.parametrize(
    ("kind", "type_", "amount"),
    [
        ("Invoice", LineType.INVOICE, "1729"),
        ("FreightInvoice", LineType.INVOICE, "1729"),
        ("SelfBilledCreditNote", LineType.CREDIT_NOTE, "-1729"),
    ],
)
def test_a_gross_that_was_rounded_is_proven_with_the_rounding_it_declares(
    kind: str, type_: LineType, amount: str
) -> None:
    document = read(_ROUNDED.format(kind=kind, rounding="0.30").encode())
    assert (document.trust, document.lines[0].type, document.lines[0].amount) == (Trust.PROVEN, type_, Decimal(amount))
    assert read(_ROUNDED.format(kind=kind, rounding="0.40").encode()).trust is Trust.UNPROVEN
