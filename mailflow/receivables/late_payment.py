"""Late payment interest: simple, never compound, rounded once at the end. Charging is a right, not a duty: nothing in
mailflow adds it by itself; a charge is a posting of the ledger (type ``fee``) and stands on its own line.

    interest = open principal x annual rate x days / 365
    days: from the day after the due date up to and with the day of the charge
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from mailflow.money import rounded

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


def daily_interest(
    principal: Decimal, daily_percent: Decimal, due_date: dt.date, charged_on: dt.date, currency: str
) -> Decimal:
    """By a rate per day, such as 0.05 % in China for debts to small companies (保障中小企业款项支付条例)."""
    return rounded(principal * daily_percent / 100 * days_late(due_date, charged_on), currency)
