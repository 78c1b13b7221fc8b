"""Raw bytes of a received mail to a :class:`Message`: never raises, names every defect, linear in the input.

head + body -> tree of parts (mime_parts) -> bodies, attachments, embedded messages, reports
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import replace

from mailflow.correspondence import signed_content, tnef
from mailflow.correspondence.addresses import addresses
from mailflow.correspondence.body_text import lines_unified, unflowed, uuencoded_files
from mailflow.correspondence.charsets import decode, known
from mailflow.correspondence.header_reading import ids, moment, parameters, plain, unstructured, words
from mailflow.correspondence.message import Address, Attachment, Message
from mailflow.correspondence.mime_parts import MAX_DEPTH, Budget, Part, read_part

MAX_TEXT = 5_000_000  # characters of one body that are read as text; the whole is in the archive
MAX_EMBEDDED = 5

_STATUS_KINDS = ("message/delivery-status", "message/global-delivery-status")
_HEADER_KINDS = ("text/rfc822-headers", "text/rfc822-header", "message/global-headers", "message/rfc822-headers")
_MESSAGE_KINDS = ("message/rfc822", "message/global", "text/rfc822", "message/news")
_REPORT_KINDS = (
    "message/disposition-notification",
    "message/feedback-report",
    "message/global-disposition-notification",
)
_SMIME_KINDS = ("application/pkcs7-mime", "application/x-pkcs7-mime")
_SIGNATURE_KINDS = (
    "application/pkcs7-signature",
    "application/x-pkcs7-signature",
    "application/pgp-signature",
    "application/pgp-encrypted",
)
_META_CHARSET = re.compile(rb"charset[ \t]{0,5}=[ \t]{0,5}[\"']?([\w-]{1,40})", re.IGNORECASE)
_ONCE = "from sender date message-id subject to cc reply-to in-reply-to references".split()  # RFC 5322, 3.6
_UNSAFE = re.compile(r"[\x00-\x1f\x7f]+")


def read(raw: bytes) -> Message:
    """The message that ``raw`` is. Whatever the bytes are, every field can be used and ``warnings`` says what broke."""
    budget = Budget()
    return _read(raw, budget, depth=0)


def _read(raw: bytes, budget: Budget, depth: int) -> Message:
    root = read_part(raw, budget, depth)
    message = Message()
    _head(message, root, budget)
    gathered = _Gathered(budget, depth)
    gathered.walk(root, root=True)
    message.text, message.html = gathered.bodies()
    message.attachments = gathered.attachments
    message.embedded = gathered.embedded
    message.delivery_status = gathered.delivery_status
    message.kinds, message.reports = gathered.kinds, gathered.reports
    message.content_type = (
        root.kind if not root.field("content-type") else parameters(plain(root.field("content-type") or b""))[0]
    )
    message.content_type = message.content_type or root.kind
    if not root.fields:
        budget.warn("the message has no headers")
    if depth == 0:
        if b"\0" in raw:
            budget.warn("the message holds NUL bytes")
        message.warnings = budget.warnings
    return message


def _head(message: Message, root: Part, budget: Budget) -> None:
    message.headers = [(name, plain(value)) for name, value in root.fields]
    raw = dict(reversed(root.fields))  # the first of each name
    if len(raw) < len(root.fields):
        counts = Counter(name for name, _ in root.fields)
        for name in _ONCE:
            if counts[name] > 1:
                budget.warn(f"several {name} headers; the first one is read")

    def text(name: str) -> str:
        return plain(raw.get(name, b""))

    message.subject = unstructured(raw.get("subject", b""))
    found = ids(text("message-id"))
    message.message_id = found[0] if found else None
    if "message-id" in raw and not found:
        budget.warn("a Message-ID that cannot be read")
    replied = ids(text("in-reply-to"))
    message.in_reply_to = replied[0] if replied else None
    message.references = ids(text("references"))
    for name, holder in (("from", "from"), ("reply-to", "reply_to"), ("to", "to"), ("cc", "cc")):
        boxes: list[Address] = []
        for key, value in root.fields:
            if key == name and (name in ("to", "cc") or not boxes):
                more, complaints = addresses(plain(value))
                boxes.extend(more)
                for complaint in complaints:
                    budget.warn(f"{name}: {complaint}")
        if holder == "from":
            if len(boxes) > 1:
                budget.warn("several From addresses; the first one is read")
            message.sender = boxes[0] if boxes else Address("", "")
        else:
            setattr(message, holder, boxes)
    if not message.sender.address and "sender" in raw:
        more, _ = addresses(text("sender"))
        message.sender = replace(more[0], name=message.sender.name or more[0].name) if more else message.sender
    message.date = moment(text("date")) if "date" in raw else None
    if "date" in raw and message.date is None:
        budget.warn("a Date that cannot be read")


class _Gathered:
    """What one message holds, collected part by part in reading order."""

    def __init__(self, budget: Budget, depth: int) -> None:
        self.budget, self.depth = budget, depth
        self.texts: list[str] = []
        self.htmls: list[str] = []
        self.spare: list[tuple[str, str]] = []  # named text parts: the body when there is no other
        self.attachments: list[Attachment] = []
        self.embedded: list[Message] = []
        self.delivery_status: list[list[tuple[str, str]]] = []
        self.kinds: list[str] = []
        self.reports: list[tuple[str, str]] = []

    def bodies(self) -> tuple[str, str]:
        text = "\n".join(piece.rstrip("\n") for piece in self.texts) if len(self.texts) > 1 else "".join(self.texts)
        html = "\n".join(self.htmls)
        if not text.strip() and not html.strip() and self.spare:
            kind, content = self.spare[0]
            text, html = (content, "") if kind == "text/plain" else ("", content)
        if not html and text.lstrip()[:15].lower().startswith(("<html", "<!doctype html")):
            self.budget.warn("HTML declared as plain text")
            text, html = "", text
        for body in (text, html):
            if len(body) > MAX_TEXT:
                self.budget.warn(f"only the first {MAX_TEXT} characters of the body are read (MAX_TEXT)")
        return text[:MAX_TEXT], html[:MAX_TEXT]

    def walk(self, part: Part, *, root: bool = False, within: str = "", place: int = 0) -> None:
        """Depth is bounded by the tree, which :data:`MAX_DEPTH` bounds."""
        self.kinds.append(part.kind)
        if part.children:
            if part.kind == "multipart/encrypted":
                self.budget.warn("the message is encrypted; it cannot be read here")
            for number, child in enumerate(part.children):
                self.walk(child, within=part.kind, place=number)
            return
        if part.kind.startswith("multipart/"):
            return
        self._leaf(part, root, within, place)

    def _leaf(self, part: Part, root: bool, within: str, place: int) -> None:
        kind = part.kind
        if kind in _STATUS_KINDS:
            self.delivery_status.extend(_status_blocks(part.content))
        elif kind in _REPORT_KINDS:
            self.reports.append((kind, decode(part.content, "utf-8")[0]))
        elif kind in _MESSAGE_KINDS or kind in _HEADER_KINDS:
            self._message(part, within)
        elif (kind in _SMIME_KINDS or part.file_name.lower().endswith(".p7m")) and self._smime(part):
            return
        elif kind == "application/ms-tnef" or part.file_name.lower() == "winmail.dat":
            if not self._tnef(part):
                self._attach(part)
        elif kind in ("text/plain", "text/html", "text/enriched", "text/richtext", "text/markdown"):
            self._text(part, root, within, place)
        else:
            if kind.endswith("/encrypted") or kind == "application/pgp-encrypted":
                self.budget.warn("the message is encrypted; it cannot be read here")
            self._attach(part)

    # bodies

    def _text(self, part: Part, root: bool, within: str, place: int) -> None:
        html = part.kind == "text/html"
        named = bool(part.file_name)
        if part.disposition == "attachment" or (named and not root):
            if part.disposition != "attachment":
                self.spare.append((part.kind if html else "text/plain", self._decoded(part)))
            self._attach(part)
            return
        if within == "multipart/related" and place > 0:
            self._attach(part)
            return
        if html:
            self.htmls.append(self._decoded(part))
            return
        text = lines_unified(self._decoded(part))
        if part.parameters.get("format", "").lower() == "flowed":
            text = unflowed(text, part.parameters.get("delsp", "").lower() == "yes")
        text, files = uuencoded_files(text)
        for name, content in files:
            self._add(name, "application/octet-stream", content, inline=False)
        if "-----BEGIN PGP" in text:
            clear = signed_content.clear_signed(text)
            if clear is not None:
                text = clear
                self.budget.warn("PGP signature not checked")
            elif "-----BEGIN PGP MESSAGE-----" in text:
                self.budget.warn("the message is encrypted; it cannot be read here")
        self.texts.append(text)

    def _decoded(self, part: Part) -> str:
        charset = part.parameters.get("charset")
        if part.kind == "text/html" and (not charset or known(charset) is None):
            found = _META_CHARSET.search(part.content[:4000])
            charset = found[1].decode("ascii") if found else charset
        text, warning = decode(part.content, charset)
        if warning is not None:
            self.budget.warn(warning)
        return text

    # parts inside parts

    def _message(self, part: Part, within: str) -> None:
        content = part.content
        level = self.depth + 1
        headers_only = part.kind in _HEADER_KINDS
        if len(self.embedded) < MAX_EMBEDDED and level < MAX_DEPTH:
            inner = Budget()
            inner.parts = self.budget.parts
            embedded = _read(content, inner, level)
            self.budget.parts = inner.parts
            self.embedded.append(embedded)
            name = part.file_name or (_UNSAFE.sub(" ", embedded.subject)[:80] or "message") + ".eml"
        else:
            name = part.file_name or "message.eml"
        if not headers_only or part.disposition == "attachment":
            self._add(name, part.kind, content, inline=part.disposition == "inline")
        elif headers_only and within != "multipart/report":
            self._add(part.file_name or "headers.txt", part.kind, content, inline=False)

    def _smime(self, part: Part) -> bool:
        content = signed_content.smime_content(part.content)
        if content is None:
            if signed_content.is_encrypted(part.content):
                self.budget.warn("the message is encrypted; it cannot be read here")
            elif part.kind in _SMIME_KINDS:
                self.budget.warn("an S/MIME part whose content cannot be reached")
            return False
        if self.depth >= MAX_DEPTH - 1:
            return False
        self.budget.warn("S/MIME signature not checked")
        self.depth += 1
        self.walk(read_part(content, self.budget, self.depth), root=True)
        self.depth -= 1
        return True

    def _tnef(self, part: Part) -> bool:
        opened = tnef.opened(part.content)
        if opened is None:
            self.budget.warn("a winmail.dat that cannot be opened")
            return False
        if not opened.whole:
            self.budget.warn("a winmail.dat is cut off")
        if not (opened.attachments or opened.text or opened.html):
            return False
        self.spare += [(kind, body) for kind, body in (("text/html", opened.html), ("text/plain", opened.text)) if body]
        for one in opened.attachments:
            self._add(one.name or "attachment", one.type or "application/octet-stream", one.content, inline=False)
        return opened.whole

    # attachments

    def _attach(self, part: Part) -> None:
        inline = part.disposition == "inline" or (not part.disposition and part.field("content-id") is not None)
        inline = inline or part.kind in _SIGNATURE_KINDS  # it is no paper of the sender's
        self._add(part.file_name, part.kind, part.content, inline=inline)

    def _add(self, name: str, kind: str, content: bytes, *, inline: bool) -> None:
        shown = _UNSAFE.sub(" ", words(name)).strip()[:255]
        digest = hashlib.sha256(content).hexdigest()
        self.attachments.append(Attachment(shown, kind, content, digest, inline))


def _status_blocks(content: bytes) -> list[list[tuple[str, str]]]:
    """The blocks of a delivery-status (RFC 3464, 2.1): per message first, then one for each recipient."""
    text = lines_unified(decode(content, "utf-8")[0])[:200_000]
    blocks: list[list[tuple[str, str]]] = []
    for block in re.split(r"\n[ \t]{0,20}\n", text):
        fields: list[tuple[str, str]] = []
        for line in block.split("\n"):
            if line[:1] in (" ", "\t") and fields:
                fields[-1] = (fields[-1][0], f"{fields[-1][1]} {line.strip()}")
                continue
            name, colon, value = line.partition(":")
            if colon and 0 < len(name.strip()) < 60:
                fields.append((name.strip().lower(), words(value.strip())))
        if fields:
            blocks.append(fields)
    return blocks[:500]
