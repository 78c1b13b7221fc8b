"""Finds parties, cases, documents' references and messages by words that a person types."""

from __future__ import annotations

from dataclasses import dataclass, field

from mailflow.cases.case import Case
from mailflow.correspondence.search_words import excerpt, phrases, texts
from mailflow.receivables.ledger import Item
from mailflow.receivables.party import Party
from mailflow.steps.ports.mailroom import StoredMessage
from mailflow.steps.ports.work import Database, Work

MOST = 50  # of each kind
FEW = 5  # parties found by name whose newest cases are shown at once, and how many of each
QUOTED = 20  # messages of which the place is shown


@dataclass(slots=True)
class Found:
    parties: list[Party] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    messages: list[StoredMessage] = field(default_factory=list)
    excerpts: dict[int, str] = field(default_factory=dict)  # message -> where it says so, of the first ones

    @property
    def any(self) -> bool:
        return bool(self.parties or self.cases or self.items or self.messages)


def find(database: Database, words: str) -> Found:
    """Everything that holds all of ``words``, whatever their case; nothing for an empty search."""
    words = words.replace("\x00", " ")
    wanted = words.casefold().split()[:8]
    if not wanted:
        return Found()
    with database.reading() as work:
        held = work.browse.holding(wanted, MOST)
        messages = _messages(work, words)
        cases = [*held.cases, *_newest(work, held.parties[:FEW])]
        return Found(
            held.parties,
            list({case.id: case for case in cases}.values()),
            held.items,
            messages,
            _excerpts(work, messages[:QUOTED], words),
        )


def _messages(work: Work, words: str) -> list[StoredMessage]:
    """By what they say, the newest first; by their Message-ID."""
    named = work.mailroom.with_ids([words.strip(), f"<{words.strip('<> ')}>"]) if "@" in words else {}
    numbers = [number for numbers in named.values() for number in numbers]
    wanted = phrases(words)
    if wanted:
        numbers += work.search.find(wanted, MOST)
    return work.mailroom.some(list(dict.fromkeys(numbers))[:MOST])[::-1]


def _excerpts(work: Work, messages: list[StoredMessage], words: str) -> dict[int, str]:
    found = {}
    for message in messages:
        read = work.mailroom.results(message.no).get("read")
        if read is not None:
            found[message.no] = excerpt("\n".join(texts(read.result["reading"])[3:]), words)
    return found


def _newest(work: Work, parties: list[Party]) -> list[Case]:
    """Who looks for a customer by name most often wants the case that is open."""
    found: list[Case] = []
    for party_id in dict.fromkeys(party.id for party in parties):
        found += sorted(work.casefile.cases(party_id=party_id), key=lambda case: case.as_of, reverse=True)[:FEW]
    return found
