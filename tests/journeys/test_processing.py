"""A message goes through its stages once, survives failure, and never takes another one down."""

import datetime as dt

import pytest

from mailflow.adapters.clock import SystemClock
from mailflow.adapters.database.engine import open_engine
from mailflow.adapters.database.migrate import bring_up_to_date
from mailflow.adapters.database.unit_of_work import SqlDatabase
from mailflow.steps.ports.mailroom import MessageState, Place, PlaceState
from mailflow.steps.process_messages import Hopeless, Outcome, Stage, dismiss, process_waiting, replay

NOW = dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC)


class Clock:
    def __init__(self):
        self.time = NOW

    def now(self):
        return self.time


@pytest.fixture
def database(database_url):
    engine = open_engine(database_url)
    bring_up_to_date(engine)
    yield SqlDatabase(engine)
    engine.dispose()


def arrived(database, count=1):
    with database.writing() as work:
        epoch = work.mailroom.begin_epoch("finance", "INBOX", 1, NOW)
        work.mailroom.discover(epoch, range(1, count + 1), NOW)
        for place in work.mailroom.to_fetch(epoch, NOW, 100):
            work.mailroom.stored(place, f"{place.uid:064x}", 10, NOW, NOW)


def state(database, number):
    with database.reading() as work:
        return work.mailroom.message(number)


def recording(log, fails=()):
    def stage(name):
        def run(message, results):
            log.append((message.no, name))
            if (message.no, name) in fails:
                raise ValueError("broken")
            return Outcome({"seen": sorted(results)})

        return Stage(name, run)

    return [stage(name) for name in ("read", "thread", "attachments")]


def test_each_stage_sees_what_came_before_and_runs_once(database):
    arrived(database)
    log = []
    stages = recording(log)
    assert process_waiting(database, stages, SystemClock(), "w").done == [1]
    assert not process_waiting(database, stages, SystemClock(), "w").any
    assert log == [(1, "read"), (1, "thread"), (1, "attachments")]
    with database.reading() as work:
        assert work.mailroom.results(1)["attachments"].result == {"seen": ["read", "thread"]}
    assert state(database, 1).state is MessageState.DONE


def test_one_failing_message_stops_no_other_and_is_set_aside_after_three_attempts(database):
    arrived(database, 3)
    log, clock = [], Clock()
    stages = recording(log, fails={(2, "thread")})
    assert process_waiting(database, stages, clock, "w").done == [1, 3]
    for _ in range(2):
        clock.time += dt.timedelta(minutes=5)
        process_waiting(database, stages, clock, "w")
    failed = state(database, 2)
    assert (failed.state, failed.stage, failed.error) == (MessageState.QUARANTINED, "thread", "ValueError: broken")
    assert log.count((2, "read")) == 1  # what was done stays done


def test_a_hopeless_message_goes_to_quarantine_at_once_with_its_sentence(database):
    arrived(database)

    def run(message, results):
        raise Hopeless("30 MB; the limit is 25 MB")

    process_waiting(database, [Stage("read", run)], SystemClock(), "w")
    assert state(database, 1).error == "30 MB; the limit is 25 MB"


def test_a_quarantined_message_is_replayed_from_the_stage_that_failed(database):
    arrived(database)
    log, broken = [], {(1, "thread")}
    stages, clock = recording(log, fails=broken), Clock()
    for _ in range(3):
        process_waiting(database, stages, clock, "w")
        clock.time += dt.timedelta(minutes=5)
    broken.clear()
    replay(database, stages, 1, clock.now(), by="anna")
    assert process_waiting(database, stages, clock, "w").done == [1]
    assert log.count((1, "read")) == 1
    with database.reading() as work:
        assert [entry.actor for entry in work.journal.entries("message:1")] == ["mailflow", "anna"]


def test_a_dismissed_message_is_left_alone(database):
    arrived(database)
    dismiss(database, 1, NOW, by="anna", why="spam")
    assert not process_waiting(database, recording([]), SystemClock(), "w").any
    with pytest.raises(LookupError):
        replay(database, recording([]), 99, NOW, by="anna")


def test_two_workers_never_get_the_same_message(database):
    arrived(database, 5)
    with database.writing() as work:
        first = work.mailroom.claim("one", NOW, NOW + dt.timedelta(minutes=1), 3)
    with database.writing() as work:
        second = work.mailroom.claim("two", NOW, NOW + dt.timedelta(minutes=1), 10)
        later = work.mailroom.claim("three", NOW + dt.timedelta(minutes=2), NOW + dt.timedelta(minutes=3), 10)
    assert (first, second, later) == ([1, 2, 3], [4, 5], [1, 2, 3, 4, 5])


def test_threads_join_by_ids_merge_late_and_remember_ghosts(database):
    arrived(database, 3)
    with database.writing() as work:
        room = work.mailroom
        one = room.join_thread(1, ["<a@x>"])
        two = room.join_thread(2, ["<b@x>", "<ghost@x>"])
        assert one != two
        merged = room.join_thread(3, ["<c@x>", "<a@x>", "<ghost@x>"])
        assert {room.message(number).thread for number in (1, 2, 3)} == {merged}


def test_a_place_is_one_row_for_one_uid_of_one_epoch(database):
    with database.writing() as work:
        epoch = work.mailroom.begin_epoch("finance", "INBOX", 1, NOW)
        assert work.mailroom.discover(epoch, [1, 2], NOW) == 2
        assert work.mailroom.discover(epoch, [1, 2, 3], NOW) == 1
        places = work.mailroom.to_fetch(epoch, NOW, 10)
    assert [place.uid for place in places] == [1, 2, 3]
    assert all(isinstance(place, Place) and place.state is PlaceState.DISCOVERED for place in places)
