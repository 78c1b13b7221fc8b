"""Stage "understand": what the new text means, knowing which items this party has with us."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from mailflow.correspondence.intent import understand
from mailflow.correspondence.message import (
    DisputeReason,
    Intent,
    Meaning,
    MentionedAmount,
    Promise,
    StatedIntent,
)
from mailflow.correspondence.wording import Wording
from mailflow.receivables.party import Side
from mailflow.steps.ports.mailroom import StoredMessage
from mailflow.steps.ports.work import Database
from mailflow.steps.process_messages import Outcome, Results
from mailflow.steps.returned_documents import Returned, ReturnedDocuments, with_answers

MAX_KNOWN = 5_000  # references of one party; more add nothing that a shape does not find


class UnderstandMessage:
    name = "understand"

    def __init__(self, database: Database, wording: Wording, returned: ReturnedDocuments | None = None) -> None:
        """``returned`` reads answers out of workbooks of ours that come back."""
        self._database, self._wording, self._returned = database, wording, returned

    def __call__(self, message: StoredMessage, results: Results) -> Outcome:
        reading, placed = results["read"]["reading"], results["thread"]
        known: list[str] = []
        if placed["party"] is not None:
            with self._database.reading() as work:
                items = work.ledger.items(party_id=placed["party"], side=Side(placed["side"]))
            known = list(dict.fromkeys(item.reference for item in items if item.reference))[-MAX_KNOWN:]
        sent = message.sent_at or message.received_at
        if reading["date"] is not None and message.sent_at is not None:
            sent = dt.datetime.fromisoformat(reading["date"])  # the sender's own day: "tomorrow" is theirs
        meaning = understand(
            reading["new_text"], subject=reading["subject"], sent=sent, known_references=known, wording=self._wording
        )
        if self._returned is None or placed["own"]:
            return Outcome(to_json(meaning))
        returned = self._returned.among(results["read"]["parts"])
        meaning = with_answers(meaning, returned, self._reasons(returned, known, sent))
        return Outcome({**to_json(meaning), "own_documents": list(returned.own)})

    def _reasons(self, returned: Returned, known: list[str], sent: dt.datetime) -> dict[str, list[DisputeReason]]:
        """What the comments in a returned workbook object to."""
        if returned.answers is None:
            return {}
        comments = {row.comment for row in returned.answers.rows} | {returned.answers.comment}
        return {
            comment: understand(
                comment, subject="", sent=sent, known_references=known, wording=self._wording
            ).dispute_reasons
            for comment in comments
            if comment
        }


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
