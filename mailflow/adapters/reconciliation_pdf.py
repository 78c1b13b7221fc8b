"""The reconciliation as a PDF that is printed, signed and filed: A4 landscape, one font for Chinese and Latin text.

Every text is escaped before it becomes a paragraph (reportlab reads mark-up in it), and a character that the font
lacks is printed by its code instead of vanishing without a word. Equal input gives equal bytes.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import partial
from html import escape
from pathlib import Path
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import CondPageBreak, KeepTogether, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from mailflow.reconciliation.explanation import CHINESE, ENGLISH, of_match
from mailflow.reconciliation.layout import Layout, Row, Side, match_source

FONT = "wqy-microhei"
_FILE = Path(__file__).resolve().parent / "fonts" / "wqy-microhei.ttc"
MOST_ROWS = 2_000  # items and matches printed; the workbook has all
INK, MUTED, LINE, PANEL, WARN, GOOD = (
    HexColor(one) for one in ("#16233b", "#5d687a", "#d5dce7", "#f3f6fb", "#a84a06", "#1c7a43")
)
_WIDTH = landscape(A4)[0] - 32 * mm
_ROOM = CondPageBreak(40 * mm)  # a heading stands with the first rows of its table, or on the next page


def pdf(page: Layout) -> bytes:
    """The file's bytes."""
    pen = _Pen(page)
    buffer = io.BytesIO()
    document = SimpleDocTemplate(
        buffer,
        pagesize=landscape(A4),
        leftMargin=16 * mm,
        rightMargin=16 * mm,
        topMargin=14 * mm,
        bottomMargin=16 * mm,
        title=page.title,
        author="mailflow",
        invariant=1,
    )
    foot = partial(_foot, name=pen.shown(f"{page.title} · {page.answer.party_name or page.answer.party}"))
    document.build(_story(page, pen), onFirstPage=foot, onLaterPages=foot)
    return buffer.getvalue()


class _Pen:
    """Paragraphs in the document's styles."""

    def __init__(self, page: Layout) -> None:
        if FONT not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(FONT, str(_FILE), subfontIndex=0))
        self._glyphs: dict[int, int] = pdfmetrics.getFont(FONT).face.charToGlyph
        wrap = "CJK" if page.words.language.startswith("zh") else None

        def style(name: str, size: float, color: Any = INK, **more: Any) -> ParagraphStyle:
            return ParagraphStyle(
                name, fontName=FONT, fontSize=size, leading=size * 1.4, textColor=color, wordWrap=wrap, **more
            )

        self.title = style("title", 17, spaceAfter=2)
        self.heading = style("heading", 11.5, spaceBefore=12, spaceAfter=4)
        self.text = style("text", 8)
        self.muted = style("muted", 8, MUTED)
        self.warn = style("warn", 8, WARN)
        self.good = style("good", 8, GOOD)
        self.money = style("money", 8, alignment=TA_RIGHT)
        self.big = style("big", 9.5)
        self.big_money = style("big_money", 9.5, alignment=TA_RIGHT)
        self.head = style("head", 7.5, MUTED)
        self.head_right = style("head_right", 7.5, MUTED, alignment=TA_RIGHT)

    def shown(self, text: str) -> str:
        """``text`` with every character that the font lacks named by its code."""
        return "".join(c if ord(c) in self._glyphs or c in "\n\t" else f"[U+{ord(c):04X}]" for c in text)

    def __call__(self, text: str, style: ParagraphStyle) -> Paragraph:
        return Paragraph(escape(self.shown(text)), style)


def _story(page: Layout, pen: _Pen) -> list[Any]:
    say, answer = page.words, page.answer
    story: list[Any] = [pen(page.title, pen.title), _facts(page, pen)]
    story += [pen(say.bridge_title, pen.heading), _bridge(page, pen)]
    left = page.theirs.adjusted - page.ours.adjusted
    gap = 8 * mm
    half = (_WIDTH - gap) / 2
    both = Table(
        [[_side(page, pen, page.ours, half), "", _side(page, pen, page.theirs, half)]],
        colWidths=[half, gap, half],
        style=TableStyle([*_TIGHT, ("LEFTPADDING", (0, 0), (-1, -1), 0), ("RIGHTPADDING", (0, 0), (-1, -1), 0)]),
    )
    verdict = pen(f"{say.difference}: {page.money(left)}", pen.good if left == 0 else pen.warn)
    story.append(KeepTogether([pen(say.two_sided_title, pen.heading), both, verdict]))
    if page.rows:
        story += [_ROOM, pen(say.items_title, pen.heading), _items(page, pen), *_more(page, pen, len(page.rows))]
    if answer.matches:
        story += [
            _ROOM,
            pen(say.matches_title, pen.heading),
            _matches(page, pen),
            *_more(page, pen, len(answer.matches)),
        ]
    story += [KeepTogether([pen(say.checks_title, pen.heading), _checks(page, pen)]), Spacer(0, 4 * mm)]
    story += [pen(sentence, pen.muted) for sentence in say.not_voucher]
    signs = Table(
        [[pen(f"{role}: ____________________", pen.muted) for role in say.signatures]], colWidths=[_WIDTH / 3] * 3
    )
    return [*story, Spacer(0, 10 * mm), signs]


def _facts(page: Layout, pen: _Pen) -> Table:
    automatic = page.answer.matches.automatic
    counted = page.words.counted.format(
        automatic=automatic, suggested=len(page.answer.matches) - automatic, items=len(page.answer.items)
    )
    rows = [[pen(label, pen.muted), pen(value, pen.text)] for label, value in page.facts]
    rows.append([pen("", pen.muted), pen(counted, pen.muted)])
    return Table(rows, colWidths=[34 * mm, _WIDTH - 34 * mm], style=TableStyle(_TIGHT))


_TIGHT: list[tuple[Any, ...]] = [
    ("TOPPADDING", (0, 0), (-1, -1), 1.2),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 1.2),
    ("LEFTPADDING", (0, 0), (-1, -1), 2),
    ("RIGHTPADDING", (0, 0), (-1, -1), 2),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
]


def _bridge(page: Layout, pen: _Pen) -> Table:
    say, answer = page.words, page.answer
    lines = [(say.our_balance[answer.side], answer.our_balance_units, True)]
    lines += [(group.label, group.total, False) for group in page.bridge]
    lines += [(say.unexplained, answer.unexplained_units, False)]
    lines += [(say.their_balance[answer.side], answer.their_balance_units, True)]
    return _sums(page, pen, lines, _WIDTH * 0.62)


def _side(page: Layout, pen: _Pen, side: Side, width: float) -> Table:
    lines = [(side.title, side.balance, True)]
    lines += [(group.label, group.total, False) for group in side.groups]
    lines += [(page.words.adjusted, side.adjusted, True)]
    return _sums(page, pen, lines, width)


def _sums(page: Layout, pen: _Pen, lines: list[tuple[str, int, bool]], width: float) -> Table:
    rows = [
        [pen(t, pen.big if s else pen.text), pen(page.money(u), pen.big_money if s else pen.money)] for t, u, s in lines
    ]
    table = Table(rows, colWidths=[width - 36 * mm, 36 * mm], hAlign="LEFT")
    style = list(_TIGHT)
    for number, (_, _, strong) in enumerate(lines):
        if strong:
            style += [
                ("LINEABOVE", (0, number), (-1, number), 0.8, INK),
                ("LINEBELOW", (0, number), (-1, number), 0.8, INK),
                ("BACKGROUND", (0, number), (-1, number), PANEL),
            ]
        else:
            style.append(("LINEBELOW", (0, number), (-1, number), 0.3, LINE))
    table.setStyle(TableStyle(style))
    return table


def _grid(
    pen: _Pen, titles: Sequence[tuple[str, float, bool]], rows: list[list[Any]], last_is_total: bool = False
) -> Table:
    head = [pen(title, pen.head_right if right else pen.head) for title, _, right in titles]
    share = _WIDTH / sum(width for _, width, _ in titles)
    table = Table([head, *rows], colWidths=[width * share for _, width, _ in titles], repeatRows=1)
    style = [*_TIGHT, ("BACKGROUND", (0, 0), (-1, 0), PANEL), ("LINEBELOW", (0, 0), (-1, -1), 0.3, LINE)]
    style.append(("LEFTPADDING", (0, 0), (-1, -1), 6))  # an amount does not touch the words beside it
    if last_is_total:
        style.append(("LINEABOVE", (0, -1), (-1, -1), 0.8, INK))
    table.setStyle(TableStyle(style))
    return table


def _items(page: Layout, pen: _Pen) -> Table:
    say, names = page.words, page.words.columns
    titles = [
        (names["no"], 9, False), (names["kind"], 30, False), (names["date"], 20, False),
        (names["reference"], 32, False), (names["amount"], 26, True), (names["text"], 78, False),
        (names["age"], 13, False), (names["source"], 36, False),
        (names["action"], 46, False),
    ][: None if page.internal else -1]  # fmt: skip
    rows = [_item(page, pen, row) for row in page.rows[:MOST_ROWS]]
    total = [pen("", pen.text) for _ in titles]
    total[1] = pen(say.total, pen.text)
    total[4] = pen(page.money(page.answer.adjustments_units), pen.money)
    return _grid(pen, titles, [*rows, total], last_is_total=True)


def _item(page: Layout, pen: _Pen, row: Row) -> list[Any]:
    say = page.words
    kind = say.kinds[row.item.kind] + (f" ({say.under_query})" if row.under_query else "")
    age = "" if row.age is None else say.days.format(days=row.age)
    return [
        pen(str(row.no), pen.text), pen(kind, pen.warn if row.under_query else pen.text), pen(row.date, pen.text),
        pen(row.reference, pen.text), pen(page.money(row.units), pen.money), pen(row.text, pen.text),
        pen(age, pen.text), pen(row.source, pen.muted), *([pen(row.action, pen.text)] if page.internal else []),
    ]  # fmt: skip


def _matches(page: Layout, pen: _Pen) -> Table:
    say, names = page.words, page.words.columns
    language = CHINESE if say.language.startswith("zh") else ENGLISH
    titles = [
        (names["ours"], 34, False), (names["theirs"], 34, False), (names["amount_ours"], 25, True),
        (names["amount_theirs"], 25, True), (names["difference"], 20, True), (names["state"], 20, False),
        (names["explanation"], 92, False), (names["source"], 36, False),
    ]  # fmt: skip
    rows = []
    for match in page.answer.matches.waiting_first(MOST_ROWS):
        difference = page.money(match.difference_units) if match.difference_units else ""
        rows.append([
            pen(", ".join(e.refs[0] if e.refs else e.tag for e in match.ours[:8]), pen.text),
            pen(", ".join(e.refs[0] if e.refs else f"#{e.tag}" for e in match.theirs[:8]), pen.text),
            pen(page.money(match.our_units), pen.money), pen(page.money(match.their_units), pen.money),
            pen(difference, pen.money),
            pen(say.accepted if match.automatic else say.suggested, pen.good if match.automatic else pen.warn),
            pen(of_match(match, language), pen.text), pen(match_source(match, say), pen.muted),
        ])  # fmt: skip
    return _grid(pen, titles, rows)


def _checks(page: Layout, pen: _Pen) -> Table:
    say, names = page.words, page.words.columns
    titles = [(names["check"], 60, False), (names["result"], 34, False), (names["detail"], 150, False)]
    rows = [
        [
            pen(say.checks[check.name], pen.text),
            pen(
                say.passed[check.passed], pen.warn if check.passed is False else pen.good if check.passed else pen.muted
            ),
            pen(say.detail(check.detail), pen.text),
        ]
        for check in page.answer.checks
    ]
    return _grid(pen, titles, rows)


def _more(page: Layout, pen: _Pen, count: int) -> list[Paragraph]:
    return [pen(page.words.more.format(count=count - MOST_ROWS), pen.muted)] if count > MOST_ROWS else []


def _foot(canvas: Any, document: Any, *, name: str) -> None:
    canvas.saveState()
    canvas.setFont(FONT, 7)
    canvas.setFillColor(MUTED)
    canvas.drawString(16 * mm, 9 * mm, name)
    canvas.drawRightString(landscape(A4)[0] - 16 * mm, 9 * mm, str(document.page))
    canvas.restoreState()
