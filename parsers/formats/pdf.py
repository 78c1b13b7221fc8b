"""PDF → pages of words, twice: pdfium's loose character boxes (fast), pdfplumber (thorough), and what the two agree on.

:func:`read` is the whole way: the fast reading first; where its arithmetic proves it, done. Where it does not, or where
there is nothing to prove with, pdfplumber reads too, and the two must print the same money on every page, else the
document is unproven. Pages without usable text go to OCR.

Measured traps: pdfium's *tight* boxes break ``17,544.82`` apart (use the loose ones); pdfplumber's ``upright`` is true
for a 45° watermark (look at the matrix); glyphs drawn twice for a bold look double the digits (drop twins).
"""

from __future__ import annotations

import io
import logging
import re
import unicodedata
from collections import Counter
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from parsers import amounts
from parsers.documents import Document, Trust
from parsers.errors import LimitReached, PasswordNeeded, Unreadable
from parsers.formats import facturx
from parsers.formats.glyphs import Placed, is_twin, object_types, text_of, words_of
from parsers.grid import Page, Word
from parsers.limits import MAX_GLYPHS_PER_PAGE, MAX_PAGES, MAX_PAGES_READ_TWICE
from parsers.reading import read_pages
from parsers.source import Source

_UNUSABLE = 0.02  # share of glyphs without meaning above which a page's text is not text
_FEW = 8  # glyphs; a page with fewer has no text worth reading


def open_pdf(data: bytes, password: str | None = None) -> Any:
    """The document in pdfium. Raises :class:`PasswordNeeded` or :class:`Unreadable`."""
    try:
        return pypdfium2.PdfDocument(data, password=password)
    except pypdfium2.PdfiumError as error:
        if "assword" in str(error):
            raise PasswordNeeded(
                "The PDF is protected by a password that was not given: pass it with --password"
                if password is None
                else "The PDF is protected and the given password does not open it"
            ) from None
        raise Unreadable("The PDF is damaged and cannot be opened: ask for it again") from None


def fast_pages(pdf: Any) -> list[Page]:
    """Fast reading of an open document: one :class:`Page` per page, words from pdfium's loose character boxes.

    A page that has no usable text carries the warning :data:`NEEDS_OCR`.
    """
    count = len(pdf)
    if count > MAX_PAGES:
        raise LimitReached("MAX_PAGES", f"the PDF has {count} pages, {MAX_PAGES} are read")
    return [_fast_page(pdf, index) for index in range(count)]


NEEDS_OCR = "no usable text on this page"


def is_blind(pdf: Any, index: int) -> bool:
    """Whether that page (from 0) of an open document has no usable text: it is read, and shown, as a picture."""
    return NEEDS_OCR in _fast_page(pdf, index).warnings


def _fast_page(pdf: Any, index: int) -> Page:
    page = pdf[index]
    try:
        width, height = page.get_size()
        result = Page(index + 1, [], width, height)
        text_page = page.get_textpage()
        try:
            count = pdfium.FPDFText_CountChars(text_page)
            if count > MAX_GLYPHS_PER_PAGE:
                raise LimitReached("MAX_GLYPHS_PER_PAGE", f"Page {index + 1} has {count} characters")
            text = text_of(page, text_page, count, width, height)
        finally:
            text_page.close()
        result.words = words_of(text)
        seen = text.seen
        if seen < _FEW or text.bad > _UNUSABLE * seen:
            if seen >= _FEW or _has_image(page):
                result.warnings.append(NEEDS_OCR)
        elif _has_cover(page, width, height) and _invisible(page):
            result.warnings.append(NEEDS_OCR)
        return result
    finally:
        page.close()


def _has_image(page: Any) -> bool:
    return any(True for _ in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3))


def _has_cover(page: Any, width: float, height: float) -> bool:
    """Whether one image covers most of the page: a scan."""
    if not object_types(page) & {pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_FORM}:
        return False
    for image in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        try:
            left, bottom, right, top = image.get_pos() if hasattr(image, "get_pos") else image.get_bounds()
        except pypdfium2.PdfiumError:
            continue
        if (right - left) * (top - bottom) > 0.7 * width * height:
            return True
    return False


def _invisible(page: Any) -> bool:
    """Whether the text is a scanner's invisible layer (render mode 3), which must not be trusted."""
    modes: Counter[int] = Counter()
    for n, text in enumerate(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT], max_depth=3)):
        modes[pdfium.FPDFTextObj_GetTextRenderMode(text.raw)] += 1
        if n > 60:
            break
    return bool(modes) and modes[3] > 0.8 * sum(modes.values())


def thorough_pages(data: bytes, *, password: str | None = None, pages: list[int] | None = None) -> list[Page]:
    """The second reader: pdfplumber's words, without twins, rotated glyphs and watermarks."""
    import pdfplumber

    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)  # it logs every odd font; what matters is in the result
    result: list[Page] = []
    try:
        with pdfplumber.open(io.BytesIO(data), password=password or "") as pdf:
            if len(pdf.pages) > MAX_PAGES:
                raise LimitReached("MAX_PAGES", f"The PDF has {len(pdf.pages)} pages, more than {MAX_PAGES}")
            for number, page in enumerate(pdf.pages, 1):
                if pages is not None and number not in pages:
                    continue
                if len(page.chars) > MAX_GLYPHS_PER_PAGE:
                    raise LimitReached("MAX_GLYPHS_PER_PAGE", f"Page {number} has {len(page.chars)} characters")
                result.append(_thorough_page(page, number))
                page.close()
    except (LimitReached, PasswordNeeded):
        raise
    except Exception as error:  # pdfminer raises whatever a broken file makes it raise
        raise Unreadable(f"The PDF is damaged: pdfplumber stops with {type(error).__name__}") from None
    return result


def _thorough_page(page: Any, number: int) -> Page:
    placed: Placed = {}

    def keep(item: dict[str, Any]) -> bool:
        if item.get("object_type") != "char":
            return False
        matrix = item["matrix"]
        if abs(matrix[1]) > 0.03 * abs(matrix[0] or 1e-9) and abs(matrix[1]) > 0.01:
            if not item["upright"] or abs(matrix[0]) > 0.01:
                return False
        if not item["text"].strip():
            return True
        return not is_twin(placed, item["text"], item["x0"], item["top"], item["x1"] - item["x0"])

    words = page.filter(keep).extract_words(x_tolerance_ratio=0.15, keep_blank_chars=False, use_text_flow=False)
    left, top = page.bbox[0], page.bbox[1]
    return Page(
        number,
        [Word(w["text"], w["x0"] - left, w["x1"] - left, w["top"] - top, w["bottom"] - top) for w in words],
        float(page.width),
        float(page.height),
    )


_MONEY = re.compile(r"\d[\d.,' ]*[.,]\d{2}(?!\d)")


def money_tokens(page: Page) -> Counter[str]:
    """The money that a page prints, as digits, however it is cut into words."""
    tokens: Counter[str] = Counter()
    for word in page.words:
        if amounts.looks_like_money(word.text) or _MONEY.search(word.text):
            tokens[re.sub(r"[^\d]", "", unicodedata.normalize("NFKC", word.text))] += 1
    return tokens


def disagreements(fast: list[Page], thorough: list[Page]) -> list[int]:
    """The numbers of the pages on which the two readers do not see the same money."""
    if len(fast) != len(thorough):
        return [p.number for p in fast] or [1]
    return [a.number for a, b in zip(fast, thorough, strict=True) if money_tokens(a) != money_tokens(b)]


def _same_words(fast: list[Page], thorough: list[Page]) -> bool:
    return len(fast) == len(thorough) and all(
        sorted(word.text for word in a.words) == sorted(word.text for word in b.words)
        for a, b in zip(fast, thorough, strict=True)
    )


def read(data: bytes, source: Source) -> list[Document]:
    """The documents of a PDF, on the whole way that the module describes; XML inside (Factur-X) wins over the page.

    Raises :class:`PasswordNeeded`, :class:`LimitReached`, :class:`Unreadable`; :class:`RecognitionNeeded` where pages
    need OCR and this process may not spend what that costs.
    """
    pdf = open_pdf(data, source.password)
    try:
        told = facturx.embedded(pdf, source)
        if told is not None:
            return told
        fast = fast_pages(pdf)
    finally:
        pdf.close()
    blind = [page.number for page in fast if NEEDS_OCR in page.warnings]
    if blind:
        return _scanned(data, fast, blind, source)
    result = _read(fast, source)
    if all(document.trust is Trust.PROVEN for document in result):
        return result
    if len(fast) > MAX_PAGES_READ_TWICE:
        for document in result:
            document.trust = Trust.UNPROVEN
            document.warnings.append(
                f"its arithmetic proves nothing, and {len(fast)} pages are too many to be read by a second reader"
                f" (limit MAX_PAGES_READ_TWICE, {MAX_PAGES_READ_TWICE})"
            )
        return result
    if not any(money_tokens(page) for page in fast) and not any(document.lines for document in result):
        return result  # no money to be read: there is nothing that a second reader could see otherwise
    thorough = thorough_pages(data, password=source.password)
    apart = disagreements(fast, thorough)
    second = result if _same_words(fast, thorough) else _read(thorough, source)
    if all(document.trust is Trust.PROVEN for document in second):
        return second
    best = second if _weight(second) > _weight(result) else result
    if apart:
        pages = ", ".join(map(str, apart[:8]))
        for document in best:
            document.trust = Trust.UNPROVEN
            document.warnings.append(f"two readers see different amounts on page {pages}")
    return best


def _read(pages: list[Page], source: Source) -> list[Document]:
    return read_pages(pages, file=source.file, format="pdf", member=source.member)


def _weight(found: list[Document]) -> tuple[int, int]:
    order = {Trust.UNPROVEN: 0, Trust.PLAUSIBLE: 1, Trust.PROVEN: 2}
    return (sum(order[d.trust] for d in found), sum(len(d.lines) for d in found))


def _scanned(data: bytes, fast: list[Page], blind: list[int], source: Source) -> list[Document]:
    """Pages without text go to OCR, a second time at 300 dpi where the first proves nothing and the budget allows."""
    from parsers.formats import scan  # OCR is an extra: imported only where a page needs it

    scan.check_allowed(source)

    def pages(dpi: int) -> list[Page]:
        seen = {page.number: page for page in scan.pages_of_pdf(data, blind, dpi=dpi, password=source.password)}
        return [seen.get(page.number, page) for page in fast]

    result = scan.read_until_proven(pages, source, "pdf")
    codes = scan.qr_codes(data, source.name, password=source.password)
    for document in result:
        document.codes = codes
    return result
