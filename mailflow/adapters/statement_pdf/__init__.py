"""The statement as PDF: a document that can be filed, searched, stamped, scanned and read by a program.

Drawn line by line on reportlab's canvas, never through ``Paragraph``: that parses mark-up, and an ``<img src=…>`` in a
customer's name opened a local file (STACK, 10). Equal input gives equal bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from mailflow.adapters.statement_pdf.paper import (
    ACCENT,
    BOTTOM,
    HEIGHT,
    INNER,
    LATE,
    LINE,
    MARGIN,
    MUTED,
    PANEL,
    WIDTH,
    Paper,
)
from mailflow.adapters.statement_pdf.rows import draw_rows
from mailflow.adapters.statement_pdf.slip import HEIGHT as SLIP_HEIGHT
from mailflow.adapters.statement_pdf.slip import draw_slip
from mailflow.adapters.statement_pdf.typeface import Typeface
from mailflow.correspondence.letter_context import bucket_label
from mailflow.correspondence.statement_sheet import Form, StatementSheet
from mailflow.money import grouped
from mailflow.receivables.capital_amount import capital_amount
from mailflow.receivables.party import Side

_FURTHER_TOP = 62.0  # where content begins on the second page and after


class StatementPdf:
    """``mailflow.steps.ports.letters.StatementPaper``. ``fonts``: TrueType files; the first with a character wins."""

    def __init__(self, fonts: Sequence[Path]) -> None:
        self._typeface = Typeface.of(fonts)

    def missing(self, text: str) -> str:
        """The characters of ``text`` that no font has, each once."""
        return "".join(one for one in dict.fromkeys(text) if not self._typeface.has(one))

    def draw(self, sheet: StatementSheet) -> bytes:
        paper = Paper(self._typeface)
        _letterhead(paper, sheet)
        _parties(paper, sheet)
        _balance(paper, sheet)
        paper.y += 13
        draw_rows(paper, sheet, _FURTHER_TOP)
        _equation(paper, sheet)
        _ageing(paper, sheet)
        _late(paper, sheet)
        _others(paper, sheet)
        _notes(paper, sheet)
        if paper.room(SLIP_HEIGHT + 2):
            paper.y = BOTTOM - SLIP_HEIGHT  # at the lower edge, where it can be cut off
        else:
            paper.new_page(_FURTHER_TOP + 6)
        draw_slip(paper, sheet)
        words, statement = sheet.words, sheet.statement
        title = f"{sheet.title} {statement.label}"

        def foot(on: Paper, page: int, pages: int) -> None:
            _foot(on, sheet, page, pages)

        return paper.finish(foot, title=title, author=sheet.company.name, language=words.language)


def _letterhead(paper: Paper, sheet: StatementSheet) -> None:
    company, words = sheet.company, sheet.words
    paper.box(0, 0, WIDTH, 5, fill=ACCENT, radius=0)
    paper.text(MARGIN, 41, company.name, size=15, strong=True)
    paper.text(WIDTH - MARGIN, 41, sheet.title, size=13, color=ACCENT, align="right", strong=True)
    details = [*company.postal_lines]
    if company.tax_id:
        details.append(f"{words['label.tax_id']} {company.tax_id}")
    reach = [one for one in (company.contact, company.phone, company.address) if one]
    y = paper.block(MARGIN, 56, " · ".join(details), width=INNER, size=7.6, color=MUTED)
    if reach:
        y = paper.block(MARGIN, y, " · ".join(reach), width=INNER, size=7.6, color=MUTED)
    paper.rule(MARGIN, WIDTH - MARGIN, y)
    paper.y = y


def _parties(paper: Paper, sheet: StatementSheet) -> None:
    words, statement, party = sheet.words, sheet.statement, sheet.statement.party
    top = paper.y + 15
    paper.text(
        MARGIN,
        top,
        words["label.customer" if statement.side is Side.RECEIVABLE else "label.supplier"],
        size=7.6,
        color=MUTED,
    )
    y = paper.block(MARGIN, top + 15, party.name, width=INNER * 0.52, size=11.5, leading=1.35, strong=True)
    more = [f"{words['label.customer_no']} {party.id}"]
    if party.tax_id:
        more.append(f"{words['label.tax_id']} {party.tax_id}")
    for line in more:
        paper.text(MARGIN, y, line, size=8, color=MUTED)
        y += 12
    facts = [
        (words["label.number"], statement.label),
        *([(words["label.replaces"], f"v{statement.version - 1}")] if statement.version > 1 else []),
        (words["label.as_of"], statement.as_of.isoformat()),
        (words["label.period"], f"{statement.period_start.isoformat()} – {statement.as_of.isoformat()}"),
        (words["label.currency"], statement.currency),
    ]
    if sheet.issued_on is not None:
        facts.append((words["label.issued"], sheet.issued_on.isoformat()))
    if party.payment_terms:
        facts.append((words["label.terms"], party.payment_terms))
    left, right = MARGIN + INNER * 0.58, WIDTH - MARGIN
    at = top
    for label, value in facts:
        paper.text(left, at, label, size=8, color=MUTED)
        paper.text(right, at, value, size=8.4, align="right")
        at += 13
    paper.y = max(y, at - 4)


def _balance(paper: Paper, sheet: StatementSheet) -> None:
    """The panel with the one figure that matters, and what it is made of."""
    words, statement, totals = sheet.words, sheet.statement, sheet.totals
    facts = _facts(sheet)
    height = max(74.0, 15 + 13.2 * len(facts))
    top = paper.y + 6
    paper.box(MARGIN, top, INNER, height, fill=PANEL, radius=5)
    direction = ""
    if totals.closing:
        owed_to_us = (totals.closing > 0) == (statement.side is Side.RECEIVABLE)
        direction = f" · {words['label.they_owe' if owed_to_us else 'label.we_owe']}"
    label = words.say("label.balance_as_of", date=words.date(statement.as_of))
    paper.text(MARGIN + 14, top + 20, label + direction, size=8, color=MUTED)
    paper.text(MARGIN + 14, top + 46, statement.currency, size=11, strong=True)
    indent = paper.typeface.width(statement.currency, 11) + 6
    paper.text(MARGIN + 14 + indent, top + 46, grouped(totals.closing, statement.currency), size=22, strong=True)
    if statement.currency == "CNY":
        paper.block(MARGIN + 14, top + 63, capital_amount(totals.closing), width=INNER * 0.52, size=8)
    left, right = MARGIN + INNER * 0.58, WIDTH - MARGIN - 14
    at = top + 20
    for text, value, strong in facts:
        paper.text(left, at, text, size=8, color=MUTED)
        paper.text(right, at, value, size=8.4, align="right", strong=strong)
        at += 13.2
    paper.y = top + height


def _facts(sheet: StatementSheet) -> list[tuple[str, str, bool]]:
    words, totals = sheet.words, sheet.totals

    def shown(amount: object) -> str:
        return grouped(amount, sheet.currency)  # type: ignore[arg-type]

    they, we = (
        (words["label.they_owe"], shown(sheet.they_owe), True),
        (words["label.we_owe"], shown(sheet.we_owe), True),
    )
    mine, other = (they, we) if sheet.statement.side is Side.RECEIVABLE else (we, they)
    other_amount = sheet.we_owe if mine is they else sheet.they_owe
    facts = [mine]
    for name in ("overdue", "disputed", "promised", "unapplied"):
        amount = getattr(totals, name)
        if amount:
            facts.append((words[f"label.{name}"], shown(amount), False))
    if totals.requested and not sheet.neutral:
        facts.append((words["label.requested"], shown(totals.requested), True))
    if other_amount or words["custom.both_directions"] == "yes":
        facts.append(other)
    if sheet.counterpart is not None:
        facts.append((words["label.net"], shown(sheet.they_owe - sheet.we_owe), False))
    return facts


def _equation(paper: Paper, sheet: StatementSheet) -> None:
    words, totals, currency = sheet.words, sheet.totals, sheet.currency
    if not paper.room(20):
        paper.new_page(_FURTHER_TOP)
    sentence = words.say(
        "equation.line",
        opening=grouped(totals.opening, currency),
        increases=grouped(totals.increases, currency),
        decreases=grouped(totals.decreases, currency),
        closing=grouped(totals.closing, currency),
    )
    if sheet.form is Form.BALANCE_FORWARD:
        paper.text(MARGIN + 5, paper.y + 9, sentence, size=7.6, color=MUTED)
        paper.y += 14


def _ageing(paper: Paper, sheet: StatementSheet) -> None:
    """One column a bucket, unapplied credits and the balance last, so that the row adds up before the reader's eyes."""
    words, statement = sheet.words, sheet.statement
    cells = [(bucket_label(one.label, words), one.amount) for one in statement.ageing]
    cells.append((words["ageing.unapplied"], statement.unapplied))
    cells.append((words["ageing.total"], statement.closing))
    if not paper.room(66):
        paper.new_page(_FURTHER_TOP)
    top = paper.y + 16
    paper.text(MARGIN, top, words["ageing.title"], size=9.5, strong=True)
    indent = paper.typeface.width(words["ageing.title"], 9.5) + 10
    paper.text(MARGIN + indent, top, words["ageing.note"], size=7.2, color=MUTED)
    width = INNER / len(cells)
    longest = max(paper.typeface.width(grouped(amount, sheet.currency), 8) for _, amount in cells)
    size = min(8.0, 8.0 * (width - 8) / longest)
    paper.rule(MARGIN, WIDTH - MARGIN, top + 8)
    for number, (label, amount) in enumerate(cells):
        x = MARGIN + (number + 1) * width - 4
        last = number == len(cells) - 1
        label_size = min(7.2, 7.2 * (width - 6) / paper.typeface.width(label, 7.2))
        paper.text(x, top + 20, label, size=label_size, color=MUTED, align="right")
        late = 0 < number < len(cells) - 2 and amount > 0
        color = LATE if late else (MUTED if not amount else None)
        if color is None:
            paper.text(x, top + 34, grouped(amount, sheet.currency), size=size, align="right", strong=last)
        else:
            paper.text(x, top + 34, grouped(amount, sheet.currency), size=size, align="right", color=color)
    paper.rule(MARGIN, WIDTH - MARGIN, top + 41)
    paper.y = top + 44


def _late(paper: Paper, sheet: StatementSheet) -> None:
    """What the terms allow for late payment: apart from the balance, each charge a line of its own."""
    if not sheet.late_rows:
        return
    words, total = sheet.words, sum((one.amount for one in sheet.late_rows), Decimal(0))
    lines = [(one.label, one.note, one.amount, False) for one in sheet.late_rows]
    lines.append((words["late.total"], "", total, True))
    if not paper.room(40 + 13 * min(len(lines), 12)):
        paper.new_page(_FURTHER_TOP)
    top = paper.y + 16
    paper.text(MARGIN, top, words["late.title"], size=9.5, strong=True)
    note = words.say("late.note", rate=sheet.late_rate)
    paper.y = paper.block(MARGIN, top + 12, note, width=INNER, size=7.2, color=MUTED) - 8
    for label, detail, amount, strong in lines:
        if not paper.room(14):
            paper.new_page(_FURTHER_TOP)
        paper.y += 13
        paper.text(MARGIN, paper.y, label, size=8, strong=strong)
        paper.text(MARGIN + INNER * 0.28, paper.y, detail, size=8, color=MUTED)
        paper.text(WIDTH - MARGIN - 4, paper.y, grouped(amount, sheet.currency), size=8.2, align="right", strong=strong)
    paper.rule(MARGIN, WIDTH - MARGIN, paper.y + 5)
    paper.y += 7


def _others(paper: Paper, sheet: StatementSheet) -> None:
    """Their accounts in other currencies, each a line of its own: nothing is added up."""
    if not sheet.others:
        return
    words = sheet.words
    if not paper.room(40 + 13 * len(sheet.others)):
        paper.new_page(_FURTHER_TOP)
    top = paper.y + 16
    paper.text(MARGIN, top, words["others.title"], size=9.5, strong=True)
    paper.block(MARGIN, top + 12, words["others.note"], width=INNER, size=7.2, color=MUTED)
    y = top + 27
    for one in sheet.others:
        balance, overdue = grouped(one.closing, one.currency), grouped(one.overdue, one.currency)
        paper.text(MARGIN, y, one.currency, size=8.4, strong=True)
        paper.text(MARGIN + 34, y, one.label, size=8, color=MUTED)
        paper.text(MARGIN + INNER * 0.72, y, f"{words['others.overdue']} {overdue}", size=8, color=MUTED, align="right")
        paper.text(WIDTH - MARGIN - 4, y, balance, size=8.4, align="right", strong=True)
        y += 13
    paper.rule(MARGIN, WIDTH - MARGIN, y - 8)
    paper.y = y - 6


def _notes(paper: Paper, sheet: StatementSheet) -> None:
    """How to pay and what to do if something differs, side by side."""
    words, statement = sheet.words, sheet.statement
    pays = statement.side is Side.RECEIVABLE and statement.closing > 0
    if not paper.room(128 if pays else 60):
        paper.new_page(_FURTHER_TOP)
    top = paper.y + 16
    width = (INNER - 24) / 2
    end = top
    if pays:
        paper.text(MARGIN, top, words["pay.title"], size=9.5, strong=True)
        y = top + 14
        for line in sheet.bank.lines if sheet.bank is not None else (words["pay.missing"],):
            y = paper.block(MARGIN, y, line, width=width, size=8.2, leading=1.45)
        y = paper.block(
            MARGIN, y + 2, words.say("pay.reference", label=statement.label), width=width, size=7.6, color=MUTED
        )
        end = y
    x = MARGIN + width + 24 if pays else MARGIN
    paper.text(x, top, words["dispute.title"], size=9.5, strong=True)
    if statement.reply_by is not None:
        text = words.say("dispute.text", date=words.date(statement.reply_by))
    else:
        text = words["dispute.text_undated"]
    y = paper.block(x, top + 14, text, width=width if pays else INNER, size=7.9, leading=1.5)
    if sheet.neutral:
        y = paper.block(x, y + 2, words["neutral.text"], width=width if pays else INNER, size=7.9, leading=1.5)
    end = max(end, y)
    if pays:
        paper.box(MARGIN, end, INNER, 22, edge=LATE, radius=3)
        size = min(8.0, 8.0 * (INNER - 16) / paper.typeface.width(words["pay.fraud"], 8.0))
        paper.text(MARGIN + 8, end + 14, words["pay.fraud"], size=size, color=LATE)
        end += 26
    paper.y = end


def _foot(paper: Paper, sheet: StatementSheet, page: int, pages: int) -> None:
    words, statement = sheet.words, sheet.statement
    if page > 1:
        paper.box(0, 0, WIDTH, 5, fill=ACCENT, radius=0)
        paper.text(MARGIN, 36, sheet.company.name, size=9, strong=True)
        right = f"{sheet.title} {statement.label} · {statement.party.name}"
        paper.text(WIDTH - MARGIN, 36, right, size=7.6, color=MUTED, align="right")
        paper.rule(MARGIN, WIDTH - MARGIN, 46)
    y = HEIGHT - 26
    paper.rule(MARGIN, WIDTH - MARGIN, y - 12, color=LINE)
    paper.text(MARGIN, y, f"{statement.label} · {sheet.route.mark}", size=7, color=MUTED)
    of = words.say("label.page", page=str(page), pages=str(pages))
    paper.text(WIDTH - MARGIN, y, of, size=7, color=MUTED, align="right")
