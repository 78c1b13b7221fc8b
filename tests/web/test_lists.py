"""Lists a page at a time: nothing is lost or shown twice, counts are of the whole, links keep the filter."""

from __future__ import annotations

import datetime as dt
import itertools
import re
import shutil
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from mailflow.bootstrap import House, open_house
from mailflow.cases.case import State, TaskKind
from mailflow.receivables.ledger import Item
from mailflow.receivables.party import Party, Side
from mailflow.steps.import_ledger import ReadFile, import_ledger
from mailflow.steps.manage_people import create_account
from mailflow.steps.ports.desk import CaseOrder, PartyOrder
from mailflow.steps.ports.outbox import LetterKey, NewLetter
from mailflow.steps.ports.people import Role
from mailflow.steps.show_cases import cases
from mailflow.steps.show_lists import ROWS, list_cases, list_letters, list_parties
from mailflow.steps.show_today import today
from mailflow.web.app import create_app
from mailflow.web.entrance import Entrance

MANY = 130
DAY = dt.date(2026, 11, 30)


@pytest.fixture(scope="module")
def many(played: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The demo's house and 130 parties more, each with an item, a case and a letter; a task in every second case.
    Nothing here changes it."""
    directory = tmp_path_factory.mktemp("many") / "house"
    shutil.copytree(played, directory)
    house = open_house(str(directory / "mailflow.toml"))
    now = house.clock.now()
    parties = [Party(f"X{no:03}", f"Xeno {no:03}", Side.RECEIVABLE, emails=(f"x{no}@x.example",) if no else ())
               for no in range(MANY)]  # fmt: skip
    items = [
        Item(id=f"X{no}", party_id=f"X{no:03}", side=Side.RECEIVABLE, reference=f"X{no}", date=DAY, currency="CNY",
             amount=Decimal(no + 1), open_amount=Decimal(no + 1))
        for no in range(MANY)
    ]  # fmt: skip
    import_ledger(house.database, items=items, parties=parties, files=[ReadFile("x.csv", "0" * 64)], as_of=DAY,
                  now=now, partial=True)  # fmt: skip
    with house.database.writing() as work:
        for no in range(MANY):
            case = f"SOA-202611-X{no:03}-CNY"
            work.casefile.open(case_id=case, party_id=f"X{no:03}", side=Side.RECEIVABLE, currency="CNY",
                               statement_no=case, version=1, as_of=DAY, our_balance=Decimal(no + 1), at=now,
                               state=State.SENT)  # fmt: skip
            if no % 2:
                work.casefile.raise_task(TaskKind.QUESTION, case_id=case, message=None, at=now)
            work.outbox.queue(NewLetter(LetterKey(case, 1, f"x{no}@x.example"), case, "ar@us.example", case,
                                        f"<{no}@us.example>", f"TOKEN{no}", "0" * 64, 10), now)  # fmt: skip
    create_account(house.database, "mei", "a long enough password", Role.CLERK, by="test", at=now)
    yield house
    house.close()


@pytest.fixture
def desk(many: House) -> TestClient:
    entrance = Entrance()
    client = TestClient(create_app(many, entrance), base_url="http://127.0.0.1", follow_redirects=False)
    client.get(entrance.link_for("mei"))
    return client


def walked(desk: TestClient, path: str, row: str) -> list[str]:
    """What ``row`` finds on this page and on all that its links say come next."""
    found: list[str] = []
    while path:
        page = desk.get(path)
        assert page.status_code == 200 and len(page.content) < 200_000
        listed = page.text.partition('id="h-waiting"')[2].partition("</ol>")[0]
        listed = listed or (page.text.partition('id="h-rows"')[2] or page.text).partition("<tbody>")[2]
        here = re.findall(row, listed)
        assert 0 < len(here) <= 100
        found += here
        link = re.search(r'<a href="([^"]+)" rel="next"', page.text)
        path = link[1].replace("&amp;", "&") if link else ""
    return found


@pytest.mark.parametrize(
    ("path", "row"),
    [
        ("/cases", r'data-open href="/case/([^"]+)"'), ("/cases?order=balance", r'data-open href="/case/([^"]+)"'),
        ("/parties", r'<span class="sub">([^ ]+ · [^< ]+)'),
        ("/parties?order=name", r'<span class="sub">([^ ]+ · [^< ]+)'),
        ("/outbox", r'data-open href="/letter/(\d+)"'), ("/reports/ageing", r"<tr><td>([^<]+)</td>"),
        ("/reports/responses", r'<tr><td><a href="/case/([^"]+)"'), ("/", r'<h3><a href="([^"]+)" data-open'),
    ],
)  # fmt: skip
def test_the_pages_of_a_list_hold_everything_once(desk: TestClient, many: House, path: str, row: str) -> None:
    found = walked(desk, path, row)
    if path != "/reports/ageing":  # one row an account: a party may have several
        assert len(found) == len(set(found))
    seen = today(many.database)
    with many.database.reading() as work:
        wanted = {
            "/cases": len(work.casefile.cases()), "/parties": len(work.ledger.parties()), "/": seen.cut.total,
            "/outbox": sum(work.outbox.counts().values()), "/reports/responses": len(work.casefile.cases()),
            "/reports/ageing": len(many.report("ageing").rows),
        }[path.partition("?")[0]]  # fmt: skip
    assert len(found) == wanted > ROWS


def test_cases_that_need_a_person_come_first_and_are_counted_as_their_next_steps_say(many: House) -> None:
    every = cases(many.database)
    shown = [view for page in (1, 2, 3, 4) for view in list_cases(many.database, page=page).cut.rows]
    ranks = [0 if view.next.red else 1 if view.next.person else 2 for view in shown[: len(every)]]
    assert ranks == sorted(ranks)
    found = list_cases(many.database, person=True)
    assert found.person == found.cut.total == sum(view.next.person for view in every)
    assert all(view.next.person for view in found.cut.rows)
    assert sum(found.counts.values()) == found.total == len(every)


@pytest.mark.parametrize(
    ("order", "key"),
    [
        (CaseOrder.NEWEST, lambda case: -case.as_of.toordinal()), (CaseOrder.PARTY, lambda case: case.party_id),
        (CaseOrder.BALANCE, lambda case: (case.currency, -abs(case.our_balance))),
    ],
)  # fmt: skip
def test_cases_stand_in_the_order_asked_for(many: House, order: CaseOrder, key: Callable[[object], object]) -> None:
    keys = [key(view.case) for view in list_cases(many.database, order=order).cut.rows]
    assert keys == sorted(keys)  # type: ignore[type-var]


def test_a_filter_stays_on_the_next_page_and_an_order_begins_anew(desk: TestClient) -> None:
    page = desk.get("/cases?state=sent&page=2&order=newest").text
    assert 'href="/cases?state=sent&amp;order=newest&amp;page=3"' in page
    assert 'href="/cases?state=sent&amp;order=newest" rel="prev"' in page
    assert 'href="/cases?state=sent&amp;order=balance"' in page


def test_a_page_or_order_that_is_not_there_shows_the_nearest(desk: TestClient) -> None:
    strange = ("page=0", "page=99999", "page=x", "page=-1", "state=nonsense", "order=%00", "kind=x")
    for path, asked in itertools.product(("/", "/cases", "/parties", "/outbox", "/reports/responses"), strange):
        assert desk.get(f"{path}?{asked}").status_code == 200, (path, asked)


def test_parties_are_counted_with_their_cases_and_those_without_an_address_found(many: House) -> None:
    found = list_parties(many.database, unreachable=True)
    assert "X000" in [party.id for party, _ in found.cut.rows] and found.unreachable == len(found.cut.rows)
    with many.database.reading() as work:
        for party, count in list_parties(many.database, order=PartyOrder.CASES).cut.rows:
            own = [one for one in work.casefile.cases(party_id=party.id) if one.side is party.side]
            assert count == len(own)


def test_todays_tasks_of_one_kind_and_the_money_on_all_pages(many: House) -> None:
    first = today(many.database)
    kind = today(many.database, kind=TaskKind.QUESTION)
    assert kind.cut.total >= MANY // 2
    assert all(any(task.kind is TaskKind.QUESTION for task in one.tasks) for one in kind.waiting)
    assert first.kinds == kind.kinds and first.kinds[TaskKind.QUESTION] >= MANY // 2
    assert first.stakes == today(many.database, page=2).stakes
    assert [one.tasks[0].no for one in first.waiting] != [
        one.tasks[0].no for one in today(many.database, page=2).waiting
    ]


def test_letters_stand_newest_first(many: House) -> None:
    numbers = [letter.no for letter in list_letters(many.database).cut.rows]
    assert numbers == sorted(numbers, reverse=True) and len(numbers) == ROWS


@pytest.mark.parametrize(
    ("path", "list_of_it"),
    [("/cases", "/cases"), ("/case/SOA-202610-C007-CNY", "/cases"), ("/party/C007", "/parties"), ("/", "/"),
     ("/message/1", "/cases"), ("/reports/dso", "/reports/ageing")],
)  # fmt: skip
def test_each_page_says_which_list_it_belongs_to(desk: TestClient, path: str, list_of_it: str) -> None:
    navigation = desk.get(path).text.split("</nav>")[0]
    assert re.findall(r'<a href="([^"]+)" aria-current="page">', navigation) == [list_of_it]


def test_amounts_in_an_explanation_are_grouped_at_the_end_of_a_sentence_too(desk: TestClient) -> None:
    page = desk.get("/case/SOA-202610-C004-GBP").text
    assert "13,846.27" in page and "13,596.27" in page
    assert "13846.27" not in page and "theirs 13596.27" not in page
