"""人民币大写: an amount in renminbi in the capital characters that Chinese documents of payment require.

Rules of the People's Bank (支付结算办法, 附一 "正确填写票据和结算凭证的基本规定"): 人民币 stands directly before the
figure; 整 follows 元 when there is neither 角 nor 分; it never follows 分 (after 角 it may stand or not: here not);
a gap inside the figure is one 零; 零 stands before 分 when 角 is zero, and after a zero at 元 that 角 follows.
"""

from __future__ import annotations

from decimal import Decimal

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")
_LIMIT = Decimal(10) ** 16


def capital_amount(amount: Decimal) -> str:
    """``人民币贰万贰仟伍佰元整`` for 22500.00. A negative amount begins with 人民币负 (custom, not rule).

    Raises ``ValueError`` when ``amount`` has more than two decimals or 10^16 元 or more.
    """
    fen = abs(amount) * 100
    if fen != fen.to_integral_value() or abs(amount) >= _LIMIT:
        raise ValueError(f"{amount} cannot be written in 元, 角 and 分")
    yuan, rest = divmod(int(fen), 100)
    jiao, fen_digit = divmod(rest, 10)
    sign = "负" if amount < 0 and fen else ""
    whole = f"{_integer(yuan)}元" if yuan or not rest else ""
    return f"人民币{sign}{whole}{_fraction(yuan, jiao, fen_digit)}"


def _fraction(yuan: int, jiao: int, fen: int) -> str:
    if not jiao and not fen:
        return "整"
    gap = "零" if yuan and (jiao == 0 or yuan % 10 == 0) else ""
    tenths = f"{_DIGITS[jiao]}角" if jiao else ""
    hundredths = f"{_DIGITS[fen]}分" if fen else ""
    return f"{gap}{tenths}{hundredths}"


def _integer(number: int) -> str:
    if number == 0:
        return "零"
    groups: list[int] = []
    while number:
        number, group = divmod(number, 10_000)
        groups.append(group)
    written = ""
    for position in range(len(groups) - 1, -1, -1):
        group = groups[position]
        if not group:
            continue
        skipped = position + 1 < len(groups) and (group < 1000 or groups[position + 1] == 0)
        written += ("零" if written and skipped else "") + _group(group) + _GROUPS[position]
    return written.replace("万亿", "万亿" if len(groups) < 4 or groups[2] == 0 else "万", 1)


def _group(group: int) -> str:
    """1 to 9999."""
    written, gap = "", False
    for place in range(3, -1, -1):
        digit = group // 10**place % 10
        if digit == 0:
            gap = bool(written)
            continue
        written += ("零" if gap else "") + _DIGITS[digit] + _PLACES[place]
        gap = False
    return written
