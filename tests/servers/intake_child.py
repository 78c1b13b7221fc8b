"""Takes mail in and works on it, and is there to be killed. ``python -m tests.servers.intake_child`` is a warm parent
that reads one JSON command a line from standard input, forks a child for each and says how it ended.

Every call of mailbox, archive, parsing and database passes a named point before and after. ``kill_at`` = [point, n]
kills the child (SIGKILL) when it passes that point for the n-th time; ``break_at`` cuts its connection there instead.
Messages are read in the child itself: its own children are tested elsewhere, and each would cost a second of warming.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import random
import signal
import socket
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from mailflow import parser_child_main
from mailflow.adapters import archive as archives
from mailflow.adapters.clock import SystemClock
from mailflow.adapters.database.engine import open_engine
from mailflow.adapters.database.unit_of_work import SqlDatabase
from mailflow.adapters.imap import ImapMailbox
from mailflow.adapters.policy_files import read_policy
from mailflow.adapters.process_identity import has_ended, this_process
from mailflow.steps.ports.mailbox import MailboxDown
from mailflow.steps.ports.parsing import Glance, Part, ReadMessage
from mailflow.steps.process_messages import process_waiting
from mailflow.steps.stages import stages
from mailflow.steps.watch_folder import FolderWatcher
from parsers import parse

Passing = Callable[[str], None]
AREAS = ("mailroom", "casefile", "documents", "search", "journal", "outbox")
ENGINES: dict[str, Any] = {}


class Watched:
    """``inner`` with a point before and after each call of its methods."""

    def __init__(self, inner: Any, name: str, passing: Passing) -> None:
        self._inner, self._name, self._passing = inner, name, passing

    def __getattr__(self, method: str) -> Any:
        found = getattr(self._inner, method)
        if not callable(found):
            return found

        def call(*args: Any, **named: Any) -> Any:
            self._passing(f"{self._name}.{method}<")
            result = found(*args, **named)
            self._passing(f"{self._name}.{method}>")
            return result

        return call


class WatchedDatabase:
    """Each commit is a point of its own, named by the last thing that was done in it."""

    def __init__(self, inner: SqlDatabase, passing: Passing) -> None:
        self._inner, self._passing = inner, passing

    @contextlib.contextmanager
    def writing(self) -> Iterator[Any]:
        did = "nothing"

        def note(point: str) -> None:
            nonlocal did
            did = point.rstrip("<>")
            self._passing(point)

        with self._inner.writing() as inner:

            class Work:
                def __getattr__(self, area: str) -> Any:
                    found = getattr(inner, area)
                    return Watched(found, area, note) if area in AREAS else found

            yield Work()
            self._passing(f"commit {did}<")
        self._passing(f"commit {did}>")

    @contextlib.contextmanager
    def reading(self) -> Iterator[Any]:
        with self._inner.reading() as work:
            yield work


class WatchedMailbox:
    def __init__(self, inner: ImapMailbox, passing: Passing, at: Callable[[Any], None]) -> None:
        self._inner, self._passing, self._at = inner, passing, at

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def connect(self) -> Any:
        self._passing("session.connect<")
        session = self._inner.connect()
        self._at(session)
        self._passing("session.connect>")
        return Watched(session, "session", self._passing)


class HomeParsing:
    """The jobs of the parser child, in this process."""

    def read_messages(self, raws: Any) -> Any:
        values, blob = parser_child_main.read_many_job({"sizes": [len(raw) for raw in raws]}, b"".join(raws))
        found, start = [], 0
        for value in values:
            parts = []
            for part in value["parts"]:
                content = blob[start : start + part["size"]]
                start += part["size"]
                parts.append(Part(part["name"], part["type"], content, "", part["inline"]))
            found.append(ReadMessage(value["reading"], value["routing"], parts, value["words"]))
        return found

    def understand(self, said: Any) -> Any:
        asked = [
            {
                **dataclasses.asdict(one), "sent": None if one.sent is None else one.sent.isoformat(),
                "known": place,
            }
            for place, one in enumerate(said)
        ]  # fmt: skip
        return parser_child_main.understand_job({"said": asked, "known": [one.references for one in said]}, b"")[0]

    def parse_documents(self, documents: Any) -> Any:
        return [parse(content, name) for content, name in documents]

    def glance(self, content: bytes) -> Glance:
        return Glance()


def work(command: dict[str, Any], passing: Passing, at: Callable[[Any], None]) -> None:
    engine = ENGINES.setdefault(command["database"], open_engine(command["database"]))
    database: Any = WatchedDatabase(SqlDatabase(engine), passing)
    archive: Any = Watched(archives.FileArchive(Path(command["archive"])), "archive", passing)
    sync = archives._sync_file_system()
    if sync is not None:

        def synced(descriptor: int) -> None:
            passing("archive.sync<")
            sync(descriptor)
            passing("archive.sync>")

        archives._sync_file_system = lambda: synced  # type: ignore[assignment]
    parsing: Any = Watched(HomeParsing(), "parsing", passing)
    mailbox: Any = WatchedMailbox(
        ImapMailbox(
            account="finance", address=command["address"], host="127.0.0.1", port=command["port"],
            username=command["address"], password=lambda: command["password"], security="none",
            processed_folder="mailflow/Processed", quarantine_folder="mailflow/Quarantine",
        ),
        passing, at,
    )  # fmt: skip
    clock = SystemClock()
    watcher = FolderWatcher(
        mailbox, "INBOX", True, this_process(), database, archive, clock, pause=lambda seconds: None,
        jitter=lambda most: random.uniform(0, 0.01), has_ended=has_ended,
    )  # fmt: skip
    way = stages(
        database=database, archive=archive, parsing=parsing, policy=read_policy(None),
        own_addresses=[command["address"]], is_ours=lambda one: False, checks_senders=False,
    )  # fmt: skip
    for _ in range(2):  # take in, work, move away
        with contextlib.suppress(MailboxDown):
            watcher.once()
        while process_waiting(database, way, clock, this_process(), has_ended=has_ended).any:
            pass
    engine.dispose()


def child(command: dict[str, Any]) -> None:
    passed: Counter[str] = Counter()
    point, nth = command.get("kill_at") or command.get("break_at") or ("", 0)
    sessions: list[Any] = []

    def passing(where: str) -> None:
        passed[where] += 1
        if where == point and passed[where] == nth:
            if command.get("kill_at"):
                os.kill(os.getpid(), signal.SIGKILL)
            elif sessions:
                with contextlib.suppress(OSError):
                    sessions[-1]._client.socket().shutdown(socket.SHUT_RDWR)

    work(command, passing, sessions.append)
    Path(command["passed"]).write_text(json.dumps(passed))


def main() -> None:
    parser_child_main.prepare_reading()
    print("ready", flush=True)
    for line in sys.stdin:
        command = json.loads(line)
        pid = os.fork()
        if pid == 0:
            try:
                child(command)
                os._exit(0)
            except BaseException as failure:
                Path(command["passed"]).write_text(f"{type(failure).__name__}: {failure}")
                os._exit(3)
        _, status = os.waitpid(pid, 0)
        print(f"ended {os.waitstatus_to_exitcode(status)}", flush=True)


if __name__ == "__main__":
    main()
