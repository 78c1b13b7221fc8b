"""The phrase language of config/wording, and the files themselves."""

from __future__ import annotations

from pathlib import Path

import pytest

from mailflow.adapters.wording_files import load_wording
from mailflow.correspondence.phrases import PhraseBook, plain_words, words_of
from mailflow.correspondence.wording import mended
from mailflow.refusals import Refusal


def found(phrase: str, text: str) -> bool:
    words = words_of(text)
    return bool(PhraseBook({"here": [phrase]}).find(words, 0, len(words)))


@pytest.mark.parametrize(
    ("phrase", "text", "fits"),
    [
        ("(has/have) not", "we haven't paid", True),
        ("credit (note/) missing", "credit missing", True),
        ("(the/) balance", "balance", True),
        ("only {number} of", "only 8 of them", True),
        ("not … agree", "not at all agree", True),
        ("not … agree", "not one two three four five six agree", False),
        ("没有…异议", "没有任何异议", True),
        ("a (b/c) (d/) e", "a c e", True),
        ("a (b/c) (d/) e", "a c d d e", False),
    ],
)
def test_a_phrase_matches_what_a_clerk_expects(phrase: str, text: str, fits: bool) -> None:
    assert found(phrase, text) is fits


def test_the_longer_phrase_hides_the_shorter_one_inside_it() -> None:
    book = PhraseBook({"negation": ["no"], "neutral": ["no problem"]})
    words = words_of("no problem")
    assert [hit.concept for hit in book.find(words, 0, len(words))] == ["neutral"]


def test_contractions_are_written_out() -> None:
    assert plain_words("don't") == ("do", "not")
    assert plain_words("we'll") == ("we", "will")
    assert plain_words("can't") == ("can", "not")


def test_misspellings_of_long_words_are_mended_and_other_words_left_alone() -> None:
    english = load_wording().of("en")
    assert mended("confrimed", english) == "confirmed"
    assert mended("discrepency", english) == "discrepancy"
    assert mended("ledgers", english) == "ledgers"
    assert mended("cat", english) == "cat"


def test_the_shipped_files_hold_the_five_languages() -> None:
    assert set(load_wording().languages) == {"zh", "en", "de", "fr", "es"}


def test_a_misspelt_group_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "en.toml").write_text('language = "en"\n[meaning]\nnegatoin = ["not"]\n', encoding="utf-8")
    with pytest.raises(Refusal, match="negatoin"):
        load_wording(tmp_path)


def test_a_broken_file_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "en.toml").write_text("language = en", encoding="utf-8")
    with pytest.raises(Refusal, match=r"en\.toml"):
        load_wording(tmp_path)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="no wording file"):
        load_wording(tmp_path)
