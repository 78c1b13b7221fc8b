"""One file that holds everything: the database, the archive, the keys, the sealed tokens, and a manifest with hashes.

    database (one consistent view) ──► archive (write-once, so what the view names is there) ──► keys ──► manifest

Written beside its name and renamed when it is whole. The configuration's secrets are not in it; the key that signs
reply tokens is, because without it no later answer finds its statement: keep the file as safe as the mailbox.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import io
import json
import os
import re
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from sqlalchemy.engine import URL, make_url

from mailflow.refusals import Refusal, Unreachable

FORMAT = "mailflow backup 1"
MANIFEST = "manifest.json"
SQLITE, DUMP = "database.sqlite", "database.sql"
_NAME = re.compile(
    r"manifest\.json|database\.(?:sqlite|sql)|archive/[0-9a-f]{2}/[0-9a-f]{64}|archive/(?:token|oauth)\.key|tokens/[0-9a-f]{16}"
)
_CONTENT = re.compile(r"archive/[0-9a-f]{2}/([0-9a-f]{64})")
_PIECE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Places:
    """Where the parts lie on this machine."""

    database_url: str
    archive: Path
    tokens: Path

    @property
    def url(self) -> URL:
        return make_url(self.database_url)

    @property
    def sqlite_file(self) -> Path | None:
        return Path(str(self.url.database)) if self.url.get_backend_name() == "sqlite" else None


@dataclass(slots=True)
class Contents:
    """``files``: name inside the backup -> SHA-256. ``damaged`` are archive files whose bytes are not what their name
    says (they were so before the backup)."""

    made_at: str
    version: str
    files: dict[str, str] = field(default_factory=dict)
    damaged: list[str] = field(default_factory=list)
    size: int = 0

    @property
    def database(self) -> str:
        return SQLITE if SQLITE in self.files else DUMP

    @property
    def archived(self) -> int:
        return sum(1 for name in self.files if _CONTENT.fullmatch(name))

    def has(self, sha256: str) -> bool:
        return f"archive/{sha256[:2]}/{sha256}" in self.files


def make(out: Path, places: Places, at: dt.datetime, version: str) -> Contents:
    """Raises :class:`Refusal` when ``out`` exists or cannot be written, :class:`Unreachable` for the database."""
    if out.exists():
        raise Refusal(f"{out} is there already; a backup never overwrites anything")
    contents = Contents(at.isoformat(timespec="seconds"), version)
    half = out.with_name(out.name + ".part")
    try:
        descriptor = os.open(half, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w+b") as file:
            with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
                with _snapshot(places, out.parent) as (name, snapshot):
                    _add(tar, contents, name, snapshot)
                for path in sorted(places.archive.glob("[0-9a-f][0-9a-f]/*")):
                    name = f"archive/{path.parent.name}/{path.name}"
                    if _CONTENT.fullmatch(name) and _add(tar, contents, name, path) != path.name:
                        contents.damaged.append(path.name)
                for path in (*sorted(places.archive.glob("*.key")), *sorted(places.tokens.glob("*"))):
                    name = f"{'archive' if path.suffix == '.key' else 'tokens'}/{path.name}"
                    if _NAME.fullmatch(name):
                        _add(tar, contents, name, path)
                said = {"format": FORMAT, "made_at": contents.made_at, "version": version,
                        "damaged": contents.damaged, "files": contents.files}  # fmt: skip
                manifest = json.dumps(said, indent=1).encode()
                member = tarfile.TarInfo(MANIFEST)
                member.size = len(manifest)
                tar.addfile(member, io.BytesIO(manifest))
            file.flush()
            os.fsync(file.fileno())
            contents.size = file.tell()
        os.replace(half, out)
        _sync(out.parent)
    except OSError as failure:
        raise Refusal(f"{out} cannot be written: {failure.strerror or failure}") from None
    finally:
        half.unlink(missing_ok=True)
    return contents


def check(backup: Path) -> Contents:
    """Reads it whole; every file must be there, once, with the bytes that the manifest names. Raises :class:`Refusal`.

    A backup is read as what it may be, a file from anywhere: nothing is unpacked here, no name leads out of it.
    """
    found: dict[str, str] = {}
    manifest: bytes | None = None
    with _opened(backup) as tar:
        for member in tar:
            if not member.isfile() or not _NAME.fullmatch(member.name) or member.name in found:
                raise Refusal(f"{backup} holds {member.name[:80]!r}, which no backup of mailflow holds")
            file = tar.extractfile(member)
            assert file is not None
            if member.name == MANIFEST:
                manifest = file.read()
            else:
                found[member.name] = _digest(file)
    if manifest is None:
        raise Refusal(f"{backup} is not whole: it has no manifest (was the backup broken off?)")
    try:
        said: dict[str, Any] = json.loads(manifest)
        contents = Contents(said["made_at"], said["version"], dict(said["files"]), list(said["damaged"]))
        known = said["format"] == FORMAT
    except (ValueError, KeyError, TypeError):
        raise Refusal(f"{backup}: its manifest cannot be read") from None
    if not known:
        raise Refusal(f"{backup} is of another format ({said['format']}); install the mailflow that made it")
    wrong = sorted(name for name in {*found, *contents.files} if found.get(name) != contents.files.get(name))
    if wrong:
        raise Refusal(f"{backup} is damaged: {wrong[0]} is not as it was saved ({len(wrong)} files); use another one")
    if not {SQLITE, DUMP} & set(found):
        raise Refusal(f"{backup} holds no database")
    contents.size = backup.stat().st_size
    return contents


def refuse_unless_empty(places: Places) -> None:
    """A restore never mixes with what is there. Raises :class:`Refusal`."""
    used = next(places.archive.glob("[0-9a-f][0-9a-f]/*"), None) or next(places.archive.glob("*.key"), None)
    if used is not None:
        raise Refusal(f"the archive {places.archive} is not empty; restore into a new place, or move it away first")
    if next(places.tokens.glob("*"), None) is not None:
        raise Refusal(f"{places.tokens} is not empty; restore into a new place, or move it away first")
    file = places.sqlite_file
    if file is not None:
        if file.exists() and file.stat().st_size:
            raise Refusal(f"the database {file} is there already; restore into a new place, or move it away first")
        return
    tables = _psql(places.url, "-Atc", "select count(*) from pg_tables where schemaname = 'public'")
    if tables.strip() != "0":
        raise Refusal("the database is not empty; restore into a new one (createdb), or name another in the settings")


def unpack(backup: Path, contents: Contents, places: Places, prepare: Callable[[str], None]) -> None:
    """Puts everything in place; ``prepare`` gets the URL of the restored database before any service can see it.

    The target must be empty and the backup checked. On any failure the target is as empty as before.
    """
    if (contents.database == SQLITE) is not (places.sqlite_file is not None):
        kind = "SQLite" if contents.database == SQLITE else "PostgreSQL"
        raise Refusal(f"this is a backup of {kind}; the configuration's [database] url names another kind")
    made: list[Path] = []
    try:
        with tempfile.TemporaryDirectory(prefix="restore-", dir=_parent(places.archive)) as scratch:
            database = _spread(backup, places, Path(scratch), made)
            target = places.sqlite_file
            if target is None:
                _psql(places.url, "-q", "--single-transaction", "-v", "ON_ERROR_STOP=1", "-f", str(database))
                prepare(places.database_url)
                return
            beside = target.with_name(target.name + ".restoring")
            made += [beside, *(beside.with_name(beside.name + end) for end in ("-wal", "-shm"))]
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(database, beside)
            prepare(f"sqlite:///{beside}")
            with beside.open("rb") as file:
                os.fsync(file.fileno())
            os.replace(beside, target)
            _sync(target.parent)
    except BaseException as failure:
        for path in reversed(made):
            with contextlib.suppress(OSError):
                path.rmdir() if path.is_dir() else path.unlink()
        if isinstance(failure, OSError):
            raise Refusal(f"the backup cannot be restored: {failure.strerror or failure}") from None
        raise


def _spread(backup: Path, places: Places, scratch: Path, made: list[Path]) -> Path:
    """Archive, keys and tokens into place, the database into ``scratch``."""
    database = scratch / "database"
    with _opened(backup) as tar:
        for member in tar:
            file = tar.extractfile(member) if member.isfile() and _NAME.fullmatch(member.name) else None
            if file is None or member.name == MANIFEST:
                continue
            part, _, rest = member.name.partition("/")
            secret = not _CONTENT.fullmatch(member.name)
            target = database if not rest else (places.archive if part == "archive" else places.tokens) / rest
            for folder in reversed(target.parents):
                if not folder.exists():
                    folder.mkdir()
                    made.append(folder)
            if rest:
                made.append(target)
            with target.open("wb") as out:
                os.fchmod(out.fileno(), 0o600 if secret else 0o440)
                shutil.copyfileobj(file, out, _PIECE)
                out.flush()
                os.fsync(out.fileno())
    return database


@contextlib.contextmanager
def _snapshot(places: Places, scratch: Path) -> Iterator[tuple[str, Path]]:
    """The database as of one moment, in a file of its own."""
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=scratch) as directory:
        target = Path(directory) / "database"
        source = places.sqlite_file
        if source is None:
            _postgres(places.url, "pg_dump", "--no-owner", "--no-privileges", "--file", str(target))
            yield DUMP, target
            return
        if not source.exists():
            raise Refusal(f"there is no database {source} yet; nothing to back up")
        try:
            with (
                contextlib.closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True, timeout=30)) as live,
                contextlib.closing(sqlite3.connect(target)) as copy,
            ):
                live.backup(copy)
                copy.execute("PRAGMA journal_mode=DELETE")
                broken = copy.execute("PRAGMA quick_check").fetchone()[0]
        except sqlite3.Error as failure:
            raise Unreachable(f"the database {source} cannot be copied: {failure}") from None
        if broken != "ok":
            raise Refusal(f"the database {source} is damaged ({broken}); restore an earlier backup")
        yield SQLITE, target


def _psql(url: URL, *arguments: str) -> str:
    return _postgres(url, "psql", "-X", *arguments)


def _postgres(url: URL, program: str, *arguments: str) -> str:
    """Runs one of PostgreSQL's own programs against ``url``; the password never stands on a command line."""
    found = shutil.which(program)
    if found is None:
        raise Refusal(f"{program} is needed for a database on PostgreSQL: install postgresql-client")
    where = {"PGHOST": url.host or url.query.get("host"), "PGPORT": url.port, "PGUSER": url.username,
             "PGPASSWORD": url.password, "PGDATABASE": url.database,
             "PGSSLMODE": url.query.get("sslmode")}  # fmt: skip
    environment = os.environ | {name: str(value) for name, value in where.items() if value}
    done = subprocess.run([found, *arguments], env=environment, capture_output=True, check=False)
    if done.returncode:
        words = done.stderr.decode(errors="replace").strip().splitlines()
        raise Unreachable(f"{program} says: {words[-1] if words else f'it ended with {done.returncode}'}")
    return done.stdout.decode(errors="replace")


def _add(tar: tarfile.TarFile, contents: Contents, name: str, path: Path) -> str:
    """One file, hashed as it is written; its SHA-256."""
    with path.open("rb") as file:
        member = tarfile.TarInfo(name)
        member.size, member.mode = os.fstat(file.fileno()).st_size, 0o600
        counted = _Hashing(file)
        tar.addfile(member, counted)
    contents.files[name] = counted.digest.hexdigest()
    return contents.files[name]


class _Hashing:
    def __init__(self, file: IO[bytes]) -> None:
        self._file, self.digest = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(size)
        self.digest.update(piece)
        return piece


@contextlib.contextmanager
def _opened(backup: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(backup, "r:") as tar:
            yield tar
    except FileNotFoundError:
        raise Refusal(f"there is no backup {backup}") from None
    except IsADirectoryError:
        raise Refusal(f"{backup} is a directory, not a backup") from None
    except (tarfile.TarError, EOFError) as failure:
        raise Refusal(f"{backup} cannot be read as a backup: {failure}") from None


def _digest(file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while piece := file.read(_PIECE):
        digest.update(piece)
    return digest.hexdigest()


def _parent(directory: Path) -> Path:
    """The nearest directory above that exists."""
    return next(path for path in directory.parents if path.is_dir())


def _sync(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
