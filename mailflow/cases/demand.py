"""When money is asked for: a track of its own, apart from the statements and from the reminders that ask for an answer.

    due day - 3 working days ─► courtesy    + 5, 12 days overdue ─► reminders    + 30 ─► the last one: a person decides

Decided from the facts alone at every look: what each item has reached, and what it has been told. Several steps that
have come due make one letter, the most advanced, which lists everything that is overdue. What is disputed or promised
is not among the claims given here, so it holds only itself.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from mailflow.receivables.working_days import WorkingDays

COURTESY = 0
UNTOLD = -1


@dataclass(frozen=True, slots=True)
class DemandPlan:
    """``courtesy_days``: working days before the due date, 0 for none. ``after_days``: days overdue, one a level;
    empty: nobody is chased. ``minimum_gap`` working days lie between two letters that chase one party; ``pay_within``
    are the working days given for payment. Below ``least`` (by currency) nobody is chased. Of three levels and more
    the last one is left to a person unless ``final_by_itself``. ``never``: ids of parties that only people write to.
    ``fresh``: working days after which a ledger is too old to demand anything from."""

    courtesy_days: int = 0
    after_days: tuple[int, ...] = ()
    minimum_gap: int = 5
    pay_within: int = 5
    least: Mapping[str, Decimal] = field(default_factory=dict)
    final_by_itself: bool = False
    never: frozenset[str] = frozenset()
    fresh: int = 3

    @property
    def wanted(self) -> bool:
        return bool(self.after_days or self.courtesy_days)

    def is_final(self, level: int) -> bool:
        return level == len(self.after_days) >= 3


@dataclass(frozen=True, slots=True)
class Claim:
    """One open item that may be asked for. ``told`` is the highest level at which a letter has named it."""

    item_id: str
    amount: Decimal
    due_on: dt.date
    told: int = UNTOLD


class DemandStep(StrEnum):
    NOTHING = "nothing"
    WAIT = "wait"
    WRITE = "write"
    PERSON = "person"  # the last notice is due: somebody decides


@dataclass(frozen=True, slots=True)
class DemandDue:
    """``level`` is that of the letter (:data:`COURTESY`, 1 …); ``items`` are those it asks for, with the level that
    each has reached; ``on`` is the first day on which it may go."""

    step: DemandStep
    level: int = UNTOLD
    items: Mapping[str, int] = field(default_factory=dict)
    on: dt.date | None = None
    why: str = ""


def demand_due(
    claims: Sequence[Claim],
    plan: DemandPlan,
    today: dt.date,
    working: WorkingDays,
    *,
    currency: str,
    unapplied: Decimal = Decimal(0),
    chased_on: dt.date | None = None,
) -> DemandDue:
    """``unapplied`` is the negative sum of credits that settle no item; ``chased_on`` the day of the last letter that
    asked this party for anything."""
    reached = {one.item_id: level_of(one.due_on, plan, today, working) for one in claims}
    new = [one for one in claims if reached[one.item_id] > one.told]
    if not new:
        return DemandDue(DemandStep.NOTHING, why="nothing new is due")
    level = max(reached[one.item_id] for one in new)
    if level > COURTESY:
        asked = [one for one in claims if one.due_on < today]
        level = max(reached[one.item_id] for one in asked)
    else:
        asked = [one for one in new if reached[one.item_id] == COURTESY]
    total = sum((one.amount for one in asked), Decimal(0))
    if total + unapplied <= 0:
        return DemandDue(DemandStep.NOTHING, level, why="credits of theirs cover it")
    if total + unapplied < plan.least.get(currency, Decimal(0)):
        return DemandDue(DemandStep.NOTHING, level, why="below the amount that is chased")
    items = {one.item_id: reached[one.item_id] for one in asked}
    on = working.on_or_after(today)
    if chased_on is not None:
        on = max(on, working.after(chased_on, plan.minimum_gap))
    if on > today:
        return DemandDue(DemandStep.WAIT, level, items, on, "they were written to lately")
    by_person = plan.is_final(level) and not plan.final_by_itself
    return DemandDue(DemandStep.PERSON if by_person else DemandStep.WRITE, level, items, on)


def level_of(due_on: dt.date, plan: DemandPlan, today: dt.date, working: WorkingDays) -> int:
    """What an item has reached today: :data:`UNTOLD`, :data:`COURTESY` before its due day, or a level from 1."""
    overdue = (today - due_on).days
    if overdue <= 0:
        soon = plan.courtesy_days > 0 and overdue < 0 and today >= working.after(due_on, -plan.courtesy_days)
        return COURTESY if soon else UNTOLD
    levels = sum(1 for days in plan.after_days if days <= overdue)
    return levels or UNTOLD
