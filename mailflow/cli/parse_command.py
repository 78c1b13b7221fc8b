"""``mailflow parse FILE...``: documents in, what they say out (contract, "Offline commands")."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from mailflow.refusals import Refusal
from parsers.documents import Document, Kind, Trust


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", metavar="FILE", help="PDF, workbook, CSV, HTML, XML, mail, ZIP or image")
    parser.add_argument("--json", action="store_true", help="one JSON list on standard output")
    parser.add_argument("--password", help="tried where a document is encrypted")


def run(arguments: argparse.Namespace) -> int:
    """0: every document is read and none is in doubt; 1: something is unproven or unreadable; 2: a file is missing."""
    contents = [(name, _content(name)) for name in arguments.files]
    documents: list[Document] = []
    from parsers import parse

    for name, content in contents:
        documents += parse(content, Path(name).name, password=arguments.password)
    if arguments.json:
        json.dump([document.to_json() for document in documents], sys.stdout, ensure_ascii=False)
        print()
    else:
        from mailflow.cli.document_view import show

        show(documents)
    return 1 if any(map(needs_a_person, documents)) else 0


def needs_a_person(document: Document) -> bool:
    return document.kind in (Kind.UNREADABLE, Kind.UNKNOWN) or document.trust is Trust.UNPROVEN


def _content(name: str) -> bytes:
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise Refusal(f"{name}: {error.strerror or error}") from error
