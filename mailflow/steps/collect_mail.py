"""One look into one folder: what is new is written down, fetched, archived; what is done is moved. Idempotent.

The order keeps every message (field guide "mail", section 2):
1. one transaction inserts a row for every new UID and moves the watermark; the watermark moves because the row exists;
2. bytes go to the archive, synced, before a row says that they are there;
3. mailbox actions come last, by UID, under the same UIDVALIDITY, after the work on the message is committed.
``\\Seen``, dates and UNSEEN are never input. A message that cannot be fetched neither blocks nor skips another.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from mailflow.steps.ports.archive import Archive
from mailflow.steps.ports.clock import Clock
from mailflow.steps.ports.mailbox import Announced, Mailbox, MailboxDown, Moved, Opened, Session
from mailflow.steps.ports.mailroom import Epoch, MessageState, Place, PlaceState, Taken
from mailflow.steps.ports.work import Database, Work

MAX_MESSAGE_BYTES = 200 * 1024 * 1024  # archived in pieces; what is larger is shown to a person, not fetched
FETCH_BATCH = 400  # whose sizes are asked for at once
SMALL_BYTES = 256 * 1024  # up to this a message comes together with others,
TOGETHER, TOGETHER_BYTES = 100, 4 * 1024 * 1024  # so many and so many bytes at most
MOVE_BATCH = 100
FETCH_ATTEMPTS = 5
BROKEN_ATTEMPTS = (
    12  # of a message during which the connection breaks: a bad line explains more of them (about 2 hours)
)
COMPARE_EVERY = dt.timedelta(hours=1)  # UID SEARCH ALL against our rows: any bug of a cursor shows here
COMPARE_ANYWAY = dt.timedelta(days=1)  # where the server tells what changed (RFC 7162): it may be wrong, too
MAX_RESYNCS = 5  # some servers change UIDVALIDITY for ever; then a person looks


class LeaseLost(Exception):
    """Another runner has taken the folder over; nothing of ours may be written any more."""


class FolderUnsteady(Exception):
    """The server changes UIDVALIDITY again and again."""


@dataclass(slots=True)
class Collected:
    """What one look did. ``messages`` are the numbers of messages new to us."""

    discovered: int = 0
    messages: list[int] = field(default_factory=list)
    troubled: int = 0
    vanished: int = 0
    moved: int = 0


Outcome = Callable[[Work, Collected], None]  # writes down what became of one place


@dataclass(frozen=True, slots=True)
class Folder:
    """One folder of one mailbox and the lease under which we work on it. ``acting``: finished mail is moved away."""

    mailbox: Mailbox
    name: str
    fence: int
    acting: bool


class Collector:
    """Looks into one folder over one connection."""

    def __init__(
        self,
        folder: Folder,
        session: Session,
        database: Database,
        archive: Archive,
        clock: Clock,
        alive: Callable[[], None] = lambda: None,
    ) -> None:
        """``alive`` is called while a large message comes in."""
        self._alive = alive
        self._folder, self._session = folder, session
        self._database, self._archive, self._clock = database, archive, clock

    def catch_up(self, stopping: Callable[[], bool] = lambda: False) -> Collected:
        """Everything that is in the folder now. Raises what the session raises, :class:`LeaseLost`,
        :class:`FolderUnsteady`."""
        done = Collected()
        with self._database.reading() as work:
            known = work.mailroom.epoch(self._folder.mailbox.account, self._folder.name)
        since = None if known is None or known.modseq is None else (known.uidvalidity, known.modseq)
        opened = self._session.open(self._folder.name, writable=self._folder.acting, since=since)
        epoch = self._epoch(known, opened.uidvalidity)
        self._discover(epoch, done)
        self._compare(epoch, opened, done)
        last: int | None = 0
        while last is not None and not stopping():
            last = self._fetch(epoch, last, done)
        if self._folder.acting:
            self._act(epoch, done)
        return done

    def _writing(self, act: Callable[[Work], None]) -> None:
        """One transaction that starts by asking whether the folder is still ours."""
        with self._database.writing() as work:
            if not work.mailroom.holds(self._folder.mailbox.account, self._folder.name, self._folder.fence):
                raise LeaseLost(self._folder.name)
            act(work)

    def _epoch(self, known: Epoch | None, validity: int) -> Epoch:
        account, name = self._folder.mailbox.account, self._folder.name
        if known is not None and known.uidvalidity == validity:
            return known
        begun: list[Epoch] = []
        self._writing(lambda work: begun.append(work.mailroom.begin_epoch(account, name, validity, self._clock.now())))
        if begun[0].resyncs > MAX_RESYNCS:
            raise FolderUnsteady(f"{name}: its UIDVALIDITY has changed {begun[0].resyncs} times; a person must look")
        return begun[0]

    def _discover(self, epoch: Epoch, done: Collected) -> None:
        # a server without UIDVALIDITY (0) gives UIDs no lasting meaning: look at all of them, every time
        uids = self._session.uids_above(epoch.watermark if epoch.uidvalidity else 0)
        if uids:
            self._write_down(epoch, uids, done)

    def _write_down(self, epoch: Epoch, uids: list[int], done: Collected) -> None:
        def act(work: Work) -> None:
            done.discovered += work.mailroom.discover(epoch, uids, self._clock.now())

        self._writing(act)

    def _compare(self, epoch: Epoch, opened: Opened, done: Collected) -> None:
        """Records what went away. Every hour our rows and the folder are made the same, by all its UIDs unless the
        server told the difference and the numbers agree."""
        now = self._clock.now()
        with self._database.reading() as work:
            same_at, compared_at = work.mailroom.last_checked(epoch)
            gone = self._told(work, epoch, opened)
        due = same_at is None or now - same_at >= COMPARE_EVERY
        if due and not self._surely_same(epoch, opened, len(gone), now, compared_at):
            self._compare_all(epoch, opened, now, done)
        elif due or gone:

            def act(work: Work) -> None:
                work.mailroom.vanished(epoch, gone, now)
                if due:
                    work.mailroom.checked(epoch, now, opened.modseq, compared=False)

            self._writing(act)
            done.vanished += len(gone)

    def _told(self, work: Work, epoch: Epoch, opened: Opened) -> list[int]:
        """UIDs that should lie here and of which the server says that they went away."""
        if not opened.vanished:
            return []
        low, high = min(low for low, _ in opened.vanished), max(high for _, high in opened.vanished)
        lying = work.mailroom.lying(epoch, low, high)
        return sorted(uid for uid in lying if any(low <= uid <= high for low, high in opened.vanished))

    def _surely_same(
        self, epoch: Epoch, opened: Opened, gone: int, now: dt.datetime, compared_at: dt.datetime | None
    ) -> bool:
        if compared_at is None or now - compared_at >= COMPARE_ANYWAY or epoch.modseq is None or not epoch.uidvalidity:
            return False
        if opened.vanished is None and opened.modseq != epoch.modseq:
            return False
        with self._database.reading() as work:
            return len(work.mailroom.lying(epoch)) - gone == opened.count

    def _compare_all(self, epoch: Epoch, opened: Opened, now: dt.datetime, done: Collected) -> None:
        there = set(self._session.uids_above(0))
        with self._database.reading() as work:
            known = set(work.mailroom.known_uids(epoch))
            gone = work.mailroom.lying(epoch) - there
        missed = sorted(there - known)

        def act(work: Work) -> None:
            room = work.mailroom
            done.discovered += room.discover(epoch, missed, now)
            room.vanished(epoch, sorted(gone), now)
            room.checked(epoch, now, opened.modseq, compared=True)

        self._writing(act)
        done.vanished += len(gone)

    def _fetch(self, epoch: Epoch, above: int, done: Collected) -> int | None:
        """One batch of those with UIDs greater than ``above``; its last UID, None when nothing is left to fetch."""
        with self._database.reading() as work:
            places = work.mailroom.to_fetch(epoch, self._clock.now(), FETCH_BATCH, above=above)
        if not places:
            return None
        announced = self._session.announced([place.uid for place in places])
        small: list[Place] = []
        others: list[Place] = []
        for place in places:
            told = announced.get(place.uid)
            easy = told is not None and told.size <= SMALL_BYTES and place.attempts == 0
            (small if easy else others).append(place)
        for group in _groups(small, announced):
            self._take_together(group, announced, done)
        for place in others:  # each with a transaction of its own: what is large is not fetched twice
            outcome = self._take(place, announced.get(place.uid))
            self._writing(partial(_apply, outcome, done))
        return places[-1].uid

    def _take_together(self, places: list[Place], announced: Mapping[int, Announced], done: Collected) -> None:
        """Fetches, archives and writes down many small messages: one answer, one wait for the disk, one commit."""
        try:
            contents = self._session.contents([place.uid for place in places])
        except MailboxDown:
            # it may be one of them that this server cannot give: on the next connection each comes by itself
            self._writing(lambda work: work.mailroom.suspected(places))
            raise
        whole = [
            place for place in places
            if contents.get(place.uid) and len(contents[place.uid]) >= announced[place.uid].size
        ]  # fmt: skip
        stored = self._archive.store_many([contents[place.uid] for place in whole])
        now = self._clock.now()
        taken = [
            Taken(place, one.sha256, one.size, announced[place.uid].received_at or now)
            for place, one in zip(whole, stored, strict=True)
        ]
        self._writing(lambda work: done.messages.extend(work.mailroom.stored_many(taken, now)))
        for place in set(places) - set(whole):  # gone, empty or short: looked at one by one
            outcome = self._take(place, announced[place.uid])
            self._writing(partial(_apply, outcome, done))

    def _take(self, place: Place, announced: Announced | None) -> Outcome:
        """Fetches and archives one message; gives what has to be written down about it."""
        now = self._clock.now()
        if announced is None:  # absent from the answer: gone, if a second look agrees
            if self._session.announced([place.uid]):
                return self._again(place, "the server left it out of its answer", now)
            return _failing(place, PlaceState.VANISHED, "gone before it was fetched", now)
        if announced.size > MAX_MESSAGE_BYTES:
            limit = MAX_MESSAGE_BYTES // (1024 * 1024)
            return _failing(place, PlaceState.TOO_LARGE, f"{announced.size} bytes; the limit is {limit} MiB", now)
        try:
            pieces = self._session.content(place.uid, announced.size)
            stored = None if pieces is None else self._archive.store(self._counted(pieces))
        except MailboxDown as down:  # tried again by itself, later and later: it must not end every connection
            outcome = self._again(place, str(down), now, BROKEN_ATTEMPTS)
            self._writing(lambda work: outcome(work, Collected()))
            raise
        if stored is None:
            return _failing(place, PlaceState.VANISHED, "gone before it was fetched", now)
        if stored.size == 0:
            return self._again(place, "the server gives no bytes for it", now)
        if stored.size < announced.size and place.attempts + 1 < FETCH_ATTEMPTS:
            # a few servers announce wrong sizes for good: after some attempts what they give is what there is
            return self._again(place, f"{stored.size} of {announced.size} bytes came", now)
        received = announced.received_at or now

        def write(work: Work, done: Collected) -> None:
            room = work.mailroom
            number, new = room.stored(place, stored.sha256, stored.size, received, now)
            if new:
                done.messages.append(number)

        return write

    def _counted(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        for piece in pieces:
            self._alive()
            yield piece

    def _again(self, place: Place, why: str, now: dt.datetime, attempts: int = FETCH_ATTEMPTS) -> Outcome:
        if place.attempts + 1 >= attempts:
            return _failing(place, PlaceState.UNFETCHABLE, why, now)
        again = now + dt.timedelta(seconds=5 * 2 ** min(place.attempts, 9))
        return _failing(place, PlaceState.DISCOVERED, why, now, again)

    def _act(self, epoch: Epoch, done: Collected) -> None:
        mailbox = self._folder.mailbox
        targets = {
            MessageState.DONE: mailbox.processed_folder,
            MessageState.DISMISSED: mailbox.processed_folder,
            MessageState.ERASED: mailbox.processed_folder,
            MessageState.QUARANTINED: mailbox.quarantine_folder,
        }
        while True:
            with self._database.reading() as work:
                waiting = work.mailroom.to_move(epoch, MOVE_BATCH)
            if not waiting:
                return
            outcomes: list[tuple[Place, str]] = []
            for state, target in targets.items():
                places = [place for place, of in waiting if of is state]
                if not places:
                    continue
                outcome = self._session.move([place.uid for place in places], target) if target else Moved.KEPT
                outcomes += [(place, outcome.value) for place in places]
            now = self._clock.now()

            def act(work: Work, outcomes: list[tuple[Place, str]] = outcomes, now: dt.datetime = now) -> None:
                for place, outcome in outcomes:
                    work.mailroom.moved(place, outcome, now)

            self._writing(act)
            done.moved += len(outcomes)


def _failing(place: Place, state: PlaceState, why: str, now: dt.datetime, again: dt.datetime | None = None) -> Outcome:
    def write(work: Work, done: Collected) -> None:
        work.mailroom.not_fetched(place, state, why, now, again)
        if state is PlaceState.VANISHED:
            done.vanished += 1
        elif state is not PlaceState.DISCOVERED:
            done.troubled += 1

    return write


def _apply(outcome: Outcome, done: Collected, work: Work) -> None:
    outcome(work, done)


def _groups(places: list[Place], announced: Mapping[int, Announced]) -> Iterator[list[Place]]:
    """In order, so many at a time that an answer stays small."""
    group: list[Place] = []
    size = 0
    for place in places:
        size += announced[place.uid].size
        if group and (len(group) == TOGETHER or size > TOGETHER_BYTES):
            yield group
            group, size = [], announced[place.uid].size
        group.append(place)
    if group:
        yield group
