"""Pages of rows: every list is cut by the database, behind the key of the last row that was seen."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from mailflow.adapters.database import (
    adjustment_rows,
    case_rows,
    document_rows,
    journal_rows,
    ledger_rows,
    mailroom_tables,
    message_rows,
    outbox_rows,
)
from mailflow.adapters.database.statement_rows import StatementRows, frozen
from mailflow.cases.adjustment import Adjustment, AdjustmentState
from mailflow.cases.case import Case, Settled, State, Task, TaskKind
from mailflow.receivables.ledger import Item
from mailflow.receivables.party import Party, Side
from mailflow.steps.ports.browse import Holding, Key, Marks
from mailflow.steps.ports.documents import KeptDocument, KeptReconciliation
from mailflow.steps.ports.journal import Entry
from mailflow.steps.ports.mailroom import MessageState, StoredMessage
from mailflow.steps.ports.outbox import Letter, LetterState
from mailflow.steps.ports.statements import KeptStatement, Standing
from parsers.documents import Document

_After = tuple[Key, ...] | None


class BrowseRows:
    """``mailflow.steps.ports.browse.Browse``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def cases(
        self,
        *,
        limit: int,
        after: _After = None,
        party_id: str | None = None,
        side: Side | None = None,
        state: State | None = None,
        as_of: dt.date | None = None,
    ) -> list[Case]:
        columns = case_rows.cases.c
        wanted = {columns.party_id: party_id, columns.side: side, columns.state: state, columns.as_of: as_of}
        return [case_rows._case(row) for row in self._page(case_rows.cases, [columns.id], limit, after, wanted)]

    def tasks(
        self,
        *,
        limit: int,
        after: _After = None,
        case_id: str | None = None,
        kind: TaskKind | None = None,
        open_only: bool = True,
    ) -> list[Task]:
        columns = case_rows.case_task.c
        wanted = {columns.case_id: case_id, columns.kind: kind, columns.settled: Settled.OPEN if open_only else None}
        return [case_rows._task(row) for row in self._page(case_rows.case_task, [columns.no], limit, after, wanted)]

    def messages(
        self, *, limit: int, after: _After = None, case_id: str | None = None, state: MessageState | None = None
    ) -> list[StoredMessage]:
        columns = mailroom_tables.message.c
        wanted = {columns.case_id: case_id, columns.state: state}
        rows = self._page(mailroom_tables.message, [columns.no], limit, after, wanted)
        return [message_rows.stored_message(row) for row in rows]

    def documents(
        self, *, limit: int, after: _After = None, case_id: str | None = None, message: int | None = None
    ) -> list[KeptDocument]:
        columns = document_rows.document.c
        wanted = {columns.case_id: case_id, columns.message: message}
        return [
            KeptDocument(row.no, row.message, row.case_id, row.sha256, row.name, Document.from_json(row.record))
            for row in self._page(document_rows.document, [columns.no], limit, after, wanted)
        ]

    def reconciliations(
        self, *, limit: int, after: _After = None, case_id: str | None = None
    ) -> list[KeptReconciliation]:
        table = document_rows.reconciliation
        return [_compared(row) for row in self._page(table, [table.c.no], limit, after, {table.c.case_id: case_id})]

    def reconciliation(self, no: int) -> KeptReconciliation | None:
        table = document_rows.reconciliation
        row = self._connection.execute(sa.select(table).where(table.c.no == no)).first()
        return None if row is None else _compared(row)

    def adjustments(
        self, *, limit: int, after: _After = None, case_id: str | None = None, state: AdjustmentState | None = None
    ) -> list[Adjustment]:
        table = adjustment_rows.adjustment
        wanted = {table.c.case_id: case_id, table.c.state: state}
        return [adjustment_rows._adjustment(row) for row in self._page(table, [table.c.no], limit, after, wanted)]

    def letters(
        self, *, limit: int, after: _After = None, case_id: str | None = None, state: LetterState | None = None
    ) -> list[Letter]:
        columns = outbox_rows.letter.c
        wanted = {columns.case_id: case_id, columns.state: state}
        rows = self._page(outbox_rows.letter, [columns.no], limit, after, wanted)
        return [outbox_rows.as_letter(row) for row in rows]

    def statements(
        self,
        *,
        limit: int,
        after: _After = None,
        party_id: str | None = None,
        side: Side | None = None,
        standing: Standing | None = None,
        as_of: dt.date | None = None,
    ) -> list[KeptStatement]:
        columns = frozen.c
        wanted = {columns.party_id: party_id, columns.side: side, columns.standing: standing, columns.as_of: as_of}
        query = _paged(frozen, [columns.number, columns.version], limit, after, wanted)
        return StatementRows(self._connection)._kept(query)

    def parties(self, *, limit: int, after: _After = None, side: Side | None = None) -> list[Party]:
        columns = ledger_rows.party.c
        rows = self._page(ledger_rows.party, [columns.id, columns.side], limit, after, {columns.side: side})
        return [ledger_rows._party(row) for row in rows]

    def items(
        self, *, limit: int, after: _After = None, party_id: str | None = None, side: Side | None = None
    ) -> list[Item]:
        columns = ledger_rows.ledger_item.c
        wanted = {columns.party_id: party_id, columns.side: side}
        query = _paged(ledger_rows.ledger_item, [columns.side, columns.id], limit, after, wanted)
        query = query.where(columns.gone_on.is_(None))
        return [ledger_rows._item(row) for row in self._connection.execute(query)]

    def holding(self, words: Sequence[str], limit: int) -> Holding:
        party, item, case = ledger_rows.party.c, ledger_rows.ledger_item.c, case_rows.cases.c
        listed = [sa.cast(column, sa.Text) for column in (party.emails, party.aliases)]  # JSON, as it was written
        folds = (
            self._connection.dialect.name == "sqlite"
        )  # its LIKE knows no case (of ASCII) by itself, and is quicker so

        def has(column: Any, word: str) -> Any:
            return column.contains(word, autoescape=True) if folds else column.icontains(word, autoescape=True)

        parties = sa.select(ledger_rows.party).order_by(party.id, party.side)
        cases = (
            sa.select(case_rows.cases)
            .outerjoin(ledger_rows.party, sa.and_(party.id == case.party_id, party.side == case.side))
            .order_by(case.party_id, case.side, case.as_of, case.id)
        )
        items = sa.select(ledger_rows.ledger_item).where(item.gone_on.is_(None)).order_by(item.side, item.id)
        for word in words:
            written = json.dumps(word)[1:-1]
            parties = parties.where(
                sa.or_(
                    *(has(column, word) for column in (party.id, party.name, party.tax_id)),
                    *(has(column, written) for column in listed),
                )
            )
            cases = cases.where(sa.or_(has(case.id, word), has(party.name, word)))
            items = items.where(
                sa.or_(*(has(one, word) for one in (item.reference, item.id, item.their_reference, item.po_number)))
            )

        def rows(query: sa.Select[Any]) -> sa.CursorResult[Any]:
            return self._connection.execute(query.limit(limit))

        return Holding(
            [ledger_rows._party(row) for row in rows(parties)], [case_rows._case(row) for row in rows(cases)],
            [ledger_rows._item(row) for row in rows(items)],
        )  # fmt: skip

    def entries(self, *, limit: int, after: int) -> list[Entry]:
        table = journal_rows.journal
        query = sa.select(table).where(table.c.no > after).order_by(table.c.no).limit(limit)
        return [journal_rows._entry(row.canonical, row.digest) for row in self._connection.execute(query)]

    def marks(self) -> Marks:
        columns = (journal_rows.journal.c.no, mailroom_tables.message.c.no, case_rows.case_task.c.no)
        highest = [sa.select(sa.func.coalesce(sa.func.max(column), 0)).scalar_subquery() for column in columns]
        return Marks(*self._connection.execute(sa.select(*highest)).one())

    def _page(
        self, table: sa.Table, keys: Sequence[Any], limit: int, after: _After, wanted: dict[Any, Any]
    ) -> sa.CursorResult[Any]:
        return self._connection.execute(_paged(table, keys, limit, after, wanted))


def _paged(table: sa.Table, keys: Sequence[Any], limit: int, after: _After, wanted: dict[Any, Any]) -> sa.Select[Any]:
    query = sa.select(table).order_by(*keys).limit(limit)
    for column, value in wanted.items():
        if value is not None:
            query = query.where(column == value)
    if after is not None:
        query = query.where(sa.tuple_(*keys) > sa.tuple_(*after) if len(keys) > 1 else keys[0] > after[0])
    return query


def _compared(row: Any) -> KeptReconciliation:
    return KeptReconciliation(row.no, row.case_id, row.document, row.version, dict(row.record), row.at)
