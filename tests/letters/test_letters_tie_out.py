"""Every figure in letter, text part, PDF and workbook equals the statement, which equals the ledger."""

import html
import io
import re
from decimal import Decimal

import openpyxl
import pypdfium2
import pytest

from mailflow.adapters.letters_mjml import LetterRenderer
from mailflow.adapters.statement_pdf import StatementPdf
from mailflow.adapters.statement_xlsx import StatementXlsx
from mailflow.correspondence.letter import Letter
from mailflow.correspondence.letter_context import ROWS_IN_LETTER
from mailflow.correspondence.letter_samples import COMPANY, ROUTE
from mailflow.correspondence.statement_sheet import Form, StatementSheet
from mailflow.money import grouped
from mailflow.resources import font_file, templates_directory
from mailflow.steps.ports.letters import Stationery
from mailflow.steps.render_letter import render_statement, statement_sheet
from tests.letters.made_accounts import MadeAccount, made_account

STATIONERY = Stationery(LetterRenderer(templates_directory()), StatementPdf([font_file()]), StatementXlsx())
LANGUAGES = ("en", "zh-CN", "zh-TW")


def visible(page: str) -> str:
    """The text of an HTML letter, tags and what stands in its head taken away."""
    body = page[page.index("<body") :]
    return html.unescape(re.sub(r"<[^>]+>", " ", re.sub(r"<!--.*?-->", " ", body, flags=re.DOTALL)))


def pdf_text(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    return "\n".join(document[number].get_textpage().get_text_range() for number in range(len(document)))


def expected(sheet: StatementSheet, *, rows: int | None = None) -> list[str]:
    """Every figure that must be printed, as it is printed."""
    statement, totals, currency = sheet.statement, sheet.totals, sheet.currency
    figures = [statement.closing, *(bucket.amount for bucket in statement.ageing)]
    figures += [one for one in (statement.unapplied, statement.overdue, totals.disputed, totals.promised) if one]
    for row in sheet.rows[:rows]:
        figures += [row.line.open_amount] if sheet.form is Form.OPEN_ITEM else [row.balance, abs(row.line.amount)]
    if sheet.form is Form.BALANCE_FORWARD:
        figures += [totals.opening, totals.increases, totals.decreases]
    return [grouped(one, currency) for one in figures]


def check_everything(made: MadeAccount, language: str, form: Form) -> None:
    statement = made.statement
    ledger = sum((item.amount for item in made.items if item.date and item.date <= statement.as_of), Decimal(0))
    assert ledger == statement.closing
    sheet = statement_sheet(STATIONERY, statement, COMPANY, route=ROUTE, language=language, form=form)
    letter = render_statement(STATIONERY, statement, COMPANY, route=ROUTE, language=language, form=form)
    pdf, xlsx = letter.files
    _figures_stand(letter, sheet, pdf_text(pdf.content))
    _workbook_adds_up(xlsx.content, sheet)


def _figures_stand(letter: Letter, sheet: StatementSheet, printed: str) -> None:
    for text, rows in ((visible(letter.html), ROWS_IN_LETTER), (letter.text, ROWS_IN_LETTER), (printed, None)):
        there = set(re.findall(r"(?<![\d.,])-?\d[\d,]*(?:\.\d+)?", text))
        there |= {one.removeprefix("-") for one in there}  # a decrease stands with its sign, or in its own column
        missing = [figure for figure in expected(sheet, rows=rows) if figure not in there]
        assert not missing, missing
        references = [row.line.reference for row in sheet.rows[:rows]]
        assert all(reference in text for reference in references)
    assert grouped(sheet.statement.closing, sheet.currency) in letter.subject


def _workbook_adds_up(content: bytes, sheet: StatementSheet) -> None:
    """The cached values are ours; the formulas, computed anew here, give the same."""
    shown = openpyxl.load_workbook(io.BytesIO(content), data_only=True).worksheets[0]
    formulas = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    titles = [cell.value for cell in shown[5]]
    words = sheet.words
    first = 6 + (sheet.form is Form.BALANCE_FORWARD)
    column = titles.index(words["column.running" if sheet.form is Form.OPEN_ITEM else "column.balance"]) + 1
    running = Decimal(0) if sheet.form is Form.OPEN_ITEM else sheet.statement.opening
    for number, row in enumerate(sheet.rows):
        at = first + number
        amount = row.line.open_amount if sheet.form is Form.OPEN_ITEM else row.line.amount
        running += amount
        assert Decimal(str(shown.cell(at, column).value)) == running == row.balance
        assert str(formulas.cell(at, column).value).startswith("=")
        assert shown.cell(at, titles.index(words["column.reference"]) + 1).value == row.line.reference
        assert shown.cell(at, 1).value.date() == row.line.date
    labels = {shown.cell(at, 1).value: shown.cell(at, 3).value for at in range(1, shown.max_row + 1)}
    assert Decimal(str(labels[words["ageing.total"]])) == sheet.statement.closing


@pytest.mark.parametrize("seed", range(24))
def test_letter_pdf_and_workbook_show_the_ledgers_figures_to_the_last_minor_unit(seed: int) -> None:
    check_everything(made_account(seed), LANGUAGES[seed % 3], list(Form)[seed % 2])


@pytest.mark.long
def test_two_thousand_accounts_tie_out_in_every_part_of_the_letter() -> None:
    for seed in range(1000, 3000):
        check_everything(made_account(seed), LANGUAGES[seed % 3], list(Form)[seed % 2])
    print("2000 accounts: every figure in letter, text, PDF and workbook equals the ledger")


def test_an_account_of_four_hundred_rows_fits_the_letter_and_stands_whole_in_the_files() -> None:
    made = made_account(7, size=400)
    check_everything(made, "zh-CN", Form.OPEN_ITEM)
    letter = render_statement(STATIONERY, made.statement, COMPANY, route=ROUTE, language="en", form=Form.OPEN_ITEM)
    assert len(letter.html.encode()) < 100_000
    assert "more rows are in the attached files" in letter.text


def test_the_same_statement_gives_the_same_letter_and_the_same_files() -> None:
    made = made_account(3)
    one, two = (render_statement(STATIONERY, made.statement, COMPANY, route=ROUTE) for _ in range(2))
    assert one == two
