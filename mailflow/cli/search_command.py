"""``mailflow search WORDS``: messages that say this, in Chinese or English, the newest first."""

from __future__ import annotations

import argparse

from rich.markup import escape

from mailflow.bootstrap import open_house
from mailflow.cli.output import add_config, add_json, console, print_json, table
from mailflow.refusals import Refusal
from mailflow.steps.search import Hit, find, rebuild


def configure(parser: argparse.ArgumentParser) -> None:
    add_config(parser)
    add_json(parser)
    parser.add_argument("words", nargs="*", metavar="WORDS", help='all must be there; "…" keeps words together')
    parser.add_argument("--party", metavar="ID", help="only in this party's conversations")
    parser.add_argument("--limit", type=int, default=20, metavar="N")
    parser.add_argument("--rebuild", action="store_true", help="gather the words of all messages again")


def run(arguments: argparse.Namespace) -> int:
    house = open_house(arguments.config)
    if arguments.rebuild:
        print(f"the words of {rebuild(house.database)} messages are gathered")
        return 0
    if arguments.limit < 1:
        raise Refusal("--limit must be at least 1")
    asked = " ".join(f'"{one}"' if " " in one else one for one in arguments.words)
    found = find(house.database, asked, limit=arguments.limit, party_id=arguments.party)
    if arguments.json:
        print_json({"asked": asked, "more": found.more, "messages": [_facts(hit) for hit in found.hits]})
        return 0
    screen = console()
    if not found.hits:
        screen.print("no message says this")
        return 0
    screen.print(table(("no", "when", "from", "case", "subject", ""), map(_row, found.hits)))
    if found.more:
        screen.print("there are more, older ones: --limit")
    return 0


def _row(hit: Hit) -> tuple[str, ...]:
    message = hit.message
    return (
        str(message.no), f"{message.sent_at or message.received_at:%Y-%m-%d}", escape(message.sender),
        escape(message.case_id or ""), escape(message.subject[:60]), escape(hit.excerpt),
    )  # fmt: skip


def _facts(hit: Hit) -> dict[str, object]:
    message = hit.message
    return {
        "message": message.no, "from": message.sender, "subject": message.subject, "case": message.case_id,
        "sent_at": None if message.sent_at is None else message.sent_at.isoformat(),
        "received_at": message.received_at.isoformat(), "excerpt": hit.excerpt,
    }  # fmt: skip
