"""Pictures of pages: straightened, read, proven by their arithmetic; QR codes; honest refusals."""

from __future__ import annotations

import io
import struct
import zlib
from decimal import Decimal

import pytest

from parsers import parse
from parsers.documents import Kind, Trust
from parsers.errors import RecognitionNeeded
from parsers.formats import pictures, recognition, scan
from parsers.opening import open_document
from parsers.source import Source

numpy = pytest.importorskip("numpy")
cv2 = pytest.importorskip("cv2")

ROWS = [
    ("Date", "Reference", "Amount", "Balance"),
    ("2026-10-01", "INV-1001", "1,500.00", "1,500.00"),
    ("2026-10-05", "INV-1002", "2,250.50", "3,750.50"),
    ("2026-10-09", "CN-77", "-250.50", "3,500.00"),
]


def page(angle: float = 0.0, qr: str | None = None) -> bytes:
    """A statement of three lines as a PNG of 150 dpi, turned by ``angle`` degrees."""
    from PIL import Image, ImageDraw, ImageFont

    image = Image.new("RGB", (1240, 1754), "white")
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(24)
    draw.text((120, 100), "Harrow & Finch Ltd", "black", font)
    draw.text((120, 150), "STATEMENT OF ACCOUNT", "black", font)
    for row, cells in enumerate(ROWS):
        for column, (cell, right) in enumerate(zip(cells, (120, 380, 850, 1100), strict=True)):
            left = right if column < 2 else right - draw.textlength(cell, font)
            draw.text((left, 260 + 50 * row), cell, "black", font)
    if qr is not None:
        import segno

        code = io.BytesIO()
        segno.make(qr, error="m").save(code, kind="png", scale=4, border=4)
        image.paste(Image.open(code).convert("RGB"), (900, 1300))
    turned = numpy.asarray(image)
    if angle:
        turn = cv2.getRotationMatrix2D((620, 877), angle, 1.0)
        turned = cv2.warpAffine(turned, turn, (1240, 1754), flags=cv2.INTER_CUBIC, borderValue=(255, 255, 255))
    out = io.BytesIO()
    Image.fromarray(turned).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize("angle", [-3.0, -0.7, 0.0, 1.0])
def test_skew_is_found_to_a_tenth_of_a_degree(angle: float) -> None:
    image = next(pictures.frames(page(angle), 150))
    assert abs(pictures.skew(image) + angle) <= 0.1


@pytest.mark.long  # half a minute of CPU
@pytest.mark.skipif(not recognition.installed(), reason="the extra 'ocr' is not installed")
def test_a_crooked_scan_is_read_and_proven() -> None:
    [document] = parse(page(1.0, qr="https://huaxing.example/r/ABC"), "scan.png")
    assert (document.kind, document.trust) == (Kind.STATEMENT, Trust.PROVEN)
    assert [(line.reference, line.amount) for line in document.lines] == [
        ("INV-1001", Decimal("1500.00")),
        ("INV-1002", Decimal("2250.50")),
        ("CN-77", Decimal("-250.50")),
    ]
    assert document.codes == ["https://huaxing.example/r/ABC"]


@pytest.mark.long
@pytest.mark.skipif(not recognition.installed(), reason="the extra 'ocr' is not installed")
@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_page_that_lies_on_its_side_or_head_is_turned(quarters: int) -> None:
    from PIL import Image

    out = io.BytesIO()
    Image.open(io.BytesIO(page())).rotate(90 * quarters, expand=True).save(out, "PNG")
    [document] = parse(out.getvalue(), "scan.png")
    assert len(document.lines) == 3


@pytest.mark.parametrize("angle", [0.0, 4.0])
def test_qr_codes_are_read_from_pictures_and_never_raise(angle: float) -> None:
    assert scan.qr_codes(page(angle, qr="HX-2026-10-C001-abcdef"), "x.png") == ["HX-2026-10-C001-abcdef"]
    assert scan.qr_codes(b"%PDF-1.4 nothing", "x.pdf") == []
    assert scan.qr_codes(b"", "x.png") == []


def test_without_ocr_a_picture_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognition, "installed", lambda: False)
    [document] = parse(page(), "scan.png")
    assert document.kind is Kind.UNREADABLE
    assert "extra 'ocr'" in (document.reason or "")


@pytest.mark.skipif(not recognition.installed(), reason="the extra 'ocr' is not installed")
def test_where_ocr_is_not_allowed_it_is_asked_for() -> None:
    with pytest.raises(RecognitionNeeded):
        open_document(page(), Source("scan.png", recognition=False))


def test_a_picture_of_a_gigapixel_is_refused_by_the_limit() -> None:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", 40_000, 40_000, 8, 0, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1_000_000)))
    [document] = parse(bomb, "bomb.png")
    assert "MAX_IMAGE_PIXELS" in (document.reason or "")


def test_a_torn_picture_is_told() -> None:
    [document] = parse(page()[:5000], "scan.png")
    assert document.kind is Kind.UNREADABLE
