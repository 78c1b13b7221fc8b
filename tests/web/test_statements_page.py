"""The statements page: coming runs as a calendar, looked at before they go, let out singly or all that passed."""

from __future__ import annotations

import datetime as dt
import re
from urllib.parse import quote

from starlette.testclient import TestClient

from mailflow.bootstrap import House
from mailflow.steps.ports.outbox import LetterState
from mailflow.steps.ports.statements import Standing

DAY = dt.date(2026, 11, 20)
PARTIES = ["C001", "C007"]


def csrf(client: TestClient) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', client.get("/").text)
    assert found is not None
    return found[1]


def draw(client: TestClient, as_of: dt.date) -> None:
    form = {"csrf": csrf(client), "as_of": as_of.isoformat(), "party": PARTIES}
    assert client.post("/statements/draw", data=form).status_code == 303


def drafts(house: House) -> list[str]:
    with house.database.reading() as work:
        return [one.statement.number for one in work.statements.standing_at(Standing.DRAFT)]


def pass_the_review(house: House) -> None:
    """As if it had found nothing in what it holds of that day."""
    with house.database.writing() as work:
        for kept in work.statements.standing_at(Standing.HELD):
            if kept.statement.as_of == DAY:
                work.statements.judge(kept.statement, standing=Standing.DRAFT, findings=(), at=house.clock.now())


def test_the_calendar_names_each_coming_run_and_leads_to_what_it_would_draw(desk, house: House) -> None:
    client = desk("viewer")
    page = client.get("/statements").text
    coming, _ = house.schedules.upcoming(house.clock.now(), 60)
    assert coming
    for one in coming:
        assert f"{one.period.as_of}" in page and 'class="month"' in page
    run = coming[0]
    address = f"/statements/coming?schedule={quote(run.schedule)}&period={quote(run.period.key)}"
    with house.database.reading() as work:
        before = work.browse.marks()
    shown = client.get(address)
    assert shown.status_code == 200 and "C007" in shown.text and "nothing is kept" in shown.text
    with house.database.reading() as work:
        assert work.browse.marks() == before
    assert client.get(address.replace("schedule=", "schedule=x")).status_code == 404


def test_what_passed_is_let_out_one_by_one_or_all_of_a_day(desk, house: House) -> None:
    client = desk("approver")
    draw(client, DAY)
    pass_the_review(house)
    waiting = drafts(house)
    assert waiting and all("20261120" in one for one in waiting)
    page = client.get("/statements").text
    assert all(one in page for one in waiting)
    with house.database.reading() as work:
        assert not any(letter.key.statement_number in waiting for letter in work.outbox.letters())
    refused = desk("clerk")
    form = {"csrf": csrf(refused), "day": DAY.isoformat()}
    assert refused.post("/statements/approve", data=form).status_code == 403
    one = {"csrf": csrf(client), "passed": "1", "statement": waiting[0]}
    assert client.post("/statements/approve", data=one).status_code == 303
    assert drafts(house) == waiting[1:]
    client.post("/statements/approve", data={"csrf": csrf(client), "day": DAY.isoformat()})
    assert drafts(house) == []
    with house.database.reading() as work:
        queued = {one.key.statement_number for one in work.outbox.letters(states=[LetterState.QUEUED])}
        kept = [work.statements.get(number) for number in waiting]
        approved = [one for one in work.journal.entries(f"case:{waiting[0]}") if one.action == "statement.approved"]
    assert set(waiting) <= queued
    assert {one.released_by for one in kept if one is not None} == {"approver"}
    assert [one.actor for one in approved] == ["approver"]


def test_a_statement_of_a_day_to_come_is_shown_and_never_drawn(desk, house: House) -> None:
    client = desk("approver")
    day = house.today() + dt.timedelta(days=3)
    draw(client, day)
    with house.database.reading() as work:
        assert day not in work.statements.days(12)
    assert "not over yet" in client.get("/statements").text


def test_letter_pdf_and_workbook_are_looked_at_before_they_go(desk, house: House) -> None:
    client = desk("viewer")
    number = "SOA-202610-C007-CNY"
    page = client.get(f"/statements/look/{number}").text
    with house.database.reading() as work:
        kept = work.statements.get(number)
    assert kept is not None
    assert f"{kept.statement.closing:,.2f}" in page and "Subject: " in page and "XLSX" in page
    picture = client.get(f"/statements/look/{number}/1.png")
    assert picture.headers["content-type"] == "image/png" and picture.content.startswith(b"\x89PNG")
    letter = client.get(f"/statements/look/{number}/letter.html")
    assert "sandbox" in letter.headers["content-security-policy"]
    assert client.get(f"/statements/look/{number}/statement.pdf").content.startswith(b"%PDF")
    assert client.get(f"/statements/look/{number}/statement.xlsx").content.startswith(b"PK")
    assert client.get(f"/statements/look/{number}/99.png").status_code == 404
    assert client.get("/statements/look/SOA-209912-NOBODY-CNY").status_code == 404
    dry = client.get("/statements/look/SOA-20261120-C007-CNY?as_of=2026-11-20&party=C007")
    assert dry.status_code == 200 and "nothing is kept" in dry.text
