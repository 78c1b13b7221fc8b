"""Hostile texts cost no more than their length."""

from __future__ import annotations

import datetime as dt
import time

import pytest

from mailflow.adapters.wording_files import load_wording
from mailflow.correspondence.intent import understand

MONDAY = dt.datetime.fromisoformat("2026-11-02T09:14:00+08:00")
TRIGGERS = [
    "on ", "在 ", "1,", "1.", "1 ", "不", "not ", "万", "一", "2024-", "INV-", "a-", "[st-", "please ", "年月日",
    "日前", "a@", "+1 ", "(", "“", "confirmed, ", "但", "? ", "\n", "下周", "within 1 ", "$", "-", "账号 1", "除",
    "the 1st ",
    "iban de89 ", "payment to ", "a.b.", "元", "1000000000", "请", " ", "发票 ",
]  # fmt: skip


@pytest.mark.long  # measures time, which a busy machine distorts
@pytest.mark.parametrize("trigger", TRIGGERS)
def test_time_grows_with_the_length_only(trigger: str) -> None:
    wording = load_wording()

    def spent(size: int) -> float:
        text = (trigger * (size // len(trigger) + 1))[:size]
        best = 1e9
        for _ in range(2):
            started = time.process_time()
            understand(text, sent=MONDAY, wording=wording)
            best = min(best, time.process_time() - started)
        return best

    small, large = spent(4_000), spent(16_000)
    assert large < 0.05 or large / small < 9  # four times the text; quadratic would be sixteen
