"""The demo's month, played once for real (IMAP, SMTP, parser child, database); each test gets a copy of its own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from mailflow.bootstrap import House, open_house
from mailflow.demo.loop import Demo


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("played")
    demo = Demo(directory, 0)
    demo.start()
    try:
        told = demo.play()
    finally:
        demo.stop()
    assert not told.missing
    return directory


@pytest.fixture
def house(played: Path, tmp_path: Path) -> Iterator[House]:
    directory = tmp_path / "house"
    shutil.copytree(played, directory)
    house = open_house(str(directory / "mailflow.toml"))
    yield house
    house.close()
