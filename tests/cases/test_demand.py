"""The track that asks for money: which items, at which level, on which day; and what keeps it silent."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from mailflow.cases.demand import COURTESY, UNTOLD, Claim, DemandPlan, DemandStep, demand_due, level_of
from mailflow.receivables.working_days import working_days

CN = working_days("CN")
PLAN = DemandPlan(courtesy_days=3, after_days=(5, 12, 30))


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def claim(due: str, amount: str = "100", told: int = UNTOLD, name: str = "") -> Claim:
    return Claim(name or due, Decimal(amount), day(due), told)


@pytest.mark.parametrize(
    ("today", "level"),
    [("2026-11-16", UNTOLD), ("2026-11-17", COURTESY), ("2026-11-19", COURTESY), ("2026-11-20", UNTOLD),
     ("2026-11-24", UNTOLD), ("2026-11-25", 1), ("2026-12-01", 1), ("2026-12-02", 2), ("2026-12-20", 3)],
)  # fmt: skip
def test_no_step_fires_early_and_courtesy_comes_before_the_due_day_only(today: str, level: int) -> None:
    assert level_of(day("2026-11-20"), PLAN, day(today), CN) == level


def test_several_steps_make_one_letter_the_most_advanced_with_all_that_is_overdue() -> None:
    claims = [claim("2026-10-20"), claim("2026-11-09"), claim("2026-11-12"), claim("2026-11-18")]
    found = demand_due(claims, PLAN, day("2026-11-16"), CN, currency="CNY")
    assert (found.step, found.level) == (DemandStep.WRITE, 2)
    assert found.items == {"2026-10-20": 2, "2026-11-09": 1, "2026-11-12": UNTOLD}


def test_what_was_told_is_not_told_again_and_a_new_item_is_not_silenced_by_it() -> None:
    old = claim("2026-11-09", told=1)
    assert demand_due([old], PLAN, day("2026-11-17"), CN, currency="CNY").step is DemandStep.NOTHING
    both = demand_due([old, claim("2026-11-11", name="new")], PLAN, day("2026-11-17"), CN, currency="CNY")
    assert both.level == 1 and set(both.items) == {"2026-11-09", "new"}


def test_two_letters_to_a_party_keep_their_distance() -> None:
    found = demand_due([claim("2026-11-09")], PLAN, day("2026-11-16"), CN, currency="CNY", chased_on=day("2026-11-12"))
    assert (found.step, found.on) == (DemandStep.WAIT, day("2026-11-19"))


@pytest.mark.parametrize(("credit", "least"), [("-100", "0"), ("-60", "50"), ("0", "100.01")])
def test_who_is_covered_by_credits_or_below_the_limit_is_left_alone(credit: str, least: str) -> None:
    plan = DemandPlan(after_days=(5,), least={"CNY": Decimal(least)})
    found = demand_due(
        [claim("2026-11-09")], plan, day("2026-11-16"), CN, currency="CNY", unapplied=Decimal(credit)
    )  # fmt: skip
    assert found.step is DemandStep.NOTHING


def test_the_last_of_three_is_a_persons_decision_unless_said_otherwise() -> None:
    late = [claim("2026-10-09", told=2)]
    assert demand_due(late, PLAN, day("2026-11-16"), CN, currency="CNY").step is DemandStep.PERSON
    by_itself = DemandPlan(after_days=(5, 12, 30), final_by_itself=True)
    assert demand_due(late, by_itself, day("2026-11-16"), CN, currency="CNY").step is DemandStep.WRITE
    two = DemandPlan(after_days=(5, 12))
    assert (
        demand_due([claim("2026-10-09", told=1)], two, day("2026-11-16"), CN, currency="CNY").step is DemandStep.WRITE
    )
