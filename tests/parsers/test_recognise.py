"""Exactly one reader claims a document, whatever its name says."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest

from parsers import parse
from parsers.documents import Kind
from parsers.opening import READERS
from parsers.recognise import recognise

UBL = b'<Statement xmlns="urn:oasis:names:specification:ubl:schema:xsd:Statement-2"/>'
MAIL = b"From: a@b.example\r\nTo: c@d.example\r\nSubject: hi\r\n\r\nbody\r\n"


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        (b"%PDF-1.7\n", "a.dat", "pdf"),
        (b"\xef\xbb\xbf\r\n%PDF-1.4", "a", "pdf"),
        (b"\x89PNG\r\n\x1a\n....", "scan.pdf", "png"),
        (b"\xff\xd8\xff\xe0", "x", "jpeg"),
        (b"II*\x00abcd", "x", "tiff"),
        (b"\x78\x9f\x3e\x22aa", "winmail.dat", "tnef"),
        (UBL, "x.xml", "ubl"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><!-- c --><x:Statement xmlns:x='urn'/>", "x", "ubl"),
        ("<?xml version='1.0' encoding='utf-16'?><Invoice/>".encode("utf-16"), "x", "ubl"),
        (b"<rsm:CrossIndustryInvoice xmlns:rsm='u'/>", "x", "cii"),
        (b"<Document xmlns='urn:iso:std:iso:20022:tech:xsd:camt.053.001.08'/>", "x", "camt"),
        (b"<!DOCTYPE html><html><body>", "x", "html"),
        (b"<table><tr><td>1</td></tr></table>", "x.xls", "html"),
        (b"<other/>", "x.xml", "xml"),
        (b"<?xml version='1.0'?>\n<p:FatturaElettronica xmlns:p='u'><p:Body/></p:FatturaElettronica>", "x.xml", "xml"),
        (MAIL, "x.txt", "eml"),
        (b"Date,Ref,Amount\n2026-10-01,A,1.00\n2026-10-02,B,2.00\n", "x.txt", "csv"),
        ("日期\t单号\t金额\n2026-10-01\tA\t1.00\n".encode("gb18030"), "x.xls", "csv"),
        (b"Dear all, we paid today.\nRegards\n", "x.txt", "text"),
        (b"", "x", "empty"),
        (b"\x00\x01\x02\x03" * 50, "x", "unknown"),
    ],
)
def test_the_content_decides(data: bytes, name: str, expected: str) -> None:
    assert recognise(data, name) == expected


def test_every_format_has_at_most_one_reader_and_the_rest_is_told_by_name() -> None:
    assert len(READERS) == len(set(READERS))
    [document] = parse(b"Rar!\x1a\x07\x00", "a.rar")
    assert document.kind is Kind.UNREADABLE
    assert "ask for ZIP" in (document.reason or "")


def test_a_file_beyond_the_size_limit_is_refused_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parsers.limits.MAX_BYTES", 10)
    [document] = parse(b"a,b,c\n1,2,3\n", "x.csv")
    assert "MAX_BYTES" in (document.reason or "")


def test_a_zip_that_holds_a_workbook_as_it_is_stays_a_zip() -> None:
    book = io.BytesIO()
    openpyxl.Workbook().save(book)
    outer = io.BytesIO()
    with zipfile.ZipFile(outer, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("statement.xlsx", book.getvalue())
    assert recognise(book.getvalue()) == "xlsx"
    assert recognise(outer.getvalue()) == "zip"
    assert recognise(book.getvalue()[:-40]) == "xlsx"  # cut off: the names still stand before each member
