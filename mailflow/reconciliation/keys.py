"""Document numbers as keys: what is left of a printed number when decoration is taken off, rung by rung.

    rung 0  as printed (upper case, trimmed, full-width turned narrow)     "INV-001023"
    rung 1  letters and digits only                                       "INV001023"
    rung 2  prefix words and currency tail dropped                        "001023"
    rung 3  all digits without leading zeros                              "1023"
    rung 4  the longest group of digits that is no year                   "1023"   (of "1023/2026", "A-1023-00")
    rung 5  rung 2 with the letters that scanners confuse with digits     "001023"  (of "OO1O23")
    rung 6  the longest group of digits of that, own letters dropped       "1023"   (of "SI/OO1O23")

A key under three characters, or without any digit, is no number: ``""``, which equals nothing. Prefix words are dropped
*before* the scanner's letters are mapped; the other way round the I of INV would turn into a digit.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

RUNGS = 7
SHORTEST = 3

_PREFIXES = (
    "TAXINVOICENO TAXINVOICE INVOICENUMBER INVOICENO INVOICENR INVOICE INVNO INV RECHNUNGSNR RECHNUNG RECHNR RGNR RE "
    "RG FACTURE FACTURA FACT FAC BILLNO BILL DOCUMENTNO DOCUMENT DOCNO DOC CREDITNOTE CREDITMEMO CREDIT CN CM "
    "DEBITNOTE DN "
    "REFERENCE REFNO REF VOUCHER NUMBER NUM NO NR OUR YOUR 增值税专用发票 增值税发票 发票号码 发票号 发票 单据号 单号 "
    "编号 号码 票号 凭证号 订单号 第 请求書 請求書 伝票"
).split()
_PREFIX = re.compile("^(?:" + "|".join(sorted(_PREFIXES, key=len, reverse=True)) + ")+(?=[^A-Z]|[A-Z]{0,4}[0-9])")
_TAIL = re.compile(r"(?:CNY|RMB|USD|EUR|GBP|HKD|JPY|TWD|SGD|KWD|号)$")
_NOT_ALNUM = re.compile(r"[\W_]+")
_DIGITS = re.compile(r"[0-9]+")
_NOT_DIGIT = re.compile(r"[^0-9]+")
_NOT_ALNUM_IN_LINE = re.compile(r"(?:[^\w\n]|_)+")
_NOT_DIGIT_IN_LINE = re.compile(r"[^0-9\n]+")
_PREFIX_OF_LINE, _TAIL_OF_LINE = (re.compile(rule.pattern, re.MULTILINE) for rule in (_PREFIX, _TAIL))
_YEAR = re.compile(r"(?:19|20)[0-9]{2}$")
_DAY = re.compile(r"20[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])$")
_TAX_CODE = re.compile(r"(?:发票)?代码[: ]*[0-9]{10,12}[,;/ ]*(?=\D*[0-9])")  # whose book of forms, not which invoice
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SCANNER = str.maketrans("OQDILZSGB|", "0001125681")
_SCANNED = frozenset("OQDILZSGB|")
_HAS_DIGIT = re.compile(r"[0-9]")
_SIMPLE = re.compile(r"([^\W\d_]*)[-/ .#:]*([0-9]{3,})$")


def printed(raw: str) -> str:
    """Upper case, trimmed, compatibility forms (full-width digits and letters) turned into plain ones."""
    if raw.isascii():
        return raw.strip().upper()
    return _TAX_CODE.sub("", unicodedata.normalize("NFKC", raw).strip().upper())


def plain(raw: str) -> str:
    """Rung 0: the number as printed, ``""`` when it is none."""
    text = printed(raw)
    return text if len(text) >= SHORTEST and _HAS_DIGIT.search(text) else ""


@lru_cache(maxsize=65_536)
def ladder(raw: str) -> tuple[str, ...]:
    """:func:`climb`, remembered: for numbers that are looked at again and again."""
    return climb(raw)


def climb(raw: str) -> tuple[str, ...]:
    """The seven keys of one printed number, ``""`` where a rung gives no usable key."""
    low = low_rungs(raw)
    return low if len(low) == RUNGS else low + high_rungs(low)


def low_rungs(raw: str) -> tuple[str, ...]:
    """Rungs 0 to 3, cheap, and enough for most; all seven at once where the number is plain letters and one serial."""
    first = printed(raw)
    simple = _SIMPLE.match(first)
    if simple is not None:
        return _simple_rungs(first, simple.group(1), simple.group(2))
    letters = _NOT_ALNUM.sub("", first)
    return (usable(first), usable(letters), usable(strip_words(letters)), significant(_NOT_DIGIT.sub("", letters)))


def columns(numbers: Sequence[str]) -> tuple[list[str], list[str], list[str]]:
    """Of many printed numbers at once, each on a line of one text: letters and digits, these without words and
    currency, digits. A tenth of the time of climbing; :func:`usable` and :func:`significant` make them keys of rungs
    1 to 3. Numbers must have no line break."""
    text = "\n".join(numbers)
    letters = _NOT_ALNUM_IN_LINE.sub("", text)
    bare = _TAIL_OF_LINE.sub("", _PREFIX_OF_LINE.sub("", letters))
    return letters.split("\n"), bare.split("\n"), _NOT_DIGIT_IN_LINE.sub("", text).split("\n")


def letters_and_serial(first: str) -> tuple[str, str] | None:
    """``("XS", "0105")`` of the printed number "XS-0105"; None where it is more than letters and one serial."""
    found = _SIMPLE.match(first)
    return None if found is None else (found.group(1), found.group(2))


def plainly_apart(one: str, other: str) -> bool:
    """Whether two numbers are each plain letters and one serial, and share no rung because the serials differ: quicker
    than climbing both ladders."""
    first, second = _SIMPLE.match(one), _SIMPLE.match(other)
    if first is None or second is None:
        return False
    if first.group(2).lstrip("0") == second.group(2).lstrip("0"):
        return False
    return _SCANNED.isdisjoint(first.group(1)) and _SCANNED.isdisjoint(second.group(1))


def _simple_rungs(first: str, word: str, serial: str) -> tuple[str, ...]:
    """``"XS20261054550"``, ``"INV-001023"``, ``"发票 10023"``: what the general way would find, without searching."""
    own = _own_letters(word) if word else ""
    number = significant(serial)
    return (first, word + serial, own + serial, number, number, own.translate(_SCANNER) + serial, number)


@lru_cache(maxsize=4_096)
def _own_letters(word: str) -> str:
    """What is left of the letters before a serial number when words for "invoice number" are dropped."""
    return strip_words(word + "0")[:-1]


def high_rungs(low: tuple[str, ...]) -> tuple[str, str, str]:
    """Rungs 4 to 6 of the same number."""
    first, _, bare, _ = low
    if not first or not bare:
        return ("", "", "")
    glyphs = bare.translate(_SCANNER)
    tokens = [token.lstrip(_LETTERS).translate(_SCANNER) for token in _NOT_ALNUM.split(bare_text(first))]
    return (significant(main_number(first)), usable(glyphs), significant(main_number(" ".join(tokens))))


def bare_text(first: str) -> str:
    """``first`` with its separators, without leading words for "invoice number"."""
    return _PREFIX.sub("", first).lstrip(" .:#-/")


def strip_words(letters: str) -> str:
    """``letters`` without leading words for "invoice number" and without a currency at the end."""
    bare = _PREFIX.sub("", letters)
    bare = _TAIL.sub("", bare)
    return bare if _HAS_DIGIT.search(bare) else letters


def groups(raw: str) -> list[str]:
    """The groups of digits in order: ``["2026", "0123"]`` of ``"INV/2026/0123"``."""
    return _DIGITS.findall(printed(raw))


def serial(raw: str) -> str:
    """The main number with its leading zeros: what a number is cut off from."""
    return main_number(printed(raw))


def main_number(first: str) -> str:
    """The longest group of digits that is no year and no day (20261005-001023); of equally long ones the last. ``""``
    when there is none."""
    found = _DIGITS.findall(first)
    if len(found) > 1:
        found = [group for group in found if not _YEAR.match(group)] or found
        found = [group for group in found if not _DAY.match(group)] or found
    best = ""
    for group in found:
        if len(group) >= len(best):
            best = group
    return best


def years(raw: str) -> frozenset[str]:
    """Years and days that stand alone in the number, as digits: they tell apart two numbers that start anew with every
    January, or every day."""
    found = groups(raw)
    if len(found) < 2:
        return frozenset()
    return frozenset(group for group in found if _YEAR.match(group) or _DAY.match(group))


def years_contradict(first: str, second: str) -> bool:
    """Both name years (or days), and none in common."""
    one, other = years(first), years(second)
    if not one or not other:
        return False
    if {len(mark) for mark in one} == {len(mark) for mark in other}:
        return not one & other
    return not {mark[:4] for mark in one} & {mark[:4] for mark in other}  # a day beside a year


_MENTION = re.compile(r"(?:[A-Z]{1,6}[-/ .#:]?)?[0-9][A-Z0-9]*(?:[-/.][A-Z0-9]+)*")
_DATE_LIKE = re.compile(
    r"(?:19|20)[0-9]{2}[-/.][0-9]{1,2}(?:[-/.][0-9]{1,2})?$|[0-9]{1,2}[-/.][0-9]{1,2}[-/.](?:19|20)?[0-9]{2}$"
)
_AMOUNT_LIKE = re.compile(r"[0-9]{1,9}\.[0-9]{2}$")


@lru_cache(maxsize=65_536)
def mentions(text: str) -> tuple[str, ...]:
    """What in a free text could be a document number: has four digits or more, is neither date, year nor amount."""
    if not text or not _HAS_DIGIT.search(printed(text)):
        return ()
    found = []
    for match in _MENTION.finditer(printed(text)):
        token = match.group().strip(" .:#-/")
        bare = token.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ .#:-/")
        if _DATE_LIKE.match(bare) or _AMOUNT_LIKE.match(bare) or _YEAR.match(bare):
            continue
        if sum(map(len, _DIGITS.findall(token))) >= 4:
            found.append(token)
    return tuple(dict.fromkeys(found))


_SEPARATOR = re.compile(
    r"\s*(?:[,;&+、，；]|\bAND\b|\bUND\b|\bU\.|\bET\b|\bY\b|和|及|与|\s/\s)\s*|(?<=[0-9])\s+(?=[A-Z]{0,6}[-/.#]?[0-9])"
)
_SPAN = re.compile(
    r"^(.*?)([0-9]{2,})(?:[-/][A-Z]{1,2})?\s*(~|～|—|–|\.\.|\bTO\b|\bBIS\b|至|到|-)\s*"
    r"(?:[A-Z]{1,5}[-/ ]?)?([0-9]{1,12})(?:[-/][A-Z]{1,2})?$"
)
_FULL = re.compile(r"[A-Z]{1,6}[- ]?[0-9]{3,}")
_SHORT = re.compile(r"[0-9]+(?:[-~][0-9]+)?(?:-[A-Z])?$")
LONGEST_SPAN = 60


@lru_cache(maxsize=16_384)
def parts(text: str) -> tuple[str, ...]:
    """The numbers that one text lists: ``"INV-10023/24/25"``, ``"A1001, A1002"``, ``"10023-10027"``; else ``()``.

    A short follower takes over the beginning of the number before it. Texts with any part that is no number give the
    parts that are; it is the sum that decides whether they were all.
    """
    first = printed(text)
    if len(_DIGITS.findall(first)) < 2:
        return ()
    pieces = [piece for piece in _SEPARATOR.split(first) if piece and _HAS_DIGIT.search(piece)]
    found: list[str] = []
    for piece in pieces:
        for number in _slashed(piece.strip(" .:#()（）")):
            span = _spanned(number)
            if span:
                found.extend(span)
            elif found and number.isdigit() and len(number) < len(main_number(found[-1])):
                found.append(_follow(found[-1], number))
            else:
                found.append(number)
    return tuple(dict.fromkeys(found)) if len(found) > 1 else ()


def _slashed(piece: str) -> list[str]:
    """``"10023/24/25"`` as three; a slash after letters or a year belongs to the number itself."""
    bits = piece.split("/")
    if len(bits) < 2:
        return [piece]
    out = [bits[0]]
    for bit in bits[1:]:
        whole = max(_DIGITS.findall(out[0]) or [""], key=len)
        after = _FULL.match(bit) if len(out) == 1 or _FULL.match(out[-1]) else None
        if len(whole) >= 3 and not _YEAR.match(whole) and not _YEAR.match(bit) and (after or _SHORT.match(bit)):
            out.append(bit)
        else:
            out[-1] += "/" + bit
    return out


def _spanned(number: str) -> list[str]:
    match = _SPAN.match(number)
    if match is None:
        return []
    head, low, mark, high = match.groups()
    if mark == "-" and len(high) == 1:
        return []  # 7056390-1 is a number with a suffix
    if len(high) < len(low):
        high = low[: len(low) - len(high)] + high
    if len(low) < 3 or len(high) != len(low) or not 0 < int(high) - int(low) < LONGEST_SPAN:
        return []
    return [f"{head}{value:0{len(low)}d}" for value in range(int(low), int(high) + 1)]


def _follow(before: str, tail: str) -> str:
    """``before`` with the last digits of its main number replaced by ``tail``."""
    main = main_number(before)
    at = before.rfind(main)
    number = main[: len(main) - len(tail)] + tail
    if int(number) < int(main):  # 22971/018 goes on in the next thousand
        number = f"{int(number) + 10 ** len(tail):0{len(main)}d}"
    return before[:at] + number + before[at + len(main) :]


def usable(key: str) -> str:
    """The key, "" when it is too short or has no digit."""
    return key if len(key) >= SHORTEST and _HAS_DIGIT.search(key) else ""


def significant(digits: str) -> str:
    """Without leading zeros; numbers whose significant part is short still count when they were printed long."""
    bare = digits.lstrip("0")
    return bare if len(bare) >= SHORTEST or (len(digits) >= 5 and bare) else ""
