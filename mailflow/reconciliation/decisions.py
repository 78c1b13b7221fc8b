"""What people decided before, given to the matcher as plain values: it remembers nothing by itself.

Lines of theirs get new numbers on every statement, so decisions name them by what they say (:func:`fingerprint`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from mailflow.reconciliation import keys
from mailflow.reconciliation.counterpart import TheirLine


@dataclass(frozen=True, slots=True)
class Decided:
    """Our item ids and their lines' fingerprints that belong together (or, rejected, do not).

    ``no`` is the number under which it is kept (0: none), ``by`` and ``on`` who decided and when, where known.
    """

    ours: tuple[str, ...]
    theirs: tuple[str, ...]
    no: int = 0
    by: str = ""
    on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class EarlierItem:
    """One difference that an earlier reconciliation ended with: ``kind`` and signed ``amount`` as in its answer, our
    ids and their lines' fingerprints."""

    kind: str
    amount: Decimal
    reference: str = ""
    ours: tuple[str, ...] = ()
    theirs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Earlier:
    """The last reconciled statement before this one in one currency: its day, and what it ended with."""

    as_of: dt.date
    currency: str
    items: tuple[EarlierItem, ...] = ()


@dataclass(frozen=True, slots=True)
class Decisions:
    """``confirmed`` by a person; ``carried``: closed in an earlier reconciliation; ``rejected``: never together;
    ``earlier``: how the last statements ended, one a currency.

    A person's word is the stronger: what is both carried and rejected is not carried.
    """

    confirmed: tuple[Decided, ...] = ()
    carried: tuple[Decided, ...] = ()
    rejected: tuple[Decided, ...] = ()
    earlier: tuple[Earlier, ...] = ()

    def ended(self, currency: str) -> Earlier | None:
        """How the last statement in this currency ended."""
        return next((one for one in self.earlier if one.currency == currency), None)


def fingerprint(line: TheirLine) -> str:
    """The same for the same line on next month's statement: number, date and size of the amount."""
    number = keys.ladder(line.reference)[1] or keys.printed(line.reference)
    return f"{number}|{'' if line.date is None else line.date.isoformat()}|{abs(line.amount).normalize():f}"


def number_of(mark: str) -> str:
    """The document number in a fingerprint, "" where the line had none."""
    return mark.split("|", 1)[0]


def pairs(decided: Iterable[Decided]) -> set[tuple[str, str]]:
    """Every (our id, their fingerprint) that the decisions speak of."""
    return {(our, their) for one in decided for our in one.ours for their in one.theirs}
