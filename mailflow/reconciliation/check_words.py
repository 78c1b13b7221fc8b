"""What the five checks found, in Chinese: the sentences of ``proof.py`` with their amounts."""

from __future__ import annotations

import re

_ZH = [
    (re.compile(pattern), words)
    for pattern, words in (
        (r"their document's own arithmetic does not hold; read it again", "对方单据自身加总不符，须重新核读"),
        (r"their document prints no total to test its lines with", "对方单据未列合计，无从核对各行"),
        (
            r"their total cannot be proven from their lines; difference (?P<a>\S+)",
            "对方合计与其明细不符，相差 {a}",
        ),
        (r"their lines add up to their printed total", "对方各行之和与其所列合计一致"),
        (
            r"our balance is the sum of the ledger's items; no other figure was given",
            "我方余额即账面各笔之和，未另给余额",
        ),
        (r"our items do not add up to our balance; difference (?P<a>\S+)", "我方各笔之和与余额不符，相差 {a}"),
        (r"our items add up to our balance", "我方各笔之和与余额一致"),
        (
            r"our balance with all reconciling items and the rest equals theirs",
            "我方余额加减全部调节项及未查明差额等于对方余额",
        ),
        (r"nothing is unexplained", "无未查明差额"),
        (r"unexplained (?P<a>\S+)", "未查明差额 {a}"),
        (r"every item names kind, lines, reason and action", "每一调节项均列明类别、所涉各行、原因和处理办法"),
    )
]


def in_chinese(detail: str) -> str:
    """``detail`` of a check in Chinese; an unknown sentence stays as it is."""
    for pattern, words in _ZH:
        found = pattern.fullmatch(detail)
        if found is not None:
            return words.format(**found.groupdict())
    return detail
