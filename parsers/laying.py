"""Which column each word of a table line belongs to.

On cell pages the column is known. On measured pages a line's words are laid into the columns from left to right at
least cost (a small Viterbi search): numbers like to end, begin or be centred where their column's numbers do, text
likes to begin where its column begins, a wide gap likes a new column, a date likes a date column.
"""

from __future__ import annotations

from parsers import amounts
from parsers.column import DATES, Cells, Column
from parsers.grid import Word
from parsers.lines import TextLine
from parsers.pieces import split_glued, word_kind

Places = tuple[list[tuple[int, str, float]], list[tuple[int, str, float]]]


def places_of(columns: list[Column]) -> Places:
    """Where words stand in ``columns``, those of text and those of numbers: for :func:`lay` of many lines."""
    places: Places = ([], [])
    for c, column in enumerate(columns):
        if column.align is not None:
            places[column.numeric].append((c, column.align, column.anchor))
    return places


def lay(line: TextLine, columns: list[Column], places: Places | None = None) -> Cells:
    """The words of ``line`` by column number."""
    if line.cells:
        return _lay_cells(line, columns)
    if line.parts:
        merged: Cells = {}
        for part in line.parts:
            for c, found in lay(part, columns, places).items():
                merged.setdefault(c, []).extend(found)
        return merged
    words = split_glued(line.words)
    quick = _at_once(words, columns, places or places_of(columns), line.em)
    if quick is not None:
        return quick
    count = len(columns)
    infinite = 1e9
    kinds = [word_kind(w) for w in words]
    for i, kind in enumerate(kinds):
        if kind == "beside" and i and kinds[i - 1] in ("money", "number") and words[i].x0 - words[i - 1].x1 < line.em:
            kinds[i] = "suffix"
    cost = [infinite] * count
    trace: list[list[tuple[int, bool]]] = []
    for i, word in enumerate(words):
        gap = (word.x0 - words[i - 1].x1) / line.em if i else 99.0
        new = [infinite] * count
        back: list[tuple[int, bool]] = [(0, True)] * count
        running, source = (0.0, -1) if i == 0 else (infinite, -1)
        for c, column in enumerate(columns):
            start = _start(
                word, kinds[i], c, columns, line.em, words[i + 1] if kinds[i + 1 :][:1] == ["suffix"] else None
            )
            if i and gap < 0.55 and not _on_anchor(word, column, line.em):
                start += 1.0 + (1.0 if kinds[i] == kinds[i - 1] == "text" else 0.0)
            fresh = running + start
            stay = infinite
            if i and cost[c] < infinite:
                stay = cost[c] + _continue(word, kinds[i], kinds[i - 1], gap, c, columns, line.em)
            new[c], back[c] = (fresh, (source, True)) if fresh <= stay else (stay, (c, False))
            if i and cost[c] < running:
                running, source = cost[c], c
        cost = new
        trace.append(back)
    cells: Cells = {}
    if not words:
        return cells
    column_no = min(range(count), key=lambda c: cost[c])
    for i in range(len(words) - 1, -1, -1):
        cells.setdefault(column_no, []).insert(0, words[i])
        column_no = trace[i][column_no][0]
    return cells


def _at_once(words: list[Word], columns: list[Column], places: Places, em: float) -> Cells | None:
    """The answer without a search where every word stands exactly where one column's words stand; else None."""
    cells: Cells = {}
    last, end, before = -1, 0.0, ""
    near = 0.3 * em
    for word in words:
        kind = word_kind(word)
        number = kind == "money" or kind == "number"
        if number and word.text[-1] in "-)*":
            return None
        found = -1
        left, right = word.x0, word.x1
        if kind != "beside":
            for c, align, anchor in places[number]:
                if align == "right":
                    off = right - anchor
                elif align == "left":
                    off = left - anchor
                elif align == "centre":
                    off = (left + right) / 2 - anchor
                elif columns[c].left - near < left and right < columns[c].right + near:
                    off = 0.0
                else:
                    continue
                if -near < off < near and c >= last:
                    if found >= 0:
                        return None
                    found = c
        if found < 0 or found == last:
            if last < 0 or columns[last].numeric or columns[last].role in DATES or left - end > 0.85 * em:
                return None
            if kind == "text" or kind == "date":
                if left - end >= 0.5 * em and (kind == "date" or not _nothing_near(word, last, columns, near, False)):
                    return None
            elif kind == "money" or before in ("money", "number") or not _nothing_near(word, last, columns, near, True):
                return None
            following = columns[last + 1] if last + 1 < len(columns) else None
            if following is not None and not following.numeric and word.x0 > following.left - near:
                return None
            found = last
        cells.setdefault(found, []).append(word)
        last, end, before = found, right, kind
    return cells


def _nothing_near(word: Word, c: int, columns: list[Column], near: float, number: bool) -> bool:
    """Whether a word stands clearly before what later columns (of text; for a ``number`` those of numbers too) hold."""
    return all(
        (column.numeric and not number) or (column.align is not None and word.x1 < column.left - near)
        for column in columns[c + 1 :]
    )


def _start(word: Word, kind: str, c: int, columns: list[Column], em: float, suffix: Word | None) -> float:
    """The cost of ``word`` beginning a cell of column ``c``."""
    column = columns[c]
    if column.numeric:
        if kind == "text" or (kind == "date" and amounts.parse(word.text) is None):
            return 3.0 + _distance(word, column, em)
        if kind == "suffix":
            return 4.0
        if kind == "number" and amounts.is_nothing(word.text):
            return min(0.9, 0.15 * _outside(word, column, em))  # a dash may stand on the other side of its column
        if kind == "beside":
            return 0.4 + 0.3 * _outside(word, column, em)
        return min(8.0, _number_distance(word, column, em, suffix) * (1.0 if column.align is None else 2.0))
    cost = 2.2 if kind == "money" else 0.3 if kind in ("beside", "suffix") else 0.0
    if column.role in DATES:
        cost += -0.5 if kind == "date" else 1.5 if column.align is None else 0.7
    elif kind == "date" and column.role is not None:
        cost += 0.4
    if column.align is not None:
        off = _distance(word, column, em)
        if off <= 0.35:
            return cost - 0.5
        return cost + min(2.5, 0.4 + 0.25 * _outside(word, column, em))
    nearest = _outside_territory(word, c, columns, em)
    return cost + min(1.8, 0.3 * nearest)


def _continue(word: Word, kind: str, before: str, gap: float, c: int, columns: list[Column], em: float) -> float:
    """The cost of ``word`` standing in the same cell as the word before it."""
    column = columns[c]
    if column.numeric:
        if kind == "suffix":
            return 0.0
        if before == "beside" and kind in ("money", "number"):
            return 0.1 + 0.1 * max(0.0, gap - 1.0)
        return 6.0
    cost = 1.6 if kind == "money" else 0.0
    if column.align == "range":
        cost += min(1.5, 0.5 * _outside(word, column, em))
    if before == "money" and amounts.is_nothing(word.text):
        cost += 1.0
    if column.role in DATES:
        cost += 0.8
    if gap > 0.9:
        cost += min(2.0, 0.5 * (gap - 0.9))
    following = columns[c + 1] if c + 1 < len(columns) else None
    if following is not None and not following.numeric:
        edge = following.anchor if following.align == "left" else following.x0
        if following.align == "left" and abs(word.x0 - edge) < 0.2 * em:
            cost += 1.0
        elif word.x0 > edge + 0.5 * em:
            cost += 0.6
    return cost


def _on_anchor(word: Word, column: Column, em: float) -> bool:
    return column.align is not None and _distance(word, column, em) < 0.25


def _distance(word: Word, column: Column, em: float) -> float:
    """How far, in em, the word stands from where the column's words stand."""
    if column.align == "right":
        return abs(word.x1 - column.anchor) / em
    if column.align == "left":
        return abs(word.x0 - column.anchor) / em
    if column.align == "centre":
        return abs((word.x0 + word.x1) / 2 - column.anchor) / em
    if column.align == "range":
        return _outside(word, column, em)
    return (
        min(
            abs(word.x1 - column.x1),
            abs(word.x0 - column.x0),
            abs((word.x0 + word.x1) - (column.x0 + column.x1)) / 2,
        )
        / em
    )


def _number_distance(word: Word, column: Column, em: float, suffix: Word | None) -> float:
    """The distance of a number, which may hang its sign, bracket or ``CR`` over the column's edge."""
    options = [_distance(word, column, em)]
    right = column.anchor if column.align == "right" else None
    if column.second is not None:
        side, place = column.second
        stands = {"right": word.x1, "left": word.x0, "centre": (word.x0 + word.x1) / 2}[side]
        options.append(abs(stands - place) / em)
        right = place if side == "right" else right
    if right is not None:
        if word.text[-1] in "-)*−" or word.text[-2:].upper() in ("CR", "DR"):
            hang = (word.x1 - word.x0) / len(word.text) * (2 if word.text[-1].isalpha() else 1)
            options.append(abs(word.x1 - hang - right) / em)
        if suffix is not None:
            options.append(abs(suffix.x1 - right) / em)
    return min(options)


def _outside(word: Word, column: Column, em: float) -> float:
    left, right = (column.left, column.right) if column.align else (column.x0, column.x1)
    return max(0.0, left - word.x0, word.x1 - right) / em


def _outside_territory(word: Word, c: int, columns: list[Column], em: float) -> float:
    """Without knowledge: from a column's header to the next header is its land; under the header is surely its."""
    column = columns[c]
    if min(word.x1, column.x1) - max(word.x0, column.x0) > 0.5 * min(word.x1 - word.x0, column.x1 - column.x0):
        return 0.0
    end = columns[c + 1].x0 if c + 1 < len(columns) else float("inf")
    if word.x0 < column.x0 - 0.4 * em:
        return (column.x0 - word.x0) / em
    return max(0.0, (word.x0 - end + 0.4 * em) / em)


def _lay_cells(line: TextLine, columns: list[Column]) -> Cells:
    cells: Cells = {}
    for word in line.words:
        best, size = -1, 0.0
        left, right = word.x0, word.x1
        for c, column in enumerate(columns):
            if column.x1 <= left or right <= column.x0:
                continue
            if column.x0 <= left and right <= column.x1:  # the common case, and nothing covers it better
                best = c
                break
            overlap = min(right, column.x1) - max(left, column.x0)
            if overlap > size:
                best, size = c, overlap
        if best < 0:
            best = -1 - int(word.x0)  # a column without a header
        cells.setdefault(best, []).append(word)
    return cells
