"""The tables of scheduled runs."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from mailflow.adapters.database.once import insert_once
from mailflow.adapters.database.schema import Instant, metadata
from mailflow.steps.ports.runs import ScheduledRun

schedule_seen = sa.Table(
    "schedule_seen",
    metadata,
    sa.Column("schedule", sa.String(300), primary_key=True),
    sa.Column("since", Instant, nullable=False),
)

run = sa.Table(
    "run",
    metadata,
    sa.Column("schedule", sa.String(300), primary_key=True),
    sa.Column("period", sa.String(40), primary_key=True),
    sa.Column("due_at", Instant, nullable=False),
    sa.Column("as_of", sa.Date, nullable=False),
    sa.Column("begun_at", Instant, nullable=False),
    sa.Column("finished_at", Instant),
)


class RunRows:
    """``mailflow.steps.ports.runs.Runs``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def known_since(self, schedule: str, now: dt.datetime) -> dt.datetime:
        insert_once(self._connection, schedule_seen, schedule=schedule, since=now)
        query = sa.select(schedule_seen.c.since).where(schedule_seen.c.schedule == schedule)
        since: dt.datetime = self._connection.execute(query).scalar_one()
        return since

    def last_due(self, schedule: str) -> dt.datetime | None:
        query = sa.select(sa.func.max(run.c.due_at)).where(run.c.schedule == schedule)
        last: dt.datetime | None = self._connection.execute(query).scalar_one()
        return last

    def begin(self, schedule: str, period: str, due_at: dt.datetime, as_of: dt.date, at: dt.datetime) -> bool:
        return insert_once(
            self._connection, run, schedule=schedule, period=period, due_at=due_at, as_of=as_of, begun_at=at
        )

    def begun(self, schedule: str, period: str) -> bool:
        query = sa.select(run.c.period).where(run.c.schedule == schedule, run.c.period == period)
        return self._connection.execute(query).first() is not None

    def unfinished(self) -> list[ScheduledRun]:
        query = sa.select(run).where(run.c.finished_at.is_(None)).order_by(run.c.due_at, run.c.schedule)
        return [_run(row) for row in self._connection.execute(query)]

    def finish(self, schedule: str, period: str, at: dt.datetime) -> None:
        self._connection.execute(
            run.update().where(run.c.schedule == schedule, run.c.period == period).values(finished_at=at)
        )

    def recent(self, limit: int) -> list[ScheduledRun]:
        query = sa.select(run).order_by(run.c.due_at.desc(), run.c.schedule).limit(limit)
        return [_run(row) for row in self._connection.execute(query)]


def _run(row: Any) -> ScheduledRun:
    return ScheduledRun(row.schedule, row.period, row.due_at, row.as_of, row.begun_at, row.finished_at)
