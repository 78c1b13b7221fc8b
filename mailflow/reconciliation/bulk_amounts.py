"""The second pass over large books as columns: amounts that identify a line by themselves.

What the cascade's pass over amounts and dates would accept unseen, where nothing before it can want either line: the
amount occurs once on either side, it is not round, the dates agree, and no line that is left of the other side has any
number of the two on any rung. Only for payments whose books number them apart, and for lines without a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from mailflow.receivables.ledger_table import LedgerTable
from mailflow.reconciliation import keys
from mailflow.reconciliation.entry import ordinal
from mailflow.reconciliation.policy import Policy
from mailflow.reconciliation.rules import AMOUNT_DATE

Numbers = tuple[list[str], list[str]]
Rows = tuple[list[int], list[int]]
_NOT_DIGIT = re.compile(r"[^0-9]+")


def certain(
    tables: tuple[LedgerTable, LedgerTable], numbers: Numbers, left: Rows, pairs: Sequence[tuple[int, int]],
    paid_by_number: int, policy: Policy,
) -> list[tuple[int, int]]:  # fmt: skip
    """Of ``pairs`` (our row, their row; alone with their amount, no number in common) those that are certain.

    ``left`` are the rows of both sides that no number took, ``paid_by_number`` how many of those taken are payments.
    """
    ours, theirs = tables
    if policy.working_days or AMOUNT_DATE.name in policy.never_automatic:
        return []
    if any(any(column) for table in tables for column in (table.descriptions, table.po_numbers)):
        return []
    digits = tuple(_all_digits(map(own.__getitem__, rows)) for own, rows in zip(numbers, left, strict=True))
    lone = sum(ours.types[row] == "payment" == theirs.types[other] for row, other in pairs)
    named = paid_by_number + _payments_in_question(tables, numbers, left, digits)
    apart = named * 5 < named + lone - named  # as Account.payments_share_numbers, whatever those in question turn out
    round_units = policy.round_amount * 10**ours.places
    found = []
    for row, other in pairs:
        amount, one, another = ours.units[row], numbers[0][row], numbers[1][other]
        paid = ours.types[row] == "payment"
        if not amount or (round_units and amount % round_units == 0) or paid != (theirs.types[other] == "payment"):
            continue
        if not (paid and apart) and one and another:
            continue
        if (one and not keys.plain(one)) or (another and not keys.plain(another)):
            continue
        if not _near(ordinal(ours.dates[row]), ordinal(theirs.dates[other]), paid, policy):
            continue
        if digits[1].isdisjoint(_digits(one)) and digits[0].isdisjoint(_digits(another)):
            found.append((row, other))
    return found


def _near(day: int, other: int, paid: bool, policy: Policy) -> bool:
    """As the cascade asks for an amount that occurs once: near enough to be the same, and to be alone."""
    if not day or not other:
        return False
    days = abs(other - day)
    alone = policy.unique_payment_days if paid or not days else policy.unique_days
    return days <= min(alone, policy.payment_days if paid else policy.document_days)


def _payments_in_question(
    tables: tuple[LedgerTable, LedgerTable], numbers: Numbers, left: Rows, digits: tuple[set[str], ...]
) -> int:
    """How many payments that are left may go by a number that the other side has too."""
    return sum(
        table.types[row] == "payment" and not other.isdisjoint(_digits(own[row]))
        for table, own, rows, other in zip(tables, numbers, left, reversed(digits), strict=True)
        for row in rows
    )


def _all_digits(numbers: Iterable[str]) -> set[str]:
    return set().union(*map(_digits, numbers))


@lru_cache(maxsize=131_072)
def _digits(number: str) -> tuple[str, ...]:
    """The digits of every key that a number has on any rung, of the numbers that it lists too: two numbers without any
    of them in common share no key."""
    if not number:
        return ()
    plain = keys.letters_and_serial(number)
    if plain is not None:
        word, serial = plain
        bare = serial.lstrip("0")
        read = _read_as_digits(word) if word else ""
        return (bare, (read + serial).lstrip("0")) if read else (bare,)
    rungs = [key for text in (number, *keys.parts(number)) for key in keys.climb(text)]
    return tuple({_NOT_DIGIT.sub("", key).lstrip("0") for key in rungs if key})


@lru_cache(maxsize=4_096)
def _read_as_digits(word: str) -> str:
    """The digits that a scanner may have read as these letters."""
    return _NOT_DIGIT.sub("", keys.climb(word + "000")[5].removesuffix("000"))
