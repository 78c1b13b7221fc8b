"""What our own people hear by mail: each salesperson about their customers, customer service about what waits, the
owner about the day in figures.

Through the same outbox as everything else, once a (digest, period): the period is begun in the commit that queues its
letters. After an outage the newest period is told, not every one that was missed; where there is nothing to say,
salespeople and customer service get no mail.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from zoneinfo import ZoneInfo

from mailflow.cases.case import RED, Case, State, Task, TaskKind
from mailflow.cases.next_action import TASK_WORDS, next_action
from mailflow.cases.promise import PromiseToPay, Standing
from mailflow.correspondence.follow_ups import DigestEntry
from mailflow.correspondence.letter import Letter
from mailflow.correspondence.message import Address
from mailflow.correspondence.statement_sheet import ReplyRoute
from mailflow.money import grouped
from mailflow.receivables.party import Party, Side
from mailflow.receivables.schedule import Period, parse, periods
from mailflow.receivables.working_days import working_days
from mailflow.steps.ports.archive import Archive
from mailflow.steps.ports.clock import Clock
from mailflow.steps.ports.letters import Stationery
from mailflow.steps.ports.mailroom import MessageState
from mailflow.steps.ports.outbox import LetterKey, LetterState
from mailflow.steps.ports.statements import Standing as StatementStanding
from mailflow.steps.ports.work import Database, Work
from mailflow.steps.queue_letters import Desk, Draft, queue_letters
from mailflow.steps.render_follow_up import render_digest

LOOK_BACK = dt.timedelta(days=70)  # further than any schedule's longest pause between two periods
MOST_ENTRIES = 40
RECENT = 4000  # entries of the journal that are looked through for what moved
_ENDED = frozenset({State.CLOSED, State.CONFIRMED, State.RESOLVED})


@dataclass(frozen=True, slots=True)
class DigestPlan:
    """Schedules (see :mod:`mailflow.receivables.schedule`; empty: never) and the addresses that have no other home."""

    salespeople: str = ""
    service: tuple[str, ...] = ()
    service_at: str = "30 8 * * *"
    owner: tuple[str, ...] = ()
    owner_at: str = "0 18 * * *"


@dataclass(frozen=True, slots=True)
class _Known:
    """The record, looked up once a digest. ``moved``: ids of cases that changed their state since the last one."""

    cases: list[Case]
    parties: dict[tuple[str, Side], Party]
    tasks: dict[str | None, list[Task]]
    promises: dict[str, PromiseToPay]
    moved: frozenset[str]


@dataclass(frozen=True, slots=True)
class Digests:
    database: Database
    archive: Archive
    desk: Desk
    stationery: Stationery
    clock: Clock
    plan: DigestPlan = field(default_factory=DigestPlan)
    console: str = ""

    def run_due(self, stopping: Callable[[], bool] = lambda: False) -> list[int]:
        """Numbers of the letters queued. Safe to call as often as one likes, from any number of processes."""
        made: list[int] = []
        kinds: tuple[tuple[str, str, Callable[[Work, dt.datetime], list[_Mail]]], ...] = (
            ("salespeople", self.plan.salespeople, self._to_salespeople),
            ("service", self.plan.service_at if self.plan.service else "", self._to_service),
            ("owner", self.plan.owner_at if self.plan.owner else "", self._to_owner),
        )
        for name, schedule, about in kinds:
            if schedule and not stopping():
                made += self._run(f"digest:{name}", schedule, about)
        return made

    def _run(self, name: str, schedule: str, about: Callable[[Work, dt.datetime], list[_Mail]]) -> list[int]:
        now = self.clock.now()
        due = periods(parse(schedule), now - LOOK_BACK, now, self._zone, working_days(self.desk.company.country))
        if not due:
            return []
        period = due[-1]
        with self.database.reading() as work:
            if work.runs.begun(name, period.key):
                return []
        with self.database.writing() as work:
            if work.runs.known_since(name, now) > period.due_at:
                _done(work, name, period, now)  # it fell due before anybody had asked for it
                return []
        since = due[-2].due_at if len(due) > 1 else period.due_at - dt.timedelta(days=1)
        with self.database.reading() as work:
            mails = about(work, since)
        today = now.astimezone(self._zone).date()
        drafts = [
            Draft(
                LetterKey(name, 1, one.address, f"digest-{period.key}"), None,
                Address(one.reader or one.address, one.address), _renderer(self, one, today),
            )
            for one in mails
        ]  # fmt: skip
        if not drafts:
            with self.database.writing() as work:
                _done(work, name, period, now)
            return []
        return queue_letters(
            self.database,
            self.archive,
            self.desk,
            drafts,
            self.clock,
            still=lambda work: _done(work, name, period, now),
        )

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.desk.company.timezone)

    # who hears what

    def _to_salespeople(self, work: Work, since: dt.datetime) -> list[_Mail]:
        known = _known(work, since)
        theirs: dict[str, list[Party]] = defaultdict(list)
        for party in known.parties.values():
            if party.salesperson_email:
                theirs[party.salesperson_email.lower()].append(party)
        mails = []
        for address, parties in sorted(theirs.items()):
            if work.ledger.parties_at(address):
                continue  # whoever wrote a customer's address there: our figures of others never go to it
            mine = {(one.id, one.side) for one in parties}
            entries = self._entries(known, (one for one in known.cases if (one.party_id, one.side) in mine))
            if entries:
                mails.append(_Mail(address, parties[0].salesperson or "", entries))
        return mails

    def _to_service(self, work: Work, since: dt.datetime) -> list[_Mail]:
        known = _known(work, since)
        entries = self._entries(known, (one for one in known.cases if known.tasks.get(one.id)))
        loose = known.tasks.get(None, [])
        entries += [
            DigestEntry(str(task.facts.get("sender") or "–"), "–", "", "", Decimal(0), self._words(task))
            for task in loose[:MOST_ENTRIES]
        ]
        return [_Mail(address, "", entries) for address in self.plan.service if entries]

    def _to_owner(self, work: Work, since: dt.datetime) -> list[_Mail]:
        known = _known(work, since)
        figures = self._figures(work, known, since)
        urgent = [one for one in known.cases if any(task.kind in RED for task in known.tasks.get(one.id, ()))]
        disputed = [one for one in known.cases if one.state is State.DISPUTED and one not in urgent]
        entries = self._entries(known, [*urgent, *disputed])[:10]
        return [_Mail(address, "", entries, figures) for address in self.plan.owner]

    def _figures(self, work: Work, known: _Known, since: dt.datetime) -> tuple[tuple[str, str], ...]:
        words = self.stationery.templates.words(self.desk.company.language)
        states = Counter(case.state for case in known.cases)
        counts = work.outbox.counts()
        tasks = [task for found in known.tasks.values() for task in found]
        sent = [
            one for one in work.outbox.letters(states=[LetterState.ACCEPTED])
            if one.settled_at is not None and one.settled_at >= since
        ]  # fmt: skip
        listed: list[tuple[str, object]] = [
            ("letters", len(sent)),
            ("waiting", states[State.SENT]),
            ("confirmed", states[State.CONFIRMED]),
            ("disputed", states[State.DISPUTED]),
            ("promised", states[State.PROMISED]),
            ("held", len(work.statements.standing_at(StatementStanding.HELD))),
            ("tasks", len(tasks)),
            ("red", sum(task.kind in RED for task in tasks)),
            ("in_doubt", counts[LetterState.IN_DOUBT]),
            ("quarantined", len(work.mailroom.messages(state=MessageState.QUARANTINED))),
        ]
        open_by_currency: dict[str, Decimal] = defaultdict(Decimal)
        for case in known.cases:
            if case.side is Side.RECEIVABLE and case.state not in _ENDED and case.state is not State.DRAFT:
                open_by_currency[case.currency] += case.our_balance
        money = [(words.say("figure.open", currency=one), grouped(open_by_currency[one], one))
                 for one in sorted(open_by_currency)]  # fmt: skip
        return (*((words[f"figure.{name}"], str(value)) for name, value in listed), *money)

    def _entries(self, known: _Known, cases: Iterable[Case]) -> list[DigestEntry]:
        """What waits for a person first, then what moved; the largest balances first."""
        chosen = [one for one in cases if known.tasks.get(one.id) or one.id in known.moved]
        chosen.sort(key=lambda one: (not known.tasks.get(one.id), -abs(one.our_balance), one.id))
        language = self.desk.company.language
        made = []
        for case in chosen[:MOST_ENTRIES]:
            tasks = known.tasks.get(case.id, [])
            words = next_action(case, tasks, known.promises.get(case.id), language).words
            party = known.parties.get((case.party_id, case.side))
            made.append(
                DigestEntry(
                    case.party_id if party is None else party.name,
                    case.id,
                    case.state.value,
                    case.currency,
                    case.our_balance,
                    words,
                )
            )
        return made

    def _words(self, task: Task) -> str:
        tongue = "zh" if self.desk.company.language.lower().startswith("zh") else "en"
        return TASK_WORDS[tongue][task.kind]


@dataclass(frozen=True, slots=True)
class _Mail:
    address: str
    reader: str
    entries: list[DigestEntry]
    figures: tuple[tuple[str, str], ...] = ()


def _renderer(digests: Digests, mail: _Mail, today: dt.date) -> Callable[[ReplyRoute], Letter]:
    return lambda route: render_digest(
        digests.stationery, digests.desk.company, reader=mail.reader, on=today, entries=mail.entries,
        figures=mail.figures, desk=digests.console,
    )  # fmt: skip


def _known(work: Work, since: dt.datetime) -> _Known:
    tasks: dict[str | None, list[Task]] = defaultdict(list)
    for task in work.casefile.tasks():
        if task.kind is not TaskKind.LETTER_IN_DOUBT:
            tasks[task.case_id].append(task)
    cases = work.casefile.cases()
    promised = [case.id for case in cases if case.state is State.PROMISED]
    moved = {
        entry.subject.removeprefix("case:")
        for entry in work.journal.recent(RECENT)
        if entry.at >= since and entry.subject.startswith("case:")
        and entry.facts.get("after") not in (None, entry.facts.get("before"), State.QUEUED.value, State.SENT.value)
    }  # fmt: skip
    return _Known(
        cases,
        {(one.id, one.side): one for one in work.ledger.parties()},
        tasks,
        {
            case_id: one
            for case_id, one in (work.casefile.promises(case_ids=promised) if promised else [])
            if one.standing is Standing.OPEN
        },
        frozenset(moved),
    )


def _done(work: Work, name: str, period: Period, now: dt.datetime) -> bool:
    """Begun and finished in one; False when another process was faster."""
    if not work.runs.begin(name, period.key, period.due_at, period.as_of, now):
        return False
    work.runs.finish(name, period.key, now)
    return True
