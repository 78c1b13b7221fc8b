"""Amounts in running text: ``1.2万元``, ``人民币壹拾贰万元整``, ``(1,200.00)``, ``EUR 1.234,56``, ``30k``, ``$1.2 million``.

A number is an amount when it looks like money (a currency, two decimals, grouped thousands, a magnitude) or stands
where an amount stands ("pay 4000", 余额 12500). Counts, percentages, times and line numbers are not.
"""

# ruff: noqa: E501 (a pattern is read in one piece)
from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from mailflow.correspondence import english_numbers
from mailflow.correspondence.chinese_numbers import DIGITS, NUMERAL, money, whole_number
from parsers.currencies import CODES

_CODE = "|".join(sorted(code.lower() for code in CODES if code not in ("ALL", "TOP", "TRY", "AMD", "GEL", "LAK")))
_SYMBOLS = {
    "us$": "USD", "usd$": "USD", "hk$": "HKD", "nt$": "TWD", "s$": "SGD", "a$": "AUD", "au$": "AUD", "c$": "CAD",
    "nz$": "NZD", "rmb¥": "CNY", "cn¥": "CNY", "rmb": "CNY", "人民币": "CNY", "美元": "USD", "美金": "USD",
    "港币": "HKD", "港元": "HKD", "新台币": "TWD", "台币": "TWD", "欧元": "EUR", "英镑": "GBP", "日元": "JPY",
    "日圆": "JPY", "€": "EUR", "£": "GBP", "$": None, "¥": None, "₹": "INR", "₩": "KRW", "rs.": "INR", "rs": "INR",
}  # fmt: skip
_FRONT = (
    "(?:"
    + "|".join(re.escape(symbol) for symbol in sorted(_SYMBOLS, key=len, reverse=True))
    + rf"|(?<![a-z])(?:{_CODE}))"
)
_BACK_NAMES = {
    "人民币": "CNY", "元人民币": "CNY", "美元": "USD", "美金": "USD", "港币": "HKD", "港元": "HKD", "欧元": "EUR",
    "英镑": "GBP", "日元": "JPY", "新台币": "TWD", "台币": "TWD", "元": None, "圆": None, "块钱": None, "块": None,
    "euros": "EUR", "euro": "EUR", "€": "EUR", "£": "GBP", "$": None, "¥": None, "us dollars": "USD",
    "dollars": None, "dollar": None, "pounds": "GBP", "quid": "GBP", "yuan": "CNY", "rmb": "CNY", "bucks": None,
    "rupees": "INR", "sterling": "GBP",
}  # fmt: skip
_BACK = (
    "(?:"
    + "|".join(re.escape(name) if not name.isascii() or not name.isalpha() else name + "(?![a-z])"
               for name in sorted(_BACK_NAMES, key=len, reverse=True))
    + rf"|(?:{_CODE})(?![a-z]))"
)  # fmt: skip
_MAGNITUDES = {
    "k": 10**3, "thousand": 10**3, "tsd": 10**3, "grand": 10**3, "m": 10**6, "mn": 10**6, "mm": 10**6, "mio": 10**6,
    "million": 10**6, "millions": 10**6, "millionen": 10**6, "bn": 10**9, "billion": 10**9, "lakh": 10**5,
    "lakhs": 10**5, "crore": 10**7, "crores": 10**7,
}  # fmt: skip
_MAGNITUDE = "(?:" + "|".join(sorted(_MAGNITUDES, key=len, reverse=True)) + r")(?![a-z0-9])"
_GROUPED = r"\d{1,3}(?:(?:[,.'][ ]?\d{3}){1,5}|(?: \d{3}){1,5})(?:[.,]\d{1,3})?(?!\d)|\d{1,2}(?:,\d{2}){1,4},\d{3}(?:\.\d{1,2})?(?!\d)"
_BODY = rf"(?:{_GROUPED}|\d{{1,15}}[.,]\d{{1,4}}(?!\d)|\d{{1,15}}(?!\d))"
_ROUND = r"(?:,-|\.-|,--|\.--)"
_AMOUNT = re.compile(
    rf"(?<![a-z0-9_./])(?<!\d,)(?P<open>\()?(?P<sign1>[-+]|负)?(?P<front>{_FRONT})?[ ]?(?P<sign2>[-+])?"
    rf"(?P<body>{_BODY})(?:{_ROUND})?[ ]?(?P<cn>[万亿千百][{NUMERAL}\d]*)?(?P<mag>{_MAGNITUDE})?"
    rf"[ ]?(?P<back>{_BACK})?(?P<minus>(?<![ ])-(?![\w-]))?(?P<close>\))?(?:[ ]?(?P<side>cr|dr)(?![a-z]))?"
)
_CHINESE_START = "".join(char for char in DIGITS if char not in "零〇○") + "十拾百千"
_CHINESE = re.compile(
    rf"(?P<front>人民币|美元|港币|¥|￥)?[:： ]?(?P<body>(?:[{_CHINESE_START}]角(?:[{NUMERAL}]分)?|[{_CHINESE_START}][{NUMERAL}\d]*(?:[元圆块]钱?)?(?:零?[{NUMERAL}\d]角)?(?:零?[{NUMERAL}\d]分)?)[整正]?)(?P<back>美元|美金|港币|港元|欧元|英镑|日元|人民币)?"
)
_COUNTED = re.compile(
    r"[ ]?(?:%|‰|度|°|pcs?\b|pieces?\b|units?\b|box(?:es)?\b|cartons?\b|pallets?\b|items?\b|days?\b|weeks?\b|months?\b"
    r"|hours?\b|hrs?\b|h\b|minutes?\b|mins?\b|years?\b|working|business|kgs?\b|tons?\b|tonnes?\b|t\b|m2?\b|mm\b|cm\b|lines?\b|invoices?\b"
    r"|bags?\b|rolls?\b|sets?\b|drums?\b|cases?\b|pairs?\b|people\b|copies\b|times\b|x\b|am\b|pm\b|st\b|nd\b|rd\b|th\b|percent"
    r"|instal|payments?\b|transfers?\b|shipments?\b|deliver|orders?\b|credit notes?\b|stück|stk|tage|wochen|kartons?|jours|colis"
    r"|折|件|箱|个|台|只|套|张|吨|公斤|斤|米|卷|桶|支|条|份|笔|天|日|号|月|年|周|点|时|分钟|小时|次|页|行|人|家|批|袋|包|瓶|盒|块板|楼|层|期|票|吋|寸|倍|成|点钟|种|栋|室|路|街|季度|工作日)"
)
_CUE = re.compile(
    r"(?:\b(?:pay(?:ing)?|paid|amounts?(?: of| to)?|total(?:s|ling)?(?: of)?|balance(?: of| is)?|owed?|owing|differences?(?: of| is)?|transfer(?:red)?"
    r"|wired?|remit(?:ted)?|payment of|sum of|worth|charge[sd]?(?: of| us)?|fee of|credit of|credit(?: note)? for|short by|price(?: is| of| was| should be)?|quoted(?: at)?"
    r"|due|show(?:s|ing)?|have|do|least|another|remaining|rest of|is|be|of|for|at|discount of|rebate of|deduct(?:ed)?|not|says|than|betrag(?: von)?|summe|saldo|zahlen|montant(?: de)?|solde(?: de)?)"
    r"|金额(?:是|为|应为|应该是|应是)?|余额(?:是|为|应为)?|差额(?:是|为)?|差了?|少了?|多了?|相差|合计|总计|共计?|总额(?:为)?|支付|付了?|付款|汇款?|转账?|转了|打了?|款项?|货款|欠款|欠|应付|应收"
    r"|价(?:格)?(?:是|为|应为|应该是)?|单价(?:是|为|应为|应该是)?|运费|费用?|扣(?:除|款)?|折扣|返利|抵减|尾款|定金|押金|我们?是|账上是?|账面是?|应为|应该是|实际是|才是|只有|=)[:： ]?$"
)
_CUE_BEHIND = re.compile(r"[ ]too (?:high|low|much)\b")  # "600 too high"
_WEAK_CUES = frozenset("have do least is be of for at not says than due rest of 只有 我们是 我是 实际是".split())
_ORDINAL_BEFORE = re.compile(
    r"(?:\b(?:line|row|item|page|section|article|clause|room|suite|floor|no|nr|number|po|version|step|q|position|pos|zeile|ligne|unit|net)[. #:]{0,2}|第|#|[a-z]-)$"
)
_UNIT_PRICE = re.compile(r"[ ]?/")


@dataclass(frozen=True, slots=True)
class FoundAmount:
    """``sure`` False: only its surroundings or an ambiguous separator (``1.234``) say what it is."""

    start: int
    end: int
    amount: Decimal
    currency: str | None
    sure: bool = True
    note: str | None = None


def decimal_of(body: str) -> tuple[Decimal, bool]:
    """The number that ``body`` prints and whether its separators leave no doubt.

    Two kinds of separator: the last is the decimal mark. One kind once before exactly three digits: grouping, in doubt
    for a point. Several times: grouping."""
    text = body.replace(" ", "").replace("'", "")
    points, commas = text.count("."), text.count(",")
    sure = True
    if points and commas:
        mark = "." if text.rfind(".") > text.rfind(",") else ","
        text = text.replace("," if mark == "." else ".", "").replace(mark, ".")
    elif points + commas == 1:
        mark = "." if points else ","
        tail = len(text) - text.index(mark) - 1
        if tail == 3 and not text.startswith("0"):
            text, sure = text.replace(mark, ""), mark == ","
        else:
            text = text.replace(mark, ".")
    elif points + commas > 1:
        text = text.replace(".", "").replace(",", "")
    return Decimal(text), sure


def find_amounts(folded: str, taken: list[tuple[int, int]], *, yuan: str | None = "CNY") -> list[FoundAmount]:
    """The amounts of ``folded`` text outside the spans ``taken`` (references, dates, addresses), in order.

    ``yuan``: what 元 and ¥ mean in this text (None: the party's currency decides)."""
    free = _blanked(folded, taken)
    found = [*_digit_amounts(free, yuan)]
    covered = [(amount.start, amount.end) for amount in found]
    found.extend(_word_amounts(_blanked(free, covered), yuan))
    if any(scale in free for scale in english_numbers.SCALES):
        found.extend(_english_amounts(_blanked(free, covered)))
    found.sort(key=lambda amount: amount.start)
    return _without_repeats(found)


def _blanked(text: str, spans: list[tuple[int, int]]) -> str:
    if not spans:
        return text
    pieces, at = [], 0
    for start, end in sorted(spans):
        if start < at:
            start = at
        if end <= start:
            continue
        pieces.append(text[at:start])
        pieces.append("\x00" * (end - start))
        at = end
    pieces.append(text[at:])
    return "".join(pieces)


def _digit_amounts(text: str, yuan: str | None) -> list[FoundAmount]:
    found = []
    for match in _AMOUNT.finditer(text):
        amount = _judged(text, match, yuan)
        if amount is not None:
            found.append(amount)
    return found


def _judged(text: str, match: re.Match[str], yuan: str | None) -> FoundAmount | None:
    body, start, end = match["body"], match.start(), match.end()
    front, back, chinese, magnitude = match["front"], match["back"], match["cn"], match["mag"]
    value, sure = decimal_of(body)
    if chinese:
        whole = whole_number(body.replace(",", "").replace(" ", "") + chinese)
        if whole is None:
            return None
        value, sure = whole, True
    after = text[end : end + 24]
    before = text[max(0, start - 28) : start]
    if magnitude:
        if magnitude in ("m", "mm") and not front and not back:
            return None
        value *= _MAGNITUDES[magnitude]
    has_currency = bool(front or back)
    if not has_currency and _COUNTED.match(after) and not (_grouped(body) and after[:1] in " "):
        return None
    if back in ("块", None) and after.startswith(("板", "%")):
        return None
    decimals = len(body) - max(body.rfind("."), body.rfind(",")) - 1 if re.search(r"[.,]\d{1,2}$", body) else 0
    looks = (
        has_currency
        or decimals == 2
        or _grouped(body)
        or bool(magnitude)
        or bool((chinese and "万" in chinese) or (chinese and "亿" in chinese))
    )
    if not has_currency and (_ORDINAL_BEFORE.search(before) or re.match(r"[:：]\d", after)):
        return None
    if not looks:
        cue = _CUE.search(before)
        if cue is None and len(body) >= 3 and _CUE_BEHIND.match(after):
            cue = _CUE_BEHIND.match(after)
        if cue is None or not _cued(cue.group().strip(" :："), body, after):
            return None
        sure = False
    negative = bool(match["sign1"] in ("-", "负") or match["sign2"] == "-" or match["minus"])
    note = None
    if match["open"] and match["close"] and not (front or back):
        if before.rstrip()[-1:] == "\x00":
            note = f"({body}) was read as an amount in brackets, not as negative"
        else:
            negative = True
    if match["side"] == "cr":
        negative = True
    opened = 1 if match["open"] and not match["close"] else 0
    closed = 1 if match["close"] and not match["open"] else 0
    currency = _currency(front, back, yuan)
    tail = len(match.group()) - len(match.group().rstrip())
    opened += len(match.group()) - len(match.group().lstrip())
    return FoundAmount(start + opened, end - closed - tail, -value if negative else value, currency, sure, note)


def _grouped(body: str) -> bool:
    return bool(re.match(r"\d{1,3}(?:[,.' ]\d{3})+", body)) or body.count(",") > 1


def _cued(cue: str, body: str, after: str) -> bool:
    """A bare number after a cue: at least three digits after a weak one, and no year."""
    digits = body.replace(".", "").replace(",", "")
    if _UNIT_PRICE.match(after) and re.match(r"[ ]?/\d", after):
        return False
    if re.match(r"(?:19|20)\d\d$", body):
        return cue not in _WEAK_CUES and not re.match(r"[-/.年]", after)
    if cue in _WEAK_CUES or (cue.split()[-1:] and cue.split()[-1] in _WEAK_CUES):
        return (len(digits) >= 4 and "." not in body) or ("." in body and len(digits) >= 3)
    return not re.match(r"[-/.:]\d|[ ]?[a-z]{3,}", after) or len(digits) >= 3


def _currency(front: str | None, back: str | None, yuan: str | None) -> str | None:
    for symbol, names in ((front, _SYMBOLS), (back, _BACK_NAMES)):
        if symbol is None:
            continue
        if symbol in ("元", "圆", "块", "块钱", "¥"):
            return yuan
        named = names.get(symbol)
        if named:
            return named
        if symbol.upper() in CODES:
            return symbol.upper()
    return None


def _word_amounts(text: str, yuan: str | None) -> list[FoundAmount]:
    found = []
    for match in _CHINESE.finditer(text):
        body = match["body"]
        money_word = any(char in body for char in "元圆块角") or body[-1] in "整正"
        large = ("万" in body or "亿" in body or "千" in body) and len(body) >= 2
        cued = bool(match["front"] or match["back"])
        if not (money_word or large or cued) or body.startswith(("万一", "千万", "百分", "十分")):
            continue
        if not (money_word or cued) and _COUNTED.match(text[match.end() : match.end() + 3]):
            continue
        if match["front"] is None and text[match.start("body") - 1 : match.start("body")] in ("第", "百", "统"):
            continue
        value = money(body)
        if value is None or (value == 0 and not money_word):
            continue
        currency = _BACK_NAMES.get(match["back"] or "") or _SYMBOLS.get(match["front"] or "") or yuan
        start = match.start() if match["front"] else match.start("body")
        found.append(FoundAmount(start, match.end(), value, currency, money_word or cued))
    return found


_FRONT_WORD = re.compile(rf"({_FRONT})[ ]?$")
_BACK_WORD = re.compile(rf"[ ]?({_BACK})")


def _english_amounts(text: str) -> list[FoundAmount]:
    """ "Twelve thousand five hundred dollars"; without a currency only from a thousand on, and never counted things."""
    found = []
    for match in english_numbers.NUMBER.finditer(text):
        value = english_numbers.whole_number(match.group())
        if value is None:
            continue
        before = _FRONT_WORD.search(text[max(0, match.start() - 12) : match.start()])
        behind = _BACK_WORD.match(text, match.end(), match.end() + 24)
        if not (before or behind) and (value < 1000 or _COUNTED.match(text[match.end() : match.end() + 24])):
            continue
        start = match.start() - (len(before.group()) if before else 0)
        currency = _currency(before[1] if before else None, behind[1] if behind else None, None)
        found.append(
            FoundAmount(start, behind.end() if behind else match.end(), value, currency, bool(before or behind))
        )
    return found


def _without_repeats(found: list[FoundAmount]) -> list[FoundAmount]:
    """Each amount once: a figure and its words (``¥120,000（大写壹拾贰万元整）``) are the same one."""
    kept: list[FoundAmount] = []
    for amount in found:
        if any(amount.amount == other.amount and amount.currency in (other.currency, None) for other in kept):
            continue
        kept.append(amount)
    return kept
