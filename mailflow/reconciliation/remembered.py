"""What was decided before, laid over a new document before anything is matched.

A group that a person confirmed, or that an earlier reconciliation closed, is taken out first and stays together. Where
only one side of it is here (our ledger still holds the item, their new statement begins after it), that side is kept
away from every pass, so that nothing new is matched with what is closed; :meth:`Remembered.release` gives it back to be
carried forward or named as a difference.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from mailflow.reconciliation.account import Account
from mailflow.reconciliation.counterpart import TheirLine
from mailflow.reconciliation.decisions import Decided, Decisions, fingerprint, number_of, pairs
from mailflow.reconciliation.entry import Entry
from mailflow.reconciliation.rules import CARRIED, CONFIRMED


def rejected_pairs(decisions: Decisions, theirs: Sequence[Entry]) -> frozenset[tuple[str, int]]:
    """Rejected pairs as (our id, their line number)."""
    if not decisions.rejected:
        return frozenset()
    refused = pairs(decisions.rejected)
    lines = _Lines(theirs)
    return frozenset((our, int(entry.id)) for our, mark in refused for entry in lines.all_like(mark))


class Remembered:
    """The decisions as they apply to one account."""

    def __init__(self, account: Account, decisions: Decisions) -> None:
        self._held: list[Entry] = []
        if not (decisions.confirmed or decisions.carried):
            return
        by_id = {str(entry.id): entry for entry in account.ours}
        lines = _Lines(account.theirs)
        refused = pairs(decisions.rejected)
        held: list[tuple[list[Entry], Decided]] = []
        for rule, decided in ((CONFIRMED, decisions.confirmed), (CARRIED, decisions.carried)):
            for one in decided:
                if rule is CARRIED and refused & pairs((one,)):
                    continue
                our = [by_id[id] for id in one.ours if id in by_id and by_id[id].free]
                their: list[Entry] = []
                for mark in one.theirs:
                    found = lines.like(mark, their)
                    if found is not None:
                        their.append(found)
                alone = not (one.ours and one.theirs) and len(our) == len(one.ours) and len(their) == len(one.theirs)
                if (our and their) or (alone and not sum(e.amount for e in our + their)):
                    account.accept(rule, our, their, automatic=True)
                    account.found[-1].decided = one
                elif (our or their) and not alone:
                    held.append((our + their, one))
        for entries, one in held:
            if not any(lines.numbered(number_of(mark)) for mark in one.theirs) or not entries[0].ours:
                for entry in entries:
                    if entry.free:
                        entry.free = False
                        self._held.append(entry)

    def release(self, account: Account) -> None:
        """After the cascade: what is closed, and has no partner here, waits for the opening or for a name."""
        for entry in self._held:
            entry.free = True
        account.refill()


class _Lines:
    """Their lines by what decisions call them."""

    def __init__(self, theirs: Sequence[Entry]) -> None:
        self._exact: dict[str, list[Entry]] = defaultdict(list)
        self._number: dict[str, list[tuple[str, Entry]]] = defaultdict(list)
        for entry in theirs:
            source = entry.source
            if isinstance(source, TheirLine):
                mark = fingerprint(source)
                self._exact[mark].append(entry)
                self._number[number_of(mark)].append((mark, entry))

    def all_like(self, mark: str) -> list[Entry]:
        """Every line that the fingerprint means: as it was, or the one line with its number and its date or amount."""
        if mark in self._exact:
            return self._exact[mark]
        number, date, amount = mark.split("|", 2)
        if not number:
            return []
        near = [
            entry
            for other, entry in self._number.get(number, ())
            if other.endswith(f"|{amount}") or (date and other.startswith(f"{number}|{date}|"))
        ]
        return near if len(near) == 1 else []

    def like(self, mark: str, taken: list[Entry]) -> Entry | None:
        return next((entry for entry in self.all_like(mark) if entry.free and entry not in taken), None)

    def numbered(self, number: str) -> bool:
        """Whether any free line carries the number: then it may be the same thing, changed, and the passes decide."""
        return bool(number) and any(entry.free for _, entry in self._number.get(number, ()))
