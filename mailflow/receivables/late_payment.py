"""Late payment charges: simple interest, never compound, rounded once at the end. Charging is a right, not a duty: only
where a customer's terms say so (``net30 late 12%``) are they shown, apart from the balance, which they are no part of
until somebody posts them: a posting of the ledger (type ``fee``) stands on its own line.

    interest = open principal x annual rate x days / 365
    days: from the day after the due date up to and with the day of the charge
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from mailflow.money import rounded
from mailflow.receivables.party import Side
from mailflow.receivables.statement import Statement, StatementLine
from mailflow.receivables.terms import LateFee, parsed

DAYS_A_YEAR = 365


def days_late(due_date: dt.date, charged_on: dt.date) -> int:
    """0 on the due date and before."""
    return max((charged_on - due_date).days, 0)


def interest(
    principal: Decimal,
    annual_percent: Decimal,
    due_date: dt.date,
    charged_on: dt.date,
    currency: str,
    *,
    payments: Iterable[tuple[dt.date, Decimal]] = (),
) -> Decimal:
    """``payments`` are (day, positive amount): each lowers the principal from its day on, and so splits the run."""
    total, open_amount, since = Decimal(0), principal, due_date
    for day, amount in sorted(payments):
        if day > charged_on:
            break
        total += open_amount * days_late(since, day)
        since = max(since, day)
        open_amount = max(open_amount - amount, Decimal(0))
    total += open_amount * days_late(since, charged_on)
    return rounded(total * annual_percent / 100 / DAYS_A_YEAR, currency)


@dataclass(frozen=True, slots=True)
class LateCharge:
    """Of one invoice: ``interest`` on what of it is open, for ``days``, and the ``fixed`` sum."""

    line: StatementLine
    days: int
    interest: Decimal
    fixed: Decimal


def charges(statement: Statement) -> tuple[LateFee, tuple[LateCharge, ...]] | None:
    """What the terms allow on the statement's date; None where they say nothing or nothing is late. Disputed invoices
    bear nothing: whether they are owed is open."""
    terms = parsed(statement.party.payment_terms) if statement.side is Side.RECEIVABLE else None
    if terms is None or terms.late is None:
        return None
    fee, found = terms.late, []
    for line in statement.open_lines:
        late = line.due_date is not None and line.due_date < statement.as_of
        if not late or line.open_amount <= 0 or line.disputed or line.type not in ("invoice", "debit_note"):
            continue
        assert line.due_date is not None
        days = days_late(line.due_date, statement.as_of)
        amount = interest(line.open_amount, fee.annual_percent, line.due_date, statement.as_of, statement.currency)
        found.append(LateCharge(line, days, amount, rounded(fee.fixed, statement.currency)))
    return (fee, tuple(found)) if found else None
