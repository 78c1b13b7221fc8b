"""What of each item was open at the end of a day: the truth of that day, whatever was paid or applied since.

The ledger's ``open_amount`` describes the day of its import. For another day the account is wound back:

1. a ledger of that very day was imported: it says what was open (``known``)
2. nothing was posted after that day: what is open now was open then
3. else what the later postings settled is open again: first what they name, then what has exactly their amount, then
   the item that was due last (``UNCLEAR``: the balance is right, which item it stands on is not certain)

Where the ledger never says what is open, credits settle what they name, then the oldest item first (``DERIVED``).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from mailflow.receivables.ledger import Item

ZERO = Decimal(0)

DERIVED = "open_amounts_derived"
UNCLEAR = "application_unclear"
INCOMPLETE = "history_incomplete"
UNTIED = "open_amounts_do_not_tie"


@dataclass(frozen=True, slots=True)
class OpenItems:
    """``amounts`` has every item of the day and before (and those without a date); ``doubts`` are the words above."""

    amounts: Mapping[str, Decimal]
    doubts: tuple[str, ...] = ()

    @property
    def balance(self) -> Decimal:
        return sum(self.amounts.values(), ZERO)


def up_to(items: Iterable[Item], day: dt.date) -> list[Item]:
    """Items of ``day`` and before; one without a date counts as old, so that it is never lost."""
    return [item for item in items if item.date is None or item.date <= day]


def open_items(
    items: Sequence[Item], day: dt.date, *, known: Mapping[str, Decimal] | None = None, oldest_first: bool = True
) -> OpenItems:
    """``items`` are all of one account (party, side, currency), later ones included."""
    then = up_to(items, day)
    if any(item.open_amount is None for item in items):
        return _settled_in_order(then, oldest_first)
    whole = sum((item.amount for item in items), ZERO) == sum((_open(item) for item in items), ZERO)
    posted = sum((item.amount for item in then), ZERO)
    if known is not None:
        amounts = {item.id: known.get(item.id, item.amount) for item in then}
        if not whole or sum(amounts.values(), ZERO) == posted:
            return OpenItems(amounts)
    amounts = {item.id: _open(item) for item in then}
    later = [item for item in items if item.date is not None and item.date > day]
    if not later:
        return OpenItems(amounts)
    doubts = [] if whole else [INCOMPLETE]
    wound_back = sum((_open(item) - item.amount for item in later), ZERO)
    if wound_back:
        left, clear = _wind_back(amounts, then, later, wound_back)
        doubts += [] if clear else [UNCLEAR]
        doubts += [UNTIED] if left else []
    return OpenItems(amounts, tuple(doubts))


def _open(item: Item) -> Decimal:
    assert item.open_amount is not None
    return item.open_amount


def _wind_back(
    amounts: dict[str, Decimal], then: Sequence[Item], later: Sequence[Item], total: Decimal
) -> tuple[Decimal, bool]:
    """Gives back ``total`` (in sum) to items that were settled since; (what found no item, whether it was clear which).

    Positive: later payments had settled earlier invoices; negative: later invoices had used up earlier credits.
    """
    sign = 1 if total > 0 else -1
    settled = {item.id: (item.amount - amounts[item.id]) * sign for item in then}
    candidates = [item for item in then if settled[item.id] > 0]
    left = total * sign

    def give(item: Item, most: Decimal) -> Decimal:
        nonlocal left
        given = min(most, settled[item.id], left)
        if given > 0:
            amounts[item.id] += given * sign
            settled[item.id] -= given
            left -= given
        return max(given, ZERO)

    by_name = _named(candidates)
    _settled_before(settled, candidates, [item for item in then if item.amount * sign < 0], by_name)
    unnamed: list[Decimal] = []
    guessed = False
    for posting in later:
        applied = (_open(posting) - posting.amount) * sign
        for item in _naming(posting, by_name):
            applied -= give(item, applied)
        if applied > 0:
            unnamed.append(applied)
    for applied in unnamed:
        exact = [item for item in candidates if settled[item.id] == applied]
        if len(exact) == 1:
            give(exact[0], applied)
            continue
        enough = [item for item in candidates if settled[item.id] >= applied]
        if len(enough) == 1:
            guessed = guessed or sum(1 for item in candidates if settled[item.id] > 0) > 1
            give(enough[0], applied)
    open_question = left > 0 and sum(1 for item in candidates if settled[item.id] > 0) > 1
    certain = not open_question or left == sum(settled[item.id] for item in candidates if settled[item.id] > 0)
    for item in sorted(candidates, key=_age, reverse=True):
        give(item, left)
    settled.update({item.id: (item.amount - amounts[item.id]) * sign for item in candidates})
    for item in sorted(candidates, key=_age, reverse=True):
        give(item, left)  # rather than a balance that does not tie, what an earlier payment seemed to have settled
    return left * sign, certain and not guessed


def _settled_before(
    settled: dict[str, Decimal], candidates: Sequence[Item], earlier: Sequence[Item], by_name: Mapping[str, list[Item]]
) -> None:
    """Takes out of ``settled`` what postings of the day and before name or match exactly: that was settled by then."""
    for posting in earlier:
        named = _naming(posting, by_name)
        exact = [item for item in candidates if settled[item.id] == abs(posting.amount)]
        for item in named or (exact if len(exact) == 1 else []):
            settled[item.id] -= min(settled[item.id], abs(posting.amount))


def _settled_in_order(items: Sequence[Item], oldest_first: bool) -> OpenItems:
    """Open amounts of a ledger that has none."""
    amounts = {item.id: item.amount for item in items}
    debits = sorted((item for item in items if item.amount > 0), key=_age)
    credits = sorted((item for item in items if item.amount < 0), key=_age)
    if not debits or not credits or not oldest_first:
        return OpenItems(amounts)
    by_name = _named(debits)
    for credit in credits:
        for debit in _naming(credit, by_name):
            _settle(amounts, credit, debit)
    first = 0
    for credit in credits:
        while amounts[credit.id] < 0 and first < len(debits):
            _settle(amounts, credit, debits[first])
            if amounts[debits[first].id] == 0:
                first += 1
    return OpenItems(amounts, (DERIVED,))


def _settle(amounts: dict[str, Decimal], credit: Item, debit: Item) -> None:
    used = min(-amounts[credit.id], amounts[debit.id])
    amounts[credit.id] += used
    amounts[debit.id] -= used


def _age(item: Item) -> tuple[dt.date, dt.date, str]:
    first = dt.date.min
    return (item.due_date or item.date or first, item.date or first, item.id)


_NOT_IN_A_NUMBER = re.compile(r"[^0-9a-z\u4e00-\u9fff]+")
_BETWEEN = re.compile(r"[\s,;/、,;()()]+")


def _plain(text: str) -> str:
    return _NOT_IN_A_NUMBER.sub("", text.casefold())


def _named(items: Iterable[Item]) -> dict[str, list[Item]]:
    named: dict[str, list[Item]] = {}
    for item in items:
        for name in {_plain(item.reference), _plain(item.their_reference)} - {""}:
            named.setdefault(name, []).append(item)
    return named


def _naming(posting: Item, by_name: Mapping[str, list[Item]]) -> list[Item]:
    """Items whose number ``posting`` names: as its own reference, as theirs, or as a word of its description."""
    words = {_plain(posting.reference), _plain(posting.their_reference)}
    words |= {_plain(word) for word in _BETWEEN.split(posting.description) if any(map(str.isdigit, word))}
    found = {item.id: item for word in sorted(words - {""}) for item in by_name.get(word, ())}
    return [item for item in sorted(found.values(), key=_age) if item.id != posting.id]
