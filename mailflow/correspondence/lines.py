"""A body as lines that know what its mark-up says about them: the one shape between body and cutting."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum


class Mark(IntEnum):
    """What the mark-up says. ``INDENTED`` is a quote only where an attribution stands before it."""

    NONE = 0
    INDENTED = 1
    QUOTED = 2


@dataclass(slots=True)
class Line:
    """``from_here`` marks the first line behind an empty marker element: the quote goes on to the end."""

    text: str
    mark: Mark = Mark.NONE
    signature: bool = False
    from_here: bool = False

    @property
    def blank(self) -> bool:
        return not self.text or self.text.isspace()


MAX_LOOKED_AT = 400  # characters of a line that patterns see; a longer line is text


def _table() -> dict[int, str]:
    table: dict[int, str] = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}  # full-width ASCII
    for space in "\u00a0\u2002\u2003\u2007\u2009\u202f\u3000\t\v\f\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad":
        table[ord(space)] = " "
    for dash in "‐‑‒–—―−─━﹣":
        table[ord(dash)] = "-"
    for mark in "‘’‚‛′`´":
        table[ord(mark)] = "'"
    for mark in "“”„‟″«»":
        table[ord(mark)] = '"'
    table[ord("：")] = table[ord("﹕")] = ":"
    return table


_FOLD = {chr(code): plain for code, plain in _table().items()}
_FOLDABLE = re.compile("[" + "".join(map(re.escape, _FOLD)) + "]")


def _fold(text: str) -> str:
    """Few characters need folding: found by one pattern, many times quicker than a table walked for each."""
    return text.replace("\t", " ") if text.isascii() else _FOLDABLE.sub(lambda found: _FOLD[found[0]], text)


def folded(text: str) -> str:
    """The beginning of ``text`` for matching, character for character: half width, plain dashes, quotes and spaces."""
    return _fold(text[:MAX_LOOKED_AT])


def all_folded(texts: Sequence[str]) -> list[str]:
    """:func:`folded` of lines without line breaks, at once."""
    whole = _fold("\n".join(texts))
    lines = whole.split("\n")
    if len(whole) > MAX_LOOKED_AT:
        lines = [line if len(line) <= MAX_LOOKED_AT else line[:MAX_LOOKED_AT] for line in lines]
    return lines if texts else []


def from_plain(text: str) -> list[Line]:
    """Lines of a text/plain body; what begins with ``>`` is quoted."""
    texts = text.split("\n")
    if ">" not in text and "＞" not in text:
        return [Line(line) for line in texts]
    lines = []
    for line in texts:
        if ">" not in line and "＞" not in line:
            lines.append(Line(line))
            continue
        head = line.lstrip(" \t\u00a0\u3000\u200b\ufeff")[:1]
        quoted = head in (">", "＞") and not _decoration(line)
        lines.append(Line(line, Mark.QUOTED if quoted else Mark.NONE))
    return lines


def _decoration(line: str) -> bool:
    """``>>> offer <<<`` is an ornament and ``>500`` a comparison, no quote."""
    bare = line[:MAX_LOOKED_AT].strip()
    rest = bare.lstrip("> ＞\t")
    return rest.endswith("<<") or (bare.startswith(">") and bare[1:2].isdigit() and len(bare) < 12)
