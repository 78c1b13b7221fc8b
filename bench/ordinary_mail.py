"""Ordinary mail for the bench: replies of our own tests in the dress of mail programs, each reply once."""

# ruff: noqa: E501 (mails are quoted as they are)

from __future__ import annotations

import json
from pathlib import Path

from reply_fixtures import Case

TESTS = Path(__file__).resolve().parent.parent / "tests" / "correspondence"
LETTERS = {
    "en": "Dear all,\n\nBalance due: 45,000.00\nINV-77777 31 Oct 2026 9,999.00\n\nPlease confirm.\n\nHuaxing Trading",
    "zh": "尊敬的客户:\n\n余额 45,000.00 元。\nFP77777777 2026-10-31 9,999.00\n请核对后回复确认。\n\n华星贸易有限公司",
}
# what stands above the quoted letter, and before each of its lines; without the first, nothing is quoted
SEPARATORS = {
    "en": [
        ("On Mon, Nov 2, 2026 at 9:{:02} AM Huaxing Accounts <ar@huaxing.example> wrote:", "> "),
        ("From: Huaxing <ar@huaxing.example>\nSent: Monday, November 2, 2026 9:{:02} AM\nTo: AP\nSubject: Statement", ""),
        ("-----Original Message-----\nFrom: Huaxing [mailto:ar@huaxing.example]\nSent: 2 November 2026 09:{:02}\nTo: AP", ""),
        ("", ""),
    ],
    "zh": [
        ("Huaxing Accounts <ar@huaxing.example> 于2026年11月2日周一 09:{:02}写道：", "> "),
        ("发件人: 华星 <ar@huaxing.example>\n发送时间: 2026年11月2日 9:{:02}\n收件人: AP\n主题: 对账单", ""),
        ('------------------ 原始邮件 ------------------\n发件人: "华星" <ar@huaxing.example>;\n发送时间: 2026年11月2日 9:{:02}', ""),
        ("", ""),
    ],
}  # fmt: skip


def ordinary_mail() -> list[Case]:
    """Plain bodies, about half Chinese and half English, with the text that their sender wrote."""
    ends: dict[str, list[str]] = {"en": [], "zh": []}
    for one in _records("written_ends.jsonl"):
        ends[one["language"]].append(one["end"])
    cases = []
    for name in ("written_replies.jsonl", "replies.jsonl", "unseen_replies.jsonl"):
        for at, one in enumerate(_records(name)):
            text = one["text"]
            language = "en" if text.isascii() else "zh"
            end = ends[language][at * 7 % len(ends[language])]
            separator, mark = SEPARATORS[language][at % 4]
            quote = [separator.format(at % 60), "", *(mark + line for line in LETTERS[language].split("\n"))]
            body = "\n".join([text, "", end, "", *(quote if separator else [])])
            cases.append(Case(f"{name} {at + 1}", body, text))
    return cases


def _records(name: str) -> list[dict[str, str]]:
    lines = (TESTS / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]
