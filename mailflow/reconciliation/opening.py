"""The opening balance: what both books bring forward is compared as one, never line by line.

Two forms: an opening row among the lines (a ledger export, a statement given as CSV), or a balance printed above them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from mailflow.reconciliation.account import Account
from mailflow.reconciliation.decisions import Earlier, EarlierItem, number_of
from mailflow.reconciliation.differences import opening_row
from mailflow.reconciliation.entry import Entry
from mailflow.reconciliation.match import Match
from mailflow.reconciliation.rules import OPENING


def rows(entries: Sequence[Entry]) -> list[Entry]:
    """Rows that only bring a balance forward."""
    return [entry for entry in entries if opening_row(entry)]


def take_rows(account: Account) -> None:
    """Before the cascade: one opening row on each side are the same thing, whatever their amounts."""
    ours = rows(account.ours) if account.count(ours=True) < 200_000 else []
    theirs = rows(account.theirs) if account.count(ours=False) < 200_000 else []
    if len(ours) == 1 and len(theirs) == 1 and ours[0].free and theirs[0].free:
        account.accept(OPENING, ours, theirs, automatic=True)


def carry_forward(
    account: Account, stated: int | None, gap: int, period_start: dt.date | None, ended: Earlier | None = None
) -> int:
    """After the cascade: what we booked before their period and no line took, against what they bring forward.

    A printed opening of nothing without a period (a list of open items that counts up from zero) carries nothing.
    ``stated`` is their printed opening, ``gap`` their closing less opening and lines, both in smallest units. Returns
    the opening that was used beside their lines (0: none). An opening that is not printed is only inferred where our
    earlier items add up to the gap exactly. ``ended``: how their last statement was reconciled; what we booked since of
    what was missing then stands in their opening, and what is still open of it explains a difference.
    """
    if stated == 0 and period_start is None:
        return 0
    row = next((entry for entry in rows([e for e in account.theirs if e.free])), None) if not stated else None
    if any(match.rule is OPENING for match in account.found):
        if stated:
            account.found.append(Match(OPENING, (), (), False, account.places, "", (), None, "", stated))
        return stated or 0
    days = [e.day for e in account.theirs if e is not row]
    first = min((day for day in (*days, *account.taken_days(ours=False)) if day), default=0)
    start = period_start.toordinal() if period_start else (row.day if row is not None and row.day else first)
    earlier = tuple(e for e in account.ours if e.free and e.day and e.day < start)
    booked = _booked_since(account, ended, earlier) if stated is not None or row is not None else {}
    earlier += tuple(booked.values())
    carried = stated or 0
    if stated is None and row is None:
        if not gap or not earlier or sum(e.amount for e in earlier) != gap:
            return 0
        carried = gap
    theirs = (row,) if row is not None else ()
    if not carried and not earlier and not theirs:
        return 0
    if row is None and stated is None and not gap:
        return 0
    ours_total = sum(e.amount for e in earlier)
    equal = ours_total == carried + sum(e.amount for e in theirs)
    for entry in (*earlier, *theirs):
        entry.free = False
    match = Match(OPENING, earlier, theirs, equal and not theirs, account.places, "", (), None, "", carried)
    if ended is not None:
        here = {str(e.id) for e in earlier}
        match.left = Earlier(ended.as_of, ended.currency, tuple(i for i in ended.items if _still_open(i, here, booked)))
    account.found.append(match)
    return carried


def _booked_since(account: Account, ended: Earlier | None, earlier: Sequence[Entry]) -> dict[EarlierItem, Entry]:
    """What their last statement listed and we lacked, and which one item of this period has its amount and, but for
    payments, its number: we have booked it since, they bring it forward."""
    found: dict[EarlierItem, Entry] = {}
    last = 0 if ended is None else ended.as_of.toordinal()

    def soon(entry: Entry) -> bool:
        return 0 < entry.day - last <= account.policy.payment_days

    for item in ended.items if ended is not None else ():
        if item.ours or len(item.theirs) != 1:
            continue
        number = number_of(item.theirs[0])
        wanted = item.amount.scaleb(account.places)
        free = [e for e in account.ours if e.free and e.amount == wanted and e not in (*earlier, *found.values())]
        fitting = [e for e in free if number in {*e.keys(1), *e.keys(2), *e.keys(3)} or (e.paid and soon(e))]
        if len(fitting) == 1:
            found[item] = fitting[0]
    return found


def _still_open(item: EarlierItem, here: set[str], booked: dict[EarlierItem, Entry]) -> bool:
    """Whether nothing has become of an earlier difference: our items of it still stand alone, or we booked nothing."""
    return set(item.ours) <= here if item.ours else item not in booked
