"""The mailroom: where each message lies, its bytes, what each stage made of it.

Three identities (field guide "mail", 2.5): a place (account, folder, UIDVALIDITY, UID), the bytes (SHA-256 per account;
many places, one message) and what it says (Message-ID and content). Message-ID alone is never a key.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol


class PlaceState(StrEnum):
    DISCOVERED = "discovered"  # its UID is known; the bytes are not here yet
    STORED = "stored"
    VANISHED = "vanished"  # gone before its bytes were fetched, or later: never taken in again
    UNFETCHABLE = "unfetchable"  # the server lists it and never gives it: a person has to look
    TOO_LARGE = "too_large"


class MessageState(StrEnum):
    WAITING = "waiting"  # stages are still to run
    DONE = "done"
    QUARANTINED = "quarantined"  # a stage failed; raw kept, can be replayed
    DISMISSED = "dismissed"  # a person said: leave it
    ERASED = "erased"  # kept long enough: its contents are gone (retention), this row stays


@dataclass(frozen=True, slots=True)
class Epoch:
    """One life of a folder: as long as UIDVALIDITY stays, a UID means the same message."""

    account: str
    folder: str
    uidvalidity: int
    watermark: int
    resyncs: int
    modseq: int | None = None  # the server's mark of the state in which our rows and the folder were the same


@dataclass(frozen=True, slots=True)
class Place:
    no: int
    account: str
    folder: str
    uidvalidity: int
    uid: int
    state: PlaceState
    message: int | None
    attempts: int


@dataclass(frozen=True, slots=True)
class Taken:
    """A place whose bytes are in the archive, durably."""

    place: Place
    sha256: str
    size: int
    received_at: dt.datetime


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """``no`` is our number. ``facts`` are what the stages wrote down for lists (subject, sender, sent_at, …)."""

    no: int
    account: str
    sha256: str
    size: int
    received_at: dt.datetime
    stored_at: dt.datetime
    state: MessageState
    stage: str | None  # the stage that failed, when quarantined
    error: str | None
    attempts: int
    message_id: str | None
    subject: str
    sender: str
    sent_at: dt.datetime | None
    automatic: str | None
    thread: int | None
    case_id: str | None
    same_as: int | None  # the message that says the same and came first


@dataclass(frozen=True, slots=True)
class StageResult:
    stage: str
    result: dict[str, Any]
    seconds: float
    done_at: dt.datetime


class Mailroom(Protocol):
    # one runner per folder
    def lease(self, account: str, folder: str, holder: str, now: dt.datetime, until: dt.datetime) -> int | None:
        """The fencing number when the folder is ours until ``until`` (new or renewed), None while another has it."""
        ...

    def release(self, account: str, folder: str, holder: str) -> None: ...

    def free_ended(self, has_ended: Callable[[str], bool]) -> None:
        """What holders that surely have ended still hold (leases, claims) is free again, at once."""
        ...

    def holds(self, account: str, folder: str, fence: int) -> bool: ...

    # where messages lie
    def epoch(self, account: str, folder: str) -> Epoch | None: ...

    def begin_epoch(self, account: str, folder: str, uidvalidity: int, at: dt.datetime) -> Epoch:
        """A new life of the folder; the older one stays as history."""
        ...

    def discover(self, epoch: Epoch, uids: Iterable[int], at: dt.datetime) -> int:
        """A row for every UID that has none, and the watermark at the highest; how many were new."""
        ...

    def checked(self, epoch: Epoch, at: dt.datetime, modseq: int | None, *, compared: bool) -> None:
        """Our rows and the folder are the same at the mark ``modseq``: all UIDs were ``compared``, or the server told
        what changed."""
        ...

    def last_checked(self, epoch: Epoch) -> tuple[dt.datetime | None, dt.datetime | None]:
        """When they were last the same, and when all UIDs were last compared."""
        ...

    def lying(self, epoch: Epoch, low: int = 0, high: int | None = None) -> set[int]:
        """UIDs that should still be in the folder: known, not moved away by us, not seen to be gone."""
        ...

    def troubled_places(self) -> list[tuple[Place, str]]:
        """Places whose bytes could not be had, with the reason: a person has to look."""
        ...

    def known_uids(self, epoch: Epoch) -> dict[int, PlaceState]: ...

    def to_fetch(self, epoch: Epoch, now: dt.datetime, limit: int, *, above: int = 0) -> list[Place]:
        """Places whose bytes are still to be had, with UIDs greater than ``above``, ascending."""
        ...

    def stored(
        self, place: Place, sha256: str, size: int, received_at: dt.datetime, at: dt.datetime
    ) -> tuple[int, bool]:
        """The number of the message with these bytes, and whether it is new to this account."""
        ...

    def stored_many(self, taken: Sequence[Taken], at: dt.datetime) -> list[int]:
        """As :meth:`stored` for many of one account; the numbers of the messages that are new to it."""
        ...

    def suspected(self, places: Iterable[Place]) -> None:
        """The connection broke while these were fetched together: from now on each is fetched by itself."""
        ...

    def not_fetched(
        self, place: Place, state: PlaceState, why: str, at: dt.datetime, again_at: dt.datetime | None
    ) -> None: ...

    def vanished(self, epoch: Epoch, uids: Iterable[int], at: dt.datetime) -> None: ...

    def to_move(self, epoch: Epoch, limit: int) -> list[tuple[Place, MessageState]]:
        """Places whose message is done or quarantined, durably, and that still lie in the folder."""
        ...

    def moved(self, place: Place, outcome: str, at: dt.datetime) -> None: ...

    # what the stages do
    def claim(self, holder: str, now: dt.datetime, until: dt.datetime, limit: int) -> list[int]:
        """Numbers of waiting messages, oldest first, that are ours until ``until``."""
        ...

    def unclaim(self, holder: str, numbers: Sequence[int]) -> None:
        """Gives back what was claimed and not begun."""
        ...

    def message(self, no: int) -> StoredMessage | None: ...

    def some(self, numbers: Sequence[int]) -> list[StoredMessage]:
        """Those of these numbers, ascending."""
        ...

    def untouched(self, numbers: Sequence[int]) -> list[StoredMessage]:
        """Those of these numbers that wait and that no stage has a result for, ascending."""
        ...

    def messages(
        self, *, case_id: str | None = None, state: MessageState | None = None, thread: int | None = None
    ) -> list[StoredMessage]:
        """In reading order."""
        ...

    def counted(self, case_ids: Iterable[str] | None = None) -> dict[str, int]:
        """How many messages each case has; of these cases, when named."""
        ...

    def waiting(self) -> int: ...

    def any_waiting(self) -> bool: ...

    def results(self, message: int) -> dict[str, StageResult]: ...

    def stage_done(self, message: int, stage: str, result: dict[str, Any], seconds: float, at: dt.datetime) -> bool:
        """False when this stage had its result already: then nothing else of it may be stored again."""
        ...

    def stages_done(self, rows: Sequence[tuple[int, str, dict[str, Any], float]], at: dt.datetime) -> int:
        """(message, stage, result, seconds) of many; how many of them had no result yet and were kept."""
        ...

    def note(self, message: int, **facts: Any) -> None:
        """Columns of :class:`StoredMessage` that a stage found out."""
        ...

    def note_many(self, facts: Mapping[int, Mapping[str, Any]]) -> None: ...

    def finished(self, message: int, at: dt.datetime) -> None: ...

    def finished_many(self, messages: Sequence[int], at: dt.datetime) -> None: ...

    def failed(self, message: int, stage: str, error: str, at: dt.datetime, again_at: dt.datetime | None) -> None:
        """Tried again at ``again_at``; set aside in quarantine when None."""
        ...

    def replay(self, message: int, from_stage: str | None, stages: Iterable[str], at: dt.datetime) -> None:
        """Waiting again; the results of ``stages`` are forgotten."""
        ...

    def dismiss(self, message: int, at: dt.datetime) -> None: ...

    # threads: the graph of ids, with ghosts
    def same_words(self, message_id: str, before: int) -> list[int]:
        """Numbers of other messages with this Message-ID."""
        ...

    def with_ids(self, message_ids: Sequence[str]) -> dict[str, list[int]]:
        """Numbers of the messages that have these Message-IDs, ascending."""
        ...

    def join_threads(self, wanted: Sequence[tuple[int, Sequence[str]]]) -> None:
        """As :meth:`join_thread` for many messages, one after another; their thread is noted with them."""
        ...

    def join_thread(self, message: int, ids: Iterable[str]) -> int:
        """The thread that holds all these ids, merged when they were in several; ids nobody has seen are ghosts."""
        ...
