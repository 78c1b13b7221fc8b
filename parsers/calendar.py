"""The dates of a document, decided together: order of day and month, missing years, days printed once for more rows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from parsers import dates, profile
from parsers.dates import Order, Printed
from parsers.entries import Entry
from parsers.fields import Fields
from parsers.lines import TextLine
from parsers.wording.labels import Field

_AMERICAN = (" inc", " llc", " corp", "ach ", " check ", "zip", "usd", "remit to", "memo")


@dataclass(slots=True)
class Calendar:
    """Turns printed dates into days. ``order.sure`` is False where several orders fit the whole document."""

    order: Order
    anchor: dt.date | None
    sheet_only: bool = False

    def day(self, printed: Printed | dt.date | None) -> dt.date | None:
        if printed is None or isinstance(printed, dt.date):
            return printed
        if printed.has_year:
            return printed.on(self.order.order)
        return dates.near_year(printed, self.order.order, self.anchor) if self.anchor else None

    def doubtful(self, printed: Printed | dt.date | None) -> bool:
        if printed is None or isinstance(printed, dt.date):
            return False
        if not printed.has_year:
            return True  # the year is inferred
        if printed.a is None and printed.day is None:
            return True  # a month only
        return printed.ambiguous and not self.order.sure


def calendar_of(entries: list[Entry], fields: Fields, outside: list[TextLine]) -> Calendar:
    """Ask every date of the document for the one order that fits all."""
    in_rows = [p for e in entries for p in (e.day, e.due) if isinstance(p, Printed)]
    labelled = [
        p
        for f in fields.all(Field.DATE, Field.PERIOD, Field.PERIOD_END, Field.PERIOD_START, Field.PAY_DATE, Field.DUE)
        for p in dates.find(f.value)
    ]
    around = [p for line in outside for p in dates.find(line.text)]
    everything = [*in_rows, *labelled, *around]
    known = [d for p in (*labelled, *around) if not p.ambiguous and (d := p.on("DMY") or p.on("MDY") or p.on("YMD"))]
    own = [
        d
        for f in fields.all(Field.DATE, Field.PERIOD_END, Field.PAY_DATE, Field.PERIOD)
        for p in dates.find(f.value)
        if not p.ambiguous and (d := p.on("DMY") or p.on("MDY") or p.on("YMD"))
    ]
    text = " ".join(line.text for line in outside).lower()
    american = sum(word in f" {text} " for word in _AMERICAN) >= 2 and "gbp" not in text
    sequence = [e.day for e in entries if isinstance(e.day, Printed) and e.day.a is not None]
    order = dates.decide_order(everything, before=max(own) if own else None, sequence=sequence, american=american)
    told = profile.current().date_order
    if told is not None and not order.sure:
        order = Order(told, True)
    anchor = max(own) if own else max(known) if known else None
    if anchor is None:
        days = [d for p in (*labelled, *around, *in_rows) if p.has_year and (d := p.on(order.order))]
        anchor = max(days) if days else None
    typed = [e.day for e in entries if isinstance(e.day, dt.date)]
    if anchor is None and typed:
        anchor = max(typed)
    return Calendar(order, anchor)


def inherit(entries: list[Entry], calendar: Calendar) -> list[dt.date | None]:
    """Each entry's day; a day printed once for several rows goes on until the next (the row says so in its doubts)."""
    days: list[dt.date | None] = []
    last: dt.date | None = None
    for entry in entries:
        day = calendar.day(entry.day)
        if day is None and entry.day is None and last is not None:
            day = last
            entry.doubts.append("date")
        elif calendar.doubtful(entry.day):
            entry.doubts.append("date")
        last = day if day is not None else last
        days.append(day)
    return days
