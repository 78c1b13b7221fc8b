"""Tables of persons' decisions about conversations: rulings (split, merged) with their messages, and placements."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from mailflow.adapters.database.mailroom_tables import message, thread, thread_id
from mailflow.adapters.database.once import insert_many_once
from mailflow.adapters.database.schema import Instant, metadata
from mailflow.correspondence.arrangement import Group, Ruling
from mailflow.steps.ports.arrangements import KeptRuling

thread_ruling = sa.Table(
    "thread_ruling",
    metadata,
    sa.Column("no", sa.Integer, primary_key=True),
    sa.Column("together", sa.Boolean, nullable=False),
    sa.Column("by", sa.String(200), nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("undone_by", sa.String(200)),
    sa.Column("undone_at", Instant),
)

thread_ruling_message = sa.Table(
    "thread_ruling_message",
    metadata,
    sa.Column("ruling", sa.Integer, sa.ForeignKey("thread_ruling.no"), primary_key=True),
    sa.Column("message", sa.Integer, sa.ForeignKey("message.no"), primary_key=True, index=True),
    sa.Column("other", sa.Boolean, nullable=False),
)

message_placement = sa.Table(
    "message_placement",
    metadata,
    sa.Column("message", sa.Integer, sa.ForeignKey("message.no"), primary_key=True),
    sa.Column("case_id", sa.String(120), sa.ForeignKey("cases.id"), nullable=False),
    sa.Column("by", sa.String(200), nullable=False),
    sa.Column("at", Instant, nullable=False),
)

_ASKED_AT_ONCE = 500  # values in one IN list


class ArrangementRows:
    """``mailflow.steps.ports.arrangements.Arrangements``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def rule(
        self, together: bool, one: Iterable[int], other: Iterable[int], *, by: str, at: dt.datetime, why: str
    ) -> int:
        made = self._connection.execute(
            thread_ruling.insert().values(together=together, by=by, at=at, why=why).returning(thread_ruling.c.no)
        )
        number = int(made.scalar_one())
        rows = [{"ruling": number, "message": each, "other": False} for each in sorted(set(one))]
        rows += [{"ruling": number, "message": each, "other": True} for each in sorted(set(other) - set(one))]
        self._connection.execute(thread_ruling_message.insert(), rows)
        return number

    def undo(self, ruling: int, *, by: str, at: dt.datetime) -> None:
        self._connection.execute(
            thread_ruling.update().where(thread_ruling.c.no == ruling).values(undone_by=by, undone_at=at)
        )

    def rulings(self, *, messages: Iterable[int] | None = None, undone: bool = False) -> list[KeptRuling]:
        query = sa.select(thread_ruling).order_by(thread_ruling.c.no)
        if not undone:
            query = query.where(thread_ruling.c.undone_at.is_(None))
        if messages is not None:
            about = sa.select(thread_ruling_message.c.ruling).where(
                thread_ruling_message.c.message.in_(sorted(set(messages)))
            )
            query = query.where(thread_ruling.c.no.in_(about))
        rows = self._connection.execute(query).all()
        sides: dict[int, tuple[set[int], set[int]]] = {row.no: (set(), set()) for row in rows}
        spoken_of = sa.select(thread_ruling_message).where(thread_ruling_message.c.ruling.in_(list(sides)))
        for row in self._connection.execute(spoken_of) if sides else ():
            sides[row.ruling][int(row.other)].add(row.message)
        return [_ruling(row, *sides[row.no]) for row in rows]

    def ruled_threads(self, threads: Iterable[int]) -> set[int]:
        wanted = sorted(set(threads))
        if not wanted or self._connection.execute(sa.select(thread_ruling.c.no).limit(1)).first() is None:
            return set()
        query = (
            sa.select(message.c.thread)
            .join(thread_ruling_message, thread_ruling_message.c.message == message.c.no)
            .join(thread_ruling, thread_ruling.c.no == thread_ruling_message.c.ruling)
            .where(thread_ruling.c.undone_at.is_(None), message.c.thread.in_(wanted))
            .distinct()
        )
        return {int(found) for found in self._connection.execute(query).scalars()}

    def members(self, threads: Iterable[int]) -> list[int]:
        query = sa.select(message.c.no).where(message.c.thread.in_(sorted(set(threads)))).order_by(message.c.no)
        return [int(number) for number in self._connection.execute(query).scalars()]

    def put_in(self, groups: Sequence[Group]) -> None:
        numbers = [number for group in groups for number in group.messages]
        now = dict(
            self._connection.execute(sa.select(message.c.no, message.c.thread).where(message.c.no.in_(numbers)))
            .tuples()
            .all()
        )
        taken: set[int] = set()
        for group in groups:
            had = Counter(at for number in group.messages if (at := now.get(number)) is not None and at not in taken)
            kept = min(had, key=lambda at: (-had[at], at)) if had else self._new_thread()
            taken.add(kept)
            self._connection.execute(message.update().where(message.c.no.in_(group.messages)).values(thread=kept))
            for start in range(0, len(group.ids), _ASKED_AT_ONCE):
                some = [one[:1000] for one in group.ids[start : start + _ASKED_AT_ONCE]]
                self._connection.execute(thread_id.update().where(thread_id.c.id.in_(some)).values(thread=kept))
                rows = [{"id": one, "thread": kept} for one in dict.fromkeys(some)]
                insert_many_once(self._connection, thread_id, rows, (thread_id.c.id,))

    def _new_thread(self) -> int:
        made = self._connection.execute(thread.insert().values(begun_at=None).returning(thread.c.no))
        return int(made.scalar_one())

    def placed(self, message: int, case_id: str, *, by: str, at: dt.datetime) -> None:
        mine = message_placement.c.message == message
        self._connection.execute(message_placement.delete().where(mine))
        self._connection.execute(message_placement.insert().values(message=message, case_id=case_id, by=by, at=at))

    def placements(self, messages: Iterable[int]) -> dict[int, str]:
        query = sa.select(message_placement.c.message, message_placement.c.case_id).where(
            message_placement.c.message.in_(sorted(set(messages)))
        )
        return {int(number): str(case_id) for number, case_id in self._connection.execute(query)}


def _ruling(row: Any, one: set[int], other: set[int]) -> KeptRuling:
    return KeptRuling(
        Ruling(row.no, bool(row.together), frozenset(one), frozenset(other)), row.by, row.at, row.why, row.undone_by,
        row.undone_at,
    )  # fmt: skip
