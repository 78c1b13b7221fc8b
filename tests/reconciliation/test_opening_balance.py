"""What both books bring forward is compared as one step, never line by line."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from tests.reconciliation.accounts import adds_up, compare, item, kinds, line, pairs

START = dt.date(2026, 10, 1)


def test_a_printed_opening_stands_against_what_we_booked_before_the_period() -> None:
    ours = [item("L1", "INV-1", "300.00", "08-10"), item("L2", "INV-2", "50.00", "09-10"), item("L3", "INV-3", "20.00")]
    answer = compare(
        ours, [line(1, "INV-3", "20.00")], opening=Decimal("350.00"), closing=Decimal("370.00"), period_start=START
    )
    assert (answer.items, answer.balanced, str(answer.their_balance)) == ([], True, "370.00")
    other = compare(
        ours, [line(1, "INV-3", "20.00")], opening=Decimal("310.00"), closing=Decimal("330.00"), period_start=START
    )
    assert kinds(other) == [("opening_difference", "-40.00")]
    assert adds_up(other)


def test_an_opening_row_on_each_side_is_one_thing() -> None:
    ours = [item("L1", "期初余额", "1000.00", "09-30", "other"), item("L2", "INV-3001", "20.00")]
    theirs = [line(1, "", "1100.00", "09-30", "other", description="Opening balance"), line(2, "INV-3001", "20.00")]
    answer = compare(ours, theirs)
    assert pairs(answer) == {(("L1",), (1,)), (("L2",), (2,))}
    assert kinds(answer) == [("opening_difference", "100.00")]


def test_an_opening_row_only_on_theirs_takes_our_earlier_items() -> None:
    ours = [item("L1", "INV-1", "300.00", "08-10"), item("L3", "INV-3", "20.00")]
    theirs = [line(1, "B/F", "280.00", "09-30", "other"), line(2, "INV-3", "20.00")]
    answer = compare(ours, theirs)
    assert kinds(answer) == [("opening_difference", "-20.00")]
    assert adds_up(answer)


def test_a_line_of_the_period_may_still_be_an_item_that_we_booked_before_it() -> None:
    ours = [item("L1", "INV-1001", "300.00", "09-29"), item("L2", "INV-1", "50.00", "08-10")]
    answer = compare(ours, [line(1, "INV-1001", "300.00", "10-01")], opening=Decimal("50.00"), period_start=START)
    assert (("L1",), (1,)) in pairs(answer)
    assert answer.items == []


def test_an_unprinted_opening_is_inferred_only_where_our_earlier_items_are_exactly_it() -> None:
    ours = [item("L1", "INV-1", "300.00", "08-10"), item("L3", "INV-3", "20.00", "10-20")]
    answer = compare(ours, [line(1, "INV-3", "20.00", "10-20")], closing=Decimal("320.00"))
    assert (answer.items, answer.balanced) == ([], True)
    stated = compare(ours, [line(1, "INV-3", "20.00", "10-20")], closing=Decimal("321.00"))
    assert (str(stated.unexplained), kinds(stated)) == ("301.00", [("missing_in_theirs", "-300.00")])


def test_a_gap_in_their_arithmetic_is_stated_and_never_booked() -> None:
    answer = compare([item("L1", "INV-1", "5.00")], [line(1, "INV-1", "5.00")], closing=Decimal("315.00"))
    assert (str(answer.unexplained), answer.items, answer.balanced) == ("310.00", [], False)
    assert [c.name for c in answer.checks if c.passed is False] == ["extraction", "nothing_unexplained"]


def test_a_bare_balance_without_lines_gives_no_invented_items() -> None:
    answer = compare([item("L1", "INV-1", "5.00")], [], closing=Decimal("7.00"))
    assert (answer.items, str(answer.unexplained), answer.settled) == ([], "2.00", False)


def test_what_we_have_settled_is_no_difference_to_a_list_of_open_items() -> None:
    """Our ledger holds an old invoice and its payment; their list counts up from nothing and shows neither."""
    done = {"open_amount": Decimal(0)}
    ours = [
        item("L1", "INV-0900", "300.00", "07-10", **done),
        item("L2", "INV-0901", "45.00", "07-12", **done),
        item("L3", "PAY-11", "-345.00", "09-20", "payment", **done),
        item("L4", "INV-1001", "20.00", "10-02", open_amount=Decimal("20.00")),
        item("L5", "INV-0800", "9.00", "06-02", open_amount=Decimal("9.00")),
    ]
    answer = compare(ours, [line(1, "INV-1001", "20.00", "10-02")], opening=Decimal(0), closing=Decimal("20.00"))
    assert pairs(answer) == {(("L4",), (1,)), (("L1", "L2", "L3"), ())}
    assert kinds(answer) == [("missing_in_theirs", "-9.00")]
    assert adds_up(answer)
