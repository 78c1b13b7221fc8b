"""The casefile: cases, what waits for a person, disputes and promises.

State changes go through :func:`mailflow.steps.advance_case.move`, which asks the table of ``mailflow.cases.case``,
writes the new state here and appends to the journal, in one transaction; nobody else calls ``set_states``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from mailflow.cases.case import Case, Settled, State, Task, TaskKind
from mailflow.cases.dispute import Dispute
from mailflow.cases.promise import PromiseToPay, Standing
from mailflow.receivables.party import Side


@dataclass(frozen=True, slots=True)
class Allocation:
    """One line of a remittance advice set against one of our references; ``amount`` positive, what they paid."""

    reference: str
    amount: Decimal
    document: int
    paid_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class RaisedTask:
    """What :meth:`Casefile.raise_task` is told."""

    kind: TaskKind
    case_id: str | None
    message: int | None
    evidence: str = ""
    facts: dict[str, Any] | None = None
    key: str = ""


class Casefile(Protocol):
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
        """Opens the case, or gives back the one that has this id already, unchanged."""
        ...

    def new_version(
        self, case_id: str, *, version: int, statement_no: str, as_of: dt.date, our_balance: Decimal
    ) -> None:
        """A corrected statement takes the place of the last one; the state is moved apart from this."""
        ...

    def get(self, case_id: str) -> Case | None: ...

    def cases(
        self, *, party_id: str | None = None, state: State | None = None, ids: Iterable[str] | None = None
    ) -> list[Case]:
        """In the order of party, side, as-of date."""
        ...

    def some(self, ids: Sequence[str]) -> list[Case]:
        """Those of these ids that exist, in no order."""
        ...

    def set_states(self, changes: Sequence[tuple[str, State, dt.datetime | None]]) -> None:
        """(case, state, when its letter went out, if that is what happened)."""
        ...

    def set_their_balance(self, case_id: str, balance: Decimal) -> None: ...

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
        """The task's number; the same (case, message, kind, key) is raised once, however often it is asked for."""
        ...

    def raise_many(self, tasks: Iterable[RaisedTask], at: dt.datetime) -> None:
        """As :meth:`raise_task` for each of them."""
        ...

    def settle_task(self, no: int, settled: Settled, *, by: str, at: dt.datetime) -> None: ...

    def reopen_task(self, no: int) -> None:
        """As if it had not been settled; who settled it stands in the journal."""
        ...

    def tasks(self, *, case_ids: Iterable[str] | None = None, open_only: bool = True) -> list[Task]:
        """Of these cases; of all, those without a case included, when none are named."""
        ...

    def task(self, no: int) -> Task | None: ...

    def add_dispute(self, case_id: str, dispute: Dispute, *, message: int, at: dt.datetime) -> None:
        """Once per (case, message, reference)."""
        ...

    def disputes(self, *, case_ids: Iterable[str] | None = None) -> list[tuple[str, Dispute]]: ...

    def settle_disputes(self, case_id: str, settled: Settled, *, reference: str | None = None) -> None:
        """The open ones; only those about ``reference`` ("" is the statement as a whole) when it is named."""
        ...

    def assign_disputes(self, case_id: str, reference: str, *, owner: str | None, due_on: dt.date | None) -> None:
        """Who sees to the open ones about ``reference`` ("" is the statement as a whole), and until when."""
        ...

    def add_promise(self, case_id: str, promise: PromiseToPay, *, message: int, at: dt.datetime) -> None:
        """Once per (case, message); an older open promise of the case is replaced by a newer one."""
        ...

    def promises(self, *, case_ids: Iterable[str] | None = None) -> list[tuple[str, PromiseToPay]]: ...

    def set_standing(self, case_id: str, message: int, standing: Standing) -> None: ...

    def add_allocations(self, case_id: str, allocations: Iterable[Allocation]) -> None:
        """Once per (case, document, reference)."""
        ...

    def allocations(self, case_id: str) -> list[Allocation]: ...
