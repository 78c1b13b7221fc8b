"""Set-up: a ledger is imported only after a look, a policy takes effect only when it reads well, servers are tested."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from mailflow.bootstrap import House
from mailflow.receivables.party import Side
from mailflow.refusals import Refusal
from mailflow.steps.manage_people import create_account
from mailflow.steps.ports.people import Role
from mailflow.web.app import create_app
from mailflow.web.entrance import Entrance
from mailflow.web.words import LANGUAGES

PAGES = ("/setup/servers", "/setup/ledger", "/setup/letters", "/setup/policies")
HEAD = b"id,party_id,side,type,reference,date,currency,amount\n"


def signed_in(house: House, role: Role) -> TestClient:
    create_account(house.database, role.value, "a long enough password", role, by="test", at=house.clock.now())
    entrance = Entrance()
    client = TestClient(create_app(house, entrance), base_url="http://127.0.0.1", follow_redirects=False)
    client.get(entrance.link_for(role.value))
    client.cookies.set("language", "en")
    return client


@pytest.fixture
def desk(house: House) -> TestClient:
    return signed_in(house, Role.ADMINISTRATOR)


def token(desk: TestClient, page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', desk.get(page).text)
    assert found is not None
    return found[1]


def items(house: House) -> dict[str, str]:
    with house.database.reading() as work:
        return {one.id: str(one.amount) for one in work.ledger.items(party_id="C001", side=Side.RECEIVABLE)}


def test_the_ledger_changes_only_after_a_look_at_what_will_change(desk: TestClient, house: House) -> None:
    before = items(house)
    changed = next(iter(before))
    rows = b"NEW-1,C001,receivable,invoice,XS-NEW,2026-11-05,CNY,125.50\n"
    rows += f"{changed},C001,receivable,invoice,XS-OLD,2026-07-01,CNY,1.00\n".encode()
    csrf = token(desk, "/setup/ledger")
    form = {"csrf": csrf, "as_of": "2026-11-05", "partial": "yes"}
    seen = desk.post("/setup/ledger/preview", data=form, files={"ledger": ("../../november.csv", HEAD + rows)})
    assert seen.status_code == 200
    assert re.search(r"Items: new<b>1</b>", seen.text)
    assert re.search(r"Items: changed<b>1</b>", seen.text)
    assert "november.csv" in seen.text and "../" not in seen.text
    assert items(house) == before
    with house.database.reading() as work:
        assert work.journal.recent(1)[0].action != "ledger.imported"
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', seen.text))
    answer = desk.post("/setup/ledger/apply", data=hidden)
    assert answer.headers["location"] == "/setup/ledger"
    assert items(house) == before | {"NEW-1": "125.50", changed: "1.00"}
    with house.database.reading() as work:
        entry = work.journal.recent(1)[0]
    assert (entry.actor, entry.action) == ("administrator", "ledger.imported")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "Choose a ledger file"),
        (b"\x00\x01garbage", "line|column|read|rows"),
        (HEAD + b"X,C001,upwards,,,,,\n", "line"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(desk: TestClient, house: House, content, says) -> None:
    before = items(house)
    form = {"csrf": token(desk, "/setup/ledger"), "back": "/setup/ledger", "as_of": "2026-11-05"}
    answer = desk.post("/setup/ledger/preview", data=form, files={"ledger": ("x.csv", content)})
    assert answer.status_code == 303
    told = re.search(r'class="alert"[^>]*>([^<]+)', desk.get("/setup/ledger").text)
    assert told is not None and re.search(says, told[1])
    assert items(house) == before


def test_most_of_the_ledger_is_not_lost_to_a_wrong_file(desk: TestClient, house: House) -> None:
    form = {"csrf": token(desk, "/setup/ledger"), "back": "/setup/ledger", "as_of": "2026-11-05"}
    row = b"ONLY,C001,receivable,invoice,XS-1,2026-11-05,CNY,1.00\n"
    desk.post("/setup/ledger/preview", data=form, files={"ledger": ("x.csv", HEAD + row)})
    assert "probably not the whole" in desk.get("/setup/ledger").text


def test_a_hash_that_is_none_reads_no_file(desk: TestClient) -> None:
    csrf = token(desk, "/setup/ledger")
    for name in ("../token.key", "f" * 64, "x"):
        answer = desk.post("/setup/ledger/apply", data={"csrf": csrf, "back": "/setup/ledger", "ledger": name})
        assert answer.status_code == 303
        assert "choose the file again" in desk.get("/setup/ledger").text


def test_a_policy_takes_effect_when_it_reads_well_and_stands_in_the_journal(desk: TestClient, house: House) -> None:
    text = house.policy_files.get("ageing.toml").text
    assert house.ageing_policy.edges != (10, 20)
    form = {"csrf": token(desk, "/setup/policies"), "back": "/setup/policies", "why": "the board wants it"}
    new = re.sub(r"edges\s*=\s*\[[^]]*\]", "edges = [10, 20]", text)
    desk.post("/setup/policies/ageing.toml", data={**form, "text": new})
    assert house.ageing_policy.edges == (10, 20)
    own = Path(house.settings.directory) / "config" / "ageing.toml"
    assert own.read_text(encoding="utf-8") == new
    with house.database.reading() as work:
        entry = work.journal.recent(1)[0]
    assert (entry.actor, entry.action, entry.facts["why"]) == ("administrator", "policy.changed", "the board wants it")
    assert "+edges = [10, 20]" in entry.facts["difference"]
    for wrong in ("edges = [30, 10]", "edges = ", "unheard_of = 1"):
        desk.post("/setup/policies/ageing.toml", data={**form, "text": wrong})
        assert 'class="alert"' in desk.get("/setup/policies").text
        assert own.read_text(encoding="utf-8") == new
    assert [one.name for one in own.parent.iterdir()] == ["ageing.toml"]
    with pytest.raises(Refusal):
        house.policy_files.change("../mailflow.toml", "")


def test_servers_that_do_not_answer_are_named_with_their_cure(desk: TestClient) -> None:
    answer = desk.post("/setup/servers", data={"csrf": token(desk, "/setup/servers")})
    assert answer.status_code == 200
    assert "check [smtp] host, port and security" in answer.text
    assert "mailbox finance" in answer.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_set_up_is_whole_in_each_language_and_shows_no_secret(desk: TestClient, house: House, language: str) -> None:
    desk.cookies.set("language", language)
    secret = (house.settings.directory / "password").read_text(encoding="utf-8")
    for page in PAGES:
        answer = desk.get(page)
        assert answer.status_code == 200, page
        assert secret not in answer.text
        assert len(answer.content) < 200_000, (page, len(answer.content))
    html = desk.get("/setup/letters/zh-CN/statement")
    assert "sandbox" in html.headers["content-security-policy"]
    assert desk.get("/setup/letters/zh-CN/nothing").status_code == 404


def test_a_clerk_sets_nothing_up(house: House) -> None:
    clerk = signed_in(house, Role.CLERK)
    for page in PAGES:
        assert clerk.get(page).status_code == 403
    for page in ("/setup/servers", "/setup/ledger/preview", "/setup/ledger/apply", "/setup/policies/review.toml"):
        assert clerk.post(page, data={"csrf": "x"}).status_code == 403
    assert files("mailflow.web").joinpath("pages", "setup_ledger.html").is_file()
