"""A backup is taken, days pass, the machine is lost, the backup comes back: nothing goes out or comes in twice."""

from __future__ import annotations

import datetime as dt
import io
import json
import tarfile
from pathlib import Path

import pytest

from mailflow.bootstrap import House, open_house
from mailflow.cli.main import main
from mailflow.steps.ports.mailroom import MessageState
from tests.servers.scripted_smtp import ScriptedSmtp
from tests.servers.sending_office import KEY, Office


class Machine:
    """One directory with a configuration; ``run`` is what a person types."""

    def __init__(self, directory: Path, url: str | None, smtp: int = 1, mailbox: object = None) -> None:
        directory.mkdir(parents=True)
        self.directory, self.config = directory, directory / "mailflow.toml"
        self.url = url or f"sqlite:///{directory}/mailflow.db"
        lines = [
            '[company]\nname = "Huaxing"\n[database]', f'url = "{self.url}"',
            f'[smtp]\nhost = "127.0.0.1"\nport = {smtp}\nsecurity = "none"\n',
        ]  # fmt: skip
        if mailbox is not None:
            (directory / "password").write_text(mailbox.password)
            lines.append(
                f'[[mailbox]]\nname = "finance"\naddress = "{mailbox.address}"\nhost = "{mailbox.host}"\n'
                f'port = {mailbox.imap_port}\nsecurity = "none"\nusername = "{mailbox.address}"\n'
                'password = "file:password"\n'
            )
        self.config.write_text("\n".join(lines))
        self.opened: list[House] = []

    def run(self, *words: str) -> int:
        return main([words[0], "--config", str(self.config), *words[1:]])

    def office(self) -> Office:
        made = Office(self.url, self.directory / "archive")
        made.clock.instant = dt.datetime.now(dt.UTC)
        (self.directory / "archive" / "token.key").write_text(KEY.hex())
        return made

    def house(self) -> House:
        return open_house(str(self.config))

    def states(self) -> list[str]:
        with self.house().database.reading() as work:
            return [letter.state.value for letter in work.outbox.letters()]

    def messages(self) -> list[str]:
        with self.house().database.reading() as work:
            return sorted(message.subject for message in work.mailroom.messages())


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def urls(request: pytest.FixtureRequest) -> list[str | None]:
    """For two machines."""
    if request.param == "sqlite":
        return [None, None]
    server = request.getfixturevalue("postgres_running")
    return [server.fresh_database(), server.fresh_database()]


def test_letters_that_went_out_since_the_backup_never_go_out_again(tmp_path, urls, capsys):
    with ScriptedSmtp() as server:
        old = Machine(tmp_path / "old", urls[0], server.port)
        office = old.office()
        office.queue(*(f"r{place}@x.example" for place in range(20)))
        assert old.run("backup", str(tmp_path / "b.tar")) == 0
        assert old.run("send", "--once") == 0
        assert len(server.mails) == 20
        office.database.engine.dispose()
        new = Machine(tmp_path / "new", urls[1], server.port)
        assert new.run("restore", str(tmp_path / "b.tar")) == 1
        assert "20 letters waited" in capsys.readouterr().out
        assert new.run("send", "--once") == 1
        assert "held" in capsys.readouterr().out
        assert new.run("outbox", "resume") == 0
        assert new.run("send", "--once") == 1
        assert new.states() == ["in_doubt"] * 20
        assert len(server.mails) == 20  # no person has said that they did not go out
        assert new.run("outbox", "settle", "1", "--resend") == 0
        new.run("send", "--once")
        assert len(server.mails) == 21 and new.states().count("accepted") == 1


def test_a_letter_made_anew_after_the_restore_is_asked_about_before_it_goes_out(tmp_path, capsys):
    with ScriptedSmtp() as server:
        old = Machine(tmp_path / "old", None, server.port)
        old.office().queue("a@x.example")
        old.run("send", "--once")
        assert old.run("backup", str(tmp_path / "b.tar")) == 0
        old.office().queue("b@x.example")  # in the days that are lost
        old.run("send", "--once")
        new = Machine(tmp_path / "new", None, server.port)
        assert new.run("restore", str(tmp_path / "b.tar")) == 0
        new.run("outbox", "resume")
        again = Office(new.url, new.directory / "archive")
        again.clock.instant = dt.datetime.now(dt.UTC)
        again.queue("b@x.example")  # what runs again after the restore
        new.run("send", "--once")
        assert new.states() == ["accepted", "in_doubt"] and len(server.mails) == 2


@pytest.mark.dovecot
@pytest.mark.xdist_group("dovecot")
def test_mail_is_not_taken_in_twice_and_the_sent_folder_settles_what_went_out(tmp_path, dovecot, capsys):
    def mail(number: int) -> bytes:
        return (
            f"From: c@outside.example\r\nTo: {dovecot.address}\r\nSubject: mail {number}\r\n"
            f"Message-ID: <{number}@outside.example>\r\n\r\n{number}\r\n"
        ).encode()

    with ScriptedSmtp() as server:
        old = Machine(tmp_path / "old", None, server.port, dovecot)
        office = old.office()
        office.queue("a@x.example", "b@x.example")
        with office.database.writing() as work:
            work.sending.learn_server_files_copies(False)  # known after two minutes: then we file them
        dovecot.deliver(mail(1))
        old.run("watch", "--once")
        assert old.run("backup", str(tmp_path / "b.tar")) == 0
        for number in (2, 3):
            dovecot.deliver(mail(number))
        old.run("watch", "--once")  # all three lie in mailflow/Processed now
        old.run("send", "--once")  # and copies of both letters in Sent
        dovecot.deliver(mail(4))
        new = Machine(tmp_path / "new", None, server.port, dovecot)
        capsys.readouterr()
        assert new.run("restore", "--json", str(tmp_path / "b.tar")) == 1
        said = json.loads(capsys.readouterr().out)
        assert said["in_doubt"] == [1, 2] and said["messages_taken_in"] == 2 and said["held"]
        assert new.run("watch", "--once") == 0
        assert new.messages() == ["mail 1", "mail 2", "mail 3", "mail 4"]
        with new.house().database.reading() as work:
            assert {one.state for one in work.mailroom.messages()} == {MessageState.DONE}
        assert new.run("outbox", "resume") == 0
        assert new.run("send", "--once") == 0
        assert new.states() == ["accepted"] * 2 and len(server.mails) == 2


def test_a_restore_mixes_with_nothing_and_a_backup_overwrites_nothing(tmp_path, urls, capsys):
    old = Machine(tmp_path / "old", urls[0])
    old.office().queue("a@x.example")
    assert old.run("backup", str(tmp_path / "b.tar")) == 0
    assert old.run("backup", str(tmp_path / "b.tar")) == 2
    assert "never overwrites" in capsys.readouterr().err
    assert old.run("restore", str(tmp_path / "b.tar")) == 2
    assert "not empty" in capsys.readouterr().err
    assert old.states() == ["queued"]


def rewritten(source: Path, target: Path, change) -> None:
    with tarfile.open(source) as old, tarfile.open(target, "w") as new:
        for member in old:
            content = old.extractfile(member).read()
            changed = change(member.name, content)
            if changed is None:
                continue
            name, content = changed
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            new.addfile(entry, io.BytesIO(content))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda name, content: (name, b"x" + content[1:]) if "/" in name else (name, content), "not as it was saved"),
        (lambda name, content: None if name.endswith(".key") else (name, content), "not as it was saved"),
        (lambda name, content: None if name == "manifest.json" else (name, content), "no manifest"),
        (lambda name, content: ("../evil", content) if name.endswith(".key") else (name, content), "no backup of"),
    ],
)
def test_a_damaged_or_forged_backup_is_refused_and_leaves_the_target_empty(tmp_path, change, words, capsys):
    old = Machine(tmp_path / "old", None)
    old.office().queue("a@x.example")
    assert old.run("backup", str(tmp_path / "b.tar")) == 0
    rewritten(tmp_path / "b.tar", tmp_path / "c.tar", change)
    new = Machine(tmp_path / "new", None)
    assert new.run("restore", str(tmp_path / "c.tar")) == 2
    assert words in capsys.readouterr().err
    assert sorted(path.name for path in new.directory.iterdir()) == ["mailflow.toml"]


def test_a_backup_that_breaks_off_leaves_no_half_file_and_a_cut_one_is_refused(tmp_path, capsys):
    old = Machine(tmp_path / "old", None)
    old.office().queue("a@x.example")
    assert old.run("backup", str(tmp_path / "nowhere" / "b.tar")) == 2
    assert old.run("backup", str(tmp_path / "b.tar")) == 0
    (tmp_path / "cut.tar").write_bytes((tmp_path / "b.tar").read_bytes()[:-9000])
    assert Machine(tmp_path / "new", None).run("restore", str(tmp_path / "cut.tar")) == 2
    assert (tmp_path / "b.tar").stat().st_mode & 0o777 == 0o600
    assert not list(tmp_path.glob("*.part"))
