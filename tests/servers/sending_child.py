"""A sender that is there to be killed. ``python -m tests.servers.sending_child`` is a warm parent that reads one JSON
command a line from standard input, forks a child for each and says what became of it. The first command runs in the
parent itself: its engine, with every statement compiled, is then inherited (a cold child takes three times as long).

The child queues letters, sends what is due, settles what is in doubt and files copies, with every port wrapped so that
each call passes a named point before and after: ``kill_at`` = [point, n] kills it (SIGKILL) when it passes that point
for the n-th time; ``kill_after`` kills it so many seconds after its start.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import gc
import inspect
import json
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Engine

from mailflow.adapters.archive import FileArchive
from mailflow.adapters.database.engine import open_engine
from mailflow.adapters.database.unit_of_work import SqlDatabase
from mailflow.adapters.process_identity import has_ended, this_process
from mailflow.adapters.smtp import SmtpServer
from mailflow.cases.case import State
from mailflow.correspondence.letter import Letter
from mailflow.correspondence.message import Address
from mailflow.receivables.company import Company
from mailflow.receivables.party import Side
from mailflow.steps.ports.outbox import LetterKey, SentMark
from mailflow.steps.ports.sending import SentView
from mailflow.steps.queue_letters import Desk, Draft, queue_letters
from mailflow.steps.send_letters import Pace
from mailflow.steps.send_round import send_round

Passing = Callable[[str], None]
DESK = Desk(Company("Huaxing Trading", language="en", address="ar@huaxing.example"), b"k" * 32)
ENGINES: dict[str, Engine] = {}
AREAS = ("outbox", "sending", "casefile", "journal")


class Watched:
    """``inner`` with a point before and after each call of its methods."""

    def __init__(self, inner: Any, name: str, passing: Passing) -> None:
        self._inner, self._name, self._passing = inner, name, passing

    def __getattr__(self, method: str) -> Any:
        found = getattr(self._inner, method)
        if not callable(found):
            return found
        point, passing = f"{self._name}.{method}", self._passing

        def call(*args: Any, **named: Any) -> Any:
            passing(point + "<")
            result = found(*args, **named)
            passing(point + ">")
            return result

        async def call_async(*args: Any, **named: Any) -> Any:
            passing(point + "<")
            result = await found(*args, **named)
            passing(point + ">")
            return Watched(result, "line", passing) if method == "open" else result

        return call_async if inspect.iscoroutinefunction(found) else call


class WatchedWork:
    def __init__(self, inner: Any, passing: Passing) -> None:
        self._inner, self._passing, self.did = inner, passing, "nothing"

    def __getattr__(self, area: str) -> Any:
        if area not in AREAS:
            return getattr(self._inner, area)
        return Watched(getattr(self._inner, area), area, self._note)

    def _note(self, point: str) -> None:
        if point.startswith(("outbox.", "sending.")):
            self.did = point.rstrip("<>")
        self._passing(point)


class WatchedDatabase:
    """Each commit is a point of its own, named by the last thing that was done in it."""

    def __init__(self, inner: SqlDatabase, passing: Passing) -> None:
        self._inner, self._passing = inner, passing

    @contextlib.contextmanager
    def writing(self) -> Iterator[Any]:
        with self._inner.writing() as inner:
            work = WatchedWork(inner, self._passing)
            yield work
            self._passing(f"commit {work.did}<")
        self._passing(f"commit {work.did}>")

    @contextlib.contextmanager
    def reading(self) -> Iterator[Any]:
        with self._inner.reading() as work:
            yield work


class LoggedSent:
    """The Sent folder of a server that files its own copies: one Message-ID a line, written by the server."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def mark(self) -> SentMark:
        return SentMark(1, len(self._ids()))

    def view(self, above: SentMark | None) -> SentView:
        return SentView({one: one for one in self._ids()[above.uid if above else 0 :]}, whole=True)

    def file(self, content: bytes, at: dt.datetime) -> None:
        raise AssertionError("the server files its own copies; a second one must never be filed")

    def _ids(self) -> list[str]:
        return self._file.read_text().split() if self._file.exists() else []


class SetClock:
    def __init__(self, start: str) -> None:
        self._start, self._since = dt.datetime.fromisoformat(start), time.monotonic()

    def now(self) -> dt.datetime:
        return self._start + dt.timedelta(seconds=time.monotonic() - self._since)


def number(which: int) -> str:
    return f"SOA-202610-C{which:05d}-CNY"


def draft(which: int) -> Draft:
    text = f"{number(which)}\n"
    key = LetterKey(number(which), 1, f"c{which}@d{which % 5}.example")
    return Draft(
        key, number(which), Address("Customer", key.recipient),
        lambda route: Letter("statement", "en", f"Statement {number(which)} {route.mark}", text, f"<p>{text}</p>"),
    )  # fmt: skip


def work(command: dict[str, Any], passing: Passing) -> None:
    engine = ENGINES.setdefault(command["database"], open_engine(command["database"]))
    database: Any = WatchedDatabase(SqlDatabase(engine), passing)
    archive: Any = Watched(FileArchive(Path(command["archive"])), "archive", passing)
    transport: Any = Watched(SmtpServer("127.0.0.1", command["port"], security="none"), "transport", passing)
    sent: Any = Watched(LoggedSent(Path(command["sent"])), "sent", passing) if command["sent"] else None
    clock = SetClock(command["clock"])
    first, last = command["letters"]
    with SqlDatabase(engine).writing() as opened:
        for which in range(first, last + 1):
            opened.casefile.open(
                case_id=number(which), party_id=f"C{which:05d}", side=Side.RECEIVABLE, currency="CNY",
                statement_no=number(which), version=1, as_of=dt.date(2026, 10, 31), our_balance=Decimal(1),
                at=clock.now(), state=State.DRAFT,
            )  # fmt: skip
    queue_letters(database, archive, DESK, [draft(which) for which in range(first, last + 1)], clock)
    send_round(
        database, archive, transport, clock, sent, holder=this_process(), has_ended=has_ended,
        pace=Pace(connections=command.get("connections", 2), batch=3),
    )  # fmt: skip
    engine.dispose()


def child(command: dict[str, Any]) -> None:
    passed: Counter[str] = Counter()
    point, nth = command.get("kill_at") or ("", 0)

    def passing(where: str) -> None:
        passed[where] += 1
        if where == point and passed[where] == nth:
            os.kill(os.getpid(), signal.SIGKILL)

    work(command, passing)
    Path(command["passed"]).write_text(json.dumps(passed))


def main() -> None:
    print("ready", flush=True)
    for line in sys.stdin:
        command = json.loads(line)
        if command["database"] not in ENGINES:
            child(command)
            gc.freeze()  # else the first collection in each child copies the whole parent
            print(f"{os.getpid()}\nended 0", flush=True)
            continue
        pid = os.fork()
        if pid == 0:
            try:
                child(command)
                os._exit(0)
            except BaseException:
                import traceback

                traceback.print_exc()
                sys.stderr.flush()
                os._exit(1)
        print(pid, flush=True)
        if command.get("kill_after") is not None:
            time.sleep(command["kill_after"])
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
        print("killed" if os.WIFSIGNALED(status) else f"ended {os.waitstatus_to_exitcode(status)}", flush=True)


if __name__ == "__main__":
    main()
