"""A person splits and merges conversations: lasting, logged, undone."""

import datetime as dt
from decimal import Decimal

import pytest

from mailflow.adapters.database.engine import open_engine
from mailflow.adapters.database.migrate import bring_up_to_date
from mailflow.adapters.database.unit_of_work import SqlDatabase
from mailflow.receivables.party import Party, Side
from mailflow.refusals import Refusal
from mailflow.steps.arrange_conversations import decisions, merge, split, undo
from mailflow.steps.place_by_person import place_by_person
from mailflow.steps.place_message import PlaceMessage
from mailflow.steps.process_messages import Outcome, Stage, process_waiting, replay

NOW = dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC)


class Clock:
    def now(self):
        return NOW


def reading(message_id, in_reply_to=None, sender="x@stranger.example"):
    return {
        "message_id": message_id, "in_reply_to": in_reply_to, "references": [in_reply_to] if in_reply_to else [],
        "subject": "hello", "new_text": "", "quoted_text": None, "from": {"name": "", "address": sender}, "to": [],
        "cc": [], "date": None, "automatic": "no", "bounce": {}, "warnings": [],
        "authentication": {"spf": None, "dkim": None, "dmarc": None, "trusted": False, "aligned": False},
    }  # fmt: skip


class Office:
    def __init__(self, url):
        self.engine = open_engine(url)
        bring_up_to_date(self.engine)
        self.database = SqlDatabase(self.engine)
        self.said = {}
        place = PlaceMessage(self.database, ["ar@huaxing.example"], lambda one: False, False)
        read = Stage("read", self._read, ahead=lambda all: [self._read(one.message, {}) for one in all])
        self.stages = (read, Stage(place.name, place, within=place.within))

    def _read(self, message, results):
        said = self.said[message.sha256]
        return Outcome({"reading": said, "routing": {}, "parts": []}, facts={"message_id": said["message_id"]})

    def arrives(self, *said):
        with self.database.writing() as work:
            epoch = work.mailroom.epoch("finance", "INBOX") or work.mailroom.begin_epoch("finance", "INBOX", 1, NOW)
            first = len(self.said) + 1
            work.mailroom.discover(epoch, range(first, first + len(said)), NOW)
            for place, one in zip(work.mailroom.to_fetch(epoch, NOW, 100), said, strict=True):
                self.said[f"{place.uid:064x}"] = one
                work.mailroom.stored(place, f"{place.uid:064x}", 10, NOW, NOW)
        self.work()

    def work(self):
        while process_waiting(self.database, self.stages, Clock(), "w").any:
            pass

    def threads(self):
        found = {}
        with self.database.reading() as work:
            for message in work.mailroom.messages():
                found.setdefault(message.thread, set()).add(message.no)
        return sorted(map(sorted, found.values()))


@pytest.fixture
def office(database_url):
    made = Office(database_url)
    made.arrives(reading("<a@x>"), reading("<b@x>", "<a@x>"), reading("<c@x>", "<b@x>"), reading("<z@y>"))
    yield made
    made.engine.dispose()


HOW = {"by": "anna", "at": NOW}


def test_a_split_lasts_for_mail_that_comes_later_and_is_undone(office):
    assert office.threads() == [[1, 2, 3], [4]]
    number = split(office.database, [3], why="another matter", **HOW)
    assert office.threads() == [[1, 2], [3], [4]]
    office.arrives(reading("<d@x>", "<c@x>"), reading("<e@x>", "<a@x>"))
    assert office.threads() == [[1, 2, 6], [3, 5], [4]]
    undo(office.database, number, by="ben", at=NOW)
    assert office.threads() == [[1, 2, 3, 5, 6], [4]]
    with office.database.reading() as work:
        said = [(one.actor, one.action) for one in work.journal.entries(f"conversation:{number}")]
    assert said == [("anna", "conversation.split"), ("ben", "conversation.decision_undone")]
    assert decisions(office.database)[0].undone_by == "ben"


def test_a_merge_lasts_when_a_message_is_worked_on_again_and_is_undone(office):
    number = merge(office.database, [2, 4], **HOW)
    assert office.threads() == [[1, 2, 3, 4]]
    replay(office.database, office.stages, 4, NOW, by="anna", from_stage="thread")
    office.work()
    assert office.threads() == [[1, 2, 3, 4]]
    undo(office.database, number, **HOW)
    assert office.threads() == [[1, 2, 3], [4]]


def test_what_cannot_be_is_refused_in_a_sentence(office):
    for act, numbers in ((split, [1, 2, 3]), (split, [1, 4]), (split, [99]), (merge, [1, 2])):
        with pytest.raises(Refusal):
            act(office.database, numbers, **HOW)
    with pytest.raises(Refusal):
        undo(office.database, 7, **HOW)


def test_a_placement_by_a_person_survives_a_replay_from_the_thread_stage(office):
    with office.database.writing() as work:
        work.ledger.put_parties([Party("C1", "Kestrel", Side.RECEIVABLE, emails=("ap@kestrel.example",))])
        work.casefile.open(
            case_id="SOA-1", party_id="C1", side=Side.RECEIVABLE, currency="CNY", statement_no="SOA-1", version=1,
            as_of=dt.date(2026, 10, 31), our_balance=Decimal(1), at=NOW,
        )  # fmt: skip
    later = (*office.stages, Stage("understand", lambda message, results: Outcome({})))
    place_by_person(office.database, later, 4, "SOA-1", **HOW)
    office.stages = later
    office.work()
    replay(office.database, office.stages, 4, NOW, by="anna", from_stage="thread")
    office.work()
    with office.database.reading() as work:
        assert work.mailroom.message(4).case_id == "SOA-1"
        assert work.mailroom.results(4)["thread"].result["why"] == "person"
