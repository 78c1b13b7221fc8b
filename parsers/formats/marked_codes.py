"""QR codes on a picture, and how much ink stands in places around each: a ticked square, a seal in a box.

A place is given in sides of the code (quiet zone of four modules included), from its upper left corner, so that
size, turning and a little skew of the scan do not matter.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from parsers.errors import Unreadable
from parsers.formats import scan

QUIET = 4  # modules on each side (ISO/IEC 18004)
_STEPS = 60  # samples along the longer side of a place
_DARK = 0.62  # of the paper's brightness beside it
_RED = 45  # of 255: how much redder than green and blue a seal is
MOST_CODES = 10

Place = tuple[float, float, float, float]  # left, upper, right, lower edge


@dataclass(frozen=True, slots=True)
class MarkedCode:
    """``dark``: share of each place under dark ink that is not red; ``red``: under red ink. A place that lies outside
    the picture is missing."""

    text: str
    dark: Mapping[str, float] = field(default_factory=dict)
    red: Mapping[str, float] = field(default_factory=dict)


def marked_codes(data: bytes, places: Mapping[str, Place]) -> list[MarkedCode]:
    """The codes of an image or a PDF's pages, in order. Never raises on what the bytes are."""
    import zxingcpp

    found: list[MarkedCode] = []
    try:
        for image in scan.pictures_of(data):
            for code in zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.QRCode):
                if code.text and len(found) < MOST_CODES:
                    found.append(_measured(image, code, places))
    except (Unreadable, MemoryError, RuntimeError, ValueError):
        pass  # a damaged page hides no code of the pages before it
    return found


def _measured(image: Any, code: Any, places: Mapping[str, Place]) -> MarkedCode:
    corners = [
        (corner.x, corner.y)
        for corner in (
            code.position.top_left, code.position.top_right, code.position.bottom_right, code.position.bottom_left,
        )
    ]  # fmt: skip
    modules = _modules(code.text)
    edge, far = QUIET / (modules + 2 * QUIET), 1 - QUIET / (modules + 2 * QUIET)
    turn = _similarity([(edge, edge), (far, edge), (far, far), (edge, far)], corners)
    dark: dict[str, float] = {}
    red: dict[str, float] = {}
    for name, place in places.items():
        shares = _ink(image, place, turn)
        if shares is not None:
            dark[name], red[name] = shares
    return MarkedCode(code.text, dark, red)


def _modules(text: str) -> int:
    """Along one side of the code that says ``text`` at level M."""
    import segno

    return len(segno.make_qr(text, error="m", boost_error=False).matrix)


def _similarity(ours: list[tuple[float, float]], seen: list[tuple[float, float]]) -> tuple[complex, complex]:
    """Turning with scaling, and shift, from our coordinates to the picture's: least squares over four corners."""
    here, there = [complex(*one) for one in ours], [complex(*one) for one in seen]
    middle, centre = sum(here) / 4, sum(there) / 4
    turned = sum((b - centre) * (a - middle).conjugate() for a, b in zip(here, there, strict=True))
    turn = turned / sum(abs(a - middle) ** 2 for a in here)
    return turn, centre - turn * middle


def _ink(image: Any, place: Place, turn: tuple[complex, complex]) -> tuple[float, float] | None:
    import numpy

    left, upper, right, lower = place
    unit = max(right - left, lower - upper) / _STEPS
    across = numpy.arange(left, right, unit)
    down = numpy.arange(upper, lower, unit)
    spots = (across[None, :] + 1j * down[:, None]) * turn[0] + turn[1]
    columns, rows = numpy.rint(spots.real).astype(int), numpy.rint(spots.imag).astype(int)
    height, width = image.shape[:2]
    if columns.min() < 0 or rows.min() < 0 or columns.max() >= width or rows.max() >= height:
        return None
    pixels = image[rows, columns].astype(int)
    paper = float(numpy.percentile(pixels[..., 0], 95))
    if not math.isfinite(paper) or paper < 60:
        return None  # a black patch
    redder = pixels[..., 0] - numpy.maximum(pixels[..., 1], pixels[..., 2])
    return float((pixels[..., 0] < _DARK * paper).mean()), float((redder > _RED).mean())


def pictured(data: bytes) -> bool:
    """Whether ``data`` is an image, or a PDF with a page that is mostly one picture: a scan."""
    if b"%PDF-" not in data[:1024]:
        return data[:3] == b"\xff\xd8\xff" or data[:8] == b"\x89PNG\r\n\x1a\n" or data[:4] in (b"II*\0", b"MM\0*")
    import pypdfium2
    import pypdfium2.raw

    try:
        with pypdfium2.PdfDocument(data) as pdf:
            for number in range(min(len(pdf), 3)):
                page = pdf[number]
                whole = page.get_width() * page.get_height()
                for picture in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]):
                    x0, y0, x1, y1 = picture.get_bounds()
                    if (x1 - x0) * (y1 - y0) > 0.5 * whole:
                        return True
    except (pypdfium2.PdfiumError, RuntimeError, ValueError):
        return False
    return False
