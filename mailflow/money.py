"""Money: an exact decimal amount with its ISO 4217 currency. Currencies never mix; nothing here is a float."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from parsers.currencies import exponent


class CurrencyMismatch(ValueError):
    """Two amounts of different currencies were added or compared."""


@dataclass(frozen=True, slots=True)
class Money:
    amount: Decimal
    currency: str

    def __add__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.amount - other.amount, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount, self.currency)

    def _same(self, other: Money) -> None:
        if self.currency != other.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency} cannot be added")


def rounded(amount: Decimal, currency: str) -> Decimal:
    """``amount`` at the currency's minor unit, half up (the rule printed on our statements)."""
    return amount.quantize(Decimal(1).scaleb(-exponent(currency)), rounding=ROUND_HALF_UP)


def to_minor(amount: Decimal, currency: str) -> int:
    """Integer minor units. Raises ``ValueError`` when ``amount`` has more decimals than the currency."""
    scaled = amount.scaleb(exponent(currency))
    if scaled != scaled.to_integral_value():
        raise ValueError(f"{amount} has more decimals than {currency} allows")
    return int(scaled)


def from_minor(units: int, currency: str) -> Decimal:
    """The decimal amount of ``units`` minor units, with the currency's number of decimals."""
    places = exponent(currency)
    return Decimal(units).scaleb(-places).quantize(Decimal(1).scaleb(-places))


def plain(amount: Decimal, currency: str) -> str:
    """``"1234.50"``: the contract's form, with the currency's number of decimals (more only if the value has more)."""
    shown = rounded(amount, currency)
    return format(shown if shown == amount else amount, "f")


def grouped(amount: Decimal, currency: str) -> str:
    """``"1,234.50"``: for people, in both of our languages."""
    return f"{rounded(amount, currency):,f}"
