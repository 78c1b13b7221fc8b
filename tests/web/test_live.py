"""Live updates over a real socket: mail arrives, the open page hears of it; connections are bounded and end."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from mailflow.bootstrap import House, open_house
from mailflow.steps.manage_people import change_account, create_account
from mailflow.steps.ports.people import Role
from mailflow.web import server as servers
from mailflow.web.live import Live
from mailflow.web.server import ConsoleServer


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (tmp_path / "mailflow.toml").write_text(f'[company]\nname = "Huaxing"\n[web]\nport = {port}\n', encoding="utf-8")
    made = open_house(str(tmp_path / "mailflow.toml"))
    create_account(made.database, "anna", "a long enough password", Role.VIEWER, by="t", at=made.clock.now())
    yield made
    made.close()


@pytest.fixture
def console(house: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[ConsoleServer]:
    monkeypatch.setattr("mailflow.web.app.Live", lambda of: Live(of, most_each=2, look_every=0.05, heartbeat=0.3))
    made = servers.ConsoleServer(house)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def browser(console: ConsoleServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=console.address, timeout=10, trust_env=False) as client:
        assert client.get(console.link_for("anna").removeprefix(console.address)).status_code == 303
        yield client


def events(lines: Iterator[str]) -> Iterator[tuple[str, dict[str, object]]]:
    name = ""
    for line in lines:
        if line.startswith("event: "):
            name = line[7:]
        elif line.startswith("data: "):
            yield name, json.loads(line[6:])


def test_an_open_page_hears_what_another_process_did(house: House, browser: httpx.Client) -> None:
    with browser.stream("GET", "/live") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        told = events(answer.iter_lines())
        assert next(told)[0] == "hello"
        with house.database.writing() as work:
            work.journal.append(house.clock.now(), "mailflow", "something.done", "case:x", {})
        name, marks = next(told)
        assert name == "changed" and marks["new"] == ["journal"]


def test_a_silent_line_is_kept_alive_until_the_session_ends(house: House, browser: httpx.Client) -> None:
    with browser.stream("GET", "/live") as answer:
        lines = answer.iter_lines()
        assert any(line == ": still here" for line in lines)
        change_account(house.database, "anna", by="t", at=house.clock.now(), active=False)
        rest = list(lines)
        assert "event: signed-out" in rest


def test_connections_are_bounded_and_freed(browser: httpx.Client) -> None:
    with browser.stream("GET", "/live") as one, browser.stream("GET", "/live") as two:
        lines = [one.iter_lines(), two.iter_lines()]  # kept: a generator that is dropped closes its line
        assert [next(each) for each in lines] == ["retry: 5000"] * 2
        refused = browser.get("/live")
        assert refused.status_code == 503 and refused.headers["retry-after"] == "60"
    deadline = time.monotonic() + 8
    while time.monotonic() < deadline:
        with browser.stream("GET", "/live") as again:
            if again.status_code == 200:
                return
        time.sleep(0.1)
    raise AssertionError("a line that was closed is still counted")


def test_nobody_hears_anything_without_signing_in(console: ConsoleServer) -> None:
    assert httpx.get(f"{console.address}live", trust_env=False).status_code == 401


def test_the_console_ends_in_good_time_with_pages_open(console: ConsoleServer, browser: httpx.Client) -> None:
    with browser.stream("GET", "/live") as answer:
        lines = answer.iter_lines()
        next(lines)
        begun = time.monotonic()
        console.stop()
        assert time.monotonic() - begun < 8
