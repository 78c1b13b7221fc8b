"""The journal's table. The canonical bytes are stored, never rebuilt: what was hashed is what is kept."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from mailflow.adapters.database.schema import metadata
from mailflow.steps.ports.journal import Entry, Note

journal = sa.Table(
    "journal",
    metadata,
    sa.Column("no", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("subject", sa.String(200), nullable=False, index=True),
    sa.Column("canonical", sa.Text, nullable=False),
    sa.Column("previous", sa.String(64), nullable=False, unique=True),  # unique: two writers cannot fork the chain
    sa.Column("digest", sa.String(64), nullable=False),
)

GENESIS = "0" * 64
# built once: every step of every letter and message appends
_LOCK = sa.text("SELECT pg_advisory_xact_lock(7204)")
_LAST = sa.select(journal.c.no, journal.c.digest).order_by(journal.c.no.desc()).limit(1)
_APPEND = journal.insert()


class JournalRows:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._last: tuple[int, str] | None = None  # of this transaction: it holds the chain until it ends

    def append(self, at: dt.datetime, actor: str, action: str, subject: str, facts: dict[str, Any]) -> int:
        self.append_all([Note(at, actor, action, subject, facts)])
        assert self._last is not None
        return self._last[0]

    def append_all(self, notes: Sequence[Note]) -> None:
        if not notes:
            return
        if self._last is None:
            if self._connection.dialect.name == "postgresql":  # SQLite's writer is alone already
                self._connection.execute(_LOCK)
            last = self._connection.execute(_LAST).first()
            self._last = (last.no, last.digest) if last else (0, GENESIS)
        rows = []
        for note in notes:
            no, previous = self._last[0] + 1, self._last[1]
            content = {"no": no, "at": note.at.astimezone(dt.UTC).isoformat(), "actor": note.actor,
                       "action": note.action, "subject": note.subject, "facts": note.facts}  # fmt: skip
            canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            self._last = no, _digest(previous, canonical)
            rows.append(
                {"no": no, "subject": note.subject, "canonical": canonical, "previous": previous,
                 "digest": self._last[1]}
            )  # fmt: skip
        self._connection.execute(_APPEND, rows)

    def entries(self, subject: str | None = None) -> Iterator[Entry]:
        query = sa.select(journal.c.canonical, journal.c.digest).order_by(journal.c.no)
        if subject is not None:
            query = query.where(journal.c.subject == subject)
        for row in self._connection.execute(query):
            yield _entry(row.canonical, row.digest)

    def entry(self, no: int) -> Entry | None:
        query = sa.select(journal.c.canonical, journal.c.digest).where(journal.c.no == no)
        row = self._connection.execute(query).first()
        return None if row is None else _entry(row.canonical, row.digest)

    def recent(self, limit: int, about: str = "") -> list[Entry]:
        query = sa.select(journal.c.canonical, journal.c.digest).order_by(journal.c.no.desc()).limit(limit)
        if about:
            query = query.where(journal.c.subject >= f"{about}:", journal.c.subject < f"{about};")
        return [_entry(row.canonical, row.digest) for row in self._connection.execute(query)]

    def broken_at(self) -> int | None:
        expected, previous = 1, GENESIS
        for row in self._connection.execute(sa.select(journal).order_by(journal.c.no)):
            whole = row.no == expected and row.previous == previous and row.digest == _digest(previous, row.canonical)
            if not whole:
                return int(row.no)
            expected, previous = expected + 1, row.digest
        return None


def _digest(previous: str, canonical: str) -> str:
    return hashlib.sha256(previous.encode() + b"\n" + canonical.encode()).hexdigest()


def _entry(canonical: str, digest: str) -> Entry:
    content = json.loads(canonical)
    return Entry(
        no=content["no"],
        at=dt.datetime.fromisoformat(content["at"]),
        actor=content["actor"],
        action=content["action"],
        subject=content["subject"],
        facts=content["facts"],
        digest=digest,
    )
