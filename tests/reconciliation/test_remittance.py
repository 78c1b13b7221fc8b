"""A payment against open items: what it covers, what it leaves out, what nobody named."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from mailflow.receivables.party import Side
from mailflow.reconciliation import reconcile
from parsers.documents import Document, Kind, Line, LineType, Payment, Trust
from tests.reconciliation.accounts import adds_up, item, kinds, pairs

OPEN = [
    item("L1", "INV-1001", "1000.00", "09-01", side=Side.RECEIVABLE, party_id="C001", open_amount=Decimal("1000.00")),
    item("L2", "INV-1002", "2000.00", "09-10", side=Side.RECEIVABLE, party_id="C001", open_amount=Decimal("1500.00")),
    item("L3", "INV-1003", "300.00", "09-20", side=Side.RECEIVABLE, party_id="C001", open_amount=Decimal("300.00")),
    item("L4", "CN-77001", "-50.00", "09-21", "credit_note", side=Side.RECEIVABLE, party_id="C001",
         open_amount=Decimal("-50.00")),
    item("L5", "INV-0900", "80.00", "07-20", side=Side.RECEIVABLE, party_id="C001", open_amount=Decimal("0.00")),
]  # fmt: skip


def advice(lines: list[tuple[str, str]], paid: str | None = None, **more) -> Document:
    made = [
        Line(no=n, reference=ref, amount=Decimal(a), type=LineType.INVOICE, date=dt.date(2026, 9, 1))
        for n, (ref, a) in enumerate(lines, 1)
    ]
    return Document(
        file="advice.pdf",
        format="pdf",
        kind=Kind.REMITTANCE_ADVICE,
        currency="CNY",
        date=dt.date(2026, 10, 15),
        payment=Payment(amount=None if paid is None else Decimal(paid)),
        lines=made,
        trust=Trust.PROVEN,
        **more,
    )


def test_a_payment_is_allocated_to_what_is_open_of_each_item() -> None:
    answer = reconcile(
        OPEN, advice([("INV-1001", "1000.00"), ("INV-1002", "1500.00"), ("CN-77001", "-50.00")], "2450.00")
    )
    assert pairs(answer) == {(("L1",), (1,)), (("L2",), (2,)), (("L4",), (3,))}
    assert all(match.automatic for match in answer.matches)
    assert (answer.items, answer.balanced, answer.unapplied_units) == ([], True, 0)


def test_deductions_are_named_and_what_is_not_named_stays_open() -> None:
    answer = reconcile(OPEN, advice([("INV-1001", "980.00"), ("INV-1002", "700.00"), ("INV-1003", "255.00")]))
    assert kinds(answer) == [
        ("discount_taken", "-20.00"),
        ("partial_payment", "-800.00"),
        ("short_payment", "-45.00"),
    ]
    assert adds_up(answer)


def test_a_document_that_we_do_not_have_and_money_that_no_line_names_stand_out() -> None:
    answer = reconcile(OPEN, advice([("INV-1001", "1000.00"), ("INV-7777", "440.00")], "1500.00"))
    assert kinds(answer) == [("missing_in_ours", "440.00")]
    told = answer.to_json()
    assert (told["unapplied"], told["proof"]["unexplained"], told["mode"]) == ("60.00", "60.00", "remittance_advice")


def test_an_item_that_is_paid_already_takes_no_second_payment() -> None:
    answer = reconcile(OPEN, advice([("INV-0900", "80.00")]))
    assert answer.matches == []
    assert kinds(answer) == [("missing_in_ours", "80.00")]
