"""The desk in a real browser on the demo's month: real servers, real mail, a person's clicks and keys.

One month is played once a run and stays alive: what a journey sends arrives in the customer's own mailbox. Each journey
works on cases of its own. Runs under ``./test --long`` (chromium by apt), by itself with
``MAILFLOW_TEST_LONG=1 pytest tests/browser``.
"""

from __future__ import annotations

import datetime as dt
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from mailflow.bootstrap import House
from mailflow.cases.case import Case
from mailflow.demo.customers import Customer, Letter, Script
from mailflow.demo.loop import OUR_ADDRESS, Demo
from mailflow.steps.manage_people import create_account
from mailflow.steps.ports.outbox import LetterState
from mailflow.steps.ports.people import Role

PASSWORD = "a long enough password"
PEOPLE = {"chen": Role.ADMINISTRATOR, "wang": Role.APPROVER, "mei": Role.CLERK}
PATIENCE = 30.0


@dataclass
class Office:
    """The company at work: its house, its console, its customers' mailboxes."""

    demo: Demo
    server: Any

    @property
    def house(self) -> House:
        return self.demo.house

    @property
    def address(self) -> str:
        return str(self.server.address).rstrip("/")

    def case(self, case_id: str) -> Case:
        with self.house.database.reading() as work:
            found = work.casefile.get(case_id)
        assert found is not None, case_id
        return found

    def customer(self, party: str) -> Customer:
        demo = self.demo
        return Customer(demo._parties[party], demo._password, demo._server.imap_port, demo._server.smtp_port)

    def write(self, party: str, script: Script) -> None:
        """A mail from this party, worked through to its end."""
        before = self._messages()
        self.customer(party).send(script, dt.datetime.now(dt.UTC).astimezone(), OUR_ADDRESS)
        self.until(lambda: self._messages() > before and self._waiting() == 0)

    def deliver(self) -> None:
        """Everything that waits in the outbox goes out now."""
        self.demo._service.engine.enqueue("send")
        still = (LetterState.QUEUED, LetterState.CLAIMED, LetterState.DATA_STARTED)
        self.until(lambda: self.demo._letters(*still) == 0)

    def inbox(self, party: str, minimum: int = 1) -> Letter:
        """The newest letter in the party's own mailbox, once there are that many."""
        customer = self.customer(party)

        def there() -> bool:
            with customer._inbox() as inbox:
                return len(inbox.search("ALL")) >= minimum

        self.until(there)
        letter = customer.wait_for_letter(5)
        assert letter is not None
        return letter

    def until(self, there: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not there():
            assert time.monotonic() < deadline, "it did not happen in time"
            time.sleep(0.1)

    def _messages(self) -> int:
        with self.house.database.reading() as work:
            return len(work.mailroom.messages())

    def _waiting(self) -> int:
        with self.house.database.reading() as work:
            return work.mailroom.waiting()


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    from mailflow.web.server import ConsoleServer

    demo = Demo(tmp_path_factory.mktemp("office"), 0)
    demo.start()
    try:
        assert not demo.play().missing
        for name, role in PEOPLE.items():
            create_account(demo.house.database, name, PASSWORD, role, by="test", at=demo.house.clock.now())
        server = ConsoleServer(demo.house)
        server.start()
        yield Office(demo, server)
        server.stop()
    finally:
        demo.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api", reason="the extra 'ui-test' is not installed")
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        pytest.skip("chromium is not installed; ./test --long installs it")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def person(
    office: Office, chromium: Any, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Any]]:
    """``person("mei", width=390)`` is a page of somebody who has just signed in. What the browser complains about, and
    every address outside the console that a page asks for, fails the test; its last page is kept as a picture."""
    contexts: list[Any] = []
    complaints: list[str] = []

    def come(name: str, *, width: int = 1280, height: int = 900, language: str = "en", **options: Any) -> Any:
        context = chromium.new_context(
            viewport={"width": width, "height": height}, locale={"en": "en-GB", "zh": "zh-CN"}[language], **options
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "request",
            lambda asked: None if asked.url.startswith((office.address, "data:")) else complaints.append(asked.url),
        )
        page.goto(office.server.link_for(name))
        return page

    yield come
    for number, context in enumerate(contexts):
        for page in context.pages:
            page.screenshot(path=str(tmp_path / f"{request.node.name}-{number}.png"), full_page=True)
        context.close()
    assert not complaints
