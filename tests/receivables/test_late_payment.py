"""Interest on late payment: the worked example W6 of the field guide ("statements"), and what splits the run."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

from mailflow.correspondence.letter_samples import STATEMENT
from mailflow.receivables.late_payment import charges, days_late, interest
from mailflow.receivables.party import Side
from mailflow.receivables.statement import Statement
from mailflow.receivables.terms import parse

D = dt.date.fromisoformat


def test_it_runs_from_the_day_after_the_due_date_and_is_rounded_once() -> None:
    due, charged = D("2026-09-30"), D("2026-10-31")
    assert days_late(due, charged) == 31
    assert interest(Decimal("10000.00"), Decimal(10), due, charged, "EUR") == Decimal("84.93")
    fifty_days = dt.date(2026, 9, 30) + dt.timedelta(50)
    assert interest(Decimal("1000.00"), Decimal("8.5"), due, fifty_days, "GBP") == Decimal("11.64")
    a_day = parse("net30 late 0.05%/day").late
    assert a_day is not None
    twenty_days = due + dt.timedelta(20)
    assert interest(Decimal("100000.00"), a_day.annual_percent, due, twenty_days, "CNY") == Decimal(1000)


def test_nothing_runs_on_the_due_date_or_before() -> None:
    for day in ("2026-09-29", "2026-09-30"):
        assert interest(Decimal(100), Decimal(10), D("2026-09-30"), D(day), "EUR") == 0


def test_a_part_payment_splits_the_run_and_one_before_the_due_date_lowers_it_from_the_start() -> None:
    due, charged = D("2026-09-30"), D("2026-10-30")

    def with_paid(*payments: tuple[str, str]) -> Decimal:
        paid = [(D(day), Decimal(amount)) for day, amount in payments]
        return interest(Decimal(36500), Decimal(10), due, charged, "EUR", payments=paid)

    assert with_paid() == Decimal("300.00")
    assert with_paid(("2026-10-10", "18250")) == Decimal("200.00")  # 10 days whole, 20 days half
    assert with_paid(("2026-09-01", "18250")) == Decimal("150.00")
    assert with_paid(("2026-11-01", "36500")) == Decimal("300.00")
    assert with_paid(("2026-10-10", "99999")) == Decimal("100.00")


def under(terms: str, statement: Statement = STATEMENT) -> Statement:
    return replace(statement, party=replace(statement.party, payment_terms=terms))


def test_charges_are_shown_only_where_the_terms_say_so() -> None:
    assert charges(under("net30")) is None
    assert charges(under("net30 late 12%", replace(STATEMENT, side=Side.PAYABLE))) is None
    before = replace(STATEMENT, as_of=D("2026-07-15"))
    assert charges(under("net30 late 12%", before)) is None


def test_each_late_invoice_that_nobody_disputes_bears_its_own() -> None:
    found = charges(under("net30 late 12% + 40"))
    assert found is not None
    assert [(one.line.reference, one.days, one.interest, one.fixed) for one in found[1]] == [
        ("INV-0901", 108, Decimal("106.52"), Decimal(40)),  # of 8,000.00 the 3,000.00 that are open
        ("INV-0958", 30, Decimal("59.18"), Decimal(40)),  # promised, but late all the same; INV-0960 is disputed
    ]
