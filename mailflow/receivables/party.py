"""Who owes whom: a party is one company we deal with, as customer (receivable) or supplier (payable)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Side(StrEnum):
    """Whose book: ``receivable`` (a customer owes us) or ``payable`` (we owe a supplier)."""

    RECEIVABLE = "receivable"
    PAYABLE = "payable"


@dataclass(frozen=True, slots=True)
class Party:
    """One row of the parties file (contract, "Parties CSV"). ``language`` is a BCP 47 tag or None: the company's."""

    id: str
    name: str
    side: Side
    emails: tuple[str, ...] = ()
    language: str | None = None
    currency: str | None = None
    tax_id: str | None = None
    payment_terms: str | None = None
    statement_schedule: str | None = None
    salesperson: str | None = None
    salesperson_email: str | None = None
    aliases: tuple[str, ...] = field(default=())
