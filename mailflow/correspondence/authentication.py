"""What servers and signatures say about a sender: Authentication-Results (RFC 8601), DKIM checked by us (RFC 6376).

Verdicts count only from the mailbox's own server (RFC 8601, 1.6 and 5): anybody can write the header.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from mailflow.correspondence.lookalike import aligned
from mailflow.correspondence.message import Authentication, Message
from mailflow.correspondence.sender_grade import SenderGrade, judge

MAX_SIGNATURES = 5
MAX_SIGNED_BYTES = 25 * 1024 * 1024
MAX_HEAD_BYTES = 256 * 1024
_NAME = re.compile(rb"[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,200}[A-Za-z0-9_])?")

_COMMENT = re.compile(r"\([^()]{0,500}\)")
_QUOTED = re.compile(r"\"[^\"]{0,500}\"")
_METHOD = re.compile(r"\s{0,9}([a-z][a-z0-9-]{0,30})(?:/\d{1,3})?\s{0,9}=\s{0,9}([a-z]{1,20})\b", re.IGNORECASE)
_PROPERTY = re.compile(
    r"\b(smtp|header|body|policy)\s?\.\s?([a-z0-9_-]{1,40})\s?=\s?(\"[^\"]{0,300}\"|[^\s;]{1,300})", re.IGNORECASE
)

KeyLookup = Callable[[str], bytes | None]  # "selector._domainkey.domain." -> the TXT record, None when there is none


@dataclass(frozen=True, slots=True)
class Result:
    """One method of an Authentication-Results header. ``domain`` is the one it speaks of."""

    method: str
    verdict: str
    domain: str | None = None


def results(value: str) -> tuple[str, list[Result]]:
    """(authserv-id, results) of one Authentication-Results value (RFC 8601, 2.2), comments removed."""
    text = value[:20_000]
    for _ in range(3):  # comments nest; three levels are plenty
        text = _COMMENT.sub(" ", text)
    pieces = _QUOTED.sub(lambda quoted: quoted[0].replace(";", " "), text).split(";")
    words = pieces[0].split()
    found = []
    for piece in pieces[1:60]:
        method = _METHOD.match(piece)
        if method is None:
            continue
        properties = {f"{kind}.{name}".lower(): text.strip('"') for kind, name, text in _PROPERTY.findall(piece)}
        found.append(Result(method[1].lower(), method[2].lower(), _domain(method[1].lower(), properties)))
    return (words[0].strip('"').lower() if words else ""), found


def _domain(method: str, properties: dict[str, str]) -> str | None:
    names = {
        "dkim": ("header.d", "header.i"),
        "spf": ("smtp.mailfrom", "smtp.helo"),
        "dmarc": ("header.from",),
    }.get(method, ())
    for name in names:
        if properties.get(name):
            return properties[name].rpartition("@")[2].lower().strip("<>")
    return None


def read(message: Message, trusted_authserv_ids: Collection[str] = ()) -> tuple[Authentication, list[str]]:
    """The verdicts of the mailbox's own server. Without a configured one, what the topmost header claims, untrusted."""
    trusted = {one.strip().lower() for one in trusted_authserv_ids if one.strip()}
    parsed = [results(value) for name, value in message.headers if name == "authentication-results"]
    if trusted:
        ours = [found for server, found in parsed if server in trusted]
        if len(ours) != 1:
            warnings = ["several Authentication-Results carry our server's id; none is believed"] if ours else []
            return Authentication(), warnings
        if parsed[0][0] not in trusted:
            # our server writes on top; what stands below another server's came with the message
            return Authentication(), ["our server's Authentication-Results are not the topmost; they are not believed"]
        return _verdicts(message, ours[0], trusted=True), []
    return (_verdicts(message, parsed[0][1], trusted=False) if parsed else Authentication()), []


def _verdicts(message: Message, found: list[Result], trusted: bool) -> Authentication:
    sender = message.sender.address.rpartition("@")[2].lower()
    chosen: dict[str, Result] = {}
    for result in found:
        known = chosen.get(result.method)
        # of several DKIM signatures the aligned one that passes counts
        if known is None or (result.verdict == "pass" and (known.verdict != "pass" or aligned(result.domain, sender))):
            chosen[result.method] = result

    def verdict(method: str) -> str | None:
        return chosen[method].verdict if method in chosen else None

    dmarc = chosen.get("dmarc")
    right = dmarc is not None and dmarc.verdict == "pass" and dmarc.domain in (None, sender)
    if dmarc is None:
        right = any(
            one.verdict == "pass" and aligned(one.domain, sender)
            for one in (chosen.get("dkim"), chosen.get("spf"))
            if one is not None
        )
    return Authentication(verdict("spf"), verdict("dkim"), verdict("dmarc"), trusted, right)


def verify_dkim(raw: bytes, lookup: KeyLookup, sender_domain: str) -> Result:
    """DKIM checked by us (RFC 6376): ``pass`` with the signing domain, ``fail``, ``none`` or ``temperror``.

    An aligned signature that passes wins. ``lookup`` is the only way out: this function asks nobody by itself.
    """
    import dkim  # takes a while to import and only this function needs it

    if len(raw) > MAX_SIGNED_BYTES:
        return Result("dkim", "none")
    failed = False

    def txt(name: bytes, timeout: int = 5) -> bytes | None:
        return lookup(name.decode("ascii", "replace"))

    try:
        checker = dkim.DKIM(raw, minkey=1024)
        signatures = [value for name, value in checker.headers if name.lower() == b"dkim-signature"]
    except (dkim.DKIMException, ValueError, IndexError):
        return Result("dkim", "none")
    best = Result("dkim", "none")
    for number in range(min(len(signatures), MAX_SIGNATURES)):
        try:
            good = dkim.DKIM(raw, minkey=1024).verify(idx=number, dnsfunc=txt)
        except OSError:
            return Result("dkim", "temperror")
        except Exception:  # dkimpy raises many kinds on hostile signatures; none of them is a pass
            good = False
        domain = _signing_domain(signatures[number])
        if good and (best.verdict != "pass" or aligned(domain, sender_domain)):
            best = Result("dkim", "pass", domain)
        failed = failed or not good
    if best.verdict != "pass" and failed:
        return Result("dkim", "fail", _signing_domain(signatures[0]))
    return best


def key_names(raw: bytes) -> list[str]:
    """The names under which the keys of the DKIM signatures stand (``selector._domainkey.domain``), in order."""
    head = re.split(rb"\r?\n\r?\n", raw[:MAX_HEAD_BYTES], maxsplit=1)[0]
    unfolded = re.sub(rb"\r?\n[ \t]+", b" ", head)
    names: dict[str, None] = {}
    for line in unfolded.split(b"\n"):
        name, colon, value = line.partition(b":")
        if not colon or name.strip().lower() != b"dkim-signature" or len(names) >= MAX_SIGNATURES:
            continue
        tags = {
            tag.strip().lower(): text.strip()
            for tag, equals, text in (piece.partition(b"=") for piece in value[:20_000].split(b";"))
            if equals
        }
        selector, domain = tags.get(b"s", b""), tags.get(b"d", b"")
        if _NAME.fullmatch(selector) and _NAME.fullmatch(domain):
            names[f"{selector.decode()}._domainkey.{domain.decode()}".lower()] = None
    return list(names)


def _signing_domain(signature: bytes) -> str | None:
    found = re.search(rb"(?:^|[;\s])d\s{0,5}=\s{0,5}([^;\s]{1,255})", signature)
    return found[1].decode("ascii", "replace").lower() if found else None


def grade(
    message: Message,
    *,
    party_contacts: Collection[str],
    trusted_authserv_ids: Collection[str] = (),
    own_domains: Iterable[str] = (),
    partner_domains: Iterable[str] = (),
    seen_addresses: Collection[str] | None = None,
    dkim: Result | None = None,
) -> SenderGrade:
    """:func:`~mailflow.correspondence.sender_grade.judge` for a message at hand; ``dkim`` is :func:`verify_dkim`'s."""
    verdicts, complaints = read(message, trusted_authserv_ids)
    return judge(
        message.sender,
        verdicts,
        party_contacts=party_contacts,
        reply_to=[one.address for one in message.reply_to],
        warnings=[*message.warnings, *complaints],
        own_domains=own_domains,
        partner_domains=partner_domains,
        seen_addresses=seen_addresses,
        signed_domain=dkim.domain if dkim is not None and dkim.verdict == "pass" else None,
    )
