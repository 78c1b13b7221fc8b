"""Sums that count, the cheapest assignment, the policy's figures."""

from __future__ import annotations

import datetime as dt
from itertools import combinations, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailflow.adapters.policy_files import read_policy
from mailflow.reconciliation import Policy
from mailflow.reconciliation.assignment import settle
from mailflow.reconciliation.combinations import any_subset, few
from mailflow.refusals import Refusal


def all_subsets(amounts: list[int], target: int, most: int) -> set[tuple[int, ...]]:
    sizes = range(2, min(most, len(amounts)) + 1)
    return {c for n in sizes for c in combinations(range(len(amounts)), n) if sum(amounts[i] for i in c) == target}


@settings(max_examples=80, deadline=None)
@given(st.lists(st.integers(-20, 40), max_size=9), st.integers(-30, 90))
def test_sums_find_every_subset_that_there_is_and_no_other(amounts: list[int], target: int) -> None:
    assert set(few(amounts, target, limit=10_000)) == all_subsets(amounts, target, 3)
    assert set(any_subset(amounts, target, limit=10_000)) == all_subsets(amounts, target, len(amounts))


def test_a_search_for_sums_stops_at_its_limit() -> None:
    assert len(any_subset([1] * 12, 6)) == 2
    assert len(few([1] * 12, 3, limit=5)) == 5


@settings(max_examples=80, deadline=None)
@given(st.lists(st.lists(st.integers(0, 30), min_size=4, max_size=4), min_size=1, max_size=4))
def test_the_assignment_is_the_cheapest_of_all(table: list[list[int]]) -> None:
    edges = [(r, c, cost) for r, row in enumerate(table) for c, cost in enumerate(row)]
    cost = sum(edge[2] for edge in settle(edges))
    assert cost == min(sum(table[r][c] for r, c in enumerate(p)) for p in permutations(range(4), len(table)))
    turned = settle([(c, r, cost) for r, c, cost in edges])
    assert sum(edge[2] for edge in turned) == cost


def test_an_edge_is_clear_only_when_it_beats_every_other_edge_of_both_its_ends() -> None:
    assert settle([(0, 0, 1), (0, 1, 5), (1, 1, 0)]) == [(0, 0, 1, True), (1, 1, 0, True)]
    assert [clear for *_, clear in settle([(0, 0, 1), (0, 1, 1)])] == [False]


def test_the_shipped_policy_says_what_the_program_does_without_one() -> None:
    assert read_policy() == Policy()


def test_a_policy_that_cannot_be_used_names_the_setting() -> None:
    for data, word in (
        ({"windows": {"documnt_days": 5}}, "documnt_days"),
        ({"windows": {"document_days": -1}}, "document_days"),
        ({"differences": {"rounding": {"CNY": "ten"}}}, "rounding"),
        ({"terms": {"C001": {"discount": 2}}}, "discount"),
        ({"windows": {"working_days": 1}}, "working_days"),
    ):
        with pytest.raises(Refusal, match=word):
            Policy.of(data)


def test_working_days_leave_the_week_end_out() -> None:
    friday, monday = dt.date(2026, 10, 30).toordinal(), dt.date(2026, 11, 2).toordinal()
    calendar, working = Policy(), Policy(working_days=True)
    assert (calendar.days_between(friday, monday), working.days_between(friday, monday)) == (3, 1)
    assert working.days_between(monday, friday) == -1
    assert working.days_between(friday, friday + 14) == 10
