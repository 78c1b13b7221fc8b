"""Letters enter the outbox frozen, once each, with the ways back by which an answer finds its statement."""

from __future__ import annotations

import datetime as dt
import threading
from decimal import Decimal
from email import message_from_bytes
from email.policy import default

import pytest

from mailflow.cases.case import State
from mailflow.correspondence import token
from mailflow.correspondence.letter import Letter
from mailflow.correspondence.message import Address
from mailflow.receivables.company import Company
from mailflow.receivables.party import Party, Side
from mailflow.receivables.statement import Statement
from mailflow.refusals import Refusal
from mailflow.steps.ports.outbox import LetterKey
from mailflow.steps.queue_letters import Desk, Draft, queue_letters, queue_statement
from tests.servers.scripted_smtp import ScriptedSmtp
from tests.servers.sending_office import KEY, Office

COMPANY = Company("华星贸易有限公司", address="ar@huaxing.example")
DESK = Desk(COMPANY, KEY)


def statement(version: int = 1, emails: tuple[str, ...] = ("li@hengtai.example",), name: str = "恒泰商贸") -> Statement:
    party = Party("C001", name, Side.RECEIVABLE, emails)
    return Statement(
        number="SOA-202610-C001-CNY", version=version, party=party, side=Side.RECEIVABLE, currency="CNY",
        as_of=dt.date(2026, 10, 31), period_start=dt.date(2026, 10, 1), opening=Decimal(0), closing=Decimal(500),
        movements=(), open_lines=(), ageing=(), unapplied=Decimal(0), overdue=Decimal(0),
    )  # fmt: skip


def render(which: Statement, route) -> Letter:
    text = f"{which.label}\n{route.mark}\n"
    return Letter("statement", "zh-CN", f"对账单 {which.label} {route.mark}", text, f"<p>{text}</p>")


@pytest.fixture
def office(database_url, tmp_path):
    made = Office(database_url, tmp_path / "archive")
    opened(made)
    yield made
    made.database.engine.dispose()


def opened(office: Office, state: State = State.DRAFT) -> None:
    with office.database.writing() as work:
        work.casefile.open(
            case_id="SOA-202610-C001-CNY", party_id="C001", side=Side.RECEIVABLE, currency="CNY",
            statement_no="SOA-202610-C001-CNY", version=1, as_of=dt.date(2026, 10, 31), our_balance=Decimal(500),
            at=office.clock.now(), state=state,
        )  # fmt: skip


def queue(office: Office, which: Statement, **options) -> list[int]:
    return queue_statement(office.database, office.archive, DESK, which, render, office.clock, **options)


def parsed(office: Office, no: int):
    return message_from_bytes(office.archive.read(office.letter(no).sha256), policy=default)


def test_a_statement_is_queued_to_every_address_of_the_party_once_however_often_it_is_asked(office):
    which = statement(emails=("li@hengtai.example", "LI@hengtai.example", "wang@hengtai.example"))
    assert queue(office, which) == [1, 2]
    assert queue(office, which) == []
    assert office.case() is State.QUEUED
    assert office.journal() == ["letter.queued", "case.released", "letter.queued"]


def test_two_runs_at_once_queue_it_once(office):
    which = statement(emails=tuple(f"r{place}@hengtai.example" for place in range(5)))
    results: list[list[int]] = []
    threads = [threading.Thread(target=lambda: results.append(queue(office, which))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(len(numbers) for numbers in results)[-1] + sum(map(len, results)) >= 5
    assert len(office.states()) == 5 and sum(map(len, results)) == 5


def test_the_bytes_carry_every_way_back(office):
    queue(office, statement())
    letter, mail = office.letter(1), parsed(office, 1)
    assert mail["Message-ID"] == letter.message_id and mail["X-Mailflow-Id"] == letter.message_id.strip("<>")
    assert token.find([mail["Reply-To"]]) == token.find(mail["Subject"]) == [letter.token]
    assert token.belongs(KEY, letter.token, "SOA-202610-C001-CNY", 1, "li@hengtai.example")
    assert token.ours(KEY, letter.message_id) is not None
    assert (mail["To"].addresses[0].addr_spec, mail["To"].addresses[0].display_name) == (
        "li@hengtai.example", "恒泰商贸",
    )  # fmt: skip
    assert str(mail["Date"].datetime) == "2026-11-02 09:00:00+08:00"


def test_what_is_sent_later_is_what_was_frozen(office):
    queue(office, statement())
    raw = office.archive.read(office.letter(1).sha256)
    with ScriptedSmtp() as server:
        office.clock.pass_by(hours=3)
        office.send(server)
    assert [mail.content for mail in server.mails] == [raw]


def test_a_correction_and_a_reminder_stand_under_the_statement_in_the_same_conversation(office):
    queue(office, statement())
    with ScriptedSmtp() as server:
        office.send(server)
    queue(office, statement(version=2))
    reminder = Draft(
        LetterKey("SOA-202610-C001-CNY", 2, "li@hengtai.example", "reminder-1"), "SOA-202610-C001-CNY",
        Address("恒泰商贸", "li@hengtai.example"), lambda route: render(statement(2), route),
    )  # fmt: skip
    assert queue_letters(office.database, office.archive, DESK, [reminder], office.clock) == [3]
    ids = [office.letter(no).message_id for no in (1, 2, 3)]
    assert parsed(office, 2)["In-Reply-To"] == ids[0]
    assert parsed(office, 3)["References"].split() == ids[:2] and parsed(office, 3)["In-Reply-To"] == ids[1]
    assert len(set(ids)) == 3
    assert office.letter(2).token == office.letter(3).token != office.letter(1).token


def test_a_party_without_an_address_is_refused_in_a_sentence(office):
    with pytest.raises(Refusal, match="has no address"):
        queue(office, statement(emails=()))


def test_a_name_or_address_that_would_write_a_header_of_its_own_writes_none(office):
    queue(office, statement(name="Evil\r\nBcc: all@x.example <a@b>"))
    assert parsed(office, 1)["Bcc"] is None
    with pytest.raises(Refusal, match="cannot be sent"):
        queue(office, statement(version=2, emails=("a@b.example\r\nBcc: c@d.example",)))
    assert len(office.states()) == 1


def test_when_the_archive_is_full_nothing_is_queued(office, monkeypatch):
    import os

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        queue(office, statement())
    monkeypatch.undo()
    assert office.states() == [] and office.case() is State.DRAFT
    assert queue(office, statement()) == [1]


def test_a_letter_that_still_waits_can_be_withdrawn_and_one_that_left_cannot(office):
    queue(office, statement(emails=("a@x.example", "b@x.example")))
    with office.database.writing() as work:
        assert work.outbox.cancel(1, office.clock.now(), "chen")
    with ScriptedSmtp() as server:
        office.send(server)
    with office.database.writing() as work:
        assert not work.outbox.cancel(2, office.clock.now(), "chen")
    assert office.states() == ["cancelled", "accepted"]


def test_a_new_version_withdraws_letters_of_the_old_one_that_still_wait(office):
    queue(office, statement(emails=("a@x.example", "b@x.example")))
    queue(office, statement(version=2, emails=("a@x.example",)))
    with ScriptedSmtp() as server:
        office.send(server)
    assert office.states() == ["cancelled", "cancelled", "accepted"] and len(server.mails) == 1
