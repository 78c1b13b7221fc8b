"""Our letters, their documents and decisions are found by their words, as messages are, on both databases."""

import datetime as dt
from decimal import Decimal

import pytest

from mailflow.adapters.archive import FileArchive
from mailflow.adapters.database.engine import open_engine
from mailflow.adapters.database.migrate import bring_up_to_date
from mailflow.adapters.database.unit_of_work import SqlDatabase
from mailflow.receivables.party import Side
from mailflow.steps.find import find
from mailflow.steps.ports.outbox import LetterKey, NewLetter
from mailflow.steps.ports.search import Kind
from mailflow.steps.search_records import find_records, gather, rebuild_records
from parsers import parse

NOW = dt.datetime(2026, 11, 2, 1, tzinfo=dt.UTC)
LETTER = (
    "From: ar@huaxing.example\r\nSubject: =?utf-8?b?5a+56LSm5Y2V?=\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    "请于十五日前核对余额,特此函告。\r\n"
).encode()


@pytest.fixture
def office(database_url, tmp_path):
    engine = open_engine(database_url)
    bring_up_to_date(engine)
    database, archive = SqlDatabase(engine), FileArchive(tmp_path / "archive")
    with database.writing() as work:
        for name, party in (("SOA-1", "C1"), ("SOA-2", "C2")):
            work.casefile.open(
                case_id=name, party_id=party, side=Side.RECEIVABLE, currency="CNY", statement_no=name, version=1,
                as_of=dt.date(2026, 10, 31), our_balance=Decimal(1), at=NOW,
            )  # fmt: skip
        stored = archive.store([LETTER])
        key = LetterKey("SOA-1", 1, "ap@kestrel.example")
        new = NewLetter(key, "SOA-1", "ar@huaxing.example", "对账单", "<1@h>", "abcde", stored.sha256, stored.size)
        work.outbox.queue(new, NOW)
        work.journal.append(NOW, "anna", "case.closed", "case:SOA-2", {"why": "written off as agreed with Mr Petersen"})
        epoch = work.mailroom.begin_epoch("finance", "INBOX", 1, NOW)
        work.mailroom.discover(epoch, [1], NOW)
        [place] = work.mailroom.to_fetch(epoch, NOW, 5)
        number, _ = work.mailroom.stored(place, "0" * 64, 10, NOW, NOW)
        work.mailroom.note(number, sender="ap@kestrel.example", message_id="<m@kestrel.example>")
        work.search.put(number, ["kestrel"])
        [document] = parse(b"date,invoice,amount\n2026-10-03,INV-9077,100.00\ntotal,,100.00\n", "list.csv")
        work.documents.keep(number, 0, "0" * 64, "list.csv", document, NOW)
        work.documents.assign(number, "SOA-1")
    yield database, archive
    engine.dispose()


def found(office, words, **options):
    return [(hit.kind, hit.case_id) for hit in find_records(*office, words, **options)]


def test_a_letter_is_found_by_its_text_a_document_by_a_line_a_decision_by_its_reason(office):
    assert found(office, "核对余额") == [(Kind.LETTER, "SOA-1")]
    assert found(office, "INV-9077") == [(Kind.DOCUMENT, "SOA-1")]
    assert found(office, "petersen") == [(Kind.DECISION, "SOA-2")]
    assert found(office, "anna") == [(Kind.DECISION, "SOA-2")]
    assert found(office, "nobody") == []


def test_only_the_conversations_of_one_party_when_named(office):
    assert found(office, "petersen", party_id="C1") == []
    assert found(office, "petersen", party_id="C2") == [(Kind.DECISION, "SOA-2")]


def test_what_comes_later_is_gathered_when_it_is_asked_for_and_nothing_twice(office):
    database, _ = office
    assert gather(*office) == 3
    assert gather(*office) == 0
    with database.writing() as work:
        work.journal.append(NOW, "ben", "case.reopened", "case:SOA-2", {"why": "Petersen paid after all"})
    assert len(found(office, "petersen")) == 2
    assert rebuild_records(*office) == 4
    assert len(found(office, "petersen")) == 2


def test_the_desk_finds_messages_by_their_words_and_by_their_id(office):
    database, _ = office
    assert [one.no for one in find(database, "kestrel").messages] == [1]
    assert [one.no for one in find(database, "m@kestrel.example").messages] == [1]
