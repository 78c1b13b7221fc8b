"""Outlook's ``winmail.dat`` (MS-OXTNEF): the attachments and the body inside. Broken input gives what could be read."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from mailflow.correspondence.charsets import decode

SIGNATURE = b"\x78\x9f\x3e\x22"
MAX_ATTRIBUTES = 20_000

_RENDER_DATA, _TITLE, _DATA, _ATTACHMENT_PROPERTIES = 0x9002, 0x8010, 0x800F, 0x9005
_BODY, _MESSAGE_PROPERTIES, _CODE_PAGE = 0x800C, 0x9003, 0x9007
_LONG_NAME, _SHORT_NAME, _DISPLAY_NAME, _MIME, _OBJECT = 0x3707, 0x3704, 0x3001, 0x370E, 0x3701
_TEXT_BODY, _HTML_BODY = 0x1000, 0x1013
_FIXED = {0x02: 4, 0x03: 4, 0x04: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x0A: 4, 0x0B: 4, 0x14: 8, 0x40: 8, 0x48: 16}
_VARIABLE = (0x0D, 0x1E, 0x1F, 0x102)


@dataclass(slots=True)
class Enclosed:
    name: str = ""
    type: str = ""
    content: bytes = b""


@dataclass(slots=True)
class Opened:
    text: str = ""
    html: str = ""
    attachments: list[Enclosed] = field(default_factory=list)
    whole: bool = True  # False when the stream ended early


def opened(data: bytes) -> Opened | None:
    """What ``data`` encloses; None when it is no TNEF stream."""
    if not data.startswith(SIGNATURE):
        return None
    result, place, charset = Opened(), 6, "cp1252"
    for _ in range(MAX_ATTRIBUTES):
        if place + 9 > len(data):
            result.whole = result.whole and place >= len(data)
            break
        tag, length = struct.unpack_from("<HxxI", data, place + 1)
        value = data[place + 9 : place + 9 + length]
        if len(value) < length:
            result.whole = False
        place += 9 + length + 2
        if tag == _CODE_PAGE and len(value) >= 4:
            charset = f"cp{struct.unpack_from('<I', value)[0]}"
            charset = {"cp65001": "utf-8", "cp936": "gbk", "cp54936": "gb18030"}.get(charset, charset)
        elif tag == _BODY:
            result.text = decode(value.rstrip(b"\0"), charset)[0]
        elif tag == _RENDER_DATA:
            result.attachments.append(Enclosed())
        elif tag == _MESSAGE_PROPERTIES:
            _body(result, _properties(value), charset)
        elif result.attachments:
            _attachment(result.attachments[-1], tag, value, charset)
    return result


def _attachment(attachment: Enclosed, tag: int, value: bytes, charset: str) -> None:
    if tag == _TITLE:
        attachment.name = attachment.name or decode(value.rstrip(b"\0"), charset)[0]
    elif tag == _DATA:
        attachment.content = value
    elif tag == _ATTACHMENT_PROPERTIES:
        found = _properties(value)
        for identifier in (_LONG_NAME, _SHORT_NAME, _DISPLAY_NAME):
            if identifier in found:
                attachment.name = _string(found[identifier], charset) or attachment.name
                break
        if _MIME in found:
            attachment.type = _string(found[_MIME], charset)
        if _OBJECT in found and not attachment.content:
            attachment.content = found[_OBJECT][1][16:]  # behind the GUID of the interface


def _body(result: Opened, found: dict[int, tuple[int, bytes]], charset: str) -> None:
    if _TEXT_BODY in found and not result.text:
        result.text = _string(found[_TEXT_BODY], charset)
    if _HTML_BODY in found:
        result.html = decode(found[_HTML_BODY][1].rstrip(b"\0"), None)[0]


def _string(value: tuple[int, bytes], charset: str) -> str:
    kind, raw = value
    if kind == 0x1F:
        return raw.decode("utf-16-le", "replace").rstrip("\0")
    return decode(raw.rstrip(b"\0"), charset)[0]


def _properties(data: bytes) -> dict[int, tuple[int, bytes]]:
    """MAPI properties: identifier to (type, first value). Stops at what it does not know."""
    found: dict[int, tuple[int, bytes]] = {}
    try:
        (count,) = struct.unpack_from("<I", data, 0)
        place = 4
        for _ in range(min(count, MAX_ATTRIBUTES)):
            kind, identifier = struct.unpack_from("<HH", data, place)
            place += 4
            if identifier >= 0x8000:  # a named property: GUID, then number or name
                (form,) = struct.unpack_from("<I", data, place + 16)
                place += 20
                (length,) = struct.unpack_from("<I", data, place)
                place += 4 + (_padded(length) if form == 1 else 0)
            many, kind = bool(kind & 0x1000), kind & 0x0FFF
            values = 1
            if many or kind in _VARIABLE:
                (values,) = struct.unpack_from("<I", data, place)
                place += 4
            for number in range(min(values, MAX_ATTRIBUTES)):
                if kind in _FIXED:
                    length = _FIXED[kind]
                elif kind in _VARIABLE:
                    (length,) = struct.unpack_from("<I", data, place)
                    place += 4
                else:
                    return found
                if number == 0:
                    found[identifier] = (kind, data[place : place + length])
                place += _padded(length)
                if place > len(data):
                    return found
    except struct.error:
        pass
    return found


def _padded(length: int) -> int:
    return (length + 3) & ~3
