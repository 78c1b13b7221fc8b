"""What threading needs of one raw message."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from typing import Any

from mailflow.correspondence import mime
from mailflow.correspondence.automatic import classify
from mailflow.correspondence.header_reading import ids
from mailflow.correspondence.message import Automatic, Message
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
        embedded=tuple(dict.fromkeys(_named(message))),
        automatic=verdict.automatic is not Automatic.NO,
        reply_to=tuple(one.address.lower() for one in message.reply_to if one.address),
        own_id=_own_id(message),
    )


def _own_id(message: Message) -> str | None:
    found = ids(message.header("x-mailflow-id") or "")
    return found[0] if found else None


def _named(message: Message) -> Iterator[str]:
    """Ids that the messages inside bear, then those that they answer; a forward may hold a forward."""
    for inner in message.embedded:
        yield from (one for one in (inner.message_id, _own_id(inner)) if one)
        yield from _named(inner)
    for inner in message.embedded:
        yield from (one for one in (inner.in_reply_to, *reversed(inner.references)) if one)


def to_json(one: Envelope) -> dict[str, Any]:
    """How an envelope leaves the reader's child process."""
    return {
        "key": one.key, "digest": one.digest, "message_id": one.message_id, "in_reply_to": one.in_reply_to,
        "references": list(one.references), "subject": one.subject, "sender": one.sender, "to": list(one.to),
        "date": None if one.date is None else one.date.isoformat(), "thread_index": one.thread_index,
        "returned": one.returned, "embedded": list(one.embedded), "automatic": one.automatic,
        "reply_to": list(one.reply_to), "own_id": one.own_id,
    }  # fmt: skip


def from_json(data: dict[str, Any]) -> Envelope:
    """Raises ``KeyError``, ``TypeError`` or ``ValueError`` on what :func:`to_json` cannot have written."""
    return Envelope(
        key=str(data["key"]), digest=str(data["digest"]), message_id=data["message_id"],
        in_reply_to=data["in_reply_to"], references=tuple(data["references"]), subject=str(data["subject"]),
        sender=str(data["sender"]), to=tuple(data["to"]),
        date=None if data["date"] is None else dt.datetime.fromisoformat(data["date"]),
        thread_index=data["thread_index"], returned=data["returned"], embedded=tuple(data["embedded"]),
        automatic=bool(data["automatic"]), reply_to=tuple(data["reply_to"]), own_id=data["own_id"],
    )  # fmt: skip
