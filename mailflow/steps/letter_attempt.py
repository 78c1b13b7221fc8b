"""One attempt at one letter over one connection, and its outcome made durable.

MAIL, RCPT ─► data_started (durable commit) ─► DATA ─► outcome (durable commit)
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import hashlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from mailflow.correspondence.server_answer import Scope, judge
from mailflow.refusals import Unreachable
from mailflow.steps import letter_outcomes as outcomes
from mailflow.steps.advance_case import PROGRAM
from mailflow.steps.group_commit import GroupCommit
from mailflow.steps.ports.archive import Archive, ContentMissing
from mailflow.steps.ports.clock import Clock
from mailflow.steps.ports.outbox import Letter, LetterState, SentMark
from mailflow.steps.ports.sending import Answer, Brake, Claim, Line, Refused, ServerDown, Transport, Unanswered
from mailflow.steps.ports.work import Work

LEASE = dt.timedelta(minutes=15)  # longer than the ten minutes that a server may take for its last answer
AFTER_SERVER_DOWN = dt.timedelta(minutes=1)
SERVER_REFUSALS = 3  # "421 too many mails on this connection" is cured by a new one; three in a row are not
AFTER_DAMAGE = dt.timedelta(hours=1)
BRAKE_PERMANENT = dt.timedelta(minutes=15)  # a wrong password tried every minute locks the account
BRAKE_TEMPORARY = dt.timedelta(minutes=2)  # what NetEase asks for after a rate refusal
WRITE_PAUSES = (0.05, 0.2, 0.5, 1, 2, 4, 8, 15, 30)  # an outcome is worth a minute of waiting for the database


@dataclass(slots=True)
class SendReport:
    """Numbers of letters by what became of them. ``down`` and ``brake`` say why sending ended early, None: it did not.

    ``released`` went back into the queue untouched; ``doubted`` were found in doubt from an earlier crash; the outcome
    of ``unwritten`` ones could not be stored: they will be in doubt when their lease runs out.
    """

    accepted: list[int] = field(default_factory=list)
    deferred: list[int] = field(default_factory=list)
    rejected: list[int] = field(default_factory=list)
    in_doubt: list[int] = field(default_factory=list)
    released: list[int] = field(default_factory=list)
    doubted: list[int] = field(default_factory=list)
    unwritten: list[int] = field(default_factory=list)
    down: str | None = None
    brake: Brake | None = None

    @property
    def needs_person(self) -> bool:
        return bool(self.rejected or self.in_doubt or self.doubted or self.unwritten or self.brake)


@dataclass(slots=True)
class Round:
    """What the connections of one call share. ``mark`` is where Sent ended before anything went out."""

    report: SendReport = field(default_factory=SendReport)
    mark: SentMark | None = None
    lines: list[Line] = field(default_factory=list)
    opening: int = 0
    refusals: int = 0  # of the server as a whole, one after another
    ending: bool = False

    def server_is_down(self, why: str) -> None:
        self.report.down, self.ending = why, True


class Attempts:
    def __init__(
        self, shared: Round, commits: GroupCommit, archive: Archive, transport: Transport, clock: Clock
    ) -> None:
        self._round, self._report, self._commits = shared, shared.report, commits
        self._archive, self._transport, self._clock = archive, transport, clock

    async def open(self) -> Line:
        """Raises :class:`Refused` (sign-in) or :class:`ServerDown`."""
        self._round.opening += 1
        try:
            line = await self._transport.open()
        finally:
            self._round.opening -= 1
        self._round.lines.append(line)
        return line

    async def close(self, line: Line) -> None:
        if line in self._round.lines:
            self._round.lines.remove(line)
            await line.close()

    async def send(self, letter: Letter, line: Line) -> Line | None:
        """The line (or the one that took its place) when it can be used again, None when there is none."""
        content = await self._content(letter)
        if content is None:
            return line
        now_on, agreed = await self._envelope(letter, line, content)
        if now_on is None:
            return None
        if agreed and await self._started(letter):
            await self._to_the_end(letter, now_on, content)
        elif agreed:  # our claim ran out; whoever has the letter now will send it, and this envelope must not leak
            await self.close(now_on)
            return None
        if now_on.usable:
            return now_on
        await self.close(now_on)
        return None

    async def _content(self, letter: Letter) -> bytes | None:
        """The frozen bytes, checked; None: they are damaged or gone, and the letter waits."""
        try:
            content = self._archive.read(letter.sha256)
            if hashlib.sha256(content).hexdigest() == letter.sha256:
                return content
            why = f"the archive's copy of {letter.sha256} is damaged; restore it from a backup"
        except (ContentMissing, OSError) as failure:
            why = str(failure)
        await self.release(letter, self._clock.now() + AFTER_DAMAGE, why)
        return None

    async def _envelope(self, letter: Letter, line: Line, content: bytes) -> tuple[Line | None, bool]:
        """The line there is now, and whether the server agreed to both addresses on it."""
        try:
            await line.envelope(letter, content)
            return line, True
        except Refused as refused:
            await self.refused(letter, refused)
            return line, False
        except ServerDown:
            await self.close(line)
        try:  # an idle connection that the server has closed costs the letter nothing: once more, on a new one
            line = await self.open()
            await line.envelope(letter, content)
            return line, True
        except Refused as refused:
            await self.refused(letter, refused)
            return (line if line in self._round.lines else None), False
        except ServerDown as down:
            await self.close(line)
            await self._deferred(letter, Answer(None, str(down)))
            return None, False

    async def _started(self, letter: Letter) -> bool:
        try:
            return await self._commits.write_together(self._start, Claim(letter.no, letter.fence))
        except BaseException:
            with contextlib.suppress(Exception):  # nothing went out, whether that commit came through or not
                await self.release(letter, letter.due_at)
            raise

    def _start(self, work: Work, claims: list[Claim]) -> list[bool]:
        now = self._clock.now()
        started = work.sending.start(claims, now, now + LEASE, self._round.mark)
        return [claim.no in started for claim in claims]

    async def _to_the_end(self, letter: Letter, line: Line, content: bytes) -> None:
        """From DATA to the durable outcome nothing may be torn apart: a cancelled sender finishes this first."""
        task = asyncio.ensure_future(self._data(letter, line, content))
        cancelled = False
        while not task.done():
            try:
                await asyncio.wait([task])
            except asyncio.CancelledError:
                cancelled = self._round.ending = True
        task.result()
        if cancelled:
            raise asyncio.CancelledError

    async def _data(self, letter: Letter, line: Line, content: bytes) -> None:
        try:
            answer = await line.content(content)
        except Refused as refused:
            await self.refused(letter, refused)
        except ServerDown as down:  # before the server's go-ahead: nothing went out
            await self._deferred(letter, Answer(None, str(down)))
        except Unanswered as unanswered:
            why = str(unanswered)
            await self._store(letter, lambda work, at: outcomes.in_doubt(work, letter, why, at), self._report.in_doubt)
            await self.close(line)
        else:
            self._round.refusals = 0
            taken = outcomes.Acceptance(letter, answer, self._clock.now())
            await self._until_stored(
                letter, lambda: self._commits.write_together(outcomes.accepted, taken), self._report.accepted
            )

    async def refused(self, letter: Letter, refused: Refused) -> None:
        """Does what the refusal is about: this letter, our whole account, or the server."""
        judgement = judge(refused.phase, refused.code, refused.words)
        answer = Answer(refused.code, refused.words)
        if judgement.scope is Scope.ACCOUNT:
            await self._brake(letter, refused, judgement.permanent)
        elif judgement.scope is Scope.SERVER:
            self._round.refusals += 1
            if self._round.refusals >= SERVER_REFUSALS:
                self._round.server_is_down(str(refused))
            await self.release(letter, self._clock.now() + AFTER_SERVER_DOWN, str(refused))
        elif judgement.permanent:
            lost = self._report.rejected
            await self._store(letter, lambda work, at: outcomes.rejected(work, letter, answer, at), lost)
        else:
            await self._deferred(letter, answer)

    async def _deferred(self, letter: Letter, answer: Answer) -> None:
        """Tried again later; after days of that it is refused for good."""
        became: list[LetterState | None] = []

        def write(work: Work, at: dt.datetime) -> bool:
            became.append(outcomes.deferred(work, letter, answer, at))
            return False

        await self._store(letter, write, [])
        if became[-1] is not None:
            given_up = became[-1] is LetterState.REJECTED_PERMANENT
            (self._report.rejected if given_up else self._report.deferred).append(letter.no)

    async def _brake(self, letter: Letter, refused: Refused, permanent: bool) -> None:
        """It is about our account, not about this customer: everything waits, and a person hears of it."""
        self._round.ending = True
        until = self._clock.now() + (BRAKE_PERMANENT if permanent else BRAKE_TEMPORARY)
        brake = self._report.brake = Brake(f"the mail server says: {refused}", until, PROGRAM)

        def write(work: Work, at: dt.datetime) -> bool:
            work.sending.put_brake(brake)
            work.journal.append(at, PROGRAM, "sending.braked", "sending", {"why": brake.why, "phase": refused.phase})
            return work.sending.release(Claim(letter.no, letter.fence), until, str(refused))

        await self._store(letter, write, self._report.released)

    async def release(self, letter: Letter, due_at: dt.datetime, why: str = "") -> None:
        """Back into the queue, untouched."""
        claim = Claim(letter.no, letter.fence)
        await self._store(letter, lambda work, at: work.sending.release(claim, due_at, why), self._report.released)

    async def _store(self, letter: Letter, write: Callable[[Work, dt.datetime], bool], into: list[int]) -> None:
        """Makes an outcome durable; the letter's number goes ``into`` the report when ``write`` says True."""
        at = self._clock.now()
        await self._until_stored(letter, lambda: self._commits.write(lambda work: write(work, at)), into)

    async def _until_stored(self, letter: Letter, attempt: Callable[[], Awaitable[bool]], into: list[int]) -> None:
        """Goes on through a locked database or a restart of its server, for about a minute."""
        for pause in (*WRITE_PAUSES, None):
            try:
                if await attempt():
                    into.append(letter.no)
                return
            except Exception as failure:
                if pause is not None and isinstance(failure, Unreachable):
                    await asyncio.sleep(pause)
                    continue
                logging.getLogger("mailflow").error("letter %s: its outcome is not stored: %s", letter.no, failure)
                self._report.unwritten.append(letter.no)
                raise
