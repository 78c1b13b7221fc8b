"""Dates: five languages, orders decided together, years that are not printed."""

from __future__ import annotations

import datetime as dt

import pytest

from parsers import dates

DAY = dt.date(2026, 10, 3)


@pytest.mark.parametrize(
    "text",
    ["2026-10-03", "2026年10月3日", "3.10.2026", "3 Oct 2026", "Oct 3, 2026", "3. Oktober 2026", "3 octobre 2026",
     "3 de octubre de 2026", "20261003", "115/10/03", "民國115年10月3日", "2026-10-03 00:00:00", "03-Oct-26",
     "Sat 3 Oct 2026"],
)  # fmt: skip
def test_a_date_is_read_in_the_languages_of_the_trade(text: str) -> None:
    found = dates.whole(text)
    assert found is not None and found.on("DMY") == DAY


@pytest.mark.parametrize("text", ["INV-1001", "1,234.56", "12.50", "SI001465", "2026/7930-1", "32/10/2026"])
def test_numbers_that_are_no_dates_stay_numbers(text: str) -> None:
    assert dates.whole(text) is None


def test_the_order_is_the_one_in_which_every_date_is_valid() -> None:
    printed = [p for t in ("03/04/2026", "17/04/2026") if (p := dates.whole(t))]
    assert dates.decide_order(printed) == dates.Order("DMY", True)
    printed = [p for t in ("03/04/2026", "04/17/2026") if (p := dates.whole(t))]
    assert dates.decide_order(printed) == dates.Order("MDY", True)


def test_an_order_that_stays_open_is_said_to_be_open() -> None:
    printed = [p for t in ("03/04/2026", "05/06/2026") if (p := dates.whole(t))]
    assert not dates.decide_order(printed).sure


def test_the_documents_own_date_decides_where_one_order_would_lie_after_it() -> None:
    printed = [p for t in ("01/09/2026", "02/09/2026") if (p := dates.whole(t))]
    order = dates.decide_order(printed, before=dt.date(2026, 2, 28), sequence=printed)
    assert order == dates.Order("MDY", True)


def test_a_day_without_year_is_the_last_one_before_the_documents_date() -> None:
    printed = dates.whole("28/12")
    assert printed is not None
    assert dates.near_year(printed, "DMY", dt.date(2026, 1, 31)) == dt.date(2025, 12, 28)


def test_a_date_glued_to_what_follows_is_cut_off() -> None:
    found = dates.prefix("03/10/2026发票")
    assert found is not None and found[1] == "发票"
