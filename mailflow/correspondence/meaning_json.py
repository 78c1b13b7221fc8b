"""A meaning as JSON and back: how it leaves the reader's child, and how it is kept."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from mailflow.correspondence.message import DisputeReason, Intent, Meaning, MentionedAmount, Promise, StatedIntent


def to_json(meaning: Meaning) -> dict[str, Any]:
    """JSON that :func:`from_json` turns back; the field names of ``mailflow read`` where it has them."""
    promise = meaning.promise
    return {
        "language": meaning.language,
        "intents": [
            {
                "intent": one.intent.value,
                "confidence": one.confidence,
                "evidence": one.evidence,
                "references": list(one.references),
            }
            for one in meaning.intents
        ],
        "dispute_reasons": [reason.value for reason in meaning.dispute_reasons],
        "references": list(meaning.references),
        "amounts": [
            {"amount": format(one.amount, "f"), "currency": one.currency, "evidence": one.evidence}
            for one in meaning.amounts
        ],
        "dates": [date.isoformat() for date in meaning.dates],
        "promise": {
            "date": None if promise.date is None else promise.date.isoformat(),
            "amount": None if promise.amount is None else format(promise.amount, "f"),
            "currency": promise.currency,
        },
        "warnings": list(meaning.warnings),
    }


def from_json(data: dict[str, Any]) -> Meaning:
    """Raises ``KeyError``, ``TypeError`` or ``ValueError`` on what :func:`to_json` cannot have written."""
    promise = data["promise"]
    return Meaning(
        language=data["language"],
        intents=[
            StatedIntent(Intent(one["intent"]), one["confidence"], one["evidence"], tuple(one["references"]))
            for one in data["intents"]
        ],
        dispute_reasons=[DisputeReason(reason) for reason in data["dispute_reasons"]],
        references=list(data["references"]),
        amounts=[MentionedAmount(Decimal(one["amount"]), one["currency"], one["evidence"]) for one in data["amounts"]],
        dates=[dt.date.fromisoformat(date) for date in data["dates"]],
        promise=Promise(
            None if promise["date"] is None else dt.date.fromisoformat(promise["date"]),
            None if promise["amount"] is None else Decimal(promise["amount"]),
            promise["currency"],
        ),
        warnings=list(data["warnings"]),
    )
