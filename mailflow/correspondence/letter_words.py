"""The fixed words of one language, as they stand in ``templates/<language>/words.toml``.

Templates, PDF and XLSX take their labels from here, so a further language is a further folder and no code.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


class WordMissing(LookupError):
    """A template or document asks for a word that ``words.toml`` of the language does not have."""


@dataclass(frozen=True, slots=True)
class LetterWords:
    """``words`` holds dotted keys: ``"column.due_date"``, ``"type.invoice"``. ``date_format`` names ``{day}``,
    ``{month}``, ``{month_name}`` and ``{year}``."""

    language: str
    words: Mapping[str, str]

    def __getitem__(self, key: str) -> str:
        try:
            return self.words[key]
        except KeyError:
            raise WordMissing(f"templates/{self.language}/words.toml has no {key!r}") from None

    def get(self, key: str, fallback: str) -> str:
        return self.words.get(key, fallback)

    def variant(self, name: str) -> LetterWords:
        """The same words, but where there is a ``key_name`` it stands for ``key``: 本期应付 for 本期应收."""
        ending = f"_{name}"
        own = {key.removesuffix(ending): value for key, value in self.words.items() if key.endswith(ending)}
        return LetterWords(self.language, {**self.words, **own}) if own else self

    def say(self, key: str, **values: str) -> str:
        """The sentence of ``key`` with its ``{placeholders}`` filled. Not ``str.format``: that reads attributes."""
        return _filled(self[key], values)

    def date(self, day: dt.date) -> str:
        """In full, for sentences: ``31 October 2026``, ``2026年10月31日``."""
        name = self.get(f"month.{day.month}", str(day.month))
        return self.say("date_format", day=str(day.day), month=str(day.month), year=str(day.year), month_name=name)


def _filled(sentence: str, values: Mapping[str, str]) -> str:
    def value(found: re.Match[str]) -> str:
        try:
            return values[found[1]]
        except KeyError:
            raise WordMissing(f"no value for {found[0]} in {sentence!r}") from None

    return _PLACEHOLDER.sub(value, sentence)


def nearest_language(wanted: str | None, available: Iterable[str], otherwise: str = "en") -> str:
    """The best of ``available`` for the BCP 47 tag ``wanted``: ``zh-HK`` reads ``zh-TW``, ``en-GB`` reads ``en``."""
    known = {one.lower(): one for one in available}
    for tag in (wanted, otherwise):
        parts = (tag or "").replace("_", "-").lower().split("-")
        if parts[0] == "zh":
            traditional = {"hant", "tw", "hk", "mo"} & set(parts)
            candidates = ["zh-tw" if traditional else "zh-cn", "zh"]
        else:
            candidates = ["-".join(parts[:length]) for length in range(len(parts), 0, -1)]
        for candidate in candidates:
            if candidate in known:
                return known[candidate]
        relatives = sorted(one for one in known if one.split("-")[0] == parts[0] and parts[0])
        if relatives:
            return known[relatives[0]]
    return otherwise
