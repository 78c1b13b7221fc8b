"""Which font has which character. What no font has is refused by name: reportlab would leave it out without a word."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from mailflow.refusals import Refusal

# Drawn in place of what WenQuanYi Micro Hei lacks, and read the same by a person.
_SUBSTITUTES = str.maketrans(
    {"☐": "□", "☑": "■", "₩": "KRW ", "₹": "INR ", "₽": "RUB ", "\u00a0": " ", "\u202f": " ", "\u2011": "-"}
)


@dataclass(frozen=True, slots=True)
class Run:
    font: str
    text: str


@dataclass(slots=True)
class Typeface:
    """Fonts in order of preference; a character comes from the first that has it."""

    names: tuple[str, ...]
    _has: list[dict[int, int]]
    _widths: dict[str, float] = field(default_factory=dict)
    _source: dict[str, int] = field(default_factory=dict)
    _plain: set[str] = field(default_factory=set)  # characters of the first font that are drawn as they stand

    @classmethod
    def of(cls, files: Sequence[Path]) -> Typeface:
        """Raises :class:`Refusal` when a file is not a usable TrueType font."""
        names: list[str] = []
        for file in files:
            name = file.stem
            if name not in pdfmetrics.getRegisteredFontNames():
                try:
                    pdfmetrics.registerFont(TTFont(name, str(file), subfontIndex=0))
                except (TTFError, OSError) as failure:
                    raise Refusal(f"{file}: not a usable TrueType font: {failure}") from None
            names.append(name)
        return cls(tuple(names), [pdfmetrics.getFont(name).face.charToGlyph for name in names])

    def clean(self, text: str) -> str:
        """``text`` as it will be drawn: substitutes in, invisible format characters out."""
        if text.isascii():
            return text
        text = text.translate(_SUBSTITUTES)
        return "".join(one for one in text if unicodedata.category(one) != "Cf")

    def has(self, character: str) -> bool:
        """Whether some font can show it (or it is one that is never drawn)."""
        return all(any(ord(one) in has for has in self._has) for one in self.clean(character))

    def runs(self, text: str) -> list[Run]:
        """Cleaned ``text`` in pieces of one font. Raises :class:`Refusal` naming the character no font has."""
        if self._plain.issuperset(text):
            return [Run(self.names[0], text)] if text else []
        pieces: list[tuple[int, list[str]]] = []
        for character in self.clean(text):
            source = self._find(character, text)
            if not pieces or pieces[-1][0] != source:
                pieces.append((source, []))
            pieces[-1][1].append(character)
        return [Run(self.names[source], "".join(characters)) for source, characters in pieces]

    def width(self, text: str, size: float) -> float:
        """In points."""
        if not self._plain.issuperset(text):
            text = self.clean(text)
            for character in text:
                self._find(character, text)
        return sum(map(self._widths.__getitem__, text)) * size

    def wrapped(self, text: str, size: float, width: float) -> list[str]:
        """Lines no wider than ``width``: broken at blanks and between Chinese characters, inside a word if need be."""
        if self.width(text, size) <= width:
            return [self.clean(text)]
        lines: list[str] = []
        line, line_width = "", 0.0
        for word in _words(self.clean(text)):
            word_width = self.width(word, size)
            if line and line_width + self.width(word.rstrip(), size) > width:
                lines.append(line.rstrip())
                line, line_width = "", 0.0
                word = word.lstrip()
                word_width = self.width(word, size)
            while word_width > width and len(word) > 1:
                cut = 1
                while cut < len(word) and self.width(word[: cut + 1], size) <= width:
                    cut += 1
                hyphen = word.rfind("-", 1, cut) + 1
                cut = hyphen if hyphen > cut // 2 else cut
                lines.append(word[:cut])
                word = word[cut:]
                word_width = self.width(word, size)
            line += word
            line_width += word_width
        return [*lines, line.rstrip()] if line.strip() or not lines else lines

    def _find(self, character: str, text: str) -> int:
        """The font that has it; remembered, with its width."""
        known = self._source.get(character)
        if known is not None:
            return known
        for position, has in enumerate(self._has):
            if ord(character) in has:
                self._source[character] = position
                self._widths[character] = pdfmetrics.stringWidth(character, self.names[position], 1)
                if position == 0 and self.clean(character) == character:
                    self._plain.add(character)
                return position
        name = unicodedata.name(character, "unnamed")
        raise Refusal(
            f"no font has the character U+{ord(character):04X} ({name}) of {text!r}; "
            "add a TrueType font that has it, or write it otherwise"
        )


_NOT_AT_START = set("，。、；：？！）】》”’%,.;:?!)]}")


def _words(text: str) -> list[str]:
    """Pieces that may stand on different lines, blanks kept at their ends; closing punctuation stays with its word."""
    words: list[str] = []
    word = ""
    for character in text:
        wide = unicodedata.east_asian_width(character) in "WF"
        follows = word and (word[-1].isspace() or unicodedata.east_asian_width(word[-1]) in "WF" or wide)
        if follows and not character.isspace() and character not in _NOT_AT_START and word[-1] not in "（【《“‘(":
            words.append(word)
            word = ""
        word += character
    return [*words, word] if word else words
