"""Amounts as people print them, read exactly.

What may stand around the digits: a currency (``¥``, ``USD``, ``元``), a sign in front or behind (``-``, ``1,234.56-``),
brackets, or a side (``CR``, ``DR``, ``借``, ``贷``, ``S``, ``H``). Which of comma and point is the decimal mark is a
question to the whole document (:func:`decide_mark`), because ``1.234`` alone has no answer.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from parsers.currencies import CODES, SYMBOLS

MINUS = "-‐‑‒–—−﹣－"
_SPACES = "\u00a0\u2007\u2009\u202f\u2002\u2003\u3000"
_GROUP = r"[,.'’ ]"
# 1,234,567.89 | 12,34,567.89 (India) | 1234567.89 | .50 ; a space groups only full thousands
BODY = (
    rf"(?:\d{{1,3}}(?:{_GROUP}\d{{3}})+(?:[.,]\d{{1,6}})?(?!\d)"
    r"|\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d{1,6})?(?!\d)"
    r"|\d+[.,]\d{1,6}(?!\d)|\d+|[.,]\d{1,4}(?!\d))"
)
_CURRENCY = (
    "(?:"
    + "|".join(sorted((re.escape(s) for s in SYMBOLS), key=len, reverse=True))
    + "|(?<![A-Za-z])(?:"
    + "|".join(sorted(CODES))
    + ")(?![A-Za-z]))"
)
_SIDE = r"(?:cr|dr|credit|debit|c|d|s|h|soll|haben|借方?|贷方?|貸方?|平)"
_BEFORE = r"(?:cr|dr|credit|debit|soll|haben|借方?|贷方?|貸方?)"  # one letter before a number is a currency's: S$
_FULL = re.compile(
    rf"(?P<open>[(\[<])?\s*(?P<front>[-+])?\s*(?P<side1>{_BEFORE}\.?)?\s*(?P<cur1>{_CURRENCY})?\s*(?P<inner>[-+])?\s*"
    rf"(?P<open2>[(])?\s*(?P<body>{BODY})\s*(?P<close2>[)])?\s*(?P<cur2>{_CURRENCY})?\s*(?P<back>[-+])?\s*"
    rf"(?P<close>[)\]>])?\s*(?P<cur3>{_CURRENCY})?\s*(?P<side2>{_SIDE}\.?)?\s*\*?",
    re.IGNORECASE,
)
_FOUND = re.compile(rf"(?<![\w.,/\-]){BODY}(?![\w/%]|[.,]\d)")
_CREDIT = ("cr", "credit", "c", "h", "haben", "贷", "贷方", "貸", "貸方")
_DEBIT = ("dr", "debit", "d", "s", "soll", "借", "借方")
NOTHING = re.compile(rf"(?:[{re.escape(MINUS)}/]{{1,3}}|nil|n/?a|无|—|\.|零)", re.IGNORECASE)


@dataclass(slots=True, frozen=True)
class Amount:
    """``value`` carries the printed sign. ``signed``: a minus or brackets were printed. ``side``: ``"credit"`` or
    ``"debit"`` where the print says so beside the number (the value itself is then as printed)."""

    value: Decimal
    signed: bool = False
    side: str | None = None
    currency: str | None = None
    decimals: int = 0


def plain(text: str) -> str:
    """Full-width digits and signs, odd spaces and dashes brought to their plain form."""
    if text.isascii():
        return text.strip()
    text = unicodedata.normalize("NFKC", text.translate(_TRANSLATE))
    return text.translate(_TRANSLATE).strip()


_TRANSLATE = str.maketrans(
    dict.fromkeys(MINUS, "-") | dict.fromkeys(_SPACES, " ") | {"（": "(", "）": ")", "￥": "¥", "，": ",", "。": "."}
)


@lru_cache(maxsize=65536)
def parse(text: str, mark: str = ".") -> Amount | None:
    """The amount that ``text`` is as a whole, else None. ``mark`` is the document's decimal mark."""
    text = plain(text)
    if not text or not any(c.isdigit() for c in text):
        return None
    found = _FULL.fullmatch(text)
    if found is None:
        return None
    number = _number(found["body"], mark)
    if number is None:
        return None
    minus = "-" in (found["front"], found["inner"], found["back"])
    opens, closes = (
        sum(found[name] is not None for name in names) for names in (("open", "open2"), ("close", "close2"))
    )
    if opens != closes:
        return None
    bracket = opens > 0
    if minus or bracket:
        number = -number
    side = (found["side2"] or found["side1"] or "").lower().rstrip(".")
    symbol = found["cur1"] or found["cur2"] or found["cur3"]
    return Amount(
        value=number,
        signed=minus or bracket or found["front"] == "+",
        side="credit" if side in _CREDIT else "debit" if side in _DEBIT else None,
        currency=None if symbol is None else SYMBOLS.get(symbol, symbol.upper() if symbol.upper() in CODES else None),
        decimals=max(0, -exponent) if isinstance(exponent := number.as_tuple().exponent, int) else 0,
    )


@lru_cache(maxsize=65536)
def is_nothing(text: str) -> bool:
    """A cell that prints "no amount": a lone dash, ``nil``, ``/``."""
    return NOTHING.fullmatch(plain(text)) is not None


@lru_cache(maxsize=65536)
def looks_like_money(text: str) -> bool:
    """Whether ``text`` can only be an amount: it has decimals, thousands groups or a currency (an integer has not)."""
    text = plain(text)
    found = _FULL.fullmatch(text) if text and text[-1] in _MONEY_ENDS else None
    if found is None:
        return False
    body = found["body"]
    if _number(body, ".") is None:
        return False
    return bool(re.search(r"[.,' ’]\d{2,3}$", body)) or bool(found["cur1"] or found["cur2"] or found["cur3"])


_MONEY_ENDS = (
    frozenset("0123456789)-]>*.")
    | frozenset("RrTtCcDdHhSsFfLlNnOoEeMmBbPpUuYyKkXxAaGgVvIiZzQqJjWw")
    | frozenset("元圆借贷貸方平€£¥$₩₹")
)


def _number(body: str, mark: str) -> Decimal | None:
    body = body.replace("'", "").replace("’", "")
    if " " in body:
        body = body.replace(" ", "")
    other = "," if mark == "." else "."
    if mark in body and other in body and body.rfind(mark) < body.rfind(other):
        mark, other = other, mark  # 1.234,56 in a document of 1,234.56: only one reading is possible
    head, seen, tail = body.rpartition(mark)
    if seen and mark in head and other in head:
        return None  # two numbers without a gap between them
    if seen and mark in head:  # 1.234.567: the mark groups here
        head, seen, tail = body.replace(mark, ""), "", ""
    elif not seen:
        head, tail = body, ""
        lead, single, rest = body.rpartition(other)
        if single and other not in lead and len(rest) != 3:  # 12,50 in a document of 1,234.56
            head, tail = lead, rest
    digits = head.replace(other, "") or "0"
    if not digits.isdigit() or (tail and not tail.isdigit()) or len(digits) > 15 or len(tail) > 15:
        return None  # beyond 15 digits it is an account, or noise
    return Decimal(f"{digits}.{tail}" if tail else digits)


def decide_mark(texts: Iterable[str]) -> tuple[str, bool]:
    """The decimal mark of a document, and whether there was any evidence for it.

    Evidence is a number with both marks (the last one is decimal), a mark that repeats (it groups) or a mark with
    other than three digits behind it (it is decimal).
    """
    points = commas = 0
    for text in texts:
        if len(text) >= 200 or (text.isascii() and "." not in text and "," not in text):
            continue
        point, comma = _votes(text.translate(_ALIKE))
        points, commas = points + point, commas + comma
    return (",", True) if commas > points else (".", points > 0)


_ALIKE = str.maketrans("123456789", "000000000")  # which digits they are says nothing about the mark between them


@lru_cache(maxsize=8192)
def _votes(text: str) -> tuple[int, int]:
    """The evidence in ``text`` for a decimal point, and for a decimal comma."""
    votes = {".": 0, ",": 0}
    for body in _FOUND.findall(plain(text)):
        for mark, other in ((".", ","), (",", ".")):
            count = body.count(mark)
            if not count:
                continue
            if count > 1:
                votes[other] += body.count(other) == 1
            elif other in body:
                votes[mark] += 2 * (body.rfind(mark) > body.rfind(other))
            elif len(body) - 1 - body.rfind(mark) == 2:
                votes[mark] += 1
    return votes["."], votes[","]


def find(text: str, mark: str = ".") -> list[Amount]:
    """Amounts with decimals, groups or a currency inside running text, in order."""
    text = plain(text)
    result = []
    for hit in _IN_TEXT.finditer(text):
        amount = parse(hit.group().strip(), mark)
        if amount is not None and (amount.currency or re.search(r"[.,]\d{2,3}(?!\d)", hit.group())):
            result.append(amount)
    return result


_IN_TEXT = re.compile(
    rf"(?<![\w.,/])-?\(?(?:{_CURRENCY}\s*)?-?(?:(?!\d{{1,4}}[-/.]\d{{1,2}}[-/.]\d){BODY})(?![\d/])(?:\s*{_CURRENCY})?\)?",
    re.IGNORECASE,
)

_CAPITALS = {
    c: n
    for n, cs in enumerate(("零〇", "壹一壱", "贰二貳弍", "叁三參叄", "肆四", "伍五", "陆六陸", "柒七", "捌八", "玖九"))
    for c in cs
}
_UNITS = {"拾": 10, "十": 10, "佰": 100, "百": 100, "仟": 1000, "千": 1000}
CAPITAL = re.compile(r"[零〇壹贰貳弍叁參叄肆伍陆陸柒捌玖拾佰仟万萬亿億元圆圓角分整正]{3,}")


def chinese_capital(text: str) -> Decimal | None:
    """The amount that is written out in 大写 (``壹万贰仟叁佰肆拾伍元陆角柒分``), else None."""
    found = CAPITAL.search(text)
    if found is None or not any(c in found.group() for c in "元圆圓角分"):
        return None
    total = section = digit = Decimal(0)
    fraction = Decimal(0)
    for char in found.group():
        if char in _CAPITALS:
            digit = Decimal(_CAPITALS[char])
        elif char in _UNITS:
            section += (digit or (Decimal(1) if _UNITS[char] == 10 else Decimal(0))) * _UNITS[char]
            digit = Decimal(0)
        elif char in "万萬亿億":
            scale = 10_000 if char in "万萬" else 100_000_000
            section, digit = section + digit, Decimal(0)
            total = total + section * scale if char in "万萬" else (total + section) * scale
            section = Decimal(0)
        elif char in "元圆圓":
            total, section, digit = total + section + digit, Decimal(0), Decimal(0)
        elif char == "角":
            fraction, digit = fraction + digit / 10, Decimal(0)
        elif char == "分":
            fraction, digit = fraction + digit / 100, Decimal(0)
    return (total + section + fraction).quantize(Decimal("0.01"))
