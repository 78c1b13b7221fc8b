"""A message as its sender wrote it, and what is known about it: the values that the rooms of this package exchange.

``mime.read(raw) -> Message``, ``automatic.classify(message) -> AutomaticVerdict``,
``quotation.split(message) -> Split``, ``intent.understand(...) -> Meaning``;
``reading.Reading`` joins them and is the JSON of ``mailflow read``.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum


class Automatic(StrEnum):
    NO = "no"
    BOUNCE = "bounce"
    OUT_OF_OFFICE = "out_of_office"
    AUTO_REPLY = "auto_reply"
    MAILING_LIST = "mailing_list"


class Intent(StrEnum):
    """In the order in which they need an answer (field guide "replies", rule 12): the first one stands first."""

    BANK_DETAILS_CHANGE = "bank_details_change"
    DISPUTE = "dispute"
    STOP = "stop"
    DOCUMENT_REQUEST = "document_request"
    QUESTION = "question"
    CONTACT_CHANGE = "contact_change"
    PROMISE_TO_PAY = "promise_to_pay"
    PAYMENT_MADE = "payment_made"
    REMITTANCE = "remittance"
    CONFIRM = "confirm"
    OTHER = "other"


class DisputeReason(StrEnum):
    ALREADY_PAID = "already_paid"
    NOT_RECEIVED = "not_received"
    PRICE = "price"
    QUANTITY = "quantity"
    DUPLICATE = "duplicate"
    RETURNED = "returned"
    NOT_OURS = "not_ours"
    TAX = "tax"
    DISCOUNT = "discount"
    MISSING_CREDIT_NOTE = "missing_credit_note"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Address:
    name: str
    address: str  # "" when the header holds no usable address


@dataclass(frozen=True, slots=True)
class Attachment:
    """``content`` is decoded. ``name`` is the sender's word: data, never a path."""

    name: str
    type: str
    content: bytes = field(repr=False)
    sha256: str = ""
    inline: bool = False


@dataclass(slots=True)
class Message:
    """A parsed message. Every field is usable whatever the bytes were; ``warnings`` names each defect met.

    ``headers`` holds (lower-case name, raw unfolded value cut at the cap) in order of appearance, duplicates kept.
    ``references`` are cleaned ids in angle brackets, in order. ``date`` carries its offset, None when unusable.
    ``embedded`` holds messages attached as message/rfc822 (forwards, the original inside a bounce), one level.
    ``delivery_status`` holds the header blocks of a message/delivery-status part, first the per-message one.
    ``kinds`` are the content types of all parts in order; ``reports`` the texts of machine-readable report parts other
    than delivery-status (disposition notifications, feedback reports), with their type.
    """

    message_id: str | None = None
    in_reply_to: str | None = None
    references: list[str] = field(default_factory=list)
    subject: str = ""
    sender: Address = Address("", "")
    reply_to: list[Address] = field(default_factory=list)
    to: list[Address] = field(default_factory=list)
    cc: list[Address] = field(default_factory=list)
    date: dt.datetime | None = None
    text: str = ""  # text/plain body, decoded, LF line ends; "" when there is none
    html: str = ""  # text/html body, decoded; "" when there is none
    attachments: list[Attachment] = field(default_factory=list)
    embedded: list[Message] = field(default_factory=list)
    delivery_status: list[list[tuple[str, str]]] = field(default_factory=list)
    content_type: str = "text/plain"
    kinds: list[str] = field(default_factory=list)
    reports: list[tuple[str, str]] = field(default_factory=list)
    headers: list[tuple[str, str]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def header(self, name: str) -> str | None:
        """The first header of that name (any case), or None."""
        wanted = name.lower()
        for key, value in self.headers:
            if key == wanted:
                return value
        return None


@dataclass(frozen=True, slots=True)
class Bounce:
    """``permanent`` False: delayed or temporary. ``status`` is the enhanced code (RFC 3463), ``"5.1.1"``."""

    recipient: str | None = None
    permanent: bool | None = None
    status: str | None = None
    reason: str | None = None
    original_message_id: str | None = None


@dataclass(frozen=True, slots=True)
class AutomaticVerdict:
    automatic: Automatic
    because: str = ""  # the evidence, for a person
    bounce: Bounce = Bounce()
    bounces: tuple[Bounce, ...] = ()  # one per recipient
    return_date: dt.date | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InlineAnswer:
    """An answer that stands below a quoted line, as in ``> Is INV-1 paid?`` / ``Yes, on Monday``; both verbatim."""

    quoted: str
    answer: str


@dataclass(frozen=True, slots=True)
class Split:
    """What this sender wrote now, and what was taken away; nothing is lost between the three.

    ``doubtful`` says that the cut may be wrong (everything looked like a quote, HTML and text disagree): whoever reads
    a meaning out of ``new_text`` should trust it less. ``answers`` pairs inline answers with the line they answer.
    """

    new_text: str
    signature: str | None = None
    quoted_text: str | None = None
    warnings: tuple[str, ...] = ()
    forwarded: bool = False
    doubtful: bool = False
    answers: tuple[InlineAnswer, ...] = ()


@dataclass(frozen=True, slots=True)
class StatedIntent:
    intent: Intent
    confidence: float
    evidence: str  # a verbatim piece of the new text
    references: tuple[str, ...] = ()  # the items it applies to; empty: the whole statement


@dataclass(frozen=True, slots=True)
class MentionedAmount:
    amount: Decimal
    currency: str | None
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Promise:
    date: dt.date | None = None
    amount: Decimal | None = None
    currency: str | None = None


@dataclass(slots=True)
class Meaning:
    """What the new text says. ``intents`` stand in the order of :class:`Intent`; never empty (``other``)."""

    language: str
    intents: list[StatedIntent] = field(default_factory=list)
    dispute_reasons: list[DisputeReason] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    amounts: list[MentionedAmount] = field(default_factory=list)
    dates: list[dt.date] = field(default_factory=list)
    promise: Promise = Promise()
    warnings: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Authentication:
    """Verdicts of the mailbox's own server (RFC 8601), None when it gave none; ``trusted`` only under its own id.

    ``aligned``: what passed speaks of the From address's own domain (DMARC, or SPF or DKIM where DMARC is silent).
    """

    spf: str | None = None
    dkim: str | None = None
    dmarc: str | None = None
    trusted: bool = False
    aligned: bool = False
