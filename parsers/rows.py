"""The rows of a table: data rows with their wrapped lines, mark rows (openings, totals …), and what is neither."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache

from parsers import amounts, dates, references
from parsers.amounts import Amount
from parsers.column import Cells, Column
from parsers.columns import columns_of
from parsers.documents import LineType
from parsers.grid import Word
from parsers.laying import lay, places_of
from parsers.lines import TextLine, is_prose
from parsers.summary import labelled
from parsers.table import Table, is_noise
from parsers.wording import folded
from parsers.wording.columns import MONEY, Role, is_bucket
from parsers.wording.composed import mark
from parsers.wording.marks import Mark

_WEAK = {Role.TAX, Role.PRICE, Role.NET, Role.WITHHELD, Role.DISCOUNT}  # money that alone makes no row
_TEXTS = (Role.REFERENCE, Role.OTHER, Role.TEXT, Role.TYPE, Role.ACCOUNT)


@dataclass(slots=True)
class Row:
    """A row as printed. ``cells`` are words by column number (negative: a cell without a header)."""

    lines: list[TextLine]
    cells: Cells
    mark: Mark | None = None
    label: str = ""
    currency: str | None = None  # of the section that the row stands in
    section: LineType | None = None  # what its table's own title says of all rows
    day: dates.Printed | date | None = None  # of the heading that it stands under, in a table without a column of days

    @property
    def page(self) -> int:
        return self.lines[0].page

    @property
    def first(self) -> TextLine:
        return self.lines[0]

    def text(self, column: int) -> str:
        return join(self.cells.get(column, []))

    def box(self) -> tuple[float, float, float, float] | None:
        if self.first.cells:
            return None
        words = [w for line in self.lines if line.page == self.page for w in line.words]
        return (
            round(min(w.x0 for w in words), 1),
            round(min(w.top for w in words), 1),
            round(max(w.x1 for w in words), 1),
            round(max(w.bottom for w in words), 1),
        )


def broken_anywhere(cells: list[list[Word]]) -> bool:
    """Whether a column's cells are broken where they are full, not between words (``NLF-E``, ``XP-202``, ``6-7031``):
    one word in every line of a cell, and each line but the last about as wide as the widest."""
    wide = max((w.x1 - w.x0 for words in cells for w in words), default=0.0)
    broken = [words for words in cells if len(words) > 1]
    return bool(broken) and all(
        b.top > a.top + 1 and a.x1 - a.x0 > 0.75 * wide for words in broken for a, b in itertools.pairwise(words)
    )


def join(words: list[Word], *, tight: bool = False) -> str:
    """The words of a cell as text; what is broken behind a hyphen is one word again (``tight``: all of it is)."""
    if len(words) == 1:
        return words[0].text.strip()
    if tight:
        return "".join(word.text.strip() for word in words)
    text = ""
    last: Word | None = None
    for word in words:
        if last is None:
            text = word.text.strip()
        elif (word.top > last.top + 1 and text[-1:] in "-/" and len(text) > 1) or (
            _cjk(text[-1:]) and _cjk(word.text[:1]) and (word.top > last.top + 1 or word.x0 - last.x1 < 0.5)
        ):
            text += word.text.strip()
        else:
            text += " " + word.text.strip()
        last = word
    return text


def _cjk(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff"


@dataclass(slots=True)
class RowSet:
    columns: list[Column]
    rows: list[Row] = field(default_factory=list)  # data and mark rows, in order
    loose: list[TextLine] = field(default_factory=list)  # lines of the region that are not of the table
    _known: dict[tuple[Role, ...], tuple[int, list[int]]] = field(default_factory=dict, repr=False)

    def of(self, *roles: Role) -> list[int]:
        """The numbers of the columns of these roles. Roles are settled before rows are read, so the answer is kept."""
        count, found = self._known.get(roles, (-1, []))
        if count != len(self.columns):
            found = [c for c, column in enumerate(self.columns) if column.role in roles]
            self._known[roles] = (len(self.columns), found)
        return found

    def forget(self) -> None:
        """A column's role has changed: ask again."""
        self._known.clear()


def rows_of(table: Table, decimal_mark: str) -> RowSet:
    """Read the body of ``table`` into rows."""
    result = RowSet(columns_of(table, decimal_mark))
    money_columns = [c for c in result.of(*MONEY) if result.columns[c].role not in _WEAK] or result.of(*MONEY)
    dated, numbered = result.of(Role.DATE), result.of(Role.REFERENCE)
    pending: list[tuple[TextLine, Cells]] = []
    ended = False
    places = places_of(result.columns)
    undated = not result.of(Role.DATE, Role.POSTED)
    day: dates.Printed | date | None = None
    for line in table.body:
        if result.rows and result.rows[-1].day is None:
            result.rows[-1].day = day
        if is_noise(line):
            continue
        if undated and (heading := _heading_day(line)) is not None:
            _attach(result, pending, None, ended)
            pending, day = [], heading
            continue
        cells = lay(line, result.columns, places)
        money = {c: a for c in money_columns if (a := money_in(cells.get(c, []), decimal_mark)) is not None}
        if money and line.cells and _is_typed_row(cells, dated, numbered):
            row = Row([line], cells)
            _attach(result, pending, row, ended)
            pending = []
            result.rows.append(row)
            ended = False
            continue
        label = _stars(line) or label_of(line)
        found = _mark_of(label, cells, result, money) if money or not labelled(line, decimal_mark) else None
        if found is not None:
            _attach(result, pending, None, ended)
            pending = []
            result.rows.append(Row([line], cells, found, label))
            ended = ended or found in (Mark.TOTAL, Mark.CLOSING)
        elif (
            money
            and not is_prose(line)
            and _is_row(line, cells, result, label, ended, any(a.value for a in money.values()))
        ):
            row = Row([line], cells)
            _attach(result, pending, row, ended)
            pending = []
            result.rows.append(row)
            ended = False
        elif money or any(amounts.looks_like_money(w.text) for w in line.words) or labelled(line, decimal_mark):
            _attach(result, pending, None, ended)
            pending = []
            result.loose.append(line)
        else:
            pending.append((line, cells))
    _attach(result, pending, None, ended)
    if result.rows and result.rows[-1].day is None:
        result.rows[-1].day = day
    return result


def _heading_day(line: TextLine) -> dates.Printed | date | None:
    """The day that a line is and nothing else: the heading of the rows below it."""
    if len(line.words) > 5 or len(line.text) > 40:
        return None
    value = line.words[0].value
    if len(line.words) == 1 and isinstance(value, date):
        return value
    found = dates.whole(line.text) or dates.whole(line.text.replace(" ", ""))
    return found if found is not None and (found.spelled or found.has_year) else None


_PLAIN_NUMBER = re.compile(r"[A-Z]{0,4}[-/]?\d{3,12}")


def _is_typed_row(cells: Cells, dated: list[int], numbered: list[int]) -> bool:
    """A sheet's row that can be nothing but a line: a true date in the date column and a number that has digits in the
    reference column. (A sheet of 100,000 rows would otherwise be asked 100,000 times whether it is a total.)"""
    return any(isinstance(word.value, date) for c in dated for word in cells.get(c, ())) and any(
        _is_reference(word.text) and (_PLAIN_NUMBER.fullmatch(word.text) or mark(word.text) is None)
        for c in numbered
        for word in cells.get(c, ())
    )


def money_in(words: list[Word], decimal_mark: str) -> Amount | None:
    """The amount that the words of a money cell are; a lone dash or text is None."""
    for word in words:
        if isinstance(word.value, Decimal):
            return Amount(word.value, signed=word.value < 0)
    if not words:
        return None
    found = amounts.parse(join(words), decimal_mark)
    if found is not None or len(words) == 1:
        return found
    numbers = [a for w in words if (a := amounts.parse(w.text, decimal_mark)) is not None]
    return numbers[0] if len(numbers) == 1 else None


def label_of(line: TextLine) -> str:
    """The words of a line that are neither number nor date: what the row calls itself."""
    return " ".join([word.text.strip() for word in line.words if word.value is None and _calls(word.text)])


@lru_cache(maxsize=32768)
def _calls(text: str) -> bool:
    """Whether a word says something that is neither amount nor date."""
    return (
        not amounts.is_nothing(text)
        and amounts.parse(text) is None
        and dates.whole(text) is None
        and any(map(str.isalnum, text))
    )


def _stars(line: TextLine) -> str:
    """SAP's lists print ``*`` (``**``, ``***``) where a row is the sum of those above."""
    return "total" if line.words[0].text.strip() in ("*", "**", "***") else ""


def _mark_of(label: str, cells: Cells, rows: RowSet, money: dict[int, Amount]) -> Mark | None:
    found = mark(label)
    if found is not None:
        return found if money or found is not Mark.BROUGHT else None
    references = [c for c in rows.of(Role.REFERENCE) if cells.get(c)]
    for c in sorted(cells):
        if c >= 0 and rows.columns[c].role in MONEY:
            continue
        text = join(cells[c])
        here = mark(text)
        if here is None:
            continue
        others = [r for r in references if r != c and mark(join(cells[r])) is None and _is_reference(join(cells[r]))]
        if not others and (money or here is not Mark.BROUGHT):
            return here
    dated = any(_dated(cells.get(c, [])) for c in rows.of(Role.DATE, Role.POSTED, Role.DUE))
    if money and not dated and _SUMS.match(folded(label)) and not any(c.isdigit() for c in label):
        return Mark.SUBTOTAL  # "Total payments": a sum of whatever it names
    return None


_SUMS = re.compile(r"(?:sub ?)?totale?s?\b|合计|总计|小计|summe\b|gesamt|suma\b|sous total|zwischensumme")


def _is_reference(text: str) -> bool:
    return any(ch.isdigit() for ch in text)


def _is_row(line: TextLine, cells: Cells, rows: RowSet, label: str, ended: bool, worth: bool) -> bool:
    dated = any(_dated(cells.get(c, [])) for c in rows.of(Role.DATE, Role.POSTED, Role.DUE))
    named = any(references.is_reference(join(cells.get(c, []))) for c in rows.of(Role.REFERENCE, Role.OTHER))
    if not dated and (not worth or is_bucket(label)):
        return False
    texted = any(cells.get(c) for c in rows.of(*_TEXTS))
    if dated or named:
        return True
    if label and is_bucket(label):
        return False
    if ended:
        return False
    return (texted and not rows.of(Role.DATE, Role.POSTED)) or (
        texted and bool(rows.rows) and not label.endswith((":", "："))
    )


def _dated(words: list[Word]) -> bool:
    return any(isinstance(w.value, date) for w in words) or (bool(words) and dates.prefix(join(words)) is not None)


def _attach(rows: RowSet, pending: list[tuple[TextLine, Cells]], below: Row | None, ended: bool) -> None:
    """Give the moneyless lines between two rows to the row they belong to: the block is cut at its widest gap."""
    kept = []
    for line, cells in pending:
        if _goes_on(cells, rows, line, below):
            kept.append((line, cells))
        else:
            rows.loose.append(line)
    pending = kept
    if not pending:
        return
    above = rows.rows[-1] if rows.rows and rows.rows[-1].mark is None and not ended else None
    lines = [line for line, _ in pending]
    gaps = [_gap(above.lines[-1], lines[0]) if above else 1e6]
    if above is not None and _begins_on_page(pending[0][1], rows, lines[0], below):
        gaps[0] = 1e6
    gaps += [_gap(a, b) for a, b in itertools.pairwise(lines)]
    gaps.append(_gap(lines[-1], below.first) if below else 1e6)
    if lines[0].cells:
        cut = len(lines)
        if below is not None and _opens(pending[-1][1], rows) and not _names(below.cells, rows):
            cut = len(lines) - 1
        gaps = [g if g < 1e6 else 1e6 for g in gaps]
    else:
        height = lines[0].bottom - lines[0].top
        widest = max(gaps)
        cut = len(gaps) - 1 - gaps[::-1].index(widest)
        if above is not None and below is not None and widest - min(gaps) < 0.12 * height:
            cut = len(lines)  # evenly spaced: they go on from the row above
            if _opens(pending[-1][1], rows) and not _names(below.cells, rows):
                cut = next(n for n in range(len(lines)) if _opens(pending[n][1], rows))
    for n, (line, cells) in enumerate(pending):
        owner = above if n < cut else below
        limit = 1.0 * (line.bottom - line.top)
        chain = gaps[: n + 1] if owner is above else gaps[n + 1 :]
        if owner is None or (not line.cells and any(0 <= 1e6 > g > limit for g in chain)) or 1e6 in chain:
            rows.loose.append(line)
            continue
        if n < cut:
            owner.lines.append(line)
            for c, words in cells.items():
                owner.cells.setdefault(c, []).extend(words)
        else:
            owner.lines.insert(len(owner.lines) - 1, line)
            for c, words in cells.items():
                owner.cells[c] = sorted([*words, *owner.cells.get(c, [])], key=lambda w: w.top)


_DAYS = {Role.DATE, Role.DUE, Role.POSTED}
_PIECE = re.compile(r"\d{1,4}[-/.年月日]?|[A-Za-z]{3,9}[-/.,]?|\d{1,4}[-/.年]\d{1,2}[-/.月]?|[年月日]")
_FREE = {Role.TEXT, Role.TYPE, Role.OTHER, Role.ACCOUNT, Role.STATUS, Role.REFERENCE, None}


def _goes_on(cells: Cells, rows: RowSet, line: TextLine, below: Row | None) -> bool:
    """Whether a moneyless line can be part of a row: its words stand in text columns (or it begins the row below)."""
    roles = {rows.columns[c].role if c >= 0 else None for c in cells}
    if below is None and _is_note(cells, rows, line):
        return False
    if below is not None and _is_group_title(cells, rows, line, below):
        return False
    if below is not None and _opens(cells, rows):
        return True
    days = [w for c, words in cells.items() if c >= 0 and rows.columns[c].role in _DAYS for w in words]
    if days and not line.cells and all(_PIECE.fullmatch(w.text) for w in days):
        roles -= _DAYS  # a date wrapped behind its separator
    if line.cells:
        return roles <= (_FREE - {None}) and all(w.x1 - w.x0 <= 1 for words in cells.values() for w in words)
    above = rows.rows[-1] if rows.rows else None
    if _begins_on_page(cells, rows, line, below):
        return roles <= _FREE
    if above is not None and above.page != line.page and (below is None or below.page == line.page):
        near = below is not None and _gap(line, below.first) < 0.5 * (line.bottom - line.top) and len(line.words) == 1
        return roles <= ({Role.TEXT, Role.REFERENCE} if near else {Role.TEXT}) and all(
            rows.columns[c].align != "left" or abs(words[0].x0 - rows.columns[c].anchor) < 0.5 * line.em
            for c, words in cells.items()
        )
    return roles <= _FREE


def _is_group_title(cells: Cells, rows: RowSet, line: TextLine, below: Row) -> bool:
    """A line between a sum (or the header) and a row that is whole without it: ``Konto 410-2 Seefracht``."""
    if rows.rows and rows.rows[-1].mark is None:
        return False
    if not line.cells and _gap(line, below.first) < 0.35 * (line.bottom - line.top):
        return False  # a cell of several lines around the row's middle
    filled = [c for c in cells if c >= 0 and rows.columns[c].role in _TEXTS]
    whole = any(_is_reference(join(below.cells.get(c, []))) for c in rows.of(*_TEXTS))
    return whole and bool(filled) and all(below.cells.get(c) for c in filled)


def _begins_on_page(cells: Cells, rows: RowSet, line: TextLine, below: Row | None) -> bool:
    """Whether a line on top of a page begins the row under it: it holds a piece of a reference that stands in two
    lines around the row's middle, and the row's own line holds none."""
    if line.cells or below is None or below.page != line.page or (rows.rows and rows.rows[-1].page == line.page):
        return False
    near = _gap(line, below.first) / (line.bottom - line.top)
    if near > 0.6:
        return False
    if near < 0.3 and len(line.words) == 1 and any(len(below.cells.get(c, [])) > 1 for c in rows.of(Role.REFERENCE)):
        return True  # its cell goes on in several lines below
    return any(cells.get(c) and not below.cells.get(c) for c in rows.of(Role.REFERENCE))


def _is_note(cells: Cells, rows: RowSet, line: TextLine) -> bool:
    """A remark behind the last row: words of a sentence where references stand, or wider than its column."""
    for c, words in cells.items():
        if c < 0:
            continue
        text = join(words)
        if rows.columns[c].role in (Role.REFERENCE, Role.OTHER, Role.TYPE) and (
            len(text) > 30 or len(text.split()) > 3 or text[-1:] in ".。:：!！"
        ):
            return True
        if line.cells and len(cells) == 1 and (len(text) > 60 or text[-1:] in ".。!！" or ":" in text or "：" in text):
            return True
    if line.cells or len(cells) < 2:
        return False
    return all(b.x0 - a.x1 < 0.9 * line.em for a, b in itertools.pairwise(line.words)) and len(line.words) > 4


def _gap(upper: TextLine, lower: TextLine) -> float:
    if upper.page != lower.page:
        return 0.0
    return max(0.0, lower.top - upper.bottom)


def _opens(cells: Cells, rows: RowSet) -> bool:
    """Whether a moneyless line begins a row: it has a date or a reference in its column."""
    return any(_dated(cells.get(c, [])) for c in rows.of(Role.DATE)) or any(
        _is_reference(join(cells.get(c, []))) for c in rows.of(Role.REFERENCE)
    )


def _names(cells: Cells, rows: RowSet) -> bool:
    return _opens(cells, rows)
