"""Every route with every role, from the tables themselves: what a role must not do answers 403 and changes nothing."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from starlette.routing import BaseRoute, Mount, Route
from starlette.testclient import TestClient

from mailflow.bootstrap import House
from mailflow.steps.manage_people import create_account, issue_token
from mailflow.steps.ports.people import Role
from mailflow.web.api.table import OPERATIONS
from mailflow.web.app import create_app
from mailflow.web.entrance import Entrance
from mailflow.web.visit import OPEN

PASSWORD = "a long enough password"
CASE = "SOA-202610-C007-CNY"
NOBODY = "nobody"
WHO = [NOBODY, *(role.value for role in Role)]
# what stands for each part of a path: things that are there, so that a hole in the wall would do something
PARTS = {
    "case": CASE, "no": "1", "number": CASE, "document": "3", "page": "1", "party": "C007", "side": "receivable",
    "report": "ageing", "form": "csv", "code": "guessed", "language": "en", "name": "ageing", "rest": "nothing",
}  # fmt: skip
ENDLESS = ("/live",)  # a stream of events has a test of its own


def filled(path: str) -> str:
    return re.sub(r"{(\w+)(?::\w+)?}", lambda part: PARTS.get(part[1], "1"), path)


def pages(app) -> list[tuple[str, str, object]]:
    """(method, path, role) of every route that is not the API's."""
    found = []
    for route in app.routes:
        if isinstance(route, Mount) or not isinstance(route, Route) or route.path.startswith("/api"):
            continue
        if route.path in ENDLESS or route.path == "/healthz":
            continue
        for method in sorted((route.methods or {"GET"}) - {"HEAD"}):
            found.append((method, route.path, role_of(route)))
    return found


def role_of(route: BaseRoute) -> object:
    role = getattr(route, "role", None)
    assert role is OPEN or isinstance(role, Role), f"{route} says nobody who may use it"
    return role


@pytest.fixture
def browsers(house: House) -> dict[str, TestClient]:
    entrance = Entrance()
    app = create_app(house, entrance)
    made = {}
    for who in WHO:
        made[who] = TestClient(app, base_url="http://127.0.0.1", follow_redirects=False, raise_server_exceptions=True)
        if who != NOBODY:
            create_account(house.database, who, PASSWORD, Role(who), by="test", at=house.clock.now())
            assert made[who].get(entrance.link_for(who)).status_code == 303
    return made


@pytest.fixture
def marks(house: House) -> Callable[[], object]:
    def read() -> object:
        with house.database.reading() as work:
            counts = sorted((state.value, count) for state, count in work.outbox.counts().items())
            return work.browse.marks(), counts, [one.epoch for one in work.people.accounts()]

    return read


def may(who: str, role: object) -> bool:
    return role is OPEN or (who != NOBODY and Role(who).may(role))  # type: ignore[arg-type]


def test_no_page_shows_or_does_what_the_role_must_not(browsers, marks) -> None:
    every = pages(next(iter(browsers.values())).app)
    assert len(every) > 40
    before = marks()
    for who, browser in browsers.items():
        csrf = None
        if who != NOBODY:
            found = re.search(r'name="csrf" value="([^"]+)"', browser.get("/").text)
            csrf = found[1] if found else None
        for method, path, role in every:
            if may(who, role):
                continue
            answer = browser.request(method, filled(path), data={"csrf": csrf or ""} if method == "POST" else None)
            if who == NOBODY:
                assert answer.status_code == 303, (who, method, path)
                assert answer.headers["location"].startswith("/sign-in")
            else:
                assert answer.status_code == 403, (who, method, path)
            assert CASE not in answer.text or CASE in filled(path)
    assert marks() == before


def test_every_page_that_the_role_may_see_opens_without_a_failure(browsers) -> None:
    for who, browser in browsers.items():
        for method, path, role in pages(browser.app):
            if method == "GET" and may(who, role):
                assert browser.get(filled(path)).status_code < 500, (who, path)


def test_every_form_that_is_not_ours_changes_nothing(browsers, marks) -> None:
    """Without the token of the session's own pages."""
    before, browser = marks(), browsers[Role.ADMINISTRATOR.value]
    for method, path, role in pages(browser.app):
        if method == "POST" and role is not OPEN:
            answer = browser.post(filled(path), data={"why": "x", "csrf": "guessed"})
            assert answer.status_code == 403, path
    assert marks() == before


@pytest.fixture
def programs(house: House) -> dict[str, TestClient]:
    app = create_app(house)
    made = {NOBODY: TestClient(app, base_url="http://127.0.0.1")}
    for role in Role:
        account = create_account(house.database, role.value, PASSWORD, role, by="test", at=house.clock.now())
        token = issue_token(house.database, account, "test", role, days=1, at=house.clock.now())
        made[role.value] = TestClient(app, base_url="http://127.0.0.1", headers={"Authorization": f"Bearer {token}"})
    return made


def test_no_operation_of_the_api_answers_a_role_that_must_not(programs, marks) -> None:
    before = marks()
    for who, program in programs.items():
        for one in OPERATIONS:
            if may(who, one.role):
                continue
            answer = program.request(one.method, "/api" + filled(one.path), json={})
            assert answer.status_code == (401 if who == NOBODY else 403), (who, one.method, one.path)
            assert answer.headers["content-type"] == "application/problem+json"
    assert marks() == before


def test_every_operation_answers_those_who_may_without_a_failure(programs) -> None:
    """With an empty body: well formed questions are answered, what is missing is named, nothing breaks."""
    for who, program in programs.items():
        for one in OPERATIONS:
            if who != NOBODY and may(who, one.role):
                body = {"json": {}} if one.method == "POST" else {}
                answer = program.request(one.method, "/api" + filled(one.path), **body)
                assert answer.status_code in (200, 404, 409, 422), (who, one.method, one.path, answer.text)


def test_a_token_may_do_no_more_than_it_was_made_for(house: House) -> None:
    """An administrator's token with the role of a viewer is a viewer's."""
    boss = create_account(house.database, "boss", PASSWORD, Role.ADMINISTRATOR, by="test", at=house.clock.now())
    token = issue_token(house.database, boss, "books", Role.VIEWER, days=1, at=house.clock.now())
    program = TestClient(create_app(house), base_url="http://127.0.0.1", headers={"Authorization": f"Bearer {token}"})
    assert program.get("/api/me").json() == {"account": "boss", "role": "viewer"}
    for one in OPERATIONS:
        if one.role is not Role.VIEWER:
            assert program.request(one.method, "/api" + filled(one.path), json={}).status_code == 403, one.path


def test_reading_changes_nothing(programs, marks) -> None:
    before = marks()
    for one in OPERATIONS:
        if one.method == "GET":
            programs[Role.ADMINISTRATOR.value].get("/api" + filled(one.path))
    assert marks() == before
