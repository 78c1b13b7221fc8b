"""Reminders on real rows and real letters: once, on their day, and not after an answer."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from mailflow.adapters.archive import FileArchive
from mailflow.adapters.database.engine import open_engine
from mailflow.adapters.database.migrate import bring_up_to_date
from mailflow.adapters.database.unit_of_work import SqlDatabase
from mailflow.adapters.letters_mjml import LetterRenderer
from mailflow.adapters.statement_pdf import StatementPdf
from mailflow.adapters.statement_xlsx import StatementXlsx
from mailflow.cases.case import Event, Settled, State, TaskKind
from mailflow.cases.dispute import Dispute
from mailflow.cases.promise import PromiseToPay
from mailflow.correspondence.message import DisputeReason
from mailflow.receivables.company import Company
from mailflow.receivables.ledger import Item
from mailflow.receivables.party import Party, Side
from mailflow.resources import templates_directory
from mailflow.steps.advance_case import move
from mailflow.steps.draw_statements import draw_statements
from mailflow.steps.follow_up import FollowedUp, FollowUps
from mailflow.steps.import_ledger import ReadFile, import_ledger
from mailflow.steps.issue_statements import issue_released
from mailflow.steps.letter_outcomes import Acceptance, accepted
from mailflow.steps.ports.letters import Stationery
from mailflow.steps.ports.outbox import Letter
from mailflow.steps.ports.sending import Answer, Claim
from mailflow.steps.queue_letters import Desk
from mailflow.steps.withdraw_reminders import withdraw_reminders

COMPANY = Company("华星贸易有限公司", address="ar@huaxing.example")
PARTY = Party("C001", "Northgate Ltd", Side.RECEIVABLE, emails=("a@northgate.example",), language="en")
CASE = "SOA-202610-C001-CNY"
FONT = Path("mailflow/adapters/fonts/wqy-microhei.ttc")


class Clock:
    def __init__(self) -> None:
        self.set("2026-11-02T09:00")

    def now(self) -> dt.datetime:
        return self.instant

    def set(self, shanghai: str) -> None:
        self.instant = dt.datetime.fromisoformat(shanghai + "+08:00").astimezone(dt.UTC)


@pytest.fixture(scope="module")
def stationery() -> Stationery:
    fonts = [Path(__file__).parents[2] / FONT]
    return Stationery(LetterRenderer(templates_directory()), StatementPdf(fonts), StatementXlsx())


class Office:
    """One customer whose statement of October went out on Monday, 2 November."""

    def __init__(self, url: str, directory: Path, stationery: Stationery) -> None:
        engine = open_engine(url)
        bring_up_to_date(engine)
        self.database, self.archive, self.clock = SqlDatabase(engine), FileArchive(directory), Clock()
        self.desk, self.stationery = Desk(COMPANY, b"k" * 32), stationery
        self.follow_ups = FollowUps(self.database, self.archive, self.desk, stationery, self.clock)
        self.ledger("2026-10-31")
        draw_statements(self.database, as_of=dt.date(2026, 10, 31), company=COMPANY, now=self.clock.now(), policy=None)
        with self.database.writing() as work:
            for kept in work.statements.drawn(as_of=dt.date(2026, 10, 31)):
                if work.casefile.get(kept.statement.number).state is State.HELD:
                    raise AssertionError(kept.findings)
        assert issue_released(self.database, self.archive, self.desk, stationery, self.clock).letters
        self.send()

    def ledger(self, as_of: str, paid: str | None = None, on: str = "2026-11-09") -> None:
        items = [self.item("INV-0958", "6000.00", "2026-09-01"), self.item("INV-1001", "5000.00", "2026-10-01")]
        if paid:
            items.append(replace(self.item("RC-1", f"-{paid}", on), type="payment"))
        import_ledger(
            self.database, items=items, parties=[PARTY], files=[ReadFile("l", "0" * 64)],
            as_of=dt.date.fromisoformat(as_of), now=self.clock.now(), allow_gone=True,
        )  # fmt: skip

    def item(self, reference: str, amount: str, dated: str) -> Item:
        day = dt.date.fromisoformat(dated)
        return Item(
            id=reference, party_id="C001", side=Side.RECEIVABLE, reference=reference, date=day, currency="CNY",
            amount=Decimal(amount), type="invoice", open_amount=Decimal(amount), due_date=day + dt.timedelta(30),
            party_name=PARTY.name,
        )  # fmt: skip

    def send(self) -> None:
        """Everything in the outbox is accepted now."""
        with self.database.writing() as work:
            now = self.clock.now()
            until = now + dt.timedelta(minutes=1)
            claimed = work.sending.claim("test", now, until, 100)
            claims = [Claim(one.no, one.fence) for one in claimed]
            work.sending.start(claims, now, until, None)
        if claimed:
            with self.database.writing() as work:
                accepted(work, [Acceptance(one, Answer(250, "ok"), now) for one in claimed])

    def at(self, moment: str) -> FollowedUp:
        self.clock.set(moment)
        done = self.follow_ups.run_due()
        self.send()
        assert not done.failed
        return done

    def reminders(self) -> list[Letter]:
        with self.database.reading() as work:
            return work.outbox.reminders()

    def kinds(self) -> list[str]:
        return [f"{one.key.kind} {one.state.value} {one.queued_at:%m-%d}" for one in self.reminders()]

    def tasks(self) -> list[TaskKind]:
        with self.database.reading() as work:
            return [task.kind for task in work.casefile.tasks()]

    def answer(self, event: Event) -> None:
        with self.database.writing() as work:
            move(work, CASE, event, at=self.clock.now())

    def state(self) -> State:
        with self.database.reading() as work:
            return work.casefile.get(CASE).state


@pytest.fixture
def office(database_url: str, tmp_path: Path, stationery: Stationery) -> Office:
    made = Office(database_url, tmp_path / "archive", stationery)
    yield made
    made.database.engine.dispose()


def test_each_reminder_goes_out_once_on_the_days_of_w7_and_then_a_person_is_asked_to_call(office: Office) -> None:
    day = dt.date(2026, 11, 2)
    while day <= dt.date(2026, 12, 4):
        for hour in ("03:00", "09:00", "09:01", "19:30", "23:00"):
            office.at(f"{day}T{hour}")
        day += dt.timedelta(1)
    assert office.kinds() == [
        "reminder-1 accepted 11-05", "reminder-2 accepted 11-11", "reminder-3 accepted 11-20",
    ]  # fmt: skip
    assert office.tasks() == [TaskKind.CALL] and office.state() is State.SENT  # silence has confirmed nothing


def test_a_reminder_stands_in_the_conversation_of_its_statement_and_is_no_demand(office: Office) -> None:
    office.at("2026-11-05T09:00")
    with office.database.reading() as work:
        first, reminder = work.outbox.letters(case_id=CASE)
    mail = message_from_bytes(office.archive.read(reminder.sha256), policy=default)
    assert mail["In-Reply-To"] == first.message_id and mail["Subject"] == f"Re: {first.subject}"
    text = mail.get_body(("plain",)).get_content()
    assert "On 2 November 2026 we sent you" in " ".join(text.split()) and "not a demand" in text
    assert f"[#{reminder.token.upper()}]" in text or reminder.token.upper() in text.upper().replace("-", "")


@pytest.mark.parametrize("event", [Event.REPLIED, Event.CONFIRMED, Event.DISPUTED, Event.DIFFERENCES_FOUND])
def test_an_answer_stops_the_plan_for_good(office: Office, event: Event) -> None:
    office.at("2026-11-05T09:00")
    office.answer(event)
    for moment in ("2026-11-11T09:00", "2026-11-20T09:00", "2026-12-20T09:00"):
        office.at(moment)
    assert office.kinds() == ["reminder-1 accepted 11-05"] and office.tasks() == []


def test_after_an_outage_one_letter_goes_out_the_most_advanced_and_the_journal_names_the_others(office: Office) -> None:
    assert len(office.at("2026-11-23T09:00").letters) == 1
    assert not office.at("2026-11-23T09:01").letters
    assert office.kinds() == ["reminder-3 accepted 11-23"]
    with office.database.reading() as work:
        (told,) = [one for one in work.journal.entries(f"case:{CASE}") if one.action == "reminder.overtaken"]
    assert told.facts == {"levels": [1, 2], "by": 3}


def test_a_reminder_that_waits_is_withdrawn_when_the_answer_comes_first(office: Office) -> None:
    office.clock.set("2026-11-05T09:00")
    assert len(office.follow_ups.run_due().letters) == 1  # in the outbox; the server is away
    office.answer(Event.CONFIRMED)
    assert office.at("2026-11-06T03:00").withdrawn == 1
    assert office.kinds() == ["reminder-1 cancelled 11-05"]
    with office.database.writing() as work:
        assert withdraw_reminders(work, CASE, office.clock.now(), actor="mailflow", why="") == 0


def test_nothing_is_followed_up_while_mail_may_lie_unread(office: Office) -> None:
    watched = replace(office.follow_ups, folders=(("finance", "INBOX"),))
    office.clock.set("2026-11-05T09:00")
    assert "not looked into" in watched.run_due().unread
    with office.database.writing() as work:
        epoch = work.mailroom.begin_epoch("finance", "INBOX", 1, office.clock.now())
        work.mailroom.checked(epoch, office.clock.now(), None, compared=True)
        work.mailroom.discover(epoch, [1], office.clock.now())
        (place,) = work.mailroom.to_fetch(epoch, office.clock.now(), 10)
        number, _ = work.mailroom.stored(place, "0" * 64, 10, office.clock.now(), office.clock.now())
    assert "not understood yet" in watched.run_due().unread
    with office.database.writing() as work:
        work.mailroom.finished(number, office.clock.now())
    assert len(watched.run_due().letters) == 1


def test_a_task_that_waits_for_a_person_holds_the_reminder_until_it_is_settled(office: Office) -> None:
    with office.database.writing() as work:
        task = work.casefile.raise_task(TaskKind.QUESTION, case_id=CASE, message=None, at=office.clock.now())
    assert not office.at("2026-11-05T09:00").letters
    with office.database.writing() as work:
        work.casefile.settle_task(task, Settled.DONE, by="anna", at=office.clock.now())
    assert len(office.at("2026-11-06T09:00").letters) == 1


def promise(office: Office, amount: str | None = "6000.00") -> None:
    with office.database.writing() as work:
        now = office.clock.now()
        epoch = work.mailroom.begin_epoch("finance", "INBOX", 1, now)
        work.mailroom.discover(epoch, [1], now)
        (place,) = work.mailroom.to_fetch(epoch, now, 1)
        number, _ = work.mailroom.stored(place, "1" * 64, 10, now, now)
        work.mailroom.finished(number, now)
        move(work, CASE, Event.PROMISED, at=now)
        said = PromiseToPay(dt.date(2026, 11, 10), None if amount is None else Decimal(amount), "CNY", "pay on 10 Nov")
        work.casefile.add_promise(CASE, said, message=number, at=now)


def test_a_broken_promise_asks_a_person_and_resumes_the_plan_at_the_level_of_the_facts(office: Office) -> None:
    office.clock.set("2026-11-04T10:00")
    promise(office)
    for moment in ("2026-11-05T09:00", "2026-11-11T09:00", "2026-11-13T18:00"):
        assert not office.at(moment).letters
    office.ledger("2026-11-13", paid="1000.00")
    done = office.at("2026-11-16T09:00")
    assert done.broken == [CASE] and office.state() is State.SENT and office.tasks() == [TaskKind.PROMISE_BROKEN]
    assert office.kinds() == ["reminder-2 accepted 11-16"]
    assert not office.at("2026-11-16T09:05").broken
    with office.database.reading() as work:
        (task,) = work.casefile.tasks()
    assert task.facts["paid"] == "1000.00" and task.facts["promised"] == "6000.00"


def test_w9_after_a_broken_promise_the_reminder_asks_for_money_names_the_promise_and_leaves_out_the_dispute(
    office: Office,
) -> None:
    office.clock.set("2026-11-04T10:00")
    promise(office)
    with office.database.writing() as work:
        objection = Dispute("INV 1001", DisputeReason.QUANTITY, "3 boxes are missing")
        work.casefile.add_dispute(CASE, objection, message=1, at=office.clock.now())
    office.ledger("2026-11-13")
    office.at("2026-11-16T09:00")
    (demand,) = office.reminders()
    mail = message_from_bytes(office.archive.read(demand.sha256), policy=default)
    text = " ".join(mail.get_body(("plain",)).get_content().split())
    asked, under_review = text.index("INV-0958"), text.index("INV-1001")
    assert "10 November 2026" in text and "6,000.00" in text and asked < under_review
    assert "11,000.00" not in text.split("INV-1001")[0]  # the sum asked for is that of INV-0958 alone
    assert mail["In-Reply-To"] and not mail["Subject"].startswith("Re:")


def test_a_kept_promise_ends_the_matter_and_an_old_ledger_only_asks_for_a_newer_one(office: Office) -> None:
    office.clock.set("2026-11-04T10:00")
    promise(office)
    office.at("2026-11-16T09:00")
    office.at("2026-11-17T09:00")
    assert office.tasks() == [TaskKind.PROMISE_BROKEN] and office.state() is State.PROMISED
    office.ledger("2026-11-16", paid="6000.00")
    assert office.at("2026-11-17T10:00").kept == [CASE]
    assert office.state() is State.RESOLVED and office.kinds() == []


def test_who_has_no_working_address_left_gets_no_reminder(office: Office) -> None:
    with office.database.writing() as work:
        work.casefile.raise_task(
            TaskKind.UNDELIVERABLE, case_id=CASE, message=None, at=office.clock.now(),
            facts={"recipients": ["A@northgate.example"]},
        )  # fmt: skip
    assert not office.at("2026-11-05T09:00").letters
