"""Draws the statements that are asked for, reviews each, freezes it as a numbered version, and opens its case.

    ledger ──► draw ──► review ──► frozen version ──► case: held | queued (its letter is made by queue_letters)

Drawing again is harmless: the same content keeps its version; changed content becomes the next one, which takes back
the letters of the old one that have not gone out. One party's trouble never stops the others.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum

from mailflow.cases.case import Event, Settled, State
from mailflow.receivables.ageing import AgeingPolicy
from mailflow.receivables.company import Company
from mailflow.receivables.drawing import DoesNotTie, draw, period_start, statement_number
from mailflow.receivables.party import Party, Side
from mailflow.receivables.review import Finding, blocks, holds, people_needed, review
from mailflow.receivables.review_policy import ReviewPolicy
from mailflow.receivables.statement import Statement
from mailflow.receivables.statement_record import content_hash
from mailflow.receivables.working_days import working_days
from mailflow.steps.advance_case import PROGRAM, move
from mailflow.steps.ports.outbox import WAITING
from mailflow.steps.ports.statements import KeptStatement, Standing
from mailflow.steps.ports.work import Database, Work
from mailflow.steps.review_statements import Surroundings, approvers, review_context, surroundings

Account = tuple[str, Side, str]  # party, side, currency


class Change(StrEnum):
    NEW = "new"
    SAME = "same"  # it was drawn before and says the same
    CORRECTED = "corrected"  # the next version of a number


@dataclass(frozen=True, slots=True)
class Drawn:
    statement: Statement
    standing: Standing
    findings: tuple[Finding, ...]
    change: Change


@dataclass(frozen=True, slots=True)
class Skipped:
    """Nobody disappears silently: which account was not drawn, and ``why`` in a word (``nothing_to_state``, ``closed``,
    ``supplier``, ``failed``), with its sentence."""

    party_id: str
    side: Side
    currency: str
    why: str
    sentence: str


@dataclass(slots=True)
class Run:
    """Iterates over what was drawn; ``len()`` counts it."""

    as_of: dt.date
    drawn: list[Drawn] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.drawn)

    def __iter__(self) -> Iterator[Drawn]:
        return iter(self.drawn)

    @property
    def held(self) -> list[Drawn]:
        return [one for one in self.drawn if one.standing is Standing.HELD]


def draw_statements(
    database: Database,
    *,
    as_of: dt.date,
    company: Company,
    now: dt.datetime,
    party_ids: Collection[str] | None = None,
    ageing: AgeingPolicy | None = None,
    policy: ReviewPolicy | None = None,
    reply_within: int = 10,
    actor: str = PROGRAM,
) -> Run:
    """Statements as of ``as_of`` for every customer account with something to state, or for the parties named.

    A supplier's account is drawn only when the party is named or has a ``statement_schedule`` of its own: who gets our
    view of what we owe is somebody's decision. ``reply_within`` counts working days from today to the reply date.
    """
    run = Run(as_of)
    with database.reading() as work:
        around = surroundings(work, company, now)
        accounts = [one for one in work.ledger.accounts() if party_ids is None or one[0] in party_ids]
        known = {(party.id, party.side): party for party in work.ledger.parties()}
    reply_by = working_days(company.country).after(around.today, reply_within)
    for account in accounts:
        party_id, side, currency = account
        party = known.get((party_id, side))
        if side is Side.PAYABLE and party_ids is None and (party is None or not party.statement_schedule):
            run.skipped.append(Skipped(party_id, side, currency, "supplier", "suppliers get a statement when named"))
            continue
        desk = _Desk(around, ageing or AgeingPolicy(), policy or ReviewPolicy(), as_of, reply_by, now, actor)
        try:
            with database.writing() as work:
                outcome = desk.draw(work, account, party)
        except DoesNotTie as failure:
            outcome = Skipped(party_id, side, currency, "failed", str(failure))
        if isinstance(outcome, Drawn):
            run.drawn.append(outcome)
        else:
            run.skipped.append(outcome)
    return run


@dataclass(frozen=True, slots=True)
class _Desk:
    """One account's statement, from ledger to case, inside one transaction."""

    around: Surroundings
    ageing: AgeingPolicy
    policy: ReviewPolicy
    as_of: dt.date
    reply_by: dt.date
    now: dt.datetime
    actor: str

    def draw(self, work: Work, account: Account, party: Party | None) -> Drawn | Skipped:
        party_id, side, currency = account
        items = work.ledger.items(party_id=party_id, side=side)
        if party is None:
            party = Party(party_id, next((item.party_name for item in items if item.party_name), party_id), side)
        number = statement_number(party_id, side, currency, self.as_of)
        before = work.statements.get(number)
        case = work.casefile.get(number)
        if case is not None and case.state is State.CLOSED:
            return Skipped(party_id, side, currency, "closed", f"the case {number} is closed; reopen it first")
        last = work.statements.last_issued(party_id, side, currency, before=self.as_of)
        statement = draw(
            items,
            party,
            side,
            currency,
            self.as_of,
            period_start(self.as_of, None if last is None else last.statement.as_of),
            number=number,
            version=1 if before is None else before.statement.version,
            policy=self.ageing,
            known_open=work.ledger.open_on(party_id, side, self.as_of),
            disputed=self._disputed(work, party_id),
            reply_by=self.reply_by,
        )
        if before is None and not statement.open_lines and not statement.movements:
            return Skipped(party_id, side, currency, "nothing_to_state", "no open item and no posting in the period")
        digest = content_hash(statement)
        if before is not None and before.content_hash != digest:
            statement = replace(statement, version=before.statement.version + 1)
        context = review_context(work, statement, self.around, {item.id for item in items})
        findings = tuple(review(statement, context, self.policy))
        if before is None:
            return self._first(work, statement, digest, findings)
        if before.content_hash == digest:
            return self._same(work, before, statement, findings)
        return self._corrected(work, before, statement, digest, findings)

    def _first(self, work: Work, statement: Statement, digest: str, findings: tuple[Finding, ...]) -> Drawn:
        work.casefile.open(
            case_id=statement.number, party_id=statement.party.id, side=statement.side, currency=statement.currency,
            statement_no=statement.number, version=statement.version, as_of=statement.as_of,
            our_balance=statement.closing, at=self.now,
        )  # fmt: skip
        return self._freeze(work, statement, digest, findings, Change.NEW)

    def _corrected(
        self, work: Work, before: KeptStatement, statement: Statement, digest: str, findings: tuple[Finding, ...]
    ) -> Drawn:
        work.statements.withdraw(before.statement.number, before.statement.version)
        for letter in work.outbox.letters(case_id=statement.number, states=WAITING):
            work.outbox.cancel(letter.no, self.now, self.actor)
        work.casefile.new_version(
            statement.number, version=statement.version, statement_no=statement.number, as_of=statement.as_of,
            our_balance=statement.closing,
        )  # fmt: skip
        move(
            work, statement.number, Event.NEW_VERSION, at=self.now, actor=self.actor,
            was=format(before.statement.closing, "f"), now=format(statement.closing, "f"),
        )  # fmt: skip
        return self._freeze(work, statement, digest, findings, Change.CORRECTED)

    def _freeze(
        self, work: Work, statement: Statement, digest: str, findings: tuple[Finding, ...], change: Change
    ) -> Drawn:
        standing = Standing.HELD if holds(findings) else Standing.RELEASED
        work.statements.keep(
            statement, content_hash=digest, standing=standing, findings=findings, at=self.now,
            released_by=self.actor if standing is Standing.RELEASED else None,
        )  # fmt: skip
        work.journal.append(
            self.now, self.actor, "statement.drawn", f"case:{statement.number}",
            {
                "version": statement.version, "as_of": statement.as_of.isoformat(), "currency": statement.currency,
                "closing": format(statement.closing, "f"), "content": digest, "ledger": statement.ledger_hash,
                "findings": [f"{one.severity}:{one.rule}" for one in findings],
            },
        )  # fmt: skip
        self._move(work, statement, standing, findings)
        return Drawn(statement, standing, findings, change)

    def _same(self, work: Work, before: KeptStatement, statement: Statement, findings: tuple[Finding, ...]) -> Drawn:
        """Drawn before. What is held is looked at anew: the address may have been added, the ledger refreshed."""
        if before.standing is not Standing.HELD:
            return Drawn(before.statement, before.standing, before.findings, Change.SAME)
        enough = not blocks(findings) and len(approvers(before, findings)) >= people_needed(findings)
        standing = Standing.RELEASED if enough else Standing.HELD
        work.statements.judge(
            statement, standing=standing, findings=findings, released_by=self.actor if enough else None
        )
        if enough:
            self._move(work, statement, standing, findings)
        return Drawn(statement, standing, findings, Change.SAME)

    def _move(self, work: Work, statement: Statement, standing: Standing, findings: tuple[Finding, ...]) -> None:
        event = Event.RELEASED if standing is Standing.RELEASED else Event.HELD_BY_REVIEW
        rules = [one.rule.value for one in findings]
        move(work, statement.number, event, at=self.now, actor=self.actor, findings=rules)

    def _disputed(self, work: Work, party_id: str) -> list[str]:
        cases = [case.id for case in work.casefile.cases(party_id=party_id)]
        if not cases:
            return []
        return [
            dispute.reference
            for _, dispute in work.casefile.disputes(case_ids=cases)
            if dispute.reference and dispute.settled is Settled.OPEN
        ]
