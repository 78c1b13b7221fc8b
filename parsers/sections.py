"""Charges in one table, payments or credits in another: what a table's own title says about all of its rows."""

from __future__ import annotations

from parsers.documents import LineType
from parsers.rows import RowSet, money_in
from parsers.table import Table
from parsers.wording import types
from parsers.wording.columns import MONEY, Role
from parsers.wording.titles import kinds_in

_TAKING_OFF = (LineType.PAYMENT, LineType.CREDIT_NOTE, LineType.DISCOUNT)


def tell_sections(tables: list[Table], sets: list[RowSet], decimal_mark: str) -> None:
    """Give the rows of a table under ``Payments received`` that type, where another table stands beside it and the
    payments are printed without sign."""
    told = [_type_of(table.title) for table in tables]
    if any(rows.of(Role.PAID, Role.DISCOUNT) for rows in sets):  # a remittance advice is all about payment
        told = [None if kind is LineType.PAYMENT else kind for kind in told]
    told = [None if _signed(rows, decimal_mark) else kind for kind, rows in zip(told, sets, strict=True)]
    if len(sets) < 2 or not any(t in _TAKING_OFF for t in told) or all(t in _TAKING_OFF for t in told):
        return
    for kind, rows in zip(told, sets, strict=True):
        for row in rows.rows:
            row.section = kind if kind in _TAKING_OFF else None
    if all(_one_amount(rows) is not None for rows in sets):
        for kind, rows in zip(told, sets, strict=True):
            rows.columns[_one_amount(rows) or 0].role = Role.CREDIT if kind in _TAKING_OFF else Role.DEBIT
            rows.forget()


def _type_of(title: str) -> LineType | None:
    return None if kinds_in(title) else types.of_words(title)


def _signed(rows: RowSet, decimal_mark: str) -> bool:
    printed = (money_in(row.cells.get(c, []), decimal_mark) for c in rows.of(*MONEY) for row in rows.rows)
    return any(amount is not None and (amount.value < 0 or amount.side) for amount in printed)


def _one_amount(rows: RowSet) -> int | None:
    """The number of the only column of money, if it says nothing about its side yet."""
    money = [c for c, column in enumerate(rows.columns) if column.role in MONEY]
    return money[0] if len(money) == 1 and rows.columns[money[0]].role in (Role.AMOUNT, Role.PAID) else None
