"""Every mail program of the field guide, with our own written replies: the new text is exactly what was written."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from mailflow.correspondence import automatic, mime, quotation
from mailflow.correspondence.closings import closing
from mailflow.correspondence.message import Automatic
from tests.correspondence.mail_programs import PROGRAMS, SIGNATURES, mail
from tests.correspondence.mails import squeezed

_FILE = Path(__file__).with_name("replies.jsonl")
REPLIES = [json.loads(line) for line in _FILE.read_text(encoding="utf-8").splitlines() if line.strip()]


def words(language: str) -> list[str]:
    """Replies that do not themselves end in a closing formula, which no reader could tell from the signature's."""
    texts = [one["text"].strip() for one in REPLIES if (one["language"] == "zh") == (language == "zh")]
    return [text for text in texts if text and not closing(text.split("\n")[-1])]


@pytest.mark.parametrize("program", PROGRAMS)
def test_the_new_text_is_what_was_written(program: str) -> None:
    language = PROGRAMS[program][0]
    chance = random.Random(program)
    pool = words(language)
    for signature in SIGNATURES[language]:
        for text in chance.sample(pool, 2):
            message = mime.read(mail(program, text, signature, chance))
            assert squeezed(quotation.split(message).new_text) == squeezed(text), (signature, text)
            assert automatic.classify(message).automatic is Automatic.NO
            assert message.sender.address == "ap@buyer.example"


@pytest.mark.long
@pytest.mark.parametrize("program", PROGRAMS)
def test_the_new_text_is_what_was_written_for_every_reply(program: str) -> None:
    language = PROGRAMS[program][0]
    chance = random.Random(f"{program} all")
    for text in words(language):
        message = mime.read(mail(program, text, chance.choice(SIGNATURES[language]), chance))
        assert squeezed(quotation.split(message).new_text) == squeezed(text), text
