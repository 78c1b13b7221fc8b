"""Importing a ledger into the record: all or nothing, twice is once, and every change is told."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from mailflow.adapters.database.engine import open_engine
from mailflow.adapters.database.migrate import bring_up_to_date
from mailflow.adapters.database.unit_of_work import SqlDatabase
from mailflow.receivables.ledger import Item
from mailflow.receivables.party import Party, Side
from mailflow.refusals import Refusal
from mailflow.steps.import_ledger import ImportReport, ReadFile, import_ledger

NOW = dt.datetime(2026, 11, 1, 8, tzinfo=dt.UTC)
DAY = dt.date(2026, 10, 31)


@pytest.fixture
def database(database_url: str) -> SqlDatabase:
    engine = open_engine(database_url)
    bring_up_to_date(engine)
    return SqlDatabase(engine)


def item(no: str, amount: str = "100.00", opened: str | None = "100.00", side: Side = Side.RECEIVABLE) -> Item:
    return Item(
        id=no, party_id="C1", side=side, reference=f"INV-{no}", date=dt.date(2026, 10, 1), currency="CNY",
        amount=Decimal(amount), party_name="恒泰", type="invoice",
        open_amount=None if opened is None else Decimal(opened),
    )  # fmt: skip


def take_in(
    database: SqlDatabase, items: list[Item], day: dt.date = DAY, parties: list[Party] | None = None, **how: bool
) -> ImportReport:
    files = [ReadFile("ledger.csv", "0" * 64)]
    return import_ledger(database, items=items, parties=parties, files=files, as_of=day, now=NOW, **how)


def test_an_import_is_read_back_to_the_cent(database: SqlDatabase) -> None:
    items = [item("A", "1234.56", "0.01"), replace(item("B", "-5.00", None), due_date=DAY, date=None)]
    take_in(database, items)
    with database.reading() as work:
        assert sorted(work.ledger.items(), key=lambda one: one.id) == items
        assert work.ledger.accounts() == [("C1", Side.RECEIVABLE, "CNY")]


def test_the_same_files_again_change_nothing(database: SqlDatabase) -> None:
    party = Party("C1", "恒泰", Side.RECEIVABLE, emails=("a@x.example",), aliases=("HT",))
    assert take_in(database, [item("A"), item("B")], parties=[party]).changed_anything
    again = take_in(database, [item("B"), item("A")], parties=[party])
    assert not again.changed_anything and again.items.same == 2 and again.parties.same == 1
    assert "nothing changed" in again.sentence()


def test_what_changed_is_told_field_by_field(database: SqlDatabase) -> None:
    take_in(database, [item("A"), item("B"), item("C")])
    report = take_in(database, [replace(item("A"), open_amount=Decimal("40.00")), item("B"), item("D")])
    assert (report.items.new, report.items.changed, report.items.gone, report.items.same) == (1, 1, 1, 1)
    (change,) = report.items.details
    assert (change.item_id, change.field, change.before, change.after) == ("A", "open_amount", "100.00", "40.00")
    assert report.items.gone_ids == ["C"]
    with database.reading() as work:
        assert [one.id for one in work.ledger.items()] == ["A", "B", "D"]


def test_what_was_open_on_the_day_of_an_earlier_import_is_remembered(database: SqlDatabase) -> None:
    take_in(database, [item("A"), item("B")])
    take_in(database, [item("A", opened="0.00"), item("B"), item("C")], DAY + dt.timedelta(5))
    with database.reading() as work:
        assert work.ledger.open_on("C1", Side.RECEIVABLE, DAY) == {"A": Decimal(100), "B": Decimal(100)}
        later = work.ledger.open_on("C1", Side.RECEIVABLE, DAY + dt.timedelta(5))
        assert later == {"A": Decimal(0), "B": Decimal(100), "C": Decimal(100)}
        assert work.ledger.open_on("C1", Side.RECEIVABLE, DAY + dt.timedelta(2)) is None


def test_a_second_ledger_of_the_same_day_takes_the_first_ones_place(database: SqlDatabase) -> None:
    take_in(database, [item("A", opened="100.00")])
    take_in(database, [item("A", opened="70.00")])
    with database.reading() as work:
        assert work.ledger.open_on("C1", Side.RECEIVABLE, DAY) == {"A": Decimal(70)}


def test_an_item_that_comes_back_is_there_again(database: SqlDatabase) -> None:
    take_in(database, [item("A"), item("B")])
    take_in(database, [item("A")])
    assert take_in(database, [item("A"), item("B")]).items.changed == 1
    with database.reading() as work:
        assert len(work.ledger.items()) == 2


def test_a_ledger_of_suppliers_leaves_the_customers_alone(database: SqlDatabase) -> None:
    take_in(database, [item("A"), item("B")])
    report = take_in(database, [item("A", side=Side.PAYABLE)])
    assert report.items.gone == 0
    with database.reading() as work:
        assert len(work.ledger.items()) == 3
        assert len(work.ledger.items(side=Side.PAYABLE)) == 1


def test_a_file_without_most_of_the_ledger_is_refused_and_changes_nothing(database: SqlDatabase) -> None:
    take_in(database, [item(f"L{no}") for no in range(50)])
    with pytest.raises(Refusal, match="40 of the 50 items"):
        take_in(database, [item(f"L{no}") for no in range(10)])
    with database.reading() as work:
        assert len(work.ledger.items()) == 50
    assert take_in(database, [item(f"L{no}") for no in range(10)], partial=True).items.gone == 0
    assert take_in(database, [item(f"L{no}") for no in range(10)], allow_gone=True).items.gone == 40


def test_a_party_is_found_by_its_address_whatever_the_case(database: SqlDatabase) -> None:
    first = Party("C1", "恒泰", Side.RECEIVABLE, emails=("Finance@HT.example", "b@ht.example"))
    take_in(database, [item("A")], parties=[first, Party("C2", "Other", Side.RECEIVABLE, emails=("x@o.example",))])
    with database.reading() as work:
        assert work.ledger.parties_at("finance@ht.EXAMPLE") == [first]
        assert work.ledger.parties_at_domain("HT.example") == [first]
        assert work.ledger.party("C1", Side.RECEIVABLE) == first and work.ledger.party("C1", Side.PAYABLE) is None
    report = take_in(database, [item("A")], parties=[replace(first, emails=("new@ht.example",))])
    assert [(one.field, one.after) for one in report.parties.changed] == [("emails", "new@ht.example")]
    with database.reading() as work:
        assert work.ledger.parties_at("b@ht.example") == []


def test_parties_without_an_entry_are_named(database: SqlDatabase) -> None:
    assert take_in(database, [item("A")]).unknown_parties == ["C1"]


def test_the_import_stands_in_the_journal(database: SqlDatabase) -> None:
    take_in(database, [item("A")])
    with database.reading() as work:
        (entry,) = work.journal.entries()
        assert entry.action == "ledger.imported" and entry.facts["items"]["new"] == 1
