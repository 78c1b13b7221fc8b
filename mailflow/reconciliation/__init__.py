"""How two books differ: our ledger against their statement or remittance advice, explained to the last cent.

    ours: [Item] ─┐                 ┌─ selection: party, side, currency, sign
                  ├─ reconcile() ───┤─ passes (rules.py, safest first) ──► [Match]
    theirs ───────┘                 ├─ differences, residuals ──────────► [ReconcilingItem]
                                    └─ proof ───────────────────────────► Reconciliation

    our_balance + Σ items + unexplained = their_balance          always, exactly

Pure: no file, network, clock or configuration. Money is a whole number of smallest units inside, ``Decimal`` outside.
"""

from __future__ import annotations

from mailflow.reconciliation.counterpart import Counterpart, TheirLine, of_document, of_items
from mailflow.reconciliation.decisions import Decided, Decisions, Earlier, EarlierItem, fingerprint
from mailflow.reconciliation.match import Kind, Match, ReconcilingItem
from mailflow.reconciliation.policy import Policy, Terms
from mailflow.reconciliation.reconciliation import ProofCheck, Reconciliation
from mailflow.reconciliation.reconciling import reconcile

__all__ = [
    "Counterpart", "Decided", "Decisions", "Earlier", "EarlierItem", "Kind", "Match", "Policy", "ProofCheck",
    "Reconciliation", "ReconcilingItem", "Terms", "TheirLine", "fingerprint", "of_document", "of_items", "reconcile",
]  # fmt: skip
