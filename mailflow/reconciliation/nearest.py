"""Why a line found no partner: its nearest candidates on the other side, each with the first test that it failed."""

from __future__ import annotations

from collections.abc import Sequence

from mailflow.reconciliation.account import Account
from mailflow.reconciliation.entry import Entry
from mailflow.reconciliation.match import Kind, ReconcilingItem, shown

MOST_ITEMS = 5_000  # left-over lines that get candidates; beyond, the books are too far apart for it to help
MOST_CANDIDATES = 3
MOST_TAKEN = 20_000  # pairs of the bulk pass whose numbers are looked at too
_ASKED = frozenset({Kind.MISSING_IN_OURS, Kind.MISSING_IN_THEIRS, Kind.TIMING})


def add_candidates(account: Account, items: Sequence[ReconcilingItem]) -> None:
    """Fills ``near`` of the items that stand on one side only."""
    alone = [item for item in items if item.match is None and item.kind in _ASKED]
    if not alone or len(alone) > MOST_ITEMS:
        return
    for ours in (True, False):
        mine = [(item, entry) for item in alone for entry in (item.ours if ours else item.theirs)]
        if mine:
            others = account.theirs if ours else account.ours
            _search(account, mine, [*others, *_taken(account, mine, ours=not ours)])


def _taken(account: Account, mine: list[tuple[ReconcilingItem, Entry]], *, ours: bool) -> list[Entry]:
    """What the bulk pass took on one side: by its number only where looking at each costs little, else by amount."""
    taken = account.taken
    if taken is None:
        return []
    if len(taken) <= MOST_TAKEN:
        return [taken.entry(ours, row) for row in taken.rows(ours)]
    return account.taken_with({size for _, entry in mine for size in (entry.amount, -entry.amount)}, ours=ours)


def _search(account: Account, mine: list[tuple[ReconcilingItem, Entry]], others: Sequence[Entry]) -> None:
    amounts = {abs(entry.amount) for _, entry in mine}
    numbers = {key for _, entry in mine for key in entry.keys(4)}
    by_amount: dict[int, list[Entry]] = {}
    by_number: dict[str, list[Entry]] = {}
    for other in others:
        if abs(other.amount) in amounts:
            by_amount.setdefault(abs(other.amount), []).append(other)
        if numbers:
            for key in other.keys(4):
                if key in numbers:
                    by_number.setdefault(key, []).append(other)
    for item, entry in mine:
        named = {id(o): o for key in entry.keys(4) for o in by_number.get(key, ()) if o.paid == entry.paid}
        equal = {id(o): o for o in by_amount.get(abs(entry.amount), ())}
        found = sorted((named | equal).values(), key=lambda o: (id(o) not in named, abs(o.day - entry.day), o.order))
        item.near = tuple(
            (other, _because(account, entry, other, id(other) in named, len(equal)))
            for other in found[:MOST_CANDIDATES]
        )


def _because(account: Account, entry: Entry, other: Entry, same_number: bool, occurs: int) -> str:
    """The first test that ``other`` failed, as a short sentence."""
    if not other.free:
        taken = f"matched with another {'line' if other.ours else 'item'}"
        return f"same number, but {taken}" if same_number else f"same amount, but {taken}"
    if same_number:
        if entry.amount * other.amount < 0:
            return f"same number, but on the other side: {shown(other.amount, account.places)}"
        return f"same number, but the amount is {shown(other.amount, account.places)}"
    if entry.amount != other.amount:
        return "same amount on the other side of the account, number differs"
    days = f"{abs(other.day - entry.day)} days apart" if other.day and entry.day else "no date to compare"
    times = f", the amount occurs {occurs} times" if occurs > 1 else ""
    return f"same amount, number differs, {days}{times}"
