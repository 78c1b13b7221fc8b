"""The table of the field guide "statements", 3.3, and the gaps where other programs slip."""

from decimal import Decimal

import pytest

from mailflow.receivables.capital_amount import capital_amount


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        ("22500.00", "贰万贰仟伍佰元整"),
        ("1409.50", "壹仟肆佰零玖元伍角"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("10.00", "壹拾元整"),
        ("107000.53", "壹拾万柒仟元零伍角叁分"),
        ("0", "零元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("1680.32", "壹仟陆佰捌拾元零叁角贰分"),
        ("10400", "壹万零肆佰元整"),
        ("100000000", "壹亿元整"),
        ("100010000", "壹亿零壹万元整"),
        ("100000001", "壹亿零壹元整"),
        ("1000200030004.05", "壹万零贰亿零叁万零肆元零伍分"),
        ("1002000000000.00", "壹万零贰拾亿元整"),
        ("20000000000000.10", "贰拾万亿元零壹角"),
        ("-13500.00", "负壹万叁仟伍佰元整"),
    ],
)
def test_amounts_are_written_as_the_rules_of_payment_documents_ask(amount: str, written: str) -> None:
    assert capital_amount(Decimal(amount)) == f"人民币{written}"


@pytest.mark.parametrize("amount", ["0.001", "10000000000000000"])
def test_what_cannot_be_written_is_refused(amount: str) -> None:
    with pytest.raises(ValueError, match="cannot be written"):
        capital_amount(Decimal(amount))
