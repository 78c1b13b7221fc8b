"""A PDF with its content as XML inside (Factur-X, ZUGFeRD): the XML wins, and the page must show the same.

The page is what a person approves and the XML is what a program books. Where the two differ in number or total,
someone made them differ, so the document is ``unproven`` and both are told.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from parsers.documents import Check, CheckName, Document, Kind, Trust
from parsers.errors import Unreadable
from parsers.formats import camt, cii, ubl
from parsers.recognise import recognise
from parsers.source import Source

_MAX_ATTACHMENTS = 50
_READERS = {"cii": cii.read, "ubl": ubl.read, "camt": camt.read}


def embedded(pdf: Any, source: Source) -> list[Document] | None:
    """The documents of the first attachment that is a known XML, checked against the page; None when there is none.

    ``pdf`` is an open ``pypdfium2.PdfDocument``.
    """
    for index in range(min(pdf.count_attachments(), _MAX_ATTACHMENTS)):
        attachment = pdf.get_attachment(index)
        if not attachment.get_name().lower().endswith((".xml", ".txt")):
            continue
        data = bytes(attachment.get_data())
        reader = _READERS.get(recognise(data, attachment.get_name()))
        if reader is None:
            continue
        try:
            documents = reader(data, source)
        except Unreadable:
            continue
        for document in documents:
            document.format = "facturx"
            _compare(document, pdf)
        return documents
    return None


def _compare(document: Document, pdf: Any) -> None:
    """The number and the total, as any of the ways a page prints them."""
    text = "".join(_page_text(pdf, number) for number in range(min(len(pdf), 20)))
    plain = re.sub(r"\s", "", text)
    if not plain:
        document.warnings.append("the page holds no text, so it could not be compared with the XML inside")
        return
    name = "invoice" if document.kind is Kind.INVOICE else document.kind.value.replace("_", " ")
    total = document.closing_balance
    if total is None and document.lines:
        total = document.lines[0].amount if document.kind is Kind.INVOICE else document.payment.amount
    if total is not None:
        shown = any(form in plain for form in _printed(abs(total)))
        said = "shows" if shown else "does not show"
        detail = f"the page {said} the {name} total {abs(total):f} of the XML inside"
        document.checks.append(Check(CheckName.COLUMN_TOTAL, shown, detail))
        if not shown:
            document.trust = Trust.UNPROVEN
            document.warnings.append(detail)
    if document.document_no and re.sub(r"\s", "", document.document_no) not in plain:
        document.warnings.append(f"the page does not show the number {document.document_no} of the XML inside")
        if document.trust is Trust.PROVEN:
            document.trust = Trust.UNPROVEN


def _printed(amount: Decimal) -> set[str]:
    """1234.5 as 1234.50, 1,234.50, 1.234,50, 1'234.50 and without decimals when they are zero."""
    plain = f"{amount:,.2f}"
    forms = {plain, plain.replace(",", "")}
    forms |= {form.replace(",", "'") for form in (plain,)}
    forms |= {plain.replace(",", "\x00").replace(".", ",").replace("\x00", mark) for mark in (".", "", "'", "’")}
    if amount == amount.to_integral_value():
        forms |= {form[:-3] for form in set(forms)}
    return forms


def _page_text(pdf: Any, number: int) -> str:
    page = pdf[number]
    try:
        text_page = page.get_textpage()
        try:
            return str(text_page.get_text_bounded())
        finally:
            text_page.close()
    finally:
        page.close()
