"""A dispute: which item they object to, why, and the words it rests on. One line of the statement, one dispute."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from mailflow.cases.case import Settled
from mailflow.correspondence.message import DisputeReason, Intent, Meaning


@dataclass(frozen=True, slots=True)
class Dispute:
    """``reference`` is the item as they name it, None when they object to the statement as a whole. ``amount`` is what
    they contest, in the statement's currency, None when they do not say. ``owner`` of our people sees to it until
    ``due_on``; None: nobody was named yet."""

    reference: str | None
    reason: DisputeReason
    evidence: str
    amount: Decimal | None = None
    settled: Settled = Settled.OPEN
    opened_on: dt.date | None = None
    message: int | None = None
    owner: str | None = None
    due_on: dt.date | None = None

    def overdue(self, today: dt.date) -> bool:
        return self.settled is Settled.OPEN and self.due_on is not None and self.due_on < today


def stated(meaning: Meaning) -> list[Dispute]:
    """The disputes that a message states, one per item and in the order written.

    References come from the dispute's own words; if those name none, the dispute is about the only reference that the
    message mentions at all, and otherwise about the statement as a whole: never about a guessed line.
    """
    words = [intent for intent in meaning.intents if intent.intent is Intent.DISPUTE]
    reasons = meaning.dispute_reasons or [DisputeReason.OTHER]
    if len(reasons) != len(words):
        reasons = reasons[:1] * len(words)  # the first reason that they give stands for all
    disputes: dict[str | None, Dispute] = {}
    for intent, reason in zip(words, reasons, strict=True):
        references: list[str | None] = list(intent.references)
        if not references:
            references = list(meaning.references) if len(meaning.references) == 1 else [None]
        for reference in references:
            disputes.setdefault(reference, Dispute(reference, reason, intent.evidence))
    return list(disputes.values())
