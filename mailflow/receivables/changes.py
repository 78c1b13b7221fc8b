"""What a corrected statement changes against the version before it, item by item; the steps add up."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from mailflow.receivables.statement import Statement, StatementLine

_ZERO = Decimal(0)


class ChangeKind(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """``before`` and ``after`` are what the item adds to the closing balance (its open amount), 0 where it has none."""

    kind: ChangeKind
    line: StatementLine
    before: Decimal
    after: Decimal

    @property
    def difference(self) -> Decimal:
        return self.after - self.before


def changes(before: Statement, after: Statement) -> tuple[Change, ...]:
    """In the order of the new statement, what went away last. ``sum(difference)`` = new closing - old closing.

    An item whose open amount stays is named only when its date, due date, number or original amount changed.
    """
    old = {line.item_id: line for line in before.open_lines}
    new = {line.item_id: line for line in after.open_lines}
    known_before = old.keys() | {line.item_id for line in before.movements}
    known_after = new.keys() | {line.item_id for line in after.movements}
    found: list[Change] = []
    for item, line in new.items():
        was = old.get(item)
        if was is None:
            kind = ChangeKind.CHANGED if item in known_before else ChangeKind.ADDED
            found.append(Change(kind, line, _ZERO, line.open_amount))
        elif _facts(was) != _facts(line):
            found.append(Change(ChangeKind.CHANGED, line, was.open_amount, line.open_amount))
    for item, line in old.items():
        if item not in new:
            kind = ChangeKind.CHANGED if item in known_after else ChangeKind.REMOVED
            found.append(Change(kind, line, line.open_amount, _ZERO))
    return tuple(found)


def _facts(line: StatementLine) -> tuple[object, ...]:
    return (line.date, line.due_date, line.reference, line.amount, line.open_amount)
