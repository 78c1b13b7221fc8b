"""What follows a letter that nobody has answered: decided here from the facts of one case, as a value.

    sent ──3, 7, 14 working days──► reminder 1, 2, 3 ──5 working days──► a person calls

Silence is never an answer: nothing here moves a case because time has passed. Any answer stops the plan; so does
whatever waits for a person. Each look starts from the facts alone, so after an outage what was missed becomes one
letter, the most advanced. Letters leave on working days between 8 and 20 o'clock of the company's time.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from mailflow.cases import promise as promises
from mailflow.cases.case import State
from mailflow.cases.promise import PromiseToPay, Standing
from mailflow.receivables.working_days import WorkingDays


class Step(StrEnum):
    NOTHING = "nothing"  # the plan has ended, or it never began
    WAIT = "wait"
    REMIND = "remind"
    CALL = "call"  # every reminder went out and nobody answered: a person


@dataclass(frozen=True, slots=True)
class Plan:
    """``after_days`` are working days after our letter went out, one a reminder. ``minimum_gap`` (working days) lies
    between two reminders to one party, ``call_after`` between the last one and the call. ``grace`` is what a bank
    transfer needs after a promised day, in working days. From reminder ``second_contact`` on the party's further
    addresses are written to as well, and from ``salesperson`` on our salesperson hears of it; 0: never."""

    after_days: tuple[int, ...] = (3, 7, 14)
    minimum_gap: int = 2
    call_after: int = 5
    grace: int = 3
    opens: dt.time = dt.time(8)
    closes: dt.time = dt.time(20)
    second_contact: int = 3
    salesperson: int = 2

    def widens(self, level: int) -> bool:
        """Whether this reminder goes to the party's further addresses too."""
        return 0 < self.second_contact <= level

    def tells_salesperson(self, level: int) -> bool:
        return 0 < self.salesperson <= level

    def open_at(self, now: dt.datetime, working: WorkingDays) -> bool:
        """Whether letters may leave now (``now`` in the company's time): not at night, not on a holiday."""
        return working.is_working(now.date()) and self.opens <= now.time() < self.closes


@dataclass(frozen=True, slots=True)
class Facts:
    """One case today. Days are the company's.

    ``sent_on``: when the version in force went out, None when it did not. ``level``: the highest reminder there is of
    it, 0 for none; ``level_on`` its day. ``party_on``: the last reminder to this party about any of its cases.
    ``away_until``: the day on which who is out of office says to be back. ``waits``: why no letter may go before a
    person has looked, or "". ``newer``: a later statement of the same account is out; that one is followed up.
    """

    state: State
    sent_on: dt.date | None
    level: int = 0
    level_on: dt.date | None = None
    party_on: dt.date | None = None
    away_until: dt.date | None = None
    waits: str = ""
    newer: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """``on`` is the first day on which it may happen; ``skipped`` are lower levels that time has overtaken."""

    step: Step
    level: int = 0
    on: dt.date | None = None
    skipped: tuple[int, ...] = ()
    why: str = ""


def due(facts: Facts, plan: Plan, today: dt.date, working: WorkingDays) -> Due:
    """What the plan asks for on ``today`` (or next, as ``WAIT``)."""
    if facts.state is not State.SENT:
        return Due(Step.NOTHING, why=f"the case is {facts.state}")
    if facts.sent_on is None:
        return Due(Step.NOTHING, why="the version in force has not gone out")
    if facts.newer:
        return Due(Step.NOTHING, why="a later statement is out")
    if facts.waits:
        return Due(Step.WAIT, why=facts.waits)
    days = [working.after(facts.sent_on, count) for count in plan.after_days]
    left = list(range(facts.level + 1, len(days) + 1))
    if not left:
        since = facts.level_on or facts.sent_on
        return _when(Step.CALL, facts.level, working.after(since, plan.call_after), today, "nobody has answered")
    reached = [level for level in left if days[level - 1] <= today]
    level = reached[-1] if reached else left[0]
    on = days[level - 1]
    for last in (facts.level_on, facts.party_on):
        if last is not None:
            on = max(on, working.after(last, plan.minimum_gap))
    if facts.away_until is not None and facts.away_until >= facts.sent_on:
        on = max(on, working.after(working.on_or_after(facts.away_until), 1))  # a day to read what came meanwhile
    return _when(Step.REMIND, level, working.on_or_after(on), today, "no answer yet", tuple(reached[:-1]))


def _when(step: Step, level: int, on: dt.date, today: dt.date, why: str, skipped: tuple[int, ...] = ()) -> Due:
    return Due(step if on <= today else Step.WAIT, level, on, skipped, why)


class Promised(StrEnum):
    OPEN = "open"
    KEPT = "kept"
    BROKEN = "broken"
    UNKNOWN = "unknown"  # the day has passed, but our ledger does not reach so far: nobody can say


def promised(
    promise: PromiseToPay, paid: Decimal, ledger_as_of: dt.date | None, plan: Plan, today: dt.date,
    working: WorkingDays,
) -> Promised:  # fmt: skip
    """Whether a promise was kept. A stale ledger proves no breach: the money may be there."""
    grace = 0
    if promise.date is not None:
        grace = (working.after(promise.date, plan.grace) - promise.date).days
    found = promises.standing(promise, paid, today, grace)
    if found is not Standing.BROKEN or promise.date is None:
        return Promised(found.value)
    reaches = ledger_as_of is not None and ledger_as_of >= promise.date + dt.timedelta(days=grace)
    return Promised.BROKEN if reaches else Promised.UNKNOWN
