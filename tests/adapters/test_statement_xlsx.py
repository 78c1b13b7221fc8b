"""The workbook as a spreadsheet program opens it, and as it comes back."""

import datetime as dt
import io
from dataclasses import replace
from decimal import Decimal

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from mailflow.adapters.letters_mjml import LetterRenderer
from mailflow.adapters.statement_xlsx import StatementXlsx
from mailflow.correspondence import letter_samples as samples
from mailflow.correspondence.returned_workbook import NAMES, Decision, read_answers
from mailflow.correspondence.statement_sheet import Form, lay_out
from mailflow.receivables.statement import Statement
from mailflow.resources import templates_directory

RENDERER = LetterRenderer(templates_directory())
LANGUAGES = [RENDERER.words(language) for language in RENDERER.languages()]


def workbook(statement: Statement = samples.STATEMENT, language: str = "zh-CN", form: Form | None = None) -> bytes:
    sheet = lay_out(statement, samples.COMPANY, RENDERER.words(language), samples.ROUTE, form=form)
    return StatementXlsx().write(sheet)


def saved(book: openpyxl.Workbook) -> list[list[object]]:
    """As it would come back by mail, read with the reader that reads attachments."""
    out = io.BytesIO()
    book.save(out)
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(out.getvalue())).get_sheet_by_index(0)
    return sheet.to_python(skip_empty_area=False)  # type: ignore[return-value]


def cell_of(book: openpyxl.Workbook, key: str) -> openpyxl.cell.Cell:
    _, place = book.defined_names[NAMES[key]].attr_text.split("!")
    return book.worksheets[0][place.replace("$", "")]  # type: ignore[return-value]


def test_dates_and_amounts_are_real_totals_are_formulas_and_the_head_stays_in_sight() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook()))
    sheet = book.worksheets[0]
    assert sheet.freeze_panes == "A6"
    assert sheet["A7"].value == dt.datetime(2026, 10, 1) and sheet["A7"].number_format == "yyyy-mm-dd"
    assert sheet["F7"].value == 5000 and sheet["F7"].number_format == "#,##0.00"
    assert sheet["C7"].value == "INV-1001" and sheet["C7"].data_type == "s"
    assert sheet["H7"].value == "=H6+F7-G7"
    assert sheet["F12"].value == "=SUM(F7:F11)"
    assert [one.title for one in book.worksheets] == ["对账单", "未清项明细"]
    assert sheet.print_title_rows == "$1:$5" and sheet.page_setup.orientation == "landscape"


def test_equal_statements_are_equal_bytes() -> None:
    assert workbook() == workbook()


@pytest.mark.parametrize("text", ["=1+1", "+cmd|'/c calc'!A0", "-2+3", "@SUM(A1)", "\t=1"])
def test_no_text_of_the_ledger_becomes_a_formula(text: str) -> None:
    lines = (
        replace(samples.STATEMENT.open_lines[0], reference=text, po_number=text),
        *samples.STATEMENT.open_lines[1:],
    )
    content = workbook(replace(samples.STATEMENT, open_lines=lines), form=Form.OPEN_ITEM)
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    assert sheet["C6"].value == text and sheet["C6"].data_type == "s"
    assert sheet["D6"].data_type == "s"


def test_an_empty_workbook_that_comes_back_says_nothing() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook()))
    read = read_answers(saved(book), LANGUAGES)
    assert read is not None and not read.answered and not read.warnings


@pytest.mark.parametrize(("language", "agrees", "differs"), [("zh-CN", "相符", "不符"), ("en", "agrees", "Differs")])
def test_what_the_recipient_wrote_is_read_back_row_by_row_and_for_the_whole(
    language: str, agrees: str, differs: str
) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(language=language, form=Form.OPEN_ITEM)))
    sheet = book.worksheets[0]
    answer = [cell.value for cell in sheet[5]].index(RENDERER.words(language)["column.answer"]) + 1
    sheet.cell(6, answer).value = agrees
    sheet.cell(7, answer).value = differs
    sheet.cell(7, answer + 1).value = "4,300.50"
    sheet.cell(7, answer + 2).value = "短少 2 箱"
    sheet.cell(8, answer).value = "perhaps"
    cell_of(book, "decision").value = differs
    cell_of(book, "balance").value = 22300.5
    cell_of(book, "person").value = "王丽 会计"
    sheet.move_range("A7:N8", rows=0)
    read = read_answers(saved(book), LANGUAGES)
    assert read is not None
    assert (read.decision, read.balance, read.person) == (Decision.DIFFERS, Decimal("22300.5"), "王丽 会计")
    first, second, third = read.rows
    assert (first.item_id, first.reference, first.decision) == ("L1", "INV-0901", Decision.AGREES)
    assert (second.decision, second.amount, second.comment) == (Decision.DIFFERS, Decimal("4300.50"), "短少 2 箱")
    assert third.decision is None and third.comment == "perhaps"
    assert read.warnings == ["INV-0958: the answer 'perhaps' is neither yes nor no"]


def test_sorting_inserting_and_deleting_rows_does_not_move_an_answer_to_another_document() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(language="en", form=Form.OPEN_ITEM)))
    sheet = book.worksheets[0]
    answer = [cell.value for cell in sheet[5]].index("Your answer") + 1
    sheet.cell(9, answer).value = "differs"
    sheet.insert_rows(6)
    sheet.insert_cols(1)
    sheet.delete_rows(7)
    read = read_answers(saved(book), LANGUAGES)
    assert read is not None and [(one.item_id, one.reference) for one in read.rows] == [("L4", "INV-1001")]


def test_another_companys_workbook_is_not_taken_for_ours() -> None:
    assert read_answers([["Date", "Document no.", "Your answer"], ["2026-10-01", "INV-1", "agrees"]], LANGUAGES) is None
    assert read_answers([], LANGUAGES) is None


@pytest.mark.parametrize(("currency", "shown"), [("JPY", "#,##0"), ("KWD", "#,##0.000"), ("CNY", "#,##0.00")])
def test_amounts_show_the_decimals_of_their_currency(currency: str, shown: str) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(workbook(replace(samples.STATEMENT, currency=currency)))).worksheets[0]
    assert sheet["F7"].number_format == shown
