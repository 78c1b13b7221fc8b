"""Mail at a steady rate for as long as you like, with faults; everything accounted for at the end; memory and handles.

    .venv/bin/python bench/soak.py                                  # 10 minutes, 5 messages a second, faults
    .venv/bin/python bench/soak.py --minutes 120                    # the long form
    .venv/bin/python bench/soak.py --minutes 1 --rate 1 --calm      # latency from delivery to case change, undisturbed

The service runs as ``mailflow watch`` does, behind a proxy that cuts and stalls its connections to a real Dovecot;
another client deletes mail meanwhile, and once, after a tenth of the time, the service is killed (-9). What is printed:
messages lost and doubled (both must be 0), latency from delivery to the end of the last stage, resident memory and open
descriptors of the service and its children over time. Exits with 1 when something is not as it must be.
"""

import argparse
import contextlib
import datetime as dt
import os
import random
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import imapclient
import sqlalchemy as sa

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.intake import CONFIG, PARTIES, SAID, parties
from mailflow.bootstrap import open_house
from tests.servers.dovecot import Dovecot

MOST_GROWTH_MB_PER_1000 = 1.0


class Proxy:
    """Between service and server; ``cut()`` ends every connection, ``stall(seconds)`` holds their bytes back."""

    def __init__(self, port: int) -> None:
        self._to, self._open, self._until = port, [], 0.0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            near, _ = self._socket.accept()
            far = socket.create_connection(("127.0.0.1", self._to))
            self._open += [near, far]
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self._pump, args=(one, other), daemon=True).start()

    def _pump(self, one: socket.socket, other: socket.socket) -> None:
        try:
            while piece := one.recv(65536):
                while time.monotonic() < self._until:
                    time.sleep(0.05)
                other.sendall(piece)
        except OSError:
            pass
        finally:
            for each in (one, other):
                each.close()
                if each in self._open:
                    self._open.remove(each)

    def cut(self) -> None:
        for each in list(self._open):
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue

    def stall(self, seconds: float) -> None:
        self._until = time.monotonic() + seconds


def mail(number: int, letters: list[str]) -> bytes:
    party = number % (2 * PARTIES)
    known = party < PARTIES
    sender = f"ap@customer{party}.example" if known else f"ap@stranger{party}.example"
    answered = f"In-Reply-To: {letters[party]}\r\n" if known else ""
    sheet = ""
    text = SAID[number % len(SAID)].format(n=number).replace("\n", "\r\n")
    head = (
        f"From: {sender}\r\nTo: ar@huaxing.example\r\nSubject: Re: Statement {number}\r\n{answered}"
        f"Message-ID: <soak-{number}@outside.example>\r\nDate: Mon, 02 Nov 2026 09:14:00 +0800\r\nMIME-Version: 1.0\r\n"
    )
    if number % 20 == 0:  # every twentieth brings a list
        rows = "".join(f"2026-10-{day:02d},INV-{number}{day},{day}00.00\r\n" for day in range(1, 9))
        sheet = (
            '\r\n--b\r\nContent-Type: text/csv; name="list.csv"\r\n'
            'Content-Disposition: attachment; filename="list.csv"'
            f"\r\n\r\ndate,invoice,amount\r\n{rows}total,,3600.00\r\n--b--\r\n"
        )
        head += 'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n'
    return (head + f"Content-Type: text/plain; charset=utf-8\r\n\r\n{text}" + "> said before\r\n" * 40 + sheet).encode()


class Service:
    def __init__(self, config: Path, log: Path) -> None:
        self._config, self._log = config, log
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "mailflow", "watch", "--config", str(self._config)],
            stdout=self._log.open("ab"), stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(60)

    def weight(self) -> tuple[float, float, int]:
        """Resident MB of the service, and of its children; open descriptors of the service."""
        own = _resident(self.process.pid)
        children = sum(_resident(pid) for pid in _children(self.process.pid))
        return own, children, len(list(Path(f"/proc/{self.process.pid}/fd").iterdir()))


def _resident(pid: int) -> float:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    except OSError:
        return 0.0


def _children(pid: int) -> list[int]:
    """Of every thread: it was one of them that started each."""
    found: list[int] = []
    for told in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found += map(int, told.read_text().split())
    return found


def slope(points: list[tuple[float, float]]) -> float:
    """Growth of the second value a unit of the first (least squares)."""
    mean_x, mean_y = (statistics.fmean(column) for column in zip(*points, strict=True))
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / spread if spread else 0.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--rate", type=float, default=5.0)
    parser.add_argument("--calm", action="store_true", help="no faults")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--directory")
    said = parser.parse_args()
    chance = random.Random(said.seed)
    server = Dovecot()
    server.start()
    account = server.account()
    os.environ["BENCH_PASSWORD"] = account.password
    proxy = Proxy(account.imap_port)
    with tempfile.TemporaryDirectory(dir=said.directory) as folder:
        config = Path(folder) / "mailflow.toml"
        config.write_text(CONFIG.format(address=account.address, imap=proxy.port))
        house = open_house(str(config))
        letters = parties(house)
        service = Service(config, Path(folder) / "log")
        client = imapclient.IMAPClient(account.host, port=account.imap_port, ssl=False, timeout=30)
        client.login(account.address, account.password)
        time.sleep(4)
        delivered: dict[int, dt.datetime] = {}
        removed: set[int] = set()
        weights: list[tuple[int, float, float, int]] = []
        started, end, killed, cuts, stalls = time.monotonic(), time.monotonic() + said.minutes * 60, False, 0, 0
        next_fault, next_look = started + 5, started + 10
        number = 0
        while time.monotonic() < end:
            client.append("INBOX", mail(number, letters))
            delivered[number] = dt.datetime.now(dt.UTC)
            number += 1
            now = time.monotonic()
            if now >= next_look:
                weights.append((number, *service.weight()))
                next_look = now + 5
            if not said.calm and now >= next_fault:
                next_fault = now + chance.uniform(4, 12)
                fault = chance.random()
                if not killed and now - started > said.minutes * 6:
                    service.kill()
                    service.start()
                    killed = True
                    weights.clear()
                elif fault < 0.5:
                    proxy.cut()
                    cuts += 1
                elif fault < 0.7:
                    proxy.stall(chance.uniform(0.5, 3))
                    stalls += 1
                else:
                    removed |= delete_one(client, chance)
            time.sleep(max(0.0, started + number / said.rate - time.monotonic()))
        deadline = time.monotonic() + 300
        while time.monotonic() < deadline:
            with house.database.reading() as work:
                found = len(work.mailroom.messages()) - work.mailroom.waiting()
            client.select_folder("INBOX", readonly=True)
            left = len(client.search("ALL"))
            client.unselect_folder()
            if found >= number - len(removed) and not left:
                break
            time.sleep(1)
        service.stop()
        good = report(house, delivered, removed, weights)
        print(f"faults: {cuts} cuts, {stalls} stalls, {len(removed)} deleted by another client, {int(killed)} kill -9")
        log = (Path(folder) / "log").read_text(errors="replace")
        if "Traceback" in log or not good:
            print(log[-3000:])
            good = False
        house.close()
    client.logout()
    server.stop()
    return 0 if good else 1


def delete_one(client: imapclient.IMAPClient, chance: random.Random) -> set[int]:
    """Another client deletes a mail for good: one that we saw or not, as it comes."""
    client.select_folder("INBOX")
    uids = client.search("ALL")
    gone: set[int] = set()
    if uids:
        uid = chance.choice(uids)
        facts = client.fetch([uid], ["BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]"]).get(uid, {})
        header = next((value for key, value in facts.items() if key.startswith(b"BODY[")), b"")
        if b"soak-" in header:
            client.delete_messages([uid], silent=True)
            client.uid_expunge([uid])
            gone = {int(header.partition(b"soak-")[2].partition(b"@")[0])}
    client.unselect_folder()
    return gone


def report(
    house, delivered: dict[int, dt.datetime], removed: set[int], weights: list[tuple[int, float, float, int]]
) -> bool:
    with house.database.reading() as work:
        messages = work.mailroom.messages()
        ends = dict(
            work.mailroom._connection.execute(
                sa.text("SELECT message, done_at FROM message_stage WHERE stage = 'case'")
            ).all()
        )
    numbers = [int(one.message_id.partition("soak-")[2].partition("@")[0]) for one in messages if one.message_id]
    lost = set(delivered) - set(numbers) - removed
    twice = len(numbers) - len(set(numbers))
    states = {
        state: sum(1 for one in messages if one.state.value == state) for state in {m.state.value for m in messages}
    }
    waits = sorted(
        (dt.datetime.fromisoformat(ends[one.no]) - delivered[number]).total_seconds()
        for one, number in zip(messages, numbers, strict=True)
        if one.no in ends
    )
    print(f"{len(delivered)} delivered, {len(messages)} messages {states}; lost {len(lost)}, twice {twice}")
    late = f"p99 {waits[int(len(waits) * 0.99)]:.2f} s, longest {waits[-1]:.2f} s"
    print(f"delivery to case change: median {statistics.median(waits):.2f} s, {late}")
    steady = weights[len(weights) // 4 :]
    good = not lost and not twice and set(states) == {"done"}
    if len(steady) > 3:
        growth = slope([(count / 1000, own) for count, own, _, _ in steady])
        handles = [count for *_, count in steady]
        own = f"service {steady[0][1]:.0f} MB -> {steady[-1][1]:.0f} MB ({growth:+.2f} MB a 1,000 messages)"
        print(f"{own}, children {steady[0][2]:.0f} -> {steady[-1][2]:.0f} MB, "
              f"descriptors {min(handles)} to {max(handles)}")  # fmt: skip
        good = (
            good and (len(delivered) < 2_000 or growth <= MOST_GROWTH_MB_PER_1000) and max(handles) - min(handles) < 12
        )
    return good


if __name__ == "__main__":
    raise SystemExit(main())
