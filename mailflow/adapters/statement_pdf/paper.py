"""Sheets of A4 that are drawn when the number of pages is known. Measures are points from the top left corner."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass

import segno
from reportlab import rl_config
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from mailflow.adapters.statement_pdf.archival import make_archival
from mailflow.adapters.statement_pdf.typeface import Run, Typeface

rl_config.useA85 = 0  # streams as bytes: mail encodes them anyway, and base 85 in Python takes a sixth of the time

WIDTH, HEIGHT = A4
MARGIN = 42.0
INNER = WIDTH - 2 * MARGIN
BOTTOM = HEIGHT - 47.0  # nothing but the foot stands below

INK, MUTED, ACCENT, LINE, PANEL, LATE = (
    HexColor(one) for one in ("#16233b", "#5d687a", "#1d5bb8", "#d5dce7", "#f3f6fb", "#a84a06")
)

_Stroke = Callable[[Canvas], None]


@dataclass(frozen=True, slots=True)
class _Words:
    x: float
    y: float  # from the lower edge
    size: float
    color: HexColor
    strong: bool
    runs: list[Run]


class Paper:
    """Where drawing goes: to the page that is open now; ``y`` is how far down it is filled."""

    def __init__(self, typeface: Typeface) -> None:
        self.typeface = typeface
        self._pages: list[list[_Stroke]] = [[]]  # lines and boxes; the words stand on top of them
        self._words: list[list[_Words]] = [[]]
        self.y = 0.0

    @property
    def page(self) -> int:
        return len(self._pages)

    def new_page(self, top: float) -> None:
        self._pages.append([])
        self._words.append([])
        self.y = top

    def room(self, height: float) -> bool:
        """Whether ``height`` more fits above the foot."""
        return bool(self.y + height <= BOTTOM)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = 8.5,
        color: HexColor = INK,
        align: str = "left",
        strong: bool = False,
    ) -> None:
        """One line with its base line at ``y``. The typeface has no bold: ``strong`` thickens the outline a little."""
        runs = self.typeface.runs(text)
        if not runs:
            return
        if align != "left":
            width = self.typeface.width(text, size)
            x -= width if align == "right" else width / 2
        self._words[-1].append(_Words(x, HEIGHT - y, size, color, strong, runs))

    def block(
        self,
        x: float,
        y: float,
        text: str,
        *,
        width: float,
        size: float = 8.5,
        leading: float = 1.5,
        color: HexColor = INK,
        strong: bool = False,
    ) -> float:
        """Wrapped text whose first base line is ``y``; gives the base line after the last."""
        for line in self.typeface.wrapped(text, size, width):
            self.text(x, y, line, size=size, color=color, strong=strong)
            y += size * leading
        return y

    def rule(self, x0: float, x1: float, y: float, *, color: HexColor = LINE, width: float = 0.6) -> None:
        def stroke(canvas: Canvas) -> None:
            canvas.setStrokeColor(color)
            canvas.setLineWidth(width)
            canvas.line(x0, HEIGHT - y, x1, HEIGHT - y)

        self._pages[-1].append(stroke)

    def cut_line(self, y: float) -> None:
        def stroke(canvas: Canvas) -> None:
            canvas.setStrokeColor(MUTED)
            canvas.setLineWidth(0.5)
            canvas.setDash(3, 3)
            canvas.line(MARGIN, HEIGHT - y, WIDTH - MARGIN, HEIGHT - y)
            canvas.setDash()

        self._pages[-1].append(stroke)

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        fill: HexColor | None = None,
        edge: HexColor | None = None,
        radius: float = 4.0,
    ) -> None:
        """``y`` is the upper edge."""

        def stroke(canvas: Canvas) -> None:
            if fill is not None:
                canvas.setFillColor(fill)
            if edge is not None:
                canvas.setStrokeColor(edge)
                canvas.setLineWidth(0.6)
            canvas.roundRect(
                x, HEIGHT - y - height, width, height, radius, stroke=int(edge is not None), fill=int(fill is not None)
            )

        self._pages[-1].append(stroke)

    def code(self, x: float, y: float, side: float, content: str) -> None:
        """A QR code, level M, with its quiet zone inside ``side``."""
        matrix = [bytes(row) for row in segno.make_qr(content, error="m", boost_error=False).matrix]
        module = side / (len(matrix) + 8)  # 4 modules of quiet zone on each side (ISO/IEC 18004)

        runs = [
            (start, len(matrix) - 1 - number, end - start)
            for number, row in enumerate(matrix)
            for start, end in _dark(row)
        ]

        def stroke(canvas: Canvas) -> None:
            canvas.saveState()
            canvas.translate(x, HEIGHT - y - side)
            canvas.scale(module, module)
            canvas.setFillColor(INK)
            path = canvas.beginPath()
            for start, low, length in runs:
                path.rect(start + 4, low + 4, length, 1)
            canvas.drawPath(path, stroke=0, fill=1)
            canvas.restoreState()

        self._pages[-1].append(stroke)

    def finish(self, foot: Callable[[Paper, int, int], None], *, title: str, author: str, language: str) -> bytes:
        """Draws every page with its foot (page, pages). Equal drawings give equal bytes."""
        strokes, words = self._pages, self._words
        out = io.BytesIO()
        canvas = Canvas(
            out, pagesize=A4, invariant=1, pageCompression=1, lang=language, initialFontName=self.typeface.names[0]
        )
        canvas.setTitle(title)
        canvas.setAuthor(author)
        canvas.setCreator("mailflow")
        canvas.setSubject(title)
        for number in range(len(strokes)):
            self._pages, self._words = [[]], [[]]
            foot(self, number + 1, len(strokes))
            for stroke in (*strokes[number], *self._pages[0]):
                stroke(canvas)
            _write(canvas, [*words[number], *self._words[0]])
            canvas.showPage()
        make_archival(canvas, title=title, author=author, language=language)
        canvas.save()
        return out.getvalue()


def _dark(row: bytes) -> list[tuple[int, int]]:
    """Runs of dark modules in a row of a code: first, one after the last."""
    runs: list[tuple[int, int]] = []
    start = 0
    while (start := row.find(1, start)) >= 0:
        end = row.find(0, start)
        end = len(row) if end < 0 else end
        runs.append((start, end))
        start = end
    return runs


def _write(canvas: Canvas, words: list[_Words]) -> None:
    """All words of a page in one text object; colour and weight are named only when they change."""
    line = canvas.beginText()
    color: HexColor | None = None
    outline: HexColor | None = None
    weight = 0.0
    font: tuple[str, float] | None = None
    for one in words:
        thick = one.size * (0.034 if one.size > 10 else 0.024) if one.strong else 0.0
        if one.color is not color:
            line.setFillColor(one.color)
            color = one.color
        if thick != weight or (thick and one.color is not outline):
            line.setTextRenderMode(2 if thick else 0)
            if thick:
                line.setStrokeColor(one.color)
                line._code.append(f"{thick:.3f} w")  # the width of the outline; allowed inside a text object
            weight, outline = thick, one.color
        line.setTextOrigin(round(one.x, 2), round(one.y, 2))
        for run in one.runs:
            if (run.font, one.size) != font:
                line.setFont(run.font, one.size)
                font = (run.font, one.size)
            line.textOut(run.text)
    canvas.drawText(line)
