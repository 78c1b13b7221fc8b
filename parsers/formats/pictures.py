"""Pictures of pages: out of image files and rendered PDF pages, upright and straight, within a budget of pixels."""

from __future__ import annotations

import io
import math
from collections.abc import Iterator
from typing import Any

from parsers import limits
from parsers.errors import LimitReached, Unreadable

OCR_PIXELS = 25_000_000  # of one page; A4 at 300 dpi has 8.7 million
A4_LONG_SIDE = 11.69  # inches
COARSEST_DPI = 150  # all rows of a clean or mildly bad scan are read right here
_STRAIGHT = 0.05  # degrees; below this a rotation only blurs
_WIDEST_SKEW = 5.0


def frames(data: bytes, dpi: int) -> Iterator[Any]:
    """Every frame of an image file as an RGB array, scaled as if the page were A4 at ``dpi``.

    Enlarged at most two-fold: what was never scanned cannot be read. Raises :class:`Unreadable`.
    """
    from PIL import Image, ImageOps, ImageSequence

    Image.MAX_IMAGE_PIXELS = limits.MAX_IMAGE_PIXELS
    try:
        with Image.open(io.BytesIO(data)) as image:
            if image.width * image.height > limits.MAX_IMAGE_PIXELS:
                raise LimitReached("MAX_IMAGE_PIXELS", f"the picture has {image.width} × {image.height} pixels")
            for number, frame in enumerate(ImageSequence.Iterator(image)):
                if number >= limits.MAX_OCR_PAGES:
                    raise LimitReached("MAX_OCR_PAGES", f"the file has more than {limits.MAX_OCR_PAGES} pictures")
                whole = ImageOps.exif_transpose(
                    frame.convert("RGBA" if frame.mode in ("P", "PA", "LA") else frame.mode)
                )
                if whole.mode in ("RGBA", "LA"):
                    paper = Image.new("RGB", whole.size, "white")  # transparent is paper, not black
                    paper.paste(whole, mask=whole.getchannel("A"))
                    whole = paper
                yield _array(whole.convert("RGB"), dpi)
    except (LimitReached, Unreadable):
        raise
    except Image.DecompressionBombError as error:
        raise LimitReached("MAX_IMAGE_PIXELS", f"the picture is too large: {error}") from error
    except (OSError, ValueError, SyntaxError, EOFError, TypeError) as error:
        raise Unreadable(f"the picture is damaged: {error}") from error


def _array(image: Any, dpi: int) -> Any:
    import numpy
    from PIL import Image

    longest = max(image.size)
    enough = COARSEST_DPI * A4_LONG_SIDE if dpi <= 200 else dpi * A4_LONG_SIDE
    factor = min(dpi * A4_LONG_SIDE / longest, 2.0, math.sqrt(OCR_PIXELS / (image.width * image.height)))
    if factor > 1:
        factor = min(factor, max(1.0, enough / longest))  # a first reading enlarges only what is too small to read
    if abs(factor - 1) > 0.1:
        size = (max(1, round(image.width * factor)), max(1, round(image.height * factor)))
        image = image.resize(size, Image.Resampling.LANCZOS)
    return numpy.asarray(image)


def rendered(page: Any, dpi: int) -> Any:
    """A page of pypdfium2 as an RGB array; a page of monstrous size is drawn smaller, never refused."""
    import numpy

    width, height = page.get_size()
    scale = min(dpi / 72, math.sqrt(OCR_PIXELS / max(width * height, 1.0)))
    bitmap = page.render(scale=scale, rev_byteorder=True)
    try:
        return numpy.ascontiguousarray(bitmap.to_numpy()[:, :, :3])
    finally:
        bitmap.close()


def straightened(image: Any) -> Any:
    """The picture turned so that its lines of text are level (projection profile; found −0.7° exactly, 0.05 s)."""
    import cv2

    angle = skew(image)
    if abs(angle) < _STRAIGHT:
        return image
    height, width = image.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    return cv2.warpAffine(image, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=(255, 255, 255))


def skew(image: Any) -> float:
    """Degrees by which the text must be turned to be level: the angle with the sharpest rows of ink."""
    import cv2
    import numpy

    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    small = cv2.resize(
        grey, None, fx=(shrink := min(1.0, 1000 / max(grey.shape))), fy=shrink, interpolation=cv2.INTER_AREA
    )
    _, ink = cv2.threshold(small, 0, 1, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    if not 0.001 < float(ink.mean()) < 0.6:
        return 0.0
    points = ink.astype(numpy.float32)
    height, width = points.shape

    def sharpness(angle: float) -> float:
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
        rows = cv2.warpAffine(points, turn, (width, height), flags=cv2.INTER_LINEAR).sum(axis=1)
        return float(((rows[1:] - rows[:-1]) ** 2).sum())

    half_degrees = round(_WIDEST_SKEW * 2)
    best = max((number / 2 for number in range(-half_degrees, half_degrees + 1)), key=sharpness)
    for step in (0.1, 0.02):
        best = max((best + step * offset for offset in range(-6, 7)), key=sharpness)
    return best


def turned(image: Any, quarters: int) -> Any:
    """Turned counter-clockwise by quarters."""
    import numpy

    return numpy.ascontiguousarray(numpy.rot90(image, quarters))
