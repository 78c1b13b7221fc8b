"""The first pass over large books as columns, before any line becomes a value of its own.

Most lines of two large books have a partner that pass 1 would accept whatever else stands in the books:

* the amount occurs once on either side, and the two lines that have it share a number on some rung of the ladder;
* or the number occurs once on either side, with the same amount on the same day.

No other line competes for such a pair, and the repeat gate is passed. A second look takes pairs by amounts alone
(``bulk_amounts.py``). Everything else, and every doubt, is left to the cascade; the answer is the same, only the cost
differs: one microsecond a line instead of ten.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, compress, islice
from json.encoder import encode_basestring
from operator import eq
from typing import overload

from mailflow.receivables.ledger import Item
from mailflow.receivables.ledger_table import LedgerTable
from mailflow.reconciliation import bulk_amounts, keys
from mailflow.reconciliation.counterpart import Counterpart, TheirLine, line_of_item
from mailflow.reconciliation.differences import OPENING_WORDS
from mailflow.reconciliation.entry import PAPERS, Entry, ordinal, our_refs, their_refs
from mailflow.reconciliation.match import Match, shown
from mailflow.reconciliation.policy import Policy
from mailflow.reconciliation.rules import AMOUNT_DATE, EXACT, LADDER, MAIN, Rule

_SAMPLE = 4_000  # lines of theirs that vote on the sign
_NUMBERED = frozenset({"invoice", "payment", "credit_note", "debit_note"})  # never an opening row when numbered
_NEEDS_QUOTING = re.compile(r'["\\\x00-\x1f]')


class TheirTable(Sequence[TheirLine]):
    """Their statement in the ledger's own columns; a line is made when it is asked for."""

    def __init__(self, table: LedgerTable) -> None:
        self.table = table

    def __len__(self) -> int:
        return len(self.table)

    @overload
    def __getitem__(self, at: int) -> TheirLine: ...
    @overload
    def __getitem__(self, at: slice) -> list[TheirLine]: ...
    def __getitem__(self, at: int | slice) -> TheirLine | list[TheirLine]:
        if isinstance(at, slice):
            return [self[row] for row in range(*at.indices(len(self)))]
        row = at if at >= 0 else at + len(self)
        return line_of_item(row + 1, self.table[row])

    def __iter__(self) -> Iterator[TheirLine]:
        return (self[row] for row in range(len(self)))


def of_table(table: LedgerTable, file: str) -> Counterpart:
    """As ``of_items``: their statement given as a large ledger file."""
    names = set(table.party_names) - {""}
    return Counterpart(
        lines=TheirTable(table), currency=table.currency, file=file, party_ids=tuple(sorted(set(table.party_ids))),
        name=names.pop() if len(names) == 1 else "",
    )  # fmt: skip


@dataclass(slots=True)
class Taken:
    """Rows of both tables that belong together by the rule beside them, in the order of rules, then of their lines;
    ``sign`` turns their amounts into ours. ``apart`` are amounts that one line of either side has, whose numbers differ
    on every rung; the last rules of all are those of amounts alone."""

    ours: LedgerTable
    theirs: LedgerTable
    sign: int
    our_rows: list[int]
    their_rows: list[int]
    rules: list[Rule]
    apart: set[int] = field(default_factory=set)
    paid_by_number: int = 0  # payments among those that a number took
    _made: dict[tuple[bool, int], Entry] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.our_rows)

    def add(self, row: int, other: int, rule: Rule) -> None:
        self.our_rows.append(row)
        self.their_rows.append(other)
        self.rules.append(rule)

    def rows(self, ours: bool) -> list[int]:
        return self.our_rows if ours else self.their_rows

    def amounts(self, ours: bool) -> Iterator[tuple[int, int]]:
        """(row, amount in our sign) of one side's taken rows."""
        units = self.ours.units if ours else self.theirs.units
        if ours or self.sign > 0:
            return zip(self.rows(ours), map(units.__getitem__, self.rows(ours)), strict=True)
        return ((row, -units[row]) for row in self.their_rows)

    def total(self, ours: bool) -> int:
        """What all rows of one table, taken or not, add up to in our sign."""
        return sum(self.ours.units) if ours else self.sign * sum(self.theirs.units)

    def day(self, ours: bool, row: int) -> int:
        return ordinal((self.ours if ours else self.theirs).dates[row])

    def days(self, ours: bool) -> set[int]:
        """The days on which the taken rows of one side stand (0: no date)."""
        dates = self.ours.dates if ours else self.theirs.dates
        return set(map(ordinal, set(map(dates.__getitem__, self.rows(ours)))))

    def paid(self, ours: bool) -> int:
        """How many taken rows of one side are payments (as ``entry.number`` says)."""
        types = self.ours.types if ours else self.theirs.types
        return sum(_paid(types[row], amount) for row, amount in self.amounts(ours))

    def entry(self, ours: bool, row: int) -> Entry:
        """The entry of a row of either table, made when it is first asked for."""
        made = self._made.get((ours, row))
        if made is None:
            [made] = entries_of(self.ours if ours else self.theirs, [row], ours, self.sign)
            self._made[ours, row] = made
            made.free, made.paid = False, _paid(made.type, made.amount)
        return made

    def match(self, place: int) -> Match:
        one, other = self.entry(True, self.our_rows[place]), self.entry(False, self.their_rows[place])
        return Match(self.rules[place], (one,), (other,), True, self.ours.places)

    def texts(self) -> Iterator[str]:
        """Each match as JSON text, exactly as ``reconciliation.match_text`` has it."""
        ours, theirs, places = self.ours, self.theirs, self.ours.places
        simple = not any(
            _NEEDS_QUOTING.search("\x7f".join(column)) for column in (ours.ids, ours.references, theirs.references)
        )
        ids, numbers, other_numbers, units = ours.ids, ours.references, theirs.references, ours.units
        dates, other_dates = ours.dates, theirs.dates
        rule, name, sure, words, zero = None, "", "", "", shown(0, places)
        for row, other, by in zip(self.our_rows, self.their_rows, self.rules, strict=True):
            if by is not rule:
                rule, name, words = by, by.name, by.words
                sure = f'"difference": "{zero}", "automatic": true, "confidence": {by.confidence}'
            amount, date, other_date = shown(units[row], places), dates[row], other_dates[other]
            if date == other_date:
                days = "" if date is None else ", same day"
            elif date is None or other_date is None:
                days = ""
            else:
                gap = abs((other_date - date).days)
                days = f", {gap} day{'s' if gap > 1 else ''} apart"
            id = f'"{ids[row]}"'
            theirs_as = f"'{other_numbers[other]}'" if other_numbers[other] else "(no number)"
            said = f'"Line {other + 1} {theirs_as} is our {numbers[row] or f"item {ids[row]}"}: {words}{days}."'
            if not simple:
                id, said = encode_basestring(id[1:-1]), encode_basestring(said[1:-1])
            yield (
                f'{{"ours": [{id}], "theirs": [{other + 1}], "rule": "{name}", "amount_ours": "{amount}", '
                f'"amount_theirs": "{amount}", {sure}, "explanation": {said}}}'
            )


class Matches(Sequence[Match]):
    """All matches of a reconciliation: those of the cascade, and the taken pairs as matches when they are asked for."""

    def __init__(self, found: Sequence[Match], taken: Taken | None) -> None:
        self.found, self.taken = found, taken
        self._before = sum(1 for match in found if match.rule.cost < EXACT.cost)

    def __len__(self) -> int:
        return len(self.found) + (0 if self.taken is None else len(self.taken))

    @overload
    def __getitem__(self, at: int) -> Match: ...
    @overload
    def __getitem__(self, at: slice) -> list[Match]: ...
    def __getitem__(self, at: int | slice) -> Match | list[Match]:
        if isinstance(at, slice):
            return [self[place] for place in range(*at.indices(len(self)))]
        place = at if at >= 0 else at + len(self)
        if not 0 <= place < len(self):
            raise IndexError(at)
        if self.taken is None or place < self._before:
            return self.found[place]
        place -= self._before
        return (
            self.taken.match(place) if place < len(self.taken) else self.found[place - len(self.taken) + self._before]
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]

    @cached_property
    def automatic(self) -> int:
        """How many were accepted without a person."""
        return sum(match.automatic for match in self.found) + (0 if self.taken is None else len(self.taken))

    def waiting_first(self, most: int) -> list[Match]:
        """At most so many, those that wait for a person first."""
        waiting = [match for match in self.found if not match.automatic][:most]
        return [*waiting, *islice((match for match in self if match.automatic), most - len(waiting))]

    def counts(self) -> tuple[int, int]:
        """How many of our items and of their lines are matched."""
        taken = 0 if self.taken is None else len(self.taken)
        ours = sum([len(match.ours) for match in self.found])
        return ours + taken, sum([len(match.theirs) for match in self.found]) + taken

    def texts(self, text: Iterable[str]) -> Iterator[str]:
        """JSON texts in order; ``text`` gives those of ``found``."""
        others = iter(text)
        for _ in range(self._before):
            yield next(others)
        if self.taken is not None:
            yield from self.taken.texts()
        yield from others


def take(ours: Sequence[Item], theirs: Counterpart, policy: Policy) -> Taken | None:
    """The pairs of pass 1 that are certain by themselves; None when the books are no tables, or not of one kind."""
    lines = theirs.lines
    if not isinstance(ours, LedgerTable) or not isinstance(lines, TheirTable) or theirs.kind != "statement":
        return None
    table = lines.table
    switched_off = any(rule.name in policy.never_automatic for rule in LADDER)
    if ours.currency != table.currency or not ours or not table or switched_off:
        return None
    if policy.cap_of_automatic(ours.currency, ours.places) is not None or None not in set(table.open_units):
        return None
    our_numbers, their_numbers = _printed(ours.references), _printed(table.references)
    sign = _sign(our_numbers, ours.units, their_numbers, table.units)
    if sign == 0:
        return None
    barred = _repeated(our_numbers) | _repeated(their_numbers)
    further = {*ours.their_references, *table.their_references}
    if further != {""}:
        barred |= set(map(keys.plain, further))
    their_units = table.units if sign > 0 else [-amount for amount in table.units]
    many = _several(ours.units) | _several(their_units)
    partner = _by_number(ours, table, their_units, (our_numbers, their_numbers), barred, many, policy)
    others = _by_amount(ours, their_units, (our_numbers, their_numbers), many, set(compress(partner, partner)))
    plain = further == {""} and _NUMBERED.issuperset(ours.types) and _NUMBERED.issuperset(table.types)
    taken = Taken(ours, table, sign, [], [], [])
    first = [(EXACT, other, row - 1) for other, row in enumerate(partner) if row]
    if plain:
        taken.our_rows = [row for _, _, row in first]
        taken.their_rows = [other for _, other, _ in first]
        taken.rules = [EXACT] * len(first)
        first = []
    unnamed: list[tuple[int, int]] = []
    for rule, other, row in chain(first, sorted(others, key=lambda pair: (pair[0].cost if pair[0] else 0, pair[1]))):
        if rule is None:
            if plain:
                taken.apart.add(ours.units[row])
                unnamed.append((row, other))
        elif plain or not (_special(ours, row) or _special(table, other)):
            taken.add(row, other, rule)
    if unnamed:
        rest = (left(len(ours), taken.our_rows), left(len(table), taken.their_rows))
        taken.paid_by_number = sum(
            ours.types[row] == "payment" == table.types[other]
            for row, other in zip(taken.our_rows, taken.their_rows, strict=True)
        )
        for row, other in bulk_amounts.certain(
            (ours, table), (our_numbers, their_numbers), rest, unnamed, taken.paid_by_number, policy
        ):
            taken.add(row, other, AMOUNT_DATE)
    return taken


def _by_number(
    ours: LedgerTable,
    theirs: LedgerTable,
    their_units: list[int],
    numbers: tuple[list[str], list[str]],
    barred: set[str],
    many: set[int],
    policy: Policy,
) -> list[int]:
    """For each row of theirs, 1 + the row of ours that has its number and amount, 0 where none certainly has: both
    numbers occur once, and where the amount occurs more often the dates agree."""
    where = dict(zip(numbers[1], range(len(theirs)), strict=True))
    units = ours.units
    found = [where.get(number, -1) for number in numbers[0]]
    equal = map(eq, map([*their_units, None].__getitem__, found), units)  # -1: no such number, and no amount
    partner = [0] * len(theirs)
    for row in compress(range(len(found)), equal):
        partner[found[row]] = row + 1
    for other, row in enumerate(partner):
        if not row:
            continue
        number = numbers[1][other]
        usable = ("0" <= number[-1:] <= "9" and len(number) >= keys.SHORTEST) or keys.plain(number)
        if number in barred or not usable:
            partner[other] = 0
        elif units[row - 1] in many:
            date, other_date = ours.dates[row - 1], theirs.dates[other]
            if date is not other_date and not _near(date, other_date, policy):
                partner[other] = 0
    return partner


def _near(date: dt.date | None, other: dt.date | None, policy: Policy) -> bool:
    if date is None or other is None:
        return date is other
    return abs(policy.days_between(date.toordinal(), other.toordinal())) <= policy.repeat_days


def _by_amount(
    ours: LedgerTable,
    their_units: list[int],
    numbers: tuple[list[str], list[str]],
    many: set[int],
    gone: set[int],
) -> Iterator[tuple[Rule | None, int, int]]:
    """(rule, their row, our row) of the lines that alone have their amount; the rule is None where they share a number
    on no rung. ``gone`` are 1 + our rows that have a partner."""
    where = dict(zip(their_units, range(len(their_units)), strict=True))
    rows = [row for row, amount in enumerate(ours.units) if row + 1 not in gone and amount not in many]
    pairs = [(row, other) for row in rows if (other := where.get(ours.units[row])) is not None]
    one, another = [numbers[0][row] for row, _ in pairs], [numbers[1][other] for _, other in pairs]
    if any(map(_of_several_lines, one)) or any(map(_of_several_lines, another)):
        rules = list(map(_lowest_rung, one, another))
    else:
        rules = list(map(_low_rung, one, another, *keys.columns(one), *keys.columns(another)))
    for (row, other), rule in zip(pairs, rules, strict=True):
        yield rule, other, row


def _of_several_lines(number: str) -> bool:
    return "\n" in number


def _low_rung(
    one: str, other: str, letters: str, bare: str, digits: str, letters2: str, bare2: str, digits2: str
) -> Rule | None:
    """:func:`_lowest_rung` where what makes the lower rungs is known."""
    if one == other:
        return LADDER[0] if keys.plain(one) else None
    if letters == letters2 and keys.usable(letters):
        return LADDER[1]
    if bare == bare2 and keys.usable(bare):
        return LADDER[2]
    if digits[-3:] == digits2[-3:] and (number := keys.significant(digits)) and number == keys.significant(digits2):
        return LADDER[3]
    return _lowest_rung(one, other)


def _lowest_rung(one: str, other: str) -> Rule | None:
    """The first rule of the ladder by which two printed numbers are the same."""
    if one == other:
        return EXACT if keys.plain(one) else None
    if not one or not other or keys.plainly_apart(one, other):
        return None
    ladder, rungs = keys.low_rungs(one), keys.low_rungs(other)
    for rung in range(1, keys.RUNGS):
        if rung == len(ladder):
            ladder += keys.high_rungs(ladder)
        if rung == len(rungs):
            rungs += keys.high_rungs(rungs)
        if ladder[rung] and ladder[rung] == rungs[rung]:
            if LADDER[rung] is MAIN and keys.years_contradict(one, other):
                continue
            return LADDER[rung]
    return None


def entries_of(table: LedgerTable, rows: Iterable[int], ours: bool, sign: int) -> list[Entry]:
    """Rows as entries, without making the items or lines themselves; ``sign`` turns their amounts into ours."""
    ids, numbers, others, orders = table.ids, table.references, table.their_references, table.po_numbers
    units, dates, types, texts = table.units, table.dates, table.types, table.descriptions
    lines = TheirTable(table)
    made = []
    for row in rows:
        number, other, order = numbers[row], others[row], orders[row]
        if ours:
            refs = our_refs(number, other)
            text = texts[row]
            made.append(
                Entry(True, ids[row], units[row], ordinal(dates[row]), types[row], refs, text, row, table, order)
            )
        else:
            refs = their_refs(number, (other,) if other else ())
            amount = sign * units[row]
            made.append(
                Entry(False, row + 1, amount, ordinal(dates[row]), types[row], refs, texts[row], row, lines, order)
            )
    return made


def left(length: int, rows: Sequence[int]) -> list[int]:
    """The rows that are not among ``rows``."""
    gone = bytearray(length)
    for row in rows:
        gone[row] = 1
    return [row for row in range(length) if not gone[row]]


def _printed(numbers: list[str]) -> list[str]:
    """Rung 0 of every number, "" for those that cannot be one."""
    joined = "\n".join(numbers)
    if joined.isascii() and joined.count("\n") == len(numbers) - 1:
        return joined.upper().split("\n")  # they are trimmed
    return [keys.printed(number) for number in numbers]


def _sign(ours: list[str], units: list[int], theirs: list[str], other_units: list[int]) -> int:
    """As ``selection.sign`` by its first vote: +1 or −1; 0 when the vote is even."""
    rows = range(0, len(theirs), max(1, len(theirs) // _SAMPLE))
    wanted = {theirs[row] for row in rows}
    amounts: dict[str, set[int]] = {}
    for number, amount in zip(ours, units, strict=True):
        if number in wanted:
            amounts.setdefault(number, set()).add(amount)
    same = opposite = 0
    for row in rows:
        known = amounts.get(theirs[row])
        if known and keys.plain(theirs[row]):
            same += other_units[row] in known
            opposite += -other_units[row] in known
    return (same > opposite) - (same < opposite)


def _repeated(numbers: list[str]) -> set[str]:
    if len(set(numbers)) == len(numbers):
        return set()
    return {number for number, count in Counter(numbers).items() if count > 1}


def _several(units: list[int]) -> set[int]:
    return {amount for amount, count in Counter(units).items() if count > 1}


def _special(table: LedgerTable, row: int) -> bool:
    """A row with more than one number, or one that may only bring a balance forward: for the cascade to see."""
    if table.their_references[row]:
        return True
    if table.types[row] in _NUMBERED:
        return False
    return OPENING_WORDS.search(f"{table.descriptions[row]} {table.references[row]}") is not None


def _paid(kind: str, amount: int) -> bool:
    return kind == "payment" or (amount < 0 and kind not in PAPERS)
