"""What is left of a document number when its decoration is taken off."""

from __future__ import annotations

import pytest

from mailflow.reconciliation import keys


@pytest.mark.parametrize(
    ("printed", "rung"),
    [
        ("inv-001023", 0), (" INV-001023 ", 0), ("INV001023", 1), ("INV 001023", 1), ("ＩＮＶ－００１０２３", 1),
        ("No. 001023", 2), ("发票001023", 2), ("发票号:001023", 2), ("Rechnung 001023", 2), ("1023", 3), ("A1023", 3),
        ("001023/2026", 4), ("INV-001023-00", 4), ("INV-001023 (rev. 2)", 4), ("INV-OO1O23", 5), ("XY/OO1O23", 6),
    ],
)  # fmt: skip
def test_a_decorated_number_meets_the_plain_one_at_or_before_this_rung(printed: str, rung: int) -> None:
    plain, other = keys.climb("INV-001023"), keys.climb(printed)
    met = [place for place in range(keys.RUNGS) if plain[place] and plain[place] == other[place]]
    assert met
    assert met[0] <= rung


def test_words_without_a_digit_and_short_numbers_are_no_number() -> None:
    for text in ("", "Invoices", "PAYMENT RECEIVED", "12", "A1", "每月合计"):
        assert not keys.plain(text)


def test_a_prefix_is_dropped_before_letters_are_read_as_digits() -> None:
    assert keys.climb("INV10010")[5] == keys.climb("INV1OO1O")[5] == "10010"


def test_numbers_of_two_years_are_two_numbers() -> None:
    assert keys.years_contradict("INV/2025/00017", "INV/2026/00017")
    assert not keys.years_contradict("INV/2026/00017", "00017")
    assert not keys.years_contradict("00017/2026", "INV-2026-00017")


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("INV-10023/24/25", ("INV-10023", "INV-10024", "INV-10025")),
        ("A1001, A1002; A1003", ("A1001", "A1002", "A1003")),
        ("10023-10026", ("10023", "10024", "10025", "10026")),
        ("FP-005014-A~005016", ("FP-005014", "FP-005015", "FP-005016")),
        ("INV-022971/018", ("INV-022971", "INV-023018")),
        ("发票10023、10024", ("发票10023", "10024")),
        ("INV-1001 INV-1002", ("INV-1001", "INV-1002")),
        ("XS1001/XS1002", ("XS1001", "XS1002")),
    ],
)
def test_a_list_of_numbers_is_read_as_its_numbers(text: str, numbers: tuple[str, ...]) -> None:
    assert keys.parts(text) == numbers


def test_one_number_is_no_list() -> None:
    for text in ("INV-001023", "FP-056079-A", "SI/036161", "INV/2026/0123", "56079/2026", "2026-0001", "XS2026-00"):
        assert keys.parts(text) == ()


def test_dates_amounts_and_years_in_a_text_are_no_document_numbers() -> None:
    assert keys.mentions("paid 2026-10-31, 1,234.50 for 2026, your INV-001023 thanks") == ("INV-001023",)
    assert keys.mentions("货款 XS20261054550 请查收") == ("XS20261054550",)
    assert keys.mentions("") == ()


def test_the_quick_way_through_the_ladder_finds_what_the_general_way_finds() -> None:
    for raw in (
        "XS20261054550",
        "INV-001023",
        "发票10023",
        "INVXS2026",
        "Inv 056099",
        "00007122",
        "No.00123",
        "CN-00123",
    ):
        first = keys.printed(raw)
        letters = "".join(c for c in first if c.isalnum())
        digits = "".join(c for c in letters if c.isdigit()).lstrip("0")
        climbed = keys.climb(raw)
        assert len(climbed) == keys.RUNGS
        assert climbed[:2] == (first, letters)
        assert climbed[3] == digits
        assert climbed[4:] == keys.high_rungs((first, letters, keys.strip_words(letters), digits))
