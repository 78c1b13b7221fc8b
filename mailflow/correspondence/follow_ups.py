"""What follow-up letters say beyond the statement itself, as values, and as the vocabulary of their templates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from mailflow.correspondence.letter_context import Context, company_context, day, overdue_words
from mailflow.correspondence.letter_words import LetterWords
from mailflow.correspondence.message import DisputeReason
from mailflow.correspondence.statement_sheet import StatementSheet, promise_stands
from mailflow.money import grouped
from mailflow.receivables.changes import Change, changes
from mailflow.receivables.company import Company
from mailflow.receivables.statement import Statement, StatementLine


class PaymentLevel(StrEnum):
    """Courtesy before the due date, then three steps in tone; a fourth is for people, never for a program."""

    COURTESY = "courtesy"
    FIRST = "1"
    SECOND = "2"
    FINAL = "3"


@dataclass(frozen=True, slots=True)
class Confirmation:
    by: str
    on: dt.date


@dataclass(frozen=True, slots=True)
class Difference:
    """One step from our balance to theirs. ``kind`` is a reconciling item's kind (contract, ``mailflow reconcile``)."""

    kind: str
    reference: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Objection:
    """``amount`` is what they object to, None when they did not say."""

    reference: str
    reason: DisputeReason
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class PromisedPayment:
    """``amount`` None: no figure was named. ``references`` empty: for the whole statement."""

    on: dt.date
    amount: Decimal | None = None
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PaymentNotice:
    """What their payment advice says. ``items`` are (our reference, amount paid), ``steps`` what their amounts lack
    against the items; ``unapplied`` is paid for nothing that we know of. Amounts in the case's currency."""

    on: dt.date | None
    amount: Decimal | None
    items: tuple[tuple[str, Decimal], ...]
    steps: tuple[Difference, ...] = ()
    unapplied: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class DigestEntry:
    """One case that concerns the reader. ``state`` is a case's state; ``note`` what happened or what is to be done."""

    party: str
    label: str
    state: str
    currency: str
    balance: Decimal
    note: str = ""


def correction(sheet: StatementSheet, previous: Statement) -> Context:
    found = changes(previous, sheet.statement)
    before, after = previous.closing, sheet.statement.closing
    return {
        "previous": {
            "label": previous.label,
            "version": str(previous.version),
            "balance": grouped(before, sheet.currency),
            "difference": signed(after - before, sheet.currency),
        },
        "changes": [_change(one, sheet) for one in found],
    }


def answer_reminder(level: int, sent_on: dt.date, words: LetterWords) -> Context:
    """Asks for an answer, never for money. ``level`` counts from 1."""
    return {"level": str(level), "sent_on": words.date(sent_on)}


def payment_reminder(
    sheet: StatementSheet, level: PaymentLevel, pay_by: dt.date | None, items: Collection[str] | None = None
) -> Context:
    """The items that this reminder asks for (by id, when named); disputed and promised ones are named apart and not
    asked for."""
    statement, words = sheet.statement, sheet.words
    claims = [line for line in statement.open_lines if line.open_amount > 0]
    held = [line for line in claims if line.disputed or promise_stands(line, statement.as_of)]
    if items is not None:
        held += [line for line in claims if line.promised_on and line.item_id not in items and line not in held]
    free = [line for line in claims if line not in held]
    late = [line for line in free if (line.due_date or line.date) <= statement.as_of]
    if items is not None:
        asked = [line for line in free if line.item_id in items]
    else:
        asked = [line for line in free if line not in late] if level is PaymentLevel.COURTESY else late
    total = sum((line.open_amount for line in asked), Decimal(0))
    return {
        "level": level.value,
        "pay_by": day(pay_by, words),
        "asked": [_item(line, sheet) for line in asked],
        "asked_total": grouped(total, sheet.currency),
        "under_review": [_item(line, sheet) for line in held if line.disputed],
        "promised_items": [_item(line, sheet) for line in held if not line.disputed],
        "broken_promises": [_item(line, sheet) for line in asked if line.promised_on is not None],
    }


def thanks(confirmed: Confirmation, words: LetterWords) -> Context:
    return {"confirmed_by": confirmed.by, "confirmed_on": words.date(confirmed.on)}


def explanation(
    sheet: StatementSheet,
    their_balance: Decimal,
    differences: Sequence[Difference],
    unexplained: Decimal,
    sentences: Sequence[str] = (),
) -> Context:
    """Our balance + every difference + what is unexplained = their balance; raises ``ValueError`` when it is not.

    ``sentences`` say the same in words, one a difference.
    """
    ours = sheet.statement.closing
    if ours + sum((one.amount for one in differences), Decimal(0)) + unexplained != their_balance:
        raise ValueError("the differences do not lead from our balance to theirs")
    currency = sheet.currency
    return {
        "ours": grouped(ours, currency),
        "theirs": grouped(their_balance, currency),
        "apart": grouped(abs(their_balance - ours), currency),
        "differences": [_step(one, sheet) for one in differences],
        "unexplained": signed(unexplained, currency) if unexplained else "",
        "sentences": list(sentences),
    }


def request(needs: Sequence[str], references: Sequence[str], sheet: StatementSheet) -> Context:
    """``needs`` are keys of ``[missing]`` in the words: ``list``, ``balance``, ``documents``, ``payment`` …"""
    as_of = sheet.words.date(sheet.statement.as_of)
    return {
        "needs": [sheet.words.say(f"missing.{need}", as_of=as_of) for need in needs],
        "references": list(references),
    }


def objections(found: Sequence[Objection], answer_by: dt.date | None, sheet: StatementSheet) -> Context:
    words = sheet.words
    return {
        "objections": [
            {
                "reference": one.reference,
                "reason": words[f"reason.{one.reason.value}"],
                "amount": "" if one.amount is None else grouped(one.amount, sheet.currency),
            }
            for one in found
        ],
        "answer_by": day(answer_by, words),
    }


def promise(promised: PromisedPayment, sheet: StatementSheet) -> Context:
    return {
        "promised_on": sheet.words.date(promised.on),
        "promised_amount": "" if promised.amount is None else grouped(promised.amount, sheet.currency),
        "references": list(promised.references),
    }


def payment_receipt(notice: PaymentNotice, sheet: StatementSheet) -> Context:
    currency = sheet.currency
    return {
        "paid_on": day(notice.on, sheet.words),
        "paid_amount": "" if notice.amount is None else grouped(notice.amount, currency),
        "paid_items": [
            {"reference": reference, "amount": grouped(amount, currency)} for reference, amount in notice.items
        ],
        "steps": [_step(one, sheet) for one in notice.steps],
        "unapplied": grouped(notice.unapplied, currency) if notice.unapplied else "",
    }


def enclosed(shown: Sequence[str], missing: Sequence[str]) -> Context:
    """``shown`` says in words what the letter carries, ``missing`` names the documents that were asked for in vain."""
    return {"enclosed": list(shown), "missing": list(missing)}


def digest(
    company: Company,
    words: LetterWords,
    reader: str,
    on: dt.date,
    entries: Sequence[DigestEntry],
    desk: str,
    figures: Sequence[tuple[str, str]] = (),
) -> Context:
    """For our own people: ``desk`` is the console's address, or ``""``; ``figures`` are (label, value) of a summary."""
    return {
        **company_context(company, words),
        "reader": reader,
        "on": words.date(on),
        "on_iso": on.isoformat(),
        "desk": desk,
        "route": {"mark": "", "reply_to": ""},
        "figures": [{"label": label, "value": value} for label, value in figures],
        "entries": [
            {
                "party": one.party,
                "label": one.label,
                "state": words.get(f"state.{one.state}", one.state),
                "balance": f"{one.currency} {grouped(one.balance, one.currency)}" if one.currency else "",
                "note": one.note,
            }
            for one in entries
        ],
    }


def signed(amount: Decimal, currency: str) -> str:
    """With its sign, because it is a step: ``+500.00``, ``-1,250.00``."""
    return f"{'+' if amount > 0 else ''}{grouped(amount, currency)}"


def _step(one: Difference, sheet: StatementSheet) -> dict[str, str]:
    return {
        "kind": sheet.words.get(f"difference.{one.kind}", one.kind),
        "reference": one.reference,
        "amount": signed(one.amount, sheet.currency),
    }


def _change(one: Change, sheet: StatementSheet) -> dict[str, str]:
    words, currency = sheet.words, sheet.currency
    return {
        "kind": words[f"change.{one.kind.value}"],
        "reference": one.line.reference,
        "type": words.get(f"type.{one.line.type}", words["type.other"]),
        "before": grouped(one.before, currency),
        "after": grouped(one.after, currency),
        "difference": signed(one.difference, currency),
    }


def _item(line: StatementLine, sheet: StatementSheet) -> dict[str, str]:
    words = sheet.words
    return {
        "reference": line.reference,
        "po": line.po_number or line.their_reference,
        "date": line.date.isoformat(),
        "due": line.due_date.isoformat() if line.due_date else "",
        "overdue": overdue_words(line.days_overdue, line.open_amount, words),
        "open": grouped(line.open_amount, sheet.currency),
        "promised_on": day(line.promised_on, words),
    }
