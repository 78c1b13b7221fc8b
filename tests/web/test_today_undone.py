"""Today: one click for each thing that waits, and taking back what was done by itself or by mistake."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from starlette.testclient import TestClient

from mailflow.bootstrap import House
from mailflow.cases.case import Settled, State, TaskKind
from mailflow.cases.next_action import urgency
from mailflow.refusals import Refusal
from mailflow.steps.manage_people import create_account
from mailflow.steps.ports.people import Role
from mailflow.steps.show_today import today
from mailflow.steps.take_back import reopen_task, take_back_move
from mailflow.web.app import create_app
from mailflow.web.entrance import Entrance

CONFIRMED, PROMISED, DISPUTED = "SOA-202610-C001-CNY", "SOA-202610-C005-CNY", "SOA-202610-C003-CNY"


@pytest.fixture
def desk(house: House) -> TestClient:
    create_account(house.database, "mei", "a long enough password", Role.CLERK, by="test", at=house.clock.now())
    entrance = Entrance()
    client = TestClient(create_app(house, entrance), base_url="http://127.0.0.1", follow_redirects=False)
    client.get(entrance.link_for("mei"))
    client.cookies.set("language", "en")
    return client


def press(desk: TestClient, path: str, page: str = "/", **fields: str) -> str:
    token = re.search(r'name="csrf" value="([^"]+)"', desk.get(page).text)
    assert token is not None
    answer = desk.post(path, data={"csrf": token[1], "back": page, **fields})
    assert answer.status_code == 303
    return desk.get(answer.headers["location"]).text


def undoable(house: House) -> dict[str, int]:
    return {
        done.entry.subject.removeprefix("case:"): done.take_back
        for done in today(house.database).by_itself
        if done.take_back is not None
    }


@pytest.mark.parametrize(("case", "was"), [(CONFIRMED, "confirmed"), (PROMISED, "promised"), (DISPUTED, "disputed")])
def test_what_was_understood_wrongly_is_taken_back_and_the_message_waits(
    desk: TestClient, house: House, case: str, was: str
) -> None:
    entry = undoable(house)[case]
    page = press(desk, f"/case/{case}/take-back", entry=str(entry), why="it is about another month")
    assert 'class="told"' in page
    with house.database.reading() as work:
        after = work.casefile.get(case)
        tasks = work.casefile.tasks(case_ids=[case])
        last = [one for one in work.journal.entries(f"case:{case}") if one.action == "case.taken_back"][-1]
        disputes = [one for _, one in work.casefile.disputes(case_ids=[case])]
    assert after is not None and after.state is State.ANSWERED
    assert (last.actor, last.facts["took_for"], last.facts["why"]) == ("mei", was, "it is about another month")
    assert any(task.kind is TaskKind.READ_BY_PERSON and task.message == last.facts["message"] for task in tasks)
    assert all(one.settled is not Settled.OPEN for one in disputes)
    with house.database.reading() as work:
        assert work.journal.broken_at() is None
    assert case not in undoable(house)


def test_taking_back_twice_or_what_has_moved_on_is_refused(house: House) -> None:
    entry, now = undoable(house)[CONFIRMED], house.clock.now()
    take_back_move(house.database, CONFIRMED, entry, by="mei", why="wrong", at=now)
    with pytest.raises(Refusal, match="moved on"):
        take_back_move(house.database, CONFIRMED, entry, by="mei", why="wrong", at=now)
    with pytest.raises(Refusal, match="say what"):
        take_back_move(house.database, PROMISED, undoable(house)[PROMISED], by="mei", why=" ", at=now)
    with pytest.raises(Refusal, match="moved on"):
        take_back_move(house.database, PROMISED, 1, by="mei", why="wrong", at=now)


def test_a_thing_done_with_one_click_waits_again_with_one_more(desk: TestClient, house: House) -> None:
    with house.database.reading() as work:
        task = next(one for one in work.casefile.tasks() if one.kind is TaskKind.READ_BY_PERSON)
    page = press(desk, f"/task/{task.no}", why="Read, nothing to do", verdict="done")
    assert f'action="/task/{task.no}/reopen"' in page
    with house.database.reading() as work:
        assert work.casefile.task(task.no).settled is Settled.DONE
    press(desk, f"/task/{task.no}/reopen")
    with house.database.reading() as work:
        again = work.casefile.task(task.no)
        entry = work.journal.recent(1)[0]
    assert (again.settled, again.settled_by) == (Settled.OPEN, None)
    assert (entry.actor, entry.action, entry.facts["settled_by"]) == ("mei", "task.reopened", "mei")


def test_a_call_back_is_no_task_to_reopen(house: House) -> None:
    with house.database.reading() as work:
        bank = next(one for one in work.casefile.tasks() if one.kind is TaskKind.BANK_DETAILS_CHANGE)
    with pytest.raises(Refusal, match="is open"):
        reopen_task(house.database, bank.no, by="mei", why="", at=house.clock.now())
    with house.database.writing() as work:
        work.casefile.settle_task(bank.no, Settled.DONE, by="two people", at=house.clock.now())
    with pytest.raises(Refusal, match="decision of its own"):
        reopen_task(house.database, bank.no, by="mei", why="", at=house.clock.now())


def test_money_of_two_currencies_is_neither_added_nor_compared(house: House) -> None:
    seen = today(house.database)
    assert set(seen.stakes) >= {"CNY", "EUR", "GBP", "USD"}
    for currency, total in seen.stakes.items():
        ours = [one.stake for one in seen.waiting if one.case is not None and one.case.currency == currency]
        assert total == sum(ours, Decimal(0))
    for one, after in zip(seen.waiting, seen.waiting[1:], strict=False):
        same = one.case and after.case and one.case.currency == after.case.currency
        if same and one.red == after.red and urgency(one.tasks[0].kind) == urgency(after.tasks[0].kind):
            assert one.stake >= after.stake


def test_every_kind_of_task_has_its_place_and_its_words() -> None:
    assert sorted(urgency(kind) for kind in TaskKind) == list(range(len(TaskKind)))
