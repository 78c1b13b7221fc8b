"""Calls other programs over HTTP: to public addresses or this machine only, one try, nothing followed.

The name is looked up once, each address judged, and the connection made to the very address that was judged, so that a
name that answers differently the second time leads nowhere (field guide "safety", T26).
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Collection
from urllib.parse import urlsplit

from mailflow.refusals import Refusal
from mailflow.steps.manage_webhooks import checked_url, is_loopback
from mailflow.steps.tell_webhooks import Told

SECONDS = 10.0  # for one try, all of it
MOST_READ = 2_000  # bytes of their answer
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class WebhookCaller:
    """``mailflow.steps.tell_webhooks.Caller``. ``allowed`` are hosts (as the address writes them) in the own network
    that may be called nevertheless; ``trust`` a file of certificates beside the system's."""

    def __init__(self, allowed: Collection[str] = (), trust: str | None = None, seconds: float = SECONDS) -> None:
        self._allowed, self._seconds = frozenset(one.lower() for one in allowed), seconds
        self._tls = ssl.create_default_context(cafile=trust)

    def post(self, url: str, body: bytes, headers: dict[str, str]) -> Told:
        try:
            return self._post(checked_url(url), body, headers)
        except Refusal as refusal:
            return Told(None, str(refusal))
        except ssl.SSLCertVerificationError as failure:
            return Told(None, f"its certificate is not good: {failure.verify_message}")
        except (OSError, http.client.HTTPException, UnicodeError) as failure:
            words = getattr(failure, "strerror", None) or str(failure) or type(failure).__name__
            return Told(None, f"it does not answer: {words}")

    def _post(self, url: str, body: bytes, headers: dict[str, str]) -> Told:
        parts, until = urlsplit(url), time.monotonic() + self._seconds
        host = parts.hostname or ""
        secure = parts.scheme == "https"
        port = parts.port or (443 if secure else 80)
        plain = self._connected(host, port, until)
        try:
            line = self._tls.wrap_socket(plain, server_hostname=host) if secure else plain
        except BaseException:
            plain.close()
            raise
        connection = http.client.HTTPConnection(host, port)
        connection.sock = line
        try:
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request("POST", target, body, {"User-Agent": "mailflow", "Connection": "close", **headers})
            line.settimeout(max(0.01, until - time.monotonic()))
            answer = connection.getresponse()
            said = answer.read(MOST_READ).decode("utf-8", "replace")
        finally:
            connection.close()
        if 300 <= answer.status < 400:
            return Told(answer.status, "it points elsewhere (a redirect), which is not followed: change the address")
        words = " ".join("".join(one if one.isprintable() else " " for one in said).split())[:200]
        return Told(answer.status, f"{answer.status} {answer.reason} {words}".strip())

    def _connected(self, host: str, port: int, until: float) -> socket.socket:
        named = is_loopback(host) or host.lower() in self._allowed
        failure: OSError | None = None
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        for family, kind, protocol, _, where in found:
            address = ipaddress.ip_address(str(where[0]).partition("%")[0])
            if not named and not is_public(address):
                raise Refusal(
                    f"{host} leads to {address}, which is not a public address; if that is meant, "
                    f'add "{host}" to allowed_hosts of [webhooks]'
                )
            line = socket.socket(family, kind, protocol)
            try:
                line.settimeout(max(0.01, until - time.monotonic()))
                line.connect(where)
            except OSError as one:
                line.close()
                failure = one
                continue
            return line
        raise failure or OSError("it has no address")


def is_public(address: _Address) -> bool:
    """Whether anybody could be reached there: no private, shared, link-local, loopback or reserved range, and not one
    of these in the clothes of IPv6."""
    inner: _Address | None = None
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is None and address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if address.teredo is not None:
            return False
        if inner is None and int(address) >> 32 == 0:
            return False  # ::/96, the old way to write an IPv4 address
    shown = inner or address
    return shown.is_global and not shown.is_multicast
