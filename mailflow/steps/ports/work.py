"""One transaction and the areas of the store inside it."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

from mailflow.steps.ports.adjustments import Adjustments
from mailflow.steps.ports.arrangements import Arrangements
from mailflow.steps.ports.browse import Browse
from mailflow.steps.ports.casefile import Casefile
from mailflow.steps.ports.desk import Desk
from mailflow.steps.ports.documents import Documents
from mailflow.steps.ports.journal import Journal
from mailflow.steps.ports.ledger import Ledger
from mailflow.steps.ports.mailroom import Mailroom
from mailflow.steps.ports.match_decisions import MatchDecisions
from mailflow.steps.ports.outbox import Outbox
from mailflow.steps.ports.people import People
from mailflow.steps.ports.retention import Retention
from mailflow.steps.ports.runs import Runs
from mailflow.steps.ports.search import RecordSearch, Search
from mailflow.steps.ports.sending import Sending
from mailflow.steps.ports.statements import Statements
from mailflow.steps.ports.webhooks import Webhooks


class Work(Protocol):
    """Everything done through it commits together, or not at all."""

    @property
    def journal(self) -> Journal: ...
    @property
    def casefile(self) -> Casefile: ...
    @property
    def ledger(self) -> Ledger: ...
    @property
    def statements(self) -> Statements: ...
    @property
    def mailroom(self) -> Mailroom: ...
    @property
    def arrangements(self) -> Arrangements: ...
    @property
    def documents(self) -> Documents: ...
    @property
    def match_decisions(self) -> MatchDecisions: ...
    @property
    def adjustments(self) -> Adjustments: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def sending(self) -> Sending: ...
    @property
    def retention(self) -> Retention: ...
    @property
    def runs(self) -> Runs: ...
    @property
    def search(self) -> Search: ...
    @property
    def record_search(self) -> RecordSearch: ...
    @property
    def people(self) -> People: ...
    @property
    def browse(self) -> Browse: ...
    @property
    def desk(self) -> Desk: ...
    @property
    def webhooks(self) -> Webhooks: ...


class Database(Protocol):
    def writing(self) -> AbstractContextManager[Work]:
        """One transaction; commits (durably) at the end of the block, rolls back on any exception."""
        ...

    def reading(self) -> AbstractContextManager[Work]:
        """One consistent view that waits for nobody; nothing may be written."""
        ...
