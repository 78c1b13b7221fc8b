"""Messages travel in company, and each keeps its own fate: order, failures, one commit a stretch, no result twice."""

import datetime as dt

import pytest

from mailflow.adapters.database.engine import open_engine
from mailflow.adapters.database.migrate import bring_up_to_date
from mailflow.adapters.database.unit_of_work import SqlDatabase
from mailflow.steps import process_messages
from mailflow.steps.ports.mailroom import MessageState
from mailflow.steps.process_messages import Hopeless, Outcome, Stage, process_waiting

NOW = dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC)


class Clock:
    def now(self):
        return NOW


class Way:
    """read (ahead), thread (within), understand (ahead), case (within); what happened stands in ``log``."""

    def __init__(self, database):
        self.database, self.log = database, []
        self.hopeless, self.breaks_together, self.breaks_alone, self.alone = set(), set(), set(), set()
        self.commits = 0

    def stages(self):
        def ahead(name):
            def run_all(travellers):
                self.log.append((name, [one.message.no for one in travellers]))
                return [
                    Hopeless("over a limit") if (name, one.message.no) in self.hopeless else Outcome({"by": name})
                    for one in travellers
                ]

            return Stage(name, self._one(name), ahead=run_all, alone=lambda m, r: (name, m.no) in self.alone)

        def within(name):
            def run_all(work, at, travellers):
                self.log.append((name, [one.message.no for one in travellers]))
                if any((name, one.message.no) in self.breaks_together for one in travellers):
                    raise ValueError("broken together")
                for one in travellers:
                    work.journal.append(at, "mailflow", f"test.{name}", f"message:{one.message.no}", {})
                return [Outcome({"by": name, "saw": sorted(one.results)}) for one in travellers]

            return Stage(name, self._one(name), within=run_all, alone=lambda m, r: (name, m.no) in self.alone)

        return (ahead("read"), within("thread"), ahead("understand"), within("case"))

    def _one(self, name):
        def run(message, results):
            self.log.append((name, message.no))
            if (name, message.no) in self.breaks_alone:
                raise ValueError("broken")
            if name in ("read", "understand"):
                return Outcome({"by": name})
            return Outcome(
                {"by": name},
                lambda work, at: work.journal.append(at, "mailflow", f"test.{name}", f"message:{message.no}", {}),
            )

        return run

    def arrive(self, count):
        with self.database.writing() as work:
            epoch = work.mailroom.begin_epoch("finance", "INBOX", 1, NOW)
            work.mailroom.discover(epoch, range(1, count + 1), NOW)
            for place in work.mailroom.to_fetch(epoch, NOW, 1000):
                work.mailroom.stored(place, f"{place.uid:064x}", 10, NOW, NOW)

    def work(self):
        return process_waiting(self.database, self.stages(), Clock(), "w")

    def state(self, number):
        with self.database.reading() as work:
            return work.mailroom.message(number).state

    def entries(self, number):
        with self.database.reading() as work:
            return [one.action.partition(".")[2] for one in work.journal.entries(f"message:{number}")]


@pytest.fixture
def way(database_url):
    engine = open_engine(database_url)
    bring_up_to_date(engine)
    yield Way(SqlDatabase(engine))
    engine.dispose()


def test_all_go_together_through_every_stage_in_their_order(way):
    way.arrive(5)
    assert way.work().done == [1, 2, 3, 4, 5]
    assert way.log == [(name, [1, 2, 3, 4, 5]) for name in ("read", "thread", "understand", "case")]
    with way.database.reading() as work:
        kept = work.mailroom.results(3)
        assert work.mailroom.message(3).state is MessageState.DONE
    assert kept["case"].result["saw"] == ["read", "thread", "understand"]


def test_the_next_group_is_read_while_this_one_is_finished_and_none_twice(way, monkeypatch):
    monkeypatch.setattr(process_messages, "COMPANY", 3)
    way.arrive(8)
    assert sorted(way.work().done) == list(range(1, 9))
    read = [number for name, numbers in way.log if name == "read" for number in numbers]
    assert sorted(read) == list(range(1, 9))
    assert [way.entries(number) for number in range(1, 9)] == [["thread", "case"]] * 8


def test_a_message_that_fails_is_set_aside_and_the_others_go_on_together(way):
    way.arrive(4)
    way.hopeless = {("read", 2), ("understand", 3)}
    done = way.work()
    assert (done.done, sorted(done.quarantined)) == ([1, 4], [2, 3])
    assert way.log[-1] == ("case", [1, 4])
    with way.database.reading() as work:
        assert sorted(work.mailroom.results(3)) == ["read", "thread"]  # what was committed stays
        assert work.mailroom.message(3).stage == "understand"


def test_when_a_transaction_breaks_each_goes_alone_and_only_the_guilty_one_waits(way):
    way.arrive(3)
    way.breaks_together, way.breaks_alone = {("case", 2)}, {("case", 2)}
    done = way.work()
    assert (done.done, done.postponed) == ([1, 3], [2])
    assert [way.entries(number) for number in (1, 2, 3)] == [["thread", "case"], ["thread"], ["thread", "case"]]


def test_what_is_unusual_leaves_the_company_and_is_done_all_the_same(way):
    way.arrive(4)
    way.alone = {("understand", 2), ("thread", 4)}
    assert sorted(way.work().done) == [1, 2, 3, 4]
    assert ("understand", 2) in way.log and ("thread", 4) in way.log
    assert way.log.count(("read", [1, 2, 3, 4])) == 1


def test_a_result_that_another_worker_kept_meanwhile_is_not_overwritten_and_nothing_is_written_twice(way):
    way.arrive(3)
    stages = way.stages()
    inner = stages[2].ahead

    def overtaken(travellers):
        with way.database.writing() as work:
            work.mailroom.stage_done(2, "case", {"by": "the other"}, 0.0, NOW)
        return inner(travellers)

    raced = (*stages[:2], Stage("understand", stages[2].run, ahead=overtaken), stages[3])
    process_waiting(way.database, raced, Clock(), "w")
    with way.database.reading() as work:
        assert work.mailroom.results(2)["case"].result == {"by": "the other"}
    assert [way.entries(number) for number in (1, 2, 3)] == [["thread", "case"], ["thread"], ["thread", "case"]]


def test_what_is_claimed_and_not_begun_is_given_back_when_the_service_stops(way, monkeypatch):
    monkeypatch.setattr(process_messages, "COMPANY", 2)
    way.arrive(6)
    asked = []

    def stopping():
        asked.append(1)
        return len(asked) > 1

    process_waiting(way.database, way.stages(), Clock(), "one", stopping=stopping)
    assert way.state(1) is MessageState.DONE
    assert sorted(process_waiting(way.database, way.stages(), Clock(), "two").done) == [3, 4, 5, 6]
