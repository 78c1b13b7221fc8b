"""Letters that follow a statement: correction, reminders, answers. Each is made from the statement it is about.

``sheet`` comes from :func:`mailflow.steps.render_letter.statement_sheet`. ``thread_subject`` is the subject of the
conversation so far (of our statement, or of their reply): the letter then says ``Re: …``, because mail programs such
as Gmail keep a conversation together only under one subject.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from decimal import Decimal

from mailflow.correspondence import follow_ups
from mailflow.correspondence.follow_ups import (
    Confirmation,
    Difference,
    DigestEntry,
    Objection,
    PaymentLevel,
    PaymentNotice,
    PromisedPayment,
)
from mailflow.correspondence.letter import Letter, LetterFile
from mailflow.correspondence.letter_context import Context, statement_context
from mailflow.correspondence.statement_sheet import StatementSheet
from mailflow.receivables.company import Company
from mailflow.receivables.statement import Statement
from mailflow.steps.ports.letters import Stationery
from mailflow.steps.render_letter import statement_files

_PREFIX = re.compile(r"^\s*(?:(?:re|aw|sv|antw|回复|回覆|答复)\s*[:：]\s*)+", re.IGNORECASE)


def render_correction(stationery: Stationery, sheet: StatementSheet, previous: Statement) -> Letter:
    """A new version that names what changed and withdraws the one before. Its figures stand in its own subject."""
    letter = _render(stationery, "correction", sheet, follow_ups.correction(sheet, previous), enclose=True)
    stationery.prove(letter, sheet)
    return letter


def render_reminder(
    stationery: Stationery,
    sheet: StatementSheet,
    *,
    level: int,
    sent_on: dt.date,
    thread_subject: str | None = None,
    enclose: bool = False,
) -> Letter:
    """Asks for an answer, never for money; ``level`` from 1, three tones."""
    said = follow_ups.answer_reminder(level, sent_on, sheet.words)
    return _render(stationery, "reminder", sheet, said, thread_subject=thread_subject, enclose=enclose)


def render_payment_reminder(
    stationery: Stationery,
    sheet: StatementSheet,
    *,
    level: PaymentLevel,
    pay_by: dt.date | None = None,
    enclose: bool = False,
    items: Collection[str] | None = None,
) -> Letter:
    """A demand, and therefore a letter of its own. ``sheet`` must be drawn as of the day of sending. ``items`` are the
    ids of what it asks for; unless named, all that is due (not yet due, in a courtesy notice)."""
    said = follow_ups.payment_reminder(sheet, level, pay_by, items)
    keys = ("paid", "differs", "question")
    return _render(stationery, "payment_reminder", sheet, said, enclose=enclose, answer_keys=keys)


def render_thanks(
    stationery: Stationery, sheet: StatementSheet, confirmed: Confirmation, *, thread_subject: str | None = None
) -> Letter:
    said = follow_ups.thanks(confirmed, sheet.words)
    return _render(stationery, "thanks_confirmation", sheet, said, thread_subject=thread_subject)


def render_explanation(
    stationery: Stationery,
    sheet: StatementSheet,
    *,
    their_balance: Decimal,
    differences: Sequence[Difference],
    unexplained: Decimal = Decimal(0),
    sentences: Sequence[str] = (),
    thread_subject: str | None = None,
) -> Letter:
    """Raises ``ValueError`` when the differences do not lead from our balance to theirs."""
    said = follow_ups.explanation(sheet, their_balance, differences, unexplained, sentences)
    return _render(stationery, "explain_differences", sheet, said, thread_subject=thread_subject)


def render_request(
    stationery: Stationery,
    sheet: StatementSheet,
    *,
    needs: Sequence[str],
    references: Sequence[str] = (),
    thread_subject: str | None = None,
) -> Letter:
    """Asks for what is missing; ``needs`` are keys of ``[missing]`` in the words."""
    said = follow_ups.request(needs, references, sheet)
    return _render(stationery, "ask_missing", sheet, said, thread_subject=thread_subject)


def render_dispute_receipt(
    stationery: Stationery,
    sheet: StatementSheet,
    *,
    objections: Sequence[Objection],
    answer_by: dt.date | None = None,
    thread_subject: str | None = None,
) -> Letter:
    said = follow_ups.objections(objections, answer_by, sheet)
    return _render(stationery, "acknowledge_dispute", sheet, said, thread_subject=thread_subject)


def render_promise_receipt(
    stationery: Stationery, sheet: StatementSheet, promised: PromisedPayment, *, thread_subject: str | None = None
) -> Letter:
    said = follow_ups.promise(promised, sheet)
    return _render(stationery, "acknowledge_promise", sheet, said, thread_subject=thread_subject)


def render_payment_receipt(
    stationery: Stationery, sheet: StatementSheet, notice: PaymentNotice, *, thread_subject: str | None = None
) -> Letter:
    said = follow_ups.payment_receipt(notice, sheet)
    return _render(stationery, "acknowledge_payment", sheet, said, thread_subject=thread_subject)


def render_enclosed(
    stationery: Stationery,
    sheet: StatementSheet,
    *,
    shown: Sequence[str],
    missing: Sequence[str] = (),
    files: Sequence[LetterFile] = (),
    thread_subject: str | None = None,
) -> Letter:
    """What they asked for; ``shown`` says in words what ``files`` are."""
    said = follow_ups.enclosed(shown, missing)
    letter = _render(stationery, "enclosed", sheet, said, thread_subject=thread_subject)
    return replace(letter, files=tuple(files))


def render_digest(
    stationery: Stationery,
    company: Company,
    *,
    reader: str,
    on: dt.date,
    entries: Sequence[DigestEntry],
    language: str | None = None,
    desk: str = "",
    figures: Sequence[tuple[str, str]] = (),
) -> Letter:
    """For a salesperson or customer service; goes to our own people only."""
    words = stationery.templates.words(language or company.language)
    context = follow_ups.digest(company, words, reader, on, entries, desk, figures)
    return stationery.templates.render("digest", words.language, context)


def _render(
    stationery: Stationery,
    kind: str,
    sheet: StatementSheet,
    said: Context,
    *,
    thread_subject: str | None = None,
    enclose: bool = False,
    answer_keys: tuple[str, ...] | None = None,
) -> Letter:
    files = statement_files(stationery, sheet) if enclose else ()
    names = [file.name for file in files]
    context = statement_context(sheet, files=names, **({"answer_keys": answer_keys} if answer_keys else {}))
    letter = stationery.templates.render(kind, sheet.words.language, {**context, **said})
    if thread_subject is not None:
        letter = replace(letter, subject=f"Re: {_PREFIX.sub('', thread_subject).strip()}")
    return replace(letter, files=files)
