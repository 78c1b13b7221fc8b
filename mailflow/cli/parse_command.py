"""``mailflow parse FILE...``: documents in, what they say out (contract, "Offline commands")."""

from __future__ import annotations

import argparse
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from mailflow.adapters.parser_child import ParserChild
from mailflow.refusals import Refusal
from parsers import limits
from parsers.documents import Document, Kind, Trust
from parsers.long import json_text
from parsers.profile import Profile


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", metavar="FILE", help="PDF, workbook, CSV, HTML, XML, mail, ZIP or image")
    parser.add_argument("--json", action="store_true", help="one JSON list on standard output")
    parser.add_argument(
        "--password",
        help="tried where a document is encrypted; env:NAME or file:PATH keeps it out of the process list",
    )

    parser.add_argument("--profile", metavar="PARTY", help="read with what was corrected about this party's documents")
    parser.add_argument(
        "--profiles", type=Path, metavar="FILE", help="where corrections are kept (default: config/profiles.toml)"
    )
    parser.add_argument(
        "--learn", action="store_true", help="show what would be remembered of how this document was read"
    )
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help='a correction: "Header=role", issuer=…, date_order=DMY, decimal_mark=",", sign=turned (with --learn)',
    )
    parser.add_argument("--save", metavar="PARTY", help="remember it for this party (with --learn)")


def run(arguments: argparse.Namespace) -> int:
    """0: every document is read and none is in doubt; 1: something is unproven or unreadable; 2: a file is missing."""
    paths = [Path(name) for name in arguments.files]
    for path in paths:
        _check(path)
    if arguments.learn or arguments.set or arguments.save:
        from mailflow.cli.learning import learn

        return learn(arguments, paths, _secret(arguments.password))
    profile = None
    if arguments.profile:
        from mailflow.cli.learning import known_profile

        profile = known_profile(arguments.profiles, arguments.profile)
    documents = parse_files(paths, _secret(arguments.password), profile)
    if arguments.json:
        sys.stdout.writelines(json_text(documents))
        print()
    else:
        from mailflow.cli.document_view import show

        show(documents)
    return 1 if any(map(needs_a_person, documents)) else 0


def parse_files(paths: list[Path], password: str | None = None, profile: Profile | None = None) -> list[Document]:
    """The documents of all files in their order, read side by side on all cores, each in a child of its own."""
    at_once = min(len(paths), os.cpu_count() or 1)
    with ParserChild(at_once) as parsing, ThreadPoolExecutor(at_once) as threads:

        def parse(path: Path) -> list[Document]:
            return parsing.parse_document(_content(path), path.name, password=password, profile=profile)

        return [document for documents in threads.map(parse, paths) for document in documents]


def needs_a_person(document: Document) -> bool:
    return document.kind in (Kind.UNREADABLE, Kind.UNKNOWN) or document.trust is Trust.UNPROVEN


def _check(path: Path) -> None:
    if path.is_dir():
        raise Refusal(f"{path} is a folder; name the files in it")
    try:
        with path.open("rb"):
            pass
    except OSError as error:
        raise Refusal(f"{path}: {(error.strerror or str(error)).lower()}") from error


def _content(path: Path) -> bytes:
    """The file's bytes, one more than the limit at most: what is too large is refused without being held."""
    try:
        with path.open("rb") as stream:
            return stream.read(limits.MAX_BYTES + 1)
    except OSError as error:
        raise Refusal(f"{path}: {(error.strerror or str(error)).lower()}") from error


def _secret(given: str | None) -> str | None:
    kind, _, name = (given or "").partition(":")
    if kind == "env":
        if name not in os.environ:
            raise Refusal(f"--password env:{name}: the variable {name} is not set")
        return os.environ[name]
    if kind == "file":
        return _content(Path(name)).decode("utf-8").rstrip("\r\n")
    return given
