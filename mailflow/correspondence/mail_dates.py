"""Dates in running text, relative to the day on which the message was sent: ``下周一``, ``月底前``, ``15号``,
``next Tuesday``, ``end of month``, ``within 5 working days``, ``15. Juni``.

The clock plays no part. A date without a year has two readings, the next one (for a promise) and the last one
(for something done); the clause decides. A range ("in November", 11月初) stands for its last day, and says so.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from mailflow.correspondence.calendar_arithmetic import (
    ONE_DAY,
    WorkingDaysAfter,
    chinese_year,
    each_month,
    each_year,
    full_year,
    month_end,
    months_after,
    part_of_month,
    shift_month,
    small_number,
    working_days_after,
)
from mailflow.correspondence.calendar_words import CHINESE_WEEKDAYS, COUNTS, MONTHS, WEEKDAYS
from mailflow.correspondence.date_patterns import PATTERNS

FARTHEST_DAYS = 730  # "within 900 days" is no date that anybody promises


@dataclass(frozen=True, slots=True)
class FoundDate:
    """``coming``: read as a day not before the message; ``gone``: as one not after it (None: cannot be).

    ``vague``: the last day of a range. ``note``: what a person should know about the reading."""

    start: int
    end: int
    coming: dt.date | None
    gone: dt.date | None
    vague: bool = False
    note: str | None = None


_CONDITIONAL_AFTER = re.compile(
    r"[ ]?(?:after|of receipt|of receiving|from receipt|upon|following|of the date|from the date|from invoice"
    r"|of invoice|nach|après|of delivery)"
)
_CONDITIONAL_BEFORE = re.compile(r"(?:后|之后|以后|起|日起)[ ,]{0,2}(?:的)?$")
_DURATION_BEFORE = re.compile(
    r"(?:月结|账期|net|term[s]? (?:of|are|is)|for the last|overdue(?: by)?|逾期|超期|晚了|拖了)[ ]?$"
)


_ON = re.compile(r"(?<![a-z])(?:on|by|until|till|before|latest)[ ]$")  # "on 18.11." is a day in any language


class MailDates:
    """Reads the dates of a message sent on ``sent`` (the sender's own day). ``day_first``: how 03/04/2026 is read.

    ``working_days`` counts them by a calendar of holidays; without one only weekends are left out, and it is said."""

    def __init__(
        self,
        sent: dt.date | None,
        *,
        day_first: bool = True,
        dotted: bool = False,
        working_days: WorkingDaysAfter | None = None,
    ) -> None:
        self._working_days = working_days or working_days_after
        self._unsure = None if working_days else "working days: weekends only, no holidays"
        self.anchored = sent is not None  # without it a relative date is seen, and has no value
        self.sent = sent or dt.date(2000, 1, 3)
        self.dotted = dotted  # "15.11." is a date (German); elsewhere it may be an amount at a sentence's end
        self.day_first = day_first

    def find(self, folded: str) -> list[FoundDate]:
        """All dates in order; where two readings overlap, the earlier pattern of the table stays."""
        taken = bytearray(len(folded) + 1)
        found: list[FoundDate] = []
        for kind, pattern in PATTERNS:
            reader: Callable[[re.Match[str]], FoundDate | None] = getattr(self, "_" + kind)
            for match in pattern.finditer(folded):
                start, end = match.span()
                if taken[start] or taken[end - 1]:
                    continue
                try:
                    date = reader(match)
                except (ValueError, OverflowError):
                    continue
                if date is not None:
                    if not self.anchored and kind not in _ABSOLUTE:
                        date = replace(date, coming=None, gone=None)
                    if folded[end - 1] == ".":  # it ends the sentence as well
                        date = replace(date, end=end - 1)
                    taken[start:end] = b"\x01" * (end - start)
                    found.append(date)
        found.sort(key=lambda date: date.start)
        return found

    # --- what the patterns mean -------------------------------------------------------------------------------------

    def _one(self, m: re.Match[str], day: dt.date, *, vague: bool = False, note: str | None = None) -> FoundDate:
        return FoundDate(m.start(), m.end(), day, day, vague, note)

    def _yearless(
        self, m: re.Match[str], month: int, day: int, note: str | None = None, vague: bool = False
    ) -> FoundDate | None:
        if not self.anchored:
            return FoundDate(m.start(), m.end(), None, None)
        coming = next((d for d in each_year(self.sent.year, month, day, 1) if d >= self.sent), None)
        gone = next((d for d in each_year(self.sent.year, month, day, -1) if d <= self.sent), None)
        if coming is None and gone is None:
            return None
        return FoundDate(m.start(), m.end(), coming, gone, vague, note)

    def _ymd(self, m: re.Match[str]) -> FoundDate:
        return self._one(m, dt.date(int(m[1]), int(m[2]), int(m[3])))

    def _cn_ymd(self, m: re.Match[str]) -> FoundDate | None:
        year = chinese_year(m[1])
        month = small_number(m[2])
        if m[3]:
            return self._one(m, dt.date(year, month, small_number(m[3])))
        if m[4]:
            day, vague = part_of_month(year, month, m[4])
            return self._one(m, day, vague=vague)
        return None

    def _cn_next_md(self, m: re.Match[str]) -> FoundDate:
        step = {"下": 1, "上": -1}.get(m[1][0], 0) + m[1].count("下下")
        year, month = shift_month(self.sent, step)
        if m[2]:
            return self._one(m, dt.date(year, month, small_number(m[2])))
        day, vague = part_of_month(year, month, m[3])
        return self._one(m, day, vague=vague)

    def _cn_md(self, m: re.Match[str]) -> FoundDate | None:
        month = small_number(m[1])
        if m[2]:
            return self._yearless(m, month, small_number(m[2]))
        found = self._yearless(m, month, 1)
        if found is None:
            return None
        year = self.sent.year + (1 if month < self.sent.month - 6 else 0)
        day, vague = part_of_month(year, month, m[3])
        gone = day if day <= self.sent else part_of_month(year - 1, month, m[3])[0]
        coming = day if day >= self.sent else part_of_month(year + 1, month, m[3])[0]
        return FoundDate(m.start(), m.end(), coming, gone, vague)

    def _cn_d(self, m: re.Match[str]) -> FoundDate | None:
        return self._day_of_month(m, small_number(m[1]))

    def _day_of_month(self, m: re.Match[str], day: int) -> FoundDate | None:
        if not 1 <= day <= 31:
            return None
        coming = next((d for d in each_month(self.sent, day, 1) if d >= self.sent), None)
        gone = next((d for d in each_month(self.sent, day, -1) if d <= self.sent), None)
        return FoundDate(m.start(), m.end(), coming, gone)

    def _cn_within(self, m: re.Match[str]) -> FoundDate | None:
        before = m.string[max(0, m.start() - 6) : m.start()]
        if _CONDITIONAL_BEFORE.search(before) or _DURATION_BEFORE.search(before):
            return None
        if m[1] == "半":
            count, unit = (15, "天") if "月" in m[2] else (0, "")
        else:
            count, unit = small_number(m[1]), m[2]
        if m[2] == "日" and m[3] in ("后", "之后", "以后"):
            return None  # 15日后: after the 15th
        return self._after(m, count, unit)

    def _after(self, m: re.Match[str], count: int, unit: str) -> FoundDate | None:
        if not 0 < count <= FARTHEST_DAYS or not unit:
            return None
        if unit == "工作日":
            return self._one(m, self._working_days(self.sent, count), note=self._unsure)
        if "月" in unit:
            return self._one(m, months_after(self.sent, count))
        return self._one(m, self.sent + ONE_DAY * count * (7 if unit in ("周", "星期", "礼拜") else 1))

    def _cn_week(self, m: re.Match[str]) -> FoundDate:
        weekday = CHINESE_WEEKDAYS.get(m[2], 6)
        return self._weekday_of(m, weekday, (m[1] or "")[:1], (m[1] or "").count("下"))

    def _weekday_of(self, m: re.Match[str], weekday: int, which: str, steps: int = 1) -> FoundDate:
        monday = self.sent - ONE_DAY * self.sent.weekday()
        in_week = monday + ONE_DAY * weekday
        if which == "下":
            return self._one(m, in_week + ONE_DAY * 7 * steps)
        if which == "上":
            return self._one(m, in_week - ONE_DAY * 7)
        if which in ("本", "这"):
            return self._one(m, in_week)
        coming = in_week if in_week > self.sent else in_week + ONE_DAY * 7
        gone = in_week if in_week <= self.sent else in_week - ONE_DAY * 7
        return FoundDate(m.start(), m.end(), coming, gone)

    def _cn_week_only(self, m: re.Match[str]) -> FoundDate:
        friday = self.sent + ONE_DAY * (4 - self.sent.weekday() + 7 * m[1].count("下"))
        return self._one(m, friday, vague=True, note="a week was read as its Friday")

    def _cn_month_end(self, m: re.Match[str]) -> FoundDate:
        return self._one(m, month_end(self.sent.year, self.sent.month))

    def _cn_month_part(self, m: re.Match[str]) -> FoundDate:
        day, vague = part_of_month(self.sent.year, self.sent.month, m[1])
        if day < self.sent:
            day, vague = part_of_month(*shift_month(self.sent, 1), m[1])
        return self._one(m, day, vague=vague)

    def _cn_year_end(self, m: re.Match[str]) -> FoundDate | None:
        if m[0].startswith("春节"):
            return None
        if m[0].startswith("元旦"):
            return self._one(m, dt.date(self.sent.year, 12, 31), vague=True)
        return self._one(m, dt.date(self.sent.year, 12, 31))

    def _cn_day(self, m: re.Match[str]) -> FoundDate:
        word = m[0]
        step = 3 if word.startswith("大后") else {"今": 0, "明": 1, "后": 2, "昨": -1, "前": -2}[word[0]]
        return self._one(m, self.sent + ONE_DAY * step)

    def _dot_md_cn(self, m: re.Match[str]) -> FoundDate | None:
        return self._yearless(m, int(m[1]), int(m[2]))

    def _dmy(self, m: re.Match[str]) -> FoundDate | None:
        first, second, year = int(m[1]), int(m[3]), full_year(m[4])
        day_first = self.day_first or m[2] == "."
        if first > 12 or second > 12 or m[2] == "." or first == second:
            day, month = (first, second) if second <= 12 else (second, first)
            return self._one(m, dt.date(year, month, day))
        one = dt.date(year, second, first) if day_first else dt.date(year, first, second)
        return self._one(m, one, note=f"{m[0]} was read with the {'day' if day_first else 'month'} first")

    def _d_month_y(self, m: re.Match[str]) -> FoundDate | None:
        month = MONTHS[m[2].rstrip(".")]
        if m[3]:
            return self._one(m, dt.date(full_year(m[3].strip("'")), month, int(m[1])))
        return self._yearless(m, month, int(m[1]))

    def _month_d_y(self, m: re.Match[str]) -> FoundDate | None:
        month = MONTHS[m[1].rstrip(".")]
        if m[3]:
            return self._one(m, dt.date(int(m[3]), month, int(m[2])))
        return self._yearless(m, month, int(m[2]))

    def _end_of(self, m: re.Match[str]) -> FoundDate | None:
        what, is_next = m[2].rstrip("."), bool(m[1]) and m[1] != "current"
        if what in MONTHS:
            year = int(m[3]) if m[3] else None
            return self._end_of_month(m, MONTHS[what], year)
        if what[:2] in ("mo", "me"):
            year, month = shift_month(self.sent, int(is_next))
            return self._one(m, month_end(year, month))
        if what[:1] == "w" or what[:3] == "sem":
            return self._one(m, self.sent + ONE_DAY * (4 - self.sent.weekday() + 7 * is_next))
        if what == "quarter":
            quarter = (self.sent.month - 1) // 3 + int(is_next)
            year, month = self.sent.year + quarter // 4, quarter % 4 * 3 + 3
            return self._one(m, month_end(year, month))
        return self._one(m, dt.date(self.sent.year + int(is_next), 12, 31))

    def _end_of_month(self, m: re.Match[str], month: int, year: int | None, vague: bool = False) -> FoundDate | None:
        if year is not None:
            return self._one(m, month_end(year, month), vague=vague)
        if not self.anchored:
            return FoundDate(m.start(), m.end(), None, None)
        here = month_end(self.sent.year, month)
        coming = here if here >= self.sent else month_end(self.sent.year + 1, month)
        gone = here if here <= self.sent else month_end(self.sent.year - 1, month)
        return FoundDate(m.start(), m.end(), coming, gone, vague, "a month was read as its last day" if vague else None)

    def _eom(self, m: re.Match[str]) -> FoundDate:
        if m[0].startswith(("eow", "end of week", "week")):
            return self._one(m, self.sent + ONE_DAY * (4 - self.sent.weekday()))
        if m[0].startswith(("eoy", "year", "jahres")):
            return self._one(m, dt.date(self.sent.year, 12, 31))
        return self._one(m, month_end(self.sent.year, self.sent.month))

    def _mid(self, m: re.Match[str]) -> FoundDate | None:
        part, what = m[1], m[2].rstrip(".")
        last = {"early": 10, "beginning of": 10, "start of": 10, "anfang": 10, "début": 10}.get(part)
        last = 15 if last is None and part in ("mid", "middle of", "mitte", "mi") else last
        if what in MONTHS:
            year, month = (int(m[3]) if m[3] else 0), MONTHS[what]
            if not year:
                year = self.sent.year + (1 if month_end(self.sent.year, month) < self.sent else 0)
        else:
            year, month = shift_month(self.sent, int(what.startswith("next")))
        day = month_end(year, month) if last is None else dt.date(year, month, last)
        return self._one(m, day, vague=True, note=f"“{m[0]}” was read as {day.isoformat()}")

    def _within(self, m: re.Match[str]) -> FoundDate | None:
        before = m.string[max(0, m.start() - 14) : m.start()]
        if _CONDITIONAL_AFTER.match(m.string, m.end()) or _DURATION_BEFORE.search(before):
            return None
        return self._counted(m, m[2] or m[1], m[3], m[4], 1)

    def _from_now(self, m: re.Match[str]) -> FoundDate | None:
        return self._counted(m, m[1], m[2], m[3], 1)

    def _ago(self, m: re.Match[str]) -> FoundDate | None:
        return self._counted(m, m[1], m[2], m[3], -1)

    def _counted(self, m: re.Match[str], count: str, working: str | None, unit: str, sign: int) -> FoundDate | None:
        number = int(count) if count.isdigit() else COUNTS.get(count, 0)
        if not 0 < number <= FARTHEST_DAYS:
            return None
        if working or "ouvr" in unit or "biles" in unit:
            return self._one(m, self._working_days(self.sent, number * sign), note=self._unsure)
        if unit.startswith(("mon", "moi", "mes")):
            return self._one(m, months_after(self.sent, number * sign))
        days = 14 if unit.startswith("fort") else 7 if unit.startswith(("we", "wo", "sem")) else 1
        return self._one(m, self.sent + ONE_DAY * days * number * sign)

    def _weekday(self, m: re.Match[str]) -> FoundDate | None:
        which, name, after = m[1] or "", m[2].rstrip("."), (m[3] or "").strip(" ,")
        if name in ("mon", "sun", "sat", "wed") and not which:
            return None  # also words of their own
        weekday = WEEKDAYS[name]
        if after[:1].isdigit():
            day = int(re.match(r"\d+", after).group())  # type: ignore[union-attr]
            fits = [d for d in each_month(self.sent, day, 1) if d.weekday() == weekday and d >= self.sent][:1]
            if fits and (fits[0] - self.sent).days < 62:
                return self._one(m, fits[0])
        if which in ("next", "nächsten") or after in ("week", "next week", "of next week", "prochain"):
            return self._weekday_of(m, weekday, "下")
        if which in ("last", "past", "letzten"):
            gone = self.sent - ONE_DAY * ((self.sent.weekday() - weekday - 1) % 7 + 1)
            return FoundDate(m.start(), m.end(), None, gone)
        return self._weekday_of(m, weekday, "")

    def _week(self, m: re.Match[str]) -> FoundDate | None:
        later = m[2].startswith(("next", "näch", "komm", "coming")) or "proch" in m[3] or "próx" in m[3]
        friday = self.sent + ONE_DAY * (4 - self.sent.weekday() + 7 * later)
        return self._one(m, friday, vague=True, note="a week was read as its Friday")

    def _next_month(self, m: re.Match[str]) -> FoundDate:
        later = not m[1].startswith("this")
        year, month = shift_month(self.sent, int(later))
        return self._one(m, month_end(year, month), vague=True, note="a month was read as its last day")

    def _the_nth(self, m: re.Match[str]) -> FoundDate | None:
        if m[0].endswith("next month"):
            year, month = shift_month(self.sent, 1)
            return self._one(m, dt.date(year, month, int(m[1])))
        return self._day_of_month(m, int(m[1]))

    def _day(self, m: re.Match[str]) -> FoundDate:
        return self._one(m, self.sent + ONE_DAY * _DAY_STEPS.get(m[0], 0))

    def _slash_md(self, m: re.Match[str]) -> FoundDate | None:
        first, second = int(m[1]), int(m[2])
        if second > 12 and first <= 12:
            return self._yearless(m, first, second)
        if first > 12 and second <= 12:
            return self._yearless(m, second, first)
        context = m.string[max(0, m.start() - 10) : m.start()]
        if not re.search(r"(?:on|by|before|until|due|am|le|于|在|日期|,)[ ]?$", context) and "于" not in context:
            return None  # 1/2: a half, a page
        month, day = (second, first) if self.day_first else (first, second)
        return self._yearless(
            m, month, day, note=f"{m[0]} was read with the {'day' if self.day_first else 'month'} first"
        )

    def _d_m_dot(self, m: re.Match[str]) -> FoundDate | None:
        if not self.dotted and not _ON.search(m.string[max(0, m.start() - 10) : m.start()]):
            return None
        return self._yearless(m, int(m[2]), int(m[1]))

    def _month_only(self, m: re.Match[str]) -> FoundDate | None:
        name = m[1].rstrip(".")
        return self._end_of_month(m, MONTHS[name], int(m[2]) if m[2] else None, vague=True)

    def _cn_month_only(self, m: re.Match[str]) -> FoundDate | None:
        if m[1]:
            return self._end_of_month(m, small_number(m[1]), None, vague=True)
        year, month = shift_month(self.sent, int(m[2].startswith("下")))
        return self._one(m, month_end(year, month), vague=True, note="a month was read as its last day")


_ABSOLUTE = frozenset(("ymd", "cn_ymd", "dmy", "d_month_y", "month_d_y", "month_only"))
_DAY_STEPS = {
    "tomorrow": 1, "tmrw": 1, "tmr": 1, "yesterday": -1, "day after tomorrow": 2, "übermorgen": 2, "morgen": 1,
    "gestern": -1, "après-demain": 2, "demain": 1, "hier": -1, "mañana": 1, "ayer": -1,
}  # fmt: skip
