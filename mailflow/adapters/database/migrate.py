"""Brings a database to the schema of this version, by Alembic's migrations; existing rows stay.

An empty database gets all tables at once and is stamped with the newest revision, which a test compares with the way
through the migrations. ``scripts/new_migration "what changes"`` writes the next one.
"""

from __future__ import annotations

import warnings
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection, Engine

from mailflow.adapters.database import engine as engines
from mailflow.adapters.database import unit_of_work  # noqa: F401  (imports every table)
from mailflow.adapters.database.schema import metadata
from mailflow.refusals import Refusal

_SCRIPTS = Path(__file__).parent / "migrations"
_LOCK = 744_201  # processes that start together bring the schema up one after another


def configuration(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def bring_up_to_date(engine: Engine) -> None:
    """Idempotent. Raises :class:`mailflow.refusals.Unreachable` when the database cannot be opened and
    :class:`Refusal` when it was written by a newer mailflow."""
    newest = ScriptDirectory.from_config(configuration()).get_current_head()
    with engines.reading(engine) as connection:
        if MigrationContext.configure(connection).get_current_revision() == newest:
            return
    with engines.writing(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        present = MigrationContext.configure(connection).get_current_revision()
        if present == newest:
            return
        if present is None and not sa.inspect(connection).has_table("journal"):
            metadata.create_all(connection)
            command.stamp(configuration(connection), "head")
        else:
            upgrade(connection, present)


def upgrade(connection: Connection, present: str | None) -> None:
    scripts = ScriptDirectory.from_config(configuration())
    if present is not None and present not in {script.revision for script in scripts.walk_revisions()}:
        raise Refusal(
            f"this database was written by a newer mailflow (schema {present}); "
            "install that version, or restore a backup"
        )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what SQLite cannot alter is copied, and said so
        command.upgrade(configuration(connection), "head")
