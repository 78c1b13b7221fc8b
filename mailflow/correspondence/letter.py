"""A letter of ours, and its bytes.

    Letter (subject, text, HTML, files) + Envelope (who, when, which conversation) ──compose()──► bytes

The bytes are made once, before the first attempt to send, and never again: equal input gives equal bytes, boundaries
included, so that their hash can stand in the journal and every try sends the same message.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hashlib
import re
from dataclasses import dataclass, field
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import format_datetime
from urllib.parse import quote

from mailflow.correspondence.header_lines import (
    UnsafeLetter,
    address_header,
    checked,
    ids_header,
    plain_header,
    text_header,
)
from mailflow.correspondence.message import Address

MESSAGE_LIMIT = 25 * 1024 * 1024  # what Gmail and most relays take at most; ours are below 1 MB
_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]+")


@dataclass(frozen=True, slots=True)
class LetterFile:
    """An attachment. ``type`` is a MIME type; ``name`` may hold any language."""

    name: str
    type: str
    content: bytes = field(repr=False)

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class Letter:
    """What we say. ``kind`` is the template's name (``statement``, ``reminder`` …), ``language`` that of the text."""

    kind: str
    language: str
    subject: str
    text: str = field(repr=False)
    html: str = field(repr=False)
    files: tuple[LetterFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Envelope:
    """To whom and in which conversation. ``date`` carries its offset; ids stand in angle brackets.

    One message goes to the addresses of one party only. ``references`` are the ids of the conversation so far, oldest
    first; ``unsubscribe`` URIs (``https:`` first) make List-Unsubscribe (RFC 2369), with one click where there is an
    https one (RFC 8058). ``marks`` are further headers of ours, such as ``("X-Mailflow-Id", "…")``.
    """

    sender: Address
    to: tuple[Address, ...]
    date: dt.datetime
    message_id: str
    cc: tuple[Address, ...] = ()
    reply_to: Address | None = None
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    automatic: bool = True
    replies: bool = False  # an automatic answer to one message of a person (RFC 3834: auto-replied)
    unsubscribe: tuple[str, ...] = ()
    marks: tuple[tuple[str, str], ...] = ()


def compose(letter: Letter, envelope: Envelope) -> bytes:
    """The message, CRLF line ends, ready for DATA (without dot-stuffing). Raises :class:`UnsafeLetter`."""
    headers = _headers(letter, envelope)
    content = _content(letter)
    message = headers.encode("ascii") + content
    _read_back(message, headers)
    if len(message) > MESSAGE_LIMIT:
        raise UnsafeLetter(f"the message has {len(message)} bytes, more than mail servers take ({MESSAGE_LIMIT})")
    return message


def _headers(letter: Letter, envelope: Envelope) -> str:
    if envelope.date.tzinfo is None:
        raise UnsafeLetter("Date: the instant has no offset")
    lines = [
        address_header("From", (envelope.sender,)),
        address_header("To", envelope.to),
    ]
    if envelope.cc:
        lines.append(address_header("Cc", envelope.cc))
    if envelope.reply_to is not None:
        lines.append(address_header("Reply-To", (envelope.reply_to,)))
    lines += [
        text_header("Subject", letter.subject),
        plain_header("Date", format_datetime(envelope.date.replace(microsecond=0))),
        ids_header("Message-ID", (envelope.message_id,)),
    ]
    if envelope.in_reply_to is not None:
        lines.append(ids_header("In-Reply-To", (envelope.in_reply_to,)))
    if envelope.references:
        lines.append(ids_header("References", envelope.references))
    lines.append(plain_header("Content-Language", letter.language))
    if envelope.automatic:
        # RFC 3834, 5: tells vacation programs not to answer; Exchange looks at the second one only.
        lines.append(plain_header("Auto-Submitted", "auto-replied" if envelope.replies else "auto-generated"))
        lines.append(plain_header("X-Auto-Response-Suppress", "DR, RN, NRN, AutoReply"))
    if envelope.unsubscribe:
        lines.append(plain_header("List-Unsubscribe", ", ".join(f"<{_uri(one)}>" for one in envelope.unsubscribe)))
        if any(one.startswith("https:") for one in envelope.unsubscribe):
            lines.append(plain_header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
    lines += [plain_header(name, value) for name, value in envelope.marks]
    return "".join(lines)


def _read_back(message: bytes, headers: str) -> None:
    """A reader must find the headers that were written and no other one (a last net; the checks stand before it)."""
    written = [line.split(":", 1)[0] for line in headers.split("\r\n") if line and not line.startswith(" ")]
    found = BytesHeaderParser(policy=compat32).parsebytes(message[: len(headers) + 200]).keys()
    if found != [*written, "MIME-Version", "Content-Type"]:
        raise UnsafeLetter(f"the finished message has other headers than were written: {found}")


def _uri(value: str) -> str:
    if not value.startswith(("https:", "mailto:")) or any(character in value for character in " <>,"):
        raise UnsafeLetter(f"List-Unsubscribe: {value!r} is not a usable URI")
    return value


def _content(letter: Letter) -> bytes:
    """The MIME entity, its own headers first: alternative(text, HTML), inside mixed(…, files) when there are files.

    Written part by part: ``email``'s generator splits every line of every attachment again, which took ten times as
    long as all the rest of a letter, and its output is not the same in every Python.
    """
    digest = hashlib.sha256("\0".join([letter.subject, letter.text, letter.html]).encode(errors="surrogatepass"))
    for file in letter.files:
        digest.update(file.content)
    # "=_" can stand in neither base64 nor quoted-printable text (RFC 2045, 6.7), so no boundary is met inside a part.
    mark = f"=_mailflow_{digest.hexdigest()[:24]}"
    texts = [_text_part(letter.text, "plain"), _text_part(letter.html, "html")]
    if not letter.files:
        return _multipart("alternative", f"{mark}_1", texts, "MIME-Version: 1.0\r\n")
    parts = [_multipart("alternative", f"{mark}_2", texts), *(_file_part(file) for file in letter.files)]
    return _multipart("mixed", f"{mark}_1", parts, "MIME-Version: 1.0\r\n")


def _multipart(subtype: str, boundary: str, parts: list[bytes], headers: str = "") -> bytes:
    head = f'{headers}Content-Type: multipart/{subtype};\r\n boundary="{boundary}"\r\n\r\n'
    delimiter = f"--{boundary}\r\n".encode()
    return b"".join([head.encode(), *(delimiter + part + b"\r\n" for part in parts), f"--{boundary}--\r\n".encode()])


def _text_part(text: str, subtype: str) -> bytes:
    """Base64 where most characters are not ASCII (smaller, and 27 % faster to write), else quoted-printable."""
    text = text.replace("\r\n", "\n")
    if "\r" in text or "\0" in text:
        raise UnsafeLetter(f"the {subtype} part holds a bare carriage return or a NUL")
    try:
        encoded = text.encode()
    except UnicodeEncodeError as failure:
        raise UnsafeLetter(f"the {subtype} part holds a lone surrogate at character {failure.start}") from None
    kind = f'text/{subtype}; charset="utf-8"'
    # Canonical text ends its lines in CRLF before it is encoded (RFC 2045, 6.8).
    if len(encoded) > len(text) * 1.2:
        return _part(kind, "base64", _base64(encoded.replace(b"\n", b"\r\n")))
    quoted = binascii.b2a_qp(encoded, istext=True).replace(b"\n", b"\r\n")
    return _part(kind, "quoted-printable", quoted)


def _file_part(file: LetterFile) -> bytes:
    """Names in any language go out by RFC 2231 (``filename*=utf-8''…``)."""
    name, kind = checked("Content-Disposition", file.name), checked("Content-Type", file.type)
    if not name or any(character in name for character in '/\\"') or name.startswith(".") or len(name.encode()) > 240:
        raise UnsafeLetter(f"{name!r} is not usable as the name of an attachment")
    if not _TYPE.fullmatch(kind):
        raise UnsafeLetter(f"{kind!r} is not a MIME type")
    shown = f'filename="{name}"' if name.isascii() else f"filename*=utf-8''{quote(name, safe='')}"
    return _part(kind, "base64", _base64(file.content), f"Content-Disposition: attachment;\r\n {shown}\r\n")


def _part(kind: str, encoding: str, content: bytes, headers: str = "") -> bytes:
    return f"Content-Type: {kind}\r\n{headers}Content-Transfer-Encoding: {encoding}\r\n\r\n".encode() + content


def _base64(content: bytes) -> bytes:
    return base64.encodebytes(content).replace(b"\n", b"\r\n")
