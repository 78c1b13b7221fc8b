"""How passwords are kept: Argon2id (RFC 9106) with a salt of each one's own, as a PHC string."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id


@dataclass(frozen=True)
class Cost:
    """What one try costs: ``memory`` in KiB, ``passes`` over it. The defaults are OWASP's first choice, about 70 ms."""

    memory: int = 19_456
    passes: int = 2

    def kept(self) -> str:
        return f"$argon2id$v=19$m={self.memory},t={self.passes},p=1$"


COST = Cost()
NOBODYS = COST.kept() + "A" * 22 + "$" + "A" * 43  # no password gives this; trying one takes as long as a real one


def hashed(password: str) -> str:
    """The PHC string to keep for ``password``."""
    kdf = Argon2id(salt=secrets.token_bytes(16), length=32, iterations=COST.passes, lanes=1, memory_cost=COST.memory)
    return kdf.derive_phc_encoded(password.encode())


def is_password(password: str, kept: str) -> bool:
    """Whether ``kept`` was made of ``password``; ``scrypt$salt$digest``, the older way, is still understood."""
    if kept.startswith("scrypt$"):
        _, salt, digest = kept.split("$")
        tried = hashlib.scrypt(password.encode(), salt=base64.b64decode(salt), n=2**14, r=8, p=1, maxmem=64 * 2**20)
        return hmac.compare_digest(tried, base64.b64decode(digest))
    try:
        Argon2id.verify_phc_encoded(password.encode(), kept)
    except InvalidKey:
        return False
    return True


def is_outdated(kept: str) -> bool:
    """Whether ``kept`` should be made anew at the next right try: another method, or another cost than today's."""
    return not kept.startswith(COST.kept())
