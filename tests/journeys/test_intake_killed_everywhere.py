"""kill -9, and disconnects, at every named point of the way in, against Dovecot: none lost, none twice, no UID gap."""

import json
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

import imapclient
import pytest
import sqlalchemy as sa

from mailflow.adapters.archive import FileArchive
from mailflow.adapters.database.engine import open_engine
from mailflow.adapters.database.migrate import bring_up_to_date
from mailflow.adapters.database.unit_of_work import SqlDatabase
from mailflow.steps.ports.mailroom import MessageState
from mailflow.steps.search import find

pytestmark = [pytest.mark.dovecot, pytest.mark.xdist_group("dovecot")]
ROOT = Path(__file__).resolve().parent.parent.parent


def mail(number, to):
    body = f"您好,第 {number} 封:核对无误 zeichen{number}。\r\n"
    if number % 5 == 0:
        body += "".join(f"INV-{number}{row} 2026-10-0{row} 100.00\r\n" for row in range(1, 4))
    return (
        f"From: customer{number}@outside.example\r\nTo: {to}\r\nSubject: statement {number}\r\nDate: Mon, 02 Nov 2026 "
        f"09:14:00 +0800\r\nMessage-ID: <kill-{number}@outside.example>\r\nContent-Type: text/plain; charset=utf-8\r\n"
        f"Content-Transfer-Encoding: 8bit\r\n\r\n{body}"
    ).encode()


class Ground:
    def __init__(self, dovecot, directory):
        self.dovecot, self.directory = dovecot, directory
        self.url = f"sqlite:///{directory}/mailflow.db"
        engine = open_engine(self.url)
        bring_up_to_date(engine)
        engine.dispose()
        self.sent = 0
        self.client = imapclient.IMAPClient(dovecot.host, port=dovecot.imap_port, ssl=False, timeout=10)
        self.client.login(dovecot.address, dovecot.password)
        self.child = subprocess.Popen(
            [sys.executable, "-m", "tests.servers.intake_child"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True, cwd=ROOT,
        )  # fmt: skip
        assert self.child.stdout.readline() == "ready\n"

    def deliver(self, count):
        for _ in range(count):
            self.client.append("INBOX", mail(self.sent, self.dovecot.address))
            self.sent += 1

    def round(self, **how):
        command = {
            "database": self.url, "archive": f"{self.directory}/archive", "address": self.dovecot.address,
            "password": self.dovecot.password, "port": self.dovecot.imap_port, "passed": f"{self.directory}/passed",
            **how,
        }  # fmt: skip
        self.child.stdin.write(json.dumps(command) + "\n")
        self.child.stdin.flush()
        ended = int(self.child.stdout.readline().split()[1])
        assert ended in (0, -9), (Path(command["passed"]).read_text(), how)
        return ended

    def passed(self):
        return Counter(json.loads((self.directory / "passed").read_text()))

    def nothing_was_moved_too_early(self):
        if not self.client.folder_exists("mailflow/Processed"):
            return
        self.client.select_folder("mailflow/Processed", readonly=True)
        found = self.client.fetch(self.client.search("ALL"), ["BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]"])
        moved = {
            next(v for k, v in facts.items() if k.startswith(b"BODY[")).split()[1].decode() for facts in found.values()
        }
        engine = open_engine(self.url)
        with SqlDatabase(engine).reading() as work:
            done = {message.message_id for message in work.mailroom.messages(state=MessageState.DONE)}
        engine.dispose()
        assert moved <= done
        assert len(moved) == len(found)

    def account_for_everything(self, stages):
        self.round()
        self.round()
        engine = open_engine(self.url)
        archive = FileArchive(self.directory / "archive")
        database = SqlDatabase(engine)
        with database.reading() as work:
            messages = work.mailroom.messages()
            expected = sorted(f"<kill-{number}@outside.example>" for number in range(self.sent))
            assert sorted(message.message_id for message in messages) == expected
            assert {message.state for message in messages} == {MessageState.DONE}
            assert all(len(work.mailroom.results(message.no)) == stages for message in messages)
            tasks = Counter(task.message for task in work.casefile.tasks() if task.kind.value == "unplaced")
            assert set(tasks.values()) == {1} and len(tasks) == self.sent
            assert work.journal.broken_at() is None
            connection = work.mailroom._connection
            uids = [uid for (uid,) in connection.execute(sa.text("SELECT uid FROM mail_place ORDER BY uid"))]
            assert uids == list(range(1, self.sent + 1))
            documents = Counter(number for (number,) in connection.execute(sa.text("SELECT message FROM document")))
            assert not [number for number, count in documents.items() if count > 1]
            for message in messages:
                number = int(message.message_id.partition("-")[2].partition("@")[0])
                raw = archive.read(message.sha256)
                assert raw == mail(number, self.dovecot.address)
        assert not list(archive.damaged())
        assert len(find(database, f"zeichen{self.sent - 1}").hits) == 1
        engine.dispose()
        counts = {}
        for name in ("INBOX", "mailflow/Processed"):  # STATUS may be a moment old on a connection that looked before
            counts[name] = self.client.select_folder(name, readonly=True)[b"EXISTS"]
        self.client.unselect_folder()
        assert counts == {"INBOX": 0, "mailflow/Processed": self.sent}

    def close(self):
        self.child.stdin.close()
        self.child.wait()
        self.client.logout()


@pytest.fixture
def ground(dovecot, tmp_path):
    made = Ground(dovecot, tmp_path)
    yield made
    made.close()


def points_of(ground):
    """Every named point that a round with mail passes, and how often."""
    ground.deliver(6)
    assert ground.round() == 0
    return ground.passed()


def run(ground, rounds, seed, check_every):
    chance = random.Random(seed)
    known = points_of(ground)
    wheel = [(kind, point) for point in sorted(known) for kind in ("kill_at", "break_at")
             if kind == "kill_at" or point.startswith("session.")]  # fmt: skip
    chance.shuffle(wheel)
    hit = Counter()
    for place in range(rounds):
        kind, point = wheel[place % len(wheel)]
        ground.deliver(chance.randint(4, 7))
        nth = chance.randint(1, max(1, min(known[point], 3)))
        ended = ground.round(**{kind: [point, nth]})
        hit[kind] += 1 if kind == "break_at" or ended == -9 else 0
        if place % check_every == 0:
            ground.nothing_was_moved_too_early()
    return hit, len(known)


@pytest.mark.timeout(300)
def test_some_kills_and_disconnects_lose_and_double_nothing(ground):
    hit, _ = run(ground, 16, seed=3, check_every=4)
    ground.account_for_everything(stages=6)
    assert sum(hit.values()) >= 8


@pytest.mark.long
@pytest.mark.timeout(7200)
def test_a_thousand_kills_and_disconnects_at_all_points_lose_and_double_nothing(ground):
    hit, points = run(ground, 1150, seed=5, check_every=10)
    ground.account_for_everything(stages=6)
    print(f"{dict(hit)} over {points} points, {ground.sent} messages")
    assert sum(hit.values()) >= 1_000 and points >= 40
