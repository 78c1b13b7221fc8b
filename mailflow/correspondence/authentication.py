"""How far a sender can be believed: the mailbox server's verdicts, DKIM checked by us, contacts, look-alikes.

Verdicts count only from the mailbox's own server (RFC 8601, 1.6 and 5): anybody can write the header. Identity is the
From address and nothing else; Reply-To, display names and threads never raise a grade (field guide "safety", 8).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from mailflow.correspondence.addresses import usable
from mailflow.correspondence.lookalike import looks_like, plain, registrable
from mailflow.correspondence.message import Authentication, Message

MAX_SIGNATURES = 5
MAX_SIGNED_BYTES = 25 * 1024 * 1024

_COMMENT = re.compile(r"\([^()]{0,500}\)")
_QUOTED = re.compile(r"\"[^\"]{0,500}\"")
_METHOD = re.compile(r"\s{0,9}([a-z][a-z0-9-]{0,30})(?:/\d{1,3})?\s{0,9}=\s{0,9}([a-z]{1,20})\b", re.IGNORECASE)
_PROPERTY = re.compile(
    r"\b(smtp|header|body|policy)\s?\.\s?([a-z0-9_-]{1,40})\s?=\s?(\"[^\"]{0,300}\"|[^\s;]{1,300})", re.IGNORECASE
)
_ADDRESS_IN_NAME = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")

KeyLookup = Callable[[str], bytes | None]  # "selector._domainkey.domain." -> the TXT record, None when there is none


class Grade(StrEnum):
    """Field guide "safety", 8. A one-time link or portal (A) never comes by mail."""

    B = "B"  # aligned verdict of our own server or our own DKIM check, a known contact, nothing against it
    C = "C"  # anything else: read, threaded and shown; a person decides


class Flag(StrEnum):
    """What speaks against a sender, or should be seen by a person."""

    FAILS = "fails"  # DMARC says the From address is forged
    LOOKALIKE = "lookalike"
    REPLY_ELSEWHERE = "reply_elsewhere"
    NAME_CLAIMS = "name_claims"  # the display name shows another address than the real one
    FIRST_SEEN = "first_seen"
    SEVERAL_SENDERS = "several_senders"
    CONFLICTING_RESULTS = "conflicting_results"  # more than one header claims to be our server's
    AMBIGUOUS = "ambiguous"  # the message can be read in two ways (duplicate headers, NUL)


@dataclass(frozen=True, slots=True)
class Result:
    """One method of an Authentication-Results header. ``domain`` is the one it speaks of."""

    method: str
    verdict: str
    domain: str | None = None


@dataclass(frozen=True, slots=True)
class SenderGrade:
    """``because`` says in words what the grade rests on; ``imitates`` the known domain that the sender's resembles."""

    grade: Grade
    because: tuple[str, ...]
    flags: tuple[Flag, ...] = ()
    aligned: bool = False
    known_contact: bool = False
    imitates: str | None = None
    reply_to: str | None = None


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


def aligned(domain: str | None, sender: str) -> bool:
    """Relaxed alignment (RFC 7489, 3.1): the same registrable domain."""
    return bool(domain) and bool(sender) and registrable(domain or "") == registrable(sender)


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
    """How far the sender of ``message`` can be believed in a matter of the party with ``party_contacts`` (addresses).

    ``seen_addresses``: senders met before (None: not known, so nothing is said of first sight). ``dkim``: the outcome
    of :func:`verify_dkim`. Whether the thread token fits is the caller's to ask: grade B also needs it.
    """
    address = message.sender.address.lower()
    domain = address.rpartition("@")[2]
    verdicts, complaints = read(message, trusted_authserv_ids)
    flags: list[Flag] = []
    because: list[str] = []
    contacts = {one.strip().lower() for one in party_contacts}
    known = bool(address) and address in contacts
    right = verdicts.trusted and verdicts.aligned
    if right:
        because.append("our mail server vouches for the sender's domain")
    if dkim is not None and dkim.verdict == "pass" and aligned(dkim.domain, domain):
        right = True
        because.append(f"signed by {dkim.domain}, checked by us")
    if verdicts.trusted and verdicts.dmarc == "fail":
        right = False
        flags.append(Flag.FAILS)
        because.append("our mail server says that the sender's address is forged (DMARC)")
    if complaints:
        right = False
        flags.append(Flag.CONFLICTING_RESULTS)
        because.extend(complaints)
    imitates = looks_like(domain, [*own_domains, *partner_domains, *(one.rpartition("@")[2] for one in contacts)])
    if imitates is not None:
        flags.append(Flag.LOOKALIKE)
        because.append(f"{plain(domain)} looks like {imitates} and is another domain")
    elsewhere = _reply_elsewhere(message, domain)
    if elsewhere is not None:
        flags.append(Flag.REPLY_ELSEWHERE)
        because.append(f"answers would go to {elsewhere}")
    claimed = _ADDRESS_IN_NAME.search(message.sender.name[:300])
    if claimed is not None and registrable(claimed[0].rpartition("@")[2]) != registrable(domain):
        flags.append(Flag.NAME_CLAIMS)
        because.append(f"the name shows {claimed[0]}, the address is {address}")
    if any(warning.startswith("several From addresses") for warning in message.warnings):
        flags.append(Flag.SEVERAL_SENDERS)
        because.append("the message names several senders")
    if any(warning.startswith(("several from headers", "the message holds NUL")) for warning in message.warnings):
        flags.append(Flag.AMBIGUOUS)
        because.append("the message can be read in two ways")
    if seen_addresses is not None and address not in {one.lower() for one in seen_addresses}:
        flags.append(Flag.FIRST_SEEN)
        because.append("nobody has written from this address before")
    if not known:
        because.append("no contact of this party" if address else "the sender's address cannot be read")
    if not right and Flag.FAILS not in flags:
        because.append("nobody vouches for the sender's address")
    against = set(flags) - {Flag.FIRST_SEEN}
    good = right and known and usable(message.sender.address) and not against
    return SenderGrade(Grade.B if good else Grade.C, tuple(because), tuple(flags), right, known, imitates, elsewhere)


def _reply_elsewhere(message: Message, domain: str) -> str | None:
    for address in message.reply_to:
        target = address.address.lower().rpartition("@")[2]
        if target and registrable(target) != registrable(domain):
            return address.address
    return None


def with_token(given: SenderGrade, token_fits: bool) -> SenderGrade:
    """Grade B needs a valid thread token besides (field guide "safety", 8)."""
    if token_fits or given.grade is Grade.C:
        return given
    return replace(given, grade=Grade.C, because=(*given.because, "the answer carries no mark of our statement"))
