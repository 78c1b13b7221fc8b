"""One received message, read: the JSON of ``mailflow read`` and what placing it in a conversation needs.

raw -> mime -> automatic? -> new text -> meaning, with the sender's authentication beside it
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from mailflow.correspondence import authentication, automatic, mime, quotation
from mailflow.correspondence.intent import understand
from mailflow.correspondence.language import detect
from mailflow.correspondence.message import (
    Address,
    Authentication,
    Automatic,
    AutomaticVerdict,
    Bounce,
    Meaning,
    Message,
    Split,
)
from mailflow.correspondence.wording import Wording

_DELIVERY_HEADERS = (
    "delivered-to",
    "x-original-to",
    "envelope-to",
    "x-envelope-to",
    "x-delivered-to",
    "x-forwarded-to",
)
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,200}@[\w.-]{1,200}")
_SURROGATES = re.compile(r"[\ud800-\udfff]")


@dataclass(slots=True)
class Reading:
    """``meaning`` is None for automatic mail (a machine confirms, disputes and promises nothing) and where none was
    asked for."""

    message: Message
    split: Split
    automatic: AutomaticVerdict
    meaning: Meaning | None
    authentication: Authentication
    warnings: list[str]
    language: str

    def to_json(self, file: str = "") -> dict[str, Any]:
        """The object that ``mailflow read --json`` prints for one message (the contract fixes its fields)."""
        message, meaning = self.message, self.meaning
        bounce = self.automatic.bounce
        result = {
            "file": file,
            "message_id": message.message_id,
            "in_reply_to": message.in_reply_to,
            "references": list(message.references),
            "subject": message.subject,
            "from": _address(message.sender),
            "to": [_address(one) for one in message.to],
            "cc": [_address(one) for one in message.cc],
            "date": message.date.isoformat() if message.date is not None else None,
            "language": self.language,
            "automatic": self.automatic.automatic.value,
            "automatic_because": self.automatic.because or None,
            "return_date": self.automatic.return_date.isoformat() if self.automatic.return_date else None,
            "bounce": _bounce(bounce),
            "new_text": self.split.new_text,
            "signature": self.split.signature,
            "quoted_text": self.split.quoted_text,
            "inline_answers": [{"quoted": one.quoted, "answer": one.answer} for one in self.split.answers],
            "forwarded": self.split.forwarded,
            "doubtful": self.split.doubtful,
            "intents": [
                {
                    "intent": one.intent.value,
                    "confidence": one.confidence,
                    "evidence": one.evidence,
                    "references": list(one.references),
                }
                for one in (meaning.intents if meaning else [])
            ],
            "dispute_reasons": [reason.value for reason in (meaning.dispute_reasons if meaning else [])],
            "mentioned": {
                "references": list(meaning.references) if meaning else [],
                "amounts": [
                    {"amount": format(one.amount, "f"), "currency": one.currency}
                    for one in (meaning.amounts if meaning else [])
                ],
                "dates": [date.isoformat() for date in (meaning.dates if meaning else [])],
            },
            "promise": _promise(meaning),
            "authentication": {
                "spf": self.authentication.spf,
                "dkim": self.authentication.dkim,
                "dmarc": self.authentication.dmarc,
                "trusted": self.authentication.trusted,
                "aligned": self.authentication.aligned,
            },
            "attachments": [
                {
                    "name": one.name,
                    "type": one.type,
                    "size": len(one.content),
                    "sha256": one.sha256,
                    "inline": one.inline,
                }
                for one in message.attachments
            ],
            "warnings": list(self.warnings),
        }
        return _cleaned(result)

    def routing(self) -> dict[str, Any]:
        """What only placing needs: delivery addresses (tokens stand there), ids inside, bounces, marks of our own."""
        message = self.message
        embedded = [one for inner in message.embedded for one in (inner.message_id, inner.in_reply_to) if one]
        if self.automatic.automatic is Automatic.BOUNCE:
            embedded += [one.original_message_id for one in self.automatic.bounces if one.original_message_id]
        result = {
            "delivered_to": _delivered_to(message),
            "reply_to": [one.address for one in message.reply_to if one.address],
            "embedded_ids": list(dict.fromkeys(embedded)),
            "bounces": [_bounce(one) for one in self.automatic.bounces],
            "list_id": message.header("list-id"),
            "loop": message.header("x-mailflow-id"),
        }
        return _cleaned(result)


def read(
    raw: bytes,
    *,
    wording: Wording | None,
    known_references: Sequence[str] = (),
    trusted_authserv_ids: Collection[str] = (),
    own_addresses: Collection[str] = (),
) -> Reading:
    """Everything that ``raw`` says. Never raises, whatever the bytes are; what was wrong stands in ``warnings``.

    Without ``wording`` the meaning of the words is left for later.
    """
    message = mime.read(raw)
    verdict = automatic.classify(message, own_addresses=own_addresses)
    split = quotation.split(message)
    meaning: Meaning | None = None
    if verdict.automatic is Automatic.NO and wording is not None:
        meaning = understand(
            split.new_text,
            subject=message.subject,
            sent=message.date,
            known_references=known_references,
            wording=wording,
            attachment_names=[one.name for one in message.attachments if not one.inline],
        )
    believed, complaints = authentication.read(message, trusted_authserv_ids)
    warnings = [
        *message.warnings,
        *split.warnings,
        *verdict.warnings,
        *(meaning.warnings if meaning else []),
        *complaints,
    ]
    language = meaning.language if meaning is not None else detect(split.new_text)
    return Reading(message, split, verdict, meaning, believed, list(dict.fromkeys(warnings)), language)


def _address(one: Address) -> dict[str, str]:
    return {"name": one.name, "address": one.address}


def _bounce(one: Bounce) -> dict[str, Any]:
    return {
        "recipient": one.recipient,
        "permanent": one.permanent,
        "status": one.status,
        "reason": one.reason,
        "original_message_id": one.original_message_id,
    }


def _promise(meaning: Meaning | None) -> dict[str, Any]:
    promise = meaning.promise if meaning is not None else None
    return {
        "date": promise.date.isoformat() if promise is not None and promise.date is not None else None,
        "amount": format(promise.amount, "f") if promise is not None and promise.amount is not None else None,
        "currency": promise.currency if promise is not None else None,
    }


def _delivered_to(message: Message) -> list[str]:
    found = [
        address
        for name, value in message.headers
        if name in _DELIVERY_HEADERS
        for address in _ADDRESS.findall(value[:2_000])
    ]
    return list(dict.fromkeys(found))[:50]


def _cleaned(value: dict[str, Any]) -> dict[str, Any]:
    """Broken mail yields lone surrogates, which have no UTF-8: they become U+FFFD."""
    try:
        json.dumps(value, ensure_ascii=False).encode()  # quicker than a walk, and nearly always all there is to do
    except UnicodeEncodeError:
        cleaned: dict[str, Any] = _without_surrogates(value)
        return cleaned
    return value


def _without_surrogates(value: Any) -> Any:
    if isinstance(value, str):
        return _SURROGATES.sub("\ufffd", value)
    if isinstance(value, dict):
        return {key: _without_surrogates(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_without_surrogates(one) for one in value]
    return value
