"""winmail.dat ([MS-OXTNEF]): what Outlook wraps around attachments for other Outlooks."""

from __future__ import annotations

import logging
from typing import Any

from parsers.documents import Document
from parsers.errors import Unreadable
from parsers.formats import encodings, rtf
from parsers.formats.mail import Attached, Mail, documents, safe_name
from parsers.source import Source


def read(data: bytes, source: Source) -> list[Document]:
    """The documents of a winmail.dat. Raises :class:`parsers.errors.Unreadable`."""
    from tnefparse import TNEF

    logging.getLogger("tnef-decode").setLevel(logging.CRITICAL)
    try:
        tnef = TNEF(data, do_checksum=False)
        mail = Mail(html=_said(tnef.htmlbody), text=_said(tnef.body))
        rich = getattr(tnef, "_rtfbody", None)
        if not mail.html and isinstance(rich, bytes):
            mail.html, plain = rtf.bodies(rich)
            mail.text = mail.text or plain
        for attachment in tnef.attachments:
            content = bytes(attachment.data or b"")
            if content:
                mail.attached.append(Attached(safe_name(_name(attachment)), content))
    except Unreadable:
        raise
    except Exception as error:  # the library checks nothing: struct.error, IndexError, KeyError and more are normal
        raise Unreadable(f"the winmail.dat is damaged: {type(error).__name__}: {error}") from error
    return documents(mail, source, "tnef")


def _name(attachment: Any) -> str:
    try:
        name = attachment.long_filename() or attachment.name
    except Exception:
        name = attachment.name
    return encodings.decode(name) if isinstance(name, bytes) else str(name or "unnamed")


def _said(body: Any) -> str:
    if isinstance(body, list):
        body = body[0] if body else ""
    if isinstance(body, bytes):
        plain = body.rstrip(b"\x00")
        return encodings.decode(plain) if plain else ""
    return str(body or "").rstrip("\x00")
