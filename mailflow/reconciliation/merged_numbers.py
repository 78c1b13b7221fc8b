"""Pass 2: one line that names several documents of the other side."""

from __future__ import annotations

from mailflow.reconciliation import keys
from mailflow.reconciliation.account import Account
from mailflow.reconciliation.entry import Entry
from mailflow.reconciliation.number_passes import within_reason
from mailflow.reconciliation.rules import MERGED, MERGED_OTHER, Rule


def merged(account: Account) -> None:
    """Pass 2: one line names several documents ("10023/24/25"); every number is one open item of the other side.

    What two lines name goes to the nearer in time; the other is then read again without it.
    """
    while proposals := _proposals(account):
        proposals.sort(key=lambda p: (p[0].cost, p[1], p[2].order, p[2].ours is account.payer_is_us))
        for rule, _, entry, named in proposals:
            if entry.free and all(e.free for e in named):
                one, other = ((entry,), named) if entry.ours else (named, (entry,))
                exact = rule is MERGED
                account.accept(rule, one, other, automatic=exact, note="" if exact else "totals_differ")


Proposal = tuple[Rule, int, Entry, tuple[Entry, ...]]


def _proposals(account: Account) -> list[Proposal]:
    """(rule, days apart at most, the line, what it names) of every free line that names several free ones."""
    found: list[Proposal] = []
    for ours in (False, True):
        lookup: dict[str, list[Entry]] | None = None
        for entry in account.free(ours):
            if not entry.further:
                continue
            lists = [(parts, text) for text in (*entry.refs, entry.text) if (parts := keys.parts(text))]
            if not lists:
                continue
            lookup = lookup if lookup is not None else _by_any_key(account, not ours)
            for parts, text in lists:
                named, whole = _resolve(parts, lookup)
                if len(named) < 2 or not account.may_all(*(((entry,), named) if ours else (named, (entry,)))):
                    continue
                total = sum(e.amount for e in named)
                listed = whole and text is not entry.text  # in a sentence there are other figures too
                if total == entry.amount or (listed and within_reason(total, entry.amount)):
                    gap = max(abs(account.days(entry, e)) for e in named)
                    found.append((MERGED if total == entry.amount else MERGED_OTHER, gap, entry, tuple(named)))
                    break
    return found


def _by_any_key(account: Account, ours: bool) -> dict[str, list[Entry]]:
    lookup: dict[str, list[Entry]] = {}
    for entry in account.free(ours):
        told = [key for text in keys.mentions(entry.text) for key in keys.ladder(text)[:5] if key]
        for key in dict.fromkeys([*(key for rung in range(5) for key in entry.keys(rung)), *told]):
            lookup.setdefault(key, []).append(entry)
    return lookup


def _resolve(parts: tuple[str, ...], lookup: dict[str, list[Entry]]) -> tuple[list[Entry], bool]:
    """The free entry that each number names, and whether each named exactly one (a span names some that never were)."""
    named: list[Entry] = []
    whole = True
    for part in parts:
        for key in keys.ladder(part)[:5]:
            hits = [e for e in lookup.get(key, ()) if e.free and e not in named] if key else []
            if hits:
                break
        else:
            hits = []
        if len(hits) == 1:
            named.append(hits[0])
        else:
            whole = False
    return named, whole
