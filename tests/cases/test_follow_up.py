"""The plan after a letter: the dates of the field guide, and nothing once somebody has answered."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from mailflow.cases.case import State
from mailflow.cases.follow_up import Due, Facts, Plan, Promised, Step, due, promised
from mailflow.cases.promise import PromiseToPay
from mailflow.receivables.working_days import working_days

CN = working_days("CN")
PLAN = Plan()


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def played(sent: str, until: str, plan: Plan = PLAN) -> list[tuple[int, str]]:
    """Looks once a day and reminds at once when told to: (level, day) of each reminder, level 0 for the call."""
    today, level, last, seen = day(sent), 0, None, []
    while today <= day(until):
        found = due(Facts(State.SENT, day(sent), level, last), plan, today, CN)
        if found.step is Step.REMIND:
            level, last = found.level, today
            seen.append((level, today.isoformat()))
        elif found.step is Step.CALL:
            seen.append((0, today.isoformat()))
            break
        today += dt.timedelta(1)
    return seen


def test_w7_reminders_come_after_3_7_and_14_working_days_then_a_person_calls() -> None:
    assert played("2026-11-02", "2026-12-31") == [
        (1, "2026-11-05"), (2, "2026-11-11"), (3, "2026-11-20"), (0, "2026-11-27"),
    ]  # fmt: skip


def test_w7_the_national_holiday_is_skipped_and_the_working_saturday_counts() -> None:
    assert played("2026-09-30", "2026-10-30")[:3] == [(1, "2026-10-10"), (2, "2026-10-15"), (3, "2026-10-26")]


def test_levels_missed_in_an_outage_collapse_to_the_most_advanced_one() -> None:
    found = due(Facts(State.SENT, day("2026-11-02")), PLAN, day("2026-11-23"), CN)
    assert (found.step, found.level, found.skipped) == (Step.REMIND, 3, (1, 2))
    after = Facts(State.SENT, day("2026-11-02"), 3, day("2026-11-23"))
    assert due(after, PLAN, day("2026-11-24"), CN) == Due(Step.WAIT, 3, day("2026-11-30"), why="nobody has answered")


@pytest.mark.parametrize("state", [state for state in State if state is not State.SENT])
def test_only_a_case_that_waits_for_an_answer_is_reminded(state: State) -> None:
    assert due(Facts(state, day("2026-11-02")), PLAN, day("2026-11-30"), CN).step is Step.NOTHING


def test_a_late_reminder_keeps_its_distance_and_so_does_another_case_of_the_party() -> None:
    late = Facts(State.SENT, day("2026-11-02"), 1, day("2026-11-10"))
    assert due(late, PLAN, day("2026-11-11"), CN).on == day("2026-11-12")
    other = Facts(State.SENT, day("2026-11-02"), party_on=day("2026-11-05"))
    assert due(other, PLAN, day("2026-11-05"), CN) == Due(Step.WAIT, 1, day("2026-11-09"), why="no answer yet")


def test_who_is_out_of_office_is_reminded_the_working_day_after_the_return() -> None:
    away = Facts(State.SENT, day("2026-11-02"), away_until=day("2026-11-14"))  # a Saturday
    assert due(away, PLAN, day("2026-11-13"), CN).step is Step.WAIT
    assert due(away, PLAN, day("2026-11-17"), CN).step is Step.REMIND
    assert due(away, PLAN, day("2026-11-16"), CN).on == day("2026-11-17")


def test_what_waits_for_a_person_or_is_overtaken_by_a_new_statement_holds_everything() -> None:
    facts = Facts(State.SENT, day("2026-11-02"), waits="a task is open: question")
    assert due(facts, PLAN, day("2026-12-30"), CN).step is Step.WAIT
    assert due(Facts(State.SENT, day("2026-11-02"), newer=True), PLAN, day("2026-12-30"), CN).step is Step.NOTHING
    assert due(Facts(State.SENT, None), PLAN, day("2026-12-30"), CN).step is Step.NOTHING


@pytest.mark.parametrize(
    ("now", "open_"),
    [("2026-11-05T07:59", False), ("2026-11-05T08:00", True), ("2026-11-05T19:59", True), ("2026-11-05T20:00", False),
     ("2026-11-07T12:00", False), ("2026-10-01T12:00", False), ("2026-10-10T12:00", True)],
)  # fmt: skip
def test_letters_leave_by_day_on_working_days_only(now: str, open_: bool) -> None:
    assert PLAN.open_at(dt.datetime.fromisoformat(now), CN) is open_


@pytest.mark.parametrize(
    ("paid", "ledger", "today", "stands"),
    [
        ("0", "2026-11-13", "2026-11-13", Promised.OPEN),  # the grace of three working days is not over
        ("0", "2026-11-13", "2026-11-16", Promised.BROKEN),
        ("5999.99", "2026-11-13", "2026-11-16", Promised.BROKEN),
        ("6000", "2026-11-13", "2026-11-16", Promised.KEPT),
        ("6000", "2026-11-05", "2026-11-06", Promised.KEPT),
        ("0", "2026-11-12", "2026-11-16", Promised.UNKNOWN),  # the ledger does not show the last day of grace
        ("0", None, "2026-11-16", Promised.UNKNOWN),
    ],
)
def test_a_promise_is_broken_only_after_its_grace_and_by_a_ledger_that_reaches_so_far(
    paid: str, ledger: str | None, today: str, stands: Promised
) -> None:
    promise = PromiseToPay(day("2026-11-10"), Decimal(6000), "CNY", "11月10日付款")
    known = None if ledger is None else day(ledger)
    assert promised(promise, Decimal(paid), known, PLAN, day(today), CN) is stands
