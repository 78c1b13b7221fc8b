"""What we send can be read by a program: our own parser proves our PDF and our workbook, line for line, and our own
reconciliation finds no difference between them and the ledger."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from mailflow.adapters.letter_reading import pdf_text, workbook_numbers
from mailflow.correspondence.letter_samples import COMPANY, ROUTE, STATEMENT
from mailflow.correspondence.statement_sheet import Form
from mailflow.money import rounded
from mailflow.reconciliation import reconcile
from mailflow.steps.render_letter import render_statement, statement_sheet
from parsers import parse
from parsers.documents import Trust
from tests.letters.made_accounts import made_account
from tests.letters.test_letters_tie_out import LANGUAGES, STATIONERY


def check_read_back(seed: int, language: str, form: Form) -> None:
    """Proven, line for line, and no difference against the ledger that it was drawn from."""
    made = made_account(seed)
    statement = made.statement
    sheet = statement_sheet(STATIONERY, statement, COMPANY, route=ROUTE, language=language, form=form)
    if not sheet.rows:
        return
    wanted: list[tuple[Any, ...]] = [
        (
            row.line.reference,
            row.line.date,
            row.line.due_date,
            row.line.open_amount if form is Form.OPEN_ITEM else row.line.amount,
        )
        for row in sheet.rows
    ]
    for name, content in (
        ("s.pdf", STATIONERY.paper.draw(sheet)),
        ("s.xlsx", STATIONERY.workbook.write(sheet)),
    ):
        document = parse(content, name)[0]
        assert document.trust is Trust.PROVEN, (seed, language, form, name, document.checks)
        assert document.closing_balance == statement.closing
        read = [
            (line.reference, line.date, line.due_date, rounded(line.amount, statement.currency))
            for line in document.lines
        ]
        assert read == wanted, (seed, language, form, name)
        answer = reconcile(
            made.items, document, side=statement.side.value, party=statement.party.id, as_of=statement.as_of
        )
        assert (answer.difference, answer.items, answer.balanced) == (0, [], True), (seed, language, form, name)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("language", LANGUAGES)
def test_our_pdf_and_workbook_are_proven_by_our_own_parser_line_for_line(seed: int, language: str) -> None:
    check_read_back(seed, language, list(Form)[seed % 2])


def test_the_ageing_under_a_statement_of_one_line_does_not_say_where_its_columns_stand() -> None:
    check_read_back(5150, "en", Form.BALANCE_FORWARD)


def test_what_was_settled_before_the_period_is_no_difference_where_nothing_was_carried_into_it() -> None:
    check_read_back(5015, "zh-TW", Form.BALANCE_FORWARD)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", Form)
def test_charges_for_late_payment_stand_apart_and_change_no_figure_of_the_account(language: str, form: Form) -> None:
    charged = replace(STATEMENT, party=replace(STATEMENT.party, payment_terms="net30 late 12% + 40"))
    letter = render_statement(STATIONERY, charged, COMPANY, route=ROUTE, language=language, form=form)
    body, pdf = letter.html[letter.html.find("<body") :], pdf_text(letter.files[0].content)
    for amount in ("106.52", "59.18", "80.00", "245.70"):
        assert amount in letter.text and amount in body and amount in pdf
    assert Decimal("106.52") in workbook_numbers(letter.files[1].content)
    for file in letter.files:
        document = parse(file.content, file.name)[0]
        assert (document.trust, document.closing_balance) == (Trust.PROVEN, STATEMENT.closing)
        assert Decimal("106.52") not in [line.amount for line in document.lines]


@pytest.mark.long
def test_two_thousand_statements_are_proven_and_reconciled_against_their_ledgers_without_a_difference() -> None:
    for seed in range(5000, 7000):
        check_read_back(seed, LANGUAGES[seed % 3], list(Form)[seed % 2])
    print("2000 statements as PDF and workbook: all proven, line for line, 0 differences against their ledgers")
