"""How a difference and a left-over line are named."""

from __future__ import annotations

import datetime as dt

import pytest

from mailflow.receivables.party import Side
from mailflow.reconciliation import Policy
from tests.reconciliation.accounts import adds_up, compare, item, kinds, line


@pytest.mark.parametrize(
    ("ours", "theirs", "kind", "amount"),
    [
        ("1000.00", "1050.00", "amount_difference", "50.00"),
        ("1000.00", "970.00", "amount_difference", "-30.00"),
        ("1000.00", "1000.02", "rounding", "0.02"),
        ("1000.00", "-1000.00", "sign_error", "-2000.00"),
        ("4510.00", "5410.00", "amount_difference", "900.00"),
        ("1000.00", "980.00", "discount_taken", "-20.00"),
    ],
)
def test_one_invoice_with_two_amounts(ours: str, theirs: str, kind: str, amount: str) -> None:
    agreed = [("INV-777", "12.00"), ("INV-778", "13.00")]
    answer = compare(
        [item("L1", "INV-1001", ours), *(item(ref, ref, amount) for ref, amount in agreed)],
        [line(1, "INV-1001", theirs), *(line(n, ref, amount) for n, (ref, amount) in enumerate(agreed, 2))],
    )
    assert kinds(answer) == [(kind, amount)]
    assert adds_up(answer)


@pytest.mark.parametrize(
    ("received", "kind"),
    [
        ("-980.00", "discount_taken"),
        ("-985.00", "bank_charge"),
        ("-890.00", "short_payment"),
        ("-400.00", "partial_payment"),
    ],
)
def test_one_payment_of_which_less_arrived(received: str, kind: str) -> None:
    ours, theirs = [item("L1", "PAY77", "-1000.00", type="payment")], [line(1, "PAY77", received, type="payment")]
    assert [k for k, _ in kinds(compare(ours, theirs))] == [kind]


def test_a_discount_is_checked_against_the_terms_and_the_payments_date() -> None:
    policy = Policy.of({"terms": {"S001": {"discount_percent": 4, "discount_days": 10, "grace_days": 2}}})
    ours = [item("L1", "INV-1001", "1000.00", "10-01")]
    for date, reason in (("10-11", "terms"), ("10-13", "terms"), ("10-14", "unearned")):
        (found,) = compare(ours, [line(1, "INV-1001", "960.00", date)], policy).items
        assert (found.kind.value, found.reason) == ("discount_taken", reason)
    (without,) = compare(ours, [line(1, "INV-1001", "960.00", "10-05")]).items
    assert without.kind.value == "amount_difference"


def test_interest_is_checked_against_rate_and_days() -> None:
    policy = Policy.of({"terms": {"default": {"late_rate": "7.3"}}})
    ours = [item("L1", "INV-1001", "10000.00", "08-01", due_date=dt.date(2026, 8, 31))]
    (found,) = compare(ours, [line(1, "INV-1001", "10100.00", "10-20")], policy).items
    assert (found.kind.value, found.reason) == ("late_fee", "rate_and_days")


def test_only_the_payers_book_has_it_just_before_the_cut_off_so_it_is_on_its_way() -> None:
    paid = [item("L1", "PAY1", "-512.40", "10-29", "payment"), item("L2", "PAY2", "-77.31", "10-02", "payment")]
    assert kinds(compare(paid, [line(1, "INV-9", "10.00")])) == [
        ("missing_in_ours", "10.00"), ("missing_in_theirs", "77.31"), ("timing", "512.40"),
    ]  # fmt: skip
    owed = [item("L1", "INV-1", "512.40", "10-02", side=Side.RECEIVABLE, party_id="C001")]
    theirs = [line(1, "INV-1", "512.40", "10-02"), line(2, "RC8", "-99.10", "10-30", "payment")]
    assert kinds(compare(owed, theirs)) == [("timing", "-99.10")]


def test_an_invoice_that_we_lack_is_missing_however_near_the_cut_off() -> None:
    answer = compare([item("L1", "INV-1", "5.00")], [line(1, "INV-1", "5.00"), line(2, "INV-2", "42.00", "10-31")])
    assert kinds(answer) == [("missing_in_ours", "42.00")]


def test_listed_or_booked_twice() -> None:
    ours = [item("L1", "INV-1001", "500.00", "10-05"), item("L2", "INV-1001", "500.00", "10-20")]
    assert kinds(compare(ours, [line(1, "INV-1001", "500.00", "10-05")])) == [("duplicate", "-500.00")]
    theirs = [line(1, "INV-1001", "500.00", "10-05"), line(2, "No. INV 1001", "500.00", "10-09")]
    answer = compare(ours[:1], theirs)
    assert kinds(answer) == [("duplicate", "500.00")]
    assert answer.matches[0].their_numbers == (1,)


@pytest.mark.parametrize(
    ("type", "words", "amount", "kind"),
    [
        ("fee", "Interest on overdue invoices", "33.10", "late_fee"), ("fee", "滞纳金", "20.00", "late_fee"),
        ("fee", "银行手续费", "25.00", "bank_charge"), ("fee", "", "25.00", "bank_charge"),
        ("fee", "", "33.10", "late_fee"), ("invoice", "plates", "33.10", "missing_in_ours"),
        ("discount", "", "-20.00", "discount_taken"), ("adjustment", "rounding", "0.03", "rounding"),
        ("invoice", "interest on overdue items", "33.10", "late_fee"),
    ],
)  # fmt: skip
def test_a_line_that_says_what_it_is(type: str, words: str, amount: str, kind: str) -> None:
    theirs = [line(1, "INV-1", "5.00"), line(2, "", amount, type=type, description=words)]
    assert kinds(compare([item("L1", "INV-1", "5.00")], theirs)) == [(kind, amount)]


def test_our_items_after_the_cut_off_stay_out() -> None:
    ours = [item("L1", "INV-1", "5.00"), item("L2", "INV-2", "900.00", "11-02")]
    answer = compare(ours, [line(1, "INV-1", "5.00")])
    assert (str(answer.our_balance), answer.items, answer.settled) == ("5.00", [], True)


def test_every_item_says_what_to_do() -> None:
    ours = [item("L1", "INV-1", "5.00"), item("L2", "PAY5", "-8.00", "09-01", "payment")]
    answer = compare(ours, [line(1, "INV-1", "6.10"), line(2, "INV-3", "9.00")]).to_json()
    assert {i["kind"]: i["suggested_action"] for i in answer["reconciling_items"]} == {
        "amount_difference": "Compare both documents; agree on the amount.",
        "missing_in_ours": "Ask for a copy, then book it.",
        "missing_in_theirs": "Send proof of payment.",
    }
