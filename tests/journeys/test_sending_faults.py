"""Sending while the house burns: a locked or full database, a full disk, a PostgreSQL that restarts, a bad network."""

from __future__ import annotations

import asyncio
import random
import threading
import time

import pytest
from sqlalchemy import event

from mailflow.adapters.smtp import SmtpServer
from mailflow.cases.case import State
from mailflow.refusals import Unreachable
from mailflow.steps import letter_attempt
from mailflow.steps.send_letters import Pace
from tests.servers import postgres as postgres_server
from tests.servers.scripted_smtp import Do, ScriptedSmtp, Session
from tests.servers.sending_office import Office


@pytest.fixture
def office(tmp_path):
    made = Office(f"sqlite:///{tmp_path}/mailflow.db", tmp_path / "archive")
    yield made
    made.database.engine.dispose()


def once_each(server: ScriptedSmtp, office: Office) -> bool:
    """Every letter that counts as accepted was taken exactly once; nothing else was taken twice."""
    with office.database.reading() as work:
        accepted = {letter.message_id for letter in work.outbox.letters() if letter.state.value == "accepted"}
    return accepted <= set(server.ids) and len(server.ids) == len(set(server.ids))


def impatient(office: Office, milliseconds: int) -> None:
    """The lock is given up on after so long (30 seconds in real life)."""

    @event.listens_for(office.database.engine, "connect")
    def _shorten(connection, record) -> None:
        connection.execute(f"PRAGMA busy_timeout={milliseconds}")

    office.database.engine.dispose()


class Lock:
    """Another program that writes to our SQLite file and takes its time."""

    def __init__(self, office: Office) -> None:
        self._engine = office.database.engine
        self.held = threading.Event()

    def hold(self, seconds: float) -> None:
        with self._engine.connect() as connection:
            connection.exec_driver_sql("UPDATE letter SET words = words")  # the transaction began IMMEDIATE
            self.held.set()
            time.sleep(seconds)
            connection.rollback()


@pytest.mark.parametrize("moment", ["rcpt", "taken"])
def test_a_database_locked_in_the_middle_delays_and_neither_loses_nor_doubles(office, moment):
    office.queue("a@x.example", "b@x.example", "c@x.example")
    impatient(office, 50)
    lock, threads = Lock(office), []

    def script(now: str, session: Session) -> Do | None:
        if now == moment and not threads:
            threads.append(threading.Thread(target=lock.hold, args=(0.6,)))
            threads[0].start()
            lock.held.wait(5)
        return None

    with ScriptedSmtp(script) as server:
        try:
            office.send(server, pace=Pace(connections=1))
        except Unreachable as locked:
            assert "locked" in str(locked)
        threads[0].join()
        office.send(server, has_ended=lambda holder: True)
        assert once_each(server, office) and len(server.mails) == 3
    assert office.states() == ["accepted"] * 3


def test_a_database_that_is_full_at_any_point_sends_nothing_twice_and_goes_on_when_there_is_room(office, monkeypatch):
    monkeypatch.setattr(letter_attempt, "WRITE_PAUSES", (0.02, 0.05))
    office.queue(*(f"r{place}@x.example" for place in range(12)))
    with office.database.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    refused = 0
    room = [0]

    @event.listens_for(office.database.engine, "connect")
    def _limit(connection, record) -> None:
        connection.execute(f"PRAGMA max_page_count={room[0] or 10**6}")

    with ScriptedSmtp() as server:
        for more in range(6):
            room[0] = pages + more
            office.database.engine.dispose()
            try:
                office.send(server, pace=Pace(connections=2, batch=4), has_ended=lambda holder: True)
            except Unreachable as full:
                assert "full" in str(full)
                refused += 1
            assert once_each(server, office)
        room[0] = 0
        office.database.engine.dispose()
        office.send(server, has_ended=lambda holder: True)
        assert once_each(server, office)
    states = office.states()
    assert refused >= 1 and set(states) <= {"accepted", "in_doubt"}
    assert len(server.mails) == 12  # what is in doubt went out: only its outcome had no room


def test_an_archive_that_cannot_be_read_sends_nothing_and_recovers(office, monkeypatch):
    office.queue("a@x.example")

    def broken(sha256: str) -> bytes:
        raise OSError(5, "Input/output error")

    with ScriptedSmtp() as server:
        with monkeypatch.context() as patch:
            patch.setattr(office.archive, "read", broken)
            office.send(server)
        assert server.mails == [] and office.states() == ["queued"]
        assert "Input/output error" in office.letter(1).words
        office.clock.pass_by(hours=2)
        office.send(server)
        assert office.states() == ["accepted"]


@pytest.mark.postgres
def test_a_postgresql_that_restarts_in_the_middle_loses_nothing_and_doubles_nothing(tmp_path):
    if postgres_server.binaries() is None:
        pytest.skip("PostgreSQL is not installed; ./test installs it (postgresql)")
    running = postgres_server.Postgres()
    running.start()
    try:
        office = Office(running.fresh_database(), tmp_path / "archive")
        office.queue(*(f"r{place}@d{place % 3}.example" for place in range(20)))
        restarts: list[threading.Thread] = []

        def script(now: str, session: Session) -> Do | None:
            if now == "taken" and len(server.mails) in (4, 12) and len(restarts) < len(server.mails) / 4:
                restarts.append(threading.Thread(target=running.restart))
                restarts[-1].start()
            return Do(wait=0.05) if now == "taken" else None

        with ScriptedSmtp(script) as server:
            for _ in range(20):
                try:
                    office.send(server, pace=Pace(connections=2), has_ended=lambda holder: True)
                except Unreachable:
                    time.sleep(0.5)  # as the service does: look again a little later
                for thread in restarts:
                    thread.join()
                office.clock.pass_by(minutes=2)
                if set(office.states()) <= {"accepted", "in_doubt"}:
                    break
            assert once_each(server, office) and len(server.mails) == 20
        assert len(restarts) >= 1
        assert office.states().count("accepted") >= 18
        office.database.engine.dispose()
    finally:
        running.stop()


class BadNetwork:
    """A relay between sender and server that delays, slices, stalls or cuts, by chance."""

    def __init__(self, target: int, chance: random.Random) -> None:
        self._target, self._chance, self.port = target, chance, 0

    def start(self) -> BadNetwork:
        ready = threading.Event()
        self._loop = asyncio.new_event_loop()

        def run() -> None:
            server = self._loop.run_until_complete(asyncio.start_server(self._relay, "127.0.0.1", 0))
            self.port = server.sockets[0].getsockname()[1]
            ready.set()
            self._loop.run_forever()
            for task in asyncio.all_tasks(self._loop):
                task.cancel()
            self._loop.run_until_complete(asyncio.sleep(0))
            server.close()
            self._loop.close()

        self._thread = threading.Thread(target=run, daemon=True)
        self._thread.start()
        assert ready.wait(5)
        return self

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, out = await asyncio.open_connection("127.0.0.1", self._target)
        fault = self._chance.choice(["none", "cut", "cut", "stall", "slices", "slow"])
        budget = self._chance.randint(1, 900) if fault in ("cut", "stall") else 10**9

        async def pass_on(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
            nonlocal budget
            while data := await source.read(65536):
                if fault == "slow":
                    await asyncio.sleep(0.01)
                for piece in (
                    [data[place : place + 7] for place in range(0, len(data), 7)] if fault == "slices" else [data]
                ):
                    budget -= len(piece)
                    if budget < 0 and fault == "stall":
                        await asyncio.sleep(3600)
                    if budget < 0:
                        writer.transport.abort()
                        out.transport.abort()
                        return
                    sink.write(piece)
                    await sink.drain()
            sink.close()

        try:
            await asyncio.gather(pass_on(reader, out), pass_on(there, writer))
        except OSError:
            pass
        finally:
            writer.transport.abort()
            out.transport.abort()


def through_a_bad_network(office: Office, rounds: int) -> None:
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}")
    chance = random.Random(seed)
    sent = 0
    with ScriptedSmtp() as server:
        for place in range(rounds):
            office.queue(f"r{place}@x.example", statement=f"SOA-{place}")
            network = BadNetwork(server.port, chance).start()
            transport = SmtpServer(
                "127.0.0.1", network.port, security="none", connect_seconds=0.5, answer_seconds=0.3, content_seconds=0.3
            )
            office.send(transport, pace=Pace(connections=1))
            network.stop()
            office.clock.pass_by(hours=2)
        for _ in range(3):
            office.send(server)
            office.clock.pass_by(hours=2)
        sent = len(server.mails)
        assert once_each(server, office)
    states = office.states()
    with office.database.reading() as work:
        unknown = [letter for letter in work.outbox.letters() if letter.message_id not in server.ids]
    assert set(states) <= {"accepted", "in_doubt"}, states
    assert all(letter.state.value == "in_doubt" for letter in unknown)  # nothing that is missing counts as sent
    print(f"{rounds} letters, {sent} taken, {states.count('in_doubt')} in doubt, 0 lost, 0 twice")


def test_delays_slices_stalls_and_cuts_anywhere_lose_nothing_and_double_nothing(office):
    through_a_bad_network(office, 30)


@pytest.mark.long
def test_five_hundred_rounds_through_a_bad_network(office):
    through_a_bad_network(office, 500)


def test_a_letter_reaches_a_mailbox_on_a_real_imap_server_and_its_copy_our_sent_folder(tmp_path, dovecot_running):
    from mailflow.adapters.imap import ImapMailbox
    from mailflow.adapters.sent_folder import MailboxSentFolder
    from mailflow.steps.send_round import send_round

    ours, theirs = dovecot_running.account(), dovecot_running.account()
    office = Office(f"sqlite:///{tmp_path}/mailflow.db", tmp_path / "archive")

    def mailbox(account) -> ImapMailbox:
        return ImapMailbox(
            "m", account.address, account.host, account.imap_port, account.address, lambda: account.password, "none"
        )

    def ids(account, folder: str) -> set[str]:
        return set(MailboxSentFolder(mailbox(account), folder).view(None).ids)

    office.queue(theirs.address, "nobody@elsewhere.example")
    transport = SmtpServer(
        ours.host, ours.smtp_port, security="none", username=ours.address, password=lambda: ours.password
    )
    sent = MailboxSentFolder(mailbox(ours), "Sent")

    def one_round():
        return send_round(
            office.database, office.archive, transport, office.clock, sent, holder="t", has_ended=lambda holder: False
        )

    first = one_round()
    assert (len(first.sent.accepted), len(first.sent.rejected), first.copies.waiting) == (1, 1, 1)
    assert ids(theirs, "INBOX") == {office.letter(1).message_id}
    office.clock.pass_by(minutes=3)
    assert one_round().copies.filed == 1
    assert one_round().copies.filed == 0
    assert ids(ours, "Sent") == {office.letter(1).message_id}
    assert office.case() is State.SENT
    office.database.engine.dispose()
