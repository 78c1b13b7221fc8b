"""One UNIQUE key per effect: an insert that changes nothing when the key is there already, on both databases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection


def insert_once(connection: Connection, table: sa.Table, **values: Any) -> bool:
    """True when the row is new, False when any unique key of it was taken."""
    make: Any = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    # RETURNING, not rowcount: psycopg does not count rows where SQLAlchemy asks for the key by itself
    insert = make(table).values(**values).on_conflict_do_nothing().returning(sa.literal_column("1"))
    return connection.execute(insert).first() is not None


def insert_many_new(connection: Connection, table: sa.Table, rows: Sequence[dict[str, Any]]) -> int:
    """As :func:`insert_many_once`, for many rows; how many keys were free. SQLite is quicker without RETURNING."""
    if connection.dialect.name == "postgresql" or not rows:
        return len(insert_many_once(connection, table, rows, tuple(table.primary_key.columns)[:1]))
    insert = sqlite.insert(table).on_conflict_do_nothing().execution_options(preserve_rowcount=True)
    return int(connection.execute(insert, list(rows)).rowcount)


def insert_many_once(
    connection: Connection, table: sa.Table, rows: Sequence[dict[str, Any]], told: Sequence[sa.ColumnElement[Any]]
) -> list[Any]:
    """Inserts those of ``rows`` whose unique keys are free; of these, the columns ``told``."""
    if not rows:
        return []
    make: Any = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    return list(connection.execute(make(table).on_conflict_do_nothing().returning(*told), list(rows)))
