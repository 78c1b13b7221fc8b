"""The tree of a message's parts (RFC 2046), cut out of bytes in linear time and never by recursion without end.

What is broken is read as far as it goes and named: missing boundaries, missing last lines, parts inside parts beyond
the limits. Nothing is dropped: what lies beyond a limit is handed on as one part of raw bytes.
"""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass, field

from mailflow.correspondence.header_reading import base64_bytes, field_lines, parameters, plain

MAX_DEPTH = 20  # multiparts and messages inside each other; the standard library fails by 2,000
MAX_PARTS = 200
MAX_BOUNDARY = 1_000  # RFC 2046 allows 70

_HEADER_END = re.compile(rb"\r?\n\r?\n|\r\r")
_BOUNDARY_LINE = re.compile(rb"(?m)^--([^\r\n]{1,200}?)(?:--)?[ \t]*\r?$")
_TRANSFER_COMMENT = re.compile(r"\(.*?\)|[\s;\"].*$")
_NO_BASE64_LINE = re.compile(rb"[^A-Za-z0-9+/=]")
_UU_BEGIN = re.compile(rb"^begin(?:-base64)? [0-7]{3,4} ([^\r\n]{1,255})\r?\n", re.MULTILINE)


@dataclass(slots=True)
class Part:
    """``kind`` is the content type in lower case; ``content`` decoded from its transfer encoding (leaves only)."""

    fields: list[tuple[str, bytes]]
    kind: str
    parameters: dict[str, str]
    disposition: str
    file_name: str
    content: bytes
    children: list[Part] = field(default_factory=list)
    declared: bool = True  # whether the part says itself what it is

    def field(self, name: str) -> bytes | None:
        for key, value in self.fields:
            if key == name:
                return value
        return None


class Budget:
    """What one message may still cost, and what was met on the way."""

    def __init__(self) -> None:
        self.parts = 0
        self.warnings: list[str] = []

    def warn(self, text: str) -> None:
        if text not in self.warnings and len(self.warnings) < 100:
            self.warnings.append(text)


def split_head(data: bytes) -> tuple[bytes, bytes]:
    """(header block, body). Without an empty line all of it is headers, unless the first line is none."""
    start = 0
    while data[start : start + 1] in (b"\r", b"\n") and start < 1_000:  # blank lines that a copy left in front
        start += 1
    if start and not re.match(rb"[!-9;-~]{1,100}[ \t]*:|>?From ", data[start : start + 200]):
        return b"", data
    data = data[start:] if start else data
    found = _HEADER_END.search(data)
    if found is None:
        return (data, b"") if re.match(rb"[!-9;-~]{1,100}[ \t]*:|>?From ", data[:200]) else (b"", data)
    return data[: found.start()], data[found.end() :]


def read_part(data: bytes, budget: Budget, depth: int = 0, default: str = "text/plain") -> Part:
    """The part whose headers and body are ``data``."""
    budget.parts += 1
    head, body = split_head(data)
    if data[:1] in (b"\r", b"\n") and depth:  # a part without headers begins with an empty line
        head, body = b"", data[2:] if data[:2] == b"\r\n" else data[1:]
    fields, warnings = field_lines(head)
    for warning in warnings:
        budget.warn(warning)
    part = _described(fields, default, budget)
    if part.kind.startswith("multipart/"):
        _open_multipart(part, body, budget, depth)
    else:
        part.content = _transferred(part, body, budget)
    return part


def _described(fields: list[tuple[str, bytes]], default: str, budget: Budget) -> Part:
    types = [value for name, value in fields if name == "content-type"]
    if len(types) > 1:
        budget.warn("a part has several Content-Type headers; the first one is read")
    if sum(name == "content-transfer-encoding" for name, _ in fields) > 1:
        budget.warn("a part has several Content-Transfer-Encoding headers; the first one is read")
    kind, settings = parameters(plain(types[0])) if types else (default, {})
    if kind in ("text", "plain"):
        kind = "text/plain"
    if not re.fullmatch(r"[\w.+-]{1,80}/[\w.+-]{1,120}", kind):
        if types:
            budget.warn("a Content-Type that cannot be read")
        kind = default if not types else "text/plain"
    disposition = next((value for name, value in fields if name == "content-disposition"), None)
    how, further = parameters(plain(disposition)) if disposition is not None else ("", {})
    name = further.get("filename") or settings.get("name") or ""
    return Part(fields, kind, settings, how, name, b"", declared=bool(types))


def _open_multipart(part: Part, body: bytes, budget: Budget, depth: int) -> None:
    boundary = part.parameters.get("boundary", "").encode("utf-8", "surrogateescape").rstrip()[:MAX_BOUNDARY]
    if depth >= MAX_DEPTH:
        budget.warn(f"parts are nested deeper than {MAX_DEPTH} (MAX_DEPTH); the inner ones are kept unread")
        part.kind, part.content = "application/octet-stream", body
        return
    pieces, closed = _pieces(body, boundary) if boundary else ([], False)
    if not pieces:
        inferred = _inferred_boundary(body)
        if inferred is not None:
            budget.warn("a multipart names no boundary, or a wrong one; the one in use is taken")
            pieces, closed = _pieces(body, inferred)
    if not pieces:
        budget.warn("a multipart holds no parts; it is read as text")
        html = b"<html" in body[:2000].lower() or b"<div" in body[:2000].lower()
        part.kind = "text/html" if html else "text/plain"
        part.content = _transferred(part, body, budget)
        return
    if not closed:
        budget.warn("a multipart is cut off: its last line is missing")
    inner = "message/rfc822" if part.kind == "multipart/digest" else "text/plain"
    for place, piece in enumerate(pieces):
        if budget.parts >= MAX_PARTS:
            budget.warn(f"more than {MAX_PARTS} parts (MAX_PARTS); {len(pieces) - place} more are kept unread")
            rest = b"\r\n".join(pieces[place:])
            part.children.append(Part([], "application/octet-stream", {}, "attachment", "unread-parts", rest))
            return
        part.children.append(read_part(piece, budget, depth + 1, inner))


def _pieces(body: bytes, boundary: bytes) -> tuple[list[bytes], bool]:
    """The bytes between the boundary lines, and whether the closing one was there."""
    marker = b"--" + boundary
    pieces: list[bytes] = []
    start: int | None = None
    position = 0
    closed = False
    while True:
        found = body.find(marker, position)
        if found < 0:
            break
        position = found + len(marker)
        if found and body[found - 1 : found] not in (b"\n", b"\r"):
            continue
        end = body.find(b"\n", position)
        end = len(body) if end < 0 else end
        rest = body[position : min(end, position + 200)].rstrip()
        if rest not in (b"", b"--") and not (rest.startswith(b"--") and rest[2:].strip() == b""):
            continue  # a longer boundary that begins alike
        if start is not None:
            pieces.append(_without_last_break(body[start:found]))
        start = end + 1
        if rest.startswith(b"--"):
            closed = True
            start = None
        position = end
    if start is not None:
        closed = False
        if start < len(body):
            pieces.append(body[start:])
    return pieces, closed


def _without_last_break(piece: bytes) -> bytes:
    """The line break before a boundary belongs to the boundary (RFC 2046, 5.1.1)."""
    if piece.endswith(b"\r\n"):
        return piece[:-2]
    return piece[:-1] if piece[-1:] in (b"\n", b"\r") else piece


def _inferred_boundary(body: bytes) -> bytes | None:
    """The first ``--line`` that a header field follows."""
    for found in _BOUNDARY_LINE.finditer(body[:100_000]):
        following = body[found.end() : found.end() + 200].lstrip(b"\r\n")
        if re.match(rb"(?i)content-[a-z-]{1,40}[ \t]*:", following):
            return found[1]
    return None


def _transferred(part: Part, body: bytes, budget: Budget) -> bytes:
    """``body`` decoded from its transfer encoding (RFC 2045, 6), as far as it is encoded."""
    value = part.field("content-transfer-encoding")
    name = _TRANSFER_COMMENT.sub("", plain(value).strip().lower()) if value is not None else ""
    if name in ("", "7bit", "8bit", "binary", "7-bit", "8-bit", "none", "unencoded", "identity"):
        return body
    if name in ("base64", "base-64", "b"):
        return _base64(part, body, budget)
    if name in ("quoted-printable", "quoted_printable", "qp", "q"):
        return binascii.a2b_qp(body)
    if name in ("x-uuencode", "uuencode", "x-uue", "uue"):
        found = _UU_BEGIN.search(body)
        decoded = uudecoded(body[found.end() :]) if found else None
        if decoded is not None:
            part.file_name = part.file_name or (found[1].decode("latin-1") if found else "")
            return decoded
        budget.warn("uuencoded content that cannot be decoded")
        return body
    budget.warn(f"unknown transfer encoding {name[:40]!r}; the content is taken as it stands")
    return body


def _base64(part: Part, body: bytes, budget: Budget) -> bytes:
    main, foot = body, b""
    end = body.find(b"=")
    if end >= 0:
        tail = body[end:].lstrip(b"=\r\n \t")
        if tail and (b" " in tail.strip() or not re.fullmatch(rb"[A-Za-z0-9+/=\s]*", tail)):
            main, foot = body[:end], tail  # a list server or gateway wrote its footer behind the encoded text
    if not _mostly_base64(main):
        budget.warn("content declared as Base64 is plain")
        return body
    decoded = base64_bytes(main)
    if foot:
        budget.warn("plain text stands behind the end of Base64 content")
        if part.kind.startswith("text/"):
            decoded += b"\n" + foot
    elif not decoded and body.strip():
        budget.warn("content declared as Base64 is not")
        return body
    return decoded


def _mostly_base64(body: bytes) -> bool:
    """Whether the lines look encoded; some are allowed to be damaged."""
    lines = [line for line in body[:4_000].split(b"\n") if line.strip()]
    plain_lines = sum(_NO_BASE64_LINE.search(line.strip()) is not None for line in lines)
    return plain_lines * 2 <= len(lines)


def uudecoded(lines: bytes) -> bytes | None:
    """The content behind a ``begin`` line up to ``end``; None when a line is no uuencoding."""
    out = []
    for line in lines.split(b"\n"):
        line = line.rstrip(b"\r")
        if line in (b"end", b"====", b""):
            break
        try:
            out.append(binascii.a2b_uu(line))
        except binascii.Error:
            # some encoders pad wrongly: the length byte says how much counts (as the standard library's uu copes)
            try:
                out.append(binascii.a2b_uu(line[: (((line[0] - 32) & 63) * 4 + 5) // 3 + 1]))
            except binascii.Error:
                return None
    return b"".join(out)
