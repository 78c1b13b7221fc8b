"""The proof: whether the arithmetic that a document prints holds over everything that was read from it.

Nothing here invents a number. A running balance is walked link by link; opening, lines and closing are added; printed
column totals are compared. ``proven`` needs every line covered by a check that held and that stands on something
printed (an opening, a labelled total), and no check that failed. A check with nothing to compare is no check at all.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from parsers.documents import Check, CheckName, Trust
from parsers.wording.marks import Mark

ZERO = Decimal(0)
_SHOWN = 6  # broken links named one by one; beyond that they are counted


@dataclass(slots=True)
class Step:
    """A line (``no`` from 1) or a mark row, in printed order. ``balance`` is what its balance column prints;
    ``columns`` are the amounts printed in its other money columns, by column number."""

    no: int | None
    amount: Decimal = ZERO
    balance: Decimal | None = None
    mark: Mark | None = None
    label: str = ""
    page: int = 1
    columns: dict[int, Decimal] = field(default_factory=dict)
    count: int = 1  # lines that it stands for: a block of rows whose own links were walked (parsers.bulk) is one step


@dataclass(slots=True)
class Chain:
    """The walk along the running balance."""

    links: int = 0
    broken: list[str] = field(default_factory=list)
    broken_lines: list[int] = field(default_factory=list)
    implied: Decimal | None = None  # the opening that the first printed balance stands for, where none is printed
    unanchored: int = 0  # lines before the first printed balance
    last: Decimal | None = None
    marks: int = 0


def walk(steps: Sequence[Step], opening: Decimal | None) -> Chain:
    """Walk ``steps`` in the order of time; after a break the walk goes on from the printed balance."""
    chain = Chain()
    before, pending = opening, ZERO
    waiting: list[int] = []
    more = 0  # lines that stand behind those waiting
    for step in steps:
        if step.no is not None:
            pending += step.amount
            waiting.append(step.no)
            more += step.count - 1
            if step.balance is None:
                continue
            if before is None:
                chain.implied = step.balance - pending
                chain.unanchored = len(waiting) + more
            elif before + pending == step.balance:
                chain.links += len(waiting) + more
            else:
                chain.broken_lines += waiting
                at = f"line {waiting[0]}" if len(waiting) == 1 else f"lines {waiting[0]} to {waiting[-1]}"
                chain.broken.append(
                    f"{at}: {before} {pending:+} should be {before + pending}, printed is {step.balance}"
                    + _hint(step.balance - before - pending, pending)
                )
            before, pending, waiting, more = step.balance, ZERO, [], 0
        elif step.balance is not None:
            if before is None:
                before = step.balance - pending
                chain.implied = before if waiting else None
                chain.unanchored = len(waiting) + more
            elif before + pending == step.balance:
                chain.marks += 1
            else:
                chain.broken.append(f"“{step.label}” prints {step.balance}, the lines give {before + pending}")
                if waiting:
                    chain.broken_lines += waiting
            if waiting and step.mark is not None:
                chain.links += len(waiting) + more if chain.broken_lines[-1:] != waiting[-1:] else 0
                before, pending, waiting, more = step.balance, ZERO, [], 0
            elif not waiting:
                before = step.balance
    chain.last = None if before is None else before + pending
    return chain


def _hint(off: Decimal, amount: Decimal) -> str:
    """What kind of slip a difference looks like."""
    if amount and off == -2 * amount:
        return " (looks like a wrong sign)"
    if off and off % 9 == 0 and off.as_tuple().exponent == amount.as_tuple().exponent:
        return " (divisible by 9: two digits may be swapped)"
    if amount and off == -amount:
        return " (as if this line were counted twice or not at all)"
    return ""


@dataclass(slots=True)
class Outcome:
    """What the checks say about one way of reading the document."""

    checks: list[Check] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    opening: Decimal | None = None
    closing: Decimal | None = None
    covered: bool = False  # every line stands under a check that held and is anchored
    confirmations: int = 0  # independent equations that held
    ended: bool = False  # a printed closing or total stands behind the last line
    failures: int = 0
    links: int = 0  # of the running balance
    broken_lines: list[int] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return self.failures == 0

    @property
    def rank(self) -> tuple[bool, bool, float]:
        """Which of two readings the arithmetic prefers."""
        return (
            self.holds and self.covered,
            self.holds and self.confirmations > 0,
            self.confirmations - 2.0 * self.failures,
        )


@dataclass(slots=True)
class Printed:
    """What the document prints about its ends: ``closings`` are (label, amount)."""

    opening: Decimal | None = None
    closings: list[tuple[str, Decimal]] = field(default_factory=list)
    unsigned: set[str] = field(default_factory=set)  # labels of closings whose sign the print does not tell
    ageing: Decimal | None = None
    totals: list[tuple[str, Decimal]] = field(default_factory=list)  # labelled "total" only, beside the table


def check(
    steps: Sequence[Step],
    printed: Printed,
    *,
    running: bool,
    amount_columns: Sequence[int],
    flows: dict[int, list[Decimal]],
) -> Outcome:
    """Check one reading.

    ``steps``: in the order of time. ``running``: the balance column runs (else it is the item's own). ``flows``:
    each amount column's values of all lines in printed order, for the column totals; ``amount_columns``: those whose
    totals together stand for every line's amount.
    """
    out = Outcome()
    lines = [s for s in steps if s.no is not None]
    if not lines:
        return out
    opening = printed.opening
    total = sum((s.amount for s in lines), ZERO)
    count = sum(s.count for s in lines)
    anchored = False
    if running:
        chain = walk(steps, opening)
        _running(out, chain, count)
        start = opening if opening is not None else chain.implied
        out.opening = opening
        if chain.last is not None:
            out.closing = chain.last
        anchored = (
            not chain.broken and (opening is not None or chain.implied == 0) and chain.links + chain.unanchored == count
        )
        if anchored and chain.links >= 2:
            out.covered = True
        base = start
    else:
        base = opening if opening is not None else ZERO
        out.opening = opening
    computed = None if base is None else base + total
    _closings(out, printed, computed, running, opening is not None or not running or anchored)
    _totals(out, steps, lines, amount_columns, flows, computed, opening)
    if out.closing is None:
        out.closing = computed if out.confirmations and computed is not None else None
    return out


def _running(out: Outcome, chain: Chain, count: int) -> None:
    if not chain.links and not chain.broken:
        return
    if chain.broken:
        shown = "; ".join(chain.broken[:_SHOWN])
        more = f"; and {len(chain.broken) - _SHOWN} more" if len(chain.broken) > _SHOWN else ""
        out.checks.append(
            Check(CheckName.RUNNING_BALANCE, False, f"{chain.links} of {count} links hold; {shown}{more}")
        )
        out.warnings.append(f"the running balance breaks at {shown}{more}")
        out.failures += len(chain.broken)
        out.broken_lines = chain.broken_lines
    else:
        out.checks.append(
            Check(CheckName.RUNNING_BALANCE, True, f"{chain.links} of {count} lines lead from balance to balance")
        )
    out.confirmations += chain.links
    out.links = chain.links


def _closings(out: Outcome, printed: Printed, computed: Decimal | None, running: bool, from_start: bool) -> None:
    """Printed closings against opening + lines; for a running balance also against its last balance."""
    if computed is None:
        return
    if not printed.closings:
        printed = replace(printed, closings=[t for t in printed.totals if t[1] == computed])
    if not printed.closings:
        return

    def same(label: str, value: Decimal) -> bool:
        return value == computed or (label in printed.unsigned and abs(value) == abs(computed))

    hits = [label for label, value in printed.closings if same(label, value)]
    misses = [(label, value) for label, value in printed.closings if not same(label, value)]
    if hits:
        out.checks.append(
            Check(CheckName.CLOSING_BALANCE, True, f"opening and lines give {computed}, as “{hits[0]}” prints")
        )
        out.closing = computed
        out.ended = True
        out.confirmations += 1
        if from_start:
            out.covered = True
    for label, value in misses:
        out.checks.append(
            Check(CheckName.CLOSING_BALANCE, False, f"“{label}” prints {value}, opening and lines give {computed}")
        )
        out.warnings.append(
            f"“{label}” prints {value}, but opening and lines give {computed} (difference {value - computed})"
        )
        out.failures += 1
    if misses and not hits:
        out.closing = misses[-1][1]


def _totals(
    out: Outcome,
    steps: Sequence[Step],
    lines: Sequence[Step],
    amount_columns: Sequence[int],
    flows: dict[int, list[Decimal]],
    computed: Decimal | None,
    opening: Decimal | None,
) -> None:
    """Printed totals of columns against the sum of the column: whole, of the section, or going on from page to page."""
    held: dict[int, Decimal] = {}  # column: its printed total that held, without sign
    since: dict[int, Decimal] = {}
    running_sum: dict[int, Decimal] = {}
    carried: dict[int, Decimal] = {}
    at = 0
    for step in steps:
        if step.no is not None:
            for c, value in step.columns.items():
                since[c] = since.get(c, ZERO) + value
                running_sum[c] = running_sum.get(c, ZERO) + value
            at += 1
            continue
        if step.mark is Mark.OPENING:
            for c, value in step.columns.items():
                carried[c] = carried.get(c, ZERO) + value
            continue
        if step.mark not in (Mark.SUBTOTAL, Mark.TOTAL, Mark.CARRIED, Mark.CLOSING, Mark.BROUGHT):
            continue
        for c, value in step.columns.items():
            if c not in flows:
                continue
            whole = sum(flows[c], ZERO)
            options = {running_sum.get(c, ZERO), running_sum.get(c, ZERO) + carried.get(c, ZERO)}
            ends = {whole, whole + carried.get(c, ZERO)}
            if list(amount_columns) == [c]:
                ends.add(sum((s.amount for s in lines), ZERO))  # signs that words gave, not the print
            if step.mark in (Mark.TOTAL, Mark.CLOSING):
                options |= ends
            if step.mark in (Mark.SUBTOTAL, Mark.CARRIED, Mark.TOTAL):
                options |= {since.get(c, ZERO)}
            balance_like = {abs(computed)} if computed is not None and c in amount_columns else set()
            if value in options or abs(value) in {abs(o) for o in options}:
                if at == len(lines) and abs(value) in {abs(e) for e in ends}:
                    out.ended = True
                if step.mark in (Mark.TOTAL, Mark.CLOSING) and abs(value) in {abs(e) for e in ends}:
                    held[c] = abs(value)
                    out.ended = True
                out.confirmations += 1
                out.checks.append(
                    Check(CheckName.COLUMN_TOTAL, True, f"“{step.label}” {value} is the sum of its column")
                )
            elif abs(value) in balance_like and step.mark in (Mark.TOTAL, Mark.CLOSING):
                out.confirmations += 1
            elif any(w in step.label.lower() for w in ("累计", "year to date", "ytd", "cumul")):
                continue
            else:
                out.failures += 1
                out.checks.append(
                    Check(
                        CheckName.COLUMN_TOTAL,
                        False,
                        f"“{step.label}” prints {value}, its column adds up to {running_sum.get(c, ZERO)}",
                    )
                )
                out.warnings.append(
                    f"“{step.label}” prints {value}, but its column adds up to {running_sum.get(c, ZERO)}"
                )
                if list(amount_columns) == [c] and step.mark is Mark.TOTAL and out.closing is None and opening is None:
                    out.closing = value  # what the document prints, right or wrong
        if step.mark in (Mark.SUBTOTAL, Mark.TOTAL):
            since = {}
    filled = {c for c in amount_columns if any(flows.get(c, []))}
    if filled and filled <= set(held):
        total = sum((line.amount for line in lines), ZERO)
        if len(filled) == 1:
            (c,) = filled
            ends_at = {abs(total), abs(total + carried.get(c, ZERO))}
            out.covered = out.covered or held[c] in ends_at
        elif _made_of(total, [sum(flows[c], ZERO) for c in filled]):
            out.covered = True


def _made_of(total: Decimal, sums: list[Decimal]) -> bool:
    """Whether the lines' total is these columns' sums, added or taken off: totals that hold prove the amounts only if
    the amounts are made of those columns."""
    return any(
        abs(sum((s * sign for s, sign in zip(sums, signs, strict=True)), ZERO)) == abs(total)
        for signs in itertools.product((1, -1), repeat=len(sums))
    )


def trust_of(outcome: Outcome, *, lines: int, doubts: Sequence[str]) -> Trust:
    """The verdict. ``doubts`` are sentences about the structure (a missing page, rows that fit no column …)."""
    if outcome.failures or doubts or not lines:
        return Trust.UNPROVEN
    return Trust.PROVEN if outcome.covered and outcome.confirmations else Trust.PLAUSIBLE
