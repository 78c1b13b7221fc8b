"""What headers, mark rows, titles and labels call themselves."""

from __future__ import annotations

import pytest

from parsers.documents import Kind, LineType
from parsers.wording import types
from parsers.wording.columns import Role, role
from parsers.wording.labels import Field, labels_in
from parsers.wording.marks import Mark, mark
from parsers.wording.titles import kinds_in


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Invoice No.", Role.REFERENCE),
        ("发票号码 Invoice No.", Role.REFERENCE),
        ("金额（元）", Role.AMOUNT),
        ("Amount (EUR)", Role.AMOUNT),
        ("Fällig am", Role.DUE),
        ("N° facture", Role.REFERENCE),
        ("Nº Doc.", Role.REFERENCE),
        ("Échéance", Role.DUE),
        ("應收金額", Role.DEBIT),
        ("餘額", Role.BALANCE),
        ("S/H", Role.DIRECTION),
        ("90+", Role.BUCKET),
        ("31 - 60", Role.BUCKET),
        ("Vencimiento", Role.DUE),
        ("Rechnungsnummer", Role.REFERENCE),
        ("Widgets", None),
    ],
)
def test_a_header_cell_names_its_role_in_every_language(text: str, expected: Role | None) -> None:
    assert role(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Balance brought forward", Mark.OPENING),
        ("期初余额", Mark.OPENING),
        ("承前页", Mark.BROUGHT),
        ("合 计", Mark.TOTAL),
        ("Closing balance as at 30 September 2026", Mark.CLOSING),
        ("Saldo zum 31.10.2026", Mark.CLOSING),
        ("本页合计", Mark.SUBTOTAL),
        ("Total station rental", None),
        ("Balance wheel, steel", None),
    ],
)
def test_a_total_is_told_from_a_line_that_begins_alike(text: str, expected: Mark | None) -> None:
    assert mark(text) is expected


def test_titles_tell_the_kind() -> None:
    assert [k for k, _ in kinds_in("对 账 单")] == [Kind.STATEMENT]
    assert kinds_in("Zahlungsavis")[0][0] is Kind.REMITTANCE_ADVICE
    assert kinds_in("付款通知书")[0][0] is Kind.REMITTANCE_ADVICE


def test_labels_are_found_with_their_values_apart() -> None:
    text = "供方:深圳市华强 需方:天津滨海"
    assert [(label.field, text[label.start : label.end]) for label in labels_in(text)] == [
        (Field.SELLER, "供方:"),
        (Field.BUYER, "需方:"),
    ]


def test_types_are_told_by_type_words_and_by_letters() -> None:
    assert types.of_type_cell("Credit Note") is LineType.CREDIT_NOTE
    assert types.of_reference("收-7902") is LineType.PAYMENT
    assert types.of_words("Price correction credit") is LineType.CREDIT_NOTE
