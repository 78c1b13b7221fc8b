#!/usr/bin/env python3
"""Letters per second through the outbox, durability on, beside bare aiosmtplib with the same stored bytes.

    python bench/sending.py [--letters 300] [--connections 4] [--blocks 4] [--kilobytes 60] [--database URL]

Bare: the same number of connections, MAIL, RCPT and DATA from the same files, and one durable commit (SQLite, WAL,
synchronous=FULL) a letter. Ours: claim, data_started committed before DATA, outcome, case and journal committed after
it. Blocks of both alternate in one run; the best of each counts. The server is a process of its own that takes
everything. The disk's own fsync stands beside the figures.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from base64 import encodebytes
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import aiosmtplib

from mailflow.adapters.archive import FileArchive
from mailflow.adapters.clock import SystemClock
from mailflow.adapters.database.engine import open_engine
from mailflow.adapters.database.migrate import bring_up_to_date
from mailflow.adapters.database.unit_of_work import SqlDatabase
from mailflow.adapters.smtp import SmtpServer
from mailflow.cases.case import State
from mailflow.receivables.party import Side
from mailflow.steps.ports.outbox import LetterKey, NewLetter
from mailflow.steps.send_letters import Pace, send_due

SENDER = "ar@huaxing.example"


class Sink(asyncio.Protocol):
    """Takes every mail and looks at nothing."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._out, self._buffer, self._in_data = transport, bytearray(), False
        transport.write(b"220 sink ESMTP\r\n")

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if self._in_data:
            if not self._buffer.endswith(b"\r\n.\r\n"):
                return
            self._buffer.clear()
            self._in_data = False
            self._out.write(b"250 2.0.0 Ok\r\n")
        while b"\r\n" in self._buffer:
            line, _, rest = bytes(self._buffer).partition(b"\r\n")
            self._buffer = bytearray(rest)
            verb = line[:4].upper()
            if verb == b"EHLO":
                self._out.write(b"250-sink\r\n250-8BITMIME\r\n250 SIZE 40000000\r\n")
            elif verb == b"DATA":
                self._in_data = True
                self._out.write(b"354 go on\r\n")
            elif verb == b"QUIT":
                self._out.write(b"221 bye\r\n")
                self._out.close()
            else:
                self._out.write(b"250 Ok\r\n")


def serve() -> None:
    async def run() -> None:
        server = await asyncio.get_running_loop().create_server(Sink, "127.0.0.1", 0)
        print(server.sockets[0].getsockname()[1], flush=True)
        await server.serve_forever()

    asyncio.run(run())


def fill(database: SqlDatabase, archive: FileArchive, count: int, size: int, block: int) -> list[tuple[str, str]]:
    """Queues ``count`` letters; gives recipient and hash of each."""
    clock, made = SystemClock(), []
    chance = random.Random(block)
    with database.writing() as work:
        for place in range(count):
            number, recipient = f"SOA-{block}-{place}", f"c{place}@d{place % 50}.example"
            message_id = f"<{number}@huaxing.example>"
            body = encodebytes(chance.randbytes(size * 3 // 4)).replace(b"\n", b"\r\n")
            raw = f"Message-ID: {message_id}\r\nTo: {recipient}\r\nSubject: x\r\n\r\n".encode() + body
            stored = archive.store([raw])
            work.casefile.open(
                case_id=number, party_id="C", side=Side.RECEIVABLE, currency="CNY", statement_no=number, version=1,
                as_of=dt.date(2026, 10, 31), our_balance=Decimal(1), at=clock.now(), state=State.QUEUED,
            )  # fmt: skip
            letter = NewLetter(
                LetterKey(number, 1, recipient), number, SENDER, "x", message_id, "t", stored.sha256, stored.size
            )
            work.outbox.queue(letter, clock.now())
            made.append((recipient, stored.sha256))
    return made


def ours(database: SqlDatabase, archive: FileArchive, port: int, connections: int) -> int:
    transport = SmtpServer("127.0.0.1", port, security="none")
    pace = Pace(connections=connections, per_domain=connections)
    return len(send_due(database, archive, transport, SystemClock(), holder="bench", pace=pace).accepted)


def bare(letters: list[tuple[str, str]], archive: FileArchive, port: int, connections: int, file: Path) -> int:
    log = sqlite3.connect(file, isolation_level=None)
    log.execute("PRAGMA journal_mode=WAL")
    log.execute("PRAGMA synchronous=FULL")
    log.execute("CREATE TABLE IF NOT EXISTS sent (sha256 TEXT, recipient TEXT, words TEXT)")
    waiting = list(reversed(letters))

    async def connection() -> int:
        done = 0
        client = aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False, local_hostname="bench")
        await client.connect()
        while waiting:
            recipient, sha256 = waiting.pop()
            await client.mail(SENDER)
            await client.rcpt(recipient)
            answer = await client.data(archive.read(sha256))
            log.execute("INSERT INTO sent VALUES (?, ?, ?)", (sha256, recipient, answer.message))
            done += 1
        await client.quit()
        return done

    async def run() -> int:
        return sum(await asyncio.gather(*(connection() for _ in range(connections))))

    try:
        return asyncio.run(run())
    finally:
        log.close()


def fsync_ms(directory: Path) -> float:
    times = []
    with (directory / "fsync").open("wb") as file:
        for _ in range(200):
            file.write(b"x" * 4096)
            file.flush()
            start = time.perf_counter()
            os.fsync(file.fileno())
            times.append(time.perf_counter() - start)
    return sorted(times)[len(times) // 2] * 1000


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--letters", type=int, default=300)
    arguments.add_argument("--connections", type=int, default=4)
    arguments.add_argument("--blocks", type=int, default=4)
    arguments.add_argument("--kilobytes", type=int, default=60)
    arguments.add_argument("--database", default="", help="a PostgreSQL URL (default: SQLite in a temporary folder)")
    arguments.add_argument("--sink", action="store_true", help=argparse.SUPPRESS)
    given = arguments.parse_args()
    if given.sink:
        serve()
        return
    sink = subprocess.Popen([sys.executable, __file__, "--sink"], stdout=subprocess.PIPE, text=True)
    assert sink.stdout is not None
    port = int(sink.stdout.readline())
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        directory = Path(folder)
        database = SqlDatabase(open_engine(given.database or f"sqlite:///{directory}/mailflow.db"))
        bring_up_to_date(database.engine)
        archive = FileArchive(directory / "archive")
        rates: dict[str, list[float]] = {"bare": [], "ours": []}
        costs: dict[str, list[float]] = {"bare": [], "ours": []}
        print(f"one fsync of 4 kB: {fsync_ms(directory):.2f} ms (median)")
        for block in range(given.blocks):
            letters = fill(database, archive, given.letters, given.kilobytes * 1024, block)
            for name in ("bare", "ours") if block % 2 else ("ours", "bare"):
                start, cpu = time.perf_counter(), time.process_time()
                if name == "bare":
                    done = bare(letters, archive, port, given.connections, directory / "bare.db")
                else:
                    done = ours(database, archive, port, given.connections)
                assert done == given.letters, (name, done)
                rates[name].append(done / (time.perf_counter() - start))
                costs[name].append(1000 * (time.process_time() - cpu) / done)
        database.engine.dispose()
    sink.terminate()
    for name, found in rates.items():
        each = " ".join(f"{rate:.0f}" for rate in found)
        print(f"{name:5} best {max(found):6.0f} letters/s   CPU {min(costs[name]):.2f} ms a letter   all: {each}")
    by_cpu = min(costs["bare"]) / min(costs["ours"])
    print(f"ratio {max(rates['ours']) / max(rates['bare']):.2f} (target 0.70); by processor time {by_cpu:.2f}")


if __name__ == "__main__":
    main()
