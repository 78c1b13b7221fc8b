"""Whatever the bytes are, there is an answer: in time, with a reason, without harm to the process that asked."""

from __future__ import annotations

import io
import os
import resource
import time
import zipfile
from collections.abc import Iterator
from email.message import EmailMessage
from functools import lru_cache

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parsers import limits
from parsers.child import needs_recognition
from parsers.containment import Containment, NoAnswer
from parsers.documents import Document, Kind
from tests.parsers import bombs
from tests.parsers.formats import structured

LONGEST = limits.CHILD_WALL_SECONDS + 2
MOST_MEMORY = 50 * 1024  # kB that the parent may grow


@pytest.fixture(scope="module")
def containment() -> Iterator[Containment]:
    with Containment() as contained:
        yield contained


def answered(containment: Containment, data: bytes, name: str = "x") -> list[Document]:
    started = time.monotonic()
    documents = containment.parse(data, name)
    assert documents
    assert time.monotonic() - started < LONGEST
    assert all(document.reason for document in documents if document.kind is Kind.UNREADABLE)
    return documents


@pytest.mark.parametrize("name", bombs.QUICK)
def test_a_small_bomb_is_answered(containment: Containment, name: str) -> None:
    for document in answered(containment, bombs.QUICK[name]()):
        assert not document.lines


@pytest.mark.long
@pytest.mark.parametrize("name", bombs.SLOW)
def test_a_bomb_that_reaches_a_limit_is_answered_by_its_name(containment: Containment, name: str) -> None:
    data = bombs.SLOW[name]()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for document in answered(containment, data):
        assert not document.lines
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MOST_MEMORY


def test_a_file_that_is_too_large_is_refused_before_it_is_sent(containment: Containment) -> None:
    [document] = containment.parse(bytes(limits.MAX_BYTES + 1), "x.pdf")
    assert "MAX_BYTES" in (document.reason or "")


@lru_cache(maxsize=1)
def seeds() -> tuple[bytes, ...]:
    """A small, sound file of every format, to be damaged."""
    from reportlab.pdfgen.canvas import Canvas

    csv = b"Date,Reference,Amount,Balance\n2026-10-01,INV-1,500.00,500.00\n2026-10-02,INV-2,-80.00,420.00\n"
    html = b"<table><tr><th>Date<th>Ref<th>Amount</tr><tr><td>2026-10-01<td>INV-1<td rowspan=2>500.00</tr></table>"
    book = io.BytesIO()
    with xlsxwriter.Workbook(book, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, ["Date", "Ref", "Amount"])
        sheet.write_row(1, 0, ["2026-10-01", "INV-1", 500])
        sheet.merge_range(3, 0, 3, 2, "x")
    page = io.BytesIO()
    canvas = Canvas(page, invariant=1)
    for row, line in enumerate(csv.decode().splitlines()):
        for column, cell in enumerate(line.split(",")):
            canvas.drawString(50 + 120 * column, 700 - 15 * row, cell)
    canvas.save()
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@b.example", "c@d.example", "=?utf-8?b?5a+56LSm?="
    mail.set_content("we paid INV-1 500.00\n")
    mail.add_alternative(html.decode(), subtype="html")
    mail.add_attachment(csv, maintype="text", subtype="csv", filename="s.csv")
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("s.csv", csv)
        packed.writestr("s.xml", structured.ubl_statement())
    tnef = b"\x78\x9f\x3e\x22\x01\x00\x02\x0f\x80\x06\x00\x03\x00\x00\x00abc\x26\x01"
    picture = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x10\x00\x00\x00\x10\x08\x02\x00\x00\x00"
    rtf = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "__properties_version1.0".encode("utf-16-le")
    texts = (csv, html, csv.replace(b",", b"    "), "日期\t金额\n2026-10-01\t5.00\n".encode("gb18030"))
    xmls = (structured.ubl_statement(), structured.ubl_invoice(), structured.cii(), structured.camt())
    return (*texts, *xmls, book.getvalue(), page.getvalue(), mail.as_bytes(), archive.getvalue(), tnef, picture, rtf)


_TOKENS = (
    b"",
    b"\x00",
    b"\xff" * 8,
    b"<",
    b"%PDF-",
    b"PK\x03\x04",
    b"9" * 300,
    b"\n" * 50,
    b"&a;",
    b"1e999",
    b"-",
    b"\xe2\x80\xae",
)
damages = st.lists(
    st.tuples(st.integers(0, 1 << 20), st.integers(0, 64), st.sampled_from(_TOKENS) | st.binary(max_size=12)),
    min_size=1,
    max_size=8,
)


def damaged(data: bytes, changes: list[tuple[int, int, bytes]]) -> bytes:
    out = bytearray(data)
    for place, length, token in changes:
        start = place % (len(out) + 1)
        out[start : start + length] = token
    return bytes(out)


def survives(containment: Containment, data: bytes) -> None:
    started = time.monotonic()
    try:
        value, _ = containment.ask({"job": "parse", "name": "x"}, data)
    except NoAnswer as failure:
        assert str(failure)
    else:
        assert needs_recognition(value) or [Document.from_json(document) for document in value]
    assert time.monotonic() - started < LONGEST


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(which=st.integers(0, 14), changes=damages)
def test_damaged_files_of_every_format_are_answered(
    containment: Containment, which: int, changes: list[tuple[int, int, bytes]]
) -> None:
    survives(containment, damaged(seeds()[which % len(seeds())], changes))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=400) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
def test_noise_is_answered(containment: Containment, data: bytes) -> None:
    survives(containment, data)


@pytest.mark.long
@pytest.mark.timeout(3600)
@settings(
    max_examples=int(os.environ.get("MAILFLOW_MUTATIONS", "10000")),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(which=st.integers(0, 14), changes=damages)
def test_ten_thousand_damaged_files_are_answered(
    containment: Containment, which: int, changes: list[tuple[int, int, bytes]]
) -> None:
    survives(containment, damaged(seeds()[which % len(seeds())], changes))
