"""The way out of automatic reminders: the headers of the letter, the click of a mail program, and what comes of it."""

from __future__ import annotations

import re
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from types import SimpleNamespace

from starlette.applications import Starlette
from starlette.testclient import TestClient

from mailflow.cases.case import TaskKind
from mailflow.web.unsubscribe import unsubscribe
from tests.steps.test_follow_up_step import CASE, Office, office, stationery  # noqa: F401


def test_one_click_stops_the_plan_for_that_party_and_asks_a_person_once(office: Office) -> None:  # noqa: F811
    office.follow_ups = replace(
        office.follow_ups, desk=replace(office.follow_ups.desk, console="https://desk.example")
    )  # fmt: skip
    office.at("2026-11-05T09:00")
    with office.database.reading() as work:
        first, reminder = work.outbox.letters(case_id=CASE)
    assert message_from_bytes(office.archive.read(first.sha256), policy=default)["List-Unsubscribe"] is None
    mail = message_from_bytes(office.archive.read(reminder.sha256), policy=default)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    (path,) = re.findall(r"<https://desk\.example(/unsubscribe/[0-9a-z]+)>", mail["List-Unsubscribe"])
    assert "mailto:ar+" in mail["List-Unsubscribe"]
    house = SimpleNamespace(database=office.database, clock=office.clock, company=SimpleNamespace(name="华星 & Co"))
    client = TestClient(Starlette(routes=[unsubscribe(house)]))
    assert client.get(path).status_code == 200 and office.tasks() == []  # a scanner that follows links stops nothing
    for _ in range(3):
        assert client.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert office.tasks() == [TaskKind.STOP]
    office.at("2026-11-11T09:00")
    assert office.kinds() == ["reminder-1 accepted 11-05"]
    assert client.post("/unsubscribe/0000000000000000").status_code == 404


def test_without_an_outside_address_the_way_out_is_a_mail_with_the_mark(office: Office) -> None:  # noqa: F811
    office.at("2026-11-05T09:00")
    with office.database.reading() as work:
        _, reminder = work.outbox.letters(case_id=CASE)
    mail = message_from_bytes(office.archive.read(reminder.sha256), policy=default)
    assert mail["List-Unsubscribe"].startswith("<mailto:ar+") and "unsubscribe%20%5B%23" in mail["List-Unsubscribe"]
    assert mail["List-Unsubscribe-Post"] is None
