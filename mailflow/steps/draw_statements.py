"""Draws the statements that are asked for, reviews each, freezes it as a numbered version, and opens its case.

    ledger ──► draw ──► review ──► frozen version ──► case: held | queued (its letter is made by queue_letters)

Drawing again is harmless: the same content keeps its version; changed content becomes the next one, which takes back
the letters of the old one that have not gone out. One party's trouble never stops the others.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from mailflow.cases.case import Event, Settled, State
from mailflow.cases.promise import Standing as PromiseStanding
from mailflow.receivables.ageing import AgeingPolicy
from mailflow.receivables.company import Company
from mailflow.receivables.drawing import DoesNotTie, draw, period_start, statement_number
from mailflow.receivables.ledger import Item
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
from mailflow.steps.review_statements import KeptSurroundings, Surroundings, approvers, review_context, surroundings

Account = tuple[str, Side, str]  # party, side, currency
_FEW = 100  # parties named that are looked up one by one


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

    def take(self, outcome: Drawn | Skipped) -> None:
        if isinstance(outcome, Drawn):
            self.drawn.append(outcome)
        else:
            self.skipped.append(outcome)

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
    release: bool = True,
    actor: str = PROGRAM,
) -> Run:
    """Statements as of ``as_of`` for every customer account with something to state, or for the parties named.

    A supplier's account is drawn only when the party is named or has a ``statement_schedule`` of its own: who gets our
    view of what we owe is somebody's decision. ``reply_within`` counts working days from today to the reply date.
    What passes the review is released, so that its letters may be made; with ``release`` False it stays a draft.
    """
    run = Run(as_of)
    with database.reading() as work:
        plan = _plan(work, run, party_ids)
        around = surroundings(work, company, now)
    desk = Desk(around, ageing, policy, as_of, reply_within, now, actor, release)
    for account, party in plan:
        try:
            with database.writing() as work:
                run.take(desk.draw(work, account, party))
        except DoesNotTie as failure:
            run.take(Skipped(*account, "failed", str(failure)))
    return run


def preview_statements(
    database: Database,
    *,
    as_of: dt.date,
    company: Company,
    now: dt.datetime,
    party_ids: Collection[str] | None = None,
    ageing: AgeingPolicy | None = None,
    policy: ReviewPolicy | None = None,
    reply_within: int = 10,
    kept: KeptSurroundings | None = None,
) -> Run:
    """What :func:`draw_statements` would do, without doing it: nothing is frozen, no case is opened."""
    run = Run(as_of)
    with database.reading() as work:
        around = (kept or KeptSurroundings()).of(work, company, now)
        desk = Desk(around, ageing, policy, as_of, reply_within, now, PROGRAM, False)
        for account, party in _plan(work, run, party_ids):
            try:
                made = desk.compose(work, account, party)
            except DoesNotTie as failure:
                made = Skipped(*account, "failed", str(failure))
            run.take(made if isinstance(made, Skipped) else made.drawn(desk.standing(made.findings)))
    return run


def _plan(work: Work, run: Run, party_ids: Collection[str] | None) -> list[tuple[Account, Party | None]]:
    """Whose accounts are drawn; those that are not, with the reason, go to ``run``."""
    few = party_ids is not None and len(party_ids) <= _FEW
    known = {} if few else {(party.id, party.side): party for party in work.ledger.parties()}
    plan: list[tuple[Account, Party | None]] = []
    for account in work.ledger.accounts(party_ids if few else None):
        party_id, side, _ = account
        if party_ids is not None and party_id not in party_ids:
            continue
        party = work.ledger.party(party_id, side) if few else known.get((party_id, side))
        if side is Side.PAYABLE and party_ids is None and (party is None or not party.statement_schedule):
            run.take(Skipped(*account, "supplier", "suppliers get a statement only when named"))
            continue
        plan.append((account, party))
    return plan


@dataclass(frozen=True, slots=True)
class Composed:
    """A statement with what the review says about it; ``before`` is the newest version that was kept."""

    statement: Statement
    digest: str
    findings: tuple[Finding, ...]
    before: KeptStatement | None

    @property
    def change(self) -> Change:
        if self.before is None:
            return Change.NEW
        return Change.SAME if self.before.content_hash == self.digest else Change.CORRECTED

    def drawn(self, standing: Standing) -> Drawn:
        return Drawn(self.statement, standing, self.findings, self.change)


class Desk:
    """One account's statement, from ledger to case."""

    def __init__(
        self,
        around: Surroundings,
        ageing: AgeingPolicy | None,
        policy: ReviewPolicy | None,
        as_of: dt.date,
        reply_within: int,
        now: dt.datetime,
        actor: str,
        release: bool,
        due_on: dt.date | None = None,
        batch: tuple[int, int] | None = None,
    ) -> None:
        """``due_on`` and ``batch`` are what only a scheduled run knows (see ``ReviewContext``)."""
        self._due_on, self._batch = due_on, batch
        self._around, self._as_of, self._now, self._actor, self._release = around, as_of, now, actor, release
        self._ageing, self._policy = ageing or AgeingPolicy(), policy or ReviewPolicy()
        self._reply_by = working_days(around.company.country).after(around.today, reply_within)

    def standing(self, findings: tuple[Finding, ...]) -> Standing:
        if holds(findings):
            return Standing.HELD
        return Standing.RELEASED if self._release else Standing.DRAFT

    def compose(self, work: Work, account: Account, party: Party | None) -> Composed | Skipped:
        """Draws and reviews; writes nothing. Raises :class:`DoesNotTie`."""
        party_id, side, currency = account
        items = work.ledger.items(party_id=party_id, side=side)
        if party is None:
            party = Party(party_id, next((item.party_name for item in items if item.party_name), party_id), side)
        number = statement_number(party_id, side, currency, self._as_of)
        before = work.statements.get(number)
        case = work.casefile.get(number)
        if case is not None and case.state is State.CLOSED:
            return Skipped(*account, "closed", f"the case {number} is closed; reopen it first")
        last = work.statements.last_issued(party_id, side, currency, before=self._as_of)
        cases = [one.id for one in work.casefile.cases(party_id=party_id) if one.side is side]
        statement = draw(
            items,
            party,
            side,
            currency,
            self._as_of,
            period_start(self._as_of, None if last is None else last.statement.as_of),
            number=number,
            version=1 if before is None else before.statement.version,
            policy=self._ageing,
            known_open=work.ledger.open_on(party_id, side, self._as_of),
            disputed=_disputed(work, cases),
            promised=_promised(work, cases, items, currency),
            reply_by=self._reply_by,
        )
        if before is None and not statement.open_lines and not statement.movements:
            return Skipped(*account, "nothing_to_state", "no open item and no posting in the period")
        digest = content_hash(statement)
        if before is not None and before.content_hash != digest:
            statement = replace(statement, version=before.statement.version + 1)
        context = replace(
            review_context(work, statement, self._around, {item.id for item in items}),
            due_on=self._due_on,
            batch=self._batch,
        )
        return Composed(statement, digest, tuple(review(statement, context, self._policy)), before)

    def draw(self, work: Work, account: Account, party: Party | None) -> Drawn | Skipped:
        """Freezes what :meth:`compose` gives, and opens or moves its case, in the transaction of ``work``."""
        made = self.compose(work, account, party)
        if isinstance(made, Skipped):
            return made
        if made.before is None:
            return self._first(work, made)
        return self._same(work, made, made.before) if made.change is Change.SAME else self._corrected(work, made)

    def _first(self, work: Work, made: Composed) -> Drawn:
        statement = made.statement
        work.casefile.open(
            case_id=statement.number, party_id=statement.party.id, side=statement.side, currency=statement.currency,
            statement_no=statement.number, version=statement.version, as_of=statement.as_of,
            our_balance=statement.closing, at=self._now,
        )  # fmt: skip
        return self._freeze(work, made)

    def _corrected(self, work: Work, made: Composed) -> Drawn:
        assert made.before is not None
        statement, before = made.statement, made.before.statement
        work.statements.withdraw(before.number, before.version)
        for letter in work.outbox.letters(case_id=statement.number, states=WAITING):
            work.outbox.cancel(letter.no, self._now, self._actor)
        work.casefile.new_version(
            statement.number, version=statement.version, statement_no=statement.number, as_of=statement.as_of,
            our_balance=statement.closing,
        )  # fmt: skip
        move(
            work, statement.number, Event.NEW_VERSION, at=self._now, actor=self._actor,
            was=format(before.closing, "f"), now=format(statement.closing, "f"),
        )  # fmt: skip
        return self._freeze(work, made)

    def _freeze(self, work: Work, made: Composed) -> Drawn:
        statement, standing = made.statement, self.standing(made.findings)
        work.statements.keep(
            statement, content_hash=made.digest, standing=standing, findings=made.findings, at=self._now,
            released_by=self._actor if standing is Standing.RELEASED else None,
        )  # fmt: skip
        work.journal.append(
            self._now, self._actor, "statement.drawn", f"case:{statement.number}",
            {
                "version": statement.version, "as_of": statement.as_of.isoformat(), "currency": statement.currency,
                "closing": format(statement.closing, "f"), "content": made.digest, "ledger": statement.ledger_hash,
                "findings": [f"{one.severity}:{one.rule}" for one in made.findings],
            },
        )  # fmt: skip
        self._move(work, made, standing)
        return made.drawn(standing)

    def _same(self, work: Work, made: Composed, before: KeptStatement) -> Drawn:
        """Drawn before. What has not been released is looked at anew: the address may have been added since."""
        if before.standing not in (Standing.HELD, Standing.DRAFT):
            return Drawn(before.statement, before.standing, before.findings, Change.SAME)
        approved = not blocks(made.findings) and len(approvers(before, made.findings)) >= people_needed(made.findings)
        standing = self.standing(() if approved else made.findings)
        released = self._actor if standing is Standing.RELEASED else None
        work.statements.judge(
            made.statement, standing=standing, findings=made.findings, at=self._now, released_by=released
        )
        if standing is not before.standing:
            self._move(work, made, standing)
        return made.drawn(standing)

    def _move(self, work: Work, made: Composed, standing: Standing) -> None:
        """A draft's case stays where it is; one that was held is still held until it is released."""
        event = {Standing.RELEASED: Event.RELEASED, Standing.HELD: Event.HELD_BY_REVIEW}.get(standing)
        if event is not None:
            rules = [one.rule.value for one in made.findings]
            move(work, made.statement.number, event, at=self._now, actor=self._actor, findings=rules)


def _disputed(work: Work, cases: list[str]) -> list[str]:
    """References under dispute in any of these cases."""
    if not cases:
        return []
    return [
        dispute.reference
        for _, dispute in work.casefile.disputes(case_ids=cases)
        if dispute.reference and dispute.settled is Settled.OPEN
    ]


def _promised(work: Work, cases: list[str], items: Sequence[Item], currency: str) -> dict[str, dt.date]:
    """Reference -> the day for which its payment is promised. A promise names no item; it is taken for the one whose
    open amount is exactly what they promise, and for none when there are several."""
    found: dict[str, dt.date] = {}
    for _, promise in work.casefile.promises(case_ids=cases) if cases else ():
        if promise.date is None or promise.amount is None or promise.standing is not PromiseStanding.OPEN:
            continue
        if promise.currency not in (None, currency):
            continue
        exact = [
            item.reference
            for item in items
            if item.currency == currency
            and item.amount > 0
            and (item.amount if item.open_amount is None else item.open_amount) == promise.amount
        ]
        if len(exact) == 1 and exact[0]:
            found[exact[0]] = promise.date
    return found
