"""A PDF with its invoice as XML inside: the XML wins, and the page must show the same."""

from __future__ import annotations

import io
from decimal import Decimal

import pypdfium2
import pytest
from reportlab.pdfgen.canvas import Canvas

from parsers import parse
from parsers.documents import Document, Kind, LineType, Trust
from tests.parsers.formats import structured


def pdf(lines: list[str], xml: bytes, name: str = "factur-x.xml") -> bytes:
    page = io.BytesIO()
    canvas = Canvas(page, invariant=1)
    for row, line in enumerate(lines):
        canvas.drawString(60, 750 - 18 * row, line)
    canvas.save()
    out = io.BytesIO()
    with pypdfium2.PdfDocument(page.getvalue()) as document:
        document.new_attachment(name).set_data(xml)
        document.save(out)
    return out.getvalue()


def read(data: bytes) -> Document:
    [document] = parse(data, "invoice.pdf")
    return document


@pytest.mark.parametrize("total", ["119.00", "EUR 119,00", "119,00 €"])
def test_the_xml_is_read_and_the_page_confirms_it(total: str) -> None:
    document = read(pdf(["Rechnung RE-7", f"Gesamt {total}"], structured.cii()))
    [line] = document.lines
    assert (document.format, document.kind, document.trust) == ("facturx", Kind.INVOICE, Trust.PROVEN)
    assert (document.issuer.name, document.issuer.tax_id) == ("Müller GmbH", "DE1")
    assert (line.reference, line.amount, line.type) == ("RE-7", Decimal("119.00"), LineType.INVOICE)
    assert str(line.due_date) == "2026-10-31"


def test_a_page_that_shows_another_total_makes_it_unproven() -> None:
    document = read(pdf(["Rechnung RE-7", "Gesamt 99.00"], structured.cii()))
    assert document.trust is Trust.UNPROVEN
    assert any("does not show" in warning for warning in document.warnings)


def test_a_page_that_shows_another_number_makes_it_unproven() -> None:
    assert read(pdf(["Rechnung RE-8", "Gesamt 119.00"], structured.cii())).trust is Trust.UNPROVEN


def test_a_credit_note_is_negative_and_ubl_inside_is_read_too() -> None:
    [line] = read(pdf(["RE-7", "119.00"], structured.cii(code="381"))).lines
    assert (line.type, line.amount) == (LineType.CREDIT_NOTE, Decimal("-119.00"))
    assert read(pdf(["RE-7", "119.00"], structured.ubl_invoice(), "x.xml")).lines[0].amount == Decimal("119.00")


def test_an_attachment_that_is_hostile_or_foreign_leaves_the_page_to_be_read() -> None:
    for xml in (b"<!DOCTYPE x [<!ENTITY a 'b'>]><Invoice>&a;</Invoice>", b"<other/>", b"\x00\x01"):
        assert read(pdf(["Invoice RE-7", "Total 119.00"], xml)).format == "pdf"


def test_plain_cii_is_read_without_a_page() -> None:
    [document] = parse(structured.cii(), "x.xml")
    assert (document.format, document.trust) == ("cii", Trust.PROVEN)
