"""Reports over time: how far each month is confirmed, how quickly they answer, whether promises are kept, and DSO.

As everywhere, money of two currencies is never added. A month is that of the statement's as-of date.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from statistics import median

from mailflow.cases.case import Case
from mailflow.cases.promise import Standing
from mailflow.receivables.party import Side
from mailflow.steps.ports.desk import DaySum
from mailflow.steps.ports.work import Database
from mailflow.steps.report import ANSWER, Cell, Table, hours_to_answer

GROUPS = ("confirmed", "differs", "in_work", "silent", "undeliverable")
_GROUP = {
    "confirmed": "confirmed", "settled": "confirmed", "differs": "differs", "promised": "in_work",
    "answered": "in_work", "silent": "silent", "undeliverable": "undeliverable",
}  # fmt: skip
WITHIN = (("day_1", 24), ("day_3", 72), ("day_7", 168))  # hours
SALES_DAYS = 90
MONTHS = 6
_SALES = frozenset({"invoice", "debit_note", "credit_note"})


def progress(database: Database) -> Table:
    """One row a month and currency: statements that went out, by what became of them, in number and in balance."""
    with database.reading() as work:
        cases = [case for case in work.casefile.cases() if ANSWER[case.state] in _GROUP]
    groups: dict[tuple[str, str], list[Case]] = defaultdict(list)
    for case in cases:
        groups[f"{case.as_of:%Y-%m}", case.currency].append(case)
    rows: list[dict[str, Cell]] = []
    for (month, currency), together in sorted(groups.items()):
        row: dict[str, Cell] = {"month": month, "currency": currency, "cases": len(together)}
        for group in GROUPS:
            ours = [abs(case.our_balance) for case in together if _GROUP[ANSWER[case.state]] == group]
            row[group] = len(ours)
            row[f"{group}_amount"] = sum(ours, Decimal(0))
        rows.append(row)
    amounts = tuple(f"{group}_amount" for group in GROUPS)
    return Table("progress", ("month", "currency", "cases", *GROUPS, *amounts), rows, [], frozenset(amounts))


def answer_time(database: Database) -> Table:
    """One row a month: how many of what went out were answered by a person within a day, three, seven; and the median
    in hours, of those that were answered at all."""
    with database.reading() as work:
        cases = [case for case in work.casefile.cases() if case.sent_at is not None]
        first = work.desk.first_answers()
    months: dict[str, list[int | None]] = defaultdict(list)
    for case in cases:
        months[f"{case.as_of:%Y-%m}"].append(hours_to_answer(case, first.get(case.id)))
    rows: list[dict[str, Cell]] = []
    for month, hours in sorted(months.items()):
        answered = [one for one in hours if one is not None]
        row: dict[str, Cell] = {"month": month, "sent": len(hours), "median_hours": _half_up(answered)}
        before = 0
        for name, most in WITHIN:
            within = sum(one < most for one in answered)
            row[name], before = within - before, within
        row["later"] = len(answered) - before
        row["silent"] = len(hours) - len(answered)
        rows.append(row)
    columns = ("month", "sent", "median_hours", *(name for name, _ in WITHIN), "later", "silent")
    return Table("answer_time", columns, rows, [])


def _half_up(hours: list[int]) -> int | None:
    return int(Decimal(median(hours)).quantize(Decimal(1), ROUND_HALF_UP)) if hours else None


def promises(database: Database) -> Table:
    """One row a promise to pay; the totals say how many of each currency were kept, broken, or are still open."""
    with database.reading() as work:
        found = work.casefile.promises()
        cases = {case.id: case for case in work.casefile.some(sorted({case_id for case_id, _ in found}))}
        names = work.ledger.names() if found else {}
    rows: list[dict[str, Cell]] = []
    groups: dict[tuple[str, Standing], list[Decimal]] = defaultdict(list)
    for case_id, promise in found:
        case = cases[case_id]
        currency = promise.currency or case.currency
        amount = promise.amount if promise.amount is not None else abs(case.our_balance)
        groups[currency, promise.standing].append(amount)
        rows.append(
            {
                "case": case_id,
                "party": case.party_id,
                "name": names.get((case.party_id, case.side), case.party_id),
                "promised_on": promise.date,
                "currency": currency,
                "amount": amount,
                "standing": promise.standing.value,
                "words": promise.evidence,
            }
        )
    totals: list[dict[str, Cell]] = [
        {"currency": currency, "standing": standing.value, "case": len(amounts), "amount": sum(amounts, Decimal(0))}
        for (currency, standing), amounts in sorted(groups.items())
    ]
    columns = ("case", "party", "name", "promised_on", "currency", "amount", "standing", "words")
    return Table("promises", columns, rows, totals, frozenset({"amount"}))


def dso(database: Database, as_of: dt.date) -> Table:
    """Days sales outstanding at the last month-ends up to ``as_of``: receivables / sales of 90 days x 90, rounded half
    up; nothing where there were no sales. Credit notes are negative sales; the day counts, not the due date."""
    with database.reading() as work:
        sums = work.desk.day_sums(Side.RECEIVABLE, sorted(_SALES))
    by_currency: dict[str, list[DaySum]] = defaultdict(list)
    for one in sums:
        by_currency[one.currency].append(one)
    rows: list[dict[str, Cell]] = []
    for day in _month_ends(as_of):
        since = day - dt.timedelta(days=SALES_DAYS)
        for currency, own in sorted(by_currency.items()):
            balance = sum((one.amount for one in own if one.day <= day), Decimal(0))
            sales = sum((one.sales for one in own if since < one.day <= day), Decimal(0))
            ratio = balance / sales * SALES_DAYS if sales > 0 else None
            rounded = None if ratio is None else int(ratio.quantize(Decimal(1), ROUND_HALF_UP))
            rows.append({"month": f"{day:%Y-%m}", "as_of": day, "currency": currency, "balance": balance,
                         "sales": sales, "days": rounded})  # fmt: skip
    columns = ("month", "as_of", "currency", "balance", "sales", "days")
    return Table("dso", columns, rows, [], frozenset({"balance", "sales"}))


def _month_ends(as_of: dt.date) -> list[dt.date]:
    """``as_of`` itself and the ends of the months before it, oldest first."""
    days = [as_of]
    year, month = as_of.year, as_of.month
    for _ in range(MONTHS - 1):
        year, month = (year - 1, 12) if month == 1 else (year, month - 1)
        days.append(dt.date(year, month, calendar.monthrange(year, month)[1]))
    return days[::-1]
