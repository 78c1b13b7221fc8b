"""Finding tables: which lines are header lines, and which lines belong to each.

Every line, and every pair or triple of adjacent lines, may be a header; those with enough known column words are
candidates. Real headers are followed by data, so candidates without data under them are dropped.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date

from parsers import amounts, dates
from parsers.currencies import CODES, named
from parsers.documents import Kind
from parsers.grid import Word
from parsers.lines import TextLine, is_prose
from parsers.wording import columns as wording
from parsers.wording import composed
from parsers.wording.columns import MONEY, Role
from parsers.wording.labels import labels_in
from parsers.wording.titles import kinds_in


@dataclass(slots=True)
class HeaderCell:
    text: str
    role: Role | None
    x0: float
    x1: float
    joined: bool = False  # two lines that only together are a known name


@dataclass(slots=True)
class Table:
    header: list[HeaderCell]
    start: int  # index of the first header line
    body: list[TextLine] = field(default_factory=list)
    headers: list[TextLine] = field(default_factory=list)  # every header line, repeated ones too
    currency: str | None = None  # named by its header or the line above it
    title: str = ""  # the short line over its header
    taken: list[TextLine] = field(default_factory=list)  # the whole lines that it is the half of

    @property
    def roles(self) -> set[Role]:
        return {cell.role for cell in self.header if cell.role is not None}

    @property
    def is_ageing(self) -> bool:
        """A table of ages, not of lines: buckets, and nothing that names a document."""
        buckets = sum(cell.role is Role.BUCKET for cell in self.header)
        return buckets >= 2 and not self.roles & {Role.REFERENCE, Role.DATE, Role.TEXT, Role.TYPE}


_NAMING = {Role.DATE, Role.REFERENCE, Role.TEXT, Role.TYPE, Role.DUE, Role.OTHER, Role.POSTED}


def find_tables(lines: list[TextLine]) -> list[Table]:
    """All tables in order; a table without header on a later page is the same table going on."""
    candidates = _candidates(lines)
    tables: list[Table] = []
    for number, (start, count, header) in enumerate(candidates):
        start, count, header = _with_parted_day(lines, start, count, header)
        end = candidates[number + 1][0] if number + 1 < len(candidates) else len(lines)
        table = Table(header, start, lines[start + count : end], lines[start : start + count])
        table.currency = _currency(lines, start, header)
        table.title = _title(lines, start)
        data = sum(1 for line in table.body if is_data(line))
        same = tables and _same_header(tables[-1].header, header) and not table.is_ageing
        if same and table.currency in (None, tables[-1].currency):
            _drop_page_head(tables[-1].body, table.headers[0])
            tables[-1].body += table.body
            tables[-1].headers += table.headers
        elif data or table.is_ageing:
            tables.append(table)
        elif tables:
            tables[-1].body += lines[start:end]
    tables = [half for table in tables for half in _halves(table, lines)]
    if len(tables) > 1:
        tables = [t for t in tables if not _is_box(t, tables)]
    return tables


def _halves(table: Table, lines: list[TextLine]) -> list[Table]:
    """Two tables beside each other (deliveries left, receipts right) as two, the right one first: below the left one
    stand the sums of both."""
    header = table.header
    for n in range(2, len(header) - 1):
        left, right = header[:n], header[n:]
        twins = [c for c in left if c.text == right[0].text and c.role is right[0].role]
        if not twins or any(line.parts for line in table.body):
            continue
        if Role.DATE not in {c.role for c in right}:  # a stub to be sent back repeats numbers and amounts
            continue
        if not ({c.role for c in left} & MONEY and {c.role for c in right} & MONEY):
            continue
        cut = (left[-1].x1 + right[0].x0) / 2
        above = lines[table.start - 1 : table.start]
        result = []
        for cells, side in ((right, 1), (left, 0)):
            half = Table(cells, table.start, currency=table.currency, taken=[*table.body, *table.headers])
            half.body = [part for line in table.body if (part := _part(line, cut, side)).words]
            half.headers = [_part(line, cut, side) for line in table.headers]
            half.title = "".join(_part(line, cut, side).text for line in above if not is_data(line))
            result.append(half)
        return result
    return [table]


def _part(line: TextLine, cut: float, side: int) -> TextLine:
    words = [word for word in line.words if ((word.x0 + word.x1) / 2 >= cut) is bool(side)]
    return replace(line, words=words, _text=None)


_BOXED = {
    Role.DATE,
    Role.DUE,
    Role.POSTED,
    Role.REFERENCE,
    Role.OTHER,
    Role.ACCOUNT,
    Role.CURRENCY,
    Role.AMOUNT,
    Role.PAID,
}
_BOXED |= {Role.OPEN, Role.DAYS, Role.STATUS, Role.NUMBER, Role.TYPE}


def _is_box(table: Table, tables: list[Table]) -> bool:
    """A box of labels over values (number, date, amount of the whole) that stands before the table of lines."""
    told = sum(cell.text.lower().startswith("total") and cell.role in MONEY for cell in table.header)
    if told >= 2 and sum(is_data(line) for line in table.body) == 1:
        return True  # a stub's sums: gross, discount, paid
    letter = Role.TEXT in table.roles and Role.REFERENCE not in table.roles  # what they owe us, what we owe them
    if table.is_ageing or table is tables[-1] or not table.roles <= (_BOXED | {Role.TEXT} if letter else _BOXED):
        return False
    rows = sum(is_data(line) for line in table.body)
    later = [t for t in tables[tables.index(table) + 1 :] if not t.is_ageing]
    return rows == 1 and any(sum(is_data(line) for line in t.body) >= 1 for t in later)


def _currency(lines: list[TextLine], start: int, header: list[HeaderCell]) -> str | None:
    """The currency of a section: in the header's own words, or in a short line above it."""
    for cell in header:
        if cell.role in MONEY and (code := named(cell.text)):
            return code
    for line in reversed(lines[max(0, start - 3) : start]):
        if is_data(line) or line.page != lines[start].page:
            return None
        if len(line.text) <= 60 and (code := named(line.text)):
            return code
    return None


def _with_parted_day(
    lines: list[TextLine], start: int, count: int, header: list[HeaderCell]
) -> tuple[int, int, list[HeaderCell]]:
    """``2026年`` over ``月`` and ``日`` beside a header that is printed half a line higher: the day's two columns."""
    below = lines[start + count] if start + count < len(lines) else None
    if below is None or below.cells or [w.text for w in below.words] != ["月", "日"]:
        return start, count, header
    if below.words[1].x0 > header[0].x0 or below.page != lines[start].page:
        return start, count, header
    year = lines[start - 1].words if start and re.fullmatch(r"(?:20\d\d)? ?年", lines[start - 1].text) else []
    parts = [
        HeaderCell(f"{year[0].text} {word.text}" if year else word.text, None, word.x0, word.x1) for word in below.words
    ]
    return start - bool(year), count + 1 + bool(year), [*parts, *header]


def _title(lines: list[TextLine], start: int) -> str:
    """The short line without figures that stands over a header."""
    above = lines[start - 1] if start else None
    if above is None or above.page != lines[start].page or is_data(above):
        return ""
    plain = len(above.words) <= 6 and not any(amounts.looks_like_money(w.text) or w.value for w in above.words)
    return above.text if plain else ""


def _drop_page_head(body: list[TextLine], header: TextLine) -> None:
    """Between a page's top and the header repeated there stand titles and addresses, no rows."""
    for line in reversed(body):
        if line.page != header.page:
            break
        if not line.cells and not any(amounts.looks_like_money(w.text) for w in line.words):
            line.repeated = True


def _same_header(a: list[HeaderCell], b: list[HeaderCell]) -> bool:
    """The header repeated on the next page: the same words at the same places."""
    return len(a) == len(b) and all(
        (x.text == y.text or (x.role is not None and x.role is y.role))
        and abs(x.x0 - y.x0) < 8
        and abs(x.x1 - y.x1) < 8
        for x, y in zip(a, b, strict=True)
    )


def is_data(line: TextLine) -> bool:
    """Whether a line looks like a row: money, and something that names what it is for."""
    money = naming = False
    for word in line.words:
        if word.value is not None:
            if isinstance(word.value, date):
                naming = True
            else:
                money = True
        elif amounts.looks_like_money(word.text):
            money = True
        elif not naming and any(map(str.isalnum, word.text)):
            naming = True
    return money and naming


def _candidates(lines: list[TextLine]) -> list[tuple[int, int, list[HeaderCell]]]:
    cells = [_cells(line) for line in lines]
    for k, line in enumerate(lines):
        if (
            cells[k] is not None
            and _score(cells[k] or []) == 0
            and any(kind in _TITLED for kind, _ in kinds_in(line.text))
        ):
            cells[k] = None  # a title over the header is no part of it
    windows = [_best_window(i, lines, cells) for i in range(len(lines))]
    found: list[tuple[int, int, list[HeaderCell]]] = []
    i = 0
    while i < len(lines):
        score, count, header = windows[i]
        inner = max((windows[k][0] for k in range(i + 1, min(i + count, len(lines)))), default=0.0)
        if score > 0 and inner <= score:
            found.append((i, count, header))
            i += count
        else:
            i += 1
    return found


_TITLED = (Kind.STATEMENT, Kind.REMITTANCE_ADVICE)


def _best_window(
    i: int, lines: list[TextLine], cells: list[list[HeaderCell] | None]
) -> tuple[float, int, list[HeaderCell]]:
    """The best header that begins in line ``i``: its score (0 for none), how many lines it has, its cells."""
    best: tuple[float, int, list[HeaderCell]] = (0.0, 1, [])
    stacked: list[HeaderCell] = []
    for count in (1, 2, 3):
        j = i + count - 1
        here = cells[j] if j < len(lines) else None
        if here is None or lines[j].page != lines[i].page or (count > 1 and not _adjacent(lines[j - 1], lines[j])):
            break
        stacked = here if count == 1 else _stack(stacked, here)
        score = _score(stacked)
        alone = max(_score(cells[k] or []) for k in range(i, j + 1)) if count > 1 else 0.0
        sides = {cell.role for cell in stacked} & MONEY > {
            cell.role for cell in best[2]
        } & MONEY  # 本期发生 over 应收, 实收
        if score > max(best[0], alone) + (0.0 if count == 1 else 0.4 if sides else 0.6):
            best = (score, count, stacked)
    return best


def _money_of(header: list[HeaderCell]) -> set[Role | None]:
    return {cell.role for cell in header} & MONEY


def _adjacent(upper: TextLine, lower: TextLine) -> bool:
    if upper.cells:
        return lower.top - upper.top == 1
    return lower.top - upper.bottom < 0.9 * (lower.bottom - lower.top)


def _score(header: list[HeaderCell]) -> float:
    """How much a header this is; 0 for none."""
    known = [cell.role for cell in header if cell.role is not None]
    roles = set(known)
    money = roles & MONEY
    buckets = known.count(Role.BUCKET)
    if not money:
        return 0.0
    if buckets >= 2 and len(known) >= 3 and not roles & _NAMING:
        return len(known) if len(known) >= 0.6 * len(header) else 0.0
    if not roles & _NAMING or len(roles) < 2:
        return 0.0
    unknown = len(header) - len(known)
    if len(roles) == 2 and unknown > 0:
        return 0.0
    if unknown > len(known):  # a day, a number and money make it a header all the same
        return 0.5 if {Role.DATE, Role.REFERENCE} <= roles and unknown <= 2 * len(known) else 0.0
    return len(known) - 0.5 * unknown + 0.4 * sum(cell.joined for cell in header)


_LONG_PROSE = 12  # words one space apart; every stretch of them would be asked for the name of a column


def _cells(line: TextLine) -> list[HeaderCell] | None:
    """The line's words grouped into header cells; None for a line that cannot be (part of) a header."""
    if (line.repeated and not line.words) or (line.words and _RULED.fullmatch(line.words[0].text)):
        return None
    for word in line.words:
        if word.value is not None or amounts.looks_like_money(word.text):
            return None
        if dates.whole(word.text) is not None and not wording.is_bucket(word.text) and len(word.text) > 4:
            return None
        if len(word.text) > 60 or word.text[-1] in ":：" or (line.cells and _LABELLED.search(word.text)):
            return None
    if len(line.words) > 60 or (len(line.words) > _LONG_PROSE and is_prose(line)):
        return None
    if line.parts:
        stacked: list[HeaderCell] = []
        for part in line.parts:
            own = _cells(part)
            if own is None:
                return None
            stacked = _stack(stacked, own) if stacked else own
        return stacked
    if line.cells:
        return [
            HeaderCell(w.text.strip(), wording.role(w.text) or composed.role(w.text), w.x0, w.x1) for w in line.words
        ]
    return _group(line.words, line.em, line.space)


def _group(words: list[Word], em: float, space: float) -> list[HeaderCell]:
    """Group words into cells: longest known names first, a wide gap always separates."""
    count = len(words)
    best: list[tuple[float, int, Role | None]] = [(0.0, 0, None)] * (count + 1)
    for end in range(1, count + 1):
        choice: tuple[float, int, Role | None] | None = None
        for start in range(end - 1, max(-1, end - 8), -1):
            gaps = [words[k + 1].x0 - words[k].x1 for k in range(start, end - 1)]
            if gaps and max(gaps) > 2.2 * em:
                break
            role = wording.role(" ".join(w.text for w in words[start:end]))
            size = end - start
            if role is not None:
                said = max(
                    1, sum(w.text.strip("()").upper() not in CODES for w in words[start:end])
                )  # units say nothing
                gain = 2.0 * said - 1.0 - sum(1.6 for g in gaps if g > (1.7 * space + 0.1) * em)
            elif size == 1 or max(gaps) < 0.7 * em:
                role = (
                    composed.role(" ".join(w.text for w in words[start:end]))
                    if not gaps or max(gaps) < (1.7 * space + 0.1) * em
                    else None
                )
                gain = -0.4 - 0.1 * size if role is None else 0.7
            else:
                continue
            total = best[start][0] + gain
            if choice is None or total > choice[0]:
                choice = (total, start, role)
        assert choice is not None
        best[end] = choice
    cells: list[HeaderCell] = []
    end = count
    while end > 0:
        _, start, role = best[end]
        part = words[start:end]
        cells.append(HeaderCell(" ".join(w.text for w in part), role, part[0].x0, part[-1].x1))
        end = start
    cells.reverse()
    return _split_glued(cells)


def _split_glued(cells: list[HeaderCell]) -> list[HeaderCell]:
    """``单据号摘要`` without a gap: cut where both parts are known names; places in proportion."""
    result: list[HeaderCell] = []
    for cell in cells:
        text = cell.text
        if cell.role is None and 4 <= len(text) <= 40 and " " not in text and not labels_in(text):
            for cut in range(2, len(text) - 1):
                left, right = wording.role(text[:cut]), wording.role(text[cut:])
                if left and right and (not text[cut - 1].isascii() or text[cut].isupper() or text[cut - 1] == "."):
                    middle = cell.x0 + (cell.x1 - cell.x0) * cut / len(text)
                    result += [
                        HeaderCell(text[:cut], left, cell.x0, middle),
                        HeaderCell(text[cut:], right, middle, cell.x1),
                    ]
                    break
            else:
                result.append(cell)
        else:
            result.append(cell)
    return result


_KINDS_OF_MONEY = ("原币", "本位币", "本币", "外币")  # under 余额 they tell which money it is counted in


def _stack(upper: list[HeaderCell], lower: list[HeaderCell]) -> list[HeaderCell]:
    """Two header lines as one: cells over each other are one cell; a cell over several is their common title."""
    result: list[HeaderCell] = []
    used: set[int] = set()
    for low in lower:
        above = [(n, u) for n, u in enumerate(upper) if min(u.x1, low.x1) - max(u.x0, low.x0) > 0]
        if len(above) == 1:
            n, up = above[0]
            sharing = [other for other in lower if min(up.x1, other.x1) - max(up.x0, other.x0) > 0]
            used.add(n)
            text = f"{up.text} {low.text}"
            whole = wording.role(text)
            role = whole or (up.role if low.text in _KINDS_OF_MONEY else low.role) or up.role
            if len(sharing) > 1:
                result.append(HeaderCell(text, role, low.x0, low.x1))
            else:
                joined = whole is not None and not (up.role is None and whole is low.role)
                result.append(HeaderCell(text, role, min(up.x0, low.x0), max(up.x1, low.x1), joined))
        else:
            result.append(low)
            if above:
                used.update(n for n, _ in above)
                over = " ".join(u.text for _, u in above)
                role = wording.role(f"{over} {low.text}") or low.role
                result[-1] = HeaderCell(f"{over} {low.text}", role, low.x0, low.x1)
    result += [u for n, u in enumerate(upper) if n not in used]
    result.sort(key=lambda cell: cell.x0)
    return result


_LABELLED = re.compile(r"[^\W\d][:：]\s*\S")  # "Supplier: Acme" in a cell is no heading
_RULED = re.compile(r"[-=_~*.─━]{3,}")  # a line drawn with characters
_PAGE_WORDS = re.compile(r"^(?:page|seite|pagina|p\.|p(?= )|第)\s*\d{1,4}(?!\d)", re.IGNORECASE)


def is_noise(line: TextLine) -> bool:
    """A line inside a table's lines that is none of it: a page number, a repeated head or foot."""
    return (
        line.repeated
        or (
            bool(_PAGE_WORDS.match(line.text.strip())) and not any(amounts.looks_like_money(w.text) for w in line.words)
        )
        or all(_RULED.fullmatch(w.text) for w in line.words)
    )
