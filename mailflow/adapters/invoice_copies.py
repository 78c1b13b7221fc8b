"""Copies of invoices in a directory, one file each, named by the reference (``INV-1042.pdf``, ``INV_2026_7.pdf``).

A file's name and a reference are the same when their letters and digits are; what stands between them is free, because
file systems forbid ``/`` and people write ``-`` or ``_``. Two files that could be meant are none: a wrong copy is worse
than none.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path

from mailflow.correspondence.letter import LetterFile

TYPES = {
    ".pdf": "application/pdf",
    ".ofd": "application/ofd",
    ".xml": "application/xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
}
LARGEST = 5 * 1024 * 1024  # bytes of one copy; many mail servers refuse a letter of 20 MB


class InvoiceCopies:
    """``directory`` None: there are no copies. The directory is looked at anew at each question."""

    def __init__(self, directory: Path | None) -> None:
        self._directory = directory

    def find(self, reference: str) -> LetterFile | None:
        """The copy of this invoice; None when there is none, two could be meant, or it is larger than
        :data:`LARGEST`."""
        wanted = _key(reference)
        if self._directory is None or not wanted or not self._directory.is_dir():
            return None
        found = [one for one in self._directory.iterdir() if one.suffix.lower() in TYPES and _key(one.stem) == wanted]
        if len(found) != 1 or found[0].is_symlink() or not found[0].is_file() or found[0].stat().st_size > LARGEST:
            return None
        (file,) = found
        return LetterFile(file.name, TYPES[file.suffix.lower()], file.read_bytes())


def _key(text: str) -> str:
    return "".join(one for one in unicodedata.normalize("NFKC", text).casefold() if one.isalnum())
