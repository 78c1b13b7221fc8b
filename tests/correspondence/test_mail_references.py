"""Document numbers: the ledger's own first, shapes second, and what is none."""

from __future__ import annotations

import pytest

from mailflow.correspondence.folding import fold
from mailflow.correspondence.mail_references import find_references, other_things


def read(text: str, *known: str) -> list[str]:
    folded = fold(text)
    return [found.reference for found in find_references(text, folded, other_things(folded), known)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("发票XS20261100这张", ["XS20261100"]),
        ("INV-1001, PO-77 and SI/2026/0187", ["INV-1001", "PO-77", "SI/2026/0187"]),
        ("INV-10466/10467", ["INV-10466", "INV-10467"]),
        ("INV-1001, 1002 and 1003", ["INV-1001", "INV-1002", "INV-1003"]),
        ("invoice 88213 for 1250.00", ["88213"]),
        ("发票号 04812345 有误", ["04812345"]),
        ("Re: RE-2026-114: the quote", ["RE-2026-114"]),
    ],
)
def test_references_are_found_by_their_shape(text: str, wanted: list[str]) -> None:
    assert read(text) == wanted


def test_open_items_win_however_they_are_written() -> None:
    assert read("inv 1001 and #10488", "INV-1001", "INV-10488") == ["INV-1001", "INV-10488"]
    assert read("XS-2026/1100", "XS20261100") == ["XS20261100"]


@pytest.mark.parametrize(
    "text",
    [
        "电话 0755-88886666",
        "call +44 113 496 0200",
        "IBAN DE89 3704 0044 0532 0130 00",
        "账号：6222 0210 0101 2345 678",
        "sort code 20-00-00 account 12345678",
        "Q3, 30k, 20th, net30, A4",
        "[ST-2026-10-C001-01CE4B]",
        "2026-11-16",
        "顺丰 SF1234567890",
        "cheque no. 004512",
        "税号 91310000MA1K12345X",
        "ap2@test1.example",
        "USD500",
        "13800138000",
    ],
)
def test_other_numbers_are_no_references(text: str) -> None:
    assert read(text) == []
