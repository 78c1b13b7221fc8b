"""Their list of what is open against our ledger of all that was posted: then what is open is compared with it.

An invoice of 8,000.00 of which 5,000.00 were paid stands in such a list with 3,000.00, and its payments do not stand
there at all. Our own open-item statement is one, when it comes back.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from mailflow.receivables.ledger import Item
from mailflow.receivables.open_items import open_items
from mailflow.reconciliation import keys
from mailflow.reconciliation.counterpart import Counterpart
from mailflow.reconciliation.selection import Chosen

LARGEST = 20_000  # items: no list of what is open is longer, and a million postings must not wait for it


def as_listed(chosen: Chosen, theirs: Counterpart, as_of: dt.date | None) -> Chosen:
    """``chosen`` with what is open in place of what was posted, where that is what their lines show: all of it, or,
    where the ledger itself says what is open, more of the partly settled items so than whole."""
    if theirs.kind != "statement" or as_of is None or not theirs.lines or len(chosen.items) > LARGEST:
        return chosen
    account = [item for item in chosen.items if item.currency == chosen.currencies[0]]
    opened = open_items(account, as_of).amounts
    then = [item for item in account if item.id in opened]
    if all(opened[item.id] == item.amount for item in then):
        return chosen
    if sum(opened.values()) != sum(item.amount for item in then):
        return chosen
    if not _shows_what_is_open(then, opened, theirs):
        return chosen
    items = []
    for item in chosen.items:
        amount = opened.get(item.id, item.amount) if item.currency == chosen.currencies[0] else item.amount
        if amount or not item.amount:
            items.append(replace(item, amount=amount, open_amount=amount) if amount != item.amount else item)
    return replace(chosen, items=items)


def _shows_what_is_open(then: Sequence[Item], opened: Mapping[str, Decimal], theirs: Counterpart) -> bool:
    listed = Counter((keys.ladder(line.reference)[1], abs(line.amount)) for line in theirs.lines)
    still_open = Counter(
        (keys.ladder(item.reference)[1], abs(opened[item.id])) for item in then if opened[item.id] != 0
    )
    if listed == still_open:
        return True
    if any(item.open_amount is None for item in then):
        return False
    touched = [item for item in then if opened[item.id] != item.amount]
    as_posted = sum((keys.ladder(item.reference)[1], abs(item.amount)) in listed for item in touched)
    as_open = sum(
        (keys.ladder(item.reference)[1], abs(opened[item.id])) in listed for item in touched if opened[item.id]
    )
    return as_open > as_posted
