"""Decisions about cases: each changes what it says, stands in the journal with who and why, and no more."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from mailflow.bootstrap import House
from mailflow.cases.case import Settled, State, Task, TaskKind
from mailflow.cli.main import main
from mailflow.refusals import Refusal
from mailflow.steps.decide_bank_details import note_call_back
from mailflow.steps.decide_case import (
    How,
    accept_confirmation,
    assign_dispute,
    close_case,
    reopen_case,
    resolve_case,
    settle_dispute,
    settle_task,
)
from mailflow.steps.place_by_person import place_by_person

DISPUTED, CONFIRMED, ANSWERED = "SOA-202610-C003-CNY", "SOA-202610-C001-CNY", "SOA-202610-C014-CNY"


def tasks(house: House, kind: TaskKind, case: str | None = None) -> list[Task]:
    with house.database.reading() as work:
        return [one for one in work.casefile.tasks() if one.kind is kind and case in (None, one.case_id)]


def state(house: House, case: str) -> State:
    with house.database.reading() as work:
        found = work.casefile.get(case)
        assert found is not None
        return found.state


def last_entry(house: House, subject: str):
    with house.database.reading() as work:
        return list(work.journal.entries(subject))[-1]


def test_a_task_is_settled_once_with_who_and_why(house: House) -> None:
    (task,) = tasks(house, TaskKind.PAYMENT_MADE)
    at = house.clock.now()
    with pytest.raises(Refusal, match="say what was done"):
        settle_task(house.database, task.no, by="li", why=" ", at=at)
    settle_task(house.database, task.no, by="li", why="found it on the bank statement", at=at)
    assert tasks(house, TaskKind.PAYMENT_MADE) == []
    entry = last_entry(house, f"case:{task.case_id}")
    assert (entry.actor, entry.facts["why"]) == ("li", "found it on the bank statement")
    with pytest.raises(Refusal, match="before, by li"):
        settle_task(house.database, task.no, by="wang", why="again", at=at)


def test_a_dispute_settled_line_by_line_resolves_its_case(house: House) -> None:
    at = house.clock.now()
    with house.database.reading() as work:
        found = [one.reference for _, one in work.casefile.disputes(case_ids=[DISPUTED])]
    assert found
    for reference in found:
        assert state(house, DISPUTED) is State.DISPUTED
        settle_dispute(house.database, DISPUTED, reference, by="li", why="credit note CN-9", at=at)
    assert state(house, DISPUTED) is State.RESOLVED
    assert tasks(house, TaskKind.DISPUTE, DISPUTED) == []
    with house.database.reading() as work:
        assert {one.settled for _, one in work.casefile.disputes(case_ids=[DISPUTED])} == {Settled.DONE}


def test_a_case_closes_only_without_open_tasks_and_with_who_confirmed_how(house: House) -> None:
    at = house.clock.now()
    close = {"by": "li", "how": How.SEALED_COPY, "why": "", "at": at}
    with pytest.raises(Refusal, match="cannot be closed"):
        close_case(house.database, DISPUTED, confirmed_by="Ms Chen", **close)
    with pytest.raises(Refusal, match="open tasks"):
        close_case(house.database, ANSWERED, confirmed_by="Ms Chen", **close)
    with pytest.raises(Refusal, match="who confirmed"):
        close_case(house.database, CONFIRMED, confirmed_by=" ", **close)
    close_case(house.database, CONFIRMED, confirmed_by="Ms Chen", **close)
    assert state(house, CONFIRMED) is State.CLOSED
    facts = last_entry(house, f"case:{CONFIRMED}").facts
    assert (facts["confirmed_by"], facts["how"]) == ("Ms Chen", "sealed_copy") and facts["balance"]
    reopen_case(house.database, CONFIRMED, by="li", why="a late invoice", at=at)
    assert state(house, CONFIRMED) is State.ANSWERED


def test_a_disputed_item_gets_an_owner_and_a_day_by_every_way_of_deciding(house: House, desk) -> None:
    at, due = house.clock.now(), house.today() - dt.timedelta(days=1)
    with house.database.reading() as work:
        reference = work.casefile.disputes(case_ids=[DISPUTED])[0][1].reference
    page = desk("clerk")
    csrf = re.search(r'name="csrf" value="([^"]+)"', page.get(f"/case/{DISPUTED}").text)
    form = {"csrf": csrf[1], "reference": reference or "", "owner": "approver", "due": due.isoformat()}
    assert page.post(f"/case/{DISPUTED}/assign", data=form).status_code == 303
    with house.database.reading() as work:
        dispute = work.casefile.disputes(case_ids=[DISPUTED])[0][1]
    assert (dispute.owner, dispute.due_on) == ("approver", due) and dispute.overdue(house.today())
    assert last_entry(house, f"case:{DISPUTED}").facts["owner"] == "approver"
    shown = page.get(f"/case/{DISPUTED}").text
    assert '<p class="warn">Owner: approver' in shown or '<p class="warn">负责人: approver' in shown
    (row,) = [one for one in house.report("disputes").rows if one["case"] == DISPUTED][:1]
    assert (row["owner"], row["due"]) == ("approver", due)
    with pytest.raises(Refusal, match="no account 'nobody'"):
        assign_dispute(house.database, DISPUTED, reference, owner="nobody", due_on=None, by="li", at=at)
    with pytest.raises(Refusal, match="no open dispute about ZZ-1"):
        assign_dispute(house.database, DISPUTED, "ZZ-1", owner=None, due_on=None, by="li", at=at)
    config = ["--config", str(house.settings.directory / "mailflow.toml")]
    said = ["assign", DISPUTED, "--due", "2026-12-01", "--owner", "clerk"]
    assert main(["case", *config, *said, *(["--reference", reference] if reference else [])]) == 0
    with house.database.reading() as work:
        dispute = work.casefile.disputes(case_ids=[DISPUTED])[0][1]
    assert (dispute.owner, dispute.due_on) == ("clerk", dt.date(2026, 12, 1))


def test_a_person_may_take_words_for_a_confirmation_but_not_over_an_open_dispute(house: House) -> None:
    at = house.clock.now()
    accept = {"by": "li", "confirmed_by": "Mr Ito", "how": How.PHONE, "why": "called him", "at": at}
    accept_confirmation(house.database, ANSWERED, **accept)
    assert state(house, ANSWERED) is State.CONFIRMED
    with pytest.raises(Refusal, match="settle what is open"):
        accept_confirmation(house.database, DISPUTED, **accept)
    resolve_case(house.database, DISPUTED, by="li", why="credit note", at=at)
    assert state(house, DISPUTED) is State.RESOLVED


def test_new_bank_details_need_two_people_who_called_a_number_known_before(house: House) -> None:
    (task,) = tasks(house, TaskKind.BANK_DETAILS_CHANGE)
    with house.database.reading() as work:
        parties_before = work.ledger.parties()
    call = {
        "called": "Mr Brown",
        "phone": "+49 40 1234567",
        "genuine": True,
        "note": "he asked for it",
        "at": house.clock.now(),
    }
    with pytest.raises(Refusal, match="two people"):
        settle_task(house.database, task.no, by="li", why="fine", at=house.clock.now())
    note_call_back(house.database, task.no, by="li", **call)
    assert tasks(house, TaskKind.BANK_DETAILS_CHANGE)  # one person is not enough
    with pytest.raises(Refusal, match="second person"):
        note_call_back(house.database, task.no, by="li", **call)
    note_call_back(house.database, task.no, by="wang", **call)
    assert tasks(house, TaskKind.BANK_DETAILS_CHANGE) == []
    with house.database.reading() as work:
        assert work.ledger.parties() == parties_before


def test_two_who_heard_different_things_settle_nothing(house: House) -> None:
    (task,) = tasks(house, TaskKind.BANK_DETAILS_CHANGE)
    call = {"called": "Mr Brown", "phone": "+49 40 1234567", "note": "…", "at": house.clock.now()}
    note_call_back(house.database, task.no, by="li", genuine=True, **call)
    note_call_back(house.database, task.no, by="wang", genuine=False, **call)
    assert tasks(house, TaskKind.BANK_DETAILS_CHANGE)
    note_call_back(house.database, task.no, by="zhao", genuine=False, **call)
    assert tasks(house, TaskKind.BANK_DETAILS_CHANGE) == []


def test_a_message_placed_by_a_person_runs_again_inside_its_case_and_stays_a_strangers(house: House) -> None:
    (unplaced,) = tasks(house, TaskKind.UNPLACED)
    assert unplaced.message is not None
    place_by_person(house.database, house.stages, unplaced.message, CONFIRMED, by="li", at=house.clock.now())
    assert tasks(house, TaskKind.UNPLACED) == []
    house.process_once("test")
    with house.database.reading() as work:
        message = work.mailroom.message(unplaced.message)
        belief = work.mailroom.results(unplaced.message)["thread"].result["belief"]
    assert message is not None and message.case_id == CONFIRMED
    assert belief in ("stranger", "failing")
    assert tasks(house, TaskKind.BANK_DETAILS_CHANGE, CONFIRMED)  # seen again, now inside the case
    with pytest.raises(Refusal, match="already"):
        place_by_person(house.database, house.stages, unplaced.message, DISPUTED, by="li", at=house.clock.now())


def test_the_command_line_goes_through_the_same_steps(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    config = ["--config", str(house.settings.directory / "mailflow.toml")]
    said = ["close", CONFIRMED, "--confirmed-by", "Ms Chen"]
    assert main(["case", *config, "--by", "li", *said]) == 0
    assert "is closed" in capsys.readouterr().out
    assert main(["case", *config, "--by", "li", *said]) == 2
    assert "cannot be closed" in capsys.readouterr().err
