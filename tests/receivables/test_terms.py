"""Payment terms: the table of the field guide ("statements", 7), and what may not be guessed."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from mailflow.receivables.terms import (
    Anchor,
    UnknownTerms,
    best_offer,
    due,
    offers,
    parse,
    parsed,
    unearned_discount,
)

D = dt.date.fromisoformat


@pytest.mark.parametrize(
    ("text", "dated", "falls_due"),
    [
        ("net30", "2026-09-01", "2026-10-01"),
        ("eom+15", "2026-10-05", "2026-11-15"),
        ("2/10 net30", "2026-10-05", "2026-11-04"),
        ("on_receipt+45", "2026-10-08", "2026-11-22"),
        ("eom+30", "2026-01-10", "2026-03-02"),  # month end first, then + 30
        ("eom", "2028-02-01", "2028-02-29"),
        ("3/10 1/20 net60", "2026-10-01", "2026-11-30"),
        ("Net 30 days", "2026-09-01", "2026-10-01"),
        ("30 days net", "2026-09-01", "2026-10-01"),
        ("n/45", "2026-09-01", "2026-10-16"),
        ("2% / 10, net 30", "2026-10-05", "2026-11-04"),
        ("月结30天", "2026-09-15", "2026-10-30"),
        ("月结60", "2026-09-15", "2026-11-29"),
        ("次月15日", "2026-10-05", "2026-11-15"),
        ("票到30天", "2026-10-01", "2026-10-31"),
        ("货到45天", "2026-10-08", "2026-11-22"),
        ("账期60天", "2026-10-01", "2026-11-30"),
        ("30天", "2026-10-01", "2026-10-31"),
        ("due on receipt", "2026-10-01", "2026-10-01"),
        ("COD", "2026-10-01", "2026-10-01"),
        ("现结", "2026-10-01", "2026-10-01"),
    ],
)
def test_due_dates_follow_the_terms(text: str, dated: str, falls_due: str) -> None:
    assert due(parse(text), D(dated)).date == D(falls_due)


def test_without_a_receipt_date_the_due_date_is_marked_as_estimated() -> None:
    terms = parse("on_receipt+45")
    assert due(terms, D("2026-10-05")).estimated
    known = due(terms, D("2026-10-05"), received=D("2026-10-08"))
    assert known.date == D("2026-11-22") and not known.estimated
    assert not due(parse("net30"), D("2026-10-05")).estimated and terms.anchor is Anchor.RECEIPT


@pytest.mark.parametrize("text", ["", "whenever", "net", "net30 eom", "Z030", "2/40 net30", "0/10 net30", "net999"])
def test_words_that_give_no_due_date_are_refused(text: str) -> None:
    with pytest.raises(UnknownTerms, match="net30"):
        parse(text)
    assert parsed(text) is None


def test_the_discount_ends_on_its_last_day_and_is_rounded_once_per_item() -> None:
    (offer,) = offers(parse("2/10 net30"), D("2026-10-05"), Decimal("10000.00"), "CNY")
    assert (offer.until, offer.amount, offer.discount) == (D("2026-10-15"), Decimal("9800.00"), Decimal("200.00"))
    rows = [offers(parse("2/10 net30"), D("2026-10-05"), Decimal("33.35"), "CNY")[0].discount] * 3
    assert sum(rows) == Decimal("2.01")
    assert offers(parse("2/10 net30"), D("2026-10-05"), Decimal(12345), "JPY")[0].discount == Decimal(247)
    assert offers(parse("2/10 net30"), D("2026-10-05"), Decimal("1234.567"), "KWD")[0].discount == Decimal("24.691")


def test_of_several_steps_the_one_that_still_stands_and_saves_most_is_offered() -> None:
    terms, base = parse("3/10 1/20 net60"), Decimal(100)

    def offered(day: str) -> Decimal | None:
        found = best_offer(terms, D("2026-10-01"), base, "CNY", D(day))
        return None if found is None else found.amount

    assert [offered(day) for day in ("2026-10-11", "2026-10-12", "2026-10-21", "2026-10-22")] == [
        Decimal("97.00"), Decimal("99.00"), Decimal("99.00"), None,
    ]  # fmt: skip
    assert best_offer(terms, None, base, "CNY", D("2026-10-01")) is None


@pytest.mark.parametrize(
    ("paid", "paid_on", "grace", "short"),
    [
        ("9800.00", "2026-10-15", 0, "0"),
        ("9800.00", "2026-10-16", 0, "200.00"),
        ("9800.00", "2026-10-16", 3, "0"),
        ("9800.00", "2026-10-20", 0, "200.00"),
        ("9700.00", "2026-10-10", 0, "100.00"),
        ("10000.00", "2026-12-01", 0, "0"),
    ],
)
def test_a_discount_taken_late_is_a_short_payment(paid: str, paid_on: str, grace: int, short: str) -> None:
    found = unearned_discount(
        parse("2/10 net30"), D("2026-10-05"), Decimal("10000.00"), Decimal(paid), D(paid_on), "CNY", grace
    )
    assert found == Decimal(short)


@pytest.mark.parametrize(
    ("words", "percent", "per", "fixed", "a_year"),
    [
        ("net30 late 12%", "12", "year", "0", "12"),
        ("net30 late 12% p.a.", "12", "year", "0", "12"),
        ("net30, late interest 1.5% per month", "1.5", "month", "0", "18"),
        ("2/10 net30 late 8% + 40", "8", "year", "40", "8"),
        ("eom+15 late 0.05%/day", "0.05", "day", "0", "18.25"),
        ("月结30天 逾期每日万分之五", "0.05", "day", "0", "18.25"),
        ("月结30天，滞纳金每日0.05%", "0.05", "day", "0", "18.25"),
        ("票到30天 逾期年息12%", "12", "year", "0", "12"),
    ],
)
def test_terms_may_say_what_late_payment_costs(words: str, percent: str, per: str, fixed: str, a_year: str) -> None:
    late = parse(words).late
    assert late is not None
    assert (late.percent, late.per, late.fixed) == (Decimal(percent), per, Decimal(fixed))
    assert late.annual_percent == Decimal(a_year)
    assert parse(words).days in (15, 30)
