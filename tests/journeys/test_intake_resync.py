"""CONDSTORE and QRESYNC (RFC 7162) against Dovecot: what the server says it saves looking, and never hides anything."""

import dataclasses
import datetime as dt
import time

import imapclient
import pytest

from mailflow.adapters.archive import FileArchive
from mailflow.adapters.database.engine import open_engine
from mailflow.adapters.database.migrate import bring_up_to_date
from mailflow.adapters.database.unit_of_work import SqlDatabase
from mailflow.adapters.imap import ImapMailbox, ImapSession
from mailflow.steps.collect_mail import COMPARE_ANYWAY, COMPARE_EVERY
from mailflow.steps.watch_folder import FolderWatcher

pytestmark = [pytest.mark.dovecot, pytest.mark.xdist_group("dovecot")]
LATER = COMPARE_EVERY + dt.timedelta(minutes=1)


class Office:
    """A watcher whose clock is ours, over sessions that count the whole lists of UIDs they ask for."""

    def __init__(self, dovecot, directory, monkeypatch, leave_out):
        self.engine = open_engine(f"sqlite:///{directory}/mailflow.db")
        bring_up_to_date(self.engine)
        self.database = SqlDatabase(self.engine)
        self.at = dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC)
        self.lists = 0
        self.client = imapclient.IMAPClient(dovecot.host, port=dovecot.imap_port, ssl=False, timeout=10)
        self.client.login(dovecot.address, dovecot.password)
        self.client.select_folder("INBOX")
        listing = ImapSession.uids_above

        def counted(session, watermark):
            self.lists += watermark == 0
            return listing(session, watermark)

        monkeypatch.setattr(ImapSession, "uids_above", counted)
        if leave_out:
            offered = imapclient.IMAPClient.capabilities
            monkeypatch.setattr(
                imapclient.IMAPClient, "capabilities",
                lambda client: tuple(one for one in offered(client) if one not in leave_out),
            )  # fmt: skip
        mailbox = ImapMailbox(
            account="finance", address=dovecot.address, host=dovecot.host, port=dovecot.imap_port,
            username=dovecot.address, password=lambda: dovecot.password, security="none", folders=("INBOX",),
        )  # fmt: skip
        self.watcher = FolderWatcher(
            mailbox, "INBOX", False, "test", self.database, FileArchive(directory / "archive"), self,
            pause=time.sleep, jitter=lambda most: 0.05,
        )  # fmt: skip

    def now(self):
        return self.at

    def deliver(self, *names):
        for name in names:
            self.client.append("INBOX", f"Message-ID: <{name}@x>\r\nSubject: {name}\r\n\r\nwords\r\n".encode())

    def remove(self, *uids):
        self.client.delete_messages(list(uids))
        self.client.uid_expunge(list(uids))

    def look(self, later=dt.timedelta(0)):
        """What the look found, and how many whole lists of UIDs it asked for."""
        self.at, self.lists = self.at + later, 0
        found = self.watcher.once()
        return found, self.lists

    def lying(self):
        with self.database.reading() as work:
            epoch = work.mailroom.epoch("finance", "INBOX")
            return work.mailroom.lying(epoch)

    def forget(self, **values):
        """As if the epoch had other values."""
        with self.database.reading() as work:
            epoch = work.mailroom.epoch("finance", "INBOX")
        with self.database.writing() as work:
            work.mailroom.checked(epoch, self.at, values["modseq"], compared=True)


@pytest.fixture
def office(dovecot, tmp_path, monkeypatch):
    made = []

    def make(*leave_out):
        made.append(Office(dovecot, tmp_path, monkeypatch, leave_out))
        made[0].deliver("a", "b", "c", "d")
        made[0].look()
        return made[0]

    yield make
    for one in made:
        one.client.logout()
        one.engine.dispose()


def test_where_the_server_tells_expunged_mail_is_noted_at_the_next_look_and_nothing_is_listed(office):
    here = office()
    here.remove(2, 3)
    found, lists = here.look()
    assert (found.vanished, lists, here.lying()) == (2, 0, {1, 4})


def test_an_hour_later_the_server_s_word_spares_the_comparison_when_the_numbers_agree(office):
    here = office()
    here.remove(1)
    here.deliver("e")
    assert here.look()[1] == 0
    found, lists = here.look(LATER)
    assert (found.discovered, lists, here.lying()) == (0, 0, {2, 3, 4, 5})


def test_where_the_numbers_do_not_agree_everything_is_compared(office):
    here = office()
    with here.database.writing() as work:  # a bug of ours: a mail that we believe gone is there
        work.mailroom.vanished(work.mailroom.epoch("finance", "INBOX"), [3], here.at)
    assert here.look(LATER)[1] == 1


def test_once_a_day_everything_is_compared_whatever_the_server_says(office):
    here = office()
    assert here.look(COMPARE_ANYWAY)[1] == 1


def test_a_mark_from_the_future_is_believed_by_nobody(office):
    here = office()
    here.forget(modseq=10**9)
    here.remove(2)
    found, lists = here.look(LATER)
    assert (found.vanished, lists, here.lying()) == (1, 1, {1, 3, 4})


def test_with_condstore_alone_an_unchanged_folder_is_not_listed_and_a_changed_one_is(office):
    here = office(b"QRESYNC")
    here.look(LATER)  # Dovecot begins to count changes of a folder when somebody asks
    assert here.look(LATER)[1] == 0
    here.remove(2)
    found, lists = here.look(LATER)
    assert (found.vanished, lists) == (1, 1)


def test_a_server_that_offers_neither_is_compared_every_hour(office, monkeypatch):
    opening = ImapSession.open
    monkeypatch.setattr(
        ImapSession, "open", lambda *given, **named: dataclasses.replace(opening(*given, **named), modseq=None)
    )
    here = office(b"QRESYNC", b"CONDSTORE")
    assert here.look(LATER)[1] == 1


def test_a_server_that_refuses_what_it_offers_is_looked_into_as_any_other(office, monkeypatch):
    monkeypatch.setattr(ImapSession, "_reopened", lambda *given: None)
    here = office()
    here.remove(2)
    found, lists = here.look(LATER)
    assert (found.vanished, lists) == (1, 1)


def test_a_folder_made_anew_is_not_asked_for_what_vanished_from_the_old_one(office):
    here = office()
    here.client.unselect_folder()
    here.client.rename_folder("INBOX", "Old")  # leaves an empty INBOX of another life, or of the same one
    here.client.select_folder("INBOX")
    here.deliver("n")
    found, _ = here.look()
    assert len(found.messages) == 1
