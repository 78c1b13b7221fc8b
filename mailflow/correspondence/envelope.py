"""What threading needs of one raw message."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from mailflow.correspondence import mime
from mailflow.correspondence.automatic import classify
from mailflow.correspondence.message import Automatic
from mailflow.correspondence.threading import Envelope


def envelope(raw: bytes) -> Envelope:
    """Never raises. A message without a usable Message-ID is named by the hash of its bytes (contract)."""
    message = mime.read(raw)
    verdict = classify(message)
    digest = hashlib.sha256(raw).hexdigest()
    addressed = [*message.to, *message.cc]
    delivered = [value.strip(" <>") for name, value in message.headers if name in ("delivered-to", "x-original-to")]
    return Envelope(
        key=message.message_id or f"sha256:{digest}",
        digest=digest,
        message_id=message.message_id,
        in_reply_to=message.in_reply_to,
        references=tuple(message.references),
        subject=message.subject,
        sender=message.sender.address.lower(),
        to=tuple(dict.fromkeys(a.lower() for a in (*(one.address for one in addressed), *delivered) if a)),
        date=message.date,
        thread_index=message.header("thread-index"),
        returned=verdict.bounce.original_message_id if verdict.automatic is Automatic.BOUNCE else None,
        embedded=tuple(one.message_id for one in message.embedded if one.message_id),
        automatic=verdict.automatic is not Automatic.NO,
    )


def to_json(one: Envelope) -> dict[str, Any]:
    """How an envelope leaves the reader's child process."""
    return {
        "key": one.key, "digest": one.digest, "message_id": one.message_id, "in_reply_to": one.in_reply_to,
        "references": list(one.references), "subject": one.subject, "sender": one.sender, "to": list(one.to),
        "date": None if one.date is None else one.date.isoformat(), "thread_index": one.thread_index,
        "returned": one.returned, "embedded": list(one.embedded), "automatic": one.automatic,
    }  # fmt: skip


def from_json(data: dict[str, Any]) -> Envelope:
    """Raises ``KeyError``, ``TypeError`` or ``ValueError`` on what :func:`to_json` cannot have written."""
    return Envelope(
        key=str(data["key"]), digest=str(data["digest"]), message_id=data["message_id"],
        in_reply_to=data["in_reply_to"], references=tuple(data["references"]), subject=str(data["subject"]),
        sender=str(data["sender"]), to=tuple(data["to"]),
        date=None if data["date"] is None else dt.datetime.fromisoformat(data["date"]),
        thread_index=data["thread_index"], returned=data["returned"], embedded=tuple(data["embedded"]),
        automatic=bool(data["automatic"]),
    )  # fmt: skip
