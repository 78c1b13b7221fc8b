"""The phrases by which customers say what they mean, per language: a value, built from ``config/wording/*.toml``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from mailflow.correspondence.phrases import PhraseBook, words_of
from mailflow.correspondence.second_opinion import SecondOpinion

SHORTEST_MISSPELT = 6  # letters; shorter words are too close to each other to be mended

# Every group that a wording file may hold. A misspelt group name would otherwise silently do nothing.
CONCEPTS = frozenset(
    """negation neutral hedge condition future should pending exception rest copula object wrong_object
    right right_weak agree confirming no_difference agree_bare receipt
    disagreement already_paid not_received price quantity duplicate returned not_ours tax discount missing_credit_note
    other_reason topic_already_paid topic_not_received topic_price topic_quantity topic_duplicate topic_returned
    topic_not_ours topic_tax topic_discount topic_missing_credit_note
    pay paying paid payment payment_noun sent past promise not_paid remittance payment_proof refund
    absent need pay_into contested reproach outrage remedy to_invoice money_check looks_right
    accounted versus billed got payment_missing legal
    receiving goods smalltalk contact altered
    request send document copy_kind document_request question question_word asks_us
    bank bank_strong change bank_change unchanged contact_change contact_blocked stop wrong_person absence""".split()
)


class WordingError(ValueError):
    """A wording file cannot be used; the sentence says which and why."""


@dataclass(frozen=True, slots=True)
class LanguageWording:
    """One language: its phrases, the words that open a contrasting clause, and its misspellings."""

    language: str
    book: PhraseBook
    contrast: frozenset[tuple[str, ...]] = frozenset()
    spelling: Mapping[str, str] = field(default_factory=dict)
    near: Mapping[str, str] = field(default_factory=dict)  # a word with one letter left out -> the word


@dataclass(frozen=True, slots=True)
class Wording:
    """All languages. Chinese is always read, of the others the one that the message is written in."""

    languages: Mapping[str, LanguageWording]
    opinion: SecondOpinion | None = None  # on replies in which no phrase is found

    def of(self, language: str) -> LanguageWording:
        found = self.languages.get(language) or self.languages.get("en")
        return found or next(iter(self.languages.values()))


def language_wording(
    language: str,
    meaning: Mapping[str, Sequence[str]],
    contrast: Sequence[str] = (),
    spelling: Mapping[str, str] | None = None,
) -> LanguageWording:
    """Build one language. Raises :class:`WordingError` for a group nothing reads or a phrase of too many forms."""
    unknown = sorted(set(meaning) - CONCEPTS)
    if unknown:
        raise WordingError(f"wording “{language}” has the unknown group {', '.join(unknown)}")
    try:
        book = PhraseBook(meaning)
    except ValueError as error:
        raise WordingError(f"wording “{language}”: {error}") from error
    near: dict[str, str] = {}
    for word in sorted(book.words):
        if len(word) >= SHORTEST_MISSPELT and word.isalpha() and word.isascii():
            for shorter in _one_left_out(word):
                near.setdefault(shorter, word)
    opening = frozenset(tuple(words) for phrase in contrast if (words := words_of(phrase)))
    return LanguageWording(language, book, opening, dict(spelling or {}), near)


def mended(word: str, wording: LanguageWording) -> str:
    """``word``, or the word of the phrases that it misspells (one letter wrong, missing, doubled, swapped)."""
    if word in wording.spelling:
        return wording.spelling[word]
    if word in wording.book.words or len(word) < SHORTEST_MISSPELT - 1 or not word.isascii() or not word.isalpha():
        return word
    for shorter in (word, *_one_left_out(word)):
        candidate = wording.near.get(shorter)
        if (
            candidate is None
            and shorter != word
            and shorter in wording.book.words
            and len(shorter) >= SHORTEST_MISSPELT
        ):
            candidate = shorter
        if candidate is not None and candidate[0] == word[0] and not _is_inflection(word, candidate):
            return candidate
    return word


def _one_left_out(word: str) -> list[str]:
    return [word[:index] + word[index + 1 :] for index in range(len(word))]


def _is_inflection(word: str, other: str) -> bool:
    """``invoices`` of ``invoice`` is another form, and a prefix changes the meaning: neither is a misspelling."""
    longer, shorter = (word, other) if len(word) > len(other) else (other, word)
    return longer != shorter and longer[: len(shorter)] == shorter
