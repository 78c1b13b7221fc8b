"""The short reasons why a candidate lost (``why_not`` and ``nearest`` of the contract's JSON), in Chinese."""

from __future__ import annotations

import re

_ZH = [
    (re.compile(pattern), words)
    for pattern, words in (
        (r"amount is (?P<a>\S+)", "金额为 {a}"),
        (r"same amount, but (?P<a>\d+) days apart", "金额相同,但日期相差 {a} 天"),
        (r"fits as well; taken by another item or later in the document", "同样相符,但已归入另一笔,或在单据中排在后面"),
        (r"same number, but matched with another (?:line|item)", "号码相同,但已与另一笔勾对"),
        (r"same amount, but matched with another (?:line|item)", "金额相同,但已与另一笔勾对"),
        (r"same number, but on the other side: (?P<a>\S+)", "号码相同,但方向相反:{a}"),
        (r"same number, but the amount is (?P<a>\S+)", "号码相同,但金额为 {a}"),
        (r"same amount on the other side of the account, number differs", "金额相同但方向相反,号码不同"),
        (r"same amount, number differs, no date to compare", "金额相同,号码不同,无日期可比"),
        (r"same amount, number differs, (?P<a>\d+) days apart", "金额相同,号码不同,日期相差 {a} 天"),
        (
            r"same amount, number differs, no date to compare, the amount occurs (?P<b>\d+) times",
            "金额相同,号码不同,无日期可比,该金额出现 {b} 次",
        ),
        (
            r"same amount, number differs, (?P<a>\d+) days apart, the amount occurs (?P<b>\d+) times",
            "金额相同,号码不同,日期相差 {a} 天,该金额出现 {b} 次",
        ),
    )
]


def because(text: str, language: str) -> str:
    """``text`` as it stands in the record, in ``language`` ("zh" or other); unknown reasons stay English."""
    if language != "zh":
        return text
    for pattern, words in _ZH:
        found = pattern.fullmatch(text)
        if found is not None:
            return words.format(**found.groupdict())
    return text
