"""The regular middle of a long sheet as columns: which rows are alike, and one row of each form to look at closely.

Looking at 100,000 rows word by word takes 20 seconds. Rows of the same form (same cells filled, values of the same
type and sign, text of the same shape once every digit is a 0) are read the same way, so one of each form is read with
all care and the others by column (:mod:`parsers.bulk`). Whatever is irregular makes the whole sheet be read row by row.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from parsers import amounts, limits, references
from parsers.grid import Block, Page
from parsers.wording import types

FROM_ROWS = 600  # a shorter sheet is read row by row in no time
HEAD = 60  # rows read one by one before the block: titles, addresses, the header, the first lines
TAIL = 40  # and behind it: totals, ageing, remarks
_MOST_FORMS = 250
_MOST_SHAPES = 60  # of one column; beyond, it is free text and only what its words say counts
_LARGEST = 1e13  # beyond, a double holds no cents
_DIGITS = str.maketrans("123456789", "000000000")
_TRIES = 40  # rows of one form looked at for one whose amounts all differ


def block_of(given: Mapping[int, Sequence[Any]], top: int, count: int, unfolded: Callable[[], Page]) -> Block | None:
    """``count`` rows from ``top`` as a block, out of their cells by column; None where a row is irregular."""
    columns: dict[int, Sequence[Any]] = {}
    shapes: list[Sequence[Any]] = []
    for number, cells in given.items():
        kinds = set(map(type, cells))
        values: Sequence[Any]
        if kinds == {str}:
            if not any(cells):
                continue
            text = _text(cells)
            if text is None:
                return None
            values, shape = text
        elif kinds <= {float, str}:
            if str in kinds and any(type(cell) is str and cell for cell in cells):
                return None
            values = [None if cell == "" else cell for cell in cells] if str in kinds else cells
            signs = _signs(values)
            if signs is None:
                return None
            shape = signs
        elif kinds <= {dt.date, dt.datetime, str}:
            if any(type(cell) is str and cell for cell in cells):
                return None
            values = _days(cells)
            shape = [value is None for value in values] if str in kinds else ()
        else:
            return None
        columns[number] = values
        if shape:
            shapes.append(shape)
    keys = list(zip(*shapes, strict=True)) if shapes else [()] * count
    if not columns or len(set(keys)) > _MOST_FORMS:
        return None
    number_of = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    forms = list(map(number_of.__getitem__, keys)) if len(number_of) > 1 else [0] * count
    numbers = [values for values in columns.values() if any(type(v) is float for v in values[:500])]
    return Block(top, columns, forms, _samples(forms, len(number_of), numbers), unfolded)


def _text(cells: Sequence[str]) -> tuple[Sequence[str | None], Sequence[Any]] | None:
    """The texts without space around them, and their shapes."""
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
    if any(shape and shape[0] in "0.,(-+" and _dated_or_counted(shape) for shape in few):
        return None  # dates or amounts as text: what they say depends on their digits
    if len(few) > _MOST_SHAPES:
        said = {shape: _said(shape) for shape in few}
        return values, list(map(said.__getitem__, shaped))
    return values, shaped if len(few) > 1 else ()


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
