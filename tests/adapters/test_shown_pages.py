"""Pages for a person's eyes: drawn where documents are read, in the measures in which lines have their boxes."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterator
from importlib.resources import files

import pytest

from mailflow.adapters.parser_child import ParserChild
from mailflow.steps.show_pages import DocumentPages

SENT = files("mailflow.demo") / "company" / "attachments"
PDF, SHEET, CSV = "Kestrel_supplier_ledger.pdf", "华强对账明细.xlsx", "对账明细_滨海.csv"


@pytest.fixture(scope="module")
def child() -> Iterator[ParserChild]:
    with ParserChild(1) as child:
        yield child


def ink(picture: bytes, box: tuple[float, float, float, float], scale: float) -> int:
    from PIL import Image

    cut = Image.open(io.BytesIO(picture)).convert("L").crop(tuple(round(side * scale) for side in box))
    return sum(value * times for value, times in enumerate(cut.histogram()[:128], start=1))


def test_the_box_of_every_line_lies_on_its_print(child: ParserChild) -> None:
    content = (SENT / PDF).read_bytes()
    (document,) = child.parse_document(content, PDF)
    shown = child.show(content, PDF, member=None, number=1, pixels=1000)
    assert (shown.pages, round(shown.width), round(shown.height)) == (1, 595, 842)
    width, _ = struct.unpack(">II", shown.picture[16:24])
    scale = width / shown.width
    assert document.lines
    for line in document.lines:
        assert line.box is not None
        assert ink(shown.picture, line.box, scale) > 0
        x0, _, x1, bottom = line.box
        assert ink(shown.picture, (x0, bottom + 1.5, x1, bottom + 2.5), scale) == 0 or line is document.lines[-1]


@pytest.mark.parametrize("name", [SHEET, CSV])
def test_rows_are_numbered_as_the_lines_number_them(child: ParserChild, name: str) -> None:
    content = (SENT / name).read_bytes()
    (document,) = child.parse_document(content, name)
    shown = child.show(content, name, member=None, number=1, pixels=1000)
    for line in document.lines:
        assert line.row is not None
        cells = shown.rows[line.row - shown.first]
        assert line.reference in cells


def test_a_member_of_an_archive_is_shown(child: ParserChild) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in (SHEET, PDF):
            archive.writestr(name, (SENT / name).read_bytes())
    found = child.parse_document(packed.getvalue(), "month.zip")
    member = next(one.member for one in found if one.format == "pdf")
    assert child.show(packed.getvalue(), "month.zip", member=member, number=1, pixels=300).picture
    assert child.show(packed.getvalue(), "month.zip", member="month.zip/none.pdf", number=1, pixels=300).refused


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 rubbish", b"PK\x03\x04" + bytes(40), b"<html" + b"<div>" * 9000])
def test_what_cannot_be_shown_is_refused_in_words(child: ParserChild, content: bytes) -> None:
    shown = child.show(content, "x", member=None, number=1, pixels=300)
    assert not shown.picture
    assert shown.refused or shown.pages == 1
    assert child.show((SENT / PDF).read_bytes(), PDF, member=None, number=7, pixels=300).refused


def test_a_page_is_drawn_once_and_the_oldest_is_let_go(child: ParserChild) -> None:
    content = (SENT / PDF).read_bytes()
    asked: list[str] = []

    class Archive:
        def read(self, sha256: str) -> bytes:
            asked.append(sha256)
            return content

    pages = DocumentPages(Archive(), child, most_bytes=30_000)
    first = pages.shown("a" * 64, PDF, None, 1, pixels=600)
    assert pages.shown("a" * 64, PDF, None, 1, pixels=600) is first
    assert len(asked) == 1
    for other in "bcd":
        pages.shown(other * 64, PDF, None, 1, pixels=600)
    pages.shown("a" * 64, PDF, None, 1, pixels=600)
    assert len(asked) == 5
