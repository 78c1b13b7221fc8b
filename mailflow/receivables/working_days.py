"""Working days: weekends and public holidays of a country, with the working weekends that China orders (调休).

From the library ``holidays``; a list that is not out yet (China's comes in November) falls back to what the law fixes.
"""

from __future__ import annotations

import calendar
import datetime as dt
from functools import lru_cache
from typing import Any

import holidays

_DAY = dt.timedelta(1)


class UnknownCountry(ValueError):
    """There is no calendar of public holidays for this country code."""


class WorkingDays:
    """The calendar of one country (ISO 3166, ``CN``; with a region ``GB-SCT``)."""

    def __init__(self, country: str) -> None:
        code, _, region = country.partition("-")
        try:
            self._days: Any = holidays.country_holidays(code.upper(), subdiv=region.upper() or None)
        except NotImplementedError:
            raise UnknownCountry(
                f"{country!r} has no calendar of holidays; write the country like CN, GB or US"
            ) from None

    def is_working(self, day: dt.date) -> bool:
        return bool(self._days.is_working_day(day))

    def on_or_after(self, day: dt.date) -> dt.date:
        while not self.is_working(day):
            day += _DAY
        return day

    def on_or_before(self, day: dt.date) -> dt.date:
        while not self.is_working(day):
            day -= _DAY
        return day

    def after(self, day: dt.date, count: int) -> dt.date:
        """The ``count``-th working day after ``day`` (before it, when negative); ``day`` itself when 0."""
        step = _DAY if count > 0 else -_DAY
        for _ in range(abs(count)):
            day += step
            while not self.is_working(day):
                day += step
        return day

    def between(self, first: dt.date, last: dt.date) -> int:
        """Working days after ``first`` up to and with ``last``; 0 when ``last`` is not later."""
        days = (last - first).days
        return sum(1 for count in range(1, days + 1) if self.is_working(first + count * _DAY))

    def nth_of_month(self, year: int, month: int, n: int) -> dt.date:
        """The ``n``-th working day of the month; from its end when negative. The last (first) one when it has fewer."""
        length = calendar.monthrange(year, month)[1]
        working = [day for day in (dt.date(year, month, no) for no in range(1, length + 1)) if self.is_working(day)]
        if not working:
            return dt.date(year, month, length)
        return working[max(n, -len(working))] if n < 0 else working[min(n, len(working)) - 1]


@lru_cache(maxsize=64)
def working_days(country: str) -> WorkingDays:
    """Raises :class:`UnknownCountry`."""
    return WorkingDays(country)
