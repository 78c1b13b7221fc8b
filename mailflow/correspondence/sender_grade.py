"""How far a sender can be believed in a matter of one party, with the reasons in words (field guide "safety", 8).

Identity is the From address and nothing else; Reply-To, display names and threads never raise a grade. The grade is
made once, when the message is placed, from values that the reading stored; it never rises later.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from mailflow.correspondence.addresses import usable
from mailflow.correspondence.lookalike import aligned, looks_like, plain, registrable
from mailflow.correspondence.message import Address, Authentication

_ADDRESS_IN_NAME = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")


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
class SenderGrade:
    """``because`` says in words what the grade rests on; ``imitates`` the known domain that the sender's resembles."""

    grade: Grade
    because: tuple[str, ...]
    flags: tuple[Flag, ...] = ()
    aligned: bool = False
    known_contact: bool = False
    imitates: str | None = None
    reply_to: str | None = None


def judge(
    sender: Address,
    verdicts: Authentication,
    *,
    party_contacts: Collection[str],
    reply_to: Sequence[str] = (),
    warnings: Sequence[str] = (),
    own_domains: Iterable[str] = (),
    partner_domains: Iterable[str] = (),
    seen_addresses: Collection[str] | None = None,
    signed_domain: str | None = None,
) -> SenderGrade:
    """How far ``sender`` can be believed in a matter of the party with ``party_contacts`` (addresses).

    All of it stands in the JSON of ``mailflow read`` and its routing: ``from``, ``authentication``, ``reply_to``,
    ``warnings``. ``seen_addresses``: senders met before (None: not known, so nothing is said of first sight).
    ``signed_domain``: the domain whose DKIM signature we checked ourselves and found good. Whether the thread token
    fits is the caller's to ask (:func:`with_token`): grade B needs that too.
    """
    address = sender.address.lower()
    domain = address.rpartition("@")[2]
    flags: list[Flag] = []
    because: list[str] = []
    contacts = {one.strip().lower() for one in party_contacts}
    known = bool(address) and address in contacts
    right = verdicts.trusted and verdicts.aligned
    if right:
        because.append("our mail server vouches for the sender's domain")
    if signed_domain is not None and aligned(signed_domain, domain):
        right = True
        because.append(f"signed by {signed_domain}, checked by us")
    if verdicts.trusted and verdicts.dmarc == "fail":
        right = False
        flags.append(Flag.FAILS)
        because.append("our mail server says that the sender's address is forged (DMARC)")
    imitates = looks_like(domain, [*own_domains, *partner_domains, *(one.rpartition("@")[2] for one in contacts)])
    if imitates is not None:
        flags.append(Flag.LOOKALIKE)
        because.append(f"{plain(domain)} looks like {imitates} and is another domain")
    elsewhere = _elsewhere(reply_to, domain)
    if elsewhere is not None:
        flags.append(Flag.REPLY_ELSEWHERE)
        because.append(f"answers would go to {elsewhere}")
    claimed = _ADDRESS_IN_NAME.search(sender.name[:300])
    if claimed is not None and registrable(claimed[0].rpartition("@")[2]) != registrable(domain):
        flags.append(Flag.NAME_CLAIMS)
        because.append(f"the name shows {claimed[0]}, the address is {address}")
    for flag, starts, said in _WARNED:
        if any(warning.startswith(starts) for warning in warnings):
            flags.append(flag)
            because.append(said)
    if seen_addresses is not None and address not in {one.lower() for one in seen_addresses}:
        flags.append(Flag.FIRST_SEEN)
        because.append("nobody has written from this address before")
    if not known:
        because.append("no contact of this party" if address else "the sender's address cannot be read")
    if not right and Flag.FAILS not in flags:
        because.append("nobody vouches for the sender's address")
    against = set(flags) - {Flag.FIRST_SEEN}
    good = right and known and usable(sender.address) and not against
    return SenderGrade(Grade.B if good else Grade.C, tuple(because), tuple(flags), right, known, imitates, elsewhere)


# Warnings of mime.read and authentication.read that speak against a sender
_WARNED = (
    (Flag.CONFLICTING_RESULTS, ("several Authentication-Results", "our server's Authentication-Results"),
     "what claims to be our mail server's verdict is contradicted"),
    (Flag.SEVERAL_SENDERS, ("several From addresses",), "the message names several senders"),
    (Flag.AMBIGUOUS, ("several from headers", "the message holds NUL"), "the message can be read in two ways"),
)  # fmt: skip


def _elsewhere(reply_to: Sequence[str], domain: str) -> str | None:
    for address in reply_to:
        target = address.lower().rpartition("@")[2]
        if target and registrable(target) != registrable(domain):
            return address
    return None


def with_token(given: SenderGrade, token_fits: bool) -> SenderGrade:
    """Grade B needs a valid thread token besides (field guide "safety", 8)."""
    if token_fits or given.grade is Grade.C:
        return given
    return replace(given, grade=Grade.C, because=(*given.because, "the answer carries no mark of our statement"))
