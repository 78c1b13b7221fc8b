"""Bank statements and notifications, ISO 20022."""

from __future__ import annotations

from decimal import Decimal

import pytest

from parsers import parse
from parsers.documents import Kind, LineType, Trust
from tests.parsers.formats import structured


@pytest.mark.parametrize("version", ["camt.053.001.02", "camt.053.001.08", "camt.053.001.13"])
def test_a_bank_statement_is_read_and_proven_in_every_version(version: str) -> None:
    [document] = parse(structured.camt(version=version), "x.xml")
    assert (document.kind, document.trust, document.currency) == (Kind.BANK_NOTICE, Trust.PROVEN, "EUR")
    assert (document.recipient.name, document.recipient.account_no) == ("Huaxing", "DE02")
    assert (document.opening_balance, document.closing_balance) == (Decimal("1000.00"), Decimal("1420.00"))


def test_a_batch_gives_one_line_a_transaction_and_pending_entries_none() -> None:
    [document] = parse(structured.camt(), "x.xml")
    assert [(line.reference, line.amount, line.type) for line in document.lines] == [
        ("INV-1", Decimal("200.00"), LineType.PAYMENT),
        ("INV-2", Decimal("300.00"), LineType.PAYMENT),
        ("BANK1", Decimal("-80.00"), LineType.PAYMENT),
    ]
    assert "E-INV-1" in document.lines[0].other_references
    assert any("pending" in warning for warning in document.warnings)


def test_a_closing_balance_that_does_not_follow_is_not_proven() -> None:
    [document] = parse(structured.camt(closing="1421.00"), "x.xml")
    assert document.trust is Trust.UNPROVEN


def test_what_is_available_is_no_booked_balance() -> None:
    message = structured.camt().replace(b"CLBD", b"CLAV").replace(b"OPBD", b"OPAV")
    [document] = parse(message, "x.xml")
    assert (document.opening_balance, document.closing_balance) == (None, None)
