"""The last gate before a letter is frozen: what was made says what the ledger says, read back from the finished parts.

All parts come from one value, so a difference here means a spoilt template, font or program; then nothing goes out.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from decimal import Decimal

from mailflow.correspondence.letter import Letter
from mailflow.correspondence.letter_context import ROWS_IN_LETTER
from mailflow.correspondence.statement_sheet import Form, StatementSheet
from mailflow.money import grouped
from mailflow.refusals import Refusal

_NUMBER = re.compile(r"(?<![\d.,])-?\d[\d,]*(?:\.\d+)?")
_TAG = re.compile(r"<[^>]*>")

PdfText = Callable[[bytes], str]
Numbers = Callable[[bytes], set[Decimal]]


def prove_letter(letter: Letter, sheet: StatementSheet, pdf_text: PdfText, numbers: Numbers) -> None:
    """Raises :class:`Refusal` that names the part and the figure that it does not show. ``pdf_text`` reads the text of
    a PDF, ``numbers`` the values of a workbook."""
    label = sheet.statement.label
    body = letter.html[letter.html.find("<body") :]
    shown = sheet.rows[:ROWS_IN_LETTER]
    for part, text, rows in (
        ("text", letter.text, shown),
        ("HTML", html.unescape(_TAG.sub(" ", body)), shown),
        ("PDF", pdf_text(letter.files[0].content), sheet.rows),
    ):
        there = {Decimal(one.replace(",", "")).copy_abs() for one in _NUMBER.findall(text)}
        _compare(label, part, there, sheet, rows)
    _compare(label, "workbook", {one.copy_abs() for one in numbers(letter.files[1].content)}, sheet, sheet.rows)
    if grouped(sheet.statement.closing, sheet.currency) not in letter.subject:
        raise Refusal(f"{label}: the subject does not name the balance")


def _compare(label: str, part: str, there: set[Decimal], sheet: StatementSheet, rows: tuple[object, ...]) -> None:
    statement = sheet.statement
    wanted = {"the balance": statement.closing, "unapplied credits": statement.unapplied}
    wanted |= {f"ageing {one.label}": one.amount for one in statement.ageing}
    for row in sheet.rows[: len(rows)]:
        amount = row.line.open_amount if sheet.form is Form.OPEN_ITEM else row.line.amount
        wanted[row.line.reference or row.line.item_id] = amount
    for what, amount in wanted.items():
        if amount and amount.copy_abs() not in there:
            figure = grouped(amount, sheet.currency)
            raise Refusal(f"{label}: the {part} does not show {figure} ({what}); nothing is sent")
