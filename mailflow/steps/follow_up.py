"""Follows up what nobody has answered: asks the store for the facts of each case and does what the plan says is due.

Safe to call as often as one likes, from any number of processes: a reminder's key (statement, version, recipient,
``reminder-2``) lets it into the outbox once, a task is raised once, and inside the commit that queues a letter the case
is asked again whether it still waits for an answer. Nothing is followed up while mail may lie unread.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from mailflow.cases.case import Case, Event, Settled, State, TaskKind
from mailflow.cases.demand import DemandPlan
from mailflow.cases.follow_up import Due, Facts, Plan, Promised, Step, due, promised
from mailflow.cases.promise import PromiseToPay, Standing
from mailflow.correspondence.message import Address
from mailflow.correspondence.statement_sheet import Form
from mailflow.correspondence.token import folded
from mailflow.receivables.statement import Statement
from mailflow.receivables.working_days import WorkingDays, working_days
from mailflow.refusals import Refusal
from mailflow.steps.advance_case import PROGRAM, move
from mailflow.steps.demand_payment import PaymentDemands
from mailflow.steps.enclose_copies import NO_COPIES, Copies
from mailflow.steps.follow_up_around import Around
from mailflow.steps.make_reminder import Reminding, renderer
from mailflow.steps.ports.archive import Archive
from mailflow.steps.ports.clock import Clock
from mailflow.steps.ports.letters import Stationery
from mailflow.steps.ports.outbox import Letter, LetterKey, LetterState
from mailflow.steps.ports.work import Database, Work
from mailflow.steps.queue_letters import STATEMENT, Desk, Draft, queue_letters
from mailflow.steps.tell_salesperson import further, tell_salesperson
from mailflow.steps.withdraw_reminders import REMINDER, withdraw_reminders

MAIL_IS_FRESH = dt.timedelta(minutes=75)  # folders are compared hourly, and looked at every 9 minutes at the latest


@dataclass(slots=True)
class FollowedUp:
    """``letters`` are the numbers of new reminders and demands, ``calls`` and ``broken`` the cases that now wait for a
    person; ``told`` counts notes to our salespeople;
    ``failed`` maps a case to why its reminder could not be made; ``unread`` says why nothing was followed up."""

    letters: list[int] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    withdrawn: int = 0
    told: int = 0
    failed: dict[str, str] = field(default_factory=dict)
    unread: str = ""


@dataclass(frozen=True, slots=True)
class FollowUps:
    """``folders`` are the (account, folder) in which answers arrive: each must have been looked at lately. ``demands``
    asks for money on its own schedule, when it is configured."""

    database: Database
    archive: Archive
    desk: Desk
    stationery: Stationery
    clock: Clock
    plan: Plan = field(default_factory=Plan)
    form: Form | None = None
    folders: tuple[tuple[str, str], ...] = ()
    demand_plan: DemandPlan = field(default_factory=DemandPlan)
    copies: Copies = NO_COPIES

    def run_due(self, stopping: Callable[[], bool] = lambda: False) -> FollowedUp:
        done = FollowedUp()
        done.withdrawn = self._withdraw_answered()
        now = self.clock.now().astimezone(ZoneInfo(self.desk.company.timezone))
        if not self.plan.open_at(now, self._working):
            return done
        with self.database.reading() as work:
            done.unread = _unread(work, self.folders, self.clock.now())
        if done.unread:
            return done
        self._promises(now.date(), done)
        self._reminders(now.date(), done, stopping)
        if self.demand_plan.wanted:
            demands = PaymentDemands(
                self.database, self.archive, self.desk, self.stationery, self.clock, self.demand_plan, self.plan,
                self.form, self.copies,
            )  # fmt: skip
            made = demands.run_due(now.date(), stopping)
            done.letters += made.letters
            done.calls += made.calls
            done.told += made.told
            done.failed |= made.failed
        return done

    @property
    def _working(self) -> WorkingDays:
        return working_days(self.desk.company.country)

    def _withdraw_answered(self) -> int:
        """A reminder that still waits (the server put it off) is withdrawn when the answer came meanwhile."""
        with self.database.reading() as work:
            waiting = [
                one for one in work.outbox.reminders(waiting=True)
                if one.case_id and one.key.kind.startswith(REMINDER) and not _awaits(work, one)
            ]  # fmt: skip
        if not waiting:
            return 0
        with self.database.writing() as work:
            at = self.clock.now()
            return sum(
                withdraw_reminders(work, case_id, at, actor=PROGRAM, why="the case no longer waits for an answer")
                for case_id in sorted({str(one.case_id) for one in waiting})
            )

    # promises

    def _promises(self, today: dt.date, done: FollowedUp) -> None:
        with self.database.reading() as work:
            cases = {case.id: case for case in work.casefile.cases(state=State.PROMISED)}
            open_ones = [
                (cases[case_id], promise)
                for case_id, promise in (work.casefile.promises(case_ids=cases) if cases else [])
                if promise.standing is Standing.OPEN and promise.message is not None
            ]
        for case, promise in open_ones:
            with self.database.writing() as work:
                self._judge(work, case.id, promise, today, done)

    def _judge(self, work: Work, case_id: str, promise: PromiseToPay, today: dt.date, done: FollowedUp) -> None:
        case = work.casefile.get(case_id)
        if case is None or case.state is not State.PROMISED or promise.message is None:
            return
        paid, last = paid_since(work, case, promise), work.ledger.last_import(case.side)
        ledger_day = None if last is None else last.as_of
        found = promised(promise, paid, ledger_day, self.plan, today, self._working)
        if found is Promised.OPEN:
            return
        at = self.clock.now()
        facts: dict[str, Any] = {
            "promised_on": None if promise.date is None else promise.date.isoformat(),
            "promised": None if promise.amount is None else format(promise.amount, "f"),
            "paid": format(paid, "f"), "ledger_of": None if ledger_day is None else ledger_day.isoformat(),
        }  # fmt: skip
        if found is Promised.KEPT:
            work.casefile.set_standing(case_id, promise.message, Standing.KEPT)
            move(work, case_id, Event.RESOLVED, at=at, why="the promised payment came", **facts)
            done.kept.append(case_id)
            return
        known = work.casefile.tasks(case_ids=[case_id], open_only=False)
        key = f"{promise.message}:{found.value}"
        if found is Promised.UNKNOWN:
            if not any(task.kind is TaskKind.PROMISE_BROKEN and task.facts.get("key") == key for task in known):
                work.casefile.raise_task(
                    TaskKind.PROMISE_BROKEN, case_id=case_id, message=None, at=at, key=key, facts=facts | {"key": key},
                    evidence=f"{promise.evidence} (the ledger of {ledger_day} does not show it: import a newer one)",
                )  # fmt: skip
                done.broken.append(case_id)
            return
        for task in known:
            if task.kind is TaskKind.PROMISE_BROKEN and task.settled is Settled.OPEN:
                work.casefile.settle_task(task.no, Settled.DONE, by=PROGRAM, at=at)
        work.casefile.set_standing(case_id, promise.message, Standing.BROKEN)
        work.casefile.raise_task(
            TaskKind.PROMISE_BROKEN, case_id=case_id, message=None, at=at, key=key, facts=facts | {"key": key},
            evidence=promise.evidence,
        )  # fmt: skip
        move(work, case_id, Event.PROMISE_BROKEN, at=at, why="the promised day has passed without the money", **facts)
        done.broken.append(case_id)

    # reminders

    def _reminders(self, today: dt.date, done: FollowedUp, stopping: Callable[[], bool]) -> None:
        with self.database.reading() as work:
            around = Around(work, self.clock.now(), self._day)
            waiting = work.casefile.cases(state=State.SENT)
        first = min(self.plan.after_days, default=0)
        for case in waiting:
            if stopping():
                return
            if case.sent_at is None or (today - self._day(case.sent_at)).days < first:
                continue  # what follows asks the store several times a case
            with self.database.reading() as work:
                facts, recipients, letter = self._facts(work, case, around)
            found = due(facts, self.plan, today, self._working)
            if found.step is Step.CALL:
                self._call(case, found, done)
            elif found.step is Step.REMIND and recipients and letter is not None and facts.sent_on is not None:
                try:
                    numbers = self._remind(case, found, recipients, letter, facts.sent_on, done)
                except Refusal as refusal:
                    done.failed[case.id] = str(refusal)
                    continue
                if numbers:
                    around.reminded[case.party_id] = today
                    done.letters += numbers

    def _facts(self, work: Work, case: Case, around: Around) -> tuple[Facts, list[str], Letter | None]:
        """With who is to be written to, and the letter that the reminder stands under."""
        letters = [one for one in work.outbox.letters(case_id=case.id) if one.key.version == case.version]
        out = [one for one in letters if one.key.kind == STATEMENT and one.state is LetterState.ACCEPTED]
        sent = [self._day(at) for one in out if (at := one.started_at or one.settled_at) is not None]
        reminders = [one for one in letters if one.key.kind.startswith(REMINDER)]
        level = max((int(one.key.kind.removeprefix(REMINDER)) for one in reminders), default=0)
        newest = work.statements.last_issued(case.party_id, case.side, case.currency)
        sent_on = max(sent, default=None)
        recipients = [one.key.recipient for one in out if folded(one.key.recipient) not in around.unreachable]
        if self.plan.widens(level + 1):
            party = work.ledger.party(case.party_id, case.side)
            recipients += further(party, recipients, around) if recipients else []
        waits = around.waits(case) or ("" if recipients or not out else "no address of theirs takes mail")
        facts = Facts(
            case.state, sent_on, level, max((self._day(one.queued_at) for one in reminders), default=None),
            around.reminded.get(case.party_id), _away(work, case, sent_on), waits,
            newer=newest is not None and newest.statement.as_of > case.as_of,
        )  # fmt: skip
        return facts, recipients, out[0] if out else None

    def _day(self, at: dt.datetime) -> dt.date:
        return at.astimezone(ZoneInfo(self.desk.company.timezone)).date()

    def _remind(
        self, case: Case, found: Due, recipients: list[str], first: Letter, sent_on: dt.date, done: FollowedUp
    ) -> list[int]:
        today = self._day(self.clock.now())
        wanted = Reminding(case, found.level, sent_on, first.subject, today)
        with self.database.reading() as work:
            written = {one.key.recipient for one in work.outbox.letters(case_id=case.id)}
            made = renderer(work, wanted, self.stationery, self.desk, self.form, self._working)
        if made is None:
            return []
        statement, render = made

        def still(work: Work) -> bool:
            now = work.casefile.get(case.id)
            if now is None or now.state is not State.SENT or now.version != case.version:
                return False
            if found.skipped:
                work.journal.append(
                    self.clock.now(), PROGRAM, "reminder.overtaken", f"case:{case.id}",
                    {"levels": list(found.skipped), "by": found.level},
                )  # fmt: skip
            return True

        drafts = [
            Draft(
                LetterKey(case.id, case.version, recipient, f"{REMINDER}{found.level}"), case.id,
                Address(_name(statement), recipient), render,
                answers=() if recipient in written else (first.message_id,),  # who is new stands under our letter too
            )
            for recipient in recipients
        ]  # fmt: skip
        numbers = queue_letters(self.database, self.archive, self.desk, drafts, self.clock, still=still)
        if numbers and self.plan.tells_salesperson(found.level):
            note = tell_salesperson(
                self.database, self.archive, self.desk, self.stationery, self.clock, case, found.level, sent_on
            )
            done.told += len(note)
        return numbers

    def _call(self, case: Case, found: Due, done: FollowedUp) -> None:
        with self.database.writing() as work:
            tasks = work.casefile.tasks(case_ids=[case.id], open_only=False)
            if any(task.kind is TaskKind.CALL and task.facts.get("version") == case.version for task in tasks):
                return
            party = work.ledger.party(case.party_id, case.side)
            at = self.clock.now()
            work.casefile.raise_task(
                TaskKind.CALL, case_id=case.id, message=None, at=at, key=f"v{case.version}",
                evidence=f"{found.level} reminders, {found.why}",
                facts={
                    "version": case.version, "reminders": found.level,
                    "salesperson": None if party is None else party.salesperson,
                },
            )  # fmt: skip
            work.journal.append(at, PROGRAM, "case.call", f"case:{case.id}", {"reminders": found.level})
            done.calls.append(case.id)


def paid_since(work: Work, case: Case, promise: PromiseToPay) -> Decimal:
    """What the ledger shows as paid since they promised: payments booked, or claims of the statement that shrank.

    Ledgers differ: some list payments, some only what is still open. The larger of both views counts, so that nobody
    who has paid is said to have broken a promise.
    """
    message = work.mailroom.message(promise.message) if promise.message is not None else None
    since = (message.sent_at or message.received_at).date() if message is not None else case.as_of
    items = [one for one in work.ledger.items(party_id=case.party_id, side=case.side) if one.currency == case.currency]
    payments = [one for one in items if one.type == "payment" and one.date is not None]
    booked = -sum((one.amount for one in payments if one.date is not None and one.date >= since), Decimal(0))
    before = -sum(
        (one.amount for one in payments if one.date is not None and case.as_of < one.date < since), Decimal(0)
    )
    kept = work.statements.get(case.id, case.version)
    now_open = {one.id: one.amount if one.open_amount is None else one.open_amount for one in items}
    shrunk = Decimal(0)
    for line in kept.statement.open_lines if kept is not None else ():
        if line.open_amount > 0:
            shrunk += max(line.open_amount - now_open.get(line.item_id, Decimal(0)), Decimal(0))
    return max(booked, shrunk - before)


def _unread(work: Work, folders: Iterable[tuple[str, str]], now: dt.datetime) -> str:
    """Why an answer may lie unread, or ``""``."""
    for account, folder in folders:
        epoch = work.mailroom.epoch(account, folder)
        looked = None if epoch is None else work.mailroom.last_checked(epoch)[0]
        if looked is None or now - looked > MAIL_IS_FRESH:
            return f"the folder {folder} of {account} was not looked into lately; an answer may lie there"
    waiting = work.mailroom.waiting()
    return f"{waiting} messages are not understood yet" if waiting else ""


def _awaits(work: Work, letter: Letter) -> bool:
    case = work.casefile.get(str(letter.case_id))
    return case is not None and case.state is State.SENT and case.version == letter.key.version


def _away(work: Work, case: Case, sent_on: dt.date | None) -> dt.date | None:
    """The latest day on which somebody who is out of office says to be back."""
    days: list[dt.date] = []
    for message in work.mailroom.messages(case_id=case.id):
        if message.automatic != "out_of_office" or (sent_on is not None and message.received_at.date() < sent_on):
            continue
        read = work.mailroom.results(message.no).get("read")
        back = None if read is None else read.result["reading"].get("return_date")
        if back:
            days.append(dt.date.fromisoformat(back))
    return max(days, default=None)


def _name(statement: Statement) -> str:
    """The party's name for the To line, without what could be taken for an address or break the line."""
    return "".join(one for one in statement.party.name if one.isprintable() and one not in '<>"@')[:120]
