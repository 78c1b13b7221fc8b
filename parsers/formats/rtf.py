"""Outlook's compressed RTF body ([MS-OXRTFCP]) and the HTML that it mostly wraps ([MS-OXRTFEX])."""

from __future__ import annotations

import re
import struct

from parsers.errors import LimitReached, Unreadable
from parsers.formats import encodings

_START = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript "
    b"\\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
    b"\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
_MAX_BODY = 10 * 1024 * 1024
_TOKEN = re.compile(rb"\\'([0-9a-fA-F]{2})|\\([a-zA-Z]+)(-?\d+)? ?|\\([^a-zA-Z])|([{}])|([^\\{}\r\n]+)|[\r\n]+")
_SKIPPED_GROUPS = frozenset(
    [b"fonttbl", b"colortbl", b"stylesheet", b"info", b"pict", b"generator", b"themedata", b"listtable"]
)


def bodies(compressed: bytes) -> tuple[str, str]:
    """(html, plain text) of a compressed RTF body; the HTML is empty where the RTF was written as such."""
    rich = decompress(compressed)
    wraps_html = b"\\fromhtml1" in rich[:2000]
    said = _text(rich, html=wraps_html)
    return (said, "") if wraps_html else ("", said)


def decompress(data: bytes) -> bytes:
    """LZFu: references into a window of 4,096 bytes that starts filled. Raises :class:`Unreadable`."""
    if len(data) < 16:
        raise Unreadable("the RTF body is cut short")
    _, raw_size, kind, _ = struct.unpack("<IIII", data[:16])
    if raw_size > _MAX_BODY:
        raise LimitReached("MAX_RTF_BODY", f"the RTF body inflates to {raw_size} bytes")
    if kind == 0x414C454D:  # "MELA": stored as it is
        return data[16 : 16 + raw_size]
    window = bytearray(_START.ljust(4096, b"\x00"))
    write, position = len(_START), 16
    out = bytearray()
    while position < len(data) and len(out) < raw_size:
        control, position = data[position], position + 1
        for bit in range(8):
            if control >> bit & 1:
                if position + 2 > len(data):
                    return bytes(out)
                reference = data[position] << 8 | data[position + 1]
                position += 2
                start, length = reference >> 4, (reference & 15) + 2
                if start == write:
                    return bytes(out[:raw_size])
                for step in range(length):
                    byte = window[(start + step) % 4096]
                    window[write] = byte
                    write = (write + 1) % 4096
                    out.append(byte)
            else:
                if position >= len(data):
                    return bytes(out)
                window[write] = data[position]
                out.append(data[position])
                write, position = (write + 1) % 4096, position + 1
    return bytes(out[:raw_size])


def _text(rich: bytes, *, html: bool) -> str:
    """The text outside of tables of fonts and colours; of wrapped HTML only what ``htmltag`` and text give."""
    out: list[str] = []
    pending = bytearray()  # bytes in the document's code page
    page = re.search(rb"\\ansicpg(\d+)", rich[:500])
    charset = {b"936": "gb18030", b"950": "big5", b"932": "cp932", b"949": "cp949"}.get(
        page.group(1) if page else b"", "cp1252"
    )
    states: list[tuple[bool, bool]] = []  # (skipped, inside an RTF-only run) of the enclosing groups
    skipped, rtf_only, after_unicode, starred = False, False, 0, False

    def flush() -> None:
        if pending:
            out.append(bytes(pending).decode(charset, "replace"))
            pending.clear()

    for token in _TOKEN.finditer(rich):
        hexadecimal, word, number, symbol, brace, plain = token.groups()
        if brace == b"{":
            states.append((skipped, rtf_only))
            continue
        if brace == b"}":
            skipped, rtf_only = states.pop() if states else (False, False)
            continue
        if symbol == b"*":
            starred = True
            continue
        if word is not None:
            if word in _SKIPPED_GROUPS or (starred and word != b"htmltag"):
                skipped = True
            elif word == b"htmlrtf":
                rtf_only = number != b"0"
            elif word == b"u" and number is not None and not (skipped or rtf_only):
                flush()
                out.append(chr(int(number) % 65_536))
                after_unicode = 1
            elif word in (b"par", b"line", b"row") and not (skipped or (rtf_only and html)):
                flush()
                out.append("\n")
            elif word in (b"tab", b"cell") and not (skipped or (rtf_only and html)):
                flush()
                out.append("\t")
            starred = False
            continue
        starred = False
        if skipped or (rtf_only and html):
            continue
        if after_unicode:
            after_unicode = 0
            if hexadecimal is not None:
                continue
            plain = plain[1:] if plain and plain[:1] == b"?" else plain
        if hexadecimal is not None:
            pending.append(int(hexadecimal, 16))
        elif symbol in (b"\\", b"{", b"}"):
            pending += symbol
        elif symbol == b"~":
            pending += b" "
        elif plain:
            pending += plain
    flush()
    text = "".join(out).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text if html or text.strip() else encodings.decode(b" ")
