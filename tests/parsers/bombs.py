"""Hostile files, made here: small ones that cost minutes or gigabytes wherever nothing stops them.

``QUICK`` ends in well under a second each, ``SLOW`` is allowed to reach the limits of the child.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable


def pdf(*objects: bytes, root: int = 1) -> bytes:
    """A PDF of numbered objects (from 1) with a right cross-reference table."""
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, root, start)
    return bytes(out)


def stream(content: bytes, extra: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n" % (len(content), extra) + content + b"\nendstream"


_CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
_PAGES = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
_FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


def _page(resources: bytes = b"/Font << /F1 5 0 R >>", box: bytes = b"0 0 595 842") -> bytes:
    return b"<< /Type /Page /Parent 2 0 R /MediaBox [%s] /Contents 4 0 R /Resources << %s >> >>" % (box, resources)


def _zeros(size: int, byte: bytes = b" ") -> bytes:
    packer = zlib.compressobj(9)
    piece = byte * (1 << 20)
    return b"".join(packer.compress(piece) for _ in range(size >> 20)) + packer.flush()


def pdf_of_one_huge_stream() -> bytes:
    return pdf(_CATALOG, _PAGES, _page(), stream(_zeros(1 << 30), b"/Filter /FlateDecode"), _FONT)


def pdf_of_nested_flate() -> bytes:
    twice = zlib.compress(_zeros(1 << 31), 9)
    return pdf(_CATALOG, _PAGES, _page(), stream(twice, b"/Filter [/FlateDecode /FlateDecode]"), _FONT)


def pdf_of_200_000_glyphs() -> bytes:
    text = b"BT /F1 1 Tf 10 10 Td " + b"(a) Tj " * 200_000 + b"ET"
    return pdf(_CATALOG, _PAGES, _page(), stream(zlib.compress(text, 9), b"/Filter /FlateDecode"), _FONT)


def pdf_of_laughing_forms() -> bytes:
    """Each form draws the next ten times: 10^8 drawings."""
    forms = []
    for level in range(8):
        forms.append(
            stream(
                b"/X Do " * 10,
                b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X %d 0 R >> >>"
                % (6 + level),
            )
        )
    last = stream(b"BT /F1 9 Tf (1) Tj ET", b"/Type /XObject /Subtype /Form /BBox [0 0 9 9]")
    return pdf(_CATALOG, _PAGES, _page(b"/XObject << /X 5 0 R >>"), stream(b"/X Do"), *forms, last)


def pdf_of_a_form_that_draws_itself() -> bytes:
    form = stream(
        b"/X Do /X Do", b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 5 0 R >> >>"
    )
    return pdf(_CATALOG, _PAGES, _page(b"/XObject << /X 5 0 R >>"), stream(b"/X Do"), form)


def pdf_of_nested_arrays() -> bytes:
    content = b"BT /F1 9 Tf " + b"[" * 2_000_000 + b"]" * 2_000_000 + b" TJ ET"
    return pdf(_CATALOG, _PAGES, _page(), stream(zlib.compress(content, 9), b"/Filter /FlateDecode"), _FONT)


def pdf_of_one_page_many_times() -> bytes:
    pages = b"<< /Type /Pages /Kids [" + b"3 0 R " * 200_000 + b"] /Count 200000 >>"
    return pdf(_CATALOG, pages, _page(), stream(b"BT /F1 9 Tf (x) Tj ET"), _FONT)


def pdf_of_a_page_tree_that_bites_its_tail() -> bytes:
    pages = b"<< /Type /Pages /Kids [3 0 R 2 0 R] /Count 2 >>"
    return pdf(_CATALOG, pages, _page(), stream(b"BT /F1 9 Tf (x) Tj ET"), _FONT)


def pdf_of_60_000_rules() -> bytes:
    lines = b"".join(b"0 %d m 500 %d l S " % (n % 800, n % 800) for n in range(60_000))
    return pdf(_CATALOG, _PAGES, _page(), stream(zlib.compress(lines), b"/Filter /FlateDecode"), _FONT)


def pdf_of_a_monstrous_page() -> bytes:
    return pdf(_CATALOG, _PAGES, _page(box=b"0 0 200000 200000"), stream(b"0 0 9 9 re f"), _FONT)


def _workbook(sheet: bytes, strings: bytes | None = None) -> bytes:
    out = io.BytesIO()
    main = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    relation = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = b"http://schemas.openxmlformats.org/package/2006"
    kinds = b"application/vnd.openxmlformats-officedocument.spreadsheetml."
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as book:
        book.writestr(
            "[Content_Types].xml",
            b'<Types xmlns="%s/content-types"><Default Extension="xml" ContentType="application/xml"/>'
            b'<Override PartName="/xl/workbook.xml" ContentType="%ssheet.main+xml"/></Types>' % (package, kinds),
        )
        book.writestr(
            "_rels/.rels",
            b'<Relationships xmlns="%s/relationships"><Relationship Id="r1" Type="%s/officeDocument" '
            b'Target="xl/workbook.xml"/></Relationships>' % (package, relation),
        )
        book.writestr(
            "xl/workbook.xml",
            b'<workbook %s xmlns:r="%s"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>'
            % (main, relation),
        )
        book.writestr(
            "xl/_rels/workbook.xml.rels",
            b'<Relationships xmlns="%s/relationships"><Relationship Id="r1" Type="%s/worksheet" '
            b'Target="worksheets/s.xml"/><Relationship Id="r2" Type="%s/sharedStrings" '
            b'Target="sharedStrings.xml"/></Relationships>' % (package, relation, relation),
        )
        book.writestr("xl/worksheets/s.xml", b"<worksheet %s><sheetData>%s</sheetData></worksheet>" % (main, sheet))
        if strings is not None:
            book.writestr("xl/sharedStrings.xml", b"<sst %s>%s</sst>" % (main, strings))
    return out.getvalue()


def workbook_of_two_far_cells() -> bytes:
    return _workbook(b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')


def workbook_of_cells_without_rows() -> bytes:
    return _workbook(b'<row><c r="A1"><v>1</v></c><c r="XFD1048576"><v>1</v></c></row>')


def workbook_of_five_million_rows() -> bytes:
    return _workbook(b"<row><c><v>1</v></c></row>" * 5_000_000)


def workbook_of_a_gigabyte_of_strings() -> bytes:
    return _workbook(b'<row r="1"><c r="A1" t="s"><v>0</v></c></row>', b"<si><t>" + b"x" * (1 << 30) + b"</t></si>")


def workbook_that_lies_about_its_size() -> bytes:
    """The central directory says that the strings inflate to a hundred bytes."""
    strings = b"<si><t>" + b"x" * (300 << 20) + b"</t></si>"
    data = bytearray(_workbook(b'<row r="1"><c r="A1" t="s"><v>0</v></c></row>', strings))
    place = data.rfind(b"xl/sharedStrings.xml")  # in the central directory
    size = place - 46 + 24
    data[size : size + 4] = struct.pack("<I", 100)
    return bytes(data)


def entities() -> bytes:
    levels = b"".join(b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10) for n in range(1, 10))
    return b'<?xml version="1.0"?><!DOCTYPE s [<!ENTITY e0 "ha">%s]><Statement>&e9;</Statement>' % levels


def deep_xml() -> bytes:
    return b"<Statement>" + b"<a>" * 500_000 + b"</a>" * 500_000 + b"</Statement>"


def deep_html() -> bytes:
    return b"<html><table>" + b"<div><table><tr><td>" * 50_000 + b"1,234.00"


def wide_html() -> bytes:
    return b"<html><table>" + b"<tr><td colspan=1000 rowspan=1000>1.00</td></tr>" * 20_000 + b"</table>"


def html_of_many_cells() -> bytes:
    return b"<html><table>" + (b"<tr>" + b"<td>1,234.00</td>" * 300 + b"</tr>") * 4_000 + b"</table>"


def words_without_end() -> bytes:
    return b"Date Amount Balance\n" + b"1,234.00 " * 2_500_000


def lines_without_end() -> bytes:
    return b"2026-10-01 INV-1 1,234.00 5,678.00\n" * 600_000


def quotes_without_end() -> bytes:
    return b'Date,Text,Amount\n"' * 1_000_000


def commas_without_end() -> bytes:
    return b"Date,Ref,Amount\n" + b"," * 20_000_000


def header_without_end() -> bytes:
    return b"From: a@b.example\r\nSubject: " + b"=?utf-8?q?a?= " * 24_000 + b"\r\n\r\nx"


def parts_without_end() -> bytes:
    head = b"From: a@b.example\r\nSubject: x\r\nTo: c\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    return head + b"--b\r\n\r\n" * 100_000


def zip_of_zips() -> bytes:
    inner = b"0" * 1_000_000
    for level in range(8):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for copy in range(10):
                archive.writestr(f"{level}-{copy}.zip", inner)
        inner = out.getvalue()
    return inner


def picture_of_a_gigapixel() -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", 40_000, 40_000, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1_000_000)))


def digits_without_end() -> bytes:
    return b"Date,Ref,Amount\n2026-10-01,INV-1," + b"9" * 100_000 + b"\n2026-10-02,INV-2," + b"1," * 50_000 + b"00\n"


QUICK: dict[str, Callable[[], bytes]] = {
    make.__name__: make
    for make in (
        pdf_of_a_monstrous_page,
        pdf_of_a_page_tree_that_bites_its_tail,
        workbook_of_two_far_cells,
        workbook_of_cells_without_rows,
        entities,
        deep_xml,
        header_without_end,
        parts_without_end,
        zip_of_zips,
        picture_of_a_gigapixel,
        digits_without_end,
    )
}
SLOW: dict[str, Callable[[], bytes]] = {
    make.__name__: make
    for make in (
        pdf_of_a_form_that_draws_itself,
        pdf_of_one_huge_stream,
        pdf_of_nested_flate,
        pdf_of_200_000_glyphs,
        pdf_of_laughing_forms,
        pdf_of_nested_arrays,
        pdf_of_one_page_many_times,
        pdf_of_60_000_rules,
        workbook_of_five_million_rows,
        workbook_of_a_gigabyte_of_strings,
        workbook_that_lies_about_its_size,
        deep_html,
        wide_html,
        html_of_many_cells,
        words_without_end,
        lines_without_end,
        quotes_without_end,
        commas_without_end,
    )
}
