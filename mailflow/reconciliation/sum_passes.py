"""Passes 7 and 8: one line that is the sum of several, and groups against groups. Always suggestions.

Narrow families first: everything of one day, consecutive documents, two or three items, any subset of a few. The first
family with exactly one answer is taken; two answers in a family mean that the sum decides nothing, and none is shown.
A line of nothing adds nothing to a sum, so it takes part in none.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import combinations

from mailflow.reconciliation.account import Account
from mailflow.reconciliation.combinations import any_subset, few
from mailflow.reconciliation.entry import Entry
from mailflow.reconciliation.rules import MANY, SUM_ANY, SUM_DAY, SUM_FEW, SUM_RUN, Rule

LONGEST_RUN = 12
MOST_ACCIDENTS = 1.0  # sums that may be expected to fit by mere chance before the search is not worth making
LARGEST_RESIDUE = 40  # free lines per side for group against group
_DIGITS = re.compile(r"[0-9]+")

Group = tuple[Entry, ...]


def days_sums(account: Account) -> None:
    """Whole days and consecutive documents of one day: stronger than pairing amounts that occur several times."""
    _in_turn(account, _of_a_day, _of_a_run_of_a_day)


def sums(account: Account) -> None:
    """Several of ours in one line of theirs, and one of ours in several lines of theirs."""
    _in_turn(account, _of_a_day, _of_a_run, _of_few, _of_some)


Proposal = tuple[Rule, Entry, Group]


def _in_turn(account: Account, *families: Callable[[Account, bool], list[Proposal]]) -> None:
    for family in families:
        _accept_unique(account, [*family(account, True), *family(account, False)])


def _accept_unique(account: Account, proposals: list[Proposal]) -> None:
    """Take proposals whose target has exactly one answer; where two targets want one item, the nearer in time."""
    answers: dict[int, dict[frozenset[int], Proposal]] = defaultdict(dict)
    for proposal in proposals:
        if _cancels(proposal[2]):
            continue
        answers[id(proposal[1])][frozenset(map(id, proposal[2]))] = proposal
    single = [next(iter(found.values())) for found in answers.values() if len(found) == 1]
    single.sort(key=lambda p: (_gap(account, p[1], p[2]), -len(p[2]), p[1].order, p[1].ours is account.payer_is_us))
    for rule, target, group in single:
        one, other = ((target,), group) if target.ours else (group, (target,))
        if target.free and all(entry.free for entry in group) and account.may_all(one, other):
            account.accept(rule, one, other, automatic=False, note="sum_alone")


def _cancels(group: Group) -> bool:
    """Whether two of a group take each other back: they add nothing to the sum either."""
    amounts = {entry.amount for entry in group}
    return any(-amount in amounts for amount in amounts)


def _summands(account: Account, ours: bool) -> list[Entry]:
    """The free lines of one side that a sum may be made of."""
    return [entry for entry in account.free(ours) if entry.amount]


def _gap(account: Account, target: Entry, group: Group) -> int:
    return max(abs(account.days(target, entry)) for entry in group)


def _window(account: Account, target: Entry) -> int:
    return account.policy.payment_days if target.paid else account.policy.document_days


def _fits(account: Account, target: Entry, group: Iterable[Entry]) -> bool:
    window = _window(account, target)
    return all(entry.paid == target.paid and abs(account.days(target, entry)) <= window for entry in group)


def _targets(account: Account, many_are_ours: bool) -> dict[int, list[Entry]]:
    targets: dict[int, list[Entry]] = defaultdict(list)
    for entry in _summands(account, not many_are_ours):
        targets[entry.amount].append(entry)
    return targets


def _of_a_day(account: Account, many_are_ours: bool) -> list[Proposal]:
    targets = _targets(account, many_are_ours)
    days: dict[tuple[bool, int], list[Entry]] = defaultdict(list)
    for entry in _summands(account, many_are_ours):
        if entry.day:
            days[entry.paid, entry.day].append(entry)
    proposals: list[Proposal] = []
    for group in days.values():
        if len(group) < 2:
            continue
        for target in targets.get(sum(e.amount for e in group), ()):
            if _fits(account, target, group):
                proposals.append((SUM_DAY, target, tuple(group)))
    return proposals


def _of_a_run_of_a_day(account: Account, many_are_ours: bool) -> list[Proposal]:
    return [
        (rule, target, group)
        for rule, target, group in _of_a_run(account, many_are_ours)
        if len({entry.day for entry in group}) == 1
    ]


def _of_a_run(account: Account, many_are_ours: bool) -> list[Proposal]:
    targets = _targets(account, many_are_ours)
    if not targets:
        return []
    proposals: list[Proposal] = []
    for paid in (True, False):
        free = [entry for entry in _summands(account, many_are_ours) if entry.paid is paid]
        for ordered in (sorted(free, key=_by_number), free):
            for start in range(len(ordered)):
                total = ordered[start].amount
                for end in range(start + 1, min(len(ordered), start + LONGEST_RUN)):
                    total += ordered[end].amount
                    for target in targets.get(total, ()):
                        group = tuple(ordered[start : end + 1])
                        if _fits(account, target, group):
                            proposals.append((SUM_RUN, target, group))
    return proposals


def _of_few(account: Account, many_are_ours: bool) -> list[Proposal]:
    def search(group: list[Entry], target: Entry) -> list[Group]:
        return [tuple(group[i] for i in subset) for subset in few([e.amount for e in group], target.amount)]

    return _searched(account, many_are_ours, SUM_FEW, search, account.policy.triple_items)


def _of_some(account: Account, many_are_ours: bool) -> list[Proposal]:
    def search(group: list[Entry], target: Entry) -> list[Group]:
        amounts = [e.amount for e in group]
        if len(set(amounts)) * 20 < len(amounts) * 19:  # repeated amounts: a price list, where sums mean nothing
            return []
        return [tuple(group[i] for i in subset) for subset in any_subset(amounts, target.amount)]

    return _searched(account, many_are_ours, SUM_ANY, search, account.policy.subset_items)


def _searched(
    account: Account,
    many_are_ours: bool,
    rule: Rule,
    search: Callable[[list[Entry], Entry], list[Group]],
    most: int,
) -> list[Proposal]:
    """For each target: the items of one day first, then all in its window; never more than ``most`` at once."""
    proposals: list[Proposal] = []
    free: dict[bool, dict[int, list[Entry]]] = {True: defaultdict(list), False: defaultdict(list)}
    for entry in _summands(account, many_are_ours):
        free[entry.paid][entry.day].append(entry)
    targets = _summands(account, not many_are_ours)
    if _accidents(free, len(targets), most, rule is SUM_ANY) > MOST_ACCIDENTS:
        return []
    for target in targets:
        by_day = free[target.paid]
        if not target.day or not by_day:
            continue
        reach = _window(account, target) * (2 if account.policy.working_days else 1)
        days = [by_day[day] for day in range(target.day - reach, target.day + reach + 1) if day in by_day]
        found = [group for day in days if 2 <= len(day) <= most for group in search(day, target)]
        found = [group for group in found if _fits(account, target, group)]
        if not found and len(days) > 1 and sum(map(len, days)) <= most:
            near = [entry for day in days for entry in day if _fits(account, target, (entry,))]
            found = search(near, target) if len(near) > 1 else []
        proposals.extend((rule, target, group) for group in found)
    return proposals


def _accidents(free: dict[bool, dict[int, list[Entry]]], targets: int, most: int, any_size: bool) -> float:
    """How many sums would fit by chance: the share of totals that groups of one day reach, times the targets."""
    worst = 0.0
    for days in free.values():
        sizes = [min(len(day), most) for day in days.values()]
        if not sizes:
            continue
        tried = (2.0**n if any_size else n * (n - 1) / 2 + n * (n - 1) * (n - 2) / 6 for n in sizes)
        spread = max(abs(entry.amount) for day in days.values() for entry in day)
        worst = max(worst, targets * sum(tried) / len(sizes) / max(spread, 1))
    return worst


def many_to_many(account: Account) -> None:
    """Pass 8: two or three free lines on each side, close in time, with the same total. Smallest groups first."""
    for paid in (True, False):
        ours = [e for e in _summands(account, True) if e.paid is paid and e.day]
        theirs = [e for e in _summands(account, False) if e.paid is paid and e.day]
        if len(ours) > LARGEST_RESIDUE or len(theirs) > LARGEST_RESIDUE:
            continue
        for our_size, their_size in ((2, 2), (2, 3), (3, 2)):
            _pair_groups(account, ours, theirs, our_size, their_size)


def _pair_groups(account: Account, ours: list[Entry], theirs: list[Entry], our_size: int, their_size: int) -> None:
    window = account.policy.payment_days
    totals: dict[int, list[Group]] = defaultdict(list)
    for group in _close(ours, our_size, window):
        totals[sum(e.amount for e in group)].append(group)
    found: list[tuple[Group, Group]] = []
    for other in _close(theirs, their_size, window):
        for group in totals.get(sum(e.amount for e in other), ()):
            days = [e.day for e in (*group, *other)]
            if max(days) - min(days) <= window:
                found.append((group, other))
    uses: dict[int, int] = defaultdict(int)
    for group, other in found:
        for entry in (*group, *other):
            uses[id(entry)] += 1
    for group, other in found:
        alone = all(uses[id(entry)] == 1 and entry.free for entry in (*group, *other))
        if alone and account.may_all(group, other):
            account.accept(MANY, group, other, automatic=False, note="sum_alone")


def _close(entries: list[Entry], size: int, window: int) -> Iterable[Group]:
    free = [entry for entry in entries if entry.free]
    for group in combinations(free, size):
        days = [entry.day for entry in group]
        if max(days) - min(days) <= window and not _cancels(group):
            yield group


def _by_number(entry: Entry) -> tuple[int, str, int, int]:
    text = entry.refs[0] if entry.refs else ""
    digits = _DIGITS.findall(text)
    return (len(digits[-1]) if digits else 0, digits[-1] if digits else text, entry.day, entry.index)
