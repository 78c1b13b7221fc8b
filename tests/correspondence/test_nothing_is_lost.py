"""The harm of cutting too much: every written reply, under greetings and above signatures, comes back whole."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mailflow.correspondence.closings import closing
from mailflow.correspondence.quotation import newest_text
from tests.correspondence.mails import squeezed

_FILE = Path(__file__).with_name("replies.jsonl")
_TEXTS = [json.loads(line)["text"].strip() for line in _FILE.read_text(encoding="utf-8").splitlines() if line.strip()]
TEXTS = [text for text in _TEXTS if text and not closing(text.split("\n")[-1])]
GREETINGS = ["", "Hi Jane,\n\n", "您好,\n\n", "Hi Jane,\n", "Dear Sirs,\n\nThank you for your statement.\n\n"]
ENDS = [
    "",
    "\n\nBest regards\nJane Doe\nTel: +44 20 7946 0000",
    "\n\n此致\n敬礼\n王会计\n电话：0512-66660000",
    "\n\nJane Doe\nBuyer Ltd\nTel: +44 20 7946 0000",
    "\n\n张三\n财务部\n电话：0512-66660000",
    "\n\nThanks\nJane",
    "\n谢谢\n王芳",
    "\n\n--\nJane",
    "\n\nSent from my iPhone",
    "\n\n发自我的iPhone",
]


@pytest.mark.parametrize("end", ENDS)
def test_a_reply_above_any_end_is_kept_whole(end: str) -> None:
    for place, text in enumerate(TEXTS):
        words = GREETINGS[place % len(GREETINGS)] + text
        assert squeezed(newest_text(words + end)) == squeezed(words)


@pytest.mark.long
@pytest.mark.parametrize("greeting", GREETINGS)
def test_a_reply_under_any_greeting_above_any_end_is_kept_whole(greeting: str) -> None:
    for end in ENDS:
        for text in TEXTS:
            assert squeezed(newest_text(greeting + text + end)) == squeezed(greeting + text)
