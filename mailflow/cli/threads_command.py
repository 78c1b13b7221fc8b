"""``mailflow threads PATH...``: a folder of .eml files, a Maildir or an mbox in, conversations out."""

from __future__ import annotations

import argparse
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.markup import escape

from mailflow.adapters.parser_child import ParserChild
from mailflow.cli.output import add_json, console, print_json
from mailflow.correspondence.threading import Envelope, threads
from mailflow.refusals import Refusal

BATCH_BYTES, BATCH_COUNT = 8 * 1024 * 1024, 200  # handed to the reader's child process at a time
_FROM_LINE = re.compile(rb"^From \S+.*\d{4}\s*$")


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="+", metavar="PATH", help=".eml files or a folder of them, a Maildir, an mbox")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """1 when a message could not be read (it then stands alone, named by its hash)."""
    unreadable = 0
    envelopes: list[Envelope] = []
    with ParserChild(1) as child:
        for batch in _batches(raw for path in arguments.paths for raw in messages(Path(path))):
            for raw, found in zip(batch, child.envelopes(batch), strict=True):
                unreadable += found is None
                digest = hashlib.sha256(raw).hexdigest()
                envelopes.append(found or Envelope(key=f"sha256:{digest}", digest=digest))
    found_threads = threads(envelopes)
    if arguments.json:
        print_json([_json(thread) for thread in found_threads])
    else:
        screen = console()
        for thread in found_threads:
            screen.print(
                f"[bold]{thread.name}[/] {escape(thread.subject) or '–'}  [dim]{', '.join(thread.participants)}[/]"
            )
            for key in thread.messages:
                screen.print(f"    {escape(key)}  [dim]{thread.why[key]}[/]")
    return int(bool(unreadable))


def _json(thread: Any) -> dict[str, Any]:
    return {
        "thread": thread.name, "subject": thread.subject, "participants": thread.participants,
        "messages": thread.messages, "why": thread.why,
    }  # fmt: skip


def messages(path: Path) -> Iterator[bytes]:
    """The raw messages at ``path``. Raises :class:`Refusal` when there are none."""
    try:
        if path.is_dir():
            found = _of_folder(path)
        elif path.is_file():
            with path.open("rb") as file:
                mbox = file.read(5) == b"From "
            found = _of_mbox(path) if mbox else iter([path.read_bytes()])
        else:
            raise Refusal(f"{path} is not there; name .eml files, a folder, a Maildir or an mbox")
        first = next(found, None)
        if first is None:
            raise Refusal(f"{path} holds no messages (.eml files, a Maildir, an mbox)")
        yield first
        yield from found
    except OSError as failure:
        raise Refusal(f"{failure.filename or path} cannot be read: {failure.strerror}") from None


def _of_folder(folder: Path) -> Iterator[bytes]:
    maildir = [folder / name for name in ("cur", "new") if (folder / name).is_dir()]
    for place in maildir:
        for file in sorted(place.iterdir()):
            if file.is_file():
                yield file.read_bytes()
    if not maildir:
        for file in sorted(folder.rglob("*.eml")):
            yield file.read_bytes()


def _of_mbox(file: Path) -> Iterator[bytes]:
    """mboxrd: a line ``From `` after an empty one begins a message; ``>From `` inside was quoted (RFC 4155 and its
    successors in use)."""
    lines: list[bytes] = []
    empty = True
    with file.open("rb") as source:
        for line in source:
            if empty and line.startswith(b"From ") and _FROM_LINE.match(line.rstrip()):
                if lines:
                    yield b"".join(lines)
                lines = []
            else:
                lines.append(line[1:] if re.match(rb"^>+From ", line) else line)
            empty = not line.strip()
    if lines:
        yield b"".join(lines)


def _batches(raws: Iterator[bytes]) -> Iterator[list[bytes]]:
    batch: list[bytes] = []
    size = 0
    for raw in raws:
        batch.append(raw)
        size += len(raw)
        if size >= BATCH_BYTES or len(batch) >= BATCH_COUNT:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
