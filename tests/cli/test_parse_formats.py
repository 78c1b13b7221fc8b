"""``mailflow parse`` on a real file of every format that people send, through the command line."""

from __future__ import annotations

import email.message
import email.policy
import importlib.util
import io
import json
import struct
import sys
import zipfile
from pathlib import Path

import pytest

from mailflow.cli.main import main

FORMATS = Path(__file__).parents[1] / "parsers" / "formats"
FILES = Path(__file__).parents[1] / "corpus" / "files"
sys.path.insert(0, str(FORMATS))

import structured  # noqa: E402

ROWS = [
    ("Date", "Document no.", "Debit", "Credit", "Balance"),
    ("", "Opening balance", "", "", 1000.0),
    ("2026-10-03", "INV-1001", 500.5, "", 1500.5),
    ("2026-10-09", "CN-77", "", 80.25, 1420.25),
    ("", "Closing balance", "", "", 1420.25),
]


def read(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict]:
    main(["parse", "--json", *arguments])
    return json.loads(capsys.readouterr().out)


def amounts(document: dict) -> list[str]:
    return [line["amount"] for line in document["lines"]]


@pytest.mark.parametrize("name", ["statement.xls", "statement.ods"])
def test_a_workbook_of_libreoffice_is_proven(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    [document] = read(capsys, str(FILES / name))
    assert document["trust"] == "proven"
    assert amounts(document) == ["500.50", "-80.25", "-420.25"]
    assert [line["date"] for line in document["lines"]] == ["2026-10-03", "2026-10-09", "2026-10-20"]


def binary_workbook() -> bytes:
    """A workbook in the binary form of Excel [MS-XLSB], of one sheet with texts and numbers."""

    def record(kind: int, content: bytes = b"") -> bytes:
        head = bytes([kind]) if kind < 128 else bytes([(kind & 0x7F) | 0x80, kind >> 7])
        size, length = b"", len(content)
        while True:
            size += bytes([(length & 0x7F) | (0x80 if length > 127 else 0)])
            length >>= 7
            if not length:
                return head + size + content

    def text(value: str) -> bytes:
        return struct.pack("<I", len(value)) + value.encode("utf-16-le")

    cells = record(148, struct.pack("<IIII", 0, len(ROWS) - 1, 0, 4)) + record(145)
    for top, row in enumerate(ROWS):
        cells += record(0, struct.pack("<I", top) + bytes(21))
        for column, value in enumerate(row):
            place = struct.pack("<II", column, 0)
            if isinstance(value, float):
                cells += record(5, place + struct.pack("<d", value))
            elif value:
                cells += record(6, place + text(value))
    sheet = record(129) + cells + record(146) + record(130)
    book = (
        record(131) + record(143) + record(156, struct.pack("<II", 0, 1) + text("rId1") + text("Konto")) + record(144)
    )
    book += record(132)
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("xl/workbook.bin", book)
        package.writestr(
            "xl/_rels/workbook.bin.rels",
            f'<Relationships xmlns="{relations}"><Relationship Id="rId1" Type="worksheet"'
            ' Target="worksheets/sheet1.bin"/></Relationships>',
        )
        package.writestr("xl/worksheets/sheet1.bin", sheet)
    return out.getvalue()


def test_a_binary_workbook_is_proven(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "statement.xlsb"
    path.write_bytes(binary_workbook())
    [document] = read(capsys, str(path))
    assert (document["trust"], amounts(document)) == ("proven", ["500.50", "-80.25"]), document["reason"]


def forwarded(inner: bytes) -> bytes:
    """A mail that forwards a mail with a statement attached."""
    first = email.message.EmailMessage(policy=email.policy.SMTP)
    first["From"], first["To"], first["Subject"] = "ar@acme.example", "ap@beta.example", "October"
    first.set_content("Please find our statement attached.")
    first.add_attachment(inner, maintype="application", subtype="xml", filename="statement.xml")
    second = email.message.EmailMessage(policy=email.policy.SMTP)
    second["From"], second["To"], second["Subject"] = "ap@beta.example", "clerk@beta.example", "Fwd: October"
    second.set_content("For you.")
    second.add_attachment(first)
    return second.as_bytes()


def zipped(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


def test_what_programs_exchange_and_what_mails_wrap_is_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    statement = structured.ubl_statement()
    files = {
        "statement.xml": statement,
        "advice.xml": structured.ubl_remittance(),
        "invoice.xml": structured.ubl_invoice(),
        "note.xml": structured.ubl_invoice("CreditNote"),
        "cii.xml": structured.cii(),
        "camt053.xml": structured.camt(),
        "camt054.xml": structured.camt(version="camt.054.001.08"),
        "forwarded.eml": forwarded(statement),
        "statement.zip": zipped("statement.xml", statement),
    }
    paths = []
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
        paths.append(str(tmp_path / name))
    documents = {document["file"]: document for document in read(capsys, *paths)}
    assert {name: document["kind"] for name, document in documents.items()} == {
        "statement.xml": "statement",
        "advice.xml": "remittance_advice",
        "invoice.xml": "invoice",
        "note.xml": "invoice",
        "cii.xml": "invoice",
        "camt053.xml": "bank_notice",
        "camt054.xml": "bank_notice",
        "forwarded.eml": "statement",
        "statement.zip": "statement",
    }
    for wrapped in ("forwarded.eml", "statement.zip"):
        assert amounts(documents[wrapped]) == amounts(documents["statement.xml"])
        assert documents[wrapped]["member"].endswith("statement.xml")
    assert documents["camt053.xml"]["lines"]


def test_a_password_opens_pdf_and_workbook(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    passwords = importlib.util.spec_from_file_location("protected_files", FORMATS / "test_passwords.py")
    assert passwords is not None and passwords.loader is not None
    module = importlib.util.module_from_spec(passwords)
    passwords.loader.exec_module(module)
    paths = []
    for name, content in (("s.pdf", module.pdf("geheim")), ("s.xlsx", module.workbook("geheim"))):
        (tmp_path / name).write_bytes(content)
        paths.append(str(tmp_path / name))
    for asked in read(capsys, *paths):
        assert asked["kind"] == "unreadable" and "--password" in asked["reason"]
    opened = read(capsys, *paths, "--password", "geheim")
    assert [document["kind"] == "unreadable" for document in opened] == [False, False]


@pytest.mark.long
@pytest.mark.skipif(importlib.util.find_spec("rapidocr") is None, reason="OCR is not installed")
def test_a_tiff_of_several_pages_is_read_page_by_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from PIL import Image, ImageDraw, ImageFont

    font = ImageFont.load_default(size=26)
    pages = []
    for number, rows in enumerate((ROWS[:3], ROWS[3:]), start=1):
        page = Image.new("L", (1240, 700), 255)
        draw = ImageDraw.Draw(page)
        draw.text((80, 40), f"Statement of account   page {number} of 2", font=font, fill=0)
        for line, row in enumerate([ROWS[0], *rows] if number == 2 else rows):
            for column, value in enumerate(row):
                text = f"{value:,.2f}" if isinstance(value, float) else value
                draw.text((80 + 230 * column, 120 + 60 * line), text, font=font, fill=0)
        pages.append(page)
    path = tmp_path / "statement.tiff"
    pages[0].save(path, save_all=True, append_images=pages[1:], dpi=(150, 150))
    [document] = read(capsys, str(path))
    assert amounts(document) == ["500.50", "-80.25"]
    assert [line["page"] for line in document["lines"]] == [1, 2]
