"""What the desk's lists and reports count, add up and cut in the database.

Amounts are text (:class:`mailflow.adapters.database.schema.Exact`). They are added exactly: as ``numeric`` in
PostgreSQL, in SQLite as whole numbers of the smallest unit, apart by how many digits stand behind the point; amounts so
long that a sum of them could leave 64 bits are added here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from mailflow.adapters.database import case_rows, ledger_rows, mailroom_tables, outbox_rows
from mailflow.adapters.database.journal_rows import journal
from mailflow.adapters.database.statement_rows import StatementRows, frozen
from mailflow.cases.case import RED, Case, Settled, State, Task
from mailflow.cases.next_action import WAITING_STATES
from mailflow.correspondence.message import Automatic
from mailflow.receivables.ledger import Item
from mailflow.receivables.party import Party, Side
from mailflow.steps.ports.desk import CaseOrder, DaySum, OpenItem, PartyOrder
from mailflow.steps.ports.mailroom import MessageState
from mailflow.steps.ports.outbox import Letter, LetterState
from mailflow.steps.ports.statements import KeptStatement, Standing

_ASKED_AT_ONCE = 500  # values in one IN list
_SHORT = 13  # characters of an amount: nine million of them stay below 2^63
_case, _task, _item = case_rows.cases.c, case_rows.case_task.c, ledger_rows.ledger_item.c


class DeskRows:
    """``mailflow.steps.ports.desk.Desk``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._whole_numbers = connection.dialect.name == "sqlite"

    # --- cases ------------------------------------------------------------------------------------------------------

    def case_counts(self, party_id: str | None = None) -> dict[State, int]:
        query = sa.select(_case.state, sa.func.count()).group_by(_case.state)
        rows = self._connection.execute(query.where(*_wanted(party_id, None)))
        return {State(row[0]): int(row[1]) for row in rows}

    def needing(self, *, party_id: str | None = None, state: State | None = None) -> int:
        query = sa.select(sa.func.count()).select_from(case_rows.cases).where(_needs_person())
        return int(self._connection.execute(query.where(*_wanted(party_id, state))).scalar_one())

    def cases(
        self,
        *,
        limit: int,
        offset: int,
        party_id: str | None = None,
        state: State | None = None,
        person: bool = False,
        order: CaseOrder = CaseOrder.NEED,
    ) -> list[Case]:
        orders: dict[CaseOrder, list[Any]] = {
            CaseOrder.NEED: [sa.case((_has_task(red=True), 0), (_needs_person(), 1), else_=2)],
            CaseOrder.PARTY: [],
            CaseOrder.NEWEST: [_case.as_of.desc()],
            # for the order alone a number that is not exact is good enough
            CaseOrder.BALANCE: [_case.currency, sa.func.abs(sa.cast(_case.our_balance, sa.Float)).desc()],
        }
        query = sa.select(case_rows.cases).where(*_wanted(party_id, state))
        if person:
            query = query.where(_needs_person())
        query = (
            query.order_by(*orders[order], _case.party_id, _case.side, _case.as_of, _case.id)
            .limit(limit)
            .offset(offset)
        )
        return [case_rows._case(row) for row in self._connection.execute(query)]

    def cases_of(self, parties: Iterable[tuple[str, Side]], limit: int) -> list[Case]:
        keys = [sa.and_(_case.party_id == party_id, _case.side == side.value) for party_id, side in parties]
        if not keys:
            return []
        query = sa.select(case_rows.cases).where(sa.or_(*keys[:_ASKED_AT_ONCE]))
        query = query.order_by(_case.as_of.desc(), _case.party_id, _case.id).limit(limit)
        return [case_rows._case(row) for row in self._connection.execute(query)]

    def tasks_of_message(self, message: int) -> list[Task]:
        query = sa.select(case_rows.case_task).where(_task.settled == Settled.OPEN.value, _task.message == message)
        return [case_rows._task(row) for row in self._connection.execute(query.order_by(_task.no))]

    # --- parties ----------------------------------------------------------------------------------------------------

    def party_count(self, *, side: Side | None = None, unreachable: bool = False) -> int:
        query = sa.select(sa.func.count()).select_from(ledger_rows.party).where(*_which_parties(side, unreachable))
        return int(self._connection.execute(query).scalar_one())

    def parties(
        self,
        *,
        limit: int,
        offset: int,
        side: Side | None = None,
        unreachable: bool = False,
        order: PartyOrder = PartyOrder.ID,
    ) -> list[tuple[Party, int]]:
        party = ledger_rows.party.c
        count = (
            sa.select(sa.func.count())
            .where(_case.party_id == party.id, _case.side == party.side)
            .scalar_subquery()
            .label("case_count")
        )
        orders: dict[PartyOrder, list[Any]] = {
            PartyOrder.ID: [], PartyOrder.NAME: [party.name], PartyOrder.CASES: [sa.desc("case_count")]
        }  # fmt: skip
        query = sa.select(ledger_rows.party, count).where(*_which_parties(side, unreachable))
        query = query.order_by(*orders[order], party.id, party.side).limit(limit).offset(offset)
        return [(ledger_rows._party(row), int(row.case_count)) for row in self._connection.execute(query)]

    # --- letters, statements, messages ------------------------------------------------------------------------------

    def letters(self, *, limit: int, offset: int, state: LetterState | None = None) -> list[Letter]:
        letter = outbox_rows.letter
        query = sa.select(letter).order_by(letter.c.no.desc()).limit(limit).offset(offset)
        if state is not None:
            query = query.where(letter.c.state == state.value)
        return [outbox_rows.as_letter(row) for row in self._connection.execute(query)]

    def standing_count(self, standing: Standing) -> int:
        query = sa.select(sa.func.count()).select_from(frozen).where(frozen.c.standing == standing.value)
        return int(self._connection.execute(query).scalar_one())

    def standing_at(self, standing: Standing, *, limit: int, offset: int) -> list[KeptStatement]:
        query = sa.select(frozen).where(frozen.c.standing == standing.value)
        query = query.order_by(frozen.c.number, frozen.c.version).limit(limit).offset(offset)
        return StatementRows(self._connection)._kept(query)

    def quarantined(self) -> int:
        message = mailroom_tables.message
        query = sa.select(sa.func.count()).select_from(message)
        return int(
            self._connection.execute(query.where(message.c.state == MessageState.QUARANTINED.value)).scalar_one()
        )

    # --- reports ----------------------------------------------------------------------------------------------------

    def first_answers(self) -> dict[str, dt.datetime]:
        message = mailroom_tables.message.c
        query = (
            sa.select(message.case_id, sa.func.min(message.received_at))
            .where(message.case_id.is_not(None), message.automatic == Automatic.NO.value)
            .group_by(message.case_id)
        )
        return {str(row[0]): row[1] for row in self._connection.execute(query)}

    def import_days(self, side: Side) -> list[dt.date]:
        made = ledger_rows.ledger_import.c
        query = sa.select(made.as_of).where(made[side.value].is_(True)).order_by(made.no)
        return list(self._connection.execute(query).scalars())

    def import_mark(self) -> int:
        query = sa.select(sa.func.coalesce(sa.func.max(journal.c.no), 0)).where(
            journal.c.subject >= "import:", journal.c.subject < "import;"
        )
        return int(self._connection.execute(query).scalar_one())

    def unclear_accounts(self, day: dt.date) -> list[tuple[str, Side, str]]:
        columns = (_item.party_id, _item.side, _item.currency)
        unclear = sa.or_(_item.open_amount.is_(None), _item.date > day)
        query = sa.select(*columns).where(_item.gone_on.is_(None), unclear).distinct().order_by(*columns)
        return [(row.party_id, Side(row.side), row.currency) for row in self._connection.execute(query)]

    def open_now(self) -> list[OpenItem]:
        sides = {side.value: side for side in Side}
        left = _plain(_item.open_amount)
        columns = (_item.party_id, _item.side, _item.currency, _plain(_item.amount), left, _item.date, _item.due_date)
        query = sa.select(*columns).where(
            _item.gone_on.is_(None), _item.open_amount.is_not(None), left.not_in(["0", "0.00"])
        )
        return [
            OpenItem(party_id, sides[side], currency, amount[0] != "-" and amount.strip("0.") != "", opened, day, due)
            for party_id, side, currency, amount, text, day, due in self._connection.execute(query)
            if (opened := Decimal(text))
        ]

    def day_sums(self, side: Side, sales: Sequence[str]) -> list[DaySum]:
        sold = _item.type.in_(list(sales)).label("sold")
        where = (_item.side == side.value, _item.gone_on.is_(None), _item.date.is_not(None))
        text = _plain(_item.amount)
        found: dict[tuple[str, dt.date], list[Decimal]] = {}

        def add(currency: str, day: dt.date, is_sale: Any, amount: Decimal) -> None:
            sums = found.setdefault((currency, day), [Decimal(0), Decimal(0)])
            sums[0] += amount
            if is_sale:
                sums[1] += amount

        if self._whole_numbers:
            point = sa.func.instr(text, ".")
            places = sa.case((point == 0, 0), else_=sa.func.length(text) - point).label("places")
            units = sa.func.sum(sa.cast(sa.func.replace(text, ".", ""), sa.BigInteger))
            query = sa.select(_item.currency, _item.date, sold, places, units).where(*where)
            query = query.where(sa.func.length(text) <= _SHORT).group_by(_item.currency, _item.date, sold, places)
            for currency, day, is_sale, digits, total in self._connection.execute(query):
                add(currency, day, is_sale, Decimal(total).scaleb(-digits))
            long = sa.select(_item.currency, _item.date, sold, text).where(*where, sa.func.length(text) > _SHORT)
            for currency, day, is_sale, amount in self._connection.execute(long):
                add(currency, day, is_sale, Decimal(amount))
        else:
            total = sa.func.sum(sa.cast(text, sa.Numeric))
            query = sa.select(_item.currency, _item.date, sold, total).where(*where)
            for currency, day, is_sale, amount in self._connection.execute(
                query.group_by(_item.currency, _item.date, sold)
            ):
                add(currency, day, is_sale, Decimal(amount))
        return [DaySum(currency, day, *sums) for (currency, day), sums in sorted(found.items())]

    def items_of(self, accounts: Iterable[tuple[str, Side]]) -> dict[tuple[str, Side], list[Item]]:
        found: dict[tuple[str, Side], list[Item]] = {account: [] for account in accounts}
        ids = sorted({party_id for party_id, _ in found})
        for start in range(0, len(ids), _ASKED_AT_ONCE):
            query = sa.select(ledger_rows.ledger_item).where(
                _item.gone_on.is_(None), _item.party_id.in_(ids[start : start + _ASKED_AT_ONCE])
            )
            for row in self._connection.execute(query.order_by(_item.party_id, _item.side, _item.date, _item.id)):
                item = ledger_rows._item(row)
                if (item.party_id, item.side) in found:
                    found[item.party_id, item.side].append(item)
        return found


def _plain(column: Any) -> Any:
    """The amount's text as it is stored."""
    return sa.type_coerce(column, sa.String)


def _wanted(party_id: str | None, state: State | None) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if party_id is not None:
        found.append(_case.party_id == party_id)
    if state is not None:
        found.append(_case.state == state.value)
    return found


def _has_task(*, red: bool = False) -> sa.ColumnElement[bool]:
    """``IN`` and not ``EXISTS``: the open tasks are few, and looked up once."""
    query = sa.select(_task.case_id).where(_task.settled == Settled.OPEN.value, _task.case_id.is_not(None))
    if red:
        query = query.where(_task.kind.in_(sorted(kind.value for kind in RED)))
    return _case.id.in_(query)


def _needs_person() -> sa.ColumnElement[bool]:
    """As :func:`mailflow.cases.next_action.next_action` says."""
    return sa.or_(_has_task(), _case.state.not_in([state.value for state in WAITING_STATES]))


def _which_parties(side: Side | None, unreachable: bool) -> list[sa.ColumnElement[bool]]:
    party, address = ledger_rows.party.c, ledger_rows.party_address.c
    found: list[sa.ColumnElement[bool]] = [] if side is None else [party.side == side.value]
    if unreachable:
        has = sa.select(address.address).where(address.party_id == party.id, address.side == party.side)
        found.append(~has.exists())
    return found
