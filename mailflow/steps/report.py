"""Reports: ageing of the open items, how the other sides answer, what they dispute. Rows of plain values, per currency.

Money is never added over currencies. Silence is its own column: it is neither a consent nor a refusal.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from mailflow.cases.case import Case, Settled, State
from mailflow.receivables import terms as payment_terms
from mailflow.receivables.ageing import Ageing, AgeingPolicy, age, days_overdue
from mailflow.receivables.drawing import draw, period_start
from mailflow.receivables.ledger import Item
from mailflow.receivables.party import Party, Side
from mailflow.steps.ports.desk import OpenItem
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
    """One row an account with a balance or open items; the buckets and what is unapplied add up to the balance.

    Where the ledger says of every item what was open on that very day, the open items alone are aged; every other
    account is drawn as a statement draws it. Both give the same figures.
    """
    with database.reading() as work:
        parties = {(party.id, party.side): party for party in work.ledger.parties()}
        drawn = _accounts_to_draw(work, as_of)
        clear: dict[tuple[str, Side, str], list[tuple[Decimal, int]]] = defaultdict(list)
        for item in work.desk.open_now():
            account = (item.party_id, item.side, item.currency)
            if account not in drawn:
                days = _days(item, parties.get((item.party_id, item.side)), as_of, policy)
                clear[account].append((item.open_amount, days))
        items = work.desk.items_of({(party_id, side) for party_id, side, _ in drawn})
        found = {account: age(amounts, policy) for account, amounts in clear.items()}
        found |= {account: _drawn(work, account, parties, items, as_of, policy) for account in drawn}
    rows: list[dict[str, Cell]] = []
    for (party_id, side, currency), aged in sorted(found.items(), key=lambda one: (one[0][0], one[0][1], one[0][2])):
        name = party.name if (party := parties.get((party_id, side))) else party_id
        row: dict[str, Cell] = {"party": party_id, "name": name, "side": side.value, "currency": currency}
        row.update({bucket.label: bucket.amount for bucket in aged.buckets})
        rows.append(row | {"unapplied": aged.unapplied, "balance": aged.balance, "overdue": aged.overdue})
    money = (*policy.labels, "unapplied", "balance", "overdue")
    shown = [row for row in rows if row["balance"] or any(row[label] for label in policy.labels)]
    columns = ("party", "name", "side", "currency", *money)
    return Table("ageing", columns, shown, _totals(shown, money, ("side", "currency")), frozenset(money))


def _accounts_to_draw(work: Work, as_of: dt.date) -> set[tuple[str, Side, str]]:
    """Those of which the open amounts on record need not be those of ``as_of``, or are not on record at all."""
    found = set(work.desk.unclear_accounts(as_of))
    wound_back = set()
    for side in Side:
        days = work.desk.import_days(side)
        if days != sorted(days) or (days and days[-1] > as_of):  # ledgers came out of their order, or later ones did
            wound_back.add(side)
    return found | {account for account in work.ledger.accounts() if account[1] in wound_back} if wound_back else found


def _days(item: OpenItem, party: Party | None, as_of: dt.date, policy: AgeingPolicy) -> int:
    """As :func:`mailflow.receivables.drawing.draw` counts them: a due date that the ledger has not comes from the
    terms, else from the item's own date."""
    due = item.due_date
    if item.claim and policy.by_due_date:
        if due is None and item.date is not None:
            terms = None if party is None else payment_terms.parsed(party.payment_terms)
            due = item.date if terms is None else payment_terms.due(terms, item.date).date
        if due is not None:
            return days_overdue(due, as_of)
    return days_overdue(item.date or as_of, as_of)


def _drawn(
    work: Work,
    account: tuple[str, Side, str],
    parties: dict[tuple[str, Side], Party],
    items: dict[tuple[str, Side], list[Item]],
    as_of: dt.date,
    policy: AgeingPolicy,
) -> Ageing:
    party_id, side, currency = account
    party = parties.get((party_id, side)) or Party(party_id, party_id, side)
    statement = draw(
        items[party_id, side], party, side, currency, as_of, period_start(as_of), policy=policy,
        known_open=work.ledger.open_on(party_id, side, as_of),
    )  # fmt: skip
    return Ageing(statement.ageing, statement.unapplied)


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
        names = work.ledger.names()
        first = work.desk.first_answers()
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
        found = work.casefile.disputes()
        cases = {case.id: case for case in work.casefile.some(sorted({case_id for case_id, _ in found}))}
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
                "owner": dispute.owner,
                "due": dispute.due_on,
                "words": dispute.evidence,
            }
        )
    groups: dict[str, int] = defaultdict(int)
    for row in rows:
        if row["state"] == Settled.OPEN.value:
            groups[str(row["reason"])] += 1
    totals: list[dict[str, Cell]] = [{"reason": reason, "case": count} for reason, count in sorted(groups.items())]
    columns = ("case", "party", "reference", "reason", "currency", "amount", "state", "since", "owner", "due", "words")
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
