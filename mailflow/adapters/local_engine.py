"""Durable work inside the one process that owns an SQLite file: a thread a task, woken when needed."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from mailflow.steps.ports.engine import Tasks

SWEEP_SECONDS = 5.0  # a job lost with a crash is found again by looking
PAUSE_AFTER_FAILURE = 5.0


class LocalEngine:
    """``mailflow.steps.ports.engine.TaskEngine``. What waits in memory is not kept: the sweep looks again."""

    def __init__(self, tasks: Tasks, sweep_seconds: float = SWEEP_SECONDS) -> None:
        self._tasks, self._sweep = tasks, sweep_seconds
        self._wake = {name: threading.Event() for name in tasks}

    def enqueue(self, task: str) -> None:
        self._wake[task].set()

    def run(self, stopping: Callable[[], bool]) -> None:
        threads = [
            threading.Thread(target=self._work, args=(name, stopping), name=f"work-{name}", daemon=True)
            for name in self._tasks
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            while thread.is_alive():
                thread.join(0.2)
                if stopping():
                    for event in self._wake.values():
                        event.set()

    def _work(self, name: str, stopping: Callable[[], bool]) -> None:
        wake = self._wake[name]
        while not stopping():
            wake.clear()
            try:
                more = self._tasks[name]()
            except Exception:  # one look failed: the rows are as they were; say it and look again
                logging.getLogger("mailflow").exception("the task %s failed; it is tried again", name)
                wake.wait(PAUSE_AFTER_FAILURE)
                continue
            if not more:
                wake.wait(self._sweep)
