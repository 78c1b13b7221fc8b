"""Short ways to write down a ledger and a statement in tests."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from mailflow.receivables.ledger import Item
from mailflow.receivables.party import Side
from mailflow.reconciliation import Counterpart, Policy, Reconciliation, TheirLine, reconcile

AS_OF = dt.date(2026, 10, 31)


def day(text: str | dt.date | None) -> dt.date | None:
    """``"10-05"`` is in 2026."""
    if text is None or isinstance(text, dt.date):
        return text
    return dt.date.fromisoformat(text if text.count("-") == 2 else f"2026-{text}")


def item(id: str, reference: str, amount: str, date: str | None = "10-05", type: str = "invoice", **more) -> Item:
    """One item of ours, payable to S001 in CNY unless said otherwise."""
    values = {"party_id": "S001", "side": Side.PAYABLE, "currency": "CNY", **more}
    return Item(id=id, reference=reference, amount=Decimal(amount), date=day(date), type=type, **values)


def line(no: int, reference: str, amount: str, date: str | None = "10-05", type: str = "invoice", **more) -> TheirLine:
    """One line of theirs, in their document's sign."""
    return TheirLine(no=no, reference=reference, amount=Decimal(amount), date=day(date), type=type, **more)


def compare(
    ours: list[Item], theirs: list[TheirLine], policy: Policy | None = None, *, as_of=AS_OF, decisions=None, **more
) -> Reconciliation:
    """Reconciles the lines as a statement in CNY; ``more`` goes into the :class:`Counterpart`."""
    counterpart = Counterpart(lines=theirs, **{"currency": "CNY", **more})
    return reconcile(ours, counterpart, policy, as_of=as_of, decisions=decisions)


def pairs(answer: Reconciliation) -> set[tuple[tuple[str, ...], tuple[int, ...]]]:
    """Each match as (our ids, their numbers), both sorted."""
    return {(tuple(sorted(m.our_ids)), tuple(sorted(m.their_numbers))) for m in answer.matches}


def kinds(answer: Reconciliation) -> list[tuple[str, str]]:
    """Each reconciling item as (kind, amount), sorted."""
    return sorted((i.kind.value, str(i.amount)) for i in answer.items)


def adds_up(answer: Reconciliation) -> bool:
    """The identity of the contract, from the decimals that leave the matcher."""
    steps = sum((i.amount for i in answer.items), Decimal(0))
    return answer.our_balance + steps + answer.unexplained == answer.their_balance
