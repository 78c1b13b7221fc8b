"""``mailflow init`` writes a configuration that mailflow can read, and never overwrites one."""

import pytest

from mailflow.cli.init_command import _set
from mailflow.cli.main import main
from mailflow.settings import load


def test_the_defaults_are_a_valid_configuration(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["init", "--yes"]) == 0
    assert load("mailflow.toml", {}).mailbox[0].name == "finance"


def test_a_file_that_is_there_is_never_overwritten(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mailflow.toml").write_text("mine")
    assert main(["init", "--yes"]) == 2
    assert (tmp_path / "mailflow.toml").read_text() == "mine"
    assert capsys.readouterr().err.count("\n") == 1


def test_answers_land_in_their_own_section(tmp_path, monkeypatch):
    answers = iter(
        ['示例 "A" 公司', "en", "", "smtp.example.com", "465", "user", "ar@x.example", "imap.example.com", "", "me", ""]
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda question: next(answers))
    assert main(["init"]) == 0
    settings = load("mailflow.toml", {})
    assert settings.company.name == '示例 "A" 公司'
    assert (settings.smtp.host, settings.smtp.security) == ("smtp.example.com", "tls")
    assert (settings.mailbox[0].host, settings.mailbox[0].port, settings.mailbox[0].username) == (
        "imap.example.com", 993, "me",
    )  # fmt: skip


def test_who_signs_in_by_a_provider_is_led_to_it_at_once(tmp_path, monkeypatch):
    answers = iter(["", "", "", "smtp.office365.com", "587", "ar@x.example", "ar@x.example",
                    "outlook.office365.com", "", "ar@x.example", "microsoft365", "0f1e-client"])  # fmt: skip
    asked = []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda question: next(answers))
    monkeypatch.setattr("mailflow.cli.init_command.sign_in", lambda providers: asked.extend(providers) or 0)
    assert main(["init"]) == 0
    settings = load("mailflow.toml", {})
    assert settings.smtp.oauth == settings.mailbox[0].oauth == "microsoft365"
    assert settings.mailbox[0].oauth_client_id == "0f1e-client" and asked == ["ar@x.example"]


@pytest.mark.parametrize("section", ["smtp", "mailbox"])
def test_one_key_of_one_section_changes_and_comments_stay(section):
    text = '[smtp]\nhost = "a" # one\n[[mailbox]]\nhost = "b" # two\n'
    changed = _set(text, section, "host", "c")
    assert changed.count('"c"') == 1 and "# one" in changed and "# two" in changed
