"""The casefile's tables: cases, tasks, disputes, promises, allocations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from mailflow.adapters.database.once import insert_many_once, insert_once
from mailflow.adapters.database.schema import Exact, Instant, metadata
from mailflow.cases.case import Case, Settled, State, Task, TaskKind
from mailflow.cases.dispute import Dispute
from mailflow.cases.promise import PromiseToPay, Standing
from mailflow.correspondence.message import DisputeReason
from mailflow.receivables.party import Side
from mailflow.steps.ports.casefile import Allocation, RaisedTask

cases = sa.Table(
    "cases",
    metadata,
    sa.Column("id", sa.String(120), primary_key=True),
    sa.Column("party_id", sa.String(120), nullable=False, index=True),
    sa.Column("side", sa.String(12), nullable=False),
    sa.Column("currency", sa.String(3), nullable=False),
    sa.Column("statement_no", sa.String(120), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("as_of", sa.Date, nullable=False),
    sa.Column("state", sa.String(16), nullable=False, index=True),
    sa.Column("our_balance", Exact, nullable=False),
    sa.Column("their_balance", Exact),
    sa.Column("opened_at", Instant, nullable=False),
    sa.Column("sent_at", Instant),
)

case_task = sa.Table(
    "case_task",
    metadata,
    sa.Column("no", sa.Integer, primary_key=True),
    sa.Column("case_id", sa.String(120), sa.ForeignKey("cases.id"), index=True),
    sa.Column("message", sa.Integer),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("once", sa.String(300), nullable=False, unique=True),
    sa.Column("evidence", sa.Text, nullable=False),
    sa.Column("facts", sa.JSON, nullable=False),
    sa.Column("opened_at", Instant, nullable=False),
    sa.Column("settled", sa.String(12), nullable=False, index=True),
    sa.Column("settled_by", sa.String(200)),
    sa.Column("settled_at", Instant),
)

case_dispute = sa.Table(
    "case_dispute",
    metadata,
    sa.Column("no", sa.Integer, primary_key=True),
    sa.Column("case_id", sa.String(120), sa.ForeignKey("cases.id"), nullable=False),
    sa.Column("message", sa.Integer, nullable=False),
    sa.Column("reference", sa.String(200), nullable=False),  # "": the statement as a whole
    sa.Column("reason", sa.String(32), nullable=False),
    sa.Column("amount", Exact),
    sa.Column("evidence", sa.Text, nullable=False),
    sa.Column("opened_at", Instant, nullable=False),
    sa.Column("settled", sa.String(12), nullable=False),
    sa.Column("owner", sa.String(60)),
    sa.Column("due_on", sa.Date),
    sa.UniqueConstraint("case_id", "message", "reference"),
)

case_promise = sa.Table(
    "case_promise",
    metadata,
    sa.Column("case_id", sa.String(120), sa.ForeignKey("cases.id"), primary_key=True),
    sa.Column("message", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("date", sa.Date),
    sa.Column("amount", Exact),
    sa.Column("currency", sa.String(3)),
    sa.Column("evidence", sa.Text, nullable=False),
    sa.Column("opened_at", Instant, nullable=False),
    sa.Column("standing", sa.String(12), nullable=False),
    sa.Column("replaced", sa.Boolean, nullable=False),
)

case_allocation = sa.Table(
    "case_allocation",
    metadata,
    sa.Column("case_id", sa.String(120), sa.ForeignKey("cases.id"), primary_key=True),
    sa.Column("document", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("reference", sa.String(200), primary_key=True),
    sa.Column("amount", Exact, nullable=False),
    sa.Column("paid_on", sa.Date),
)

_ASKED_AT_ONCE = 500  # values in one IN list
_SIDES = {side.value: side for side in Side}
_STATES = {state.value: state for state in State}
# built once: they run for every letter and every message
_ONE_CASE = sa.select(cases).where(cases.c.id == sa.bindparam("wanted"))
_SOME_CASES = sa.select(cases).where(cases.c.id.in_(sa.bindparam("wanted", expanding=True)))
_SET_STATE = (
    cases.update()
    .where(cases.c.id == sa.bindparam("wanted"))
    .values(
        state=sa.bindparam("next_state"),
        sent_at=sa.func.coalesce(sa.bindparam("went_out", type_=Instant), cases.c.sent_at),
    )
)


class CaseRows:
    """``mailflow.steps.ports.casefile.Casefile``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def open(
        self,
        *,
        case_id: str,
        party_id: str,
        side: Side,
        currency: str,
        statement_no: str,
        version: int,
        as_of: dt.date,
        our_balance: Decimal,
        at: dt.datetime,
        state: State = State.DRAFT,
    ) -> Case:
        insert_once(
            self._connection,
            cases,
            id=case_id, party_id=party_id, side=side.value, currency=currency, statement_no=statement_no,
            version=version, as_of=as_of, state=state.value, our_balance=our_balance, opened_at=at,
        )  # fmt: skip
        found = self.get(case_id)
        assert found is not None
        return found

    def new_version(
        self, case_id: str, *, version: int, statement_no: str, as_of: dt.date, our_balance: Decimal
    ) -> None:
        self._change(case_id, version=version, statement_no=statement_no, as_of=as_of, our_balance=our_balance)

    def get(self, case_id: str) -> Case | None:
        row = self._connection.execute(_ONE_CASE, {"wanted": case_id}).first()
        return None if row is None else _case(row)

    def some(self, ids: Sequence[str]) -> list[Case]:
        found: list[Case] = []
        for start in range(0, len(ids), _ASKED_AT_ONCE):
            wanted = list(ids[start : start + _ASKED_AT_ONCE])
            found += map(_case, self._connection.execute(_SOME_CASES, {"wanted": wanted}).all())
        return found

    def cases(
        self, *, party_id: str | None = None, state: State | None = None, ids: Iterable[str] | None = None
    ) -> list[Case]:
        query = sa.select(cases).order_by(cases.c.party_id, cases.c.side, cases.c.as_of, cases.c.id)
        if party_id is not None:
            query = query.where(cases.c.party_id == party_id)
        if state is not None:
            query = query.where(cases.c.state == state.value)
        if ids is not None:
            query = query.where(cases.c.id.in_(list(ids)))
        return [_case(row) for row in self._connection.execute(query).all()]

    def set_states(self, changes: Sequence[tuple[str, State, dt.datetime | None]]) -> None:
        if changes:
            given = [{"wanted": one, "next_state": state.value, "went_out": sent_at} for one, state, sent_at in changes]
            self._connection.execute(_SET_STATE, given)

    def set_their_balance(self, case_id: str, balance: Decimal) -> None:
        self._change(case_id, their_balance=balance)

    def _change(self, case_id: str, **values: Any) -> None:
        self._connection.execute(cases.update().where(cases.c.id == case_id).values(**values))

    def raise_task(
        self,
        kind: TaskKind,
        *,
        case_id: str | None,
        message: int | None,
        at: dt.datetime,
        evidence: str = "",
        facts: dict[str, Any] | None = None,
        key: str = "",
    ) -> int:
        row = _task_row(RaisedTask(kind, case_id, message, evidence, facts, key), at)
        insert_once(self._connection, case_task, **row)
        once = row["once"]
        return int(self._connection.execute(sa.select(case_task.c.no).where(case_task.c.once == once)).scalar_one())

    def raise_many(self, tasks: Iterable[RaisedTask], at: dt.datetime) -> None:
        rows = [_task_row(one, at) for one in tasks]
        insert_many_once(self._connection, case_task, rows, (case_task.c.no,))

    def settle_task(self, no: int, settled: Settled, *, by: str, at: dt.datetime) -> None:
        self._connection.execute(
            case_task.update().where(case_task.c.no == no).values(settled=settled.value, settled_by=by, settled_at=at)
        )

    def reopen_task(self, no: int) -> None:
        self._connection.execute(
            case_task.update()
            .where(case_task.c.no == no)
            .values(settled=Settled.OPEN.value, settled_by=None, settled_at=None)
        )

    def tasks(self, *, case_ids: Iterable[str] | None = None, open_only: bool = True) -> list[Task]:
        query = sa.select(case_task).order_by(case_task.c.no)
        if open_only:
            query = query.where(case_task.c.settled == Settled.OPEN.value)
        if case_ids is not None:
            query = query.where(case_task.c.case_id.in_(list(case_ids)))
        return [_task(row) for row in self._connection.execute(query)]

    def task(self, no: int) -> Task | None:
        row = self._connection.execute(sa.select(case_task).where(case_task.c.no == no)).first()
        return None if row is None else _task(row)

    def add_dispute(self, case_id: str, dispute: Dispute, *, message: int, at: dt.datetime) -> None:
        insert_once(
            self._connection, case_dispute,
            case_id=case_id, message=message, reference=dispute.reference or "", reason=dispute.reason.value,
            amount=dispute.amount, evidence=dispute.evidence, opened_at=at, settled=dispute.settled.value,
        )  # fmt: skip

    def disputes(self, *, case_ids: Iterable[str] | None = None) -> list[tuple[str, Dispute]]:
        query = sa.select(case_dispute).order_by(case_dispute.c.no)
        if case_ids is not None:
            query = query.where(case_dispute.c.case_id.in_(list(case_ids)))
        return [(row.case_id, _dispute(row)) for row in self._connection.execute(query)]

    def settle_disputes(self, case_id: str, settled: Settled, *, reference: str | None = None) -> None:
        which = [case_dispute.c.case_id == case_id, case_dispute.c.settled == Settled.OPEN.value]
        if reference is not None:
            which.append(case_dispute.c.reference == reference)
        self._connection.execute(case_dispute.update().where(*which).values(settled=settled.value))

    def assign_disputes(self, case_id: str, reference: str, *, owner: str | None, due_on: dt.date | None) -> None:
        columns = case_dispute.c
        which = (columns.case_id == case_id, columns.reference == reference, columns.settled == Settled.OPEN.value)
        self._connection.execute(case_dispute.update().where(*which).values(owner=owner, due_on=due_on))

    def add_promise(self, case_id: str, promise: PromiseToPay, *, message: int, at: dt.datetime) -> None:
        new = insert_once(
            self._connection, case_promise,
            case_id=case_id, message=message, date=promise.date, amount=promise.amount, currency=promise.currency,
            evidence=promise.evidence, opened_at=at, standing=promise.standing.value, replaced=False,
        )  # fmt: skip
        if new:
            self._connection.execute(
                case_promise.update()
                .where(case_promise.c.case_id == case_id, case_promise.c.message != message)
                .values(replaced=True)
            )

    def promises(self, *, case_ids: Iterable[str] | None = None) -> list[tuple[str, PromiseToPay]]:
        query = (
            sa.select(case_promise)
            .where(case_promise.c.replaced.is_(False))
            .order_by(case_promise.c.case_id, case_promise.c.message)
        )
        if case_ids is not None:
            query = query.where(case_promise.c.case_id.in_(list(case_ids)))
        return [(row.case_id, _promise(row)) for row in self._connection.execute(query)]

    def set_standing(self, case_id: str, message: int, standing: Standing) -> None:
        self._connection.execute(
            case_promise.update()
            .where(case_promise.c.case_id == case_id, case_promise.c.message == message)
            .values(standing=standing.value)
        )

    def add_allocations(self, case_id: str, allocations: Iterable[Allocation]) -> None:
        for line in allocations:
            insert_once(
                self._connection, case_allocation,
                case_id=case_id, document=line.document, reference=line.reference, amount=line.amount,
                paid_on=line.paid_on,
            )  # fmt: skip

    def allocations(self, case_id: str) -> list[Allocation]:
        query = (
            sa.select(case_allocation)
            .where(case_allocation.c.case_id == case_id)
            .order_by(case_allocation.c.document, case_allocation.c.reference)
        )
        return [
            Allocation(row.reference, row.amount, row.document, row.paid_on) for row in self._connection.execute(query)
        ]


def _case(row: Any) -> Case:
    """``row`` has the columns of :data:`cases` in their order, then perhaps others; reports read thousands of them."""
    case_id, party_id, side, currency, number, version, as_of, state, ours, theirs, opened, sent, *_ = row
    return Case(
        case_id, party_id, _SIDES[side], currency, number, version, as_of, _STATES[state], ours, theirs, opened, sent
    )  # fmt: skip


def _task_row(one: RaisedTask, at: dt.datetime) -> dict[str, Any]:
    return {
        "case_id": one.case_id, "message": one.message, "kind": one.kind.value,
        "once": f"{one.case_id or '-'}|{one.message or '-'}|{one.kind.value}|{one.key}"[:300],
        "evidence": one.evidence, "facts": one.facts or {}, "opened_at": at, "settled": Settled.OPEN.value,
    }  # fmt: skip


def _task(row: Any) -> Task:
    return Task(
        no=row.no, case_id=row.case_id, message=row.message, kind=TaskKind(row.kind), evidence=row.evidence,
        facts=dict(row.facts), opened_at=row.opened_at, settled=Settled(row.settled), settled_by=row.settled_by,
    )  # fmt: skip


def _dispute(row: Any) -> Dispute:
    return Dispute(
        reference=row.reference or None, reason=DisputeReason(row.reason), evidence=row.evidence, amount=row.amount,
        settled=Settled(row.settled), opened_on=row.opened_at.date(), message=row.message, owner=row.owner,
        due_on=row.due_on,
    )  # fmt: skip


def _promise(row: Any) -> PromiseToPay:
    return PromiseToPay(
        date=row.date, amount=row.amount, currency=row.currency, evidence=row.evidence,
        standing=Standing(row.standing), message=row.message,
    )  # fmt: skip
