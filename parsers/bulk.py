"""The lines of a block (:class:`parsers.grid.Block`), read by column.

One row of every form went through the whole reading with the rows around the block. What was decided about it (which
cell is the reference, which type, what sign, which column the amount is) holds for all rows of its form, and the
arithmetic is then done over every row, in hundredths. Whatever does not fit this plan answers None, and the sheet is
read row by row instead; so does every document whose arithmetic fails, because only that reading names the row.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import repeat
from operator import add, eq, mul, sub, truediv
from typing import Any

from parsers import currencies
from parsers.amounts import Amount
from parsers.documents import Line, LineType
from parsers.entries import Entry
from parsers.grid import Block
from parsers.long import LineColumns
from parsers.references import tidy
from parsers.rows import Row, RowSet
from parsers.statement import Ledger, Posting, Reading, signed
from parsers.wording.columns import Role

_NOISE = frozenset(" ,;:，；：#*")
Cents = Sequence[int | None]


_MOST_BREAKS = 40  # places where a reading may break inside the block and still be the right one


class Irregular(Exception):
    """The block cannot be read by column: its rows are to be read one by one, or only ``rows`` of it are."""

    def __init__(self, rows: set[int] | None = None) -> None:
        super().__init__()
        self.rows = rows or set()


@dataclass(slots=True)
class Folded:
    """A ledger in which each stretch of the block is one entry: what the proof needs of its rows is their sums and the
    balance at the end."""

    block: Block
    ledger: Ledger
    samples: list[Entry]  # by form
    cents: dict[int, Cents]  # money of the block by column
    plan: list[int | slice]  # each entry of ``ledger``: an entry of ``whole``, or a stretch of the block
    whole: Ledger  # the ledger with the samples, which the readings are made from
    breaks: set[int] | None = None  # the fewest rows at which a reading broke inside the block

    def fold(self, reading: Reading) -> Reading | None:
        """``reading`` of the samples and the rows around, as one of the folded ledger; None where the block breaks the
        chain of balances. Raises :class:`Irregular` where the block cannot be told by column."""
        postings = self.sample_postings(reading)
        amounts = self.column(postings, "amount")
        if amounts is None or None in amounts:
            raise Irregular
        balances: Cents | None = None
        if reading.running and reading.balance_column is not None:
            balances = self.column(postings, "balance")
            if balances is None or None in balances:
                raise Irregular
            stretches = [part for part in self.plan if isinstance(part, slice)]
            if not all(_leads(amounts[part], balances[part], reading.newest_first) for part in stretches):
                self._break(amounts, balances, reading.newest_first)  # type: ignore[arg-type]
                return None
        folded = []
        for part in self.plan:
            if isinstance(part, slice):
                balance = None if balances is None else balances[part][0 if reading.newest_first else -1]
                folded.append(Posting(_total(amounts[part]), balance=None if balance is None else _money(balance)))  # type: ignore[arg-type]
            else:
                folded.append(reading.postings[part])
        return replace(reading, postings=folded)

    def _break(self, amounts: Sequence[int], balances: Sequence[int], backwards: bool) -> None:
        """Remember where the chain breaks, if that is at a few places only."""
        off = -1 if backwards else 0  # the row whose amount lies between two balances
        rows = self.block.rows
        turn = -1 if backwards else 1
        found: set[int] = set()
        for n in range(1, len(rows)):
            if balances[n] != balances[n - 1] + turn * amounts[n + off] and rows[n] == rows[n - 1] + 1:
                found.add(rows[n])
                if len(found) > _MOST_BREAKS:
                    return
        if self.breaks is None or len(found) < len(self.breaks):
            self.breaks = found

    @property
    def parted(self) -> bool:
        """Whether rows in question stand by themselves: a reading that breaks elsewhere in the block is a wrong one."""
        return len(self.block.stretches()) > 1

    def names_breaks(self, reading: Reading) -> bool:
        """Whether what breaks in ``reading`` breaks at single rows, which the proof calls by their numbers."""
        numbers, count = set(), 1
        for part, entry in zip(self.plan, self.ledger.entries, strict=True):
            if isinstance(part, slice):
                numbers.add(count)
            count += entry.count
        return numbers.isdisjoint(reading.outcome.broken_lines)

    def sample_postings(self, reading: Reading) -> list[Posting]:
        """The samples' postings, by form."""
        at = {id(entry): posting for entry, posting in zip(self.whole.entries, reading.postings, strict=True)}
        return [at[id(entry)] for entry in self.samples]

    def column(self, postings: Sequence[Posting], field: str) -> Cents | None:
        """One field of the postings of all rows of the block; None where no single rule gives it.

        Each form's rule comes from its sample: the money columns, added or taken off, that make the sample's value.
        """
        rules = []
        for form, (entry, posting) in enumerate(zip(self.samples, postings, strict=True)):
            value = getattr(posting, field)
            rule = None if value is None else self._rule(value, entry, form)
            if rule is None and value is not None:
                return None
            rules.append(rule)
        distinct = list(dict.fromkeys(rules))
        if distinct == [None]:
            return [None] * len(self.block.forms)
        if None not in distinct and (rule := _common(distinct, self.samples)) is not None:  # type: ignore[arg-type]
            return self._by_rule(rule)
        made = {rule: None if rule is None else self._by_rule(rule) for rule in distinct}
        by_form = [made[rule] for rule in rules]
        return [None if (m := by_form[form]) is None else m[row] for row, form in enumerate(self.block.forms)]

    def whole_items(self, reading: Reading) -> bool:
        """Whether a balance that was taken for what is left of each item never exceeds it, in any row of the block."""
        balance = [c for c in self.ledger.rows.of(Role.BALANCE) if c in reading.columns]
        fulls = [
            c
            for c in self.ledger.rows.of(Role.GROSS, Role.AMOUNT, Role.DEBIT)
            if c in self.cents and c not in reading.columns
        ]
        if not balance or not fulls or balance[0] not in self.cents:
            return True
        pairs = zip(self.cents[fulls[0]], self.cents[balance[0]], strict=True)
        return all(full is not None and rest is not None and abs(rest) <= abs(full) for full, rest in pairs)

    def _rule(self, value: Decimal, entry: Entry, form: int) -> tuple[tuple[int, int], ...] | None:
        """``((sign, column), …)`` that gives ``value``: of one column, or of two."""
        money = {c: signed(a, None) for c, a in entry.money.items()}
        single = [((sign, c),) for sign in (1, -1) for c, printed in money.items() if sign * printed == value]
        if len(single) > 1:
            rows = [row for row, of in enumerate(self.block.forms) if of == form]
            first = self._by_rule(single[0])
            for other in single[1:]:
                values = self._by_rule(other)
                if any(first[row] != values[row] for row in rows):
                    return None
        if single:
            return single[0]
        for a, left in money.items():
            for b, right in money.items():
                if a < b and left - right == value:
                    return ((1, a), (-1, b))
                if a < b and right - left == value:
                    return ((-1, a), (1, b))
        return None

    def _by_rule(self, rule: tuple[tuple[int, int], ...]) -> Cents:
        columns = [self.cents[c] for _, c in rule]
        (sign, _), *rest = rule
        first: Cents = columns[0]
        if not rest:
            if sign > 0:
                return first
            return [None if c is None else -c for c in first]
        second = columns[1]
        left, right = (first, second) if sign > 0 else (second, first)
        return [(a or 0) - (b or 0) for a, b in zip(left, right, strict=True)]


def _common(rules: list[tuple[tuple[int, int], ...]], samples: list[Entry]) -> tuple[tuple[int, int], ...] | None:
    """One rule for all forms: debit less credit, where each form fills one of both; None where there is none."""
    if len(rules) == 1:
        return rules[0]
    terms = {term for rule in rules for term in rule}
    columns = {c for _, c in terms}
    if len(terms) != len(columns) or len(columns) != 2 or {sign for sign, _ in terms} != {1, -1}:
        return None
    for rule in rules:  # a rule of one column must not leave out the other one where that is filled as well
        if len(rule) == 1 and any(columns <= entry.money.keys() for entry in samples):
            return None
    return tuple(sorted(terms, reverse=True))


def _leads(amounts: Cents, balances: Cents, backwards: bool) -> bool:
    """Whether every row inside the block leads from the balance before it to its own."""
    if backwards:
        return all(map(eq, map(sub, balances[:-1], amounts[:-1]), balances[1:]))
    return all(map(eq, map(add, balances[:-1], amounts[1:]), balances[1:]))


def _total(cents: Sequence[int]) -> Decimal:
    """The sum, with as many decimals as the values themselves have."""
    total = sum(cents)
    if any(c % 10 for c in cents):
        return _money(total)
    places = 1 if any(c % 100 for c in cents) else 0
    return Decimal(total // 10 ** (2 - places)).scaleb(-places)


def _money(cents: int) -> Decimal:
    return Decimal(cents).scaleb(-2)


def fold(block: Block, rows: RowSet, entries: list[Entry], ledger: Ledger) -> Folded | None:
    """``ledger``, which holds the samples of ``block`` among its rows, with each stretch of the block as one entry."""
    inside = set(block.rows)
    place = {block.rows[row]: form for form, row in enumerate(block.samples)}
    samples: list[Entry | None] = [None] * len(block.samples)
    for row in rows.rows:
        if int(row.first.top) in inside and (row.mark is not None or len(row.lines) > 1):
            return None
    for entry in entries:
        if int(entry.row.first.top) in inside:
            samples[place[int(entry.row.first.top)]] = entry
    told = [entry for entry in samples if entry is not None]
    if len(told) != len(samples) or not told:
        return None
    cents: dict[int, Cents] = {}
    for c in {c for entry in told for c in entry.money}:
        column = _cents(block.columns.get(c))
        if column is None:
            return None
        cents[c] = column
    if any(signed(a, e.direction) != a.value or a.side for e in told for a in e.money.values() if e.direction is None):
        return None
    plan: list[tuple[int, int | slice]] = [(block.rows[part.start], part) for part in block.stretches()]
    for n, entry in enumerate(entries):
        if int(entry.row.first.top) not in inside:
            plan.append((int(entry.row.first.top), n))
    plan.sort(key=lambda one: one[0])
    ones = {top: _one(told[0], cents, part) for top, part in plan if isinstance(part, slice)}
    folded = [ones[top] if isinstance(part, slice) else entries[part] for top, part in plan]
    order = [(int(row.first.top), row) for row in rows.rows if int(row.first.top) not in inside]
    order += [(top, one.row) for top, one in ones.items()]
    order.sort(key=lambda one: one[0])
    return Folded(
        block, Ledger(rows, folded, [row for _, row in order], ledger.mark, ledger.printed), told, cents,
        [part for _, part in plan], Ledger(rows, entries, rows.rows, ledger.mark, ledger.printed),
    )  # fmt: skip


def _one(sample: Entry, cents: dict[int, Cents], part: slice) -> Entry:
    """The entry that stands for a stretch of the block: the sums of its columns."""
    money = {c: Amount(_total([v for v in column[part] if v is not None])) for c, column in cents.items()}
    row = Row(sample.row.lines, {}, currency=sample.row.currency)
    return replace(sample, row=row, money=money, count=part.stop - part.start, doubts=[])


def _cents(column: Sequence[Any] | None) -> Cents | None:
    """The amounts in hundredths; None where one has more decimals (15 significant digits count, as a sheet shows)."""
    if column is None:
        return None
    try:
        if None not in column:
            cents = list(map(round, map(mul, column, repeat(100))))
            if all(map(eq, map(truediv, cents, repeat(100)), column)):
                return cents
        some: list[int | None] = [None if value is None else round(value * 100) for value in column]
    except (TypeError, ValueError, OverflowError):
        return None
    for c, value in zip(some, column, strict=True):
        if c is not None and c / 100 != value and c / 100 != float(format(value, ".15g")):
            return None
    return some


def columns_of(
    folded: Folded,
    reading: Reading,
    *,
    currency: str | None,
    type_of: Callable[[Entry, Posting], LineType],
    gross: bool = False,
) -> LineColumns | None:
    """The lines of the block under ``reading`` (of the ledger with the samples); None where a field cannot be told."""
    block, samples = folded.block, folded.samples
    if currencies.exponent(currency or "") != 2 or len({e.currency or currency for e in samples}) > 1:
        return None
    postings = folded.sample_postings(reading)
    money = {}
    rest = "gross" if gross else "open"  # in a remittance advice the open amount of a line is its gross
    for field in ("amount", "debit", "credit", rest, "balance"):
        found = folded.column(postings, field)
        if found is None:
            return None
        money[field] = None if all(getattr(p, field) is None for p in postings) else found
    types = [type_of(entry, posting) for entry, posting in zip(samples, postings, strict=True)]
    if any(abs(p.amount) and not _of_one_column(p, e) for p, e in zip(postings, samples, strict=True)):
        return None  # its sign, and with it its type, may differ from row to row of one form
    days = _days(folded, "day", Role.DATE, Role.POSTED)
    dues = _days(folded, "due", Role.DUE)
    reference = _texts(folded, [e.reference for e in samples], tidied=True)
    description = _texts(folded, [e.description for e in samples], tidied=False)
    others = _others(folded)
    if days is None or dues is None or reference is None or description is None or others is None:
        return None
    doubts = [e.doubts for e in samples]
    return LineColumns(
        first=1, row=block.top + 1, page=samples[0].row.page, currency=samples[0].currency or currency,
        amount=money["amount"], type=list(map(types.__getitem__, block.forms)),  # type: ignore[arg-type]
        date=days or None, due_date=dues or None, reference=reference or None, other_references=others or None,
        description=description or None, debit=money["debit"], credit=money["credit"], open_amount=money[rest],
        balance=money["balance"], doubts=list(map(doubts.__getitem__, block.forms)) if any(doubts) else None,
    )  # fmt: skip


def _of_one_column(posting: Posting, entry: Entry) -> bool:
    return any(abs(a.value) == abs(posting.amount) for a in entry.money.values())


def _days(folded: Folded, field: str, *roles: Role) -> Sequence[dt.date | None] | None:
    """The typed days of the block; () where no line has one, None where they cannot be told by column."""
    told = [getattr(entry, field) for entry in folded.samples]
    if all(day is None for day in told):
        return ()
    columns = folded.ledger.rows.of(roles[0]) or folded.ledger.rows.of(*roles)
    for c in columns if field == "day" else reversed(columns):
        values = folded.block.columns.get(c)
        if (
            values is not None
            and all(
                type(day) is dt.date or (day is None and values[row] is None)
                for day, row in zip(told, folded.block.samples, strict=True)
            )
            and [values[row] for row in folded.block.samples] == told
        ):
            if set(map(type, values)) <= {dt.date, type(None)}:
                return values  # type: ignore[return-value]
    return None


def _texts(folded: Folded, told: list[str | None], *, tidied: bool) -> Sequence[str | None] | None:
    """A text field of all lines; () where no line has it, None where it is no column's text for some form."""
    if not any(told):
        return ()
    block = folded.block
    sources: list[int | None] = []
    for text, row in zip(told, block.samples, strict=True):
        if not text:
            sources.append(None)
            continue
        found = [c for c, values in block.columns.items() if _text_of(values[row]) == text]
        if not found:
            return None
        sources.append(found[0] if len(found) == 1 else _the_one(found, folded, tidied))
    made = {c: _tidy(_as_texts(block.columns[c]), tidied) for c in set(sources) if c is not None}
    if any(column is None for column in made.values()):
        return None
    if len(set(sources)) == 1 and sources[0] is not None:
        return made[sources[0]]
    by_form = [None if c is None else made[c] for c in sources]
    return [None if (m := by_form[form]) is None else m[row] for row, form in enumerate(block.forms)]


def _the_one(found: list[int], folded: Folded, tidied: bool) -> int:
    roles = (Role.REFERENCE, Role.OTHER) if tidied else (Role.TEXT, Role.TYPE, Role.ACCOUNT)
    columns = folded.ledger.rows.columns
    return next((c for c in found if c < len(columns) and columns[c].role in roles), found[0])


def _text_of(value: object) -> str | None:
    return value if isinstance(value, str) else format(value, ".15g") if isinstance(value, float) else None


def _as_texts(values: Sequence[Any]) -> Sequence[str | None]:
    if type(next((v for v in values if v is not None), "")) is float:
        return [None if v is None else format(v, ".15g") for v in values]
    return values


def _tidy(values: Sequence[str | None], tidied: bool) -> Sequence[str | None] | None:
    """Texts that are tidy already; None where one is not, and the sheet is read row by row."""
    present: Iterable[str] = [v for v in values if v] if None in values else values  # type: ignore[assignment]
    joined = "\n".join(present)
    if not tidied or not joined:
        return values
    if joined.isascii() and "  " not in joined and "\t" not in joined and not _NOISE & set(joined.replace("\n", "")):
        return values
    return [None if value is None else tidy(value) for value in values]


def _others(folded: Folded) -> Sequence[list[str]] | None:
    samples, block = folded.samples, folded.block
    if not any(entry.others for entry in samples):
        return ()
    width = {len(entry.others) for entry in samples}
    most = max(width)
    columns = []
    for n in range(most):
        column = _texts(folded, [e.others[n] if n < len(e.others) else None for e in samples], tidied=True)
        if column is None:
            return None
        columns.append(column or [None] * len(block.forms))
    return [[text for text in texts if text] for texts in zip(*columns, strict=True)]


def agree(folded: Folded, entries: list[Entry]) -> bool:
    """Whether what was decided by majority over the samples would be decided so over all rows as well."""
    counts = [0] * len(folded.samples)
    for form in folded.block.forms:
        counts[form] += 1
    outside = [e for e in entries if all(e is not sample for sample in folded.samples)]
    weighted = [*((e, 1) for e in outside), *zip(folded.samples, counts, strict=True)]

    def share(of: Iterable[tuple[Entry, int]], has: Callable[[Entry], bool]) -> float:
        weighed = list(of)
        return sum(n for e, n in weighed if has(e)) / max(1, sum(n for _, n in weighed))

    def lettered(entry: Entry) -> bool:
        return bool(entry.reference) and any(c.isalpha() for c in entry.reference or "")

    def numbered(entry: Entry) -> bool:
        return bool(entry.reference) and any(c.isdigit() for c in entry.reference or "")

    def dated(entry: Entry) -> bool:
        return entry.day is not None

    plain = [(e, 1) for e in entries]
    return all(
        (share(plain, has) > line) is (share(weighted, has) > line)
        for has, line in ((lettered, 0.8), (numbered, 0.5), (dated, 0.5))
    ) and not any(e.garbled for e in folded.samples)


def single_lines(folded: Folded, lines: list[Line]) -> list[Line]:
    """The lines that are not in the block, out of those of all entries; numbered as they stand in the document."""
    found, count = [], 0
    for part in folded.plan:
        if isinstance(part, slice):
            count += part.stop - part.start
        else:
            count += 1
            lines[part].no = count
            found.append(lines[part])
    return found


def pieces(folded: Folded, columns: LineColumns, lines: list[Line]) -> list[list[Line] | LineColumns]:
    """All lines in their order: stretches of the block as columns, and the single ``lines`` between them."""
    found: list[list[Line] | LineColumns] = []
    single, count = iter(lines), 0
    for part in folded.plan:
        if isinstance(part, slice):
            found.append(columns.part(part, first=count + 1, row=folded.block.rows[part.start] + 1))
            count += part.stop - part.start
            continue
        if not found or not isinstance(found[-1], list):
            found.append([])
        found[-1].append(next(single))  # type: ignore[union-attr]
        count += 1
    return found
