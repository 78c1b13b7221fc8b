"""Reads what our own letters' files say, quickly: the text of a PDF, the numbers of a workbook."""

from __future__ import annotations

import io
import re
import zipfile
from decimal import Decimal, InvalidOperation

import pypdfium2

_SHEET = re.compile(r"xl/worksheets/sheet\d+\.xml")
_CELL = re.compile(rb"<c [^>]*?(?:t=\"(\w+)\")?[^>]*>(?:<f>[^<]*</f>)?<v>([^<]*)</v>")


def pdf_text(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


def workbook_numbers(content: bytes) -> set[Decimal]:
    """Every number in every sheet, at the six decimals that no currency needs more than."""
    found: set[Decimal] = set()
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        for name in book.namelist():
            if not _SHEET.fullmatch(name):
                continue
            for kind, value in _CELL.findall(book.read(name)):
                if kind in (b"s", b"str", b"b", b"e"):
                    continue
                try:
                    found.add(Decimal(value.decode()).quantize(Decimal("0.000001")))
                except InvalidOperation:
                    continue
    return found
