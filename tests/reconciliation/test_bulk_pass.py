"""Large books go through columns first: the answer is the one that the cascade gives line by line."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from decimal import Decimal
from types import ModuleType

import pytest

from mailflow.adapters import ledger_files
from mailflow.adapters.ledger_files import read_ledger
from mailflow.receivables.ledger_table import LedgerTable
from mailflow.reconciliation import Policy, of_items, reconcile
from mailflow.reconciliation.bulk import TheirTable, of_table
from mailflow.refusals import Refusal
from tests.reconciliation import noise, noise_exports, noise_other
from tests.reconciliation.accounts import adds_up


@pytest.fixture(autouse=True)
def _small_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger_files, "LARGE", 0)
    monkeypatch.setattr(ledger_files, "CHUNK", 700)


def both_ways(tmp_path, books: noise.Books, policy: Policy | None = None, **more):
    """(the answer through columns, the answer line by line) from the same two files."""
    noise.write(books, tmp_path)
    tables = [read_ledger((tmp_path / name).read_bytes(), name, as_table=True).items for name in FILES]
    plain = [read_ledger((tmp_path / name).read_bytes(), name).items for name in FILES]
    assert all(isinstance(table, LedgerTable) for table in tables)
    assert [list(table) for table in tables] == [list(rows) for rows in plain]
    quick = reconcile(tables[0], of_table(tables[1], "s.csv"), policy, as_of=noise.CUT_OFF, **more)
    slow = reconcile(plain[0], of_items(plain[1], file="s.csv"), policy, as_of=noise.CUT_OFF, **more)
    return quick, slow


FILES = ("ledger.csv", "statement.csv")


def told(answer) -> dict:
    said = answer.to_json()
    for part in ("matches", "reconciling_items"):
        said[part].sort(key=lambda one: (one["theirs"], one["ours"]))
    return said


@pytest.mark.parametrize("profile", ["STD", "HARD"])
def test_columns_first_gives_the_same_answer_as_line_by_line(tmp_path, profile: str) -> None:
    taken = 0
    for seed in range(1, 13):
        quick, slow = both_ways(tmp_path, noise.books(seed, profile, 150))
        assert told(quick) == told(slow)
        assert adds_up(quick)
        taken += len(quick.matches.taken or ())
        assert [m.rule.name for m in quick.matches] == [m["rule"] for m in quick.to_json()["matches"]]
        assert len(quick.matches) == len(list(quick.matches)) and quick.matches[-1] is list(quick.matches)[-1]
    assert taken > 500


@pytest.mark.parametrize("kinds", [noise, noise_other, noise_exports])
def test_amounts_that_identify_a_line_are_taken_in_bulk_as_the_cascade_would(tmp_path, kinds: ModuleType) -> None:
    """Books without words and orders, of which the second look makes use."""
    taken = 0
    for seed in range(1, 7):
        books = kinds.books(seed, "HARD" if seed % 2 else "STD", 150)
        for side in ("ours", "theirs"):
            kept = [row for row in getattr(books, side) if row.type in ("invoice", "payment", "credit_note")]
            setattr(books, side, [replace(row, description="", po_number="", their_reference="") for row in kept])
        quick, slow = both_ways(tmp_path, books)
        assert told(quick) == told(slow)
        taken += sum(match.rule.name == "amount_and_date" for match in quick.matches)
    assert taken > 40


def test_the_answer_through_columns_does_not_depend_on_the_order_of_the_ledger(tmp_path) -> None:
    books = noise.books(5, "STD", 200)
    first, _ = both_ways(tmp_path, books)
    random.Random(1).shuffle(books.ours)
    again, _ = both_ways(tmp_path, books)
    assert first.to_json() == again.to_json()


def test_what_the_policy_forbids_is_not_taken_in_bulk_either(tmp_path) -> None:
    for policy in (
        Policy(never_automatic=frozenset({"exact_reference"})), Policy(automatic_cap={"default": Decimal(200)}),
        Policy(working_days=True), Policy(repeat_days=0),
    ):  # fmt: skip
        quick, slow = both_ways(tmp_path, noise.books(3, "STD", 120), policy)
        assert told(quick) == told(slow)


def test_numbers_that_need_quoting_in_json_are_quoted(tmp_path) -> None:
    books = noise.books(2, "STD", 60)
    head = "id,party_id,side,type,reference,date,currency,amount\n"
    del books
    ours = (
        head + "L1,S1,payable,invoice,A\\1001,2026-10-01,CNY,5.00\nL2,S1,payable,invoice,\x011002,2026-10-02,CNY,7.00\n"
    )
    theirs = ours.replace("L1", "T1").replace("L2", "T2")
    one = read_ledger(ours.encode(), "l.csv", as_table=True).items
    other = read_ledger(theirs.encode(), "s.csv", as_table=True).items
    answer = reconcile(one, of_table(other, "s.csv"))
    assert len(answer.matches.taken) == 2
    assert json.loads("".join(answer.iter_json()))["matches"][0]["explanation"].startswith("Line 1 'A\\1001' is our")


@pytest.mark.parametrize(
    "row",
    [
        "L2,S1,payable,invoice,1002,2026-10-02,CNY,7.000",
        "L2,S1,payable,invoice,1002,2026-10-02,USD,7.00", "L2,S1,payable,invoice,1002,2026-10-02,CNY,7.00,",
        "L2,S1,payable,invoice,1002,2026-10-02,CNY", "L1,S1,payable,invoice,1002,2026-10-02,CNY,7.00",
        "L2,,payable,invoice,1002,2026-10-02,CNY,7.00", "L2,S1,payable,invoice,1002,tomorrow,CNY,7.00",
        "", "合计,,,,,,,12.00", "L2,S1,payable,invoice,1002,2026-10-02,CNY,(7.00)",
    ],
)  # fmt: skip
def test_a_file_that_is_not_regular_is_read_row_by_row(row: str) -> None:
    head = "id,party_id,side,type,reference,date,currency,amount\nL1,S1,payable,invoice,1001,2026-10-01,CNY,5.00\n"
    data = f"{head}{row}\nL3,S1,payable,invoice,1003,2026-10-03,CNY,9.00\n".encode()
    slow = read_ledger(data, "l.csv", skip_bad_rows=True)
    quick = read_ledger(data, "l.csv", skip_bad_rows=True, as_table=True)
    assert not isinstance(quick.items, LedgerTable)
    assert (quick.items, quick.skipped) == (slow.items, slow.skipped)


def test_line_ends_of_any_kind_and_a_last_line_without_one_are_regular() -> None:
    rows = [
        "id,party_id,side,reference,date,currency,amount",
        "L1,S1,payable,1001,2026-10-01,JPY,5",
        "L2,S1,ap,,,JPY,-7",
    ]
    for end in ("\n", "\r\n", "\r"):
        for last in ("", end):
            table = read_ledger((end.join(rows) + last).encode(), "l.csv", as_table=True).items
            assert isinstance(table, LedgerTable)
            assert (table.ids, table.units, table.places, table[1].date) == (["L1", "L2"], [5, -7], 0, None)


def test_a_table_of_theirs_counts_its_lines_from_one() -> None:
    table = read_ledger(
        b"id,party_id,side,reference,date,currency,amount\nT9,S1,ap,1001,2026-10-01,CNY,5.00\n", "s", as_table=True
    )
    lines = TheirTable(table.items)
    assert [line.no for line in lines] == [1] and lines[-1].no == 1 and lines[0:1][0].row == 2


def test_a_quotation_mark_that_is_not_closed_is_named_with_its_line() -> None:
    data = b'id,party_id,side,reference,date,currency,amount\nL1,S1,ap,"1001,2026-10-01,CNY,5.00\n'
    with pytest.raises(Refusal, match="line 2: a quotation mark is not closed"):
        read_ledger(data, "l.csv", as_table=True)


def test_quoted_cells_are_regular() -> None:
    data = b'id,party_id,side,reference,date,currency,amount\nL1,S1,ap,"1001, 1002",2026-10-01,CNY,5.5\n'
    table = read_ledger(data, "l.csv", as_table=True).items
    assert isinstance(table, LedgerTable) and (table.references, table.units) == (["1001, 1002"], [550])
