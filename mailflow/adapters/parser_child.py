"""Parsing in children that can be killed: the port :mod:`mailflow.steps.ports.parsing` over parsers.containment."""

from __future__ import annotations

import datetime as dt
import hashlib
import queue
import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

from mailflow.steps.ports.parsing import Glance, Part, ReadMessage, Said, SeenCode, ShownPage, Unreadable
from parsers import child
from parsers.containment import Containment, NoAnswer
from parsers.documents import Document
from parsers.long import from_wire
from parsers.profile import Profile

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

    def parse_document(
        self, content: bytes, name: str, *, password: str | None = None, profile: Profile | None = None
    ) -> list[Document]:
        with self._turn() as containment:
            return containment.parse(content, name, password=password, profile=profile)

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

    def verify_dkim(self, raw: bytes, keys: Mapping[str, bytes], sender_domain: str) -> str | None:
        named = {name: key.decode("latin-1") for name, key in keys.items()}
        try:
            with self._turn() as containment:
                value, _ = containment.ask({"job": "dkim", "keys": named, "domain": sender_domain}, raw)
            return None if value["domain"] is None else str(value["domain"])
        except (NoAnswer, KeyError, TypeError):
            return None

    def glance(self, content: bytes) -> Glance:
        try:
            with self._turn() as containment:
                value, _ = containment.ask({"job": "glance"}, content)
            cells = value["cells"]
            rows = None if cells is None else [[_cell(cell) for cell in row] for row in cells]
            codes = tuple(
                SeenCode(str(code["text"]), _shares(code["dark"]), _shares(code["red"])) for code in value["codes"]
            )
            return Glance(str(value["text"]), rows, codes)
        except (NoAnswer, KeyError, TypeError, ValueError, AttributeError):
            return Glance()

    def show(
        self, content: bytes, name: str, *, member: str | None, number: int, pixels: int, first: int = 1
    ) -> ShownPage:
        header = {"job": "show", "name": name, "member": member, "number": number, "pixels": pixels, "first": first}
        try:
            with self._turn() as containment:
                value, picture = containment.ask(header, content)
            return _shown(value, picture)
        except NoAnswer as failure:
            return ShownPage(refused=str(failure))
        except (KeyError, TypeError, ValueError, struct.error):
            return ShownPage(refused="the reader's answer makes no sense: the file is damaged or hostile")

    def read_messages(self, raws: Sequence[bytes]) -> list[ReadMessage | Unreadable]:
        header = {"job": "read_many", "trusted": list(self._trusted), "own": list(self._own)}

        def ask(some: Sequence[bytes]) -> list[ReadMessage | Unreadable]:
            with self._turn() as containment:
                values, blob = containment.ask({**header, "sizes": [len(raw) for raw in some]}, b"".join(some))
            if len(values) != len(some):
                raise ValueError("one reading a message")
            found: list[ReadMessage | Unreadable] = []
            rest = memoryview(blob)
            for value in values:
                size = sum(int(part["size"]) for part in value["parts"])
                found.append(_believed(value, bytes(rest[:size])))
                rest = rest[size:]
            return found

        return _spread(raws, ask)

    def understand(self, said: Sequence[Said]) -> list[dict[str, Any] | Unreadable]:
        from mailflow.correspondence import meaning_json  # here, so that parsing a document never waits for it

        def ask(some: Sequence[Said]) -> list[dict[str, Any] | Unreadable]:
            known = list(dict.fromkeys(one.references for one in some))
            place = {references: number for number, references in enumerate(known)}
            texts = [
                {
                    "text": one.text,
                    "subject": one.subject,
                    "sent": None if one.sent is None else one.sent.isoformat(),
                    "known": place[one.references],
                    "attachments": one.attachments,
                }
                for one in some
            ]
            with self._turn() as containment:
                header = {"job": "understand", "said": texts, "known": known, "country": some[0].country}
                values, _ = containment.ask(header, b"")
            if len(values) != len(some):
                raise ValueError("one meaning a text")
            for value in values:
                meaning_json.from_json(value)  # its shape is right, or this raises
            return list(values)

        return _spread(said, ask)

    def parse_documents(self, documents: Sequence[tuple[bytes, str]]) -> list[list[Document]]:
        def ask(some: Sequence[tuple[bytes, str]]) -> list[list[Document] | None]:
            header = {
                "job": "parse_many",
                "names": [name for _, name in some],
                "sizes": [len(content) for content, _ in some],
            }
            with self._turn() as containment:
                values, _ = containment.ask(header, b"".join(content for content, _ in some))
            if len(values) != len(some):
                raise ValueError("one answer a document")
            return [None if child.needs_recognition(value) else [from_wire(one) for one in value] for value in values]

        found: list[list[Document] | None] = []
        if len(documents) > 1:
            with suppress(NoAnswer, KeyError, TypeError, ValueError, ArithmeticError):
                found = ask(documents)
        found = found or [None] * len(documents)  # one by one: each with limits of its own, or to be recognised
        return [
            one if one is not None else self.parse_document(content, name)
            for one, (content, name) in zip(found, documents, strict=True)
        ]

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


_PNG = b"\x89PNG\r\n\x1a\n"
_LARGEST_PICTURE = 8192  # pixels of a side


def _shown(value: Any, picture: bytes) -> ShownPage:
    """A child's answer is hostile until its shape is checked: what is called a picture must begin as a small PNG."""
    if "refused" in value:
        return ShownPage(refused=str(value["refused"])[:400])
    if picture:
        width, height = struct.unpack(">II", picture[16:24])
        if picture[:8] != _PNG or picture[12:16] != b"IHDR" or max(width, height) > _LARGEST_PICTURE:
            raise ValueError("no picture")
    rows = tuple(tuple(str(cell) for cell in row) for row in value["rows"])
    title = None if value["title"] is None else str(value["title"])[:200]
    return ShownPage(
        int(value["pages"]), float(value["width"]), float(value["height"]), picture, title, rows,
        int(value["first"]), int(value["total"]), tuple(float(top) for top in value["tops"]),
    )  # fmt: skip


Asked = TypeVar("Asked")
Told = TypeVar("Told")


def _spread(
    asked: Sequence[Asked], ask: Callable[[Sequence[Asked]], list[Told | Unreadable]]
) -> list[Told | Unreadable]:
    """All in one child; when that dies, each in one of its own, so that only the culprit has no answer."""
    if not asked:
        return []
    try:
        return ask(asked)
    except (NoAnswer, KeyError, TypeError, ValueError, ArithmeticError) as failure:
        if len(asked) > 1:
            return [answer for one in asked for answer in _spread([one], ask)]
        nonsense = "the reader's answer makes no sense: the message is damaged or hostile"
        return [Unreadable(str(failure) if isinstance(failure, NoAnswer) else nonsense)]


def _cell(value: Any) -> object:
    return dt.date.fromisoformat(value["date"]) if isinstance(value, dict) else value


def _shares(value: Any) -> dict[str, float]:
    return {str(place): float(share) for place, share in value.items()}


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
    words = value.get("words", [])
    if not isinstance(words, list):
        raise TypeError("words are a list")
    return ReadMessage(value["reading"], value["routing"], parts, words)
