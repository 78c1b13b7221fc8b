"""A promise to pay: a date, an amount, and whether the money came. Nothing here books a payment."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from mailflow.correspondence.message import Intent, Meaning


class Standing(StrEnum):
    OPEN = "open"
    KEPT = "kept"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class PromiseToPay:
    """``amount`` None: they promise without a figure. ``date`` None: without a day."""

    date: dt.date | None
    amount: Decimal | None
    currency: str | None
    evidence: str
    standing: Standing = Standing.OPEN
    message: int | None = None


def stated(meaning: Meaning, currency: str) -> PromiseToPay | None:
    """The promise that a message states, or None."""
    words = next((stated for stated in meaning.intents if stated.intent is Intent.PROMISE_TO_PAY), None)
    if words is None:
        return None
    promise = meaning.promise
    return PromiseToPay(promise.date, promise.amount, promise.currency or currency, words.evidence)


def standing(promise: PromiseToPay, paid_since: Decimal, today: dt.date, days_of_grace: int = 3) -> Standing:
    """Whether it was kept: ``paid_since`` is what the ledger shows as paid since the promise, positive.

    Broken only after the day plus the grace a bank transfer needs; without a day it stays open for a person.
    """
    if promise.amount is not None and paid_since >= promise.amount:
        return Standing.KEPT
    if promise.amount is None and paid_since > 0:
        return Standing.KEPT
    if promise.date is not None and today > promise.date + dt.timedelta(days=days_of_grace):
        return Standing.BROKEN
    return Standing.OPEN
