"""Reports that rest on the ledger alone, remembered until the next import: they are the same until then.

In the memory of one process; whoever changes a table that was given changes it for all, so nobody does.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

from mailflow.steps.ports.work import Database
from mailflow.steps.report import Table

MOST = 6  # tables: a large house's ageing is some megabytes


class KeptReports:
    """Safe to use from several threads; two that ask at once may both work it out."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._kept: OrderedDict[tuple[Hashable, ...], Table] = OrderedDict()
        self._lock = Lock()

    def table(self, what: tuple[Hashable, ...], make: Callable[[], Table]) -> Table:
        """``what`` names everything that the table depends on besides the ledger: report, day, policy."""
        with self._database.reading() as work:
            key = (work.desk.import_mark(), *what)  # read before: an import meanwhile makes the next one be made anew
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        table = make()
        with self._lock:
            self._kept[key] = table
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return table
