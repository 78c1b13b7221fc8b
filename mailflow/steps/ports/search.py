"""Full-text search over messages, and over what is no message: our letters, documents, decisions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from mailflow.correspondence.search_words import Phrase


class Kind(StrEnum):
    LETTER = "letter"
    DOCUMENT = "document"
    DECISION = "decision"  # an entry of the journal


@dataclass(frozen=True, slots=True)
class Unsearched:
    """A record whose words were not gathered yet. ``sha256``: its text lies in the archive."""

    no: int
    case_id: str | None
    title: str
    said: list[str]
    sha256: str | None
    at: dt.datetime | str


class RecordSearch(Protocol):
    def prepare(self) -> None:
        """Makes the tables where they are missing; needs a writing transaction."""
        ...

    def unsearched(self, kind: Kind, limit: int) -> list[Unsearched]:
        """The oldest records that are newer than those gathered."""
        ...

    def put(self, kind: Kind, rows: Sequence[tuple[int, str | None, Sequence[str]]]) -> None:
        """(number, case, words), ascending; records without words count as gathered too."""
        ...

    def find(
        self, phrases: Sequence[Phrase], limit: int, *, case_ids: Iterable[str] | None = None
    ) -> list[tuple[Kind, int, str | None]]:
        """(kind, number, case) of records that have all of ``phrases``; of these cases, when named."""
        ...

    def forget(self, kind: Kind, numbers: Iterable[int]) -> None:
        """These are found no more."""
        ...

    def forget_all(self) -> None:
        """Before the words are gathered again."""
        ...


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
