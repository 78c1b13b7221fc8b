"""Reports over time: the figures add up, the charts show them without colour, each is a workbook too."""

from __future__ import annotations

import io
import re
from decimal import Decimal

import openpyxl
import pytest
from starlette.testclient import TestClient

from mailflow.bootstrap import House
from mailflow.cases.promise import Standing
from mailflow.receivables.party import Side
from mailflow.steps.manage_people import create_account
from mailflow.steps.ports.people import Role
from mailflow.steps.report import REPORTS, Table
from mailflow.steps.report_trends import GROUPS
from mailflow.web.app import create_app
from mailflow.web.charts import charts
from mailflow.web.entrance import Entrance
from mailflow.web.words import LANGUAGES


@pytest.fixture
def desk(house: House) -> TestClient:
    create_account(house.database, "mei", "a long enough password", Role.VIEWER, by="test", at=house.clock.now())
    entrance = Entrance()
    client = TestClient(create_app(house, entrance), base_url="http://127.0.0.1", follow_redirects=False)
    client.get(entrance.link_for("mei"))
    return client


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", REPORTS)
def test_each_report_is_a_page_with_its_chart_in_words_and_a_workbook(
    desk: TestClient, name: str, language: str
) -> None:
    desk.cookies.set("language", language)
    page = desk.get(f"/reports/{name}")
    assert page.status_code == 200
    assert len(page.content) < 200_000
    for label in re.findall(r'<svg class="bar"[^>]*aria-label="([^"]*)"', page.text):
        assert re.search(r"\d", label), label
    if name not in ("responses",):
        assert 'class="card pad chart"' in page.text
    book = openpyxl.load_workbook(io.BytesIO(desk.get(f"/reports/{name}.xlsx").content))
    assert book.active is not None and book.active.max_row > 1


def test_every_statement_that_went_out_is_counted_once_a_month(house: House) -> None:
    table = house.report("progress")
    with house.database.reading() as work:
        out = [case for case in work.casefile.cases() if case.state.value not in ("draft", "held", "queued")]
    assert sum(int(str(row["cases"])) for row in table.rows) == len(out)
    for row in table.rows:
        assert sum(int(str(row[group])) for group in GROUPS) == row["cases"]
        ours = [abs(case.our_balance) for case in out if case.currency == row["currency"]]
        assert sum((Decimal(str(row[f"{group}_amount"])) for group in GROUPS), Decimal(0)) == sum(ours, Decimal(0))


def test_answers_within_a_day_three_and_seven_add_up_to_what_was_sent(house: House) -> None:
    for row in house.report("answer_time").rows:
        assert sum(int(str(row[key])) for key in ("day_1", "day_3", "day_7", "later", "silent")) == row["sent"]
        assert row["median_hours"] == 0  # the demo's customers answer within minutes


def test_a_promise_kept_is_counted_as_kept(house: House) -> None:
    with house.database.writing() as work:
        case_id, promise = work.casefile.promises()[0]
        work.casefile.set_standing(case_id, promise.message or 0, Standing.KEPT)
    table = house.report("promises")
    assert sorted(str(row["standing"]) for row in table.rows) == ["kept", "open"]
    assert {total["standing"]: total["case"] for total in table.totals} == {"kept": 1, "open": 1}


def test_days_sales_outstanding_is_the_balance_in_days_of_sales(house: House) -> None:
    table = house.report("dso")
    last = {str(row["currency"]): row for row in table.rows}["CNY"]
    with house.database.reading() as work:
        items = [one for one in work.ledger.items(side=Side.RECEIVABLE) if one.currency == "CNY" and one.date]
    day = last["as_of"]
    balance = sum((one.amount for one in items if one.date <= day), Decimal(0))
    sales = sum(
        (one.amount for one in items
         if (day - one.date).days in range(90) and one.type in ("invoice", "debit_note", "credit_note")),
        Decimal(0),
    )  # fmt: skip
    assert (last["balance"], last["sales"]) == (balance, sales)
    assert abs(int(str(last["days"])) - balance / sales * 90) <= Decimal("0.5")


def test_a_chart_is_as_wide_as_its_longest_bar_and_lacks_nothing() -> None:
    rows = [
        {"month": "2026-09", "sent": 4, "median_hours": 3, "day_1": 1, "day_3": 1, "day_7": 0, "later": 0, "silent": 2},
        {"month": "2026-10", "sent": 2, "median_hours": 1, "day_1": 2, "day_3": 0, "day_7": 0, "later": 0, "silent": 0},
    ]
    (chart,) = charts(Table("answer_time", tuple(rows[0]), rows, []))  # type: ignore[arg-type]
    first, second = chart.bars
    assert [(one.key, one.at, one.width) for one in first.segments] == [
        ("day_1", 0.0, 0.25), ("day_3", 0.25, 0.25), ("silent", 0.5, 0.5),
    ]  # fmt: skip
    assert [one.width for one in second.segments] == [0.5]
    assert len({pattern for _, pattern in chart.keys}) == len(chart.keys)
    assert charts(Table("answer_time", (), [], [])) == []
