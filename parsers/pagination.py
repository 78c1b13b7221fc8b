"""Whether all pages are there: ``Page 2 of 3``, ``第 2 页 共 3 页``, ``Seite 2``."""

from __future__ import annotations

import re

from parsers.amounts import looks_like_money
from parsers.lines import TextLine, segments
from parsers.wording import folded

_OF = re.compile(
    r"(?:page|seite|pagina|página|pág\.?|pag\.?|p\.|blatt|sheet|第)\s*[:：]?\s*(\d{1,3})\s*[页頁]?\s*"
    r"(?:of|/|von|de|sur|di|out of|共|,|，|\s|[(（])+\s*(\d{1,3})\s*[页頁]?",
    re.IGNORECASE,
)
_ALONE = re.compile(
    r"^[-–— ]*(?:page|seite|pagina|página|pág\.?|pag\.?|p\.|blatt|sheet|第)\s*[:：]?\s*(\d{1,3})\s*[页頁]?[-–— ]*$",
    re.IGNORECASE,
)
_BARE = re.compile(r"^(\d{1,3})\s*/\s*(\d{1,3})$")


def _told(lines: list[TextLine]) -> tuple[dict[int, int], int]:
    """The number that each page gives itself, and how many there should be (0: not told)."""
    numbers: dict[int, int] = {}
    count = 0
    for line in lines:
        if line.cells or len(line.text) > 120 or any(looks_like_money(w.text) for w in line.words):
            continue
        found = _OF.search(line.text)
        if found and 1 <= int(found[1]) <= int(found[2]):
            numbers.setdefault(line.page, int(found[1]))
            count = max(count, int(found[2]))
            continue
        for piece in segments(line, 1.6):
            bare = _BARE.match(piece.text) if len(line.words) <= 4 else None
            if bare and 1 <= int(bare[1]) <= int(bare[2]) and line.repeated:
                numbers.setdefault(line.page, int(bare[1]))
                count = max(count, int(bare[2]))
            elif alone := _ALONE.match(piece.text):
                numbers.setdefault(line.page, int(alone[1]))
    return numbers, count


def missing_pages(lines: list[TextLine], pages: int) -> list[str]:
    """Sentences on pages that are missing or stand there twice."""
    twice = _same_page_twice(lines) if pages > 1 else []
    numbers, count = _told(lines)
    if not numbers or twice:
        return twice
    have = list(numbers.values())
    result = []
    last = max(count, *have)
    gaps = [n for n in range(1, last + 1) if n not in have]
    if gaps and len(numbers) >= pages - 1 and len(gaps) + len(set(have)) == last:
        of = f" of {count}" if count else ""
        result.append(f"page {', '.join(map(str, gaps))}{of} is missing")
    if len(set(have)) < len(have):
        result.append("a page stands there twice")
    return result


def _same_page_twice(lines: list[TextLine]) -> list[str]:
    """A page whose words are word for word those of another: a copy, whether it holds lines or only the foot."""
    texts: dict[int, list[str]] = {}
    for line in lines:
        if not line.cells:
            texts.setdefault(line.page, []).append(line.text)
    seen: dict[tuple[str, ...], int] = {}
    for page, text in texts.items():
        first = seen.setdefault(tuple(text), page)
        if first != page and any(any(c.isdigit() for c in line) for line in text):
            return [f"page {page} is the same as page {first}"]
    return []


def complete(lines: list[TextLine], pages: int) -> bool:
    """Whether the document says how many pages it has, and they are all there."""
    numbers, count = _told(lines)
    return count > 0 and sorted(numbers.values()) == list(range(1, count + 1)) and len(numbers) == pages


def from_page(label: str) -> bool:
    """Whether a carry speaks of a page (``承前页``, ``from previous page``) and not of an earlier statement."""
    return any(word in folded(label) for word in ("页", "page", "seite", "pagina", "suma anterior"))
