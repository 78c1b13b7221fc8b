"""The desk as people meet it: signing in, what each role may, forms that are ours, decisions made and journaled."""

from __future__ import annotations

import html
import re

import pytest
from starlette.routing import Mount, Route
from starlette.testclient import TestClient

from mailflow.bootstrap import House
from mailflow.cases.case import State, TaskKind
from mailflow.steps.manage_people import change_account, create_account
from mailflow.steps.ports.people import Role
from mailflow.web.app import create_app
from mailflow.web.entrance import TRIES, Entrance
from mailflow.web.visit import OPEN
from mailflow.web.words import LANGUAGES

PASSWORD = "a long enough password"
CASE = "SOA-202610-C007-CNY"
OUR_SCRIPT = '<script src="/static/desk.js" defer></script>'
READ = [
    "/", "/cases", f"/case/{CASE}", f"/case/{CASE}/reconcile", "/message/1", "/statements",
    "/statements/look/SOA-202610-C007-CNY", "/outbox", "/quarantine",
    "/parties", "/party/C007", "/adjustments", f"/adjustments?case={CASE}",
    "/reports/ageing", "/reports/responses", "/reports/disputes", "/search?q=2026",
]  # fmt: skip
DECIDE = [
    "/task/1", "/task/1/bank-details", f"/case/{CASE}/close", f"/case/{CASE}/resolve", f"/case/{CASE}/confirm",
    f"/case/{CASE}/dispute", f"/case/{CASE}/reopen", *(
        f"/case/{CASE}/reconcile/3/{verb}" for verb in ("accept", "reject", "link", "split", "undo")
    ), "/message/1/place", "/letter/1/settle", "/party/C007/conversations", "/conversations/1/undo",
    "/quarantine/1", "/adjustments/propose",
]  # fmt: skip
LET_OUT = [
    "/message/1/answer",
    "/statements/approve",
    "/statements/draw",
    "/party/C007/hold",
    "/hold/1/lift",
    "/adjustments/1",
    "/adjustments/export",
]
ADMINISTER = ["/people/new", "/people/change", "/people/token", "/people/token/1/forget"]


@pytest.fixture
def entrance() -> Entrance:
    return Entrance()


@pytest.fixture
def app(house: House, entrance: Entrance):
    for role in Role:
        create_account(house.database, role.value, PASSWORD, role, by="test", at=house.clock.now())
    return create_app(house, entrance)


def browser(app, entrance: Entrance, name: str | None = None) -> TestClient:
    client = TestClient(app, base_url="http://127.0.0.1", follow_redirects=False)
    if name is not None:
        assert client.get(entrance.link_for(name)).status_code == 303
    return client


def without_our_script(page: str) -> str:
    """The page without the one script that each has, which is a file of ours."""
    assert page.count(OUR_SCRIPT) == 1
    return page.replace(OUR_SCRIPT, "")


def csrf(client: TestClient, page: str = "/") -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', client.get(page).text)
    assert found is not None
    return found[1]


def test_every_route_declares_who_may_use_it(app) -> None:
    for route in app.routes:
        if isinstance(route, Mount) or route.path == "/healthz":
            continue
        assert isinstance(route, Route)
        role = getattr(route, "role", None)
        assert role is OPEN or isinstance(role, Role), route.path
        if "POST" in (route.methods or ()) and role is not OPEN:
            assert role is not Role.VIEWER, route.path


def test_without_a_session_only_the_doors_and_the_health_answer(app, entrance: Entrance) -> None:
    client = browser(app, entrance)
    for path in [*READ, "/people", "/document/1", "/letter/1", f"/statement/{CASE}_v1.pdf"]:
        answer = client.get(path)
        assert answer.status_code == 303, path
        assert answer.headers["location"].startswith("/sign-in"), path
    for path in [*DECIDE, *LET_OUT, *ADMINISTER]:
        assert client.post(path).headers["location"].startswith("/sign-in"), path
    assert client.get("/healthz").text == "ok\n"


@pytest.mark.parametrize("role", list(Role))
def test_a_role_may_what_it_may_and_no_more(app, entrance: Entrance, house: House, role: Role) -> None:
    client = browser(app, entrance, role.value)
    token = csrf(client)
    for path in READ:
        assert client.get(path).status_code == 200, path
    assert client.get("/people").status_code == (200 if role is Role.ADMINISTRATOR else 403)
    for paths, needed in ((DECIDE, Role.CLERK), (LET_OUT, Role.APPROVER), (ADMINISTER, Role.ADMINISTRATOR)):
        for path in paths:
            status = client.post(path, data={"csrf": token}).status_code
            assert (status == 403) is not role.may(needed), (path, status)
            assert status < 500, path


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_whole_in_each_language(app, entrance: Entrance, house: House, language: str) -> None:
    client = browser(app, entrance, "administrator")
    client.cookies.set("language", language)
    with house.database.reading() as work:
        cases = [case.id for case in work.casefile.cases()]
        messages = [message.no for message in work.mailroom.messages()]
    for path in [*READ, "/people", *(f"/case/{one}" for one in cases), *(f"/message/{one}" for one in messages)]:
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert len(answer.content) < 200_000, path
        assert "style=" not in answer.text and "<script" not in without_our_script(answer.text), path


def test_a_form_without_our_token_changes_nothing(app, entrance: Entrance, house: House) -> None:
    client = browser(app, entrance, "clerk")
    with house.database.reading() as work:
        task = work.casefile.tasks()[0]
    for token in ("", "x" * 32, csrf(browser(app, entrance, "approver"))):
        answer = client.post(f"/task/{task.no}", data={"csrf": token, "why": "done", "verdict": "done"})
        assert answer.status_code == 403
    with house.database.reading() as work:
        assert work.casefile.task(task.no) == task


def test_a_task_decided_on_the_page_is_journaled_in_the_name_of_who_signed_in(app, entrance, house: House) -> None:
    client = browser(app, entrance, "clerk")
    with house.database.reading() as work:
        task = next(one for one in work.casefile.tasks() if one.kind is TaskKind.PAYMENT_MADE)
    page = f"/case/{task.case_id}"
    form = {"csrf": csrf(client, page), "back": page, "why": "found on the account", "verdict": "done", "by": "boss"}
    answer = client.post(f"/task/{task.no}", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, page)
    assert "journal under your name" in client.get(page).text
    with house.database.reading() as work:
        entry = list(work.journal.entries(f"case:{task.case_id}"))[-1]
    assert (entry.actor, entry.facts["why"]) == ("clerk", "found on the account")


def test_an_answer_goes_from_the_draft_on_the_page_into_the_outbox(app, entrance: Entrance, house: House) -> None:
    client = browser(app, entrance, "approver")
    page = client.get(f"/case/{CASE}").text
    form = re.search(r'action="/message/(\d+)/answer".*?<textarea[^>]*>\n?(.*?)</textarea>', page, re.DOTALL)
    assert form is not None
    text = html.unescape(form[2])
    assert "逐项核对" in text
    answer = client.post(f"/message/{form[1]}/answer", data={"csrf": csrf(client), "text": text + "\n陈会计"})
    assert answer.status_code == 303
    with house.database.reading() as work:
        letter = work.outbox.letters(case_id=CASE)[-1]
    assert letter.key.kind == f"answer-{form[1]}"
    assert f"/message/{form[1]}/answer" not in client.get(f"/case/{CASE}").text  # and is offered no more


def test_new_bank_details_take_two_people_on_the_page_too(app, entrance: Entrance, house: House) -> None:
    with house.database.reading() as work:
        task = next(one for one in work.casefile.tasks() if one.kind is TaskKind.BANK_DETAILS_CHANGE)
    where = f"/message/{task.message}"
    form = {"called": "Mr Brown", "phone": "+44 20 7946 0001", "why": "did not ask", "heard": "fraud", "back": where}
    for name, settled in (("clerk", False), ("clerk", False), ("approver", True)):
        client = browser(app, entrance, name)
        client.post(f"/task/{task.no}/bank-details", data={**form, "csrf": csrf(client)})
        with house.database.reading() as work:
            kept = work.casefile.task(task.no)
        assert kept is not None
        assert (kept.settled.value == "dismissed") is settled


def test_a_month_end_case_is_closed_on_the_page(app, entrance: Entrance, house: House) -> None:
    client = browser(app, entrance, "clerk")
    case = "SOA-202610-C001-CNY"
    form = {"csrf": csrf(client), "confirmed_by": "李会计", "how": "sealed_copy", "why": ""}
    client.post(f"/case/{case}/close", data=form)
    with house.database.reading() as work:
        found = work.casefile.get(case)
    assert found is not None and found.state is State.CLOSED
    assert "李会计" in client.get(f"/case/{case}").text


def test_a_held_statement_is_released_by_an_approver_and_its_letter_queued(app, entrance, house: House) -> None:
    number = "SOA-202610-C016-JPY"
    client = browser(app, entrance, "approver")
    client.post("/statements/approve", data={"csrf": csrf(client), "statement": number})
    with house.database.reading() as work:
        assert [one.key.kind for one in work.outbox.letters(case_id=number)] == ["statement"]


def test_signing_in_says_the_same_for_a_wrong_name_and_a_wrong_password_and_stops_guessing(app, entrance) -> None:
    client = browser(app, entrance)

    def attempt(name: str, password: str):
        data = {"name": name, "password": password, "csrf": csrf(client, "/sign-in"), "next": "//evil.example/"}
        return client.post("/sign-in", data=data)

    bare = re.compile(r'value="[^"]*"')
    wrong = [attempt("clerk", "wrong"), attempt("nobody", "wrong")]
    assert {one.status_code for one in wrong} == {401}
    assert bare.sub("", wrong[0].text) == bare.sub("", wrong[1].text)
    right = attempt("clerk", PASSWORD)
    assert (right.status_code, right.headers["location"]) == (303, "/")  # never to another server
    client = browser(app, entrance)
    for _ in range(TRIES):
        attempt("viewer", "wrong")
    assert attempt("viewer", PASSWORD).status_code == 401


def test_a_session_ends_when_role_or_password_change_and_the_last_administrator_stays(app, entrance, house) -> None:
    client, admin = browser(app, entrance, "clerk"), browser(app, entrance, "administrator")
    assert client.get("/").status_code == 200
    change_account(house.database, "clerk", by="test", at=house.clock.now(), role=Role.VIEWER)
    assert client.get("/").status_code == 303
    admin.post("/people/change", data={"csrf": csrf(admin), "name": "administrator", "role": "viewer"})
    assert admin.get("/people").status_code == 200


def test_the_first_administrator_needs_the_code_of_the_terminal_and_comes_once(house: House) -> None:
    entrance = Entrance()
    client = browser(create_app(house, entrance), entrance)
    assert client.get("/sign-in").headers["location"] == "/first"
    form = {"name": "li", "password": PASSWORD, "code": "guessed"}
    assert client.post("/first", data={**form, "csrf": csrf(client, "/first")}).status_code == 400
    form["code"] = entrance.first_code
    assert client.post("/first", data={**form, "csrf": csrf(client, "/first")}).status_code == 303
    assert client.get("/people").status_code == 200
    other = browser(create_app(house, entrance), entrance)
    assert other.get("/first").headers["location"] == "/sign-in"


def test_a_one_time_link_signs_in_once(app, entrance: Entrance) -> None:
    link = entrance.link_for("clerk")
    assert browser(app, entrance).get(link).headers["location"] == "/"
    assert browser(app, entrance).get(link).headers["location"] == "/sign-in"


def test_what_they_wrote_is_shown_as_text_and_what_they_sent_is_only_downloaded(app, entrance, house: House) -> None:
    hostile = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'
    client = browser(app, entrance, "clerk")
    with house.database.writing() as work:
        kept = work.documents.of_case(CASE) or [
            one for message in work.mailroom.messages(case_id=CASE) for one in work.documents.of_message(message.no)
        ]
        work.mailroom.note(kept[0].message, subject=hostile, sender=hostile)
        work.casefile.raise_task(
            TaskKind.QUESTION, case_id=CASE, message=kept[0].message, at=house.clock.now(), evidence=hostile, key="x"
        )
    for path in ("/", f"/case/{CASE}", f"/message/{kept[0].message}", "/search?q=script", f"/search?q={hostile}"):
        page = client.get(path)
        assert "<script" not in without_our_script(page.text) and "<img src=x" not in page.text, path
        assert "script-src 'self'" in page.headers["content-security-policy"]
    file = client.get(f"/document/{kept[0].no}")
    assert file.headers["content-type"] == "application/octet-stream"
    assert file.headers["content-disposition"].startswith("attachment;")
    assert file.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in file.headers["content-security-policy"]


def test_another_host_name_is_refused_and_the_cookie_is_not_for_scripts(app, entrance: Entrance) -> None:
    client = browser(app, entrance)
    assert client.get("/sign-in", headers={"host": "evil.example"}).status_code == 400
    cookie = client.get("/sign-in").headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=lax" in cookie
