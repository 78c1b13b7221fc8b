"""Rows of a remittance advice become lines: what was paid for each document, and whether it adds up to the payment."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from parsers.amounts import Amount
from parsers.documents import Check, CheckName, LineType
from parsers.entries import Entry
from parsers.proof import ZERO, Outcome
from parsers.rows import money_in
from parsers.statement import Ledger, Posting, Reading, signed
from parsers.wording.columns import Role
from parsers.wording.marks import Mark

if TYPE_CHECKING:
    from parsers.bulk import Folded

_TURNED = {LineType.CREDIT_NOTE, LineType.DISCOUNT}


def read_remittance(
    ledger: Ledger, payment_totals: list[tuple[str, Decimal]], folded: Folded | None = None
) -> Reading | None:
    """The best reading: ``payment_totals`` are the labelled amounts of the whole payment, outside the table."""
    best: Reading | None = None
    if folded is not None and ledger.rows.of(Role.DISCOUNT, Role.WITHHELD):
        return None  # gross less discount is asked line by line
    for reading in _readings(ledger):
        if folded is None:
            reading.outcome = _prove(ledger, reading, payment_totals)
        elif (short := folded.fold(reading)) is not None:
            reading.outcome = _prove(folded.ledger, short, payment_totals)
        else:
            return None  # its balances break inside the block
        if reading.note or reading.weak:
            reading.outcome.covered = False  # what a sum chose, the same sum cannot prove
        if best is None or reading.outcome.rank > best.outcome.rank:
            best = reading
        if best.outcome.covered and best.outcome.holds:
            break
    return best


def _readings(ledger: Ledger) -> list[Reading]:
    rows, entries = ledger.rows, ledger.entries
    used = {c for e in entries for c in e.money}

    def by(*roles: Role) -> list[int]:
        return [c for c in rows.of(*roles) if c in used]

    gross = by(Role.GROSS)
    candidates = (
        by(Role.PAID)[::-1]
        + by(Role.AMOUNT)[::-1]
        + by(Role.OPEN)[::-1]
        + by(Role.BALANCE)
        + by(Role.CREDIT)
        + by(Role.DEBIT)
    )
    whole = (
        gross
        or [c for c in by(Role.AMOUNT) if by(Role.PAID)]
        or (by(Role.AMOUNT)[:1] if len(by(Role.AMOUNT)) > 1 else [])
    )
    less = by(Role.DISCOUNT, Role.WITHHELD)
    result: list[Reading] = []
    for n, column in enumerate(candidates or gross):
        shown = {e.type for e in entries if column in e.money and signed(e.money[column], None) < 0}
        for turned in (_TURNED - shown, set[LineType]()):
            postings = [_posting(e, column, [c for c in whole if c != column], turned) for e in entries]
            weak = any(
                e.type in turned and not e.type_told and p.amount < 0 for e, p in zip(entries, postings, strict=True)
            )
            result.append(Reading(postings, [column], False, weak=weak))
            if n:
                result[-1].note = f"the arithmetic takes the amounts paid from column “{rows.columns[column].text}”"
            elif not turned and any(e.type in _TURNED - shown for e in entries):
                result[-1].note = "the arithmetic says that credit notes enlarge this payment"
    if gross and less and not by(Role.PAID):
        postings = []
        for e in entries:
            full = signed(e.money.get(gross[0], Amount(ZERO)), None)
            off = sum((abs(e.money[c].value) for c in less if c in e.money), ZERO)
            postings.append(Posting(full - off if full >= 0 else full + off, gross=full))
        result.insert(0, Reading(postings, [gross[0]], False))
    for column in gross:
        if column not in candidates:
            result.append(Reading([_posting(e, column, [], _TURNED) for e in entries], [column], False))
            result[-1].note = f"the arithmetic takes the amounts paid from column “{rows.columns[column].text}”"
    return result


def _posting(entry: Entry, column: int, whole: list[int], turned: set[LineType]) -> Posting:
    value = signed(entry.money.get(column, Amount(ZERO)), None)
    full = next((signed(entry.money[c], None) for c in whole if c in entry.money), None)
    if entry.type in turned and value > 0 and (full is None or full >= 0):
        value = -value
        full = None if full is None else -full
    return Posting(value, gross=full)


def _prove(ledger: Ledger, reading: Reading, totals: list[tuple[str, Decimal]]) -> Outcome:
    out = Outcome()
    if not ledger.entries:
        return out
    total = sum((p.amount for p in reading.postings), ZERO)
    raw = sum((signed(e.money[c], None) for e in ledger.entries for c in reading.columns if c in e.money), ZERO)
    column = reading.columns[0]
    printed = list(totals)
    for row in ledger.order:
        if row.mark in (Mark.TOTAL, Mark.CLOSING):
            value = money_in(row.cells.get(column, []), ledger.mark)
            if value is not None:
                printed.append((row.label, signed(value, None)))
            elif not any(
                money_in(words, ledger.mark)
                for c, words in row.cells.items()
                if c >= 0 and ledger.rows.columns[c].numeric
            ):
                continue
    hits = [p for p in printed if abs(p[1]) == abs(total)]
    misses = [p for p in printed if abs(p[1]) != abs(total)]
    if hits:
        out.checks.append(
            Check(CheckName.PAYMENT_TOTAL, True, f"the lines add up to {total}, as “{hits[0][0]}” prints")
        )
        out.closing, out.covered, out.ended = abs(hits[0][1]), True, True
        out.confirmations += len(hits)
    for label, shown in misses:
        out.checks.append(
            Check(CheckName.PAYMENT_TOTAL, False, f"“{label}” prints {shown}, the lines add up to {total}")
        )
        out.warnings.append(f"“{label}” prints {shown}, but the lines add up to {total} (difference {shown - total})")
        out.failures += 1
    if misses and not hits:
        out.closing = abs(misses[-1][1])
    _others(ledger, reading, out)
    _rows(ledger, reading, out)
    if raw != total and hits:
        out.confirmations += 0
    return out


def _others(ledger: Ledger, reading: Reading, out: Outcome) -> None:
    """Totals of the other columns (gross, discount)."""
    for row in ledger.order:
        if row.mark not in (Mark.TOTAL, Mark.CLOSING):
            continue
        for c, words in row.cells.items():
            if c < 0 or c in reading.columns or not ledger.rows.columns[c].numeric:
                continue
            value = money_in(words, ledger.mark)
            if value is None or ledger.rows.columns[c].role in (Role.QUANTITY, Role.DAYS, Role.NUMBER, Role.PRICE):
                continue
            total = sum((signed(e.money[c], None) for e in ledger.entries if c in e.money), ZERO)
            plain = sum((e.money[c].value for e in ledger.entries if c in e.money), ZERO)
            typed = sum((p.gross or ZERO for p in reading.postings), ZERO)
            if abs(value.value) in (abs(total), abs(plain), abs(typed)):
                out.confirmations += 1
                out.checks.append(
                    Check(CheckName.COLUMN_TOTAL, True, f"“{row.label}” {value.value} is the sum of its column")
                )
            elif out.closing is None or abs(value.value) != abs(out.closing):
                out.failures += 1
                out.checks.append(
                    Check(
                        CheckName.COLUMN_TOTAL,
                        False,
                        f"“{row.label}” prints {value.value}, its column adds up to {total}",
                    )
                )
                out.warnings.append(f"“{row.label}” prints {value.value}, but its column adds up to {total}")


def _rows(ledger: Ledger, reading: Reading, out: Outcome) -> None:
    """Line arithmetic: gross less discount and deductions is what was paid."""
    less = ledger.rows.of(Role.DISCOUNT, Role.WITHHELD)
    if not less:
        return
    held, broken = 0, []
    for n, (entry, posting) in enumerate(zip(ledger.entries, reading.postings, strict=True), 1):
        if posting.gross is None:
            continue
        off = sum((abs(entry.money[c].value) for c in less if c in entry.money), ZERO)
        if abs(posting.gross) - off == abs(posting.amount) or posting.gross + off == posting.amount:
            held += 1
        else:
            broken.append(f"line {n}: {posting.gross} less {off} is not {posting.amount}")
    if broken and held:
        out.checks.append(Check(CheckName.LINE_ARITHMETIC, False, "; ".join(broken[:6])))
        out.warnings.append("gross less discount is not the amount paid: " + "; ".join(broken[:6]))
        out.failures += len(broken)
    elif held:
        out.checks.append(
            Check(CheckName.LINE_ARITHMETIC, True, f"gross less discount is the amount paid on {held} lines")
        )
        out.confirmations += held
