"""Webhooks and their deliveries. One UNIQUE key (webhook, event): whatever looks twice, an event is recorded once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from mailflow.adapters.database.once import insert_once
from mailflow.adapters.database.schema import Instant, metadata
from mailflow.steps.ports.browse import Marks
from mailflow.steps.ports.webhooks import Delivery, DeliveryState, Event, Subject, Webhook

webhook = sa.Table(
    "webhook",
    metadata,
    sa.Column("no", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(100), nullable=False, unique=True),
    sa.Column("url", sa.String(2000), nullable=False),
    sa.Column("subjects", sa.JSON, nullable=False),
    sa.Column("salt", sa.String(64), nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("from_settings", sa.Boolean, nullable=False),
    sa.Column("made_by", sa.String(200), nullable=False),
    sa.Column("made_at", Instant, nullable=False),
    sa.Column("seen_journal", sa.Integer, nullable=False),
    sa.Column("seen_message", sa.Integer, nullable=False),
    sa.Column("seen_task", sa.Integer, nullable=False),
)

webhook_delivery = sa.Table(
    "webhook_delivery",
    metadata,
    sa.Column("no", sa.Integer, primary_key=True),
    sa.Column("webhook", sa.Integer, sa.ForeignKey("webhook.no"), nullable=False),
    sa.Column("event", sa.String(60), nullable=False),
    sa.Column("subject", sa.String(30), nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("made_at", Instant, nullable=False),
    sa.Column("due_at", Instant, nullable=False),
    sa.Column("claimed_until", Instant),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("code", sa.Integer),
    sa.Column("words", sa.Text, nullable=False),
    sa.Column("settled_at", Instant),
    sa.UniqueConstraint("webhook", "event"),
    sa.Index("ix_webhook_delivery_state_due_at", "state", "due_at"),
)

_WAITING = DeliveryState.WAITING.value


class WebhookRows:
    """``mailflow.steps.ports.webhooks.Webhooks``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self,
        name: str,
        url: str,
        subjects: frozenset[Subject],
        salt: str,
        *,
        by: str,
        at: dt.datetime,
        seen: Marks,
        from_settings: bool = False,
    ) -> int | None:
        new = insert_once(
            self._connection, webhook,
            name=name, url=url, subjects=sorted(subjects), salt=salt, active=True, from_settings=from_settings,
            made_by=by, made_at=at, seen_journal=seen.journal, seen_message=seen.message, seen_task=seen.task,
        )  # fmt: skip
        if not new:
            return None
        query = sa.select(webhook.c.no).where(webhook.c.name == name)
        return int(self._connection.execute(query).scalar_one())

    def all(self) -> list[Webhook]:
        return [_webhook(row) for row in self._connection.execute(sa.select(webhook).order_by(webhook.c.no))]

    def get(self, no: int) -> Webhook | None:
        row = self._connection.execute(sa.select(webhook).where(webhook.c.no == no)).first()
        return None if row is None else _webhook(row)

    def change(
        self, no: int, *, url: str | None = None, subjects: frozenset[Subject] | None = None, active: bool | None = None
    ) -> None:
        asked = {"url": url, "subjects": None if subjects is None else sorted(subjects), "active": active}
        values = {column: value for column, value in asked.items() if value is not None}
        if values:
            self._connection.execute(webhook.update().where(webhook.c.no == no).values(**values))

    def saw(self, no: int, marks: Marks) -> None:
        self._connection.execute(
            webhook.update()
            .where(webhook.c.no == no)
            .values(seen_journal=marks.journal, seen_message=marks.message, seen_task=marks.task)
        )

    def record(self, webhook: int, event: Event, body: str, at: dt.datetime) -> bool:
        return insert_once(
            self._connection, webhook_delivery,
            webhook=webhook, event=event.id, subject=event.subject.value, body=body, state=_WAITING, made_at=at,
            due_at=at, attempts=0, words="",
        )  # fmt: skip

    def claim(self, now: dt.datetime, until: dt.datetime, limit: int) -> list[Delivery]:
        columns = webhook_delivery.c
        free = sa.or_(columns.claimed_until.is_(None), columns.claimed_until < now)
        due = (
            sa.select(columns.no)
            .join(webhook, webhook.c.no == columns.webhook)
            .where(columns.state == _WAITING, columns.due_at <= now, free, webhook.c.active)
            .order_by(columns.due_at, columns.no)
            .limit(limit)
        )
        if self._connection.dialect.name == "postgresql":
            due = due.with_for_update(skip_locked=True, of=webhook_delivery)
        numbers = list(self._connection.execute(due).scalars())
        if not numbers:
            return []
        taken = webhook_delivery.update().where(columns.no.in_(numbers)).values(claimed_until=until)
        self._connection.execute(taken)
        rows = self._connection.execute(
            sa.select(webhook_delivery).where(columns.no.in_(numbers)).order_by(columns.due_at, columns.no)
        )
        return [_delivery(row) for row in rows]

    def settle(
        self, no: int, state: DeliveryState, *, at: dt.datetime, due_at: dt.datetime, code: int | None, words: str
    ) -> None:
        self._connection.execute(
            webhook_delivery.update()
            .where(webhook_delivery.c.no == no)
            .values(
                state=state.value, due_at=due_at, attempts=webhook_delivery.c.attempts + 1, code=code,
                words=words[:500], claimed_until=None, settled_at=None if state is DeliveryState.WAITING else at,
            )
        )  # fmt: skip

    def again(self, no: int, at: dt.datetime) -> None:
        self._connection.execute(
            webhook_delivery.update()
            .where(webhook_delivery.c.no == no)
            .values(state=_WAITING, due_at=at, attempts=0, claimed_until=None, settled_at=None)
        )

    def forget_delivered(self, before: dt.datetime) -> None:
        columns = webhook_delivery.c
        old = sa.and_(columns.state == DeliveryState.DELIVERED.value, columns.due_at < before)
        self._connection.execute(webhook_delivery.delete().where(old))

    def deliveries(
        self, *, webhook: int | None = None, state: DeliveryState | None = None, after: int = 0, limit: int = 100
    ) -> list[Delivery]:
        columns = webhook_delivery.c
        query = sa.select(webhook_delivery).where(columns.no > after).order_by(columns.no).limit(limit)
        if webhook is not None:
            query = query.where(columns.webhook == webhook)
        if state is not None:
            query = query.where(columns.state == state.value)
        return [_delivery(row) for row in self._connection.execute(query)]

    def delivery(self, no: int) -> Delivery | None:
        query = sa.select(webhook_delivery).where(webhook_delivery.c.no == no)
        row = self._connection.execute(query).first()
        return None if row is None else _delivery(row)

    def counts(self) -> dict[tuple[int, DeliveryState], int]:
        columns = webhook_delivery.c
        query = sa.select(columns.webhook, columns.state, sa.func.count()).group_by(columns.webhook, columns.state)
        return {(int(no), DeliveryState(state)): int(count) for no, state, count in self._connection.execute(query)}


def _webhook(row: Any) -> Webhook:
    return Webhook(
        no=row.no, name=row.name, url=row.url, subjects=frozenset(map(Subject, row.subjects)), salt=row.salt,
        active=bool(row.active), from_settings=bool(row.from_settings), made_by=row.made_by, made_at=row.made_at,
        seen=Marks(row.seen_journal, row.seen_message, row.seen_task),
    )  # fmt: skip


def _delivery(row: Any) -> Delivery:
    return Delivery(
        no=row.no, webhook=row.webhook, event=row.event, subject=Subject(row.subject), body=row.body,
        state=DeliveryState(row.state), made_at=row.made_at, due_at=row.due_at, attempts=row.attempts, code=row.code,
        words=row.words, settled_at=row.settled_at,
    )  # fmt: skip
