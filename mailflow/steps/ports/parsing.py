"""Reading untrusted bytes: in a child process that can be killed, never in ours."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from parsers.documents import Document
from parsers.profile import Profile


class Unreadable(Exception):  # also given as a value, where one of many fails
    """The child gave no answer (killed, out of memory, too slow, nonsense). The sentence names which."""


@dataclass(frozen=True, slots=True)
class Part:
    """One attachment, decoded. ``name`` is the sender's word for it: data, never a path."""

    name: str
    type: str
    content: bytes = field(repr=False)
    sha256: str = ""
    inline: bool = False


@dataclass(frozen=True, slots=True)
class ReadMessage:
    """``reading`` is the contract's JSON of ``mailflow read``; ``routing`` what only placing needs: ``delivered_to``,
    ``reply_to``, ``embedded_ids``, ``bounces``, ``list_id``, ``loop`` (marks of our own)."""

    reading: dict[str, Any]
    routing: dict[str, Any]
    parts: list[Part]
    words: list[str] = field(default_factory=list)  # what the message is found by


@dataclass(frozen=True, slots=True)
class Said:
    """What :mod:`mailflow.correspondence.intent` is asked about. ``references``: known ones of the sender's account."""

    text: str
    subject: str
    sent: dt.datetime | None
    references: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    country: str | None = None  # whose public holidays count (one for all that are asked together)


@dataclass(frozen=True, slots=True)
class SeenCode:
    """A QR code and the ink around it: share of each place of :func:`mailflow.correspondence.slip_layout.regions`."""

    text: str
    dark: dict[str, float] = field(default_factory=dict)
    red: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Glance:
    """The words of a document; of a workbook, the cells of its first sheet (text, number, date or None); of a scan,
    a picture or a statement of ours, its codes."""

    text: str = ""
    cells: list[list[object]] | None = None
    codes: tuple[SeenCode, ...] = ()


@dataclass(frozen=True, slots=True)
class ShownPage:
    """One of ``pages`` pages of a document. Either ``picture`` (PNG) with its measures in points, in which a line's
    ``box`` is given; or ``rows``: cells from row ``first`` (from 1) of ``total``, numbered as ``Line.row``; ``tops``
    then place the rows in points where the document is a measured text. ``refused`` says why there is neither."""

    pages: int = 0
    width: float = 0.0
    height: float = 0.0
    picture: bytes = field(default=b"", repr=False)
    title: str | None = None
    rows: tuple[tuple[str, ...], ...] = ()
    first: int = 1
    total: int = 0
    tops: tuple[float, ...] = ()
    refused: str = ""


class Parsing(Protocol):
    def read_message(self, raw: bytes, *, known_references: Sequence[str] = ()) -> ReadMessage:
        """Raises :class:`Unreadable`."""
        ...

    def read_messages(self, raws: Sequence[bytes]) -> list[ReadMessage | Unreadable]:
        """As :meth:`read_message` without the meaning of the words, for many small messages; never raises."""
        ...

    def understand(self, said: Sequence[Said]) -> list[dict[str, Any] | Unreadable]:
        """The meanings (:mod:`mailflow.correspondence.meaning_json`) of many texts; never raises."""
        ...

    def parse_documents(self, documents: Sequence[tuple[bytes, str]]) -> list[list[Document]]:
        """As :meth:`parse_document` for many small ones (content, name)."""
        ...

    def parse_document(self, content: bytes, name: str, *, profile: Profile | None = None) -> list[Document]:
        """What hostile or broken bytes give is a document of kind ``unreadable`` with its reason; never raises.
        ``profile``: what a person corrected about this party's documents."""
        ...

    def verify_dkim(self, raw: bytes, keys: Mapping[str, bytes], sender_domain: str) -> str | None:
        """The domain whose DKIM signature holds with one of ``keys`` (by name), best the sender's own; None: none does.
        Never raises."""
        ...

    def glance(self, content: bytes) -> Glance:
        """A quick look, to recognise a document of our own; empty when it cannot be opened. Never raises."""
        ...

    def show(
        self, content: bytes, name: str, *, member: str | None, number: int, pixels: int, first: int = 1
    ) -> ShownPage:
        """Page ``number`` (from 1) for a person's eyes, ``pixels`` wide or from row ``first``. Never raises on what
        the bytes are."""
        ...
