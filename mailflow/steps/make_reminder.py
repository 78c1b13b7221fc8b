"""Makes one reminder: a question under our statement, or, after a broken promise, a demand that names the promise.

The question is made from the frozen statement, with what they dispute since marked. The demand is drawn anew from the
ledger on record, so that it asks for nothing that was paid or is under dispute; when nothing is left there is none.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from mailflow.cases.case import Case, Settled
from mailflow.cases.promise import PromiseToPay, Standing
from mailflow.correspondence.follow_ups import PaymentLevel
from mailflow.correspondence.letter import Letter
from mailflow.correspondence.message import Intent
from mailflow.correspondence.statement_sheet import Form, ReplyRoute
from mailflow.receivables.drawing import DoesNotTie, draw, period_start
from mailflow.receivables.party import Side
from mailflow.receivables.statement import Statement, StatementLine
from mailflow.receivables.working_days import WorkingDays
from mailflow.refusals import Refusal
from mailflow.steps.ports.letters import Stationery
from mailflow.steps.ports.work import Work
from mailflow.steps.queue_letters import Desk
from mailflow.steps.render_follow_up import render_payment_reminder, render_reminder
from mailflow.steps.render_letter import statement_sheet
from mailflow.steps.understand_message import from_json

TONES = 3
PAY_WITHIN = 5  # working days
Renderer = Callable[[ReplyRoute], Letter]


@dataclass(frozen=True, slots=True)
class Reminding:
    """Which reminder of which case; ``sent_on`` and ``subject`` are those of our letter."""

    case: Case
    level: int
    sent_on: dt.date
    subject: str
    today: dt.date


def renderer(
    work: Work, wanted: Reminding, stationery: Stationery, desk: Desk, form: Form | None, working: WorkingDays
) -> tuple[Statement, Renderer] | None:
    """None when there is nothing to ask for. Raises :class:`Refusal` when the ledger cannot be drawn."""
    case = wanted.case
    kept = work.statements.get(case.id, case.version)
    if kept is None:
        return None
    disputed = [
        one.reference
        for _, one in work.casefile.disputes(case_ids=[case.id])
        if one.reference and one.settled is Settled.OPEN
    ]
    broken = [
        promise for _, promise in work.casefile.promises(case_ids=[case.id]) if promise.standing is Standing.BROKEN
    ]
    if broken and case.side is Side.RECEIVABLE:
        statement = _drawn_anew(work, case, kept.statement, disputed, broken[-1])
        if not _asks(statement):
            return None
        pay_by = working.after(wanted.today, PAY_WITHIN)
        return statement, lambda route: _demand(statement, wanted, stationery, desk, form, pay_by, route)
    statement = marked(kept.statement, disputed)
    return statement, lambda route: _question(statement, wanted, stationery, desk, form, route)


def _question(
    statement: Statement, wanted: Reminding, stationery: Stationery, desk: Desk, form: Form | None, route: ReplyRoute
) -> Letter:
    sheet = statement_sheet(stationery, statement, desk.company, route=route, form=form)
    return render_reminder(
        stationery, sheet, level=min(wanted.level, TONES), sent_on=wanted.sent_on, thread_subject=wanted.subject,
        enclose=wanted.level > 1,
    )  # fmt: skip


def _demand(
    statement: Statement, wanted: Reminding, stationery: Stationery, desk: Desk, form: Form | None, pay_by: dt.date,
    route: ReplyRoute,
) -> Letter:  # fmt: skip
    sheet = statement_sheet(stationery, statement, desk.company, route=route, form=form, neutral=False)
    # the last tone is for people
    level = PaymentLevel.FIRST if wanted.level == 1 else PaymentLevel.SECOND
    return render_payment_reminder(stationery, sheet, level=level, pay_by=pay_by)


def _drawn_anew(
    work: Work, case: Case, frozen: Statement, disputed: Collection[str], promise: PromiseToPay
) -> Statement:
    last = work.ledger.last_import(case.side)
    as_of = frozen.as_of if last is None else max(last.as_of, frozen.as_of)
    try:
        return draw(
            work.ledger.items(party_id=case.party_id, side=case.side), frozen.party, case.side, case.currency, as_of,
            period_start(as_of, frozen.as_of), number=case.id, version=case.version,
            known_open=work.ledger.open_on(case.party_id, case.side, as_of), disputed=disputed,
            promised=promised_items(work, promise, frozen),
        )  # fmt: skip
    except DoesNotTie as failure:
        raise Refusal(f"the account of {case.party_id} cannot be drawn: {failure}") from None


def promised_items(work: Work, promise: PromiseToPay, frozen: Statement) -> dict[str, dt.date]:
    """Which items their words named; when they named none, everything that we had asked for."""
    if promise.date is None or promise.message is None:
        return {}
    understood = work.mailroom.results(promise.message).get("understand")
    named: list[str] = []
    if understood is not None:
        meaning = from_json(understood.result)
        words = [one for one in meaning.intents if one.intent is Intent.PROMISE_TO_PAY]
        named = [reference for one in words for reference in one.references] or list(meaning.references)
    named = named or [line.reference for line in frozen.open_lines if line.open_amount > 0]
    return dict.fromkeys(named, promise.date)


def _asks(statement: Statement) -> bool:
    return any(
        line.open_amount > 0 and not line.disputed and (line.due_date or line.date) <= statement.as_of
        for line in statement.open_lines
    )


def marked(statement: Statement, disputed: Collection[str]) -> Statement:
    """With what they dispute marked: it stays in the balance and is not asked for."""
    names = {_plain(reference) for reference in disputed} - {""}
    if not names:
        return statement

    def line(one: StatementLine) -> StatementLine:
        return replace(one, disputed=True) if names & {_plain(one.reference), _plain(one.their_reference)} else one

    return replace(
        statement,
        open_lines=tuple(line(one) for one in statement.open_lines),
        movements=tuple(line(one) for one in statement.movements),
    )


def _plain(reference: str) -> str:
    return "".join(character for character in reference if character.isalnum()).casefold()
