"""One click, one reply, one meaning: what the buttons prepare is what our own reader makes of it."""

import datetime as dt
from urllib.parse import parse_qs, urlsplit

import pytest

from mailflow.adapters.letters_mjml import LetterRenderer
from mailflow.adapters.wording_files import load_wording
from mailflow.correspondence import letter_samples as samples
from mailflow.correspondence.answers import answers
from mailflow.correspondence.intent import understand
from mailflow.correspondence.message import Intent, Meaning
from mailflow.correspondence.statement_sheet import lay_out
from mailflow.resources import templates_directory

RENDERER = LetterRenderer(templates_directory())
WORDING = load_wording()
MEANT = {
    "confirm": Intent.CONFIRM,
    "differs": Intent.DISPUTE,
    "paid": Intent.PAYMENT_MADE,
    "question": Intent.QUESTION,
}


def prepared(language: str, key: str) -> tuple[str, str]:
    sheet = lay_out(samples.STATEMENT, samples.COMPANY, RENDERER.words(language), samples.ROUTE)
    (answer,) = answers(sheet, (key,))
    query = parse_qs(urlsplit(answer.link).query)
    return query["subject"][0], query["body"][0].replace("\r\n", "\n")


def meaning(subject: str, text: str) -> Meaning:
    return understand(
        text,
        subject=subject,
        sent=dt.datetime(2026, 11, 3, tzinfo=dt.UTC),
        known_references=[samples.STATEMENT.number, "INV-0901", "INV-0960"],
        wording=WORDING,
    )


@pytest.mark.parametrize("language", ["en", "zh-CN", "zh-TW"])
@pytest.mark.parametrize("key", list(MEANT))
def test_a_prepared_answer_means_what_its_button_says_and_nothing_else_that_moves_a_case(
    language: str, key: str
) -> None:
    said = {one.intent for one in meaning(*prepared(language, key)).intents}
    assert MEANT[key] in said
    assert not said & (
        {Intent.CONFIRM, Intent.DISPUTE, Intent.PROMISE_TO_PAY, Intent.BANK_DETAILS_CHANGE} - {MEANT[key]}
    )


@pytest.mark.parametrize("language", ["en", "zh-CN", "zh-TW"])
def test_a_payment_that_was_filled_in_is_a_payment_made_not_a_promise(language: str) -> None:
    subject, text = prepared(language, "paid")
    lines = text.split("\n")
    filled = "\n".join(
        line + (" 2026-11-02" if number == 2 else " 3,000.00" if number == 3 else " INV-0901" if number == 4 else "")
        for number, line in enumerate(lines)
    )
    found = meaning(subject, filled)
    said = {one.intent for one in found.intents}
    assert Intent.PAYMENT_MADE in said and Intent.PROMISE_TO_PAY not in said
    assert "INV-0901" in found.references and "3000.00" in {str(one.amount) for one in found.amounts}
