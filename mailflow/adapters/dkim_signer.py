"""DKIM signatures (RFC 6376) on our letters, when a key is configured. A signature is part of the frozen bytes."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import dkim

from mailflow.refusals import Refusal

# what a reader sees or a mail program acts on; a header that is missing is signed as missing where it is named twice
SIGNED = (
    b"from", b"to", b"subject", b"date", b"message-id", b"reply-to", b"in-reply-to", b"references", b"mime-version",
    b"content-type", b"auto-submitted", b"list-unsubscribe", b"list-unsubscribe-post",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DkimSigner:
    """``domain`` must be that of the From address, or its parent, for DMARC to count the signature."""

    selector: str
    domain: str
    key: bytes = field(repr=False)

    @classmethod
    def from_file(cls, selector: str, domain: str, file: Path) -> DkimSigner:
        """A PEM private key (RSA, PKCS#1 or PKCS#8). Raises :class:`Refusal` when it cannot be used."""
        try:
            signer = cls(selector, domain, file.read_bytes())
        except OSError as failure:
            raise Refusal(f"the DKIM key {file} cannot be read: {failure.strerror}") from None
        try:
            signer.sign(b"From: probe@example.com\r\n\r\nprobe\r\n")
        except Refusal as refusal:
            raise Refusal(f"the DKIM key {file}: {refusal}") from None
        return signer

    def sign(self, raw: bytes) -> bytes:
        """``raw`` behind its DKIM-Signature; the rest is untouched. Relaxed for both, since relays rewrap lines."""
        present = {line.partition(b":")[0].strip().lower() for line in raw.partition(b"\r\n\r\n")[0].split(b"\r\n")}
        # "from" twice: a second From put in later breaks the signature (RFC 6376, 8.15)
        names = [b"from", *(name for name in SIGNED if name in present)]
        try:
            signature: bytes = dkim.sign(
                raw, self.selector.encode("ascii"), self.domain.encode("idna"), self.key,
                canonicalize=(b"relaxed", b"relaxed"), include_headers=names,
            )  # fmt: skip
        except (dkim.DKIMException, ValueError) as failure:
            raise Refusal(f"no DKIM signature can be made: {failure}") from None
        return signature + raw
