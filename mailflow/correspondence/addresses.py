"""Addresses out of header fields: one strict reading for every decision about who wrote (CVE-2023-27043).

A name may be anything; an address is taken only when it is one plain mailbox, else it is empty and said so.
"""

from __future__ import annotations

import re
from functools import lru_cache

from mailflow.correspondence.header_reading import words
from mailflow.correspondence.message import Address

MAX_ADDRESSES = 500

_ADDRESS = re.compile(r"[^\s@<>(),;:\\\"\[\]]{1,200}@(?:[^\s@<>(),;:\\\"\[\]]{1,255}|\[[0-9A-Fa-f.:IPv]{2,60}\])")
_QUOTED_LOCAL = re.compile(r"\"(?:[^\"\\\r\n]|\\.){1,120}\"@[^\s@<>(),;:\\\"\[\]]{1,255}")
_DOUBLED = re.compile(r"[<(\[]\s*mailto:\s*", re.IGNORECASE)


def usable(address: str) -> bool:
    """Whether it is one mailbox and nothing beside it."""
    if ".." in address.rpartition("@")[2] or len(address) > 320:
        return False
    return bool(_ADDRESS.fullmatch(address) or _QUOTED_LOCAL.fullmatch(address))


def addresses(value: str) -> tuple[list[Address], list[str]]:
    """Every mailbox of an address list (RFC 5322, 3.4), groups opened, and what was wrong with the field."""
    found, warnings = _addresses(value)
    return list(found), list(warnings)


@lru_cache(maxsize=256)  # the same few people write to the same few addresses
def _addresses(value: str) -> tuple[list[Address], list[str]]:
    found: list[Address] = []
    warnings: list[str] = []
    for name, address, comment in _mailboxes(value):
        shown = words(name).strip() or words(comment).strip()
        address = address.strip()
        if address and not usable(address):
            inner = words(address)
            address = inner if usable(inner) else address
        if address and not usable(address):
            warnings.append(f"an address that cannot be read: {address[:80]!r}")
            shown, address = shown or address[:200], ""
        if not address and not shown:
            continue
        found.append(Address(_clean(shown), address))
        if len(found) >= MAX_ADDRESSES:
            warnings.append(f"more than {MAX_ADDRESSES} addresses in a field (MAX_ADDRESSES)")
            break
    return found, warnings


def _clean(name: str) -> str:
    name = " ".join(name.replace("\x00", "").split())
    if len(name) > 1 and name[0] == name[-1] and name[0] in "'\"":
        name = name[1:-1].strip()
    return name[:500]


def _mailboxes(value: str) -> list[tuple[str, str, str]]:
    """(phrase, address, comment) for each mailbox; one pass over the characters, no recursion."""
    out: list[tuple[str, str, str]] = []
    phrase: list[str] = []
    comment: list[str] = []
    angle: list[str] | None = None
    address = ""
    quoted = skip = False
    depth = 0

    def finish() -> None:
        nonlocal address
        name = "".join(phrase).strip()
        if not address:
            name, address = _bare(name)
        if name or address:
            out.append((name, address, "".join(comment)))
        phrase.clear()
        comment.clear()
        address = ""

    for character in value:
        if skip:
            skip = False
            (angle if angle is not None else comment if depth else phrase).append(character)
        elif character == "\\" and (quoted or depth):
            skip = True
        elif depth:
            depth += (character == "(") - (character == ")")
            if depth:
                comment.append(character)
        elif character == '"' and angle is None:
            quoted = not quoted
            phrase.append(_QUOTE)
        elif quoted:
            phrase.append(character)
        elif angle is not None:
            if character == ">":
                address = _routed("".join(angle))
                angle = None
            elif character == "<":
                phrase.extend(angle)
                angle = []
            else:
                angle.append(character)
        elif character == "(":
            depth = 1
        elif character == "<":
            angle = []
        elif character in ",;":
            finish()
        elif character == ":" and "@" not in "".join(phrase[-1:]) and not _looks_like_scheme(phrase):
            phrase.clear()  # the name of a group: what follows are its members
        else:
            phrase.append(character)
    if angle:
        address = _routed("".join(angle))
    finish()
    return [(name.replace(_QUOTE, "").strip(), at.replace(_QUOTE, '"'), said) for name, at, said in out]


_QUOTE = "\ue000"  # stands for a quotation mark of the phrase, which the name loses and a quoted local part keeps


def _looks_like_scheme(phrase: list[str]) -> bool:
    return "".join(phrase[-10:]).strip().lower().endswith(("mailto", "smtp", "http", "https"))


def _routed(text: str) -> str:
    """``<@a,@b:user@c>`` is an obsolete route (RFC 5322, 4.4); ``<mailto:x@y>`` occurs."""
    text = text.strip()
    if text.startswith("@") and ":" in text:
        text = text.rpartition(":")[2]
    if text.lower().startswith("mailto:"):
        text = text[7:]
    return text.strip().strip("'")


def _bare(text: str) -> tuple[str, str]:
    """A mailbox without angle brackets: ``user@host``, or a name with an address somewhere behind it."""
    text = text.strip()
    if "@" not in text:
        return text, ""
    if text.count(_QUOTE) and text.startswith(_QUOTE) and text.rfind(_QUOTE) < text.rfind("@"):
        return "", text
    plain = text.replace(_QUOTE, "").strip().strip("'[]")
    if " " not in plain and "\t" not in plain:
        return "", _routed(plain)
    last = plain.split()[-1].strip("'[]")
    if usable(last) and plain.count("@") == 1:
        return plain[: -len(plain.split()[-1])].strip(), last
    return "", plain
