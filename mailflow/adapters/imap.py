"""IMAP through imapclient. What real servers and the library do, and what we do about it, stands beside each line.

Everything the library raises becomes :class:`MailboxDown`, :class:`LoginRefused` or :class:`FolderMissing`: after any
protocol error the connection is dropped, because collected untagged answers leak into the next command (measured).
"""

from __future__ import annotations

import contextlib
import datetime as dt
import imaplib
import re
import select
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import imapclient
from imapclient import exceptions

from mailflow.refusals import Unreachable
from mailflow.steps.ports.mailbox import Announced, FolderMissing, LoginRefused, MailboxDown, Moved, Opened, batches
from mailflow.steps.ports.sign_in import SignInNeeded

CONNECT_SECONDS = 20.0
READ_SECONDS = 60.0  # a hung server must not hold the watcher for ever
PIECE = 1024 * 1024  # 100 MB whole costs 328 MB of memory, in pieces 28 MB, and no time (measured)
SLICE_SECONDS = 0.5  # how soon a wait notices that the service is to end
IDLE_RENEWAL_SECONDS = 9 * 60.0  # providers and NATs drop silent connections after 10; RFC 2177's 29 is too long
POLL_SECONDS = 15.0  # without IDLE: NOOP on the same connection
_UID_RANGE = re.compile(rb"(\d+)(?::(\d+))?")  # "2:5,9"
_DROPPED = (imaplib.IMAP4.error, exceptions.IMAPClientError, OSError, EOFError, ValueError, KeyError, IndexError)
# a refusal that is about the moment, not about the password (RFC 5530)
_NOT_NOW = re.compile(r"\b(UNAVAILABLE|INUSE|LIMIT|SERVERBUG)\b|try again|temporar|too many", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ImapMailbox:
    """``mailflow.steps.ports.mailbox.Mailbox``. ``security``: ``none`` (loopback only), ``starttls`` or ``tls``.

    ``password`` and ``token`` are asked for at every connection, so a fresh token is never older than the connection;
    with ``token`` the login is XOAUTH2.
    """

    account: str
    address: str
    host: str
    port: int
    username: str
    password: Callable[[], str] = field(repr=False)
    security: str = "tls"
    folders: tuple[str, ...] = ("INBOX",)
    processed_folder: str | None = None
    quarantine_folder: str | None = None
    token: Callable[[], str] | None = field(default=None, repr=False)
    connect_seconds: float = CONNECT_SECONDS
    read_seconds: float = READ_SECONDS

    def connect(self) -> ImapSession:
        where = f"IMAP server {self.host}:{self.port}"
        client: Any = None
        try:
            timeout = imapclient.SocketTimeout(connect=self.connect_seconds, read=self.read_seconds)
            client = imapclient.IMAPClient(
                self.host, port=self.port, ssl=self.security == "tls", timeout=timeout, use_uid=True
            )
            if hasattr(client, "_imap"):
                client._imap.debug = 0  # the library sets 5, which formats every literal: three times slower
            _tune(client.socket())
            if self.security == "starttls":
                client.starttls(ssl.create_default_context())
        except _DROPPED as failure:
            _close(client)
            raise MailboxDown(f"{where}: {_words(failure)}") from None
        try:
            if self.token is not None:
                client.oauth2_login(self.username, self.token())
            else:
                client.login(self.username, self.password())
        except exceptions.LoginError as failure:
            _close(client)
            # a connection that breaks under the sign-in comes as LoginError too: nobody has refused anything
            broken = isinstance(failure.__context__, (imaplib.IMAP4.abort, OSError))
            if broken or _NOT_NOW.search(_words(failure)):
                raise MailboxDown(f"{where}: {_words(failure)}") from None
            raise LoginRefused(f"{where} refuses the sign-in of {self.username}: {_words(failure)}") from None
        except SignInNeeded as needed:
            _close(client)
            raise LoginRefused(f"{where}: {needed}") from None
        except (Unreachable, *_DROPPED) as failure:  # Unreachable: the identity provider
            _close(client)
            raise MailboxDown(f"{where}: {_words(failure)}") from None
        return ImapSession(client, where)


class ImapSession:
    """``mailflow.steps.ports.mailbox.Session`` over one connection of imapclient."""

    def __init__(self, client: Any, where: str) -> None:
        self._client, self._where = client, where
        with self._dropping():
            self._capabilities = {name.upper() for name in client.capabilities()}  # asked again after login: QQ
            self._resyncs = False  # the server says what went away since we last looked (RFC 7162, QRESYNC)
            marks = sorted({b"CONDSTORE", b"QRESYNC"} & self._capabilities)
            if marks and b"ENABLE" in self._capabilities:
                with contextlib.suppress(exceptions.IMAPClientError):  # a refusal is an answer, too
                    self._resyncs = b"QRESYNC" in {name.upper() for name in client.enable(*marks)}
            if b"ID" in self._capabilities:  # 163 and 126 refuse SELECT ("Unsafe Login") without it
                client.id_({"name": "mailflow", "version": "1"})

    @contextlib.contextmanager
    def _dropping(self) -> Iterator[None]:
        try:
            yield
        except _DROPPED as failure:
            self.close()
            raise MailboxDown(f"{self._where}: {_words(failure)}") from None

    def open(self, folder: str, *, writable: bool, since: tuple[int, int] | None = None) -> Opened:
        with self._dropping():
            if since is not None and self._resyncs:
                opened = self._reopened(folder, writable, since)
                if opened is not None:
                    return opened
                self._resyncs = False
            try:
                answer = self._client.select_folder(folder, readonly=not writable)
            except imaplib.IMAP4.abort:
                raise
            except imaplib.IMAP4.error as refused:
                raise FolderMissing(
                    f"{self._where}: the folder {folder!r} cannot be opened: {_words(refused)}"
                ) from None
            return _opened(answer)

    def _reopened(self, folder: str, writable: bool, since: tuple[int, int]) -> Opened | None:
        """SELECT with QRESYNC, which imapclient cannot say; None when the server refuses it."""
        imap, (validity, modseq) = self._client._imap, since
        imap.untagged_responses, imap.is_readonly = {}, not writable
        verb, name = "SELECT" if writable else "EXAMINE", self._client._normalise_folder(folder)
        kind, _ = imap._simple_command(verb, name, f"(QRESYNC ({validity} {modseq}))")
        if kind != "OK":
            imap.state = "AUTH"
            return None
        imap.state = "SELECTED"
        told = imap.untagged_responses
        told.pop("FETCH", None)  # changed flags, which are nothing to us and would leak into the next fetch
        vanished = told.pop("VANISHED", [])
        opened = _opened(self._client._process_select_response(told))
        if opened.uidvalidity != validity or opened.modseq is None or opened.modseq < modseq:
            return opened
        ranges = [one for line in vanished for one in _UID_RANGE.findall(line)]
        return replace(opened, vanished=tuple((int(low), int(high or low)) for low, high in ranges))

    def uids_above(self, watermark: int) -> list[int]:
        with self._dropping():
            found = self._client.search(["UID", f"{watermark + 1}:*"])
        # "n:*" always gives the last message, and the order is the server's own
        return sorted({uid for uid in map(int, found) if uid > watermark})

    def announced(self, uids: list[int]) -> dict[int, Announced]:
        result: dict[int, Announced] = {}
        for batch in batches(uids):
            with self._dropping():
                answer = self._client.fetch(batch, ["RFC822.SIZE", "INTERNALDATE"])
            for uid, facts in answer.items():
                if b"RFC822.SIZE" in facts:
                    result[int(uid)] = Announced(
                        int(uid), int(facts[b"RFC822.SIZE"]), _instant(facts.get(b"INTERNALDATE"))
                    )
        return result

    def contents(self, uids: list[int]) -> dict[int, bytes]:
        found: dict[int, bytes] = {}
        for batch in batches(uids):
            with self._dropping():
                answer = self._client.fetch(batch, ["BODY.PEEK[]"])
            for uid, facts in answer.items():
                for key, value in facts.items():
                    if key.startswith(b"BODY[]"):
                        found[int(uid)] = bytes(value or b"")
        return found

    def content(self, uid: int, size: int) -> Iterator[bytes] | None:
        first = self._piece(uid, 0)
        if first is None:
            return None
        return self._pieces(uid, first)

    def _pieces(self, uid: int, first: bytes) -> Iterator[bytes]:
        offset, piece = 0, first
        while piece:
            yield piece
            offset += len(piece)
            if len(piece) < PIECE:
                return
            piece = self._piece(uid, offset) or b""

    def _piece(self, uid: int, offset: int) -> bytes | None:
        """None: the message is gone (no answer). Empty: NIL or an empty literal, which is not the same."""
        with self._dropping():
            facts = self._client.fetch([uid], [f"BODY.PEEK[]<{offset}.{PIECE}>"]).get(uid)
            if facts is None:
                return None
            for key, value in facts.items():
                if key.startswith(b"BODY[]"):
                    return bytes(value or b"")
            return b""

    def move(self, uids: list[int], folder: str) -> Moved:
        if not uids:
            return Moved.GONE  # an empty list would be a malformed command
        with self._dropping():
            if b"MOVE" in self._capabilities:
                return self._filed(lambda: self._client.move(uids, folder), folder)
            if b"UIDPLUS" not in self._capabilities:
                return Moved.KEPT  # a plain EXPUNGE would remove what another client has marked
            outcome = self._filed(lambda: self._client.copy(uids, folder), folder)
            if outcome is Moved.MOVED:
                self._client.delete_messages(uids, silent=True)
                self._client.uid_expunge(uids)
            return outcome

    def _filed(self, act: Callable[[], Any], folder: str) -> Moved:
        """NO: the folder is not there yet (make it, once), or the message is not there any more."""
        try:
            act()
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as refused:
            if "EXPUNGEISSUED" in _words(refused).upper():
                return Moved.GONE
            if self._client.folder_exists(folder):
                return Moved.KEPT  # full, or not ours to write: the message stays, and is none the worse for it
            self._client.create_folder(folder)
            act()
        return Moved.MOVED

    def message_ids(self, uids: list[int]) -> dict[int, tuple[str, ...]]:
        result: dict[int, tuple[str, ...]] = {}
        for batch in batches(uids):
            with self._dropping():
                answer = self._client.fetch(batch, ["BODY.PEEK[HEADER.FIELDS (MESSAGE-ID X-MAILFLOW-ID)]"])
            for uid, facts in answer.items():
                block = b"".join(value for key, value in facts.items() if key.startswith(b"BODY[") and value)
                # folded ids exist ("Message-ID:" newline id); ids hold no blanks, so every word with an @ is one
                words = block.decode("ascii", "replace").split()
                result[int(uid)] = tuple(f"<{word.strip('<>')}>" for word in words if "@" in word)
        return result

    def append(self, folder: str, content: bytes, at: dt.datetime) -> None:
        with self._dropping():
            self._filed(lambda: self._client.append(folder, content, flags=(b"\\Seen",), msg_time=at), folder)

    def wait(self, seconds: float, stopping: Callable[[], bool]) -> bool:
        with self._dropping():
            if b"IDLE" in self._capabilities:
                return self._idle(min(seconds, IDLE_RENEWAL_SECONDS), stopping)
            deadline = time.monotonic() + min(seconds, POLL_SECONDS)
            while time.monotonic() < deadline and not stopping():
                time.sleep(min(SLICE_SECONDS, max(0.0, deadline - time.monotonic())))
            self._client.noop()
            return True  # without push only a look tells

    def _idle(self, seconds: float, stopping: Callable[[], bool]) -> bool:
        """``idle_check()`` aborts when a line comes in two segments, and hides a connection that is gone (measured):
        so the socket is asked whether there is anything, and ``idle_done()`` what it is."""
        already = self._take_exists()
        self._client.idle()
        already = self._take_exists() or already  # a push in one segment with the continuation
        waiting = self._client.socket()
        pending = getattr(waiting, "pending", None)  # TLS may have decrypted it already
        heard = already or bool(pending and pending())
        poller = select.poll()
        poller.register(waiting, select.POLLIN | select.POLLHUP | select.POLLERR)
        deadline = time.monotonic() + seconds
        while not heard and not stopping() and time.monotonic() < deadline:
            heard = bool(poller.poll(min(SLICE_SECONDS, max(0.0, deadline - time.monotonic())) * 1000))
        _, answers = self._client.idle_done()  # raises on a connection that is gone
        return heard or any(
            (len(answer) > 1 and answer[1] in (b"EXISTS", b"EXPUNGE")) or answer[:1] == (b"VANISHED",)
            for answer in answers
        )

    def _take_exists(self) -> bool:
        """Whether an earlier answer announced mail on the side; the library keeps such lines to itself."""
        untagged = getattr(getattr(self._client, "_imap", None), "untagged_responses", {})
        return bool(untagged.pop("EXISTS", None))

    def close(self) -> None:
        _close(self._client)

    def logout(self) -> None:
        """A clean end; :meth:`close` for a connection that is in doubt."""
        with contextlib.suppress(*_DROPPED):
            self._client.logout()
        self.close()


def _tune(connection: socket.socket) -> None:
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # SEARCH goes out as two small writes: 46 ms -> 2
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, value in (("TCP_KEEPIDLE", 60), ("TCP_KEEPINTVL", 20), ("TCP_KEEPCNT", 3)):
        if hasattr(socket, option):
            connection.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), value)


def _close(client: Any) -> None:
    if client is not None:
        with contextlib.suppress(*_DROPPED, AttributeError):
            client.shutdown()


def _opened(answer: dict[bytes, Any]) -> Opened:
    return Opened(int(answer.get(b"UIDVALIDITY", 0)), int(answer[b"EXISTS"]), answer.get(b"HIGHESTMODSEQ") or None)


def _instant(value: dt.datetime | None) -> dt.datetime | None:
    """imapclient turns INTERNALDATE into local time without an offset."""
    return None if value is None else value.astimezone(dt.UTC)


def _words(failure: BaseException) -> str:
    """The server's own words, on one line, without bytes marks; some texts are GBK (QQ)."""
    text = " ".join(str(part) for part in failure.args) or type(failure).__name__
    found = re.fullmatch(r"b(['\"])(.*)\1", text, re.DOTALL)
    text = found.group(2) if found else text
    if "\\x" in text:
        with contextlib.suppress(UnicodeError):
            text = text.encode("latin-1", "replace").decode("unicode_escape").encode("latin-1").decode("gb18030")
    return " ".join(text.split())[:300]
