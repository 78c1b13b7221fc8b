"""Jobs that misbehave in every way a library can, for test_containment. The clock is short so that tests are."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import sys
import time
from typing import Any

from parsers import child


def _spin(header: dict[str, Any], content: bytes) -> tuple[Any, bytes]:
    signal.signal(signal.SIGXCPU, signal.SIG_IGN)
    while True:
        pass


def _sleep(header: dict[str, Any], content: bytes) -> tuple[Any, bytes]:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    time.sleep(60)
    return "late", b""


def _allocate(header: dict[str, Any], content: bytes) -> tuple[Any, bytes]:
    held = []
    while True:
        held.append(bytearray(10_000_000))


def _descriptors(header: dict[str, Any], content: bytes) -> tuple[Any, bytes]:
    held = []
    try:
        for _ in range(10_000):
            held.append(os.open("/dev/null", os.O_RDONLY))
    except OSError:
        return len(held), b""
    return "no limit", b""


def _write(header: dict[str, Any], content: bytes) -> tuple[Any, bytes]:
    try:
        with open(header["path"], "wb") as stream:
            stream.write(b"x" * 10)
    except OSError as error:
        return type(error).__name__, b""
    return "written", b""


def _connect(header: dict[str, Any], content: bytes) -> tuple[Any, bytes]:
    try:
        socket.create_connection(("127.0.0.1", header["port"]), timeout=2).close()
    except OSError as error:
        return type(error).__name__, b""
    return "connected", b""


def _talk(header: dict[str, Any], content: bytes) -> tuple[Any, bytes]:
    os.write(1, b"x" * 1_000_000)
    print("y" * 1_000_000, file=sys.stderr)
    return "said", b""


def _large(header: dict[str, Any], content: bytes) -> tuple[Any, bytes]:
    return "ok", b"x" * (200 * 1024 * 1024)


def _crash(header: dict[str, Any], content: bytes) -> tuple[Any, bytes]:
    ctypes.string_at(0)
    return None, b""


def _silent(header: dict[str, Any], content: bytes) -> tuple[Any, bytes]:
    os._exit(0)


def _torn(header: dict[str, Any], content: bytes) -> tuple[Any, bytes]:
    # The result pipe is the only descriptor above the standard ones: write half a frame into it.
    for descriptor in range(3, 64):
        try:
            os.write(descriptor, b"\x00\x00\x10\x00\x00\x00\x00\x00{")
        except OSError:
            continue
    os._exit(0)


def _grandchild(header: dict[str, Any], content: bytes) -> tuple[Any, bytes]:
    pid = os.fork()
    if pid == 0:
        time.sleep(60)
        os._exit(0)
    return pid, b""


def _raise(header: dict[str, Any], content: bytes) -> tuple[Any, bytes]:
    raise ValueError("no")


def _environment(header: dict[str, Any], content: bytes) -> tuple[Any, bytes]:
    return [dict(os.environ), os.getcwd()], b""


def _echo(header: dict[str, Any], content: bytes) -> tuple[Any, bytes]:
    return "lone \ud800 half", content


def main() -> None:
    child.TEXT = child.Allowance(1, 3, 300_000_000, child.TEXT.limit_names)
    jobs = {name[1:]: job for name, job in globals().items() if name.startswith("_") and callable(job)}
    child.serve({**jobs, "parse": child.parse_job})
