"""Ageing: what is open, by how long it is overdue on the statement's day. Nothing falls outside every bucket.

    sum of all buckets + unapplied = balance, per currency, always

Due on the day itself is not overdue. Both ends of a bucket belong to it: day 30 is in 1-30, day 31 in 31-60.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from mailflow.receivables.statement import AgeingBucket

NOT_DUE = "not_due"


@dataclass(frozen=True, slots=True)
class AgeingPolicy:
    """``edges`` are the last days of the buckets (30, 60, 90, 120: the fifth is open). ``by_due_date`` False ages by
    document date. ``oldest_first``: where the ledger says nothing of what is open, credits settle what they name, then
    the oldest item first; else they stand unapplied."""

    edges: tuple[int, ...] = (30, 60, 90, 120)
    by_due_date: bool = True
    oldest_first: bool = True

    def __post_init__(self) -> None:
        if not self.edges or list(self.edges) != sorted(set(self.edges)) or self.edges[0] < 1:
            raise ValueError("the last days of ageing buckets must rise, from 1 upwards")

    @property
    def labels(self) -> tuple[str, ...]:
        starts = (1, *(edge + 1 for edge in self.edges))
        closed = tuple(f"{start}-{edge}" for start, edge in zip(starts, self.edges, strict=False))
        return (NOT_DUE, *closed, f"over_{self.edges[-1]}")

    def label(self, days_overdue: int) -> str:
        return self.labels[0 if days_overdue <= 0 else 1 + bisect_left(self.edges, days_overdue)]


def days_overdue(due_date: dt.date, as_of: dt.date) -> int:
    """Whole calendar days after the due date; 0 on it, negative before."""
    return (as_of - due_date).days


@dataclass(frozen=True, slots=True)
class Ageing:
    """``unapplied`` is the (negative) sum of credits and payments that settle no item."""

    buckets: tuple[AgeingBucket, ...]
    unapplied: Decimal

    @property
    def overdue(self) -> Decimal:
        return sum((bucket.amount for bucket in self.buckets if bucket.label != NOT_DUE), Decimal(0))

    @property
    def balance(self) -> Decimal:
        return sum((bucket.amount for bucket in self.buckets), self.unapplied)


def age(open_amounts: Iterable[tuple[Decimal, int]], policy: AgeingPolicy) -> Ageing:
    """``open_amounts`` are (amount, days overdue); what is negative is unapplied, whatever its age."""
    sums = dict.fromkeys(policy.labels, Decimal(0))
    unapplied = Decimal(0)
    for amount, days in open_amounts:
        if amount < 0:
            unapplied += amount
        else:
            sums[policy.label(days)] += amount
    return Ageing(tuple(AgeingBucket(label, amount) for label, amount in sums.items()), unapplied)
