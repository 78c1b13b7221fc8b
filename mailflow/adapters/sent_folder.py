"""Our own Sent folder, looked into and filed into over a mailbox connection of its own."""

from __future__ import annotations

import contextlib
import datetime as dt
import time
from collections.abc import Iterator

from mailflow.steps.ports.mailbox import FolderMissing, LoginRefused, Mailbox, MailboxDown, Session
from mailflow.steps.ports.outbox import SentMark
from mailflow.steps.ports.sending import SentView, ServerDown

MARK_SECONDS = 300.0  # an older mark is still right, only lower: more has to be read when a letter is in doubt
MOST = 5000  # messages read without a mark; more take minutes on slow servers


class MailboxSentFolder:
    """``mailflow.steps.ports.sending.SentFolder`` over ``mailbox``; a folder that does not exist is an empty one."""

    def __init__(self, mailbox: Mailbox, folder: str) -> None:
        self._mailbox, self._folder = mailbox, folder
        self._mark: tuple[float, SentMark] | None = None

    def mark(self) -> SentMark:
        if self._mark is None or time.monotonic() - self._mark[0] > MARK_SECONDS:
            with self._session() as session:
                uidvalidity = self._selected(session)
                last = max(session.uids_above(0), default=0) if uidvalidity else 0
            self._mark = time.monotonic(), SentMark(uidvalidity, last)
        return self._mark[1]

    def view(self, above: SentMark | None) -> SentView:
        with self._session() as session:
            uidvalidity = self._selected(session)
            if above is not None and not above.uidvalidity:
                above = None  # there was no folder then: all that is there now came later
            same_life = above is not None and above.uidvalidity == uidvalidity
            if not uidvalidity:  # it has never had a message: absence from a folder nobody fills proves nothing
                return SentView({}, whole=False)
            uids = session.uids_above(above.uid if above is not None and same_life else 0)
            whole = same_life or (above is None and len(uids) <= MOST)
            ids: dict[str, str] = {}
            for found in session.message_ids(uids if same_life else uids[-MOST:]).values():
                ids.update((one, found[0]) for one in found)
        return SentView(ids, whole)

    def file(self, content: bytes, at: dt.datetime) -> None:
        with self._session() as session:
            session.append(self._folder, content, at)

    def _selected(self, session: Session) -> int:
        """UIDVALIDITY; 0 where there is no such folder yet."""
        try:
            return session.open(self._folder, writable=False).uidvalidity
        except FolderMissing:
            return 0

    @contextlib.contextmanager
    def _session(self) -> Iterator[Session]:
        try:
            session = self._mailbox.connect()
            try:
                yield session
                session.logout()
            finally:
                session.close()
        except (MailboxDown, LoginRefused) as failure:
            raise ServerDown(str(failure)) from None
