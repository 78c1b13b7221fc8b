"""Header lines of our own letters: folded, encoded, and safe to send.

Written here and not by ``email``: its policies turn a Message-ID of 78 characters or more inside References into
encoded words, after which Outlook drops the header (cpython #79986, still so in 3.13.0), lose blanks between encoded
words, and *decode* an encoded word that stands in a value, line break included (CVE-2024-6923: a customer's name wrote
a Bcc header). What is refused here never reaches a mail.
"""

from __future__ import annotations

import base64
import re
import unicodedata

from mailflow.correspondence.message import Address

LINE = 76  # RFC 5322, 2.1.1: lines SHOULD be at most 78; RFC 2047, 2: at most 76 with an encoded word
_WORD_BYTES = 42  # 42 bytes are 56 base64 characters; "=?utf-8?b?" + 56 + "?=" = 68 <= 75 (RFC 2047, 2)

_ENCODED_WORD = re.compile(r"=\?[^?\s]*\?[bq]\?", re.IGNORECASE)
_ID = re.compile(r"<[!-;=?-~]+@[!-;=?-~]+>")  # msg-id: printable ASCII without blanks and angle brackets
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_ADDRESS_LIMIT = 254  # RFC 5321, 4.5.3.1.3: 256 with the angle brackets


class UnsafeLetter(ValueError):
    """A value would break the message (a line break, a hidden encoded word, an unusable address or id)."""


def text_header(name: str, value: str) -> str:
    """``Subject`` and other free text, encoded by RFC 2047 when it is not plain ASCII."""
    value = checked(name, value)
    if value.isascii() and all(len(word) < LINE for word in value.split(" ")):
        return _folded(name, value.split(" "))
    return _folded(name, _encoded_words(value))


def address_header(name: str, addresses: tuple[Address, ...]) -> str:
    """``From``, ``To``, ``Cc``, ``Reply-To``. Raises when there is none, or one is not a plain ASCII address."""
    if not addresses:
        raise UnsafeLetter(f"{name}: no address")
    words: list[str] = []
    for position, one in enumerate(addresses):
        comma = "," if position + 1 < len(addresses) else ""
        shown = _display_name(name, one.name)
        words += [*shown, f"<{checked_address(one.address)}>{comma}"] if shown else [one_address(one.address) + comma]
    return _folded(name, words)


def ids_header(name: str, ids: tuple[str, ...]) -> str:
    """``Message-ID``, ``In-Reply-To``, ``References``: folded between ids only, whatever their length."""
    for one in ids:
        if not _ID.fullmatch(one):
            raise UnsafeLetter(f"{name}: {one!r} is not a message id")
    return _folded(name, list(ids))


def plain_header(name: str, value: str) -> str:
    """A header of fixed ASCII words (dates, keywords, URIs), folded at blanks."""
    value = checked(name, value)
    if not value.isascii():
        raise UnsafeLetter(f"{name}: only ASCII may stand here")
    return _folded(name, value.split(" "))


def checked(name: str, value: str) -> str:
    """``value`` as it stands. Raises on control characters, line separators, lone surrogates, hidden encoded words."""
    if not _NAME.fullmatch(name):
        raise UnsafeLetter(f"{name!r} is not a header name")
    for character in value:
        category = unicodedata.category(character)
        if category in ("Cc", "Cs", "Zl", "Zp"):
            raise UnsafeLetter(f"{name}: the character U+{ord(character):04X} may not stand in a header")
    if _ENCODED_WORD.search(value):
        raise UnsafeLetter(f"{name}: an encoded word (=?…?=) may not stand in a value")
    return value


def checked_address(address: str) -> str:
    """``address`` as it stands. Raises unless it is one plain ASCII mailbox (no internationalised mail yet)."""
    if len(address) > _ADDRESS_LIMIT or not _ADDRESS.fullmatch(address) or ".." in address:
        raise UnsafeLetter(f"{address!r} is not a mail address that can be written to")
    return address


def one_address(address: str) -> str:
    return checked_address(address)


def _display_name(header: str, name: str) -> list[str]:
    name = checked(header, " ".join(name.split(" "))).strip()
    if not name:
        return []
    if not name.isascii() or len(name) >= LINE:
        return _encoded_words(name)
    if _ATOMS.fullmatch(name):
        return name.split(" ")
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return [f'"{escaped}"']


def _encoded_words(value: str) -> list[str]:
    """Base64 words of whole characters (RFC 2047, 5.3: a character may not be split between words)."""
    words: list[str] = []
    piece = b""
    for character in value:
        encoded = character.encode()
        if len(piece) + len(encoded) > _WORD_BYTES:
            words.append(_word(piece))
            piece = b""
        piece += encoded
    return [*words, _word(piece)]


def _word(piece: bytes) -> str:
    return f"=?utf-8?b?{base64.b64encode(piece).decode()}?="


def _folded(name: str, words: list[str]) -> str:
    """``name: words`` ending in CRLF, no line over :data:`LINE` unless one word alone is longer."""
    lines: list[str] = []
    line = f"{name}:"
    for word in words:
        # A line of blanks alone could be taken for the end of the headers, so an empty word never starts a line.
        if len(line) + 1 + len(word) > LINE and word and line.strip() and line != f"{name}:":
            lines.append(line)
            line = ""
        line += f" {word}"
    return "\r\n".join([*lines, line]) + "\r\n"
