"""Conversations: the graph of ids that headers name, ids of messages that nobody has seen (ghosts) among them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from mailflow.adapters.database.mailroom_tables import message, thread, thread_id
from mailflow.adapters.database.message_rows import MessageRows
from mailflow.adapters.database.once import insert_many_new

_ASKED_AT_ONCE = 500  # values in one IN list


class ThreadRows(MessageRows):
    """Which messages belong together."""

    def same_words(self, message_id: str, before: int) -> list[int]:
        rows = self._connection.execute(
            sa.select(message.c.no)
            .where(message.c.message_id == message_id, message.c.no < before)
            .order_by(message.c.no)
        )
        return [int(number) for (number,) in rows]

    def with_ids(self, message_ids: Sequence[str]) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        if message_ids:
            query = sa.select(message.c.message_id, message.c.no).where(message.c.message_id.in_(list(message_ids)))
            for one, number in self._connection.execute(query.order_by(message.c.no)):
                found.setdefault(str(one), []).append(int(number))
        return found

    def join_thread(self, message: int, ids: Iterable[str]) -> int:
        return self._joined([(message, sorted({one[:1000] for one in ids}))])[message]

    def join_threads(self, wanted: Sequence[tuple[int, Sequence[str]]]) -> None:
        self._joined([(number, sorted({one[:1000] for one in ids})) for number, ids in wanted])

    def _joined(self, wanted: Sequence[tuple[int, Sequence[str]]]) -> dict[int, int]:
        """One after another, so that the threads are those of messages that come one at a time."""
        if self._locking:  # two workers that join overlapping ids at once would each make a thread
            self._connection.execute(sa.text("SELECT pg_advisory_xact_lock(744209)"))
        asked = sorted({one for _, ids in wanted for one in ids})
        known: dict[str, int] = {}
        for start in range(0, len(asked), _ASKED_AT_ONCE):
            some = asked[start : start + _ASKED_AT_ONCE]
            rows = self._connection.execute(
                sa.select(thread_id.c.id, thread_id.c.thread).where(thread_id.c.id.in_(some))
            )
            known |= {str(one): int(number) for one, number in rows}
        bare = [number for number, ids in wanted if not any(one in known for one in ids)]
        fresh = iter(self._new_threads(len(bare)))
        merged: dict[int, int] = {}

        def today(number: int) -> int:
            while number in merged:
                number = merged[number]
            return number

        placed: dict[int, int] = {}
        new_ids: dict[str, int] = {}
        for number, ids in wanted:
            threads = sorted({today(known[one]) for one in ids if one in known})
            kept = threads[0] if threads else next(fresh)
            for other in threads[1:]:  # ids that nobody had connected before: the older takes the newer in
                self._connection.execute(thread_id.update().where(thread_id.c.thread == other).values(thread=kept))
                self._merge(other, kept)
                merged[other] = kept
            for one in ids:
                if one not in known:
                    known[one] = new_ids[one] = kept
            placed[number] = kept
        rows_of_ids = [{"id": one, "thread": today(at)} for one, at in new_ids.items()]
        insert_many_new(self._connection, thread_id, rows_of_ids)
        placed = {number: today(at) for number, at in placed.items()}
        self.note_many({number: {"thread": at} for number, at in placed.items()})
        return placed

    def _new_threads(self, count: int) -> list[int]:
        if not count:
            return []
        made = self._connection.execute(thread.insert().returning(thread.c.no), [{"begun_at": None}] * count)
        return sorted(int(number) for (number,) in made)

    def _merge(self, other: int, kept: int) -> None:
        self._connection.execute(message.update().where(message.c.thread == other).values(thread=kept))
