"""Numbers that only one line of either book carries: they identify it although its amount occurs more than once.

Every line counts here, matched or not: a number that a second document shares (one order, many invoices; a tail that
fits two numbers) identifies neither.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from rapidfuzz.distance import OSA

from mailflow.reconciliation import keys
from mailflow.reconciliation.account import Account
from mailflow.reconciliation.entry import Entry

LARGEST = 5_000  # lines of a book that are still looked through; beyond, such pairs stay suggestions
SHORTEST_TAIL = 4

KeysOf = Callable[[Entry], Iterable[str]]


def shares_sole_key(account: Account, our: Entry, their: Entry, keys_of: KeysOf) -> bool:
    """Whether a key that both have belongs to no other line of either book."""
    if max(account.count(ours=True), account.count(ours=False)) > LARGEST:
        return False
    for key in set(keys_of(our)) & set(keys_of(their)):
        if all(_count(account, ours, partial(_has, keys_of, key)) == 1 for ours in (True, False)):
            return True
    return False


def cut_off_of_one(account: Account, our: Entry, their: Entry) -> bool:
    """Whether one number is the beginning or the end of the other's, and of no further number of that book; and the
    longer one is of no further number of the other book."""
    if max(account.count(ours=True), account.count(ours=False)) > LARGEST:
        return False
    for one in _serials(our):
        for other in _serials(their):
            short, long = sorted((one, other), key=len)
            if len(short) < SHORTEST_TAIL or len(short) == len(long) or not _part(short, long):
                continue
            long_is_ours = long is one
            whole = _count(account, long_is_ours, partial(_holds, short))
            cut = _count(account, not long_is_ours, partial(_lies_in, long))
            if whole == 1 and cut == 1:
                return True
    return False


def slip_of_one(account: Account, our: Entry, their: Entry) -> bool:
    """Whether a digit was lost or doubled in one of the two numbers (another document of a series has as many digits),
    and no further number of the other book is one slip away from it."""
    if max(account.count(ours=True), account.count(ours=False)) > LARGEST:
        return False
    for own in _serials(our):
        for other in _serials(their):
            if abs(len(own) - len(other)) == 1 and min(len(own), len(other)) >= SHORTEST_TAIL and _slip(other, own):
                usual, usual_other = _with_length(account, len(own)), _with_length(account, len(other))
                if usual == usual_other:
                    continue  # which of the two is damaged is not to be told
                ours_is_odd = usual < usual_other
                if _count(account, not ours_is_odd, partial(_slipped, own if ours_is_odd else other)) == 1:
                    return True
    return False


def _with_length(account: Account, digits: int) -> int:
    """How many lines of both books have a number of so many digits."""
    return sum(
        any(len(number) == digits for number in _serials(entry))
        for ours in (True, False)
        for entry in account.every(ours=ours)
    )


def _slipped(number: str, entry: Entry) -> bool:
    return any(_slip(number, own) for own in _serials(entry))


def _slip(one: str, other: str) -> bool:
    return OSA.distance(one, other, score_cutoff=1) <= 1


def _serials(entry: Entry) -> set[str]:
    """The main numbers of a line, with and without leading zeros and scanner's letters."""
    found: set[str] = set()
    for ref in entry.refs:
        ladder = keys.ladder(ref)
        found |= {ladder[4], ladder[6], keys.serial(ref)}
    return found - {""}


def _has(keys_of: KeysOf, key: str, entry: Entry) -> bool:
    return key in keys_of(entry)


def _holds(short: str, entry: Entry) -> bool:
    return any(_part(short, number) for number in _serials(entry))


def _lies_in(long: str, entry: Entry) -> bool:
    return any(len(number) >= SHORTEST_TAIL and _part(number, long) for number in _serials(entry))


def _part(short: str, long: str) -> bool:
    return long.endswith(short) or long.startswith(short)


def _count(account: Account, ours: bool, fits: Callable[[Entry], bool]) -> int:
    """How many lines of one book fit, at most 2."""
    found = 0
    for entry in account.every(ours=ours):
        if fits(entry):
            found += 1
            if found > 1:
                break
    return found
