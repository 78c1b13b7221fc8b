"""Passes 1 to 4 of the cascade: lines that belong together because the number says so."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from mailflow.reconciliation import keys
from mailflow.reconciliation.account import Account
from mailflow.reconciliation.assignment import settle
from mailflow.reconciliation.entry import Entry
from mailflow.reconciliation.rules import (
    DESCRIBED,
    LADDER,
    MAIN,
    ORDERED,
    SPLIT,
    SPLIT_OTHER,
    Rule,
)  # fmt: skip
from mailflow.reconciliation.sole import shares_sole_key

SECOND_LOOK = ("repeated_amount", "round_amount")  # what a number that only one line carries outweighs
LARGEST_GROUP = 24  # lines under one number that are still compared by their totals


def same_number(account: Account) -> None:
    """Pass 1: rung by rung, equal number and equal amount; equal keys in groups are paired by date.

    Only lines of one amount can meet here, so each amount is settled by itself; most have one line on either side.
    """
    ours, theirs = by_amount(account.free(ours=True)), by_amount(account.free(ours=False))
    apart = set() if account.taken is None else account.taken.apart
    for amount, own in ours.items():
        other = theirs.get(amount)
        if other is None or amount in apart:
            continue
        if len(own) == 1 and len(other) == 1:
            _lowest_rung(account, own[0], other[0])
            continue
        for rung, rule in enumerate(LADDER):
            own, other = [e for e in own if e.free], [e for e in other if e.free]
            if not own or not other:
                break
            _pair_by_key(account, rule, RUNG[rung], own, other)


def _lowest_rung(account: Account, our: Entry, their: Entry) -> None:
    """Pairs the only two lines of one amount by the first rung on which they share a key."""
    for rung, rule in enumerate(LADDER):
        one, other = our.keys(rung), their.keys(rung)
        if one and other and (one == other or not set(one).isdisjoint(other)):
            if rule is MAIN and years_contradict(our, their):
                continue
            if account.may(our, their):
                automatic, note = gate(account, rule, our, their, abs(account.days(our, their)), True)
                account.accept_pair(rule, our, their, automatic, note)
            return


def by_amount(entries: Iterable[Entry]) -> dict[int, list[Entry]]:
    """The entries by their amounts, in order."""
    groups: dict[int, list[Entry]] = {}
    for entry in entries:
        known = groups.get(entry.amount)
        if known is None:
            groups[entry.amount] = [entry]
        else:
            known.append(entry)
    return groups


def described(account: Account) -> None:
    """Equal amount, and one side's number stands in the other's description, or beside another number in its cell."""
    if any_told(account):
        _pair_by_key(account, DESCRIBED, told, account.free(ours=True), account.free(ours=False))


def any_told(account: Account) -> bool:
    """Whether any free line names a number beside its own."""
    return any(entry.further for ours in (True, False) for entry in account.free(ours))


def told(entry: Entry) -> Iterable[str]:
    """Keys of all that a line names, its own numbers and those in its description."""
    own = (*entry.keys(2), *entry.keys(4))
    found = entry.further
    if not found:
        return dict.fromkeys(own)
    return {*own, *(key for text in found for key in (keys.ladder(text)[2], keys.ladder(text)[4]) if key)}


def ordered(account: Account) -> None:
    """Equal amount, and one side's purchase order is what the other prints (as order, number or in the text)."""

    def order_of(entry: Entry) -> Iterable[str]:
        orders = _two_keys((entry.po_number,))
        printed = {*entry.keys(1), *entry.keys(4), *_two_keys(keys.mentions(entry.text))}
        we_print, they_print = (printed, orders) if entry.ours else (orders, printed)
        return {*orders, *("#" + key for key in we_print), *("*" + key for key in they_print)}

    if not any(entry.po_number for ours in (True, False) for entry in account.free(ours)):
        return

    _pair_by_key(account, ORDERED, order_of, account.free(ours=True), account.free(ours=False))


def _two_keys(numbers: Iterable[str]) -> set[str]:
    return {key for number in numbers if number for key in (keys.ladder(number)[1], keys.ladder(number)[4]) if key}


def _on_rung(rung: int, entry: Entry) -> Iterable[str]:
    return entry.keys(rung)


RUNG = tuple(partial(_on_rung, rung) for rung in range(keys.RUNGS))
"""Keys of a line on each rung of the ladder."""


def _pair_by_key(
    account: Account, rule: Rule, keys_of: Callable[[Entry], Iterable[str]], ours: list[Entry], theirs: list[Entry]
) -> None:
    """Pairs free lines of equal amount that share a key; most have one partner only, the others are settled by date."""
    waiting: dict[tuple[str, int], Entry | list[Entry]] = {}
    for entry in theirs:
        for key in keys_of(entry):
            place = (key, entry.amount)
            known = waiting.get(place)
            if known is None:
                waiting[place] = entry
            elif isinstance(known, list):
                known.append(entry)
            else:
                waiting[place] = [known, entry]
    if not waiting:
        return
    partners: list[tuple[Entry, list[Entry]]] = []
    suitors: dict[int, int] = {}
    may, main = bool(account.rejected), rule is MAIN
    for entry in ours:
        met: list[Entry] = []
        for key in keys_of(entry):
            found = waiting.get((key, entry.amount))
            if found is None:
                continue
            for other in found if isinstance(found, list) else (found,):
                if other in met or (may and not account.may(entry, other)):
                    continue
                if main and years_contradict(entry, other):
                    continue
                met.append(other)
                suitors[other.index] = suitors.get(other.index, 0) + 1
        if met:
            partners.append((entry, met))
    edges: list[tuple[int, int, int]] = []
    rivals: dict[int, list[Entry]] = {}
    for our, met in partners:
        if len(met) == 1 and suitors[met[0].index] == 1:
            days = abs(account.days(our, met[0]))
            automatic, note = gate(account, rule, our, met[0], days, True)
            if note in SECOND_LOOK and rule.automatic == "fact" and days <= account.policy.document_days:
                if our.paid == met[0].paid and shares_sole_key(account, our, met[0], keys_of):
                    automatic, note = True, ""
            account.accept_pair(rule, our, met[0], automatic, note)
        else:
            rivals[our.index] = met
            edges.extend((our.index, other.index, account.days(our, other) ** 2) for other in met)
    for row, column, _, clear in settle(edges):
        our, their = account.ours[row], account.theirs[column]
        days = abs(account.days(our, their))
        others = tuple(other for other in rivals[row] if other is not their)
        automatic, note = gate(account, rule, our, their, days, clear)
        account.accept(rule, (our,), (their,), automatic=automatic, note=note, rivals=others)


def gate(account: Account, rule: Rule, our: Entry, their: Entry, days: int, clear: bool) -> tuple[bool, str]:
    """Whether a pair of equal amounts may be accepted unseen, and if not, why not.

    Suppliers number one by one and sell at list prices, so a misprinted digit can turn one number into a neighbour's at
    the same price: where the amount occurs more than once, the dates must agree too.
    """
    if not clear:
        return False, "rival"
    if rule.automatic == "alone":
        if account.repeated(our.amount) and days > account.policy.repeat_days:
            return False, "repeated_amount"
        return True, ""
    if rule.automatic == "fact":
        if not account.alone(our, their):
            return False, "round_amount" if account.round(our.amount) else "repeated_amount"
        window = account.policy.payment_days if our.paid and their.paid else account.policy.document_days
        if rule in (DESCRIBED, ORDERED):
            window = account.policy.far_days
        return (True, "") if days <= window else (False, "dates_apart")
    return False, "never_alone"


def years_contradict(our: Entry, their: Entry) -> bool:
    return all(keys.years_contradict(one, other) for one in our.refs for other in their.refs)


def same_totals(account: Account) -> None:
    """Pass 3: several lines under one number on either side, and the totals agree exactly."""
    for rung in (1, 4, 6):
        for our, their in groups_by_key(account, RUNG[rung]):
            agree = len(our) + len(their) > 2 and sum(e.amount for e in our) == sum(e.amount for e in their)
            if agree and account.may_all(our, their):
                account.accept(SPLIT, our, their, automatic=len(our) == 1 or len(their) == 1)


def other_totals(account: Account) -> None:
    """Several lines under one number against one, totals differ: most likely one document, for a person to see."""
    for rung in (1, 4):
        for our, their in groups_by_key(account, RUNG[rung]):
            if len(our) == 1 < len(their) or len(their) == 1 < len(our):
                one, other = sum(e.amount for e in our), sum(e.amount for e in their)
                alike = one and within_reason(one, other) and _one_sign(our) and _one_sign(their)
                if alike and account.may_all(our, their):
                    account.accept(SPLIT_OTHER, our, their, automatic=False, note="totals_differ")


def groups_by_key(account: Account, keys_of: Callable[[Entry], Iterable[str]]) -> list[tuple[list[Entry], list[Entry]]]:
    """Free entries of both sides that share a key, in a fixed order, no entry in two groups."""
    answer, used = [], set[int]()
    for our, their in account.by_number(keys_of):
        if len(our) > LARGEST_GROUP or len(their) > LARGEST_GROUP:
            continue
        if any(id(e) in used for e in our) or any(id(e) in used for e in their):
            continue
        used.update(map(id, our))
        used.update(map(id, their))
        answer.append((our, their))
    return answer


def within_reason(one: int, other: int) -> bool:
    """Amounts that can be one document's two amounts: same sign and within a factor of two, or exactly opposite."""
    if one == -other:
        return True
    return one * other > 0 and max(abs(one), abs(other)) <= 2 * min(abs(one), abs(other))


def _one_sign(entries: list[Entry]) -> bool:
    return all(e.amount > 0 for e in entries) or all(e.amount < 0 for e in entries)
