"""Protected documents: asked for a password, tried with it, told when it is wrong."""

from __future__ import annotations

import io

import pytest
import xlsxwriter
from msoffcrypto.format.ooxml import OOXMLFile
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from parsers import parse
from parsers.documents import Document, Kind

ROWS = [("Date", "Reference", "Amount"), ("2026-10-01", "INV-1001", "500.00"), ("2026-10-02", "INV-1002", "80.00")]


def workbook(password: str) -> bytes:
    plain, out = io.BytesIO(), io.BytesIO()
    with xlsxwriter.Workbook(plain, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([("Statement of account",), *ROWS]):
            sheet.write_row(number, 0, row)
    OOXMLFile(plain).encrypt(password, out)
    return out.getvalue()


def pdf(password: str) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, encrypt=StandardEncryption(password, ownerPassword="owner", strength=128))
    for number, row in enumerate([("Statement of account",), *ROWS]):
        for column, cell in enumerate(row):
            canvas.drawString(60 + 150 * column, 700 - 20 * number, cell)
    canvas.save()
    return out.getvalue()


def read(data: bytes, password: str | None) -> Document:
    [document] = parse(data, "x", password=password)
    return document


@pytest.mark.parametrize("make", [workbook, pdf])
def test_without_a_password_it_is_asked_for(make: object) -> None:
    document = read(make("geheim"), None)  # type: ignore[operator]
    assert document.kind is Kind.UNREADABLE
    assert "--password" in (document.reason or "")


@pytest.mark.parametrize("make", [workbook, pdf])
def test_a_wrong_password_is_told_and_the_right_one_opens_it(make: object) -> None:
    data = make("geheim")  # type: ignore[operator]
    assert read(data, "falsch").kind is Kind.UNREADABLE
    assert [line.reference for line in read(data, "geheim").lines] == ["INV-1001", "INV-1002"]


def test_a_workbook_protected_without_a_password_opens_by_itself() -> None:
    """Excel encrypts with a word of its own when only the structure is protected ([MS-OFFCRYPTO])."""
    assert len(read(workbook("VelvetSweatshop"), None).lines) == 2
