"""DKIM keys from DNS (RFC 6376, 3.6.2): the only question about a received mail that leaves the house, if asked for."""

from __future__ import annotations

import time
from collections.abc import Callable

import dns.exception
import dns.resolver

from mailflow.refusals import Refusal

LIFETIME = 3.0  # seconds for one key, all name servers and tries together
REMEMBERED = 3600.0  # seconds; a key that is withdrawn meanwhile would still verify what it signed
MOST_REMEMBERED = 2_000


class DnsKeys:
    """``lookup(name)`` gives the TXT record of ``selector._domainkey.domain``, None where there is none.

    Raises ``OSError`` when no name server answers in time: then nothing is known, which is no failure of the mail.
    """

    def __init__(self, nameservers: list[str] | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        try:
            self._resolver = dns.resolver.Resolver(configure=nameservers is None)
        except dns.resolver.NoResolverConfiguration as failure:
            raise Refusal(
                "check_dkim needs DNS and this machine names no server for it; set check_dkim = false"
            ) from failure
        if nameservers is not None:
            self._resolver.nameservers = list(nameservers)
        self._resolver.lifetime = LIFETIME
        self._clock = clock
        self._known: dict[str, tuple[float, bytes | None]] = {}

    def lookup(self, name: str) -> bytes | None:
        name = name.rstrip(".").lower()
        known = self._known.get(name)
        if known is not None and known[0] > self._clock():
            return known[1]
        record = self._asked(name)
        if len(self._known) >= MOST_REMEMBERED:
            self._known.clear()
        self._known[name] = (self._clock() + REMEMBERED, record)
        return record

    def _asked(self, name: str) -> bytes | None:
        try:
            answer = self._resolver.resolve(name, "TXT")
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return None
        except (dns.resolver.NoNameservers, dns.exception.Timeout) as failure:
            raise OSError(f"no name server answers for {name}") from failure
        except dns.exception.DNSException:
            return None  # the name itself is nonsense
        for record in answer:
            text = b"".join(record.strings)
            if b"p=" in text:
                return bytes(text)
        return None
