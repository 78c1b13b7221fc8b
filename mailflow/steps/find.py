"""Finds parties, cases, documents' references and messages by words that a person types."""

from __future__ import annotations

from dataclasses import dataclass, field

from mailflow.cases.case import Case
from mailflow.correspondence.search_words import phrases
from mailflow.receivables.ledger import Item
from mailflow.receivables.party import Party
from mailflow.steps.ports.mailroom import StoredMessage
from mailflow.steps.ports.work import Database, Work

MOST = 50  # of each kind


@dataclass(slots=True)
class Found:
    parties: list[Party] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    messages: list[StoredMessage] = field(default_factory=list)

    @property
    def any(self) -> bool:
        return bool(self.parties or self.cases or self.items or self.messages)


def find(database: Database, words: str) -> Found:
    """Everything that holds all of ``words``, whatever their case; nothing for an empty search."""
    wanted = words.casefold().split()[:8]
    if not wanted:
        return Found()

    def fits(*texts: str | None) -> bool:
        text = "\n".join(one for one in texts if one).casefold()
        return all(word in text for word in wanted)

    found = Found()
    with database.reading() as work:
        parties = work.ledger.parties()
        found.parties = [
            one for one in parties if fits(one.id, one.name, *one.emails, *one.aliases, one.tax_id)
        ][:MOST]  # fmt: skip
        names = {(one.id, one.side): one.name for one in parties}
        found.cases = [
            one for one in work.casefile.cases() if fits(one.id, names.get((one.party_id, one.side)))
        ][:MOST]  # fmt: skip
        found.items = [
            one for one in work.ledger.items() if fits(one.reference, one.id, one.their_reference, one.po_number)
        ][:MOST]  # fmt: skip
        found.messages = _messages(work, words)
    return found


def _messages(work: Work, words: str) -> list[StoredMessage]:
    """By what they say, the newest first; by their Message-ID."""
    named = work.mailroom.with_ids([words.strip(), f"<{words.strip('<> ')}>"]) if "@" in words else {}
    numbers = [number for numbers in named.values() for number in numbers]
    wanted = phrases(words)
    if wanted:
        numbers += work.search.find(wanted, MOST)
    return work.mailroom.some(list(dict.fromkeys(numbers))[:MOST])[::-1]
