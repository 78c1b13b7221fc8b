"""The tables of frozen statements. What was frozen is the JSON record; columns beside it are for finding it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from mailflow.adapters.database.once import insert_once
from mailflow.adapters.database.schema import Instant, metadata
from mailflow.receivables.party import Side
from mailflow.receivables.review import Finding
from mailflow.receivables.statement import Statement
from mailflow.receivables.statement_record import (
    canonical,
    finding_from_record,
    finding_record,
    from_record,
    to_record,
)
from mailflow.steps.ports.statements import Approval, KeptStatement, Standing

frozen = sa.Table(
    "statement",
    metadata,
    sa.Column("number", sa.String(120), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("party_id", sa.String(200), nullable=False),
    sa.Column("side", sa.String(12), nullable=False),
    sa.Column("currency", sa.String(3), nullable=False),
    sa.Column("as_of", sa.Date, nullable=False, index=True),
    sa.Column("content_hash", sa.String(64), nullable=False),
    sa.Column("record", sa.Text, nullable=False),
    sa.Column("findings", sa.JSON, nullable=False),
    sa.Column("standing", sa.String(12), nullable=False, index=True),
    sa.Column("drawn_at", Instant, nullable=False),
    sa.Column("reviewed_at", Instant, nullable=False),
    sa.Column("released_by", sa.String(200)),
    sa.Column("issued_at", Instant),
    sa.Index("ix_statement_account", "party_id", "side", "currency", "as_of"),
)

statement_approval = sa.Table(
    "statement_approval",
    metadata,
    sa.Column("number", sa.String(120), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("by", sa.String(200), primary_key=True),
    sa.Column("at", Instant, nullable=False),
    sa.Column("rules", sa.JSON, nullable=False),
    sa.ForeignKeyConstraint(["number", "version"], ["statement.number", "statement.version"]),
)


class StatementRows:
    """``mailflow.steps.ports.statements.Statements``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def keep(
        self,
        statement: Statement,
        *,
        content_hash: str,
        standing: Standing,
        findings: Iterable[Finding],
        at: dt.datetime,
        released_by: str | None = None,
    ) -> bool:
        return insert_once(
            self._connection, frozen,
            number=statement.number, version=statement.version, party_id=statement.party.id,
            side=statement.side.value, currency=statement.currency, as_of=statement.as_of,
            content_hash=content_hash, record=canonical(to_record(statement)).decode(),
            findings=[finding_record(one) for one in findings], standing=standing.value, drawn_at=at,
            reviewed_at=at,
            released_by=released_by,
        )  # fmt: skip

    def judge(
        self,
        statement: Statement,
        *,
        standing: Standing,
        findings: Iterable[Finding],
        at: dt.datetime,
        released_by: str | None = None,
    ) -> None:
        self._connection.execute(
            frozen.update()
            .where(_one(statement.number, statement.version), frozen.c.issued_at.is_(None))
            .values(
                record=canonical(to_record(statement)).decode(), standing=standing.value,
                findings=[finding_record(one) for one in findings], released_by=released_by,
            )
        )  # fmt: skip

    def approve(self, number: str, version: int, approval: Approval) -> None:
        mine = sa.and_(
            statement_approval.c.number == number,
            statement_approval.c.version == version,
            statement_approval.c.by == approval.by,
        )
        self._connection.execute(statement_approval.delete().where(mine))
        self._connection.execute(
            statement_approval.insert().values(
                number=number, version=version, by=approval.by, at=approval.at, rules=sorted(approval.rules)
            )
        )

    def issued(self, number: str, version: int, at: dt.datetime) -> None:
        self._connection.execute(
            frozen.update()
            .where(_one(number, version), frozen.c.issued_at.is_(None))
            .values(standing=Standing.ISSUED.value, issued_at=at)
        )

    def withdraw(self, number: str, version: int) -> None:
        self._connection.execute(frozen.update().where(_one(number, version)).values(standing=Standing.WITHDRAWN.value))

    def get(self, number: str, version: int | None = None) -> KeptStatement | None:
        query = sa.select(frozen).where(frozen.c.number == number).order_by(frozen.c.version.desc()).limit(1)
        if version is not None:
            query = query.where(frozen.c.version == version)
        return next(iter(self._kept(query)), None)

    def versions(self, number: str) -> list[KeptStatement]:
        return self._kept(sa.select(frozen).where(frozen.c.number == number).order_by(frozen.c.version))

    def standing_at(self, standing: Standing) -> list[KeptStatement]:
        query = sa.select(frozen).where(frozen.c.standing == standing.value)
        return self._kept(query.order_by(frozen.c.number, frozen.c.version))

    def last_issued(
        self, party_id: str, side: Side, currency: str, *, before: dt.date | None = None, number: str | None = None
    ) -> KeptStatement | None:
        query = (
            sa.select(frozen)
            .where(
                frozen.c.party_id == party_id, frozen.c.side == side.value,
                frozen.c.currency == currency, frozen.c.issued_at.is_not(None),
            )
            .order_by(frozen.c.as_of.desc(), frozen.c.version.desc())
            .limit(1)
        )  # fmt: skip
        if before is not None:
            query = query.where(frozen.c.as_of < before)
        if number is not None:
            query = query.where(frozen.c.number == number)
        return next(iter(self._kept(query)), None)

    def drawn(self, *, as_of: dt.date) -> list[KeptStatement]:
        later = frozen.alias()
        newest = sa.select(sa.func.max(later.c.version)).where(later.c.number == frozen.c.number).scalar_subquery()
        query = sa.select(frozen).where(frozen.c.as_of == as_of, frozen.c.version == newest)
        return self._kept(query.order_by(frozen.c.number))

    def days(self, most: int) -> list[dt.date]:
        query = sa.select(frozen.c.as_of).distinct().order_by(frozen.c.as_of.desc()).limit(most)
        return list(self._connection.scalars(query))

    def tally(self, as_of: dt.date) -> dict[Standing, int]:
        query = sa.select(frozen.c.standing, sa.func.count()).where(frozen.c.as_of == as_of)
        return {Standing(row[0]): row[1] for row in self._connection.execute(query.group_by(frozen.c.standing))}

    def _kept(self, query: sa.Select[Any]) -> list[KeptStatement]:
        return [_kept(row, self._approvals(row.number, row.version)) for row in self._connection.execute(query).all()]

    def _approvals(self, number: str, version: int) -> tuple[Approval, ...]:
        query = sa.select(statement_approval).where(
            statement_approval.c.number == number, statement_approval.c.version == version
        )
        rows = self._connection.execute(query.order_by(statement_approval.c.at))
        return tuple(Approval(row.by, row.at, frozenset(row.rules)) for row in rows)


def _one(number: str, version: int) -> sa.ColumnElement[bool]:
    return sa.and_(frozen.c.number == number, frozen.c.version == version)


def _kept(row: Any, approvals: tuple[Approval, ...]) -> KeptStatement:
    return KeptStatement(
        statement=from_record(json.loads(row.record)),
        standing=Standing(row.standing),
        findings=tuple(finding_from_record(one) for one in row.findings),
        content_hash=row.content_hash,
        drawn_at=row.drawn_at,
        reviewed_at=row.reviewed_at,
        released_by=row.released_by,
        issued_at=row.issued_at,
        approvals=approvals,
    )
