"""The words of messages: FTS5 on SQLite, a ``tsvector`` with a GIN index on PostgreSQL.

Neither is a plain table, so it is not among the migrations: it is made when first needed and can be filled again at any
time (``mailflow search --rebuild``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from mailflow.correspondence.search_words import Phrase

_LOCK = 744_202  # workers that need it first make it one after another
_FTS = "CREATE VIRTUAL TABLE IF NOT EXISTS message_words USING fts5(words, tokenize='unicode61 remove_diacritics 0')"
_VECTORS = "CREATE TABLE IF NOT EXISTS message_words (message INTEGER PRIMARY KEY, words TSVECTOR NOT NULL)"
_GIN = "CREATE INDEX IF NOT EXISTS ix_message_words ON message_words USING gin (words)"

_PUT_VECTOR = sa.text(
    "INSERT INTO message_words (message, words) VALUES (:no, CAST(:words AS TSVECTOR)) "
    "ON CONFLICT (message) DO UPDATE SET words = EXCLUDED.words"
)
_PUT_WORDS = sa.text("INSERT OR REPLACE INTO message_words (rowid, words) VALUES (:no, :words)")


class SearchRows:
    """``mailflow.steps.ports.search.Search``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._postgres = connection.dialect.name == "postgresql"
        self._made = False

    def put(self, message: int, words: Iterable[str]) -> None:
        self.put_many({message: list(words)})

    def put_many(self, words: Mapping[int, Sequence[str]]) -> None:
        if not words:
            return
        self._make()
        if self._postgres:
            vectors = [
                {"no": message, "words": " ".join(f"'{word}':{place}" for place, word in enumerate(found, 1))}
                for message, found in words.items()
            ]
            self._connection.execute(_PUT_VECTOR, vectors)
            return
        texts = [{"no": message, "words": " ".join(found)} for message, found in words.items()]
        self._connection.execute(_PUT_WORDS, texts)

    def find(self, phrases: Sequence[Phrase], limit: int, *, case_ids: Iterable[str] | None = None) -> list[int]:
        if not phrases or not self._there():
            return []
        asked = " & ".join(map(tsquery, phrases)) if self._postgres else " AND ".join(map(match, phrases))
        key = "message" if self._postgres else "rowid"
        has = "words @@ CAST(:asked AS TSQUERY)" if self._postgres else "message_words MATCH :asked"
        where, values = "", {"asked": asked, "most": limit}
        if case_ids is not None:
            names = {f"case{place}": case_id for place, case_id in enumerate(case_ids)}
            if not names:
                return []
            listed = ", ".join(f":{name}" for name in names)
            where = f" AND {key} IN (SELECT no FROM message WHERE case_id IN ({listed}))"  # our names
            values |= names
        query = f"SELECT {key} FROM message_words WHERE {has}{where} ORDER BY {key} DESC LIMIT :most"
        return [int(no) for (no,) in self._connection.execute(sa.text(query), values)]

    def count(self) -> int:
        if not self._there():
            return 0
        return int(self._connection.execute(sa.text("SELECT count(*) FROM message_words")).scalar_one())

    def _there(self) -> bool:
        known = "pg_tables WHERE tablename" if self._postgres else "sqlite_master WHERE name"
        query = f"SELECT count(*) FROM {known} = 'message_words'"
        return bool(self._connection.execute(sa.text(query)).scalar_one())

    def _make(self) -> None:
        if self._made:
            return
        self._made = True
        if not self._postgres:
            self._run(_FTS)
        elif not self._there():
            self._run(f"SELECT pg_advisory_xact_lock({_LOCK})")
            self._run(_VECTORS)
            self._run(_GIN)

    def _run(self, statement: str, **values: object) -> None:
        self._connection.execute(sa.text(statement), values)


def match(phrase: Phrase) -> str:
    """FTS5's own language; words are letters and digits only, so nothing in them can be taken for syntax."""
    return f'"{" ".join(phrase.words)}"{" *" if phrase.open else ""}'


def tsquery(phrase: Phrase) -> str:
    words = [f"'{word}'" for word in phrase.words]
    if phrase.open:
        words[-1] += ":*"
    return f"({' <-> '.join(words)})"
