"""Accounts made from a seed: invoices, part payments, credit notes, advances, disputes and promises in five currencies.

Drawn by the real drawing; sums, names and dates are arbitrary, the ledger behind them is kept for comparison.
"""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass
from decimal import Decimal

from mailflow.receivables.drawing import draw
from mailflow.receivables.ledger import Item
from mailflow.receivables.party import Party, Side
from mailflow.receivables.statement import Statement
from parsers.currencies import exponent

AS_OF = dt.date(2026, 10, 31)
PERIOD_START = dt.date(2026, 10, 1)
NAMES = (
    "苏州明达电子有限公司",
    "Kestrel & Sons <Ltd>",
    "浜海機械股份有限公司",
    "Müller Bäder GmbH",
    "株式会社サンプル",
    "한빛상사",
)
CURRENCIES = ("CNY", "EUR", "USD", "JPY", "KWD")


@dataclass(frozen=True)
class MadeAccount:
    items: tuple[Item, ...]
    statement: Statement


def made_account(seed: int, *, size: int | None = None) -> MadeAccount:
    chance = random.Random(seed)
    currency = chance.choice(CURRENCIES)
    places = exponent(currency)
    side = Side.PAYABLE if chance.random() < 0.2 else Side.RECEIVABLE
    terms = chance.choice([None, "net30", "2/10 net30", "eom+15"])
    party = Party(f"C{seed:03d}", chance.choice(NAMES), side, ("ap@x.example",), None, currency, None, terms)
    items: list[Item] = []

    def amount(low: int, high: int) -> Decimal:
        return Decimal(chance.randint(low, high)).scaleb(-places)

    def post(kind: str, prefix: str, value: Decimal, date: dt.date, about: str = "") -> None:
        number = len(items) + 1
        due = (
            date + dt.timedelta(chance.choice([0, 14, 30, 60])) if kind == "invoice" and chance.random() < 0.9 else None
        )
        items.append(
            Item(
                id=f"L{number}",
                party_id=party.id,
                side=side,
                reference=f"{prefix}-{seed % 100:02d}{number:04d}",
                date=date,
                currency=currency,
                amount=value,
                party_name=party.name,
                type=kind,
                po_number=f"PO{chance.randint(10000, 99999)}" if chance.random() < 0.7 else "",
                due_date=due,
                description=about,
            )
        )

    for _ in range(chance.randint(0, 25) if size is None else size):
        date = AS_OF - dt.timedelta(chance.randint(0, 200))
        value = amount(1, 9_999_999)
        post("invoice", "INV", value, date)
        invoice = items[-1]
        fate = chance.random()
        paid_on = min(date + dt.timedelta(chance.randint(1, 90)), AS_OF + dt.timedelta(20))
        if fate < 0.35:
            post("payment", "RC", -value, paid_on, f"for {invoice.reference}")
        elif fate < 0.5:
            part = (value / chance.randint(2, 5)).quantize(Decimal(1).scaleb(-places))
            if part:
                post("payment", "RC", -part, paid_on, f"for {invoice.reference}")
        elif fate < 0.6:
            post("credit_note", "CN", -amount(1, 99_999), paid_on)
        elif fate < 0.65:
            post("fee", "FEE", amount(1, 9_999), paid_on)
    if chance.random() < 0.3:
        post("payment", "RC", -amount(1, 9_999_999), AS_OF - dt.timedelta(chance.randint(0, 20)), "on account")
    open_references = [item.reference for item in items if item.type == "invoice"]
    chance.shuffle(open_references)
    statement = draw(
        items,
        party,
        side,
        currency,
        AS_OF,
        PERIOD_START,
        disputed=open_references[:1] if chance.random() < 0.5 else [],
        promised={one: AS_OF + dt.timedelta(10) for one in open_references[1:2]},
        reply_by=dt.date(2026, 11, 16) if chance.random() < 0.7 else None,
    )
    return MadeAccount(tuple(items), statement)
