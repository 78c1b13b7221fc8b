"""Requests that schemathesis makes up from the API's own description: no answer of 5xx, none that is not described.

schemathesis is no dependency (30 packages): ``python -m venv D; D/bin/pip install schemathesis``, then with
``SCHEMATHESIS=D/bin/schemathesis MAILFLOW_TEST_LONG=1 pytest tests/web/test_generated_requests.py``; else skipped.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from mailflow.bootstrap import House
from mailflow.steps.manage_people import create_account, issue_token
from mailflow.steps.ports.people import Role
from mailflow.web.server import ConsoleServer

pytestmark = [pytest.mark.long, pytest.mark.timeout(3600)]

SECONDS = 3000  # of one run, on a busy machine
EXAMPLES = os.environ.get("SCHEMATHESIS_EXAMPLES", "25")  # of each operation and phase
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,ignored_auth"


@pytest.fixture
def schemathesis() -> str:
    found = os.environ.get("SCHEMATHESIS") or shutil.which("schemathesis")
    if not found:
        pytest.skip("schemathesis is not installed; the head of this file says how")
    return found


@pytest.fixture(autouse=True)
def any_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILFLOW_WEB__PORT", "0")  # read when the house is opened


@pytest.fixture
def server(house: House) -> Iterator[ConsoleServer]:
    server = ConsoleServer(house)
    server.start()
    yield server
    server.stop()


@pytest.mark.parametrize("role", list(Role))
def test_nothing_breaks_and_every_answer_is_as_described(
    role: Role, house: House, server: ConsoleServer, schemathesis: str, tmp_path: Path
) -> None:
    account = create_account(house.database, "program", "a long enough password", role, by="t", at=house.clock.now())
    token = issue_token(house.database, account, "schemathesis", role, days=1, at=house.clock.now())
    before = _marks(house)
    made = subprocess.run(
        [
            schemathesis, "run", f"{server.address}api/openapi.json", "-H", f"Authorization: Bearer {token}",
            "--checks", CHECKS, "--phases", "examples,coverage,fuzzing", "--max-examples", EXAMPLES,
            "--generation-deterministic", "--continue-on-failure", "--no-color", "--request-timeout", "120",
            "--suppress-health-check", "all", "--warnings", "off",
        ],
        cwd=tmp_path, capture_output=True, text=True, timeout=SECONDS,
    )  # fmt: skip
    print(made.stdout[-3000:])
    assert made.returncode == 0, made.stdout[-8000:] + made.stderr[-2000:]
    if role is Role.VIEWER:
        assert _marks(house) == before


def _marks(house: House) -> object:
    """What every writing step moves: the journal, the messages, the tasks; the letters."""
    with house.database.reading() as work:
        return work.browse.marks(), sorted((state.value, count) for state, count in work.outbox.counts().items())
