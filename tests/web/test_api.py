"""The API on the demo's month: each answer has the shape that is described; decisions go through the steps."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from mailflow.bootstrap import House
from mailflow.cases.case import State, TaskKind
from mailflow.steps.manage_people import change_account, create_account, issue_token
from mailflow.steps.ports.people import Role
from mailflow.steps.show_cases import cases
from mailflow.web.api.gate import BODY_LIMIT
from mailflow.web.api.openapi import description
from mailflow.web.api.table import OPERATIONS
from mailflow.web.app import create_app

PASSWORD = "a long enough password"
CASE = "SOA-202610-C007-CNY"
As = Callable[[Role], TestClient]


def token_for(house: House, role: Role, name: str | None = None) -> str:
    name = name or role.value
    with house.database.reading() as work:
        account = work.people.account(name)
    if account is None:
        account = create_account(house.database, name, PASSWORD, role, by="test", at=house.clock.now())
    return issue_token(house.database, account, "test", role, days=1, at=house.clock.now())


@pytest.fixture
def client_of(house: House) -> As:
    app = create_app(house)

    def client(role: Role, name: str | None = None) -> TestClient:
        headers = {"Authorization": f"Bearer {token_for(house, role, name)}"}
        return TestClient(app, base_url="http://127.0.0.1", headers=headers, follow_redirects=False)

    return client


def path_of(operation, client: TestClient) -> str:
    """A real path of each operation, from the lists."""
    first = {
        "/tasks/{no}": "/api/tasks?open=false", "/messages/{no}": "/api/messages", "/documents/{no}": "/api/documents",
        "/reconciliations/{no}": "/api/reconciliations", "/outbox/{no}": "/api/outbox",
    }  # fmt: skip
    path = operation.path
    for start, where in first.items():
        if path.startswith(start):
            rows = next(value for name, value in client.get(where).json().items() if name != "next")
            path = path.replace("{no}", str(rows[0]["no"]))
    path = path.replace("{case}", CASE).replace("{number}", CASE).replace("{party}/{side}", "C007/receivable")
    return "/api" + path.replace("{report}", "ageing").replace("/search", "/search?q=2026")


def test_every_answer_has_the_shape_that_is_described(client_of: As) -> None:
    client = client_of(Role.ADMINISTRATOR)
    for operation in OPERATIONS:
        if operation.method != "GET":
            continue
        answer = client.get(path_of(operation, client))
        assert answer.status_code == 200, (operation.path, answer.text)
        if operation.answer is None:
            assert answer.headers["content-type"] == "application/octet-stream"
            assert answer.headers["content-disposition"].startswith("attachment")
        else:
            operation.answer.model_validate_json(answer.content)


def test_the_lists_hold_what_the_command_line_shows(client_of: As, house: House) -> None:
    told = client_of(Role.VIEWER).get("/api/cases?limit=200").json()
    shown = sorted((view.to_json() for view in cases(house.database)), key=lambda one: one["case"])
    assert told == {"cases": json.loads(json.dumps(shown)), "next": None}


@pytest.mark.parametrize(
    "path", ["cases", "tasks", "messages", "documents", "outbox", "statements", "parties", "items"]
)
def test_pages_together_are_the_whole_and_nothing_twice(client_of: As, path: str) -> None:
    client = client_of(Role.VIEWER)

    def rows(answer):
        return next(value for name, value in answer.items() if name != "next")

    whole, where, pieces = rows(client.get(f"/api/{path}?limit=200").json()), f"/api/{path}?limit=3", []
    while where:
        answer = client.get(where).json()
        assert len(rows(answer)) <= 3
        pieces += rows(answer)
        where = answer["next"]
    assert pieces == whole and len(whole) > 3


def test_filters_choose_and_stay_on_the_next_page(client_of: As) -> None:
    client = client_of(Role.VIEWER)
    answer = client.get("/api/items?party=C007&side=receivable&limit=2").json()
    assert "party=C007" in answer["next"] and "side=receivable" in answer["next"]
    assert {one["party"] for one in answer["items"]} == {"C007"}
    states = {one["state"] for one in client.get("/api/cases?state=confirmed").json()["cases"]}
    assert states == {State.CONFIRMED.value}


def test_what_did_not_change_is_not_sent_again(client_of: As) -> None:
    client = client_of(Role.VIEWER)
    first = client.get(f"/api/cases/{CASE}")
    again = client.get(f"/api/cases/{CASE}", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client_of(Role.CLERK).post(f"/api/cases/{CASE}/note", json={"note": "called them"}).status_code == 200
    whole = client.get(f"/api/cases/{CASE}/conversation", headers={"If-None-Match": first.headers["etag"]})
    assert whole.status_code == 200
    assert whole.json()["history"][-1]["facts"]["why"] == "called them"


def test_a_decision_goes_through_the_step_and_stands_in_the_journal(client_of: As, house: House) -> None:
    with house.database.reading() as work:
        task = next(one for one in work.casefile.tasks() if one.kind is TaskKind.DISPUTE)
    answer = client_of(Role.CLERK).post(f"/api/tasks/{task.no}/settle", json={"why": "answered by telephone"})
    assert answer.json()["settled"] == [task.no]
    with house.database.reading() as work:
        entry = work.journal.recent(1)[0]
    assert (entry.actor, entry.action, entry.facts["why"]) == ("clerk", "task.settled", "answered by telephone")
    again = client_of(Role.CLERK).post(f"/api/tasks/{task.no}/settle", json={"why": "once more"})
    assert again.status_code == 409 and "was settled before, by clerk" in again.json()["detail"]


def test_two_tokens_of_one_person_are_one_person(client_of: As, house: House) -> None:
    """Four eyes look at accounts, not at tokens."""
    with house.database.reading() as work:
        task = next(one for one in work.casefile.tasks() if one.kind is TaskKind.BANK_DETAILS_CHANGE)
    said = {"called": "Herr Wagner", "phone": "+49 30 5550 1788", "genuine": False, "why": "he knows of nothing"}
    first = client_of(Role.CLERK, "anna").post(f"/api/tasks/{task.no}/call-back", json=said)
    assert first.json()["settled"] is False, first.text
    again = client_of(Role.CLERK, "anna").post(f"/api/tasks/{task.no}/call-back", json=said)
    assert again.status_code == 409 and "second person" in again.json()["detail"]
    assert client_of(Role.CLERK, "bert").post(f"/api/tasks/{task.no}/call-back", json=said).json()["settled"] is True


def test_a_dispute_is_given_to_somebody_with_a_day(client_of: As) -> None:
    case, clerk = "SOA-202610-C003-CNY", client_of(Role.CLERK)
    (dispute, *_) = clerk.get(f"/api/cases/{case}/disputes").json()["disputes"]
    assert (dispute["owner"], dispute["settled"]) == (None, "open")
    said = {"reference": dispute["reference"], "owner": "clerk", "due_on": "2026-12-01"}
    assert clerk.post(f"/api/cases/{case}/assign", json=said).status_code == 200
    (dispute, *_) = clerk.get(f"/api/cases/{case}/disputes").json()["disputes"]
    assert (dispute["owner"], dispute["due_on"]) == ("clerk", "2026-12-01")


def test_an_adjustment_is_proposed_by_one_and_approved_by_another(client_of: As, house: House) -> None:
    case = "SOA-202610-C004-GBP"
    said = {"kind": "credit_note", "reference": "INV-00215", "amount": "-250.00", "date": "2026-11-02", "why": "price"}
    li, wang = client_of(Role.APPROVER, "li"), client_of(Role.APPROVER, "wang")
    made = li.post(f"/api/cases/{case}/adjustments", json=said).json()
    assert (made["state"], made["proposed_by"], made["amount"]) == ("proposed", "li", "-250.00")
    path = f"/api/adjustments/{made['number']}"
    assert li.post(f"{path}/approve", json={}).status_code == 409
    assert wang.post(f"{path}/approve", json={}).json()["decided_by"] == "wang"
    assert wang.get(f"/api/adjustments?case={case}&state=approved").json()["adjustments"][0]["number"] == made["number"]
    assert client_of(Role.CLERK, "anna").post(f"{path}/reject", json={"why": "no"}).status_code == 403
    assert li.post("/api/adjustments/99/approve", json={}).status_code == 404


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/cases/SOA-nobody", 404), ("/api/tasks/99999", 404), ("/api/tasks/0", 404), ("/api/tasks/x", 404),
        ("/api/tasks/99999999999999999999", 404), ("/api/nothing", 404), ("/api", 404), ("/api/parties/C007/ours", 404),
        ("/api/cases?colour=red", 422), ("/api/cases?limit=0", 422), ("/api/cases?limit=201", 422),
        ("/api/cases?limit=x", 422), ("/api/cases?after=WyJ4Il0", 422), ("/api/cases?after=WzFd", 422),
        ("/api/cases?state=asleep", 422), ("/api/cases?party=%00", 422), ("/api/cases?limit=1&limit=2", 422),
        ("/api/me?x=1", 422), ("/api/cases/%00", 404), ("/api/statements?as_of=2026-13-01", 422),
        ("/api/search", 422), ("/api/reports/nonsense", 404), ("/api/cases?as_of=0001-01-01", 422),
    ],
)  # fmt: skip
def test_a_bad_question_has_one_clear_sentence(client_of: As, path: str, status: int) -> None:
    answer = client_of(Role.VIEWER).get(path)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert told["status"] == status and told["title"] and "\n" not in told["detail"] and told["detail"]


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{}", "application/json", 422), (b"{", "application/json", 422), (b"[]", "application/json", 422),
        (b'{"why": 1}', "application/json", 422), (b'{"why": " "}', "application/json", 422),
        (b'{"why": "a\\u0000b"}', "application/json", 422), (b'{"why": "\\ud800"}', "application/json", 422),
        (b'{"why": "x", "by": "somebody else"}', "application/json", 422), (b"why=x", "text/plain", 415),
        (b'{"why": "' + b"x" * BODY_LIMIT + b'"}', "application/json", 413),
        (b'{"why": "' + b"[" * 5_000, "application/json", 422), (b"\xff\xfe", "application/json", 422),
    ],
)  # fmt: skip
def test_a_bad_body_changes_nothing(client_of: As, house: House, body: bytes, kind: str, status: int) -> None:
    client = client_of(Role.CLERK)
    with house.database.reading() as work:
        before = work.browse.marks()
    answer = client.post(f"/api/cases/{CASE}/resolve", content=body, headers={"Content-Type": kind})
    assert answer.status_code == status, answer.text
    with house.database.reading() as work:
        assert work.browse.marks() == before


def test_other_methods_are_refused_with_what_there_is(client_of: As) -> None:
    answer = client_of(Role.ADMINISTRATOR).delete("/api/cases")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")
    assert client_of(Role.ADMINISTRATOR).head("/api/cases").status_code == 200


def test_only_a_token_that_counts_opens_the_api(client_of: As, house: House) -> None:
    client = client_of(Role.CLERK)
    nobody = TestClient(client.app, base_url="http://127.0.0.1")
    for headers in ({}, {"Authorization": "Basic Y2xlcms6eA=="}, {"Authorization": "Bearer mf_guessed"}):
        answer = nobody.get("/api/cases", headers=headers)
        assert answer.status_code == 401 and answer.headers["www-authenticate"].startswith("Bearer")
    assert client.get("/api/cases").status_code == 200
    change_account(house.database, "clerk", by="test", at=house.clock.now(), active=False)
    assert client.get("/api/cases").status_code == 401


def test_a_session_of_the_desk_opens_nothing_of_the_api(client_of: As, house: House) -> None:
    """So no other site's page can act through a browser that is signed in."""
    from mailflow.web.entrance import Entrance

    create_account(house.database, "boss", PASSWORD, Role.ADMINISTRATOR, by="test", at=house.clock.now())
    entrance = Entrance()
    browser = TestClient(create_app(house, entrance), base_url="http://127.0.0.1", follow_redirects=False)
    assert browser.get(entrance.link_for("boss")).status_code == 303
    assert browser.get("/").status_code == 200
    assert browser.get("/api/cases").status_code == 401


def test_the_description_and_its_page_need_nothing_from_elsewhere(client_of: As) -> None:
    client = client_of(Role.VIEWER)
    nobody = TestClient(client.app, base_url="http://127.0.0.1")
    told = nobody.get("/api/openapi.json").json()
    assert told == json.loads(json.dumps(description())) and told["openapi"] == "3.1.0"
    page = nobody.get("/api/docs").text
    for operation in OPERATIONS:
        assert f"{operation.method} /api{operation.path}" in page
    loads = [one for one in ('src="http', 'href="http', "url(", "<script", "<iframe") if one in page]
    assert not loads


def test_every_part_of_the_description_that_is_named_is_there() -> None:
    text = json.dumps(description())
    known = description()["components"]["schemas"]
    for name in set(text.split('"#/components/schemas/')[1:]):
        assert name.partition('"')[0] in known
    identities = [one["operationId"] for way in description()["paths"].values() for one in way.values()]
    assert len(set(identities)) == len(identities)
