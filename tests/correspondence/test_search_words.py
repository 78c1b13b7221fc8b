"""Text is cut so that Chinese and Western words are found alike."""

import pytest

from mailflow.correspondence.search_words import MOST_WORDS, Phrase, excerpt, phrases, words


def test_chinese_is_kept_as_overlapping_pairs_and_latin_as_words():
    assert words("核对无误 INV-0958,谢谢 Müller") == [
        "核对", "对无", "无误", "误", "inv", "0958", "谢谢", "谢", "müller",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("对账单", [Phrase(("对账", "账单"), open=False)]),
        ("账", [Phrase(("账",), open=True)]),
        ("inv-0958", [Phrase(("inv", "0958"), open=True)]),
        ('"we agree"', [Phrase(("we", "agree"), open=False)]),
        ("INV对账", [Phrase(("inv",), open=False), Phrase(("对账",), open=False)]),
        ("付款 agree", [Phrase(("付款",), open=False), Phrase(("agree",), open=True)]),
        ("Ⅷ１２", [Phrase(("viii12",), open=True)]),
        ('" * AND ( :', [Phrase(("and",), open=True)]),
        ("…!?", []),
    ],
)
def test_what_is_asked_for_is_words_and_never_a_query_language(asked, found):
    assert phrases(asked) == found


def test_an_excerpt_shows_the_first_thing_asked_for_on_one_line():
    shown = excerpt("x " * 200 + "\n我们付款了 and more " + "y " * 100, "付款")
    assert "付款了 and more" in shown and "\n" not in shown and shown.startswith("…") and shown.endswith("…")


def test_a_monstrous_text_is_cut():
    assert len(words("word " * 100_000)) == MOST_WORDS
