"""Sheets of A4 that are drawn when the number of pages is known. Measures are points from the top left corner."""

from __future__ import annotations

import io
from collections.abc import Callable

import segno
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from mailflow.adapters.statement_pdf.typeface import Typeface

WIDTH, HEIGHT = A4
MARGIN = 42.0
INNER = WIDTH - 2 * MARGIN
BOTTOM = HEIGHT - 47.0  # nothing but the foot stands below

INK, MUTED, ACCENT, LINE, PANEL, LATE, WHITE = (
    HexColor(one) for one in ("#16233b", "#5d687a", "#1d5bb8", "#d5dce7", "#f3f6fb", "#a84a06", "#ffffff")
)

_Stroke = Callable[[Canvas], None]


class Paper:
    """Where drawing goes: to the page that is open now; ``y`` is how far down it is filled."""

    def __init__(self, typeface: Typeface) -> None:
        self.typeface = typeface
        self._pages: list[list[_Stroke]] = [[]]
        self.y = 0.0

    @property
    def page(self) -> int:
        return len(self._pages)

    def new_page(self, top: float) -> None:
        self._pages.append([])
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
        if align != "left":
            width = self.typeface.width(text, size)
            x -= width if align == "right" else width / 2
        thickness = size * (0.034 if size > 10 else 0.024)

        def stroke(canvas: Canvas) -> None:
            at = x
            line = canvas.beginText()
            line.setTextOrigin(at, HEIGHT - y)
            line.setFillColor(color)
            if strong:
                canvas.setStrokeColor(color)
                canvas.setLineWidth(thickness)
                line.setTextRenderMode(2)
            for run in runs:
                line.setFont(run.font, size)
                line.textOut(run.text)
            if strong:
                line.setTextRenderMode(0)
            canvas.drawText(line)

        self._pages[-1].append(stroke)

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

        def stroke(canvas: Canvas) -> None:
            canvas.setFillColor(WHITE)
            canvas.rect(x, HEIGHT - y - side, side, side, stroke=0, fill=1)
            canvas.setFillColor(INK)
            for number, row in enumerate(matrix):
                start = 0
                while start < len(row):
                    if not row[start]:
                        start += 1
                        continue
                    end = start
                    while end < len(row) and row[end]:
                        end += 1
                    left = x + (start + 4) * module
                    low = HEIGHT - y - (number + 5) * module
                    canvas.rect(left, low, (end - start) * module, module, stroke=0, fill=1)
                    start = end

        self._pages[-1].append(stroke)

    def finish(self, foot: Callable[[Paper, int, int], None], *, title: str, author: str, language: str) -> bytes:
        """Draws every page with its foot (page, pages). Equal drawings give equal bytes."""
        pages = self._pages
        out = io.BytesIO()
        canvas = Canvas(
            out, pagesize=A4, invariant=1, pageCompression=1, lang=language, initialFontName=self.typeface.names[0]
        )
        canvas.setTitle(title)
        canvas.setAuthor(author)
        canvas.setCreator("mailflow")
        canvas.setSubject(title)
        for number, strokes in enumerate(pages, 1):
            self._pages = [[]]
            foot(self, number, len(pages))
            for stroke in (*strokes, *self._pages[0]):
                stroke(canvas)
            canvas.showPage()
        canvas.save()
        return out.getvalue()
