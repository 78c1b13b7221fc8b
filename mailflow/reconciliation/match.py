"""A match: a group of our items and their lines stated to be the same thing, with the rule that says so."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from mailflow.reconciliation.decisions import Decided, Earlier
from mailflow.reconciliation.entry import Entry
from mailflow.reconciliation.rules import Rule


class Kind(StrEnum):
    """What a reconciling item is (the contract's words)."""

    MISSING_IN_OURS = "missing_in_ours"
    MISSING_IN_THEIRS = "missing_in_theirs"
    AMOUNT_DIFFERENCE = "amount_difference"
    PARTIAL_PAYMENT = "partial_payment"
    SHORT_PAYMENT = "short_payment"
    DISCOUNT_TAKEN = "discount_taken"
    LATE_FEE = "late_fee"
    BANK_CHARGE = "bank_charge"
    TIMING = "timing"
    DUPLICATE = "duplicate"
    SIGN_ERROR = "sign_error"
    OPENING_DIFFERENCE = "opening_difference"
    ROUNDING = "rounding"


@dataclass(slots=True, eq=False)
class Match:
    """``note`` names what kept it from being automatic, or "". ``kind`` and ``reason`` name its difference, if any."""

    rule: Rule
    ours: tuple[Entry, ...]
    theirs: tuple[Entry, ...]
    automatic: bool
    places: int
    note: str = ""
    rivals: tuple[Entry, ...] = ()
    kind: Kind | None = None
    reason: str = ""
    carried: int = 0  # what their document brings forward beside its lines, in smallest units (opening balance)
    decided: Decided | None = None  # the person's or last month's decision that it rests on
    left: Earlier | None = None  # of an opening: what is still open of how their last statement ended
    our_units: int = field(init=False)
    their_units: int = field(init=False)

    def __post_init__(self) -> None:
        ours, theirs = self.ours, self.theirs
        self.our_units = ours[0].amount if len(ours) == 1 else sum([e.amount for e in ours])
        self.their_units = (theirs[0].amount if len(theirs) == 1 else sum([e.amount for e in theirs])) + self.carried

    @property
    def difference_units(self) -> int:
        """What theirs adds to ours, in units of 10^-places."""
        return self.their_units - self.our_units

    @property
    def our_ids(self) -> tuple[str, ...]:
        return tuple(e.tag for e in self.ours)

    @property
    def their_numbers(self) -> tuple[int, ...]:
        """Their line numbers, from 1."""
        return tuple(int(e.id) for e in self.theirs)

    @property
    def amount_ours(self) -> Decimal:
        return decimal(self.our_units, self.places)

    @property
    def amount_theirs(self) -> Decimal:
        return decimal(self.their_units, self.places)

    @property
    def difference(self) -> Decimal:
        return decimal(self.difference_units, self.places)

    @property
    def confidence(self) -> float:
        """Orders a person's queue, nothing else: the rule's, lower where something stood against it."""
        return self.rule.confidence if self.automatic else round(min(self.rule.confidence, 0.9) * 0.9, 2)


@dataclass(slots=True, eq=False)
class ReconcilingItem:
    """One explained step from our balance to theirs; ``units`` is what it adds on that way."""

    kind: Kind
    ours: tuple[Entry, ...]
    theirs: tuple[Entry, ...]
    units: int
    places: int
    reason: str = ""
    match: Match | None = None
    near: tuple[tuple[Entry, str], ...] = ()  # the nearest candidates, each with the first test that it failed

    @property
    def amount(self) -> Decimal:
        return decimal(self.units, self.places)

    @property
    def reference(self) -> str:
        for entry in (*self.ours, *self.theirs):
            if entry.refs:
                return entry.refs[0]
        return ""

    @property
    def our_ids(self) -> tuple[str, ...]:
        return tuple(e.tag for e in self.ours)

    @property
    def their_numbers(self) -> tuple[int, ...]:
        return tuple(int(e.id) for e in self.theirs)


def decimal(units: int, places: int) -> Decimal:
    """``units`` of 10^-places as a decimal with that many places, exactly (context precision does not matter)."""
    return Decimal((1 if units < 0 else 0, tuple(map(int, str(abs(units)))), -places))


def shown(units: int, places: int) -> str:
    """The contract's form of an amount: ``"-1234.50"``."""
    if places == 2:
        return f"{units // 100}.{units % 100:02d}" if units >= 0 else f"-{-units // 100}.{-units % 100:02d}"
    if places == 0:
        return str(units)
    sign = "-" if units < 0 else ""
    whole, rest = divmod(abs(units), 10**places)
    return f"{sign}{whole}.{rest:0{places}d}"
