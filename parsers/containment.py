"""The side of the wall that stays: asks a warm process (:mod:`parsers.child`) and believes nothing it hears.

    with Containment() as containment:
        documents = containment.parse(data, "oct.pdf")

One :class:`Containment` answers one document at a time; several side by side are several of them.
"""

from __future__ import annotations

import select
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from parsers import child, limits
from parsers.documents import Document, unreadable
from parsers.long import from_wire
from parsers.profile import Profile

_ROOT = str(Path(__file__).resolve().parent.parent)
_GRACE_SECONDS = 10  # the warm process keeps the clock; this is for the case that it does not


class NoAnswer(Exception):
    """The child gave no answer. The sentence says why: the limit by name, or that it crashed."""


class Containment:
    """A warm process, started when first asked and again after it was lost. Safe to use from several threads."""

    def __init__(self, entry: str = "parsers.child") -> None:
        """``entry`` is the module whose ``main()`` serves the jobs."""
        self._entry = entry
        self._process: subprocess.Popen[bytes] | None = None
        self._turn = threading.Lock()

    def __enter__(self) -> Containment:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the warm process. A child that is still reading dies with it."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    stream.close()

    def parse(
        self, data: bytes, name: str, *, password: str | None = None, profile: Profile | None = None
    ) -> list[Document]:
        """As :func:`parsers.parse`, in a child that can be killed. Never raises on what the bytes are."""
        if len(data) > limits.MAX_BYTES:
            return [
                unreadable(
                    name, "unknown", f"the file has {len(data)} bytes, {limits.MAX_BYTES} are read (limit MAX_BYTES)"
                )
            ]
        header: dict[str, Any] = {"job": "parse", "name": name, "password": password}
        if profile is not None:
            header["profile"] = profile.to_mapping()
        try:
            value, _ = self.ask(header, data)
            if child.needs_recognition(value):
                value, _ = self.ask({**header, "ocr": True, "recognition": True}, data)
        except NoAnswer as failure:
            return [unreadable(name, "unknown", str(failure))]
        try:
            return [from_wire(document) for document in value]
        except (ValueError, KeyError, TypeError, ArithmeticError):
            return [unreadable(name, "unknown", "the reader's answer makes no sense: the file is damaged or hostile")]

    def ask(self, header: dict[str, Any], content: bytes) -> tuple[Any, bytes]:
        """The child's JSON value and bytes, not yet believed. Raises :class:`NoAnswer`."""
        allowance = child.allowance_for(header)
        with self._turn:
            try:
                process = self._running()
                assert process.stdin is not None and process.stdout is not None
                child.write_frame(process.stdin, header, content)
                self._await(process.stdout, time.monotonic() + allowance.wall_seconds + _GRACE_SECONDS)
                frame = child.read_frame(process.stdout)
            except (OSError, ValueError, EOFError, TimeoutError, RecursionError):
                frame = None
            if frame is None:
                self.close()
                raise NoAnswer("the reader was lost: the file is damaged or hostile")
        answer, blob = frame
        if not isinstance(answer, dict) or answer.get("outcome") != "value":
            raise NoAnswer(
                str(answer.get("reason")) if isinstance(answer, dict) else "the reader's answer makes no sense"
            )
        return answer["value"], blob

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.close()
            start = f"import sys; sys.path.insert(0, {_ROOT!r}); from {self._entry} import main; main()"
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-B", "-c", start],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env={"LC_ALL": "C.UTF-8"},  # no secret of ours, no proxy, nothing of the user's
                start_new_session=True,
            )
        return self._process

    def _await(self, answers: IO[bytes], deadline: float) -> None:
        ready, _, _ = select.select([answers], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            raise TimeoutError
