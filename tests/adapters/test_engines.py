"""Both engines run each task when asked, look again by themselves, and survive a task that fails."""

import threading
import time

import pytest

from mailflow.adapters.local_engine import LocalEngine


@pytest.fixture(params=["local", pytest.param("procrastinate", marks=pytest.mark.postgres)])
def make(request):
    made = []

    def build(tasks):
        if request.param == "local":
            return LocalEngine(tasks, sweep_seconds=0.4)
        from mailflow.adapters.procrastinate_engine import ProcrastinateEngine

        engine = ProcrastinateEngine(request.getfixturevalue("postgres_url"), tasks, sweep_seconds=0.4)
        made.append(engine)
        return engine

    yield build
    for engine in made:
        engine.close()


def ran(engine, until, seconds=15):
    stop = threading.Event()
    thread = threading.Thread(target=engine.run, args=(stop.is_set,))
    thread.start()
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and not until():
        time.sleep(0.02)
    stop.set()
    thread.join(15)
    assert not thread.is_alive()
    return until()


def test_a_task_is_run_again_while_it_says_that_there_is_more(make):
    left = [3]

    def task():
        left[0] -= 1
        return left[0] > 0

    assert ran(make({"send": task}), lambda: left[0] <= 0)


def test_tasks_are_looked_at_again_without_being_asked(make):
    looks = []
    assert ran(make({"process": lambda: bool(looks.append(1))}), lambda: len(looks) >= 3)


def test_asking_while_it_waits_is_harmless(make):
    looks = []
    engine = make({"send": lambda: bool(looks.append(1))})
    for _ in range(5):
        engine.enqueue("send")
    assert ran(engine, lambda: bool(looks))


def test_a_failing_task_stops_no_other_task(make):
    looks = []

    def broken():
        raise ValueError("broken")

    assert ran(make({"a": broken, "b": lambda: bool(looks.append(1))}), lambda: len(looks) >= 2)


@pytest.mark.postgres
def test_two_workers_share_the_work_over_postgresql(postgres_url):
    from mailflow.adapters.procrastinate_engine import ProcrastinateEngine

    looks = []
    engines = [ProcrastinateEngine(postgres_url, {"t": lambda: bool(looks.append(1))}, 0.3) for _ in range(2)]
    stop = threading.Event()
    threads = [threading.Thread(target=engine.run, args=(stop.is_set,)) for engine in engines]
    for thread in threads:
        thread.start()
    time.sleep(3)
    stop.set()
    for thread in threads:
        thread.join(15)
    for engine in engines:
        engine.close()
    assert len(looks) >= 4
