"""What rests on the ledger alone and is long to work out, worked out after each import before anybody asks for it."""

from __future__ import annotations

import logging
import threading

from mailflow.bootstrap import House

EVERY_SECONDS = 5.0  # one number is read from the database
logger = logging.getLogger("mailflow")


class Warming:
    """A thread beside the console. Whoever asks before it is ready works it out himself; nothing else depends on it."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._stopped = threading.Event()
        self._mark: tuple[object, ...] | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="warming", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join(10)

    def look(self) -> bool:
        """Whether there was an import, or a new day, since the last look, and so something to do."""
        house = self._house
        with house.database.reading() as work:
            mark = (work.desk.import_mark(), house.today())
        if mark == self._mark:
            return False
        for name in ("ageing", "dso"):
            house.report(name)
        house.schedules.upcoming(house.clock.now(), 1)  # loads the calendars of public holidays
        self._mark = mark
        return True

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                self.look()
            except Exception as failure:  # the database is away, or the ledger cannot be aged: the page itself says so
                logger.debug("nothing was worked out ahead: %s", failure)
            self._stopped.wait(EVERY_SECONDS)
