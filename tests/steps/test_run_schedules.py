"""A schedule runs exactly once a period, whatever the clock, the process or the outage."""

import datetime as dt
import random
from zoneinfo import ZoneInfo

import pytest

from mailflow.adapters.database.engine import open_engine
from mailflow.adapters.database.migrate import bring_up_to_date
from mailflow.adapters.database.unit_of_work import SqlDatabase
from mailflow.receivables.party import Party, Side
from mailflow.receivables.schedule import BadSchedule, parse, periods
from mailflow.receivables.working_days import working_days
from mailflow.steps.run_schedules import run_schedules, upcoming

START = dt.datetime(2026, 1, 10, tzinfo=dt.UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def database(database_url):
    engine = open_engine(database_url)
    bring_up_to_date(engine)
    yield SqlDatabase(engine)
    engine.dispose()


def tick(database, now, log, schedule="0 9 1 * *", zone=SHANGHAI, country="CN", fails=()):
    def state(run, party_ids):
        if run.period in fails:
            raise RuntimeError("the process dies here")
        log.append((run.schedule, run.period, run.as_of, party_ids))

    return run_schedules(
        database, company_schedule=schedule, zone=zone, working=working_days(country), now=now, state=state
    )


def test_what_fell_due_before_the_first_look_is_nobodys_debt(database):
    log = []
    tick(database, START, log)
    assert log == []


def test_a_period_runs_once_however_often_one_looks(database):
    log = []
    tick(database, START, log)
    for minute in range(5):
        tick(database, dt.datetime(2026, 2, 2, 1, minute, tzinfo=dt.UTC), log)
    assert [(period, as_of) for _, period, as_of, _ in log] == [("2026-02-01T09:00", dt.date(2026, 1, 31))]


def test_forty_days_of_downtime_are_caught_up_once_a_period(database):
    log = []
    tick(database, START, log)
    later = dt.datetime(2026, 3, 15, tzinfo=dt.UTC)
    for _ in range(3):
        tick(database, later, log)
    assert [period for _, period, _, _ in log] == ["2026-02-01T09:00", "2026-03-01T09:00"]


def test_a_clock_that_jumps_back_and_forth_runs_nothing_twice(database):
    log = []
    tick(database, START, log)
    for day in (20, 1, 25, 3, 28):
        tick(database, dt.datetime(2026, 2, day, 12, tzinfo=dt.UTC), log)
    assert [period for _, period, _, _ in log] == ["2026-02-01T09:00"]


def test_a_run_whose_process_died_is_gone_through_again(database):
    log = []
    tick(database, START, log)
    now = dt.datetime(2026, 2, 3, tzinfo=dt.UTC)
    with pytest.raises(RuntimeError):
        tick(database, now, log, fails={"2026-02-01T09:00"})
    assert log == []
    tick(database, now, log)
    tick(database, now, log)
    assert [period for _, period, _, _ in log] == ["2026-02-01T09:00"]


def test_a_partys_own_schedule_wins_and_broken_words_are_told(database):
    with database.writing() as work:
        work.ledger.put_parties(
            [
                Party("C1", "one", Side.RECEIVABLE),
                Party("C2", "two", Side.RECEIVABLE, statement_schedule="eom 18:00"),
                Party("C3", "three", Side.RECEIVABLE, statement_schedule="whenever"),
            ]
        )
    log = []
    tick(database, START, log)
    ran = tick(database, dt.datetime(2026, 2, 3, 2, tzinfo=dt.UTC), log)
    assert {(schedule, as_of, ids) for schedule, _, as_of, ids in log} == {
        ("company: 0 9 1 * *", dt.date(2026, 1, 31), ("C1",)),
        ("eom 18:00", dt.date(2026, 1, 31), ("C2",)),
    }
    assert list(ran.unusable) == ["C3"]


def test_a_company_schedule_that_is_none_is_an_error(database):
    with pytest.raises(BadSchedule):
        tick(database, START, [], schedule="sometimes")


def test_what_is_coming_is_listed_without_being_begun(database):
    parties = [Party("C1", "one", Side.RECEIVABLE)]
    found = upcoming(parties, "0 9 1 * *", SHANGHAI, working_days("CN"), START, 60)
    assert [period.key for period, _ in found] == ["2026-02-01T09:00", "2026-03-01T09:00"]


ZONES = [
    ("Asia/Shanghai", "CN"), ("Europe/Berlin", "DE"), ("America/New_York", "US"), ("Australia/Lord_Howe", "AU"),
    ("America/Sao_Paulo", "BR"), ("Pacific/Auckland", "NZ"),
]  # fmt: skip


@pytest.mark.parametrize(("zone", "country"), ZONES)
def test_ten_years_of_daylight_saving_outages_and_wild_clocks_give_one_run_a_period(tmp_path, zone, country):
    engine = open_engine(f"sqlite:///{tmp_path}/runs.db")
    bring_up_to_date(engine)
    database = SqlDatabase(engine)
    chance, log = random.Random(zone), []
    schedule, local = "30 1,2 1,15 * *", ZoneInfo(zone)  # in the hours that are skipped or doubled
    now, end = dt.datetime(2020, 1, 10, tzinfo=dt.UTC), dt.datetime(2030, 1, 10, tzinfo=dt.UTC)
    first = now
    tick(database, now, log, schedule, local, country)
    while now < end:
        now += dt.timedelta(days=chance.choice([1, 3, 9, 40]), minutes=chance.randint(0, 1439))
        tick(database, now, log, schedule, local, country)
        if chance.random() < 0.2:  # the clock is set back, or another machine's is slow
            tick(database, now - dt.timedelta(hours=chance.randint(1, 80)), log, schedule, local, country)
    names = [period for _, period, _, _ in log]
    expected = [period.key for period in periods(parse(schedule), first, now, local, working_days(country))]
    assert len(names) == len(set(names))
    assert set(names) == set(expected)
    engine.dispose()
