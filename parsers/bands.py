"""First knowledge of where columns stand: the gutters where no row has a word.

What stands between two gutters belongs together; such a band goes to the header that it is nearest to, in order.
"""

from __future__ import annotations

from parsers.column import Column
from parsers.grid import Word
from parsers.lines import TextLine
from parsers.pieces import split_glued, word_kind


def learn_bands(columns: list[Column], body: list[TextLine]) -> None:
    """First knowledge: where no row has a word is a gutter, and what stands between two gutters belongs together. The
    bands of numbers go to the headers of numbers, those of text to the others, from left to right at least distance."""
    words = [word for line in body for word in split_glued(line.words)]
    em = body[0].em
    for numeric in (True, False):
        mine = [c for c, column in enumerate(columns) if column.numeric is numeric]
        these = [w for w in words if (word_kind(w) == "money") is numeric and (numeric or not _counts(w, columns))]
        bands = _covered(these, max(0, len(body) // 30), em, max(0.2, 1.25 * body[0].space))
        if not mine or not bands:
            continue
        owner = _owners(bands, [columns[c] for c in mine], em)
        if numeric:
            owner = _under_left_headers(bands, mine, columns, em, owner)
        for n, c in enumerate(mine):
            own = [b for b, o in zip(bands, owner, strict=True) if o == n]
            shared = any(
                sum(min(b[1], columns[o].x1) - max(b[0], columns[o].x0) > 0.3 * em for o in mine) > 1 for b in own
            )
            if own and not shared:
                columns[c].align, columns[c].left, columns[c].right = "range", own[0][0], own[-1][1]


def _counts(word: Word, columns: list[Column]) -> bool:
    """A bare number under the header of days or quantities: it stands in no column of text."""
    return word_kind(word) == "number" and any(
        column.numeric and min(word.x1, column.x1) > max(word.x0, column.x0) for column in columns
    )


def _under_left_headers(
    bands: list[list[float]], mine: list[int], columns: list[Column], em: float, owner: list[int]
) -> list[int]:
    """Spreadsheets print headers at the left of their cells and numbers at the right: a number may stand nearer to the
    next header than to its own. Taken only where some number stands under no header and all fit that way."""
    far = [max(0.0, columns[mine[o]].x0 - b[1], b[0] - columns[mine[o]].x1) for b, o in zip(bands, owner, strict=True)]
    if max(far) <= 0:
        return owner
    owners = []
    for band in bands:
        fits = [
            n
            for n, c in enumerate(mine)
            if columns[c].x0 - 0.3 * em <= band[0]
            and (c + 1 == len(columns) or band[1] <= columns[c + 1].x0 + 0.3 * em)
        ]
        if len(fits) != 1:
            return owner
        owners.append(fits[0])
    return owners


def _covered(words: list[Word], few: int, em: float, gap: float) -> list[list[float]]:
    """Stretches of the line that more than ``few`` words cover; ``gap`` (em) between them is no more than a space."""
    edges = sorted([(w.x0, 1) for w in words] + [(w.x1, -1) for w in words], key=lambda e: (e[0], -e[1]))
    bands: list[list[float]] = []
    depth, start = 0, None
    for x, change in edges:
        depth += change
        if depth > few and start is None:
            start = x
        elif depth <= few and start is not None:
            if bands and start - bands[-1][1] < gap * em:
                bands[-1][1] = x
            else:
                bands.append([start, x])
            start = None
    return [b for b in bands if b[1] > b[0]]


def _owners(bands: list[list[float]], columns: list[Column], em: float) -> list[int]:
    """For each band the column it belongs to; order is kept, distance is least, a header without a band costs."""
    count = len(columns)
    best: list[tuple[float, list[int]]] = [(0.6 * c, []) for c in range(count)]
    for band in bands:
        new: list[tuple[float, list[int]]] = []
        for c, column in enumerate(columns):
            far = max(0.0, column.x0 - band[1], band[0] - column.x1) / em
            middle = abs((band[0] + band[1]) - (column.x0 + column.x1)) / em * 0.01
            options = []
            for before in range(c + 1):
                total, path = best[before]
                skipped = c - before - 1 if path else 0
                options.append((total + far + middle + 0.6 * max(0, skipped), path))
            total, path = min(options, key=lambda o: o[0])
            new.append((total, [*path, c]))
        best = new
    finals = [(total + 0.6 * (count - 1 - c), path) for c, (total, path) in enumerate(best)]
    return min(finals, key=lambda o: o[0])[1]
