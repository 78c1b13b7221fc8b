"""English number words, read exactly: "twelve thousand five hundred", "one hundred and twenty thousand"."""

from __future__ import annotations

import re
from decimal import Decimal

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_SMALL = {word: value for value, word in enumerate(_ONES)} | {word: 20 + 10 * at for at, word in enumerate(_TENS)}
_LARGE = {"thousand": 10**3, "million": 10**6, "billion": 10**9}
_WORD = "(?:" + "|".join([*_SMALL, "hundred", *_LARGE]) + ")"
_FIRST = "(?:" + "|".join(_SMALL) + ")"

# Only numbers with a scale are looked for: "two" alone counts things. Bounded, and every repetition begins with a word.
NUMBER = re.compile(rf"(?<![a-z0-9-])(?:an? hundred|{_FIRST})(?:(?:[ -]| and |, ){_WORD}){{0,14}}(?![a-z])")
SCALES = ("hundred", "thousand", "million", "billion")


def whole_number(text: str) -> Decimal | None:
    """The value of number words that hold a scale; None when they make no number ("two three thousand")."""
    total = section = 0
    largest = 10**12  # the scale before must be larger: "five thousand two million" is none
    tail = 1000  # what may still be added to the section: after a hundred less than 100, after twenty less than 10
    scaled = False
    for word in re.findall("[a-z]+", text):
        if word in ("and", "a", "an"):
            continue
        if word in _SMALL:
            if _SMALL[word] >= tail:
                return None
            section += _SMALL[word]
            tail = 10 if _SMALL[word] >= 20 else 1
        elif word == "hundred":
            if section >= 100:
                return None
            section, tail, scaled = max(section, 1) * 100, 100, True
        elif word in _LARGE:
            if _LARGE[word] >= largest:
                return None
            largest = _LARGE[word]
            total += max(section, 1) * largest
            section, tail, scaled = 0, 1000, True
        else:
            return None
    return Decimal(total + section) if scaled else None
