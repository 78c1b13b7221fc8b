"""Reading the cells of a ledger file: dates, amounts, currencies, sides, document types.

A cell is read only when it has one meaning. What two countries write alike (``03/10/2026``, ``1,234``) is decided by
the rest of the file, never guessed from one cell: :class:`Habit` says what the other rows show.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from mailflow.receivables.party import Side
from parsers.currencies import CODES, exponent
from parsers.documents import LineType


class Unreadable(ValueError):
    """This cell has no one meaning. The sentence says what is wrong and what to write instead."""


@dataclass(frozen=True, slots=True)
class Habit:
    """How this file writes: ``decimal`` is ``"."`` or ``","``, ``day_first`` True for 31/10/2026; None: not seen."""

    decimal: str | None = None
    day_first: bool | None = None


_NUMBER_DATE = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_DAY_MONTH_NAME = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[-/. ]*([A-Za-z]{3,9})\.?[-/., ]*(\d{4})")
_MONTH_NAME_DAY = re.compile(r"([A-Za-z]{3,9})\.?[-/ ]*(\d{1,2})(?:st|nd|rd|th)?[-/., ]+(\d{4})")
_SHORT_YEAR = re.compile(r"\d{1,2}[-/. ](?:\d{1,2}|[A-Za-z]{3,9})[-/. ]\d{2}")
_TIME = re.compile(r"[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z| ?[AaPp][Mm]|[+-]\d{2}:?\d{2})?$")
_MONTHS = {
    name: number
    for number, names in enumerate(
        "jan januar january|feb februar february|mar mär mrz march märz|apr april|may mai|jun juni june|jul juli july|"
        "aug august|sep sept september|oct okt october oktober|nov november|dec dez december dezember".split("|"), 1
    )
    for name in names.split()
}  # fmt: skip


def read_date(text: str, habit: Habit) -> dt.date:
    """Raises :class:`Unreadable`."""
    clean = _TIME.sub("", unicodedata.normalize("NFKC", text).strip())
    if match := _YEAR_FIRST.fullmatch(clean) or _COMPACT.fullmatch(clean):
        return _made(text, int(match[1]), int(match[2]), int(match[3]))
    if match := _NUMBER_DATE.fullmatch(clean):
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        day_first = True if match[2] == "." or first > 12 else False if second > 12 else habit.day_first
        if day_first is None and first != second:
            raise Unreadable("day and month cannot be told apart in this file; write dates like 2026-10-31")
        return _made(text, year, *((second, first) if day_first else (first, second)))
    if match := _DAY_MONTH_NAME.fullmatch(clean):
        return _made(text, int(match[3]), _MONTHS.get(match[2].casefold(), 0), int(match[1]))
    if match := _MONTH_NAME_DAY.fullmatch(clean):
        return _made(text, int(match[3]), _MONTHS.get(match[1].casefold(), 0), int(match[2]))
    if _SHORT_YEAR.fullmatch(clean):
        raise Unreadable("the year has two digits; write dates like 2026-10-31")
    raise Unreadable("this is no date; write it like 2026-10-31")


def _made(text: str, year: int, month: int, day: int) -> dt.date:
    try:
        made = dt.date(year, month, day)
    except ValueError:
        raise Unreadable("there is no such day; write a date like 2026-10-31") from None
    if not 1970 <= year <= 2199:
        raise Unreadable("the year cannot be right; write a date like 2026-10-31")
    return made


def shows_day_first(text: str) -> bool | None:
    """What this one date says about the file's habit; None when nothing."""
    match = _NUMBER_DATE.fullmatch(_TIME.sub("", text.strip()))
    if match is None or match[2] == ".":
        return None
    first, second = int(match[1]), int(match[3])
    return True if first > 12 >= second else False if second > 12 >= first else None


_SPACES = re.compile("[\\s'’`\u00a0\u2007\u2009\u202f]")
_MINUS = str.maketrans("−–—﹣－", "-----")
_MARK = re.compile(r"^(-?)([A-Z]{3}|[A-Z]{0,3}\$|[¥￥€£$₩₹]|元)?(-?)(.*?)([A-Z]{3}|[¥￥€£$]|元)?$")
_DIGITS = re.compile(r"\d+|\d{1,3}(?:[.,]\d{3})+|\d+[.,]\d+|\d{1,3}(?:,\d{3})+\.\d+|\d{1,3}(?:\.\d{3})+,\d+|[.,]\d+")
_LAKHS = re.compile(r"\d{1,3}(?:,\d{2})*,\d{3}(?:\.\d+)?")  # Indian grouping: 12,34,567.00
_MOST = Decimal(10) ** 18


def read_amount(text: str, currency: str, habit: Habit) -> Decimal:
    """A signed amount at the currency's minor unit. Parentheses or a minus before or after it make it negative.

    Raises :class:`Unreadable`, also when it has more decimals than the currency: nothing is rounded on the way in.
    """
    clean = _SPACES.sub("", unicodedata.normalize("NFKC", text.translate(_MINUS))).translate(_MINUS)
    negative = False
    if clean.count("-") > 1:
        raise Unreadable("it has two minus signs; write it like -1234.50")
    if clean.startswith("(") and clean.endswith(")"):
        negative, clean = True, clean[1:-1]
    if clean.endswith("-"):
        negative, clean = not negative, clean[:-1]
    mark = _MARK.match(clean.removeprefix("+"))
    assert mark is not None
    negative ^= (mark[1] == "-") ^ (mark[3] == "-")
    digits = mark[4]
    for code in (mark[2], mark[5]):
        if code and code.isalpha() and code in CODES and code != currency:
            raise Unreadable(f"the amount is marked {code}, but the row's currency is {currency}")
    if not digits.isascii() or not (_DIGITS.fullmatch(digits) or _LAKHS.fullmatch(digits)):
        raise Unreadable("this is no amount; write it like 1234.50")
    value = Decimal(_plain(digits, currency, habit))
    if value >= _MOST:
        raise Unreadable("the amount is too large to be one")
    return at_minor_unit(-value if negative else value, currency)


def at_minor_unit(value: Decimal, currency: str) -> Decimal:
    """``value`` with exactly the currency's decimals. Raises :class:`Unreadable` when that would change it."""
    places = exponent(currency)
    exact = value.quantize(Decimal(1).scaleb(-places))
    if exact != value:
        how = "no decimals" if places == 0 else f"{places} decimals"
        raise Unreadable(f"{currency} has {how}; write the amount exactly")
    return exact


def _plain(digits: str, currency: str, habit: Habit) -> str:
    """``digits`` with a point for the decimals and no grouping."""
    decimal = shows_decimal(digits)
    if decimal is None:
        mark = "," if "," in digits else "." if "." in digits else None
        if mark is None:
            return digits
        if habit.decimal is not None:
            decimal = habit.decimal
        elif mark == ".":
            decimal = "."
        elif exponent(currency) == 3:
            raise Unreadable("grouping and decimals cannot be told apart in this file; write it like 1234.500")
        else:
            decimal = "."
    return digits.replace("." if decimal == "," else ",", "").replace(",", ".")


def shows_decimal(digits: str) -> str | None:
    """The decimal mark that this one number proves: ``"."``, ``","`` or None (no mark, or 1,234)."""
    commas, points = digits.count(","), digits.count(".")
    if commas and points:
        return "," if digits.rindex(",") > digits.rindex(".") else "."
    if commas + points == 0:
        return None
    mark, other = (",", ".") if commas else (".", ",")
    if commas + points > 1:
        return other
    tail = len(digits) - 1 - digits.index(mark)
    head = digits.index(mark)
    return None if tail == 3 and 1 <= head <= 3 and digits[0] != "0" else mark


def digits_of(text: str) -> str:
    """Only digits and marks of an amount as printed, for :func:`shows_decimal`."""
    return "".join(character for character in text if character in "0123456789.,").strip(".,")


_CURRENCY_WORDS = {
    **dict.fromkeys(("RMB", "人民币", "人民币元", "元", "CNH"), "CNY"),
    **dict.fromkeys(("美元", "美金", "US$", "U.S.DOLLAR", "US DOLLAR"), "USD"),
    **dict.fromkeys(("欧元", "€", "EURO"), "EUR"),
    **dict.fromkeys(("英镑", "£"), "GBP"),
    **dict.fromkeys(("日元", "日圆", "日币"), "JPY"),
    **dict.fromkeys(("港币", "港元", "HK$"), "HKD"),
    **dict.fromkeys(("新台币", "台币", "NT$"), "TWD"),
    "韩元": "KRW", "澳元": "AUD", "加元": "CAD", "瑞士法郎": "CHF", "新加坡元": "SGD", "新币": "SGD", "泰铢": "THB",
    "卢布": "RUB", "越南盾": "VND", "澳门元": "MOP",
}  # fmt: skip


def read_currency(text: str) -> str:
    """An ISO 4217 code. Raises :class:`Unreadable`; a bare ``$`` or ``¥`` has no one meaning."""
    clean = unicodedata.normalize("NFKC", text).strip().upper()
    code = _CURRENCY_WORDS.get(clean, clean)
    if code not in CODES:
        raise Unreadable("this is no currency; write its ISO code, like CNY or USD")
    return code


_SIDES = {
    Side.RECEIVABLE: """
        receivable receivables ar a/r accountsreceivable debtor debtors customer customers client d accrec sales
        应收 应收账款 应收款 客户 应收类 收款 销售
    """,
    Side.PAYABLE: """
        payable payables ap a/p accountspayable creditor creditors supplier suppliers vendor vendors k accpay purchase
        应付 应付账款 应付款 供应商 应付类 付款 采购
    """,
}
_SIDE_WORDS = {word: side for side, words in _SIDES.items() for word in words.split()}


def read_side(text: str) -> Side:
    """Raises :class:`Unreadable`."""
    clean = re.sub(r"[\s_]+", "", unicodedata.normalize("NFKC", text)).casefold()
    side = _SIDE_WORDS.get(clean)
    if side is None:
        raise Unreadable("write receivable (a customer owes us) or payable (we owe a supplier)")
    return side


_TYPES: dict[LineType, str] = {
    LineType.INVOICE: """
        invoice salesinvoice purchaseinvoice taxinvoice bill inv rv re outinvoice ininvoice rechnung supplierinvoice
        发票 销售发票 采购发票 增值税发票 增值税专用发票 应收单 应付单 销售出库单 应收 销售应收单 采购应付单 其他应收单
        其他应付单 销售
    """,
    LineType.CREDIT_NOTE: """
        creditnote creditmemo credit cn cm outrefund inrefund salesreturn purchasereturn gutschrift salescreditnote
        贷项 贷项通知单 红字发票 红字应收单 红字应付单 退货 退货单 销售退货 采购退货 冲红 折让
    """,
    LineType.PAYMENT: """
        payment paymententry receipt pmt cash dz kz zahlung billpayment customerpayment vendorpayment supplierpayment
        收款 收款单 付款 付款单 回款 预收款 预付款 预收 预付 银行收款 收付款
    """,
    LineType.DEBIT_NOTE: "debitnote debitmemo debit dn dm lastschrift 借项 借项通知单 补差",
    LineType.DISCOUNT: "discount cashdiscount skonto rebate 折扣 现金折扣 返利",
    LineType.FEE: "fee charge interest latefee bankcharge financecharge 手续费 利息 滞纳金 费用",
    LineType.ADJUSTMENT: """
        adjustment journal journalentry generaljournal writeoff ab entry 调整 调整单 转账 冲账 核销 期初 期初余额
    """,
}
_TYPE_WORDS = {word: line_type.value for line_type, words in _TYPES.items() for word in words.split()} | {
    re.sub("_", "", line_type.value): line_type.value for line_type in LineType
}


def read_type(text: str) -> str:
    """A ``LineType`` value; ``"other"`` for a word that is not known (it decides nothing about the amount)."""
    clean = re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).casefold()
    return _TYPE_WORDS.get(clean, LineType.OTHER.value)


def read_direction(text: str) -> int:
    """1 for debit, -1 for credit. Raises :class:`Unreadable`."""
    clean = unicodedata.normalize("NFKC", text).strip().casefold()
    if clean in {"d", "dr", "debit", "s", "soll", "借", "借方"}:
        return 1
    if clean in {"c", "cr", "credit", "h", "haben", "贷", "贷方", "貸"}:
        return -1
    raise Unreadable("write debit or credit (借 or 贷)")
