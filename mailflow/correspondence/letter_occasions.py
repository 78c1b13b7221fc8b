"""One made-up occasion for every kind of letter and every branch in it: what the template check and previews render."""

from __future__ import annotations

import datetime as dt
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
from mailflow.correspondence.letter_context import Context, statement_context
from mailflow.correspondence.letter_samples import COMPANY, COMPANY_EN, PARTY, ROUTE, STATEMENT
from mailflow.correspondence.letter_words import LetterWords
from mailflow.correspondence.message import DisputeReason
from mailflow.correspondence.statement_sheet import Form, StatementSheet, lay_out
from mailflow.receivables.party import Side
from mailflow.receivables.statement import AgeingBucket, Statement

KINDS = (
    "statement",
    "correction",
    "reminder",
    "payment_reminder",
    "thanks_confirmation",
    "explain_differences",
    "ask_missing",
    "acknowledge_dispute",
    "acknowledge_promise",
    "acknowledge_payment",
    "enclosed",
    "digest",
)
FILES = ("statement.pdf", "statement.xlsx")
SENT_ON = dt.date(2026, 11, 2)
PAY_BY = dt.date(2026, 11, 20)


def sheets(words: LetterWords) -> list[StatementSheet]:
    """The full account in both forms and tones; settled; in credit; as supplier; without dates, bank or address."""
    company = COMPANY if words.language.startswith("zh") else COMPANY_EN
    supplier = replace(STATEMENT, side=Side.PAYABLE, number="SOA-202610-C001-CNY-P")
    other = replace(STATEMENT, number="SOA-202610-C001-USD", currency="USD")
    linked = replace(company, invoice_link="https://desk.example/invoice/{reference}")
    firm = replace(company, tones={PARTY.id: "firm"})
    bare = replace(
        company, tones={PARTY.id: "warm"}, tax_id=None, postal_lines=(), phone=None, contact=None, bank_accounts=()
    )
    charged = replace(STATEMENT, party=replace(PARTY, payment_terms="net30 late 12% + 40"))
    made: list[StatementSheet] = []
    for form in Form:
        for neutral in (False, True):
            made.append(
                lay_out(
                    charged, linked, words, ROUTE, form=form, neutral=neutral, counterpart=supplier, others=(other,)
                )
            )
    for one in (settled(STATEMENT), in_credit(STATEMENT), supplier, replace(STATEMENT, reply_by=None)):
        made.append(lay_out(one, firm, words, ROUTE))
    made.append(lay_out(STATEMENT, bare, words, ROUTE))
    return made


def settled(statement: Statement) -> Statement:
    """Nothing moved, nothing open."""
    zero = Decimal("0.00")
    buckets = tuple(AgeingBucket(one.label, zero) for one in statement.ageing)
    return replace(
        statement,
        opening=zero,
        closing=zero,
        movements=(),
        open_lines=(),
        ageing=buckets,
        unapplied=zero,
        overdue=zero,
    )


def in_credit(statement: Statement) -> Statement:
    """They paid in advance: the balance is in their favour."""
    line = next(one for one in statement.open_lines if one.type == "payment")
    credit = line.open_amount
    return replace(
        settled(statement),
        closing=credit,
        movements=(replace(line, balance=credit),),
        open_lines=(line,),
        unapplied=credit,
    )


def occasions(kind: str, words: LetterWords) -> list[Context]:
    """Contexts that take every branch of the letter at least once."""
    if kind == "digest":
        return _digests(words)
    made: list[Context] = []
    made_sheets = sheets(words)
    # Only these two show every part of a statement; the others need the full account, one in credit, a bare one.
    for sheet in (
        made_sheets if kind in ("statement", "correction") else (made_sheets[0], made_sheets[5], made_sheets[-1])
    ):
        for said in _said(kind, sheet):
            made.append({**statement_context(sheet, files=FILES), **said})
    return made


def _said(kind: str, sheet: StatementSheet) -> list[Context]:
    words, statement = sheet.words, sheet.statement
    none = Decimal(0)
    match kind:
        case "correction":
            added = statement.open_lines[:1]
            less = sum((line.open_amount for line in added), none)
            before = replace(statement, open_lines=statement.open_lines[1:], closing=statement.closing - less)
            return [follow_ups.correction(sheet, before)]
        case "reminder":
            return [follow_ups.answer_reminder(level, SENT_ON, words) for level in (1, 2, 3)]
        case "payment_reminder":
            return [
                follow_ups.payment_reminder(sheet, level, pay_by) for level in PaymentLevel for pay_by in (PAY_BY, None)
            ]
        case "thanks_confirmation":
            return [follow_ups.thanks(Confirmation(by, SENT_ON), words) for by in ("王丽", "")]
        case "explain_differences":
            steps = [
                Difference("timing", "INV-0901", Decimal("-3000.00")),
                Difference("missing_in_theirs", "INV-1014", Decimal("-7250.00")),
                Difference("missing_in_theirs", "CN-0077", Decimal("1250.00")),
            ]
            theirs = statement.closing - Decimal("9000.00")
            rest = Decimal("-100.00")
            return [
                follow_ups.explanation(sheet, theirs, steps, none, ["INV-1014: 7,250.00"]),
                follow_ups.explanation(sheet, theirs + rest, steps, rest),
                follow_ups.explanation(sheet, statement.closing, [], none),
            ]
        case "ask_missing":
            needs = ("list", "balance", "documents", "payment", "evidence", "signature")
            return [follow_ups.request(needs, ("INV-0960",), sheet), follow_ups.request(needs[:1], (), sheet)]
        case "acknowledge_dispute":
            found = [Objection("INV-0960", reason, Decimal("4500.00")) for reason in DisputeReason]
            return [
                follow_ups.objections(found[:2], PAY_BY, sheet),
                follow_ups.objections([Objection("INV-0960", DisputeReason.PRICE)], None, sheet),
                follow_ups.objections(found, None, sheet),
            ]
        case "acknowledge_promise":
            amount, references = Decimal("6000.00"), ("INV-0958",)
            return [
                follow_ups.promise(PromisedPayment(PAY_BY, amount, references), sheet),
                follow_ups.promise(PromisedPayment(PAY_BY, None, references), sheet),
                follow_ups.promise(PromisedPayment(PAY_BY, amount), sheet),
                follow_ups.promise(PromisedPayment(PAY_BY), sheet),
            ]
        case "acknowledge_payment":
            paid = (("INV-0958", Decimal("6000.00")), ("INV-0960", Decimal("4500.00")))
            short = (Difference("discount_taken", "INV-0960", Decimal("-90.00")),)
            return [
                follow_ups.payment_receipt(PaymentNotice(SENT_ON, Decimal("10500.00"), paid), sheet),
                follow_ups.payment_receipt(PaymentNotice(None, None, paid, short, Decimal("310.00")), sheet),
            ]
        case "enclosed":
            shown = [words.say("file.statement_copy", label=statement.label)]
            shown += [words.say("file.invoice_copy", reference="INV-0958"), words["file.reconciliation"]]
            return [follow_ups.enclosed(shown, ()), follow_ups.enclosed(shown[:1], ("INV-0960", "INV-0961"))]
        case _:
            return [{}]


def _digests(words: LetterWords) -> list[Context]:
    company = COMPANY if words.language.startswith("zh") else COMPANY_EN
    entries = [
        DigestEntry("苏州明达电子有限公司", STATEMENT.label, "disputed", "CNY", Decimal("22500.00"), "INV-0960"),
        DigestEntry("Kestrel Instruments Ltd", "SOA-202610-C014-EUR v1", "sent", "EUR", Decimal("8120.50")),
    ]
    return [
        follow_ups.digest(company, words, "王芳", SENT_ON, entries, "https://desk.example/cases"),
        follow_ups.digest(company, words, "王芳", SENT_ON, [], ""),
        follow_ups.digest(company, words, "", SENT_ON, entries, "", _figures(words)),
        follow_ups.digest(company, words, "", SENT_ON, [DigestEntry("ap@x.example", "–", "", "", Decimal(0), "?")], ""),
    ]


def _figures(words: LetterWords) -> list[tuple[str, str]]:
    counts = {
        "letters": 48, "waiting": 31, "confirmed": 12, "disputed": 3, "promised": 2, "held": 1, "tasks": 6, "red": 1,
        "in_doubt": 0, "quarantined": 0,
    }  # fmt: skip
    made = [(words[f"figure.{name}"], str(count)) for name, count in counts.items()]
    return [*made, (words.say("figure.open", currency="CNY"), "1,842,300.00")]
