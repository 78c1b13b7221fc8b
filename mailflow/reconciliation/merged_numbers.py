"""Pass 2: one line that names several documents of the other side."""

from __future__ import annotations

from mailflow.reconciliation import keys
from mailflow.reconciliation.account import Account
from mailflow.reconciliation.entry import Entry
from mailflow.reconciliation.number_passes import within_reason
from mailflow.reconciliation.rules import MERGED, MERGED_OTHER


def merged(account: Account) -> None:
    """Pass 2: one line names several documents ("10023/24/25"); every number is one open item of the other side."""
    for ours in (False, True):
        lookup: dict[str, list[Entry]] | None = None
        for entry in list(account.free(ours)):
            lists = [parts for text in (*entry.refs, entry.text) if len(parts := keys.parts(text)) > 1]
            if not lists:
                continue
            lookup = lookup if lookup is not None else _by_any_key(account, not ours)
            for parts in lists:
                named, whole = _resolve(parts, lookup)
                if len(named) < 2:
                    continue
                exact = sum(e.amount for e in named) == entry.amount
                if not whole and not exact:
                    continue
                if not exact and not within_reason(sum(e.amount for e in named), entry.amount):
                    continue
                rule = MERGED if exact else MERGED_OTHER
                one, other = ((entry,), tuple(named)) if ours else (tuple(named), (entry,))
                if not account.may_all(one, other):
                    continue
                account.accept(rule, one, other, automatic=exact, note="" if exact else "totals_differ")
                break


def _by_any_key(account: Account, ours: bool) -> dict[str, list[Entry]]:
    lookup: dict[str, list[Entry]] = {}
    for entry in account.free(ours):
        for rung in range(5):
            for key in entry.keys(rung):
                held = lookup.setdefault(key, [])
                if entry not in held:
                    held.append(entry)
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
