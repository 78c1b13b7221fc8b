"""What becomes of a message that fails: tried again later, or set aside with its error for a person (quarantine)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from mailflow.steps.ports.clock import Clock
from mailflow.steps.ports.mailroom import StoredMessage
from mailflow.steps.ports.work import Database
from mailflow.steps.stage import Hopeless

ATTEMPTS = 3  # then quarantine
AGAIN = (dt.timedelta(seconds=10), dt.timedelta(minutes=2))


@dataclass(slots=True)
class Processed:
    """Numbers of messages that were finished, and that failed for good (``quarantined``)."""

    done: list[int] = field(default_factory=list)
    quarantined: list[int] = field(default_factory=list)
    postponed: list[int] = field(default_factory=list)

    @property
    def any(self) -> bool:
        return bool(self.done or self.quarantined or self.postponed)


def set_aside(
    database: Database, clock: Clock, message: StoredMessage, stage: str, failure: Exception, done: Processed
) -> None:
    """Tried again later, or into quarantine."""
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
