"""Amounts: every way to print one, and which mark is decimal."""

from __future__ import annotations

from decimal import Decimal

import pytest

from parsers import amounts


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,234.56", "1234.56"),
        ("(1,234.56)", "-1234.56"),
        ("1,234.56-", "-1234.56"),
        ("-¥1,234.56", "-1234.56"),
        ("¥ -12.00", "-12.00"),
        ("１，２３４．５６", "1234.56"),
        ("12,34,567.00", "1234567.00"),
        ("1'234.50", "1234.50"),
        ("1\u00a0234,56", "1234.56"),
        ("−3 478,56 €", "-3478.56"),
        ("USD 1,234.56", "1234.56"),
        ("0", "0"),
        ("1,234.56元", "1234.56"),
        ("(USD 20.00)", "-20.00"),
        (".50", "0.50"),
        ("1.724,70 €-", "-1724.70"),
    ],
)
def test_an_amount_is_read_exactly_however_it_is_printed(text: str, value: str) -> None:
    found = amounts.parse(text, "," if ",56" in text or ",70" in text else ".")
    assert found is not None and found.value == Decimal(value)


@pytest.mark.parametrize(("text", "side"), [("1,234.56 CR", "credit"), ("贷 1,000.00", "credit"), ("5.00Dr", "debit")])
def test_the_side_beside_a_number_is_told_and_does_not_change_the_number(text: str, side: str) -> None:
    found = amounts.parse(text)
    assert found is not None and found.side == side and found.value > 0


@pytest.mark.parametrize(
    "text", ["INV-1001", "2026-10-01", "12.5%", "(1,234.56", "1,598,282.881,598,282.88", "A12", ""]
)
def test_what_is_no_amount_is_not_read_as_one(text: str) -> None:
    assert amounts.parse(text) is None


def test_the_decimal_mark_is_decided_over_the_whole_document() -> None:
    assert amounts.decide_mark(["1.234", "12,50", "3.000,00"]) == (",", True)
    assert amounts.decide_mark(["1,234", "12.50"]) == (".", True)
    assert amounts.decide_mark(["1,234", "2,000"]) == (".", False)
    assert amounts.parse("1.234", ",") == amounts.Amount(Decimal("1234"))


def test_a_reference_or_a_count_does_not_look_like_money() -> None:
    assert not any(map(amounts.looks_like_money, ["SI001465", "8900", "2026/7930-1", "A-1.5"]))
    assert all(map(amounts.looks_like_money, ["8,900", "0.00", "$1,234", "12.50-"]))


def test_amounts_written_out_in_chinese_are_read() -> None:
    assert amounts.chinese_capital("人民币(大写):壹拾贰万叁仟肆佰伍拾陆元柒角捌分") == Decimal("123456.78")
    assert amounts.chinese_capital("贰亿零叁佰万元整") == Decimal("203000000.00")
    assert amounts.chinese_capital("本月合计") is None
