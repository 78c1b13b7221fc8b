"""Ageing: the edges of every bucket, and the closure that no item escapes."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailflow.receivables.ageing import AgeingPolicy, age, days_overdue

AS_OF = dt.date(2026, 10, 31)


@pytest.mark.parametrize(
    ("due", "days", "label"),
    [
        ("2026-11-19", -19, "not_due"), ("2026-10-31", 0, "not_due"), ("2026-10-30", 1, "1-30"),
        ("2026-10-01", 30, "1-30"), ("2026-09-30", 31, "31-60"), ("2026-09-01", 60, "31-60"),
        ("2026-08-31", 61, "61-90"), ("2026-08-02", 90, "61-90"), ("2026-08-01", 91, "91-120"),
        ("2026-07-03", 120, "91-120"), ("2026-07-02", 121, "over_120"), ("1999-01-01", 10165, "over_120"),
    ],
)  # fmt: skip
def test_bucket_edges(due: str, days: int, label: str) -> None:
    assert days_overdue(dt.date.fromisoformat(due), AS_OF) == days
    assert AgeingPolicy().label(days) == label


@pytest.mark.parametrize("edges", [(30, 60, 90, 120), (30,), (7, 14, 30), (365, 730, 1095), (1,)])
def test_labels_of_every_bucket_set_meet_without_gap_or_overlap(edges: tuple[int, ...]) -> None:
    policy = AgeingPolicy(edges=edges)
    for edge in edges:
        assert policy.label(edge) != policy.label(edge + 1)
        assert policy.label(edge).endswith(f"-{edge}")
    assert policy.label(0) == "not_due" and policy.label(1) == policy.labels[1]
    assert policy.label(edges[-1] + 1) == f"over_{edges[-1]}" == policy.labels[-1]


@pytest.mark.parametrize("edges", [(), (60, 30), (30, 30), (0, 30)])
def test_buckets_that_do_not_rise_are_refused(edges: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="rise"):
        AgeingPolicy(edges=edges)


@given(
    st.lists(st.tuples(st.decimals("-1e6", "1e6", places=2), st.integers(-400, 4000))),
    st.sets(st.integers(1, 900), min_size=1, max_size=6),
)
def test_buckets_and_unapplied_always_make_the_balance(rows: list[tuple[Decimal, int]], edges: set[int]) -> None:
    aged = age(rows, AgeingPolicy(edges=tuple(sorted(edges))))
    assert aged.balance == sum((amount for amount, _ in rows), Decimal(0))
    assert aged.unapplied <= 0 and all(bucket.amount >= 0 for bucket in aged.buckets)
    assert aged.overdue == sum((amount for amount, days in rows if amount > 0 and days > 0), Decimal(0))
