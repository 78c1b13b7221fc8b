"""What else a statement shows of its party: the other direction, and the accounts in other currencies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mailflow.receivables.drawing import DoesNotTie, draw, period_start
from mailflow.receivables.party import Side
from mailflow.receivables.statement import Statement
from mailflow.steps.ports.statements import Standing
from mailflow.steps.ports.work import Work

_SURE = (Standing.RELEASED, Standing.ISSUED)  # what the review holds may be wrong, and is not shown elsewhere either


@dataclass(frozen=True, slots=True)
class Beside:
    """See :class:`mailflow.correspondence.statement_sheet.StatementSheet`."""

    counterpart: Statement | None = None
    others: tuple[Statement, ...] = ()


def beside(work: Work, statement: Statement, drawn: Iterable[Statement] = ()) -> Beside:
    """``drawn`` are statements that are not on record yet (of a preview)."""
    others = {one.number: one for one in drawn if _belongs(one, statement)}
    for case in work.casefile.cases(party_id=statement.party.id):
        if case.side is statement.side and case.as_of == statement.as_of and case.id not in others:
            kept = work.statements.get(case.id)
            if kept is not None and kept.standing in _SURE and _belongs(kept.statement, statement):
                others[case.id] = kept.statement
    return Beside(_counterpart(work, statement), tuple(others.values()))


def _belongs(one: Statement, statement: Statement) -> bool:
    return (
        one.party.id == statement.party.id
        and one.side is statement.side
        and one.as_of == statement.as_of
        and one.currency != statement.currency
    )


def _counterpart(work: Work, statement: Statement) -> Statement | None:
    """The same party in our other book, when that book is known for the very day and holds something."""
    side = Side.PAYABLE if statement.side is Side.RECEIVABLE else Side.RECEIVABLE
    imported = work.ledger.last_import(side)
    party = work.ledger.party(statement.party.id, side)
    if party is None or imported is None or imported.as_of < statement.as_of:
        return None
    items = work.ledger.items(party_id=party.id, side=side)
    try:
        found = draw(
            items, party, side, statement.currency, statement.as_of, period_start(statement.as_of),
            known_open=work.ledger.open_on(party.id, side, statement.as_of),
        )  # fmt: skip
    except DoesNotTie:
        return None
    return found if found.closing and not found.doubts else None
