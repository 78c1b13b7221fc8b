"""Watches one folder for as long as the service runs: connect, catch up, act, wait, and again.

    CONNECTING ─► CATCHING_UP ─► WAITING (idle or poll) ─► CATCHING_UP …
    BACKOFF         any abort, timeout, EOF, BYE: full jitter up to 5 minutes, reset only by a finished catch-up
    LOGIN_REFUSED   alarm; tried every 15 minutes, never hammered (providers lock accounts)
    FOLDER_MISSING  alarm; the other folders go on
    UNSTEADY        UIDVALIDITY changes again and again; a person looks
    ELSEWHERE       another machine holds the folder

IDLE is a hint: each wait is followed by a catch-up, whatever the push said. After any error the connection is dropped.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from mailflow.steps.collect_mail import Collected, Collector, Folder, FolderUnsteady, LeaseLost
from mailflow.steps.ports.archive import Archive
from mailflow.steps.ports.clock import Clock
from mailflow.steps.ports.mailbox import FolderMissing, LoginRefused, Mailbox, MailboxDown, Session
from mailflow.steps.ports.work import Database

STALLED = dt.timedelta(minutes=10)  # no sign of life: a server that drips a byte a minute gets past every timeout
LEASE = dt.timedelta(minutes=12)  # longer than a wait and a catch-up together; renewed at each round
WAIT_SECONDS = 9 * 60.0
LOGIN_AGAIN_SECONDS = 15 * 60.0
BACKOFF_FIRST_SECONDS, BACKOFF_MOST_SECONDS = 1.0, 300.0


class WatchState(StrEnum):
    CONNECTING = "connecting"
    CATCHING_UP = "catching_up"
    WAITING = "waiting"
    BACKOFF = "backoff"
    LOGIN_REFUSED = "login_refused"
    FOLDER_MISSING = "folder_missing"
    UNSTEADY = "unsteady"
    ELSEWHERE = "elsewhere"
    STOPPED = "stopped"


@dataclass(slots=True)
class Watching:
    """How a watcher stands, for people: ``why`` are the server's words; ``caught_up_at`` is the only sign of health."""

    account: str
    folder: str
    state: WatchState = WatchState.CONNECTING
    why: str = ""
    caught_up_at: dt.datetime | None = None
    failures: int = 0


@dataclass(slots=True)
class FolderWatcher:
    """``holder`` names this process; ``pause(seconds)`` waits, ending early when the service stops; ``jitter(most)``
    gives a random number of seconds; ``arrived`` is told after each look that brought messages; ``has_ended`` says of
    another holder whether it is surely gone."""

    mailbox: Mailbox
    folder: str
    acting: bool
    holder: str
    database: Database
    archive: Archive
    clock: Clock
    pause: Callable[[float], object]
    jitter: Callable[[float], float]
    arrived: Callable[[Collected], None] = lambda collected: None
    finished_work: Callable[[], bool] = lambda: False
    has_ended: Callable[[str], bool] = lambda holder: False
    status: Watching = field(init=False)
    _open: Session | None = field(default=None, init=False, repr=False)
    _alive_at: dt.datetime | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        self.status = Watching(self.mailbox.account, self.folder)

    def once(self) -> Collected:
        """Catches up until a look brings nothing new, then logs out. Raises the mailbox's own errors."""
        fence = self._lease()
        if fence is None:
            raise LeaseLost(f"{self.folder} is being watched by another process")
        session = self.mailbox.connect()
        total = Collected()
        try:
            while True:
                found = self._look(session, fence, lambda: False)
                _add(total, found)
                if not found.discovered:
                    break
            session.logout()
        finally:
            session.close()
            self._release()
        return total

    def run(self, stopping: Callable[[], bool]) -> None:
        """Until ``stopping()``. Never raises for what a server or network does."""
        while not stopping():
            fence = self._lease()
            if fence is None:
                self._stand(WatchState.ELSEWHERE, "another process watches this folder")
                self.pause(15.0)
                continue
            try:
                self._session(fence, stopping)
            except LoginRefused as refused:
                self._stand(WatchState.LOGIN_REFUSED, str(refused))
                self.pause(LOGIN_AGAIN_SECONDS)
            except FolderMissing as missing:
                self._stand(WatchState.FOLDER_MISSING, str(missing))
                self.pause(BACKOFF_MOST_SECONDS)
            except FolderUnsteady as unsteady:
                self._stand(WatchState.UNSTEADY, str(unsteady))
                self.pause(BACKOFF_MOST_SECONDS)
            except LeaseLost:
                self._stand(WatchState.ELSEWHERE, "another process has taken this folder over")
            except (MailboxDown, OSError) as down:  # OSError: our own disk, when the archive cannot be written
                self._stand(WatchState.BACKOFF, str(down))
                self.status.failures += 1
                most = min(BACKOFF_MOST_SECONDS, BACKOFF_FIRST_SECONDS * 2**self.status.failures)
                self.pause(self.jitter(most))
        self._release()
        self._stand(WatchState.STOPPED, "")

    def look_after(self) -> bool:
        """From another thread, now and then: shuts the connection when there was no sign of life for too long, so that
        :meth:`run` goes on as after any broken one. True when it did."""
        session, alive_at = self._open, self._alive_at
        if session is None or alive_at is None or self.clock.now() - alive_at < STALLED:
            return False
        self._open = None
        session.close()
        return True

    def _alive(self) -> None:
        self._alive_at = self.clock.now()

    def _session(self, fence: int, stopping: Callable[[], bool]) -> None:
        self._stand(WatchState.CONNECTING, "")

        def ending() -> bool:
            self._alive()
            return stopping()

        session = self.mailbox.connect()
        self._alive()
        self._open = session
        try:
            while not stopping():
                self._look(session, fence, ending)
                self.status.failures = 0
                self._stand(WatchState.WAITING, "")
                # work that finishes elsewhere ends the wait too: its mail is to be moved now, not in nine minutes
                session.wait(WAIT_SECONDS, lambda: ending() or self.finished_work())
                renewed = self._lease()
                if renewed is None:
                    raise LeaseLost(self.folder)
                fence = renewed
            session.logout()
        finally:
            self._open = None
            session.close()

    def _look(self, session: Session, fence: int, stopping: Callable[[], bool]) -> Collected:
        self._stand(WatchState.CATCHING_UP, "")
        folder = Folder(self.mailbox, self.folder, fence, self.acting)
        found = Collector(folder, session, self.database, self.archive, self.clock, self._alive).catch_up(stopping)
        self.status.caught_up_at = self.clock.now()
        if found.messages:
            self.arrived(found)
        return found

    def _lease(self) -> int | None:
        now = self.clock.now()
        with self.database.writing() as work:
            work.mailroom.free_ended(self.has_ended)
            return work.mailroom.lease(self.mailbox.account, self.folder, self.holder, now, now + LEASE)

    def _release(self) -> None:
        with self.database.writing() as work:
            work.mailroom.release(self.mailbox.account, self.folder, self.holder)

    def _stand(self, state: WatchState, why: str) -> None:
        self.status.state, self.status.why = state, why


def _add(total: Collected, found: Collected) -> None:
    total.discovered += found.discovered
    total.messages += found.messages
    total.troubled += found.troubled
    total.vanished += found.vanished
    total.moved += found.moved
