"""The raw archive on disk: ``ab/abcdef…`` (two hexadecimal digits, then the whole SHA-256).

Order of a write, so that a crash at any point leaves either nothing or the whole: temporary file in the same file
system, hash while writing, fsync the file, rename to the hash, fsync the directory. A file without a row is an orphan
that the next attempt adopts; a row without a file cannot come about.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from mailflow.refusals import Refusal
from mailflow.steps.ports.archive import ContentMissing, Stored

_INCOMING = "incoming"


class FileArchive:
    """``mailflow.steps.ports.archive.Archive``. Raises :class:`Refusal` when the directory cannot be made."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        try:
            (directory / _INCOMING).mkdir(parents=True, exist_ok=True)
        except OSError as failure:
            raise Refusal(f"the archive {directory} cannot be used: {failure.strerror}") from None

    def store(self, pieces: Iterable[bytes]) -> Stored:
        descriptor, temporary = tempfile.mkstemp(dir=self._directory / _INCOMING)
        try:
            with os.fdopen(descriptor, "wb") as file:
                digest, size = hashlib.sha256(), 0
                for piece in pieces:
                    digest.update(piece)
                    size += len(piece)
                    file.write(piece)
                file.flush()
                os.fchmod(file.fileno(), 0o440)
                os.fsync(file.fileno())
            target = self._path(digest.hexdigest())
            if not target.exists():
                if not target.parent.exists():
                    target.parent.mkdir(exist_ok=True)
                    _sync_directory(self._directory)
                os.replace(temporary, target)
                _sync_directory(target.parent)
            return Stored(digest.hexdigest(), size)
        finally:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(temporary)

    def read(self, sha256: str) -> bytes:
        try:
            return self._path(sha256).read_bytes()
        except FileNotFoundError:
            raise ContentMissing(f"the archive {self._directory} does not hold {sha256}") from None

    def has(self, sha256: str) -> bool:
        return self._path(sha256).exists()

    def damaged(self) -> Iterator[str]:
        for path in sorted(self._directory.glob("[0-9a-f][0-9a-f]/*")):
            with path.open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != path.name:
                    yield path.name

    def sweep(self) -> None:
        """Removes what a crash left half written. Only while no other process writes (start of the service)."""
        for path in (self._directory / _INCOMING).iterdir():
            path.unlink(missing_ok=True)

    def _path(self, sha256: str) -> Path:
        if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
            raise ContentMissing(f"{sha256!r} is not a SHA-256 in lower-case hexadecimal digits")
        return self._directory / sha256[:2] / sha256


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
