"""One party as the desk shows it: who it is, what is open, what goes out when, everything that was said, what is held.

Both sides of a party that is customer and supplier stand on the one page; their balances are never netted.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from mailflow.cases.case import Case
from mailflow.cases.follow_up import Plan
from mailflow.receivables.ageing import AgeingPolicy
from mailflow.receivables.drawing import DoesNotTie, draw, period_start
from mailflow.receivables.party import Party, Side
from mailflow.receivables.statement import Statement
from mailflow.receivables.working_days import WorkingDays
from mailflow.steps.ports.arrangements import KeptRuling
from mailflow.steps.ports.journal import Entry
from mailflow.steps.ports.outbox import Letter
from mailflow.steps.ports.retention import Hold
from mailflow.steps.ports.work import Database, Work
from mailflow.steps.show_cases import CaseView, Conversation, HeardMessage, case_views, told_of

RECENT = 12  # cases whose history is told; older ones are one click away

Moment = tuple[dt.datetime, str, Letter | HeardMessage | Entry]  # when, the case, what


@dataclass(frozen=True, slots=True)
class Account:
    """What the ledger of ``as_of`` says about one side and currency; ``statement`` None: its figures do not tie."""

    side: Side
    currency: str
    as_of: dt.date | None
    statement: Statement | None


@dataclass(frozen=True, slots=True)
class Reminding:
    """What follows one unanswered letter: each reminder's number, its day, and whether it went out; then the call."""

    case: Case
    reminders: tuple[tuple[int, dt.date, bool], ...]
    call: dt.date


@dataclass(frozen=True, slots=True)
class PartyView:
    """``parties``: one record a side. ``moments`` are those of the :data:`RECENT` newest cases, in reading order."""

    id: str
    name: str
    parties: list[Party]
    accounts: list[Account]
    cases: list[CaseView]
    plans: list[Reminding]
    moments: list[Moment]
    rulings: list[KeptRuling]
    holds: list[Hold]

    @property
    def older(self) -> int:
        """Cases whose history is not told here."""
        return max(0, len(self.cases) - RECENT)


def party_view(
    database: Database,
    party_id: str,
    *,
    plan: Plan,
    working: WorkingDays,
    zone: dt.tzinfo,
    ageing: AgeingPolicy | None = None,
    language: str = "en",
) -> PartyView:
    """Raises ``LookupError`` when neither the ledger nor a case knows the party."""
    with database.reading() as work:
        parties = [one for side in Side if (one := work.ledger.party(party_id, side)) is not None]
        found = sorted(work.casefile.cases(party_id=party_id), key=lambda case: (case.as_of, case.id), reverse=True)
        if not parties and not found:
            raise LookupError(party_id)
        views = case_views(work, found, language)
        told = [told_of(work, view) for view in views[:RECENT]]
        moments: list[Moment] = [(at, one.view.case.id, what) for one in told for at, what in one.history()]
        moments += [(entry.at, "", entry) for entry in work.journal.entries(f"party:{party_id}")]
        moments.sort(key=lambda moment: moment[0])
        numbers = [heard.message.no for one in told for heard in one.messages]
        ids = {case.id for case in found}
        return PartyView(
            id=party_id,
            name=parties[0].name if parties else views[0].party_name,
            parties=parties,
            accounts=_accounts(work, party_id, ageing),
            cases=views,
            plans=[
                _reminding(one, plan, working, zone)
                for one in told
                if one.view.case.state.value == "sent" and one.view.case.sent_at is not None
            ],
            moments=moments,
            rulings=work.arrangements.rulings(messages=numbers) if numbers else [],
            holds=[one for one in work.retention.holds() if one.party_id == party_id or one.case_id in ids],
        )


def _accounts(work: Work, party_id: str, ageing: AgeingPolicy | None) -> list[Account]:
    made = []
    for side in Side:
        items = work.ledger.items(party_id=party_id, side=side)
        imported = work.ledger.last_import(side)
        party = work.ledger.party(party_id, side) or Party(party_id, party_id, side)
        for currency in sorted({item.currency for item in items}):
            if imported is None:
                continue
            day = imported.as_of
            try:
                statement = draw(
                    items, party, side, currency, day, period_start(day), policy=ageing,
                    known_open=work.ledger.open_on(party_id, side, day),
                )  # fmt: skip
            except DoesNotTie:
                statement = None
            made.append(Account(side, currency, day, statement))
    return made


def _reminding(told: Conversation, plan: Plan, working: WorkingDays, zone: dt.tzinfo) -> Reminding:
    case = told.view.case
    assert case.sent_at is not None
    sent = case.sent_at.astimezone(zone).date()
    out = {letter.key.kind for letter in told.letters}
    days = [
        (number, working.after(sent, after), f"reminder-{number}" in out)
        for number, after in enumerate(plan.after_days, 1)
    ]
    last = days[-1][1] if days else sent
    return Reminding(case, tuple(days), working.after(last, plan.call_after))
