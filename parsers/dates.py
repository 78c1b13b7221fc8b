"""Dates as people print them: zh, en, de, fr, es; with or without year; day and month in the document's order.

``03/04/2026`` alone has no answer. :class:`Printed` keeps what the paper says, :func:`decide_order` asks all dates of a
document at once, and :meth:`Printed.on` answers the date with the order and year that were decided.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

_MONTHS = {
    1: "jan january januar jänner janvier janv enero ene gennaio gen janeiro januari",
    2: "feb february februar fév févr février fevr fev febrero febbraio fevereiro februari",
    3: "mar march mär märz mrz maerz mars marzo março maart mrt",
    4: "apr april avr avril abr abril aprile",
    5: "may mai mayo maggio mag maio mei",
    6: "jun june juni juin junio giugno giu junho",
    7: "jul july juli juil juillet julio luglio lug julho",
    8: "aug august août aout agosto ago augustus",
    9: "sep sept september septembre septiembre set settembre setembro",
    10: "oct october okt oktober octobre octubre ottobre ott outubro out",
    11: "nov november novembre noviembre novembro",
    12: "dec december dez dezember déc décembre dic diciembre dicembre dezembro",
}
MONTHS = {name: number for number, names in _MONTHS.items() for name in names.split()}
_MONTH = "(?P<name>" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")(?![a-zà-ÿ])\.?"
_YEAR4 = r"(?:19|20)\d\d"
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th|er|º|°)?"
_TAIL = r"(?:[T ]\s*\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?"  # a time behind the date says nothing here
_FORMS = [
    re.compile(rf"(?P<year>{_YEAR4})\s*年\s*(?P<month>\d{{1,2}})\s*月(?:\s*(?P<day>\d{{1,2}})\s*[日号號])?"),
    re.compile(r"(?:民[国國])?\s*(?P<roc>1[0-5]\d)\s*年\s*(?P<month>\d{1,2})\s*月(?:\s*(?P<day>\d{1,2})\s*[日号號])?"),
    re.compile(rf"(?P<year>{_YEAR4})(?P<sep>[-/.])(?P<month>\d{{1,2}})(?P=sep)(?P<day>\d{{1,2}})(?!\d){_TAIL}"),
    re.compile(r"(?P<roc>1[0-5]\d)(?P<sep>[/.])(?P<month>[01]?\d)(?P=sep)(?P<day>[0-3]?\d)(?![\d])"),
    re.compile(rf"(?P<a>\d{{1,2}})\s?(?P<sep>[-/.])\s?(?P<b>\d{{1,2}})\s?(?P=sep)\s?(?P<year>{_YEAR4})(?!\d){_TAIL}"),
    re.compile(rf"(?P<a>\d{{1,2}})(?P<sep>[-/.])(?P<b>\d{{1,2}})(?P=sep)(?P<short>\d\d)(?![\d]){_TAIL}"),
    re.compile(rf"{_DAY}[\s.\-/]*(?:de |of )?\s*{_MONTH}[\s.,\-/']*(?:de |del )?\s*(?P<year>{_YEAR4})(?!\d)", re.I),
    re.compile(rf"{_MONTH}[\s\-/]*{_DAY}[\s,\-/]+(?P<year>{_YEAR4})(?!\d)", re.I),
    re.compile(rf"(?P<year>{_YEAR4})[\s\-/]*{_MONTH}[\s\-/]*{_DAY}(?!\d)", re.I),
    re.compile(rf"{_DAY}[\s.\-/]*{_MONTH}[\s.\-/']*(?P<short>\d\d)(?![\d:])", re.I),
    re.compile(rf"{_MONTH}[\s\-/]*{_DAY}[\s,\-/']+(?P<short>\d\d)(?![\d:])", re.I),
    re.compile(r"(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*[日号號]"),
    re.compile(rf"{_DAY}[\s.\-/]*(?:de )?{_MONTH}", re.I),
    re.compile(rf"{_MONTH}[\s.\-/]*{_DAY}(?!\d)", re.I),
    re.compile(r"(?P<year>20\d\d)(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])(?!\d)"),
    re.compile(r"(?P<a>[0-3]?\d)(?P<sep>[-/.])(?P<b>[0-3]?\d)\.?(?![\d/\-]|[.,]\d)"),
]
_WEEKDAY = re.compile(
    r"^(?:mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so|lun|mar|mer|jeu|ven|sam|dim)[a-zé]*\.?,?\s+", re.I
)
ORDERS = ("DMY", "MDY", "YMD")


@dataclass(slots=True, frozen=True)
class Printed:
    """A date as printed: known parts, and ``a``, ``b`` (, ``short``) where the order must be decided elsewhere."""

    text: str
    year: int | None = None
    month: int | None = None
    day: int | None = None
    a: int | None = None
    b: int | None = None
    short: int | None = None  # two-digit third part of a/b/short
    spelled: bool = False  # the month stands there as a word or with 月: the order is no question

    @property
    def ambiguous(self) -> bool:
        """Whether more than one order gives a date."""
        return len({self.on(order, 2024) for order in ORDERS} - {None}) > 1

    @property
    def has_year(self) -> bool:
        return self.year is not None or self.short is not None

    def on(self, order: str, year: int | None = None) -> dt.date | None:
        """The date under ``order`` (``DMY``, ``MDY``, ``YMD``); ``year`` is used where none is printed."""
        if self.a is None or self.b is None:
            own = self.year if self.year is not None else _century(self.short) if self.short is not None else year
            return _date(own, self.month, self.day)
        if self.year is not None:
            return (
                None
                if order == "YMD"
                else _date(self.year, *((self.b, self.a) if order == "DMY" else (self.a, self.b)))
            )
        if self.short is not None:
            if order == "YMD":
                return _date(_century(self.a), self.b, self.short) if self.a >= 15 else None
            return _date(_century(self.short), *((self.b, self.a) if order == "DMY" else (self.a, self.b)))
        if order == "DMY":
            return _date(year, self.b, self.a)
        return _date(year, self.a, self.b)


def _century(short: int) -> int:
    return 2000 + short if short < 80 else 1900 + short


def _date(year: int | None, month: int | None, day: int | None) -> dt.date | None:
    if year is None or month is None:
        return None
    try:
        return dt.date(year, month, 1 if day is None else day)
    except ValueError:
        return None


def _plain(text: str) -> str:
    return (text if text.isascii() else unicodedata.normalize("NFKC", text)).strip()


@lru_cache(maxsize=32768)
def prefix(text: str) -> tuple[Printed, str] | None:
    """The date that ``text`` starts with and what follows it, else None."""
    text = _plain(text)
    if not text or not any(c.isdigit() for c in text[:24]):
        return None
    for start in dict.fromkeys((text, _WEEKDAY.sub("", text))):
        for form in _FORMS:
            found = form.match(start)
            if found is not None:
                printed = _printed(found)
                if printed is not None:
                    return printed, start[found.end() :].strip()
    return None


@lru_cache(maxsize=32768)
def whole(text: str) -> Printed | None:
    """The date that ``text`` is as a whole (a time behind it is no harm), else None."""
    found = prefix(text)
    return found[0] if found is not None and not found[1].strip(" .,;*") else None


def find(text: str) -> list[Printed]:
    """All dates with a year inside running text, in order."""
    text = _plain(text)
    hits: list[tuple[int, int, Printed]] = []
    for form in _FORMS[:11] + _FORMS[14:15]:
        for found in form.finditer(text):
            if found.start() and (text[found.start() - 1].isalnum() and text[found.start() - 1].isascii()):
                continue
            printed = _printed(found)
            if printed is not None and not any(s < found.end() and found.start() < e for s, e, _ in hits):
                hits.append((found.start(), found.end(), printed))
    return [printed for _, _, printed in sorted(hits, key=lambda hit: hit[0])]


def _printed(found: re.Match[str]) -> Printed | None:
    part = found.groupdict()
    number = {
        k: int(v) for k, v in part.items() if v is not None and k in ("year", "month", "day", "a", "b", "short", "roc")
    }
    if "roc" in number:
        number["year"] = number.pop("roc") + 1911  # Republic of China era, as printed in Taiwan
    if part.get("name"):
        number["month"] = MONTHS[part["name"].lower()]
    printed = Printed(text=found.group().strip(), spelled=bool(part.get("name")) or "月" in found.group(), **number)
    if printed.month is not None and not 1 <= printed.month <= 12:
        return None
    return printed if any(printed.on(order, 2024) for order in ORDERS) else None


@dataclass(slots=True, frozen=True)
class Order:
    """What all dates together say. ``sure`` is False where several orders fit and one had to be taken."""

    order: str
    sure: bool


def decide_order(
    printed: Iterable[Printed],
    *,
    before: dt.date | None = None,
    sequence: Sequence[Printed] = (),
    american: bool = False,
) -> Order:
    """The order of day and month that makes every date valid.

    Where several fit: the one in which the ``sequence`` (dates of a table, top to bottom) runs one way and no date is
    after ``before`` (the document's own date, known without doubt). Where still several fit, day first (or month first
    in an ``american`` document), and not ``sure``.
    """
    open_ones = [p for p in printed if p.a is not None]
    if not open_ones:
        return Order("DMY", True)
    fits = [o for o in ORDERS if all(p.on(o, 2024) is not None for p in open_ones)]
    if not fits:
        count = {o: sum(p.on(o, 2024) is not None for p in open_ones) for o in ORDERS}
        return Order(max(count, key=lambda o: count[o]), False)
    distinct = {tuple(p.on(o, 2024) for p in open_ones) for o in fits}
    if len(fits) == 1 or len(distinct) == 1:
        return Order(fits[0], True)
    if "YMD" in fits and len(fits) > 1:
        # 26-10-03: years spread little, days spread much
        firsts, lasts = {p.a for p in open_ones}, {p.short for p in open_ones}
        if len(firsts) <= 2 < len(lasts):
            return Order("YMD", True)
        if len(lasts) <= 2 < len(firsts) or len(open_ones) < 3:
            fits.remove("YMD")
    if before is not None:
        early = [o for o in fits if all((d := p.on(o, before.year)) is None or d <= before for p in sequence)]
        if len(early) == 1:
            return Order(early[0], True)
    runs = [o for o in fits if _runs(sequence, o)]
    if len(runs) == 1 and len(sequence) >= 4:
        return Order(runs[0], True)
    preferred = "MDY" if american else "DMY"
    return Order(preferred if preferred in fits else fits[0], len(fits) == 1)


def _runs(sequence: Sequence[Printed], order: str) -> bool:
    days = [d for p in sequence if (d := p.on(order, 2024)) is not None]
    return all(a <= b for a, b in itertools.pairwise(days)) or all(a >= b for a, b in itertools.pairwise(days))


def near_year(printed: Printed, order: str, anchor: dt.date) -> dt.date | None:
    """A date printed without year: its latest day that is not after ``anchor`` (with a month's grace)."""
    for year in (anchor.year + 1, anchor.year, anchor.year - 1):
        day = printed.on(order, year)
        if day is not None and day <= anchor + dt.timedelta(days=31):
            return day
    return None
