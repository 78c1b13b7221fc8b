"""The five checks. That the bridge balances proves nothing by itself: it holds for random matches too."""

from __future__ import annotations

from collections.abc import Sequence

from mailflow.reconciliation.counterpart import Counterpart
from mailflow.reconciliation.match import ReconcilingItem, shown
from mailflow.reconciliation.reconciliation import ProofCheck
from parsers.documents import Trust


def checks(
    theirs: Counterpart, gap: int, places: int, items: Sequence[ReconcilingItem], ours_gap: int | None = None
) -> tuple[ProofCheck, ...]:
    """``gap``: their closing less opening and lines. ``ours_gap``: our account's balance less our items, if known."""
    if theirs.trust is Trust.UNPROVEN:
        extraction = ProofCheck("extraction", False, "their document's own arithmetic does not hold; read it again")
    elif theirs.closing is None and theirs.payment_amount is None:
        extraction = ProofCheck("extraction", None, "their document prints no total to test its lines with")
    elif gap:
        extraction = ProofCheck(
            "extraction", False, f"their total cannot be proven from their lines; difference {shown(gap, places)}"
        )
    else:
        extraction = ProofCheck("extraction", True, "their lines add up to their printed total")
    if ours_gap is None:
        own = ProofCheck("our_side", None, "our balance is the sum of the ledger's items; no other figure was given")
    elif ours_gap:
        own = ProofCheck(
            "our_side", False, f"our items do not add up to our balance; difference {shown(ours_gap, places)}"
        )
    else:
        own = ProofCheck("our_side", True, "our items add up to our balance")
    return (
        extraction,
        own,
        ProofCheck("bridge", True, "our balance with all reconciling items and the rest equals theirs"),
        ProofCheck(
            "nothing_unexplained",
            gap == 0,
            "nothing is unexplained" if not gap else f"unexplained {shown(gap, places)}",
        ),
        ProofCheck("evidence", all(item.kind for item in items), "every item names kind, lines, reason and action"),
    )
