"""A statement of account: what one party owes us (or we owe them) in one currency as of a date, as a frozen value.

Every output (letter, text part, PDF, XLSX) is rendered from this one value, so no two of them can disagree.

    closing = opening + sum(line.amount for line in movements) = sum(line.open_amount for line in open_lines)
            = sum(ageing buckets) + unapplied
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from mailflow.receivables.party import Party, Side


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One ledger item as the statement shows it. Amounts are signed as in the ledger (positive: owed).

    ``amount`` is the item's original amount, ``open_amount`` what of it is open as of the statement's date, ``balance``
    the running balance after it (movements only). ``days_overdue`` counts from the due date to the statement's date,
    0 on the due day, negative before; None without a due date. ``disputed`` and ``promised_on`` come from open cases.
    ``due_estimated``: the due date is computed, because the ledger has none and the terms need a date that it has not.
    Paid on ``discount_until`` at the latest, ``discount_amount`` settles what is open; None where nothing is offered.
    """

    item_id: str
    date: dt.date
    due_date: dt.date | None
    type: str
    reference: str
    their_reference: str
    po_number: str
    description: str
    amount: Decimal
    open_amount: Decimal
    balance: Decimal | None = None
    days_overdue: int | None = None
    disputed: bool = False
    promised_on: dt.date | None = None
    due_estimated: bool = False
    discount_until: dt.date | None = None
    discount_amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class AgeingBucket:
    """``label`` is language-free: ``"not_due"``, ``"1-30"``, ``"31-60"``, ``"over_90"``."""

    label: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Statement:
    """``number`` names party, currency and period, not the version; it is the case's id: ``SOA-202610-C001-CNY``.

    ``open_lines`` are the open items (the open-item form); ``movements`` the postings of the period (balance-forward).
    ``unapplied`` is the (negative) sum of credits and payments not applied to an item. ``overdue`` is positive.
    ``doubts`` say what the ledger leaves open about its items (words of :mod:`mailflow.receivables.open_items`); the
    review holds a statement that has one.
    """

    number: str
    version: int
    party: Party
    side: Side
    currency: str
    as_of: dt.date
    period_start: dt.date
    opening: Decimal
    closing: Decimal
    movements: tuple[StatementLine, ...]
    open_lines: tuple[StatementLine, ...]
    ageing: tuple[AgeingBucket, ...]
    unapplied: Decimal
    overdue: Decimal
    reply_by: dt.date | None = None
    ledger_hash: str = ""
    doubts: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """What people see and quote: ``SOA-202610-C001-CNY v1``."""
        return f"{self.number} v{self.version}"
