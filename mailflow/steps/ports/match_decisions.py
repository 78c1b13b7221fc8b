"""What people decided about links between our items and their lines: kept once, used in every later reconciliation."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Protocol

from mailflow.receivables.party import Side


@dataclass(frozen=True, slots=True)
class NewMatchDecision:
    """``together``: they are the same thing; else: they are not, and are not proposed again.

    ``ours`` are ledger ids; ``theirs`` fingerprints of their lines (``mailflow.reconciliation.fingerprint``), which
    mean the same line on a later statement. ``lines`` are the line numbers in ``document`` where it was decided, and
    ``said`` what a person saw there: references, dates and amounts of both sides, for showing it later.
    """

    party_id: str
    side: Side
    together: bool
    ours: tuple[str, ...]
    theirs: tuple[str, ...]
    lines: tuple[int, ...]
    case_id: str
    document: int
    said: dict[str, Any]
    by: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class MatchDecision:
    """A decision as it is kept; it stands until ``withdrawn_by`` is set (nothing is ever deleted)."""

    no: int
    decision: NewMatchDecision
    at: dt.datetime
    withdrawn_by: str | None = None
    withdrawn_at: dt.datetime | None = None

    @property
    def stands(self) -> bool:
        return self.withdrawn_by is None


class MatchDecisions(Protocol):
    def add(self, decision: NewMatchDecision, at: dt.datetime) -> int:
        """Its number."""
        ...

    def get(self, no: int) -> MatchDecision | None: ...

    def of_party(self, party_id: str, side: Side, *, standing: bool = True) -> list[MatchDecision]:
        """In the order in which they were made; ``standing`` False: withdrawn ones too."""
        ...

    def withdraw(self, no: int, *, by: str, at: dt.datetime) -> None: ...
