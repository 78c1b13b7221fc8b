"""Our PDF is one for the archive: what PDF/A-2u asks of a file that holds text, lines and one code."""

import re
import zlib

import pypdfium2
import pytest

from mailflow.adapters.letters_mjml import LetterRenderer
from mailflow.adapters.statement_pdf import StatementPdf
from mailflow.correspondence.letter_samples import COMPANY, ROUTE, STATEMENT
from mailflow.correspondence.statement_sheet import lay_out
from mailflow.resources import font_file, templates_directory

RENDERER, PAPER = LetterRenderer(templates_directory()), StatementPdf([font_file()])


@pytest.fixture(scope="module")
def content() -> bytes:
    return PAPER.draw(lay_out(STATEMENT, COMPANY, RENDERER.words("zh-CN"), ROUTE))


def streams(content: bytes) -> list[tuple[bytes, bytes]]:
    """(dictionary, bytes as stored) of every stream."""
    found = re.finditer(rb"<<((?:(?!endobj).)*?)>>\s*stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL)
    return [(one[1], one[2]) for one in found]


def test_it_claims_the_standard_in_a_packet_that_any_program_finds(content: bytes) -> None:
    (packet,) = re.findall(rb"<\?xpacket begin.*?<\?xpacket end=\"r\"\?>", content, re.DOTALL)
    text = packet.decode("utf-8")
    assert "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>U</pdfaid:conformance>" in text
    assert "SOA-202610-C001-CNY v1" in text and COMPANY.name in text
    assert re.search(rb"/Metadata \d+ 0 R", content) and b"/Type /Metadata" in content


def test_colours_have_a_profile_and_the_file_an_identity(content: bytes) -> None:
    assert b"/S /GTS_PDFA1" in content and re.search(rb"/DestOutputProfile \d+ 0 R", content)
    profiles = [(head, body) for head, body in streams(content) if b"/N 3" in head]
    assert len(profiles) == 1
    head, body = profiles[0]
    raw = zlib.decompress(body) if b"FlateDecode" in head else body
    assert raw[36:40] == b"acsp" and raw[16:20] == b"RGB " and int.from_bytes(raw[:4], "big") == len(raw)
    assert re.search(rb"/ID\s*\[<[0-9a-f]{32}><[0-9a-f]{32}>\]", content)


def test_every_font_is_embedded_and_every_character_mapped(content: bytes) -> None:
    fonts = re.findall(rb"/BaseFont.*?/Widths", content, re.DOTALL)
    assert fonts and all(re.search(rb"/ToUnicode \d+ 0 R", one) for one in fonts)
    assert content.count(b"/FontFile2 ") == len(fonts)
    assert not re.search(rb"/BaseFont /(?:Helvetica|Times|Courier)", content)


@pytest.mark.parametrize(
    "forbidden",
    [rb"/Encrypt ", rb"/JavaScript", rb"/JS ", rb"/Launch", rb"/EmbeddedFiles", rb"/LZWDecode", rb"/SMask", rb"/BM ",
     rb"/Annot", rb"/XFA", rb"/OPI", rb"/AA "],
)  # fmt: skip
def test_nothing_that_the_standard_forbids_is_in_it(content: bytes, forbidden: bytes) -> None:
    assert forbidden not in content


def test_every_stream_ends_its_line_and_its_length_is_told_right(content: bytes) -> None:
    found = streams(content)
    assert len(found) == content.count(b"endstream") >= 6
    for head, body in found:
        assert int(re.search(rb"/Length (\d+)", head)[1]) == len(body)


def test_it_opens_and_is_the_same_each_time(content: bytes) -> None:
    assert content == PAPER.draw(lay_out(STATEMENT, COMPANY, RENDERER.words("zh-CN"), ROUTE))
    assert len(pypdfium2.PdfDocument(content)) == 1
