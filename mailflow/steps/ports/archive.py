"""The raw archive: bytes by their SHA-256, written once, never changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol


class ContentMissing(Exception):
    """A row names content that the archive does not hold (an alarm: restore it from a backup)."""


@dataclass(frozen=True, slots=True)
class Stored:
    sha256: str
    size: int


class Archive(Protocol):
    def store(self, pieces: Iterable[bytes]) -> Stored:
        """Durable (file and directory synced) when it returns; the same bytes are kept once."""
        ...

    def store_many(self, contents: Sequence[bytes]) -> list[Stored]:
        """As :meth:`store` for each of them, in this order, with the waiting for the disk done once for all."""
        ...

    def read(self, sha256: str) -> bytes:
        """Raises :class:`ContentMissing`."""
        ...

    def has(self, sha256: str) -> bool: ...

    def remove(self, sha256: str) -> bool:
        """For retention alone; False when it was not there."""
        ...

    def damaged(self) -> Iterator[str]:
        """Hashes whose file no longer has the bytes that its name says (reads the whole archive)."""
        ...
