"""How text is cut into words for searching, Chinese and Western alike, so that both databases find the same.

Latin letters and digits form words (``INV-0958`` is two, side by side). Chinese has no spaces: each run is cut into
overlapping pairs, ``核对无误`` into 核对 对无 无误, and what is asked for is found as the same pairs in a row.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

MOST_WORDS = 16_000  # PostgreSQL counts positions up to 16,383
LONGEST_WORD = 64
_IDEOGRAPH = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af\U00020000-\U0003ffff"
_RUN = re.compile(rf"([{_IDEOGRAPH}]+)|((?:(?![{_IDEOGRAPH}_])\w)+)")
_ASKED = re.compile(r'"([^"]+)"|(\S+)')


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that stand in a row. ``open``: the last one may be the beginning of a longer word."""

    words: tuple[str, ...]
    open: bool


def words(text: str) -> list[str]:
    """The words of a text in their order, as they are kept for searching."""
    found: list[str] = []
    for match in _RUN.finditer(_plain(text)):
        run = match.group(1)
        if run is None:
            found.append(match.group(2)[:LONGEST_WORD])
        else:
            found += _pairs(run)
            found.append(run[-1])  # so that a single character is found at the end of a run, too
        if len(found) >= MOST_WORDS:
            break
    return found[:MOST_WORDS]


def texts(reading: dict[str, Any]) -> list[str]:
    """Of a message that was read (``mailflow read``): sender, recipients, subject first, then what they wrote."""
    people = [reading["from"], *reading["to"], *reading["cc"]]
    return [
        " ".join(f"{one['name'] or ''} {one['address'] or ''}" for one in people[:1]),
        " ".join(f"{one['name'] or ''} {one['address'] or ''}" for one in people[1:20]),
        reading["subject"] or "",
        reading["new_text"] or "",
        " ".join(one["answer"] for one in reading.get("inline_answers", [])),
        " ".join(one["name"] or "" for one in reading["attachments"]),
    ]


def phrases(asked: str) -> list[Phrase]:
    """What a person asks for: all of it must be there; quotation marks keep words together."""
    found: list[Phrase] = []
    for match in _ASKED.finditer(asked.replace("“", '"').replace("”", '"')):
        text = match.group(1) or match.group(2)
        latin: list[str] = []
        for run in _RUN.finditer(_plain(text)):
            if run.group(1) is None:
                latin.append(run.group(2)[:LONGEST_WORD])
                continue
            if latin:
                found.append(Phrase(tuple(latin), open=False))
                latin = []
            pairs = _pairs(run.group(1))
            found.append(Phrase(tuple(pairs), open=False) if pairs else Phrase((run.group(1),), open=True))
        if latin:
            found.append(Phrase(tuple(latin), open=match.group(1) is None and len(latin[-1]) > 1))
    return found


def excerpt(text: str, asked: str, width: int = 120) -> str:
    """The part of ``text`` around the first thing asked for, on one line."""
    flat = " ".join(text.split())
    lower = flat.casefold()
    places = [
        place
        for match in _ASKED.finditer(asked)
        if (place := lower.find((match.group(1) or match.group(2)).casefold())) >= 0
    ]
    start = max(min(places, default=0) - width // 3, 0)
    shown = flat[start : start + width]
    return f"{'…' if start else ''}{shown}{'…' if start + width < len(flat) else ''}"


def _pairs(run: str) -> list[str]:
    return [run[place : place + 2] for place in range(len(run) - 1)]


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
