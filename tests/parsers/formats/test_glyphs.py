"""Words made from whole runs are the words made glyph by glyph, whatever the page draws."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from parsers.formats import glyphs
from parsers.formats.glyphs import Text, words_of, words_one_by_one

CHARACTERS = "aalli1100,.-\u4e2d  \r\n\u00a0\u3000"
steps = st.tuples(
    st.sampled_from(CHARACTERS),
    st.sampled_from((0.0, 0.0, 0.0, 0.0, 0.0, 0.3, 0.9, 1.0, 4.0, 30.0, -2.0, -5.0, -40.0)),  # beside the last glyph
    st.sampled_from((0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.4, -0.9, 1.0, 12.0, -12.0)),  # under it
    st.sampled_from((5.0, 5.0, 5.0, 5.0, 2.0, 0.5, 0.0)),  # width
    st.sampled_from((8.0, 8.0, 8.0, 8.0, 8.0, 6.0, 0.0)),  # height
)


def drawn(moves: list[tuple[str, float, float, float, float]]) -> Text:
    characters, boxes, x, y = "", [], 40.0, 100.0
    for character, across, down, width, height in moves:
        x, y = x + across, y + down
        characters += character
        boxes.append((x, x + width, y, y + height))
        x += width
    lefts, rights, tops, bottoms = ([box[side] for box in boxes] for side in range(4))
    runs = [found.span() for found in glyphs._RUN.finditer(characters)]
    return Text(characters, lefts, rights, tops, bottoms, runs, 0, len(moves))


@given(st.lists(steps, max_size=40))
def test_a_page_has_the_words_that_its_glyphs_make_one_by_one(
    moves: list[tuple[str, float, float, float, float]],
) -> None:
    text = drawn(moves)
    assert words_of(text) == words_one_by_one(glyphs._glyphs(text, text.runs), {})


def test_a_title_drawn_twice_is_read_once() -> None:
    once = [(c, 0.0, 0.0, 5.0, 8.0) for c in "Total"]
    twice = [*once, ("\r", 0.0, 0.0, 0.0, 0.0), ("T", -24.7, 0.0, 5.0, 8.0), *once[1:]]
    assert [word.text for word in words_of(drawn(twice))] == ["Total"]


def test_thousands_grouped_by_a_no_break_space_are_one_word() -> None:
    moves = [(c, 0.0, 0.0, 5.0, 8.0) for c in "1\u00a0234,50 x"]
    assert [word.text for word in words_of(drawn(moves))] == ["1 234,50", "x"]
