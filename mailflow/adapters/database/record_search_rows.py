"""The words of what is no message: our letters, documents, decisions. As :mod:`.search_rows`, made when first needed.

What is new since the last time is found by its number, so nothing that writes a letter or a decision has to know of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from mailflow.adapters.database.document_rows import document
from mailflow.adapters.database.journal_rows import journal
from mailflow.adapters.database.outbox_rows import letter
from mailflow.adapters.database.search_rows import match, tsquery
from mailflow.correspondence.search_words import Phrase
from mailflow.steps.ports.search import Kind, Unsearched

_LOCK = 744_203  # workers that need it first make it one after another
_FTS = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS record_words USING fts5("
    "words, kind UNINDEXED, no UNINDEXED, case_id UNINDEXED, tokenize='unicode61 remove_diacritics 0')"
)
_VECTORS = (
    "CREATE TABLE IF NOT EXISTS record_words (kind TEXT NOT NULL, no INTEGER NOT NULL, case_id TEXT, "
    "words TSVECTOR NOT NULL, PRIMARY KEY (kind, no))"
)
_GIN = "CREATE INDEX IF NOT EXISTS ix_record_words ON record_words USING gin (words)"
_REACHED = "CREATE TABLE IF NOT EXISTS record_words_reached (kind VARCHAR(20) PRIMARY KEY, no INTEGER NOT NULL)"


class RecordSearchRows:
    """``mailflow.steps.ports.search.RecordSearch``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._postgres = connection.dialect.name == "postgresql"

    def prepare(self) -> None:
        if self._there():
            return
        if self._postgres:
            self._run(f"SELECT pg_advisory_xact_lock({_LOCK})")
            self._run(_VECTORS)
            self._run(_GIN)
        else:
            self._run(_FTS)
        self._run(_REACHED)

    def unsearched(self, kind: Kind, limit: int) -> list[Unsearched]:
        reached = self._run("SELECT no FROM record_words_reached WHERE kind = :kind", kind=kind.value).scalar() or 0
        return list(_READ[kind](self._connection, int(reached), limit))

    def put(self, kind: Kind, rows: Sequence[tuple[int, str | None, Sequence[str]]]) -> None:
        if not rows:
            return
        made = [
            {"kind": kind.value, "no": no, "case_id": case_id, "words": self._value(words)}
            for no, case_id, words in rows
            if words
        ]
        as_words = "CAST(:words AS TSVECTOR)" if self._postgres else ":words"
        if made:
            self._connection.execute(
                sa.text(
                    f"INSERT INTO record_words (kind, no, case_id, words) VALUES (:kind, :no, :case_id, {as_words})"
                ),
                made,
            )
        self._run("DELETE FROM record_words_reached WHERE kind = :kind", kind=kind.value)
        last = max(no for no, _, _ in rows)
        self._run("INSERT INTO record_words_reached (kind, no) VALUES (:kind, :no)", kind=kind.value, no=last)

    def find(
        self, phrases: Sequence[Phrase], limit: int, *, case_ids: Iterable[str] | None = None
    ) -> list[tuple[Kind, int, str | None]]:
        if not phrases or not self._there():
            return []
        asked = " & ".join(map(tsquery, phrases)) if self._postgres else " AND ".join(map(match, phrases))
        has = "words @@ CAST(:asked AS TSQUERY)" if self._postgres else "record_words MATCH :asked"
        where, values = "", {"asked": asked, "most": limit}
        if case_ids is not None:
            names = {f"case{place}": case_id for place, case_id in enumerate(case_ids)}
            if not names:
                return []
            where = f" AND case_id IN ({', '.join(f':{name}' for name in names)})"  # our names
            values |= names
        query = f"SELECT kind, no, case_id FROM record_words WHERE {has}{where} ORDER BY no DESC LIMIT :most"
        return [(Kind(kind), int(no), case_id) for kind, no, case_id in self._run(query, **values)]

    def forget(self, kind: Kind, numbers: Iterable[int]) -> None:
        rows = [{"kind": kind.value, "no": number} for number in numbers]
        if rows and self._there():
            self._connection.execute(sa.text("DELETE FROM record_words WHERE kind = :kind AND no = :no"), rows)

    def forget_all(self) -> None:
        if self._there():
            self._run("DELETE FROM record_words")
            self._run("DELETE FROM record_words_reached")

    def _value(self, words: Sequence[str]) -> str:
        if self._postgres:
            return " ".join(f"'{word}':{place}" for place, word in enumerate(words, 1))
        return " ".join(words)

    def _there(self) -> bool:
        known = "pg_tables WHERE tablename" if self._postgres else "sqlite_master WHERE name"
        return bool(self._run(f"SELECT count(*) FROM {known} = 'record_words_reached'").scalar_one())

    def _run(self, statement: str, **values: object) -> Any:
        return self._connection.execute(sa.text(statement), values)


def _letters(connection: Connection, above: int, limit: int) -> Iterable[Unsearched]:
    columns = (letter.c.no, letter.c.case_id, letter.c.subject, letter.c.recipient, letter.c.sha256, letter.c.queued_at)
    query = sa.select(*columns).where(letter.c.no > above).order_by(letter.c.no).limit(limit)
    for row in connection.execute(query):
        yield Unsearched(row.no, row.case_id, row.subject, [row.recipient], row.sha256, row.queued_at)


def _documents(connection: Connection, above: int, limit: int) -> Iterable[Unsearched]:
    query = sa.select(document).where(document.c.no > above).order_by(document.c.no).limit(limit)
    for row in connection.execute(query):
        record = row.record
        said = [record.get("document_no"), *((record.get(side) or {}).get("name") for side in ("issuer", "recipient"))]
        for line in record.get("lines", ())[:2_000]:
            said += [line.get("reference"), line.get("description"), *line.get("other_references", ())]
        yield Unsearched(row.no, row.case_id, row.name, [str(one) for one in said if one], None, row.kept_at)


def _decisions(connection: Connection, above: int, limit: int) -> Iterable[Unsearched]:
    query = sa.select(journal.c.no, journal.c.subject, journal.c.canonical).where(journal.c.no > above)
    for row in connection.execute(query.order_by(journal.c.no).limit(limit)):
        content = json.loads(row.canonical)
        case_id = row.subject[5:] if row.subject.startswith("case:") else None
        title = content["action"].replace(".", " ").replace("_", " ")
        said = [str(value) for value in content["facts"].values() if isinstance(value, str | int | float)]
        yield Unsearched(row.no, case_id, title, [content["actor"], *said], None, content["at"])


_READ = {Kind.LETTER: _letters, Kind.DOCUMENT: _documents, Kind.DECISION: _decisions}
