"""A long regular sheet is read by column: what comes out is, to the letter, what reading row by row gives."""

from __future__ import annotations

import datetime as dt
import io
import json
import random
from collections.abc import Callable
from typing import Any

import pytest
import xlsxwriter

from parsers import parse
from parsers.documents import Document, Trust
from parsers.formats import regular
from parsers.long import LongDocument, from_wire, json_text, line_count, to_wire

ROWS = 900
Table = list[list[Any]]


def workbook(table: Table) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet("Sheet")
        for r, row in enumerate(table):
            for c, value in enumerate(row):
                if isinstance(value, dt.date):
                    sheet.write_datetime(r, c, dt.datetime.combine(value, dt.time()), day)
                elif value is not None:
                    sheet.write(r, c, value)
    return out.getvalue()


def days(rng: random.Random) -> list[dt.date]:
    return sorted(dt.date(2026, 1, 1) + dt.timedelta(days=rng.randrange(300)) for _ in range(ROWS))


def running(rng: random.Random) -> Table:
    """One signed amount, a running balance, an opening and a closing."""
    table: Table = [
        ["Statement of account"],
        ["Customer: Nordwind Ltd"],
        ["Date", "Reference", "Description", "Amount", "Balance"],
    ]
    balance = 150_000
    table.append(["Opening balance", None, None, None, balance / 100])
    for n, day in enumerate(days(rng)):
        cents = rng.choice([1, 1, -1]) * rng.randrange(100, 900_000)
        balance += cents
        table.append(
            [
                day,
                f"{'INV' if cents > 0 else 'PMT'}-{n:06d}",
                "goods" if cents > 0 else "bank transfer",
                cents / 100,
                balance / 100,
            ]
        )
    return [*table, ["Closing balance", None, None, None, balance / 100]]


def two_sided(rng: random.Random) -> Table:
    """借方 and 贷方, totals below them, amounts of whole yuan among them."""
    table: Table = [
        ["对账单"],
        ["客户：华星贸易有限公司"],
        ["日期", "单据编号", "摘要", "借方金额", "贷方金额", "余额"],
    ]
    balance, sides = 0, [0, 0]
    for n, day in enumerate(days(rng)):
        side, cents = rng.choice([0, 0, 1]), rng.choice([rng.randrange(100, 90_000), 100 * rng.randrange(1, 900)])
        balance += cents if side == 0 else -cents
        sides[side] += cents
        row = [
            day,
            f"{'XS' if side == 0 else 'SK'}{n:05d}",
            "销售出库" if side == 0 else "收到货款",
            None,
            None,
            balance / 100,
        ]
        row[3 + side] = cents / 100
        table.append(row)
    return [
        *table,
        ["合计", None, None, sides[0] / 100, sides[1] / 100, None],
        ["期末余额", None, None, None, None, balance / 100],
    ]


def unsigned(rng: random.Random) -> Table:
    """Payments are told from invoices by their type alone."""
    table: Table = [["Statement"], ["Date", "Type", "Document No", "Amount", "Balance"]]
    balance = 0
    for n, day in enumerate(days(rng)):
        kind = rng.choice(["Invoice", "Invoice", "Payment", "Credit note"])
        cents = rng.randrange(100, 90_000)
        balance += cents if kind == "Invoice" else -cents
        table.append([day, kind, f"D{n:07d}", cents / 100, balance / 100])
    return [*table, ["Closing balance", None, None, None, balance / 100]]


def newest_first(rng: random.Random) -> Table:
    table = running(rng)
    return [*table[:3], *reversed(table[4:-1]), table[3]]


def open_items(rng: random.Random) -> Table:
    """Original and outstanding of each item, due dates, a currency column, free text, a total."""
    table: Table = [
        ["Open items"],
        ["Invoice no", "Date", "Due date", "Customer ref", "Text", "Cur", "Original", "Outstanding"],
    ]
    total = 0
    for n, day in enumerate(days(rng)):
        cents = rng.randrange(100, 90_000)
        left = cents if rng.random() < 0.7 else cents // 2
        total += left
        words = " ".join(rng.choice(["steel", "order", "net", "blue", "late", "box", "part", "4711"]) for _ in range(4))
        table.append(
            [
                f"INV-{n:06d}",
                day,
                day + dt.timedelta(days=30),
                f"PO {n % 97:04d}",
                words,
                "EUR",
                cents / 100,
                left / 100,
            ]
        )
    return [*table, ["Total", None, None, None, None, None, None, total / 100]]


def remittance(rng: random.Random) -> Table:
    table: Table = [
        ["Remittance advice"],
        ["Payment date: 2026-10-30"],
        ["Invoice no", "Invoice date", "Invoice amount", "Amount paid"],
    ]
    total = 0
    for n, day in enumerate(days(rng)):
        cents = rng.randrange(100, 90_000)
        total += cents
        table.append([f"INV-{n:06d}", day, cents / 100, cents / 100])
    return [*table, ["Total", None, total / 100, total / 100]]


def numbered(rng: random.Random) -> Table:
    """References are numbers of the sheet; nothing proves the lines."""
    table: Table = [["Statement of account"], ["Date", "Invoice number", "Amount"]]
    return table + [[day, 700_000 + n, rng.randrange(100, 90_000) / 100] for n, day in enumerate(days(rng))]


LAYOUTS: list[Callable[[random.Random], Table]] = [
    running, two_sided, unsigned, newest_first, open_items, remittance, numbered,
]  # fmt: skip


def both(table: Table, monkeypatch: pytest.MonkeyPatch) -> tuple[Document, Document]:
    """By column where it can be, and row by row."""
    content = workbook(table)
    [quick] = parse(content, "long.xlsx")
    with monkeypatch.context() as patch:
        patch.setattr(regular, "FROM_ROWS", 10**9)
        [careful] = parse(content, "long.xlsx")
    return quick, careful


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda f: f.__name__)
def test_a_regular_sheet_says_the_same_by_column_as_row_by_row(
    layout: Callable[[random.Random], Table], monkeypatch: pytest.MonkeyPatch
) -> None:
    quick, careful = both(layout(random.Random(layout.__name__)), monkeypatch)
    assert isinstance(quick, LongDocument)
    assert not isinstance(careful, LongDocument)
    assert line_count(quick) == ROWS == len(careful.lines)
    assert json.loads("".join(json_text([quick]))) == [careful.to_json()]
    assert from_wire(json.loads(json.dumps(to_wire(quick)))).to_json() == careful.to_json()
    assert quick.to_json() == careful.to_json()


def flip_a_sign(table: Table, at: int) -> None:
    numbers = [c for c, value in enumerate(table[at]) if isinstance(value, float)]
    table[at][numbers[-1]] = -table[at][numbers[-1]]


def drop_a_row(table: Table, at: int) -> None:
    del table[at]


def write_an_amount_as_text(table: Table, at: int) -> None:
    numbers = [c for c, value in enumerate(table[at]) if isinstance(value, float)]
    table[at][numbers[-1]] = f"{table[at][numbers[-1]]:,.2f}"


def leave_a_row_blank(table: Table, at: int) -> None:
    table.insert(at, [])


def note_something(table: Table, at: int) -> None:
    table.insert(at, ["", "please see our letter"])


def print_a_subtotal(table: Table, at: int) -> None:
    row: list[Any] = [None] * len(table[at])
    row[0], row[-1] = "Subtotal", table[at - 1][-1]
    table.insert(at, row)


def give_three_decimals(table: Table, at: int) -> None:
    numbers = [c for c, value in enumerate(table[at]) if isinstance(value, float)]
    table[at][numbers[-1]] += 0.001


CHANGES = [
    flip_a_sign, drop_a_row, write_an_amount_as_text, leave_a_row_blank, note_something, print_a_subtotal,
    give_three_decimals,
]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES, ids=lambda f: f.__name__)
@pytest.mark.parametrize("layout", [running, two_sided, open_items], ids=lambda f: f.__name__)
def test_an_irregular_row_in_the_middle_is_seen(
    layout: Callable[[random.Random], Table], change: Callable[[Table, int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    table = layout(random.Random(3))
    change(table, ROWS // 2)
    quick, careful = both(table, monkeypatch)
    assert quick.to_json() == careful.to_json()
    if change in (flip_a_sign, drop_a_row, give_three_decimals):
        assert quick.trust is Trust.UNPROVEN


def test_a_child_that_lies_about_a_column_is_not_believed() -> None:
    [document] = parse(workbook(running(random.Random(5))), "long.xlsx")
    told = json.loads(json.dumps(to_wire(document)))
    [place] = [n for n, piece in enumerate(told["pieces"]) if isinstance(piece, dict)]
    columns = told["pieces"][place]
    for change in (
        {"amount": columns["amount"][:-1]},
        {"amount": [None, *columns["amount"][1:]]},
        {"balance": ["1e9", *columns["balance"][1:]]},
        {"reference": [7, *columns["reference"][1:]]},
        {"date": [True, *columns["date"][1:]]},
        {"date": [10**9, *columns["date"][1:]]},
        {"type": [99, *columns["type"][1:]]},
        {"amount": [10**400, *columns["amount"][1:]]},
    ):
        with pytest.raises((ValueError, TypeError, KeyError, ArithmeticError)):
            from_wire({**told, "pieces": [{**columns, **change}]})
