"""Passes 5 and 6 of the cascade: equal amounts, with a number that is nearly the same, or with dates that agree."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from mailflow.reconciliation.account import APART, Account
from mailflow.reconciliation.assignment import settle
from mailflow.reconciliation.entry import Entry
from mailflow.reconciliation.number_passes import SECOND_LOOK, by_amount, gate
from mailflow.reconciliation.resemblance import Likeness, likeness
from mailflow.reconciliation.rules import (
    AMOUNT_DATE,
    AMOUNT_FAR,
    LESS_CHARGE,
    LESS_PAID,
    NEAR,
    ROUNDED,
    TRUNCATED,
    TURNED,
    TWINS,
    Rule,
)  # fmt: skip
from mailflow.reconciliation.sole import cut_off_of_one, slip_of_one

LARGEST_TABLE = 40_000  # pairs of one amount that are all compared; above that only the nearest in time
NEAREST = 12
_KIND = 10_000  # one step of likeness outweighs any distance in time
_FAR = 99
WRONG_WAY = 3  # days added where the payee seems to book before the payer


_SOLE = {TRUNCATED: cut_off_of_one, NEAR: slip_of_one}
"""How a number that is not quite the same is told to be no other's, where its amount is repeated."""


def certain(account: Account) -> None:
    """Equal amounts whose number is a slip away or missing, where nothing else fits: before any number with another
    amount, because a misprinted number is often another document's real one."""
    _by_amount(account, sure=True)


def amount_and_date(account: Account) -> None:
    """Equal amounts: a near number first, then dates; where amounts repeat, the assignment with the least lag."""
    _by_amount(account, sure=False)


def _by_amount(account: Account, *, sure: bool) -> None:
    ours, theirs = by_amount(account.free(ours=True)), by_amount(account.free(ours=False))
    for amount in sorted(ours.keys() & theirs.keys()):
        _one_amount(account, ours[amount], theirs[amount], sure)


def _one_amount(account: Account, ours: list[Entry], theirs: list[Entry], sure: bool) -> None:
    if len(ours) == 1 and len(theirs) == 1:  # the common case, without the machinery
        alike = _alike(account, ours[0], theirs[0])
        if account.may(ours[0], theirs[0]) and _cost(account, ours[0], theirs[0], alike) is not None:
            _take(account, ours[0], theirs[0], alike, True, sure, ())
        return
    kinds: dict[tuple[int, int], Likeness] = {}
    edges: list[tuple[int, int, int]] = []
    for row, column in _pairs(ours, theirs):
        our, their = ours[row], theirs[column]
        if not account.may(our, their):
            continue
        alike = _alike(account, our, their)
        cost = _cost(account, our, their, alike)
        if cost is not None:
            kinds[row, column] = alike
            edges.append((row, column, cost))
    for row, column, _, clear in settle(edges):
        others = tuple(theirs[c] for r, c, _ in edges if r == row and c != column)
        _take(account, ours[row], theirs[column], kinds[row, column], clear, sure, others)


def _alike(account: Account, our: Entry, their: Entry) -> Likeness:
    """How alike the numbers are; those of payments only where the two books are seen to share them."""
    if our.paid and their.paid and not account.payments_share_numbers:
        return Likeness.OTHER_SERIES if our.keys(1) and their.keys(1) else Likeness.UNNAMED
    return likeness(our, their)


def _take(
    account: Account, our: Entry, their: Entry, alike: Likeness, clear: bool, sure: bool, rivals: tuple[Entry, ...]
) -> None:
    """Accepts the pair; with ``sure``, only where it is automatic or its number is at most a slip away."""
    days = abs(account.days(our, their))
    rule = _rule(account, our, their, alike, days, clear)
    automatic, note = gate(account, rule, our, their, days, clear or rule in (TRUNCATED, NEAR))
    if rule in _SOLE and note in SECOND_LOOK and days <= account.policy.document_days:
        if our.paid == their.paid and alike is not Likeness.TWO_SLIPS and _SOLE[rule](account, our, their):
            automatic, note = True, ""
    if rule is AMOUNT_DATE and alike is Likeness.UNNAMED and note == "repeated_amount" and not our.paid:
        if days <= account.policy.document_days and account.rest_by_number(our, their):
            automatic, note = True, ""  # what else has this amount is settled: only these two are left for each other
    if alike in (Likeness.DIFFERENT, Likeness.TWO_SLIPS) or (alike is Likeness.OTHER_SERIES and not our.paid):
        automatic, note = False, "numbers_differ"
    if sure and not (automatic or (alike <= Likeness.ONE_SLIP and days <= account.policy.document_days)):
        return
    if rivals:
        account.accept(rule, (our,), (their,), automatic=automatic, note=note, rivals=rivals)
    else:
        account.accept_pair(rule, our, their, automatic, note)


def _cost(account: Account, our: Entry, their: Entry, alike: Likeness) -> int | None:
    """What the pair costs, None when it may not even be suggested.

    Days count squared: of two ways with the same total, the one that keeps the order of both books is the cheaper.
    """
    days = account.days(our, their)
    gap = abs(days)
    policy = account.policy
    rank = _KIND * alike
    if alike is Likeness.TRUNCATED:
        return min(gap, _FAR) ** 2
    if alike is Likeness.ONE_SLIP and gap <= policy.document_days * 2:
        return rank + gap**2
    if our.paid != their.paid and our.type != "other" and their.type != "other":
        return None
    if alike in (Likeness.DIFFERENT, Likeness.ONE_SLIP, Likeness.TWO_SLIPS):
        window = policy.payment_days if our.paid else policy.document_days
        return rank + gap**2 if gap <= window and account.alone(our, their) else None
    if gap == APART:
        return rank + _FAR**2 if account.alone(our, their) else None
    if gap > (policy.document_days if alike is Likeness.OTHER_SERIES and not our.paid else policy.far_days):
        return None
    early = days < 0 if account.payer_is_us else days > 0
    return rank + (gap + (WRONG_WAY if our.paid and early else 0)) ** 2


def _rule(account: Account, our: Entry, their: Entry, alike: Likeness, days: int, clear: bool) -> Rule:
    if alike is Likeness.TRUNCATED:
        return TRUNCATED
    if alike in (Likeness.ONE_SLIP, Likeness.TWO_SLIPS):
        return NEAR
    if not clear:
        return TWINS
    window = account.policy.payment_days if our.paid and their.paid else account.policy.document_days
    return AMOUNT_DATE if days <= window else AMOUNT_FAR


def _pairs(ours: list[Entry], theirs: list[Entry]) -> Iterator[tuple[int, int]]:
    if len(ours) * len(theirs) <= LARGEST_TABLE:
        for row in range(len(ours)):
            for column in range(len(theirs)):
                yield row, column
        return
    yield from sorted({*_near(ours, theirs), *((row, column) for column, row in _near(theirs, ours))})


def _near(some: list[Entry], others: list[Entry]) -> Iterator[tuple[int, int]]:
    """Each of ``some`` with the nearest in time among ``others``, as places."""
    days = [entry.day for entry in others]  # sorted, as all entries are sorted by content
    rank = 0
    for row, entry in enumerate(some):
        rank = rank + 1 if row and some[row - 1].day == entry.day else 0
        middle = min(bisect_left(days, entry.day) + rank, bisect_right(days, entry.day))
        for column in range(max(0, middle - NEAREST), min(len(others), middle + NEAREST)):
            yield row, column


LARGEST_RESIDUE = 400  # free lines per side that are compared for nearly equal amounts


def nearly_equal(account: Account) -> None:
    """Lines without a common number whose amounts differ by what usually is taken off, or stand on the wrong side."""
    ours, theirs = list(account.free(ours=True)), list(account.free(ours=False))
    if not ours or not theirs or len(ours) > LARGEST_RESIDUE or len(theirs) > LARGEST_RESIDUE:
        return
    rules: dict[tuple[int, int], Rule] = {}
    edges = []
    for row, our in enumerate(ours):
        for column, their in enumerate(theirs):
            gap = abs(account.days(our, their))
            if gap > account.policy.payment_days or not account.may(our, their):
                continue
            found = _deduction(account, our, their)
            if found is not None:
                rule, weight = found
                rules[row, column] = rule
                edges.append((row, column, 20 * weight + gap))
    for row, column, _, clear in settle(edges):
        if clear:
            account.accept(rules[row, column], (ours[row],), (theirs[column],), automatic=False, note="never_alone")


def _deduction(account: Account, our: Entry, their: Entry) -> tuple[Rule, int] | None:
    policy = account.policy
    alike = _alike(account, our, their)
    if alike is Likeness.DIFFERENT:
        return None
    one, other = our.amount, their.amount
    if one == -other:
        return (TURNED, 4) if our.type == their.type and account.alone_turned(our, their) else None
    if one * other <= 0 or our.paid != their.paid:
        return None
    size, arrived = (abs(one), abs(other)) if account.payer_is_us else (abs(other), abs(one))
    less = size - arrived
    if abs(less) <= policy.rounding_cap(account.currency, account.places) and abs(less) * 1000 <= max(size, arrived):
        return ROUNDED, 0
    if not our.paid or less <= 0:
        return None
    for percent in policy.payment_discounts:
        if abs(less * 100 - percent * size) <= 100:
            return LESS_CHARGE, 1
    if less in policy.known_charges(account.currency, account.places):
        return LESS_CHARGE, 2
    if less <= policy.charge_cap(account.currency, account.places) and less * 20 <= size:
        return LESS_CHARGE, 3
    return None


def by_elimination(account: Account) -> None:
    """Payments that nothing else explains, in the order of time: the payee books the smaller amount, a little later."""
    ours = [e for e in account.free(ours=True) if e.paid and e.amount < 0 and e.day]
    theirs = [e for e in account.free(ours=False) if e.paid and e.amount < 0 and e.day]
    if not ours or not theirs or len(ours) > LARGEST_RESIDUE or len(theirs) > LARGEST_RESIDUE:
        return
    edges = []
    for row, our in enumerate(ours):
        for column, their in enumerate(theirs):
            payer, payee = (our, their) if account.payer_is_us else (their, our)
            lag, share = payee.day - payer.day, payee.amount / payer.amount
            if not 0 <= lag <= account.policy.payment_days // 2 + 1 or not 0.2 <= share < 1:
                continue
            if account.may(our, their) and _alike(account, our, their) is not Likeness.DIFFERENT:
                even = payee.amount * 10 % payer.amount == 0  # half, a third of ten …: what people agree on
                edges.append((row, column, lag**2 + (0 if even or share > 0.8 else 20)))
    for row, column, _, clear in settle(edges):
        if clear:
            account.accept_pair(LESS_PAID, ours[row], theirs[column], False, "never_alone")
