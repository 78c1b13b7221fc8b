"""The regular middle of a long sheet as columns: which rows are alike, and one row of each form to look at closely.

Looking at 100,000 rows word by word takes 20 seconds. Rows of the same form (same cells filled, values of the same
type and sign, text of the same shape once every digit is a 0) are read the same way, so one of each form is read with
all care and the others by column (:mod:`parsers.bulk`). A row that is like no others (a subtotal, a remark, an amount
as text) is read by itself with its neighbours; where there are too many of them the whole sheet is read row by row.
"""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Any

from parsers import amounts, limits, references
from parsers.wording import types

FROM_ROWS = 600  # a shorter sheet is read row by row in no time
HEAD = 60  # rows read one by one before the block: titles, addresses, the header, the first lines
TAIL = 40  # and behind it: totals, ageing, remarks
_MOST_ODD = 2_000  # rows between the others that are read one by one
_RARE = 3  # rows of a form that are as few as this are read one by one
_MOST_FORMS = 250
_MOST_SHAPES = 60  # of one column; beyond, it is free text and only what its words say counts
_LARGEST = 1e13  # beyond, a double holds no cents
_DIGITS = str.maketrans("123456789", "000000000")
_TRIES = 40  # rows of one form looked at for one whose amounts all differ


@dataclass(slots=True)
class Columns:
    """Rows that are alike, as :class:`parsers.grid.Block` keeps them."""

    rows: Sequence[int]
    values: dict[int, Sequence[Any]]
    forms: list[int]
    samples: list[int]


def columns_of(given: Mapping[int, Sequence[Any]], rows: Sequence[int], odd: set[int]) -> Columns | None:
    """``rows`` of a sheet, given as their cells by column, without those that are not like others; None where too many
    are not. ``odd`` are such rows already; the neighbours of each are left out as well, as it may go on in them."""
    found = set(odd)
    if rows[-1] - rows[0] >= len(rows):
        found |= {row for pair in itertools.pairwise(rows) if pair[1] != pair[0] + 1 for row in pair}
    for cells in given.values():
        found |= {rows[n] for n in _odd_cells(cells)}
        if len(found) > _MOST_ODD:
            return None
    for _ in range(3):
        rows, given = _without(given, rows, found)
        told = _told(given) if rows else None
        if told is None:
            return None
        values, shapes, doubtful = told
        if doubtful:
            found = {rows[n] for n in doubtful}
            continue
        keys = list(zip(*shapes, strict=True)) if shapes else [()] * len(rows)
        counts = Counter(keys)
        rare = {key for key, count in counts.items() if count <= _RARE or count * 1000 < len(rows)}
        if not rare:
            break
        found = {row for row, key in zip(rows, keys, strict=True) if key in rare}
        if len(found) > _MOST_ODD:
            break
    if doubtful or not values or len(counts) > _MOST_FORMS:
        return None
    number_of = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    forms = list(map(number_of.__getitem__, keys)) if len(number_of) > 1 else [0] * len(rows)
    numbers = [column for column in values.values() if any(type(v) is float for v in column[:500])]
    return Columns(rows, values, forms, _samples(forms, len(number_of), numbers))


def _without(
    given: Mapping[int, Sequence[Any]], rows: Sequence[int], odd: set[int]
) -> tuple[Sequence[int], Mapping[int, Sequence[Any]]]:
    if not odd:
        return rows, given
    near = odd | {row - 1 for row in odd} | {row + 1 for row in odd}
    kept = [row not in near for row in rows]
    return list(compress(rows, kept)), {c: list(compress(cells, kept)) for c, cells in given.items()}


def _odd_cells(cells: Sequence[Any]) -> Iterable[int]:
    """Where cells are of another type than most of the column."""
    kinds = set(map(type, cells))
    if kinds <= {float} or kinds <= {str} or kinds <= {dt.date, dt.datetime}:
        return ()
    of = Counter(map(type, cells))
    empty = cells.count("")
    text, numbers, days = of[str] - empty, of[float], of[dt.date] + of[dt.datetime]
    most = max(text, numbers, days)
    right = {str} if most == text else {float} if most == numbers else {dt.date, dt.datetime}
    if not most or of.total() - empty == most:
        return ()
    return [n for n, cell in enumerate(cells) if type(cell) not in right and cell != ""]


def _told(
    given: Mapping[int, Sequence[Any]],
) -> tuple[dict[int, Sequence[Any]], list[Sequence[Any]], list[int]] | None:
    """The values of each column, what tells the forms apart, and the rows with a text that is no form's own; None where
    a column is irregular."""
    columns: dict[int, Sequence[Any]] = {}
    shapes: list[Sequence[Any]] = []
    doubtful: list[int] = []
    for number, cells in given.items():
        kinds = set(map(type, cells))
        values: Sequence[Any]
        if kinds == {str}:
            if not any(cells):
                continue
            text = _text(cells)
            if text is None:
                return None
            values, shape, odd = text
            doubtful += odd
            if len(doubtful) > _MOST_ODD:
                return None
        elif kinds <= {float, str}:
            values = [None if cell == "" else cell for cell in cells] if str in kinds else cells
            signs = _signs(values)
            if signs is None:
                return None
            shape = signs
        elif kinds <= {dt.date, dt.datetime, str}:
            values = _days(cells)
            shape = [value is None for value in values] if str in kinds else ()
        else:
            return None
        columns[number] = values
        if shape:
            shapes.append(shape)
    return columns, shapes, doubtful


def _text(cells: Sequence[str]) -> tuple[Sequence[str | None], Sequence[Any], list[int]] | None:
    """The texts without space around them, their shapes, and where a date or an amount stands as text: what it says
    depends on its digits."""
    joined = "\x00".join(cells)
    if joined.count("\x00") != len(cells) - 1 or max(map(len, cells)) > limits.MAX_CELL_CHARACTERS:
        return None
    shaped = joined.translate(_DIGITS).split("\x00")
    few = set(shaped)
    values: Sequence[str | None] = cells
    if any(shape != shape.strip() for shape in few):
        cells = [cell.strip() for cell in cells]
        shaped = [shape.strip() for shape in shaped]
        few = set(shaped)
    if "" in few:
        values = [cell or None for cell in cells]
    else:
        values = cells
    said_by_digits = {shape for shape in few if shape and shape[0] in "0.,(-+" and _dated_or_counted(shape)}
    odd = [n for n, shape in enumerate(shaped) if shape in said_by_digits] if said_by_digits else []
    if len(few) > _MOST_SHAPES:
        said = {shape: _said(shape) for shape in few}
        return values, list(map(said.__getitem__, shaped)), odd
    return values, shaped if len(few) > 1 else (), odd


def _dated_or_counted(shape: str) -> bool:
    """Whether a shape of digits could be a date or an amount with decimals. Plain digits are a document's number."""
    return not shape.isdigit() and any(mark in shape for mark in ".,/-:年月 ") and not any(c.isalpha() for c in shape)


def _said(shape: str) -> tuple[Any, ...] | None:
    """What free text means to a line: nothing else of it counts."""
    if not shape:
        return None
    return (
        types.of_words(shape), types.of_type_cell(shape), types.of_reference(shape), references.named(shape) is None,
        amounts.parse(shape) is None, "0" in shape, any(c.isalpha() for c in shape), " " in shape,
    )  # fmt: skip


def _signs(values: Sequence[float | None]) -> Sequence[Any] | None:
    present: Sequence[Any] = [v for v in values if v is not None] if None in values else values
    if not present:
        return values
    least, most = min(present), max(present)
    if not (least > -_LARGEST and most < _LARGEST) or math.isnan(sum(present)):
        return None
    if len(present) == len(values) and least > 0:
        return ()
    return [None if v is None else (v > 0) - (v < 0) for v in values]


def _days(cells: Sequence[Any]) -> list[dt.date | None]:
    known: dict[Any, dt.date | None] = {
        cell: cell.date() if type(cell) is dt.datetime else cell or None for cell in set(cells)
    }
    return list(map(known.__getitem__, cells))


def _samples(forms: list[int], count: int, numbers: list[Sequence[float | None]]) -> list[int]:
    """For each form a row whose numbers all differ, so that where an amount came from can be told; else its first."""
    found = [-1] * count
    tries = [_TRIES] * count
    wanted = count
    for row, form in enumerate(forms):
        if not tries[form]:
            continue
        values = [abs(v) for column in numbers if (v := column[row])]
        good = len(set(values)) == len(values)
        if good or found[form] < 0:
            found[form] = row
        tries[form] = 0 if good else tries[form] - 1
        wanted -= not tries[form]
        if not wanted:
            break
    return found
