"""Lines that repeat what is matched already: they are duplicates, and no guess by amount or sum may use them up.

Set aside after the passes by number, given back before what is left over gets its name.
"""

from __future__ import annotations

from mailflow.reconciliation.account import Account
from mailflow.reconciliation.entry import Entry

RUNGS = (1, 2, 3, 4)

Key = tuple[str, int]


def set_aside(account: Account) -> None:
    """Takes free lines out of the pool that have number and amount of a matched line of their own side."""
    for ours in (True, False):
        matched = matched_keys(account, ours)
        amounts = {amount for _, amount in matched}
        for entry in account.free(ours) if matched else ():
            if entry.amount in amounts and not matched.isdisjoint(keys_of(entry)):
                entry.free = False
                account.aside.append(entry)


def give_back(account: Account) -> None:
    """What was set aside is free again."""
    for entry in account.aside:
        entry.free = True
    account.aside.clear()
    account.refill()


def keys_of(entry: Entry) -> set[Key]:
    """Its numbers on the rungs that decide, each with its amount."""
    return {(key, entry.amount) for rung in RUNGS for key in entry.keys(rung)}


def matched_keys(account: Account, ours: bool) -> set[Key]:
    """Keys of the matched lines of one side, but only for amounts that a free line of that side also has."""
    amounts = {entry.amount for entry in account.free(ours)}
    entries = [*(account.ours if ours else account.theirs), *account.taken_with(amounts, ours=ours)]
    known: set[Key] = set()
    for entry in entries:
        if not entry.free and entry.amount in amounts:
            known |= keys_of(entry)
    return known
