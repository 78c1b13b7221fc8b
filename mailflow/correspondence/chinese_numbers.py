"""Chinese number words, read exactly: ``两万五`` (25,000), ``3万5千``, ``壹拾贰万零叁佰元零伍分``, ``1.2万``."""

from __future__ import annotations

import re
from decimal import Decimal

DIGITS = {
    **{char: value for value, char in enumerate("零一二三四五六七八九")},
    **{char: value for value, char in enumerate("零壹贰叁肆伍陆柒捌玖")},
    "〇": 0, "两": 2, "○": 0,
}  # fmt: skip
_SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_LARGE = {"万": 10**4, "亿": 10**8}
NUMERAL = "零〇○一二三四五六七八九两壹贰叁肆伍陆柒捌玖十拾百佰千仟万亿"
_PART = re.compile(r"\d[\d,]*(?:\.\d+)?|[" + NUMERAL + "]")


def whole_number(text: str) -> Decimal | None:
    """The value of a number word (no currency); None when it is none. A last digit after a unit counts the next
    smaller one: ``两万五`` is 25,000, ``三千二`` 3,200."""
    total = Decimal(0)  # finished large groups
    section = Decimal(0)  # inside 万 or 亿
    pending: Decimal | None = None
    unit_before = Decimal(0)
    zero = False
    seen_unit = False
    parts = _PART.findall(text)
    if not parts or "".join(parts) != text:
        return None
    for part in parts:
        if part[0].isdigit():
            if pending is not None:
                return None
            pending = Decimal(part.replace(",", ""))
        elif part in DIGITS:
            if DIGITS[part] == 0 and (seen_unit or pending is None):
                zero, pending = True, None if pending is None else pending
                continue
            if pending is not None:
                pending = pending * 10 + DIGITS[part] if not seen_unit else None
                if pending is None:
                    return None
            else:
                pending = Decimal(DIGITS[part])
        elif part in _SMALL:
            unit = Decimal(_SMALL[part])
            section += (Decimal(1) if pending is None else pending) * unit
            pending, unit_before, zero, seen_unit = None, unit, False, True
        else:
            unit = Decimal(_LARGE[part])
            section += pending or 0
            if section == 0:
                return None
            if unit_before > unit or not total or total >= unit:
                total += section * unit
            else:
                total = (total + section) * unit
            section, pending, unit_before, zero, seen_unit = Decimal(0), None, unit, False, True
    if pending is not None:
        shortened = seen_unit and not zero and unit_before >= 100 and pending < 10
        section += pending * unit_before / 10 if shortened else pending
    return total + section


_MONEY = re.compile(r"(?P<whole>[^元圆块]*)(?:[元圆块]钱?)?(?P<rest>.*)")
_FRACTION = re.compile(r"零?(?:([" + NUMERAL + r"\d])[角毛])?零?(?:([" + NUMERAL + r"\d])分?)?[整正]?")


def money(text: str) -> Decimal | None:
    """``叁佰元伍角``, ``壹拾贰万元整``, ``伍角整``, ``3万5千元``, ``五块二``: the amount, None when it is none."""
    if "元" not in text and "圆" not in text and "块" not in text:
        bare = text.rstrip("整正")
        if "角" in bare or "分" in bare:
            return _fraction(bare)
        return whole_number(bare)
    match = _MONEY.fullmatch(text)
    if match is None:
        return None
    whole = whole_number(match["whole"])
    if whole is None:
        return None
    rest = match["rest"]
    if not rest or rest in ("整", "正"):
        return whole
    if "角" not in rest and "分" not in rest and "毛" not in rest:
        tenth = DIGITS.get(rest)
        return None if tenth is None or "块" not in text else whole + Decimal(tenth) / 10
    fraction = _fraction(rest)
    return None if fraction is None else whole + fraction


def _fraction(text: str) -> Decimal | None:
    match = _FRACTION.fullmatch(text)
    if match is None or not (match[1] or match[2]):
        return None
    value = Decimal(0)
    for group, part in ((match[1], Decimal("0.1")), (match[2], Decimal("0.01"))):
        if group:
            digit = Decimal(group) if group.isdecimal() else Decimal(DIGITS.get(group, 0))
            value += digit * part
    return value
