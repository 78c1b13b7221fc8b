"""``mailflow token`` and ``mailflow webhook`` as an administrator types them."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path

import pytest

from mailflow.bootstrap import open_house
from mailflow.cli.main import main
from mailflow.steps.manage_people import bearer, create_account
from mailflow.steps.ports.people import Role


@pytest.fixture
def config(tmp_path: Path) -> str:
    file = tmp_path / "mailflow.toml"
    file.write_text('[company]\nname = "Huaxing"\n', encoding="utf-8")
    house = open_house(str(file))
    create_account(house.database, "anna", "a long enough password", Role.CLERK, by="t", at=house.clock.now())
    house.close()
    return str(file)


def test_a_token_is_shown_once_counts_and_is_revoked(config: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["token", "--config", config, "create", "anna", "--label", "erp", "--role", "clerk"]) == 0
    token = capsys.readouterr().out.strip()
    house = open_house(config)
    account = bearer(house.database, token, house.clock.now())
    assert account is not None and (account.name, account.role) == ("anna", Role.CLERK)
    assert main(["token", "--config", config, "list", "--json"]) == 0
    told = capsys.readouterr().out
    assert json.loads(told)[0]["label"] == "erp" and token not in told
    assert main(["token", "--config", config, "revoke", "1"]) == 0
    assert bearer(house.database, token, house.clock.now()) is None
    assert main(["token", "--config", config, "revoke", "1"]) == 2
    with house.database.reading() as work:
        actions = [entry.action for entry in work.journal.recent(2)]
    assert actions == ["token.forgotten", "token.issued"]
    house.close()


def test_a_token_may_not_do_more_than_its_account(config: str, capsys: pytest.CaptureFixture[str]) -> None:
    wanted = ["token", "--config", config, "create", "anna", "--label", "erp", "--role", "administrator"]
    assert main(wanted) == 2
    assert "no more than the person" in capsys.readouterr().err
    assert main(["token", "--config", config, "create", "nobody", "--label", "erp"]) == 2


def test_a_webhook_is_added_listed_and_switched_off(config: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["webhook", "--config", config, "add", "erp", "http://127.0.0.1:9/x", "--event", "task.raised"]) == 0
    assert "whsec_" in capsys.readouterr().out
    assert main(["webhook", "--config", config, "list", "--json"]) == 0
    told = capsys.readouterr().out
    assert json.loads(told)[0]["events"] == ["task.raised"] and "whsec_" not in told
    assert main(["webhook", "--config", config, "send"]) == 0
    assert main(["webhook", "--config", config, "off", "1"]) == 0
    assert main(["webhook", "--config", config, "off", "1"]) == 2
    assert main(["webhook", "--config", config, "add", "erp2", "http://erp.example/"]) == 2
    assert "only https" in capsys.readouterr().err
    assert main(["webhook", "--config", config, "deliveries", "--all"]) == 0


def test_a_webhook_of_the_configuration_is_followed(config: str, capsys: pytest.CaptureFixture[str]) -> None:
    with Path(config).open("a", encoding="utf-8") as file:
        file.write('[[webhook]]\nname = "erp"\nurl = "https://erp.example/"\nevents = ["case.changed"]\n')
    assert main(["webhook", "--config", config, "send"]) == 0
    capsys.readouterr()
    assert main(["webhook", "--config", config, "list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["from_settings"] is True


def test_a_backup_holds_no_key_that_signs_sessions(config: str, tmp_path: Path) -> None:
    """Whoever finds one could else sign in as anybody; the key of reply tokens (and of webhooks) is in it."""
    house = open_house(config)
    assert house.session_key and house.token_key
    house.close()
    assert main(["backup", "--config", config, str(tmp_path / "b.tar")]) == 0
    with tarfile.open(tmp_path / "b.tar") as backup:
        names = backup.getnames()
    assert "archive/token.key" in names and not [name for name in names if "session" in name]
