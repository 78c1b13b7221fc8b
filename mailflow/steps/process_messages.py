"""The way of a message through the house, as a visible tuple of stages; each commits its own result, once.

A stage is given the message and the results of the stages before it, does its slow work outside any transaction, and
gives an :class:`Outcome`: what is kept, and what is written beside it in the same transaction. A message whose process
dies is picked up again where it stood; one that fails is tried again, then set aside with its error (quarantine), kept
raw, and can be replayed from any stage. One message's failure never stops another's.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mailflow.refusals import Unreachable
from mailflow.steps.ports.clock import Clock
from mailflow.steps.ports.mailroom import MessageState, StoredMessage
from mailflow.steps.ports.work import Database, Work

CLAIM = dt.timedelta(minutes=15)  # longer than the slowest message (OCR of many pages); then another worker may
CLAIM_BATCH = 20
ATTEMPTS = 3  # then quarantine
AGAIN = (dt.timedelta(seconds=10), dt.timedelta(minutes=2))

Results = Mapping[str, dict[str, Any]]


class Hopeless(Exception):
    """Trying again cannot help (a message over a limit): straight to quarantine. The sentence is for a person."""


def _nothing_more(work: Work, at: dt.datetime) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Outcome:
    """``result`` (JSON) is kept under the stage's name; ``write`` changes the store in the same transaction."""

    result: dict[str, Any]
    write: Callable[[Work, dt.datetime], None] = _nothing_more


@dataclass(frozen=True, slots=True)
class Stage:
    name: str
    run: Callable[[StoredMessage, Results], Outcome]


@dataclass(slots=True)
class Processed:
    """Numbers of messages that were finished, and that failed for good (``quarantined``)."""

    done: list[int] = field(default_factory=list)
    quarantined: list[int] = field(default_factory=list)
    postponed: list[int] = field(default_factory=list)

    @property
    def any(self) -> bool:
        return bool(self.done or self.quarantined or self.postponed)


def process_waiting(
    database: Database,
    stages: Sequence[Stage],
    clock: Clock,
    holder: str,
    *,
    has_ended: Callable[[str], bool] = lambda holder: False,
    stopping: Callable[[], bool] = lambda: False,
    limit: int = CLAIM_BATCH,
) -> Processed:
    """Takes up to ``limit`` waiting messages through all their stages. ``holder`` names this process; ``has_ended``
    says of another's name whether that process is surely gone: its messages are taken up at once."""
    now = clock.now()
    with database.reading() as work:
        if not work.mailroom.waiting():
            return Processed()
    with database.writing() as work:
        work.mailroom.free_ended(has_ended)
        numbers = work.mailroom.claim(holder, now, now + CLAIM, limit)
    done = Processed()
    for number in numbers:
        if stopping():
            break  # the claim runs out by itself, or is ours again at the next start
        _one(database, stages, clock, number, done)
    return done


def _one(database: Database, stages: Sequence[Stage], clock: Clock, number: int, done: Processed) -> None:
    with database.reading() as work:
        message = work.mailroom.message(number)
        results = {name: kept.result for name, kept in work.mailroom.results(number).items()}
    if message is None:
        return
    stage = ""
    try:
        for position, each in enumerate(stages):
            stage = each.name
            if stage in results:
                continue
            started = time.monotonic()
            outcome = each.run(message, results)
            last = position == len(stages) - 1
            message = _commit(database, clock, message, stage, outcome, time.monotonic() - started, last)
            results[stage] = outcome.result
        done.done.append(number)
    except Unreachable:
        raise  # the database is away: nothing can be said about the message
    except Exception as failure:  # the edge of a stage: a message may be the cause of anything
        _set_aside(database, clock, message, stage, failure, done)


def _commit(
    database: Database, clock: Clock, message: StoredMessage, stage: str, outcome: Outcome, seconds: float, last: bool
) -> StoredMessage:
    now = clock.now()
    with database.writing() as work:
        if work.mailroom.stage_done(message.no, stage, outcome.result, seconds, now):
            outcome.write(work, now)
        if last:
            work.mailroom.finished(message.no, now)
        return work.mailroom.message(message.no) or message


def _set_aside(
    database: Database, clock: Clock, message: StoredMessage, stage: str, failure: Exception, done: Processed
) -> None:
    now = clock.now()
    hopeless = isinstance(failure, Hopeless) or message.attempts + 1 >= ATTEMPTS
    again = None if hopeless else now + AGAIN[min(message.attempts, len(AGAIN) - 1)]
    said = str(failure) or type(failure).__name__
    error = said if isinstance(failure, Hopeless) else f"{type(failure).__name__}: {said}"
    with database.writing() as work:
        work.mailroom.failed(message.no, stage, error[:2000], now, again)
        if again is None:
            work.journal.append(
                now, "mailflow", "message.quarantined", f"message:{message.no}", {"stage": stage, "error": error[:500]}
            )
    (done.quarantined if again is None else done.postponed).append(message.no)


def replay(
    database: Database, stages: Sequence[Stage], number: int, at: dt.datetime, *, by: str, from_stage: str | None = None
) -> None:
    """Lets a message run again from ``from_stage`` (the stage that failed when None).

    Raises ``LookupError`` when there is no such message or stage.
    """
    names = [stage.name for stage in stages]
    with database.writing() as work:
        message = work.mailroom.message(number)
        if message is None:
            raise LookupError(f"there is no message {number}")
        first = from_stage or message.stage or names[0]
        if first not in names:
            raise LookupError(f"there is no stage {first!r}; the stages are {', '.join(names)}")
        again = names[names.index(first) :]
        if "attachments" in again:
            work.documents.forget(number)
        work.mailroom.replay(number, first, again, at)
        work.journal.append(at, by, "message.replayed", f"message:{number}", {"from": first})


def dismiss(database: Database, number: int, at: dt.datetime, *, by: str, why: str) -> None:
    """A person says: leave it. It stays in the archive. Raises ``LookupError``."""
    with database.writing() as work:
        message = work.mailroom.message(number)
        if message is None or message.state not in (MessageState.QUARANTINED, MessageState.WAITING):
            raise LookupError(f"message {number} is not waiting or in quarantine")
        work.mailroom.dismiss(number, at)
        work.journal.append(at, by, "message.dismissed", f"message:{number}", {"why": why})
