"""Reports: ageing of the open items, how the other sides answer, what they dispute. Rows of plain values, per currency.

Money is never added over currencies. Silence is its own column: it is neither a consent nor a refusal.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from mailflow.cases.case import Case, Settled, State
from mailflow.correspondence.message import Automatic
from mailflow.receivables.ageing import AgeingPolicy
from mailflow.receivables.drawing import draw, period_start
from mailflow.receivables.party import Party, Side
from mailflow.steps.ports.work import Database, Work

REPORTS = ("ageing", "progress", "responses", "answer_time", "disputes", "promises", "dso")

Cell = str | Decimal | int | dt.date | None


@dataclass(frozen=True, slots=True)
class Table:
    """``money`` names the columns that hold amounts in the row's ``currency``. ``totals`` are one row a currency."""

    title: str
    columns: tuple[str, ...]
    rows: list[dict[str, Cell]]
    totals: list[dict[str, Cell]]
    money: frozenset[str] = field(default=frozenset())


def ageing(database: Database, as_of: dt.date, policy: AgeingPolicy) -> Table:
    """One row an account with a balance or open items; the buckets and what is unapplied add up to the balance."""
    with database.reading() as work:
        parties = {(party.id, party.side): party for party in work.ledger.parties()}
        rows = [_aged(work, account, parties, as_of, policy) for account in work.ledger.accounts()]
    money = (*policy.labels, "unapplied", "balance", "overdue")
    shown = [row for row in rows if row["balance"] or any(row[label] for label in policy.labels)]
    columns = ("party", "name", "side", "currency", *money)
    return Table("ageing", columns, shown, _totals(shown, money, ("side", "currency")), frozenset(money))


def _aged(
    work: Work,
    account: tuple[str, Side, str],
    parties: dict[tuple[str, Side], Party],
    as_of: dt.date,
    policy: AgeingPolicy,
) -> dict[str, Cell]:
    party_id, side, currency = account
    party = parties.get((party_id, side)) or Party(party_id, party_id, side)
    items = work.ledger.items(party_id=party_id, side=side)
    statement = draw(
        items, party, side, currency, as_of, period_start(as_of), policy=policy,
        known_open=work.ledger.open_on(party_id, side, as_of),
    )  # fmt: skip
    row: dict[str, Cell] = {"party": party_id, "name": party.name, "side": side.value, "currency": currency}
    row.update({bucket.label: bucket.amount for bucket in statement.ageing})
    return row | {"unapplied": statement.unapplied, "balance": statement.closing, "overdue": statement.overdue}


# how a case counts in the report on answers
ANSWER = {
    State.CONFIRMED: "confirmed", State.DISPUTED: "differs", State.RECONCILING: "differs", State.PROMISED: "promised",
    State.ANSWERED: "answered", State.RESOLVED: "settled", State.CLOSED: "settled", State.SENT: "silent",
    State.UNDELIVERABLE: "undeliverable", State.HELD: "not sent", State.DRAFT: "not sent", State.QUEUED: "not sent",
}  # fmt: skip


def responses(database: Database) -> Table:
    """One row a case: how they answered, how long it took (hours from acceptance to the first message of a person)."""
    with database.reading() as work:
        cases = work.casefile.cases()
        names = {(party.id, party.side): party.name for party in work.ledger.parties()}
        first = first_answers(work)
    rows = [_response(case, names, first.get(case.id)) for case in cases]
    columns = ("case", "party", "name", "currency", "balance", "answer", "state", "sent", "answered", "hours")
    groups: dict[tuple[str, str], list[Decimal]] = defaultdict(list)
    for case in cases:
        groups[case.currency, ANSWER[case.state]].append(case.our_balance)
    totals: list[dict[str, Cell]] = [
        {"currency": currency, "answer": answer, "case": len(amounts), "balance": sum(amounts, Decimal(0))}
        for (currency, answer), amounts in sorted(groups.items())
    ]
    return Table("responses", columns, rows, totals, frozenset({"balance"}))


def first_answers(work: Work) -> dict[str, dt.datetime]:
    """When a person first wrote in each case."""
    first: dict[str, dt.datetime] = {}
    for message in work.mailroom.messages():
        if message.case_id and message.automatic == Automatic.NO:
            first.setdefault(message.case_id, message.received_at)
    return first


def hours_to_answer(case: Case, answered: dt.datetime | None) -> int | None:
    """Whole hours from acceptance to the first message of a person; None where either is missing."""
    if answered is None or case.sent_at is None or answered < case.sent_at:
        return None
    return int((answered - case.sent_at).total_seconds() // 3600)


def _response(case: Case, names: dict[tuple[str, Side], str], answered: dt.datetime | None) -> dict[str, Cell]:
    return {
        "case": case.id,
        "party": case.party_id,
        "name": names.get((case.party_id, case.side), case.party_id),
        "currency": case.currency,
        "balance": case.our_balance,
        "answer": ANSWER[case.state],
        "state": case.state.value,
        "sent": None if case.sent_at is None else case.sent_at.date(),
        "answered": None if answered is None else answered.date(),
        "hours": hours_to_answer(case, answered),
    }


def disputes(database: Database) -> Table:
    """One row a disputed item, the open ones first."""
    with database.reading() as work:
        cases = {case.id: case for case in work.casefile.cases()}
        found = work.casefile.disputes()
    rows: list[dict[str, Cell]] = []
    for case_id, dispute in sorted(found, key=lambda one: (one[1].settled is not Settled.OPEN, one[0])):
        case = cases[case_id]
        rows.append(
            {
                "case": case_id,
                "party": case.party_id,
                "reference": dispute.reference,
                "reason": dispute.reason.value,
                "currency": case.currency,
                "amount": dispute.amount,
                "state": dispute.settled.value,
                "since": dispute.opened_on,
                "words": dispute.evidence,
            }
        )
    groups: dict[str, int] = defaultdict(int)
    for row in rows:
        if row["state"] == Settled.OPEN.value:
            groups[str(row["reason"])] += 1
    totals: list[dict[str, Cell]] = [{"reason": reason, "case": count} for reason, count in sorted(groups.items())]
    columns = ("case", "party", "reference", "reason", "currency", "amount", "state", "since", "words")
    return Table("disputes", columns, rows, totals, frozenset({"amount"}))


def _totals(rows: list[dict[str, Cell]], money: tuple[str, ...], by: tuple[str, ...]) -> list[dict[str, Cell]]:
    groups: dict[tuple[Cell, ...], list[dict[str, Cell]]] = defaultdict(list)
    for row in rows:
        groups[tuple(row[name] for name in by)].append(row)
    totals: list[dict[str, Cell]] = []
    for key in sorted(groups, key=str):
        total: dict[str, Cell] = dict(zip(by, key, strict=True))
        for name in money:
            total[name] = sum((amount for row in groups[key] if isinstance(amount := row[name], Decimal)), Decimal(0))
        totals.append(total)
    return totals
