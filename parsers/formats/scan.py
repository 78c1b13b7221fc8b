"""Scanned documents: image files and PDF pages that are pictures. Read at 200 dpi; at 300 where the proof fails.

A text layer that a scanner's own program put under the picture is not believed (one such layer reads ``ZOq5`` and
``20I5``): invisible text over a picture of the page counts as no text.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

from parsers import limits
from parsers.documents import Document, Trust
from parsers.errors import LimitReached, RecognitionNeeded, Unreadable
from parsers.formats import misread, pictures
from parsers.grid import Page
from parsers.source import Source

FIRST_DPI, SECOND_DPI = 200, 300
_SECOND_READING_CPU = 0.3  # share of the CPU limit that the first reading may have used for a second to fit


def read(data: bytes, source: Source) -> list[Document]:
    """The documents of an image file. Raises :class:`Unreadable`, :class:`RecognitionNeeded`."""
    check_allowed(source)

    def pages(dpi: int) -> list[Page]:
        from parsers.formats import recognition

        found = []
        for number, image in enumerate(pictures.frames(data, dpi), start=1):
            scale = 72 * pictures.A4_LONG_SIDE / max(image.shape[:2])
            found.append(recognition.read_picture(image, number, scale))
        return found

    documents = read_until_proven(pages, source, "image")
    codes = qr_codes(data, source.name)
    for document in documents:
        document.codes = codes
    return documents


def read_until_proven(pages: Callable[[int], list[Page]], source: Source, format: str) -> list[Document]:
    """Read ``pages(dpi)``; once more at a finer resolution where nothing is proven and the budget allows it.

    Dates and numbers that stand out from their neighbours are doubted: the sums say nothing about them.
    """
    documents = _until_proven(pages, source, format)
    for document in documents:
        misread.doubt_outliers(document)
    return documents


def _until_proven(pages: Callable[[int], list[Page]], source: Source, format: str) -> list[Document]:
    from parsers.reading import read_pages

    def reading(dpi: int) -> list[Document]:
        seen = pages(dpi)
        found = read_pages(seen, file=source.file, format=format, member=source.member)
        if all(document.trust is Trust.PROVEN for document in found):
            return found
        mended, changes = misread.mended_pages(seen)
        again = read_pages(mended, file=source.file, format=format, member=source.member) if mended else []
        if not again or any(document.trust is not Trust.PROVEN for document in again):
            return found
        for document in again:
            document.warnings.append(
                f"amounts were read otherwise than they look, and only so the sums hold: {', '.join(changes[:5])}"
            )
        return again

    started = time.process_time()
    first = reading(FIRST_DPI)
    if all(document.trust is Trust.PROVEN for document in first):
        return first
    if time.process_time() - started > _SECOND_READING_CPU * limits.OCR_CPU_SECONDS:
        for document in first:
            document.warnings.append("too long to be read a second time at a finer resolution")
        return first
    try:
        second = reading(SECOND_DPI)
    except Exception as failure:  # the engine raises whatever a want of memory makes it raise; the first reading stands
        for document in first:
            document.warnings.append(f"a second reading at a finer resolution failed ({type(failure).__name__})")
        return first
    return second if _worth(second) > _worth(first) else first


def _worth(documents: list[Document]) -> tuple[int, int, int]:
    proven = sum(document.trust is Trust.PROVEN for document in documents)
    failed = sum(not check.passed for document in documents for check in document.checks)
    return proven, -failed, sum(len(document.lines) for document in documents)


def check_allowed(source: Source) -> None:
    """Raises :class:`Unreadable` where OCR is not installed, :class:`RecognitionNeeded` where it is not allowed."""
    from parsers.formats import recognition

    if not recognition.installed():
        raise Unreadable("the document is a picture and OCR is not installed; install mailflow with its extra 'ocr'")
    if not source.recognition:
        raise RecognitionNeeded


def pages_of_pdf(data: bytes, numbers: list[int], *, dpi: int, password: str | None = None) -> list[Page]:
    """The pages of these numbers (from 1), read as pictures. Raises :class:`Unreadable`."""
    from parsers.formats import recognition

    if len(numbers) > limits.MAX_OCR_PAGES:
        raise LimitReached(
            "MAX_OCR_PAGES", f"{len(numbers)} pages are pictures, {limits.MAX_OCR_PAGES} are read from one document"
        )
    found = []
    for number, image, points in _rendered(data, numbers, dpi, password):
        found.append(recognition.read_picture(image, number, points))
    return found


def qr_codes(data: bytes, name: str, *, password: str | None = None) -> list[str]:
    """What the QR codes of an image or PDF say, in order, each once; nothing is followed. Never raises on bad input."""
    import zxingcpp

    found: list[str] = []
    try:
        for image in pictures_of(data, password):
            codes = zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.QRCode)
            found += [code.text for code in codes if code.text]
    except (Unreadable, MemoryError, RuntimeError, ValueError):
        pass  # a damaged page hides no code of the pages before it
    return list(dict.fromkeys(found))


def pictures_of(data: bytes, password: str | None = None) -> Iterator[Any]:
    """Each page of a PDF, each frame of an image, as an RGB array. Raises :class:`Unreadable`."""
    if b"%PDF-" in data[:1024]:
        for _, image, _ in _rendered(data, None, FIRST_DPI, password):
            yield image
    else:
        yield from pictures.frames(data, FIRST_DPI)


def _rendered(
    data: bytes, numbers: list[int] | None, dpi: int, password: str | None
) -> Iterator[tuple[int, Any, float]]:
    """(number, RGB array, points per pixel) of each page."""
    import pypdfium2

    try:
        pdf = pypdfium2.PdfDocument(data, password=password)
    except pypdfium2.PdfiumError as error:
        raise Unreadable(f"the PDF is damaged: {error}") from error
    with pdf:
        for number in numbers or range(1, min(len(pdf), limits.MAX_OCR_PAGES) + 1):
            page = pdf[number - 1]
            try:
                image = pictures.rendered(page, dpi)
                yield number, image, page.get_width() / max(image.shape[1], 1)
            finally:
                page.close()
