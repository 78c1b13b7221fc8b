"""Rows of a statement of account become lines: signs, running or open balance, opening and closing.

Several readings are possible (does a debit enlarge the balance? are payments printed without sign? newest first?).
The one that the words say comes first; another is taken only where the arithmetic proves it and the first does not,
and then a warning says so.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from parsers import profile
from parsers.amounts import Amount
from parsers.documents import LineType
from parsers.entries import Entry, direction_of
from parsers.proof import ZERO, Outcome, Printed, Step, check
from parsers.rows import Row, RowSet, money_in
from parsers.wording.columns import Role
from parsers.wording.marks import Mark

if TYPE_CHECKING:
    from parsers.bulk import Folded

_UNSIGNED = "the arithmetic says that payments and credit notes are printed without sign"
_NEGATIVE = {LineType.PAYMENT, LineType.CREDIT_NOTE, LineType.DISCOUNT}


@dataclass(slots=True)
class Posting:
    """One line as one reading has it."""

    amount: Decimal
    debit: Decimal | None = None
    credit: Decimal | None = None
    gross: Decimal | None = None
    open: Decimal | None = None
    balance: Decimal | None = None


@dataclass(slots=True)
class Reading:
    """One way to read all rows. ``note`` is empty for what the words say, else the sentence for the warnings."""

    postings: list[Posting]
    columns: list[int]  # the money columns that the amounts came from
    running: bool
    balance_column: int | None = None
    newest_first: bool = False
    note: str = ""
    directed: bool = False  # a direction column (方向, Dr/Cr) gives the balance its sign
    turned: bool = False  # an account that stands on the credit side: its direction column's credit is positive
    weak: bool = False  # some sign rests on hints alone: a sum over such lines proves nothing
    outcome: Outcome = field(default_factory=Outcome)


@dataclass(slots=True)
class Ledger:
    """The rows of one statement: entries and mark rows in printed order, with the columns they stand in."""

    rows: RowSet
    entries: list[Entry]
    order: list[Row]
    mark: str
    printed: Printed


def read_statement(ledger: Ledger, folded: Folded | None = None) -> Reading | None:
    """The best reading of ``ledger``; None where no amount can be found (or, of a folded one, where a reading breaks
    inside the block and none is proven: only row by row can be said where)."""
    readings = _readings(ledger)
    if profile.current().sign == "turned":
        readings = [*(_other_way_round(reading) for reading in readings if not reading.note), *readings]
    best: Reading | None = None
    broken = False
    for reading in readings:
        if folded is None:
            reading.outcome = _prove(ledger, reading)
        elif (short := folded.fold(reading)) is not None:
            reading.outcome = _prove(folded.ledger, short)
        else:
            broken = True
            continue
        if best is None or _better(reading, best):
            best = reading
        if best.outcome.covered and best.outcome.holds:
            return best
    return None if broken and (folded is None or not folded.parted) else best


def _other_way_round(reading: Reading) -> Reading:
    """The reading that a person asked for: what is printed as an increase is a decrease. The proof is the same."""
    return replace(
        reading, postings=[replace(posting, amount=-posting.amount) for posting in reading.postings], outcome=Outcome()
    )


def _better(new: Reading, old: Reading) -> bool:
    if new.note and new.outcome.confirmations < 3 and not old.outcome.holds and not new.outcome.covered:
        return False
    return new.outcome.rank > old.outcome.rank


def _prove(ledger: Ledger, reading: Reading) -> Outcome:
    by_row = {id(e.row): n for n, e in enumerate(ledger.entries)}
    numbers = list(itertools.accumulate((e.count for e in ledger.entries), initial=1))
    steps: list[Step] = []
    for row in ledger.order:
        n = by_row.get(id(row))
        if n is not None:
            posting = reading.postings[n]
            values = {c: signed(a, None) for c, a in ledger.entries[n].money.items() if c != reading.balance_column}
            steps.append(
                Step(
                    numbers[n],
                    posting.amount,
                    posting.balance if reading.running else None,
                    page=row.page,
                    columns=values,
                    count=ledger.entries[n].count,
                )
            )
        elif row.mark is not None:
            steps.append(_mark_step(row, ledger, reading))
    if reading.newest_first:
        steps = [s for s in reversed(steps) if s.no is not None or s.mark in (Mark.TOTAL, Mark.CLOSING)]
        ends = [s for s in steps if s.no is None]
        for end in ends:
            end.balance = None
        steps = [s for s in steps if s.no is not None] + ends
    steps = [s for s in steps if s.mark is not Mark.OPENING or s.columns]
    for step in steps:
        if step.mark is Mark.OPENING:
            step.balance = None
    flows = {
        c: [signed(e.money[c], None) for e in ledger.entries if c in e.money]
        for c in {c for e in ledger.entries for c in e.money}
        if c != reading.balance_column
    }
    printed = ledger.printed
    if reading.turned:
        printed = replace(
            printed,
            opening=None if printed.opening is None else abs(printed.opening),
            closings=[(label, abs(value)) for label, value in printed.closings],
        )
    outcome = check(steps, printed, running=reading.running, amount_columns=reading.columns, flows=flows)
    if (reading.weak or (reading.note and not reading.newest_first)) and outcome.links < 3:
        outcome.covered = False  # what a sum chose, the same sum cannot prove
    if reading.note.startswith(_UNSIGNED):
        outcome.covered = False  # other rows print their sign: this one may have lost it
    return outcome


def _mark_step(row: Row, ledger: Ledger, reading: Reading) -> Step:
    values: dict[int, Decimal] = {}
    balance: Decimal | None = None
    mark = Mark.OPENING if row.mark is Mark.BROUGHT and row is ledger.order[0] else row.mark
    turned = _mark_direction(row, ledger.rows)
    for c, words in row.cells.items():
        if c < 0:
            continue
        amount = money_in(words, ledger.mark)
        if amount is None:
            continue
        if c == reading.balance_column:
            balance = signed(amount, turned if reading.directed else None)
            if reading.turned:
                balance = -balance
        elif ledger.rows.columns[c].numeric and (
            ledger.rows.columns[c].role is not Role.BALANCE or c in reading.columns
        ):
            values[c] = signed(amount, None)
    return Step(None, balance=balance, mark=mark, label=row.label, page=row.page, columns=values)


def _mark_direction(row: Row, rows: RowSet) -> str | None:
    return next((d for c in rows.of(Role.DIRECTION) if (d := direction_of(row.text(c)))), None)


def signed(amount: Amount, direction: str | None) -> Decimal:
    """The value with the sign that a CR/DR mark beside it or a direction column gives it (credit is negative)."""
    side = amount.side or direction
    return -amount.value if side == "credit" and amount.value > 0 else amount.value


def _readings(ledger: Ledger) -> list[Reading]:
    """All readings worth trying, what the words say first."""
    rows, entries = ledger.rows, ledger.entries
    used = {c for e in entries for c in e.money}

    def by(*roles: Role) -> list[int]:
        return [c for c in rows.of(*roles) if c in used]

    debit, credit, amount = by(Role.DEBIT), by(Role.CREDIT), by(Role.AMOUNT)
    gross, paid, opens, balance, buckets = (
        by(Role.GROSS),
        by(Role.PAID),
        by(Role.OPEN),
        by(Role.BALANCE),
        by(Role.BUCKET),
    )
    running = balance[-1] if balance else None
    if gross and amount and (credit or paid) and not debit and not opens and not balance:
        opens, amount = amount[-1:], amount[:-1]  # original, paid, amount due
    two_sided = bool(debit) and bool(credit)
    items, beside = opens, running
    whole = gross or amount or (debit if not credit else [])
    if running is not None and not (debit and credit) and not opens and whole:
        if _of_items(ledger, whole[0], running):
            items, beside = [running], None
    if debit and paid and not opens:  # returns and payments may stand in columns of their own
        credit = [*credit, *paid]
    if not debit and not credit and amount and paid and not opens and balance:
        debit, credit = amount[-1:], paid
    if not debit and credit and (amount or gross):
        debit = (amount or gross)[-1:]
    if debit and not credit and amount and not rows.of(Role.CREDIT):
        amount = [*debit, *amount]
        debit = []
    result: list[Reading] = []
    if debit or credit:
        sides = _two_sided(ledger, debit, credit, running)
        if two_sided and (off := by(Role.DISCOUNT, Role.WITHHELD)):  # granted with the receipt
            both = _two_sided(ledger, debit, [*credit, *off], running)
            sides = [*(r for r in both if not r.note), *sides]
        for reading in sides if not two_sided else []:
            # a side that is no debit column by its name may be what is left of the item: its total alone proves nothing
            reading.weak = len(rows.of(Role.DEBIT)) == 0
        result += sides
    if items and (items != opens or not two_sided):
        result = [*_open(ledger, whole, items, beside), *result]
    if buckets and not amount and not opens and not debit:
        result = [*_buckets(ledger, buckets), *result]
    for column in [*amount[::-1], *gross[::-1], *paid[::-1], *by(Role.NET)]:
        result += _one_column(ledger, column, running)
    if running is not None and not result:
        result += _open(ledger, [], [running], None)
    for reading in result[1:]:
        if reading.columns != result[0].columns and not reading.note:
            taken = "”, “".join(rows.columns[c].text for c in reading.columns)
            reading.note = f"the arithmetic takes the amounts from column “{taken}”"
    return result + [_turned(r) for r in result if r.running]


def _of_items(ledger: Ledger, column: int, balance: int) -> bool:
    """Whether the balance column tells what is left of each item: it never exceeds the item's own amount."""
    told = [e for e in ledger.entries if balance in e.money]
    pairs = [(e.money[column].value, e.money[balance].value) for e in told if column in e.money]
    return (
        len(pairs) > 1
        and len(pairs) == len(told)
        and all(abs(rest) <= abs(full) and rest * full >= 0 for full, rest in pairs)
    )


def _turned(reading: Reading) -> Reading:
    note = " ".join(part for part in (reading.note, "the newest line stands first") if part)
    return replace(reading, newest_first=True, note=note, outcome=Outcome())


def _balances(ledger: Ledger, column: int | None, directed: bool) -> list[Decimal | None]:
    return [
        None if column is None or column not in e.money else signed(e.money[column], e.direction if directed else None)
        for e in ledger.entries
    ]


def _two_sided(ledger: Ledger, debit: list[int], credit: list[int], running: int | None) -> list[Reading]:
    def build(turn: int, directed: bool) -> list[Posting]:
        balances = _balances(ledger, running, directed)
        postings = []
        for entry, balance in zip(ledger.entries, balances, strict=True):
            d = _sum(entry, debit)
            c = _sum(entry, credit)
            postings.append(Posting(turn * ((d or ZERO) - (c or ZERO)), d, c, balance=balance))
        return postings

    columns = [*debit, *credit]
    directed = any(e.direction for e in ledger.entries)
    result = []
    options: list[tuple[int, bool, str]] = [(1, directed, "")]
    if directed:
        options.append((1, False, ""))
    options.append((-1, directed, "the arithmetic says that credits enlarge the balance of this document"))
    if directed:
        options.append((-1, False, "the arithmetic says that credits enlarge the balance of this document"))
    for turn, use, note in options:
        result.append(Reading(build(turn, use), columns, running is not None, running, note=note, directed=use))
    if directed and _on_credit_side(ledger, running):
        whole = [
            replace(p, amount=-p.amount, balance=None if p.balance is None else -p.balance) for p in build(1, True)
        ]
        result.insert(0, Reading(whole, columns, True, running, directed=True, turned=True))
    return result


def _on_credit_side(ledger: Ledger, running: int | None) -> bool:
    """Whether every balance that is printed, the opening's too, is a credit (a payable account: 方向 贷 all along)."""
    if running is None:
        return False
    balances = [b for b in _balances(ledger, running, True) if b]
    for row in ledger.order:
        amount = money_in(row.cells.get(running, []), ledger.mark) if row.mark is not None else None
        if amount is not None and amount.value and (turned := _mark_direction(row, ledger.rows)):
            balances.append(signed(amount, turned))
    return len(balances) > 1 and all(b < 0 for b in balances)


def _sum(entry: Entry, columns: list[int]) -> Decimal | None:
    values = [signed(entry.money[c], None) for c in columns if c in entry.money]
    return sum(values, ZERO) if values else None


def _one_column(ledger: Ledger, column: int, running: int | None) -> list[Reading]:
    entries = ledger.entries
    explicit = any(column in e.money and (e.money[column].value < 0 or e.money[column].side) for e in entries)
    directed = any(e.direction for e in entries)

    def value(entry: Entry) -> Amount:
        return entry.money.get(column, Amount(ZERO))

    def printed(entry: Entry) -> Decimal:
        return signed(value(entry), None)

    def by_direction(entry: Entry) -> Decimal:
        return signed(value(entry), entry.direction)

    # a kind of posting that prints its sign once prints it always: one without is a positive one
    shown = {e.type for e in entries if e.type in _NEGATIVE and (printed(e) < 0 or value(e).side)}

    def by_type(entry: Entry) -> Decimal:
        amount = printed(entry)
        return -amount if entry.type in _NEGATIVE - shown and amount > 0 else amount

    ways: list[tuple[Callable[[Entry], Decimal], bool, str]] = []
    if directed:
        ways += [(by_direction, False, ""), (by_direction, True, "")]
    typed = any(e.type in _NEGATIVE and e.type not in shown for e in entries)
    if explicit or not typed:
        ways += [(printed, False, "")]
        if typed:
            ways += [(by_type, False, _UNSIGNED)]
    else:
        ways += [
            (by_type, False, ""),
            (printed, False, "the arithmetic says that payments and credit notes enlarge this balance"),
        ]
    if directed:
        ways += [(printed, True, "")]
    result = []
    for way, use, note in ways:
        postings = []
        for entry, balance in zip(entries, _balances(ledger, running, use), strict=True):
            amount = way(entry)
            postings.append(
                Posting(amount, amount if amount > 0 else None, -amount if amount < 0 else None, balance=balance)
            )
        weak = way is by_type and any(e.type in _NEGATIVE - shown and not e.type_told for e in entries)
        result.append(Reading(postings, [column], running is not None, running, note=note, weak=weak, directed=use))
    for way, use, _ in ways[:2] if running is not None else []:
        postings = [
            Posting(-way(e), e.money[column].value if column in e.money else None, None, balance=b)
            for e, b in zip(entries, _balances(ledger, running, use), strict=True)
        ]
        result.append(
            Reading(postings, [column], True, running, note="the arithmetic says that these amounts reduce the balance")
        )
    return result


def _open(ledger: Ledger, gross: list[int], item: list[int], running: int | None) -> list[Reading]:
    """Open items: each line's own outstanding amount; a balance column beside it may still run."""
    column = item[-1]
    entries = ledger.entries

    def build(typed: bool) -> list[Posting]:
        postings = []
        for entry, balance in zip(entries, _balances(ledger, running, False), strict=True):
            amount = signed(entry.money.get(column, Amount(ZERO)), entry.direction)
            full = next(
                (signed(entry.money[c], entry.direction) for c in gross if c in entry.money and c != column), None
            )
            if column not in entry.money and full is not None and running is None:
                amount = full if not item else amount
            if typed and entry.type in _NEGATIVE and amount > 0:
                amount = -amount
            postings.append(Posting(amount, gross=full, open=amount, balance=balance))
        return postings

    result = []
    if running is not None and running != column:
        result.append(Reading(build(False), [column], True, running))
    explicit = any(column in e.money and (e.money[column].value < 0 or e.money[column].side) for e in entries)
    typed = any(e.type in _NEGATIVE for e in entries) and not explicit
    weak = typed and any(e.type in _NEGATIVE and not e.type_told for e in entries)
    result.append(Reading(build(typed), [column], False, None, weak=weak))
    if typed:
        result.append(
            Reading(
                build(False), [column], False, None, note="the arithmetic says that every item enlarges this balance"
            )
        )
    return result


def _buckets(ledger: Ledger, buckets: list[int]) -> list[Reading]:
    postings = []
    for entry in ledger.entries:
        amount = sum((signed(entry.money[c], None) for c in buckets if c in entry.money), ZERO)
        postings.append(Posting(amount, open=amount))
    return [Reading(postings, buckets, False, None)]
