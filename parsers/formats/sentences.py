"""A remittance advice in sentences: "We paid today INV-1001 EUR 500.00 and INV-1002 EUR 700.00, in total 1,200.00."

Only what is said plainly: words of a payment that was made, and each document number with its own amount. Any word
that denies, promises or asks leaves the text to a person.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from parsers import amounts, currencies, dates
from parsers.documents import Check, CheckName, Document, Kind, Line, LineType, Payment, Trust
from parsers.source import Source

_PAID = re.compile(
    r"\b(?:have|has|were|was|been|just|today|already|we)?\s*(?:paid|remitted|transferred|wired)\b"
    r"|payment (?:was|has been|of|for|covers)|remittance"
    r"|已(?:经|於|于)?.{0,8}(?:付|汇|匯|打款|转账|轉帳)|(?:付|汇|匯|打)(?:了|出)?款|(?:付|汇|匯|打)(?:了|清).{0,16}款|电汇|電匯|支付了"
    r"|überwiesen|gezahlt|bezahlt|beglichen|\bviré|virement|réglé|payé|hemos pagado|transferido|transferencia|abonado",
    re.IGNORECASE,
)
_OPEN = re.compile(  # denied, promised, asked: not said plainly
    r"\b(?:not|never|no|haven't|hasn't|won't|cannot|can't|will|shall|going to|plan|intend|please|should|when|why|if"
    r"|unless|dispute|wrong|nicht|kein|werden|wird|bitte|wann|pas|n'avons|sera|serons|veuillez|ne|no hemos|pagaremos"
    r"|por favor)\b"
    r"|\?|？|未|没|沒|不|将|將|会|會|请|請|预计|計劃|计划|为何|为什么|是否|如果|有误|异议",
    re.IGNORECASE,
)
_POLITE = re.compile(  # asks or foretells nothing about the payment itself
    r"\b(?:should|will) (?:be with you|reach you|arrive|show up|be there|be in your)"
    r"|\bplease (?:find|allocate|apply|acknowledge|update|confirm (?:receipt|once))"
    r"|\bbitte (?:buchen|verbuchen|bestätigen)|\bveuillez (?:trouver|noter)"
    r"|请(?:注意)?查收|請(?:注意)?查收|请核销|請核銷",
    re.IGNORECASE,
)
_TOTAL = re.compile(
    r"\b(?:total|in all|altogether|sum|summe|gesamt\w*|insgesamt|au total|en total)\b"
    r"|合计|合計|共计|共計|总计|總計|总额|總額|合共|共付|总共",
    re.IGNORECASE,
)
_CREDIT = re.compile(r"credit note|gutschrift|avoir|nota de cr|\bCN\b|红字|退货|折让|贷项|扣", re.IGNORECASE)
_AMOUNT = re.compile(
    r"(?<![A-Za-z0-9_.,/\-])(?:-\s?)?(?:[A-Z]{3}\s?|[€$£¥￥]\s?|HK\$|US\$)?"
    r"(?:\d{1,3}(?:[,.' ’\u00a0]\d{3})+(?:[.,]\d{2,3})?|\d+[.,]\d{2,3}|\d{2,}(?=\s?(?:元|円|圆|[€$£¥]|[A-Z]{3}\b)))"
    r"(?![A-Za-z0-9_/]|[.,]\d)(?:\s?(?:元|圆|€|£|[A-Z]{3}\b))?",
)
_NUMBER = re.compile(
    r"(?<![\w\-/.,])(?:[A-Z]{1,6}[-/#]?)?(?:[A-Z0-9]{1,8}[-/])*\d[\dA-Z]*(?:[-/][\dA-Z]+)*(?![\w%]|[.,]\d)"
    r"|[销收付转记红退单票]+[-—]?\d{3,}",
    re.ASCII,
)
_CLAUSE = re.compile(r"[\n。；;!！]|(?<=\D)\.\s|,\s+(?=(?:and\s)?in total)|[,，](?=合|共|总)")


def read(text: str, source: Source) -> Document | None:
    """The remittance advice that ``text`` states, or None."""
    plain = unicodedata.normalize("NFKC", text)[:20_000]
    if not _PAID.search(plain) or _OPEN.search(_POLITE.sub("", plain)):
        return None
    mark, _ = amounts.decide_mark(found.group() for found in _AMOUNT.finditer(plain))
    document = Document(file=source.file, member=source.member, format="text", kind=Kind.REMITTANCE_ADVICE)
    total: Decimal | None = None
    for clause in _CLAUSE.split(plain):
        if not clause:
            continue
        pairs, lone = _pairs(clause, mark)
        for reference, amount, printed in pairs:
            negative = amount > 0 and _CREDIT.search(_before(clause, reference)) is not None
            document.lines.append(
                Line(
                    no=len(document.lines) + 1,
                    amount=-amount if negative else amount,
                    type=LineType.CREDIT_NOTE if negative or amount < 0 else LineType.INVOICE,
                    reference=reference,
                    currency=printed,
                )
            )
            _dated(document.lines[-1], clause, mark)
        if lone is not None and (_TOTAL.search(clause) or (_PAID.search(clause) and total is None)):
            total = lone
    if not document.lines:
        return None
    return _finish(document, plain, total)


def _dated(line: Line, clause: str, mark: str) -> None:
    """The day between a document's number and its amount (``INV-1 dated 3 May 2026: 500.00``) is the document's."""
    behind = clause.partition(line.reference or "")[2]
    ends = [f.start() for f in _AMOUNT.finditer(behind) if amounts.parse(f.group(), mark) is not None]
    found = [p for p in dates.find(behind) if behind.find(p.text) < max(ends, default=len(behind))]
    if len(found) != 1:
        return
    line.date = found[0].on("DMY") or found[0].on("MDY") or found[0].on("YMD")
    if found[0].ambiguous or not found[0].has_year:
        line.date = None
        line.doubts.append("date")


def _pairs(clause: str, mark: str) -> tuple[list[tuple[str, Decimal, str | None]], Decimal | None]:
    """(number, amount, currency) where they stand one by one, and an amount that belongs to no number."""
    money = [
        (found.start(), amount)
        for found in _AMOUNT.finditer(clause)
        if (amount := amounts.parse(found.group().strip(), mark))
    ]
    taken = [(found.start(), found.end()) for found in _AMOUNT.finditer(clause)]
    numbers = [
        (found.start(), found.group())
        for found in _NUMBER.finditer(clause)
        if _is_number(found.group()) and not any(start < found.end() and found.start() < end for start, end in taken)
    ]
    values = [amount.value for _, amount in money]
    if numbers and len(numbers) == len(money):
        return [(r, a.value, a.currency) for (_, r), (_, a) in zip(numbers, money, strict=True)], None
    if numbers and len(money) == len(numbers) + 1 and _TOTAL.search(clause):
        last_is_total = clause.rfind(_last_total(clause)) > numbers[-1][0]
        kept = money[:-1] if last_is_total else money[1:]
        lone = values[-1] if last_is_total else values[0]
        return [(r, a.value, a.currency) for (_, r), (_, a) in zip(numbers, kept, strict=True)], lone
    return [], values[0] if len(values) == 1 and not numbers else None


def _is_number(token: str) -> bool:
    """Whether a token names a document: letters and digits, or five digits and more, and no date."""
    digits = sum(character.isdigit() for character in token)
    return digits >= (5 if token.isdigit() else 2) and dates.whole(token) is None


def _last_total(clause: str) -> str:
    return [found.group() for found in _TOTAL.finditer(clause)][-1]


def _before(clause: str, reference: str) -> str:
    """The words that introduce ``reference``: back to the number before it."""
    head = clause[: clause.find(reference)]
    return re.split(r"[,，、]|\band\b|和|及", head)[-1] + reference[:2]


def _finish(document: Document, text: str, total: Decimal | None) -> Document:
    paid = sum((line.amount for line in document.lines), Decimal(0))
    printed = dates.find(text)
    order = dates.decide_order(printed)
    day = printed[0].on(order.order) if len(printed) == 1 and order.sure else None
    named = {line.currency for line in document.lines if line.currency}
    document.currency = named.pop() if len(named) == 1 else currencies.named(text) if not named else None
    document.payment = Payment(date=day, amount=total if total is not None else paid)
    document.date = day
    if total is None:
        document.payment.amount = paid
        document.trust = Trust.PLAUSIBLE
        document.warnings.append("read from sentences, which state no total")
        return document
    passed = paid == total
    sign = "=" if passed else "≠"
    document.checks.append(Check(CheckName.PAYMENT_TOTAL, passed, f"sum of lines: {paid:f} {sign} {total:f}"))
    document.trust = Trust.PROVEN if passed else Trust.UNPROVEN
    document.warnings.append("read from sentences")
    return document
