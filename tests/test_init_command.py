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
        ['示例 "A" 公司', "en", "", "smtp.example.com", "465", "user", "ar@x.example", "imap.example.com", "", "me"]
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


@pytest.mark.parametrize("section", ["smtp", "mailbox"])
def test_one_key_of_one_section_changes_and_comments_stay(section):
    text = '[smtp]\nhost = "a" # one\n[[mailbox]]\nhost = "b" # two\n'
    changed = _set(text, section, "host", "c")
    assert changed.count('"c"') == 1 and "# one" in changed and "# two" in changed
