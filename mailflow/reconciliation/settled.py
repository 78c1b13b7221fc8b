"""What is settled on our side and listed by neither: their list shows what is open, our ledger its whole history."""

from __future__ import annotations

from mailflow.reconciliation.account import Account
from mailflow.reconciliation.entry import Entry
from mailflow.reconciliation.rules import SETTLED


def take_settled(account: Account) -> None:
    """After the cascade: free items of ours that our ledger calls fully applied and that add up to nothing.

    Where the ledger says nothing of open amounts, a payment and the one earlier document that it cancels, but only if
    their document lists no payment at all.
    """
    free = account.free(ours=True)
    applied = [entry for entry in free if getattr(entry.source, "open_amount", None) == 0]
    if applied and sum(entry.amount for entry in applied) == 0:
        account.accept(SETTLED, applied, (), automatic=True)
        return
    listed = any(entry.paid for entry in account.theirs) or (account.taken is not None and account.taken.paid(False))
    if applied or listed:
        return
    papers: dict[int, list[Entry]] = {}
    for entry in free:
        if not entry.paid:
            papers.setdefault(entry.amount, []).append(entry)
    for entry in free:
        earlier = [e for e in papers.get(-entry.amount, ()) if e.free and e.day <= entry.day] if entry.paid else []
        if len(earlier) == 1:
            account.accept(SETTLED, (earlier[0], entry), (), automatic=False, note="never_alone")
