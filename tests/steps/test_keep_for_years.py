"""What was kept long enough goes, but never what is held, shared or still waited for; and it never comes again."""

import datetime as dt
from decimal import Decimal

import pytest

from mailflow.adapters.archive import FileArchive
from mailflow.adapters.database.engine import open_engine
from mailflow.adapters.database.migrate import bring_up_to_date
from mailflow.adapters.database.unit_of_work import SqlDatabase
from mailflow.cases.case import State, TaskKind
from mailflow.receivables.party import Party, Side
from mailflow.refusals import Refusal
from mailflow.steps.keep_for_years import Keeping, expired, hold, holds, let_go, lift
from mailflow.steps.ports.mailroom import MessageState

OLD = dt.datetime(2015, 3, 1, tzinfo=dt.UTC)
NOW = dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC)
TEN_YEARS = Keeping(case_years=10, stray_days=365)


class Office:
    def __init__(self, url, directory):
        self.engine = open_engine(url)
        bring_up_to_date(self.engine)
        self.database, self.archive = SqlDatabase(self.engine), FileArchive(directory / "archive")
        self.uid = 0
        with self.database.writing() as work:
            work.ledger.put_parties([Party(f"C{n}", f"Party {n}", Side.RECEIVABLE) for n in range(3)])

    def case(self, name, party="C1", state=State.CLOSED, at=OLD):
        with self.database.writing() as work:
            work.casefile.open(
                case_id=name, party_id=party, side=Side.RECEIVABLE, currency="CNY", statement_no=name, version=1,
                as_of=at.date(), our_balance=Decimal(1), at=at, state=state,
            )  # fmt: skip
        return name

    def message(self, content, case=None, at=OLD, parts=(), done=True):
        stored = self.archive.store([content])
        kept = [{"sha256": self.archive.store([part]).sha256, "name": "a.csv"} for part in parts]
        self.uid += 1
        with self.database.writing() as work:
            epoch = work.mailroom.epoch("finance", "INBOX") or work.mailroom.begin_epoch("finance", "INBOX", 1, at)
            work.mailroom.discover(epoch, [self.uid], at)
            [place] = work.mailroom.to_fetch(epoch, at, 10)
            number, _ = work.mailroom.stored(place, stored.sha256, stored.size, at, at)
            work.mailroom.stage_done(number, "read", {"reading": {}, "parts": kept}, 0.0, at)
            work.mailroom.note(number, case_id=case, subject="hello", sender="a@b.example")
            work.search.put(number, ["hello"])
            if done:
                work.mailroom.finished(number, at)
        return number

    def state(self, number):
        with self.database.reading() as work:
            return work.mailroom.message(number).state

    def go(self):
        return let_go(self.database, self.archive, TEN_YEARS, NOW, by="anna")


@pytest.fixture
def office(database_url, tmp_path):
    made = Office(database_url, tmp_path)
    yield made
    made.engine.dispose()


def files(office):
    return len(list(office.archive._directory.glob("??/*")))


def test_the_mail_of_a_case_that_is_long_over_goes_with_its_attachments_and_leaves_a_tombstone(office):
    number = office.message(b"old", office.case("OLD-1"), parts=[b"sheet"])
    assert expired(office.database, TEN_YEARS, NOW).case_messages == [number]
    assert office.state(number) is MessageState.DONE  # looking changes nothing
    assert office.go().files == 2
    assert (office.state(number), files(office)) == (MessageState.ERASED, 0)
    with office.database.reading() as work:
        message = work.mailroom.message(number)
        assert (message.subject, message.sender, message.size) == ("", "", 3)
        assert work.mailroom.results(number) == {}
        [entry] = [one for one in work.journal.entries("case:OLD-1") if one.action == "retention.erased"]
        assert entry.facts["messages"] == [{"no": number, "sha256": message.sha256}]
    assert not office.go().any


def test_what_is_young_open_waited_for_or_held_stays(office):
    office.message(b"young", office.case("A"), at=NOW - dt.timedelta(days=30))
    office.message(b"open", office.case("B", state=State.DISPUTED))
    waits = office.message(b"waits", office.case("C"))
    with office.database.writing() as work:
        work.casefile.raise_task(TaskKind.QUESTION, case_id="C", message=waits, at=OLD)
    office.message(b"held", office.case("D", party="C2"))
    office.message(b"held too", office.case("E", party="C0"))
    hold(office.database, case_id="D", by="anna", at=NOW, why="court")
    number = hold(office.database, party_id="C0", by="anna", at=NOW, why="audit")
    assert not office.go().any
    assert len(holds(office.database)) == 2
    lift(office.database, number, by="ben", at=NOW)
    assert office.go().cases == ["E"]


def test_a_file_that_something_else_needs_stays(office):
    office.message(b"old", office.case("OLD-1"), parts=[b"shared sheet"])
    office.message(b"new", office.case("NEW-1"), at=NOW, parts=[b"shared sheet"])
    assert office.go().files == 1
    assert files(office) == 2


def test_mail_of_no_case_goes_by_its_own_clock_unless_a_person_has_to_look(office):
    gone, kept = office.message(b"spam"), office.message(b"unplaced")
    with office.database.writing() as work:
        work.casefile.raise_task(TaskKind.UNPLACED, case_id=None, message=kept, at=OLD)
    quarantined = office.message(b"broken", done=False)
    assert office.go().strays == [gone]
    assert office.state(quarantined) is MessageState.WAITING


def test_without_a_policy_everything_is_kept(office):
    office.message(b"old", office.case("OLD-1"))
    assert not let_go(office.database, office.archive, Keeping(), NOW, by="anna").any


def test_a_crash_between_rows_and_files_is_made_good_by_the_next_run(office, monkeypatch):
    office.message(b"old", office.case("OLD-1"))
    monkeypatch.setattr("mailflow.steps.keep_for_years._remove_files", lambda database, archive: 0)
    office.go()
    assert files(office) == 1
    monkeypatch.undo()
    assert office.go().files == 1
    assert files(office) == 0


def test_the_same_bytes_are_not_taken_in_again_after_they_went(office):
    number = office.message(b"old", office.case("OLD-1"))
    office.go()
    with office.database.writing() as work:
        epoch = work.mailroom.begin_epoch("finance", "INBOX", 2, NOW)
        work.mailroom.discover(epoch, [1], NOW)
        [place] = work.mailroom.to_fetch(epoch, NOW, 10)
        sha256 = work.mailroom.message(number).sha256
        assert work.mailroom.stored(place, sha256, 3, NOW, NOW) == (number, False)


def test_a_hold_on_nothing_is_refused(office):
    for how in ({"case_id": "NONE"}, {"party_id": "NONE"}, {}):
        with pytest.raises(Refusal):
            hold(office.database, by="anna", at=NOW, why="", **how)
    with pytest.raises(Refusal):
        lift(office.database, 5, by="anna", at=NOW)
