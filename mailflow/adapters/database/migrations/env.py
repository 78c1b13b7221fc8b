"""Alembic's entry: runs the migrations over the connection that ``migrate.py`` hands in."""

from __future__ import annotations

from alembic import context

from mailflow.adapters.database import unit_of_work  # noqa: F401  (imports every table)
from mailflow.adapters.database.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite alters a table by copying it
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
