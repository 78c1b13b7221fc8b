"""Adjustments that were proposed, and what became of them. Nothing is ever deleted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Protocol

from mailflow.cases.adjustment import Adjustment, AdjustmentState, NewAdjustment
from mailflow.receivables.party import Side


class Adjustments(Protocol):
    def propose(self, adjustment: NewAdjustment, at: dt.datetime) -> int:
        """Its number."""
        ...

    def get(self, no: int) -> Adjustment | None: ...

    def all(
        self,
        *,
        states: Iterable[AdjustmentState] | None = None,
        case_id: str | None = None,
        account: tuple[str, Side] | None = None,
    ) -> list[Adjustment]:
        """In the order in which they were proposed."""
        ...

    def decide(self, no: int, state: AdjustmentState, *, by: str | None, at: dt.datetime) -> None: ...

    def export(self, numbers: Iterable[int], at: dt.datetime) -> int:
        """Marks them as handed over together; the number of this export, counted from 1."""
        ...

    def booked(self, no: int, at: dt.datetime) -> None: ...
