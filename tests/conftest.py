"""Fixtures of the whole suite. Servers are real, private, on loopback, and started once a run when first asked for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from mailflow.steps import passwords
from tests.servers import dovecot as dovecot_server
from tests.servers import postgres as postgres_server

# The quick run decides whether a change lands, so it tries the same examples everywhere; ``--long`` looks for new ones.
# How long the making of an example takes says nothing about the program where other work fills the machine.
settings.register_profile(
    "mailflow",
    derandomize=not os.environ.get("MAILFLOW_TEST_LONG"),
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("mailflow")
passwords.COST = passwords.Cost(memory=32, passes=1)  # what a try costs is judged in tests/steps/test_passwords.py


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Long and browser tests run under ``./test --long`` only; what is skipped is printed, never silent."""
    if os.environ.get("MAILFLOW_TEST_LONG"):
        return
    kept = [item for item in items if not ({"long", "browser"} & {mark.name for mark in item.iter_markers()})]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What the long tests counted stands at the end of the run, whichever process they ran in."""
    for report in terminalreporter.getreports("passed"):
        if "long" in report.keywords and (said := " · ".join(report.capstdout.split("\n")).strip(" ·")):
            terminalreporter.write_line(f"{report.nodeid.rpartition('::')[2]}: {said}")


@pytest.fixture(scope="session")
def dovecot_running() -> Iterator[dovecot_server.Dovecot]:
    if not dovecot_server.installed():
        pytest.skip("Dovecot is not installed; ./test installs it (dovecot-imapd dovecot-lmtpd)")
    server = dovecot_server.Dovecot()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def dovecot(dovecot_running: dovecot_server.Dovecot) -> dovecot_server.Account:
    """A fresh, empty mailbox on a real Dovecot; ``.deliver(raw)`` sends a mail to it over SMTP."""
    return dovecot_running.account()


@pytest.fixture(scope="session")
def postgres_running() -> Iterator[postgres_server.Postgres]:
    if postgres_server.binaries() is None:
        pytest.skip("PostgreSQL is not installed; ./test installs it (postgresql)")
    server = postgres_server.Postgres()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def postgres_url(postgres_running: postgres_server.Postgres) -> str:
    """The URL of an empty PostgreSQL database of this test's own."""
    return postgres_running.fresh_database()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The same test on both databases: the URL of an empty one."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/mailflow.db"
    return request.getfixturevalue("postgres_url")  # type: ignore[no-any-return]
