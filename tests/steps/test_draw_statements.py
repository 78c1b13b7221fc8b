"""From the ledger on record to frozen statements and their cases, on both databases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

import pytest

from mailflow.adapters.database.engine import open_engine
from mailflow.adapters.database.migrate import bring_up_to_date
from mailflow.adapters.database.unit_of_work import SqlDatabase
from mailflow.cases.case import State
from mailflow.cases.dispute import Dispute
from mailflow.cases.promise import PromiseToPay
from mailflow.correspondence.message import DisputeReason
from mailflow.receivables.company import BankAccount, Company
from mailflow.receivables.ledger import Item
from mailflow.receivables.party import Party, Side
from mailflow.receivables.review_policy import ReviewPolicy, Rule
from mailflow.receivables.statement_record import content_hash, from_record, to_record
from mailflow.steps.draw_statements import Change, Drawn, Run, draw_statements
from mailflow.steps.import_ledger import ReadFile, import_ledger
from mailflow.steps.ports.outbox import LetterKey, LetterState, NewLetter
from mailflow.steps.ports.statements import Standing
from mailflow.steps.review_statements import Outcome, PartyNames, approve_held, held

D = dt.date.fromisoformat
AS_OF = D("2026-10-31")
NOW = dt.datetime(2026, 11, 2, 1, tzinfo=dt.UTC)
COMPANY = Company("华星贸易", address="ar@huaxing.example", bank_accounts=(BankAccount("CNY", ("A/C 1",)),))
C1 = Party("C1", "恒泰包装材料", Side.RECEIVABLE, emails=("a@hengtai.example",), payment_terms="net30")
C2 = Party("C2", "Northgate Ltd", Side.RECEIVABLE, emails=("ap@northgate.example",))
S1 = Party("S1", "Delta Freight", Side.PAYABLE, emails=("b@delta.example",))


@pytest.fixture
def database(database_url: str) -> SqlDatabase:
    engine = open_engine(database_url)
    bring_up_to_date(engine)
    return SqlDatabase(engine)


def item(no: str, party: Party, amount: str, dated: str = "2026-10-05", opened: str | None = "same") -> Item:
    return Item(
        id=no, party_id=party.id, side=party.side, reference=f"INV-{no}", date=D(dated), currency="CNY",
        amount=Decimal(amount), type="invoice" if Decimal(amount) > 0 else "payment",
        open_amount=Decimal(amount if opened == "same" else opened) if opened is not None else None,
    )  # fmt: skip


LEDGER = [item("A", C1, "100.00"), item("B", C1, "50.00", "2026-09-01"), item("N", C2, "70.00"), item("S", S1, "9.00")]


def take_in(
    database: SqlDatabase,
    items: Iterable[Item] = LEDGER,
    parties: Iterable[Party] = (C1, C2, S1),
    at: dt.datetime = NOW,
) -> None:
    files = [ReadFile("l", "0" * 64)]
    import_ledger(
        database, items=list(items), parties=list(parties), files=files, as_of=AS_OF, now=NOW, allow_gone=True
    )


def run(database: SqlDatabase, **how: object) -> Run:
    return draw_statements(database, **{"as_of": AS_OF, "company": COMPANY, "now": NOW, **how})  # type: ignore[arg-type]


def of(drawn: Run, party: str) -> Drawn:
    (found,) = [one for one in drawn if one.statement.party.id == party]
    return found


def issue(database: SqlDatabase, number: str, version: int, at: dt.datetime = NOW) -> None:
    with database.writing() as work:
        work.statements.issued(number, version, at)


def state(database: SqlDatabase, number: str) -> State:
    with database.reading() as work:
        case = work.casefile.get(number)
        assert case is not None
        return case.state


def test_every_customer_gets_a_frozen_statement_and_a_case(database: SqlDatabase) -> None:
    take_in(database)
    drawn = run(database)
    assert [(one.statement.number, one.statement.closing, one.standing, one.change) for one in drawn] == [
        ("SOA-202610-C1-CNY", Decimal("150.00"), Standing.RELEASED, Change.NEW),
        ("SOA-202610-C2-CNY", Decimal("70.00"), Standing.RELEASED, Change.NEW),
    ]
    assert [(one.party_id, one.why) for one in drawn.skipped] == [("S1", "supplier")]
    assert state(database, "SOA-202610-C1-CNY") is State.QUEUED
    with database.reading() as work:
        kept = work.statements.get("SOA-202610-C1-CNY")
        assert kept is not None and kept.statement == of(drawn, "C1").statement
        assert kept.statement.reply_by == D("2026-11-16") and kept.statement.opening == Decimal("50.00")
        assert [entry.action for entry in work.journal.entries("case:SOA-202610-C1-CNY")] == [
            "statement.drawn", "case.released",
        ]  # fmt: skip


def test_a_supplier_gets_one_when_named(database: SqlDatabase) -> None:
    take_in(database)
    assert [one.statement.number for one in run(database, party_ids=["S1"])] == ["SOA-202610-S1-CNY-P"]


def test_drawing_again_changes_nothing(database: SqlDatabase) -> None:
    take_in(database)
    first, second = run(database), run(database, now=NOW + dt.timedelta(hours=1))
    assert [one.change for one in second] == [Change.SAME, Change.SAME]
    assert [one.statement for one in second] == [one.statement for one in first]
    with database.reading() as work:
        assert len(work.statements.versions("SOA-202610-C1-CNY")) == 1


def test_without_an_address_it_is_held_and_nobody_can_release_it_until_the_address_is_there(
    database: SqlDatabase,
) -> None:
    take_in(database, parties=[replace(C1, emails=()), C2])
    drawn = of(run(database), "C1")
    assert drawn.standing is Standing.HELD and [one.rule for one in drawn.findings][:1] == [Rule.NO_ADDRESS]
    assert "恒泰包装材料" in drawn.findings[0].text("zh") and drawn.findings[0].release == "nobody"
    assert [one.outcome for one in approve_held(database, by="li", now=NOW)] == [Outcome.BLOCKED]
    assert state(database, "SOA-202610-C1-CNY") is State.HELD
    take_in(database)
    again = of(run(database), "C1")
    assert (again.standing, again.change) == (Standing.RELEASED, Change.SAME)
    with database.reading() as work:
        kept = work.statements.get("SOA-202610-C1-CNY")
        assert kept is not None and kept.statement.party.emails == C1.emails


def test_an_account_of_nobody_in_the_parties_file_is_held_by_its_ledger_name(database: SqlDatabase) -> None:
    take_in(database, [replace(LEDGER[0], party_name="无名公司")], parties=[])
    (drawn,) = run(database)
    assert drawn.statement.party.name == "无名公司" and drawn.standing is Standing.HELD


def test_a_person_releases_what_is_held_and_the_journal_knows_who(database: SqlDatabase) -> None:
    take_in(database, [item("A", C1, "-100.00")])
    assert of(run(database), "C1").standing is Standing.HELD
    (released,) = approve_held(database, by="li", now=NOW)
    assert released.outcome is Outcome.RELEASED and state(database, released.number) is State.QUEUED
    with database.reading() as work:
        kept = work.statements.get(released.number)
        assert kept is not None and kept.released_by == "li" and held(database) == []
        actions = [(entry.action, entry.actor) for entry in work.journal.entries(f"case:{released.number}")]
        assert ("statement.approved", "li") in actions and ("case.released", "li") in actions
    assert of(run(database), "C1").standing is Standing.RELEASED


def test_above_the_limit_two_different_people_must_release_it(database: SqlDatabase) -> None:
    take_in(database)
    policy = ReviewPolicy(two_people_above={"CNY": Decimal(100)})
    assert of(run(database, policy=policy), "C1").standing is Standing.HELD
    for _ in range(2):
        assert [one.outcome for one in approve_held(database, by="li", now=NOW)] == [Outcome.NEEDS_ANOTHER]
        assert of(run(database, policy=policy), "C1").standing is Standing.HELD
    (second,) = approve_held(database, by="wang", now=NOW)
    assert second.outcome is Outcome.RELEASED
    with database.reading() as work:
        kept = work.statements.get(second.number)
        assert kept is not None and kept.released_by == "li, wang"


def test_only_the_named_are_released(database: SqlDatabase) -> None:
    take_in(database, [item("A", C1, "-1.00"), item("N", C2, "-1.00")])
    run(database)
    assert [one.number for one in approve_held(database, by="li", now=NOW, party_ids=["C2"])] == ["SOA-202610-C2-CNY"]
    assert approve_held(database, by="li", now=NOW, as_of=D("2026-09-30")) == []


def test_a_return_booked_late_makes_a_second_version_that_is_held_as_a_correction(database: SqlDatabase) -> None:
    take_in(database)
    number = "SOA-202610-C1-CNY"
    run(database)
    issue(database, number, 1)
    take_in(database, [*LEDGER, item("R", C1, "-20.00", "2026-10-28")])
    drawn = of(run(database), "C1")
    assert (drawn.statement.version, drawn.statement.closing) == (2, Decimal("130.00"))
    assert drawn.change is Change.CORRECTED and drawn.standing is Standing.HELD
    assert Rule.CORRECTION in [one.rule for one in drawn.findings]
    with database.reading() as work:
        one, two = work.statements.versions(number)
        assert (one.standing, one.issued, two.standing, two.issued) == (Standing.WITHDRAWN, True, Standing.HELD, False)
        assert one.statement.closing == Decimal("150.00")
        case = work.casefile.get(number)
        assert case is not None and (case.version, case.our_balance, case.state) == (2, Decimal("130.00"), State.HELD)


def test_letters_of_the_old_version_that_have_not_gone_out_are_taken_back(database: SqlDatabase) -> None:
    take_in(database)
    run(database)
    number = "SOA-202610-C1-CNY"
    with database.writing() as work:
        letter = work.outbox.queue(
            NewLetter(
                LetterKey(number, 1, "a@hengtai.example"), number, "ar@x.example", "s", "<i@x>", "t", "0" * 64, 1
            ),
            NOW,
        )
        work.statements.issued(number, 1, NOW)
    take_in(database, [*LEDGER, item("R", C1, "-20.00", "2026-10-28")])
    run(database)
    assert letter is not None
    with database.reading() as work:
        kept = work.outbox.letter(letter)
        assert kept is not None and kept.state is LetterState.CANCELLED


def test_a_payment_after_the_day_changes_nothing_even_when_the_ledger_of_a_later_day_is_imported(
    database: SqlDatabase,
) -> None:
    take_in(database)
    first = run(database)
    later = [replace(LEDGER[0], open_amount=Decimal(0)), *LEDGER[1:], item("P", C1, "-100.00", "2026-11-02", "0.00")]
    import_ledger(
        database, items=later, parties=None, files=[ReadFile("l", "1" * 64)], as_of=D("2026-11-05"),
        now=NOW + dt.timedelta(3),
    )  # fmt: skip
    second = run(database)
    assert [one.change for one in second] == [Change.SAME, Change.SAME]
    assert content_hash(of(second, "C1").statement) == content_hash(of(first, "C1").statement)
    assert of(run(database, as_of=D("2026-11-05"), now=NOW + dt.timedelta(3)), "C1").statement.closing == Decimal(50)


def test_the_next_period_opens_with_what_the_last_one_closed_with(database: SqlDatabase) -> None:
    take_in(database)
    run(database)
    issue(database, "SOA-202610-C1-CNY", 1)
    november = dt.datetime(2026, 12, 1, 1, tzinfo=dt.UTC)
    import_ledger(
        database, items=[*LEDGER, item("D", C1, "5.00", "2026-11-20")], parties=None,
        files=[ReadFile("l", "2" * 64)], as_of=D("2026-11-30"), now=november,
    )  # fmt: skip
    drawn = of(run(database, as_of=D("2026-11-30"), now=november), "C1")
    assert (drawn.statement.opening, drawn.statement.closing) == (Decimal("150.00"), Decimal("155.00"))
    assert drawn.statement.period_start == D("2026-11-01") and Rule.FIRST_TIME not in [f.rule for f in drawn.findings]


def test_a_posting_booked_back_into_an_issued_period_is_shown_as_that(database: SqlDatabase) -> None:
    take_in(database)
    run(database)
    issue(database, "SOA-202610-C1-CNY", 1)
    november = dt.datetime(2026, 12, 1, 1, tzinfo=dt.UTC)
    import_ledger(
        database, items=[*LEDGER, item("R", C1, "-20.00", "2026-10-28")], parties=None,
        files=[ReadFile("l", "2" * 64)], as_of=D("2026-11-30"), now=november,
    )  # fmt: skip
    drawn = of(run(database, as_of=D("2026-11-30"), now=november), "C1")
    (finding,) = [one for one in drawn.findings if one.rule is Rule.ROLL_FORWARD]
    assert "-20.00" in finding.text("en") and drawn.standing is Standing.HELD


def test_a_dormant_account_is_skipped_with_its_reason(database: SqlDatabase) -> None:
    take_in(database, [item("A", C1, "10.00", "2026-01-05", "0.00"), item("P", C1, "-10.00", "2026-02-05", "0.00")])
    drawn = run(database)
    assert len(drawn) == 0 and [one.why for one in drawn.skipped] == ["nothing_to_state"]


def test_two_currencies_are_two_statements_and_never_added(database: SqlDatabase) -> None:
    take_in(database, [item("A", C1, "10.00"), replace(item("B", C1, "20.00"), currency="USD")])
    assert [(one.statement.number, one.statement.closing) for one in run(database)] == [
        ("SOA-202610-C1-CNY", Decimal(10)), ("SOA-202610-C1-USD", Decimal(20)),
    ]  # fmt: skip


def test_two_parties_with_similar_names_and_one_address_are_both_held_and_neither_shows_the_others_rows(
    database: SqlDatabase,
) -> None:
    twin = replace(C2, id="C11", name="恒泰包装材料二厂", emails=C1.emails)
    take_in(database, [item("A", C1, "100.00"), item("X", twin, "70.00")], parties=[C1, twin])
    one, two = run(database)
    for drawn, other in ((one, two), (two, one)):
        assert drawn.standing is Standing.HELD and Rule.FOREIGN_ADDRESS in [f.rule for f in drawn.findings]
        said = str(to_record(drawn.statement))
        assert all(line.reference not in said for line in other.statement.open_lines)
    shared = ReviewPolicy(shared_addresses=frozenset(C1.emails))
    assert [drawn.standing for drawn in run(database, policy=shared)] == [Standing.RELEASED, Standing.RELEASED]


def test_a_statement_is_read_back_from_its_record_whole(database: SqlDatabase) -> None:
    take_in(database)
    statement = of(run(database), "C1").statement
    assert from_record(to_record(statement)) == statement
    marked = replace(
        statement, open_lines=tuple(replace(one, disputed=True) for one in statement.open_lines), version=9
    )
    assert content_hash(marked) == content_hash(statement)
    assert content_hash(replace(statement, closing=statement.closing + 1)) != content_hash(statement)


def test_a_row_that_names_another_party_is_held_but_ones_own_name_and_short_names_are_not(
    database: SqlDatabase,
) -> None:
    names = PartyNames([("Northgate Ltd", "C2"), ("恒泰包装材料", "C1"), ("ABC", "C3")])
    assert list(names.inside("货款 NORTHGATE LTD / 恒泰包装材料 ABC")) == [
        ("northgate ltd", "C2"),
        ("恒泰包装材料", "C1"),
    ]
    for text, standing in (("for Northgate Ltd", Standing.HELD), ("恒泰包装材料 货款", Standing.RELEASED)):
        take_in(database, [replace(LEDGER[0], description=text)])
        day = AS_OF if standing is Standing.HELD else D("2026-10-30")
        drawn = of(run(database, as_of=day), "C1")
        assert (drawn.standing, Rule.OTHER_PARTY_NAMED in [one.rule for one in drawn.findings]) == (
            standing, standing is Standing.HELD,
        )  # fmt: skip


def test_what_is_disputed_and_promised_is_marked_and_makes_no_new_version(database: SqlDatabase) -> None:
    take_in(database)
    run(database)
    issue(database, "SOA-202610-C1-CNY", 1)
    with database.writing() as work:
        case = "SOA-202610-C1-CNY"
        work.casefile.add_dispute(case, Dispute("inv a", DisputeReason.PRICE, "too dear"), message=1, at=NOW)
        promise = PromiseToPay(D("2026-11-20"), Decimal("50.00"), "CNY", "on the 20th")
        work.casefile.add_promise(case, promise, message=2, at=NOW)
    assert of(run(database), "C1").change is Change.SAME
    later = of(run(database, as_of=D("2026-11-15"), now=NOW + dt.timedelta(14)), "C1").statement
    assert [(one.reference, one.disputed, one.promised_on) for one in later.open_lines] == [
        ("INV-B", False, D("2026-11-20")), ("INV-A", True, None),
    ]  # fmt: skip
