"""A reader that misbehaves dies alone, is told by the limit it reached, and the next document is answered."""

from __future__ import annotations

import os
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from parsers.containment import Containment, NoAnswer
from parsers.documents import Document, Kind

_ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def contained() -> Iterator[Containment]:
    with Containment("tests.parsers.hostile_jobs") as containment:
        yield containment


@pytest.mark.parametrize(
    ("job", "reason"),
    [
        ("spin", "CHILD_CPU_SECONDS|CHILD_WALL_SECONDS"),  # on a busy machine the wall comes first
        ("sleep", "CHILD_WALL_SECONDS"),
        ("allocate", "CHILD_MEMORY_BYTES"),
        ("large", "CHILD_RESULT_BYTES|CHILD_MEMORY_BYTES"),
        ("crash", "crashed"),
        ("silent", "without an answer"),
        ("torn", "without an answer"),
        ("raise", "without an answer"),
    ],
)
def test_misbehaviour_ends_in_a_reason_and_the_next_document_is_read(
    contained: Containment, job: str, reason: str
) -> None:
    started = time.monotonic()
    with pytest.raises(NoAnswer, match=reason):
        contained.ask({"job": job}, b"")
    assert time.monotonic() - started < 30
    assert contained.ask({"job": "echo"}, b"next") == ("lone ? half", b"next")


def test_descriptors_are_bounded(contained: Containment) -> None:
    value, _ = contained.ask({"job": "descriptors"}, b"")
    assert value < 64


def test_a_reader_writes_no_file(contained: Containment, tmp_path: Path) -> None:
    target = tmp_path / "left behind"
    value, _ = contained.ask({"job": "write", "path": str(target)}, b"")
    assert value == "OSError"
    assert not target.exists() or target.stat().st_size == 0


def test_a_reader_sees_no_environment_of_ours(contained: Containment) -> None:
    assert contained.ask({"job": "environment"}, b"")[0] == [{}, "/"]


def test_a_reader_reaches_no_server_where_the_system_allows_namespaces(contained: Containment) -> None:
    if subprocess.run(["unshare", "--user", "--net", "true"], capture_output=True, check=False).returncode != 0:
        pytest.skip("this system allows no unprivileged network namespace")
    with socket.create_server(("127.0.0.1", 0)) as server:
        value, _ = contained.ask({"job": "connect", "port": server.getsockname()[1]}, b"")
    assert value != "connected"


def test_a_flood_on_the_standard_streams_is_not_mistaken_for_the_answer(contained: Containment) -> None:
    assert contained.ask({"job": "talk"}, b"")[0] == "said"


def test_children_of_the_child_die_with_it(contained: Containment) -> None:
    pid, _ = contained.ask({"job": "grandchild"}, b"")
    deadline = time.monotonic() + 2
    while Path(f"/proc/{pid}").exists() and _state(pid) != "Z" and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not Path(f"/proc/{pid}").exists() or _state(pid) == "Z"


def test_nothing_outlives_a_parent_that_is_killed() -> None:
    script = (
        f"import sys; sys.path.insert(0, {str(_ROOT)!r})\n"
        "from parsers.containment import Containment\n"
        "import threading\n"
        "c = Containment('tests.parsers.hostile_jobs')\n"
        "threading.Thread(target=lambda: c.ask({'job': 'sleep'}, b''), daemon=True).start()\n"
        "import time\n"
        "while c._process is None: time.sleep(0.01)\n"
        "time.sleep(0.4); print(c._process.pid, flush=True); time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        warm = int(parent.stdout.readline())
        children = [int(pid) for pid in Path(f"/proc/{warm}/task/{warm}/children").read_text().split()]
        assert children
        parent.kill()
    deadline = time.monotonic() + 2
    while any(_alive(pid) for pid in (warm, *children)) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not any(_alive(pid) for pid in (warm, *children))


def test_a_lost_warm_process_is_replaced() -> None:
    with Containment("tests.parsers.hostile_jobs") as containment:
        containment.ask({"job": "echo"}, b"")
        assert containment._process is not None
        containment._process.kill()
        containment._process.wait()
        assert containment.ask({"job": "echo"}, b"again")[1] == b"again"


def test_a_hundred_bombs_do_not_make_the_parent_grow() -> None:
    bomb = b"PK\x03\x04" + b"\x00" * 2000
    with Containment("tests.parsers.hostile_jobs") as containment:
        for _ in range(5):
            containment.parse(bomb, "bomb.xlsx")
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for number in range(100):
            if number % 10:
                [document] = containment.parse(bomb, "bomb.xlsx")
                assert document.kind is Kind.UNREADABLE
            else:
                with pytest.raises(NoAnswer):
                    containment.ask({"job": "crash"}, b"")
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 50 * 1024


def test_an_answer_that_no_document_can_give_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    for nonsense in (
        [{"file": "x"}],
        "text",
        [None],
        {"a": 1},
        [Document("f", "pdf", Kind.STATEMENT).to_json() | {"trust": "sure"}],
    ):
        containment = Containment()
        monkeypatch.setattr(containment, "ask", lambda header, content, said=nonsense: (said, b""))
        [document] = containment.parse(b"x", "x.pdf")
        assert document.kind is Kind.UNREADABLE


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "gone"


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return _state(pid) not in ("Z", "gone")
