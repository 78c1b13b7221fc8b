"""Which column is a running total, told by the figures and not by its name.

A column called ``Total`` or ``累计`` beside the lines' own amounts runs if each of its figures is the one
before it plus the line's amount. Chance does not do that over several lines.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from decimal import Decimal

from parsers.entries import Entry
from parsers.rows import RowSet, money_in
from parsers.wording.columns import MONEY, Role

_ENOUGH = 3  # steps that must fit; a balance's own column name needs none
_OWN = MONEY - {Role.TAX, Role.PRICE, Role.NET, Role.WITHHELD, Role.DISCOUNT, Role.BUCKET}


def settle(rows: RowSet, entries: Sequence[Entry], mark: str) -> None:
    """Give the running column the role of a balance; a "balance" that it sums up is each item's own open amount.

    ``mark`` is the decimal mark: a column whose name says nothing is read for amounts here."""
    if len(entries) < _ENOUGH + 1 or len(entries) > 20_000:
        return
    nameless = _nameless(rows, entries, mark)
    try:
        _settle(rows, entries)
    finally:
        for c in nameless:
            if rows.columns[c].role is None:
                for entry in entries:
                    entry.money.pop(c, None)


def _nameless(rows: RowSet, entries: Sequence[Entry], mark: str) -> list[int]:
    """Columns without a role that hold money in nearly every row; their amounts are laid into the entries."""
    found = []
    for c, column in enumerate(rows.columns):
        if column.role is not None:
            continue
        amounts = [money_in(e.row.cells.get(c, []), mark) for e in entries]
        if sum(a is not None and a.decimals > 0 for a in amounts) > 0.8 * len(entries):
            found.append(c)
            for entry, amount in zip(entries, amounts, strict=True):
                if amount is not None:
                    entry.money[c] = amount
    return found


def _settle(rows: RowSet, entries: Sequence[Entry]) -> None:
    known = [*rows.of(*_OWN), *[c for c, column in enumerate(rows.columns) if column.role is None]]
    columns = [c for c in known if sum(c in e.money for e in entries) > 0.8 * len(entries)]
    for running, own in itertools.permutations(columns, 2):
        if rows.columns[running].role is Role.BALANCE and rows.columns[own].role is not Role.BALANCE:
            continue
        if _runs(entries, running, own):
            _turn(rows, running, Role.BALANCE)
            if rows.columns[own].role is Role.BALANCE:
                _turn(rows, own, Role.OPEN)
            return
    if rows.of(Role.BALANCE):
        return
    sides = [c for c in rows.of(Role.DEBIT, Role.CREDIT) if any(c in e.money for e in entries)]
    for running in columns:
        if len(sides) == 2 and running not in sides and _runs(entries, running, *sides):
            _turn(rows, running, Role.BALANCE)
            return


def _turn(rows: RowSet, column: int, role: Role) -> None:
    rows.columns[column].role = role
    rows.forget()


def _runs(entries: Sequence[Entry], running: int, *own: int) -> bool:
    """Whether the steps of ``running`` are the amounts in ``own``, oldest or newest line first, signs aside."""
    for order in (entries, list(reversed(entries))):
        fits = tried = 0
        values: set[Decimal] = set()
        for before, entry in itertools.pairwise(order):
            if running not in before.money or running not in entry.money:
                continue
            step = abs(_signed(entry, running) - _signed(before, running))
            amounts = [abs(entry.money[c].value) for c in own if c in entry.money and entry.money[c].value]
            if not amounts and not step:
                continue
            tried += 1
            fits += step in amounts
            values.add(step)
        if fits >= _ENOUGH and fits >= 0.8 * tried and len(values) >= _ENOUGH - 1:
            return True
    return False


def _signed(entry: Entry, column: int) -> Decimal:
    amount = entry.money[column]
    return -amount.value if amount.side == "credit" and amount.value > 0 else amount.value
