"""A server that fails at every command, and clients that change the mailbox meanwhile: none lost, none twice."""

import random
import threading
import time

import pytest

from mailflow.adapters.archive import FileArchive
from mailflow.adapters.clock import SystemClock
from mailflow.adapters.database.engine import open_engine
from mailflow.adapters.database.migrate import bring_up_to_date
from mailflow.adapters.database.unit_of_work import SqlDatabase
from mailflow.adapters.imap import ImapMailbox
from mailflow.steps import collect_mail
from mailflow.steps.ports.mailbox import FolderMissing, LoginRefused, MailboxDown
from mailflow.steps.ports.mailroom import MessageState, PlaceState
from mailflow.steps.watch_folder import FolderWatcher, WatchState
from tests.servers.scripted_imap import BYE, DROP, HOST, Do, Folder, ScriptedImap


def mail(number, size=200):
    return (
        f"From: customer@outside.example\r\nMessage-ID: <{number}@outside.example>\r\nSubject: 第 {number} 封\r\n\r\n"
        f"核对无误 {number}\r\n"
    ).encode() + b"z" * size + b"\r\n"  # fmt: skip


class Office:
    """A scripted server, and our side of it."""

    def __init__(self, directory, url=None):
        self.server = ScriptedImap().start()
        self.engine = open_engine(url or f"sqlite:///{directory}/mailflow.db")
        bring_up_to_date(self.engine)
        self.database = SqlDatabase(self.engine)
        self.archive = FileArchive(directory / "archive")

    def watcher(self, folder="INBOX", holder="test", acting=True, read_seconds=5.0):
        mailbox = ImapMailbox(
            account="finance", address="ar@huaxing.example", host=HOST, port=self.server.port, username="ar",
            password=lambda: "secret", security="none", folders=("INBOX",), processed_folder="Processed",
            quarantine_folder="Quarantine", connect_seconds=2.0, read_seconds=read_seconds,
        )  # fmt: skip
        return FolderWatcher(
            mailbox, folder, acting, holder, self.database, self.archive, SystemClock(), pause=time.sleep,
            jitter=lambda most: 0.01,
        )  # fmt: skip

    def look(self, **how):
        """One look; what a server or network does to it is not our concern."""
        try:
            return self.watcher(**how).once()
        except (MailboxDown, FolderMissing, LoginRefused):
            return None

    def in_peace(self):
        self.server.script = lambda event, session: None
        with self.database.writing() as work:  # nobody waits for a next attempt
            places = collect_mail_places(work)
            for place in places:
                work.mailroom.not_fetched(place, PlaceState.DISCOVERED, "", SystemClock().now(), None)
        for _ in range(2):
            self.watcher().once()

    def finish(self):
        with self.database.writing() as work:
            for message in work.mailroom.messages(state=MessageState.WAITING):
                work.mailroom.finished(message.no, SystemClock().now())

    def contents(self):
        with self.database.reading() as work:
            return [self.archive.read(message.sha256) for message in work.mailroom.messages()]

    def close(self):
        self.server.stop()
        self.engine.dispose()


def collect_mail_places(work):
    return [
        place
        for epoch in [work.mailroom.epoch("finance", "INBOX")]
        if epoch is not None
        for place in work.mailroom.to_fetch(epoch, SystemClock().now().replace(year=2100), 10_000)
    ]


@pytest.fixture
def office(tmp_path):
    made = Office(tmp_path)
    yield made
    made.close()


def once_at(event, do, nth=1):
    seen = []

    def script(name, session):
        if name == event:
            seen.append(1)
            return do if len(seen) == nth else None
        return None

    return script


EVENTS = (
    "CONNECT", "LOGIN", "LOGIN.done", "CAPABILITY", "ID", "SELECT", "SELECT.done", "SEARCH", "SEARCH.done", "FETCH",
    "FETCH.done", "BODY", "BODY.done", "MOVE", "MOVE.done", "CREATE", "LOGOUT",
)  # fmt: skip
FAULTS = {
    "drop": DROP, "bye": BYE, "no": Do(say="{tag} NO [SERVERBUG] try later"), "bad": Do(say="{tag} BAD what"),
    "cut": Do(cut=7), "nonsense": Do(say="* 99 NONSENSE ((("), "byte by byte": Do(slices=1),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("event", EVENTS)
def test_any_fault_at_any_command_loses_and_doubles_nothing(office, event, fault):
    if event.endswith(".done") and FAULTS[fault].say:
        pytest.skip("an answer in place of doing it, after it was done, is a drop")
    sent = [mail(number) for number in range(3)]
    for content in sent:
        office.server.deliver(content)
    if event in ("MOVE", "MOVE.done", "CREATE"):
        office.look()
        office.finish()
    office.server.script = once_at(event, FAULTS[fault])
    watcher_timeout = 0.3 if fault == "nonsense" else 5.0  # the answer never ends
    office.look(read_seconds=watcher_timeout)
    office.in_peace()
    assert sorted(office.contents()) == sorted(sent)
    office.finish()
    office.in_peace()
    with office.server.lock:
        assert sorted(office.server.folders["Processed"].mails.values()) == sorted(sent)
        assert not office.server.folders["INBOX"].mails


def test_a_literal_that_is_cut_anywhere_is_fetched_again_whole(office):
    sent = [mail(number, 3_000) for number in range(2)]
    for content in sent:
        office.server.deliver(content)
    for cut in (0, 1, 40, 60, 100, 3_000, 3_400, 6_500):
        office.server.script = once_at("BODY", Do(cut=cut))
        office.look()
    office.in_peace()
    assert sorted(office.contents()) == sorted(sent)


@pytest.mark.parametrize(
    ("change", "kept"), [(lambda content: None, 0), (lambda content: b"", 0), (lambda content: content[:-40], 0)]
)
def test_nothing_empty_and_too_little_are_asked_for_again_and_shown_in_the_end(office, change, kept):
    office.server.deliver(mail(1))
    office.server.script = lambda event, session: Do(change=change) if event == "BODY" else None
    office.look()
    assert len(office.contents()) == kept
    office.in_peace()
    assert office.contents() == [mail(1)]


def test_one_message_that_the_server_refuses_does_not_keep_the_others_waiting(office):
    """``NO`` for one UID ends the whole FETCH at some servers, and the connection with it."""
    for number in range(5):
        office.server.deliver(mail(number))

    original = office.server._body

    def body(session, rest, do):
        uids = {uid for _, uid in office.server._numbered(session, rest)}
        return (b"", "NO [SERVERBUG] cannot read it") if 3 in uids else original(session, rest, do)

    office.server._body = body
    for _ in range(4):
        office.look()
    assert len(office.contents()) == 4
    with office.database.reading() as work:
        [place] = collect_mail_places(work)
    assert (place.uid, place.state) == (3, PlaceState.DISCOVERED)
    office.server._body = original
    office.in_peace()
    assert len(office.contents()) == 5


def test_a_server_that_falls_silent_is_left_and_asked_again(office):
    office.server.deliver(mail(1))
    office.server.script = once_at("SEARCH", Do(wait=1.5))
    started = time.monotonic()
    assert office.look(read_seconds=0.3) is None
    assert time.monotonic() - started < 1.4
    office.in_peace()
    assert office.contents() == [mail(1)]


def test_a_watcher_without_a_sign_of_life_is_cut_loose(office, monkeypatch):
    """A server that drips a byte now and then gets past every timeout."""
    office.server.deliver(mail(1, 3_000))
    office.server.script = once_at("BODY", Do(slices=1, wait=2.0))
    watcher, stop = office.watcher(read_seconds=30.0), threading.Event()
    monkeypatch.setattr("mailflow.steps.watch_folder.STALLED", collect_mail.dt.timedelta(seconds=0.3))
    thread = threading.Thread(target=watcher.run, args=(stop.is_set,))
    thread.start()
    deadline = time.monotonic() + 15
    cut = False
    while time.monotonic() < deadline and not office.contents():
        cut = watcher.look_after() or cut
        time.sleep(0.05)
    stop.set()
    thread.join(10)
    assert cut and office.contents() == [mail(1, 3_000)]


def test_search_answers_in_any_order_and_with_a_last_message_that_is_old(office):
    office.server.unsorted = True
    sent = [mail(number) for number in range(6)]
    for content in sent:
        office.server.deliver(content)
    office.look()
    office.look()
    assert sorted(office.contents()) == sorted(sent)


def test_a_push_cut_over_packets_and_one_in_the_same_packet_are_both_heard(office):
    watcher, stop = office.watcher(), threading.Event()
    office.server.script = lambda event, session: Do(slices=3) if event == "IDLE" else None
    thread = threading.Thread(target=watcher.run, args=(stop.is_set,))
    thread.start()
    try:
        for number in range(3):
            deadline = time.monotonic() + 8
            while watcher.status.state is not WatchState.WAITING and time.monotonic() < deadline:
                time.sleep(0.01)
            time.sleep(0.1)
            office.server.deliver(mail(number))
            while len(office.contents()) <= number and time.monotonic() < deadline:
                time.sleep(0.02)
            assert len(office.contents()) == number + 1
    finally:
        stop.set()
        thread.join(10)


def test_a_folder_that_is_renamed_and_comes_back_as_another_is_begun_anew(office):
    office.server.deliver(mail(1))
    office.look()
    with office.server.lock:
        office.server.folders["Elsewhere"] = office.server.folders.pop("INBOX")
    with pytest.raises(FolderMissing):
        office.watcher().once()
    with office.server.lock:
        office.server.folders["INBOX"] = Folder(4711)
    office.server.deliver(mail(2))
    office.in_peace()
    assert sorted(office.contents()) == sorted([mail(1), mail(2)])


def test_mail_that_goes_between_search_sizes_and_bodies_is_noted_as_gone(office):
    for number in range(4):
        office.server.deliver(mail(number))

    def script(event, session):
        if event == "FETCH":
            office.server.expunge(1)
        if event == "BODY":
            office.server.expunge(2)
        return

    office.server.script = script
    office.look()
    office.in_peace()
    assert sorted(office.contents()) == sorted([mail(2), mail(3)])
    with office.database.reading() as work:
        states = work.mailroom.known_uids(work.mailroom.epoch("finance", "INBOX"))
    assert [states[uid] for uid in (1, 2)] == [PlaceState.VANISHED] * 2


def test_no_message_is_moved_before_its_work_is_committed(office):
    for number in range(4):
        office.server.deliver(mail(number))
    office.look()
    with office.database.writing() as work:
        for message in work.mailroom.messages()[:2]:
            work.mailroom.finished(message.no, SystemClock().now())
    office.look()
    assert len(office.server.moves) == 2


def test_a_move_whose_answer_is_lost_is_not_done_twice_and_makes_no_second_message(office):
    office.server.deliver(mail(1))
    office.look()
    office.finish()
    office.server.folders["Processed"] = Folder(5)
    office.server.script = once_at("MOVE.done", DROP)
    office.look()
    office.in_peace()
    assert len(office.server.moves) == 1
    office.watcher("Processed", acting=False).once()
    assert office.contents() == [mail(1)]


def test_a_server_with_neither_move_nor_uidplus_keeps_its_mail_and_is_never_expunged(tmp_path):
    office = Office(tmp_path)
    office.server.capabilities = "IDLE ID"
    office.server.deliver(mail(1))
    office.look()
    office.finish()
    office.look()
    assert list(office.server.folders["INBOX"].mails.values()) == [mail(1)]
    assert "EXPUNGE" not in office.server.log
    office.close()


def test_only_the_holder_of_the_folder_writes_when_it_was_taken_over_meanwhile(office):
    """A watcher that slept through its lease comes back while another has taken the folder."""
    for number in range(3):
        office.server.deliver(mail(number))

    def script(event, session):
        if event == "BODY" and session.number == 1:
            with office.database.writing() as work:
                table = "UPDATE mail_folder SET holder='other', fence=fence+1"
                work.mailroom._connection.exec_driver_sql(table)
        return

    office.server.script = script
    with pytest.raises(collect_mail.LeaseLost):
        office.watcher(holder="sleeper").once()
    with office.database.reading() as work:
        assert work.mailroom.messages() == []
    with office.database.writing() as work:
        work.mailroom.release("finance", "INBOX", "other")
    office.in_peace()
    assert len(office.contents()) == 3


def history(office, seed, steps=14):
    """Random mail, other clients and faults; gives what must be ours in the end and what may be."""
    chance = random.Random(seed)
    sent, removed, number = set(), set(), seed * 1_000
    for _ in range(steps):
        do = chance.random()
        if do < 0.45:
            for _ in range(chance.randint(1, 6)):
                number += 1
                content = mail(number, chance.choice((10, 300, 5_000)))
                office.server.deliver(content)
                sent.add(content)
        elif do < 0.55 and office.server.folders["INBOX"].mails:
            with office.server.lock:
                uid = chance.choice(sorted(office.server.folders["INBOX"].mails))
                removed.add(office.server.expunge(uid))  # somebody deletes it: ours only when we saw it before
        elif do < 0.62:
            office.server.made_anew()
        elif do < 0.75:
            office.finish()
        event = chance.choice(EVENTS)
        fault = chance.choice([*FAULTS.values()])
        if fault.say.startswith("*") or (event.endswith(".done") and fault.say):
            fault = DROP
        office.server.script = once_at(event, fault, chance.randint(1, 2))
        office.look()
    office.in_peace()
    return sent - removed, sent


@pytest.mark.parametrize("seed", range(6))
def test_random_histories_lose_and_double_nothing(office, seed):
    must, may = history(office, seed)
    found = office.contents()
    assert len(found) == len(set(found))
    assert must <= set(found) <= may


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_two_hundred_random_histories_lose_and_double_nothing(tmp_path):
    for seed in range(100, 300):
        (tmp_path / str(seed)).mkdir()
        office = Office(tmp_path / str(seed))
        must, may = history(office, seed, steps=20)
        found = office.contents()
        office.close()
        assert len(found) == len(set(found)), f"seed {seed}"
        assert must <= set(found) <= may, f"seed {seed}"
