"""Which account a document speaks of: party, side and currencies, and which way round it counts."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from mailflow.receivables.ledger import Item
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


def choose(ours: Sequence[Item], theirs: Counterpart, *, side: str | None, party: str | None) -> Chosen:
    """The party whose account the lines show. Raises :class:`Refusal` naming the parties when it is not clear."""
    sides = {known.value for known in {item.side for item in ours}}
    if side is None:
        if len(sides) > 1 and party is None:
            raise Refusal(
                f"the ledger holds both sides ({', '.join(sorted(sides))}): say --side receivable or --side payable"
            )
        within = (
            Counter(item.side.value for item in ours if item.party_id == party) if len(sides) > 1 else Counter(sides)
        )
        side = max(sorted(within), key=lambda s: within[s]) if within else min(sides, default="receivable")
    items: Sequence[Item] = ours if len(sides) <= 1 and side in sides else [i for i in ours if i.side.value == side]
    if not items:
        raise Refusal(f"the ledger has no {side} item; it holds {', '.join(sorted(sides)) or 'nothing'}")
    parties = {item.party_id: item.party_name for item in items}
    warnings: list[str] = []
    if party is None:
        party = next(iter(parties)) if len(parties) == 1 else _party(items, parties, theirs)
    elif party not in parties:
        raise Refusal(f"the ledger has no {side} item of party {party!r}; it knows {_some(sorted(parties))}")
    if len(parties) > 1:
        items = [item for item in items if item.party_id == party]
    if theirs.party_ids and party not in theirs.party_ids and not parties.keys() & set(theirs.party_ids):
        warnings.append(f"their lines name {_some(list(theirs.party_ids))}, not {party}")
    return Chosen(party, parties.get(party, ""), side, _currencies(items, theirs), items, tuple(warnings))


def _party(items: Sequence[Item], parties: dict[str, str], theirs: Counterpart) -> str:
    named = [party for party in theirs.party_ids if party in parties]
    if len(named) == 1:
        return named[0]
    their_name = plain_name(theirs.name)
    if their_name:
        same = [party for party, name in parties.items() if plain_name(name) == their_name]
        if len(same) == 1:
            return same[0]
    votes: Counter[str] = Counter()
    by_key: dict[tuple[str, str], set[str]] = {}
    for item in items:
        for text in (item.reference, item.their_reference):
            if key := keys.ladder(text)[1]:
                by_key.setdefault((key, f"{abs(item.amount).normalize():f}"), set()).add(item.party_id)
    for line in theirs.lines:
        for text in (line.reference, *line.other_references):
            if key := keys.ladder(text)[1]:
                votes.update(by_key.get((key, f"{abs(line.amount).normalize():f}"), ()))
    best = sorted(votes.items(), key=lambda vote: (-vote[1], vote[0]))[:2]
    if best and (len(best) == 1 or best[0][1] > 2 * best[1][1]):
        return best[0][0]
    raise Refusal(
        f"the ledger holds {len(parties)} parties and none is plainly theirs: say --party ({_some(sorted(parties))})"
    )


def _some(parties: Sequence[str]) -> str:
    return ", ".join(parties[:8]) + (" …" if len(parties) > 8 else "")


def plain_name(name: str) -> str:
    """A company's name for comparing: compatibility forms, lower case, letters and digits only."""
    return "".join(c for c in unicodedata.normalize("NFKC", name).casefold() if c.isalnum())


def _currencies(items: Sequence[Item], theirs: Counterpart) -> tuple[str, ...]:
    lines = Counter(line.currency for line in theirs.lines if line.currency)
    own = Counter(item.currency for item in items)
    if theirs.currency and (theirs.currency in own or theirs.currency in lines):
        main = theirs.currency
    elif lines:
        main = max(sorted(lines), key=lambda c: lines[c])
    else:
        main = max(sorted(own), key=lambda c: own[c]) if own else theirs.currency
    others = sorted(c for c in lines if c != main)
    return (main, *others)


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

    Decided by how many lines have one of our numbers with the same or the opposite amount; then by amounts alone; then
    by which way their invoices and payments stand; at last by which way the balances are nearer.
    """
    sample = theirs[:: max(1, len(theirs) // SAMPLE)]
    same, opposite = _votes(ours, sample, (0,))
    if same == opposite:
        same, opposite = _votes(ours, sample, (3, 4, 6))
    if same == opposite:
        held = {entry.amount for entry in ours}
        same = sum(1 for entry in theirs if entry.amount in held)
        opposite = sum(1 for entry in theirs if -entry.amount in held)
    if same != opposite:
        return 1 if same > opposite else -1
    usual = sum(((e.amount > 0) - (e.amount < 0)) * _USUAL.get(e.type, 0) for e in theirs)
    if usual:
        return 1 if usual > 0 else -1
    balance, other = sum(e.amount for e in ours), sum(e.amount for e in theirs)
    return -1 if abs(balance + other) < abs(balance - other) else 1


_USUAL = {"invoice": 1, "debit_note": 1, "fee": 1, "payment": -1, "credit_note": -1}
"""Which way each type of line moves a balance in our ledger's sign (contract, "Conventions")."""

SAMPLE = 4_000
"""Lines of theirs that vote on the sign: evenly spread over the document, so that a million need no longer."""


def _votes(ours: Sequence[Entry], theirs: Sequence[Entry], rungs: tuple[int, ...]) -> tuple[int, int]:
    """How many of their lines have one of our numbers with the same, and with the opposite amount."""
    wanted = {key for entry in theirs for rung in rungs for key in entry.keys(rung)}
    amounts: dict[str, set[int]] = {}
    for entry in ours:
        for rung in rungs:
            for key in entry.keys(rung):
                if key in wanted:
                    amounts.setdefault(key, set()).add(entry.amount)
    same = opposite = 0
    for entry in theirs:
        known = set().union(*(amounts.get(key, ()) for rung in rungs for key in entry.keys(rung)))
        same += entry.amount in known
        opposite += -entry.amount in known
    return same, opposite
