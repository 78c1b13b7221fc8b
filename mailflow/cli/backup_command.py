"""``mailflow backup OUT``: database, archive and keys in one file, consistent, while everything goes on running."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from mailflow.bootstrap import open_house
from mailflow.cli.output import add_config, add_json, print_json
from mailflow.safekeeping import back_up


def configure(parser: argparse.ArgumentParser) -> None:
    add_config(parser)
    add_json(parser)
    parser.add_argument("out", metavar="OUT", help="the file to write, for instance mailflow-2026-11-02.tar")


def run(arguments: argparse.Namespace) -> int:
    """1 when the archive is damaged or incomplete: the backup holds what there is, and a person must look."""
    made, missing = back_up(open_house(arguments.config), Path(arguments.out))
    if arguments.json:
        print_json({"file": arguments.out, "made_at": made.made_at, "bytes": made.size, "archived": made.archived,
                    "damaged": made.damaged, "missing": missing})  # fmt: skip
    else:
        size = made.size / (1024 * 1024)
        print(f"{arguments.out}: the database and {made.archived} archived contents, {size:.1f} MiB")
    for sha256 in made.damaged:
        print(f"mailflow backup: the archive's file {sha256} is damaged", file=sys.stderr)
    for sha256 in missing:
        print(f"mailflow backup: the archive has lost {sha256}", file=sys.stderr)
    return int(bool(made.damaged or missing))
