"""The confirmation slip (回执) at the end of the PDF: two boxes to sign or stamp, and a code that a scanner reads."""

from __future__ import annotations

from mailflow.adapters.statement_pdf.paper import INNER, LINE, MARGIN, MUTED, Paper
from mailflow.correspondence import slip_layout as layout
from mailflow.correspondence.statement_sheet import StatementSheet
from mailflow.money import grouped

HEIGHT = 147.0
_BOX = layout.BOX_HEIGHT


def draw_slip(paper: Paper, sheet: StatementSheet) -> None:
    words, statement = sheet.words, sheet.statement
    top = paper.y
    paper.cut_line(top)
    paper.text(MARGIN, top + 20, words["slip.title"], size=12, strong=True)
    facts = (
        f"{statement.label} · {words['label.as_of']} {statement.as_of.isoformat()}"
        f" · {statement.currency} {grouped(statement.closing, statement.currency)}"
    )
    paper.text(MARGIN, top + 34, facts, size=8.2)
    paper.text(
        MARGIN, top + 46, f"{statement.party.name} ({statement.party.id}) → {sheet.company.name}", size=7.6, color=MUTED
    )

    code_x = MARGIN + INNER - layout.CODE
    paper.code(code_x, top + layout.CODE_TOP, layout.CODE, sheet.route.scanned)
    paper.text(MARGIN + INNER, top + 74, sheet.route.mark, size=6.4, color=MUTED, align="right")

    width, boxes = layout.box_width(), top + layout.BOX_TOP
    _answer(paper, sheet, MARGIN + layout.box_left(False), boxes, width, words["slip.agree"], differs=False)
    _answer(paper, sheet, MARGIN + layout.box_left(True), boxes, width, words["slip.differ"], differs=True)
    end = boxes + _BOX
    how = words.say("slip.how", address=sheet.route.reply_to)
    paper.block(MARGIN, end + 10, how, width=INNER, size=7.2, color=MUTED, leading=1.4)
    paper.y = top + HEIGHT


def _answer(
    paper: Paper, sheet: StatementSheet, x: float, y: float, width: float, sentence: str, *, differs: bool
) -> None:
    words = sheet.words
    paper.box(x, y, width, _BOX, edge=LINE)
    left, baseline = layout.SENTENCE
    end = paper.block(x + left, y + baseline, f"□ {sentence}", width=width - 18, size=8.2, leading=1.35)
    if differs:
        if end < y + 32:
            end = paper.block(x + 9, end, words["slip.list"], width=width - 18, size=7.2, color=MUTED, leading=1.3)
        paper.rule(x + 9, x + width - 9, max(end + 1, y + 35), color=LINE)
    foot = y + _BOX - 7
    paper.text(x + 9, foot, f"{words['slip.name']}{words['colon']}", size=7.2, color=MUTED)
    paper.text(x + width * 0.56, foot, f"{words['slip.date']}{words['colon']}", size=7.2, color=MUTED)
    paper.text(x + 9, foot - 12, words["slip.company"], size=7.2, color=MUTED)
