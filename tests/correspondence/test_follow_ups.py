"""What follow-up letters say: who is asked for what, and what is left out."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from mailflow.adapters.letters_mjml import LetterRenderer
from mailflow.adapters.statement_pdf import StatementPdf
from mailflow.adapters.statement_xlsx import StatementXlsx
from mailflow.correspondence import letter_samples as samples
from mailflow.correspondence.follow_ups import (
    Confirmation,
    Difference,
    DigestEntry,
    Objection,
    PaymentLevel,
    PromisedPayment,
)
from mailflow.correspondence.letter_occasions import in_credit
from mailflow.correspondence.message import DisputeReason
from mailflow.correspondence.statement_sheet import FiguresDisagree, StatementSheet, lay_out, totals
from mailflow.receivables.statement import Statement
from mailflow.resources import font_file, templates_directory
from mailflow.steps import render_follow_up as follow_up
from mailflow.steps.ports.letters import Stationery
from mailflow.steps.render_letter import statement_sheet

STATIONERY = Stationery(LetterRenderer(templates_directory()), StatementPdf([font_file()]), StatementXlsx())


def sheet(statement: Statement = samples.STATEMENT_EN, language: str = "en") -> StatementSheet:
    return statement_sheet(STATIONERY, statement, samples.COMPANY_EN, route=samples.ROUTE, language=language)


def test_what_is_requested_leaves_out_disputed_and_promised_items_and_counts_credits() -> None:
    summed = totals(
        replace(
            samples.STATEMENT, open_lines=tuple(replace(one, promised_on=None) for one in samples.STATEMENT.open_lines)
        )
    )
    assert summed.requested == Decimal("10750.00"), "worked example W1 of the field guide"
    assert totals(samples.STATEMENT).requested == Decimal("4750.00"), "INV-0958 is promised"
    assert totals(in_credit(samples.STATEMENT)).requested == 0


def test_a_reminder_asks_for_an_answer_and_never_for_money() -> None:
    texts = []
    for level in (1, 2, 3):
        letter = follow_up.render_reminder(STATIONERY, sheet(), level=level, sent_on=dt.date(2026, 11, 2))
        assert "not a demand for payment" in letter.text and "IBAN" not in letter.text + letter.html
        assert not letter.files
        texts.append(letter.text)
    assert len(set(texts)) == 3
    assert "We do not take silence for agreement" in texts[2]


def test_a_reminder_stays_in_its_conversation_even_in_programs_that_go_by_the_subject() -> None:
    for subject in ("Statement SOA v1", "Re: Statement SOA v1", "回复：RE: Statement SOA v1"):
        letter = follow_up.render_reminder(
            STATIONERY, sheet(), level=1, sent_on=dt.date(2026, 11, 2), thread_subject=subject
        )
        assert letter.subject == "Re: Statement SOA v1"


def test_a_demand_lists_what_is_due_once_and_leaves_disputed_and_promised_items_alone() -> None:
    letter = follow_up.render_payment_reminder(
        STATIONERY, sheet(), level=PaymentLevel.FIRST, pay_by=dt.date(2026, 11, 20), enclose=True
    )
    asked = letter.text.split("Total")[0]
    assert "INV-0901" in asked and "INV-1001" in asked and "8,000.00" in letter.text
    assert "INV-0960" not in asked and "INV-0958" not in asked and "INV-1014" not in asked
    assert "Under review, not asked for here: INV-0960 (4,500.00)" in letter.text
    assert "Noted as promised: INV-0958" in letter.text and "-3,250.00" in letter.text
    assert [file.name.rpartition(".")[2] for file in letter.files] == ["pdf", "xlsx"]


def test_a_broken_promise_is_asked_for_again_and_named() -> None:
    lines = tuple(
        replace(one, promised_on=dt.date(2026, 10, 20)) if one.promised_on else one
        for one in samples.STATEMENT_EN.open_lines
    )
    broken = sheet(replace(samples.STATEMENT_EN, open_lines=lines))
    letter = follow_up.render_payment_reminder(STATIONERY, broken, level=PaymentLevel.SECOND)
    assert "You had promised payment for INV-0958 (20 October 2026)" in letter.text
    assert "14,000.00" in letter.text


def test_a_courtesy_note_names_only_what_is_not_yet_due() -> None:
    letter = follow_up.render_payment_reminder(STATIONERY, sheet(), level=PaymentLevel.COURTESY)
    assert "INV-1014" in letter.text and "INV-0901" not in letter.text and "7,250.00" in letter.subject


def test_a_correction_withdraws_the_old_version_and_says_what_changed() -> None:
    before = samples.STATEMENT_EN
    lines = tuple(
        replace(one, open_amount=Decimal("5500.00")) if one.reference == "INV-0958" else one
        for one in before.open_lines
    )
    after = replace(
        before,
        version=2,
        closing=Decimal("22000.00"),
        opening=before.opening - 500,
        open_lines=lines,
        movements=tuple(replace(one, balance=None) for one in before.movements),
        ageing=tuple(replace(one, amount=one.amount - 500) if one.label == "1-30" else one for one in before.ageing),
        overdue=before.overdue - 500,
    )
    letter = follow_up.render_correction(STATIONERY, sheet(after), before)
    assert "Corrected" in letter.subject and "22,000.00" in letter.subject and after.label in letter.subject
    assert f"it replaces statement {before.label}, which we withdraw" in letter.text
    assert "from EUR 22,500.00 to EUR 22,000.00 (-500.00)" in letter.text
    assert "INV-0958 Invoice, changed" in letter.text and len(letter.files) == 2


def test_the_way_from_our_balance_to_theirs_is_complete_or_not_written() -> None:
    steps = [
        Difference("timing", "INV-0901", Decimal("-3000.00")),
        Difference("missing_in_theirs", "INV-1014", Decimal("-7250.00")),
        Difference("missing_in_theirs", "CN-0077", Decimal("1250.00")),
    ]
    letter = follow_up.render_explanation(
        STATIONERY, sheet(), their_balance=Decimal("13400.00"), differences=steps, unexplained=Decimal("-100.00")
    )
    for figure in ("22,500.00", "-3,000.00", "-7,250.00", "+1,250.00", "-100.00", "13,400.00"):
        assert figure in letter.text and figure in letter.html
    with pytest.raises(ValueError, match="do not lead"):
        follow_up.render_explanation(STATIONERY, sheet(), their_balance=Decimal("13400.00"), differences=steps)


def test_receipts_name_the_thing_the_reason_and_the_date() -> None:
    day = dt.date(2026, 11, 10)
    dispute = follow_up.render_dispute_receipt(
        STATIONERY,
        sheet(samples.STATEMENT, "zh-CN"),
        objections=[Objection("INV-0960", DisputeReason.QUANTITY, Decimal("4500.00"))],
        answer_by=day,
    )
    assert "INV-0960" in dispute.text and "数量不符" in dispute.text and "2026年11月10日" in dispute.text
    promise = follow_up.render_promise_receipt(
        STATIONERY, sheet(), PromisedPayment(day, Decimal("6000.00"), ("INV-0958",))
    )
    assert "EUR 6,000.00 on 10 November 2026 for INV-0958" in promise.text
    thanks = follow_up.render_thanks(STATIONERY, sheet(), Confirmation("Wang Li", day))
    assert "of 10 November 2026 by Wang Li" in thanks.text
    request = follow_up.render_request(STATIONERY, sheet(), needs=("list", "evidence"), references=("INV-0960",))
    assert "Your list of our account as of 31 October 2026" in request.text and "INV-0960" in request.text


def test_a_digest_is_for_our_own_people_and_shows_no_reply_token() -> None:
    entries = [DigestEntry("Kestrel Instruments Ltd", "SOA-1 v1", "disputed", "EUR", Decimal("22500.00"), "call them")]
    letter = follow_up.render_digest(
        STATIONERY, samples.COMPANY_EN, reader="Wang Fang", on=dt.date(2026, 11, 3), entries=entries
    )
    assert "EUR 22,500.00, disputed" in letter.text and "call them" in letter.text
    assert "[#" not in letter.text + letter.html


@pytest.mark.parametrize(
    "change",
    [
        {"closing": Decimal("22500.01")},
        {"opening": Decimal("0.00")},
        {"unapplied": Decimal("0.00")},
        {"open_lines": samples.STATEMENT.open_lines[1:]},
        {"currency": "JPY", "closing": Decimal("22500.50")},
    ],
)
def test_figures_that_do_not_meet_are_never_laid_out(change: dict[str, object]) -> None:
    words = STATIONERY.templates.words("en")
    with pytest.raises(FiguresDisagree):
        lay_out(replace(samples.STATEMENT, **change), samples.COMPANY, words, samples.ROUTE)  # type: ignore[arg-type]
