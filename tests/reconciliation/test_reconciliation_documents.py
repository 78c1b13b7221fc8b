"""The printed reconciliation: two worked examples with known figures, read back from HTML, XLSX and PDF."""

from __future__ import annotations

import datetime as dt
import io
import re
from html.parser import HTMLParser

import openpyxl
import pdfplumber
import pytest

from mailflow.adapters.reconciliation_html import html_page
from mailflow.adapters.reconciliation_pdf import pdf
from mailflow.adapters.reconciliation_xlsx import workbook
from mailflow.receivables.party import Side
from mailflow.reconciliation.layout import layout
from tests.reconciliation.accounts import compare, item, kinds, line


def payable():
    """An examination problem: ledger 140,806, statement 185,000; a payment, an invoice, a credit note apart."""
    ours = [
        item("L1", "INV-5001", "161325.00", "10-02"),
        item("L2", "PAY-881", "-20519.00", "10-30", "payment"),
    ]
    theirs = [
        line(1, "INV-5001", "161325.00", "10-02"),
        line(2, "INV-5044", "35975.00", "10-20"),
        line(3, "CN-3007", "-12300.00", "10-22", "credit_note"),
    ]
    return compare(ours, theirs)


def receivable():
    """A payment on its way, an invoice booked twice by us, a discount, rounding, a credit on the wrong side."""
    owed = {"side": Side.RECEIVABLE, "party_id": "C001"}
    ours = [
        item("L1", "INV-1001", "37400.00", "10-01", **owed),
        item("L2", "INV-1002", "1200.00", "10-03", **owed),
        item("L3", "INV-1002", "1200.00", "10-12", **owed),
        item("L4", "INV-1003", "10000.00", "10-05", **owed),
        item("L5", "INV-1004", "500.00", "10-06", **owed),
        item("L6", "CN-9001", "-300.00", "10-07", "credit_note", **owed),
    ]
    theirs = [
        line(1, "INV-1001", "37400.00", "10-01"),
        line(2, "INV-1002", "1200.00", "10-03"),
        line(3, "INV-1003", "9800.00", "10-05"),
        line(4, "INV-1004", "500.02", "10-06"),
        line(5, "CN-9001", "300.00", "10-07"),
        line(6, "RC-55", "-5000.00", "10-30", "payment"),
    ]
    return compare(ours, theirs)


GOLDEN = [
    (payable, "140,806.00", "185,000.00", "164,481.00"),
    (receivable, "50,000.00", "44,200.02", "43,600.02"),
]


def test_the_first_example_has_the_published_figures() -> None:
    answer = payable()
    assert kinds(answer) == [
        ("missing_in_ours", "-12300.00"),
        ("missing_in_ours", "35975.00"),
        ("timing", "20519.00"),
    ]
    assert (str(answer.our_balance), str(answer.their_balance), str(answer.adjustments)) == (
        "140806.00",
        "185000.00",
        "44194.00",
    )


def test_the_second_example_has_its_figures() -> None:
    assert kinds(receivable()) == [
        ("discount_taken", "-200.00"),
        ("duplicate", "-1200.00"),
        ("rounding", "0.02"),
        ("sign_error", "600.00"),
        ("timing", "-5000.00"),
    ]


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def text_of_html(page: str) -> str:
    reader = _Text()
    reader.feed(page)
    return "\n".join(reader.parts)


def text_of_pdf(content: bytes) -> str:
    with pdfplumber.open(io.BytesIO(content)) as document:
        return "\n".join(sheet.extract_text() or "" for sheet in document.pages)


@pytest.mark.parametrize(("make", "ours", "theirs", "adjusted"), GOLDEN)
@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_html_and_pdf_show_both_balances_and_the_same_adjusted_balance_twice(
    make, ours: str, theirs: str, adjusted: str, language: str
) -> None:
    page = layout(make(), language)
    for text in (text_of_html(html_page(page)), text_of_pdf(pdf(page))):
        for figure in (ours, theirs):
            assert figure in text
        assert text.count(adjusted) >= 2
        assert page.title in text
        assert page.ours.title in text
        assert page.theirs.title in text
        for row in page.rows:
            assert row.reference in text


@pytest.mark.parametrize(("make", "ours", "theirs", "adjusted"), GOLDEN)
def test_the_workbook_has_live_formulas_that_give_the_figures(make, ours: str, theirs: str, adjusted: str) -> None:
    for language, name in (("en", "Bridge"), ("zh-CN", "余额调节表")):
        content = workbook(layout(make(), language))
        formulas = openpyxl.load_workbook(io.BytesIO(content))
        values = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
        sheet = values[name]
        shown = [
            f"{cell.value:,.2f}" for row in sheet.iter_rows() for cell in row if isinstance(cell.value, (int, float))
        ]
        assert ours in shown
        assert theirs in shown
        assert shown.count(adjusted) == 2
        written = [
            str(cell.value) for row in formulas[name].iter_rows() for cell in row if str(cell.value).startswith("=")
        ]
        assert sum("SUMIFS" in formula for formula in written) >= 6 + len({i.kind for i in make().items})
        items = formulas[formulas.sheetnames[1]]
        assert items.freeze_panes == "A2"
        assert items.conditional_formatting


def test_the_formulas_of_the_workbook_are_right_when_calculated_anew() -> None:
    """The SUMIFS over the item sheet, evaluated here by hand, give the cached totals."""
    page = layout(receivable(), "en")
    book = openpyxl.load_workbook(io.BytesIO(workbook(page)))
    values = openpyxl.load_workbook(io.BytesIO(workbook(page)), data_only=True)
    rows = list(values["Items"].iter_rows(min_row=2, values_only=True))
    seen = 0
    for cells in book["Bridge"].iter_rows():
        for cell in cells:
            text = str(cell.value)
            if not text.startswith("=SUMIFS"):
                continue
            cached = values["Bridge"][cell.coordinate].value
            label = values["Bridge"][re.findall(r",([A-Z]+[0-9]+)[,)]", text)[-1]].value
            if "$F$2" in text:
                side = "ours" if '"ours"' in text else "theirs"
                total = sum(r[5] for r in rows if r[11] == label and r[10] == side)
            else:
                total = sum(r[4] for r in rows if r[1] == label)
            assert total == pytest.approx(cached, abs=0.001)
            seen += 1
    assert seen >= 10


def test_what_they_wrote_cannot_become_markup_or_a_formula() -> None:
    evil = "<script>alert(1)</script>=1+1"
    answer = compare(
        [item("=HYPERLINK(1)", "INV-1", "5.00")], [line(1, "INV-1", "5.00"), line(2, f"=2+5 {evil}", "9.00")]
    )
    page = layout(answer, "en", "<b>.pdf")
    assert "<script>" not in html_page(page)
    assert "&lt;script&gt;" in html_page(page)
    assert "script" in text_of_pdf(pdf(page))
    items = openpyxl.load_workbook(io.BytesIO(workbook(page)))["Items"]
    assert items["D2"].data_type == "s"
    assert items["D2"].value.startswith("=2+5")


def test_a_character_that_the_font_lacks_is_named_instead_of_vanishing() -> None:
    answer = compare([item("L1", "INV-1", "5.00")], [line(1, "INV-1", "5.00"), line(2, "𠮷-9001", "9.00")])
    assert "[U+20BB7]-9001" in text_of_pdf(pdf(layout(answer))).replace("\n", "")


def test_equal_input_gives_equal_bytes() -> None:
    assert pdf(layout(payable())) == pdf(layout(payable()))
    assert html_page(layout(payable())) == html_page(layout(payable()))
    assert workbook(layout(payable())) == workbook(layout(payable()))


def test_each_line_names_its_source_and_each_item_its_age() -> None:
    theirs = [line(1, "INV-1", "5.00"), line(2, "INV-2", "9.00", "10-11", page=3, row=14)]
    answer = compare([item("L1", "INV-1", "5.00")], theirs, file="oct.pdf")
    (row,) = layout(answer).rows
    assert (row.source, row.age) == ("their line 2, p. 3, row 14", (dt.date(2026, 10, 31) - dt.date(2026, 10, 11)).days)
    assert 'href="oct.pdf#page=3"' in html_page(layout(answer))


def test_what_the_checks_found_is_said_in_chinese_too() -> None:
    """Every sentence that ``proof.checks`` can write has its Chinese."""
    import inspect
    import re

    from mailflow.reconciliation import proof
    from mailflow.reconciliation.check_words import in_chinese

    said = re.findall(r"f?\"([a-z][^\"]* [^\"]{8,})\"", inspect.getsource(proof.checks))
    assert len(said) >= 9
    for sentence in said:
        text = re.sub(r"\{[^}]*\}", "12.00", sentence)
        assert re.search(r"[\u4e00-\u9fff]", in_chinese(text)), text


@pytest.mark.parametrize(("language", "to_do"), [("en", "To do"), ("zh-CN", "处理")])
def test_what_is_left_for_us_to_do_stays_out_of_the_copy_that_they_get(language: str, to_do: str) -> None:
    own, copy = layout(payable(), language), layout(payable(), language, internal=False)
    assert to_do in text_of_html(html_page(own)) and to_do in text_of_pdf(pdf(own))
    for text in (text_of_html(html_page(copy)), text_of_pdf(pdf(copy))):
        assert to_do not in text.split() and own.rows[0].action[:12] not in text
    sheets = openpyxl.load_workbook(io.BytesIO(workbook(copy)))
    cells = [str(cell.value) for sheet in sheets for row in sheet.iter_rows() for cell in row if cell.value]
    assert to_do not in cells and own.rows[0].action not in cells


def test_no_heading_stands_alone_at_the_end_of_a_page() -> None:
    """Whatever the number of items above it: the heading of the matches has rows of its table below it."""
    for count in range(1, 16):
        ours = [item(f"L{n}", f"INV-{5000 + n}", f"{n + 1}00.10") for n in range(count)]
        content = pdf(layout(compare([*ours, item("M1", "INV-9001", "77.00")], [line(1, "INV-9001", "77.00")])))
        with pdfplumber.open(io.BytesIO(content)) as document:
            pages = [page.extract_text() for page in document.pages]
        [page] = [page for page in pages if "\nMatches" in page or page.startswith("Matches")]
        assert "INV-9001" in page.split("Matches", 1)[1]
