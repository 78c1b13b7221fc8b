"""Grids on paper: reportlab with absolute places, and HTML through a browser where one is installed."""

from __future__ import annotations

import html
import io
import random
import shutil
import subprocess
import tempfile
from decimal import Decimal
from pathlib import Path

import corpus_words as words
from corpus_books import RIGHT, Grid, say
from reportlab.lib.pagesizes import A4, LETTER, landscape
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas


def font_for(rng: random.Random, lang: str) -> str:
    if lang in ("zh", "tw"):
        name = "STSong-Light" if lang == "zh" else "MSung-Light"
        pdfmetrics.registerFont(UnicodeCIDFont(name))
        return name
    return rng.choice(["Helvetica", "Helvetica", "Times-Roman", "Courier"])


def draw(rng: random.Random, grid: Grid) -> bytes:
    """One PDF: where everything stands is drawn by lot."""
    font, bold = font_for(rng, grid.lang), None
    bold = {"Helvetica": "Helvetica-Bold", "Times-Roman": "Times-Bold", "Courier": "Courier-Bold"}.get(font, font)
    size = rng.choice([7.5, 8, 8.5, 9]) if font != "Courier" else 6.5
    page = rng.choice([A4, A4, LETTER, landscape(A4)])
    if len(grid.columns) > 8:
        page, size = landscape(A4), min(size, 7.5)
    out = io.BytesIO()
    pdf = Canvas(out, pagesize=page, invariant=1)
    width, height = page
    margin = rng.choice([30, 40, 50])
    usable = width - 2 * margin
    roles = [k for k, _ in grid.columns]
    need = []
    for n, (k, head) in enumerate(grid.columns):
        cells = [r[n] for kind, r in grid.rows if kind == "data"] + [head]
        longest = max(pdf.stringWidth(c, font, size) for c in cells)
        if k == "desc":
            longest = min(longest, 0.26 * usable)
        need.append(max(longest, pdf.stringWidth(head, bold, size)))
    gap = (usable - sum(need)) / max(1, len(need))
    if gap < 5:
        size *= max(0.6, (usable - 6 * len(need)) / sum(need))
        need = [w * max(0.6, (usable - 6 * len(need)) / sum(need)) for w in need]
        gap = max(5, (usable - sum(need)) / len(need))
    gap = min(gap, rng.choice([8, 14, 30, 200]))
    edges = []
    x = margin
    for w in need:
        edges.append((x, x + w))
        x += w + gap
    align = {k: "right" if k in RIGHT else "left" for k in roles}
    if rng.random() < 0.12:
        align |= {k: "centre" for k in roles if k in ("date", "ref", "due", "type", "number")}
    head_align = dict(align)
    if rng.random() < 0.25:
        head_align = {k: "left" for k in roles}
    elif rng.random() < 0.2:
        head_align = {k: "centre" for k in roles}
    ruled = rng.choice(["none", "none", "lines", "grid"])
    pitch = size * rng.choice([1.5, 1.8, 2.2])
    where = rng.choice(["top", "middle"])
    twice = rng.random() < 0.08
    once_header = rng.random() < 0.15
    carry = rng.random() < 0.4 and "balance" in roles and not grid.rows[-1][0] == "x"
    page_total = rng.random() < 0.2 and "debit" in roles
    watermark = rng.random() < 0.1
    numbered = rng.random() < 0.7
    y = height - margin

    def text(s: str, x: float, y: float, name: str, points: float, how: str = "left") -> None:
        draw_at = {"left": pdf.drawString, "right": pdf.drawRightString, "centre": pdf.drawCentredString}[how]
        pdf.setFont(name, points)
        draw_at(x, y, s)
        if twice and name == bold:
            draw_at(x + 0.3, y, s)

    def place(s: str, n: int, y: float, name: str, how: str) -> None:
        x0, x1 = edges[n]
        text(s, {"left": x0, "right": x1, "centre": (x0 + x1) / 2}[how], y, name, size, how)

    def header(y: float) -> float:
        two = stacked and max(len(h.split()) for _, h in grid.columns) > 1
        for n, (k, h) in enumerate(grid.columns):
            parts = h.split()
            if two and len(parts) == 2:
                place(parts[0], n, y, bold, head_align[k])
                place(parts[1], n, y - size * 1.15, bold, head_align[k])
            else:
                place(h, n, y - (size * 1.15 if two else 0), bold, head_align[k])
        y -= size * 1.15 if two else 0
        if ruled != "none":
            pdf.line(margin, y - 0.35 * size, edges[-1][1], y - 0.35 * size)
        return y - pitch

    stacked = rng.random() < 0.12
    y = _top(rng, pdf, grid, text, font, bold, size, margin, width, y)
    pages_needed = 1
    number = 1
    y = header(y)
    bottom = margin + 30
    index = 0
    sums = [Decimal(0), Decimal(0)]
    for i, (kind, cells) in enumerate(grid.rows):
        wrapped: list[list[str]] = []
        for n, cell in enumerate(cells):
            wrapped.append(
                _wrap(pdf, cell, font, size, need[n] + 2) if roles[n] == "desc" and kind == "data" else [cell]
            )
        tall = max(len(w) for w in wrapped)
        if y - (tall - 1) * size * 1.15 < bottom + (2 * pitch if carry or page_total else 0):
            if carry and kind == "data" and index:
                _mark_row(
                    grid,
                    place,
                    roles,
                    say(rng, words.MARKS, "carried", grid.lang),
                    {"balance": grid.running[index - 1]},
                    y,
                    font,
                )
            _foot(pdf, text, font, size, margin, width, number, numbered, grid)
            pdf.showPage()
            number += 1
            pages_needed += 1
            y = height - margin
            if not once_header:
                text(grid.title, margin, y, font, size)
                y = header(y - 2 * size)
            if carry and kind == "data" and index:
                _mark_row(
                    grid,
                    place,
                    roles,
                    say(rng, words.MARKS, "brought", grid.lang),
                    {"balance": grid.running[index - 1]},
                    y,
                    font,
                )
                y -= pitch
        lines_down = (tall - 1) * size * 1.15
        for n, part in enumerate(wrapped):
            drop = 0.0 if where == "top" or len(part) == tall else lines_down / 2
            for line, piece in enumerate(part):
                if piece:
                    place(piece, n, y - drop - line * size * 1.15, bold if kind != "data" else font, align[roles[n]])
        if ruled == "grid":
            pdf.line(margin, y - lines_down - 0.4 * pitch, edges[-1][1], y - lines_down - 0.4 * pitch)
        if kind == "data":
            index += 1
        y -= pitch + lines_down
    y -= pitch
    if y < bottom + 5 * pitch:
        _foot(pdf, text, font, size, margin, width, number, numbered, grid)
        pdf.showPage()
        number += 1
        y = height - margin
    for label, value in grid.loose:
        if rng.random() < 0.5:
            text(f"{label}: {value}", edges[-1][1], y, bold, size + 1, "right")
        else:
            text(label, edges[max(0, len(edges) - 3)][0], y, bold, size)
            text(value, edges[-1][1], y, bold, size, "right")
        y -= 1.6 * pitch
    if grid.ageing:
        y -= pitch
        step = usable / len(grid.ageing[0])
        for n, (h, v) in enumerate(zip(*grid.ageing, strict=True)):
            text(h, margin + step * (n + 0.8), y, bold, size, "right")
            text(v, margin + step * (n + 0.8), y - pitch, font, size, "right")
        y -= 3 * pitch
    for line in grid.foot:
        text(line, margin, y, font, size)
        y -= 1.3 * size
    if watermark:
        pdf.saveState()
        pdf.translate(width / 2, height / 2)
        pdf.rotate(45)
        pdf.setFont(font, 60)
        pdf.setFillGray(0.85)
        pdf.drawCentredString(0, 0, "COPY" if grid.lang not in ("zh", "tw") else "副本")
        pdf.restoreState()
    _foot(pdf, text, font, size, margin, width, number, numbered, grid)
    pdf.save()
    return out.getvalue()


def _mark_row(grid, place, roles, label, values, y, font) -> None:  # noqa: ANN001
    at = roles.index("desc") if "desc" in roles else roles.index("ref")
    place(label, at, y, font, "left")
    for k, v in values.items():
        place(grid.money.money(v, zero=True), roles.index(k), y, font, "right")


def _foot(pdf, text, font, size, margin, width, number, numbered, grid) -> None:  # noqa: ANN001
    if numbered:
        word = {
            "zh": f"第 {number} 页",
            "tw": f"第 {number} 頁",
            "de": f"Seite {number}",
            "fr": f"Page {number}",
            "es": f"Página {number}",
        }.get(grid.lang, f"Page {number}")
        text(word, width / 2, margin - 14, font, 7, "centre")


def _wrap(pdf, cell: str, font: str, size: float, room: float) -> list[str]:  # noqa: ANN001
    if pdf.stringWidth(cell, font, size) <= room:
        return [cell]
    pieces = cell.split(" ") if " " in cell else list(cell)
    glue = " " if " " in cell else ""
    lines = [""]
    for piece in pieces:
        longer = f"{lines[-1]}{glue}{piece}" if lines[-1] else piece
        if pdf.stringWidth(longer, font, size) <= room or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(piece)
    return lines


def _top(rng, pdf, grid, text, font, bold, size, margin, width, y) -> float:  # noqa: ANN001
    colon = "：" if grid.lang in ("zh", "tw") and rng.random() < 0.7 else ":" if grid.lang != "fr" else " :"
    big = size + rng.choice([3, 5, 8])
    side = rng.choice(["left", "left", "centre", "right"])
    spot = {"left": margin, "centre": width / 2, "right": width - margin}[side]
    order = ["head", "title"] if rng.random() < 0.7 else ["title", "head"]
    for what in order:
        if what == "head" and grid.letterhead:
            text(grid.issuer, spot, y - big, bold, big if rng.random() < 0.8 else size, side)
            y -= 1.5 * big
            if rng.random() < 0.6:
                street = {
                    "zh": "地址：工业园区兴业路88号  电话：0512-66668888",
                    "tw": "台中市工業區一路12號",
                    "de": "Industriestraße 12, 70565 Stuttgart",
                    "fr": "12 rue de la Gare, 69003 Lyon",
                    "es": "Calle Mayor 12, 28013 Madrid",
                }.get(grid.lang, "12 Mill Road, Leeds LS1 4AB  Tel 0113 496 0000")
                text(street, spot, y, font, size, side)
                y -= 1.4 * size
        elif what == "title":
            text(
                grid.title,
                width / 2 if rng.random() < 0.4 else spot,
                y - big,
                bold,
                big + 1,
                "centre" if rng.random() < 0.0 else side if spot else "left",
            ) if True else None
            y -= 2 * big
    if grid.addressee:
        text(grid.recipient, margin, y, font, size + 0.5)
        y -= 1.4 * size
        for line in {"zh": [], "tw": []}.get(
            grid.lang, ["Accounts Payable", "PO Box 77"] if grid.lang == "en" else ["12345 Ort"]
        ):
            text(line, margin, y, font, size)
            y -= 1.3 * size
    y -= size
    style = rng.choice(["lines", "pairs", "inline", "right", "over"])
    if style == "over":
        step = (width - 2 * margin) / max(1, len(grid.meta))
        if (
            max(
                [pdf.stringWidth(v, font, size) for _, v in grid.meta]
                + [pdf.stringWidth(label, bold, size) for label, _ in grid.meta]
            )
            > step - 4
        ):
            style = "lines"
    for n, (label, value) in enumerate(grid.meta):
        if style == "over":
            text(label, margin + n * step, y, bold, size)
            text(value, margin + n * step, y - 1.4 * size, font, size)
            if n == len(grid.meta) - 1:
                y -= 2.8 * size
        elif style == "pairs":
            text(label + (colon if rng.random() < 0.7 else ""), margin, y, font, size)
            text(value, margin + 110, y, font, size)
            y -= 1.5 * size
        elif style == "inline":
            text(
                f"{label}{colon} {value}" if colon != "：" else f"{label}{colon}{value}",
                margin + (n % 2) * 260,
                y,
                font,
                size,
            )
            if n % 2 or n == len(grid.meta) - 1:
                y -= 1.5 * size
        elif style == "right" and value not in (grid.recipient, grid.issuer):
            text(label + colon, width - margin - 150, y, font, size)
            text(value, width - margin, y, font, size, "right")
            y -= 1.5 * size
        else:
            text(f"{label}{colon} {value}", margin, y, font, size)
            y -= 1.5 * size
    return y - 1.5 * size


def page_html(rng: random.Random, grid: Grid) -> str:
    """The same as a web page (also what mail bodies carry)."""
    esc = html.escape
    right = rng.random() < 0.8
    css = rng.choice(["", "border-collapse:collapse", "border-collapse:collapse;width:100%"])
    border = rng.choice(["0", "1"])
    head = "".join(f"<th align={'right' if k in RIGHT and right else 'left'}>{esc(h)}</th>" for k, h in grid.columns)
    body = "".join(
        "<tr>"
        + "".join(
            f"<td align={'right' if grid.columns[n][0] in RIGHT and right else 'left'}>{esc(c)}</td>"
            for n, c in enumerate(cells)
        )
        + "</tr>"
        for _, cells in grid.rows
    )
    as_table = rng.random() < 0.5
    meta = "".join(f"<tr><td>{esc(label)}</td><td>{esc(v)}</td></tr>" for label, v in grid.meta)
    meta = f"<table>{meta}</table>" if as_table else "".join(f"<p>{esc(label)}: {esc(v)}</p>" for label, v in grid.meta)
    loose = "".join(f"<p><b>{esc(label)}: {esc(v)}</b></p>" for label, v in grid.loose)
    ageing = ""
    if grid.ageing:
        ageing = (
            f"<table border={border}><tr>"
            + "".join(f"<th>{esc(h)}</th>" for h in grid.ageing[0])
            + "</tr><tr>"
            + "".join(f"<td align=right>{esc(v)}</td>" for v in grid.ageing[1])
            + "</tr></table>"
        )
    letter = f"<h2>{esc(grid.issuer)}</h2>" if grid.letterhead else ""
    address = f"<p>{esc(grid.recipient)}</p>" if grid.addressee else ""
    family = rng.choice(["sans-serif", "serif", "Liberation Sans", "DejaVu Sans"])
    return (
        f"<html><head><meta charset=utf-8><style>body{{font-family:{family};font-size:{rng.choice([9, 10, 11])}px}}td,th{{padding:{rng.choice(['1px 4px', '3px 8px', '4px'])}}}</style></head><body>"
        f"{letter}<h1>{esc(grid.title)}</h1>{address}{meta}<table border={border} style='{css}'><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{loose}{ageing}</body></html>"
    )


def print_page(pages: list[str]) -> list[bytes]:
    """HTML pages through chromium; an empty list where none is installed."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if not browser:
        return []
    result = []
    with tempfile.TemporaryDirectory() as folder:
        for n, page in enumerate(pages):
            source, target = Path(folder) / f"{n}.html", Path(folder) / f"{n}.pdf"
            source.write_text(page, encoding="utf-8")
            subprocess.run(
                [
                    browser,
                    "--headless",
                    "--no-sandbox",
                    "--disable-gpu",
                    "--no-pdf-header-footer",
                    f"--print-to-pdf={target}",
                    source.as_uri(),
                ],
                capture_output=True,
                timeout=120,
                check=False,
            )
            result.append(target.read_bytes() if target.exists() else b"")
    return result
