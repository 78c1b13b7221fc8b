"""An adjustment as JSON, for the command line and the API."""

from __future__ import annotations

from typing import Any

from mailflow.cases.adjustment import Adjustment
from mailflow.money import plain


def adjustment_json(one: Adjustment) -> dict[str, Any]:
    said = one.adjustment
    return {
        "number": one.no, "voucher": one.voucher, "case": said.case_id, "party": said.party_id,
        "side": said.side.value, "kind": said.kind.value, "reference": said.reference,
        "amount": plain(said.amount, said.currency), "currency": said.currency, "date": said.date.isoformat(),
        "why": said.why, "state": one.state.value, "proposed_by": said.by, "decided_by": one.decided_by,
        "export": one.export_no, "booked_at": None if one.booked_at is None else one.booked_at.isoformat(),
    }  # fmt: skip
