"""A conversation as JSON: what ``mailflow conversation --json`` prints and the API answers."""

from __future__ import annotations

from typing import Any

from mailflow.steps.ports.journal import Entry
from mailflow.steps.ports.outbox import Letter
from mailflow.steps.show_cases import Conversation, HeardMessage


def to_json(told: Conversation) -> dict[str, Any]:
    """The case as in ``mailflow cases``, and ``history`` in order: letters, messages, events."""
    return {
        "case": told.view.to_json(),
        "history": [{"at": at.isoformat(), **moment_json(what)} for at, what in told.history()],
        "reconciliations": [kept.record for kept in told.reconciliations],
    }


def moment_json(what: Letter | HeardMessage | Entry) -> dict[str, Any]:
    if isinstance(what, Letter):
        return {
            "type": "letter", "kind": what.key.kind, "version": what.key.version, "to": what.key.recipient,
            "subject": what.subject, "message_id": what.message_id, "state": what.state.value, "sha256": what.sha256,
        }  # fmt: skip
    if isinstance(what, HeardMessage):
        reading = what.stages["read"].result["reading"] if "read" in what.stages else {}
        meaning = what.stages["understand"].result if "understand" in what.stages else {}
        placed = what.stages["thread"].result if "thread" in what.stages else {}
        return {
            "type": "message", "no": what.message.no, "from": reading.get("from"), "subject": what.message.subject,
            "message_id": what.message.message_id, "date": reading.get("date"), "automatic": what.message.automatic,
            "new_text": reading.get("new_text"), "intents": meaning.get("intents", []),
            "mentioned": {name: meaning.get(name, []) for name in ("references", "amounts", "dates")},
            "promise": meaning.get("promise"), "placed_by": placed.get("why"), "belief": placed.get("belief"),
            "state": what.message.state.value, "error": what.message.error, "sha256": what.message.sha256,
            "documents": [{"no": kept.no, "name": kept.name, **kept.document.to_json()} for kept in what.documents],
        }  # fmt: skip
    return {"type": "event", "no": what.no, "actor": what.actor, "action": what.action, "facts": what.facts}
