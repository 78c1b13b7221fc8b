"""A random key in a file that only its owner may read (mode 0600), made on first use."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from mailflow.refusals import Refusal

KEY_BYTES = 32


def private_key(file: Path) -> bytes:
    """The key in ``file``; a new one when there is none. Two processes that start together agree on one.

    Raises :class:`Refusal` when the file cannot be read or made, or holds no key.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        made = file.with_name(f"{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
        if not file.exists():
            descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as out:
                out.write(secrets.token_hex(KEY_BYTES))
                out.flush()
                os.fsync(out.fileno())
            try:
                os.link(made, file)  # fails when another process was first: its key is then ours too
            except FileExistsError:
                pass
            finally:
                made.unlink()
        return bytes.fromhex(file.read_text(encoding="ascii").strip())
    except (OSError, ValueError) as failure:
        raise Refusal(f"the key file {file} cannot be used: {failure}; restore it from the backup") from None
