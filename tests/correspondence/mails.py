"""Mails as mail programs send them, built from their parts; every name and figure is made up."""

from __future__ import annotations

import base64

from mailflow.correspondence import mime
from mailflow.correspondence.message import Message

HEAD = """From: "Sam Carter" <sam@buyer.example>
To: ar@huaxing.example
Subject: {subject}
Date: Tue, 03 Nov 2026 10:20:00 +0800
Message-ID: <m-1@buyer.example>
MIME-Version: 1.0
"""


def plain(body: str, subject: str = "Re: Statement 2026-10", extra: str = "", charset: str = "utf-8") -> Message:
    """A text/plain mail."""
    head = HEAD.format(subject=subject) + extra + f"Content-Type: text/plain; charset={charset}\n"
    return mime.read((head + "Content-Transfer-Encoding: 8bit\n\n").encode() + body.encode(charset))


def html(body: str, subject: str = "Re: Statement 2026-10", text: str | None = None) -> Message:
    """A text/html mail; with ``text`` a multipart/alternative."""
    if text is None:
        head = HEAD.format(subject=subject) + "Content-Type: text/html; charset=utf-8\n"
        return mime.read((head + "Content-Transfer-Encoding: base64\n\n").encode() + base64.encodebytes(body.encode()))
    parts = "".join(
        f"--b\nContent-Type: text/{kind}; charset=utf-8\nContent-Transfer-Encoding: base64\n\n"
        f"{base64.encodebytes(content.encode()).decode()}\n"
        for kind, content in (("plain", text), ("html", body))
    )
    head = HEAD.format(subject=subject) + 'Content-Type: multipart/alternative; boundary="b"\n\n'
    return mime.read(f"{head}{parts}--b--\n".encode())


def squeezed(text: str) -> str:
    return "".join(text.split())
