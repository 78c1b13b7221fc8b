"""Digests to our own people: on their day, once, about what concerns them, through the same outbox."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from mailflow.cases.case import Event, TaskKind
from mailflow.steps.import_ledger import ReadFile, import_ledger
from mailflow.steps.ports.outbox import Letter
from mailflow.steps.send_digests import DigestPlan, Digests
from tests.steps.test_follow_up_step import CASE, PARTY, Office, office, stationery  # noqa: F401

PLAN = DigestPlan(salespeople="0 8 * * 1-5", service=("cs@huaxing.example",), owner=("boss@huaxing.example",))


class Desk:
    def __init__(self, office: Office) -> None:  # noqa: F811
        self.office = office
        self.digests = Digests(
            office.database, office.archive, office.desk, office.stationery, office.clock, PLAN, "https://desk.example"
        )  # fmt: skip
        sold = replace(PARTY, salesperson="王芳", salesperson_email="wf@huaxing.example")
        import_ledger(
            office.database, items=None, parties=[sold], files=[ReadFile("p", "1" * 64)], as_of=dt.date(2026, 11, 2),
            now=office.clock.now(),
        )  # fmt: skip
        self.at("2026-11-02T09:00")  # first seen: what fell due this morning is nobody's debt

    def at(self, moment: str) -> list[str]:
        self.office.clock.set(moment)
        numbers = self.digests.run_due()
        return [f"{one.key.recipient.partition('@')[0]} {one.key.kind[7:]}" for one in self._letters(numbers)]

    def _letters(self, numbers: list[int]) -> list[Letter]:
        with self.office.database.reading() as work:
            return [one for one in work.outbox.letters() if one.no in numbers]

    def mail(self, recipient: str) -> EmailMessage:
        with self.office.database.reading() as work:
            (*_, letter) = [one for one in work.outbox.letters() if one.key.recipient == recipient]
        return message_from_bytes(self.office.archive.read(letter.sha256), policy=default)


@pytest.fixture
def desk(office: Office) -> Desk:  # noqa: F811
    return Desk(office)


def text_of(mail: EmailMessage) -> str:
    return " ".join(mail.get_body(("plain",)).get_content().split())


def test_each_digest_goes_out_once_a_period_however_often_one_looks_and_not_when_there_is_nothing_to_say(
    desk: Desk,
) -> None:
    with desk.office.database.writing() as work:
        work.casefile.raise_task(TaskKind.QUESTION, case_id=CASE, message=None, at=desk.office.clock.now())
    seen: list[str] = []
    moment = dt.datetime(2026, 11, 2, 9, 30)
    while moment < dt.datetime(2026, 11, 9, 12):
        seen += desk.at(moment.isoformat(timespec="minutes")) + desk.at(moment.isoformat(timespec="minutes"))
        moment += dt.timedelta(minutes=90)
    expected = {f"{who} 2026-11-{day:02d}T{time}" for day in (3, 4, 5, 6) for who, time in
                (("wf", "08:00"), ("cs", "08:30"), ("boss", "18:00"))} | {"boss 2026-11-02T18:00"}  # fmt: skip
    monday = {"wf 2026-11-09T08:00", "cs 2026-11-09T08:30"}
    weekend = {one for one in seen if "2026-11-07" in one or "2026-11-08" in one}
    assert len(seen) == len(set(seen)) and expected | monday <= set(seen)
    assert {one.split()[0] for one in weekend} <= {"cs", "boss"}  # a day that is not worked is told on Monday
    assert set(seen) == expected | monday | weekend


def test_the_salesperson_hears_of_their_customer_and_the_owner_of_the_day_in_figures(desk: Desk) -> None:
    with desk.office.database.writing() as work:
        work.casefile.raise_task(TaskKind.QUESTION, case_id=CASE, message=None, at=desk.office.clock.now())
    desk.office.answer(Event.DISPUTED)
    desk.at("2026-11-03T08:00")
    note = desk.mail("wf@huaxing.example")
    assert note["To"].startswith("=?") or "王芳" in str(note["To"])
    text = text_of(note)
    assert "Northgate Ltd" in text and "11,000.00" in text and "https://desk.example" in text
    assert note["Auto-Submitted"] == "auto-generated" and "In-Reply-To" not in note
    desk.at("2026-11-03T18:30")
    figures = text_of(desk.mail("boss@huaxing.example"))
    assert "有异议：1" in figures and "客户往来余额（CNY）：11,000.00" in figures


def test_after_an_outage_one_digest_tells_the_newest_period(desk: Desk) -> None:
    assert [one for one in desk.at("2026-12-01T20:00") if one.startswith("boss")] == ["boss 2026-12-01T18:00"]
    assert desk.at("2026-12-01T20:01") == []


def test_where_nothing_moved_and_nothing_waits_salespeople_and_service_get_no_mail(desk: Desk) -> None:
    assert desk.at("2026-11-03T09:00") == ["boss 2026-11-02T18:00"]
    assert desk.at("2026-11-03T17:00") == []


def test_a_salesperson_whose_address_is_a_customers_gets_nothing(desk: Desk, tmp_path: Path) -> None:
    office = desk.office  # noqa: F811
    import_ledger(
        office.database, items=None, files=[ReadFile("p", "2" * 64)], as_of=dt.date(2026, 11, 2),
        parties=[replace(PARTY, id="C009", name="Southgate", emails=("wf@huaxing.example",))], now=office.clock.now(),
    )  # fmt: skip
    office.answer(Event.DISPUTED)
    assert not [one for one in desk.at("2026-11-03T08:00") if one.startswith("wf")]
