"""``mailflow quarantine list|replay|dismiss``: what could not be processed, and what a person does about it."""

from __future__ import annotations

import argparse
import getpass
from typing import Any

from rich.markup import escape

from mailflow.bootstrap import House, open_house
from mailflow.cli.output import add_config, add_json, console, print_json, table
from mailflow.refusals import Refusal
from mailflow.steps.ports.mailroom import MessageState
from mailflow.steps.process_messages import dismiss, replay


def configure(parser: argparse.ArgumentParser) -> None:
    add_config(parser)
    add_json(parser)
    parser.add_argument("action", choices=["list", "replay", "dismiss"])
    parser.add_argument("message", nargs="*", type=int, metavar="NUMBER", help="of the message, as 'list' shows it")
    parser.add_argument("--from-stage", metavar="STAGE", help="replay: begin there (default: where it failed)")
    parser.add_argument("--why", default="", help="dismiss: the reason, kept in the journal")
    parser.add_argument("--by", default=None, help="who decides (default: the signed-in user)")


def run(arguments: argparse.Namespace) -> int:
    """``list``: 1 when anything is there."""
    house = open_house(arguments.config)
    if arguments.action == "list":
        return _list(house, arguments.json)
    if not arguments.message:
        raise Refusal(f"name the message: mailflow quarantine {arguments.action} NUMBER")
    by = arguments.by or getpass.getuser()
    for number in arguments.message:
        try:
            if arguments.action == "replay":
                replay(house.database, house.stages, number, house.clock.now(), by=by, from_stage=arguments.from_stage)
            else:
                dismiss(house.database, number, house.clock.now(), by=by, why=arguments.why)
        except LookupError as missing:
            raise Refusal(str(missing)) from None
        print(f"message {number}: {'waits to run again' if arguments.action == 'replay' else 'dismissed'}")
    return 0


def _list(house: House, as_json: bool) -> int:
    with house.database.reading() as work:
        held = work.mailroom.messages(state=MessageState.QUARANTINED)
        troubled = work.mailroom.troubled_places()
    rows: list[dict[str, Any]] = [
        {
            "message": message.no, "from": message.sender, "subject": message.subject, "stage": message.stage,
            "error": message.error, "attempts": message.attempts, "sha256": message.sha256,
        }
        for message in held
    ]  # fmt: skip
    places: list[dict[str, Any]] = [
        {"account": p.account, "folder": p.folder, "uid": p.uid, "state": p.state.value, "error": why}
        for p, why in troubled
    ]
    if as_json:
        print_json({"messages": rows, "places": places})
    elif not rows and not places:
        print("nothing is in quarantine")
    else:
        lines = [
            (str(row["message"]), row["from"], row["subject"], str(row["stage"]), str(row["error"])) for row in rows
        ]
        lines += [("–", f"{p['account']}/{p['folder']} UID {p['uid']}", "", p["state"], p["error"]) for p in places]
        console().print(
            table(("message", "from", "subject", "stage", "error"), [tuple(map(escape, line)) for line in lines])
        )
    return int(bool(rows or places))
