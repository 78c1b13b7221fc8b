"""What persons have decided about conversations, and where persons have placed messages: kept for good."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from mailflow.correspondence.arrangement import Group, Ruling


@dataclass(frozen=True, slots=True)
class KeptRuling:
    """``undone_at`` is set when a person took it back; it then counts no more, and stays as history."""

    ruling: Ruling
    by: str
    at: dt.datetime
    why: str
    undone_by: str | None = None
    undone_at: dt.datetime | None = None


class Arrangements(Protocol):
    def rule(
        self, together: bool, one: Iterable[int], other: Iterable[int], *, by: str, at: dt.datetime, why: str
    ) -> int:
        """The ruling's number. ``one`` and ``other``: messages."""
        ...

    def undo(self, ruling: int, *, by: str, at: dt.datetime) -> None: ...

    def rulings(self, *, messages: Iterable[int] | None = None, undone: bool = False) -> list[KeptRuling]:
        """By number; of these messages when named; those that were undone only when asked for."""
        ...

    def ruled_threads(self, threads: Iterable[int]) -> set[int]:
        """Those of these conversations that have a message which a standing ruling speaks of."""
        ...

    def members(self, threads: Iterable[int]) -> list[int]:
        """The numbers of the messages in these conversations, ascending."""
        ...

    def put_in(self, groups: Sequence[Group]) -> None:
        """Makes each group one conversation: under the number that most of its messages have already, where no earlier
        group took it, else under a new one."""
        ...

    def placed(self, message: int, case_id: str, *, by: str, at: dt.datetime) -> None:
        """A person placed the message into a case; the last word counts."""
        ...

    def placements(self, messages: Iterable[int]) -> dict[int, str]:
        """Message -> case, of those that a person placed."""
        ...
