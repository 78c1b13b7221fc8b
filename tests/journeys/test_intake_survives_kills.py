"""kill -9 of the service while it takes mail in and works on it: nothing lost, nothing twice, at any moment."""

import os
import random
import signal
import subprocess
import sys
import time
from email.message import EmailMessage

import imapclient
import pytest

from mailflow.bootstrap import open_house
from mailflow.steps.ports.mailroom import MessageState

pytestmark = [pytest.mark.dovecot, pytest.mark.xdist_group("dovecot")]

CONFIG = """
[company]
name = "华星贸易有限公司"
[smtp]
host = "127.0.0.1"
port = {smtp}
security = "none"
[[mailbox]]
name = "finance"
address = "{address}"
host = "127.0.0.1"
port = {imap}
security = "none"
username = "{address}"
password = "env:TEST_IMAP_PASSWORD"
"""


def mail(number, to):
    message = EmailMessage()
    message["From"] = f"customer{number}@outside.example"
    message["To"] = to
    message["Subject"] = f"对账单 {number}"
    message["Message-ID"] = f"<kill-{number}@outside.example>"
    message["Date"] = "Mon, 02 Nov 2026 09:14:00 +0800"
    message.set_content(f"您好,第 {number} 封:核对无误。\n")
    if number % 3 == 0:
        message.add_attachment(
            f"日期,单号,金额\n2026-10-03,INV-{number},100.00\n合计,,100.00\n".encode("gb18030"),
            maintype="text", subtype="csv", filename="对账单.csv",
        )  # fmt: skip
    return bytes(message)


class Killed:
    """The service as a child process that is killed again and again."""

    def __init__(self, config):
        self.config = config
        self.kills = 0

    def round(self, seconds):
        process = subprocess.Popen(
            [sys.executable, "-m", "mailflow", "watch", "--config", self.config],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        time.sleep(seconds)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            self.kills += 1
        process.wait()


def run_kills(dovecot, tmp_path, monkeypatch, kills, messages, seed):
    monkeypatch.setenv("TEST_IMAP_PASSWORD", dovecot.password)
    config = tmp_path / "mailflow.toml"
    config.write_text(CONFIG.format(smtp=dovecot.smtp_port, imap=dovecot.imap_port, address=dovecot.address))
    chance = random.Random(seed)
    killed, sent = Killed(str(config)), 0
    while killed.kills < kills:
        for _ in range(min(messages - sent, chance.randint(0, 3))):
            dovecot.deliver(mail(sent, dovecot.address))
            sent += 1
        killed.round(chance.uniform(0.7, 2.2))  # importing takes about half a second
    while sent < messages:
        dovecot.deliver(mail(sent, dovecot.address))
        sent += 1
    for _ in range(2):  # in peace at last
        subprocess.run(
            [sys.executable, "-m", "mailflow", "watch", "--once", "--config", str(config)],
            check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
    return str(config), sent


def accounted(config, dovecot, sent):
    house = open_house(config)
    with house.database.reading() as work:
        found = work.mailroom.messages()
        results = {message.no: work.mailroom.results(message.no) for message in found}
        documents = sum(len(work.documents.of_message(message.no)) for message in found)
        assert work.mailroom.waiting() == 0
    ids = [message.message_id for message in found]
    assert sorted(ids) == sorted(f"<kill-{number}@outside.example>" for number in range(sent))
    assert {message.state for message in found} == {MessageState.DONE}
    assert all(len(stages) == len(house.stages) for stages in results.values())
    assert documents == len([number for number in range(sent) if number % 3 == 0])
    assert all(house.archive.has(message.sha256) for message in found)
    house.close()
    client = imapclient.IMAPClient(dovecot.host, port=dovecot.imap_port, ssl=False, timeout=10)
    client.login(dovecot.address, dovecot.password)
    counts = {name: client.folder_status(name, ["MESSAGES"])[b"MESSAGES"] for name in ("INBOX", "mailflow/Processed")}
    client.logout()
    assert counts == {"INBOX": 0, "mailflow/Processed": sent}


@pytest.mark.timeout(300)
def test_eight_kills_lose_and_double_nothing(dovecot, tmp_path, monkeypatch):
    config, sent = run_kills(dovecot, tmp_path, monkeypatch, kills=8, messages=15, seed=7)
    accounted(config, dovecot, sent)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_sixty_kills_lose_and_double_nothing(dovecot, tmp_path, monkeypatch):
    config, sent = run_kills(dovecot, tmp_path, monkeypatch, kills=60, messages=90, seed=11)
    accounted(config, dovecot, sent)
