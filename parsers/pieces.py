"""What a word on the page is (money, a date, text …), and where a word is really two without a gap."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from parsers import amounts, dates
from parsers.grid import Word

_BESIDE = frozenset(
    "cr dr c d s h cr. dr. 借 贷 貸 平 借方 贷方 usd eur gbp cny rmb hkd sgd aud cad jpy chf twd inr nzd ¥ ￥ $ € £ us$"
    " hk$ nt$ 元 ( ) - + * kr pln sek nok dkk myr thb krw rm s$ a$ c$".split()
)
_BROKEN_DATE = re.compile(r"\d{1,4}[-/.年](?:(?:\d{1,2}|[A-Za-z]{3})[-/.月])?")  # wrapped behind its separator
_LETTER = re.compile(r"[^\W_]")


def word_kind(word: Word) -> str:
    value = word.value
    if value is None:
        return _kind_of(word.text)
    return "money" if isinstance(value, Decimal) else "date"


@lru_cache(maxsize=65536)
def _kind_of(text: str) -> str:
    if amounts.looks_like_money(text):
        return "money"
    if amounts.is_nothing(text):
        return "number"
    if text.lower() in _BESIDE or not _LETTER.search(text):
        return "beside"
    if len(text) == 8 and text.isdigit() and dates.whole(text) is not None:
        return "date"  # 20261031
    if amounts.parse(text) is not None or amounts.is_nothing(text):
        return "number"
    if dates.whole(text) is not None or _BROKEN_DATE.fullmatch(text):
        return "date"
    return "text"


def split_glued(words: list[Word]) -> list[Word]:
    """Cut words that are two: a date with something behind it, two amounts without a gap."""
    result: list[Word] = []
    for word in words:
        text = word.text
        if len(text) < 9 or word.value is not None or not (cuts := _cuts(text)):
            result.append(word)
            continue
        for begin, end in zip([0, *cuts], [*cuts, len(text)], strict=True):
            if text[begin:end].strip():
                result.append(_part(word, begin, end))
    return result


@lru_cache(maxsize=65536)
def _cuts(text: str) -> list[int]:
    """Where a word is two."""
    found = dates.prefix(text)
    if found is not None and found[1] and (found[0].has_year or found[0].spelled):
        at = text.rfind(found[1])
        if at > 3 and not text[at].isdigit() and text[at] not in "/-.:":
            return [at]
    return _money_cuts(text) if amounts.parse(text) is None else []


def _money_cuts(text: str) -> list[int]:
    if amounts.parse(text.strip("()")) is not None:
        return []
    cuts: list[int] = []
    for at in range(4, len(text) - 3):
        if text[at - 3] in ".," and text[at - 2 : at].isdigit() and (text[at].isdigit() or text[at] in "-(¥$€£"):
            if amounts.looks_like_money(text[:at]) and amounts.looks_like_money(text[at:]):
                cuts.append(at)
    return cuts[:1]


def _part(word: Word, begin: int, end: int) -> Word:
    wide = [2 if ord(c) > 0x2E80 else 1 for c in word.text]
    unit = (word.x1 - word.x0) / max(1, sum(wide))
    x0 = word.x0 + unit * sum(wide[:begin])
    return Word(word.text[begin:end].strip(), x0, word.x0 + unit * sum(wide[:end]), word.top, word.bottom)
