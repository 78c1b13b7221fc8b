"""Schedules at work: once a period, caught up after an outage, whatever the clock and the process do."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from mailflow.adapters.database.engine import open_engine
from mailflow.adapters.database.migrate import bring_up_to_date
from mailflow.adapters.database.unit_of_work import SqlDatabase
from mailflow.receivables.company import Company
from mailflow.receivables.ledger import Item
from mailflow.receivables.party import Party, Side
from mailflow.receivables.review_policy import Rule
from mailflow.receivables.schedule import BadSchedule, parse, periods
from mailflow.receivables.working_days import working_days
from mailflow.steps.draw_statements import Change
from mailflow.steps.import_ledger import ReadFile, import_ledger
from mailflow.steps.ports.statements import Standing
from mailflow.steps.run_due_statements import DueReport, StatementSchedules

COMPANY = Company("华星", address="ar@huaxing.example")
C1 = Party("C1", "恒泰包装", Side.RECEIVABLE, emails=("a@hengtai.example",))
C2 = Party("C2", "Northgate", Side.RECEIVABLE, emails=("b@northgate.example",), statement_schedule="eom 18:00")
S1 = Party("S1", "Delta Freight", Side.PAYABLE, emails=("c@delta.example",))


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


@pytest.fixture
def database(database_url: str) -> SqlDatabase:
    engine = open_engine(database_url)
    bring_up_to_date(engine)
    return SqlDatabase(engine)


def item(no: str, party: Party, dated: str = "2026-09-05") -> Item:
    return Item(
        id=no, party_id=party.id, side=party.side, reference=f"INV-{no}", date=dt.date.fromisoformat(dated),
        currency="CNY", amount=Decimal(100), type="invoice", open_amount=Decimal(100),
    )  # fmt: skip


def take_in(database: SqlDatabase, at: str, as_of: str, items: list[Item] | None = None) -> None:
    import_ledger(
        database, items=items or [item("A", C1), item("B", C2), item("S", S1)], parties=[C1, C2, S1],
        files=[ReadFile("l", "0" * 64)], as_of=dt.date.fromisoformat(as_of), now=utc(at), allow_gone=True,
    )  # fmt: skip


def schedules(database: SqlDatabase, default: str = "0 9 1 * *") -> StatementSchedules:
    return StatementSchedules(database, COMPANY, default)


def numbers(report: DueReport) -> list[str]:
    return [one.statement.number for _, run in report.runs for one in run if one.change is not Change.SAME]


def test_each_party_gets_its_statement_once_when_its_schedule_says(database: SqlDatabase) -> None:
    take_in(database, "2026-10-30T00:00", "2026-10-31")
    mine = schedules(database)
    assert not mine.run_due(utc("2026-10-30T01:00")).any  # seen for the first time: nothing of the past is due
    assert not mine.run_due(utc("2026-10-31T09:59")).any
    # the last of October is a Saturday, the first of November a Sunday: both are due on Monday
    assert not mine.run_due(utc("2026-11-02T00:59")).any
    assert numbers(mine.run_due(utc("2026-11-02T01:00"))) == ["SOA-202610-C1-CNY"]
    assert numbers(mine.run_due(utc("2026-11-02T10:00"))) == ["SOA-202610-C2-CNY"]
    for moment in ("2026-11-02T10:00", "2026-11-02T10:01", "2026-10-30T00:00", "2026-11-20T00:00"):
        assert not mine.run_due(utc(moment)).any


def test_after_an_outage_the_last_period_goes_out_late_once_and_older_ones_are_superseded(
    database: SqlDatabase,
) -> None:
    take_in(database, "2026-10-30T00:00", "2026-10-31")
    mine = schedules(database)
    mine.run_due(utc("2026-10-30T01:00"))
    take_in(database, "2027-01-05T00:00", "2027-01-05")
    report = mine.run_due(utc("2027-01-05T02:00"))
    assert sorted(numbers(report)) == ["SOA-202612-C1-CNY", "SOA-202612-C2-CNY"]
    assert [run.period for run in report.superseded if run.schedule == "0 9 1 * *"] == [
        "2026-11-01T09:00", "2026-12-01T09:00",
    ]  # fmt: skip
    assert not mine.run_due(utc("2027-01-05T02:01")).any


def test_more_than_half_a_period_late_a_person_decides(database: SqlDatabase) -> None:
    take_in(database, "2026-10-30T00:00", "2026-10-31")
    mine = schedules(database)
    mine.run_due(utc("2026-10-30T01:00"))
    take_in(database, "2026-11-20T00:00", "2026-11-20")
    (run,) = [run for due, run in mine.run_due(utc("2026-11-20T01:00")).runs if due.schedule != "eom 18:00"]
    (drawn,) = run
    (late,) = [one for one in drawn.findings if one.rule is Rule.LATE]
    assert drawn.standing is Standing.HELD and "18" in late.text("en") and "2026-11-02" in late.text("zh")


def test_a_run_that_is_broken_off_goes_on_with_who_is_missing(database: SqlDatabase) -> None:
    parties = [replace(C1, id=f"P{no}", name=f"Customer {no}", emails=(f"a@p{no}.example",)) for no in range(4)]
    import_ledger(
        database, items=[item(f"I{no}", party) for no, party in enumerate(parties)], parties=parties,
        files=[ReadFile("l", "0" * 64)], as_of=dt.date(2026, 10, 31), now=utc("2026-10-30T00:00"),
    )  # fmt: skip
    mine = schedules(database)
    mine.run_due(utc("2026-10-30T01:00"))
    asked = 0

    def stop_after_two() -> bool:
        nonlocal asked
        asked += 1
        return asked > 3

    mine.run_due(utc("2026-11-02T01:00"), stop_after_two)
    with database.reading() as work:
        assert len(work.statements.drawn(as_of=dt.date(2026, 10, 31))) == 2
    assert numbers(mine.run_due(utc("2026-11-02T01:01"))) == ["SOA-202610-P2-CNY", "SOA-202610-P3-CNY"]


def test_an_empty_period_is_finished_too(database: SqlDatabase) -> None:
    take_in(database, "2026-10-30T00:00", "2026-10-31", [item("A", C1, "2026-12-05")])
    mine = schedules(database)
    mine.run_due(utc("2026-10-30T01:00"))
    ((due, run),) = mine.run_due(utc("2026-11-02T01:00")).runs
    assert (due.period, len(run), [one.why for one in run.skipped]) == ("2026-11-01T09:00", 0, ["nothing_to_state"])
    assert not mine.run_due(utc("2026-11-02T01:01")).any


def test_what_a_stale_ledger_held_is_looked_at_anew_when_the_ledger_comes(database: SqlDatabase) -> None:
    take_in(database, "2026-10-20T00:00", "2026-10-20")
    mine = schedules(database)
    mine.run_due(utc("2026-10-30T01:00"))
    ((_, run),) = mine.run_due(utc("2026-11-02T01:00")).runs
    assert [one.rule for one in run.held[0].findings if one.severity == "hold"] == [Rule.STALE_LEDGER]
    assert not mine.run_due(utc("2026-11-02T01:30")).any
    take_in(database, "2026-11-02T02:00", "2026-11-01", [item("A", C1), item("B", C2), item("C", C1, "2026-10-30")])
    report = mine.run_due(utc("2026-11-02T02:01"))
    assert [(one.statement.version, one.statement.closing, one.standing) for one in report.looked_at] == [
        (2, Decimal(200), Standing.RELEASED)
    ]
    assert not mine.run_due(utc("2026-11-02T02:02")).any


def test_a_run_far_smaller_than_the_last_one_is_held(database: SqlDatabase) -> None:
    parties = [replace(C1, id=f"P{no}", name=f"Customer {no}", emails=(f"a@p{no}.example",)) for no in range(6)]
    items = [item(f"I{no}", party) for no, party in enumerate(parties)]
    files = [ReadFile("l", "0" * 64)]
    import_ledger(
        database, items=items, parties=parties, files=files, as_of=dt.date(2026, 10, 31), now=utc("2026-10-30T00:00")
    )
    mine = schedules(database)
    mine.run_due(utc("2026-10-30T01:00"))
    assert len(numbers(mine.run_due(utc("2026-11-02T01:00")))) == 6
    import_ledger(
        database, items=items[:2], parties=None, files=files, as_of=dt.date(2026, 11, 30), now=utc("2026-12-01T00:00")
    )
    ((_, run),) = mine.run_due(utc("2026-12-01T01:00")).runs
    assert len(run.held) == 2
    (batch,) = [one for one in run.held[0].findings if one.rule is Rule.BATCH]
    assert "2 statements, the last one had 6" in batch.text("en")


def test_what_would_be_due_in_sixty_days_is_listed_without_doing_it(database: SqlDatabase) -> None:
    take_in(database, "2026-10-30T00:00", "2026-10-31")
    mine = schedules(database)
    coming, _ = mine.upcoming(utc("2026-10-30T00:00"))
    assert [(one.schedule, one.period.key, one.parties) for one in coming] == [
        ("0 9 1 * *", "2026-11-01T09:00", ("C1",)), ("eom 18:00", "2026-10-31T18:00", ("C2",)),
        ("eom 18:00", "2026-11-30T18:00", ("C2",)), ("0 9 1 * *", "2026-12-01T09:00", ("C1",)),
    ]  # fmt: skip
    with database.reading() as work:
        assert work.statements.drawn(as_of=dt.date(2026, 10, 31)) == []


def test_a_schedule_that_cannot_be_read_stops_nobody_else_and_is_named(database: SqlDatabase) -> None:
    import_ledger(
        database, items=[item("A", C1), item("B", C2)], parties=[C1, replace(C2, statement_schedule="often")],
        files=[ReadFile("l", "0" * 64)], as_of=dt.date(2026, 10, 31), now=utc("2026-10-30T00:00"),
    )  # fmt: skip
    mine = schedules(database)
    assert "C2" in mine.run_due(utc("2026-10-30T01:00")).broken["often"]
    assert numbers(mine.run_due(utc("2026-11-02T01:00"))) == ["SOA-202610-C1-CNY"]


def test_a_supplier_needs_a_schedule_of_its_own(database: SqlDatabase) -> None:
    import_ledger(
        database, items=[item("S", S1)], parties=[replace(S1, statement_schedule="0 9 1 * *")],
        files=[ReadFile("l", "0" * 64)], as_of=dt.date(2026, 10, 31), now=utc("2026-10-30T00:00"),
    )  # fmt: skip
    mine = schedules(database)
    mine.run_due(utc("2026-10-30T01:00"))
    assert numbers(mine.run_due(utc("2026-11-02T01:00"))) == ["SOA-202610-S1-CNY-P"]


def test_words_of_the_company_that_are_no_schedule_are_an_error(database: SqlDatabase) -> None:
    with pytest.raises(BadSchedule):
        schedules(database, "sometimes").run_due(utc("2026-10-30T01:00"))


ZONES = [  # without a database the same holds for every zone in tests/receivables/test_schedule.py, in seconds
    ("America/New_York", "US"),
    *(
        pytest.param(zone, country, marks=pytest.mark.long)
        for zone, country in (
            ("Asia/Shanghai", "CN"), ("Europe/Berlin", "DE"), ("Australia/Lord_Howe", "AU"),
            ("America/Sao_Paulo", "BR"), ("Pacific/Auckland", "NZ"),
        )
    ),
]  # fmt: skip


@pytest.mark.parametrize(("zone", "country"), ZONES)
def test_ten_years_of_daylight_saving_outages_and_wild_clocks_give_one_run_a_period(
    tmp_path: Path, zone: str, country: str
) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/runs.db")
    bring_up_to_date(engine)
    database = SqlDatabase(engine)
    take_in(database, "2020-01-01T00:00", "2020-01-01", [item("A", C1, "2040-12-05")])  # nothing to state: quick
    company, chance = replace(COMPANY, timezone=zone, country=country), random.Random(zone)
    schedule = "30 1,2 1,15 * *"  # in the hours that are skipped or doubled
    mine = StatementSchedules(database, company, schedule)
    stated: list[str] = []

    def look(moment: dt.datetime) -> None:
        report = mine.run_due(moment)
        stated.extend([*(due.period for due, _ in report.runs), *(due.period for due in report.superseded)])

    now, end = utc("2020-01-10T00:00"), utc("2030-01-10T00:00")
    first = now
    look(now)
    while now < end:
        now += dt.timedelta(days=chance.choice([1, 3, 9, 40]), minutes=chance.randint(0, 1439))
        look(now)
        if chance.random() < 0.2:  # the clock is set back, or another machine's is slow
            look(now - dt.timedelta(hours=chance.randint(1, 80)))
    expected = periods(parse(schedule), first, now, ZoneInfo(zone), working_days(country))
    assert sorted(stated) == sorted(period.key for period in expected)
    engine.dispose()
