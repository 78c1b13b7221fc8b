"""Accept, reject, link by hand, split, undo: kept with who and when, used at once and on the next statement."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from mailflow.adapters.database.engine import open_engine
from mailflow.adapters.database.migrate import bring_up_to_date
from mailflow.adapters.database.unit_of_work import SqlDatabase
from mailflow.cases.case import State
from mailflow.receivables.ledger import Item
from mailflow.receivables.party import Party, Side
from mailflow.reconciliation import Policy
from mailflow.refusals import Refusal
from mailflow.steps.decide_matches import (
    accept_match,
    decisions_of_case,
    link_by_hand,
    reject_match,
    split_match,
    undo_decision,
)
from mailflow.steps.reconcile_documents import ReconcileDocuments
from parsers.documents import Document, Kind, Line, LineType, Trust

NOW = dt.datetime(2026, 11, 2, 1, tzinfo=dt.UTC)
OCTOBER, NOVEMBER = dt.date(2026, 10, 31), dt.date(2026, 11, 30)
POLICY = Policy()


def item(id: str, reference: str, amount: str, day: str, type: str = "invoice") -> Item:
    return Item(
        id=id, party_id="C1", side=Side.RECEIVABLE, reference=reference, date=dt.date.fromisoformat(day), type=type,
        currency="CNY", amount=Decimal(amount), party_name="Kestrel",
    )  # fmt: skip


LEDGER = [
    item("L1", "INV-1001", "500.00", "2026-10-05"),
    item("L2", "INV-1002", "310.00", "2026-10-06"),
    item("L3", "INV-1003", "310.00", "2026-10-20"),
    item("L4", "INV-1004", "70.00", "2026-10-21"),
]
LINES = [
    ("INV-1001", "500.00", "2026-10-05"),
    ("", "310.00", "2026-10-09"),
    ("", "310.00", "2026-10-22"),
    ("INV-1004", "75.00", "2026-10-21"),
]


def document(day: dt.date, lines=LINES) -> Document:
    total = sum((Decimal(amount) for _, amount, _ in lines), Decimal(0))
    return Document(
        file="theirs.csv", format="csv", kind=Kind.STATEMENT, date=day, period_end=day, currency="CNY",
        closing_balance=total, trust=Trust.PROVEN,
        lines=[
            Line(
                no=n, amount=Decimal(amount), type=LineType.INVOICE, date=dt.date.fromisoformat(when), reference=ref,
                currency="CNY",
            )
            for n, (ref, amount, when) in enumerate(lines, 1)
        ],
    )  # fmt: skip


class Desk:
    """A case for each month and what the stage "reconcile" makes of the document that came in it."""

    def __init__(self, url: str) -> None:
        self.engine = open_engine(url)
        bring_up_to_date(self.engine)
        self.database = SqlDatabase(self.engine)
        with self.database.writing() as work:
            work.ledger.put_parties([Party("C1", "Kestrel", Side.RECEIVABLE, emails=("ap@kestrel.example",))])
        self.ledger(LEDGER, OCTOBER)

    def ledger(self, items, as_of) -> None:
        with self.database.writing() as work:
            sides = [Side.RECEIVABLE]
            number = work.ledger.begin_import(at=NOW, as_of=as_of, sides=sides, name="l.csv", sha256=f"{as_of}")
            work.ledger.put_items(items, import_no=number, as_of=as_of, whole=sides)

    def comes(self, came: Document) -> tuple[str, int]:
        """(case, number of the document) once it has been compared."""
        case_id = f"SOA-{came.date:%Y%m}-C1-CNY"
        with self.database.writing() as work:
            work.casefile.open(
                case_id=case_id, party_id="C1", side=Side.RECEIVABLE, currency="CNY", statement_no=case_id, version=1,
                as_of=came.date, our_balance=Decimal(1190), at=NOW, state=State.SENT,
            )  # fmt: skip
            epoch = work.mailroom.epoch("finance", "INBOX") or work.mailroom.begin_epoch("finance", "INBOX", 1, NOW)
            uid = 1 + len(work.mailroom.known_uids(epoch))
            work.mailroom.discover(epoch, [uid], NOW)
            [place] = work.mailroom.to_fetch(epoch, NOW, 5)
            message, _ = work.mailroom.stored(place, f"{uid:064x}", 10, NOW, NOW)
            number = work.documents.keep(message, 0, "0" * 64, came.file, came, NOW)
            stored = work.mailroom.message(message)
        placed = {"party": "C1", "side": "receivable", "case": case_id, "belief": "known"}
        outcome = ReconcileDocuments(self.database, POLICY)(stored, {"thread": placed})
        with self.database.writing() as work:
            outcome.write(work, NOW)
        return case_id, number

    def record(self, case_id: str) -> dict:
        with self.database.reading() as work:
            return work.documents.reconciliations(case_id)[-1].record


@pytest.fixture
def desk(database_url):
    made = Desk(database_url)
    yield made
    made.engine.dispose()


def links(record: dict) -> dict[tuple, str]:
    return {(tuple(sorted(m["ours"])), tuple(sorted(m["theirs"]))): m["rule"] for m in record["matches"]}


def adds_up(record: dict) -> bool:
    steps = sum((Decimal(one["amount"]) for one in record["reconciling_items"]), Decimal(0))
    return Decimal(record["our_balance"]) + steps + Decimal(record["proof"]["unexplained"]) == Decimal(
        record["their_balance"]
    )


WHO = {"by": "li", "at": NOW}


def test_a_proposal_that_is_accepted_becomes_certain_and_stands_in_the_journal(desk) -> None:
    case, number = desk.comes(document(OCTOBER))
    before = desk.record(case)
    [proposal] = [m for m in before["matches"] if m["ours"] == ["L2"]]
    assert not proposal["automatic"]
    answer = accept_match(desk.database, POLICY, case, number, ["L2"], proposal["theirs"], **WHO, why="same goods")
    assert links(answer.record)[("L2",), tuple(proposal["theirs"])] == "confirmed_by_person"
    assert desk.record(case) == answer.record and adds_up(answer.record)
    with desk.database.reading() as work:
        entry = work.journal.recent(1)[0]
    assert (entry.actor, entry.action, entry.subject) == ("li", "match.accepted", f"case:{case}")
    assert entry.facts["decision"] == answer.decision and entry.facts["why"] == "same goods"
    [kept] = decisions_of_case(desk.database, case)
    assert (kept.decision.by, kept.at, kept.stands) == ("li", NOW, True)
    assert kept.decision.said["ours"] == [
        {"id": "L2", "reference": "INV-1002", "amount": "310.00", "date": "2026-10-06"}
    ]


def test_only_what_is_proposed_can_be_accepted(desk) -> None:
    case, number = desk.comes(document(OCTOBER))
    before = desk.record(case)
    with pytest.raises(Refusal, match="no such link"):
        accept_match(desk.database, POLICY, case, number, ["L1"], [2], **WHO)
    assert desk.record(case) == before and decisions_of_case(desk.database, case) == []


def test_linked_by_hand_whatever_was_proposed_and_the_difference_is_named(desk) -> None:
    case, number = desk.comes(document(OCTOBER))
    answer = link_by_hand(desk.database, POLICY, case, number, ["L2", "L3"], [2], **WHO)
    assert links(answer.record)[("L2", "L3"), (2,)] == "confirmed_by_person"
    assert adds_up(answer.record)
    assert "-310.00" in [one["amount"] for one in answer.record["reconciling_items"]]
    with pytest.raises(Refusal, match="linked already by li"):
        link_by_hand(desk.database, POLICY, case, number, ["L3"], [3], **WHO)


def test_what_cannot_be_linked_is_refused_in_one_sentence_and_changes_nothing(desk) -> None:
    case, number = desk.comes(document(OCTOBER))
    before = desk.record(case)
    for ours, theirs, words in (
        (["L9"], [1], "no item of Kestrel"), (["L1"], [9], "no line 9"), (["L1"], [], "at least two"),
        (["L1", "L1"], [1], "named twice"), (["L1", "L2"], [], "do not add up to nothing"),
    ):  # fmt: skip
        with pytest.raises(Refusal, match=words):
            link_by_hand(desk.database, POLICY, case, number, ours, theirs, **WHO)
    with pytest.raises(Refusal, match="no comparison with document 99"):
        link_by_hand(desk.database, POLICY, case, 99, ["L1"], [1], **WHO)
    assert desk.record(case) == before and decisions_of_case(desk.database, case) == []


def test_a_rejected_proposal_does_not_come_back_and_can_be_undone(desk) -> None:
    case, number = desk.comes(document(OCTOBER))
    before = desk.record(case)
    answer = reject_match(desk.database, POLICY, case, number, ["L2"], [2], **WHO)
    assert (("L2",), (2,)) not in links(answer.record) and adds_up(answer.record)
    undone = undo_decision(desk.database, POLICY, answer.decision, by="wang", at=NOW)
    assert undone.record == before == desk.record(case)
    [kept] = decisions_of_case(desk.database, case)
    assert (kept.stands, kept.withdrawn_by) == (False, "wang")
    with pytest.raises(Refusal, match="withdrawn before, by wang"):
        undo_decision(desk.database, POLICY, answer.decision, **WHO)


def test_an_automatic_link_can_be_split_and_a_persons_own_link_too(desk) -> None:
    case, number = desk.comes(document(OCTOBER))
    split = split_match(desk.database, POLICY, case, number, ["L1"], [1], **WHO)
    assert (("L1",), (1,)) not in links(split.record) and adds_up(split.record)
    linked = link_by_hand(desk.database, POLICY, case, number, ["L1"], [1], **WHO)
    assert links(linked.record)[("L1",), (1,)] == "confirmed_by_person"
    split_match(desk.database, POLICY, case, number, ["L1"], [1], **WHO)
    assert (("L1",), (1,)) not in links(desk.record(case))
    stands = {one.no: one.stands for one in decisions_of_case(desk.database, case)}
    assert stands[linked.decision] is False


def test_next_month_the_answers_are_the_same_without_asking_again(desk) -> None:
    case, number = desk.comes(document(OCTOBER))
    link_by_hand(desk.database, POLICY, case, number, ["L2"], [3], **WHO)
    reject_match(desk.database, POLICY, case, number, ["L3"], [2], **WHO)
    desk.ledger([*LEDGER, item("L5", "INV-1005", "310.00", "2026-11-09")], NOVEMBER)
    later = [LINES[2], ("INV-1001", "500.00", "2026-10-06"), LINES[1], LINES[3], ("INV-1005", "310.00", "2026-11-09")]
    november, _ = desk.comes(document(NOVEMBER, later))
    found = links(desk.record(november))
    assert found[("L2",), (1,)] == "confirmed_by_person"
    assert found[("L1",), (2,)] == "carried_match"
    assert found[("L4",), (4,)] == "carried_match"
    assert found[("L5",), (5,)] == "exact_reference"
    assert (("L3",), (3,)) not in found
    assert adds_up(desk.record(november))


def test_what_october_closed_is_not_matched_with_a_november_line(desk) -> None:
    october, _ = desk.comes(document(OCTOBER))
    assert links(desk.record(october))[("L1",), (1,)] == "exact_reference"
    november, _ = desk.comes(document(NOVEMBER, [*LINES[1:], ("Z-9", "500.00", "2026-11-04")]))
    record = desk.record(november)
    assert all("L1" not in match["ours"] for match in record["matches"])
    assert adds_up(record)
