"""The configuration: what is wrong is said in one sentence that names the place and the cure."""

import pytest

from mailflow.refusals import Refusal
from mailflow.settings import load, resolve_secret

MINIMAL = """
[company]
name = "华星贸易有限公司"
[smtp]
host = "127.0.0.1"
port = 2525
security = "none"
[[mailbox]]
name = "finance"
address = "ar@huaxing.example"
host = "127.0.0.1"
port = 1143
security = "none"
username = "ar"
password = "env:IMAP_PASSWORD"
"""


@pytest.fixture
def written(tmp_path):
    def write(text, encoding="utf-8"):
        file = tmp_path / "mailflow.toml"
        file.write_text(text, encoding=encoding)
        return str(file)

    return write


def refused(path, environment=None):
    with pytest.raises(Refusal) as refusal:
        load(path, environment or {})
    sentence = str(refusal.value)
    assert "\n" not in sentence
    return sentence


def test_a_variable_overrides_one_value_and_keeps_the_others(written):
    settings = load(written(MINIMAL), {"MAILFLOW_SMTP__HOST": "localhost", "MAILFLOW_REMINDERS__AFTER_DAYS": "[1, 2]"})
    assert (settings.smtp.host, settings.smtp.port) == ("localhost", 2525)
    assert settings.reminders.after_days == [1, 2]


def test_a_mailbox_is_overridden_by_its_place_or_its_name(written):
    environment = {"MAILFLOW_MAILBOX__0__PORT": "1999", "MAILFLOW_MAILBOX__FINANCE__USERNAME": "other"}
    box = load(written(MINIMAL), environment).mailbox[0]
    assert (box.port, box.username, box.address) == (1999, "other", "ar@huaxing.example")


def test_a_mistyped_variable_is_warned_about(written):
    assert "MAILFLOW_SMPT__HOST" in load(written(MINIMAL), {"MAILFLOW_SMPT__HOST": "x"}).warnings[0]


def test_an_unknown_key_is_named_with_the_nearest_known_one(written):
    sentence = refused(written(MINIMAL.replace("port = 2525", "prot = 2525")))
    assert "smtp.prot" in sentence and "'port'" in sentence


def test_a_file_that_is_not_there_is_named(tmp_path):
    assert "absent.toml" in refused(str(tmp_path / "absent.toml"))


def test_a_gbk_file_is_refused_with_its_cure_and_a_bom_is_no_matter(written):
    assert "UTF-8" in refused(written(MINIMAL, "gb18030"))
    assert load(written(MINIMAL, "utf-8-sig"), {}).company.name == "华星贸易有限公司"


def test_broken_toml_is_refused_with_its_line(written):
    assert "line 3" in refused(written("[company]\nname = 'x'\nlanguage = zh\n"))


def test_plain_text_connections_leave_this_machine_never(written):
    assert "in the clear" in refused(written(MINIMAL.replace('host = "127.0.0.1"\nport = 2525', 'host = "mx.example"')))


def test_a_password_in_the_file_is_refused_without_repeating_it(written):
    sentence = refused(written(MINIMAL.replace("env:IMAP_PASSWORD", "hunter2")))
    assert "password" in sentence and "hunter2" not in sentence


def test_an_unknown_time_zone_is_refused(written):
    assert "Asia/Shanghai" in refused(written(MINIMAL.replace("[smtp]", 'timezone = "Peking"\n[smtp]')))


def test_two_mailboxes_of_one_name_are_refused(written):
    box = MINIMAL[MINIMAL.index("[[mailbox]]") :]
    assert "same name" in refused(written(MINIMAL + box))


def test_secrets_come_from_a_variable_or_a_file(tmp_path, monkeypatch):
    monkeypatch.setenv("SOME_SECRET", "from the environment")
    (tmp_path / "secret").write_text("from a file\n")
    assert resolve_secret("env:SOME_SECRET", tmp_path).get_secret_value() == "from the environment"
    assert resolve_secret("file:secret", tmp_path).get_secret_value() == "from a file"
    with pytest.raises(Refusal, match="ABSENT_SECRET"):
        resolve_secret("env:ABSENT_SECRET", tmp_path)


def test_the_example_configuration_is_valid():
    from mailflow.resources import config_directory

    assert load(str(config_directory() / "mailflow.example.toml"), {}).statements.schedule == "0 9 1 * *"


def test_oauth_without_the_id_of_an_application_is_refused(tmp_path):
    file = tmp_path / "mailflow.toml"
    file.write_text('[company]\nname = "x"\n[smtp]\nhost = "smtp.office365.com"\noauth = "microsoft365"\n')
    with pytest.raises(Refusal, match="needs oauth_client_id"):
        load(str(file), {})
