"""``mailflow send`` and ``mailflow outbox`` as a person and a script meet them."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from mailflow.cli.main import main
from tests.servers.scripted_smtp import DROP, Do, ScriptedSmtp
from tests.servers.sending_office import Office


class Desk:
    """An outbox and the configuration that names it; no mailbox, so no Sent folder to ask."""

    def __init__(self, directory) -> None:
        self._directory, self.config = directory, directory / "mailflow.toml"
        self.office = Office(f"sqlite:///{directory}/mailflow.db", directory / "archive")
        self.office.clock.instant = dt.datetime.now(dt.UTC)

    def point_at(self, port: int) -> None:
        self.config.write_text(
            f'[company]\nname = "Huaxing"\n[smtp]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\n'
        )

    def run(self, *words: str) -> int:
        return main([words[0], "--config", str(self.config), *words[1:]])


@pytest.fixture
def desk(tmp_path):
    made = Desk(tmp_path)
    yield made
    made.office.database.engine.dispose()


def test_send_once_sends_all_that_is_due_and_says_so(desk, capsys):
    desk.office.queue("a@x.example", "b@x.example")
    with ScriptedSmtp() as server:
        desk.point_at(server.port)
        assert desk.run("send", "--once") == 0
        assert capsys.readouterr().out == "2 sent\n"
        assert desk.run("send", "--once", "--json") == 0
    assert json.loads(capsys.readouterr().out)["accepted"] == []
    assert len(server.mails) == 2


def test_a_mail_server_that_is_down_is_one_sentence_and_exit_code_3(desk, capsys):
    desk.office.queue("a@x.example")
    with ScriptedSmtp() as server:
        desk.point_at(server.port)
    assert desk.run("send", "--once") == 3
    said = capsys.readouterr().err.strip().splitlines()
    assert len(said) == 1 and f"127.0.0.1:{server.port}" in said[0] and "goes out when it answers again" in said[0]
    assert desk.office.states() == ["queued"]


def test_a_letter_in_doubt_is_listed_and_a_person_settles_it(desk, capsys):
    desk.office.queue("a@x.example", "b@x.example")
    with ScriptedSmtp(lambda now, session: DROP if now == "taken" else None) as server:
        desk.point_at(server.port)
        assert desk.run("send", "--once") == 1
    assert "2 in doubt" in capsys.readouterr().out
    assert desk.run("outbox", "list", "--state", "in_doubt") == 1
    assert "in_doubt" in capsys.readouterr().out
    assert desk.run("outbox", "settle", "1", "--sent", "--by", "chen") == 0
    assert desk.run("outbox", "settle", "2", "--resend", "--by", "chen") == 0
    assert desk.run("outbox", "settle", "2", "--resend") == 2
    capsys.readouterr()
    with ScriptedSmtp() as server:
        desk.point_at(server.port)
        assert desk.run("send", "--once") == 0
        assert server.ids == [desk.office.letter(2).message_id]
    assert desk.run("outbox", "list", "--json") == 0
    found = json.loads(capsys.readouterr().out.split("\n", 1)[1])
    assert [(one["state"], one["settled_by"]) for one in found["letters"]] == [
        ("accepted", "chen"), ("accepted", "server"),
    ]  # fmt: skip


def test_settle_wants_to_know_what_was_found_out(desk, capsys):
    desk.point_at(1)
    assert desk.run("outbox", "settle", "1") == 2
    assert "--sent" in capsys.readouterr().err
    assert desk.run("outbox", "settle") == 2
    assert desk.run("outbox", "settle", "9", "--sent") == 2
    assert "no letter 9" in capsys.readouterr().err


def test_nothing_is_sent_while_it_is_held_and_everybody_sees_why(desk, capsys):
    desk.office.queue("a@x.example")
    with ScriptedSmtp() as server:
        desk.point_at(server.port)
        assert desk.run("outbox", "hold", "--why", "wrong bank account on the letters", "--by", "chen") == 0
        assert desk.run("send", "--once") == 1
        assert "wrong bank account" in capsys.readouterr().out
        assert desk.run("outbox") == 1
        assert "wrong bank account" in capsys.readouterr().out
        assert server.mails == []
        assert desk.run("outbox", "resume") == 0
        assert desk.run("send", "--once") == 0
        assert len(server.mails) == 1
    assert [action for action in desk.office.journal() if action.startswith("sending")] == [
        "sending.held", "sending.resumed",
    ]  # fmt: skip


def test_a_waiting_letter_is_withdrawn_and_one_that_left_is_not(desk, capsys):
    desk.office.queue("a@x.example", "b@x.example")
    desk.point_at(1)
    assert desk.run("outbox", "cancel", "1", "--by", "chen") == 0
    with ScriptedSmtp() as server:
        desk.point_at(server.port)
        desk.run("send", "--once")
    assert desk.run("outbox", "cancel", "2") == 2
    assert "only one that still waits" in capsys.readouterr().err
    assert desk.office.states() == ["cancelled", "accepted"]


def test_a_wrong_password_is_said_with_what_to_wait_for(desk, capsys):
    desk.office.queue("a@x.example")
    with ScriptedSmtp(
        lambda now, session: Do("535 5.7.8 authorisation code wrong") if now == "mail" else None
    ) as server:
        desk.point_at(server.port)
        assert desk.run("send", "--once") == 1
    assert "sending is held until" in capsys.readouterr().out
