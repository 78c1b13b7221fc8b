"""Many messages through their stages together: children asked once for all, one commit for several stages.

    read (ahead) ─ thread (within) │ understand, attachments (ahead) ─ reconcile, case (within) │ done
    ────────── one transaction ────┘ ───────────────────── one transaction ─────────────────────┘

While one company is in its later stages, the first stage of the next one is under way in a thread of its own: it needs
nothing but the messages' bytes. Order is kept: what a message writes, every later message sees.

A transaction holds for all or for none. When it fails, each message of the company travels alone from where it stood,
so that only the guilty one ends in quarantine; the same when another worker was faster with one of them.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from types import TracebackType

from mailflow.refusals import Unreachable
from mailflow.steps.ports.clock import Clock
from mailflow.steps.ports.work import Database, Work
from mailflow.steps.setting_aside import Processed, set_aside
from mailflow.steps.stage import Outcome, Stage, Traveller


class _Overtaken(Exception):
    """Another worker has kept a result of one of these messages."""


@dataclass(slots=True)
class _Kept:
    """What one message brings into the transaction."""

    traveller: Traveller
    outcomes: list[tuple[str, Outcome, float]] = field(default_factory=list)
    failure: tuple[str, Exception] | None = None
    leaves: bool = False  # it goes on alone after this transaction

    @property
    def on(self) -> bool:
        return self.failure is None and not self.leaves

    def keep(self, stage: str, outcome: Outcome, seconds: float) -> None:
        self.outcomes.append((stage, outcome, seconds))
        self.traveller.results[stage] = outcome.result


class Company:
    """For one thread; use it as a context, and give each group of messages with the group that comes after it."""

    def __init__(self, database: Database, stages: Sequence[Stage], clock: Clock) -> None:
        self._database, self._clock = database, clock
        self._stretches = _stretches(stages)
        self._all = stages
        self._pool: ThreadPoolExecutor | None = None
        self._next: tuple[list[int], Future[list[_Kept]]] | None = None

    def __enter__(self) -> Company:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def travel(self, numbers: Sequence[int], following: Sequence[int], done: Processed) -> list[int]:
        """Takes the messages as far as they go in company; the numbers of those that must go on alone, in order."""
        if not self._stretches:
            return list(numbers)
        begun = self._begun(list(numbers), list(following))
        kept = begun
        alone = sorted(set(numbers) - {one.traveller.message.no for one in begun})
        for place, (ahead, within) in enumerate(self._stretches):
            if place:
                kept = [_Kept(one.traveller) for one in kept if one.on]
                self._ahead(ahead, kept)
            if not kept:
                break
            last = place == len(self._stretches) - 1 and self._covers_all
            try:
                self._together(within, kept, last)
            except Unreachable:
                raise
            except Exception:
                # whose fault it was shows when each goes alone, from what was committed
                return sorted([*alone, *(one.traveller.message.no for one in kept)])
            for one in kept:
                if one.failure is not None:
                    set_aside(self._database, self._clock, one.traveller.message, *one.failure, done)
            alone += [one.traveller.message.no for one in kept if one.leaves]
            if last:
                done.done += [one.traveller.message.no for one in kept if one.on]
                kept = []
        return sorted([*alone, *(one.traveller.message.no for one in kept if one.on)])

    @property
    def _covers_all(self) -> bool:
        return sum(len(ahead) + len(within) for ahead, within in self._stretches) == len(self._all)

    def _begun(self, numbers: list[int], following: list[int]) -> list[_Kept]:
        """The first stages' slow work on these messages, done already where they were named as following."""
        begun = self._next[1].result() if self._next is not None and self._next[0] == numbers else self._begin(numbers)
        self._next = None
        if following:
            self._pool = self._pool or ThreadPoolExecutor(1, thread_name_prefix="ahead")
            self._next = (following, self._pool.submit(self._begin, following))
        return begun

    def _begin(self, numbers: list[int]) -> list[_Kept]:
        with self._database.reading() as work:
            fresh = work.mailroom.untouched(numbers)
        kept = [_Kept(Traveller(message)) for message in fresh]
        self._ahead(self._stretches[0][0], kept)
        return kept

    def _ahead(self, stages: Sequence[Stage], kept: Sequence[_Kept]) -> None:
        for stage in stages:
            going = _going(stage, kept)
            if not going:
                continue
            assert stage.ahead is not None
            started = time.monotonic()
            try:
                outcomes: Sequence[Outcome | Exception] = stage.ahead([one.traveller for one in going])
            except Unreachable:
                raise
            except Exception:
                for one in going:
                    one.leaves = True
                continue
            seconds = (time.monotonic() - started) / len(going)
            for one, outcome in zip(going, outcomes, strict=True):
                if isinstance(outcome, Exception):
                    one.failure = (stage.name, outcome)
                else:
                    one.keep(stage.name, outcome, seconds)

    def _together(self, within: Sequence[Stage], kept: Sequence[_Kept], last: bool) -> None:
        now = self._clock.now()
        with self._database.writing() as work:
            for one in kept:
                for _, outcome, _ in one.outcomes:
                    outcome.write(work, now)
            self._note(work, kept, 0)
            ahead = {id(one): len(one.outcomes) for one in kept}
            for stage in within:
                going = _going(stage, kept)
                if not going:
                    continue
                assert stage.within is not None
                started = time.monotonic()
                outcomes = stage.within(work, now, [one.traveller for one in going])
                seconds = (time.monotonic() - started) / len(going)
                for one, outcome in zip(going, outcomes, strict=True):
                    outcome.write(work, now)
                    one.keep(stage.name, outcome, seconds)
            rows = [
                (one.traveller.message.no, stage, outcome.result, seconds)
                for one in kept
                for stage, outcome, seconds in one.outcomes
            ]
            if work.mailroom.stages_done(rows, now) != len(rows):
                raise _Overtaken
            noted = {
                one.traveller.message.no: {
                    name: value
                    for _, outcome, _ in one.outcomes[ahead[id(one)] :]
                    for name, value in outcome.facts.items()
                }
                for one in kept
            }
            work.mailroom.note_many({number: facts for number, facts in noted.items() if facts})
            if last:
                work.mailroom.finished_many([one.traveller.message.no for one in kept if one.on], now)
            changed = [one.traveller.message.no for one in kept if one.on and not last]
            messages = {message.no: message for message in work.mailroom.some(changed)}
        for one in kept:
            one.traveller.message = messages.get(one.traveller.message.no, one.traveller.message)

    def _note(self, work: Work, kept: Sequence[_Kept], begin: int) -> None:
        """What the slow stages found out is in its columns before a quick stage looks."""
        noted, words = {}, {}
        for one in kept:
            facts = {name: value for _, outcome, _ in one.outcomes[begin:] for name, value in outcome.facts.items()}
            if facts:
                noted[one.traveller.message.no] = facts
            for _, outcome, _ in one.outcomes[begin:]:
                if outcome.words is not None:
                    words[one.traveller.message.no] = outcome.words
        work.mailroom.note_many(noted)
        work.search.put_many(words)


def _going(stage: Stage, kept: Sequence[_Kept]) -> list[_Kept]:
    """Those that take this stage in company; the others leave."""
    for one in kept:
        if one.on and stage.alone(one.traveller.message, one.traveller.results):
            one.leaves = True
    return [one for one in kept if one.on]


def _stretches(stages: Sequence[Stage]) -> list[tuple[list[Stage], list[Stage]]]:
    """The stages that can be gone in company, cut where slow work follows a transaction."""
    made: list[tuple[list[Stage], list[Stage]]] = []
    for stage in stages:
        if not stage.social:
            break
        if not made or (stage.ahead is not None and made[-1][1]):
            made.append(([], []))
        made[-1][0 if stage.ahead is not None else 1].append(stage)
    return made
