"""Mail is taken in from a real Dovecot: once, whole, whatever happens to folder, bytes and process."""

import datetime as dt
import threading
import time

import imapclient
import pytest

from mailflow.adapters.archive import FileArchive
from mailflow.adapters.clock import SystemClock
from mailflow.adapters.database.engine import open_engine
from mailflow.adapters.database.migrate import bring_up_to_date
from mailflow.adapters.database.unit_of_work import SqlDatabase
from mailflow.adapters.imap import ImapMailbox
from mailflow.steps.ports.mailbox import LoginRefused
from mailflow.steps.ports.mailroom import MessageState, PlaceState
from mailflow.steps.watch_folder import FolderWatcher, WatchState

pytestmark = [pytest.mark.dovecot, pytest.mark.xdist_group("dovecot")]


def mail(number, size=0):
    return (
        f"From: customer@outside.example\r\nTo: ar@huaxing.example\r\nMessage-ID: <{number}@outside.example>\r\n"
        f"Subject: number {number}\r\n\r\n核对无误 {number}\r\n{'x' * 70}\r\n".encode()
        + b"".join(b"z" * 998 + b"\r\n" for _ in range(size // 1000))
    )


@pytest.fixture
def database(database_url):
    engine = open_engine(database_url)
    bring_up_to_date(engine)
    yield SqlDatabase(engine)
    engine.dispose()


@pytest.fixture
def watcher(database, dovecot, tmp_path):
    archive = FileArchive(tmp_path / "archive")

    def make(folder="INBOX", holder="test", password=None, acting=True):
        mailbox = ImapMailbox(
            account="finance", address=dovecot.address, host=dovecot.host, port=dovecot.imap_port,
            username=dovecot.address, password=lambda: password or dovecot.password, security="none",
            folders=("INBOX",), processed_folder="mailflow/Processed", quarantine_folder="mailflow/Quarantine",
        )  # fmt: skip
        return FolderWatcher(
            mailbox,
            folder,
            acting,
            holder,
            database,
            archive,
            SystemClock(),
            pause=time.sleep,
            jitter=lambda most: 0.05,
        )

    make.archive = archive
    return make


@pytest.fixture
def client(dovecot):
    connection = imapclient.IMAPClient(dovecot.host, port=dovecot.imap_port, ssl=False, timeout=10)
    connection.login(dovecot.address, dovecot.password)
    yield connection
    connection.logout()


def finish(database, state="done"):
    with database.writing() as work:
        for message in work.mailroom.messages(state=MessageState.WAITING):
            if state == "done":
                work.mailroom.finished(message.no, dt.datetime.now(dt.UTC))
            else:
                work.mailroom.failed(message.no, "read", "a test says so", dt.datetime.now(dt.UTC), None)


def messages(database):
    with database.reading() as work:
        return work.mailroom.messages()


def test_every_message_is_archived_as_it_lies_on_the_server_and_stays_unread(dovecot, watcher, client, database):
    for number in range(3):
        dovecot.deliver(mail(number))
    assert len(watcher().once().messages) == 3
    client.select_folder("INBOX")
    on_server = client.fetch(client.search("ALL"), ["BODY.PEEK[]", "FLAGS"])
    assert all(b"\\Seen" not in facts[b"FLAGS"] for facts in on_server.values())
    kept = {watcher.archive.read(message.sha256) for message in messages(database)}
    assert kept == {facts[b"BODY[]"] for facts in on_server.values()}


def test_a_second_look_takes_nothing_in_again(dovecot, watcher, database):
    dovecot.deliver(mail(1))
    watcher().once()
    assert watcher().once().discovered == 0
    assert len(messages(database)) == 1


def test_a_message_that_somebody_has_read_already_is_taken_in_too(dovecot, watcher, client):
    dovecot.deliver(mail(1))
    client.select_folder("INBOX")
    client.add_flags(client.search("ALL"), [b"\\Seen"])
    assert len(watcher().once().messages) == 1


def test_finished_mail_is_moved_away_and_failed_mail_into_quarantine_only_after_the_commit(
    dovecot, watcher, client, database
):
    dovecot.deliver(mail(1))
    watcher().once()
    client.select_folder("INBOX")
    assert len(client.search("ALL")) == 1  # not finished yet: it stays
    finish(database)
    dovecot.deliver(mail(2))
    watcher().once()
    finish(database, "failed")
    watcher().once()
    client.unselect_folder()
    counts = {name: client.folder_status(name, ["MESSAGES"])[b"MESSAGES"] for name in
              ("INBOX", "mailflow/Processed", "mailflow/Quarantine")}  # fmt: skip
    assert counts == {"INBOX": 0, "mailflow/Processed": 1, "mailflow/Quarantine": 1}


def test_the_same_bytes_in_another_folder_are_the_same_message_in_two_places(dovecot, watcher, client, database):
    dovecot.deliver(mail(1))
    client.create_folder("for mailflow")
    client.select_folder("INBOX")
    client.copy(client.search("ALL"), "for mailflow")
    watcher().once()
    assert watcher("for mailflow", acting=False).once().messages == []
    assert len(messages(database)) == 1


def test_a_folder_made_anew_is_a_new_epoch_and_brings_no_message_twice(dovecot, watcher, client, database):
    client.create_folder("work")
    dovecot.deliver(mail(1))
    client.select_folder("INBOX")
    raw = next(iter(client.fetch(client.search("ALL"), ["BODY.PEEK[]"]).values()))[b"BODY[]"]
    client.append("work", raw)
    watch = watcher("work", acting=False)
    watch.once()
    client.delete_folder("work")
    time.sleep(1.1)  # Dovecot makes UIDVALIDITY from the second
    client.create_folder("work")
    client.append("work", mail(7))
    client.append("work", raw)
    assert len(watch.once().messages) == 1
    assert len(messages(database)) == 2
    with database.reading() as work:
        assert work.mailroom.epoch("finance", "work").resyncs == 1


def test_mail_that_another_client_removes_first_is_recorded_as_gone_and_blocks_nothing(
    dovecot, watcher, client, database
):
    for number in range(3):
        dovecot.deliver(mail(number))
    client.select_folder("INBOX")
    watch = watcher()
    with database.writing() as work:  # discovered, and then somebody deletes the second one
        fence = work.mailroom.lease("finance", "INBOX", "test", dt.datetime.now(dt.UTC), dt.datetime.now(dt.UTC))
        validity = int(client.folder_status("INBOX", ["UIDVALIDITY"])[b"UIDVALIDITY"])
        epoch = work.mailroom.begin_epoch("finance", "INBOX", validity, dt.datetime.now(dt.UTC))
        work.mailroom.discover(epoch, client.search("ALL"), dt.datetime.now(dt.UTC))
    assert fence is not None
    client.delete_messages([2])
    client.expunge()
    found = watch.once()
    assert (len(found.messages), found.vanished >= 1) == (2, True)
    with database.reading() as work:
        assert work.mailroom.known_uids(epoch)[2] is PlaceState.VANISHED


def test_a_wrong_password_is_said_and_not_hammered(watcher):
    with pytest.raises(LoginRefused):
        watcher(password="wrong").once()


def test_two_watchers_of_one_folder_take_turns(dovecot, watcher, database):
    dovecot.deliver(mail(1))
    stop = threading.Event()
    first, second = watcher(holder="one"), watcher(holder="two")
    threads = [threading.Thread(target=one.run, args=(stop.is_set,)) for one in (first, second)]
    first.pause = second.pause = lambda seconds: stop.wait(min(seconds, 0.2))
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline and not messages(database):
        time.sleep(0.05)
    states = {first.status.state, second.status.state}
    stop.set()
    for thread in threads:
        thread.join(10)
    assert len(messages(database)) == 1
    assert WatchState.ELSEWHERE in states


def test_mail_is_noticed_under_idle_within_moments(dovecot, watcher, database):
    stop = threading.Event()
    watch = watcher()
    thread = threading.Thread(target=watch.run, args=(stop.is_set,))
    thread.start()
    try:
        deadline = time.monotonic() + 10
        while watch.status.state is not WatchState.WAITING and time.monotonic() < deadline:
            time.sleep(0.02)
        started = time.monotonic()
        dovecot.deliver(mail(1))
        while not messages(database) and time.monotonic() < deadline + 10:
            time.sleep(0.02)
        assert messages(database) and time.monotonic() - started < 8
    finally:
        stop.set()
        thread.join(10)


def test_a_large_message_comes_in_pieces_and_whole(dovecot, watcher, database):
    dovecot.deliver(mail(1, size=5_000_000))
    watcher().once()
    [message] = messages(database)
    assert message.size > 5_000_000
    assert len(watcher.archive.read(message.sha256)) == message.size
