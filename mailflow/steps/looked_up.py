"""What placing many messages asks of the store, each question once, and what can be asked together, together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mailflow.cases.case import Case
from mailflow.receivables.party import Party, Side
from mailflow.steps.ports.outbox import Letter
from mailflow.steps.ports.work import Work


class LookedUp:
    """Answers inside one transaction. Nothing that it is asked for may be changed there by others."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self._letters: dict[str, Letter | None] = {}
        self._tokens: dict[str, list[Letter]] = {}
        self._at: dict[str, list[Party]] = {}
        self._at_domain: dict[str, list[Party]] = {}
        self._party: dict[tuple[str, Side], Party | None] = {}
        self._cases: dict[str, list[Case]] = {}
        self._case: dict[str, Case | None] = {}
        self._named: dict[str, list[int]] = {}
        self._by_person: dict[int, str | None] = {}

    def prepare(
        self, ids: Iterable[str], senders: Iterable[str], message_ids: Iterable[str], messages: Iterable[int]
    ) -> None:
        """``ids`` that may be letters', addresses that may be parties', Message-IDs that may have come before, numbers
        of messages that a person may have placed."""
        numbers = list(messages)
        self._by_person |= dict.fromkeys(numbers) | self.work.arrangements.placements(numbers)
        asked = list(dict.fromkeys(ids))
        self._letters |= dict.fromkeys(asked) | self.work.outbox.by_message_ids(asked)
        self._know_cases({letter.case_id for letter in self._letters.values() if letter and letter.case_id})
        addresses = list(dict.fromkeys(senders))
        self._at |= {one: [] for one in addresses} | self.work.ledger.parties_at_any(addresses)
        domains = list({one.rpartition("@")[2] for one in addresses if not self._at[one]})
        self._at_domain |= {one: [] for one in domains} | self.work.ledger.parties_at_any_domain(domains)
        for parties in (*self._at.values(), *self._at_domain.values()):
            self._party |= {(party.id, party.side): party for party in parties}
        named = list(dict.fromkeys(message_ids))
        self._named |= {one: [] for one in named} | self.work.mailroom.with_ids(named)

    def _know_cases(self, ids: set[str]) -> None:
        if ids:
            self._case |= dict.fromkeys(ids) | {case.id: case for case in self.work.casefile.cases(ids=ids)}

    def letter(self, message_id: str) -> Letter | None:
        if message_id not in self._letters:
            self._letters[message_id] = self.work.outbox.by_message_id(message_id)
        return self._letters[message_id]

    def letters_of(self, token: str) -> list[Letter]:
        if token not in self._tokens:
            self._tokens[token] = self.work.outbox.by_token(token)
        return self._tokens[token]

    def parties_at(self, address: str) -> list[Party]:
        if address not in self._at:
            self._at[address] = self.work.ledger.parties_at(address)
        return self._at[address]

    def parties_at_domain(self, domain: str) -> list[Party]:
        if domain not in self._at_domain:
            self._at_domain[domain] = self.work.ledger.parties_at_domain(domain)
        return self._at_domain[domain]

    def party(self, party_id: str, side: Side) -> Party | None:
        if (party_id, side) not in self._party:
            self._party[party_id, side] = self.work.ledger.party(party_id, side)
        return self._party[party_id, side]

    def cases_of(self, party_id: str) -> list[Case]:
        if party_id not in self._cases:
            self._cases[party_id] = self.work.casefile.cases(party_id=party_id)
        return self._cases[party_id]

    def case(self, case_id: str) -> Case | None:
        if case_id not in self._case:
            self._case[case_id] = self.work.casefile.get(case_id)
        return self._case[case_id]

    def placed_by_person(self, number: int) -> str | None:
        """The case that a person placed the message into."""
        if number not in self._by_person:
            self._by_person[number] = self.work.arrangements.placements([number]).get(number)
        return self._by_person[number]

    def named_before(self, message_id: str, number: int) -> list[int]:
        """Numbers of earlier messages with this Message-ID."""
        if message_id not in self._named:
            self._named[message_id] = self.work.mailroom.same_words(message_id, number)
        return [one for one in self._named[message_id] if one < number]

    def read_of(self, number: int) -> dict[str, Any] | None:
        kept = self.work.mailroom.results(number).get("read")
        return None if kept is None else kept.result
