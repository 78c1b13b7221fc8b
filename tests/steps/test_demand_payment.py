"""Asking for money, on real rows and real letters: its own letters, its own days, and what keeps it silent."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from mailflow.adapters.invoice_copies import InvoiceCopies
from mailflow.cases.case import Event, State, TaskKind
from mailflow.cases.demand import DemandPlan
from mailflow.cases.dispute import Dispute
from mailflow.cases.follow_up import Plan
from mailflow.correspondence.message import DisputeReason
from mailflow.receivables.ledger import Item
from mailflow.steps.advance_case import move
from mailflow.steps.ports.outbox import Letter
from mailflow.steps.withdraw_reminders import DEMAND, withdraw_reminders
from tests.steps import test_follow_up_step as follow_up_step
from tests.steps.test_follow_up_step import CASE, PARTY, Office, office, promise, stationery  # noqa: F401

QUIET = Plan(after_days=(60,))  # no reminders to answer in these weeks


class Chased:
    """The office with demands: a courtesy notice 3 working days before, then after 5, 12 and 30 days."""

    def __init__(self, office: Office, plan: DemandPlan, directory: Path) -> None:  # noqa: F811
        self.office = office
        office.follow_ups = replace(
            office.follow_ups, plan=QUIET, demand_plan=plan, copies=InvoiceCopies(directory)
        )  # fmt: skip

    def on(self, moment: str) -> list[str]:
        """A fresh ledger of the day before, then a look; the kinds of letters that came of it."""
        before = len(self.letters())
        self.office.clock.set(moment)
        self.office.ledger((self.office.clock.now().date() - dt.timedelta(1)).isoformat())
        self.office.at(moment)
        assert not self.office.follow_ups.run_due().letters
        return [one.key.kind for one in self.letters()[before:]]

    def letters(self) -> list[Letter]:
        with self.office.database.reading() as work:
            return [one for one in work.outbox.letters() if one.key.kind.startswith((DEMAND, "note-"))]

    def mail(self, place: int = -1) -> EmailMessage:
        return message_from_bytes(self.office.archive.read(self.letters()[place].sha256), policy=default)


def text_of(mail: EmailMessage) -> str:
    return " ".join(mail.get_body(("plain",)).get_content().split())


PLAN = DemandPlan(courtesy_days=3, after_days=(5, 12, 48))


@pytest.fixture
def chased(office: Office, tmp_path: Path) -> Chased:  # noqa: F811
    copies = tmp_path / "copies"
    copies.mkdir()
    (copies / "INV-0958.pdf").write_bytes(b"%PDF-1.4 INV-0958")
    return Chased(office, PLAN, copies)


def test_demands_follow_the_age_of_the_items_and_are_letters_of_their_own_under_the_statement(chased: Chased) -> None:
    # due: INV-0958 on 1 October (32 days on 2 November), INV-1001 on 31 October; the statement of 2 November counts too
    assert chased.on("2026-11-03T09:00") == []
    assert chased.on("2026-11-09T09:00") == ["demand-2-20261109"]
    mail = chased.mail()
    assert mail["In-Reply-To"] and mail["Subject"].startswith("Payment reminder: CNY 11,000.00 by 16 November 2026")
    text = text_of(mail)
    assert "INV-0958" in text and "INV-1001" in text and "still unpaid" in text
    assert {"INV-0958.pdf"} < {part.get_filename() for part in mail.iter_attachments()}
    assert chased.on("2026-11-10T09:00") == []
    assert chased.on("2026-11-12T09:00") == []  # the second item is 12 days overdue, and the distance is kept
    assert chased.on("2026-11-16T09:00") == ["demand-2-20261116"]


def test_the_last_notice_is_left_to_a_person_and_asked_for_once(chased: Chased) -> None:
    chased.on("2026-11-09T09:00")
    chased.on("2026-11-16T09:00")
    assert chased.on("2026-11-23T09:00") == [] and chased.on("2026-11-24T09:00") == []
    assert chased.office.tasks() == [TaskKind.CALL]


def test_a_courtesy_notice_comes_before_the_due_day_and_names_only_what_falls_due_then(
    chased: Chased, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dated(self: Office, reference: str, amount: str, day: str) -> Item:
        made = original(self, reference, amount, day)
        return replace(made, due_date=dt.date(2026, 11, 20) if reference == "INV-1001" else dt.date(2026, 12, 20))

    original = Office.item
    monkeypatch.setattr(follow_up_step.Office, "item", dated)
    assert chased.on("2026-11-16T09:00") == []
    assert chased.on("2026-11-17T09:00") == ["demand-0-20261117"]
    assert chased.mail()["Subject"].startswith("Due soon: CNY 5,000.00")
    assert "INV-0958" not in text_of(chased.mail())
    assert chased.on("2026-11-18T09:00") == []


def test_a_dispute_holds_its_item_and_the_rest_is_chased_a_dispute_of_everything_holds_all(chased: Chased) -> None:
    with chased.office.database.writing() as work:
        objection = Dispute("INV 0958", DisputeReason.QUANTITY, "3 boxes are missing")
        work.casefile.add_dispute(CASE, objection, message=1, at=chased.office.clock.now())
        move(work, CASE, Event.DISPUTED, at=chased.office.clock.now())
        work.casefile.raise_task(TaskKind.DISPUTE, case_id=CASE, message=None, at=chased.office.clock.now())
    assert chased.on("2026-11-09T09:00") == ["demand-1-20261109"]
    text = text_of(chased.mail())
    assert "CNY 5,000.00" in str(chased.mail()["Subject"]) and "Under review, not asked for here: INV-0958" in text
    with chased.office.database.writing() as work:
        work.casefile.add_dispute(
            CASE, Dispute(None, DisputeReason.OTHER, "we owe nothing"), message=2, at=chased.office.clock.now()
        )  # fmt: skip
    assert chased.on("2026-11-30T09:00") == []


def test_a_promise_holds_until_its_day_and_grace_are_over_then_the_letter_names_it(chased: Chased) -> None:
    chased.office.clock.set("2026-11-04T10:00")
    promise(chased.office)
    assert chased.on("2026-11-09T09:00") == [] and chased.on("2026-11-13T09:00") == []
    (kind,) = chased.on("2026-11-16T09:00")  # the ledger of the 15th shows the breach
    assert chased.office.state() is State.SENT
    assert kind == "demand-2-20261116" and "10 November 2026" in text_of(chased.mail())


@pytest.mark.parametrize("why", ["question", "paid", "stale", "never"])
def test_nothing_is_demanded_while_an_answer_waits_or_where_it_was_paid_or_the_ledger_is_old(
    chased: Chased, why: str
) -> None:
    office = chased.office  # noqa: F811
    if why == "question":
        with office.database.writing() as work:
            work.casefile.raise_task(TaskKind.QUESTION, case_id=CASE, message=None, at=office.clock.now())
    if why == "never":
        office.follow_ups = replace(office.follow_ups, demand_plan=replace(PLAN, never=frozenset({PARTY.id})))
    if why in ("question", "never"):
        assert chased.on("2026-11-09T09:00") == []
        return
    office.clock.set("2026-11-09T09:00")
    office.ledger(
        "2026-11-08" if why == "paid" else "2026-11-02", paid="11000.00" if why == "paid" else None, on="2026-11-06"
    )
    office.at("2026-11-09T09:00")
    assert chased.letters() == []


def test_a_demand_that_waits_is_withdrawn_when_an_answer_comes(chased: Chased) -> None:
    office = chased.office  # noqa: F811
    office.clock.set("2026-11-09T09:00")
    office.ledger("2026-11-08")
    assert len(office.follow_ups.run_due().letters) == 1
    with office.database.writing() as work:
        assert withdraw_reminders(work, CASE, office.clock.now(), actor="mailflow", why="they answered") == 1


def test_the_second_contact_and_our_salesperson_hear_of_it_once_and_never_a_partys_address(
    office: Office,  # noqa: F811
) -> None:
    from mailflow.steps.import_ledger import ReadFile, import_ledger

    widened = replace(
        PARTY,
        emails=(*PARTY.emails, "cfo@northgate.example"),
        salesperson="王芳",
        salesperson_email="wf@huaxing.example",
    )
    import_ledger(
        office.database, items=None, parties=[widened], files=[ReadFile("p", "1" * 64)], as_of=dt.date(2026, 11, 2),
        now=office.clock.now(),
    )  # fmt: skip
    done = [office.at(f"2026-11-{day}T09:00") for day in ("05", "11", "20", "20")]
    assert [one.told for one in done] == [0, 1, 1, 0]
    with office.database.reading() as work:
        letters = work.outbox.letters()
    assert [one.key.kind for one in letters if one.key.recipient == "wf@huaxing.example"] == [
        "note-reminder-2", "note-reminder-3",
    ]  # fmt: skip
    (cfo,) = [one for one in letters if one.key.recipient == "cfo@northgate.example"]
    mail = message_from_bytes(office.archive.read(cfo.sha256), policy=default)
    assert cfo.key.kind == "reminder-3" and mail["In-Reply-To"] == letters[0].message_id
    note = message_from_bytes(office.archive.read(letters[-1].sha256), policy=default)
    assert "Northgate Ltd" in text_of(note) and note["To"].endswith("<wf@huaxing.example>")
    assert office.state() is State.SENT  # a note moves no case
