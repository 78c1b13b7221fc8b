"""The demo's month, played once for real (IMAP, SMTP, parser child, database); each test gets a copy of its own."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from mailflow.bootstrap import House, open_house
from mailflow.demo.loop import Demo
from mailflow.steps.manage_people import create_account
from mailflow.steps.ports.people import Role
from mailflow.web.app import create_app
from mailflow.web.entrance import Entrance


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


@pytest.fixture
def desk(house: House) -> Callable[[str], TestClient]:
    """Comes to the console as the account that is named like its role."""
    for role in Role:
        create_account(house.database, role.value, "a long enough password", role, by="test", at=house.clock.now())
    entrance = Entrance()
    app = create_app(house, entrance)

    def come(name: str) -> TestClient:
        client = TestClient(app, base_url="http://127.0.0.1", follow_redirects=False)
        client.get(entrance.link_for(name))
        return client

    return come
