"""What templates may show: plain texts, lists and yes/no, prepared here, so that templates need no arithmetic.

Every figure comes from one :class:`StatementSheet`. Names here are the vocabulary of ``templates/`` (its README.md
lists them); a template that asks for another one is refused before anything is sent.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from urllib.parse import quote

from mailflow.correspondence.answers import KEYS, answers
from mailflow.correspondence.letter_words import LetterWords
from mailflow.correspondence.statement_sheet import SheetRow, StatementSheet
from mailflow.money import grouped
from mailflow.receivables.capital_amount import capital_amount
from mailflow.receivables.company import Company
from mailflow.receivables.party import Party
from mailflow.receivables.statement import Statement, StatementLine

ROWS_IN_LETTER = 20  # keeps the longest letter far below the 102 kB at which Gmail cuts a mail; the files hold all rows

Context = dict[str, object]


def statement_context(
    sheet: StatementSheet, *, files: Sequence[str] = (), answer_keys: tuple[str, ...] = KEYS
) -> Context:
    """The vocabulary shared by every letter about a statement."""
    statement, words = sheet.statement, sheet.words
    shown = sheet.rows[:ROWS_IN_LETTER]
    return {
        **company_context(sheet.company, words),
        "party": _party(statement.party),
        "doc": {
            "number": statement.number,
            "version": str(statement.version),
            "label": statement.label,
            "currency": statement.currency,
            "as_of": words.date(statement.as_of),
            "as_of_iso": statement.as_of.isoformat(),
            "period_start": words.date(statement.period_start),
            "period_start_iso": statement.period_start.isoformat(),
            "reply_by": words.date(statement.reply_by) if statement.reply_by else "",
            "form": sheet.form.value,
            "side": statement.side.value,
            "neutral": sheet.neutral,
            "tone": sheet.company.tones.get(statement.party.id, "plain"),
            "terms": statement.party.payment_terms or "",
        },
        "stands": "owed" if statement.closing > 0 else "credit" if statement.closing < 0 else "zero",
        "money": _money(sheet),
        "capital": capital_amount(statement.closing) if statement.currency == "CNY" else "",
        "both": {
            "they_owe": grouped(sheet.they_owe, sheet.currency),
            "we_owe": grouped(sheet.we_owe, sheet.currency),
            "net": grouped(sheet.they_owe - sheet.we_owe, sheet.currency),
            "shown": sheet.counterpart is not None,
        },
        "ageing": _ageing(sheet),
        "rows": [_row(row, sheet) for row in shown],
        "rows_total": str(len(sheet.rows)),
        "rows_left_out": len(sheet.rows) - len(shown),
        "others": [_other(one, words) for one in sheet.others],
        "late": _late(sheet),
        "bank": list(sheet.bank.lines) if sheet.bank is not None else [],
        "answers": [{"key": one.key, "label": one.label, "link": one.link} for one in answers(sheet, answer_keys)],
        "route": {"mark": sheet.route.mark, "reply_to": sheet.route.reply_to},
        "files": list(files),
        # What a template may set for the parts that it includes:
        "directions": False,  # both directions stand in a table of their own
        "pay_by_instead": False,  # no date for an answer, because there is one for payment
    }


def company_context(company: Company, words: LetterWords) -> Context:
    """What every letter shows of us, and the words of its language."""
    return {
        "w": words,
        "company": {
            "name": company.name,
            "address": company.address,
            "phone": company.phone or "",
            "contact": company.contact or "",
            "tax_id": company.tax_id or "",
            "postal": list(company.postal_lines),
        },
    }


def _party(party: Party) -> dict[str, str]:
    return {"name": party.name, "id": party.id, "tax_id": party.tax_id or ""}


def _money(sheet: StatementSheet) -> dict[str, str]:
    totals = sheet.totals
    shown = {
        "opening": totals.opening,
        "closing": totals.closing,
        "owed_to_them": max(-totals.closing, Decimal(0)),
        "increases": totals.increases,
        "decreases": totals.decreases,
        "not_due": totals.not_due,
        "overdue": totals.overdue,
        "disputed": totals.disputed,
        "promised": totals.promised,
        "unapplied": totals.unapplied,
        "requested": totals.requested,
    }
    # "" where there is nothing to say, so that a template shows the line only when there is.
    texts = {name: grouped(amount, sheet.currency) for name, amount in shown.items()}
    for name in ("overdue", "disputed", "promised", "unapplied", "requested"):
        texts[name] = texts[name] if shown[name] else ""
    return texts


def _ageing(sheet: StatementSheet) -> list[dict[str, object]]:
    statement, words = sheet.statement, sheet.words
    buckets = [(bucket_label(one.label, words), one.amount) for one in statement.ageing]
    whole = sum((max(amount, Decimal(0)) for _, amount in buckets), Decimal(0))
    listed: list[dict[str, object]] = [
        {
            "label": label,
            "amount": grouped(amount, statement.currency),
            "share": int(max(amount, Decimal(0)) * 100 / whole) if whole else 0,
            "tone": min(position, 4),
            "empty": not amount,
        }
        for position, (label, amount) in enumerate(buckets)
    ]
    return listed


def bucket_label(label: str, words: LetterWords) -> str:
    """``not_due`` and ``over_90`` by their words, ``1-30`` with the word for days."""
    if label.startswith("over_"):
        return words.say("ageing.over", days=label.removeprefix("over_"))
    if label[:1].isdigit():
        return words.say("ageing.days", range=label.replace("-", "–"))
    return words.get(f"ageing.{label}", label)


def _other(statement: Statement, words: LetterWords) -> dict[str, str]:
    """An account of theirs in another currency, which has a letter of its own."""
    return {
        "currency": statement.currency,
        "balance": grouped(statement.closing, statement.currency),
        "overdue": grouped(statement.overdue, statement.currency),
        "label": statement.label,
    }


def _late(sheet: StatementSheet) -> dict[str, object]:
    rows = [
        {"label": one.label, "note": one.note, "amount": grouped(one.amount, sheet.currency)} for one in sheet.late_rows
    ]
    total = sum((one.amount for one in sheet.late_rows), Decimal(0))
    return {"rate": sheet.late_rate, "rows": rows, "total": grouped(total, sheet.currency)}


def _row(row: SheetRow, sheet: StatementSheet) -> dict[str, str]:
    line, currency, words = row.line, sheet.currency, sheet.words
    return {
        "date": line.date.isoformat(),
        "due": line.due_date.isoformat() if line.due_date else "",
        "overdue": overdue_words(line.days_overdue, line.open_amount, words),
        "type": row.type,
        "reference": line.reference,
        "link": invoice_link(sheet.company, line),
        "their_reference": line.their_reference,
        "po": line.po_number,
        "description": line.description,
        "original": grouped(line.amount, currency),
        "open": grouped(line.open_amount, currency),
        "increase": "" if row.increase is None else grouped(row.increase, currency),
        "decrease": "" if row.decrease is None else grouped(row.decrease, currency),
        "balance": grouped(row.balance, currency),
        "mark": row.mark,
        "discount": ""
        if row.discount is None
        else words.say(
            "discount.row", date=words.date(row.discount.until), amount=grouped(row.discount.amount, currency)
        ),
    }


def invoice_link(company: Company, line: StatementLine) -> str:
    """Where they can look at this invoice, or ``""``. The reference is data: it may name nothing but a place there."""
    if not company.invoice_link or line.type != "invoice" or not line.reference:
        return ""
    return company.invoice_link.replace("{reference}", quote(line.reference, safe=""))


def overdue_words(days: int | None, open_amount: Decimal, words: LetterWords) -> str:
    """``12 days overdue``; nothing for what is not due, settled, or in their favour."""
    if days is None or days <= 0 or open_amount <= 0:
        return ""
    return words.say("overdue.one" if days == 1 else "overdue.many", days=str(days))


def day(value: dt.date | None, words: LetterWords) -> str:
    return words.date(value) if value is not None else ""
