"""Reading in pages: what lists on the desk and the API ask for, in a fixed order, never everything at once.

``after`` is the key of the last row of the page before (None: from the beginning), ``limit`` how many rows at most.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from mailflow.cases.adjustment import Adjustment, AdjustmentState
from mailflow.cases.case import Case, State, Task, TaskKind
from mailflow.receivables.ledger import Item
from mailflow.receivables.party import Party, Side
from mailflow.steps.ports.documents import KeptDocument, KeptReconciliation
from mailflow.steps.ports.journal import Entry
from mailflow.steps.ports.mailroom import MessageState, StoredMessage
from mailflow.steps.ports.outbox import Letter, LetterState
from mailflow.steps.ports.statements import KeptStatement, Standing

Key = str | int


@dataclass(frozen=True, slots=True)
class Marks:
    """The highest numbers there are: when one of them grew, something happened."""

    journal: int
    message: int
    task: int


@dataclass(frozen=True, slots=True)
class Holding:
    parties: list[Party]
    cases: list[Case]
    items: list[Item]


class Browse(Protocol):
    def cases(
        self,
        *,
        limit: int,
        after: tuple[Key, ...] | None = None,
        party_id: str | None = None,
        side: Side | None = None,
        state: State | None = None,
        as_of: dt.date | None = None,
    ) -> list[Case]:
        """By id."""
        ...

    def tasks(
        self,
        *,
        limit: int,
        after: tuple[Key, ...] | None = None,
        case_id: str | None = None,
        kind: TaskKind | None = None,
        open_only: bool = True,
    ) -> list[Task]:
        """By number."""
        ...

    def messages(
        self,
        *,
        limit: int,
        after: tuple[Key, ...] | None = None,
        case_id: str | None = None,
        state: MessageState | None = None,
    ) -> list[StoredMessage]:
        """By number."""
        ...

    def documents(
        self,
        *,
        limit: int,
        after: tuple[Key, ...] | None = None,
        case_id: str | None = None,
        message: int | None = None,
    ) -> list[KeptDocument]:
        """By number."""
        ...

    def reconciliations(
        self, *, limit: int, after: tuple[Key, ...] | None = None, case_id: str | None = None
    ) -> list[KeptReconciliation]:
        """By number."""
        ...

    def reconciliation(self, no: int) -> KeptReconciliation | None: ...

    def adjustments(
        self,
        *,
        limit: int,
        after: tuple[Key, ...] | None = None,
        case_id: str | None = None,
        state: AdjustmentState | None = None,
    ) -> list[Adjustment]:
        """By number."""
        ...

    def letters(
        self,
        *,
        limit: int,
        after: tuple[Key, ...] | None = None,
        case_id: str | None = None,
        state: LetterState | None = None,
    ) -> list[Letter]:
        """By number."""
        ...

    def statements(
        self,
        *,
        limit: int,
        after: tuple[Key, ...] | None = None,
        party_id: str | None = None,
        side: Side | None = None,
        standing: Standing | None = None,
        as_of: dt.date | None = None,
    ) -> list[KeptStatement]:
        """By number and version."""
        ...

    def parties(self, *, limit: int, after: tuple[Key, ...] | None = None, side: Side | None = None) -> list[Party]:
        """By id and side."""
        ...

    def items(
        self,
        *,
        limit: int,
        after: tuple[Key, ...] | None = None,
        party_id: str | None = None,
        side: Side | None = None,
    ) -> list[Item]:
        """By side and id; without those that are gone."""
        ...

    def holding(self, words: Sequence[str], limit: int) -> Holding:
        """What has all of ``words`` in its names and numbers, whatever their case; at most ``limit`` of each kind."""
        ...

    def entries(self, *, limit: int, after: int) -> list[Entry]:
        """Of the journal, those with greater numbers."""
        ...

    def marks(self) -> Marks: ...
