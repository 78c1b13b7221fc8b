"""Prints a `Paper` through one of several producers: Typst, HTML (browser, LibreOffice Writer), reportlab, workbooks."""

from __future__ import annotations

import html
import io
import random
import re
from typing import Any

import second_books as books

MONEY = {"debit", "credit", "amount", "balance", "original", "paid", "open", "gross", "discount", "net", "days"}
FONTS_CJK = "Noto Serif CJK SC"


def as_html(rng: random.Random, paper: books.Paper) -> str:
    """A page with the paper's blocks under one of many style sheets."""
    e = html.escape
    size = rng.choice([8, 9, 10, 11])
    font = rng.choice(
        [
            "DejaVu Sans, Noto Sans CJK SC",
            "Liberation Serif, Noto Serif CJK SC",
            "Liberation Sans, Noto Sans CJK SC",
            "DejaVu Serif, Noto Serif CJK SC",
        ]
    )
    line = rng.choice(["border:1px solid #888", "border-bottom:1px solid #ccc", "", "", "border-top:.5pt dotted #000"])
    shade = rng.choice(["", "tr:nth-child(even) td{background:#eef}", "th{background:#234;color:#fff}"])
    upper = "th{text-transform:uppercase}" if rng.random() < 0.1 else ""
    head_align = rng.choice(["", "th{text-align:left}", "th.m{text-align:right}", "th{text-align:center}"])
    pad = rng.choice(["2px 4px", "4px 8px", "1px 3px", "6px 10px"])
    right = "right" if rng.random() < 0.88 else rng.choice(["left", "center"])
    css = f"@page{{size:{rng.choice(['A4', 'A4', 'Letter', 'A4 landscape'])};margin:{rng.choice([12, 18, 22])}mm}}body{{font:{size}pt {font}}}table.d{{border-collapse:collapse;width:100%}}table.d td,table.d th{{{line};padding:{pad};vertical-align:{rng.choice(['top', 'middle'])}}}{shade}{upper}td.m{{text-align:{right}}}{head_align}.r{{text-align:right}}"
    if rng.random() < 0.5:
        css += "td.m{white-space:nowrap}"
    out = [f"<!doctype html><html><head><meta charset='utf-8'><style>{css}</style></head><body>"]
    for kind, content in paper.blocks:
        out.append(_html_block(rng, kind, content, e))
    return "\n".join(out) + "</body></html>"


def _html_block(rng: random.Random, kind: str, content: Any, e: Any) -> str:
    if kind in ("head", "head_right"):
        side = " class='r'" if kind == "head_right" else ""
        return f"<div{side}><b>{e(content[0])}</b><br>" + "<br>".join(e(x) for x in content[1:]) + "</div>"
    if kind == "title":
        return f"<h2 style='text-align:{rng.choice(['left', 'center', 'right'])}'>{e(content)}</h2>"
    if kind == "pairs":
        return "<div>" + "".join(f"<div>{e(k)}: {e(v)}</div>" for k, v in content) + "</div><br>"
    if kind == "pairs_side":
        return (
            "<table>"
            + "".join(f"<tr><td><b>{e(k)}</b></td><td style='padding-left:2em'>{e(v)}</td></tr>" for k, v in content)
            + "</table><br>"
        )
    if kind == "pairs_line":
        return "<p>" + "&nbsp;&nbsp;&nbsp;&nbsp; ".join(f"{e(k)}: {e(v)}" for k, v in content) + "</p>"
    if kind == "after":
        return "".join(f"<p class='r'><b>{e(k)}&nbsp;&nbsp;{e(v)}</b></p>" for k, v in content)
    if kind == "note":
        return f"<p>{e(content)}</p>"
    if kind == "ageing":
        names, values = content
        return (
            "<br><table border=1 style='border-collapse:collapse'><tr>"
            + "".join(f"<th>{e(n)}</th>" for n in names)
            + "</tr><tr>"
            + "".join(f"<td class='m'>{e(v)}</td>" for v in values)
            + "</tr></table>"
        )
    cols, rows = content
    cls = ["m" if r in MONEY else "t" for r, _ in cols]
    body = "".join(
        "<tr>" + "".join(f"<td class='{c}'>{e(v)}</td>" for c, v in zip(cls, cells, strict=True)) + "</tr>"
        for _, cells in rows
    )
    heads = "".join(f"<th class='{c}'>{e(n)}</th>" for c, (_, n) in zip(cls, cols, strict=True))
    return f"<table class='d'><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"


def as_typst(rng: random.Random, paper: books.Paper) -> bytes:
    """A PDF set by Typst (only where the wheel `typst` is installed)."""
    import typst

    def t(text: str) -> str:
        return '#"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'

    wide = max(len(content[0]) for kind, content in paper.blocks if kind == "table") > 6
    size = 8 if wide else rng.choice([8, 9, 10])
    font = rng.choice(["Libertinus Serif", "DejaVu Sans", "New Computer Modern"])
    out = [
        f'#set page(paper: "a4", flipped: {"true" if wide else rng.choice(["false", "false", "true"])}, margin: {rng.choice([1.5, 2, 2.5])}cm{rng.choice(["", ", numbering: " + chr(34) + "1 / 1" + chr(34), ", numbering: " + chr(34) + "1" + chr(34)])})',
        f'#set text(font: ("{font}", "{FONTS_CJK}"), size: {size}pt)',
    ]
    stroke = rng.choice(["none", "0.5pt", "(bottom: 0.3pt)", "none"])
    for kind, content in paper.blocks:
        if kind in ("head", "head_right"):
            body = " \\\n".join([f"*{t(content[0])}*", *[t(x) for x in content[1:]]])
            out.append(f"#align({'right' if kind == 'head_right' else 'left'})[{body}]")
        elif kind == "title":
            out.append(f'#align({rng.choice(["left", "center"])}, text(size: 15pt, weight: "bold")[{t(content)}])')
        elif kind == "pairs":
            out.append(" \\\n".join(f"{t(k + ':')} {t(v)}" for k, v in content) + "\n")
        elif kind == "pairs_side":
            cells = ", ".join(f"[{t(k)}], [{t(v)}]" for k, v in content)
            out.append(f"#grid(columns: 2, column-gutter: 2em, row-gutter: 0.6em, {cells})")
        elif kind == "pairs_line":
            out.append(" #h(2em) ".join(f"{t(k + ':')} {t(v)}" for k, v in content) + "\n")
        elif kind == "after":
            out += [f"#align(right)[*{t(k)} #h(1em) {t(v)}*]" for k, v in content]
        elif kind == "note":
            out.append(t(content) + "\n")
        elif kind == "ageing":
            names, values = content
            cells = ", ".join(f"[{t(x)}]" for x in [*names, *values])
            out.append(f"#table(columns: {len(names)}, {cells})")
        else:
            cols, rows = content
            align = ", ".join("right" if r in MONEY else "left" for r, _ in cols)
            heads = ", ".join(f"[*{t(n)}*]" for _, n in cols)
            cells = ",\n".join(", ".join(f"[{t(v)}]" if v else "[]" for v in c) for _, c in rows)
            widths = ", ".join("auto" if r != "desc" else rng.choice(["1fr", "auto", "3cm"]) for r, _ in cols)
            out.append(
                f"#table(columns: ({widths}), align: ({align}), stroke: {stroke}, inset: {rng.choice([3, 4, 5])}pt, table.header({heads}), {cells})"
            )
    return typst.compile("\n\n".join(out).encode())


def as_reportlab(rng: random.Random, paper: books.Paper) -> bytes:
    """A PDF drawn by reportlab's platypus."""
    from reportlab.lib.pagesizes import A4, landscape
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

    east = {"zh": "STSong-Light", "tw": "MSung-Light"}.get(paper.lang)
    if east:
        pdfmetrics.registerFont(UnicodeCIDFont(east))
    font = east or rng.choice(["Helvetica", "Times-Roman", "Courier"])
    size = 7 if font == "Courier" else rng.choice([7, 8, 9])
    style = ParagraphStyle("p", fontName=font, fontSize=size + 1, leading=size + 5)
    out: list[Any] = []
    e = html.escape
    for kind, content in paper.blocks:
        if kind in ("head", "head_right"):
            out += [
                Paragraph(e(x), ParagraphStyle("h", parent=style, alignment=2 if kind == "head_right" else 0))
                for x in content
            ]
        elif kind == "title":
            out += [
                Paragraph(
                    e(content), ParagraphStyle("t", parent=style, fontSize=15, leading=24, alignment=rng.choice([0, 1]))
                )
            ]
        elif kind in ("pairs", "after"):
            out += [Paragraph(f"{e(k)}: {e(v)}", style) for k, v in content]
        elif kind == "pairs_side":
            out.append(Table(content, style=[("FONT", (0, 0), (-1, -1), font, size)], hAlign="LEFT"))
        elif kind == "pairs_line":
            out.append(Paragraph("&nbsp;&nbsp;&nbsp;&nbsp;".join(f"{e(k)}: {e(v)}" for k, v in content), style))
        elif kind == "note":
            out.append(Paragraph(e(content), style))
        elif kind == "ageing":
            out.append(
                Table(
                    [content[0], content[1]],
                    style=[("FONT", (0, 0), (-1, -1), font, size), ("GRID", (0, 0), (-1, -1), 0.3, "black")],
                )
            )
        else:
            cols, rows = content
            grid = [[n for _, n in cols]] + [list(c) for _, c in rows]
            look: list[Any] = [
                ("FONT", (0, 0), (-1, -1), font, size),
                ("TOPPADDING", (0, 0), (-1, -1), rng.choice([1, 3])),
                ("BOTTOMPADDING", (0, 0), (-1, -1), rng.choice([1, 3])),
            ]
            look += [("ALIGN", (n, 0), (n, -1), "RIGHT") for n, (r, _) in enumerate(cols) if r in MONEY]
            rule = rng.choice([None, "GRID", "LINEBELOW", "BOX"])
            if rule:
                look.append((rule, (0, 0), (-1, -1), 0.4, "grey"))
            out.append(Table(grid, style=TableStyle(look), repeatRows=rng.choice([0, 1, 1])))
        out.append(Spacer(1, 5))
    buffer = io.BytesIO()
    SimpleDocTemplate(
        buffer,
        pagesize=rng.choice([A4, A4, landscape(A4)]),
        topMargin=40,
        bottomMargin=40,
        leftMargin=30,
        rightMargin=30,
    ).build(out)
    return buffer.getvalue()


def as_rows(rng: random.Random, paper: books.Paper) -> list[list[str]]:
    """The paper as rows of a sheet, all of them text as printed."""
    out: list[list[str]] = []
    for kind, content in paper.blocks:
        if kind in ("head", "head_right"):
            out += [[x] for x in content] if kind == "head" else [["", "", "", x] for x in content]
        elif kind in ("title", "note"):
            out.append([content])
        elif kind == "pairs":
            out += [[f"{k}: {v}"] for k, v in content]
        elif kind == "pairs_side":
            out += [[k, v] for k, v in content]
        elif kind in ("pairs_line", "after"):
            out.append(
                [x for k, v in content for x in (k, v)] if rng.random() < 0.5 else [f"{k}: {v}" for k, v in content]
            )
        elif kind == "ageing":
            out += [content[0], content[1]]
        else:
            cols, rows = content
            out.append([n for _, n in cols])
            out += [list(c) for _, c in rows]
        if rng.random() < 0.4:
            out.append([])
    return out


def as_workbook(rng: random.Random, paper: books.Paper, kind: str) -> bytes:
    """XLSX (openpyxl), XLS (xlwt) or ODS (odfpy); money as numbers half of the time, else as text."""
    rows = as_rows(rng, paper)
    plain = re.compile(r"-?[\d.,]+")
    money = [
        v
        for block, content in paper.blocks
        if block == "table"
        for _, cells in content[1]
        for (role, _), v in zip(content[0], cells, strict=True)
        if role in MONEY and v
    ]
    east = paper.lang in ("en", "zh", "tw")
    numbers = east and all(plain.fullmatch(v) for v in money) and rng.random() < 0.7
    cells = [[_value(text, paper, numbers) for text in row] for row in rows]
    buffer = io.BytesIO()
    if kind == "xlsx":
        from openpyxl import Workbook

        book = Workbook()
        sheet = book.active
        sheet.title = rng.choice(["Sheet1", "Export", "Statement", "对账单"])
        for row in cells:
            sheet.append(row)
        for column in sheet.columns:
            width = max((len(str(c.value or "")) for c in column if len(str(c.value or "")) < 45), default=8)
            sheet.column_dimensions[column[0].column_letter].width = min(
                40, width * (2 if paper.lang in ("zh", "tw") else 1) + 3
            )
        for row in sheet.iter_rows():
            for c in row:
                if isinstance(c.value, float):
                    c.number_format = "#,##0.00"
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        book.save(buffer)
    elif kind == "xls":
        import xlwt

        old = xlwt.Workbook()
        page = old.add_sheet("Sheet1")
        for y, row in enumerate(cells):
            for x, value in enumerate(row):
                page.write(y, x, value)
        old.save(buffer)
    else:
        from odf.opendocument import OpenDocumentSpreadsheet
        from odf.table import Table, TableCell, TableRow
        from odf.text import P

        doc = OpenDocumentSpreadsheet()
        table = Table(name="Tabelle1")
        for row in cells:
            line = TableRow()
            for value in row:
                c = (
                    TableCell(valuetype="float", value=str(value))
                    if isinstance(value, float)
                    else TableCell(valuetype="string")
                )
                c.addElement(P(text=str(value)))
                line.addElement(c)
            table.addElement(line)
        doc.spreadsheet.addElement(table)
        doc.write(buffer)
    return buffer.getvalue()


def _value(text: str, paper: books.Paper, numbers: bool) -> Any:
    if not numbers:
        return text
    east = paper.lang in ("en", "zh", "tw")
    pattern = r"-?\d{1,3}(,\d{3})*\.\d\d|-?\d+\.\d\d" if east else r"-?\d{1,3}([.  ]\d{3})*,\d\d|-?\d+,\d\d"
    if not re.fullmatch(pattern, text):
        return text
    plain = text.replace(",", "") if east else re.sub(r"[.  ]", "", text).replace(",", ".")
    return float(plain)
