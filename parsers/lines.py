"""Words with places become lines and segments: what a reader's eye takes as one line, and as one piece on it."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field
from functools import lru_cache
from statistics import median

from parsers import amounts, dates
from parsers.grid import Page, Word


@dataclass(slots=True)
class TextLine:
    """A visual line of a measured page, or a row of a cell page. ``em`` is about the width of an M (1 for cells)."""

    page: int
    top: float
    bottom: float
    words: list[Word]
    cells: bool = False
    em: float = 1.0
    repeated: bool = False  # the same words stand at the same place of another page: head or foot
    space: float = 0.3  # usual gap between words of the document, in em
    parts: list[TextLine] = field(default_factory=list, repr=False)  # of a block: the lines that overlap in height
    _text: str | None = field(default=None, repr=False)

    @property
    def text(self) -> str:
        if self._text is None:
            self._text = " ".join(w.text for w in self.words)
        return self._text

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


@dataclass(slots=True)
class Segment:
    """Words of a line that stand together; a label and its value are one segment or two neighbours."""

    text: str
    x0: float
    x1: float
    line: TextLine


def lines_of(page: Page) -> list[TextLine]:
    """The lines of ``page`` from top to bottom, words from left to right, split numbers and dates joined."""
    words = [_plain_hyphens(w) for w in page.words if w.text.strip()]
    if not words:
        return []
    if page.cells:
        rows: dict[float, list[Word]] = {}
        for word in words:
            rows.setdefault(word.top, []).append(word)
        return [
            TextLine(page.number, top, top + 1, sorted(row, key=lambda w: w.x0), cells=True)
            for top, row in sorted(rows.items())
        ]
    height = median(w.bottom - w.top for w in words) or 1.0
    words.sort(key=lambda w: (w.top + w.bottom) / 2)
    groups: list[list[Word]] = []
    middle = float("-inf")
    for word in words:
        own = (word.top + word.bottom) / 2
        if own - middle > 0.45 * min(height, max(word.bottom - word.top, 0.5 * height)):
            groups.append([])
            middle = own
        groups[-1].append(word)
        middle = middle + (own - middle) / len(groups[-1])
    result = []
    for group in groups:
        group.sort(key=lambda w: w.x0)
        tall = median(w.bottom - w.top for w in group)
        em = 0.85 * tall
        result.append(
            TextLine(page.number, min(w.top for w in group), max(w.bottom for w in group), _join(group, em), em=em)
        )
    return result


_HYPHENS = str.maketrans("\u2010\u2011\u00ad", "---")


def _plain_hyphens(word: Word) -> Word:
    """Typesetters print ``2026‐10‐31`` with a hyphen of its own code."""
    return word if word.text.isascii() else word._replace(text=word.text.translate(_HYPHENS))


def learn_space(lines: list[TextLine]) -> None:
    """Tell every line the document's usual gap between two words."""
    space = _usual_space([line for line in lines if not line.cells])
    for line in lines:
        line.space = space


def _usual_space(lines: list[TextLine]) -> float:
    """The usual gap between two words in em: 0.28 in Helvetica, 0.6 in Courier."""
    gaps = [
        (b.x0 - a.x1) / line.em
        for line in lines
        for a, b in itertools.pairwise(line.words)
        if 0.1 * line.em < b.x0 - a.x1 < 0.8 * line.em
    ]
    return median(gaps) if len(gaps) >= 5 else 0.3


def blocked(lines: list[TextLine]) -> list[TextLine]:
    """Lines that overlap in height as one block: cells centred over each other print one line between two others."""
    result: list[TextLine] = []
    for line in lines:
        last = result[-1] if result else None
        if (
            last is not None
            and not line.cells
            and last.page == line.page
            and not (line.repeated or last.repeated)
            and line.top - (last.parts[-1] if last.parts else last).top < 0.8 * (line.bottom - line.top)
            and not (_full(line) and _full(last))
        ):
            parts = [*(last.parts or [last]), line]
            words = [w for part in parts for w in part.words]
            result[-1] = TextLine(
                line.page, last.top, max(last.bottom, line.bottom), words, em=last.em, space=last.space, parts=parts
            )
        else:
            result.append(line)
    return result


def _rows_of_pages(lines: list[TextLine]) -> dict[int, tuple[float, float]]:
    """Of each page the height where its rows begin and where they end; ``lines`` are those that hold money."""
    rows: dict[int, tuple[float, float]] = {}
    for page, found in itertools.groupby(lines, key=lambda line: line.page):
        money = list(found)
        full = [line for line in money if _full(line)]
        if 3 * len(full) >= len(money):
            rows[page] = (full[0].top, full[-1].top)
        else:  # dates and amounts stand in lines of their own: a cell's lines lie above and below the row's middle
            beside = 1.2 * (money[0].bottom - money[0].top)
            rows[page] = (money[0].top - beside, money[-1].top + beside)
    return rows


def _has_money(line: TextLine) -> bool:
    return any(amounts.looks_like_money(w.text) for w in line.words)


def _full(line: TextLine) -> bool:
    """Whether a line alone is a row: a date or number of a document, and money."""
    return _has_money(line) and any(_names_row(w.text) for w in line.words)


@lru_cache(maxsize=16384)
def _names_row(text: str) -> bool:
    if amounts.looks_like_money(text):
        return False
    return dates.whole(text) is not None or (any(map(str.isdigit, text)) and any(map(str.isalpha, text)))


def plain_lines(blocks: list[TextLine]) -> list[TextLine]:
    """The single lines again."""
    return [part for block in blocks for part in (block.parts or [block])]


_HEAD_DIGITS = re.compile(r"[-+(¥$€£]*\d{1,3}")
_NEXT_DIGITS = re.compile(r"\d{3}(?:[.,]\d{2})?[-)]?(?:[A-Z]{2})?")
_SIGN = re.compile(r"[(\-]?(?:€|\$|£|¥|￥|元|US\$|HK\$|NT\$|S\$|kr|zł)[)\-]?")
_DIGITS = re.compile(r"[(\-]?\d[\d.,' ]*[)\-]?$")
_DATE_START = re.compile(
    r"(?:[0-3]?\d(?:st|nd|rd|th|er|\.)?|(?:19|20)\d\d年?|[^\W\d_]{3,10}\.?,?|\d{1,2}月|民[国國])", re.IGNORECASE
)


def _join(words: list[Word], em: float) -> list[Word]:
    """Join ``1`` ``234,56`` (grouped by spaces) and ``3`` ``Oct`` ``2026``: pieces of one number or date."""
    result: list[Word] = []
    i = 0
    while i < len(words):
        word, used = words[i], 1
        if i + 1 == len(words):
            result.append(word)
            break
        near = words[i + 1].x0 - word.x1 <= 0.9 * em
        if _is_head(word.text):
            j, text = i + 1, word.text
            while (
                j < len(words) and words[j].x0 - words[j - 1].x1 < 0.75 * em and _NEXT_DIGITS.fullmatch(words[j].text)
            ):
                text += " " + words[j].text
                j += 1
                if re.search(r"[.,]\d{2}", words[j - 1].text):
                    break
            if j > i + 1 and re.search(r"[.,]\d{2}[-)]?(?:[A-Z]{2})?$", text):
                word, used = _merged(words[i:j], text), j - i
        elif near and 0 <= words[i + 1].x0 - word.x1 < 0.7 * em:
            text = f"{word.text} {words[i + 1].text}"
            if (_is_sign(words[i + 1].text) and _DIGITS.search(word.text)) or (
                _is_sign(word.text) and _DIGITS.match(words[i + 1].text)
            ):
                if amounts.looks_like_money(text):
                    word, used = _merged(words[i : i + 2], text), 2
        if used == 1 and near and _begins_date(word.text):
            last = i + 2
            while last < len(words) and last < i + 6 and words[last].x0 - words[last - 1].x1 <= 0.9 * em:
                last += 1
            for j in range(last, i + 1, -1):
                part = words[i:j]
                text = " ".join([w.text for w in part])
                found = dates.whole(text)
                if found is not None and (found.spelled or found.year is not None) and _tight(part, found):
                    word, used = _merged(part, text), j - i
                    break
        result.append(word)
        i += used
    return result


@lru_cache(maxsize=16384)
def _is_head(text: str) -> bool:
    return _HEAD_DIGITS.fullmatch(amounts.plain(text)) is not None


@lru_cache(maxsize=16384)
def _is_sign(text: str) -> bool:
    return _SIGN.fullmatch(text) is not None


@lru_cache(maxsize=16384)
def _begins_date(text: str) -> bool:
    return _DATE_START.fullmatch(text) is not None


def _tight(part: list[Word], found: dates.Printed) -> bool:
    """Whether every piece belongs to the date itself (``3 Oct 2026``), none is a number beside it (``3 Oct 12``)."""
    return found.has_year or len(part) == 2


def _merged(words: list[Word], text: str) -> Word:
    return Word(text, words[0].x0, words[-1].x1, min(w.top for w in words), max(w.bottom for w in words))


def is_prose(line: TextLine) -> bool:
    """Whether a line of a measured page is running text: many words, none with more than a space before it."""
    words = line.words
    if line.cells or line.parts or len(words) < 6:
        return False
    if any(b.x0 - a.x1 >= 0.45 * line.em for a, b in itertools.pairwise(words)):
        return False
    return sum(any(map(str.isalpha, w.text)) for w in words) >= len(words) - 2


def segments(line: TextLine, gap: float = 1.1) -> list[Segment]:
    """The line cut where a gap is wider than ``gap`` em (each cell of a cell page by itself)."""
    result: list[Segment] = []
    for word in line.words:
        if result and not line.cells and word.x0 - result[-1].x1 <= gap * line.em:
            last = result[-1]
            last.text = f"{last.text} {word.text}"
            last.x1 = max(last.x1, word.x1)
        else:
            result.append(Segment(word.text.strip(), word.x0, word.x1, line))
    return result


def mark_repeated(lines: list[TextLine]) -> None:
    """Mark heads and feet: lines above the first or below the last row of a page whose words, digits aside, stand at
    the same height of another page."""
    rows = _rows_of_pages([line for line in lines if not line.cells and _has_money(line)])
    seen: dict[tuple[str, int], set[int]] = {}
    keys: list[tuple[str, int] | None] = []
    for line in lines:
        first, last = rows.get(line.page, (float("inf"), float("-inf")))
        if line.cells or first < line.top < last or _has_money(line):
            keys.append(None)
            continue
        key = (re.sub(r"\d+", "0", line.text), round(line.middle / 3))
        keys.append(key)
        seen.setdefault(key, set()).add(line.page)
    for line, known in zip(lines, keys, strict=True):
        if known is not None:
            pages = set().union(*(seen.get((known[0], known[1] + d), set()) for d in (-1, 0, 1)))
            line.repeated = len(pages) > 1
