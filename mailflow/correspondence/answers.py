"""The four answers that a recipient can give with one click: ``mailto:`` links with subject and text prepared.

No portal, no script: the recipient's own mail program opens a mail to the address that carries the token. What the
prepared text says is what :mod:`mailflow.correspondence.intent` reads when the mail comes back.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from mailflow.correspondence.letter_words import LetterWords
from mailflow.correspondence.statement_sheet import StatementSheet
from mailflow.money import grouped

LINK_LIMIT = 1900  # Outlook and Windows cut a mailto: link at about 2,000 characters
KEYS = ("confirm", "differs", "paid", "question")


@dataclass(frozen=True, slots=True)
class Answer:
    """``key`` is one of :data:`KEYS`; ``label`` stands on the button, ``link`` behind it."""

    key: str
    label: str
    link: str


def answers(sheet: StatementSheet, keys: tuple[str, ...] = KEYS) -> tuple[Answer, ...]:
    """In the order of ``keys``."""
    words, statement = sheet.words, sheet.statement
    facts = {
        "label": statement.label,
        "as_of": words.date(statement.as_of),
        "currency": statement.currency,
        "balance": grouped(statement.closing, statement.currency),
        "company": sheet.company.name,
        "party": statement.party.name,
        "mark": sheet.route.mark,
    }
    return tuple(_answer(key, words, facts, sheet.route.reply_to) for key in keys)


def _answer(key: str, words: LetterWords, facts: dict[str, str], address: str) -> Answer:
    subject = words.say(f"answer.{key}.subject", **facts)
    body = words.say(f"answer.{key}.body", **facts)
    link = mailto(address, subject, body)
    if len(link) > LINK_LIMIT:  # the token in subject and address is enough to find the statement
        link = mailto(address, subject, "")
    return Answer(key, words[f"answer.{key}.label"], link)


def mailto(address: str, subject: str, body: str) -> str:
    """RFC 6068; blanks as %20 (a ``+`` would be shown), line breaks as %0D%0A."""
    fields = f"subject={quote(subject, safe='')}"
    if body:
        lines = "\r\n".join(body.strip().split("\n"))
        fields += f"&body={quote(lines, safe='')}"
    return f"mailto:{quote(address, safe='@')}?{fields}"
