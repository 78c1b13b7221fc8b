"""People's decisions about links between both books."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from mailflow.adapters.database.schema import Instant, metadata
from mailflow.receivables.party import Side
from mailflow.steps.ports.match_decisions import MatchDecision, NewMatchDecision

match_decision = sa.Table(
    "match_decision",
    metadata,
    sa.Column("no", sa.Integer, primary_key=True),
    sa.Column("party_id", sa.String(120), nullable=False),
    sa.Column("side", sa.String(12), nullable=False),
    sa.Column("together", sa.Boolean, nullable=False),
    sa.Column("ours", sa.JSON, nullable=False),
    sa.Column("theirs", sa.JSON, nullable=False),
    sa.Column("lines", sa.JSON, nullable=False),
    sa.Column("case_id", sa.String(120), nullable=False),
    sa.Column("document", sa.Integer, nullable=False),  # no foreign key: a replay reads a message's documents anew
    sa.Column("said", sa.JSON, nullable=False),
    sa.Column("decided_by", sa.String(200), nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("withdrawn_by", sa.String(200)),
    sa.Column("withdrawn_at", Instant),
    sa.Index("ix_match_decision_account", "party_id", "side"),
)


class MatchRows:
    """``mailflow.steps.ports.match_decisions.MatchDecisions``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, decision: NewMatchDecision, at: dt.datetime) -> int:
        insert = match_decision.insert().values(
            party_id=decision.party_id, side=decision.side.value, together=decision.together, ours=list(decision.ours),
            theirs=list(decision.theirs), lines=list(decision.lines), case_id=decision.case_id,
            document=decision.document, said=decision.said, decided_by=decision.by, why=decision.why, at=at,
        )  # fmt: skip
        return int(self._connection.execute(insert.returning(match_decision.c.no)).scalar_one())

    def get(self, no: int) -> MatchDecision | None:
        return next(iter(self._read(match_decision.c.no == no)), None)

    def of_party(self, party_id: str, side: Side, *, standing: bool = True) -> list[MatchDecision]:
        which = [match_decision.c.party_id == party_id, match_decision.c.side == side.value]
        if standing:
            which.append(match_decision.c.withdrawn_by.is_(None))
        return self._read(*which)

    def withdraw(self, no: int, *, by: str, at: dt.datetime) -> None:
        self._connection.execute(
            match_decision.update().where(match_decision.c.no == no).values(withdrawn_by=by, withdrawn_at=at)
        )

    def _read(self, *which: Any) -> list[MatchDecision]:
        query = sa.select(match_decision).where(*which).order_by(match_decision.c.no)
        return [_decision(row) for row in self._connection.execute(query)]


def _decision(row: Any) -> MatchDecision:
    return MatchDecision(
        no=row.no,
        decision=NewMatchDecision(
            party_id=row.party_id, side=Side(row.side), together=row.together, ours=tuple(row.ours),
            theirs=tuple(row.theirs), lines=tuple(row.lines), case_id=row.case_id, document=row.document,
            said=dict(row.said), by=row.decided_by, why=row.why,
        ),
        at=row.at, withdrawn_by=row.withdrawn_by, withdrawn_at=row.withdrawn_at,
    )  # fmt: skip
