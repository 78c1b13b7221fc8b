"""Which account a document speaks of: party, side and currencies, and which way round it counts."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from mailflow.receivables.ledger import Item
from mailflow.receivables.ledger_table import LedgerTable
from mailflow.reconciliation import keys
from mailflow.reconciliation.counterpart import Counterpart, TheirLine
from mailflow.reconciliation.entry import Entry
from mailflow.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Chosen:
    """``currencies`` has at least one, the main one first. ``items`` are the party's, all currencies."""

    party: str
    name: str
    side: str
    currencies: tuple[str, ...]
    items: Sequence[Item]
    warnings: tuple[str, ...] = ()


_Account = tuple[str, str]  # party id, side


def choose(ours: Sequence[Item], theirs: Counterpart, *, side: str | None, party: str | None) -> Chosen:
    """The account that the lines show. Raises :class:`Refusal` naming what there is when it is not clear."""
    accounts = _accounts(ours)
    if not accounts:
        raise Refusal("the ledger holds no item")
    sides = {known for _, known in accounts}
    fitting = {key: name for key, name in accounts.items() if side in (None, key[1]) and party in (None, key[0])}
    if not fitting:
        if side is not None and side not in sides:
            raise Refusal(f"the ledger has no {side} item; it holds {', '.join(sorted(sides))}")
        known = sorted({id for id, own in accounts if side in (None, own)})
        raise Refusal(f"the ledger has no {side or 'such'} item of party {party!r}; it knows {_some(known)}")
    chosen = next(iter(fitting)) if len(fitting) == 1 else _account(ours, fitting, theirs)
    items: Sequence[Item] = ours
    if len(accounts) > 1:
        if isinstance(ours, LedgerTable):
            rows = zip(ours.party_ids, ours.sides, strict=True)
            items = ours.where([id == chosen[0] and own.value == chosen[1] for id, own in rows])
        else:
            items = [item for item in ours if item.party_id == chosen[0] and item.side.value == chosen[1]]
    warnings: list[str] = []
    named = set(theirs.party_ids)
    if named and chosen[0] not in named and not named & {id for id, _ in accounts}:
        warnings.append(f"their lines name {_some(sorted(named))}, not {chosen[0]}")
    return Chosen(chosen[0], accounts[chosen], chosen[1], _currencies(items, theirs), items, tuple(warnings))


def _accounts(ours: Sequence[Item]) -> dict[_Account, str]:
    """Every account with its party's name, in the order of the ledger."""
    if isinstance(ours, LedgerTable):
        rows = zip(ours.party_ids, ours.sides, ours.party_names, strict=True)
        names: dict[_Account, str] = {}
        for id, side, name in dict.fromkeys(rows):
            names.setdefault((id, side.value), name)
        return names
    accounts: dict[_Account, str] = {}
    for item in ours:
        if (item.party_id, item.side.value) not in accounts:
            accounts[item.party_id, item.side.value] = item.party_name
    return accounts


def _account(ours: Sequence[Item], accounts: dict[_Account, str], theirs: Counterpart) -> _Account:
    """By the party id that their rows carry, else by name, else by our numbers with our amounts in their lines."""
    found = [key for key in accounts if key[0] in theirs.party_ids]
    if len(found) == 1:
        return found[0]
    their_name = plain_name(theirs.name)
    same = [key for key in found or accounts if their_name and plain_name(accounts[key]) == their_name]
    if len(same) == 1:
        return same[0]
    within = set(same or found or accounts)
    votes: Counter[_Account] = Counter()
    by_key: dict[tuple[str, str], set[_Account]] = {}
    for item in ours:
        account = (item.party_id, item.side.value)
        if account in within:
            for text in (item.reference, item.their_reference):
                if key := keys.ladder(text)[1]:
                    by_key.setdefault((key, _size(item.amount)), set()).add(account)
    for line in theirs.lines:
        met: set[_Account] = set()
        for text in (line.reference, *line.other_references):
            if key := keys.ladder(text)[1]:
                met |= by_key.get((key, _size(line.amount)), set())
        votes.update(met)
    best = sorted(votes.items(), key=lambda vote: (-vote[1], vote[0]))[:2]
    if best and (len(best) == 1 or best[0][1] > 2 * best[1][1]):
        return best[0][0]
    parties, sides = sorted({id for id, _ in within}), sorted({own for _, own in within})
    if len(parties) == 1:
        raise Refusal(f"party {parties[0]} is on both sides of the ledger: say --side {' or --side '.join(sides)}")
    raise Refusal(f"the ledger holds {len(parties)} parties and none is plainly theirs: say --party ({_some(parties)})")


def _size(amount: Decimal) -> str:
    return f"{abs(amount).normalize():f}"


def _some(parties: Sequence[str]) -> str:
    return ", ".join(parties[:8]) + (" …" if len(parties) > 8 else "")


def plain_name(name: str) -> str:
    """A company's name for comparing: compatibility forms, lower case, letters and digits only."""
    return "".join(c for c in unicodedata.normalize("NFKC", name).casefold() if c.isalnum())


def _currencies(items: Sequence[Item], theirs: Counterpart) -> tuple[str, ...]:
    lines = _by_currency(theirs.lines)
    own = _by_currency(items)
    if theirs.currency and (theirs.currency in own or theirs.currency in lines):
        main = theirs.currency
    elif lines:
        main = max(sorted(lines), key=lambda c: lines[c])
    else:
        main = max(sorted(own), key=lambda c: own[c]) if own else theirs.currency
    others = sorted(c for c in lines if c != main)
    return (main, *others)


def _by_currency(lines: Sequence[Item] | Sequence[TheirLine]) -> Counter[str]:
    table = getattr(lines, "table", lines)
    if isinstance(table, LedgerTable):
        return Counter({table.currency: len(table)} if len(table) else {})
    return Counter(line.currency for line in lines if line.currency)


def by_open_amount(items: Sequence[Item], lines: Sequence[TheirLine], theirs: Counterpart, *, advice: bool) -> bool:
    """Whether their document lists what is still open (then so do we), rather than every posting of a period."""
    if advice or not lines or any(line.open_amount is None for line in lines):
        return False
    if all(line.open_amount == line.amount for line in lines):
        return False
    if not any(item.open_amount is not None for item in items):
        return False
    if theirs.closing is None:
        return True
    total = sum(line.open_amount for line in lines if line.open_amount is not None)
    return (
        abs(total) == abs(theirs.closing)
        and sum(line.amount for line in lines) + (theirs.opening or 0) != theirs.closing
    )


def sign(ours: Sequence[Entry], theirs: Sequence[Entry]) -> int:
    """+1 when their document counts as our ledger does, −1 when the other way round.

    Decided by how many of our numbers stand in their lines with the same and with the opposite amount; then with the
    same and with the opposite sign; then by amounts alone; then by which way invoices and payments stand on either
    side; at last by which way the balances are nearer.
    """
    sample = theirs[:: max(1, len(theirs) // SAMPLE)]
    for keys_of in (_printed, _digits, _told):
        wanted = {key for entry in sample for key in keys_of(entry)}
        own = {(key, e.amount) for e in ours for key in keys_of(e) if key in wanted}
        other = {(key, e.amount) for e in sample for key in keys_of(e)}
        if way := _vote(own, other):
            return way
        if way := _vote({(key, _way(a)) for key, a in own if a}, {(key, _way(a)) for key, a in other if a}):
            return way
    if way := _vote({("", e.amount) for e in ours}, {("", e.amount) for e in theirs}):
        return way
    usual, other_usual = _usual(ours), _usual(theirs)
    if usual or other_usual:
        return (usual or 1) * (other_usual or 1)
    balance, rest = sum(e.amount for e in ours), sum(e.amount for e in theirs)
    return -1 if abs(balance + rest) < abs(balance - rest) else 1


_USUAL = {"invoice": 1, "debit_note": 1, "fee": 1, "payment": -1, "credit_note": -1}
"""Which way each type of line moves a balance in our ledger's sign (contract, "Conventions")."""

SAMPLE = 4_000
"""Lines of theirs that vote on the sign: evenly spread over the document, so that a million need no longer."""


def _printed(entry: Entry) -> Iterable[str]:
    return entry.keys(0)


def _digits(entry: Entry) -> Iterable[str]:
    return [key for rung in (3, 4, 6) for key in entry.keys(rung)]


def _told(entry: Entry) -> Iterable[str]:
    """The numbers in its description too."""
    return [*_digits(entry), *(key for text in entry.further if (key := keys.ladder(text)[4]))]


def _vote(ours: set[tuple[str, int]], theirs: set[tuple[str, int]]) -> int:
    """+1 when more of what one side has stands on the other as it is, −1 when turned round; 0 when the vote is even."""
    same, opposite = len(ours & theirs), len(ours & {(key, -amount) for key, amount in theirs})
    return (same > opposite) - (same < opposite)


def _way(amount: int) -> int:
    return (amount > 0) - (amount < 0)


def _usual(entries: Sequence[Entry]) -> int:
    """+1 where most lines stand as they usually do in a ledger, −1 where they are turned round."""
    return _way(sum(_way(e.amount) * _USUAL.get(e.type, 0) for e in entries))
