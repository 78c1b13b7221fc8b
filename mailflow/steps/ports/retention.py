"""What is kept how long, and what must not go whatever its age (legal hold)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Hold:
    """On one case, or on everything of one party."""

    no: int
    case_id: str | None
    party_id: str | None
    by: str
    at: dt.datetime
    why: str
    lifted_by: str | None = None
    lifted_at: dt.datetime | None = None


class Retention(Protocol):
    def hold(self, *, case_id: str | None, party_id: str | None, by: str, at: dt.datetime, why: str) -> int: ...

    def lift(self, no: int, *, by: str, at: dt.datetime) -> None: ...

    def holds(self, *, lifted: bool = False) -> list[Hold]:
        """Those that stand; those that were lifted too, when asked for."""
        ...

    def ended_cases(self, before: dt.datetime) -> list[str]:
        """Cases that are over and not held, with nothing waiting, no mail since ``before``, and mail that is here."""
        ...

    def messages_of(self, case_ids: Sequence[str]) -> list[int]:
        """Messages of these cases whose contents are still here."""
        ...

    def strays(self, before: dt.datetime) -> list[int]:
        """Finished or dismissed messages of no case, received before, that nobody has to look at."""
        ...

    def contents(self, messages: Sequence[int]) -> set[str]:
        """Hashes of what these messages are and brought."""
        ...

    def contents_of_others(self, messages: Sequence[int]) -> set[str]:
        """Hashes that everything else here needs, our letters included."""
        ...

    def erase(self, messages: Sequence[int], contents: Iterable[str], at: dt.datetime) -> None:
        """Forgets what these messages said; ``contents`` are noted until :meth:`removed`."""
        ...

    def to_remove(self) -> dict[int, list[str]]:
        """By the message under which they are noted: hashes whose files are to go."""
        ...

    def removed(self, message: int) -> None: ...
