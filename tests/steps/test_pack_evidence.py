"""Evidence of a case: everything is in it, and any change of it is found."""

import datetime as dt
import json
from decimal import Decimal

import pytest

from mailflow.adapters.archive import FileArchive
from mailflow.adapters.database.engine import open_engine
from mailflow.adapters.database.migrate import bring_up_to_date
from mailflow.adapters.database.unit_of_work import SqlDatabase
from mailflow.adapters.evidence_index import index
from mailflow.cases.case import State
from mailflow.receivables.party import Party, Side
from mailflow.steps.pack_evidence import pack, verify

AT = dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC)
CASE = "SOA-202610-C1-CNY"


@pytest.fixture
def packed(tmp_path):
    """Manifest and files of a pack with two messages and some decisions."""
    engine = open_engine(f"sqlite:///{tmp_path}/mailflow.db")
    bring_up_to_date(engine)
    database, archive = SqlDatabase(engine), FileArchive(tmp_path / "archive")
    with database.writing() as work:
        work.ledger.put_parties([Party("C1", "恒泰包装", Side.RECEIVABLE)])
        work.casefile.open(
            case_id=CASE, party_id="C1", side=Side.RECEIVABLE, currency="CNY", statement_no=CASE, version=1,
            as_of=AT.date(), our_balance=Decimal(100), at=AT, state=State.SENT,
        )  # fmt: skip
        epoch = work.mailroom.begin_epoch("finance", "INBOX", 1, AT)
        work.mailroom.discover(epoch, [1, 2], AT)
        for place in work.mailroom.to_fetch(epoch, AT, 10):
            stored = archive.store([f"Subject: 对账 {place.uid}\r\n\r\n核对无误".encode()])
            number, _ = work.mailroom.stored(place, stored.sha256, stored.size, AT, AT)
            work.mailroom.note(number, case_id=CASE, subject=f"对账 {place.uid}", sender="a@b.example")
            work.mailroom.finished(number, AT)
        for what in ("case.noted", "case.closed"):
            work.journal.append(AT, "anna", what, f"case:{CASE}", {"why": "核对"})
    made = pack(database, archive, CASE, AT, "zh")
    made = made.sealed(index(made, "zh", "Asia/Shanghai"))
    engine.dispose()
    files = {name: archive.read(sha256) for name, sha256 in made.files.items()} | dict(made.inline)
    return made.manifest(), files


def test_a_pack_as_it_was_made_is_unchanged_and_holds_the_raw_mails_and_a_readable_index(packed):
    manifest, files = packed
    assert verify(manifest, files) == []
    assert {"messages/000001.eml", "messages/000002.eml", "index.html", "index.pdf"} <= files.keys()
    kinds = [record["kind"] for record in json.loads(manifest)["records"]]
    assert kinds.count("message") == 2 and kinds.count("decision") == 2 and kinds.count("index") == 2


def test_a_changed_byte_in_any_file_is_found(packed):
    manifest, files = packed
    for name, content in files.items():
        changed = content[:-1] + bytes([content[-1] ^ 1])
        assert any(name in problem for problem in verify(manifest, {**files, name: changed})), name


def test_a_file_that_is_missing_or_was_added_is_found(packed):
    manifest, files = packed
    for name in files:
        assert verify(manifest, {key: content for key, content in files.items() if key != name}), name
    assert verify(manifest, {**files, "messages/000003.eml": b"forged"})


def test_records_changed_dropped_added_or_swapped_are_found(packed):
    manifest, files = packed
    told = json.loads(manifest)
    count = len(told["records"])

    def found(change):
        again = json.loads(manifest)
        change(again["records"])
        return verify(json.dumps(again).encode(), files)

    for place in range(count):
        assert found(lambda records, at=place: records[at].update(about="something else"))
        assert found(lambda records, at=place: records.pop(at))
        assert found(lambda records, at=place: records.insert(at, records[at]))
        if place:
            assert found(lambda records, at=place: records.insert(at - 1, records.pop(at)))


def test_a_chain_made_anew_has_another_head_which_is_what_an_anchor_outside_shows(packed):
    manifest, _ = packed
    told = json.loads(manifest)
    assert told["head"] == told["records"][-1]["digest"]
    assert verify(json.dumps({**told, "head": "0" * 64}).encode(), packed[1])
