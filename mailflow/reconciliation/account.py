"""One account while it is being matched: both sides' entries, what is still free, what has been accepted.

A pass finds edges between free entries; :meth:`Account.accept` takes a match out of the pool. What the repeat gate
stops is accepted as a *suggestion*, which also holds it: no later, weaker pass can take either line.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from mailflow.reconciliation.entry import Entry, number
from mailflow.reconciliation.match import Match
from mailflow.reconciliation.number_index import shared
from mailflow.reconciliation.policy import Policy
from mailflow.reconciliation.rules import CONFIRMED, NETTED, SPLIT, Rule

if TYPE_CHECKING:
    from mailflow.reconciliation.bulk import Taken

KeysOf = Callable[[Entry], Iterable[str]]

APART = 400  # days assumed between two lines of which one has no date


class Account:
    """Entries of one party in one currency. ``payer_is_us`` says which side books a payment first."""

    def __init__(
        self,
        ours: Sequence[Entry],
        theirs: Sequence[Entry],
        policy: Policy,
        *,
        currency: str,
        places: int,
        payer_is_us: bool = True,
        trusted: bool = True,
        rejected: frozenset[tuple[str, int]] = frozenset(),
        taken: Taken | None = None,
    ):
        self.ours = ours
        self.theirs = theirs
        self.policy = policy
        self.currency = currency
        self.places = places
        self.payer_is_us = payer_is_us
        self.trusted = trusted  # False: their document's arithmetic failed, nothing is accepted without a person
        self.taken = taken  # rows that the bulk pass matched before; ours and theirs are without them
        number(ours, theirs)
        self._pool: dict[bool, Sequence[Entry]] = {True: ours, False: theirs}
        self.rejected = rejected  # pairs (our id, their line number) that a person said do not belong together
        self.found: list[Match] = []
        self.aside: list[Entry] = []  # taken out of the pool for a while, matched with nothing
        self.cap = policy.cap_of_automatic(currency, places)
        self._restricted = not trusted or bool(policy.never_automatic) or self.cap is not None
        self._of_amount: dict[int, list[Entry]] = {}
        self._by_number: set[int] = set()
        self._seen = 0  # matches that are in it
        self._by_amount: dict[bool, dict[int, list[Entry]]] = {}
        self._shared: dict[KeysOf, list[tuple[list[Entry], list[Entry]]]] = {}
        asked = set() if taken is None else {size for e in (*ours, *theirs) for size in (e.amount, -e.amount)}
        self._our_days = _days_by_amount(ours, taken, True, asked)
        self._their_days = _days_by_amount(theirs, taken, False, asked)

    def count(self, *, ours: bool) -> int:
        """How many lines one side has, those of the bulk pass included."""
        own = self.ours if ours else self.theirs
        return len(own) + (0 if self.taken is None else len(self.taken))

    def total(self, *, ours: bool) -> int:
        """What all lines of one side add up to."""
        if self.taken is not None:
            return self.taken.total(ours)
        return sum([entry.amount for entry in (self.ours if ours else self.theirs)])

    def last_day(self, *, ours: bool) -> int:
        """The newest date of one side as an ordinal, 0 where it has none."""
        days = [entry.day for entry in (self.ours if ours else self.theirs)]
        return max([*days, *self.taken_days(ours=ours)], default=0)

    def taken_days(self, *, ours: bool) -> set[int]:
        """The days on which lines of one side stand that the bulk pass took."""
        return set() if self.taken is None else self.taken.days(ours)

    def every(self, *, ours: bool) -> list[Entry]:
        """All lines of one side, matched or not, those of the bulk pass included."""
        own = self.ours if ours else self.theirs
        return [*own, *(() if self.taken is None else (self.taken.entry(ours, row) for row in self.taken.rows(ours)))]

    def taken_with(self, amounts: Collection[int], *, ours: bool) -> list[Entry]:
        """The entries of one side that the bulk pass took and that have one of these amounts."""
        if self.taken is None or not amounts:
            return []
        return [self.taken.entry(ours, row) for row, amount in self.taken.amounts(ours) if amount in amounts]

    def free(self, ours: bool) -> list[Entry]:
        """The free entries of one side, in order. The list is kept and thinned out from pass to pass."""
        pool = [entry for entry in self._pool[ours] if entry.free]
        self._pool[ours] = pool
        return pool

    def refill(self) -> None:
        """Looks at every entry again for the next :meth:`free`: some were given back."""
        self._pool = {True: self.ours, False: self.theirs}
        self._by_amount.clear()
        self._shared.clear()

    def by_number(self, keys_of: KeysOf) -> Iterator[tuple[list[Entry], list[Entry]]]:
        """The free lines of both sides under each key that both have, in the order of keys."""
        groups = self._shared.get(keys_of)
        if groups is None:
            groups = self._shared[keys_of] = shared(self.free(ours=True), self.free(ours=False), keys_of)
        for ours, theirs in groups:
            own, other = [e for e in ours if e.free], [e for e in theirs if e.free]
            if own and other:
                yield own, other

    def accept(
        self,
        rule: Rule,
        ours: Iterable[Entry],
        theirs: Iterable[Entry],
        *,
        automatic: bool,
        note: str = "",
        rivals: tuple[Entry, ...] = (),
    ) -> None:
        """Take both sides out of the pool. The policy may still turn an automatic match into a suggestion."""
        one, other = tuple(ours), tuple(theirs)
        for entry in one:
            entry.free = False
        for entry in other:
            entry.free = False
        if automatic:
            automatic, note = self._allowed(rule, max(abs(e.amount) for e in one + other), note)
        self.found.append(Match(rule, one, other, automatic, self.places, note, rivals))

    def accept_pair(self, rule: Rule, our: Entry, their: Entry, automatic: bool, note: str) -> None:
        """:meth:`accept` for one and one, as nearly all are."""
        our.free = their.free = False
        if automatic and self._restricted:
            automatic, note = self._allowed(rule, max(abs(our.amount), abs(their.amount)), note)
        self.found.append(Match(rule, (our,), (their,), automatic, self.places, note))

    def _allowed(self, rule: Rule, largest: int, note: str) -> tuple[bool, str]:
        """What the policy and their document's trust leave of an automatic match."""
        if rule is CONFIRMED:
            return True, note
        if not self.trusted:
            return False, "unproven_document"
        if rule.name in self.policy.never_automatic:
            return False, "rule_switched_off"
        if self.cap is not None and largest > self.cap:
            return False, "above_cap"
        return True, note

    def may(self, our: Entry, their: Entry) -> bool:
        """Whether no person has said that the two do not belong together."""
        return not self.rejected or (our.id, their.id) not in self.rejected

    def may_all(self, ours: Iterable[Entry], theirs: Iterable[Entry]) -> bool:
        """:meth:`may` for groups: no pair of them was rejected."""
        if not self.rejected:
            return True
        other = tuple(theirs)
        return all((our.id, their.id) not in self.rejected for our in ours for their in other)

    def days(self, our: Entry, their: Entry) -> int:
        """From our date to theirs, as the policy counts; :data:`APART` when one has no date."""
        if not our.day or not their.day:
            return APART
        if our.day == their.day:
            return 0
        return self.policy.days_between(our.day, their.day)

    def repeated(self, amount: int) -> bool:
        """Whether the amount occurs more than once on either side of the whole account."""
        return isinstance(self._our_days.get(amount), list) or isinstance(self._their_days.get(amount), list)

    def near(self, amount: int, day: int, *, ours: bool, within: int) -> int:
        """How many lines of one side have this amount within so many days of ``day`` (matched ones count too)."""
        days = (self._our_days if ours else self._their_days).get(amount)
        if days is None:
            return 0
        if isinstance(days, int):
            return 1 if not day or not days or abs(days - day) <= within else 0
        if not day:
            return len(days)
        return bisect_left(days, day + within + 1) - bisect_left(days, day - within) + days.count(0)

    def alone(self, our: Entry, their: Entry) -> bool:
        """Whether the amount identifies both: once on each side within the policy's days, and not a round amount.

        Of one day, documents may recur as soon as payments: a monthly rent stands on its day in both books.
        """
        often = (our.paid and their.paid) or our.day == their.day > 0
        within = self.policy.unique_payment_days if often else self.policy.unique_days
        ours, theirs = self._our_days.get(our.amount), self._their_days.get(their.amount)
        if isinstance(ours, int) and isinstance(theirs, int) and our.amount == their.amount and ours and theirs:
            return abs(ours - theirs) <= within and not self.round(our.amount)
        return (
            self.near(our.amount, our.day, ours=True, within=within) == 1
            and self.near(their.amount, their.day, ours=False, within=within) == 1
            and self.near(our.amount, their.day, ours=True, within=within) == 1
            and self.near(their.amount, our.day, ours=False, within=within) == 1
            and not self.round(our.amount)
        )

    @cached_property
    def payments_share_numbers(self) -> bool:
        """Whether payments of equal amounts go by one number in both books; asked after the passes by number.

        Often each book numbers its payments for itself: then another number speaks against nothing.
        """
        found = 0 if self.taken is None else self.taken.paid_by_number
        found += sum(
            match.rule.cost < NETTED.cost and any(e.paid for e in match.ours) and any(e.paid for e in match.theirs)
            for match in self.found
        )
        ours, theirs = (Counter(e.amount for e in own if e.free and e.paid) for own in (self.ours, self.theirs))
        return found > 0 and found * 5 >= found + (ours & theirs).total()

    def rest_by_number(self, our: Entry, their: Entry) -> bool:
        """Whether every other line of this amount, on either side, was accepted by its number."""
        if not self._of_amount:
            for entry in (*self.ours, *self.theirs):
                self._of_amount.setdefault(entry.amount, []).append(entry)
        for match in self.found[self._seen :]:
            if match.automatic and match.rule.cost <= SPLIT.cost:
                self._by_number.update(map(id, (*match.ours, *match.theirs)))
        self._seen = len(self.found)
        others = [entry for entry in self._of_amount.get(our.amount, ()) if entry is not our and entry is not their]
        return all(id(entry) in self._by_number for entry in others)

    def with_amount(self, amount: int, *, ours: bool) -> list[Entry]:
        """The lines of one side that have this amount and were free when this was first asked."""
        index = self._by_amount.get(ours)
        if index is None:
            index = {}
            for entry in self.free(ours):
                index.setdefault(entry.amount, []).append(entry)
            self._by_amount[ours] = index
        return index.get(amount, [])

    def alone_turned(self, our: Entry, their: Entry) -> bool:
        """Whether the amount and its opposite each occur once: ours here, theirs there, nothing else."""
        return not (
            self.repeated(our.amount)
            or self.repeated(their.amount)
            or our.amount in self._their_days
            or their.amount in self._our_days
            or self.round(our.amount)
        )

    def round(self, amount: int) -> bool:
        unit = self.policy.round_amount * 10**self.places
        return bool(unit) and amount % unit == 0


def _days_by_amount(
    entries: Sequence[Entry], taken: Taken | None, ours: bool, asked: set[int]
) -> dict[int, int | list[int]]:
    """Days on which each amount occurs, in order: a bare number for the many that occur once. Of the rows that the bulk
    pass took, only those whose amount is ``asked`` for."""
    days: dict[int, int | list[int]] = {}
    more: set[int] = set()
    standing = [(entry.amount, entry.day) for entry in entries]
    if taken is not None:
        found = [(amount, taken.day(ours, row)) for row, amount in taken.amounts(ours) if amount in asked]
        more = {amount for amount, _ in found}
        standing += found
    for amount, day in standing:
        known = days.get(amount)
        if known is None:
            days[amount] = day
        elif isinstance(known, list):
            known.append(day)
        else:
            days[amount] = [known, day]
    for amount in more:
        known = days[amount]
        if isinstance(known, list):
            known.sort()
    return days
