"""The raw archive on disk: ``ab/abcdef…`` (two hexadecimal digits, then the whole SHA-256).

Order of a write, so that a crash at any point leaves either nothing or the whole: temporary file in the same file
system, hash while writing, fsync the file, rename to the hash, fsync the directory. A file without a row is an orphan
that the next attempt adopts; a row without a file cannot come about.

Many small files are synced together, in the same order: all written, one syncfs(2), all renamed, one syncfs(2). It
waits for whatever else that file system has to write, and reports its errors since Linux 5.8; elsewhere each file is
synced by itself. Measured on ext4: 0.26 ms a file one by one, 0.04 ms in batches of 50.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import os
import re
import secrets
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from mailflow.refusals import Refusal
from mailflow.steps.ports.archive import ContentMissing, Stored

_INCOMING = "incoming"
_TOGETHER_FROM = 4  # fewer files are sooner synced one by one
_SYNCFS_TELLS_ERRORS = (5, 8)  # before this Linux version syncfs(2) kept a failed write to itself


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

    def store_many(self, contents: Sequence[bytes]) -> list[Stored]:
        named = [Stored(hashlib.sha256(content).hexdigest(), len(content)) for content in contents]
        fresh: dict[str, bytes] = {}
        for one, content in zip(named, contents, strict=True):
            if one.sha256 not in fresh and not self._path(one.sha256).exists():
                fresh[one.sha256] = content
        sync = _sync_file_system() if len(fresh) >= _TOGETHER_FROM else None
        if sync is None:
            for content in fresh.values():
                self.store([content])
        else:
            self._store_together(fresh, sync)
        return named

    def _store_together(self, fresh: dict[str, bytes], sync: Callable[[int], None]) -> None:
        incoming = self._directory / _INCOMING
        mark = secrets.token_hex(6)
        written: dict[str, str] = {}
        directory = os.open(self._directory, os.O_RDONLY | os.O_DIRECTORY)
        try:
            for sha256, content in fresh.items():
                temporary = f"{incoming}/{mark}{sha256}"
                written[sha256] = temporary
                descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o440)
                try:
                    _write_all(descriptor, content)
                finally:
                    os.close(descriptor)
            sync(directory)
            for shard in {sha256[:2] for sha256 in written}:
                (self._directory / shard).mkdir(exist_ok=True)
            for sha256, temporary in written.items():
                os.replace(temporary, self._path(sha256))
            sync(directory)
        finally:
            os.close(directory)
            for temporary in written.values():
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(temporary)

    def read(self, sha256: str) -> bytes:
        try:
            return self._path(sha256).read_bytes()
        except FileNotFoundError:
            raise ContentMissing(f"the archive {self._directory} does not hold {sha256}") from None

    def has(self, sha256: str) -> bool:
        return self._path(sha256).exists()

    def remove(self, sha256: str) -> bool:
        path = self._path(sha256)
        if not path.exists():
            return False
        path.unlink(missing_ok=True)
        _sync_directory(path.parent)
        return True

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


def _write_all(descriptor: int, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


@lru_cache(maxsize=1)
def _sync_file_system() -> Callable[[int], None] | None:
    """syncfs(2) on a descriptor, where it can be trusted; it raises ``OSError`` for what could not be written."""
    release = re.match(r"(\d+)\.(\d+)", os.uname().release)
    if os.uname().sysname != "Linux" or release is None or tuple(map(int, release.groups())) < _SYNCFS_TELLS_ERRORS:
        return None
    call = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)
    if call is None:
        return None

    def sync(descriptor: int) -> None:
        if call(descriptor) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))

    return sync
