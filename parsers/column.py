"""One column of a table on the page: its header, its role, and where its words stand once that is learned."""

from __future__ import annotations

from dataclasses import dataclass

from parsers.grid import Word
from parsers.wording.columns import NUMERIC, Role

_COUNTED = frozenset(NUMERIC - {Role.NUMBER})
DATES = frozenset({Role.DATE, Role.POSTED, Role.DUE})


@dataclass(slots=True)
class Column:
    """One column. ``align`` and ``anchor`` (points) say where its words stand, once learned."""

    text: str
    role: Role | None
    x0: float
    x1: float
    align: str | None = None
    anchor: float = 0.0
    second: tuple[str, float] | None = None  # where its numbers agree as well (equal lengths agree on both sides)
    left: float = 0.0  # how far its words reach, once learned
    right: float = 0.0

    @property
    def numeric(self) -> bool:
        return self.role in _COUNTED


Cells = dict[int, list[Word]]
