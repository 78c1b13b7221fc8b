"""Runs of schedules: one row a period, whatever the clock or the process does."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class ScheduledRun:
    """``schedule`` names the schedule and whose it is; ``period`` is its local date and time."""

    schedule: str
    period: str
    due_at: dt.datetime
    as_of: dt.date
    begun_at: dt.datetime
    finished_at: dt.datetime | None


class Runs(Protocol):
    def known_since(self, schedule: str, now: dt.datetime) -> dt.datetime:
        """When this schedule was first seen (now, when it never was): what fell due before is nobody's debt."""
        ...

    def last_due(self, schedule: str) -> dt.datetime | None:
        """When the newest period that was begun had fallen due."""
        ...

    def begin(self, schedule: str, period: str, due_at: dt.datetime, as_of: dt.date, at: dt.datetime) -> bool:
        """True for the first that asks; False when this schedule's period was begun before, by whomever."""
        ...

    def begun(self, schedule: str, period: str) -> bool: ...

    def unfinished(self) -> list[ScheduledRun]:
        """Begun, and then the process ended: to be gone through again (each step of a run is harmless to repeat)."""
        ...

    def finish(self, schedule: str, period: str, at: dt.datetime) -> None: ...

    def recent(self, limit: int) -> list[ScheduledRun]:
        """The newest first."""
        ...
