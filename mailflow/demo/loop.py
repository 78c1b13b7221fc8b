"""The whole loop on embedded parts, for a person to watch: each act is timed, nothing is simulated but the other side.

The sample company imports its ledger, draws, reviews and sends its statements; its customers, each in their own mailbox
with their own mail program, answer the letter that really reached them; the service takes the answers in under IDLE,
understands them, reads what they attach, reconciles it, and moves each case.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import secrets
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from mailflow.bootstrap import House, open_house
from mailflow.cases.case import Task
from mailflow.demo.customers import COMPANY, Customer, Script, scripts
from mailflow.demo.mail_server import AUTHSERV_ID, DemoMailServer
from mailflow.service import Service
from mailflow.steps.ports.outbox import LetterState
from mailflow.steps.show_cases import CaseView, cases, unplaced

AS_OF = dt.date(2026, 10, 31)
OUR_ADDRESS = "ar@huaxing.example"
PATIENCE_SECONDS = 150.0

_CONFIG = """\
# The demo's configuration, as a person would write it. The secrets are in the environment of the demo's process.
[company]
name = "华星贸易有限公司"
language = "zh-CN"
timezone = "Asia/Shanghai"
tax_id = "91310000MA1K2X3Y4Z"
postal_lines = ["上海市浦东新区世纪大道 88 号 1206 室", "1206, 88 Century Avenue, Pudong, Shanghai"]
phone = "+86 21 5555 0188"
contact = "陈会计 / Chen, Accounts Receivable"

[[company.bank_account]]
currency = "CNY"
lines = ["中国银行上海浦东支行", "账号 4455 6677 8899 001"]

[[company.bank_account]]
currency = "USD"
lines = ["Bank of China, Shanghai Pudong Branch", "A/C 4455 6677 8899 002", "SWIFT BKCHCNBJ300"]

[[company.bank_account]]
currency = "EUR"
lines = ["Bank of China, Shanghai Pudong Branch", "A/C 4455 6677 8899 003", "SWIFT BKCHCNBJ300"]

[[company.bank_account]]
currency = "GBP"
lines = ["Bank of China, Shanghai Pudong Branch", "A/C 4455 6677 8899 004", "SWIFT BKCHCNBJ300"]

[[company.bank_account]]
currency = "JPY"
lines = ["Bank of China, Shanghai Pudong Branch", "A/C 4455 6677 8899 005", "SWIFT BKCHCNBJ300"]

[database]
url = "sqlite:///mailflow.db"

[archive]
path = "archive"

[smtp]
host = "127.0.0.1"
port = {smtp}
security = "none"
username = "{address}"
password = "file:password"

[[mailbox]]
name = "finance"
address = "{address}"
host = "127.0.0.1"
port = {imap}
security = "none"
username = "{address}"
password = "file:password"
trusted_authserv_ids = ["{authserv}"]

[web]
host = "127.0.0.1"
port = {web}
"""


@dataclass(slots=True)
class Act:
    """One act of the loop: what it did in numbers, and how long it took (wall time)."""

    name: str
    seconds: float = 0.0
    result: str = ""


@dataclass(slots=True)
class Told:
    """What the demo did. ``missing`` counts what should have arrived and did not: then the demo has failed."""

    acts: list[Act] = field(default_factory=list)
    cases: list[CaseView] = field(default_factory=list)
    waiting: list[Task] = field(default_factory=list)  # what belongs to no case
    answers: int = 0
    missing: list[str] = field(default_factory=list)


class Demo:
    """``start()`` brings up the mail server and the service; ``play()`` runs the acts; ``stop()`` ends everything.
    ``watch(act)`` is told when an act begins and ends; ``progress(done, of)`` while answers are on their way."""

    def __init__(self, directory: Path, web_port: int = 8025) -> None:
        self._directory, self._web_port = directory, web_port
        self._password = secrets.token_urlsafe(12)
        self._parties = _addresses()
        mailboxes = dict.fromkeys((*self._parties.values(), OUR_ADDRESS), self._password)
        gone = self._parties["C012"]  # its mailbox is no more: their server takes the letter and it bounces
        del mailboxes[gone]
        self._server = DemoMailServer(mailboxes, domains=(gone.rpartition("@")[2],))
        self.told = Told()
        self.on_act: Callable[[Act], None] = lambda act: None
        self.on_progress: Callable[[int, int], None] = lambda done, of: None

    def start(self) -> House:
        with self._act("mail server (IMAP and SMTP) and database") as act:
            self._server.start()
            self._directory.mkdir(parents=True, exist_ok=True)
            secret = self._directory / "password"
            secret.write_text(self._password, encoding="utf-8")
            secret.chmod(0o600)
            config = self._directory / "mailflow.toml"
            config.write_text(
                _CONFIG.format(
                    smtp=self._server.smtp_port, imap=self._server.imap_port, address=OUR_ADDRESS, web=self._web_port,
                    authserv=AUTHSERV_ID,
                ),
                encoding="utf-8",
            )  # fmt: skip
            self.house = open_house(str(config))
            _ = self.house.database
            act.result = f"IMAP 127.0.0.1:{self._server.imap_port}, SMTP 127.0.0.1:{self._server.smtp_port}"
        return self.house

    def play(self) -> Told:
        """Import, statements, sending, answers, intake. Raises nothing for a missing answer: see ``told.missing``."""
        self._import()
        self._draw()
        self._service = Service(self.house, scheduling=False)
        self._running = threading.Thread(target=self._service.run, name="demo-service", daemon=True)
        self._running.start()
        self._send()
        self._answers()
        self.told.cases = cases(self.house.database, language=self.house.company.language)
        self.told.waiting = unplaced(self.house.database)
        return self.told

    def stop(self) -> None:
        if hasattr(self, "_service"):
            self._service.stop()
            self._running.join(15)
        self._server.stop()
        if hasattr(self, "house"):
            self.house.close()

    # the acts

    def _import(self) -> None:
        with self._act("ledger and parties imported") as act:
            ledger, parties = (COMPANY / "ledger.csv").read_bytes(), (COMPANY / "parties.csv").read_bytes()
            report = self.house.import_ledger(ledger, "ledger.csv", parties, "parties.csv", AS_OF)
            act.result = report.sentence()

    def _draw(self) -> None:
        with self._act("statements drawn, reviewed, frozen, queued") as act:
            run = self.house.draw(AS_OF)
            issued = self.house.issue()
            held = len(run.held)
            act.result = f"{len(run)} drawn, {held} held back by the review, {len(issued.letters)} letters queued"

    def _send(self) -> None:
        with self._act("letters sent over SMTP, filed in Sent") as act:
            self._service.engine.enqueue("send")
            self._until(lambda: not self._letters(LetterState.QUEUED, LetterState.CLAIMED, LetterState.DATA_STARTED))
            act.result = f"{self._letters(LetterState.ACCEPTED)} accepted"

    def _answers(self) -> None:
        with self._act("customers answer; taken in under IDLE, understood, reconciled") as act:
            written = scripts()
            with ThreadPoolExecutor(max_workers=4) as pool:
                sent = [name for name in pool.map(self._answer, written) if name]
            self.told.answers = len(sent)
            expected = len(sent) + 1  # and the bounce of C012
            self._until(lambda: self._arrived(expected), lambda: self.on_progress(self._done(), expected))
            self.told.missing = [] if self._arrived(expected) else [f"{expected - self._done()} messages"]
            act.result = f"{self._done()} of {expected} messages processed"

    def _answer(self, script: Script) -> str | None:
        address = self._parties[script.party]
        customer = Customer(address, self._password, self._server.imap_port, self._server.smtp_port)
        letter = customer.wait_for_letter(60) if script.answers_letter else None
        if script.answers_letter and letter is None:
            self.told.missing.append(f"the letter to {address}")
            return None
        return customer.send(script, dt.datetime.now(dt.UTC).astimezone(), OUR_ADDRESS, letter)

    # looking

    def _letters(self, *states: LetterState) -> int:
        with self.house.database.reading() as work:
            counts = work.outbox.counts()
        return sum(counts.get(state, 0) for state in states)

    def _done(self) -> int:
        with self.house.database.reading() as work:
            return len(work.mailroom.messages()) - work.mailroom.waiting()

    def _arrived(self, expected: int) -> bool:
        with self.house.database.reading() as work:
            return len(work.mailroom.messages()) >= expected and work.mailroom.waiting() == 0

    def _until(self, there: Callable[[], bool], tick: Callable[[], None] = lambda: None) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline and not there():
            tick()
            time.sleep(0.1)

    @contextmanager
    def _act(self, name: str) -> Iterator[Act]:
        act = Act(name)
        self.told.acts.append(act)
        self.on_act(act)
        started = time.monotonic()
        try:
            yield act
        finally:
            act.seconds = time.monotonic() - started
            self.on_act(act)


def _addresses() -> dict[str, str]:
    """Party id -> its first address."""
    rows = csv.DictReader(io.StringIO((COMPANY / "parties.csv").read_text(encoding="utf-8-sig")))
    return {row["party_id"]: row["emails"].split(";")[0] for row in rows if row["emails"]}


def temporary_directory() -> Path:
    """Where the demo keeps its database, archive and configuration, so that a person can look at them afterwards."""
    return Path(tempfile.mkdtemp(prefix="mailflow-demo-"))
