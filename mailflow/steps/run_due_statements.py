"""What the schedules make due: each party's statement once a period, whatever clock, process or network did meanwhile.

    schedule ─► periods due since it was first seen ─► begin (UNIQUE) ─► draw, review ─► finished

Due means "its time has come and it is not finished". After an outage the last period goes out late, once, with its own
as-of date; older ones that were missed are finished as superseded. A process that died in the middle left its run
unfinished: the next look goes through it again, and who had a statement keeps it. What is held is looked at anew when a
newer ledger has come.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from mailflow.receivables.ageing import AgeingPolicy
from mailflow.receivables.company import Company
from mailflow.receivables.drawing import DoesNotTie
from mailflow.receivables.party import Party, Side
from mailflow.receivables.review_policy import ReviewPolicy
from mailflow.receivables.schedule import LONGEST_SHIFT, BadSchedule, Period, parse, periods
from mailflow.receivables.working_days import WorkingDays, working_days
from mailflow.steps.advance_case import PROGRAM
from mailflow.steps.draw_statements import Account, Desk, Drawn, Run, Skipped
from mailflow.steps.ports.runs import ScheduledRun
from mailflow.steps.ports.statements import KeptStatement, Standing
from mailflow.steps.ports.work import Database, Work
from mailflow.steps.review_statements import surroundings

FEW = 5  # statements: below it the size of a run says nothing
FAR_APART = 2  # times as many, or as few, as the run before
AHEAD = dt.timedelta(days=120)


@dataclass(slots=True)
class DueReport:
    """``runs`` are the periods that were drawn now; ``superseded`` those that a later one overtook; ``looked_at`` what
    was held and drawn anew; ``broken`` schedules that cannot be read, with the parties that have them."""

    runs: list[tuple[ScheduledRun, Run]] = field(default_factory=list)
    superseded: list[ScheduledRun] = field(default_factory=list)
    looked_at: list[Drawn] = field(default_factory=list)
    broken: dict[str, str] = field(default_factory=dict)

    @property
    def any(self) -> bool:
        return bool(self.runs or self.looked_at)


@dataclass(frozen=True, slots=True)
class Upcoming:
    """A period that will be due, for the parties named."""

    schedule: str
    period: Period
    parties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StatementSchedules:
    """Draws what is due. ``default`` is the company's schedule; a party's own one wins. Suppliers need their own."""

    database: Database
    company: Company
    default: str
    ageing: AgeingPolicy | None = None
    policy: ReviewPolicy | None = None
    reply_within: int = 10

    def run_due(self, now: dt.datetime, stopping: Callable[[], bool] = lambda: False) -> DueReport:
        """Safe to call as often as one likes, from any number of processes.

        Raises ``BadSchedule`` when the company's own words are no schedule.
        """
        parse(self.default)
        report = DueReport()
        by_schedule = self._by_schedule(report)
        with self.database.writing() as work:
            for schedule in by_schedule:
                since, last = work.runs.known_since(schedule, now), work.runs.last_due(schedule)
                after = since if last is None else max(since, last - 2 * LONGEST_SHIFT)
                for period in periods(parse(schedule), after, now, self._zone, self._working):
                    work.runs.begin(schedule, period.key, period.due_at, period.as_of, now)
        with self.database.reading() as work:
            waiting = work.runs.unfinished()
        newest = {run.schedule: run.due_at for run in waiting}  # they come in the order in which they fell due
        for run in waiting:
            if stopping():
                return report
            if run.schedule in by_schedule and run.due_at == newest[run.schedule]:
                self._run(run, by_schedule[run.schedule], now, stopping, report)
            else:
                self._finish(run, "statements.superseded", now, {})
                report.superseded.append(run)
        self._look_again(now, report, stopping)
        return report

    def upcoming(self, now: dt.datetime, days: int = 60) -> tuple[list[Upcoming], dict[str, str]]:
        """What will be due within ``days``, in order, and the schedules that cannot be read; nothing is done."""
        parse(self.default)
        found, report = [], DueReport()
        until = now + dt.timedelta(days=days)
        for schedule, accounts in self._by_schedule(report).items():
            names = tuple(sorted({party_id for party_id, _, _ in accounts}))
            for period in periods(parse(schedule), now, until, self._zone, self._working):
                found.append(Upcoming(schedule, period, names))
        return sorted(found, key=lambda one: (one.period.due_at, one.schedule)), report.broken

    def next_due(self, schedule: str, now: dt.datetime) -> Period | None:
        """The next period of this schedule; None when the words are none, or nothing is due for long."""
        try:
            found = periods(parse(schedule), now, now + AHEAD, self._zone, self._working)
        except BadSchedule:
            return None
        return found[0] if found else None

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.company.timezone)

    @property
    def _working(self) -> WorkingDays:
        return working_days(self.company.country)

    def _by_schedule(self, report: DueReport) -> dict[str, dict[Account, Party | None]]:
        with self.database.reading() as work:
            parties = {(one.id, one.side): one for one in work.ledger.parties()}
            accounts = work.ledger.accounts()
        found: dict[str, dict[Account, Party | None]] = {}
        for account in accounts:
            party = parties.get(account[:2])
            own = party.statement_schedule if party is not None else None
            schedule = own or (self.default if account[1] is Side.RECEIVABLE else None)
            if schedule is None or schedule in report.broken:
                continue
            if schedule not in found:
                try:
                    parse(schedule)
                except BadSchedule as failure:
                    report.broken[schedule] = f"{account[0]}: {failure}"
                    continue
            found.setdefault(schedule, {})[account] = party
        return found

    def _run(
        self,
        due: ScheduledRun,
        accounts: dict[Account, Party | None],
        now: dt.datetime,
        stopping: Callable[[], bool],
        report: DueReport,
    ) -> None:
        run = Run(due.as_of)
        desk = self._desk(due, accounts, now)
        for account, party in accounts.items():
            if stopping():
                return  # unfinished: the next look goes on with who is missing
            try:
                with self.database.writing() as work:
                    run.take(desk.draw(work, account, party))
            except DoesNotTie as failure:
                run.take(Skipped(*account, "failed", str(failure)))
        reasons = Counter(one.why for one in run.skipped)
        self._finish(due, "statements.run", now, {"drawn": len(run), "held": len(run.held), "skipped": dict(reasons)})
        report.runs.append((due, run))

    def _finish(self, due: ScheduledRun, action: str, now: dt.datetime, facts: dict[str, object]) -> None:
        with self.database.writing() as work:
            work.runs.finish(due.schedule, due.period, now)
            known = {"period": due.period, "as_of": due.as_of.isoformat()}
            work.journal.append(now, PROGRAM, action, f"schedule:{due.schedule}", known | facts)

    def _desk(self, due: ScheduledRun, accounts: dict[Account, Party | None], now: dt.datetime) -> Desk:
        """With what only the whole run can know: whether it is very late, and whether its size is odd."""
        following = periods(parse(due.schedule), due.due_at, due.due_at + AHEAD, self._zone, self._working)
        length = following[0].due_at - due.due_at if following else AHEAD
        late = now - due.due_at > length / 2
        with self.database.reading() as work:
            around = surroundings(work, self.company, now)
            desk = Desk(around, self.ageing, self.policy, due.as_of, self.reply_within, now, PROGRAM, True)
            batch, before = None, _last_count(work, due)
            if before is not None and before >= FEW:
                count = sum(1 for account, party in accounts.items() if _states(desk, work, account, party))
                if count * FAR_APART < before or count > before * FAR_APART:
                    batch = (count, before)
        due_on = due.due_at.astimezone(self._zone).date() if late else None
        return Desk(
            around, self.ageing, self.policy, due.as_of, self.reply_within, now, PROGRAM, True,
            due_on=due_on, batch=batch,
        )  # fmt: skip

    def _look_again(self, now: dt.datetime, report: DueReport, stopping: Callable[[], bool]) -> None:
        """A held statement is drawn anew once after each newer import: the reason may be gone."""
        with self.database.reading() as work:
            imported = {side: found.at for side in Side if (found := work.ledger.last_import(side)) is not None}
            held = [
                kept for kept in work.statements.standing_at(Standing.HELD)
                if (at := imported.get(kept.statement.side)) is not None and at > kept.reviewed_at
            ]  # fmt: skip
            around = surroundings(work, self.company, now) if held else None
        for kept in held:
            if stopping() or around is None:
                return
            drawn = self._again(kept, Desk(
                around, self.ageing, self.policy, kept.statement.as_of, self.reply_within, now, PROGRAM, True,
            ))  # fmt: skip
            if drawn is not None:
                report.looked_at.append(drawn)

    def _again(self, kept: KeptStatement, desk: Desk) -> Drawn | None:
        statement = kept.statement
        account = (statement.party.id, statement.side, statement.currency)
        try:
            with self.database.writing() as work:
                drawn = desk.draw(work, account, work.ledger.party(statement.party.id, statement.side))
        except DoesNotTie:
            return None
        return drawn if isinstance(drawn, Drawn) else None


def _last_count(work: Work, due: ScheduledRun) -> int | None:
    """How many statements the run before of this schedule drew; None when there was none."""
    counts = [
        entry.facts["drawn"]
        for entry in work.journal.entries(f"schedule:{due.schedule}")
        if entry.action == "statements.run" and entry.facts["period"] < due.period
    ]
    return int(counts[-1]) if counts else None


def _states(desk: Desk, work: Work, account: Account, party: Party | None) -> bool:
    """Whether this account has something to state."""
    try:
        return not isinstance(desk.compose(work, account, party), Skipped)
    except DoesNotTie:
        return True
