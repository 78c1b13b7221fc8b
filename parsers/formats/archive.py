"""ZIP: members inflated one by one under counters of our own, never on the word of a header.

Names without the UTF-8 flag come from Chinese Windows as GB18030, which ``zipfile`` shows as mojibake. Overlapping
entries (CVE-2024-0450; CPython before 3.11.8 accepts them) are refused by comparing their places.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from parsers import limits, opening
from parsers.documents import Document, unreadable
from parsers.errors import LimitReached, PasswordNeeded, Unreadable
from parsers.source import Source

_MAX_ENTRY = 50 * 1024 * 1024
_RATIO_GRACE = 100 * 1024
_PIECE = 64 * 1024
_LITTER = re.compile(r"(?:^|/)(?:__MACOSX/|\.DS_Store$|Thumbs\.db$|desktop\.ini$|\._[^/]+$)")


def read(data: bytes, source: Source) -> list[Document]:
    """The documents of every member. Raises :class:`parsers.errors.Unreadable` where the archive itself is refused."""
    found: list[Document] = []
    for name, content in _members(data, source):
        inside = source.inside(name)
        if isinstance(content, Unreadable):
            found.append(unreadable(source.file, "zip", str(content), inside.member))
        else:
            found += opening.open_document(content, inside)
    return found or [unreadable(source.file, "zip", "the archive is empty", source.member)]


def _members(data: bytes, source: Source) -> Iterator[tuple[str, bytes | Unreadable]]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise Unreadable(f"the archive is damaged: {error}") from error
    with archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir() and not _LITTER.search(entry.filename)]
        if len(entries) > limits.MAX_ARCHIVE_MEMBERS:
            raise LimitReached(
                "MAX_ARCHIVE_MEMBERS",
                f"the archive has {len(entries)} members, {limits.MAX_ARCHIVE_MEMBERS} are opened",
            )
        _refuse_overlap(archive.infolist())
        for entry in entries:
            name = _name(entry)
            try:
                content: bytes | Unreadable = _inflate(archive, entry, source)
            except LimitReached:
                raise
            except Unreadable as refusal:
                content = refusal
            yield name, content


def _refuse_overlap(entries: list[zipfile.ZipInfo]) -> None:
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < end:
            raise Unreadable("members of the archive overlap: it is forged")
        end = entry.header_offset + 30 + entry.compress_size


def _inflate(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, source: Source) -> bytes:
    password = source.password.encode("utf-8") if source.password else None
    if entry.flag_bits & 1 and password is None:
        raise PasswordNeeded("the member is encrypted; give the archive's password (--password)")
    content = bytearray()
    try:
        with archive.open(entry, pwd=password) as stream:
            while piece := stream.read(_PIECE):
                content += piece
                if len(content) > _MAX_ENTRY:
                    raise LimitReached("MAX_ARCHIVE_ENTRY", f"a member inflates to more than {_MAX_ENTRY} bytes")
                if len(content) > _RATIO_GRACE and len(content) > limits.MAX_ARCHIVE_RATIO * max(
                    entry.compress_size, 1
                ):
                    raise LimitReached(
                        "MAX_ARCHIVE_RATIO", f"a member inflates more than {limits.MAX_ARCHIVE_RATIO}-fold"
                    )
    except RuntimeError as error:  # zipfile's word for a wrong password
        raise PasswordNeeded(f"the member cannot be decrypted: {error}") from error
    except NotImplementedError as error:
        raise Unreadable(f"the member is packed in a way that is not read: {error}") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
        raise Unreadable(f"the member is damaged: {error}") from error
    source.budget.spend(len(content))
    return bytes(content)


def _name(entry: zipfile.ZipInfo) -> str:
    """The name as its writer meant it; a path inside stays, so that two of one name differ."""
    name = entry.filename
    if not entry.flag_bits & 0x800:
        raw = name.encode("cp437", "replace")
        for encoding in ("utf-8", "gb18030"):
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    parts = [part for part in re.sub(r"[\x00-\x1f\x7f\u202a-\u202e]", "", name).replace("\\", "/").split("/") if part]
    return "/".join(part for part in parts if part not in (".", ".."))[-250:] or "unnamed"
