"""``mailflow run`` and ``mailflow worker``: watchers, sender, pipeline, scheduler and console, until told to stop.

    watchers (a thread a folder) ──arrived──► engine: process ──► engine: send
    alarm (APScheduler) ─────────────────────► engine: due (statement runs, reminders), send, process

Every thread may die at any moment: what it did not commit is found again by looking.
"""

from __future__ import annotations

import logging
import os
import random
import signal
import threading
import time
from collections.abc import Callable, Collection

from mailflow.adapters.process_identity import this_process
from mailflow.adapters.scheduler import Alarm
from mailflow.bootstrap import House
from mailflow.refusals import Refusal, Unreachable
from mailflow.steps.collect_mail import Collected
from mailflow.steps.ports.engine import TaskEngine
from mailflow.steps.search_records import gather
from mailflow.steps.watch_folder import FolderWatcher

ROOMS = ("send", "watch", "reconcile")
DUE_SECONDS = 30.0
LOOK_AFTER_SECONDS = 60.0
WEBHOOK_SECONDS = 5.0
SEARCH_WORDS = 2_000  # records of a kind made findable at one look
SENT_FOLDER_SECONDS = 20.0  # providers take frequent sign-ins for an attack
logger = logging.getLogger("mailflow")


class Service:
    """``only``: which of :data:`ROOMS` this process works in. ``console`` starts the web console (its port or None)."""

    def __init__(self, house: House, only: Collection[str] = ROOMS, scheduling: bool = True) -> None:
        unknown = set(only) - set(ROOMS)
        if unknown:
            raise Refusal(f"there is no {', '.join(sorted(unknown))} to work on; the rooms are {', '.join(ROOMS)}")
        self.house, self._only, self._scheduling = house, frozenset(only), scheduling
        self._stop = threading.Event()
        self._looked_into_sent = -SENT_FOLDER_SECONDS
        self._finished = 0  # how many rounds of the pipeline ended with finished messages
        self.holder = this_process()
        self.watchers = self._watchers() if "watch" in self._only else []
        self.engine: TaskEngine = house.engine(self._tasks())

    def stop(self) -> None:
        self._stop.set()

    def stopping(self) -> bool:
        return self._stop.is_set()

    def run(self) -> None:
        """Returns after :meth:`stop`, when what was under way has been finished or will be found again."""
        alarm = Alarm(self.house.settings.company.timezone)
        threads = [
            threading.Thread(target=self._guarded(watcher.run), name=f"watch-{watcher.folder}", daemon=True)
            for watcher in self.watchers
        ]
        for thread in threads:
            thread.start()
        if self._scheduling and "send" in self._only:
            alarm.every(DUE_SECONDS, lambda: self.engine.enqueue("due"))
            alarm.every(WEBHOOK_SECONDS, lambda: self.engine.enqueue("webhooks"))
            alarm.at_cron(self.house.settings.statements.schedule, lambda: self.engine.enqueue("due"))
        if self.watchers:
            alarm.every(LOOK_AFTER_SECONDS, self._look_after_watchers)
        alarm.start()
        try:
            self.engine.run(self.stopping)
        finally:
            self._stop.set()
            alarm.stop()
            for thread in threads:
                thread.join(10)

    def _look_after_watchers(self) -> None:
        for watcher in self.watchers:
            if watcher.look_after():
                logger.warning("the connection to %s gave no sign of life; it was shut", watcher.folder)

    def _tasks(self) -> dict[str, Callable[[], bool]]:
        tasks: dict[str, Callable[[], bool]] = {}
        if "send" in self._only:
            tasks["send"] = self._send
            if self._scheduling:
                tasks["due"] = self._due
            tasks["webhooks"] = self._webhooks
        if "reconcile" in self._only:
            tasks["process"] = self._process
        return tasks

    def _send(self) -> bool:
        look = time.monotonic() - self._looked_into_sent >= SENT_FOLDER_SECONDS
        self.house.send_once(self.holder, self.stopping, look_into_sent=look)
        if look:
            self._looked_into_sent = time.monotonic()
        return False

    def _due(self) -> bool:
        gather(self.house.database, self.house.archive, most=SEARCH_WORDS)
        if self.house.run_due(self.stopping):
            self._wake("send")
        return False

    def _webhooks(self) -> bool:
        told = self.house.tell_webhooks(self.stopping)
        for line in told.given_up:
            logger.error("a webhook was tried for days and is given up: %s", line)
        return told.more

    def _process(self) -> bool:
        done = self.house.process_once(self.holder, self.stopping)
        if done.done or done.quarantined:
            self._finished += 1  # the watchers move them away
            self._wake("send")
        return done.any

    def _wake(self, task: str) -> None:
        if task in self._tasks_known:
            self.engine.enqueue(task)

    @property
    def _tasks_known(self) -> frozenset[str]:
        known = {"send", "due", "webhooks"} if "send" in self._only else set()
        return frozenset(known | ({"process"} if "reconcile" in self._only else set()))

    def _watchers(self) -> list[FolderWatcher]:
        watchers = self.house.watchers(
            self.holder,
            pause=self._stop.wait,
            jitter=lambda most: random.uniform(0.2, most),
            arrived=self._arrived,
        )
        for watcher in watchers:
            watcher.finished_work = self._finished_since()
        return watchers

    def _arrived(self, collected: Collected) -> None:
        self._wake("process")

    def _finished_since(self) -> Callable[[], bool]:
        """For one watcher: whether messages were finished since it last asked (it asks a few times a second)."""
        seen = 0

        def finished() -> bool:
            nonlocal seen
            before, seen = seen, self._finished
            return seen != before

        return finished

    def _guarded(self, run: Callable[[Callable[[], bool]], None]) -> Callable[[], None]:
        def guarded() -> None:
            while not self.stopping():
                try:
                    run(self.stopping)
                except Unreachable as away:
                    logger.error("%s; trying again in 15 seconds", away)
                    self._stop.wait(15)
                except Exception:
                    logger.exception("a watcher stopped; it starts again in 15 seconds")
                    self._stop.wait(15)

        return guarded


def stop_on_signals(service: Service) -> None:
    """SIGTERM and SIGINT end the service in good order; a second one ends the process at once."""

    def stop(number: int, frame: object) -> None:
        if service.stopping():
            os._exit(130)
        service.stop()

    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, stop)
