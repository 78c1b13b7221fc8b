"""Full-text search over messages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from mailflow.correspondence.search_words import Phrase


class Search(Protocol):
    def put(self, message: int, words: Iterable[str]) -> None:
        """What this message is found by, in place of what it was found by before."""
        ...

    def put_many(self, words: Mapping[int, Sequence[str]]) -> None:
        """As :meth:`put` for many messages."""
        ...

    def find(self, phrases: Sequence[Phrase], limit: int, *, case_ids: Iterable[str] | None = None) -> list[int]:
        """Numbers of messages that have all of ``phrases``, the newest first; of these cases, when named."""
        ...

    def count(self) -> int:
        """How many messages can be found."""
        ...
