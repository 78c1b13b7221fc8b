"""Plain text: every character is a box one em wide (two for CJK), so the same reading finds its columns.

Sentences ("we have paid INV-1001 500.00") are tried where no table is found.
"""

from __future__ import annotations

import re
import unicodedata

from parsers import limits
from parsers.documents import Document, Kind
from parsers.errors import LimitReached
from parsers.formats import encodings
from parsers.grid import Page, Word
from parsers.source import Source

CHARACTER = 5.0  # points; a column of a fixed-width font at 8.3 pt
LINE = 10.0
_WORD = re.compile(r"\S+")
_RULE = re.compile(r"[-=_~*+|─━═│┃┼├┤┌┐└┘┬┴╔╗╚╝║╠╣╬]{3,}|[|│┃║]")  # lines drawn with characters: ink, not words


def read(data: bytes, source: Source) -> list[Document]:
    """The documents of a plain text. Raises :class:`parsers.errors.Unreadable`."""
    return read_text(encodings.decode(data), source)


def read_text(text: str, source: Source) -> list[Document]:
    """The same for a text that is decoded already (a mail body)."""
    from parsers.formats import delimited
    from parsers.reading import read_pages

    delimiter = delimited.find_delimiter(text[:200_000])
    laid_out = delimited.page(text) if delimiter else page(text)
    found = read_pages([laid_out], file=source.file, format="text", member=source.member)
    if not any(document.lines and document.kind is not Kind.INVOICE for document in found):
        from parsers.formats.sentences import read as read_sentences

        told = read_sentences(text, source)
        if told is not None:
            return [told]
    return found


def page(text: str) -> Page:
    """The text as words with places. Raises :class:`LimitReached`."""
    words: list[Word] = []
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").split("\n")
    if len(lines) > limits.MAX_ROWS:
        raise LimitReached("MAX_ROWS", f"the text has more than {limits.MAX_ROWS} lines")
    widest = 0.0
    for number, line in enumerate(lines):
        if len(line) > limits.MAX_LINE_CHARACTERS:
            raise LimitReached("MAX_LINE_CHARACTERS", f"line {number + 1} of the text has {len(line)} characters")
        plain = line.expandtabs(8)
        simple = plain.isascii()
        for found in _WORD.finditer(plain):
            if _RULE.fullmatch(found.group()):
                continue
            left = found.start() if simple else _columns(plain[: found.start()])
            right = left + (len(found.group()) if simple else _columns(found.group()))
            top = number * LINE
            words.append(Word(found.group(), left * CHARACTER, right * CHARACTER, top, top + LINE * 0.9))
            widest = max(widest, right * CHARACTER)
    return Page(number=1, words=words, width=widest, height=len(lines) * LINE)


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
