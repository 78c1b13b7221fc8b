"""The outbox's tables: letters with their fixed bytes, other ids under which they travel."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from mailflow.adapters.database.once import insert_once
from mailflow.adapters.database.schema import Instant, metadata
from mailflow.correspondence.token import folded, normal
from mailflow.steps.ports.outbox import WAITING, Letter, LetterKey, LetterState, NewLetter, SentCopy, SentMark

letter = sa.Table(
    "letter",
    metadata,
    sa.Column("no", sa.Integer, primary_key=True),
    sa.Column("statement_number", sa.String(120), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("recipient", sa.String(320), nullable=False),
    sa.Column("kind", sa.String(40), nullable=False),
    sa.Column("case_id", sa.String(120), sa.ForeignKey("cases.id"), index=True),
    sa.Column("sender", sa.String(320), nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("message_id", sa.String(250), nullable=False, unique=True),
    sa.Column("token", sa.String(32), nullable=False, index=True),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("queued_at", Instant, nullable=False),
    sa.Column("due_at", Instant, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("fence", sa.Integer, nullable=False),
    sa.Column("holder", sa.String(200)),
    sa.Column("lease_until", Instant),
    sa.Column("started_at", Instant),
    sa.Column("mark_uidvalidity", sa.BigInteger),
    sa.Column("mark_uid", sa.BigInteger),
    sa.Column("settled_at", Instant),
    sa.Column("settled_by", sa.String(200)),
    sa.Column("code", sa.Integer),
    sa.Column("words", sa.Text, nullable=False),
    sa.Column("asked", sa.Integer, nullable=False),
    sa.Column("asked_at", Instant),
    sa.Column("sent_copy", sa.String(12)),
    sa.UniqueConstraint("statement_number", "version", "recipient", "kind"),
    sa.Index("ix_letter_state_due_at", "state", "due_at"),
)

letter_alias = sa.Table(
    "letter_alias",
    metadata,
    sa.Column("message_id", sa.String(250), primary_key=True),
    sa.Column("letter", sa.Integer, sa.ForeignKey("letter.no"), nullable=False),
)

_ASKED_AT_ONCE = 500  # values in one IN list


class OutboxRows:
    """``mailflow.steps.ports.outbox.Outbox``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def queue(self, new: NewLetter, at: dt.datetime, due_at: dt.datetime | None = None) -> int | None:
        fresh = insert_once(
            self._connection, letter,
            statement_number=new.key.statement_number, version=new.key.version, recipient=folded(new.key.recipient),
            kind=new.key.kind, case_id=new.case_id, sender=new.sender, subject=new.subject, message_id=new.message_id,
            token=normal(new.token), sha256=new.sha256, size=new.size, state=LetterState.QUEUED.value, queued_at=at,
            due_at=due_at or at, attempts=0, fence=0, words="", asked=0,
        )  # fmt: skip
        if not fresh:
            return None
        return int(self._connection.execute(sa.select(letter.c.no).where(_is(new.key))).scalar_one())

    def has(self, key: LetterKey) -> bool:
        return self._connection.execute(sa.select(letter.c.no).where(_is(key))).first() is not None

    def cancel(self, no: int, at: dt.datetime, by: str) -> bool:
        changed = self._connection.execute(
            letter.update()
            .where(letter.c.no == no, letter.c.state.in_([state.value for state in WAITING]))
            .values(state=LetterState.CANCELLED.value, settled_at=at, settled_by=by)
        )
        return changed.rowcount == 1

    def letter(self, no: int) -> Letter | None:
        return self._first(letter.c.no == no)

    def letters(
        self, *, case_id: str | None = None, states: Iterable[LetterState] | None = None, limit: int | None = None
    ) -> list[Letter]:
        query = sa.select(letter).order_by(letter.c.no)
        if case_id is not None:
            query = query.where(letter.c.case_id == case_id)
        if states is not None:
            query = query.where(letter.c.state.in_([state.value for state in states]))
        return [as_letter(row) for row in self._connection.execute(query.limit(limit))]

    def reminders(self, *, since: dt.datetime | None = None, waiting: bool = False) -> list[Letter]:
        asking = sa.or_(letter.c.kind.like("reminder-%"), letter.c.kind.like("demand-%"))
        query = sa.select(letter).where(asking).order_by(letter.c.no)
        if since is not None:
            query = query.where(letter.c.queued_at >= since)
        if waiting:
            query = query.where(letter.c.state.in_([state.value for state in WAITING]))
        return [as_letter(row) for row in self._connection.execute(query)]

    def by_token(self, token: str) -> list[Letter]:
        query = sa.select(letter).where(letter.c.token == normal(token)).order_by(letter.c.no)
        return [as_letter(row) for row in self._connection.execute(query)]

    def by_message_id(self, message_id: str) -> Letter | None:
        found = self._first(letter.c.message_id == message_id)
        if found is not None:
            return found
        aliased = sa.select(letter_alias.c.letter).where(letter_alias.c.message_id == message_id).scalar_subquery()
        return self._first(letter.c.no == aliased)

    def by_message_ids(self, message_ids: Sequence[str]) -> dict[str, Letter | None]:
        found: dict[str, Letter | None] = {}
        for start in range(0, len(message_ids), _ASKED_AT_ONCE):
            asked = list(message_ids[start : start + _ASKED_AT_ONCE])
            aliased = (
                sa.select(letter_alias.c.message_id.label("asked"), letter)
                .join(letter, letter.c.no == letter_alias.c.letter)
                .where(letter_alias.c.message_id.in_(asked))
            )
            own = sa.select(letter.c.message_id.label("asked"), letter).where(letter.c.message_id.in_(asked))
            for query in (aliased, own):  # its own id wins
                found |= {row.asked: as_letter(row) for row in self._connection.execute(query)}
        return found

    def add_alias(self, no: int, message_id: str) -> None:
        if len(message_id) <= 250:
            insert_once(self._connection, letter_alias, message_id=message_id, letter=no)

    def counts(self) -> dict[LetterState, int]:
        query = sa.select(letter.c.state, sa.func.count()).group_by(letter.c.state)
        found = {LetterState(row[0]): int(row[1]) for row in self._connection.execute(query)}
        return {state: found.get(state, 0) for state in LetterState}

    def _first(self, condition: sa.ColumnElement[bool]) -> Letter | None:
        row = self._connection.execute(sa.select(letter).where(condition)).first()
        return None if row is None else as_letter(row)


def _is(key: LetterKey) -> sa.ColumnElement[bool]:
    return sa.and_(
        letter.c.statement_number == key.statement_number,
        letter.c.version == key.version,
        letter.c.recipient == folded(key.recipient),
        letter.c.kind == key.kind,
    )


def as_letter(row: Any) -> Letter:
    marked = row.mark_uidvalidity is not None
    return Letter(
        no=row.no, key=LetterKey(row.statement_number, row.version, row.recipient, row.kind), case_id=row.case_id,
        sender=row.sender, subject=row.subject, message_id=row.message_id, token=row.token, sha256=row.sha256,
        size=row.size, state=LetterState(row.state), queued_at=row.queued_at, due_at=row.due_at,
        attempts=row.attempts, fence=row.fence, holder=row.holder, lease_until=row.lease_until,
        started_at=row.started_at, mark=SentMark(row.mark_uidvalidity, row.mark_uid) if marked else None,
        settled_at=row.settled_at, settled_by=row.settled_by, code=row.code, words=row.words, asked=row.asked,
        asked_at=row.asked_at, sent_copy=None if row.sent_copy is None else SentCopy(row.sent_copy),
    )  # fmt: skip
