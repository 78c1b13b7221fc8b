"""Adjustments of our books: proposed by one person, approved by another above a limit, handed over as a journal, and
found booked in a later import. Each step and its entry in the journal (who, when, why) are one commit.

Raises :class:`Refusal` with one sentence when something is not possible; then nothing was changed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from mailflow.cases.adjustment import Adjustment, AdjustmentKind, AdjustmentPolicy, AdjustmentState, NewAdjustment
from mailflow.cases.case import State
from mailflow.money import from_minor, to_minor
from mailflow.refusals import Refusal
from mailflow.steps.advance_case import PROGRAM
from mailflow.steps.decide_case import said, wanted_case
from mailflow.steps.ports.work import Database, Work
from mailflow.steps.report import Cell, Table

JOURNAL = (
    "voucher", "date", "party", "name", "kind", "reference", "debit", "credit", "currency", "counter_account", "text",
    "proposed_by", "approved_by",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Exported:
    """``number`` counts exports from 1; None when there was nothing to export."""

    number: int | None
    journal: Table
    adjustments: tuple[int, ...] = ()


def propose_adjustment(
    database: Database,
    policy: AdjustmentPolicy,
    case_id: str,
    *,
    kind: AdjustmentKind,
    reference: str,
    amount: Decimal,
    by: str,
    why: str,
    date: dt.date,
    at: dt.datetime,
) -> Adjustment:
    """``amount`` is what the booking adds to the account, in our ledger's sign. Where one person may decide it, it is
    approved at once."""
    why, reference = said(why, "what the adjustment rests on"), said(reference, "which document it is about")[:200]
    with database.writing() as work:
        case = wanted_case(work, case_id)
        if case.state is State.CLOSED:
            raise Refusal(f"{case_id} is closed; reopen it first")
        if not amount.is_finite():
            raise Refusal(f"{amount} is no amount of money")
        try:
            amount = from_minor(to_minor(amount, case.currency), case.currency)
        except ValueError as finer:
            raise Refusal(str(finer)) from None
        new = NewAdjustment(case_id, case.party_id, case.side, kind, reference, amount, case.currency, date, why, by)
        wrong = policy.wrong(new)
        if wrong is not None:
            raise Refusal(wrong)
        for other in work.adjustments.all(case_id=case_id):
            same = (other.adjustment.kind, other.adjustment.reference, other.adjustment.amount)
            if same == (kind, reference, amount) and other.state is not AdjustmentState.REJECTED:
                raise Refusal(f"the very same is {other.state.value} already: {other.voucher}")
        number = work.adjustments.propose(new, at)
        facts = {"adjustment": number, "kind": kind, "reference": reference, "amount": format(amount, "f"), "why": why}
        work.journal.append(at, by, "adjustment.proposed", f"case:{case_id}", facts)
        if not policy.needs_second(new):
            work.adjustments.decide(number, AdjustmentState.APPROVED, by=None, at=at)
            facts = {"adjustment": number, "because": "within what one person may decide"}
            work.journal.append(at, PROGRAM, "adjustment.approved", f"case:{case_id}", facts)
        return _wanted(work, number)


def decide_adjustment(
    database: Database, number: int, *, approved: bool, by: str, why: str, at: dt.datetime
) -> Adjustment:
    """By somebody else than who proposed it; to reject one's own is allowed."""
    why = why.strip() if approved else said(why, "why it is rejected")
    with database.writing() as work:
        one = _wanted(work, number)
        if one.state is not AdjustmentState.PROPOSED and (approved or one.state is not AdjustmentState.APPROVED):
            raise Refusal(f"{one.voucher} is {one.state.value} already")
        if approved and one.adjustment.by == by:
            raise Refusal(f"you proposed {one.voucher} yourself: a second person approves it")
        state = AdjustmentState.APPROVED if approved else AdjustmentState.REJECTED
        work.adjustments.decide(number, state, by=by, at=at)
        subject = f"case:{one.adjustment.case_id}"
        work.journal.append(at, by, f"adjustment.{state.value}", subject, {"adjustment": number, "why": why})
        return _wanted(work, number)


def adjustments(
    database: Database, *, case_id: str | None = None, states: Sequence[AdjustmentState] | None = None
) -> list[Adjustment]:
    with database.reading() as work:
        return work.adjustments.all(case_id=case_id, states=states)


def export_journal(
    database: Database, policy: AdjustmentPolicy, *, by: str, at: dt.datetime, again: int | None = None
) -> Exported:
    """Hands over all that is approved and was not handed over; ``again`` gives an earlier export once more, unchanged.

    Debit and credit are those of the party's account: debit raises what a customer owes; for a supplier, credit raises
    what we owe.
    """
    with database.writing() as work:
        if again is not None:
            chosen = [one for one in work.adjustments.all() if one.export_no == again]
            if not chosen:
                raise Refusal(f"there was no export {again}")
            return Exported(again, _journal(work, chosen, policy), tuple(one.no for one in chosen))
        chosen = work.adjustments.all(states=[AdjustmentState.APPROVED])
        table = _journal(work, chosen, policy)
        if not chosen:
            return Exported(None, table)
        number = work.adjustments.export([one.no for one in chosen], at)
        for one in chosen:
            facts = {"adjustment": one.no, "export": number}
            work.journal.append(at, by, "adjustment.exported", f"case:{one.adjustment.case_id}", facts)
        return Exported(number, table, tuple(one.no for one in chosen))


def note_booked(database: Database, at: dt.datetime) -> list[Adjustment]:
    """After an import: the adjustments whose voucher an item now carries. Only an account's own items are looked at."""
    waiting = (AdjustmentState.APPROVED, AdjustmentState.EXPORTED)
    with database.reading() as work:
        if not work.adjustments.all(states=waiting):
            return []
    with database.writing() as work:
        found = []
        for one in work.adjustments.all(states=waiting):
            items = work.ledger.items(party_id=one.adjustment.party_id, side=one.adjustment.side)
            carrying = [item for item in items if one.voucher in f"{item.reference} {item.description}"]
            if not carrying:
                continue
            work.adjustments.booked(one.no, at)
            total = sum((item.amount for item in carrying), Decimal(0))
            facts = {"adjustment": one.no, "items": [item.id for item in carrying], "amount": format(total, "f")}
            if total != one.adjustment.amount:
                facts["differs_from"] = format(one.adjustment.amount, "f")
            work.journal.append(at, PROGRAM, "adjustment.booked", f"case:{one.adjustment.case_id}", facts)
            found.append(_wanted(work, one.no))
        return found


def _journal(work: Work, chosen: Sequence[Adjustment], policy: AdjustmentPolicy) -> Table:
    rows: list[dict[str, Cell]] = []
    for one in chosen:
        said = one.adjustment
        party = work.ledger.party(said.party_id, said.side)
        raises = said.amount > 0
        debit = raises if said.side.value == "receivable" else not raises
        rows.append(
            {
                "voucher": one.voucher, "date": said.date, "party": said.party_id,
                "name": "" if party is None else party.name, "kind": said.kind.value, "reference": said.reference,
                "debit": abs(said.amount) if debit else None, "credit": None if debit else abs(said.amount),
                "currency": said.currency, "counter_account": policy.counter_accounts.get(said.kind, ""),
                "text": f"{one.voucher} {said.case_id}: {said.why}"[:200], "proposed_by": said.by,
                "approved_by": one.decided_by or said.by,
            }
        )  # fmt: skip
    return Table("adjustments", JOURNAL, rows, [], frozenset({"debit", "credit"}))


def _wanted(work: Work, number: int) -> Adjustment:
    one = work.adjustments.get(number)
    if one is None:
        raise Refusal(f"there is no adjustment {number}; 'mailflow adjustments' lists them")
    return one
