"""Draws a statement: one party, one side, one currency, as of one day, out of the ledger, checked before it is given.

    closing = opening + movements = open items = ageing + unapplied

Cut at the day: later documents, payments and applications change nothing (:mod:`mailflow.receivables.open_items`).
"""

from __future__ import annotations

import calendar
import datetime as dt
import hashlib
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal

from mailflow.receivables import terms as payment_terms
from mailflow.receivables.ageing import AgeingPolicy, age, days_overdue
from mailflow.receivables.ledger import Item
from mailflow.receivables.open_items import OpenItems, open_items
from mailflow.receivables.party import Party, Side
from mailflow.receivables.statement import Statement, StatementLine
from mailflow.receivables.terms import Terms

ZERO = Decimal(0)
UNDATED = "items_without_date"


class DoesNotTie(ValueError):
    """The figures of a statement do not meet. Nothing may leave the house; the sentence names both figures."""


def statement_number(party_id: str, side: Side, currency: str, as_of: dt.date) -> str:
    """``SOA-202610-C001-CNY``; a day that is no month end is named whole, the payable side by a ``P`` at the end.

    A party id with letters that mail subjects, file names or addresses do not bear is made plain and told apart by its
    hash, so that no two parties ever share a number.
    """
    last = calendar.monthrange(as_of.year, as_of.month)[1]
    period = f"{as_of:%Y%m}" if as_of.day == last else f"{as_of:%Y%m%d}"
    name = re.sub(r"[^A-Za-z0-9._]+", "-", party_id).strip("-.")
    if name != party_id or len(name) > 40:
        digest = hashlib.sha256(party_id.encode()).hexdigest()[:8].upper()
        name = f"{name[:40]}-{digest}" if name else digest
    return f"SOA-{period}-{name}-{currency}" + ("-P" if side is Side.PAYABLE else "")


def draw(
    items: Iterable[Item],
    party: Party,
    side: Side,
    currency: str,
    as_of: dt.date,
    period_start: dt.date,
    *,
    number: str | None = None,
    version: int = 1,
    terms: Terms | None = None,
    policy: AgeingPolicy | None = None,
    known_open: Mapping[str, Decimal] | None = None,
    disputed: Collection[str] = (),
    promised: Mapping[str, dt.date] | None = None,
    reply_by: dt.date | None = None,
) -> Statement:
    """``items`` may hold other accounts and later postings: only this party's, this side's, this currency's, up to
    ``as_of``, are shown. ``known_open`` says what was open at the end of that very day, when a ledger of it is on
    record; ``terms`` give due dates where the ledger has none (default: the party's own). ``disputed`` and ``promised``
    name items by their reference. Raises :class:`DoesNotTie`.
    """
    policy = policy or AgeingPolicy()
    terms = terms or payment_terms.parsed(party.payment_terms)
    account = [item for item in items if item.party_id == party.id and item.side is side and item.currency == currency]
    opened = open_items(account, as_of, known=known_open, oldest_first=policy.oldest_first)
    shown = sorted((item for item in account if item.id in opened.amounts), key=_order)
    marks = _Marks({_plain(one) for one in disputed}, {_plain(name): day for name, day in (promised or {}).items()})

    def line(item: Item, balance: Decimal | None = None) -> StatementLine:
        return _line(item, opened.amounts[item.id], balance, as_of, terms, marks)

    moved = [item for item in shown if item.date is not None and period_start <= item.date]
    closing = opened.balance
    opening = closing - sum((item.amount for item in moved), ZERO)
    running, movements = opening, []
    for item in moved:
        running += item.amount
        movements.append(line(item, running))
    open_lines = tuple(line(item) for item in shown if opened.amounts[item.id] != 0)
    ageing = age(((one.open_amount, _days(one, as_of, policy)) for one in open_lines), policy)
    doubts = opened.doubts + ((UNDATED,) if any(item.date is None for item in shown) else ())
    statement = Statement(
        number=number or statement_number(party.id, side, currency, as_of),
        version=version,
        party=party,
        side=side,
        currency=currency,
        as_of=as_of,
        period_start=period_start,
        opening=opening,
        closing=closing,
        movements=tuple(movements),
        open_lines=open_lines,
        ageing=ageing.buckets,
        unapplied=ageing.unapplied,
        overdue=ageing.overdue,
        reply_by=reply_by,
        ledger_hash=ledger_hash(shown, opened),
        doubts=doubts,
    )
    check(statement)
    return statement


def check(statement: Statement) -> None:
    """The equations at the head of this file, exactly. Raises :class:`DoesNotTie`."""
    figures = {
        "opening and movements": statement.opening + sum((line.amount for line in statement.movements), ZERO),
        "open items": sum((line.open_amount for line in statement.open_lines), ZERO),
        "ageing and unapplied": sum((bucket.amount for bucket in statement.ageing), statement.unapplied),
    }
    for what, figure in figures.items():
        if figure != statement.closing:
            raise DoesNotTie(f"{statement.label}: {what} give {figure}, the closing balance is {statement.closing}")


def period_start(as_of: dt.date, last_as_of: dt.date | None = None) -> dt.date:
    """The day after the last statement; without one, the first of the month."""
    if last_as_of is not None and last_as_of < as_of:
        return last_as_of + dt.timedelta(1)
    return as_of.replace(day=1)


def ledger_hash(items: Sequence[Item], opened: OpenItems) -> str:
    """SHA-256 over the items that the statement rests on and what was open of each: the snapshot behind it."""
    digest = hashlib.sha256()
    for item in sorted(items, key=lambda one: one.id):
        fields = (
            item.id, item.type, item.reference, item.their_reference, item.po_number, item.date, item.due_date,
            item.currency, format(item.amount, "f"), format(opened.amounts[item.id], "f"), item.description,
        )  # fmt: skip
        digest.update(("\x1f".join("" if value is None else str(value) for value in fields) + "\x1e").encode())
    return digest.hexdigest()


class _Marks:
    """What open cases say about items, by plain reference."""

    def __init__(self, disputed: set[str], promised: dict[str, dt.date]) -> None:
        self._disputed, self._promised = disputed - {""}, promised

    def disputed(self, item: Item) -> bool:
        return bool(self._disputed & {_plain(item.reference), _plain(item.their_reference)})

    def promised(self, item: Item) -> dt.date | None:
        for name in (_plain(item.reference), _plain(item.their_reference)):
            if name and name in self._promised:
                return self._promised[name]
        return None


def _line(
    item: Item, open_amount: Decimal, balance: Decimal | None, as_of: dt.date, terms: Terms | None, marks: _Marks
) -> StatementLine:
    claim = item.amount > 0
    due_date, estimated = item.due_date, False
    if due_date is None and claim and terms is not None and item.date is not None:
        found = payment_terms.due(terms, item.date)
        due_date, estimated = found.date, found.estimated
    elif due_date is None and claim and item.date is not None:
        due_date, estimated = item.date, True
    offer = payment_terms.best_offer(terms, item.date, open_amount, item.currency, as_of) if claim else None
    return StatementLine(
        item_id=item.id,
        date=item.date or as_of,
        due_date=due_date if claim else None,
        type=item.type,
        reference=item.reference,
        their_reference=item.their_reference,
        po_number=item.po_number,
        description=item.description,
        amount=item.amount,
        open_amount=open_amount,
        balance=balance,
        days_overdue=days_overdue(due_date, as_of) if claim and due_date is not None else None,
        disputed=marks.disputed(item),
        promised_on=marks.promised(item),
        due_estimated=estimated,
        discount_until=None if offer is None else offer.until,
        discount_amount=None if offer is None else offer.amount,
    )


def _days(line: StatementLine, as_of: dt.date, policy: AgeingPolicy) -> int:
    """Every item has an age: one without a due date is aged by its own date, so that no bucket loses it."""
    if policy.by_due_date and line.days_overdue is not None:
        return line.days_overdue
    return days_overdue(line.date, as_of)


def _order(item: Item) -> tuple[dt.date, str, str]:
    return (item.date or dt.date.min, item.reference, item.id)


def _plain(reference: str) -> str:
    return re.sub(r"[\W_]+", "", reference).casefold()
