"""Schedules: the runs of 2026, both clock changes, and exactly one run a period over ten years in six time zones."""

from __future__ import annotations

import datetime as dt
import random
from zoneinfo import ZoneInfo

import pytest

from mailflow.receivables.schedule import BadSchedule, instant, parse, periods
from mailflow.receivables.working_days import UnknownCountry, working_days

CN = working_days("CN")
SHANGHAI = ZoneInfo("Asia/Shanghai")
ZONES = [
    "Asia/Shanghai",
    "America/New_York",
    "Europe/London",
    "Australia/Lord_Howe",
    "America/St_Johns",
    "Pacific/Apia",
]


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def due(text: str, first: str, last: str, zone: str = "Asia/Shanghai", country: str | None = None) -> list[str]:
    """Local date and time of each run."""
    where = ZoneInfo(zone)
    found = periods(parse(text), utc(first), utc(last), where, working_days(country) if country else None)
    return [f"{one.due_at.astimezone(where):%Y-%m-%dT%H:%M}" for one in found]


def test_the_first_of_the_month_in_china_in_2026_waits_for_a_working_day() -> None:
    runs = due("0 9 1 * *", "2025-12-31", "2026-12-31", country="CN")
    assert [run[5:10] for run in runs] == [
        "01-04", "02-02", "03-02", "04-01", "05-06", "06-01", "07-01", "08-03", "09-01", "10-08", "11-02", "12-01",
    ]  # fmt: skip


def test_the_period_keeps_its_name_and_its_date_when_the_run_is_put_off() -> None:
    (run,) = periods(parse("0 9 1 * *"), utc("2026-10-30"), utc("2026-11-05"), SHANGHAI, CN)
    assert (run.key, run.as_of, run.due_at) == (
        "2026-11-01T09:00", dt.date(2026, 10, 31), utc("2026-11-02T01:00"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "runs", "as_of"),
    [
        ("working_day 4 10:30", ["2026-10-12T10:30"], "2026-09-30"),  # after 8, 9 and 10 (a working Saturday)
        ("2nd working day", ["2026-10-09T09:00"], "2026-09-30"),
        ("第3个工作日 10:30", ["2026-10-10T10:30"], "2026-09-30"),
        ("last working day 17:00", ["2026-10-30T17:00"], "2026-10-30"),
        ("eom 18:00", ["2026-10-31T18:00"], "2026-10-31"),
        ("月末", ["2026-10-31T09:00"], "2026-10-31"),
        ("0 9 15 * *", ["2026-10-15T09:00"], "2026-10-14"),
        ("0 9 5 * *", ["2026-10-05T09:00"], "2026-09-30"),
        ("0 9 1 jan,apr,jul,oct *", ["2026-10-01T09:00"], "2026-09-30"),
    ],
)
def test_every_kind_of_schedule(text: str, runs: list[str], as_of: str) -> None:
    working = CN if "working" in text or "工作日" in text else None
    found = periods(parse(text), utc("2026-09-30T16:00"), utc("2026-10-31T16:00"), SHANGHAI, working)
    assert [f"{one.due_at.astimezone(SHANGHAI):%Y-%m-%dT%H:%M}" for one in found] == runs
    assert [one.as_of.isoformat() for one in found] == [as_of]


def test_cron_fields_lists_ranges_steps_names_and_either_day() -> None:
    assert due("30 8,17 * * mon-fri", "2026-11-01", "2026-11-03") == [
        "2026-11-02T08:30", "2026-11-02T17:30",
    ]  # fmt: skip
    assert [run[8:10] for run in due("0 9 */10 * *", "2026-10-31", "2026-11-30")] == ["31", "01", "11", "21"]
    assert due("0 9 13 * 5", "2026-11-08", "2026-11-21") == ["2026-11-13T09:00", "2026-11-20T09:00"]
    assert due("0 9 * * 7", "2026-11-01T02:00", "2026-11-08T02:00") == ["2026-11-08T09:00"]
    assert due("0 9 29 2 *", "2026-01-01", "2030-01-01") == ["2028-02-29T09:00"]


@pytest.mark.parametrize(
    "text",
    ["", "often", "0 9 1 *", "60 9 1 * *", "0 24 1 * *", "0 9 0 * *", "0 9 30 2 *", "* * * * *", "0 9 1 13 *",
     "working_day 0", "working_day 30", "eom 25:00", "a b c d e", "0 9 5-1 * *", "0 9 1 * */0"],
)  # fmt: skip
def test_words_that_are_no_schedule_are_refused(text: str) -> None:
    with pytest.raises(BadSchedule):
        parse(text)


def test_a_time_that_does_not_exist_is_due_at_the_next_valid_minute() -> None:
    new_york = ZoneInfo("America/New_York")
    assert instant(dt.datetime(2026, 3, 8, 2, 30), new_york) == utc("2026-03-08T07:00")  # the clock shows 03:00
    assert due("30 2 * * *", "2026-03-07T12:00", "2026-03-09T12:00", "America/New_York") == [
        "2026-03-08T03:00", "2026-03-09T02:30",
    ]  # fmt: skip
    lord_howe = ZoneInfo("Australia/Lord_Howe")  # half an hour
    assert f"{instant(dt.datetime(2026, 10, 4, 2, 15), lord_howe).astimezone(lord_howe):%H:%M}" == "02:30"
    apia = ZoneInfo("Pacific/Apia")  # 2011-12-30 did not happen at all
    assert f"{instant(dt.datetime(2011, 12, 30, 9), apia).astimezone(apia):%Y-%m-%d %H:%M}" == "2011-12-31 00:00"


def test_a_time_that_comes_twice_is_due_once_and_the_first_time() -> None:
    (run,) = periods(parse("30 1 1 11 *"), utc("2026-10-31"), utc("2026-11-02"), ZoneInfo("America/New_York"), None)
    assert run.due_at == utc("2026-11-01T05:30")


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("text", ["0 9 1 * *", "30 2 * * 0", "eom 00:00"])
def test_ten_years_of_looking_at_random_moments_give_each_period_exactly_once(zone: str, text: str) -> None:
    """The looks jump: seconds, weeks, 40 days of downtime; what was done before is known by its key alone."""
    chance = random.Random(f"{zone}{text}")
    schedule, where = parse(text), ZoneInfo(zone)
    begin, end = utc("2020-01-01"), utc("2030-01-01")
    whole = [one.key for one in periods(schedule, begin, end, where)]
    done: list[str] = []
    now, known = begin, begin
    while now < end:
        now = min(now + dt.timedelta(seconds=chance.choice([1, 30, 3600, 86400, 86400 * 9, 86400 * 40])), end)
        looked = periods(schedule, known, now, where)
        done += [one.key for one in looked]
        known = now
    assert done == whole and len(set(whole)) == len(whole)
    days = {"0 9 1 * *": 120, "30 2 * * 0": 522, "eom 00:00": 120}[text]
    assert abs(len(whole) - days) <= 1


@pytest.mark.parametrize("zone", ZONES)
def test_a_clock_that_is_set_back_finds_only_keys_that_are_known(zone: str) -> None:
    schedule, where = parse("0 * * * *"), ZoneInfo(zone)
    first = {one.key for one in periods(schedule, utc("2026-10-20"), utc("2026-11-10"), where)}
    again = {one.key for one in periods(schedule, utc("2026-10-25"), utc("2026-11-05"), where)}
    assert again < first


def test_working_days_with_ordered_weekends() -> None:
    days = [dt.date(2026, 9, 30), dt.date(2026, 10, 10), dt.date(2026, 10, 11), dt.date(2026, 2, 14)]
    assert [CN.is_working(day) for day in days] == [True, True, False, True]
    start = dt.date(2026, 10, 31)  # W7: sent Monday 11-02
    sent = CN.on_or_after(start + dt.timedelta(1))
    assert [CN.after(sent, count).isoformat()[5:] for count in (3, 7, 14, 10)] == ["11-05", "11-11", "11-20", "11-16"]
    september = dt.date(2026, 9, 30)
    assert [CN.after(september, count).isoformat()[5:] for count in (3, 7, 14)] == ["10-10", "10-15", "10-26"]
    assert CN.after(dt.date(2026, 11, 2), -1) == dt.date(2026, 10, 30) and CN.after(start, 0) == start
    assert CN.between(september, dt.date(2026, 10, 10)) == 3 and CN.between(start, september) == 0
    assert working_days("GB-SCT").is_working(dt.date(2026, 8, 31)) and not working_days("GB-ENG").is_working(
        dt.date(2026, 8, 31)
    )
    with pytest.raises(UnknownCountry, match="XX"):
        working_days("XX")
