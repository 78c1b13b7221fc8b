"""Amounts as people write them in mail, each against its true value."""

from __future__ import annotations

from decimal import Decimal

import pytest

from mailflow.correspondence.chinese_numbers import money, whole_number
from mailflow.correspondence.folding import fold
from mailflow.correspondence.mail_amounts import find_amounts


def read(text: str) -> list[tuple[str, str | None]]:
    return [(format(found.amount.normalize(), "f"), found.currency) for found in find_amounts(fold(text), [])]


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("货款1.2万元", "12000", "CNY"),
        ("12.8万，请查收", "128000", None),
        ("1.5亿元", "150000000", "CNY"),
        ("3万5千元", "35000", "CNY"),
        ("差了一万二，查一下", "12000", "CNY"),
        ("人民币壹拾贰万元整", "120000", "CNY"),
        ("壹拾贰万零叁佰元零伍分", "120300.05", "CNY"),
        ("伍角整", "0.5", "CNY"),
        ("１２，３４５．６７元", "12345.67", "CNY"),
        ("balance of (1,200.00)", "-1200", None),
        ("an adjustment of -75.00", "-75", None),
        ("20,000.00 CR", "-20000", None),
        ("EUR 1.234,56", "1234.56", "EUR"),
        ("1 234,50 €", "1234.5", "EUR"),
        ("CHF 1’234.50", "1234.5", "CHF"),
        ("Rs. 1,00,000.00", "100000", "INR"),
        ("30k too high", "30000", None),
        ("$1.2 million", "1200000", None),
        ("NT$1,200", "1200", "TWD"),
        ("we pay 4000 on Friday", "4000", None),
        ("余额为12500", "12500", None),
        ("合同价是 3,200.00 元", "3200", "CNY"),
    ],
)
def test_an_amount_is_read_exactly(text: str, amount: str, currency: str | None) -> None:
    assert read(text) == [(amount, currency)]


@pytest.mark.parametrize(
    "text",
    [
        "8 of the 10 boxes", "within 5 working days", "减5%的", "第4行", "line 12", "万一没到", "千万别忘", "十分感谢",
        "20箱", "in 2026", "at 10:30", "两周内", "VAT 19 %", "Q3 and Q4", "room 1204",
    ],
)  # fmt: skip
def test_counts_percentages_times_and_idioms_are_no_amounts(text: str) -> None:
    assert read(text) == []


def test_brackets_right_behind_a_reference_are_no_minus_sign() -> None:
    text = fold("INV-40120 (4,000.00)")
    (found,) = find_amounts(text, [(0, 9)])
    assert found.amount == Decimal("4000.00")
    assert found.note is not None


def test_a_figure_and_its_words_are_one_amount() -> None:
    assert read("￥3,000.00（大写：叁仟元整）") == [("3000", "CNY")]


@pytest.mark.parametrize(
    ("text", "value"),
    [("两万五", 25000), ("一千零五", 1005), ("一百二十三万四千五百六十七", 1234567), ("三千二", 3200), ("十二", 12)],
)
def test_number_words_have_their_value(text: str, value: int) -> None:
    assert whole_number(text) == value


def test_what_is_no_number_word_has_none() -> None:
    assert whole_number("一致") is None
    assert money("元") is None
