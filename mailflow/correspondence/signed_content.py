"""What stands inside signatures that wrap their content: opaque S/MIME (RFC 8551) and cleartext PGP (RFC 9580, 7).

Only reached, never verified: whoever reads it knows from a warning that the signature was not checked.
"""

from __future__ import annotations

import re

_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")  # the object identifier 1.2.840.113549.1.7.2
_ENVELOPED = (
    bytes.fromhex("06092a864886f70d010703"),  # enveloped data, 1.2.840.113549.1.7.3
    bytes.fromhex("060b2a864886f70d0109100117"),  # authenticated enveloped data (RFC 5083)
)
_DATA = bytes.fromhex("06092a864886f70d010701")  # 1.2.840.113549.1.7.1
_OCTETS, _OCTETS_BUILT, _CONTEXT_0 = 0x04, 0x24, 0xA0
_CLEAR = re.compile(r"-----BEGIN PGP SIGNED MESSAGE-----[ \t]*\r?\n(?:Hash: [^\r\n]{1,200}\r?\n)*[ \t]*\r?\n")
_CLEAR_END = "-----BEGIN PGP SIGNATURE-----"


def smime_content(data: bytes) -> bytes | None:
    """The MIME entity inside an application/pkcs7-mime of signed data; None when it is encrypted or unreadable."""
    if _SIGNED_DATA not in data[:100]:
        return None
    place = data.find(_DATA, 0, 4000)
    if place < 0:
        return None
    place += len(_DATA)
    found = _tag(data, place)
    if found is None or found[0] != _CONTEXT_0:
        return None
    found = _tag(data, found[1])
    if found is None:
        return None
    tag, start, length = found
    if tag == _OCTETS and length is not None:
        return data[start : start + length]
    return _joined_octets(data, start, length) if tag == _OCTETS_BUILT else None


def is_encrypted(data: bytes) -> bool:
    return any(kind in data[:100] for kind in _ENVELOPED)


def _joined_octets(data: bytes, place: int, length: int | None) -> bytes | None:
    """A constructed octet string (BER): pieces up to its end, or to the end-of-contents mark."""
    end = len(data) if length is None else place + length
    pieces = []
    while place < end:
        found = _tag(data, place)
        if found is None or found[0] != _OCTETS or found[2] is None:
            break
        pieces.append(data[found[1] : found[1] + found[2]])
        place = found[1] + found[2]
    return b"".join(pieces) or None


def _tag(data: bytes, place: int) -> tuple[int, int, int | None] | None:
    """(tag, where its content starts, its length or None when indefinite)."""
    if place + 2 > len(data):
        return None
    tag, first = data[place], data[place + 1]
    place += 2
    if first < 0x80:
        return tag, place, first
    if first == 0x80:
        return tag, place, None
    count = first & 0x7F
    if count > 4 or place + count > len(data):
        return None
    return tag, place + count, int.from_bytes(data[place : place + count], "big")


def clear_signed(text: str) -> str | None:
    """The text that a PGP cleartext signature covers, with what stands around it; None when there is none."""
    found = _CLEAR.search(text)
    if found is None:
        return None
    end = text.find(_CLEAR_END, found.end())
    body = text[found.end() : end if end >= 0 else len(text)]
    after = text.find("-----END PGP SIGNATURE-----", end) if end >= 0 else -1
    rest = text[after + len("-----END PGP SIGNATURE-----") :] if after >= 0 else ""
    unstuffed = "\n".join(line[2:] if line.startswith("- ") else line for line in body.splitlines())
    return f"{text[: found.start()]}{unstuffed}{rest}".strip("\n")
