"""The glyphs of a PDF page from pdfium, taken all at once, and the words that they make.

A page of text has some thousand glyphs, and a word of Python per glyph costs more than pdfium itself does. So each fact
is fetched for the whole page by one loop in C (``map`` over a bound function that writes into one array), and a word is
made at once where its glyphs plainly stand side by side at one height; only where they do not, or where a glyph may
have been drawn twice, are they looked at one by one (:func:`words_one_by_one`). Both ways give the same words.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any

import pypdfium2.raw as pdfium

from parsers.grid import Word

Glyph = tuple[str, float, float, float, float]  # character, x0, x1, top, bottom


def _bound(function: Any, result: Any, *arguments: Any) -> Any:
    """The same C function, called without looking at its arguments: three times as fast."""
    return ctypes.PYFUNCTYPE(result, *arguments)(ctypes.cast(function, ctypes.c_void_p).value or 0)


_character = _bound(pdfium.FPDFText_GetUnicode, ctypes.c_uint, ctypes.c_void_p, ctypes.c_int)
_text = _bound(pdfium.FPDFText_GetText, ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_int, ctypes.c_void_p)
_box = _bound(pdfium.FPDFText_GetLooseCharBox, ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)
_angle = _bound(pdfium.FPDFText_GetCharAngle, ctypes.c_float, ctypes.c_void_p, ctypes.c_int)
_object = _bound(pdfium.FPDFPage_GetObject, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)
_type = _bound(pdfium.FPDFPageObj_GetType, ctypes.c_int, ctypes.c_void_p)

_LEANING = 0.03  # radians; more is a watermark
_RUN = re.compile("[^ \r\n\u00a0\u202f\u2009\u3000\u2028\t]+")
_ENDS = re.compile("[ \u3000\t]")  # what stands between two runs ends a word; a line's end or no-break space may not
_NO_BREAK = re.compile("[\u00a0\u202f\u2009]")
_ODD = re.compile("[\x00\x02\ud800-\udfff\ue000-\uf8ff\ufffd-\uffff]")
_HYPHENS = re.compile("[\x02\ufffe]")  # pdfium's marks of a word that goes on in the next line
_NAMELESS = re.compile("[\x00\ud800-\udfff\uffff]")
_MEANINGLESS = re.compile("[\x00\uffff\ufffd\ue000-\uf8ff]")


@dataclass(slots=True)
class Text:
    """A page's characters in drawing order, blanks among them, with the box of each; y runs downwards."""

    characters: str
    lefts: Sequence[float]
    rights: Sequence[float]
    tops: Sequence[float]
    bottoms: Sequence[float]
    runs: list[tuple[int, int]]  # from blank to blank, without what leans
    bad: int  # characters without a meaning
    seen: int  # all but blanks


def text_of(page: Any, text_page: Any, count: int, width: float, height: float) -> Text:
    """All of a page of ``width`` and ``height`` points as shown."""
    handle = ctypes.cast(text_page.raw, ctypes.c_void_p).value
    characters = _characters(handle, count)
    boxes = (ctypes.c_float * (4 * count))()
    start = ctypes.addressof(boxes)
    boxed = list(map(_box, repeat(handle), range(count), range(start, start + 16 * count, 16)))
    flat: Any = memoryview(boxes).cast("B").cast("f") if count else memoryview(b"")
    places: Sequence[int] = range(count)
    seen = sum(end - begin for begin, end in map(re.Match.span, _RUN.finditer(characters)))
    bad = 0
    if _ODD.search(characters):
        seen -= characters.count("\x02")
        bad = len(_MEANINGLESS.findall(characters))
        characters = _NAMELESS.sub("\ufffd", _HYPHENS.sub("-", characters))
    lefts, tops, rights, bottoms = (flat[side::4].tolist() for side in range(4))  # pdfium's order
    if not all(boxed):
        places = [n for n, c in enumerate(characters) if boxed[n] or not _RUN.match(c)]
        characters = "".join(characters[n] for n in places)
        lefts, tops, rights, bottoms = ([side[n] for n in places] for side in (lefts, tops, rights, bottoms))
    rotation = page.get_rotation()
    lefts, rights, tops, bottoms = _as_shown(
        lefts, rights, tops, bottoms, rotation, width, height, page.get_cropbox()[:2]
    )
    runs = [found.span() for found in _RUN.finditer(characters)]
    angles = list(map(_angle, repeat(handle), [places[begin] for begin, _ in runs]))
    leaning = set()
    if rotation or any(angles):
        leaning = {n for n, angle in enumerate(angles) if lean(angle, rotation) > _LEANING}
    if leaning:
        runs = [
            (upright, end)
            for n, (begin, end) in enumerate(runs)
            if (upright := _first_upright(handle, places, begin, end, rotation) if n in leaning else begin) < end
        ]
    return Text(characters, lefts, rights, tops, bottoms, runs, bad, seen)


def _characters(handle: int | None, count: int) -> str:
    """The page's characters: as one text where that has plainly one for each glyph, else asked for one by one."""
    units = (ctypes.c_ushort * (count + 1))()
    if _text(handle, 0, count, ctypes.addressof(units)) == count + 1:
        characters = memoryview(units).cast("B")[: 2 * count].tobytes().decode("utf-16-le", "replace")
        if len(characters) == count and not _ODD.search(characters):
            return characters
    codes = list(map(_character, repeat(handle), range(count)))
    return "".join(map(chr, codes)) if max(codes, default=0) <= 0x10FFFF else "\0" * count


def object_types(page: Any) -> set[int]:
    """The kinds of what a page draws (pdfium's ``FPDF_PAGEOBJ_…``), not looking into forms."""
    handle = ctypes.cast(page.raw, ctypes.c_void_p).value
    return set(map(_type, map(_object, repeat(handle), range(pdfium.FPDFPage_CountObjects(page)))))


def _first_upright(handle: int | None, places: Sequence[int], begin: int, end: int, rotation: int) -> int:
    for n in range(begin, end):
        if lean(_angle(handle, places[n]), rotation) <= _LEANING:
            return n
    return end


def lean(angle: float, rotation: int) -> float:
    """How far a glyph leans from the reading direction of the page as shown, in radians (0 to pi)."""
    full = 6.283185307179586
    turn = (angle + rotation * full / 360.0) % full
    return min(turn, full - turn)


Sides = list[float]


def _as_shown(
    lefts: Sides, rights: Sides, tops: Sides, bottoms: Sides,
    rotation: int, width: float, height: float, corner: tuple[float, float],
) -> tuple[Sides, Sides, Sides, Sides]:  # fmt: skip
    """The boxes in the page as shown: origin at its upper left, y downwards; ``corner`` is the file's lower left."""
    left, bottom = corner
    if not rotation:
        if left:
            lefts, rights = [x - left for x in lefts], [x - left for x in rights]
        edge = height + bottom
        return lefts, rights, [edge - y for y in tops], [edge - y for y in bottoms]
    lefts, rights = [x - left for x in lefts], [x - left for x in rights]
    tops, bottoms = [y - bottom for y in tops], [y - bottom for y in bottoms]
    if rotation == 90:
        return bottoms, tops, lefts, rights
    if rotation == 180:
        return [width - x for x in rights], [width - x for x in lefts], bottoms, tops
    return (
        [width - y for y in tops],
        [width - y for y in bottoms],
        [height - x for x in rights],
        [height - x for x in lefts],
    )


def words_of(text: Text) -> list[Word]:
    """The words of a page in drawing order. Twins (glyphs drawn twice for a bold look) are dropped."""
    plain = _plain_runs(text)
    if not _apart(text, plain):
        return words_one_by_one(_glyphs(text, text.runs), {})
    words: list[Word] = []
    characters, lefts, rights, tops, bottoms = text.characters, text.lefts, text.rights, text.tops, text.bottoms
    chain: list[tuple[int, int]] = []
    chained = True  # whether every run of the chain is plain and jumps away from the one before it
    reached, before = 0, -1  # the last run's end and its last glyph

    def close() -> None:
        if chained:
            for begin, end in chain:
                words.append(Word(characters[begin:end], lefts[begin], rights[end - 1], tops[begin], bottoms[begin]))
        else:
            words.extend(words_one_by_one(_glyphs(text, chain), None))

    for (begin, end), is_plain in zip(text.runs, plain, strict=True):
        if chain:
            between = characters[reached:begin]
            if between == " " or _ENDS.search(between):
                close()
                chain, chained = [], True
            elif chained and is_plain:
                chained = not _NO_BREAK.search(between) and _jumps(text, before, begin)
        chained = chained and is_plain
        chain.append((begin, end))
        reached, before = end, end - 1
    close()
    return words


def _jumps(text: Text, before: int, here: int) -> bool:
    """Whether a glyph stands far enough from the last glyph of a plain run to begin a word without a blank."""
    top, bottom, end = text.tops[before], text.bottoms[before], text.rights[before]
    up, down, left = text.tops[here], text.bottoms[here], text.lefts[here]
    size = down - up
    return (
        left - end > 0.15 * size
        or left < end - 0.6 * size
        or abs((up + down) - (top + bottom)) > 0.9 * max(size, bottom - top)
    )


def _plain_runs(text: Text) -> list[bool]:
    """Whether each run's glyphs stand at one height, each at least a point behind the last and none apart from it."""
    lefts, rights, tops, bottoms = text.lefts, text.rights, text.tops, text.bottoms
    glyphs = zip(lefts, lefts[1:], rights, rights[1:], tops, tops[1:], bottoms, bottoms[1:], strict=False)
    broken = bytes(
        [
            up != top
            or down != bottom
            or left - begun < _TWIN
            or right < end
            or not -0.5 * (size := bottom - top) < left - end <= 0.15 * size
            for begun, left, end, right, top, up, bottom, down in glyphs
        ]
    )
    return [bottoms[begin] > tops[begin] and broken.find(True, begin, end - 1) < 0 for begin, end in text.runs]


_TWIN = 1.0  # pt; twins are nearer than that to each other, across and down


def _apart(text: Text, plain: list[bool]) -> bool:
    """Whether no glyph of the page is a twin. Glyphs are compared only where runs reach into each other."""
    lefts, tops = text.lefts, text.tops
    spans: list[tuple[float, float, float, int, int]] = []
    for (begin, end), is_plain in zip(text.runs, plain, strict=True):
        if is_plain:
            spans.append((tops[begin], lefts[begin], lefts[end - 1], begin, end))
        else:
            spans += [(tops[n], lefts[n], lefts[n], n, n + 1) for n in range(begin, end)]
    spans.sort()
    start = 0
    for n in range(1, len(spans) + 1):
        if n == len(spans) or not spans[n][0] - spans[n - 1][0] <= _TWIN:
            if not _side_by_side(text, spans[start:n]):
                return False
            start = n
    return True


def _side_by_side(text: Text, spans: list[tuple[float, float, float, int, int]]) -> bool:
    spans.sort(key=lambda span: span[1])
    far = float("-inf")
    for _, first, last, _, _ in spans:
        if not first - far >= _TWIN:
            break
        far = last
    else:
        return True
    placed: Placed = {}
    lefts, rights, tops, characters = text.lefts, text.rights, text.tops, text.characters
    return not any(
        is_twin(placed, characters[n], lefts[n], tops[n], rights[n] - lefts[n])
        for n in sorted(n for _, _, _, begin, end in spans for n in range(begin, end))
    )


def _glyphs(text: Text, runs: Iterable[tuple[int, int]]) -> Iterable[Glyph]:
    """The glyphs of ``runs`` one by one, with a blank where one ends a word and a no-break space where one stands."""
    reached = None
    for begin, end in runs:
        for blank in text.characters[reached:begin] if reached is not None else "":
            if _NO_BREAK.match(blank):
                yield ("\u00a0", 0.0, 0.0, 0.0, 0.0)
            elif _ENDS.match(blank):
                yield (" ", 0.0, 0.0, 0.0, 0.0)
        for n in range(begin, end):
            yield (text.characters[n], text.lefts[n], text.rights[n], text.tops[n], text.bottoms[n])
        reached = end


def words_one_by_one(glyphs: Iterable[Glyph], placed: Placed | None) -> list[Word]:
    """Glyphs in drawing order become words: a space, a gap, or a jump ends one. Twins of what is ``placed`` are
    dropped; ``None`` where there are none.

    A no-break space between digits groups thousands (``1 234,56``) and stays inside the word.
    """
    words: list[Word] = []
    text: list[str] = []
    x0 = x1 = top = bottom = 0.0
    grouped = False
    for char, left, right, up, down in glyphs:
        if char == "\u00a0" and text and text[-1].isdigit():
            grouped = True
            continue
        if char in " \u00a0":
            if text:
                words.append(Word("".join(text), x0, x1, top, bottom))
                text = []
            grouped = False
            continue
        if placed is not None and is_twin(placed, char, left, up, right - left):
            continue
        size = down - up
        apart = left - x1 > (0.7 if grouped else 0.15) * size or left < x1 - 0.6 * size
        if text and (
            apart
            or abs((up + down) - (top + bottom)) > 0.9 * max(size, bottom - top)
            or (grouped and not char.isdigit())
        ):
            words.append(Word("".join(text), x0, x1, top, bottom))
            text = []
        if not text:
            x0, x1, top, bottom = left, right, up, down
        elif grouped:
            text.append(" ")
        grouped = False
        text.append(char)
        x1 = max(x1, right)
        top, bottom = min(top, up), max(bottom, down)
    if text:
        words.append(Word("".join(text), x0, x1, top, bottom))
    return words


Placed = dict[tuple[str, int], list[tuple[float, float]]]


def is_twin(placed: Placed, char: str, left: float, up: float, width: float) -> bool:
    """Whether the same glyph stands (almost) here already: drawn twice for a bold look. Remembers it if not.

    Almost is under 1 pt and under 0.4 of the glyph's own width, so that the two l of ``ll`` stay two.
    """
    near = min(1.0, 0.4 * width) if width > 0 else 0.2
    row = int(up)
    for key in ((char, row), (char, row - 1), (char, row + 1)):
        for x, y in placed.get(key, ()):
            if -near < x - left < near and -1.0 < y - up < 1.0:
                return True
    placed.setdefault((char, row), []).append((left, up))
    return False
