"""Adjustments: proposed, approved by a second person above a limit, handed over once, found booked in an import."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from mailflow.adapters.database.engine import open_engine
from mailflow.adapters.database.migrate import bring_up_to_date
from mailflow.adapters.database.unit_of_work import SqlDatabase
from mailflow.adapters.receivables_policies import read_adjustment_policy
from mailflow.adapters.report_csv import csv_file
from mailflow.cases.adjustment import Adjustment, AdjustmentKind, AdjustmentPolicy, AdjustmentState
from mailflow.receivables.ledger import Item
from mailflow.receivables.party import Party, Side
from mailflow.refusals import Refusal
from mailflow.steps.adjust import adjustments, decide_adjustment, export_journal, note_booked, propose_adjustment

NOW = dt.datetime(2026, 11, 2, 1, tzinfo=dt.UTC)
OCTOBER = dt.date(2026, 10, 31)
POLICY = AdjustmentPolicy(
    one_person_up_to={"CNY": Decimal("100")},
    write_off_up_to={"CNY": Decimal("5")},
    counter_accounts={AdjustmentKind.CREDIT_NOTE: "6001"},
)
RECEIVABLE, PAYABLE = "SOA-202610-C1-CNY", "SUP-202610-V1-CNY"


def item(id: str, reference: str, amount: str, *, description: str = "") -> Item:
    return Item(
        id=id, party_id="C1", side=Side.RECEIVABLE, reference=reference, date=OCTOBER, type="invoice", currency="CNY",
        amount=Decimal(amount), party_name="Kestrel", description=description,
    )  # fmt: skip


@pytest.fixture
def database(database_url: str) -> SqlDatabase:
    engine = open_engine(database_url)
    bring_up_to_date(engine)
    database = SqlDatabase(engine)
    with database.writing() as work:
        parties = [Party("C1", "Kestrel", Side.RECEIVABLE), Party("V1", "=HYPERLINK(1)", Side.PAYABLE)]
        work.ledger.put_parties(parties)
        for case, party, side in ((RECEIVABLE, "C1", Side.RECEIVABLE), (PAYABLE, "V1", Side.PAYABLE)):
            work.casefile.open(
                case_id=case, party_id=party, side=side, currency="CNY", statement_no=case, version=1, as_of=OCTOBER,
                our_balance=Decimal("500.00"), at=NOW,
            )  # fmt: skip
    imported(database, item("L1", "INV-1", "500.00"))
    return database


def imported(database: SqlDatabase, *items: Item) -> None:
    with database.writing() as work:
        sides = [Side.RECEIVABLE]
        number = work.ledger.begin_import(at=NOW, as_of=OCTOBER, sides=sides, name="l.csv", sha256=str(len(items)))
        work.ledger.put_items(items, import_no=number, as_of=OCTOBER, whole=sides)


def propose(
    database: SqlDatabase, amount: str, kind: AdjustmentKind = AdjustmentKind.CREDIT_NOTE, case: str = RECEIVABLE,
    reference: str = "INV-1",
) -> Adjustment:  # fmt: skip
    return propose_adjustment(
        database, POLICY, case, kind=kind, reference=reference, amount=Decimal(amount), by="li",
        why="price agreed by phone", date=OCTOBER, at=NOW,
    )  # fmt: skip


def test_a_large_one_waits_for_a_second_person_who_is_not_the_first(database: SqlDatabase) -> None:
    one = propose(database, "-250.00")
    assert one.state is AdjustmentState.PROPOSED
    with pytest.raises(Refusal, match="second person"):
        decide_adjustment(database, one.no, approved=True, by="li", why="", at=NOW)
    approved = decide_adjustment(database, one.no, approved=True, by="wang", why="", at=NOW)
    assert (approved.state, approved.decided_by) == (AdjustmentState.APPROVED, "wang")
    with pytest.raises(Refusal, match="approved already"):
        decide_adjustment(database, one.no, approved=True, by="zhao", why="", at=NOW)


def test_a_small_one_needs_nobody_else_and_the_journal_says_why(database: SqlDatabase) -> None:
    one = propose(database, "-100.00")
    assert (one.state, one.decided_by) == (AdjustmentState.APPROVED, None)
    with database.reading() as work:
        told = [(entry.action, entry.actor) for entry in work.journal.entries(f"case:{RECEIVABLE}")]
    assert told == [("adjustment.proposed", "li"), ("adjustment.approved", "mailflow")]


@pytest.mark.parametrize(
    ("amount", "kind", "words"),
    [
        ("0", AdjustmentKind.CREDIT_NOTE, "nothing"),
        ("10", AdjustmentKind.CREDIT_NOTE, "minus"),
        ("-10", AdjustmentKind.DEBIT_NOTE, "without a minus"),
        ("10", AdjustmentKind.MISSING_PAYMENT, "minus"),
        ("-5.01", AdjustmentKind.WRITE_OFF, "no more than 5 CNY"),
        ("-1.001", AdjustmentKind.CREDIT_NOTE, "more decimals"),
        ("NaN", AdjustmentKind.CREDIT_NOTE, "no amount"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_words_and_nothing_is_kept(
    database: SqlDatabase, amount: str, kind: AdjustmentKind, words: str
) -> None:
    with pytest.raises(Refusal, match=words):
        propose(database, amount, kind)
    assert adjustments(database) == []


def test_the_same_is_not_proposed_twice_unless_it_was_rejected(database: SqlDatabase) -> None:
    one = propose(database, "-250.00")
    with pytest.raises(Refusal, match="MF-000001"):
        propose(database, "-250.00")
    with pytest.raises(Refusal, match="why it is rejected"):
        decide_adjustment(database, one.no, approved=False, by="wang", why=" ", at=NOW)
    decide_adjustment(database, one.no, approved=False, by="wang", why="not agreed", at=NOW)
    assert propose(database, "-250.00").no == 2


def test_each_is_handed_over_once_and_an_export_can_be_had_again(database: SqlDatabase) -> None:
    propose(database, "-50.00")
    propose(database, "-250.00", reference="INV-2")  # still waits for approval
    propose(database, "80.00", AdjustmentKind.MISSING_INVOICE, PAYABLE, "THEIRS-9")
    made = export_journal(database, POLICY, by="wang", at=NOW)
    assert (made.number, made.adjustments) == (1, (1, 3))
    first, second = made.journal.rows
    assert (first["debit"], first["credit"], first["counter_account"]) == (None, Decimal("50.00"), "6001")
    assert (second["debit"], second["credit"]) == (None, Decimal("80.00"))  # we owe the supplier more
    assert export_journal(database, POLICY, by="wang", at=NOW).number is None
    assert export_journal(database, POLICY, by="wang", at=NOW, again=1).journal == made.journal
    with pytest.raises(Refusal, match="no export 2"):
        export_journal(database, POLICY, by="wang", at=NOW, again=2)


def test_the_csv_keeps_amounts_plain_and_turns_no_name_into_a_formula(database: SqlDatabase) -> None:
    propose(database, "80.00", AdjustmentKind.MISSING_INVOICE, PAYABLE, "THEIRS-9")
    content = csv_file(export_journal(database, POLICY, by="li", at=NOW).journal).decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in content
    assert ",80.00,CNY," in content


def test_an_import_that_carries_the_voucher_shows_that_it_was_booked(database: SqlDatabase) -> None:
    one = propose(database, "-50.00")
    assert note_booked(database, NOW) == []
    booked = item("L2", "CN-7", "-45.00", description=f"{one.voucher} price")
    imported(database, item("L1", "INV-1", "500.00"), booked)
    (found,) = note_booked(database, NOW)
    assert found.state is AdjustmentState.BOOKED
    with database.reading() as work:
        entry = list(work.journal.entries(f"case:{RECEIVABLE}"))[-1]
    assert (entry.action, entry.facts["amount"], entry.facts["differs_from"]) == (
        "adjustment.booked", "-45.00", "-50.00",
    )  # fmt: skip
    assert note_booked(database, NOW) == []


def test_the_policy_that_ships_can_be_read_and_a_slip_in_it_is_named(tmp_path: Path) -> None:
    assert read_adjustment_policy().write_off_up_to["CNY"] == Decimal("50")
    file = tmp_path / "adjustments.toml"
    file.write_text('[write_off_up_to]\nRMB = "5"\n', encoding="utf-8")
    with pytest.raises(Refusal, match="RMB: this is no currency"):
        read_adjustment_policy(file)
