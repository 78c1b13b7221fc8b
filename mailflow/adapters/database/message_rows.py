"""Messages and what each stage made of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from mailflow.adapters.database.mailroom_tables import message, message_stage
from mailflow.adapters.database.once import insert_many_new, insert_once
from mailflow.steps.ports.mailroom import MessageState, StageResult, StoredMessage

_W = MessageState


class MessageRows:
    """What the stages ask of ``mailflow.steps.ports.mailroom.Mailroom``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._locking = connection.dialect.name == "postgresql"

    def claim(self, holder: str, now: dt.datetime, until: dt.datetime, limit: int) -> list[int]:
        table = message.c
        query = (
            sa.select(table.no)
            .where(table.state == _W.WAITING.value)
            .where(sa.or_(table.again_at.is_(None), table.again_at <= now))
            .where(sa.or_(table.claimed_by.is_(None), table.claimed_until < now))
            .order_by(table.no)
            .limit(limit)
        )
        if self._locking:
            query = query.with_for_update(skip_locked=True)
        numbers = [int(number) for (number,) in self._connection.execute(query)]
        if numbers:
            self._connection.execute(
                message.update().where(table.no.in_(numbers)).values(claimed_by=holder, claimed_until=until)
            )
        return numbers

    def message(self, no: int) -> StoredMessage | None:
        row = self._connection.execute(sa.select(message).where(message.c.no == no)).first()
        return None if row is None else stored_message(row)

    def unclaim(self, holder: str, numbers: Sequence[int]) -> None:
        table = message.c
        self._connection.execute(
            message.update()
            .where(table.no.in_(list(numbers)), table.claimed_by == holder)
            .values(claimed_by=None, claimed_until=None)
        )

    def some(self, numbers: Sequence[int]) -> list[StoredMessage]:
        if not numbers:
            return []
        query = sa.select(message).where(message.c.no.in_(list(numbers))).order_by(message.c.no)
        return [stored_message(row) for row in self._connection.execute(query)]

    def untouched(self, numbers: Sequence[int]) -> list[StoredMessage]:
        if not numbers:
            return []
        touched = sa.select(message_stage.c.message).where(message_stage.c.message.in_(list(numbers)))
        query = (
            sa.select(message)
            .where(message.c.no.in_(list(numbers)), message.c.state == _W.WAITING.value)
            .where(message.c.no.not_in(touched))
            .order_by(message.c.no)
        )
        return [stored_message(row) for row in self._connection.execute(query)]

    def messages(
        self, *, case_id: str | None = None, state: MessageState | None = None, thread: int | None = None
    ) -> list[StoredMessage]:
        query = sa.select(message).order_by(sa.func.coalesce(message.c.sent_at, message.c.received_at), message.c.no)
        if case_id is not None:
            query = query.where(message.c.case_id == case_id)
        if state is not None:
            query = query.where(message.c.state == state.value)
        if thread is not None:
            query = query.where(message.c.thread == thread)
        return [stored_message(row) for row in self._connection.execute(query)]

    def counted(self, case_ids: Iterable[str] | None = None) -> dict[str, int]:
        query = sa.select(message.c.case_id, sa.func.count()).where(message.c.case_id.is_not(None)).group_by("case_id")
        if case_ids is not None:
            query = query.where(message.c.case_id.in_(list(case_ids)))
        rows = self._connection.execute(query)
        return {str(case_id): int(count) for case_id, count in rows}

    def waiting(self) -> int:
        query = sa.select(sa.func.count()).where(message.c.state == _W.WAITING.value)
        return int(self._connection.execute(query).scalar_one())

    def any_waiting(self) -> bool:
        query = sa.select(message.c.no).where(message.c.state == _W.WAITING.value).limit(1)
        return self._connection.execute(query).first() is not None

    def results(self, message: int) -> dict[str, StageResult]:
        rows = self._connection.execute(
            sa.select(message_stage).where(message_stage.c.message == message).order_by(message_stage.c.done_at)
        )
        return {row.stage: StageResult(row.stage, dict(row.result), row.seconds, row.done_at) for row in rows}

    def stage_done(self, message: int, stage: str, result: dict[str, Any], seconds: float, at: dt.datetime) -> bool:
        return insert_once(
            self._connection, message_stage,
            message=message, stage=stage, result=result, seconds=seconds, done_at=at,
        )  # fmt: skip

    def stages_done(self, rows: Sequence[tuple[int, str, dict[str, Any], float]], at: dt.datetime) -> int:
        made = [
            {"message": number, "stage": stage, "result": result, "seconds": seconds, "done_at": at}
            for number, stage, result, seconds in rows
        ]
        return insert_many_new(self._connection, message_stage, made)

    def note(self, message: int, **facts: Any) -> None:
        self._note(message, **facts)

    def note_many(self, facts: Mapping[int, Mapping[str, Any]]) -> None:
        alike: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        for number, noted in facts.items():
            row = {f"new_{name}": value for name, value in noted.items()}
            alike.setdefault(tuple(noted), []).append({"its_no": number, **row})
        for names, rows in alike.items():
            values = {name: sa.bindparam(f"new_{name}", type_=message.c[name].type) for name in names}
            self._connection.execute(
                message.update().where(message.c.no == sa.bindparam("its_no")).values(**values), rows
            )

    def finished(self, message: int, at: dt.datetime) -> None:
        self.finished_many([message], at)

    def finished_many(self, messages: Sequence[int], at: dt.datetime) -> None:
        if messages:
            self._connection.execute(
                message.update()
                .where(message.c.no.in_(list(messages)))
                .values(state=_W.DONE.value, stage=None, error=None, again_at=None, claimed_by=None, claimed_until=None)
            )

    def failed(self, message: int, stage: str, error: str, at: dt.datetime, again_at: dt.datetime | None) -> None:
        found = self.message(message)
        self._note(
            message,
            state=(_W.QUARANTINED if again_at is None else _W.WAITING).value,
            stage=stage, error=error, again_at=again_at, attempts=(found.attempts if found else 0) + 1,
            claimed_by=None, claimed_until=None,
        )  # fmt: skip

    def replay(self, message: int, from_stage: str | None, stages: Iterable[str], at: dt.datetime) -> None:
        self._connection.execute(
            message_stage.delete().where(message_stage.c.message == message, message_stage.c.stage.in_(list(stages)))
        )
        self._note(
            message, state=_W.WAITING.value, stage=None, error=None, attempts=0, again_at=None, claimed_by=None,
            claimed_until=None,
        )  # fmt: skip

    def dismiss(self, message: int, at: dt.datetime) -> None:
        self._note(message, state=_W.DISMISSED.value, again_at=None, claimed_by=None, claimed_until=None)

    def _note(self, number: int, **values: Any) -> None:
        self._connection.execute(message.update().where(message.c.no == number).values(**values))


def stored_message(row: Any) -> StoredMessage:
    return StoredMessage(
        no=row.no, account=row.account, sha256=row.sha256, size=row.size, received_at=row.received_at,
        stored_at=row.stored_at, state=MessageState(row.state), stage=row.stage, error=row.error,
        attempts=row.attempts, message_id=row.message_id, subject=row.subject, sender=row.sender, sent_at=row.sent_at,
        automatic=row.automatic, thread=row.thread, case_id=row.case_id, same_as=row.same_as,
    )  # fmt: skip
