"""The columns of a table: what their headers say, and what their words teach about roles and places.

The first pass knows only the headers and the gutters between the words (``bands``); laying the words into columns
(``laying``) teaches where each column's words really stand, and the second pass uses that.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from statistics import median

from parsers import amounts, dates, references
from parsers.bands import learn_bands
from parsers.column import DATES, Cells, Column
from parsers.laying import lay, places_of
from parsers.lines import TextLine, is_prose, plain_lines
from parsers.pieces import word_kind
from parsers.summary import labelled
from parsers.table import Table, is_data
from parsers.wording.columns import Role

_TYPING = 40  # rows of a sheet that tell what a column without a known name holds
_PART_OF_DAY = re.compile(r"(?:日期|时间) ?[年月日]")  # columns of their own under a common heading: entries join them
_SAMPLE = 240  # lines that teach where columns stand


def columns_of(table: Table, decimal_mark: str = ".") -> list[Column]:
    """The columns of ``table``; on measured pages they have learned from its body where their words stand."""
    columns = [
        Column(cell.text, None if _PART_OF_DAY.fullmatch(cell.text) else cell.role, cell.x0, cell.x1)
        for cell in table.header
    ]
    if not table.body:
        return columns
    if table.body[0].cells:
        rows = itertools.islice((line for line in table.body if is_data(line)), _TYPING)
        correct_roles(columns, [lay(line, columns) for line in rows])
        return columns
    body = list(
        itertools.islice(
            (line for line in table.body if is_data(line) and not is_prose(line) and not labelled(line, decimal_mark)),
            _SAMPLE,
        )
    )
    body = body[: max((n for n, line in enumerate(body, 1) if _is_item(line)), default=len(body))]
    if not body:
        return columns
    learn_bands(columns, plain_lines(body))
    for _ in range(2):
        places = places_of(columns)
        laid = [(line, lay(line, columns, places)) for line in body]
        correct_roles(columns, [cells for _, cells in laid])
        _learn(columns, laid)
    return columns


def _is_item(line: TextLine) -> bool:
    """Whether a line holds a date or a document's number; behind the last such line stand sums and their explanations,
    which keep to no column."""
    return any(
        dates.whole(w.text) is not None or (references.is_reference(w.text) and len(w.text) > 3)
        for w in line.words
        if not amounts.looks_like_money(w.text)
    )


def correct_roles(columns: list[Column], laid: list[Cells]) -> None:
    """What stands in a column overrules its header's word: "Value" over money is no date, "Nr." over INV-7 no count."""
    for c, column in enumerate(columns):
        cells = [cells[c] for cells in laid if cells.get(c)]
        if len(cells) < 2:
            continue
        kinds = [word_kind(words[0]) if len(words) == 1 else "text" for words in cells]
        share = {kind: kinds.count(kind) / len(kinds) for kind in ("money", "date", "number", "text")}
        if column.role in DATES and share["money"] > 0.7:
            if sum(dates.whole(words[0].text) is not None for words in cells) < 0.8 * len(cells):  # 10.12 is a day here
                column.role = Role.AMOUNT
        elif column.role in (None, Role.TEXT, Role.TYPE, Role.OTHER, Role.ACCOUNT) and share["money"] > 0.9:
            column.role = Role.AMOUNT if column.role is not None else None
        elif (
            column.role in (Role.REFERENCE, Role.TYPE, Role.TEXT, Role.OTHER, None)
            and share["date"] > 0.7
            and sum(words[0].value is not None or dates.whole(words[0].text) is not None for words in cells)
            > 0.7 * len(cells)  # a number wrapped behind its hyphen ("26-10-") only looks like a broken date
        ):
            column.role = Role.POSTED if any(other.role is Role.DATE for other in columns) else Role.DATE
        elif (
            column.role in (Role.TYPE, Role.DIRECTION)
            and not any(other.role is Role.REFERENCE for other in columns)
            and sum(len(words) <= 3 and sum(c.isdigit() for w in words for c in w.text) >= 3 for words in cells)
            > 0.7 * len(cells)
        ):
            column.role = Role.REFERENCE  # "Doc" over INV-1001
        elif (
            column.role is None
            and len(cells) > 2
            and not any(other.role is Role.REFERENCE for other in columns)
            and all(len(words) == 1 and references.is_reference(words[0].text) for words in cells)
            and len({words[0].text for words in cells}) == len(cells)
        ):
            column.role = Role.REFERENCE  # an unknown name over numbers that are all different
        elif column.role is Role.NUMBER and (share["text"] > 0.6 or all(len(words[0].text) >= 4 for words in cells)):
            column.role = Role.REFERENCE if not any(other.role is Role.REFERENCE for other in columns) else Role.OTHER


def _learn(columns: list[Column], laid: list[tuple[TextLine, Cells]]) -> None:
    spans: list[list[tuple[float, float, float]]] = [[] for _ in columns]
    for line, cells in laid:
        for c, words in cells.items():
            if columns[c].numeric:
                numbers = [w for w in words if word_kind(w) in ("money", "number") and not amounts.is_nothing(w.text)]
                if numbers:
                    spans[c].append((numbers[0].x0, numbers[0].x1, line.em))
            else:
                spans[c].append((min(w.x0 for w in words), max(w.x1 for w in words), line.em))
    for column, seen in zip(columns, spans, strict=True):
        if not seen:
            continue
        em = seen[0][2]
        if len(seen) < 2:
            if column.numeric:
                continue
        lefts, rights = [s[0] for s in seen], [s[1] for s in seen]
        centres = [(s[0] + s[1]) / 2 for s in seen]
        share = {
            "right": _agreement(rights, 0.2 * em),
            "left": _agreement(lefts, 0.2 * em),
            "centre": _agreement(centres, 0.2 * em),
        }
        order = ("right", "left", "centre") if column.numeric else ("left", "centre", "right")
        align = max(order, key=lambda a: (share[a][0], -order.index(a)))
        column.left, column.right = min(lefts) if len(lefts) < 20 else sorted(lefts)[len(lefts) // 40], max(rights)
        if len(rights) >= 20:
            column.right = sorted(rights)[-1 - len(rights) // 40]
        if share[align][0] >= 0.45:
            column.align, column.anchor = align, share[align][1]
            also = max((o for o in order if o != align), key=lambda o: share[o][0])
            column.second = (also, share[also][1]) if column.numeric and share[also][0] >= 0.5 else None
        elif len(seen) >= 3:
            column.align, column.anchor = "range", median(centres)


def _agreement(values: list[float], tolerance: float) -> tuple[float, float]:
    """The share of ``values`` within ``tolerance`` of their most common place, and that place."""
    counts = Counter(round(v / tolerance) for v in values)
    best = max(counts, key=lambda k: (counts[k - 1] + counts[k] + counts[k + 1], counts[k]))
    near = [v for v in values if abs(round(v / tolerance) - best) <= 1]
    return len(near) / len(values), median(near)
