"""Pages of received documents for a person's eyes, remembered for a while by the hash of their content.

In memory only: what retention removes from the archive must not live on as a picture beside it.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import Protocol

from mailflow.steps.ports.parsing import Parsing, ShownPage

MOST_BYTES = 48 * 1024 * 1024
_ROW_BYTES = 400  # about, of a row in memory


class _Reads(Protocol):
    def read(self, sha256: str) -> bytes: ...


class DocumentPages:
    """Safe to use from several threads; two that ask for the same page at once may draw it twice."""

    def __init__(self, archive: _Reads, parsing: Parsing, most_bytes: int = MOST_BYTES) -> None:
        self._archive, self._parsing, self._most = archive, parsing, most_bytes
        self._kept: OrderedDict[tuple[str, str | None, int, int, int], ShownPage] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    def shown(
        self, sha256: str, name: str, member: str | None, number: int, *, pixels: int, first: int = 1
    ) -> ShownPage:
        """Page ``number`` (from 1) of the document that the archive keeps under this hash."""
        key = (sha256, member, number, pixels, first)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        content = self._archive.read(sha256)
        page = self._parsing.show(content, name, member=member, number=number, pixels=pixels, first=first)
        with self._lock:
            if key not in self._kept:
                self._kept[key] = page
                self._size += _weight(page)
            while self._size > self._most and len(self._kept) > 1:
                _, oldest = self._kept.popitem(last=False)
                self._size -= _weight(oldest)
        return page


def _weight(page: ShownPage) -> int:
    return len(page.picture) + _ROW_BYTES * (1 + len(page.rows))
