"""How alike two document numbers are that are not equal on any rung: cut off, or one slip away, or plainly different.

Only ever asked about two lines of equal amount; likeness alone joins nothing.
"""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache

from rapidfuzz.distance import OSA

from mailflow.reconciliation import keys
from mailflow.reconciliation.entry import Entry


class Likeness(IntEnum):
    """Lower is more alike. ``UNNAMED``: one side prints no number, so nothing speaks against it."""

    TRUNCATED = 0
    ONE_SLIP = 1
    UNNAMED = 4
    OTHER_SERIES = 5  # both have numbers, each of its own kind (our payment run, their receipt)
    TWO_SLIPS = 6  # most often a neighbour's number
    DIFFERENT = 8  # same kind of number, another document


_ORDER = re.compile(r"^(?:P\.?O\.?|SO|DN|DO|CG|ORDER|BESTELLUNG|订单|采购|送货|出库)[^A-Z]")
_LETTERS = re.compile(r"[A-Z]{2,}")
_WORDS = re.compile(r"(?:INV|NO|REF|RECHNUNG|BILL|DOC)")
_SHAPE = re.compile(r"[0-9]+")


def likeness(our: Entry, their: Entry) -> Likeness:
    """The best that any pair of their numbers shows; one in a description counts where it is nearly the same."""
    best = _of_printed(our, their)
    if best > Likeness.ONE_SLIP and (our.text or their.text):
        ours, theirs = (*our.plain, *keys.mentions(our.text)), (*their.plain, *keys.mentions(their.text))
        told = min((of_numbers(one, other) for one in ours for other in theirs), default=best)
        if told <= Likeness.ONE_SLIP:
            return told
    return best


def _of_printed(our: Entry, their: Entry) -> Likeness:
    if not our.plain or not their.plain:
        return Likeness.UNNAMED
    if our.paid and their.paid and len(our.refs) == 1 and len(their.refs) == 1:
        if _shape(our.refs[0]) != _shape(their.refs[0]) and _letters_apart(our.refs[0], their.refs[0]):
            return Likeness.OTHER_SERIES
    ours = [ref for ref in our.refs if keys.ladder(ref)[1]]
    theirs = [ref for ref in their.refs if keys.ladder(ref)[1]]
    if not ours or not theirs:
        return Likeness.UNNAMED
    best = min(of_numbers(one, other) for one in ours for other in theirs)
    if (
        best is Likeness.DIFFERENT
        and our.paid == their.paid
        and all(_other_series(one, other, our.paid) for one in ours for other in theirs)
    ):
        return Likeness.OTHER_SERIES
    return best


@lru_cache(maxsize=65_536)
def of_numbers(one: str, other: str) -> Likeness:
    a, b = keys.ladder(one), keys.ladder(other)
    if keys.years_contradict(one, other):
        return Likeness.DIFFERENT
    if _ORDER.match(keys.printed(one)) is not None or _ORDER.match(keys.printed(other)) is not None:
        return Likeness.UNNAMED
    best = Likeness.DIFFERENT
    for first, second in ((a[4], b[4]), (a[6], b[6]), (keys.serial(one), keys.serial(other))):
        short, long = sorted((first, second), key=len)
        if len(short) >= 4 and len(short) < len(long) and (long.endswith(short) or long.startswith(short)):
            best = min(best, Likeness.TRUNCATED)
    for rung in (2, 3, 4, 5, 6):
        if min(len(a[rung]), len(b[rung])) >= 4:
            if not _comparable(one, other):
                break
            slips = OSA.distance(a[rung], b[rung], score_cutoff=2)
            if slips <= 1:
                best = min(best, Likeness.ONE_SLIP)
            elif slips == 2 and min(len(a[rung]), len(b[rung])) >= 5:
                best = min(best, Likeness.TWO_SLIPS)
    return best


def _letters_apart(one: str, other: str) -> bool:
    """Each has letters of its own and none in common: two numbering systems."""
    first, second = _LETTERS.findall(keys.printed(one)), _LETTERS.findall(keys.printed(other))
    return bool(first) and bool(second) and not set(first) & set(second)


def _comparable(one: str, other: str) -> bool:
    """Whether a slip can explain the difference at all: a payment run's number is no receipt's."""
    first, second = _LETTERS.findall(keys.printed(one)), _LETTERS.findall(keys.printed(other))
    return not first or not second or bool(set(first) & set(second)) or _WORDS.match(keys.printed(other)) is not None


def _other_series(one: str, other: str, paid: bool) -> bool:
    """Plainly more digits: a series counts up. Of payments also other letters around them, which documents lose."""
    return abs(len(keys.ladder(one)[4]) - len(keys.ladder(other)[4])) > 1 or (paid and _shape(one) != _shape(other))


def _shape(ref: str) -> str:
    """The letters around the digits: what kind of number it is."""
    return _SHAPE.sub("#", keys.printed(ref))
