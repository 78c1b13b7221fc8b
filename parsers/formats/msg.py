"""Outlook's .msg ([MS-OXMSG]): streams of a compound file by their property numbers, embedded messages included."""

from __future__ import annotations

from typing import Any

from parsers.documents import Document
from parsers.errors import LimitReached, Unreadable
from parsers.formats import encodings, rtf
from parsers.formats.mail import Attached, Mail, documents, safe_name
from parsers.source import Source

_EMBEDDED = "__substg1.0_3701000D"
_MAX_STORAGES = 2_000


def read(data: bytes, source: Source) -> list[Document]:
    """The documents of an Outlook message. Raises :class:`parsers.errors.Unreadable`."""
    from olefile import OleFileIO
    from oxmsg.storage import Storage

    try:
        with OleFileIO(data) as ole:
            if len(ole.direntries) > _MAX_STORAGES:
                raise LimitReached("MAX_STORAGES", f"the message has {len(ole.direntries)} entries")
            root = Storage.from_ole(ole)
    except (OSError, ValueError, IndexError, AttributeError, TypeError) as error:
        raise Unreadable(f"the Outlook message is damaged: {error}") from error
    return documents(_mail(root, source.depth), source, "msg")


def _mail(storage: Any, depth: int) -> Mail:
    rich = _bytes(storage, "1009")
    html = _bytes(storage, "1013")
    mail = Mail(
        subject=_text(storage, "0037"),
        sender=_text(storage, "5D01") or (_text(storage, "0C1F") if "@" in _text(storage, "0C1F") else None),
        html=encodings.decode(html) if html else _text(storage, "1013"),
        text=_text(storage, "1000"),
    )
    if not mail.html and rich:
        mail.html, plain = rtf.bodies(rich)
        mail.text = mail.text or plain
    for attachment in storage.iter_attachment_storages():
        name = safe_name(_text(attachment, "3707") or _text(attachment, "3704") or _text(attachment, "3001"))
        embedded = next((inner for inner in attachment.storages if inner.name == _EMBEDDED), None)
        if embedded is not None:
            _take_over(mail, _mail(embedded, depth + 1), depth + 1)
            continue
        content = _bytes(attachment, "3701")
        picture = bool(_text(attachment, "3712")) and name.lower().endswith((".png", ".jpg", ".jpeg", ".gif", ".bmp"))
        if content:
            mail.attached.append(Attached(name, content, picture))
    return mail


def _take_over(mail: Mail, inner: Mail, depth: int) -> None:
    """A message inside the message: its attachments are ours, its body counts where ours says nothing."""
    if depth > 10:
        raise LimitReached("MAX_DEPTH", "messages lie more than 10 deep inside each other")
    mail.attached += inner.attached
    body = inner.html or inner.text
    if body:
        mail.attached.append(
            Attached("embedded.html" if inner.html else "embedded.txt", body.encode("utf-8", "replace"))
        )


def _bytes(storage: Any, property_id: str) -> bytes:
    wanted = f"__substg1.0_{property_id}0102"
    return next((bytes(stream.bytes_) for stream in storage.streams if stream.name.upper() == wanted.upper()), b"")


def _text(storage: Any, property_id: str) -> str:
    for stream in storage.streams:
        name = stream.name.upper()
        if name == f"__SUBSTG1.0_{property_id}001F":
            return str(stream.bytes_.decode("utf-16-le", "replace")).rstrip("\x00")
        if name == f"__SUBSTG1.0_{property_id}001E":
            return encodings.decode(stream.bytes_.rstrip(b"\x00")) if stream.bytes_.rstrip(b"\x00") else ""
    return ""
