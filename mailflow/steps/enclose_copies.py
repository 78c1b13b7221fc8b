"""Copies of the invoices that a letter speaks of, enclosed as far as mail servers take them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Protocol

from mailflow.correspondence.letter import Letter, LetterFile

MOST_COPIES = 20
MOST_BYTES = 8 * 1024 * 1024  # base64 makes 11 MB of it; many mail servers refuse more than 10 to 20


class Copies(Protocol):
    def find(self, reference: str) -> LetterFile | None:
        """The copy of this invoice, None when there is none."""
        ...


class _NoCopies:
    def find(self, reference: str) -> LetterFile | None:
        return None


NO_COPIES: Copies = _NoCopies()


def copies_of(copies: Copies, references: Iterable[str]) -> tuple[LetterFile, ...]:
    """Those that are there, in order, each once; it ends where the letter would grow too large."""
    found: list[LetterFile] = []
    size = 0
    for reference in dict.fromkeys(references):
        file = copies.find(reference)
        if file is None or file.name in {one.name for one in found}:
            continue
        size += len(file.content)
        if size > MOST_BYTES or len(found) == MOST_COPIES:
            break
        found.append(file)
    return tuple(found)


def with_copies(letter: Letter, copies: tuple[LetterFile, ...]) -> Letter:
    return replace(letter, files=letter.files + copies) if copies else letter
