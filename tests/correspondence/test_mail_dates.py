"""Dates relative to the message, never to the clock. Monday, 2 November 2026 is the day of every message here."""

from __future__ import annotations

import datetime as dt

import pytest

from mailflow.correspondence.calendar_arithmetic import working_days_after
from mailflow.correspondence.folding import fold
from mailflow.correspondence.mail_dates import MailDates

MONDAY = dt.date(2026, 11, 2)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026年11月25日", "2026-11-25"),
        ("11月20日", "2026-11-20"),
        ("6月15号", "2027-06-15"),
        ("15号", "2026-11-15"),
        ("六月十五日", "2027-06-15"),
        ("二〇二七年六月十五日", "2027-06-15"),
        ("明天", "2026-11-03"),
        ("后天", "2026-11-04"),
        ("本周五", "2026-11-06"),
        ("周五", "2026-11-06"),
        ("下周一", "2026-11-09"),
        ("月底前", "2026-11-30"),
        ("下个月底", "2026-12-31"),
        ("下月10号", "2026-12-10"),
        ("两周内", "2026-11-16"),
        ("3天内", "2026-11-05"),
        ("3个工作日内", "2026-11-05"),
        ("年底前", "2026-12-31"),
        ("11.15前", "2026-11-15"),
        ("12月初", "2026-12-10"),
        ("15 June", "2027-06-15"),
        ("June 15", "2027-06-15"),
        ("15th of June", "2027-06-15"),
        ("on the 15th", "2026-11-15"),
        ("next Tuesday", "2026-11-10"),
        ("on Friday", "2026-11-06"),
        ("by the end of the month", "2026-11-30"),
        ("at EOM", "2026-11-30"),
        ("in two weeks", "2026-11-16"),
        ("within 5 business days", "2026-11-09"),
        ("tomorrow", "2026-11-03"),
        ("30/11/2026", "2026-11-30"),
        ("2026-11-16", "2026-11-16"),
        ("15.06.2027", "2027-06-15"),
        ("15. Juni", "2027-06-15"),
        ("15 juin", "2027-06-15"),
        ("15-Nov-26", "2026-11-15"),
        ("Nov 12, 2026", "2026-11-12"),
        ("end of next month", "2026-12-31"),
        ("mid November", "2026-11-15"),
        ("in a fortnight", "2026-11-16"),
    ],
)
def test_a_day_to_come_is_found(text: str, day: str) -> None:
    (found,) = MailDates(MONDAY).find(fold(text))
    assert str(found.coming) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("10月28日", "2026-10-28"),
        ("28 October", "2026-10-28"),
        ("last Friday", "2026-10-30"),
        ("yesterday", "2026-11-01"),
        ("上周五", "2026-10-30"),
        ("two weeks ago", "2026-10-19"),
        ("on Friday", "2026-10-30"),
    ],
)
def test_a_day_gone_is_found(text: str, day: str) -> None:
    (found,) = MailDates(MONDAY).find(fold(text))
    assert str(found.gone) == day


@pytest.mark.parametrize(
    "text",
    [
        "may be",
        "4500012345",
        "6222",
        "6,000.00",
        "within 30 days of receipt",
        "收到发票后7天内",
        "月结30天",
        "3月结",
        "the 5th line",
        "1/2 of it",
        "price was 10.50.",
    ],
)
def test_what_only_looks_like_a_date_is_none(text: str) -> None:
    assert MailDates(MONDAY).find(fold(text)) == []


def test_working_days_leave_weekends_out_and_say_that_holidays_are_not_known() -> None:
    assert working_days_after(dt.date(2026, 11, 6), 1) == dt.date(2026, 11, 9)
    (found,) = MailDates(MONDAY).find("within 10 working days")
    assert found.note is not None and "holidays" in found.note


def test_an_ambiguous_date_is_read_day_first_and_says_so() -> None:
    (found,) = MailDates(MONDAY).find("03/04/2027")
    assert found.coming == dt.date(2027, 4, 3)
    assert found.note is not None


def test_without_the_day_of_the_message_only_full_dates_have_a_value() -> None:
    assert [found.coming for found in MailDates(None).find("on 2026-11-16 or tomorrow")] == [
        dt.date(2026, 11, 16),
        None,
    ]
