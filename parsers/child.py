"""The side of the wall that may die: a warm process that forks one child per document, and that child.

    parent ──frames──► warm process ──fork──► child: own session, limits, no network, nothing to write to
           ◄─frames───              ◄──pipe──  one answer, or a death that is told by name

The warm process never touches the bytes it passes on. It imports what the documents before needed, so that only the
first document of a kind pays for the import; the fork itself costs some milliseconds.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import re
import resource
import select
import signal
import struct
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import IO, Any, NoReturn

from parsers import limits

Job = Callable[[dict[str, Any], bytes], tuple[Any, bytes]]  # (header, content) -> (JSON value, further bytes)

_FRAME = struct.Struct(">II")
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38
_RECOGNITION_NEEDED = "recognition needed"


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one child may spend; the names of the limits are what a person is told."""

    cpu_seconds: int
    wall_seconds: int
    memory_bytes: int
    limit_names: tuple[str, str, str]  # cpu, wall, memory


TEXT = Allowance(
    limits.CHILD_CPU_SECONDS,
    limits.CHILD_WALL_SECONDS,
    limits.CHILD_MEMORY_BYTES,
    ("CHILD_CPU_SECONDS", "CHILD_WALL_SECONDS", "CHILD_MEMORY_BYTES"),
)
OCR = Allowance(
    limits.OCR_CPU_SECONDS,
    limits.OCR_WALL_SECONDS,
    limits.OCR_MEMORY_BYTES,
    ("OCR_CPU_SECONDS", "OCR_WALL_SECONDS", "OCR_MEMORY_BYTES"),
)


_FORMAT = re.compile(rb'"format":"([a-z_]{1,20})"')
_HINTED = 1 << 16  # bytes of an answer that are looked at for it


def allowance_for(header: dict[str, Any]) -> Allowance:
    """OCR's where it was asked for."""
    return OCR if header.get("ocr") else TEXT


def read_frame(stream: IO[bytes]) -> tuple[Any, bytes] | None:
    """(JSON value, bytes), None at the end of the stream. Raises ``ValueError`` or ``EOFError`` on a torn frame."""
    head = stream.read(_FRAME.size)
    if not head:
        return None
    if len(head) < _FRAME.size:
        raise EOFError("a frame is torn")
    text_size, blob_size = _FRAME.unpack(head)
    text, blob = stream.read(text_size), stream.read(blob_size)
    if len(text) < text_size or len(blob) < blob_size:
        raise EOFError("a frame is torn")
    return json.loads(text), blob


def write_frame(stream: IO[bytes], value: Any, blob: bytes = b"") -> None:
    # Lone surrogates, which broken mail yields, have no UTF-8: they become question marks here, once for all.
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    stream.write(_FRAME.pack(len(text), len(blob)))
    stream.write(text)
    stream.write(blob)
    stream.flush()


def parse_job(header: dict[str, Any], content: bytes) -> tuple[Any, bytes]:
    """``{"name", "password", "recognition"}`` and a document in, the JSON of its documents out."""
    from parsers.errors import RecognitionNeeded
    from parsers.long import to_wire
    from parsers.opening import open_document
    from parsers.profile import Profile
    from parsers.source import Source

    told = header.get("profile")
    source = Source(
        header["name"],
        password=header.get("password"),
        recognition=bool(header.get("recognition")),
        profile=None if told is None else Profile.from_mapping(told),
    )
    try:
        return [to_wire(document) for document in open_document(content, source)], b""
    except RecognitionNeeded:
        return _RECOGNITION_NEEDED, b""


def needs_recognition(value: Any) -> bool:
    return bool(value == _RECOGNITION_NEEDED)


def serve(jobs: dict[str, Job], prepare: dict[str, Callable[[], object]] | None = None) -> None:
    """Answer frames on standard input until it ends: header ``{"job", "ocr", …}`` with the content behind it.

    ``prepare`` is what a job needs (imports, policies), cached: done in the warm process, inherited by every child.
    Each answer is ``{"outcome": "value", "value": …}`` or ``{"outcome": "limit" | "crash", "reason": …}``.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when to end; Ctrl-C reaches the whole group
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    seen: set[str] = set()
    while (frame := read_frame(source)) is not None:
        header, content = frame
        _warm_up(seen)
        if (needed := (prepare or {}).get(header["job"])) is not None:
            needed()
        allowance = allowance_for(header)
        outcome, value, blob = _in_child(jobs[header["job"]], header, content, allowance)
        del frame, content
        if outcome == "value":
            _pass_on(sink, value, blob)
            if header["job"] == "parse":
                seen.update(_formats(value))
        else:
            write_frame(sink, {"outcome": outcome, "reason": value})


def _pass_on(stream: IO[bytes], text: bytes, blob: bytes) -> None:
    """The child's JSON as it came, inside the answer: whether it is any is seen where it is read."""
    head, tail = b'{"outcome":"value","value":', b"}"
    stream.write(_FRAME.pack(len(head) + len(text) + len(tail), len(blob)))
    for piece in (head, text, tail, blob):
        stream.write(piece)
    stream.flush()


def _formats(text: bytes) -> set[str]:
    """Formats that the answer names, as a hint for the next document; it is a child's word, so nothing rests on it."""
    return {found.decode() for found in _FORMAT.findall(text, 0, _HINTED)}


def _warm_up(seen: set[str]) -> None:
    from parsers.opening import LIBRARIES, READERS

    for found in seen & READERS.keys():
        for module in (f"parsers.formats.{READERS[found]}", "parsers.reading", *LIBRARIES.get(found, ())):
            if module not in sys.modules:
                import_module(module)


def _in_child(job: Job, header: dict[str, Any], content: bytes, allowance: Allowance) -> tuple[str, Any, bytes]:
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        _child(job, header, content, allowance, writing)
    os.close(writing)
    try:
        answer, told = _listen(pid, reading, allowance)
    finally:
        os.close(reading)
        status, used = _end(pid)
    if told is not None:
        return "limit", told, b""
    if answer is not None:
        return "value", *answer
    return _cause_of_death(status, used, allowance)


def _listen(pid: int, reading: int, allowance: Allowance) -> tuple[tuple[bytes, bytes] | None, str | None]:
    """The child's answer or the limit that it reached. Reads while it waits: a full pipe would block the child."""
    deadline = time.monotonic() + allowance.wall_seconds
    received = bytearray()
    poll = select.poll()
    poll.register(reading, select.POLLIN | select.POLLHUP)
    poll.register(0, select.POLLHUP)
    while True:
        events = poll.poll(max(0.0, deadline - time.monotonic()) * 1000)
        if not events:
            return None, _said("the reader took longer", allowance.wall_seconds, "seconds", allowance.limit_names[1])
        if any(descriptor == 0 for descriptor, _ in events):  # the parent is gone: nobody waits for this answer
            _end(pid)
            os._exit(0)
        piece = os.read(reading, 1 << 20)
        if not piece:
            break
        received += piece
        if len(received) > limits.CHILD_RESULT_BYTES:
            return None, _said("the answer is larger", limits.CHILD_RESULT_BYTES, "bytes", "CHILD_RESULT_BYTES")
        if len(received) >= _FRAME.size and len(received) >= _FRAME.size + sum(_FRAME.unpack_from(received)):
            break  # whole; a grandchild may keep the pipe open for ever
    if len(received) < _FRAME.size:
        return None, None
    text_size, blob_size = _FRAME.unpack_from(received)
    if len(received) != _FRAME.size + text_size + blob_size:
        return None, None
    rest = memoryview(received)[_FRAME.size :]
    return (bytes(rest[:text_size]), bytes(rest[text_size:])), None


def _end(pid: int) -> tuple[int, resource.struct_rusage]:
    """Kill the whole group (a child's own children too), then reap: before that the number cannot be another's."""
    for kill in (os.killpg, os.kill):
        try:
            kill(pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            continue
    _, status, used = os.wait4(pid, 0)
    return os.waitstatus_to_exitcode(status), used


def _cause_of_death(status: int, used: resource.struct_rusage, allowance: Allowance) -> tuple[str, str, bytes]:
    cpu, _, memory = allowance.limit_names
    spent = used.ru_utime + used.ru_stime
    if status == -signal.SIGXCPU or spent >= allowance.cpu_seconds - 0.5:
        return "limit", _said("the reader used more", allowance.cpu_seconds, "CPU seconds", cpu), b""
    if status in (-signal.SIGABRT, -signal.SIGKILL, _OUT_OF_MEMORY):
        return "limit", _said("the reader needs more", allowance.memory_bytes, "bytes of memory", memory), b""
    if status < 0:
        return "crash", f"the reader crashed ({signal.Signals(-status).name}): the file is damaged or hostile", b""
    return "crash", "the reader ended without an answer: the file is damaged or hostile", b""


def _said(what: str, figure: int, unit: str, limit: str) -> str:
    return f"{what} than {figure} {unit} (limit {limit})"


_OUT_OF_MEMORY = 77  # our own exit status


def _child(job: Job, header: dict[str, Any], content: bytes, allowance: Allowance, writing: int) -> NoReturn:
    gc.disable()  # it lives for one document; looking for cycles among a million cells costs a third of the time
    try:
        _confine(allowance, writing)
        value, blob = job(header, content)
        with os.fdopen(writing, "wb", closefd=False) as stream:
            write_frame(stream, value, blob)
        os._exit(0)
    except MemoryError:
        os._exit(_OUT_OF_MEMORY)
    except BaseException:
        os._exit(1)


def _confine(allowance: Allowance, writing: int) -> None:
    os.setsid()
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    # No network where the system allows an unprivileged namespace; elsewhere the readers simply have no address.
    if libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) != 0:
        libc.unshare(_CLONE_NEWNET)
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    os.closerange(3, writing)
    os.closerange(writing + 1, max(writing + 2, 1024))
    for which, limit in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, limits.CHILD_FILE_BYTES),
        (resource.RLIMIT_NOFILE, limits.CHILD_OPEN_FILES),
        (resource.RLIMIT_AS, allowance.memory_bytes),
    ):
        resource.setrlimit(which, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CPU, (allowance.cpu_seconds, allowance.cpu_seconds + 1))
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    os.environ.clear()


def main() -> None:
    serve({"parse": parse_job})


if __name__ == "__main__":
    main()
