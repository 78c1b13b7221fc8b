"""The PDF as people, scanners and archives meet it."""

import hashlib
import io
import re
from dataclasses import replace

import pypdfium2
import pytest
import zxingcpp

from mailflow.adapters.letters_mjml import LetterRenderer
from mailflow.adapters.statement_pdf import StatementPdf
from mailflow.correspondence import letter_samples as samples
from mailflow.correspondence.statement_sheet import Form, StatementSheet, lay_out
from mailflow.correspondence.token import find
from mailflow.receivables.statement import Statement
from mailflow.refusals import Refusal
from mailflow.resources import font_file, templates_directory
from tests.letters.made_accounts import made_account

RENDERER = LetterRenderer(templates_directory())
PAPER = StatementPdf([font_file()])


def sheet(
    statement: Statement = samples.STATEMENT, language: str = "zh-CN", form: Form | None = None
) -> StatementSheet:
    return lay_out(statement, samples.COMPANY, RENDERER.words(language), samples.ROUTE, form=form)


def pages(content: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(content)
    return [document[number].get_textpage().get_text_range() for number in range(len(document))]


def test_equal_statements_are_equal_bytes_and_every_font_is_inside() -> None:
    one, two = PAPER.draw(sheet()), PAPER.draw(sheet())
    assert hashlib.sha256(one).digest() == hashlib.sha256(two).digest()
    assert b"/FontFile2" in one and b"/ToUnicode" in one
    assert PAPER.draw(sheet(replace(samples.STATEMENT, version=2))) != one


def test_the_page_says_who_owes_whom_in_figures_and_capitals_and_that_it_is_no_demand() -> None:
    (text,) = pages(PAPER.draw(sheet()))
    for words in (
        "华星贸易有限公司",
        "苏州明达电子有限公司",
        "SOA-202610-C001-CNY v1",
        "2026-10-31",
        "贵公司欠",
        "欠贵公司",
        "人民币贰万贰仟伍佰元整",
        "期初余额 15,800.00 + 本期增加 12,250.00 - 本期减少 5,550.00 = 期末余额 22,500.00",
        "并非催款结算",
        "我公司收款账户不会通过电子邮件变更",
        "信息证明无误",
        "信息不符",
        "第 1 页 共 1 页",
    ):
        assert words in text, words


def test_a_long_statement_repeats_its_head_counts_its_pages_and_loses_no_row() -> None:
    made = made_account(7, size=120).statement
    texts = pages(PAPER.draw(sheet(made, "en", Form.OPEN_ITEM)))
    assert len(texts) >= 3
    for number, text in enumerate(texts, 1):
        assert f"Page {number} of {len(texts)}" in text
        assert made.label in text
    with_rows = [text for text in texts if re.search(r"INV-\d+", text)]
    assert all("Document no." in text and "Your reference" in text for text in with_rows)
    printed = re.findall(r"\b(?:INV|RC|CN|FEE)-\d+", "\n".join(texts))
    assert printed == [line.reference for line in made.open_lines]


def test_a_scan_of_the_slip_gives_back_the_token() -> None:
    for language in ("en", "zh-CN", "zh-TW"):
        content = PAPER.draw(sheet(language=language))
        document = pypdfium2.PdfDocument(content)
        image = document[len(document) - 1].render(scale=150 / 72).to_pil()
        (code,) = zxingcpp.read_barcodes(image)
        assert code.ec_level == "M"
        assert find(code.text) == [samples.ROUTE.token]
        side = code.position.top_right.x - code.position.top_left.x
        assert side / 150 * 25.4 >= 15, "millimetres"


@pytest.mark.parametrize("character", ["𠮷", "ไ", "ع", "\U0001f600"])
def test_a_character_that_no_font_has_is_refused_by_name_instead_of_vanishing(character: str) -> None:
    named = replace(samples.STATEMENT, party=replace(samples.PARTY, name=f"{character}田商店"))
    with pytest.raises(Refusal, match=f"U\\+{ord(character):04X}"):
        PAPER.draw(sheet(named))


def test_signs_that_the_typeface_lacks_are_drawn_as_what_they_mean() -> None:
    named = replace(samples.STATEMENT, party=replace(samples.PARTY, name="₩ Store\u200b\u00a0A\u2011B ☑"))
    (text,) = pages(PAPER.draw(sheet(named)))
    assert "KRW Store A-B ■" in re.sub(r"[ \r\n]+", " ", text)


@pytest.mark.parametrize("name", ["<img src='file:///etc/passwd'/>", "</para>", "<b>x</b> & co", "a" * 300, "甲" * 200])
def test_names_are_drawn_as_they_stand_however_long_or_odd(name: str) -> None:
    named = replace(samples.STATEMENT, party=replace(samples.PARTY, name=name))
    text = "".join(pages(PAPER.draw(sheet(named))))
    assert re.sub(r"\s+", "", name) in re.sub(r"\s+", "", text)


def test_amounts_of_any_length_stay_inside_their_columns() -> None:
    big = made_account(3).statement
    factor = 10**9
    scaled = replace(
        big,
        opening=big.opening * factor,
        closing=big.closing * factor,
        unapplied=big.unapplied * factor,
        overdue=big.overdue * factor,
        movements=tuple(
            replace(line, amount=line.amount * factor, open_amount=line.open_amount * factor, balance=None)
            for line in big.movements
        ),
        open_lines=tuple(
            replace(line, amount=line.amount * factor, open_amount=line.open_amount * factor) for line in big.open_lines
        ),
        ageing=tuple(replace(one, amount=one.amount * factor) for one in big.ageing),
    )
    for form in Form:
        document = pypdfium2.PdfDocument(PAPER.draw(sheet(scaled, "en", form)))
        width = document[0].get_width()
        for number in range(len(document)):
            page = document[number].get_textpage()
            boxes = [page.get_rect(rect) for rect in range(page.count_rects())]
            assert all(left >= 40 and right <= width - 40 for left, _, right, _ in boxes)


def test_a_file_that_is_no_font_is_refused() -> None:
    with pytest.raises(Refusal, match="not a usable TrueType font"):
        StatementPdf([templates_directory() / "README.md"])


def test_the_pdf_is_small_enough_to_mail() -> None:
    assert len(PAPER.draw(sheet())) < 100_000
    assert io.BytesIO(PAPER.draw(sheet())).read(5) == b"%PDF-"
