"""Messages a second: taken in, and fully processed, beside a bare loop over the same mailbox in the same run.

    .venv/bin/python bench/intake.py [--messages 2000] [--rounds 3] [--workers 1 2] [--directory DIR]
    .venv/bin/python bench/intake.py --messages 50000 --rounds 1 --workers 1    # a backlog, counted at the end

The bare loop fetches with imapclient and parses each message whole with the standard library; it archives nothing,
commits nothing, threads nothing and understands nothing. Dovecot must be installed (./test installs it). A third of
the mails come from known parties and answer a statement that was sent to them, so that cases change; the others are
from strangers. None has an attachment.

Seconds are by the clock and by the processor (this process and its children, without Dovecot): on a busy machine the
second column tells more. ``--directory`` is where database and archive lie: on some file systems making a file in a
crowded directory costs twenty times as much as elsewhere.
"""

import argparse
import datetime as dt
import email
import email.policy
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
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
PARTIES = 40
SAID = (
    "Hello,\n\nwe agree with the balance of {n},00.\n\nOn Monday Huaxing wrote:\n",
    "Dear Sir,\n\nwe will pay invoice INV-{n} next Friday.\n\nKind regards\nAda\n\nOn Monday Huaxing wrote:\n",
    "您好,\n\n对账单已收到,第 {n} 号发票的金额有误,请核对。\n\n在星期一,华星写道:\n",
    "Hi,\n\nplease send us a copy of INV-{n}, we cannot find it.\n\nOn Monday Huaxing wrote:\n",
)


def mail(number: int, letters: list[str]) -> bytes:
    message = EmailMessage(policy=email.policy.SMTP)
    party = number % (3 * PARTIES)
    known = party < len(letters)
    domain = f"customer{party}.example" if known else f"stranger{party}.example"
    message["From"] = f"ap@{domain}"
    message["To"] = "ar@huaxing.example"
    message["Subject"] = f"Re: Statement {number}"
    message["Message-ID"] = f"<bench-{number}@outside.example>"
    if known:
        message["In-Reply-To"] = message["References"] = letters[party]
    message["Date"] = "Mon, 02 Nov 2026 09:14:00 +0800"
    quoted = "> some words that were said before, and some more of them\r\n" * 60
    message.set_content(SAID[number % len(SAID)].format(n=number) + quoted)
    return bytes(message)


def parties(house) -> list[str]:
    """Opens a case for each of the known parties, as if its statement had been sent; the Message-IDs of the letters."""
    from decimal import Decimal

    from mailflow.cases.case import State
    from mailflow.receivables.party import Party, Side
    from mailflow.steps.ports.outbox import LetterKey, NewLetter

    ids = []
    now = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
    with house.database.writing() as work:
        work.ledger.put_parties(
            [
                Party(f"C{n}", f"Customer {n}", Side.RECEIVABLE, emails=(f"ap@customer{n}.example",))
                for n in range(PARTIES)
            ]
        )
        for n in range(PARTIES):
            number = f"SOA-202610-C{n}-EUR"
            work.casefile.open(
                case_id=number, party_id=f"C{n}", side=Side.RECEIVABLE, currency="EUR", statement_no=number, version=1,
                as_of=dt.date(2026, 10, 31), our_balance=Decimal(100), at=now, state=State.SENT,
            )  # fmt: skip
            ids.append(f"<letter-{n}@huaxing.example>")
            key = LetterKey(number, 1, f"ap@customer{n}.example")
            work.outbox.queue(NewLetter(key, number, "ar@huaxing.example", "s", ids[-1], f"tok{n}", "0" * 64, 1), now)
    return ids


def used() -> float:
    """Processor seconds of this process, of children that have ended, and of those that still run."""
    total = sum(
        use.ru_utime + use.ru_stime for use in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )
    ticks = os.sysconf("SC_CLK_TCK")
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == os.getpid() and Path(f"/proc/{stat.parent.name}/comm").read_text().strip() != "dovecot":
            total += sum(map(int, fields[11:15])) / ticks
    return total


def bare(account, count: int) -> None:
    client = imapclient.IMAPClient(account.host, port=account.imap_port, ssl=False, timeout=30)
    client.login(account.address, account.password)
    client.select_folder("INBOX", readonly=True)
    uids = client.search("ALL")
    assert len(uids) == count
    for start in range(0, len(uids), 50):
        for facts in client.fetch(uids[start : start + 50], ["BODY.PEEK[]"]).values():
            parsed = email.message_from_bytes(facts[b"BODY[]"], policy=email.policy.default)
            for part in parsed.walk():
                if not part.is_multipart():
                    part.get_content()
    client.logout()


def warm(house) -> None:
    """Both parser processes have started, as in a service."""
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda number: house.parsing.read_messages([mail(number, [])] * 20), range(2)))
    house.parsing.understand([])


def work_until_done(house, holder: str, over: threading.Event) -> None:
    while True:
        ended = over.is_set()
        if not house.process_once(holder).any:
            if ended:
                return
            time.sleep(0.02)


def whole(account, directory: Path, workers: int, count: int) -> tuple[float, float, float]:
    """Seconds by the clock from an empty database to the last message done, to the last taken in; by the processor."""
    config = directory / "mailflow.toml"
    config.write_text(CONFIG.format(address=account.address, imap=account.imap_port))
    house = open_house(str(config))
    parties(house)
    _ = house.stages
    warm(house)
    others = [
        subprocess.Popen(
            [sys.executable, __file__, "--worker", str(config)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        for _ in range(workers - 1)
    ]  # fmt: skip
    for other in others:
        other.stdout.readline()  # it is warm
    over, taken = threading.Event(), [0.0]
    before, started = used(), time.perf_counter()

    def take() -> None:
        [watcher] = house.watchers("bench")
        watcher.once()
        taken[0] = time.perf_counter() - started
        over.set()

    for other in others:
        other.stdin.write(b"go\n")
        other.stdin.flush()
    thread = threading.Thread(target=take)
    thread.start()
    work_until_done(house, "bench", over)
    thread.join()
    while True:
        with house.database.reading() as work:
            if not work.mailroom.waiting():
                break
        time.sleep(0.005)
    seconds, spent = time.perf_counter() - started, used() - before
    with house.database.reading() as work:
        assert len(work.mailroom.messages()) == count
        assert all(len(work.mailroom.results(n)) == len(house.stages) for n in range(1, count + 1, 97))
    for other in others:
        other.stdin.close()
        other.wait()
    house.close()
    return seconds, taken[0], spent


def second_worker(config: str) -> None:
    house = open_house(config)
    _ = house.stages
    warm(house)
    print("ready", flush=True)
    sys.stdin.readline()
    over = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.readline(), over.set()), daemon=True).start()
    work_until_done(house, f"bench-{os.getpid()}", over)
    house.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--directory")
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.worker:
        second_worker(arguments.worker)
        return
    count = arguments.messages
    server = Dovecot()
    server.start()
    account = server.account()
    os.environ["BENCH_PASSWORD"] = account.password
    client = imapclient.IMAPClient(account.host, port=account.imap_port, ssl=False, timeout=30)
    client.login(account.address, account.password)
    letters = [f"<letter-{n}@huaxing.example>" for n in range(PARTIES)]
    for number in range(count):
        client.append("INBOX", mail(number, letters))
    client.logout()

    measured: dict[str, list[tuple[float, float]]] = {}
    for _ in range(arguments.rounds):
        before, started = used(), time.perf_counter()
        bare(account, count)
        measured.setdefault("bare fetch and parse (standard library)", []).append(
            (time.perf_counter() - started, used() - before)
        )
        for workers in arguments.workers:
            with tempfile.TemporaryDirectory(dir=arguments.directory) as folder:
                seconds, taken, spent = whole(account, Path(folder), workers, count)
            measured.setdefault(f"taken in meanwhile, {workers} worker(s)", []).append((taken, 0.0))
            measured.setdefault(f"everything done, {workers} worker(s)", []).append((seconds, spent))
            again = imapclient.IMAPClient(account.host, port=account.imap_port, ssl=False, timeout=30)
            again.login(account.address, account.password)  # what was moved away comes back
            for folder_name in ("mailflow/Processed", "mailflow/Quarantine"):
                if again.folder_exists(folder_name):
                    again.select_folder(folder_name)
                    found = again.search("ALL")
                    for start in range(0, len(found), 500):
                        again.move(found[start : start + 500], "INBOX")
            again.logout()
    server.stop()
    base_wall = statistics.median(wall for wall, _ in measured["bare fetch and parse (standard library)"])
    base_cpu = statistics.median(cpu for _, cpu in measured["bare fetch and parse (standard library)"])
    load = f"load {os.getloadavg()[0]:.1f}, {os.cpu_count()} processors"
    print(f"{count} messages, median of {arguments.rounds} rounds; {load}")
    for name, figures in measured.items():
        wall, cpu = statistics.median(w for w, _ in figures), statistics.median(c for _, c in figures)
        shown = f"{name:44} {count / wall:7.0f}/s {base_wall / wall:5.2f}x by the clock"
        print(shown + (f"   {cpu / count * 1000:6.2f} ms processor a message ({cpu / base_cpu:.2f}x)" if cpu else ""))


if __name__ == "__main__":
    main()
