"""``mailflow restore IN``: brings a backup back into an empty place. Nothing is sent until a person says so."""

from __future__ import annotations

import argparse
import getpass
import sys
from pathlib import Path

from mailflow.bootstrap import open_house
from mailflow.cli.output import add_config, add_json, print_json
from mailflow.refusals import Unreachable
from mailflow.safekeeping import restore, take_in_moved_mail


def configure(parser: argparse.ArgumentParser) -> None:
    add_config(parser)
    add_json(parser)
    parser.add_argument("file", metavar="IN", help="what 'mailflow backup' wrote")
    parser.add_argument("--by", default=None, help="who restores (default: the signed-in user)")


def run(arguments: argparse.Namespace) -> int:
    """1 when letters are in doubt, content is missing or the mailbox could not be asked yet."""
    house = open_house(arguments.config)
    done = restore(house, Path(arguments.file), arguments.by or getpass.getuser())
    taken: int | None = None
    later = ""
    try:
        taken = take_in_moved_mail(house)
    except Unreachable as away:
        later = str(away)
    lost = sorted({*done.missing, *done.contents.damaged})
    if arguments.json:
        print_json({"file": arguments.file, "backup_of": done.contents.made_at, "archived": done.contents.archived,
                    "in_doubt": done.in_doubt, "messages_taken_in": taken, "damaged": done.contents.damaged,
                    "missing": done.missing, "held": True})  # fmt: skip
    else:
        print(f"restored as of {done.contents.made_at}: the database and {done.contents.archived} archived contents")
        if taken:
            print(f"{taken} messages had been moved away since; they are taken in and will be worked on")
        if done.in_doubt:
            print(f"{len(done.in_doubt)} letters waited at the backup and may have gone out since: they are in doubt")
        print("sending is on hold; look at 'mailflow outbox list', then 'mailflow outbox resume'")
    for sha256 in lost:
        print(f"mailflow restore: the content {sha256} is damaged or missing in the backup", file=sys.stderr)
    if later:
        print(f"mailflow restore: {later}", file=sys.stderr)
    return int(bool(done.in_doubt or lost or later))
