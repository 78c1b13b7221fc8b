"""A corrected statement says what changed, and the steps lead from the old balance to the new one."""

from dataclasses import replace
from decimal import Decimal

from mailflow.correspondence.letter_samples import STATEMENT
from mailflow.receivables.changes import ChangeKind, changes
from mailflow.receivables.statement import Statement


def corrected(statement: Statement) -> Statement:
    """INV-0958 is 500.00 less after a return, RC-310 was another customer's, a new invoice came in late."""
    lines = [one for one in statement.open_lines if one.reference != "RC-310"]
    lines = [replace(one, open_amount=Decimal("5500.00")) if one.reference == "INV-0958" else one for one in lines]
    lines.append(replace(lines[0], item_id="L99", reference="INV-1099", open_amount=Decimal("70.00")))
    closing = sum((one.open_amount for one in lines), Decimal(0))
    movements = tuple(one for one in statement.movements if one.reference != "RC-310")
    return replace(statement, version=2, open_lines=tuple(lines), movements=movements, closing=closing)


def test_the_changes_add_up_to_the_difference_of_the_balances() -> None:
    new = corrected(STATEMENT)
    found = changes(STATEMENT, new)
    assert sum((one.difference for one in found), Decimal(0)) == new.closing - STATEMENT.closing
    assert [(one.line.reference, one.kind, str(one.difference)) for one in found] == [
        ("INV-0958", ChangeKind.CHANGED, "-500.00"),
        ("INV-1099", ChangeKind.ADDED, "70.00"),
        ("RC-310", ChangeKind.REMOVED, "2000.00"),
    ]


def test_an_item_that_was_settled_meanwhile_is_changed_not_removed() -> None:
    lines = tuple(one for one in STATEMENT.open_lines if one.reference != "INV-1001")
    (change,) = changes(STATEMENT, replace(STATEMENT, open_lines=lines))
    assert (change.kind, change.before, change.after) == (ChangeKind.CHANGED, Decimal("5000.00"), Decimal(0))


def test_nothing_changed_is_nothing_said() -> None:
    assert changes(STATEMENT, replace(STATEMENT, version=2)) == ()
