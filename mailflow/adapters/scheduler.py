"""APScheduler wakes us, and does nothing else: what is due is asked from the database, so a missed tick costs nothing.

Jobs live in memory and are built from the configuration at each start (a job store must not be shared, and loses what
was due while the process slept: measured). ``coalesce`` and no misfire limit: after a sleep, one tick.
"""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger


class Alarm:
    """``start()`` and ``stop()``; each alarm runs its callable in a thread of the scheduler's."""

    def __init__(self, timezone: str) -> None:
        self._zone = ZoneInfo(timezone)
        self._scheduler = BackgroundScheduler(
            timezone=self._zone, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )

    def every(self, seconds: float, ring: Callable[[], None]) -> None:
        self._scheduler.add_job(ring, IntervalTrigger(seconds=seconds, timezone=self._zone))

    def at_cron(self, line: str, ring: Callable[[], None]) -> bool:
        """False when ``line`` is not five fields of cron (a schedule in words): the interval finds it then."""
        try:
            self._scheduler.add_job(ring, CronTrigger.from_crontab(line, timezone=self._zone))
        except ValueError:
            return False
        return True

    def start(self) -> None:
        self._scheduler.start()

    def stop(self) -> None:
        self._scheduler.shutdown(wait=True)
