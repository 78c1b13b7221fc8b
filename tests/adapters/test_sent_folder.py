"""Our own Sent folder on a real IMAP server."""

import datetime as dt

import imapclient
import pytest

from mailflow.adapters.imap import ImapMailbox
from mailflow.adapters.sent_folder import MailboxSentFolder
from mailflow.steps.ports.outbox import SentMark
from mailflow.steps.ports.sending import ServerDown

AT = dt.datetime(2026, 11, 2, 1, 0, tzinfo=dt.UTC)


def mailbox(dovecot, **other) -> ImapMailbox:
    values = {
        "account": "finance", "address": dovecot.address, "host": dovecot.host, "port": dovecot.imap_port,
        "username": dovecot.address, "password": lambda: dovecot.password, "security": "none",
    }  # fmt: skip
    return ImapMailbox(**(values | other))


def mail(message_id: str, more: str = "") -> bytes:
    return f"Message-ID: {message_id}\r\n{more}Subject: x\r\n\r\nbody\r\n".encode()


def flags(dovecot, folder: str) -> list[tuple[bytes, ...]]:
    with imapclient.IMAPClient(dovecot.host, port=dovecot.imap_port, ssl=False) as client:
        client.login(dovecot.address, dovecot.password)
        client.select_folder(folder, readonly=True)
        return (
            [found[b"FLAGS"] for found in client.fetch(client.search(), ["FLAGS"]).values()] if client.search() else []
        )


def test_what_came_after_a_mark_is_seen_under_each_of_its_ids(dovecot):
    folder = MailboxSentFolder(mailbox(dovecot), "Sent")
    folder.file(mail("<before@x.example>"), AT)
    mark = folder.mark()
    folder.file(mail("<one@x.example>"), AT)
    folder.file(mail("\r\n <folded@x.example>", "X-Mailflow-Id: ours@x.example\r\n"), AT)
    view = folder.view(mark)
    assert view.whole
    assert view.ids == {
        "<one@x.example>": "<one@x.example>", "<folded@x.example>": "<folded@x.example>",
        "<ours@x.example>": "<folded@x.example>",
    }  # fmt: skip
    assert "<before@x.example>" in folder.view(None).ids
    assert all(b"\\Seen" in found for found in flags(dovecot, "Sent"))


def test_a_mark_of_another_life_of_the_folder_proves_no_absence(dovecot):
    folder = MailboxSentFolder(mailbox(dovecot), "Sent")
    folder.file(mail("<one@x.example>"), AT)
    mark = folder.mark()
    view = folder.view(SentMark(mark.uidvalidity + 1, mark.uid))
    assert "<one@x.example>" in view.ids and not view.whole


def test_a_folder_that_does_not_exist_is_empty_proves_nothing_and_is_made_when_needed(dovecot):
    folder = MailboxSentFolder(mailbox(dovecot), "已发送")
    mark = folder.mark()
    assert mark == SentMark(0, 0) and folder.view(None).whole is False
    folder.file(mail("<one@x.example>"), AT)
    assert folder.view(mark).ids == {"<one@x.example>": "<one@x.example>"}
    assert len(flags(dovecot, "已发送")) == 1


def test_a_mailbox_that_cannot_be_reached_says_so(dovecot):
    for other in ({"password": lambda: "wrong"}, {"port": 1}):
        with pytest.raises(ServerDown):
            MailboxSentFolder(mailbox(dovecot, **other), "Sent").mark()
