"""What people decided before, given to the matcher as plain values: it remembers nothing by itself.

Lines of theirs get new numbers on every statement, so decisions name them by what they say (:func:`fingerprint`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mailflow.reconciliation import keys
from mailflow.reconciliation.counterpart import TheirLine


@dataclass(frozen=True, slots=True)
class Decided:
    """Our item ids and their lines' fingerprints that belong together (or, rejected, do not)."""

    ours: tuple[str, ...]
    theirs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Decisions:
    """``confirmed`` by a person; ``carried``: closed in an earlier reconciliation; ``rejected``: never together."""

    confirmed: tuple[Decided, ...] = ()
    carried: tuple[Decided, ...] = ()
    rejected: tuple[Decided, ...] = ()


def fingerprint(line: TheirLine) -> str:
    """The same for the same line on next month's statement: number, date and size of the amount."""
    number = keys.ladder(line.reference)[1] or keys.printed(line.reference)
    return f"{number}|{'' if line.date is None else line.date.isoformat()}|{abs(line.amount).normalize():f}"


def pairs(decided: Iterable[Decided]) -> set[tuple[str, str]]:
    """Every (our id, their fingerprint) that the decisions speak of."""
    return {(our, their) for one in decided for our in one.ours for their in one.theirs}
