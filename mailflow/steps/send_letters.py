"""Sends what is due, each letter at most once.

    claim (commit) ─► MAIL, RCPT ─► data_started (durable commit) ─► DATA ─► outcome (durable commit)

Whatever ends the process between the last two commits leaves the letter ``in_doubt``: it is looked up, never repeated
(RFC 1047: between the final dot and the answer nobody can know). One letter has one recipient and one transaction.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from mailflow.correspondence.server_answer import Scope, judge
from mailflow.steps import letter_outcomes as outcomes
from mailflow.steps.advance_case import PROGRAM
from mailflow.steps.group_commit import GroupCommit
from mailflow.steps.letter_attempt import AFTER_SERVER_DOWN, LEASE, Attempts, Round, SendReport
from mailflow.steps.letter_supply import Supply
from mailflow.steps.ports.archive import Archive
from mailflow.steps.ports.clock import Clock
from mailflow.steps.ports.outbox import Letter, SentMark
from mailflow.steps.ports.sending import Brake, Claim, Line, Refused, SentFolder, ServerDown, Transport
from mailflow.steps.ports.work import Database, Work


@dataclass(frozen=True, slots=True)
class Pace:
    """``per_domain``: letters under way to one recipient domain at a time. ``rate_per_minute`` 0: no limit.
    ``most_a_day_to_one``: letters about one statement to one address in 24 hours; a further one is taken for a fault of
    ours and puts the brake on. 0: no limit."""

    connections: int = 4
    per_domain: int = 4
    letters_per_connection: int = 100
    rate_per_minute: int = 0
    batch: int = 20  # claimed at a time
    most_a_day_to_one: int = 10


AS_USUAL = Pace()


def send_due(
    database: Database,
    archive: Archive,
    transport: Transport,
    clock: Clock,
    *,
    holder: str,
    has_ended: Callable[[str], bool] = lambda holder: False,
    pace: Pace = AS_USUAL,
    sent_folder: SentFolder | None = None,
    limit: int | None = None,
    stopping: Callable[[], bool] = lambda: False,
    progress: Callable[[SendReport], None] = lambda report: None,
) -> SendReport:
    """Sends until nothing is due, ``limit`` letters were tried, ``stopping()``, the server is down or a brake holds.

    ``holder`` names this process; ``has_ended`` says of another's name whether that process is surely gone. With
    ``sent_folder`` each letter remembers where Sent ended before it went out. Raises what the database raises when it
    cannot be written at all; no letter is then in a state in which it could be sent twice.
    """
    sender = _Sender(database, archive, transport, clock, holder, pace, stopping, progress)
    return asyncio.run(sender.run(has_ended, sent_folder, limit))


class _Sender:
    def __init__(
        self,
        database: Database,
        archive: Archive,
        transport: Transport,
        clock: Clock,
        holder: str,
        pace: Pace,
        stopping: Callable[[], bool],
        progress: Callable[[SendReport], None],
    ) -> None:
        self._clock, self._holder, self._pace = clock, holder, pace
        self._stopping, self._progress = stopping, progress
        self._round = Round()
        self._report = self._round.report
        self._commits = GroupCommit(database)
        self._attempts = Attempts(self._round, self._commits, archive, transport, clock)

    async def run(
        self, has_ended: Callable[[str], bool], sent_folder: SentFolder | None, limit: int | None
    ) -> SendReport:
        try:
            await self._commits.write(lambda work: self._sweep(work, has_ended))
            supply = Supply(self._claim, self._pace.batch, self._pace.per_domain, limit)
            if await supply.fill():
                self._round.mark = await _end_of(sent_folder)
                await self._on_all_connections(supply)
            return self._report
        finally:
            await self._commits.close()

    def _sweep(self, work: Work, has_ended: Callable[[str], bool]) -> None:
        now = self._clock.now()
        for letter in work.sending.sweep(now, has_ended).in_doubt:
            outcomes.doubted(work, letter, letter.words, now)
            self._report.doubted.append(letter.no)

    async def _claim(self, count: int) -> list[Letter]:
        """No more once we are ending, or once someone has put the brake on."""
        if self._ended():
            return []

        def claim(work: Work) -> list[Letter] | Brake:
            now = self._clock.now()
            brake = work.sending.brake(now)
            if brake is not None:
                return brake
            letters = work.sending.claim(self._holder, now, now + LEASE, count)
            return self._too_many(work, letters, now) or letters

        found = await self._commits.write(claim)
        if isinstance(found, Brake):
            self._report.brake, self._round.ending = found, True
            return []
        return found

    def _too_many(self, work: Work, letters: list[Letter], now: dt.datetime) -> Brake | None:
        """Nobody gets a flood of us, whatever went wrong: then everything waits for a person, untouched."""
        most = self._pace.most_a_day_to_one
        if not most or not letters:
            return None
        about = [(one.key.statement_number, one.key.recipient) for one in letters]
        before = work.sending.started_about(set(about), now - dt.timedelta(days=1))
        for (number, recipient), count in Counter(about).items():
            total = count + before.get((number, recipient), 0)
            if total <= most:
                continue
            why = f"{total} letters about {number} to {recipient} within 24 hours; [smtp] most_a_day_to_one is {most}"
            brake = Brake(why, None, PROGRAM)
            work.sending.put_brake(brake)
            work.journal.append(now, PROGRAM, "sending.braked", "sending", {"why": why})
            for letter in letters:
                work.sending.release(Claim(letter.no, letter.fence), letter.due_at)
            return brake
        return None

    async def _on_all_connections(self, supply: Supply) -> None:
        workers = [asyncio.create_task(self._connection(supply)) for _ in range(self._pace.connections)]
        try:
            await asyncio.gather(*workers)
        finally:
            self._round.ending = True
            for worker in workers:
                worker.cancel()
            await asyncio.gather(*workers, return_exceptions=True)
            for line in list(self._round.lines):
                await self._attempts.close(line)
            for letter in supply.rest():
                with contextlib.suppress(Exception):  # else its lease runs out, and it waits again
                    await self._attempts.release(letter, letter.due_at)

    async def _connection(self, supply: Supply) -> None:
        """One connection's life, and the next one's after it."""
        line: Line | None = None
        used = 0
        while not self._ended() and (letter := await supply.next()) is not None:
            try:
                if line is not None and (not line.usable or used >= self._pace.letters_per_connection):
                    await self._attempts.close(line)
                    line = None
                if line is None:
                    line, used = await self._opened(letter, supply), 0
                if line is None:
                    return
                if await self._turn(letter):
                    line, used = await self._attempts.send(letter, line), used + 1
            finally:
                supply.done(letter)
            self._progress(self._report)

    async def _opened(self, letter: Letter, supply: Supply) -> Line | None:
        """None: no connection is to be had; the letter is back where it came from."""
        try:
            return await self._attempts.open()
        except (ServerDown, Refused) as failure:
            whole = judge(failure.phase, failure.code, failure.words).scope if isinstance(failure, Refused) else None
            if isinstance(failure, Refused) and whole is not Scope.SERVER:
                await self._attempts.refused(letter, failure)
            elif self._round.lines or self._round.opening:  # it allows fewer connections than we want: it is not down
                supply.put_back(letter)
            else:
                self._round.server_is_down(str(failure))
                await self._attempts.release(letter, self._clock.now() + AFTER_SERVER_DOWN, str(failure))
        except BaseException:
            supply.put_back(letter)
            raise
        return None

    async def _turn(self, letter: Letter) -> bool:
        """Waits for this letter's slot under the rate limit; False: we are ending, and the letter is back."""
        if not self._pace.rate_per_minute:
            return True
        interval = dt.timedelta(minutes=1) / self._pace.rate_per_minute
        slot = await self._commits.write(lambda work: work.sending.slot(self._clock.now(), interval))
        while (left := (slot - self._clock.now()).total_seconds()) > 0:
            if self._ended():
                await self._attempts.release(letter, letter.due_at)
                return False
            await asyncio.sleep(min(left, 0.5))
        return True

    def _ended(self) -> bool:
        self._round.ending = self._round.ending or self._stopping()
        return self._round.ending


async def _end_of(sent_folder: SentFolder | None) -> SentMark | None:
    """None where nobody can say: then "not found" will prove nothing, and a person decides in the worst case."""
    if sent_folder is None:
        return None
    try:
        return await asyncio.to_thread(sent_folder.mark)
    except ServerDown:
        return None
