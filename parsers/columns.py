"""Which column each word of a table line belongs to.

On cell pages the column is known. On measured pages every line's words are laid into the header's columns from left
to right at least cost (a small Viterbi search): numbers like to end, begin or be centred where their column's numbers
do, text likes to begin where its column begins, a wide gap likes a new column, a date likes a date column. The first
pass knows only the header; it teaches where the columns' words really stand, and the second pass uses that.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from statistics import median

from parsers import amounts, dates
from parsers.grid import Word
from parsers.lines import TextLine, is_prose, plain_lines
from parsers.summary import labelled
from parsers.table import HeaderCell, Table, is_data
from parsers.wording.columns import NUMERIC, Role

_DATES = frozenset({Role.DATE, Role.POSTED, Role.DUE})
_BESIDE = frozenset(
    "cr dr c d s h cr. dr. 借 贷 貸 平 借方 贷方 usd eur gbp cny rmb hkd sgd aud cad jpy chf twd inr nzd ¥ ￥ $ € £ us$"
    " hk$ nt$ 元 ( ) - + * kr pln sek nok dkk myr thb krw rm s$ a$ c$".split()
)
_BROKEN_DATE = re.compile(r"\d{1,4}[-/.年](?:(?:\d{1,2}|[A-Za-z]{3})[-/.月])?")  # wrapped behind its separator
_LETTER = re.compile(r"[^\W_]")
_TYPING = 40  # rows of a sheet that tell what a column without a known name holds
_SAMPLE = 240  # lines that teach where columns stand


@dataclass(slots=True)
class Column:
    """One column. ``align`` and ``anchor`` (points) say where its words stand, once learned."""

    text: str
    role: Role | None
    x0: float
    x1: float
    align: str | None = None
    anchor: float = 0.0
    second: tuple[str, float] | None = None  # where its numbers agree as well (equal lengths agree on both sides)
    left: float = 0.0  # how far its words reach, once learned
    right: float = 0.0

    @property
    def numeric(self) -> bool:
        return self.role in NUMERIC and self.role is not Role.NUMBER


Cells = dict[int, list[Word]]


def columns_of(table: Table, decimal_mark: str = ".") -> list[Column]:
    """The columns of ``table``; on measured pages they have learned from its body where their words stand."""
    columns = [Column(cell.text, cell.role, cell.x0, cell.x1) for cell in table.header]
    if not table.body:
        return columns
    if table.body[0].cells:
        rows = itertools.islice((line for line in table.body if is_data(line)), _TYPING)
        correct_roles(columns, [_lay_cells(line, columns) for line in rows])
        return columns
    body = list(
        itertools.islice(
            (line for line in table.body if is_data(line) and not is_prose(line) and not labelled(line, decimal_mark)),
            _SAMPLE,
        )
    )
    if not body:
        return columns
    _bands(columns, plain_lines(body))
    for _ in range(2):
        laid = [(line, lay(line, columns)) for line in body]
        correct_roles(columns, [cells for _, cells in laid])
        _learn(columns, laid)
    return columns


def _bands(columns: list[Column], body: list[TextLine]) -> None:
    """First knowledge: where no row has a word is a gutter, and what stands between two gutters belongs together. The
    bands of numbers go to the headers of numbers, those of text to the others, from left to right at least distance."""
    words = [word for line in body for word in _split_glued(line.words)]
    em = body[0].em
    for numeric in (True, False):
        mine = [c for c, column in enumerate(columns) if column.numeric is numeric]
        these = [w for w in words if (_kind(w) == "money") is numeric and (numeric or not _counts(w, columns))]
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
    return _kind(word) == "number" and any(
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


def correct_roles(columns: list[Column], laid: list[Cells]) -> None:
    """What stands in a column overrules its header's word: "Value" over money is no date, "Nr." over INV-7 no count."""
    for c, column in enumerate(columns):
        cells = [cells[c] for cells in laid if cells.get(c)]
        if len(cells) < 2:
            continue
        kinds = [_kind(words[0]) if len(words) == 1 else "text" for words in cells]
        share = {kind: kinds.count(kind) / len(kinds) for kind in ("money", "date", "number", "text")}
        if column.role in _DATES and share["money"] > 0.7:
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
            column.role is Role.TYPE
            and not any(other.role is Role.REFERENCE for other in columns)
            and sum(len(words) == 1 and sum(map(str.isdigit, words[0].text)) >= 3 for words in cells) > 0.7 * len(cells)
        ):
            column.role = Role.REFERENCE  # "Doc" over INV-1001
        elif column.role is Role.NUMBER and (share["text"] > 0.6 or all(len(words[0].text) >= 4 for words in cells)):
            column.role = Role.REFERENCE if not any(other.role is Role.REFERENCE for other in columns) else Role.OTHER


def lay(line: TextLine, columns: list[Column]) -> Cells:
    """The words of ``line`` by column number."""
    if line.cells:
        return _lay_cells(line, columns)
    if line.parts:
        merged: Cells = {}
        for part in line.parts:
            for c, found in lay(part, columns).items():
                merged.setdefault(c, []).extend(found)
        return merged
    words = _split_glued(line.words)
    quick = _at_once(words, columns, line.em)
    if quick is not None:
        return quick
    count = len(columns)
    infinite = 1e9
    kinds = [_kind(w) for w in words]
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


def _at_once(words: list[Word], columns: list[Column], em: float) -> Cells | None:
    """The answer without a search where every word stands exactly where one column's words stand; else None."""
    cells: Cells = {}
    last, end, before = -1, 0.0, ""
    near = 0.3 * em
    places = [(c, column.align, column.anchor, column.numeric) for c, column in enumerate(columns)]
    for word in words:
        kind = _kind(word)
        number = kind == "money" or kind == "number"
        if number and word.text[-1] in "-)*":
            return None
        found = -1
        left, right = word.x0, word.x1
        if kind != "beside":
            for c, align, anchor, numeric in places[last:] if last > 0 else places:
                if numeric is not number:
                    continue
                if align == "right":
                    stands = right
                elif align == "left":
                    stands = left
                elif align == "centre":
                    stands = (left + right) / 2
                elif align == "range" and columns[c].left - near < left and right < columns[c].right + near:
                    stands = anchor
                else:
                    continue
                if -near < stands - anchor < near:
                    if found >= 0:
                        return None
                    found = c
        if found < 0 or found == last:
            if last < 0 or columns[last].numeric or columns[last].role in _DATES or left - end > 0.85 * em:
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
        elif number and not columns[found].numeric:
            return None
        cells.setdefault(found, []).append(word)
        last, end, before = found, right, kind
    return cells


def _nothing_near(word: Word, c: int, columns: list[Column], near: float, number: bool) -> bool:
    """Whether a word stands clearly before what later columns (of text; for a ``number`` those of numbers too) hold."""
    return all(
        (column.numeric and not number) or (column.align is not None and word.x1 < column.left - near)
        for column in columns[c + 1 :]
    )


def _kind(word: Word) -> str:
    value = word.value
    if value is None:
        return _kind_of(word.text)
    return "money" if isinstance(value, Decimal) else "date"


@lru_cache(maxsize=65536)
def _kind_of(text: str) -> str:
    if amounts.looks_like_money(text):
        return "money"
    if amounts.is_nothing(text):
        return "number"
    if text.lower() in _BESIDE or not _LETTER.search(text):
        return "beside"
    if len(text) == 8 and text.isdigit() and dates.whole(text) is not None:
        return "date"  # 20261031
    if amounts.parse(text) is not None or amounts.is_nothing(text):
        return "number"
    if dates.whole(text) is not None or _BROKEN_DATE.fullmatch(text):
        return "date"
    return "text"


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
    if column.role in _DATES:
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
    if column.role in _DATES:
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


def _learn(columns: list[Column], laid: list[tuple[TextLine, Cells]]) -> None:
    spans: list[list[tuple[float, float, float]]] = [[] for _ in columns]
    for line, cells in laid:
        for c, words in cells.items():
            if columns[c].numeric:
                numbers = [w for w in words if _kind(w) in ("money", "number") and not amounts.is_nothing(w.text)]
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


def _split_glued(words: list[Word]) -> list[Word]:
    """Cut words that are two: a date with something behind it, two amounts without a gap."""
    result: list[Word] = []
    for word in words:
        text = word.text
        if len(text) < 9 or word.value is not None or not (cuts := _cuts(text)):
            result.append(word)
            continue
        for begin, end in zip([0, *cuts], [*cuts, len(text)], strict=True):
            if text[begin:end].strip():
                result.append(_part(word, begin, end))
    return result


@lru_cache(maxsize=65536)
def _cuts(text: str) -> list[int]:
    """Where a word is two."""
    found = dates.prefix(text)
    if found is not None and found[1] and (found[0].has_year or found[0].spelled):
        at = text.rfind(found[1])
        if at > 3 and not text[at].isdigit() and text[at] not in "/-.:":
            return [at]
    return _money_cuts(text) if amounts.parse(text) is None else []


def _money_cuts(text: str) -> list[int]:
    if amounts.parse(text.strip("()")) is not None:
        return []
    cuts: list[int] = []
    for at in range(4, len(text) - 3):
        if text[at - 3] in ".," and text[at - 2 : at].isdigit() and (text[at].isdigit() or text[at] in "-(¥$€£"):
            if amounts.looks_like_money(text[:at]) and amounts.looks_like_money(text[at:]):
                cuts.append(at)
    return cuts[:1]


def _part(word: Word, begin: int, end: int) -> Word:
    wide = [2 if ord(c) > 0x2E80 else 1 for c in word.text]
    unit = (word.x1 - word.x0) / max(1, sum(wide))
    x0 = word.x0 + unit * sum(wide[:begin])
    return Word(word.text[begin:end].strip(), x0, word.x0 + unit * sum(wide[:end]), word.top, word.bottom)


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


def header_cells(columns: list[Column]) -> list[HeaderCell]:
    return [HeaderCell(c.text, c.role, c.x0, c.x1) for c in columns]
