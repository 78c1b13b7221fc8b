"""``mailflow search WORDS``: what says this, in Chinese or English, the newest first: messages, and with ``--all`` our
letters, documents and decisions too."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from rich.markup import escape

from mailflow.bootstrap import open_house
from mailflow.cli.output import add_config, add_json, console, print_json, table
from mailflow.refusals import Refusal
from mailflow.steps.search import Hit, find, rebuild
from mailflow.steps.search_records import find_records, rebuild_records


def configure(parser: argparse.ArgumentParser) -> None:
    add_config(parser)
    add_json(parser)
    parser.add_argument("words", nargs="*", metavar="WORDS", help='all must be there; "…" keeps words together')
    parser.add_argument("--party", metavar="ID", help="only in this party's conversations")
    parser.add_argument("--all", action="store_true", help="our letters, their documents and decisions too")
    parser.add_argument("--limit", type=int, default=20, metavar="N")
    parser.add_argument("--rebuild", action="store_true", help="gather the words of all messages again")


def run(arguments: argparse.Namespace) -> int:
    house = open_house(arguments.config)
    if arguments.rebuild:
        others = rebuild_records(house.database, house.archive)
        print(f"the words of {rebuild(house.database)} messages and {others} other records are gathered")
        return 0
    if arguments.limit < 1:
        raise Refusal("--limit must be at least 1")
    asked = " ".join(f'"{one}"' if " " in one else one for one in arguments.words)
    found = find(house.database, asked, limit=arguments.limit, party_id=arguments.party)
    records = []
    if arguments.all:
        records = find_records(house.database, house.archive, asked, limit=arguments.limit, party_id=arguments.party)
    if arguments.json:
        answer: dict[str, object] = {
            "asked": asked, "more": found.more, "messages": [_facts(hit) for hit in found.hits]
        }  # fmt: skip
        if arguments.all:
            answer["records"] = [asdict(hit) | {"kind": hit.kind.value} for hit in records]
        print_json(answer)
        return 0
    screen = console()
    if records:
        rows = [
            (
                hit.kind.value,
                str(hit.no),
                hit.at[:10],
                escape(hit.who),
                escape(hit.case_id or ""),
                escape(hit.title[:80]),
            )
            for hit in records
        ]
        screen.print(table(("", "no", "when", "who", "case", ""), rows))
    if not found.hits and not records:
        screen.print("no message says this")
        return 0
    if found.hits:
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
