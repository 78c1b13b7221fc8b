"""The marks by which an answer finds its statement: the reply token and our own Message-ID, both signed.

A token locates, it never authorises: mails get forwarded. It is 16 characters (80 bits of an HMAC over statement,
version and recipient) of Crockford's alphabet, which has no I, L, O, U: it survives case folding, plus-addressing, a
subject line, a QR code and being typed off a printed page. Only our own store says which letter a token belongs to.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass

LENGTH = 16  # characters of 5 bits; guide "mail", 5.1: at least 80 bits in the reply address
_MAC_LENGTH = 26  # 130 bits for the Message-ID, which nobody types
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_READ_AS = str.maketrans("ilo", "110")  # Crockford: what a person reads into the alphabet
_CHARACTER = "[0-9a-tv-z]"
_KEY_AT_LEAST = 16

# ar+TOKEN@, its percent and VERP forms; [#TOKEN] with the brackets that mail programs and typing turn it into
_IN_ADDRESS = re.compile(rf"(?:\+|%2b|=2b)({_CHARACTER}{{{LENGTH}}})(?=@|=|%40)", re.IGNORECASE)
_IN_TEXT = re.compile(
    rf"(?:[\[［【(（]\s*(?:#|＃|%23)|(?:%5b)(?:#|%23))\s*({_CHARACTER}{{{LENGTH}}})\s*(?:[\]］】)）]|%5d)",
    re.IGNORECASE,
)
_OUR_ID = re.compile(
    rf"<?(?P<signed>(?P<mark>[0-9a-z-]{{1,40}})\.v(?P<version>\d{{1,6}})\.(?P<who>{_CHARACTER}{{8}}))"
    rf"\.(?P<mac>{_CHARACTER}{{{_MAC_LENGTH}}})@(?P<domain>[^<>@\s]+)>?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class OurId:
    """What one of our own Message-IDs says: ``mark`` is the statement's number in lower case, or a digest of it."""

    mark: str
    version: int


def issue(secret: bytes, statement_number: str, version: int, recipient: str) -> str:
    """The token of this statement version for this recipient; the same four always give the same token."""
    return _signed(secret, "reply", statement_number, str(version), folded(recipient))[:LENGTH]


def belongs(secret: bytes, token: str, statement_number: str, version: int, recipient: str) -> bool:
    """Whether we issued ``token`` for exactly this letter (constant time)."""
    return hmac.compare_digest(normal(token), issue(secret, statement_number, version, recipient))


def find(texts: str | Iterable[str]) -> list[str]:
    """Every token in ``texts`` (addresses, subjects, bodies, QR contents), normalised, in order, each once.

    What is found only looks like a token; the outbox knows which one is ours.
    """
    found: dict[str, None] = {}
    for text in (texts,) if isinstance(texts, str) else texts:
        hits = [(hit.start(1), hit.group(1)) for form in (_IN_ADDRESS, _IN_TEXT) for hit in form.finditer(text)]
        found.update((normal(token), None) for _, token in sorted(hits))
    return list(found)


def normal(token: str) -> str:
    """Lower case, with the letters that the alphabet lacks read as the digits they look like."""
    return token.strip().lower().translate(_READ_AS)


def plus_address(address: str, token: str) -> str:
    """``ar@huaxing.example`` -> ``ar+TOKEN@huaxing.example``; an address that has a plus part already loses it."""
    local, _, domain = address.rpartition("@")
    return f"{local.partition('+')[0]}+{token}@{domain}"


def subject_mark(token: str) -> str:
    """``[#TOKEN]``: for the subject, the body and the confirmation slip."""
    return f"[#{token.upper()}]"


def message_id(secret: bytes, statement_number: str, version: int, recipient: str, kind: str, domain: str) -> str:
    """The Message-ID of one letter, in angle brackets: stable, ours by its signature, one per recipient and kind.

    Servers and mailboxes drop a second mail with a known id, so no two letters may share one (guide, 4.5). Short
    enough (under 78 characters with a domain of up to 24) that no mail library folds or encodes it.
    """
    mark = statement_number.lower()
    if not re.fullmatch(r"[0-9a-z-]{1,24}", mark):
        mark = _base32(hashlib.sha256(statement_number.encode()).digest())[:12]
    who = _signed(secret, "who", folded(recipient), kind)[:8]
    signed = f"{mark}.v{version}.{who}"
    return f"<{signed}.{_signed(secret, 'message-id', signed)[:_MAC_LENGTH]}@{domain}>"


def ours(secret: bytes, candidate: str) -> OurId | None:
    """What ``candidate`` says when it is a Message-ID that we signed, whatever domain a relay gave it; else None."""
    found = _OUR_ID.fullmatch(candidate.strip())
    if found is None:
        return None
    expected = _signed(secret, "message-id", found["signed"].lower())[:_MAC_LENGTH]
    if not hmac.compare_digest(found["mac"].lower(), expected):
        return None
    return OurId(found["mark"].lower(), int(found["version"]))


def folded(recipient: str) -> str:
    """The recipient's address as a key: no server in use tells capitals apart, and people write them at will."""
    return recipient.strip().lower()


def _signed(secret: bytes, *parts: str) -> str:
    if len(secret) < _KEY_AT_LEAST:
        raise ValueError(f"the key that signs reply tokens needs at least {_KEY_AT_LEAST} bytes")
    joined = b"".join(len(part.encode()).to_bytes(4, "big") + part.encode() for part in parts)  # unambiguous
    return _base32(hmac.digest(secret, joined, "sha256"))


def _base32(digest: bytes) -> str:
    number = int.from_bytes(digest, "big") >> (len(digest) * 8 % 5)
    characters = len(digest) * 8 // 5
    return "".join(_ALPHABET[number >> 5 * place & 31] for place in reversed(range(characters)))
