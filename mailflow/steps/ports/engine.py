"""Work that lasts: the tables are the truth, the engine only says "look again".

A job carries no business data; its name says what to look for ("send", "process"). Losing or doubling a job is
harmless, because each look claims its rows from the table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

Task = Callable[[], bool]  # one look; True when there is more to do now
Tasks = Mapping[str, Task]


class TaskEngine(Protocol):
    def enqueue(self, task: str) -> None:
        """Runs ``task`` soon, at least once; while it waits it waits only once."""
        ...

    def run(self, stopping: Callable[[], bool]) -> None:
        """Works until ``stopping()``, then finishes what is under way."""
        ...
