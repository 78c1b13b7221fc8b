"""The way through the migrations and the tables in code give the same database."""

import threading

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from mailflow.adapters.database.engine import open_engine, writing
from mailflow.adapters.database.migrate import bring_up_to_date, upgrade
from mailflow.adapters.database.schema import metadata
from mailflow.refusals import Refusal


def test_migrating_from_nothing_gives_the_tables_that_the_code_declares(database_url):
    engine = open_engine(database_url)
    with writing(engine) as connection:
        upgrade(connection, None)
    with writing(engine) as connection:
        ours = {table.name for table in metadata.sorted_tables}
        context = MigrationContext.configure(
            connection, opts={"include_name": lambda name, kind, parent: kind != "table" or name in ours}
        )
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_bringing_up_to_date_twice_changes_nothing(database_url):
    engine = open_engine(database_url)
    for _ in range(2):
        bring_up_to_date(engine)
    with writing(engine) as connection:
        assert MigrationContext.configure(connection).get_current_revision() is not None
    engine.dispose()


def test_a_database_of_a_newer_mailflow_is_refused_and_left_alone(database_url):
    engine = open_engine(database_url)
    bring_up_to_date(engine)
    with writing(engine) as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Refusal, match="newer mailflow"):
        bring_up_to_date(engine)
    engine.dispose()


def test_processes_that_start_together_agree(database_url):
    engines = [open_engine(database_url) for _ in range(4)]
    failures = []

    def start(engine):
        try:
            bring_up_to_date(engine)
        except Exception as failure:
            failures.append(failure)

    threads = [threading.Thread(target=start, args=(engine,)) for engine in engines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    for engine in engines:
        engine.dispose()
