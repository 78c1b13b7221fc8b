"""The outbox: letters whose bytes, Message-ID and token are fixed, and where each of them stands.

One UNIQUE key per letter (statement number, version, recipient, kind): whatever runs twice, it is queued once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class LetterState(StrEnum):
    """queued → claimed → data_started → accepted | rejected_temporary | rejected_permanent | in_doubt.

    Only ``queued`` and ``rejected_temporary`` are ever sent by themselves; nothing repeats ``in_doubt``.
    """

    QUEUED = "queued"
    CLAIMED = "claimed"  # a sender has it; nothing went out yet
    DATA_STARTED = "data_started"  # written down durably just before the content goes out
    ACCEPTED = "accepted"  # the server said 250: it took over; that is not yet delivered
    REJECTED_TEMPORARY = "rejected_temporary"  # tried again at ``due_at``
    REJECTED_PERMANENT = "rejected_permanent"
    IN_DOUBT = "in_doubt"  # it may or may not have been accepted
    CANCELLED = "cancelled"  # withdrawn before it went out


WAITING = (LetterState.QUEUED, LetterState.REJECTED_TEMPORARY)
FINAL = (LetterState.ACCEPTED, LetterState.REJECTED_PERMANENT, LetterState.CANCELLED)


class SentCopy(StrEnum):
    """How the copy in our own Sent folder came about."""

    SERVER = "server"  # the mail server filed it, as Gmail and Exchange do: proof of acceptance
    FILING = "filing"  # we are about to: written down before, so that a crash does not pass for the server's habit
    OURS = "ours"  # we filed it after the acceptance
    MISSING = "missing"  # the server files its own copies and this one never showed up


@dataclass(frozen=True, slots=True)
class LetterKey:
    """One statement version to one recipient, once per ``kind`` (``statement``, ``reminder-1`` …)."""

    statement_number: str
    version: int
    recipient: str
    kind: str = "statement"


@dataclass(frozen=True, slots=True)
class SentMark:
    """Where the Sent folder ended before the content went out: what lies above it is worth looking at."""

    uidvalidity: int
    uid: int


@dataclass(frozen=True, slots=True)
class NewLetter:
    """``sha256`` names the frozen bytes in the archive, durable before the row exists. ``sender`` is the envelope's."""

    key: LetterKey
    case_id: str | None
    sender: str
    subject: str
    message_id: str
    token: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Letter:
    """One row. ``fence`` counts claims: whoever lost a claim cannot write its outcome over a later one's.

    ``due_at`` is when it may be tried (again), ``attempts`` the definite answers so far, ``code`` and ``words`` the
    server's last answer, ``asked`` how often the Sent folder did not know it while it was in doubt.
    """

    no: int
    key: LetterKey
    case_id: str | None
    sender: str
    subject: str
    message_id: str
    token: str
    sha256: str
    size: int
    state: LetterState
    queued_at: dt.datetime
    due_at: dt.datetime
    attempts: int
    fence: int
    holder: str | None
    lease_until: dt.datetime | None
    started_at: dt.datetime | None
    mark: SentMark | None
    settled_at: dt.datetime | None
    settled_by: str | None
    code: int | None
    words: str
    asked: int
    asked_at: dt.datetime | None
    sent_copy: SentCopy | None


class Outbox(Protocol):
    def queue(self, letter: NewLetter, at: dt.datetime, due_at: dt.datetime | None = None) -> int | None:
        """Its number; None when a letter with this key is there already (which stays as it is)."""
        ...

    def has(self, key: LetterKey) -> bool: ...

    def cancel(self, no: int, at: dt.datetime, by: str) -> bool:
        """Withdraws a letter that still waits; False when it is under way or done."""
        ...

    def letter(self, no: int) -> Letter | None: ...

    def letters(
        self, *, case_id: str | None = None, states: Iterable[LetterState] | None = None, limit: int | None = None
    ) -> list[Letter]:
        """In the order in which they were queued."""
        ...

    def reminders(self, *, since: dt.datetime | None = None, waiting: bool = False) -> list[Letter]:
        """Letters of the kinds ``reminder-…`` and ``demand-…``: queued since then, or only those that still wait."""
        ...

    def by_token(self, token: str) -> list[Letter]:
        """All letters of the statement version and recipient that this (normalised) token was issued to."""
        ...

    def by_message_id(self, message_id: str) -> Letter | None:
        """Also by an id that a relay gave the letter in place of ours (see :meth:`add_alias`)."""
        ...

    def by_message_ids(self, message_ids: Sequence[str]) -> dict[str, Letter | None]:
        """As :meth:`by_message_id` for many; only those that are a letter's."""
        ...

    def add_alias(self, no: int, message_id: str) -> None:
        """Another Message-ID under which this letter travels (from the server's 250 or from the Sent folder)."""
        ...

    def counts(self) -> dict[LetterState, int]: ...
