"""Asks for money: one letter a party's account, all that is overdue in it, drawn from the ledger at that very moment.

Runs once a working day and once more after each newer ledger. A demand stands in the conversation of the newest
statement that went out; an account without one gets none. Nothing is asked for while an answer waits for a person,
while the ledger is old, or where they asked for no more mail. A dispute or a promise holds its own items.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from mailflow.cases.case import Case, Settled, State, TaskKind
from mailflow.cases.demand import COURTESY, UNTOLD, Claim, DemandDue, DemandPlan, DemandStep, demand_due
from mailflow.cases.follow_up import Plan
from mailflow.cases.promise import Standing
from mailflow.correspondence.follow_ups import PaymentLevel
from mailflow.correspondence.letter import Letter
from mailflow.correspondence.message import Address
from mailflow.correspondence.statement_sheet import Form, ReplyRoute
from mailflow.correspondence.token import folded
from mailflow.receivables.drawing import DoesNotTie, draw, period_start
from mailflow.receivables.ledger import Item
from mailflow.receivables.party import Party, Side
from mailflow.receivables.statement import Statement
from mailflow.receivables.working_days import WorkingDays, working_days
from mailflow.refusals import Refusal
from mailflow.steps.advance_case import PROGRAM
from mailflow.steps.enclose_copies import Copies, copies_of, with_copies
from mailflow.steps.follow_up_around import Around
from mailflow.steps.make_reminder import promised_items
from mailflow.steps.ports.archive import Archive
from mailflow.steps.ports.clock import Clock
from mailflow.steps.ports.letters import Stationery
from mailflow.steps.ports.outbox import LetterKey
from mailflow.steps.ports.statements import KeptStatement
from mailflow.steps.ports.work import Database, Work
from mailflow.steps.queue_letters import Desk, Draft, queue_letters
from mailflow.steps.render_follow_up import render_payment_reminder
from mailflow.steps.render_letter import statement_sheet
from mailflow.steps.tell_salesperson import tell_salesperson
from mailflow.steps.withdraw_reminders import DEMAND

DEMANDED = "demand.queued"  # in the journal, with the level that each item has reached
_ROUND = "demands"
_SPEAKS_OF_ITEMS = (TaskKind.DISPUTE,)  # such a task holds what it names, not the account


@dataclass(slots=True)
class Demanded:
    """As :class:`mailflow.steps.follow_up.FollowedUp`; ``waiting`` says why an account that owes was not written to."""

    letters: list[int] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    told: int = 0
    failed: dict[str, str] = field(default_factory=dict)
    waiting: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Account:
    """One customer's account as it stands now. ``promised`` and ``disputed`` are ids of items that are held."""

    party: Party
    case: Case
    issued: KeptStatement
    statement: Statement
    held: frozenset[str]


@dataclass(frozen=True, slots=True)
class PaymentDemands:
    database: Database
    archive: Archive
    desk: Desk
    stationery: Stationery
    clock: Clock
    plan: DemandPlan
    follow_up: Plan = field(default_factory=Plan)
    form: Form | None = None
    copies: Copies | None = None

    def run_due(self, today: dt.date, stopping: Callable[[], bool] = lambda: False) -> Demanded:
        """Safe to repeat: a letter's key (case, version, recipient, level, day) lets it into the outbox once."""
        done = Demanded()
        with self.database.reading() as work:
            last = work.ledger.last_import(Side.RECEIVABLE)
            period = "" if last is None else f"{today}#{last.no}"
            if last is None or work.runs.begun(_ROUND, period):
                return done
            if self._working.between(last.as_of, today) > self.plan.fresh:
                done.waiting["*"] = f"the ledger is of {last.as_of}: import a newer one"
                return done
            around = Around(work, self.clock.now(), self._day)
            candidates = self._candidates(work, today)
        for party, currency, items in candidates:
            if stopping():
                return done
            self._account(party, currency, items, last.as_of, today, around, done)
        with self.database.writing() as work:
            now = self.clock.now()
            if work.runs.begin(_ROUND, period, now, last.as_of, now):
                work.runs.finish(_ROUND, period, now)
        return done

    @property
    def _working(self) -> WorkingDays:
        return working_days(self.desk.company.country)

    def _day(self, at: dt.datetime) -> dt.date:
        return at.astimezone(ZoneInfo(self.desk.company.timezone)).date()

    def _candidates(self, work: Work, today: dt.date) -> list[tuple[Party, str, list[Item]]]:
        """Customers with an open item that is due, or nearly; one walk over the ledger."""
        parties = {one.id: one for one in work.ledger.parties() if one.side is Side.RECEIVABLE and one.emails}
        soon = self._working.after(today, self.plan.courtesy_days)
        accounts: dict[tuple[str, str], list[Item]] = {}
        owing: set[tuple[str, str]] = set()
        for item in work.ledger.items(side=Side.RECEIVABLE):
            account = (item.party_id, item.currency)
            accounts.setdefault(account, []).append(item)
            is_open = item.amount if item.open_amount is None else item.open_amount
            day = item.due_date or item.date
            if is_open > 0 and day is not None and day <= soon:
                owing.add(account)
        return [
            (parties[party_id], currency, accounts[party_id, currency])
            for party_id, currency in sorted(owing)
            if party_id in parties and party_id not in self.plan.never
        ]

    def _account(
        self, party: Party, currency: str, items: list[Item], as_of: dt.date, today: dt.date, around: Around,
        done: Demanded,
    ) -> None:  # fmt: skip
        name = f"{party.id} {currency}"
        try:
            with self.database.reading() as work:
                account, why = self._stands(work, party, currency, items, as_of, around)
                if account is None:
                    done.waiting[name] = why
                    return
                told = told_levels(work, party.id, currency)
            found = demand_due(
                self._claims(account, told), self.plan, today, self._working, currency=currency,
                unapplied=account.statement.unapplied, chased_on=self._chased_on(account.case, around),
            )  # fmt: skip
            if found.step is DemandStep.WAIT:
                done.waiting[name] = found.why
            elif found.step is DemandStep.PERSON:
                self._person(account, found, done)
            elif found.step is DemandStep.WRITE:
                self._write(account, found, today, around, done)
        except (Refusal, DoesNotTie) as failure:
            done.failed[name] = str(failure)

    def _stands(
        self, work: Work, party: Party, currency: str, items: list[Item], as_of: dt.date, around: Around
    ) -> tuple[_Account | None, str]:
        """The account, or why it is not written to."""
        issued = work.statements.last_issued(party.id, party.side, currency)
        case = None if issued is None else work.casefile.get(issued.statement.number)
        if issued is None or case is None:
            return None, "no statement has gone out yet"
        if case.state in (State.QUEUED, State.UNDELIVERABLE, State.DRAFT, State.HELD):
            return None, f"its statement is {case.state.value}"
        cases = [one for one in work.casefile.cases(party_id=party.id) if one.side is party.side]
        for one in cases:
            if why := around.waits(one, but=_SPEAKS_OF_ITEMS):
                return None, why
        ids = [one.id for one in cases]
        disputes = [one for _, one in work.casefile.disputes(case_ids=ids) if one.settled is Settled.OPEN]
        if any(not one.reference for one in disputes):
            return None, "they dispute the account as a whole"
        promised: dict[str, dt.date] = {}
        holding: set[str] = set()
        for _, promise in work.casefile.promises(case_ids=ids):
            if promise.standing is Standing.KEPT or promise.currency not in (None, currency):
                continue
            named = promised_items(work, promise, issued.statement)
            promised |= named
            if promise.standing is Standing.OPEN:
                holding |= {_plain(one) for one in named}
        statement = draw(
            items, party, party.side, currency, as_of, period_start(as_of, issued.statement.as_of),
            number=case.id, version=case.version, known_open=work.ledger.open_on(party.id, party.side, as_of),
            disputed=[one.reference or "" for one in disputes], promised=promised,
        )  # fmt: skip
        held = {
            line.item_id
            for line in statement.open_lines
            if line.disputed or holding & {_plain(line.reference), _plain(line.their_reference)} - {""}
        }
        return _Account(party, case, issued, statement, frozenset(held)), ""

    def _claims(self, account: _Account, told: dict[str, int]) -> list[Claim]:
        return [
            Claim(line.item_id, line.open_amount, line.due_date or line.date, told.get(line.item_id, UNTOLD))
            for line in account.statement.open_lines
            if line.open_amount > 0 and line.item_id not in account.held
        ]

    def _chased_on(self, case: Case, around: Around) -> dt.date | None:
        """The statement itself counts: nobody gets it today and a demand tomorrow."""
        days = [around.reminded.get(case.party_id), None if case.sent_at is None else self._day(case.sent_at)]
        return max((one for one in days if one is not None), default=None)

    def _write(self, account: _Account, found: DemandDue, today: dt.date, around: Around, done: Demanded) -> None:
        case, statement = account.case, account.statement
        recipients = [one for one in account.party.emails if folded(one) not in around.unreachable]
        pay_by = None if found.level == COURTESY else self._working.after(today, self.plan.pay_within)

        def render(route: ReplyRoute) -> Letter:
            sheet = statement_sheet(
                self.stationery, statement, self.desk.company, route=route, form=self.form, neutral=False
            )
            letter = render_payment_reminder(
                self.stationery, sheet, level=self._tone(found.level), pay_by=pay_by, items=found.items.keys(),
                enclose=found.level > 1,
            )  # fmt: skip
            if self.copies is None or found.level < 2:  # the second one encloses what they may lack
                return letter
            asked = [line.reference for line in statement.open_lines if line.item_id in found.items]
            return with_copies(letter, copies_of(self.copies, asked))

        def still(work: Work) -> bool:
            now = work.casefile.get(case.id)
            if now is None or now.version != case.version or now.state is not case.state:
                return False
            if told_levels(work, case.party_id, case.currency) != before:
                return False  # another process was faster
            work.journal.append(
                self.clock.now(), PROGRAM, DEMANDED, _subject(case.party_id, case.currency),
                {"case": case.id, "level": found.level, "items": dict(found.items), "day": today.isoformat()},
            )  # fmt: skip
            return True

        with self.database.reading() as work:
            before = told_levels(work, case.party_id, case.currency)
        kind = f"{DEMAND}{found.level}-{today:%Y%m%d}"
        drafts = [
            Draft(
                LetterKey(case.id, case.version, one, kind), case.id, Address(_name(account.party), one), render,
            )
            for one in recipients
        ]  # fmt: skip
        numbers = queue_letters(self.database, self.archive, self.desk, drafts, self.clock, still=still)
        if not numbers:
            return
        done.letters += numbers
        around.reminded[case.party_id] = today
        if self.follow_up.tells_salesperson(found.level):
            note = tell_salesperson(
                self.database, self.archive, self.desk, self.stationery, self.clock, case, found.level, today,
                kind="demand",
            )  # fmt: skip
            done.told += len(note)

    def _tone(self, level: int) -> PaymentLevel:
        if level == COURTESY:
            return PaymentLevel.COURTESY
        if self.plan.is_final(level):
            return PaymentLevel.FINAL
        return PaymentLevel.FIRST if level == 1 else PaymentLevel.SECOND

    def _person(self, account: _Account, found: DemandDue, done: Demanded) -> None:
        """The last notice is somebody's decision: a call first."""
        case = account.case
        with self.database.writing() as work:
            known = work.casefile.tasks(case_ids=[case.id], open_only=False)
            key = f"demand-{found.level}"
            if any(task.kind is TaskKind.CALL and task.facts.get("key") == key for task in known):
                return
            at = self.clock.now()
            references = [one.reference for one in account.statement.open_lines if one.item_id in found.items]
            work.casefile.raise_task(
                TaskKind.CALL, case_id=case.id, message=None, at=at, key=key,
                evidence=f"the final notice is due: {', '.join(references[:8])}",
                facts={"key": key, "level": found.level, "salesperson": account.party.salesperson},
            )  # fmt: skip
            work.journal.append(at, PROGRAM, "case.call", f"case:{case.id}", {"demand": found.level})
            done.calls.append(case.id)


def told_levels(work: Work, party_id: str, currency: str) -> dict[str, int]:
    """Item id -> the highest level at which a letter has named it; withdrawn letters count, they were overtaken."""
    told: dict[str, int] = {}
    for entry in work.journal.entries(_subject(party_id, currency)):
        if entry.action == DEMANDED:
            for item, level in entry.facts["items"].items():
                told[item] = max(told.get(item, UNTOLD), int(level))
    return told


def _subject(party_id: str, currency: str) -> str:
    return f"account:{party_id}:{Side.RECEIVABLE.value}:{currency}"


def _plain(reference: str) -> str:
    return "".join(character for character in reference if character.isalnum()).casefold()


def _name(party: Party) -> str:
    return "".join(one for one in party.name if one.isprintable() and one not in '<>"@')[:120]
