"""Days, working days and months counted from a day. Nothing here knows today."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Callable, Iterator

from mailflow.correspondence.chinese_numbers import whole_number

ONE_DAY = dt.timedelta(days=1)
WorkingDaysAfter = Callable[[dt.date, int], dt.date]  # the day, how many working days later (negative: before)


def working_days_after(day: dt.date, count: int) -> dt.date:
    """``count`` days, Saturdays and Sundays left out; negative counts go back. Holidays are not known here."""
    step = ONE_DAY if count > 0 else -ONE_DAY
    for _ in range(abs(count)):
        day += step
        while day.weekday() >= 5:
            day += step
    return day


def small_number(text: str) -> int:
    if text.isdigit():
        return int(text)
    value = whole_number(text)
    if value is None:
        raise ValueError(text)
    return int(value)


def full_year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def chinese_year(text: str) -> int:
    if text.isdigit():
        return full_year(text)
    digits = "".join(str("〇一二三四五六七八九".index(char)) if char not in "零○" else "0" for char in text)
    return int(digits)


def month_end(year: int, month: int) -> dt.date:
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def shift_month(day: dt.date, step: int) -> tuple[int, int]:
    index = day.year * 12 + day.month - 1 + step
    return index // 12, index % 12 + 1


def months_after(day: dt.date, count: int) -> dt.date:
    year, month = shift_month(day, count)
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def part_of_month(year: int, month: int, part: str) -> tuple[dt.date, bool]:
    if part[0] in "底末":
        return month_end(year, month), False
    if part[0] == "初" or part == "上旬":
        return dt.date(year, month, 10), True
    if part[0] == "中":
        return dt.date(year, month, 20 if part == "中旬" else 15), True
    return month_end(year, month), True


def each_year(year: int, month: int, day: int, step: int) -> Iterator[dt.date]:
    for candidate in range(year, year + 5 * step, step):
        if 1 <= month <= 12 and 1 <= day <= calendar.monthrange(candidate, month)[1]:
            yield dt.date(candidate, month, day)


def each_month(start: dt.date, day: int, step: int) -> Iterator[dt.date]:
    for shift in range(4):
        year, month = shift_month(start, shift * step)
        if day <= calendar.monthrange(year, month)[1]:
            yield dt.date(year, month, day)
