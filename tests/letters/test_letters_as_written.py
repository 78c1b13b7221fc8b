"""Every letter in every language, word for word: a changed sentence shows up in the review, not at a customer's.

After a wanted change: ``MAILFLOW_WRITE_GOLDEN=1 .venv/bin/pytest tests/letters/test_letters_as_written.py``.
"""

import os
from pathlib import Path

import pytest

from mailflow.adapters.letters_mjml import LetterRenderer
from mailflow.correspondence.letter_occasions import KINDS, occasions
from mailflow.resources import templates_directory

RENDERER = LetterRenderer(templates_directory())
GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("language", ["en", "zh-CN", "zh-TW"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_text_of_a_letter_is_the_one_that_was_approved(kind: str, language: str) -> None:
    letter = RENDERER.render(kind, language, occasions(kind, RENDERER.words(language))[0])
    written = f"{letter.subject}\n\n{letter.text}"
    kept = GOLDEN / f"{kind}.{language}.txt"
    if os.environ.get("MAILFLOW_WRITE_GOLDEN"):
        kept.write_text(written, encoding="utf-8")
    assert written == kept.read_text(encoding="utf-8")


def test_no_approved_letter_is_left_without_a_template() -> None:
    assert {path.name.split(".")[0] for path in GOLDEN.glob("*.txt")} == set(KINDS)
