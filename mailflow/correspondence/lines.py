"""A body as lines that know what its mark-up says about them: the one shape between body and cutting."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

MAX_LOOKED_AT = 400  # characters of a line that patterns see; a longer line is text

# A line is asked about several times while quotes and signature are looked for, and footers come back in every mail
remembered = lru_cache(maxsize=2048)


class Mark(IntEnum):
    """What the mark-up says. ``INDENTED`` is a quote only where an attribution stands before it."""

    NONE = 0
    INDENTED = 1
    QUOTED = 2


_NONE, _QUOTED = int(Mark.NONE), int(Mark.QUOTED)


@dataclass(slots=True)
class Body:
    """``marks`` holds one :class:`Mark` per line, nothing where no line is marked; ``signed`` are the lines that the
    sender's program set as a signature; at each line of ``breaks`` a quote begins that goes on to the end."""

    texts: list[str]
    marks: bytes = b""
    signed: frozenset[int] = frozenset()
    breaks: tuple[int, ...] = ()


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
_LETTERS = re.compile(r"[^\W\d_]+")
_ONLY_LETTERS = bytes(ord(chr(code).lower()) if chr(code).isalpha() and code < 128 else 32 for code in range(256))


def _fold(text: str) -> str:
    """Few characters need folding: found by one pattern, many times quicker than a table walked for each."""
    return text.replace("\t", " ") if text.isascii() else _FOLDABLE.sub(lambda found: _FOLD[found[0]], text)


def folded(text: str) -> str:
    """The beginning of ``text`` for matching, character for character: half width, plain dashes, quotes and spaces."""
    return _fold(text[:MAX_LOOKED_AT])


def all_folded(texts: list[str]) -> list[str]:
    """:func:`folded` of lines without line breaks, at once. Where nothing is to be folded, the lines themselves."""
    whole = "\n".join(texts)
    if "\t" in whole or not whole.isascii():
        lines = _fold(whole).split("\n")
    else:
        lines = texts
    if len(whole) > MAX_LOOKED_AT and max(map(len, lines)) > MAX_LOOKED_AT:
        return [line[:MAX_LOOKED_AT] for line in lines]
    return lines if texts else []


@remembered
def words_of(line: str) -> tuple[str, ...]:
    """The words of a folded line in lower case, letters only: what most questions about it are answered by."""
    if line.isascii():  # several times quicker than the pattern
        return tuple(line.encode("ascii").translate(_ONLY_LETTERS).decode("ascii").split())
    return tuple(_LETTERS.findall(line.lower()))


def first_word(line: str) -> str:
    """The first of :func:`words_of`, at less cost; empty where there is none."""
    found = _LETTERS.search(line)
    return found[0].lower() if found is not None else ""


def from_plain(text: str) -> Body:
    """Lines of a text/plain body; what begins with ``>`` is quoted."""
    texts = text.split("\n")
    if ">" not in text and "＞" not in text:
        return Body(texts)
    return Body(texts, bytes([_quoted(line) if ">" in line or "＞" in line else 0 for line in texts]))


def _quoted(line: str) -> int:
    """The mark of a line: ``>>> offer <<<`` is an ornament, ``>500`` a comparison, ``>:`` an attribution's end."""
    if line[:2] == "> " and "<<" not in line:
        return _QUOTED
    bare = line.lstrip(" \t\u00a0\u3000\u200b\ufeff")
    if not bare.startswith((">", "＞")):
        return _NONE
    if (len(bare) < 12 and bare[1:2].isdigit()) or bare.rstrip() == ">:":
        return _NONE
    if "<<" in bare and bare[:MAX_LOOKED_AT].rstrip().endswith("<<"):
        return _NONE
    return _QUOTED
