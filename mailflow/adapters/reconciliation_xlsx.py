"""The reconciliation as a workbook: totals are live formulas over the item sheet: a changed line changes them.

Every text goes in by ``write_string``: nothing that begins with ``=``, ``+``, ``-`` or ``@`` becomes a formula.
Formulas carry their computed value too, for programs that read a workbook without calculating it.
"""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from mailflow.reconciliation.explanation import CHINESE, ENGLISH, of_match
from mailflow.reconciliation.layout import Layout, Side, match_source
from mailflow.reconciliation.match import decimal

MOST_MATCHES = 1_000_000  # a sheet has 1,048,576 rows
_INK, _MUTED, _PANEL, _LINE = "#16233B", "#5D687A", "#F3F6FB", "#D5DCE7"
_FIRST = 1  # first row of data on the lists, below the frozen header


def workbook(page: Layout) -> bytes:
    """The file's bytes. The same reconciliation gives the same sheets; no clock enters it."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": len(page.answer.matches) < 100_000, "strings_to_formulas": False})
    book.set_properties({"title": page.title, "created": dt.datetime(2000, 1, 1)})
    forms = _Forms(book, page.answer.places)
    names = _sheet_names(page)
    summary = book.add_worksheet(names["bridge"])
    items = book.add_worksheet(names["items"])
    matches = book.add_worksheet(names["matches"])
    checks = book.add_worksheet(names["checks"])
    _items(items, page, forms)
    _matches(matches, page, forms)
    _checks(checks, page, forms)
    _bridge(summary, page, forms, names["items"])
    summary.activate()
    book.close()
    return buffer.getvalue()


def _sheet_names(page: Layout) -> dict[str, str]:
    if page.words.language.startswith("zh"):
        return {"bridge": "余额调节表", "items": "未达账项", "matches": "勾对明细", "checks": "核验"}
    return {"bridge": "Bridge", "items": "Items", "matches": "Matches", "checks": "Checks"}


class _Forms:
    def __init__(self, book: Any, places: int) -> None:
        zeros = "." + "0" * places if places else ""
        money = f"#,##0{zeros};[Red](#,##0{zeros})"
        base = {"font_name": "Calibri", "font_size": 10, "font_color": _INK, "valign": "top"}

        def form(**more: Any) -> Any:
            return book.add_format({**base, **more})

        self.text = form(text_wrap=True)
        self.plain = form()
        self.title = form(bold=True, font_size=16)
        self.label = form(font_color=_MUTED)
        self.head = form(bold=True, bg_color=_PANEL, bottom=1, bottom_color=_LINE, text_wrap=True, valign="vcenter")
        self.head_right = form(
            bold=True, bg_color=_PANEL, bottom=1, bottom_color=_LINE, text_wrap=True, align="right", valign="vcenter"
        )
        self.money = form(num_format=money)
        self.sum_text = form(bold=True, top=1, bottom=1)
        self.sum_money = form(bold=True, top=1, bottom=1, num_format=money)
        self.note = form(font_color=_MUTED, italic=True, text_wrap=True)
        self.good = book.add_format({"font_color": "#1C7A43", "bg_color": "#E6F4EA"})
        self.bad = book.add_format({"font_color": "#A84A06", "bg_color": "#FFF3E6"})


def _number(units: int, places: int) -> float:
    """A cell holds a binary number: exact to the cent up to 90 trillion, which is what spreadsheets can do."""
    return float(decimal(units, places))


def _bridge(sheet: Any, page: Layout, forms: _Forms, items: str) -> None:
    answer, say = page.answer, page.words
    places = answer.places
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 48)
    sheet.set_column(1, 1, 18)
    sheet.set_column(2, 2, 4)
    sheet.set_column(3, 3, 48)
    sheet.set_column(4, 4, 18)
    sheet.set_row(0, 26)
    sheet.write_string(0, 0, page.title, forms.title)
    row = 1
    for label, value in page.facts:
        sheet.write_string(row, 0, f"{label}: {value}", forms.label)
        row += 1
    row += 1
    sheet.write_string(row, 0, say.bridge_title, forms.head)
    sheet.write_string(row, 1, say.columns["amount"], forms.head_right)
    row += 1
    first = row
    sheet.write_string(row, 0, say.our_balance[answer.side], forms.sum_text)
    sheet.write_number(row, 1, _number(answer.our_balance_units, places), forms.sum_money)
    last = _FIRST + max(len(page.rows), 1)
    quoted = f"'{items}'"
    for group in page.bridge:
        row += 1
        sheet.write_string(row, 0, group.label, forms.plain)
        formula = f"=SUMIFS({quoted}!$E$2:$E${last},{quoted}!$B$2:$B${last},A{row + 1})"
        sheet.write_formula(row, 1, formula, forms.money, _number(group.total, places))
    row += 1
    theirs_row = row + 1
    sheet.write_string(row, 0, say.unexplained, forms.plain)
    above = f"SUM({xl_rowcol_to_cell(first, 1)}:{xl_rowcol_to_cell(row - 1, 1)})"
    formula = f"=ROUND({xl_rowcol_to_cell(theirs_row, 1)}-{above},{places})"
    sheet.write_formula(row, 1, formula, forms.money, _number(answer.unexplained_units, places))
    _judged(sheet, row, 1, forms)
    sheet.write_string(theirs_row, 0, say.their_balance[answer.side], forms.sum_text)
    sheet.write_number(theirs_row, 1, _number(answer.their_balance_units, places), forms.sum_money)

    row = theirs_row + 3
    sheet.write_string(row - 1, 0, say.two_sided_title, forms.head)
    for column in (1, 2, 3, 4):
        sheet.write_blank(row - 1, column, None, forms.head)
    ours = _side(sheet, page, forms, quoted, last, row, 0, page.ours, say.columns["our_side"])
    theirs = _side(sheet, page, forms, quoted, last, row, 3, page.theirs, say.columns["their_side"])
    row += 6
    sheet.write_string(row, 3, say.difference, forms.plain)
    left = _number(page.theirs.adjusted - page.ours.adjusted, places)
    sheet.write_formula(row, 4, f"=ROUND({theirs}-{ours},{places})", forms.money, left)
    _judged(sheet, row, 4, forms)
    for sentence in say.not_voucher:
        row += 1
        sheet.merge_range(row, 0, row, 4, "", forms.note)
        sheet.write_string(row, 0, sentence, forms.note)
        sheet.set_row(row, 28)
    row += 2
    for column, role in zip((0, 1, 3), say.signatures, strict=True):
        sheet.write_string(row, column, f"{role}: ____________", forms.label)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _side(
    sheet: Any, page: Layout, forms: _Forms, items: str, last: int, row: int, column: int, side: Side, mark: str
) -> str:
    """One half of the two-sided form; returns the cell of its adjusted balance."""
    places = page.answer.places
    sheet.write_string(row, column, side.title, forms.sum_text)
    sheet.write_number(row, column + 1, _number(side.balance, places), forms.sum_money)
    top = row
    for group in side.groups:
        row += 1
        label = xl_rowcol_to_cell(row, column)
        sheet.write_string(row, column, group.label, forms.plain)
        formula = f'=SUMIFS({items}!$F$2:$F${last},{items}!$L$2:$L${last},{label},{items}!$K$2:$K${last},"{mark}")'
        sheet.write_formula(row, column + 1, formula, forms.money, _number(group.total, places))
    row += 1
    sheet.write_string(row, column, page.words.adjusted, forms.sum_text)
    total = f"=SUM({xl_rowcol_to_cell(top, column + 1)}:{xl_rowcol_to_cell(row - 1, column + 1)})"
    sheet.write_formula(row, column + 1, total, forms.sum_money, _number(side.adjusted, places))
    return str(xl_rowcol_to_cell(row, column + 1))


def _judged(sheet: Any, row: int, column: int, forms: _Forms) -> None:
    sheet.conditional_format(
        row, column, row, column, {"type": "cell", "criteria": "==", "value": 0, "format": forms.good}
    )
    sheet.conditional_format(
        row, column, row, column, {"type": "cell", "criteria": "!=", "value": 0, "format": forms.bad}
    )


def _list(sheet: Any, forms: _Forms, columns: list[tuple[str, int, bool]]) -> None:
    for place, (title, width, right) in enumerate(columns):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, title, forms.head_right if right else forms.head)
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.repeat_rows(0)
    sheet.fit_to_pages(1, 0)


def _items(sheet: Any, page: Layout, forms: _Forms) -> None:
    say, names = page.words, page.words.columns
    places = page.answer.places
    _list(
        sheet,
        forms,
        [
            (names["no"], 6, False), (names["kind"], 26, False), (names["date"], 11, False),
            (names["reference"], 20, False), (names["amount"], 15, True),
            (f"{names['amount']} ({names['side']})", 15, True), (names["text"], 60, False), (names["age"], 8, True),
            (names["source"], 30, False), (names["action"] if page.internal else "", 40, False),
            (names["side"], 9, False), (say.two_sided_title, 30, False),
        ],
    )  # fmt: skip
    if not page.internal:
        sheet.set_column(9, 9, 0, None, {"hidden": True})  # the formulas of the bridge name the columns behind it
    row = _FIRST
    for one in page.rows:
        side = page.ours if one.on_ours else page.theirs
        heading = {"increase": 0, "decrease": 1, "error": 2}[one.heading]
        sheet.write_number(row, 0, one.no, forms.plain)
        sheet.write_string(row, 1, say.kinds[one.item.kind], forms.text)
        sheet.write_string(row, 2, one.date, forms.plain)
        sheet.write_string(row, 3, one.reference, forms.text)
        sheet.write_number(row, 4, _number(one.units, places), forms.money)
        sheet.write_formula(
            row, 5, f"={'' if one.on_ours else '-'}E{row + 1}", forms.money, _number(one.effect, places)
        )
        sheet.write_string(row, 6, one.text, forms.text)
        if one.age is not None:
            sheet.write_number(row, 7, one.age, forms.plain)
        sheet.write_string(row, 8, one.source, forms.text)
        if page.internal:
            sheet.write_string(row, 9, one.action, forms.text)
        sheet.write_string(row, 10, names["our_side"] if one.on_ours else names["their_side"], forms.plain)
        sheet.write_string(row, 11, side.groups[heading].label, forms.text)
        row += 1
    if page.rows:
        sheet.autofilter(0, 0, row - 1, 11)
        total = _number(page.answer.adjustments_units, places)
        sheet.write_string(row + 1, 3, say.total, forms.sum_text)
        sheet.write_formula(row + 1, 4, f"=SUM(E2:E{row})", forms.sum_money, total)
        sheet.conditional_format(
            _FIRST, 7, row - 1, 7, {"type": "cell", "criteria": ">", "value": 60, "format": forms.bad}
        )


def _matches(sheet: Any, page: Layout, forms: _Forms) -> None:
    say, names = page.words, page.words.columns
    places = page.answer.places
    language = CHINESE if say.language.startswith("zh") else ENGLISH
    _list(
        sheet,
        forms,
        [
            (names["ours"], 26, False), (names["theirs"], 26, False), (names["rule"], 28, False),
            (names["amount_ours"], 15, True), (names["amount_theirs"], 15, True), (names["difference"], 13, True),
            (names["state"], 14, False), (names["explanation"], 70, False), (names["source"], 36, False),
        ],
    )  # fmt: skip
    row = _FIRST
    for match in page.answer.matches[:MOST_MATCHES]:
        sheet.write_string(row, 0, ", ".join(e.refs[0] if e.refs else e.tag for e in match.ours), forms.text)
        sheet.write_string(row, 1, ", ".join(e.refs[0] if e.refs else f"#{e.tag}" for e in match.theirs), forms.text)
        sheet.write_string(row, 2, match.rule.name, forms.plain)
        sheet.write_number(row, 3, _number(match.our_units, places), forms.money)
        sheet.write_number(row, 4, _number(match.their_units, places), forms.money)
        difference = _number(match.difference_units, places)
        sheet.write_formula(row, 5, f"=ROUND(E{row + 1}-D{row + 1},{places})", forms.money, difference)
        sheet.write_string(row, 6, say.accepted if match.automatic else say.suggested, forms.plain)
        sheet.write_string(row, 7, of_match(match, language), forms.text)
        sheet.write_string(row, 8, match_source(match, say), forms.text)
        row += 1
    if row > _FIRST:
        sheet.autofilter(0, 0, row - 1, 8)
        sheet.conditional_format(
            _FIRST, 5, row - 1, 5, {"type": "cell", "criteria": "!=", "value": 0, "format": forms.bad}
        )
        for text, form in ((say.accepted, forms.good), (say.suggested, forms.bad)):
            sheet.conditional_format(
                _FIRST, 6, row - 1, 6, {"type": "cell", "criteria": "==", "value": f'"{text}"', "format": form}
            )


def _checks(sheet: Any, page: Layout, forms: _Forms) -> None:
    say, names = page.words, page.words.columns
    _list(sheet, forms, [(names["check"], 40, False), (names["result"], 18, False), (names["detail"], 90, False)])
    for row, check in enumerate(page.answer.checks, start=_FIRST):
        sheet.write_string(row, 0, say.checks[check.name], forms.text)
        sheet.write_string(row, 1, say.passed[check.passed], forms.plain)
        sheet.write_string(row, 2, say.detail(check.detail), forms.text)
    last = _FIRST + len(page.answer.checks)
    for passed, form in ((True, forms.good), (False, forms.bad)):
        sheet.conditional_format(
            _FIRST, 1, last, 1, {"type": "cell", "criteria": "==", "value": f'"{say.passed[passed]}"', "format": form}
        )
