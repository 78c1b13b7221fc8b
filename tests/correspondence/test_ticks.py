"""Ticks beside items and boxes before printed choices: what bears no mark says nothing."""

from __future__ import annotations

import pytest

from mailflow.adapters.wording_files import load_wording
from mailflow.correspondence.folding import fold
from mailflow.correspondence.intent import understand
from mailflow.correspondence.ticks import find_marks


def intents(text: str) -> list[str]:
    return [stated.intent.value for stated in understand(text, wording=load_wording()).intents]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("☑ 信息证明无误\n☐ 信息不符", ["confirm"]),
        ("☐ 信息证明无误\n☑ 信息不符，差额 1,300.00 元", ["dispute"]),
        ("（√）信息证明无误\n（ ）信息不符", ["confirm"]),
        ("（ ）信息证明无误\n（ ）信息不符", ["other"]),
        ("□ 信息证明无误\n□ 信息不符", ["other"]),
        ("[x] Balance agreed\n[ ] Balance not agreed, difference: ______", ["confirm"]),
        ("[ ] We agree the balance\n[X] We do not agree. Our balance is 41,200.00", ["dispute"]),
    ],
)
def test_only_a_marked_choice_counts(text: str, wanted: list[str]) -> None:
    assert intents(text) == wanted


@pytest.mark.parametrize(
    "text",
    ["INV-1001 ✓\nINV-1002 ✗ goods never arrived\nINV-1003 ✓", "XS20261001 √\nXS20261002 × 单价不对\nXS20261003 √"],
)
def test_ticked_items_are_agreed_beside_the_crossed_one(text: str) -> None:
    assert intents(text) == ["dispute", "confirm"]


def test_ticks_alone_are_held_for_a_person() -> None:
    stated = understand("INV-1001 ✓\nINV-1002 ✓", wording=load_wording()).intents[0]
    assert stated.intent.value != "confirm" or stated.confidence < 0.8


@pytest.mark.parametrize(
    "text",
    [
        "■ INV-1001: price is wrong\n■ INV-1002 never arrived",
        "□ XS20261001 单价不对\n□ XS20261002 没有收到货，请核实",
        "- INV-1001 (x2) was billed twice",
        "Size 30 × 40 is wrong on INV-1001.",
    ],
)
def test_points_of_a_list_and_measures_are_no_boxes(text: str) -> None:
    assert intents(text)[0] == "dispute"


def test_many_brackets_take_linear_time_and_give_nothing() -> None:
    assert find_marks(fold("(" * 50_000 + "\n" + "[ ]\n" * 20_000)) == []
