"""Finds messages by what they say: sender, subject, the new text, the names of what was attached."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from mailflow.correspondence.search_words import excerpt, phrases, texts, words
from mailflow.refusals import Refusal
from mailflow.steps.ports.mailroom import StoredMessage
from mailflow.steps.ports.work import Database, Work

BATCH = 200


@dataclass(frozen=True, slots=True)
class Hit:
    message: StoredMessage
    excerpt: str


@dataclass(frozen=True, slots=True)
class Found:
    """``more``: there are further ones, older than these."""

    hits: list[Hit]
    more: bool


def put(work: Work, message: int, reading: dict[str, Any]) -> None:
    """In the stage that reads a message, and when the words are gathered again."""
    work.search.put(message, words("\n".join(texts(reading))))


def find(database: Database, asked: str, *, limit: int = 20, party_id: str | None = None) -> Found:
    """The newest first. Raises :class:`Refusal` when there is nothing to look for."""
    wanted = phrases(asked)
    if not wanted:
        raise Refusal("say what to look for: a word, a number, part of a Chinese sentence")
    with database.reading() as work:
        cases = None if party_id is None else [case.id for case in work.casefile.cases(party_id=party_id)]
        numbers = work.search.find(wanted, limit + 1, case_ids=cases)
        hits = []
        for number in numbers[:limit]:
            message, read = work.mailroom.message(number), work.mailroom.results(number).get("read")
            if message is not None:
                text = "" if read is None else "\n".join(texts(read.result["reading"])[3:])
                hits.append(Hit(message, excerpt(text, asked)))
    return Found(hits, len(numbers) > limit)


def rebuild(database: Database, progress: Callable[[int], None] = lambda done: None) -> int:
    """Gathers the words of every message that was read; how many. Harmless while everything runs."""
    done = 0
    with database.reading() as work:
        numbers = [message.no for message in work.mailroom.messages()]
    for batch in _batches(numbers):
        with database.writing() as work:
            for number in batch:
                read = work.mailroom.results(number).get("read")
                if read is not None:
                    put(work, number, read.result["reading"])
                    done += 1
        progress(done)
    return done


def _batches(numbers: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(numbers), BATCH):
        yield numbers[start : start + BATCH]
