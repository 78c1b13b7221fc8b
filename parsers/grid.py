"""The one shape between every format and every reading: text with a place.

A format (PDF, scan, sheet, CSV, HTML, plain text) answers :class:`Page` values; everything after that
(``table``, ``columns``, ``rows``, ``proof``, ``statement``, ``remittance``) is shared and knows no format.

Two kinds of page:
- *measured* (``cells`` is False): words with boxes in points; columns must be found from alignment.
- *ruled by nature* (``cells`` is True): each word is a whole cell; ``x0`` is the column number, ``x1`` the column
  number + span, ``top`` the row number, ``bottom`` the row number + span; both count from 0, so a sheet's row as
  people know it is ``top + 1``. Columns are known, alignment means nothing. Text around a table (HTML) is a row of
  one cell in column 0.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple


class Word(NamedTuple):
    """A word (measured page) or a cell (cell page). ``value`` is the typed value where the format has one:
    a sheet's number as ``Decimal`` (from its shortest exact text, never through binary arithmetic) or a true date.

    A tuple, because a sheet of 100,000 rows makes 600,000 of them: four times as fast to make as a frozen dataclass."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    value: Decimal | dt.date | None = None


@dataclass(slots=True)
class Block:
    """Rows of a long sheet that are all of a few forms (the same columns filled with values of the same types, text of
    the same shape): kept as columns; of each form one row stands among the page's words as well, for all of its kind.
    Rows of other kinds between them stand among the page's words like those before and behind the block.

    ``rows`` are their numbers in the sheet (from 0), ascending. ``columns`` holds a value per row: ``float``, ``date``,
    text, or None for an empty cell. ``forms`` numbers each row's form; ``samples`` says which row (from 0, counted in
    the block) stands for that form. ``unfolded`` makes the page with every row as words, ``parted`` the page with these
    rows of the block and their neighbours as words.
    """

    rows: Sequence[int]
    columns: dict[int, Sequence[float | dt.date | str | None]]
    forms: list[int]
    samples: list[int]
    unfolded: Callable[[], Page]
    parted: Callable[[set[int]], Page | None]

    @property
    def top(self) -> int:
        return self.rows[0]

    def stretches(self) -> list[slice]:
        """The stretches of rows that follow each other in the sheet."""
        rows = self.rows
        if rows[-1] - rows[0] == len(rows) - 1:
            return [slice(0, len(rows))]
        cuts = [n for n in range(1, len(rows)) if rows[n] != rows[n - 1] + 1]
        return [slice(a, b) for a, b in zip([0, *cuts], [*cuts, len(rows)], strict=True)]


@dataclass(slots=True)
class Page:
    """One PDF page, one sheet, or the whole of a text file. ``number`` counts from 1; ``title`` is a sheet's name."""

    number: int
    words: list[Word]
    width: float = 0.0
    height: float = 0.0
    cells: bool = False
    title: str | None = None
    scanned: bool = False  # read by OCR: digits may be wrong, arithmetic decides
    warnings: list[str] = field(default_factory=list)
    block: Block | None = None
