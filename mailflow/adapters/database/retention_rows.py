"""Legal holds, and what is old enough to go: cases that are over, mail that belongs to none.

Of a message that went, its row stays as a tombstone (hash, size, ids, dates): it is never taken in again, and the
journal still says what it did.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from mailflow.adapters.database.case_rows import case_task, cases
from mailflow.adapters.database.document_rows import document
from mailflow.adapters.database.mailroom_tables import message, message_stage
from mailflow.adapters.database.outbox_rows import letter
from mailflow.adapters.database.schema import Instant, metadata
from mailflow.cases.case import Settled, State
from mailflow.steps.ports.mailroom import MessageState
from mailflow.steps.ports.retention import Hold

legal_hold = sa.Table(
    "legal_hold",
    metadata,
    sa.Column("no", sa.Integer, primary_key=True),
    sa.Column("case_id", sa.String(120), sa.ForeignKey("cases.id"), index=True),
    sa.Column("party_id", sa.String(120), index=True),
    sa.Column("by", sa.String(200), nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("lifted_by", sa.String(200)),
    sa.Column("lifted_at", Instant),
)

_ERASED = "erased"  # the stage under which the hashes of what went are kept, until the files are surely gone
_KEPT_STAGES = ("thread", "case", _ERASED)
_OVER = (State.CLOSED.value, State.CONFIRMED.value, State.RESOLVED.value)


class RetentionRows:
    """``mailflow.steps.ports.retention.Retention``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def hold(self, *, case_id: str | None, party_id: str | None, by: str, at: dt.datetime, why: str) -> int:
        made = self._connection.execute(
            legal_hold.insert()
            .values(case_id=case_id, party_id=party_id, by=by, at=at, why=why)
            .returning(legal_hold.c.no)
        )
        return int(made.scalar_one())

    def lift(self, no: int, *, by: str, at: dt.datetime) -> None:
        self._connection.execute(legal_hold.update().where(legal_hold.c.no == no).values(lifted_by=by, lifted_at=at))

    def holds(self, *, lifted: bool = False) -> list[Hold]:
        query = sa.select(legal_hold).order_by(legal_hold.c.no)
        if not lifted:
            query = query.where(legal_hold.c.lifted_at.is_(None))
        return [
            Hold(row.no, row.case_id, row.party_id, row.by, row.at, row.why, row.lifted_by, row.lifted_at)
            for row in self._connection.execute(query)
        ]

    def ended_cases(self, before: dt.datetime) -> list[str]:
        heard = sa.select(sa.func.max(message.c.received_at)).where(message.c.case_id == cases.c.id).scalar_subquery()
        written = sa.select(sa.func.max(letter.c.queued_at)).where(letter.c.case_id == cases.c.id).scalar_subquery()
        waiting = sa.select(case_task.c.no).where(
            case_task.c.case_id == cases.c.id, case_task.c.settled == Settled.OPEN.value
        )
        unfinished = sa.select(message.c.no).where(
            message.c.case_id == cases.c.id, message.c.state == MessageState.WAITING.value
        )
        standing = legal_hold.c.lifted_at.is_(None)
        held = sa.select(legal_hold.c.no).where(
            standing, sa.or_(legal_hold.c.case_id == cases.c.id, legal_hold.c.party_id == cases.c.party_id)
        )
        left = sa.select(message.c.no).where(
            message.c.case_id == cases.c.id, message.c.state != MessageState.ERASED.value
        )
        # instants are stored as sortable text, so that the bound is compared like with like
        query = (
            sa.select(cases.c.id)
            .where(cases.c.state.in_(_OVER), cases.c.opened_at < before)
            .where(sa.or_(heard.is_(None), heard < before), sa.or_(written.is_(None), written < before))
            .where(~waiting.exists(), ~unfinished.exists(), ~held.exists(), left.exists())
            .order_by(cases.c.id)
        )
        return [str(found) for found in self._connection.execute(query).scalars()]

    def messages_of(self, case_ids: Sequence[str]) -> list[int]:
        query = sa.select(message.c.no).where(message.c.case_id.in_(list(case_ids)))
        return [int(no) for no in self._connection.execute(query.where(_there()).order_by(message.c.no)).scalars()]

    def strays(self, before: dt.datetime) -> list[int]:
        waiting = sa.select(case_task.c.no).where(
            case_task.c.message == message.c.no, case_task.c.settled == Settled.OPEN.value
        )
        finished = (MessageState.DONE.value, MessageState.DISMISSED.value)
        query = (
            sa.select(message.c.no)
            .where(message.c.case_id.is_(None), message.c.state.in_(finished), message.c.received_at < before)
            .where(~waiting.exists())
            .order_by(message.c.no)
        )
        return [int(no) for no in self._connection.execute(query).scalars()]

    def contents(self, messages: Sequence[int]) -> set[str]:
        wanted = set(messages)
        return {sha256 for number, sha256 in self._all_contents() if number in wanted}

    def contents_of_others(self, messages: Sequence[int]) -> set[str]:
        gone = set(messages)
        kept = {sha256 for number, sha256 in self._all_contents() if number not in gone}
        return kept | set(self._connection.execute(sa.select(letter.c.sha256)).scalars())

    def _all_contents(self) -> Iterator[tuple[int, str]]:
        """(message, hash) of raw mails, of their attachments and of documents."""
        for number, sha256 in self._connection.execute(sa.select(message.c.no, message.c.sha256).where(_there())):
            yield int(number), str(sha256)
        for number, sha256 in self._connection.execute(sa.select(document.c.message, document.c.sha256)):
            yield int(number), str(sha256)
        read = sa.select(message_stage.c.message, message_stage.c.result).where(message_stage.c.stage == "read")
        for number, result in self._connection.execute(read.execution_options(yield_per=500)):
            for part in result.get("parts", ()):
                yield int(number), str(part["sha256"])

    def erase(self, messages: Sequence[int], contents: Iterable[str], at: dt.datetime) -> None:
        numbers = list(messages)
        stages = message_stage.c
        self._connection.execute(
            message_stage.delete().where(stages.message.in_(numbers), stages.stage.not_in(_KEPT_STAGES))
        )
        self._connection.execute(
            message.update()
            .where(message.c.no.in_(numbers))
            .values(state=MessageState.ERASED.value, subject="", sender="", error=None)
        )
        self._connection.execute(
            message_stage.insert(),
            [{"message": numbers[0], "stage": _ERASED, "result": {"contents": sorted(contents)}, "seconds": 0.0,
              "done_at": at}],
        )  # fmt: skip

    def to_remove(self) -> dict[int, list[str]]:
        query = sa.select(message_stage.c.message, message_stage.c.result).where(message_stage.c.stage == _ERASED)
        return {int(number): list(result["contents"]) for number, result in self._connection.execute(query)}

    def removed(self, message: int) -> None:
        stages = message_stage.c
        self._connection.execute(message_stage.delete().where(stages.message == message, stages.stage == _ERASED))


def _there() -> Any:
    return message.c.state != MessageState.ERASED.value
