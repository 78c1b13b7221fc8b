"""Brings a database to the schema of this version."""

from __future__ import annotations

from sqlalchemy.engine import Engine

from mailflow.adapters.database import unit_of_work  # noqa: F401  (imports every table)
from mailflow.adapters.database.schema import metadata


def bring_up_to_date(engine: Engine) -> None:
    """Makes what is missing; existing rows stay."""
    metadata.create_all(engine)
