"""A mail as a container: every readable attachment, and the table or sentences of the body itself.

What the sender quotes is not what the sender says: a statement of ours that lies quoted under a reply must not come
back as theirs, so the body is cut at the first mark of a quotation, unless the mail does nothing but forward.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from parsers import opening
from parsers.documents import Document, Kind, unreadable
from parsers.errors import Unreadable
from parsers.formats import encodings, html, mime_parts, text
from parsers.source import Source

_NO_DOCUMENTS = frozenset("p7s p7m p7c ics vcf asc sig css js".split())
_SMALL_PICTURE = 60_000  # bytes; a logo in a signature, never a scanned page
_QUOTED = re.compile(
    r"^\s*(?:>|-{3,} ?(?:original|forwarded|ursprüngliche|message|原始邮件|原始郵件|转发|轉寄)|"
    r"(?:on|am|le|el) .{5,120}(?:wrote|schrieb|a écrit|escribió)\s*:|"
    r"(?:在|于)?\s?\d{4}\s?年.{3,80}(?:写道|寫道)\s?[:：]|"
    # the head of a quoted mail: a sender, and soon when it was sent or what about ("From, To" may be a letterhead)
    r"(?:发件人|寄件者|寄件人|from|von|de)\s?[:：].{0,200}\n(?:.{0,300}\n){0,3}?\s*"
    r"(?:sent|subject|发送时间|发送日期|寄件日期|主题|主旨|gesendet|betreff|envoyé|objet|enviado|asunto)\s?[:：])",
    re.IGNORECASE | re.MULTILINE,
)
_FORWARDED = re.compile(r"^\s*(?:fwd?|wg|tr|rv|转发|轉寄|轉發)\s?[:：]", re.IGNORECASE)
_QUOTED_HTML = re.compile(
    r"""<blockquote\b|<div[^>]+(?:class=["']?(?:3D)?["']?(?:gmail_quote|yahoo_quoted|moz-cite)|id=["']?(?:divRplyFwdMsg|"""
    r"""appendonsend|OLK_SRC|isReplyContent|mail-editor-reference))|<hr[^>]+id=["']?stopSpelling"""
    r"""|-{3,} ?(?:Original Message|Original|原始邮件|原始郵件)""",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Attached:
    name: str
    content: bytes
    picture_of_body: bool = False


@dataclass(slots=True)
class Mail:
    """What MSG, winmail.dat and MIME have in common. Bodies are decoded; ``""`` where there is none."""

    subject: str = ""
    sender: str | None = None  # the address alone
    html: str = ""
    text: str = ""
    attached: list[Attached] = field(default_factory=list)


def read(data: bytes, source: Source) -> list[Document]:
    """The documents of an RFC 5322 message. Raises :class:`parsers.errors.Unreadable`."""
    return documents(_mail(data), source, "eml")


def documents(mail: Mail, source: Source, format: str) -> list[Document]:
    """The documents of a mail: those of its attachments in order, then the body's when it holds any line."""
    found: list[Document] = []
    for attached in mail.attached:
        if not _may_be_a_document(attached):
            continue
        source.budget.spend(len(attached.content))
        found += opening.open_document(attached.content, source.inside(attached.name))
    body = _body(mail, source)
    for document in body:
        document.issuer.email = document.issuer.email or mail.sender
    found += body
    if not found:
        return [unreadable(source.file, format, "the mail holds no document that can be read", source.member)]
    return found


def _body(mail: Mail, source: Source) -> list[Document]:
    """HTML first, as its tables are true tables; the plain text only where HTML gave nothing."""
    forwarded = bool(_FORWARDED.match(mail.subject))
    for whole in (False, True) if forwarded else (False,):
        for name, content, reader, mark in (
            ("body.html", mail.html, html.read_text, _QUOTED_HTML),
            ("body.txt", mail.text, text.read_text, _QUOTED),
        ):
            cut = mark.search(content)
            said = content if whole or cut is None else content[: cut.start()]
            if not said.strip():
                continue
            try:
                found = reader(said, source.inside(name))
            except Unreadable:  # a body that cannot be read hides no attachment
                continue
            kept = [one for one in found if one.lines and one.kind not in (Kind.UNKNOWN, Kind.UNREADABLE)]
            if kept:
                return kept
    return []


def _may_be_a_document(attached: Attached) -> bool:
    suffix = attached.name.rpartition(".")[2].lower()
    if suffix in _NO_DOCUMENTS or not attached.content:
        return False
    return not (attached.picture_of_body and len(attached.content) < _SMALL_PICTURE)


def _mail(data: bytes) -> Mail:
    headers, _ = mime_parts.headers_of(data)
    address = re.search(r"[\w.+%-]+@[\w.-]+\.\w+", headers.get("from", ""))
    mail = Mail(mime_parts.decoded_words(headers.get("subject", "")), address.group() if address else None)
    for number, part in enumerate(mime_parts.leaves(data), start=1):
        if part.type in ("text/plain", "text/html") and not part.attached and part.name is None:
            said = encodings.decode(part.content, part.charset) if part.content.strip(b"\x00") else ""
            if part.type == "text/html":
                mail.html += said
            else:
                mail.text += said
            continue
        if part.type.startswith("message/") and part.type != "message/rfc822" and part.name is None:
            continue  # delivery status and its like
        picture = part.type.startswith("image/") and not part.attached
        mail.attached.append(Attached(safe_name(part.name or _unnamed(part.type, number)), part.content, picture))
    return mail


def _unnamed(type_: str, number: int) -> str:
    suffix = {"message/rfc822": "eml", "application/ms-tnef": "dat", "text/html": "html", "text/plain": "txt"}
    return f"part-{number}.{suffix.get(type_, type_.rpartition('/')[2][:20])}"


def safe_name(name: str) -> str:
    """A name for showing: no controls, no direction marks, no path, at most 200 characters."""
    shown = re.sub(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069]", "", name)
    return shown.replace("\\", "/").rpartition("/")[2].strip()[:200] or "unnamed"
