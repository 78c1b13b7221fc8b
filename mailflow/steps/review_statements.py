"""Reviews drawn statements (初步审核), and lets people release what is held.

A hold is released by a person (two above the limit); a block by nobody: its data must be mended and drawn again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from zoneinfo import ZoneInfo

from mailflow.cases.case import Event, TaskKind
from mailflow.receivables.company import Company
from mailflow.receivables.party import Party, Side
from mailflow.receivables.review import Finding, ReviewContext, blocks, people_needed
from mailflow.receivables.review_policy import Severity
from mailflow.receivables.statement import Statement
from mailflow.receivables.working_days import working_days
from mailflow.steps.advance_case import move
from mailflow.steps.ports.statements import Approval, KeptStatement, Standing
from mailflow.steps.ports.work import Database, Work

_NO_MESSAGES = (TaskKind.UNDELIVERABLE, TaskKind.LETTER_IN_DOUBT)
SHORTEST_NAME = 4  # characters: a shorter name (or alias) of another party is found inside innocent words


class PartyNames:
    """Finds names of parties inside texts, in one walk over the text however many parties there are."""

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        """``names`` are (name or alias, party id); too short ones are left out."""
        self._by_start: dict[str, list[tuple[str, str]]] = {}
        for name, party_id in names:
            if len(name) >= SHORTEST_NAME:
                self._by_start.setdefault(name.lower()[:SHORTEST_NAME], []).append((name.lower(), party_id))

    def inside(self, text: str) -> Iterator[tuple[str, str]]:
        """(name, party id) of each that ``text`` holds."""
        plain = text.lower()
        for at in range(len(plain) - SHORTEST_NAME + 1):
            for name, party_id in self._by_start.get(plain[at : at + SHORTEST_NAME], ()):
                if plain.startswith(name, at):
                    yield name, party_id


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the review knows about everybody, looked up once a run. ``owners``: address -> parties that have it.
    ``last_payments``: the day of the newest payment of anybody on a side."""

    company: Company
    today: dt.date
    owners: Mapping[str, tuple[Party, ...]]
    names: PartyNames
    last_payments: Mapping[Side, dt.date | None] = field(default_factory=dict)

    def foreign_names(self, party: Party) -> Callable[[str], str | None]:
        own = {party.name.lower(), *(alias.lower() for alias in party.aliases)}

        def found(text: str) -> str | None:
            for name, party_id in self.names.inside(text):
                if party_id != party.id and not any(name in mine or mine in name for mine in own):
                    return name
            return None

        return found


def surroundings(work: Work, company: Company, now: dt.datetime) -> Surroundings:
    owners: dict[str, list[Party]] = {}
    names: list[tuple[str, str]] = []
    for party in work.ledger.parties():
        for address in party.emails:
            owners.setdefault(address.lower(), []).append(party)
        names += [(name, party.id) for name in (party.name, *party.aliases)]
    return Surroundings(
        company=company,
        today=now.astimezone(ZoneInfo(company.timezone)).date(),
        owners={address: tuple(parties) for address, parties in owners.items()},
        names=PartyNames(names),
        last_payments={side: work.ledger.last_payment(side) for side in Side},
    )


class KeptSurroundings:
    """For looking at statements one after the other: looked up again after each import, and on each day."""

    def __init__(self) -> None:
        self._kept: tuple[tuple[object, ...], Surroundings] | None = None

    def of(self, work: Work, company: Company, now: dt.datetime) -> Surroundings:
        key = (work.desk.import_mark(), company, now.astimezone(ZoneInfo(company.timezone)).date())
        kept = self._kept
        if kept is None or kept[0] != key:
            self._kept = kept = (key, surroundings(work, company, now))
        return kept[1]


def review_context(
    work: Work, statement: Statement, around: Surroundings, item_ids: Collection[str] | None = None
) -> ReviewContext:
    """The facts beside ``statement`` that its review needs, as the record has them now."""
    party, side = statement.party, statement.side
    zone = ZoneInfo(around.company.timezone)
    last = work.statements.last_issued(party.id, side, statement.currency, before=statement.as_of)
    replaced = work.statements.last_issued(party.id, side, statement.currency, number=statement.number)
    imported = work.ledger.last_import(side)
    cases = [case for case in work.casefile.cases(party_id=party.id) if case.side is side]
    tasks = work.casefile.tasks(case_ids=[case.id for case in cases]) if cases else []
    dead = {
        str(task.facts["recipient"]).lower()
        for task in tasks
        if task.kind is TaskKind.UNDELIVERABLE and task.facts.get("recipient")
    }
    sent = [case.sent_at for case in cases if case.sent_at is not None and case.currency == statement.currency]
    others = {
        address.lower(): tuple(sorted({owner.name for owner in owners if owner.id != party.id}))
        for address in party.emails
        for owners in (around.owners.get(address.lower(), ()),)
        if any(owner.id != party.id for owner in owners)
    }
    if around.company.address and around.company.address.lower() in {address.lower() for address in party.emails}:
        others[around.company.address.lower()] = (around.company.name,)
    return ReviewContext(
        today=around.today,
        working_days_between=working_days(around.company.country).between,
        account_currencies=frozenset(account.currency for account in around.company.bank_accounts),
        item_ids=None if item_ids is None else frozenset(item_ids),
        last=None if last is None else last.statement,
        replaces=None if replaced is None else replaced.statement,
        other_owners=others,
        dead_addresses=frozenset(dead),
        imported_on=None if imported is None else imported.at.astimezone(zone).date(),
        ledger_as_of=None if imported is None else imported.as_of,
        bank_as_of=None if imported is None else imported.bank_as_of,
        last_payment_on=around.last_payments.get(side),
        gone=tuple(work.ledger.gone_since(party.id, side, statement.as_of)),
        last_letter_on=max(sent).astimezone(zone).date() if sent else None,
        waiting_messages=sum(
            1 for task in tasks if task.kind not in (TaskKind.UNDELIVERABLE, TaskKind.LETTER_IN_DOUBT)
        ),
        foreign_name=around.foreign_names(party),
    )


class Outcome(StrEnum):
    RELEASED = "released"
    NEEDS_ANOTHER = "needs_another"  # a second person has to release it too
    BLOCKED = "blocked"  # the data must be mended


@dataclass(frozen=True, slots=True)
class Released:
    """What became of one held statement when ``by`` let the held ones pass."""

    number: str
    version: int
    outcome: Outcome
    findings: tuple[Finding, ...]


def held(database: Database) -> list[KeptStatement]:
    """Statements that wait for a person or for better data."""
    with database.reading() as work:
        return work.statements.standing_at(Standing.HELD)


def approve_held(
    database: Database,
    *,
    by: str,
    now: dt.datetime,
    numbers: Collection[str] | None = None,
    party_ids: Collection[str] | None = None,
    as_of: dt.date | None = None,
) -> list[Released]:
    """Releases what is held (of these numbers, parties, of this day, where named) in the name of ``by``.

    The journal keeps who released what, and which rules held it. A statement above the limit waits until two different
    people have released it; what is blocked stays.
    """
    made: list[Released] = []
    for kept in held(database):
        statement = kept.statement
        if (
            (numbers is not None and statement.number not in numbers)
            or (party_ids is not None and statement.party.id not in party_ids)
            or (as_of is not None and statement.as_of != as_of)
        ):
            continue
        with database.writing() as work:
            current = work.statements.get(statement.number)
            if current is None or current.standing is not Standing.HELD:
                continue  # somebody was faster
            made.append(_approve(work, current, by, now))
    return made


def _approve(work: Work, kept: KeptStatement, by: str, now: dt.datetime) -> Released:
    statement, findings = kept.statement, kept.findings
    if blocks(findings):
        return Released(statement.number, statement.version, Outcome.BLOCKED, findings)
    rules = holding(findings)
    work.statements.approve(statement.number, statement.version, Approval(by, now, rules))
    people = approvers(work.statements.get(statement.number, statement.version), findings)
    enough = len(people) >= people_needed(findings)
    work.journal.append(
        now, by, "statement.approved", f"case:{statement.number}",
        {"version": statement.version, "rules": sorted(rules), "released": enough},
    )  # fmt: skip
    if not enough:
        return Released(statement.number, statement.version, Outcome.NEEDS_ANOTHER, findings)
    work.statements.judge(
        statement, standing=Standing.RELEASED, findings=findings, at=now, released_by=", ".join(sorted(people))
    )
    move(work, statement.number, Event.RELEASED, at=now, actor=by, by=sorted(people))
    return Released(statement.number, statement.version, Outcome.RELEASED, findings)


def holding(findings: Iterable[Finding]) -> frozenset[str]:
    """The rules that hold."""
    return frozenset(one.rule.value for one in findings if one.severity is Severity.HOLD)


def approvers(kept: KeptStatement | None, findings: Iterable[Finding]) -> set[str]:
    """People who let all of these pass: an approval does not cover what was found after it."""
    rules = holding(findings)
    return set() if kept is None else {one.by for one in kept.approvals if rules <= one.rules}
