"""``python -m parsers FILE...``: what each document says, as JSON, read in a child that can be killed.

Exit codes: 0 all read and none in doubt, 1 something is unproven or unreadable, 2 a file cannot be opened.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from parsers import limits
from parsers.containment import Containment
from parsers.documents import Kind, Trust


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m parsers", description="Statements, remittance advices and invoices."
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--password", help="tried where a document is encrypted")
    arguments = parser.parse_args(argv)
    documents = []
    with Containment() as containment:
        for path in arguments.files:
            try:
                with path.open("rb") as stream:
                    content = stream.read(limits.MAX_BYTES + 1)
            except OSError as error:
                print(f"{path}: {error.strerror or error}", file=sys.stderr)
                return 2
            documents += containment.parse(content, path.name, password=arguments.password)
    print(json.dumps([document.to_json() for document in documents], ensure_ascii=False, indent=1))
    doubtful = (
        document.kind in (Kind.UNREADABLE, Kind.UNKNOWN) or document.trust is Trust.UNPROVEN for document in documents
    )
    return 1 if any(doubtful) else 0


if __name__ == "__main__":
    sys.exit(main())
