"""Where OAuth tokens are kept: the machine's keyring, or a sealed file that only its owner may read."""

from __future__ import annotations

import base64
import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from mailflow.refusals import Refusal


@dataclass(frozen=True, slots=True)
class SealedFile:
    """``mailflow.steps.ports.sign_in.TokenStore``: encrypted (Fernet: AES-128-CBC with HMAC-SHA256), mode 0600.

    The key lies elsewhere, so that a copy of this file alone gives nothing away.
    """

    file: Path
    key: bytes = field(repr=False)  # 32 bytes

    def load(self) -> str | None:
        try:
            sealed = self.file.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as failure:
            raise Refusal(f"the tokens in {self.file} cannot be read: {failure.strerror}") from None
        try:
            return self._fernet().decrypt(sealed).decode("utf-8")
        except InvalidToken:
            raise Refusal(
                f"the tokens in {self.file} were sealed with another key; remove the file and sign in again "
                "(mailflow doctor --sign-in)"
            ) from None

    def save(self, tokens: str) -> None:
        """Whole or not at all: a crash leaves the tokens of before."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=self.file.parent)  # mkstemp makes it 0600
        try:
            with os.fdopen(descriptor, "wb") as out:
                out.write(self._fernet().encrypt(tokens.encode("utf-8")))
                out.flush()
                os.fsync(out.fileno())
            os.replace(temporary, self.file)
        except BaseException:
            os.unlink(temporary)
            raise

    def _fernet(self) -> Fernet:
        return Fernet(base64.urlsafe_b64encode(self.key))


@dataclass(frozen=True, slots=True)
class KeyringEntry:
    """``mailflow.steps.ports.sign_in.TokenStore`` in the keyring of the signed-in user of this machine."""

    service: str
    user: str

    @staticmethod
    def usable() -> bool:
        """A machine without a desktop often has none."""
        try:
            import keyring
        except ImportError:
            return False
        return bool(keyring.get_keyring().priority >= 1)

    def load(self) -> str | None:
        import keyring

        found: str | None = keyring.get_password(self.service, self.user)
        return found

    def save(self, tokens: str) -> None:
        import keyring

        keyring.set_password(self.service, self.user, tokens)
