"""A message of 100 MB comes in, whole, in little memory."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers.scripted_imap import HOST, ScriptedImap

ROOT = Path(__file__).resolve().parent.parent.parent
MOST_MB = 64
TAKES_IN = """
import json, sys, time
from pathlib import Path
from mailflow.adapters.archive import FileArchive
from mailflow.adapters.clock import SystemClock
from mailflow.adapters.database.engine import open_engine
from mailflow.adapters.database.migrate import bring_up_to_date
from mailflow.adapters.database.unit_of_work import SqlDatabase
from mailflow.adapters.imap import ImapMailbox
from mailflow.steps.watch_folder import FolderWatcher

def memory(what):
    return int(next(l for l in open("/proc/self/status") if l.startswith(what)).split()[1]) / 1024

directory, port = sys.argv[1], int(sys.argv[2])
engine = open_engine(f"sqlite:///{directory}/mailflow.db")
bring_up_to_date(engine)
box = ImapMailbox(account="finance", address="a@b.example", host="127.0.0.1", port=port, username="a",
                  password=lambda: "x", security="none")
database, archive = SqlDatabase(engine), FileArchive(Path(directory) / "archive")
watcher = FolderWatcher(box, "INBOX", False, "test", database, archive, SystemClock(), time.sleep, lambda most: 0.0)
watcher.once()
idle = memory("VmRSS")
sys.stdin.readline()
print("ready", flush=True)
sys.stdin.readline()
watcher.once()
with database.reading() as work:
    sizes = [message.size for message in work.mailroom.messages()]
print(json.dumps({"idle": idle, "peak": memory("VmHWM"), "sizes": sizes, "damaged": list(archive.damaged())}))
"""


def taken_in(directory, sizes):
    server = ScriptedImap().start()
    child = subprocess.Popen(
        [sys.executable, "-c", TAKES_IN, str(directory), str(server.port)], stdin=subprocess.PIPE, cwd=ROOT,
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    child.stdin.write("\n")
    child.stdin.flush()
    assert child.stdout.readline() == "ready\n"
    for size in sizes:
        server.deliver(b"From: a@b.example\r\n\r\n" + bytes(f"{size:020d}", "ascii") + b"z" * size)
    told, _ = child.communicate("\n")
    server.stop()
    return json.loads(told)


@pytest.mark.parametrize("megabytes", [pytest.param(100, marks=pytest.mark.long), 30])
def test_a_huge_message_is_archived_whole_within_64_mb_above_idle(tmp_path, megabytes):
    told = taken_in(tmp_path, [megabytes * 1_000_000, 10, 20])
    assert HOST and len(told["sizes"]) == 3 and max(told["sizes"]) > megabytes * 1_000_000
    assert told["damaged"] == []
    assert told["peak"] - told["idle"] <= MOST_MB, told
