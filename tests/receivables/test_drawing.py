"""The worked examples of the field guide ("statements", 15), and the equations for random ledgers."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailflow.receivables import open_items
from mailflow.receivables.drawing import UNDATED, check, draw, period_start, statement_number
from mailflow.receivables.ledger import Item
from mailflow.receivables.party import Party, Side
from mailflow.receivables.statement import Statement

D = dt.date.fromisoformat
AS_OF, OCTOBER = D("2026-10-31"), D("2026-10-01")
C001 = Party("C001", "苏州明达电子有限公司", Side.RECEIVABLE, currency="CNY", payment_terms="net30")


def item(
    no: str, dated: str, amount: str, opened: str | None, due: str | None = None, kind: str = "invoice", **more: str
) -> Item:
    return Item(
        id=no, party_id="C001", side=Side.RECEIVABLE, reference=no, date=D(dated), currency="CNY",
        amount=Decimal(amount), type=kind, due_date=None if due is None else D(due),
        open_amount=None if opened is None else Decimal(opened), **more,
    )  # fmt: skip


LEDGER = [  # as of 2026-10-31
    item("INV-0901", "2026-06-15", "8000.00", "3000.00", "2026-07-15"),
    item("RC-300", "2026-08-20", "-5000.00", "0.00", kind="payment"),
    item("INV-0958", "2026-09-01", "6000.00", "6000.00", "2026-10-01"),
    item("INV-0960", "2026-08-31", "4500.00", "4500.00", "2026-09-30"),
    item("INV-0940", "2026-08-20", "2300.00", "0.00", "2026-09-19"),
    item("RC-305", "2026-10-15", "-2300.00", "0.00", kind="payment"),
    item("INV-1001", "2026-10-01", "5000.00", "5000.00", "2026-10-31"),
    item("INV-1014", "2026-10-20", "7250.00", "7250.00", "2026-11-19"),
    item("CN-0077", "2026-10-12", "-1250.00", "-1250.00", kind="credit_note"),
    item("RC-310", "2026-10-25", "-2000.00", "-2000.00", kind="payment"),
]
KNOWN = {one.id: one.open_amount for one in LEDGER if one.open_amount is not None}
LATER = [  # W3: INV-0901 paid on 11-02; on 11-03 RC-310 was applied to INV-0960
    *(
        replace(one, open_amount=Decimal({"INV-0901": "0", "INV-0960": "2500", "RC-310": "0"}[one.id]))
        if one.id in ("INV-0901", "INV-0960", "RC-310")
        else one
        for one in LEDGER
    ),
    item("RC-315", "2026-11-02", "-3000.00", "0.00", kind="payment"),
]


def drawn(items: list[Item], as_of: dt.date = AS_OF, **how: object) -> Statement:
    start = how.pop("start", as_of.replace(day=1))
    return draw(items, C001, Side.RECEIVABLE, "CNY", as_of, start, **how)  # type: ignore[arg-type]


def figures(statement: Statement) -> dict[str, Decimal]:
    return {bucket.label: bucket.amount for bucket in statement.ageing} | {
        "unapplied": statement.unapplied, "closing": statement.closing, "overdue": statement.overdue,
    }  # fmt: skip


W1 = {
    "not_due": Decimal("12250.00"), "1-30": Decimal("6000.00"), "31-60": Decimal("4500.00"), "61-90": Decimal(0),
    "91-120": Decimal("3000.00"), "over_120": Decimal(0), "unapplied": Decimal("-3250.00"),
    "closing": Decimal("22500.00"), "overdue": Decimal("13500.00"),
}  # fmt: skip


def test_w1_open_items_with_their_ageing() -> None:
    statement = drawn(LEDGER, disputed=["INV-0960"], promised={"inv 0958": D("2026-11-10")})
    assert figures(statement) == W1
    rows = {line.reference: line for line in statement.open_lines}
    assert {name: line.days_overdue for name, line in rows.items()} == {
        "INV-0901": 108, "INV-0960": 31, "INV-0958": 30, "INV-1001": 0, "INV-1014": -19, "CN-0077": None,
        "RC-310": None,
    }  # fmt: skip
    assert rows["INV-0960"].disputed and rows["INV-0958"].promised_on == D("2026-11-10")
    assert (rows["INV-0901"].amount, rows["INV-0901"].open_amount) == (Decimal("8000.00"), Decimal("3000.00"))
    assert statement.number == "SOA-202610-C001-CNY" and statement.doubts == ()


def test_w2_balance_forward_meets_the_open_items() -> None:
    statement = drawn(LEDGER)
    assert (statement.opening, statement.closing) == (Decimal("15800.00"), Decimal("22500.00"))
    assert [line.reference for line in statement.movements] == ["INV-1001", "CN-0077", "RC-305", "INV-1014", "RC-310"]
    assert statement.movements[-1].balance == statement.closing


def test_w3_what_was_paid_and_applied_later_changes_nothing_with_the_ledger_of_that_day_on_record() -> None:
    statement = drawn(LATER, known_open=KNOWN)
    assert figures(statement) == W1 and statement.doubts == ()
    assert replace(statement, ledger_hash="") == replace(drawn(LEDGER), ledger_hash="")
    assert drawn(LATER, D("2026-11-05")).closing == Decimal("19500.00")


def test_w3_without_that_ledger_the_payment_is_wound_back_to_the_only_item_that_it_can_have_settled() -> None:
    statement = drawn(LATER)
    rows = {line.reference: line.open_amount for line in statement.open_lines}
    assert statement.closing == Decimal("22500.00") and statement.doubts == ()
    assert rows["INV-0901"] == Decimal("3000.00")


def test_a_later_payment_that_names_its_invoice_is_wound_back_to_it() -> None:
    items = [
        item("INV-1", "2026-09-01", "100.00", "0.00", "2026-10-01"),
        item("INV-2", "2026-09-02", "100.00", "0.00", "2026-10-02"),
        item("RC-1", "2026-11-02", "-100.00", "0.00", kind="payment", description="货款 INV-2,谢谢"),
        item("RC-0", "2026-10-05", "-100.00", "0.00", kind="payment"),
    ]
    statement = drawn(items)
    assert [(line.reference, line.open_amount) for line in statement.open_lines] == [("INV-2", Decimal("100.00"))]
    assert statement.doubts == ()


def test_a_later_payment_that_could_be_for_several_items_keeps_the_balance_and_says_so() -> None:
    items = [
        item("INV-1", "2026-09-01", "100.00", "0.00", "2026-10-01"),
        item("INV-2", "2026-09-02", "90.00", "0.00", "2026-10-02"),
        item("RC-0", "2026-10-05", "-110.00", "0.00", kind="payment"),
        item("RC-1", "2026-11-02", "-80.00", "0.00", kind="payment"),
    ]
    statement = drawn(items)
    assert statement.closing == Decimal("80.00")
    assert statement.doubts == (open_items.UNCLEAR,)


def test_a_list_of_open_items_only_cannot_be_wound_back_without_doubt() -> None:
    items = [item("INV-1", "2026-09-01", "100.00", "40.00"), item("INV-2", "2026-11-02", "50.00", "50.00")]
    assert drawn(items).closing == Decimal("40.00")
    assert drawn(items).doubts == (open_items.INCOMPLETE,)
    assert drawn(items[:1]).doubts == ()


def test_without_open_amounts_credits_settle_what_they_name_and_then_the_oldest() -> None:
    items = [
        item("INV-1", "2026-08-01", "100.00", None),
        item("INV-2", "2026-09-01", "100.00", None),
        item("INV-3", "2026-10-01", "100.00", None),
        item("RC-1", "2026-10-05", "-100.00", None, kind="payment", their_reference="INV-3"),
        item("RC-2", "2026-10-06", "-130.00", None, kind="payment"),
        item("RC-3", "2026-11-01", "-70.00", None, kind="payment"),
    ]
    statement = drawn(items)
    assert [(line.reference, line.open_amount) for line in statement.open_lines] == [("INV-2", Decimal("70.00"))]
    assert statement.doubts == (open_items.DERIVED,)
    assert drawn([*items, item("RC-4", "2026-10-07", "-90.00", None)]).unapplied == Decimal("-20.00")


def test_a_return_booked_late_gives_a_new_version_with_the_difference() -> None:
    back_dated = item("RT-1", "2026-10-28", "-500.00", "-500.00", kind="credit_note")
    first = drawn(LEDGER, known_open=KNOWN)
    second = drawn([*LEDGER, back_dated], known_open=KNOWN, version=2)
    assert (first.closing, second.closing) == (Decimal("22500.00"), Decimal("22000.00"))
    assert first.ledger_hash != second.ledger_hash


def test_rows_of_other_parties_sides_and_currencies_never_show() -> None:
    others = [
        replace(LEDGER[0], id="X1", party_id="C0011"),
        replace(LEDGER[0], id="X2", side=Side.PAYABLE),
        replace(LEDGER[0], id="X3", currency="USD"),
    ]
    assert drawn([*LEDGER, *others]) == drawn(LEDGER)


def test_an_item_without_a_date_is_in_the_balance_and_named_as_a_doubt() -> None:
    statement = drawn([*LEDGER, replace(item("INV-9", "2026-10-01", "10.00", "10.00"), date=None)])
    assert statement.closing == Decimal("22510.00") and UNDATED in statement.doubts


def test_due_dates_come_from_the_ledger_then_from_the_terms_and_are_marked_when_estimated() -> None:
    def due(terms: str | None, given: str | None = None) -> tuple[dt.date | None, bool]:
        party = replace(C001, payment_terms=terms)
        (line,) = draw([item("I", "2026-10-05", "1.00", "1.00", given)], party, Side.RECEIVABLE, "CNY", AS_OF, OCTOBER
        ).open_lines  # fmt: skip
        return line.due_date, line.due_estimated

    assert due("net30", "2026-10-06") == (D("2026-10-06"), False)
    assert due("net30") == (D("2026-11-04"), False)
    assert due("on_receipt+45") == (D("2026-11-19"), True)
    assert due(None) == (D("2026-10-05"), True) == due("as agreed")


def test_a_discount_is_offered_only_while_it_stands() -> None:
    party = replace(C001, payment_terms="2/10 net30")
    rows = [item("I1", "2026-10-21", "10000.00", "10000.00"), item("I2", "2026-10-20", "10.00", "10.00")]
    two, one = draw(rows, party, Side.RECEIVABLE, "CNY", AS_OF, OCTOBER).open_lines
    assert (one.discount_until, one.discount_amount) == (AS_OF, Decimal("9800.00"))
    assert two.discount_until is None


def test_the_payable_side_counts_what_we_owe() -> None:
    supplier = Party("C001", "恒泰", Side.PAYABLE)
    items = [replace(one, side=Side.PAYABLE) for one in LEDGER]
    statement = draw(items, supplier, Side.PAYABLE, "CNY", AS_OF, OCTOBER)
    assert statement.closing == Decimal("22500.00") and statement.number == "SOA-202610-C001-CNY-P"


@pytest.mark.parametrize(
    ("party", "day", "number"),
    [
        ("C001", "2026-10-31", "SOA-202610-C001-CNY"),
        ("C001", "2026-10-30", "SOA-20261030-C001-CNY"),
        ("C001", "2028-02-29", "SOA-202802-C001-CNY"),
        ("C-0.1_x", "2026-10-31", "SOA-202610-C-0.1_x-CNY"),
    ],
)
def test_the_number_names_party_period_and_currency(party: str, day: str, number: str) -> None:
    assert statement_number(party, Side.RECEIVABLE, "CNY", D(day)) == number


def test_party_ids_that_look_alike_when_made_plain_never_share_a_number() -> None:
    ids = ["恒泰", "恒 泰", "A/B", "A-B", "A B", "A\r\nB", "x" * 41, "x" * 42, ".A", "A."]
    numbers = {statement_number(one, Side.RECEIVABLE, "CNY", AS_OF) for one in ids}
    assert len(numbers) == len(ids) and all(number.isascii() and number.isprintable() for number in numbers)


def test_a_period_begins_where_the_last_statement_ended() -> None:
    assert period_start(AS_OF) == OCTOBER
    assert period_start(AS_OF, D("2026-09-15")) == D("2026-09-16")
    assert period_start(AS_OF, AS_OF) == OCTOBER


amounts = st.decimals("-5000", "5000", places=2).filter(bool)
days = st.dates(D("2026-01-01"), D("2026-12-31"))


@st.composite
def ledgers(draw_value: st.DrawFn) -> list[Item]:
    rows = draw_value(st.lists(st.tuples(days, amounts, st.one_of(st.none(), days)), max_size=14))
    with_open = draw_value(st.booleans())
    items = []
    for no, (dated, amount, due) in enumerate(rows):
        opened = amount * draw_value(st.sampled_from([0, 1])) if with_open else None
        items.append(
            replace(item(f"I{no}", "2026-01-01", str(amount), None), date=dated, due_date=due, open_amount=opened)
        )
    return items


@given(ledgers(), days, days)
def test_opening_and_movements_open_items_and_ageing_meet_for_every_ledger_and_day(
    items: list[Item], as_of: dt.date, start: dt.date
) -> None:
    statement = drawn(items, as_of, start=min(start, as_of))
    check(statement)
    known = {one.id for one in items if one.date is not None and one.date <= as_of}
    assert {line.item_id for line in (*statement.open_lines, *statement.movements)} <= known


@given(ledgers(), days)
def test_the_balance_of_a_whole_ledger_is_the_sum_of_its_postings_whatever_came_later(
    items: list[Item], as_of: dt.date
) -> None:
    whole = [replace(one, open_amount=None) for one in items]
    posted = sum((one.amount for one in whole if one.date is not None and one.date <= as_of), Decimal(0))
    assert drawn(whole, as_of).closing == posted
    then = [one for one in whole if one.date is not None and one.date <= as_of]
    assert replace(drawn(whole, as_of), ledger_hash="") == replace(drawn(then, as_of), ledger_hash="")


@given(ledgers(), days, days)
def test_the_opening_of_a_period_is_the_closing_of_the_one_before(
    items: list[Item], first: dt.date, second: dt.date
) -> None:
    first, second = sorted((first, second))
    whole = [replace(one, open_amount=None) for one in items]
    before, after = drawn(whole, first), drawn(whole, second, start=first + dt.timedelta(1))
    if second > first:
        assert after.opening == before.closing
