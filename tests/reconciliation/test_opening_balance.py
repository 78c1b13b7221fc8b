"""What both books bring forward is compared as one step, never line by line."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from mailflow.reconciliation import Decisions, Earlier, EarlierItem
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


def ended(*items: EarlierItem) -> Decisions:
    return Decisions(earlier=(Earlier(dt.date(2026, 9, 30), "CNY", items),))


MISSING = EarlierItem("missing_in_ours", Decimal("40.00"), "HX-9", theirs=("HX9|2026-09-12|40",))


def test_an_opening_difference_is_what_the_last_statement_ended_with() -> None:
    ours = [item("L1", "INV-1", "300.00", "08-10"), item("L3", "INV-3", "20.00")]
    printed = {"opening": Decimal("340.00"), "closing": Decimal("360.00"), "period_start": START}
    answer = compare(ours, [line(1, "INV-3", "20.00")], decisions=ended(MISSING), **printed)
    [difference] = answer.items
    assert (difference.kind.value, str(difference.amount), difference.reason) == (
        "opening_difference",
        "40.00",
        "carried",
    )
    told = answer.to_json()["reconciling_items"][0]["explanation"]
    assert "ours 300.00, theirs 340.00" in told and "statement of 2026-09-30: missing in ours 40.00 (HX-9)" in told
    more = dict(printed, opening=Decimal("345.00"), closing=Decimal("365.00"))
    part = compare(ours, [line(1, "INV-3", "20.00")], decisions=ended(MISSING), **more)
    assert part.items[0].reason == "carried_in_part" and adds_up(part)


def test_what_we_booked_since_the_last_statement_stands_in_their_opening() -> None:
    ours = [item("L1", "INV-1", "300.00", "08-10"), item("L2", "HX-9", "40.00", "10-06"), item("L3", "INV-3", "20.00")]
    printed = {"opening": Decimal("340.00"), "closing": Decimal("360.00"), "period_start": START}
    without = compare(ours, [line(1, "INV-3", "20.00")], **printed)
    assert kinds(without) == [("missing_in_theirs", "-40.00"), ("opening_difference", "40.00")]
    answer = compare(ours, [line(1, "INV-3", "20.00")], decisions=ended(MISSING), **printed)
    assert answer.items == [] and adds_up(answer)


def test_a_payment_on_its_way_last_month_arrives_in_ours_this_month() -> None:
    """Receivable: they booked it on the 29th, our bank on the 2nd; their October begins with it."""
    ours = [
        item("L1", "INV-1", "300.00", "08-10"), item("L2", "BANK-77", "-120.00", "10-02", "payment"),
        item("L3", "INV-3", "20.00"),
    ]  # fmt: skip
    on_its_way = EarlierItem("timing", Decimal("-120.00"), "PAY-5", theirs=("PAY5|2026-09-29|120",))
    printed = {"opening": Decimal("180.00"), "closing": Decimal("200.00"), "period_start": START}
    answer = compare(ours, [line(1, "INV-3", "20.00")], decisions=ended(on_its_way), **printed)
    assert answer.items == [] and adds_up(answer)
    never = compare([ours[0], ours[2]], [line(1, "INV-3", "20.00")], decisions=ended(on_its_way), **printed)
    assert (never.items[0].reason, kinds(never)) == ("carried", [("opening_difference", "-120.00")])
