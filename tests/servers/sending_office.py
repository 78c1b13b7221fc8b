"""One outbox with its database and archive, and what tests of sending want to do with it and ask about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

from mailflow.adapters.archive import FileArchive
from mailflow.adapters.database.engine import open_engine
from mailflow.adapters.database.migrate import bring_up_to_date
from mailflow.adapters.database.unit_of_work import SqlDatabase
from mailflow.adapters.smtp import SmtpServer
from mailflow.cases.case import State, TaskKind
from mailflow.correspondence import token
from mailflow.receivables.party import Side
from mailflow.steps.ports.outbox import Letter, LetterKey, NewLetter, SentMark
from mailflow.steps.ports.sending import SentView, ServerDown
from mailflow.steps.send_letters import SendReport, send_due
from tests.servers.scripted_smtp import ScriptedSmtp

KEY = b"k" * 32
START = dt.datetime(2026, 11, 2, 1, 0, tzinfo=dt.UTC)


class Clock:
    def __init__(self) -> None:
        self.instant = START

    def now(self) -> dt.datetime:
        return self.instant

    def pass_by(self, **span: float) -> None:
        self.instant += dt.timedelta(**span)


class Office:
    """One database, one archive, one outbox, and what a test wants to ask about them."""

    def __init__(self, url: str, directory: Path) -> None:
        self.database = SqlDatabase(open_engine(url))
        bring_up_to_date(self.database.engine)
        self.archive, self.clock = FileArchive(directory), Clock()

    def queue(self, *recipients: str, statement: str = "SOA-202610-C001-CNY", body: bytes = b"hello\r\n") -> list[int]:
        numbers = []
        for recipient in recipients:
            mark = token.issue(KEY, statement, 1, recipient)
            message_id = token.message_id(KEY, statement, 1, recipient, "statement", "huaxing.example")
            raw = f"Message-ID: {message_id}\r\nTo: {recipient}\r\nSubject: x\r\n\r\n".encode() + body
            stored = self.archive.store([raw])
            with self.database.writing() as work:
                work.casefile.open(
                    case_id=statement, party_id="C001", side=Side.RECEIVABLE, currency="CNY", statement_no=statement,
                    version=1, as_of=dt.date(2026, 10, 31), our_balance=Decimal(1), at=self.clock.now(),
                    state=State.QUEUED,
                )  # fmt: skip
                key = LetterKey(statement, 1, recipient)
                letter = NewLetter(
                    key, statement, "ar@huaxing.example", "x", message_id, mark, stored.sha256, stored.size
                )
                number = work.outbox.queue(letter, self.clock.now())
            assert number is not None
            numbers.append(number)
        return numbers

    def send(self, server: ScriptedSmtp | SmtpServer, **options: Any) -> SendReport:
        transport = server if isinstance(server, SmtpServer) else way_out(server)
        return send_due(self.database, self.archive, transport, self.clock, holder="test", **options)

    def letter(self, no: int) -> Letter:
        with self.database.reading() as work:
            found = work.outbox.letter(no)
        assert found is not None
        return found

    def states(self) -> list[str]:
        with self.database.reading() as work:
            return [letter.state.value for letter in work.outbox.letters()]

    def case(self, case_id: str = "SOA-202610-C001-CNY") -> State:
        with self.database.reading() as work:
            found = work.casefile.get(case_id)
        assert found is not None
        return found.state

    def tasks(self) -> list[TaskKind]:
        with self.database.reading() as work:
            return [task.kind for task in work.casefile.tasks()]

    def journal(self) -> list[str]:
        with self.database.reading() as work:
            assert work.journal.broken_at() is None
            return [entry.action for entry in work.journal.entries()]


def way_out(server: ScriptedSmtp, **more: Any) -> SmtpServer:
    return SmtpServer("127.0.0.1", server.port, **({"security": "none", "answer_seconds": 5.0} | more))


class SentTwin:
    """``mailflow.steps.ports.sending.SentFolder`` in memory; ``down`` makes it unreachable."""

    def __init__(self) -> None:
        self.uidvalidity, self.messages, self.down = 1, dict[int, tuple[str, ...]](), False
        self.filed: list[bytes] = []

    def arrive(self, *ids: str) -> None:
        self.messages[max(self.messages, default=0) + 1] = ids

    def mark(self) -> SentMark:
        self._reach()
        return SentMark(self.uidvalidity, max(self.messages, default=0))

    def view(self, above: SentMark | None) -> SentView:
        self._reach()
        same_life = above is not None and above.uidvalidity == self.uidvalidity
        seen: Iterable[tuple[str, ...]] = (
            ids for uid, ids in self.messages.items() if above is None or not same_life or uid > above.uid
        )
        return SentView({one: ids[0] for ids in seen for one in ids}, whole=above is None or same_life)

    def file(self, content: bytes, at: dt.datetime) -> None:
        self._reach()
        self.filed.append(content)
        self.arrive(content.partition(b"Message-ID: ")[2].partition(b"\r\n")[0].decode())

    def _reach(self) -> None:
        if self.down:
            raise ServerDown("the mailbox cannot be reached")
