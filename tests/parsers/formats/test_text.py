"""Plain text: columns made of spaces, sentences, and what is neither."""

from __future__ import annotations

from decimal import Decimal

import pytest

from parsers import parse
from parsers.documents import Kind, LineType, Trust
from parsers.errors import LimitReached
from parsers.formats import sentences, text
from parsers.recognise import recognise
from parsers.source import Source

STATEMENT = """\
Harrow & Finch Ltd
                 STATEMENT OF ACCOUNT
To: Kestrel Office Supplies plc
Currency: GBP

Date          Reference     Details                        Debit       Credit      Balance
----------    ----------    ----------------------    ----------   ----------   ----------
                            Brought forward                                       1,000.00
01/08/2026    A04885-1      calibration service        15,076.66                 16,076.66
07/08/2026    CHQ 004893    BACS payment                             1,076.66    15,000.00
18/08/2026    A04901-1      hydraulic hose                 82.72                 15,082.72

Balance due: 15,082.72
"""


def test_columns_of_spaces_are_read_and_the_commas_in_amounts_are_no_delimiters() -> None:
    assert recognise(STATEMENT.encode(), "s.txt") == "text"
    [document] = parse(STATEMENT.encode(), "s.txt")
    assert (document.kind, document.trust, document.issuer.name) == (Kind.STATEMENT, Trust.PROVEN, "Harrow & Finch Ltd")
    assert [(line.reference, line.amount) for line in document.lines] == [
        ("A04885-1", Decimal("15076.66")),
        ("CHQ 004893", Decimal("-1076.66")),
        ("A04901-1", Decimal("82.72")),
    ]


def test_chinese_characters_are_two_columns_wide_and_rules_are_no_words() -> None:
    page = text.page("单号  金额\n----  ====\nA1    5.00\n")
    places = {word.text: word.x0 for word in page.words}
    assert places["金额"] == places["5.00"] == 6 * text.CHARACTER
    assert len(page.words) == 4


def test_a_line_without_end_is_refused_by_the_limit() -> None:
    with pytest.raises(LimitReached, match="MAX_LINE_CHARACTERS"):
        text.page("1,234.00 " * 100_000)


@pytest.mark.parametrize(
    ("said", "lines", "total"),
    [
        ("We paid today INV-1001 EUR 500.00 and INV-1002 EUR 700.00, in total EUR 1,200.00.", 2, "1200.00"),
        (
            "we have transferred on 3 November 2026:\nINV-1001 500.00\nINV-1002 1,700.00\n"
            "credit note CN-77 50.00\nTotal 2,150.00",
            3,
            "2150.00",
        ),
        (
            "我司已于2026年11月2日电汇货款，发票FP00008140 金额38,623.91元，"
            "发票FP00008142 金额29,348.68元，合计67,972.59元，请查收。",
            2,
            "67972.59",
        ),
        (
            "Wir haben heute überwiesen: RE-2026-101 1.234,56 EUR, RE-2026-102 100,00 EUR. Summe 1.334,56 EUR",
            2,
            "1334.56",
        ),
    ],
)
def test_sentences_of_a_payment_that_was_made_are_proven_by_their_total(said: str, lines: int, total: str) -> None:
    document = sentences.read(said, Source("x"))
    assert document is not None
    assert (document.kind, document.trust, len(document.lines)) == (Kind.REMITTANCE_ADVICE, Trust.PROVEN, lines)
    assert document.payment.amount == Decimal(total)


def test_a_credit_note_in_a_sentence_is_deducted() -> None:
    document = sentences.read("We paid INV-101 500.00 less credit note CN-77 50.00, total 450.00.", Source("x"))
    assert document is not None
    assert [line.type for line in document.lines] == [LineType.INVOICE, LineType.CREDIT_NOTE]
    assert document.trust is Trust.PROVEN


def test_a_total_that_is_not_the_sum_is_unproven() -> None:
    document = sentences.read("We paid INV-1001 500.00 and INV-1002 700.00, in total 1,300.00.", Source("x"))
    assert document is not None and document.trust is Trust.UNPROVEN


@pytest.mark.parametrize(
    "said",
    [
        "We will pay INV-1001 500.00 next week.",
        "We have not paid INV-1001 500.00.",
        "Did you see that we paid INV-1001 500.00?",
        "INV-1001 500.00 is open.",
        "发票FP00008140 金额38,623.91元我司将于下周付款。",
        "",
    ],
)
def test_what_is_denied_promised_or_asked_is_no_remittance_advice(said: str) -> None:
    assert sentences.read(said, Source("x")) is None
