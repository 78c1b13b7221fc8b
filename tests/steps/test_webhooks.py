"""Webhooks against a real server on loopback: recorded once, signed, tried again, nothing followed, nobody private."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import ipaddress
import json
import threading
from collections.abc import Iterator
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from mailflow.adapters.database.engine import open_engine
from mailflow.adapters.database.migrate import bring_up_to_date
from mailflow.adapters.database.unit_of_work import SqlDatabase
from mailflow.adapters.webhook_http import WebhookCaller, is_public
from mailflow.cases.case import Event, State, TaskKind
from mailflow.receivables.party import Side
from mailflow.refusals import Refusal
from mailflow.steps.advance_case import move
from mailflow.steps.manage_webhooks import (
    Wanted,
    checked_url,
    follow_settings,
    make_webhook,
    secret_of,
    send_again,
    switch_webhook,
)
from mailflow.steps.ports.webhooks import DeliveryState, Subject
from mailflow.steps.tell_webhooks import PATIENCE, Told, look, send
from mailflow.web.api.events import EVENTS

KEY = b"k" * 32
START = dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC)
EVERY = frozenset(Subject)


class Clock:
    def __init__(self) -> None:
        self.at = START

    def now(self) -> dt.datetime:
        return self.at


class Receiver:
    """Their server: ``answers`` are its next statuses (200 when there are none); ``heard`` what it got."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, dict[str, str], bytes]] = []
        self.answers: list[int] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                outer.heard.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
                self.send_response(outer.answers.pop(0) if outer.answers else 200)
                self.send_header("Location", f"http://127.0.0.1:{outer.port}/elsewhere")
                self.end_headers()
                self.wfile.write(b"thank\x1b you")

            def log_message(self, *_: object) -> None:
                return None

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?from=mailflow"

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.stop()


@pytest.fixture
def database(database_url: str) -> Iterator[SqlDatabase]:
    engine = open_engine(database_url)
    bring_up_to_date(engine)
    yield SqlDatabase(engine)
    engine.dispose()


@pytest.fixture
def lean(tmp_path: Path) -> Iterator[SqlDatabase]:
    engine = open_engine(f"sqlite:///{tmp_path}/lean.db")
    bring_up_to_date(engine)
    yield SqlDatabase(engine)
    engine.dispose()


def happen(database: SqlDatabase, clock: Clock, name: str = "SOA-1") -> None:
    """A case is opened and released, and something of it waits for a person."""
    with database.writing() as work:
        work.casefile.open(
            case_id=name, party_id="C1", side=Side.RECEIVABLE, currency="CNY", statement_no=name, version=1,
            as_of=dt.date(2026, 10, 31), our_balance=Decimal(5), at=clock.now(),
        )  # fmt: skip
        move(work, name, Event.RELEASED, at=clock.now())
        work.casefile.raise_task(TaskKind.CALL, case_id=name, message=None, at=clock.now())


def test_what_happens_is_told_once_signed_and_in_the_described_shape(database: SqlDatabase, receiver: Receiver) -> None:
    clock = Clock()
    happen(database, clock, "SOA-before")
    webhook, secret = make_webhook(database, KEY, "erp", receiver.url, EVERY, by="boss", at=clock.now())
    happen(database, clock)
    assert look(database, clock.now()) == 2 and look(database, clock.now()) == 0
    report = send(database, WebhookCaller(), KEY, clock)
    assert (report.delivered, report.failed) == (2, [])
    assert send(database, WebhookCaller(), KEY, clock).delivered == 0
    told = {}
    for path, headers, body in receiver.heard:
        assert path == "/hook?from=mailflow" and headers["content-type"] == "application/json"
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        key = base64.b64decode(secret.removeprefix("whsec_"))
        expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        assert headers["webhook-signature"] == f"v1,{expected}"
        assert abs(int(headers["webhook-timestamp"]) - clock.now().timestamp()) < 2
        event = json.loads(body)
        EVENTS[Subject(event["type"])].model_validate_json(body)
        told[event["type"]] = event["data"]
    assert told["case.changed"]["case"] == told["task.raised"]["case"] == "SOA-1"
    assert told["case.changed"]["after"] == State.QUEUED
    with database.reading() as work:
        assert work.webhooks.counts() == {(webhook.no, DeliveryState.DELIVERED): 2}


def test_what_was_delivered_is_kept_for_a_month_and_what_was_given_up_until_somebody_sees_to_it(
    lean: SqlDatabase, receiver: Receiver
) -> None:
    clock = Clock()
    make_webhook(lean, KEY, "erp", receiver.url, {Subject.CASE_CHANGED}, by="boss", at=clock.now())
    happen(lean, clock)
    look(lean, clock.now())
    send(lean, WebhookCaller(), KEY, clock)
    happen(lean, clock, "SOA-2")
    look(lean, clock.now())
    receiver.answers = [410]
    send(lean, WebhookCaller(), KEY, clock)
    clock.at += dt.timedelta(days=29)
    send(lean, WebhookCaller(), KEY, clock)
    with lean.reading() as work:
        assert {one.state for one in work.webhooks.deliveries()} == {DeliveryState.DELIVERED, DeliveryState.GIVEN_UP}
    clock.at += dt.timedelta(days=2)
    send(lean, WebhookCaller(), KEY, clock)
    with lean.reading() as work:
        assert [one.state for one in work.webhooks.deliveries()] == [DeliveryState.GIVEN_UP]


def test_only_the_events_that_were_asked_for(lean: SqlDatabase, receiver: Receiver) -> None:
    clock = Clock()
    make_webhook(lean, KEY, "erp", receiver.url, {Subject.TASK_RAISED}, by="boss", at=clock.now())
    happen(lean, clock)
    look(lean, clock.now())
    send(lean, WebhookCaller(), KEY, clock)
    assert [json.loads(body)["type"] for _, _, body in receiver.heard] == ["task.raised"]


def test_it_is_tried_again_with_patience_under_the_same_id_and_given_up_in_the_end(
    lean: SqlDatabase, receiver: Receiver
) -> None:
    clock = Clock()
    make_webhook(lean, KEY, "erp", receiver.url, {Subject.TASK_RAISED}, by="boss", at=clock.now())
    happen(lean, clock)
    look(lean, clock.now())
    receiver.answers = [500] * (len(PATIENCE) + 1)
    for wait in PATIENCE:
        assert len(send(lean, WebhookCaller(), KEY, clock).failed) == 1
        assert send(lean, WebhookCaller(), KEY, clock).failed == []
        clock.at += wait
    assert len(send(lean, WebhookCaller(), KEY, clock).given_up) == 1
    clock.at += dt.timedelta(days=30)
    assert send(lean, WebhookCaller(), KEY, clock).delivered == 0
    assert len(receiver.heard) == len(PATIENCE) + 1 and len({one[1]["webhook-id"] for one in receiver.heard}) == 1
    with lean.reading() as work:
        delivery = work.webhooks.deliveries()[0]
    assert (delivery.state, delivery.code) == (DeliveryState.GIVEN_UP, 500)
    assert delivery.words.isprintable()
    send_again(lean, delivery.no, by="boss", at=clock.now())
    assert send(lean, WebhookCaller(), KEY, clock).delivered == 1
    assert len({one[1]["webhook-id"] for one in receiver.heard}) == 1


def test_a_redirect_is_not_followed(lean: SqlDatabase, receiver: Receiver) -> None:
    receiver.answers = [302]
    told = WebhookCaller().post(receiver.url, b"{}", {})
    assert (told.code, told.taken) == (302, False) and "not followed" in told.words
    assert [path for path, _, _ in receiver.heard] == ["/hook?from=mailflow"]


def test_a_server_that_wants_no_more_hears_no_more(lean: SqlDatabase, receiver: Receiver) -> None:
    clock = Clock()
    webhook, _ = make_webhook(lean, KEY, "erp", receiver.url, {Subject.TASK_RAISED}, by="boss", at=clock.now())
    happen(lean, clock)
    look(lean, clock.now())
    receiver.answers = [410]
    assert send(lean, WebhookCaller(), KEY, clock).given_up
    happen(lean, clock, "SOA-2")
    assert look(lean, clock.now()) == 0
    switch_webhook(lean, webhook.no, active=True, by="boss", at=clock.now())
    assert look(lean, clock.now()) == 0
    happen(lean, clock, "SOA-3")
    assert look(lean, clock.now()) == 1


@pytest.mark.parametrize("killed", ["before the record is marked", "after the other side took it"])
def test_killed_anywhere_nothing_is_lost_and_the_id_tells_repeats(
    lean: SqlDatabase, receiver: Receiver, killed: str
) -> None:
    clock = Clock()
    make_webhook(lean, KEY, "erp", receiver.url, {Subject.TASK_RAISED}, by="boss", at=clock.now())
    happen(lean, clock)
    if killed == "before the record is marked":

        class Killed(Exception):
            pass

        with pytest.raises(Killed), lean.writing() as work:
            from mailflow.steps.tell_webhooks import _look_for

            assert _look_for(work, work.webhooks.all()[0], clock.now()) == 1
            raise Killed
        with lean.reading() as work:
            assert work.webhooks.deliveries() == []
        look(lean, clock.now())
    else:
        look(lean, clock.now())

        class Dies:
            def post(self, url: str, body: bytes, headers: dict[str, str]) -> Told:
                WebhookCaller().post(url, body, headers)
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            send(lean, Dies(), KEY, clock)
        assert send(lean, WebhookCaller(), KEY, clock).delivered == 0  # another worker may still be at it
        clock.at += dt.timedelta(minutes=11)
    assert send(lean, WebhookCaller(), KEY, clock).delivered == 1
    identities = [headers["webhook-id"] for _, headers, _ in receiver.heard]
    assert len(set(identities)) == 1 and len(identities) == (1 if killed.startswith("before") else 2)


def test_what_is_committed_late_with_a_lower_number_is_told_too(lean: SqlDatabase, receiver: Receiver) -> None:
    """Two writers on PostgreSQL: task 1 may become visible after task 2."""
    clock = Clock()
    make_webhook(lean, KEY, "erp", receiver.url, {Subject.TASK_RAISED}, by="boss", at=clock.now())
    from mailflow.adapters.database.case_rows import case_task

    def task(number: int) -> None:
        with lean.engine.begin() as connection:
            connection.execute(
                case_task.insert().values(
                    no=number, kind="call", once=str(number), evidence="", facts={}, opened_at=clock.now(),
                    settled="open",
                )
            )  # fmt: skip

    task(2)
    assert look(lean, clock.now()) == 1
    clock.at += dt.timedelta(seconds=30)
    task(1)
    task(3)
    assert look(lean, clock.now()) == 2
    clock.at += dt.timedelta(minutes=10)
    assert look(lean, clock.now()) == 0
    with lean.reading() as work:
        assert work.webhooks.all()[0].seen.task == 3


def test_the_configuration_makes_changes_and_switches_off(lean: SqlDatabase) -> None:
    clock = Clock()
    first = Wanted("erp", "https://erp.example/a", frozenset({Subject.CASE_CHANGED}))
    follow_settings(lean, [first], clock.now())
    follow_settings(lean, [first], clock.now())
    other = Wanted("erp", "https://erp.example/b", EVERY)
    follow_settings(lean, [other], clock.now())
    with lean.reading() as work:
        (kept,) = work.webhooks.all()
    assert (kept.url, kept.subjects, kept.active, kept.from_settings) == ("https://erp.example/b", EVERY, True, True)
    make_webhook(lean, KEY, "by hand", "https://erp.example/c", EVERY, by="boss", at=clock.now())
    follow_settings(lean, [], clock.now())
    with lean.reading() as work:
        assert [(one.name, one.active) for one in work.webhooks.all()] == [("erp", False), ("by hand", True)]


def test_no_secret_is_in_the_database(lean: SqlDatabase) -> None:
    webhook, secret = make_webhook(lean, KEY, "erp", "https://erp.example/", EVERY, by="boss", at=START)
    assert secret == secret_of(KEY, webhook.salt) and len(base64.b64decode(secret.removeprefix("whsec_"))) == 32
    assert lean.engine.url.database is not None
    stored = b"".join(file.read_bytes() for file in Path(lean.engine.url.database).parent.glob("lean.db*"))
    assert secret.removeprefix("whsec_").encode() not in stored


@pytest.mark.parametrize(
    "url",
    [
        "http://erp.example/", "ftp://erp.example/", "https://", "https://user:pw@erp.example/", "file:///etc/passwd",
        "https://erp.example/#x", "https://erp.example/\r\nX: y", "https://erp .example/", "javascript:alert(1)", "",
        "https://[::1", "http://127.0.0.1.erp.example/", "https://erp.example:99999/", "http://[::ffff:10.0.0.1]/",
    ],
)  # fmt: skip
def test_an_address_that_leaves_in_the_clear_or_is_none_is_refused(url: str) -> None:
    with pytest.raises(Refusal):
        checked_url(url)


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.5", "172.16.0.1", "192.168.1.1", "127.0.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "fd00:ec2::254", "::ffff:10.0.0.1", "::ffff:8.8.8.8",
        "::10.0.0.1", "64:ff9b::a00:1", "64:ff9b::a9fe:a9fe", "2002:a00:1::", "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "ff02::1", "198.18.0.1", "192.0.2.1",
    ],
)  # fmt: skip
def test_no_address_of_a_private_network_is_called_in_any_form(address: str) -> None:
    allowed = {"::ffff:8.8.8.8"}
    assert is_public(ipaddress.ip_address(address)) is (address in allowed)
    if address not in allowed | {"127.0.0.1", "::1"}:
        shown = f"[{address}]" if ":" in address else address
        told = WebhookCaller(seconds=2).post(f"https://{shown}/", b"{}", {})
        assert told.code is None and "not a public address" in told.words


def test_a_name_that_leads_into_the_own_network_is_called_only_when_the_owner_says_so(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection goes to the address that was judged: a name that answers differently the second time gains
    nothing, it is asked once."""
    asked = []

    def resolve(host: str, port: int, **_: object) -> list[object]:
        asked.append(host)
        where = "127.0.0.1" if len(asked) > 1 else "93.184.216.34"
        return [(2, 1, 6, "", (where if host == "rebind.example" else "127.0.0.1", receiver.port))]

    monkeypatch.setattr("mailflow.adapters.webhook_http.socket.getaddrinfo", resolve)
    told = WebhookCaller().post(f"https://inside.example:{receiver.port}/", b"{}", {})
    assert told.code is None and "allowed_hosts" in told.words
    told = WebhookCaller(["inside.example"]).post(f"https://inside.example:{receiver.port}/", b"{}", {})
    assert told.code is None and "not a public" not in told.words  # it was called, and speaks no TLS
    asked.clear()
    WebhookCaller(seconds=0.3).post(f"https://rebind.example:{receiver.port}/", b"{}", {})
    assert asked == ["rebind.example"] and receiver.heard == []
