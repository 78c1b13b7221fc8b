"""Sending: who holds a letter and what became of it (the store), the way out (SMTP) and the Sent folder (IMAP)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from mailflow.correspondence.server_answer import Phase
from mailflow.steps.ports.outbox import Letter, LetterState, SentCopy, SentMark


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to send one letter: void as soon as a later claim of the same letter has a higher ``fence``."""

    no: int
    fence: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said, cleaned; ``code`` None where no answer came."""

    code: int | None
    words: str


@dataclass(frozen=True, slots=True)
class Brake:
    """Why nothing is sent now; ``until`` None: until a person lifts it."""

    why: str
    until: dt.datetime | None
    by: str


@dataclass(slots=True)
class Swept:
    """What a sweep found lying about: numbers of letters."""

    queued_again: list[int] = field(default_factory=list)
    in_doubt: list[Letter] = field(default_factory=list)


class Sending(Protocol):
    """Each method is part of the caller's transaction; the caller commits before it acts on the answer."""

    def claim(self, holder: str, now: dt.datetime, until: dt.datetime, limit: int) -> list[Letter]:
        """Due letters that are the caller's until ``until``; no other sender gets them."""
        ...

    def started_about(self, about: Iterable[tuple[str, str]], since: dt.datetime) -> dict[tuple[str, str], int]:
        """(statement number, recipient) -> how many letters about it went out, or began to, since then."""
        ...

    def start(self, claims: Iterable[Claim], at: dt.datetime, until: dt.datetime, mark: SentMark | None) -> set[int]:
        """``data_started`` for those claims that still hold; only their numbers may be sent now."""
        ...

    def release(self, claim: Claim, due_at: dt.datetime, why: str = "") -> bool:
        """Back into the queue. Only its holder may say so, who knows that nothing was taken by the server."""
        ...

    def accepted(self, answers: Sequence[tuple[Claim, dt.datetime, Answer]]) -> set[int]:
        """The numbers of letters that are now accepted; one that was swept into doubt meanwhile becomes certain."""
        ...

    def deferred(self, claim: Claim, at: dt.datetime, due_at: dt.datetime, answer: Answer) -> bool: ...

    def rejected(self, claim: Claim, at: dt.datetime, answer: Answer) -> bool: ...

    def doubt(self, claim: Claim, at: dt.datetime, why: str) -> bool: ...

    def doubt_waiting(self, numbers: Iterable[int], why: str) -> list[Letter]:
        """Unfinished letters of these numbers are in doubt, whoever held them (after a restore): those that were."""
        ...

    def sweep(self, now: dt.datetime, gone: Callable[[str], bool]) -> Swept:
        """Letters whose holder is ``gone`` or whose lease ran out: claimed ones wait again, others are in doubt."""
        ...

    def settle(self, no: int, state: LetterState, at: dt.datetime, by: str, words: str) -> bool:
        """A letter in doubt becomes accepted, rejected or queued again; False when it was not in doubt."""
        ...

    def not_found(self, no: int, at: dt.datetime) -> int:
        """The Sent folder did not know it; how often that has been so now."""
        ...

    def without_copy(self, limit: int) -> list[Letter]:
        """Accepted letters of which we do not know yet that Sent holds a copy, oldest first."""
        ...

    def copy_filed(self, no: int, how: SentCopy) -> None: ...

    def server_files_copies(self) -> bool | None:
        """Learned by looking: whether the server puts a copy into Sent by itself; None: not known yet."""
        ...

    def learn_server_files_copies(self, it_does: bool) -> None: ...

    def slot(self, now: dt.datetime, interval: dt.timedelta) -> dt.datetime:
        """When the next letter may go out under a rate limit; shared by all senders, each slot given once."""
        ...

    def brake(self, now: dt.datetime) -> Brake | None: ...

    def put_brake(self, brake: Brake) -> None: ...

    def lift_brake(self) -> None: ...


class Refused(Exception):
    """The server gave a definite answer: it did not take the letter. ``code`` is its three-digit reply."""

    def __init__(self, phase: Phase, code: int, words: str) -> None:
        super().__init__(f"{code} {words}")
        self.phase, self.code, self.words = phase, code, words


class ServerDown(Exception):
    """No connection, or it broke before any content went out: nothing was sent."""


class Unanswered(Exception):
    """The content went out, or began to, and no answer came: the letter may have been accepted."""


class Line(Protocol):
    """One open connection to the mail server. After :class:`ServerDown` or :class:`Unanswered` it must be closed."""

    @property
    def usable(self) -> bool:
        """False when the server has closed it."""
        ...

    async def envelope(self, letter: Letter, content: bytes) -> None:
        """MAIL and RCPT. Raises :class:`Refused` (the line stays usable but for 421) or :class:`ServerDown`."""
        ...

    async def content(self, content: bytes) -> Answer:
        """DATA to the final answer. Raises :class:`Refused`, :class:`ServerDown` (before any content went out) or
        :class:`Unanswered`."""
        ...

    async def close(self) -> None: ...


class Transport(Protocol):
    """Where letters leave the house."""

    async def open(self) -> Line:
        """A signed-in connection. Raises :class:`Refused` (sign-in) or :class:`ServerDown`."""
        ...


@dataclass(frozen=True, slots=True)
class SentView:
    """What Sent holds above a mark. Compared here and not by the server: header searches lie (field guide, 4.4).

    ``ids``: Message-ID or X-Mailflow-Id to the Message-ID that the copy has now, which a provider may have changed.
    ``whole`` is False when the view cannot prove an absence: the folder began a new life, or it is too full to read.
    """

    ids: dict[str, str]
    whole: bool


class SentFolder(Protocol):
    """Our own Sent folder. Every method raises :class:`ServerDown` when it cannot be asked."""

    def mark(self) -> SentMark: ...

    def view(self, above: SentMark | None) -> SentView: ...

    def file(self, content: bytes, at: dt.datetime) -> None:
        """Puts a copy there, marked as read."""
        ...
