"""What is due by the schedules: asked from the database at every tick, so nothing depends on the clock having rung.

    schedule ─► periods due since it was last looked at ─► begin (UNIQUE) ─► draw, review, issue ─► finished

A second firing, a second process, an hour that comes twice, a clock that jumps: the period is there already and nothing
happens. A process that died in the middle left its run unfinished; the next tick goes through it again, and because a
statement keeps its version and a letter its key, nothing goes out twice.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from mailflow.receivables.party import Party
from mailflow.receivables.schedule import LONGEST_SHIFT, BadSchedule, Period, Schedule, parse, periods
from mailflow.receivables.working_days import WorkingDays
from mailflow.steps.ports.runs import ScheduledRun
from mailflow.steps.ports.work import Database

COMPANY = "company"  # the name of the schedule of all who have none of their own


@dataclass(frozen=True, slots=True)
class Due:
    """One schedule and whom it is for; ``party_ids`` None: everybody without a schedule of their own."""

    name: str
    schedule: Schedule
    party_ids: tuple[str, ...] | None


@dataclass(slots=True)
class Ran:
    """``runs`` that were gone through; ``unusable`` maps a party to why its schedule cannot be read."""

    runs: list[ScheduledRun] = field(default_factory=list)
    unusable: dict[str, str] = field(default_factory=dict)


def schedules(parties: Iterable[Party], company_schedule: str) -> tuple[list[Due], dict[str, str]]:
    """The company's schedule and those that parties have of their own; parties with equal words share a run.

    Raises ``BadSchedule`` when the company's own words are no schedule.
    """
    own: dict[str, list[str]] = defaultdict(list)
    unusable: dict[str, str] = {}
    everybody = []
    for party in parties:
        words = (party.statement_schedule or "").strip()
        if words:
            own[words].append(party.id)
        else:
            everybody.append(party.id)
    due = [Due(f"{COMPANY}: {company_schedule}", parse(company_schedule), None if not own else tuple(everybody))]
    for words, ids in sorted(own.items()):
        try:
            due.append(Due(words, parse(words), tuple(sorted(set(ids)))))
        except BadSchedule as failure:
            unusable.update(dict.fromkeys(ids, str(failure)))
    return due, unusable


def run_schedules(
    database: Database,
    *,
    company_schedule: str,
    zone: ZoneInfo,
    working: WorkingDays,
    now: dt.datetime,
    state: Callable[[ScheduledRun, tuple[str, ...] | None], object],
    stopping: Callable[[], bool] = lambda: False,
) -> Ran:
    """Goes through every run that is due. ``state`` draws, reviews and issues one run's statements; it must be safe to
    repeat. Raises ``BadSchedule`` when the company's own words are no schedule."""
    with database.reading() as work:
        parties = work.ledger.parties()
    due, unusable = schedules(parties, company_schedule)
    done = Ran(unusable=unusable)
    for one in due:
        with database.writing() as work:
            since = work.runs.known_since(one.name, now)
            last = work.runs.last_due(one.name)
            after = since if last is None else max(since, last - 2 * LONGEST_SHIFT)
            for period in periods(one.schedule, after, now, zone, working):
                work.runs.begin(one.name, period.key, period.due_at, period.as_of, now)
    whose = {one.name: one.party_ids for one in due}
    with database.reading() as work:
        waiting = work.runs.unfinished()
    for run in waiting:
        if stopping():
            break
        if run.schedule in whose:
            state(run, whose[run.schedule])
        with database.writing() as work:  # a schedule that nobody has any more is finished with its words
            work.runs.finish(run.schedule, run.period, now)
        done.runs.append(run)
    return done


def upcoming(
    parties: Iterable[Party], company_schedule: str, zone: ZoneInfo, working: WorkingDays, now: dt.datetime, days: int
) -> list[tuple[Period, Due]]:
    """What falls due in the next ``days`` days, in order; nothing is begun."""
    due, _ = schedules(parties, company_schedule)
    until = now + dt.timedelta(days=days)
    found = [(period, one) for one in due for period in periods(one.schedule, now, until, zone, working)]
    return sorted(found, key=lambda each: (each[0].due_at, each[1].name))
