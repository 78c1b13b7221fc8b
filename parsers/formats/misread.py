"""Amounts that OCR misread: ``5938521`` in a column of ``1,234.56`` was printed ``59,385.21``, ``1,2O0.0l`` a number.

Digits stay as they were read; only the decimal mark is put back and letters that look like digits are turned. Only the
arithmetic of the document may accept it: :func:`parsers.formats.scan.read_until_proven` keeps such a reading where it
is proven, and says so.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from dataclasses import replace

from parsers.documents import Document, Line
from parsers.grid import Page, Word

_WHOLE = re.compile(r"[-(+¥$€£]*\d[\d.,]*([.,])\d{2}[)-]?")
_ALIKE = str.maketrans("OoDQlI|SB", "000011158")
_LOST = re.compile(r"(?P<sign>[-(+¥$€£]*)(?P<digits>\d{1,3}(?:[.,:;'·]{0,2}\d{1,3})*)(?P<end>[)-]?)")
_FEW = 6  # lines, below which nothing stands out
_COMPANY = 3  # amounts with a mark that must end in the same column
_EDGE = 0.6  # of a word's height: how far right edges of one column differ


def mended_pages(pages: list[Page]) -> tuple[list[Page], list[str]]:
    """The pages with such amounts mended, and what was changed (``5938521 → 59385.21``); no change, no pages."""
    marks = Counter(mark for page in pages for word in page.words if (mark := _mark(word.text)) is not None)
    if not marks:
        return [], []
    [(mark, often)] = marks.most_common(1)
    if often < 0.8 * marks.total():
        return [], []
    result, changes = [], []
    for page in pages:
        edges = [word.x1 for word in page.words if _mark(word.text) == mark]
        words = []
        for word in page.words:
            mended = _amount(word, mark, edges)
            if mended is not None:
                changes.append(f"{word.text} → {mended}")
                word = word._replace(text=mended)
            words.append(word)
        result.append(replace(page, words=words))
    return (result, changes) if changes else ([], [])


def _mark(text: str) -> str | None:
    """The decimal mark of an amount with two decimals that is well printed, else None."""
    found = _WHOLE.fullmatch(text)
    return found[1] if found is not None and text.count(found[1]) == 1 else None


def _amount(word: Word, mark: str, edges: list[float]) -> str | None:
    text = word.text
    if sum(c.isdigit() for c in text) >= 0.5 * len(text):
        text = text.translate(_ALIKE)
    found = _LOST.fullmatch(text)
    if found is None or _mark(word.text) == mark:
        return None
    digits = re.sub(r"\D", "", found["digits"])
    beside = sum(abs(edge - word.x1) <= _EDGE * (word.bottom - word.top) for edge in edges)
    if len(digits) < 3 or beside < _COMPANY:
        return None
    if _mark(text) == mark:
        return text
    return f"{found['sign']}{digits[:-2]}{mark}{digits[-2:]}{found['end']}"


def doubt_outliers(document: Document) -> None:
    """No sum proves a date or a number: where one stands out from the others of its document, its line says so.

    A date that leaves the order that four fifths of the lines keep, a number of a make that no other line has.
    """
    lines = [line for line in document.lines if line.date is not None]
    ordered = max(_in_order(lines, 1), _in_order(lines, -1), key=len)
    if len(lines) >= _FEW and len(ordered) >= 0.8 * len(lines):
        for line in lines:
            if id(line) not in ordered and "date" not in line.doubts:
                line.doubts.append("date")
    makes = Counter(_make(line.reference) for line in document.lines if line.reference)
    if makes.total() >= _FEW and makes.most_common(1)[0][1] > 1:
        for line in document.lines:
            if line.reference and makes[_make(line.reference)] == 1 and "reference" not in line.doubts:
                line.doubts.append("reference")


def _make(reference: str) -> str:
    return re.sub(r"[^\W\d_]", "A", re.sub(r"\d", "9", reference))


def _in_order(lines: list[Line], direction: int) -> set[int]:
    """The ids of the lines of a longest run of dates that never goes back (patience sorting)."""
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for n, line in enumerate(lines):
        day = direction * line.date.toordinal() if line.date is not None else 0
        at = bisect_right(ends, day)
        before.append(last[at - 1] if at else -1)
        ends[at : at + 1] = [day]
        last[at : at + 1] = [n]
    kept: set[int] = set()
    n = last[-1] if last else -1
    while n >= 0:
        kept.add(id(lines[n]))
        n = before[n]
    return kept
