"""What a letter costs: rendered against bare MJML, PDFs against bare reportlab, workbooks, and the finished bytes.

    .venv/bin/python bench/letters.py [--rows 60] [--seconds 3] [--json]

Bare MJML compiles the same filled template, once a letter, and does nothing else; bare reportlab draws the same strings
at the same places on the same pages with the library's canvas. Each figure is the median of five rounds of CPU time.
"""

from __future__ import annotations

import argparse
import datetime as dt
import io
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import mjml
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from mailflow.adapters.letters_mjml import LetterRenderer
from mailflow.adapters.statement_pdf import StatementPdf
from mailflow.adapters.statement_xlsx import StatementXlsx
from mailflow.correspondence.letter import Envelope, compose
from mailflow.correspondence.letter_context import statement_context
from mailflow.correspondence.letter_samples import COMPANY, ROUTE
from mailflow.correspondence.message import Address
from mailflow.correspondence.statement_sheet import Form, lay_out
from mailflow.resources import font_file, templates_directory
from mailflow.steps.ports.letters import Stationery
from mailflow.steps.render_letter import render_statement
from tests.letters.made_accounts import made_account

ROUNDS = 5


def milliseconds(work: Callable[[], object], seconds: float) -> float:
    """CPU time of one call, the median of :data:`ROUNDS` rounds."""
    work()
    rounds = []
    for _ in range(ROUNDS):
        calls, start = 0, time.process_time()
        while (spent := time.process_time() - start) < seconds / ROUNDS:
            work()
            calls += 1
        rounds.append(spent / calls * 1000)
    return statistics.median(rounds)


def drawn_strings(content: bytes) -> list[list[tuple[float, float, float, str]]]:
    """Every line of text of our PDF with its place and size, a list a page."""
    import pypdfium2

    document = pypdfium2.PdfDocument(content)
    pages = []
    for number in range(len(document)):
        text = document[number].get_textpage()
        boxes = [text.get_rect(index) for index in range(text.count_rects())]
        pages.append(
            [
                (left, bottom, top - bottom, text.get_text_bounded(left, bottom, right, top))
                for left, bottom, right, top in boxes
            ]
        )
    return pages


def bare_pdf(pages: list[list[tuple[float, float, float, str]]], font: str) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    for page in pages:
        for left, bottom, height, text in page:
            canvas.setFont(font, max(height, 4))
            canvas.drawString(left, bottom, text)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--rows", type=int, default=60)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()

    templates, paper, workbook = LetterRenderer(templates_directory()), StatementPdf([font_file()]), StatementXlsx()
    statement = made_account(7, size=arguments.rows).statement
    words = templates.words("zh-CN")

    def sheet():  # type: ignore[no-untyped-def]
        return lay_out(statement, COMPANY, words, ROUTE, form=Form.OPEN_ITEM)

    laid = sheet()
    context = statement_context(laid)
    filled = templates._filled("zh-CN/statement.mjml", context)
    strings = drawn_strings(paper.draw(laid))
    stationery = Stationery(templates, paper, workbook)
    whole = render_statement(stationery, statement, COMPANY, route=ROUTE, language="zh-CN", form=Form.OPEN_ITEM)
    envelope = Envelope(
        Address(COMPANY.name, COMPANY.address),
        (Address("苏州明达电子有限公司", "finance@mingda.example"),),
        dt.datetime(2026, 11, 2, 9, tzinfo=dt.timezone(dt.timedelta(hours=8))),
        "<soa.v1.abc@huaxing.example>",
    )
    found = {
        "bare MJML": milliseconds(lambda: mjml.mjml2html(filled, fonts={}), arguments.seconds),
        "letter: subject, text, HTML": milliseconds(
            lambda: templates.render("statement", "zh-CN", statement_context(sheet())), arguments.seconds
        ),
        "bare reportlab": milliseconds(lambda: bare_pdf(strings, font_file().stem), arguments.seconds),
        "PDF": milliseconds(lambda: paper.draw(laid), arguments.seconds),
        "workbook": milliseconds(lambda: workbook.write(laid), arguments.seconds),
        "bytes of the message": milliseconds(lambda: compose(whole, envelope), arguments.seconds),
        "everything": milliseconds(
            lambda: compose(
                render_statement(stationery, statement, COMPANY, route=ROUTE, language="zh-CN", form=Form.OPEN_ITEM),
                envelope,
            ),
            arguments.seconds,
        ),
    }
    if arguments.json:
        print(json.dumps({name: round(value, 3) for name, value in found.items()}, indent=1))
        return
    print(
        f"{len(statement.open_lines)} open items, {len(whole.html) // 1000} kB of HTML, {len(strings)} PDF pages,"
        f" {len(whole.files[0].content) // 1000} kB PDF, {len(whole.files[1].content) // 1000} kB XLSX"
    )
    for name, value in found.items():
        print(f"{name:30} {value:8.2f} ms {1000 / value:9.0f} a second")
    print(
        f"letters at {found['bare MJML'] / found['letter: subject, text, HTML']:.2f} x bare MJML,"
        f" PDFs at {found['bare reportlab'] / found['PDF']:.2f} x bare reportlab"
    )


if __name__ == "__main__":
    main()
