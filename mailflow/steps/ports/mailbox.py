"""A mailbox on a server: one connection, one selected folder at a time. The source of mail, never the state of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class MailboxDown(Exception):
    """The connection is gone or the server answered nonsense: drop it, wait, connect again."""


class LoginRefused(Exception):
    """The server does not take this name and password (or token). Trying again soon may lock the account."""


class FolderMissing(Exception):
    """The folder cannot be opened; other folders of the mailbox may still be there."""


class Moved(StrEnum):
    MOVED = "moved"
    GONE = "gone"  # another client was faster
    KEPT = "kept"  # the server can neither MOVE nor expunge a single UID: the message stays where it is


@dataclass(frozen=True, slots=True)
class Announced:
    """What the server says about a message before its bytes: ``size`` in octets (a few servers are off)."""

    uid: int
    size: int
    received_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Opened:
    """A folder as it was when it was opened, with ``count`` messages; ``uidvalidity`` is 0 when the server gives none.

    ``modseq`` marks that state: any change of the folder raises it (RFC 7162, HIGHESTMODSEQ); None when not offered.
    ``vanished``: ranges of UIDs, both ends included, that went away since the mark that was named (they may name UIDs
    that never were); None: the server did not say.
    """

    uidvalidity: int
    count: int
    modseq: int | None = None
    vanished: tuple[tuple[int, int], ...] | None = None


class Session(Protocol):
    """One authenticated connection. Every method raises :class:`MailboxDown` on any protocol error or timeout; the
    session is then dead and must be closed."""

    def open(self, folder: str, *, writable: bool, since: tuple[int, int] | None = None) -> Opened:
        """``since``: UIDVALIDITY and mark when we last knew what lies in it. Raises :class:`FolderMissing`."""
        ...

    def uids_above(self, watermark: int) -> list[int]:
        """All UIDs greater than ``watermark``, ascending, each once."""
        ...

    def announced(self, uids: list[int]) -> dict[int, Announced]:
        """For those that still exist. Never marks anything as read."""
        ...

    def contents(self, uids: list[int]) -> dict[int, bytes]:
        """The bytes of small messages, in one answer; without those that are gone. Never marks them as read."""
        ...

    def content(self, uid: int, size: int) -> Iterator[bytes] | None:
        """The message's bytes in pieces of at most 1 MiB; None when it is gone. Never marks it as read."""
        ...

    def move(self, uids: list[int], folder: str) -> Moved:
        """Into ``folder`` (made when missing), by UID; never expunges what others have marked."""
        ...

    def message_ids(self, uids: list[int]) -> dict[int, tuple[str, ...]]:
        """Message-ID and X-Mailflow-Id, in angle brackets, of those that still exist. Never marks them as read."""
        ...

    def append(self, folder: str, content: bytes, at: dt.datetime) -> None:
        """Puts a message into ``folder`` (made when missing), marked as read."""
        ...

    def wait(self, seconds: float, stopping: Callable[[], bool]) -> bool:
        """Until something happens in the folder, the time is up or ``stopping()``; True when a look is worth it."""
        ...

    def logout(self) -> None:
        """A clean end."""
        ...

    def close(self) -> None:
        """The end of a connection that is in doubt; never raises."""
        ...


class Mailbox(Protocol):
    """Where to connect. ``account`` is the mailbox's own name in our rows and never changes."""

    @property
    def account(self) -> str: ...
    @property
    def address(self) -> str: ...
    @property
    def folders(self) -> tuple[str, ...]:
        """Watched folders; messages are moved out of the first one only when their work is done."""
        ...

    @property
    def processed_folder(self) -> str | None: ...
    @property
    def quarantine_folder(self) -> str | None: ...

    def connect(self) -> Session:
        """Raises :class:`MailboxDown` or :class:`LoginRefused`."""
        ...


def batches(uids: Iterable[int], size: int = 100) -> Iterator[list[int]]:
    """Id lists are not compressed on the wire (measured: 24 KB for 5,000), so ask in batches."""
    batch: list[int] = []
    for uid in uids:
        batch.append(uid)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
