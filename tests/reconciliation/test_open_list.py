"""A list of what is open against a ledger of all that was posted, as our own open-item statement is when it returns."""

from __future__ import annotations

from decimal import Decimal

from tests.reconciliation.accounts import adds_up, compare, item, kinds, line

POSTED = [
    ("L1", "INV-10001", "8000.00", "06-15", "invoice", "3000.00"),
    ("L2", "INV-10002", "4500.00", "08-31", "invoice", "4500.00"),
    ("L3", "RC-20001", "-4000.00", "08-20", "payment", "0.00"),
    ("L4", "RC-20002", "-1000.00", "08-21", "payment", "0.00"),
    ("L5", "INV-10003", "7250.00", "10-20", "invoice", "7250.00"),
]


def ledger(*, says_what_is_open: bool):
    return [
        item(no, reference, amount, date, kind, open_amount=Decimal(still) if says_what_is_open else None)
        for no, reference, amount, date, kind, still in POSTED
    ]


def listed(first: str = "3000.00", last: str = "7250.00"):
    return [
        line(1, "INV-10001", first, "06-15"),
        line(2, "INV-10002", "4500.00", "08-31"),
        line(3, "INV-10003", last, "10-20"),
    ]


def test_what_is_open_is_compared_with_what_they_list_as_open() -> None:
    for says in (True, False):
        answer = compare(ledger(says_what_is_open=says), listed(), closing=Decimal("14750.00"))
        assert (kinds(answer), answer.difference, adds_up(answer)) == ([], 0, True)


def test_one_amount_that_differs_is_named_and_nothing_else() -> None:
    answer = compare(ledger(says_what_is_open=True), listed(last="7200.00"), closing=Decimal("14700.00"))
    assert [(one.units, one.reference) for one in answer.items] == [(-5000, "INV-10003")]
    assert adds_up(answer)
