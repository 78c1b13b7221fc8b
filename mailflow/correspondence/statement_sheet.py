"""A statement made ready for reading: rows, totals and answers in one value that letter, PDF and XLSX all show.

    Statement + Company + LetterWords + ReplyRoute ──lay_out()──► StatementSheet ──► letter | PDF | XLSX

Nothing is computed after this point, so no two of them can disagree.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from mailflow.correspondence.letter_words import LetterWords
from mailflow.correspondence.token import subject_mark
from mailflow.money import grouped, rounded
from mailflow.receivables.company import BankAccount, Company
from mailflow.receivables.late_payment import charges
from mailflow.receivables.party import Side
from mailflow.receivables.statement import Statement, StatementLine
from mailflow.receivables.terms import Offer, Terms, best_offer, parsed

ZERO = Decimal(0)


class FiguresDisagree(ValueError):
    """The statement does not add up; nothing may be drawn from it. The sentence names both figures."""


class Form(StrEnum):
    """``open_item`` lists what is open, however old; ``balance_forward`` the period with opening and closing."""

    OPEN_ITEM = "open_item"
    BALANCE_FORWARD = "balance_forward"


@dataclass(frozen=True, slots=True)
class ReplyRoute:
    """How an answer finds its statement: ``token`` is printed and scanned, ``reply_to`` the address that holds it."""

    token: str
    reply_to: str

    @property
    def mark(self) -> str:
        """What stands in prepared subjects, in the text, on the slip and in the workbook: ``[#TOKEN]``."""
        return subject_mark(self.token)

    @property
    def scanned(self) -> str:
        """What the QR code of the slip says; :func:`mailflow.correspondence.token.find` reads it."""
        return f"MAILFLOW:{self.mark}"


@dataclass(frozen=True, slots=True)
class SheetRow:
    """``balance`` runs: over open amounts in the open-item form, over postings in the balance-forward form.
    ``increase`` and ``decrease`` are positive; ``mark`` is what a reader must know about the row, or ``""``."""

    line: StatementLine
    type: str
    mark: str
    balance: Decimal
    increase: Decimal | None
    decrease: Decimal | None
    discount: Offer | None = None


@dataclass(frozen=True, slots=True)
class LateRow:
    """One charge for late payment, on a line of its own: ``note`` says what it was computed from."""

    label: str
    note: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Totals:
    """``requested`` is what falls due on or before the statement's date, less disputed and promised items, less
    unapplied credits, never below zero. Only a customer's statement asks for anything."""

    opening: Decimal
    closing: Decimal
    increases: Decimal
    decreases: Decimal
    charges: Decimal
    credits: Decimal
    payments: Decimal
    others: Decimal
    original: Decimal
    not_due: Decimal
    overdue: Decimal
    disputed: Decimal
    promised: Decimal
    unapplied: Decimal
    requested: Decimal


@dataclass(frozen=True, slots=True)
class StatementSheet:
    """``counterpart`` is the other side's statement of a party that is customer and supplier: shown, never netted.
    ``others`` are the same party's statements in other currencies: each has its own letter, none is added to another.

    ``neutral`` keeps reconciliation and demand apart: the letter then says that it is not a demand.
    """

    statement: Statement
    company: Company
    words: LetterWords
    route: ReplyRoute
    form: Form
    rows: tuple[SheetRow, ...]
    open_rows: tuple[SheetRow, ...]
    movement_rows: tuple[SheetRow, ...]
    totals: Totals
    they_owe: Decimal
    we_owe: Decimal
    bank: BankAccount | None
    neutral: bool
    issued_on: dt.date | None = None
    counterpart: Statement | None = None
    others: tuple[Statement, ...] = ()
    late_rate: str = ""  # what the terms say about late payment, in words; the rows are no part of any total
    late_rows: tuple[LateRow, ...] = ()

    @property
    def currency(self) -> str:
        return self.statement.currency

    @property
    def title(self) -> str:
        """A later version says in its title that it corrects an earlier one."""
        return self.words["title.correction" if self.statement.version > 1 else "title.statement"]


def lay_out(
    statement: Statement,
    company: Company,
    words: LetterWords,
    route: ReplyRoute,
    *,
    form: Form | None = None,
    neutral: bool | None = None,
    issued_on: dt.date | None = None,
    counterpart: Statement | None = None,
    others: Sequence[Statement] = (),
) -> StatementSheet:
    """Raises :class:`FiguresDisagree` when lines, ageing and closing balance do not meet to the last minor unit.

    Unless named, the form and the tone are those of the language's custom (``form`` and ``neutral`` in its words).
    """
    for one in (statement, *others, *([] if counterpart is None else [counterpart])):
        check(one)
        if one.party.id != statement.party.id:
            raise FiguresDisagree(f"{statement.label}: {one.label} is another party's")
    if statement.side is Side.PAYABLE:
        words = words.variant("payable")
    chosen = form or Form(words["custom.form"])
    open_rows = _open_rows(statement, words, issued_on or statement.as_of)
    movement_rows = _movement_rows(statement, words)
    late_rate, late_rows = _late(statement, words)
    they_owe, we_owe = _both_directions(statement, counterpart)
    return StatementSheet(
        statement=statement,
        company=company,
        words=words,
        route=route,
        form=chosen,
        rows=open_rows if chosen is Form.OPEN_ITEM else movement_rows,
        open_rows=open_rows,
        movement_rows=movement_rows,
        totals=totals(statement),
        they_owe=they_owe,
        we_owe=we_owe,
        bank=next((one for one in company.bank_accounts if one.currency == statement.currency), None),
        neutral=words["custom.neutral"] == "yes" if neutral is None else neutral,
        issued_on=issued_on,
        counterpart=counterpart,
        others=tuple(sorted(others, key=lambda one: one.currency)),
        late_rate=late_rate,
        late_rows=late_rows,
    )


def check(statement: Statement) -> None:
    """The equations of :mod:`mailflow.receivables.statement`, exactly. Raises :class:`FiguresDisagree`."""
    closing, label = statement.closing, statement.label
    moved = statement.opening + sum((line.amount for line in statement.movements), ZERO)
    unpaid = sum((line.open_amount for line in statement.open_lines), ZERO)
    aged = sum((bucket.amount for bucket in statement.ageing), ZERO) + statement.unapplied
    for what, figure in (("opening and postings", moved), ("open items", unpaid), ("ageing and unapplied", aged)):
        if figure != closing:
            raise FiguresDisagree(f"{label}: {what} give {figure}, the closing balance is {closing}")
    running = statement.opening
    for line in statement.movements:
        running += line.amount
        if line.balance is not None and line.balance != running:
            raise FiguresDisagree(f"{label}: the balance after {line.reference} is {line.balance}, not {running}")
    for line in (*statement.movements, *statement.open_lines):
        for amount in (line.amount, line.open_amount):
            if rounded(amount, statement.currency) != amount:
                raise FiguresDisagree(
                    f"{label}: {amount} of {line.reference} is finer than {statement.currency} allows"
                )


def totals(statement: Statement) -> Totals:
    movements, open_lines = statement.movements, statement.open_lines
    claims = [line for line in open_lines if line.open_amount > 0]
    due = sum((line.open_amount for line in claims if _due(line, statement.as_of)), ZERO)
    disputed = [line for line in claims if line.disputed]
    promised = [line for line in claims if not line.disputed and promise_stands(line, statement.as_of)]
    held = sum((line.open_amount for line in (*disputed, *promised) if _due(line, statement.as_of)), ZERO)
    asks = statement.side is Side.RECEIVABLE
    return Totals(
        opening=statement.opening,
        closing=statement.closing,
        increases=sum((line.amount for line in movements if line.amount > 0), ZERO),
        decreases=-sum((line.amount for line in movements if line.amount < 0), ZERO),
        charges=_of(movements, "invoice", "debit_note", "fee"),
        credits=-_of(movements, "credit_note", "discount"),
        payments=-_of(movements, "payment"),
        others=_of(movements, "adjustment", "other"),
        original=sum((line.amount for line in open_lines), ZERO),
        not_due=statement.closing - statement.unapplied - statement.overdue,
        overdue=statement.overdue,
        disputed=sum((line.open_amount for line in disputed), ZERO),
        promised=sum((line.open_amount for line in promised), ZERO),
        unapplied=statement.unapplied,
        requested=max(due - held + statement.unapplied, ZERO) if asks else ZERO,
    )


def promise_stands(line: StatementLine, as_of: dt.date) -> bool:
    return line.promised_on is not None and line.promised_on >= as_of


def _due(line: StatementLine, as_of: dt.date) -> bool:
    return (line.due_date or line.date) <= as_of


def _of(lines: tuple[StatementLine, ...], *types: str) -> Decimal:
    return sum((line.amount for line in lines if line.type in types), ZERO)


def _both_directions(statement: Statement, counterpart: Statement | None) -> tuple[Decimal, Decimal]:
    """What they owe us and what we owe them, both positive. A credit balance is owed the other way."""
    they, we = ZERO, ZERO
    for one in (statement, counterpart):
        if one is None:
            continue
        owed_to_us = one.closing if one.side is Side.RECEIVABLE else -one.closing
        they += max(owed_to_us, ZERO)
        we += max(-owed_to_us, ZERO)
    return they, we


def _open_rows(statement: Statement, words: LetterWords, day: dt.date) -> tuple[SheetRow, ...]:
    terms = parsed(statement.party.payment_terms) if statement.side is Side.RECEIVABLE else None
    rows: list[SheetRow] = []
    running = ZERO
    for line in statement.open_lines:
        running += line.open_amount
        row = _row(line, line.open_amount, running, statement.as_of, words)
        rows.append(replace(row, discount=_discount(line, terms, statement.currency, day)))
    return tuple(rows)


def _movement_rows(statement: Statement, words: LetterWords) -> tuple[SheetRow, ...]:
    rows: list[SheetRow] = []
    running = statement.opening
    for line in statement.movements:
        running += line.amount
        rows.append(_row(line, line.amount, running, statement.as_of, words))
    return tuple(rows)


def _discount(line: StatementLine, terms: Terms | None, currency: str, day: dt.date) -> Offer | None:
    """What settles an untouched invoice when it is paid early, while that is still possible."""
    if line.type != "invoice" or line.open_amount != line.amount or line.disputed:
        return None
    return best_offer(terms, line.date, line.amount, currency, day)


def _late(statement: Statement, words: LetterWords) -> tuple[str, tuple[LateRow, ...]]:
    found = charges(statement)
    if found is None:
        return "", ()
    fee, each = found
    rows = [
        LateRow(
            one.line.reference or one.line.item_id,
            words.say("late.row", amount=grouped(one.line.open_amount, statement.currency), days=str(one.days)),
            one.interest,
        )
        for one in each
    ]
    fixed = sum((one.fixed for one in each), ZERO)
    if fixed:
        rows.append(LateRow(words["late.fixed"], words.say("late.fixed_row", count=str(len(each))), fixed))
    return words.say(f"late.per_{fee.per}", percent=format(fee.percent.normalize(), "f")), tuple(rows)


def _row(line: StatementLine, amount: Decimal, balance: Decimal, as_of: dt.date, words: LetterWords) -> SheetRow:
    return SheetRow(
        line=line,
        type=words.get(f"type.{line.type}", words["type.other"]),
        mark=_mark(line, as_of, words),
        balance=balance,
        increase=amount if amount >= 0 else None,
        decrease=-amount if amount < 0 else None,
    )


def _mark(line: StatementLine, as_of: dt.date, words: LetterWords) -> str:
    if line.disputed:
        return words["mark.disputed"]
    if line.promised_on is None:
        return ""
    key = "mark.promised" if promise_stands(line, as_of) else "mark.promise_passed"
    return words.say(key, date=line.promised_on.isoformat())
