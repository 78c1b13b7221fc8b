"""The store behind the steps: one transaction, its areas as attributes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.engine import Connection, Engine

from mailflow.adapters.database import engine as engines
from mailflow.adapters.database.adjustment_rows import AdjustmentRows
from mailflow.adapters.database.arrangement_rows import ArrangementRows
from mailflow.adapters.database.browse_rows import BrowseRows
from mailflow.adapters.database.case_rows import CaseRows
from mailflow.adapters.database.desk_rows import DeskRows
from mailflow.adapters.database.document_rows import DocumentRows
from mailflow.adapters.database.journal_rows import JournalRows
from mailflow.adapters.database.ledger_rows import LedgerRows
from mailflow.adapters.database.mailroom_rows import MailroomRows
from mailflow.adapters.database.match_rows import MatchRows
from mailflow.adapters.database.outbox_rows import OutboxRows
from mailflow.adapters.database.people_rows import PeopleRows
from mailflow.adapters.database.record_search_rows import RecordSearchRows
from mailflow.adapters.database.retention_rows import RetentionRows
from mailflow.adapters.database.run_rows import RunRows
from mailflow.adapters.database.search_rows import SearchRows
from mailflow.adapters.database.sending_rows import SendingRows
from mailflow.adapters.database.statement_rows import StatementRows
from mailflow.adapters.database.webhook_rows import WebhookRows


class SqlWork:
    """``mailflow.steps.ports.work.Work`` over one open transaction."""

    def __init__(self, connection: Connection) -> None:
        self.journal = JournalRows(connection)
        self.casefile = CaseRows(connection)
        self.ledger = LedgerRows(connection)
        self.statements = StatementRows(connection)
        self.mailroom = MailroomRows(connection)
        self.arrangements = ArrangementRows(connection)
        self.documents = DocumentRows(connection)
        self.match_decisions = MatchRows(connection)
        self.adjustments = AdjustmentRows(connection)
        self.outbox = OutboxRows(connection)
        self.sending = SendingRows(connection)
        self.retention = RetentionRows(connection)
        self.runs = RunRows(connection)
        self.search = SearchRows(connection)
        self.record_search = RecordSearchRows(connection)
        self.people = PeopleRows(connection)
        self.browse = BrowseRows(connection)
        self.desk = DeskRows(connection)
        self.webhooks = WebhookRows(connection)


class SqlDatabase:
    """``mailflow.steps.ports.work.Database``."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @contextmanager
    def writing(self) -> Iterator[SqlWork]:
        with engines.writing(self.engine) as connection:
            yield SqlWork(connection)

    @contextmanager
    def reading(self) -> Iterator[SqlWork]:
        with engines.reading(self.engine) as connection:
            yield SqlWork(connection)
