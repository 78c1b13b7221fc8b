"""The way of a message through the house, as a visible tuple of stages; each commits its own result, once.

A stage is given the message and the results of the stages before it, does its slow work outside any transaction, and
gives an :class:`Outcome`: what is kept, and what is written beside it in the same transaction. A message whose process
dies is picked up again where it stood; one that fails is tried again, then set aside with its error (quarantine), kept
raw, and can be replayed from any stage. One message's failure never stops another's.

Messages travel in company where their stages know how (:mod:`mailflow.steps.in_company`): a durable commit and a child
process cost the same for one message as for fifty. What is unusual about a message, or fails, makes it travel alone.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Sequence

from mailflow.refusals import Unreachable
from mailflow.steps.in_company import Company
from mailflow.steps.ports.clock import Clock
from mailflow.steps.ports.mailroom import MessageState, StoredMessage
from mailflow.steps.ports.work import Database
from mailflow.steps.setting_aside import Processed as Processed
from mailflow.steps.setting_aside import set_aside
from mailflow.steps.stage import Hopeless as Hopeless
from mailflow.steps.stage import Outcome as Outcome
from mailflow.steps.stage import Results as Results
from mailflow.steps.stage import Stage as Stage

CLAIM = dt.timedelta(minutes=15)  # longer than the slowest message (OCR of many pages); then another worker may
CLAIM_BATCH = 500
HELD_FOR = dt.timedelta(minutes=5)  # what was not begun by then is given back, so that no claim runs out under way
COMPANY = 250  # messages that travel together


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
        if not work.mailroom.any_waiting():
            return Processed()
    with database.writing() as work:
        work.mailroom.free_ended(has_ended)
        numbers = work.mailroom.claim(holder, now, now + CLAIM, limit)
    done = Processed()
    groups = [numbers[start : start + COMPANY] for start in range(0, len(numbers), COMPANY)]
    with Company(database, stages, clock) as company:
        for place, group in enumerate(groups):
            if stopping() or clock.now() - now > HELD_FOR:
                with database.writing() as work:
                    work.mailroom.unclaim(holder, [number for rest in groups[place:] for number in rest])
                break
            for number in company.travel(group, groups[place + 1] if place + 1 < len(groups) else [], done):
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
        set_aside(database, clock, message, stage, failure, done)


def _commit(
    database: Database, clock: Clock, message: StoredMessage, stage: str, outcome: Outcome, seconds: float, last: bool
) -> StoredMessage:
    now = clock.now()
    with database.writing() as work:
        if work.mailroom.stage_done(message.no, stage, outcome.result, seconds, now):
            if outcome.facts:
                work.mailroom.note(message.no, **outcome.facts)
            if outcome.words is not None:
                work.search.put(message.no, outcome.words)
            outcome.write(work, now)
        if last:
            work.mailroom.finished(message.no, now)
        return work.mailroom.message(message.no) or message


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
