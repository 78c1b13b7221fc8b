"""Parsing in children that can be killed: the port :mod:`mailflow.steps.ports.parsing` over parsers.containment."""

from __future__ import annotations

import datetime as dt
import hashlib
import queue
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Any

from mailflow.steps.ports.parsing import Glance, Part, ReadMessage, Unreadable
from parsers.containment import Containment, NoAnswer
from parsers.documents import Document

if TYPE_CHECKING:
    from mailflow.correspondence.threading import Envelope

_ENTRY = "mailflow.parser_child_main"


class ParserChild:
    """``at_once`` warm processes, started when first needed; further callers wait for a free one.

    ``trusted_authserv_ids``: the servers whose Authentication-Results are believed (RFC 8601, section 1.6).
    """

    def __init__(
        self, at_once: int = 2, *, trusted_authserv_ids: Sequence[str] = (), own_addresses: Sequence[str] = ()
    ) -> None:
        self._trusted, self._own = tuple(trusted_authserv_ids), tuple(own_addresses)
        self._all = [Containment(_ENTRY) for _ in range(at_once)]
        self._free: queue.LifoQueue[Containment] = queue.LifoQueue()  # last in, first out: the warmest one answers
        for containment in reversed(self._all):
            self._free.put(containment)

    def __enter__(self) -> ParserChild:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        for containment in self._all:
            containment.close()

    def parse_document(self, content: bytes, name: str, *, password: str | None = None) -> list[Document]:
        with self._turn() as containment:
            return containment.parse(content, name, password=password)

    def read_message(self, raw: bytes, *, known_references: Sequence[str] = ()) -> ReadMessage:
        """Raises :class:`mailflow.steps.ports.parsing.Unreadable`."""
        header = {
            "job": "read",
            "known_references": list(known_references),
            "trusted": list(self._trusted),
            "own": list(self._own),
        }
        try:
            with self._turn() as containment:
                value, blob = containment.ask(header, raw)
            return _believed(value, blob)
        except NoAnswer as failure:
            raise Unreadable(str(failure)) from failure
        except (KeyError, TypeError, ValueError) as nonsense:
            raise Unreadable("the reader's answer makes no sense: the message is damaged or hostile") from nonsense

    def glance(self, content: bytes) -> Glance:
        try:
            with self._turn() as containment:
                value, _ = containment.ask({"job": "glance"}, content)
            cells = value["cells"]
            rows = None if cells is None else [[_cell(cell) for cell in row] for row in cells]
            return Glance(str(value["text"]), rows)
        except (NoAnswer, KeyError, TypeError, ValueError):
            return Glance()

    def envelopes(self, raws: Sequence[bytes]) -> list[Envelope | None]:
        """What threading needs of each message, None for one that cannot be read. A batch is read in one child; when
        that dies, its halves are read apart until the culprit stands alone."""
        from mailflow.correspondence import envelope  # here, so that parsing a document never waits for it

        header = {"job": "envelopes", "sizes": [len(raw) for raw in raws]}
        try:
            with self._turn() as containment:
                value, _ = containment.ask(header, b"".join(raws))
            if len(value) != len(raws):
                raise ValueError("one envelope a message")
            return [envelope.from_json(one) for one in value]
        except (NoAnswer, KeyError, TypeError, ValueError):
            if len(raws) == 1:
                return [None]
            middle = len(raws) // 2
            return self.envelopes(raws[:middle]) + self.envelopes(raws[middle:])

    @contextmanager
    def _turn(self) -> Iterator[Containment]:
        containment = self._free.get()
        try:
            yield containment
        finally:
            self._free.put(containment)


def _cell(value: Any) -> object:
    return dt.date.fromisoformat(value["date"]) if isinstance(value, dict) else value


def _believed(value: Any, blob: bytes) -> ReadMessage:
    """A child's answer is hostile until its shape is checked; the hashes are taken again here, from the bytes."""
    if not isinstance(value["reading"], dict) or not isinstance(value["routing"], dict):
        raise TypeError("reading and routing are objects")
    parts, start = [], 0
    for part in value["parts"]:
        size = int(part["size"])
        if size < 0 or start + size > len(blob):
            raise ValueError("an attachment reaches beyond the answer")
        content, start = blob[start : start + size], start + size
        digest = hashlib.sha256(content).hexdigest()
        parts.append(Part(str(part["name"]), str(part["type"]), content, digest, bool(part["inline"])))
    return ReadMessage(value["reading"], value["routing"], parts)
