"""Adjustments of our books that cases call for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from mailflow.adapters.database.schema import Instant, metadata
from mailflow.cases.adjustment import Adjustment, AdjustmentKind, AdjustmentState, NewAdjustment
from mailflow.receivables.party import Side

adjustment = sa.Table(
    "adjustment",
    metadata,
    sa.Column("no", sa.Integer, primary_key=True),
    sa.Column("case_id", sa.String(120), nullable=False, index=True),
    sa.Column("party_id", sa.String(120), nullable=False),
    sa.Column("side", sa.String(12), nullable=False),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("reference", sa.String(200), nullable=False),
    sa.Column("amount", sa.String(40), nullable=False),
    sa.Column("currency", sa.String(3), nullable=False),
    sa.Column("date", sa.Date, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("proposed_by", sa.String(200), nullable=False),
    sa.Column("proposed_at", Instant, nullable=False),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("decided_by", sa.String(200)),
    sa.Column("decided_at", Instant),
    sa.Column("export_no", sa.Integer),
    sa.Column("exported_at", Instant),
    sa.Column("booked_at", Instant),
    sa.Index("ix_adjustment_account", "party_id", "side"),
)


class AdjustmentRows:
    """``mailflow.steps.ports.adjustments.Adjustments``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def propose(self, new: NewAdjustment, at: dt.datetime) -> int:
        insert = adjustment.insert().values(
            case_id=new.case_id, party_id=new.party_id, side=new.side.value, kind=new.kind.value,
            reference=new.reference, amount=format(new.amount, "f"), currency=new.currency, date=new.date, why=new.why,
            proposed_by=new.by, proposed_at=at, state=AdjustmentState.PROPOSED.value,
        )  # fmt: skip
        return int(self._connection.execute(insert.returning(adjustment.c.no)).scalar_one())

    def get(self, no: int) -> Adjustment | None:
        return next(iter(self._read(adjustment.c.no == no)), None)

    def all(
        self,
        *,
        states: Iterable[AdjustmentState] | None = None,
        case_id: str | None = None,
        account: tuple[str, Side] | None = None,
    ) -> list[Adjustment]:
        which: list[Any] = []
        if states is not None:
            which.append(adjustment.c.state.in_([one.value for one in states]))
        if case_id is not None:
            which.append(adjustment.c.case_id == case_id)
        if account is not None:
            which += [adjustment.c.party_id == account[0], adjustment.c.side == account[1].value]
        return self._read(*which)

    def decide(self, no: int, state: AdjustmentState, *, by: str | None, at: dt.datetime) -> None:
        self._set(no, state=state.value, decided_by=by, decided_at=at)

    def export(self, numbers: Iterable[int], at: dt.datetime) -> int:
        last = self._connection.execute(sa.select(sa.func.max(adjustment.c.export_no))).scalar()
        export_no = int(last or 0) + 1
        for no in numbers:
            self._set(no, state=AdjustmentState.EXPORTED.value, export_no=export_no, exported_at=at)
        return export_no

    def booked(self, no: int, at: dt.datetime) -> None:
        self._set(no, state=AdjustmentState.BOOKED.value, booked_at=at)

    def _set(self, no: int, **values: Any) -> None:
        self._connection.execute(adjustment.update().where(adjustment.c.no == no).values(**values))

    def _read(self, *which: Any) -> list[Adjustment]:
        query = sa.select(adjustment).where(*which).order_by(adjustment.c.no)
        return [_adjustment(row) for row in self._connection.execute(query)]


def _adjustment(row: Any) -> Adjustment:
    return Adjustment(
        no=row.no,
        adjustment=NewAdjustment(
            case_id=row.case_id, party_id=row.party_id, side=Side(row.side), kind=AdjustmentKind(row.kind),
            reference=row.reference, amount=Decimal(row.amount), currency=row.currency, date=row.date, why=row.why,
            by=row.proposed_by,
        ),
        state=AdjustmentState(row.state), proposed_at=row.proposed_at, decided_by=row.decided_by,
        decided_at=row.decided_at, export_no=row.export_no, exported_at=row.exported_at, booked_at=row.booked_at,
    )  # fmt: skip
