"""The ledger: what our own book says, one item a posting."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from mailflow.receivables.party import Side


@dataclass(frozen=True, slots=True)
class Item:
    """One row of the ledger file (contract, "Ledger CSV").

    ``amount`` is signed: positive makes what is owed on this account larger (an invoice, on either side), negative
    smaller (a payment, a credit note). ``open_amount`` is what of it was still open on the day of the import, in the
    same sign; None when the ledger does not say. ``type`` is a ``parsers.documents.LineType`` value.
    """

    id: str
    party_id: str
    side: Side
    reference: str
    date: dt.date | None
    currency: str
    amount: Decimal
    party_name: str = ""
    type: str = "other"
    their_reference: str = ""
    po_number: str = ""
    due_date: dt.date | None = None
    open_amount: Decimal | None = None
    description: str = ""
