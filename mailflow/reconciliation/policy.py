"""The matching policy: what a finance manager may decide about matching, as one frozen value.

``config/matching.toml`` is its readable form; the adapter ``policy_files`` reads it and calls :meth:`Policy.of`.
Tolerances here never decide *which* lines belong together and never enter a sum; they only say how a difference on
two lines that belong together is named, and what may be accepted without a person.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal, InvalidOperation
from typing import Any

from mailflow.refusals import Refusal
from parsers.currencies import exponent


@dataclass(frozen=True, slots=True)
class Terms:
    """Payment terms of one party: ``2/10 net30`` is percent 2, days 10. ``late_rate`` is percent per year."""

    discount_percent: Decimal | None = None
    discount_days: int = 10
    grace_days: int = 3
    late_rate: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """All windows are days. Amount caps are by currency, ``default`` for the others; missing means "minor units"."""

    version: str = "1"
    working_days: bool = False  # windows count working days (Monday to Friday) instead of calendar days
    document_days: int = 5  # an invoice's date in the two books
    payment_days: int = 7  # payer's booking to payee's booking
    repeat_days: int = 5  # gate: same number and amount, but the amount occurs more than once
    unique_days: int = 62  # within how many days an amount must be alone to identify a line without a number
    unique_payment_days: int = 21  # the same for payments and for lines of one day: monthly ones are told apart by date
    timing_days: int = 5  # payments this close before the cut-off are on their way
    far_days: int = 30  # suggestions by a unique amount alone
    rounding: Mapping[str, Decimal] = field(
        default_factory=lambda: {"default": Decimal("0.10"), "JPY": Decimal(1), "KRW": Decimal(1)}
    )
    bank_charges: Mapping[str, tuple[Decimal, ...]] = field(
        default_factory=lambda: {"default": tuple(map(Decimal, (5, 10, 15, 20, 25, 30, 35, 40, 50)))}
    )
    bank_charge_cap: Mapping[str, Decimal] = field(
        default_factory=lambda: {"default": Decimal(50), "JPY": Decimal(5000)}
    )
    usual_discounts: tuple[Decimal, ...] = (Decimal(1), Decimal(2))
    payment_discounts: tuple[Decimal, ...] = (Decimal(1), Decimal(2), Decimal(3))
    partial_share: Decimal = Decimal("0.20")  # a rest above this share of the amount reads as "still to come"
    automatic_cap: Mapping[str, Decimal] = field(default_factory=dict)
    never_automatic: frozenset[str] = frozenset()
    round_amount: int = 100  # whole multiples of this many currency units identify nothing
    subset_items: int = 16  # any-subset search only up to this many candidates
    triple_items: int = 30  # sums of at most three only up to this many candidates
    terms: Mapping[str, Terms] = field(default_factory=dict)  # by party id, "default" for the others

    @classmethod
    def of(cls, data: Mapping[str, Any], where: str = "matching policy") -> Policy:
        """The policy in a decoded TOML table. Raises :class:`Refusal` naming the key that cannot be used."""
        flat: dict[str, Any] = {}
        for section, value in data.items():
            if section == "terms":
                flat["terms"] = {party: _terms(party, table, where) for party, table in value.items()}
            elif isinstance(value, Mapping) and section in ("windows", "differences", "automatic", "sums"):
                flat.update(value)
            else:
                flat[section] = value
        known = {f.name for f in fields(cls)}
        unknown = sorted(set(flat) - known)
        if unknown:
            raise Refusal(f"{where}: there is no setting {unknown[0]!r}; known are {', '.join(sorted(known))}")
        return cls(**{name: _value(name, value, where) for name, value in flat.items()})

    def terms_of(self, party: str) -> Terms:
        return self.terms.get(party) or self.terms.get("default") or Terms()

    def rounding_cap(self, currency: str, places: int) -> int:
        """Largest difference per pair that is called rounding, in units of 10^-places; 10 cents where none is set."""
        cap = self.rounding.get(currency, self.rounding.get("default"))
        if cap is None:
            return int(10 ** max(places - exponent(currency), 0)) * (1 if exponent(currency) == 0 else 10)
        return int(cap.scaleb(places))

    def charge_cap(self, currency: str, places: int) -> int:
        cap = self.bank_charge_cap.get(currency, self.bank_charge_cap.get("default", Decimal(50)))
        return int(cap.scaleb(places))

    def known_charges(self, currency: str, places: int) -> frozenset[int]:
        amounts = self.bank_charges.get(currency, self.bank_charges.get("default", ()))
        return frozenset(int(amount.scaleb(places)) for amount in amounts)

    def cap_of_automatic(self, currency: str, places: int) -> int | None:
        cap = self.automatic_cap.get(currency, self.automatic_cap.get("default"))
        return None if cap is None else int(cap.scaleb(places))

    def days_between(self, first: int, second: int) -> int:
        """Days from ordinal ``first`` to ``second``, negative backwards; working days where the policy says so."""
        if not self.working_days:
            return second - first
        sign, low, high = (1, first, second) if second >= first else (-1, second, first)
        weeks, rest = divmod(high - low, 7)
        return sign * (weeks * 5 + sum(1 for day in range(low + 1, low + rest + 1) if day % 7 not in (6, 0)))


_DECIMAL = {"partial_share"}
_BY_CURRENCY = {"rounding", "bank_charge_cap", "automatic_cap"}
_PERCENTS = {"usual_discounts", "payment_discounts"}


def _value(name: str, value: Any, where: str) -> Any:
    try:
        if name in _DECIMAL:
            return Decimal(str(value))
        if name in _BY_CURRENCY:
            return {currency: Decimal(str(amount)) for currency, amount in value.items()}
        if name == "bank_charges":
            return {currency: tuple(Decimal(str(a)) for a in amounts) for currency, amounts in value.items()}
        if name in _PERCENTS:
            return tuple(Decimal(str(percent)) for percent in value)
        if name == "never_automatic":
            return frozenset(str(rule) for rule in value)
    except (InvalidOperation, AttributeError, TypeError) as problem:
        raise Refusal(f"{where}: {name} = {value!r} cannot be read as amounts or percentages") from problem
    if name in ("terms", "version"):
        return value if name == "terms" else str(value)
    if name == "working_days":
        if not isinstance(value, bool):
            raise Refusal(f"{where}: {name} must be true or false, not {value!r}")
        return value
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise Refusal(f"{where}: {name} must be a whole number of 0 or more, not {value!r}")
    return value


def _terms(party: str, table: Any, where: str) -> Terms:
    if not isinstance(table, Mapping):
        raise Refusal(f"{where}: terms.{party} must be a table like {{ discount_percent = 2, discount_days = 10 }}")
    known = {f.name for f in fields(Terms)}
    unknown = sorted(set(table) - known)
    if unknown:
        raise Refusal(f"{where}: terms.{party} knows no {unknown[0]!r}; known are {', '.join(sorted(known))}")
    try:
        return Terms(
            discount_percent=None if "discount_percent" not in table else Decimal(str(table["discount_percent"])),
            discount_days=int(table.get("discount_days", 10)),
            grace_days=int(table.get("grace_days", 3)),
            late_rate=None if "late_rate" not in table else Decimal(str(table["late_rate"])),
        )
    except (InvalidOperation, ValueError, TypeError) as problem:
        raise Refusal(f"{where}: terms.{party} holds a value that is no number") from problem
