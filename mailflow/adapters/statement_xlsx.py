"""The statement as a workbook: real numbers and dates, totals as formulas, and columns for the recipient's answer.

What he writes into it is read back by :mod:`mailflow.correspondence.returned_workbook`. Every text goes in by
``write_string``, so nothing that begins with ``=``, ``+``, ``-`` or ``@`` becomes a formula.
"""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from mailflow.correspondence.letter_context import bucket_label
from mailflow.correspondence.returned_workbook import ITEM_MARK, NAMES
from mailflow.correspondence.statement_sheet import Form, SheetRow, StatementSheet
from mailflow.money import grouped
from parsers.currencies import exponent

_HEAD = 4  # row of the column titles, from 0; everything above stays in sight while scrolling
_INK, _MUTED, _ACCENT, _LINE, _PANEL, _ANSWER = "#16233B", "#5D687A", "#1D5BB8", "#D5DCE7", "#F3F6FB", "#FFF8E1"


@dataclass(frozen=True, slots=True)
class _Column:
    key: str
    width: float
    form: str  # the name of its cell format


_OPEN_ITEM = (
    _Column("date", 11.5, "date"),
    _Column("type", 13, "text"),
    _Column("reference", 18, "text"),
    _Column("theirs", 18, "text"),
    _Column("due", 11.5, "date"),
    _Column("days", 8, "count"),
    _Column("original", 14, "money"),
    _Column("open", 14, "money"),
    _Column("running", 14, "money"),
    _Column("mark", 30, "note"),
)
_BALANCE_FORWARD = (
    _Column("date", 11.5, "date"),
    _Column("type", 13, "text"),
    _Column("reference", 18, "text"),
    _Column("theirs", 18, "text"),
    _Column("due", 11.5, "date"),
    _Column("increase", 14, "money"),
    _Column("decrease", 14, "money"),
    _Column("balance", 14, "money"),
    _Column("mark", 30, "note"),
)
_ANSWERS = (
    _Column("answer", 13, "answer"),
    _Column("amount_ours", 14, "answer_money"),
    _Column("comment", 30, "answer"),
)


class StatementXlsx:
    """``mailflow.steps.ports.letters.StatementWorkbook``."""

    def write(self, sheet: StatementSheet) -> bytes:
        out = io.BytesIO()
        book = xlsxwriter.Workbook(out, {"in_memory": True})
        words, statement = sheet.words, sheet.statement
        as_of = dt.datetime.combine(statement.as_of, dt.time())
        # The creation date is the statement's, not the clock's: equal input gives equal bytes.
        book.set_properties(
            {"title": f"{sheet.title} {statement.label}", "author": sheet.company.name, "created": as_of}
        )
        formats = _formats(book, exponent(sheet.currency))
        first = _Page(book, book.add_worksheet(words["sheet.statement"][:31]), sheet, formats)
        first.statement()
        other_form = Form.OPEN_ITEM if sheet.form is Form.BALANCE_FORWARD else Form.BALANCE_FORWARD
        other_rows = sheet.open_rows if other_form is Form.OPEN_ITEM else sheet.movement_rows
        if other_rows:
            key = "sheet.open_items" if other_form is Form.OPEN_ITEM else "sheet.movements"
            _Page(book, book.add_worksheet(words[key][:31]), sheet, formats).annex(other_form, other_rows, words[key])
        if sheet.late_rows:
            _Page(book, book.add_worksheet(words["late.title"][:31]), sheet, formats).late()
        if sheet.others or sheet.counterpart is not None:
            _Page(book, book.add_worksheet(words["others.sheet"][:31]), sheet, formats).beside()
        book.close()
        return out.getvalue()


class _Page:
    def __init__(self, book: Any, page: Any, sheet: StatementSheet, formats: dict[str, Any]) -> None:
        self._book, self._page, self._sheet, self._formats = book, page, sheet, formats
        self._words = sheet.words

    def statement(self) -> None:
        columns = _OPEN_ITEM if self._sheet.form is Form.OPEN_ITEM else _BALANCE_FORWARD
        self._top(self._sheet.title)
        self._page.write_string(2, 0, self._words["sheet.help"], self._formats["help"])
        answers_at = len(columns)
        self._titles((*columns, *_ANSWERS))
        id_column = answers_at + len(_ANSWERS)
        self._page.set_column(id_column, id_column, 4, None, {"hidden": True})
        self._page.write_string(_HEAD, id_column, ITEM_MARK)
        row, first = self._rows(columns, self._sheet.form, self._sheet.rows)
        for position, one in enumerate(self._sheet.rows):
            at = first + position
            for offset, column in enumerate(_ANSWERS):
                self._page.write_blank(at, answers_at + offset, None, self._formats[column.form])
            self._page.write_string(at, id_column, one.line.item_id)
        if self._sheet.rows:
            self._choice(first, row - 1, answers_at)
        row = self._sum(columns, self._sheet.form, row, first)
        row = self._ageing(row + 2)
        self._slip(row + 2)
        self._paper(id_column - 1)

    def annex(self, form: Form, rows: tuple[SheetRow, ...], title: str) -> None:
        columns = _OPEN_ITEM if form is Form.OPEN_ITEM else _BALANCE_FORWARD
        self._top(title)
        self._titles(columns)
        row, first = self._rows(columns, form, rows)
        self._sum(columns, form, row, first)
        self._paper(len(columns) - 1)

    def late(self) -> None:
        """What the terms allow for late payment, a row each, and their sum: apart from the balance."""
        words, sheet, page = self._words, self._sheet, self._page
        self._top(words["late.title"])
        page.set_column(0, 0, 26)
        page.set_column(1, 1, 36)
        page.set_column(2, 2, 16)
        page.write_string(2, 0, words.say("late.note", rate=sheet.late_rate), self._formats["help"])
        at = _HEAD
        for one in sheet.late_rows:
            page.write_string(at, 0, one.label, self._formats["text"])
            page.write_string(at, 1, one.note, self._formats["text"])
            self._money(at, 2, one.amount)
            at += 1
        page.write_string(at, 0, words["late.total"], self._formats["sum"])
        page.write_blank(at, 1, None, self._formats["sum"])
        total = float(sum(one.amount for one in sheet.late_rows))
        page.write_formula(at, 2, f"=SUM(C{_HEAD + 1}:C{at})", self._formats["sum_money"], total)
        self._paper(2)

    def beside(self) -> None:
        """What else there is between us: the other direction, and accounts in other currencies. Nothing is added up
        but the two directions of this one currency."""
        words, sheet, page = self._words, self._sheet, self._page
        self._top(words["others.sheet"])
        page.set_column(0, 0, 30)
        page.set_column(1, 3, 16)
        at = _HEAD
        if sheet.counterpart is not None:
            page.write_string(at, 0, f"{sheet.currency}", self._formats["head"])
            page.write_string(at, 1, words["column.balance"], self._formats["head_right"])
            for label, amount in (("label.they_owe", sheet.they_owe), ("label.we_owe", sheet.we_owe)):
                at += 1
                page.write_string(at, 0, words[label], self._formats["text"])
                self._money(at, 1, amount)
            at += 1
            page.write_string(at, 0, words["label.net"], self._formats["sum"])
            net = float(sheet.they_owe - sheet.we_owe)
            page.write_formula(at, 1, f"=B{at - 1}-B{at}", self._formats["sum_money"], net)
            page.write_string(at + 1, 0, words["label.net_note"], self._formats["help"])
            at += 3
        if sheet.others:
            heads = (words["label.number"], words["label.currency"], words["label.overdue"], words["column.balance"])
            for number, text in enumerate(heads):
                page.write_string(at, number, text, self._formats["head" if number < 2 else "head_right"])
            for one in sheet.others:
                at += 1
                money = self._book.add_format({**_MONEY_ROW, "num_format": _number(exponent(one.currency))})
                page.write_string(at, 0, one.label, self._formats["text"])
                page.write_string(at, 1, one.currency, self._formats["text"])
                page.write_number(at, 2, one.overdue, money)
                page.write_number(at, 3, one.closing, money)
            page.write_string(at + 1, 0, words["others.note"], self._formats["help"])
        self._paper(3)

    def _top(self, title: str) -> None:
        page, words, statement = self._page, self._words, self._sheet.statement
        page.hide_gridlines(2)
        page.write_string(0, 0, f"{self._sheet.company.name} · {title}", self._formats["title"])
        facts = (
            f"{words['label.to']}{words['colon']}{statement.party.name} ({statement.party.id})",
            f"{words['label.number']} {statement.number}",
            f"{words['label.version']} {statement.version}",
            f"{words['label.as_of']} {statement.as_of.isoformat()}",
            f"{words['label.currency']} {statement.currency}",
            self._sheet.route.mark,
        )
        page.write_string(1, 0, "   ".join(facts), self._formats["facts"])
        page.set_default_row(18)
        page.set_row(0, 26)
        page.set_row(_HEAD, 22)

    def _titles(self, columns: tuple[_Column, ...]) -> None:
        for number, column in enumerate(columns):
            self._page.set_column(number, number, column.width)
            right = column.form in ("money", "count", "answer_money")
            form = (
                "head_answer"
                if column.form.startswith("answer")
                else "head_right"
                if right
                else "head_note"
                if column.form == "note"
                else "head"
            )
            self._page.write_string(_HEAD, number, self._words[f"column.{column.key}"], self._formats[form])
        self._page.freeze_panes(_HEAD + 1, 0)

    def _rows(self, columns: tuple[_Column, ...], form: Form, rows: tuple[SheetRow, ...]) -> tuple[int, int]:
        """Gives the row after the last one, and the row of the first document."""
        at = _HEAD + 1
        keys = [column.key for column in columns]
        if form is Form.BALANCE_FORWARD:
            statement = self._sheet.statement
            period = f"{statement.period_start.isoformat()} – {statement.as_of.isoformat()}"
            self._page.set_row(3, 30)
            self._page.write_string(3, 0, f"{self._words['label.period']} {period}", self._formats["period"])
            self._page.write_datetime(at, 0, self._sheet.statement.period_start, self._formats["date"])
            self._page.write_string(at, 1, self._words["label.opening"], self._formats["text"])
            for number in range(2, len(columns)):
                self._page.write_blank(at, number, None, self._formats["text"])
            self._money(at, keys.index("balance"), self._sheet.totals.opening)
            at += 1
        first = at
        for row in rows:
            for number, column in enumerate(columns):
                self._cell(at, number, column, keys, row, first, form)
            at += 1
        return at, first

    def _cell(
        self, at: int, number: int, column: _Column, keys: list[str], row: SheetRow, first: int, form: Form
    ) -> None:
        page, line, cell = self._page, row.line, self._formats[column.form]
        texts = {
            "type": row.type,
            "reference": line.reference,
            "theirs": line.po_number or line.their_reference or line.description,
            "mark": " · ".join(one for one in (row.mark, self._discount(row)) if one),
        }
        amounts = {
            "original": line.amount,
            "open": line.open_amount,
            "increase": row.increase,
            "decrease": row.decrease,
        }
        if column.key in texts:
            page.write_string(at, number, texts[column.key], cell)
        elif column.key in ("date", "due"):
            day = line.date if column.key == "date" else line.due_date
            if day is None:
                page.write_blank(at, number, None, cell)
            else:
                page.write_datetime(at, number, day, cell)
        elif column.key == "days":
            if line.days_overdue is None or line.days_overdue <= 0 or line.open_amount <= 0:
                page.write_blank(at, number, None, cell)
            else:
                page.write_number(at, number, line.days_overdue, cell)
        elif column.key in amounts:
            self._money(at, number, amounts[column.key])
        elif column.key == "running":
            opened = xl_rowcol_to_cell(at, keys.index("open"))
            above = "" if at == first else f"{xl_rowcol_to_cell(at - 1, number)}+"
            page.write_formula(at, number, f"={above}{opened}", cell, float(row.balance))
        else:
            above, plus, minus = (
                xl_rowcol_to_cell(at - 1, number),
                xl_rowcol_to_cell(at, keys.index("increase")),
                xl_rowcol_to_cell(at, keys.index("decrease")),
            )
            page.write_formula(at, number, f"={above}+{plus}-{minus}", cell, float(row.balance))

    def _discount(self, row: SheetRow) -> str:
        if row.discount is None:
            return ""
        amount = grouped(row.discount.amount, self._sheet.currency)
        return self._words.say("discount.row", amount=amount, date=self._words.date(row.discount.until))

    def _sum(self, columns: tuple[_Column, ...], form: Form, at: int, first: int) -> int:
        totals = self._sheet.totals
        shown = (
            {"original": totals.original, "open": totals.closing}
            if form is Form.OPEN_ITEM
            else {"increase": totals.increases, "decrease": totals.decreases}
        )
        for number in range(len(columns)):
            self._page.write_blank(at, number, None, self._formats["sum"])
        label = "label.total_open" if form is Form.OPEN_ITEM else "label.closing"
        self._page.write_string(at, 0, self._words[label], self._formats["sum"])
        for number, column in enumerate(columns):
            name = xl_col_to_name(number)
            if column.key in shown:
                formula = f"=SUM({name}{first + 1}:{name}{at})" if at > first else "=0"
                self._page.write_formula(at, number, formula, self._formats["sum_money"], float(shown[column.key]))
            elif column.key == "balance":
                self._page.write_formula(at, number, f"={name}{at}", self._formats["sum_money"], float(totals.closing))
        return at

    def _ageing(self, at: int) -> int:
        """Bucket below bucket; the last line is their sum, and equals the balance above."""
        words, statement = self._words, self._sheet.statement
        self._page.write_string(at, 0, words["ageing.title"], self._formats["section"])
        self._page.write_string(at, 2, words["ageing.note"], self._formats["help"])
        lines = [(bucket_label(one.label, words), one.amount) for one in statement.ageing]
        lines.append((words["ageing.unapplied"], statement.unapplied))
        start = at + 1
        for label, amount in lines:
            at += 1
            self._page.write_string(at, 0, label, self._formats["text"])
            self._page.write_blank(at, 1, None, self._formats["text"])
            self._money(at, 2, amount)
        at += 1
        self._page.write_string(at, 0, words["ageing.total"], self._formats["sum"])
        self._page.write_blank(at, 1, None, self._formats["sum"])
        formula = f"=SUM(C{start + 1}:C{at})"
        self._page.write_formula(at, 2, formula, self._formats["sum_money"], float(statement.closing))
        return at

    def _slip(self, at: int) -> None:
        """The slip: named cells, so that an answer is found wherever the recipient's program moves it."""
        words, statement = self._words, self._sheet.statement
        self._page.write_string(at, 0, words["slip.title"], self._formats["section"])
        self._page.write_string(at, 2, f"{statement.label} {self._sheet.route.mark}", self._formats["help"])
        labels = {
            "decision": words["sheet.whole"],
            "balance": f"{words['sheet.our_balance']} ({statement.currency})",
            "person": words["sheet.person"],
            "date": words["slip.date"],
            "comment": words["column.comment"],
        }
        for key, name in NAMES.items():
            at += 1
            self._page.write_string(at, 0, labels[key], self._formats["text"])
            self._page.write_blank(at, 1, None, self._formats["text"])
            form = {"balance": "answer_money", "date": "answer_date"}.get(key, "answer")
            self._page.write_blank(at, 2, None, self._formats[form])
            quoted = self._page.get_name().replace("'", "''")
            self._book.define_name(name, f"='{quoted}'!$C${at + 1}")
            if key == "decision":
                self._choice(at, at, 2)

    def _choice(self, first: int, last: int, column: int) -> None:
        options = [self._words["sheet.agree"], self._words["sheet.differ"]]
        self._page.data_validation(
            first, column, last, column, {"validate": "list", "source": options, "error_type": "warning"}
        )

    def _money(self, at: int, number: int, amount: Decimal | None) -> None:
        if amount is None:
            self._page.write_blank(at, number, None, self._formats["money"])
        else:
            self._page.write_number(at, number, amount, self._formats["money"])

    def _paper(self, last_column: int) -> None:
        page = self._page
        page.set_landscape()
        page.set_paper(9)
        page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        page.fit_to_pages(1, 0)
        page.repeat_rows(0, _HEAD)
        page.set_footer(f"&L{self._sheet.statement.label.replace('&', '&&')}&R&P / &N")
        page.print_area(0, 0, page.dim_rowmax, last_column)


_FONT = {"font_name": "Microsoft YaHei", "font_size": 10, "font_color": _INK, "valign": "vcenter"}
_ROW = {**_FONT, "bottom": 4, "bottom_color": _LINE}
_MONEY_ROW = {**_ROW, "align": "right"}


def _number(decimals: int) -> str:
    return "#,##0" + ("." + "0" * decimals if decimals else "")


def _formats(book: Any, decimals: int) -> dict[str, Any]:
    number = _number(decimals)
    font, row = _FONT, _ROW
    head = {**font, "bold": True, "font_color": _MUTED, "bg_color": _PANEL, "bottom": 2, "bottom_color": _ACCENT}
    total = {**font, "bold": True, "top": 2, "top_color": _ACCENT}
    answer = {**row, "bg_color": _ANSWER}
    made = {
        "title": {**font, "font_size": 15, "bold": True},
        "facts": {**font, "font_color": _MUTED},
        "period": {**font, "font_color": _MUTED, "valign": "top"},
        "help": {**font, "font_color": _MUTED, "font_size": 9},
        "section": {**font, "font_size": 12, "bold": True},
        "head": head,
        "head_right": {**head, "align": "right"},
        "head_note": {**head, "indent": 1},
        "head_answer": {**head, "bg_color": "#FBEFC6", "font_color": "#6B4A00"},
        "text": row,
        "note": {**row, "indent": 1, "font_color": _ACCENT},
        "date": {**row, "num_format": "yyyy-mm-dd", "align": "left"},
        "count": {**row, "num_format": "0", "align": "right", "font_color": "#A84A06"},
        "money": {**row, "num_format": number, "align": "right"},
        "sum": total,
        "sum_money": {**total, "num_format": number, "align": "right"},
        "answer": answer,
        "answer_money": {**answer, "num_format": number, "align": "right"},
        "answer_date": {**answer, "num_format": "yyyy-mm-dd", "align": "left"},
    }
    return {name: book.add_format(properties) for name, properties in made.items()}
