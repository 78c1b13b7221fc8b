"""The journal: what happened, who decided, in order, never changed (hash-chained, append-only)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Entry:
    """``actor`` is a person's sign-in name or ``mailflow``; ``subject`` names what it is about (``case:SOA-…``)."""

    no: int
    at: dt.datetime
    actor: str
    action: str
    subject: str
    facts: dict[str, Any]
    digest: str  # SHA-256 over the previous digest and the canonical bytes of this entry, hexadecimal


@dataclass(frozen=True, slots=True)
class Note:
    """An entry to be; ``facts`` are JSON values."""

    at: dt.datetime
    actor: str
    action: str
    subject: str
    facts: dict[str, Any]


class Journal(Protocol):
    def append_all(self, notes: Sequence[Note]) -> None: ...

    def append(self, at: dt.datetime, actor: str, action: str, subject: str, facts: dict[str, Any]) -> int:
        """The entry's number."""
        ...

    def entries(self, subject: str | None = None) -> Iterator[Entry]:
        """In order; of one subject when named."""
        ...

    def entry(self, no: int) -> Entry | None: ...

    def recent(self, limit: int, about: str = "") -> list[Entry]:
        """The newest first; ``about`` a kind of subject, ``import`` for ``import:7``."""
        ...

    def broken_at(self) -> int | None:
        """The number of the first entry that does not follow from the one before; None when the chain holds."""
        ...
