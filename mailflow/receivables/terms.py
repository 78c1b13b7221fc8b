"""Payment terms: when an invoice is due, and what settles it when it is paid early.

    net30            document date + 30 calendar days
    eom+15           end of the document's month, then + 15 days (month end first: 2026-01-10, eom+30 -> 2026-03-02)
    2/10 net30       2 % off until document date + 10, else due at + 30; several steps: 3/10 1/20 net60
    on_receipt+45    receipt date + 45; without a receipt date the document date stands for it (estimated)
    net30 late 12%   charges on what is paid late: 12 % a year; "late 1%/month + 40" adds a fixed sum an invoice
    月结30天 逾期每日万分之五   the same by the day: 0.05 %
    月结30天 票到30天 货到45天 次月15日 现结     and what ERP systems write ("Net 30 days", "30 days")

A due date in the ledger always beats a computed one. A due date on a Sunday stays: only chasing waits.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from mailflow.money import rounded

MOST_DAYS = 730  # longer terms are a slip of the pen


class UnknownTerms(ValueError):
    """These words say nothing that a due date can be computed from."""


class Anchor(StrEnum):
    DOCUMENT = "document"
    END_OF_MONTH = "end_of_month"
    RECEIPT = "receipt"


class Period(StrEnum):
    YEAR = "year"
    MONTH = "month"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class EarlyPayment:
    """``percent`` off the amount when paid within ``days`` of the document date."""

    percent: Decimal
    days: int


@dataclass(frozen=True, slots=True)
class LateFee:
    """What may be charged on an invoice that is paid late, because the terms say so: ``percent`` ``per`` period of what
    is open, and a ``fixed`` sum an invoice (0: none)."""

    percent: Decimal
    per: Period
    fixed: Decimal = Decimal(0)

    @property
    def annual_percent(self) -> Decimal:
        return self.percent * {Period.YEAR: 1, Period.MONTH: 12, Period.DAY: 365}[self.per]


@dataclass(frozen=True, slots=True)
class Terms:
    anchor: Anchor
    days: int
    early: tuple[EarlyPayment, ...] = ()
    late: LateFee | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """``estimated``: computed from another date than the terms name, because the ledger has no better one."""

    date: dt.date
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """Paid on ``until`` at the latest, ``amount`` settles the item; ``discount`` is what is left out."""

    until: dt.date
    amount: Decimal
    discount: Decimal


_EARLY = re.compile(r"(\d{1,2}(?:\.\d{1,2})?)\s*%?\s*/\s*(\d{1,3})(?!\d)")
_PERIODS = {"年": Period.YEAR, "y": Period.YEAR, "a": Period.YEAR, "月": Period.MONTH, "m": Period.MONTH,
            "日": Period.DAY, "天": Period.DAY, "d": Period.DAY}  # fmt: skip
_LATE = re.compile(
    r"[,;，；]?\s*(?:late(?:\s*(?:fees?|interest|charges?|payment))*|逾期(?:付款)?|滞纳金|违约金)[:：]?\s*"
    r"(?:[每按]?(?P<before>[年月日天])(?:息|利率)?)?\s*"
    r"(?:(?P<percent>\d{1,3}(?:\.\d{1,4})?)\s*%|万分之(?P<wan>[一二三四五六七八九十]|\d{1,3}(?:\.\d{1,2})?))"
    r"\s*(?:(?:/|per|an?|p\.)\s*(?P<after>[ymd年月日天]|annum|a)[a-z.]*)?"
    r"(?:\s*\+\s*(?P<fixed>\d{1,6}(?:\.\d{1,3})?))?"
)
_DAYS = r"(\d{1,3})\s*(?:days?|d|tage|天|日)?"
_FORMS: tuple[tuple[re.Pattern[str], Anchor], ...] = tuple(
    (re.compile(pattern), anchor)
    for pattern, anchor in (
        (rf"(?:net|n)\s*[/+:.]?\s*{_DAYS}", Anchor.DOCUMENT),
        (r"(\d{1,3})\s*(?:days?|d|tage)(?:\s*(?:net|netto|after invoice|from invoice)(?: date)?)?", Anchor.DOCUMENT),
        (
            r"(?:[账帳]期|开票后|发票日后|自开票日起)?\s*(\d{1,3})\s*[天日](?:内|账期)?(?:付款)?",
            Anchor.DOCUMENT,
        ),
        (rf"(?:(?:net\s*)?eom|end of month|monatsende)\s*(?:\+|plus)?\s*(?:{_DAYS})?", Anchor.END_OF_MONTH),
        (rf"(?:当月结|月结|月結|月底后)\s*\+?\s*(?:{_DAYS})?", Anchor.END_OF_MONTH),
        (r"次月\s*(\d{1,2})\s*[日号]前?(?:付款)?", Anchor.END_OF_MONTH),
        (rf"(?:due on|upon|on)[_ ]receipt\s*(?:\+|plus)?\s*(?:{_DAYS})?", Anchor.RECEIPT),
        (rf"(?:货到|貨到|收货后|验收后)(?:付款)?\s*(?:{_DAYS})?内?(?:付款)?", Anchor.RECEIPT),
        (rf"(?:票到|见票|收票后|收到发票后)(?:付款)?\s*(?:{_DAYS})?内?(?:付款)?", Anchor.RECEIPT),
        (r"cod|cash|immediate|immediately|prepaid|prepayment|cia|sofort", Anchor.DOCUMENT),
        (r"现结|现金|现款现货|款到发货|预付", Anchor.DOCUMENT),
    )
)


@lru_cache(maxsize=4096)
def parse(text: str) -> Terms:
    """Raises :class:`UnknownTerms`."""
    clean = unicodedata.normalize("NFKC", text).strip().casefold()
    early: list[EarlyPayment] = []

    def take(match: re.Match[str]) -> str:
        early.append(EarlyPayment(Decimal(match[1]), int(match[2])))
        return " "

    late_fee = _late_fee(_LATE.search(clean))
    rest = re.sub(r"\s+", " ", _EARLY.sub(take, _LATE.sub(" ", clean, count=1))).strip(" ,;")
    for pattern, anchor in _FORMS:
        match = pattern.fullmatch(rest)
        if match is None:
            continue
        days = int(match[1]) if pattern.groups and match[1] else 0
        late = [offer for offer in early if offer.days > days or not 0 < offer.percent < 100]
        if days > MOST_DAYS or (late and anchor is Anchor.DOCUMENT):
            break
        return Terms(anchor, days, tuple(sorted(early, key=lambda offer: offer.days)), late_fee)
    raise UnknownTerms(f"{text!r}: write terms like net30, eom+15, 2/10 net30, on_receipt+45 or 月结30天")


def _late_fee(match: re.Match[str] | None) -> LateFee | None:
    if match is None:
        return None
    wan = match["wan"]
    if wan:
        percent = Decimal("一二三四五六七八九十".find(wan) + 1 or wan) / 100
    else:
        percent = Decimal(match["percent"])
    period = _PERIODS[(match["before"] or match["after"] or ("日" if wan else "年"))[0]]
    return LateFee(percent, period, Decimal(match["fixed"] or 0))


def parsed(text: str | None) -> Terms | None:
    """None when there are no terms, or none that can be understood."""
    if not text:
        return None
    try:
        return parse(text)
    except UnknownTerms:
        return None


def due(terms: Terms, document_date: dt.date, received: dt.date | None = None) -> Due:
    if terms.anchor is Anchor.END_OF_MONTH:
        last = calendar.monthrange(document_date.year, document_date.month)[1]
        return Due(document_date.replace(day=last) + dt.timedelta(terms.days))
    if terms.anchor is Anchor.RECEIPT:
        return Due((received or document_date) + dt.timedelta(terms.days), estimated=received is None)
    return Due(document_date + dt.timedelta(terms.days))


def offers(terms: Terms, document_date: dt.date, base: Decimal, currency: str) -> tuple[Offer, ...]:
    """What can be left out for paying early, the first date first. The discount is rounded half up, once, per item."""
    made = []
    for step in terms.early:
        discount = rounded(base * step.percent / 100, currency)
        made.append(Offer(document_date + dt.timedelta(step.days), base - discount, discount))
    return tuple(made)


def best_offer(
    terms: Terms | None, document_date: dt.date | None, base: Decimal, currency: str, day: dt.date
) -> Offer | None:
    """The offer that still stands on ``day`` and saves most; None when there is none (or nothing to save)."""
    if terms is None or document_date is None or base <= 0:
        return None
    standing = [one for one in offers(terms, document_date, base, currency) if one.until >= day and one.discount > 0]
    return max(standing, key=lambda one: one.discount, default=None)


def unearned_discount(
    terms: Terms, document_date: dt.date, base: Decimal, paid: Decimal, paid_on: dt.date, currency: str, grace: int = 0
) -> Decimal:
    """What was deducted without being earned: a short payment. Zero when it was paid in time (plus ``grace`` days),
    or in full. ``paid`` is positive."""
    missing = base - paid
    if missing <= 0:
        return Decimal(0)
    earned = [
        one.discount
        for one in offers(terms, document_date, base, currency)
        if paid_on <= one.until + dt.timedelta(grace)
    ]
    return max(missing - max(earned, default=Decimal(0)), Decimal(0))
