"""One UNIQUE key per effect: an insert that changes nothing when the key is there already, on both databases."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection


def insert_once(connection: Connection, table: sa.Table, **values: Any) -> bool:
    """True when the row is new, False when any unique key of it was taken."""
    make = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    result = connection.execute(make(table).values(**values).on_conflict_do_nothing())
    return result.rowcount == 1
