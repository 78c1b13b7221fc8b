#!/usr/bin/env python3
"""Writes made-up documents in every format but digital PDF, with their truth:
make_other_formats.py FOLDER [--count N] [--seed S] [--scans N]

Workbooks as people fill them (numbers and dates typed, as text, as day numbers; merged titles; hidden rows and sheets;
two currencies on two sheets), fixed-width text, mail bodies as Outlook writes them, attachments, archives, scans.
The same seed gives the same documents. ``truth.json`` has the shape that the samples' scorer reads.
"""

# ruff: noqa: E501
from __future__ import annotations

import argparse
import datetime as dt
import html
import io
import json
import random
import sys
import unicodedata
import zipfile
from decimal import Decimal
from email.message import EmailMessage
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import corpus_books as books
import corpus_pdf
import make_documents
import xlsxwriter

MONEY, DATE = "\x01", "\x02"  # marks of a cell whose typed value follows


class Typed(books.Style):
    """Prints marks instead of numbers and dates, so that a workbook can hold the values themselves."""

    def money(self, value: Decimal, zero: bool = False) -> str:
        if value == 0 and not zero:
            return ""
        return MONEY + str(value)

    def date(self, day: dt.date, long: bool = False) -> str:
        return super().date(day, long) if long else DATE + day.isoformat()


def typed_grid(rng: random.Random, lang: str, family: str, count: int) -> books.Grid:
    plain, books.Style = books.Style, Typed
    try:
        return books.make(rng, lang, family, count)
    finally:
        books.Style = plain


def fill(rng: random.Random, book: xlsxwriter.Workbook, name: str, grid: books.Grid) -> None:
    """One sheet; each habit is chosen once for the whole sheet, as a person would."""
    sheet = book.add_worksheet(name)
    sheet_dates = rng.choice(["typed", "typed", "typed", "iso", "serial", "chinese" if grid.lang == "zh" else "typed"])
    sheet_money = rng.choice(["number"] * 5 + ["text"])
    left, row = rng.choice([0, 0, 0, 1]), rng.choice([0, 0, 1])
    day_format = book.add_format({"num_format": rng.choice(["yyyy-mm-dd", "dd/mm/yyyy", "yyyy/m/d", "d-mmm-yy"])})
    money_format = book.add_format(
        {"num_format": rng.choice(["#,##0.00", "0.00", "#,##0.00;[Red]-#,##0.00", "General"])}
    )
    width = len(grid.columns)

    def put(at_row: int, column: int, cell: str, in_table: bool = True) -> None:
        if cell.startswith(MONEY):
            value = Decimal(cell[1:])
            if sheet_money == "text" and in_table:
                sheet.write_string(at_row, left + column, f"{value:,.2f}")
            else:
                sheet.write_number(at_row, left + column, float(value), money_format)
        elif cell.startswith(DATE):
            day = dt.date.fromisoformat(cell[1:])
            if sheet_dates == "typed":
                sheet.write_datetime(at_row, left + column, dt.datetime(day.year, day.month, day.day), day_format)
            elif sheet_dates == "serial":
                sheet.write_number(at_row, left + column, (day - dt.date(1899, 12, 30)).days)
            else:
                sheet.write_string(
                    at_row, left + column, f"{day:%Y年%m月%d日}" if sheet_dates == "chinese" else day.isoformat()
                )
        elif cell:
            sheet.write_string(at_row, left + column, cell)

    if grid.letterhead:
        sheet.merge_range(row, left, row, left + width - 1, grid.issuer) if rng.random() < 0.6 else put(
            row, 0, grid.issuer
        )
        row += 1
    if rng.random() < 0.6:
        sheet.merge_range(row, left, row, left + width - 1, grid.title)
    else:
        put(row, rng.randrange(0, 2), grid.title)
    row += 1
    if grid.addressee:
        put(row, 0, grid.recipient)
        row += 1
    for label, value in grid.meta:
        if rng.random() < 0.5 and not value.startswith((MONEY, DATE)):
            put(row, 0, f"{label}: {value}")
        else:
            put(row, 0, label)
            put(row, rng.choice([1, 1, 2]), value)
        row += 1
    row += rng.choice([0, 1])
    for column, (_, header) in enumerate(grid.columns):
        put(row, column, header)
    row += 1
    for number, (_, cells) in enumerate(grid.rows):
        for column, cell in enumerate(cells):
            put(row, column, cell)
        if number and rng.random() < 0.03:  # a note that somebody hid: no date, no amount
            row += 1
            put(row, 2, "internal: to be checked")
            sheet.set_row(row, None, None, {"hidden": True})
        row += 1
    for label, value in grid.loose:
        row += 1
        put(row, 0, label)
        put(row, width - 1, value, in_table=False)
    if grid.ageing:
        for part in grid.ageing:
            row += 1
            for column, cell in enumerate(part):
                put(row + 1, column, cell)


def workbook(rng: random.Random, grids: list[books.Grid]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        names = ["Statement", "对账单", "Sheet1"] if len(grids) == 1 else [str(g.truth.get("currency")) for g in grids]
        if len(grids) == 1 and rng.random() < 0.2:
            book.add_worksheet("empty")
        for name, grid in zip(names, grids, strict=False):
            fill(rng, book, name, grid)
        if rng.random() < 0.2:
            hidden = book.add_worksheet("old")
            hidden.write_row(0, 0, ["Date", "Reference", "Amount", "Balance"])
            hidden.write_row(1, 0, ["2020-01-01", "OLD-1", 1.0, 1.0])
            hidden.hide()
    return out.getvalue()


def two_currencies(rng: random.Random, lang: str) -> list[books.Grid]:
    first = typed_grid(rng, lang, "forward", 12)
    second = typed_grid(rng, lang, "forward", 6)
    for _ in range(50):
        if first.truth["currency"] and second.truth["currency"] and first.truth["currency"] != second.truth["currency"]:
            return [first, second]
        first, second = typed_grid(rng, lang, "forward", 12), typed_grid(rng, lang, "forward", 6)
    return [first]


def wide(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def fixed_width(rng: random.Random, grid: books.Grid) -> str:
    """As an ERP prints it to a text file: columns by spaces, money to the right."""
    table = [[header for _, header in grid.columns], *(cells for _, cells in grid.rows)]
    widths = [max(wide(row[column]) for row in table) for column in range(len(grid.columns))]
    gap = " " * rng.choice([2, 3, 4])
    lines = [grid.issuer] if grid.letterhead else []
    lines += [grid.title.center(60).rstrip()] + ([grid.recipient] if grid.addressee else [])
    lines += [f"{label}: {value}" for label, value in grid.meta] + [""]
    rule = rng.choice(["", "-", "="])
    for number, row in enumerate(table):
        cells = []
        for column, cell in enumerate(row):
            pad = " " * (widths[column] - wide(cell))
            cells.append(pad + cell if grid.columns[column][0] in books.RIGHT else cell + pad)
        lines.append(gap.join(cells).rstrip())
        if number == 0 and rule:
            lines.append(gap.join(rule * width for width in widths))
    lines += [""] + [f"{label}: {value}" for label, value in grid.loose]
    return "\n".join(lines) + "\n"


def outlook(rng: random.Random, grid: books.Grid) -> str:
    """HTML as Outlook and Chinese webmail write it: spans, o:p, nbsp, a layout table around everything."""
    esc = html.escape

    def cell(text: str, tag: str = "td") -> str:
        inner = f"<p class=MsoNormal><span style='font-size:10.5pt'>{esc(text) or '&nbsp;'}<o:p></o:p></span></p>"
        return f"<{tag} width=64 style='padding:0cm 5.4pt'>{inner}</{tag}>"

    head = "".join(cell(h, rng.choice(["td", "th"])) for _, h in grid.columns)
    body = "".join("<tr>" + "".join(cell(c) for c in cells) + "</tr>" for _, cells in grid.rows)
    above = [grid.issuer] if grid.letterhead else []
    above += [grid.title] + ([grid.recipient] if grid.addressee else [])
    above += [f"{label}: {value}" for label, value in grid.meta]
    text = "".join(f"<p class=MsoNormal>{esc(line)}</p>" for line in above)
    loose = "".join(f"<div>{esc(label)}:&nbsp;{esc(value)}</div>" for label, value in grid.loose)
    inner = f"{text}<table class=MsoNormalTable border=1><tr>{head}</tr>{body}</table>{loose}"
    if rng.random() < 0.5:
        inner = f"<table width=100%><tr><td>{inner}</td></tr></table>"
    return (
        "<html xmlns:o='urn:schemas-microsoft-com:office:office'><head><meta charset=utf-8><style>p.MsoNormal{margin:0}</style>"
        f"<!--[if gte mso 9]><xml><o:x>1</o:x></xml><![endif]--></head><body>{inner}</body></html>"
    )


def mail(rng: random.Random, subject: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = (
        "Accounts <accounts@sender.example>",
        "ar@huaxing.example",
        subject,
    )
    message["Date"], message["Message-ID"] = (
        "Mon, 02 Nov 2026 09:14:00 +0800",
        f"<{rng.randrange(10**9)}@sender.example>",
    )
    return message


def in_mail_body(rng: random.Random, grid: books.Grid) -> bytes:
    message = mail(rng, grid.title)
    quoted = "<blockquote><table><tr><td>Date</td><td>Ref</td><td>Amount</td></tr><tr><td>2026-01-01</td><td>OURS-1</td><td>9.99</td></tr></table></blockquote>"
    if rng.random() < 0.5:
        message.set_content("see the table\n")
        message.add_alternative(
            outlook(rng, grid) + rng.choice(["", quoted]),
            subtype="html",
            cte=rng.choice(["base64", "quoted-printable"]),
        )
    else:
        message.set_content(
            fixed_width(rng, grid) + rng.choice(["", "\n> we wrote\n> 2026-01-01 OURS-1 9.99\n"]), cte="base64"
        )
    return message.as_bytes()


def as_attachment(rng: random.Random, name: str, data: bytes) -> bytes:
    message = mail(rng, "statement")
    message.set_content("Dear all,\nplease find attached.\nBest regards\n")
    message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    if rng.random() < 0.3:
        outer = mail(rng, "Fwd: statement")
        outer.set_content("fyi\n")
        outer.add_attachment(message)
        message = outer
    return message.as_bytes()


def in_zip(name: str, data: bytes) -> bytes:
    raw = name.encode("gb18030")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("A" * len(raw), data)
    return out.getvalue().replace(b"A" * len(raw), raw)


def scanned(rng: random.Random, data: bytes, dpi: int = 150) -> bytes:
    """A PDF as a scanner gives it back: up to a degree crooked, with noise, as a PDF of pictures."""
    import cv2
    import numpy
    import pypdfium2
    from PIL import Image

    noise = numpy.random.default_rng(rng.randrange(10**6))
    pictures = []
    with pypdfium2.PdfDocument(data) as pdf:
        for page in pdf:
            image = page.render(scale=dpi / 72, rev_byteorder=True).to_numpy()[:, :, :3]
            height, width = image.shape[:2]
            turn = cv2.getRotationMatrix2D((width / 2, height / 2), rng.uniform(-1, 1), 1)
            image = cv2.warpAffine(image, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=(255, 255, 255))
            pictures.append(
                Image.fromarray(numpy.clip(image + noise.normal(0, 6, image.shape), 0, 255).astype("uint8"))
            )
    out = io.BytesIO()
    pictures[0].save(out, "PDF", save_all=True, append_images=pictures[1:], resolution=dpi, quality=75)
    return out.getvalue()


FORMS = ("workbook", "workbook", "workbook", "currencies", "text", "outlook", "body", "attached", "zip", "csv")


def make(rng: random.Random, form: str, lang: str, family: str) -> tuple[str, bytes, list[dict]]:
    """(suffix, bytes, truth)."""
    count = rng.choice([6, 12, 25, 60]) if "remittance" not in family else rng.choice([3, 6, 12])
    if form == "workbook":
        grid = typed_grid(rng, lang, family, count)
        return "xlsx", workbook(rng, [grid]), [grid.truth]
    if form == "currencies":
        grids = two_currencies(rng, lang)
        return "xlsx", workbook(rng, grids), [grid.truth for grid in grids]
    grid = books.make(rng, lang, family, count)
    if form == "scan":
        return "pdf", scanned(rng, corpus_pdf.draw(rng, grid)), [grid.truth]
    if form == "text":
        text = fixed_width(rng, grid)
        code = rng.choice(["utf-8", "gb18030"] if lang == "zh" else ["utf-8", "utf-8-sig"])
        return "txt", text.encode(code), [grid.truth]
    if form == "outlook":
        return "html", outlook(rng, grid).encode(), [grid.truth]
    if form == "body":
        return "eml", in_mail_body(rng, grid), [grid.truth]
    if form == "csv":
        return "csv", make_documents.as_csv(rng, grid), [grid.truth]
    inner = make_documents.as_csv(rng, grid) if rng.random() < 0.5 else make_documents.as_xlsx(rng, grid)
    name = "对账单." + ("xlsx" if inner.startswith(b"PK") else "csv")
    return (
        ("eml", as_attachment(rng, name, inner), [grid.truth])
        if form == "attached"
        else ("zip", in_zip(name, inner), [grid.truth])
    )


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("folder", type=Path)
    ap.add_argument("--count", type=int, default=100)
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--scans", type=int, default=0)
    a = ap.parse_args()
    a.folder.mkdir(parents=True, exist_ok=True)
    truth: dict[str, list] = {}
    for n in range(a.count + a.scans):
        rng = random.Random(a.seed * 100_003 + n)
        form = "scan" if n >= a.count else rng.choice(FORMS)
        lang, family = rng.choice(make_documents.LANGUAGES), rng.choice(books.FAMILIES)
        suffix, data, truths = make(rng, form, lang, family)
        name = f"{form}-{lang}-{family}-{n}.{suffix}".replace("-", "_", 2)
        name = f"{form}-{n:03d}_{lang}_{family}.{suffix}"
        (a.folder / name).write_bytes(data)
        truth[name] = truths
    (a.folder / "truth.json").write_text(json.dumps(truth, ensure_ascii=False, indent=0), encoding="utf-8")
    print(f"{len(truth)} documents in {a.folder}")


if __name__ == "__main__":
    main()
