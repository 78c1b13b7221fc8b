"""One class per refusal. Each becomes a document of kind ``unreadable`` whose reason is the sentence."""

from __future__ import annotations


class Unreadable(Exception):
    """The bytes cannot be read; ``str()`` is one sentence for a person: what, where, what to do."""


class LimitReached(Unreadable):
    """A limit of :mod:`parsers.limits` was reached."""

    def __init__(self, limit: str, sentence: str) -> None:
        super().__init__(f"{sentence} (limit {limit})")
        self.limit = limit


class PasswordNeeded(Unreadable):
    """The document is encrypted; a password was missing or wrong."""


class RecognitionNeeded(Exception):
    """The document is a picture, and this process may not spend what OCR costs (``Source.recognition`` is False)."""
