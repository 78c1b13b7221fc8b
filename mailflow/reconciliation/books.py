"""Both books of one party in one currency, laid side by side: entries in whole units of our sign, nothing matched yet
but what the bulk pass took."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from mailflow.receivables.ledger import Item
from mailflow.receivables.ledger_table import LedgerTable
from mailflow.reconciliation import bulk, selection
from mailflow.reconciliation.counterpart import Counterpart, TheirLine
from mailflow.reconciliation.entry import Entry, in_order, our_entries, their_entries, units_of
from mailflow.reconciliation.policy import Policy


@dataclass(slots=True)
class Books:
    """``opening``, ``closing`` and ``paid`` are what their document prints, in our sign (``paid`` without one)."""

    currency: str
    places: int
    sign: int  # -1: their document counts the other way round, and was turned
    advice: bool  # a remittance advice, not a statement
    ours: list[Entry]
    theirs: list[Entry]
    opening: int | None
    closing: int | None
    paid: int | None
    taken: bulk.Taken | None = None


def lay_out(
    chosen: selection.Chosen, currency: str, theirs: Counterpart, policy: Policy, as_of: dt.date | None, *, large: bool
) -> Books:
    """The books in ``currency``; with ``large``, the bulk pass may take the bulk of two tables first."""
    if large and len(chosen.currencies) == 1:
        items = until(chosen.items, as_of)
        taken = bulk.take(items, theirs, policy)
        if taken is not None:
            return _of_tables(taken)
    main = currency == chosen.currencies[0]
    lines: Sequence[TheirLine] = theirs.lines
    if not isinstance(lines, bulk.TheirTable) or len(chosen.currencies) > 1:
        lines = [line for line in lines if (line.currency or chosen.currencies[0]) == currency]
    own = [item for item in until(chosen.items, as_of) if item.currency == currency]
    advice = theirs.kind == "remittance_advice"
    open_items = selection.by_open_amount(own, lines, theirs, advice=advice)
    if advice:
        own = [item for item in own if item.open_amount is None or item.open_amount != 0]
    elif open_items:
        own = [item for item in own if item.open_amount != 0]
    opening, closing = (theirs.opening, theirs.closing) if main else (None, None)
    stated = [amount for amount in (opening, closing, theirs.payment_amount) if amount is not None]
    places, amounts = units_of(
        currency,
        [
            *(i.open_amount if (open_items or advice) and i.open_amount is not None else i.amount for i in own),
            *(n.open_amount if open_items and n.open_amount is not None else n.amount for n in lines),
            *stated,
        ],
    )
    our = our_entries(own, amounts[: len(own)])
    plain = their_entries(lines, amounts[len(own) : len(own) + len(lines)])
    sign = 1 if advice else selection.sign(our, plain)
    if sign < 0:
        for entry in plain:
            entry.amount = -entry.amount
        in_order(plain)
    printed = dict(zip(map(id, stated), amounts[len(own) + len(lines) :], strict=True))

    def units(amount: Decimal | None) -> int | None:
        return None if amount is None else sign * printed[id(amount)]

    paid = units(theirs.payment_amount)
    return Books(
        currency, places, sign, advice, our, plain, units(opening), units(closing), None if paid is None else abs(paid)
    )


def _of_tables(taken: bulk.Taken) -> Books:
    """What the bulk pass left, as entries. Such a statement prints no balances."""
    ours, lines, sign = taken.ours, taken.theirs, taken.sign
    rows = bulk.left(len(ours), taken.our_rows)
    other_rows = bulk.left(len(lines), taken.their_rows)
    return Books(
        currency=ours.currency,
        places=ours.places,
        sign=sign,
        advice=False,
        ours=in_order(bulk.entries_of(ours, rows, True, sign)),
        theirs=in_order(bulk.entries_of(lines, other_rows, False, sign)),
        opening=None,
        closing=None,
        paid=None,
        taken=taken,
    )


def until(items: Sequence[Item], as_of: dt.date | None) -> Sequence[Item]:
    """Without the items after ``as_of``."""
    if as_of is None:
        return items
    if isinstance(items, LedgerTable):
        late = {day for day in set(items.dates) if day is not None and day > as_of}
        return items.where([day not in late for day in items.dates]) if late else items
    return [item for item in items if item.date is None or item.date <= as_of]
