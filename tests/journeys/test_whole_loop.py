"""The whole loop on real parts: ledger in, statements out over SMTP, answers in over Dovecot's IMAP, cases moved."""

import datetime as dt
import email
import email.policy
import threading
import time
from email.message import EmailMessage

import imapclient
import pytest

from mailflow.bootstrap import open_house
from mailflow.cases.case import State, TaskKind
from mailflow.service import Service
from mailflow.steps.ports.outbox import LetterState

pytestmark = [pytest.mark.dovecot, pytest.mark.xdist_group("dovecot")]
AS_OF = dt.date(2026, 10, 31)

CONFIG = """
[company]
name = "华星贸易有限公司"
[[company.bank_account]]
currency = "CNY"
lines = ["中国银行", "4455"]
[database]
url = "{database}"
[smtp]
host = "127.0.0.1"
port = {smtp}
security = "none"
username = "{address}"
password = "env:TEST_MAIL_PASSWORD"
[[mailbox]]
name = "finance"
address = "{address}"
host = "127.0.0.1"
port = {imap}
security = "none"
username = "{address}"
password = "env:TEST_MAIL_PASSWORD"
"""
LEDGER = """id,party_id,party_name,side,type,reference,date,due_date,currency,amount,open_amount
A1,A,甲公司,receivable,invoice,XS-1001,2026-10-05,2026-11-04,CNY,500.00,500.00
B1,B,Beta Ltd,receivable,invoice,XS-2001,2026-10-06,2026-11-05,CNY,800.00,800.00
B2,B,Beta Ltd,receivable,invoice,XS-2002,2026-10-16,2026-11-15,CNY,250.00,250.00
C1,C,丙公司,receivable,invoice,XS-3001,2026-10-07,2026-11-06,CNY,900.00,900.00
"""
THEIRS = """日期,单据号,摘要,应付增加,应付减少,余额
,,期初余额,,,0.00
2026-10-06,XS-2001,采购,800.00,,800.00
,,期末余额,,,800.00
"""


@pytest.fixture
def world(dovecot_running, database_url, tmp_path, monkeypatch):
    ours, *customers = [dovecot_running.account() for _ in range(4)]
    monkeypatch.setenv("TEST_MAIL_PASSWORD", ours.password)
    config = tmp_path / "mailflow.toml"
    config.write_text(
        CONFIG.format(database=database_url, smtp=ours.smtp_port, imap=ours.imap_port, address=ours.address)
    )
    house = open_house(str(config))
    rows = "".join(
        f"{party},{name},receivable,{account.address},{language}\n"
        for (party, name, language), account in zip(
            [("A", "甲公司", "zh-CN"), ("B", "Beta Ltd", "en"), ("C", "丙公司", "zh-CN")], customers, strict=True
        )
    )
    parties = "party_id,party_name,side,emails,language\n" + rows
    house.import_ledger(LEDGER.encode(), "ledger.csv", parties.encode(), "parties.csv", AS_OF)
    yield house, ours, dict(zip("ABC", customers, strict=True))
    house.close()


def until(there, seconds=60):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and not there():
        time.sleep(0.1)
    return there()


def received(account):
    client = imapclient.IMAPClient(account.host, port=account.imap_port, ssl=False, timeout=10)
    client.login(account.address, account.password)
    client.select_folder("INBOX", readonly=True)
    found = [facts[b"BODY[]"] for facts in client.fetch(client.search("ALL") or [0], ["BODY.PEEK[]"]).values()]
    client.logout()
    return [email.message_from_bytes(raw, policy=email.policy.default) for raw in found]


def answer(letter, account, text, attachment=None):
    message = EmailMessage(policy=email.policy.SMTP)
    message["From"] = account.address
    message["To"] = str(letter["Reply-To"])
    message["Subject"] = "Re: " + str(letter["Subject"])
    message["In-Reply-To"] = str(letter["Message-ID"])
    message["Message-ID"] = f"<answer-{account.address}>"
    message["Date"] = "Mon, 02 Nov 2026 09:14:00 +0800"
    quoted = "".join(f"> {line}\n" for line in letter.get_body(("plain",)).get_content().splitlines())
    message.set_content(
        f"{text}\n\nOn Mon, Nov 2, 2026 at 9:00 AM Huaxing <ar@huaxing.example> wrote:\n\n{quoted}", cte="base64"
    )
    if attachment:
        message.add_attachment(attachment.encode("gb18030"), maintype="text", subtype="csv", filename="对账明细.csv")
    return bytes(message)


def cases(house):
    with house.database.reading() as work:
        return {case.party_id: case for case in work.casefile.cases()}


@pytest.mark.timeout(180)
def test_statements_go_out_and_each_answer_moves_its_own_case(world):
    house, ours, customers = world
    run = house.draw(AS_OF)
    assert (len(run), run.held) == (3, [])
    assert len(house.issue().letters) == 3
    service = Service(house, scheduling=False)
    thread = threading.Thread(target=service.run, daemon=True)
    thread.start()
    try:
        assert until(lambda: all(case.state is State.SENT for case in cases(house).values()))
        letters = {}
        for party, account in customers.items():
            [letters[party]] = received(account)
        for party, text, attachment in (
            ("A", "核对无误。", None),
            ("B", "Our balance differs, please see our ledger attached.", THEIRS),
            ("C", "预计11月20日付款 900.00 元。", None),
        ):
            raw = answer(letters[party], customers[party], text, attachment)
            to = str(letters[party]["Reply-To"].addresses[0].addr_spec)
            ours.deliver(raw, customers[party].address, to)
        wanted = {"A": State.CONFIRMED, "B": State.DISPUTED, "C": State.PROMISED}
        assert until(lambda: {party: case.state for party, case in cases(house).items()} == wanted), cases(house)
    finally:
        service.stop()
        thread.join(20)
    beta = cases(house)["B"]
    assert beta.their_balance == 800
    with house.database.reading() as work:
        [kept] = work.documents.reconciliations(beta.id)
        assert [(item["kind"], item["amount"], item["reference"]) for item in kept.record["reconciling_items"]] == [
            ("missing_in_theirs", "-250.00", "XS-2002")
        ]
        assert TaskKind.DIFFERENCES in {task.kind for task in work.casefile.tasks(case_ids=[beta.id])}
        [(_, promise)] = work.casefile.promises()
        assert (promise.date, promise.amount) == (dt.date(2026, 11, 20), 900)
        assert {letter.state for letter in work.outbox.letters()} == {LetterState.ACCEPTED}
    assert [len(received(account)) for account in customers.values()] == [1, 1, 1]  # nothing went out twice


@pytest.mark.timeout(120)
def test_running_it_all_again_sends_and_takes_in_nothing_new(world):
    house, _, customers = world
    for _ in range(2):
        house.draw(AS_OF)
        house.issue()
        house.send_once("test")
        for watcher in house.watchers("test"):
            watcher.once()
    assert [len(received(account)) for account in customers.values()] == [1, 1, 1]
    with house.database.reading() as work:
        assert work.mailroom.messages() == []
