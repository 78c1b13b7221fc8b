"""When statements are due: schedules, and the periods that fall due between two instants.

    "0 9 1 * *"            cron (minute hour day month weekday), in the company's time zone
    "working_day 3 09:00"  third working day of the month; -1 is the last one     第3个工作日 09:00
    "eom 18:00"            last day of the month                                  月末 18:00

A period is named by its local date and time, once, whatever the clock does: a local time that does not exist is due at
the next valid minute, one that comes twice is due the first time. What falls on a day that is not worked is due on the
next working day, and keeps its name and its as-of date.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from mailflow.receivables.working_days import WorkingDays

LONGEST_SHIFT = dt.timedelta(days=20)  # no run of public holidays is longer
EARLY_DAYS = 10  # a monthly run in the first ten days states the month before


class BadSchedule(ValueError):
    """These words are no schedule. The sentence says what to write."""


class Kind(StrEnum):
    CRON = "cron"
    WORKING_DAY = "working_day"
    END_OF_MONTH = "end_of_month"


@dataclass(frozen=True, slots=True)
class Schedule:
    """``text`` names it in records. ``nth`` is the working day of the month, from its end when negative. Cron weekdays
    are 0 for Sunday to 6; ``either`` says that both day fields are given, and cron then takes a day of either."""

    text: str
    kind: Kind
    times: tuple[dt.time, ...]
    nth: int = 0
    days: frozenset[int] = frozenset()
    months: frozenset[int] = frozenset()
    weekdays: frozenset[int] = frozenset()
    either: bool = False

    def on(self, day: dt.date, calendar_: WorkingDays | None) -> bool:
        """Whether the schedule names this (local) day."""
        if self.kind is Kind.END_OF_MONTH:
            return day.day == calendar.monthrange(day.year, day.month)[1]
        if self.kind is Kind.WORKING_DAY:
            return calendar_ is not None and day == calendar_.nth_of_month(day.year, day.month, self.nth)
        weekday = (day.weekday() + 1) % 7
        if day.month not in self.months:
            return False
        if self.either:
            return day.day in self.days or weekday in self.weekdays
        return day.day in self.days and weekday in self.weekdays

    def as_of(self, day: dt.date) -> dt.date:
        """The statement's date: it belongs to the period, not to the moment of the run.

        The month's end itself for ``eom``; the end of the month before, for a run early in the month; else the day
        before.
        """
        if self.kind is Kind.END_OF_MONTH:
            return day
        end_before = day.replace(day=1) - dt.timedelta(1)
        if self.kind is Kind.WORKING_DAY:
            return end_before if self.nth > 0 else day
        monthly = not self.either and len(self.weekdays) == 7 and len(self.days) == 1
        return end_before if monthly and day.day <= EARLY_DAYS else day - dt.timedelta(1)


@dataclass(frozen=True, slots=True)
class Period:
    """``key`` is unique within a schedule (``2026-11-01T09:00``); ``due_at`` is the instant, in UTC."""

    key: str
    due_at: dt.datetime
    as_of: dt.date


def periods(
    schedule: Schedule,
    after: dt.datetime,
    until: dt.datetime,
    zone: ZoneInfo,
    working: WorkingDays | None = None,
) -> list[Period]:
    """Those due later than ``after`` and not later than ``until``, in the order in which they are due.

    With ``working`` what falls on a holiday or weekend is put off to the next working day.
    """
    first = (after.astimezone(zone) - LONGEST_SHIFT).date()
    last = until.astimezone(zone).date() + dt.timedelta(1)
    found = []
    for day in _days(first, last):
        if not schedule.on(day, working):
            continue
        worked = day if working is None else working.on_or_after(day)
        for time in schedule.times:
            due_at = instant(dt.datetime.combine(worked, time), zone)
            if after < due_at <= until:
                found.append(Period(f"{day.isoformat()}T{time:%H:%M}", due_at, schedule.as_of(day)))
    return sorted(found, key=lambda period: (period.due_at, period.key))


def instant(local: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """The moment (UTC) when clocks of ``zone`` first show ``local``, or else the next minute that they do show."""
    moment = local.replace(tzinfo=zone, fold=0).astimezone(dt.UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == local:
        return moment
    before = local.replace(tzinfo=zone, fold=0).utcoffset()
    after = local.replace(tzinfo=zone, fold=1).utcoffset()
    assert before is not None and after is not None
    return _jump(moment - abs(after - before), moment + abs(after - before), zone)


def _jump(low: dt.datetime, high: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """The first whole minute after the change of offset that lies between two moments."""
    offset = low.astimezone(zone).utcoffset()
    while high - low > dt.timedelta(minutes=1):
        middle = low + (high - low) / 2
        middle = middle.replace(second=0, microsecond=0)
        if middle <= low:
            break
        if middle.astimezone(zone).utcoffset() == offset:
            low = middle
        else:
            high = middle
    return high


def _days(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    day = first
    while day <= last:
        yield day
        day += dt.timedelta(1)


# --- reading --------------------------------------------------------------------------------------------------------

_WORKING_DAY = re.compile(r"(?:working[ _]?day|wd)\s*(-?\d{1,2})(?:\s+(\d{1,2}:\d{2}))?")
_NTH_WORKING_DAY = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\s+working\s+day(?:\s+(\d{1,2}:\d{2}))?")
_CHINESE_WORKING_DAY = re.compile(r"(?:每月)?第?(\d{1,2})个?工作日\s*(\d{1,2}:\d{2})?")
_LAST_WORKING_DAY = re.compile(r"(?:last\s+working\s+day|每?月?最后一?个?工作日)\s*(\d{1,2}:\d{2})?")
_END_OF_MONTH = re.compile(r"(?:eom|end\s+of\s+month|month[ _]end|每?月末|每?月底)\s*(\d{1,2}:\d{2})?")
_NAMES = {
    **{name: number for number, name in enumerate("sun mon tue wed thu fri sat".split())},
    **{name: number for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)},
}
_MACROS = {
    "@monthly": "0 9 1 * *", "monthly": "0 9 1 * *", "每月": "0 9 1 * *", "@weekly": "0 9 * * 1",
    "weekly": "0 9 * * 1", "每周": "0 9 * * 1", "@daily": "0 9 * * *", "daily": "0 9 * * *",
    "quarterly": "0 9 1 1,4,7,10 *", "每季": "0 9 1 1,4,7,10 *", "每季度": "0 9 1 1,4,7,10 *",
}  # fmt: skip


def parse(text: str) -> Schedule:
    """Raises :class:`BadSchedule`."""
    clean = re.sub(r"\s+", " ", text.strip().lower())
    for pattern in (_WORKING_DAY, _NTH_WORKING_DAY, _CHINESE_WORKING_DAY):
        if match := pattern.fullmatch(clean):
            nth = int(match[1])
            if not 1 <= abs(nth) <= 23:
                raise BadSchedule(f"{text!r}: a month has no working day {nth}")
            return Schedule(text, Kind.WORKING_DAY, (_time(match[2], text),), nth=nth)
    if match := _LAST_WORKING_DAY.fullmatch(clean):
        return Schedule(text, Kind.WORKING_DAY, (_time(match[1], text),), nth=-1)
    if match := _END_OF_MONTH.fullmatch(clean):
        return Schedule(text, Kind.END_OF_MONTH, (_time(match[1], text),))
    return _cron(_MACROS.get(clean, clean), text)


def _time(text: str | None, schedule: str) -> dt.time:
    hour, minute = map(int, (text or "09:00").split(":"))
    if hour > 23 or minute > 59:
        raise BadSchedule(f"{schedule!r}: there is no time {text}")
    return dt.time(hour, minute)


def _cron(line: str, text: str) -> Schedule:
    fields = line.split(" ")
    if len(fields) != 5:
        raise BadSchedule(
            f"{text!r} is no schedule; write five fields of cron (0 9 1 * *), 'working_day 3 09:00' or 'eom 18:00'"
        )
    minutes, hours, days, months, weekdays = (
        _field(field, low, high, text)
        for field, (low, high) in zip(fields, ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7)), strict=True)
    )
    times = tuple(sorted(dt.time(hour, minute) for hour in hours for minute in minutes))
    if len(times) > 24:
        raise BadSchedule(f"{text!r} is due {len(times)} times a day; statements are due once a day at most")
    schedule = Schedule(
        text, Kind.CRON, times, days=days, months=months, weekdays=frozenset(day % 7 for day in weekdays),
        either=not fields[2].startswith("*") and not fields[4].startswith("*"),
    )  # fmt: skip
    if not any(schedule.on(dt.date(2028, 1, 1) + dt.timedelta(count), None) for count in range(366)):
        raise BadSchedule(f"{text!r} is never due")
    return schedule


def _field(field: str, low: int, high: int, text: str) -> frozenset[int]:
    found: set[int] = set()
    for part in field.split(","):
        span, _, step = part.partition("/")
        first, _, last = span.partition("-")
        if span == "*":
            begin, end = low, high
        else:
            begin = _number(first, text)
            end = _number(last, text) if last else (high if step else begin)
        every = _number(step, text) if step else 1
        if not low <= begin <= end <= high or every < 1:
            raise BadSchedule(f"{text!r}: {part!r} is not between {low} and {high}")
        found.update(range(begin, end + 1, every))
    return frozenset(found)


def _number(word: str, text: str) -> int:
    if word in _NAMES:
        return _NAMES[word]
    if not word.isascii() or not word.isdigit():
        raise BadSchedule(f"{text!r}: {word!r} is no number")
    return int(word)
