"""Messages a second: taken in, and fully processed, beside a bare loop over the same mailbox in the same run.

    .venv/bin/python bench/intake.py [--messages 300]

The bare loop fetches with imapclient and parses each message whole with the standard library; it archives nothing,
commits nothing, threads nothing and understands nothing. Dovecot must be installed (./test installs it).
"""

import argparse
import email
import email.policy
import os
import sys
import tempfile
import time
from email.message import EmailMessage
from pathlib import Path

import imapclient

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from mailflow.bootstrap import open_house
from tests.servers.dovecot import Dovecot

CONFIG = """
[company]
name = "Bench"
[smtp]
security = "none"
[[mailbox]]
name = "finance"
address = "{address}"
host = "127.0.0.1"
port = {imap}
security = "none"
username = "{address}"
password = "env:BENCH_PASSWORD"
"""


def mail(number: int) -> bytes:
    message = EmailMessage(policy=email.policy.SMTP)
    message["From"] = f"ap{number % 40}@customer{number % 40}.example"
    message["To"] = "ar@huaxing.example"
    message["Subject"] = f"Re: Statement {number}"
    message["Message-ID"] = f"<bench-{number}@outside.example>"
    message["Date"] = "Mon, 02 Nov 2026 09:14:00 +0800"
    quoted = "> some words that were said before, and some more of them\r\n" * 60
    message.set_content(f"Hello,\n\nwe agree with the balance of {number},00.\n\nOn Monday Huaxing wrote:\n{quoted}")
    return bytes(message)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=300)
    count = parser.parse_args().messages
    server = Dovecot()
    server.start()
    account = server.account()
    os.environ["BENCH_PASSWORD"] = account.password
    client = imapclient.IMAPClient(account.host, port=account.imap_port, ssl=False, timeout=30)
    client.login(account.address, account.password)
    for number in range(count):
        client.append("INBOX", mail(number))

    started = time.perf_counter()
    client.select_folder("INBOX", readonly=True)
    uids = client.search("ALL")
    for start in range(0, len(uids), 50):
        for facts in client.fetch(uids[start : start + 50], ["BODY.PEEK[]"]).values():
            parsed = email.message_from_bytes(facts[b"BODY[]"], policy=email.policy.default)
            for part in parsed.walk():
                if not part.is_multipart():
                    part.get_content()
    bare = count / (time.perf_counter() - started)
    client.logout()

    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "mailflow.toml"
        config.write_text(CONFIG.format(address=account.address, imap=account.imap_port))
        house = open_house(str(config))
        _ = house.stages
        [watcher] = house.watchers("bench")
        started = time.perf_counter()
        watcher.once()
        taken = time.perf_counter() - started
        started = time.perf_counter()
        while house.process_once("bench").any:
            pass
        worked = time.perf_counter() - started
        house.close()
    server.stop()
    rows = [
        ("bare fetch and parse (standard library)", bare),
        ("taken in: archived, synced, committed", count / taken),
        ("processed: read in a child, placed, understood, case", count / worked),
        ("both", count / (taken + worked)),
    ]
    for name, rate in rows:
        print(f"{name:56} {rate:8.0f} messages/s   {rate / bare:5.2f}x")


if __name__ == "__main__":
    main()
