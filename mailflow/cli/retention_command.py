"""``mailflow retention``: what has been kept long enough, by ``[retention]``; ``--apply`` lets it go; legal holds."""

from __future__ import annotations

import argparse
import getpass
from typing import Any

from rich.markup import escape

from mailflow.bootstrap import House, open_house
from mailflow.cli.output import add_config, add_json, console, print_json
from mailflow.steps import keep_for_years
from mailflow.steps.keep_for_years import Expired, Keeping


def configure(parser: argparse.ArgumentParser) -> None:
    add_config(parser)
    add_json(parser)
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--apply", action="store_true", help="let it go; without this nothing is changed")
    what.add_argument("--hold-case", metavar="CASE", help="legal hold: nothing of this case goes")
    what.add_argument("--hold-party", metavar="PARTY", help="legal hold: nothing of this party goes")
    what.add_argument("--lift", metavar="HOLD", type=int, help="lift a hold")
    what.add_argument("--holds", action="store_true", help="the holds that stand")
    parser.add_argument("--why", default="", help="why there is a hold")
    parser.add_argument("--by", default=getpass.getuser(), help="who decides (default: %(default)s)")


def run(arguments: argparse.Namespace) -> int:
    house = open_house(arguments.config)
    how: dict[str, Any] = {"by": arguments.by, "at": house.clock.now()}
    if arguments.hold_case or arguments.hold_party:
        number = keep_for_years.hold(
            house.database, case_id=arguments.hold_case, party_id=arguments.hold_party, why=arguments.why, **how
        )
        return _say(arguments, {"hold": number}, f"hold {number} stands")
    if arguments.lift is not None:
        keep_for_years.lift(house.database, arguments.lift, **how)
        return _say(arguments, {"lifted": arguments.lift}, f"hold {arguments.lift} is lifted")
    if arguments.holds:
        return _holds(house, arguments)
    section = house.settings.retention
    keeping = Keeping(section.case_years, section.stray_days)
    if arguments.apply:
        gone = keep_for_years.let_go(house.database, house.archive, keeping, house.clock.now(), by=arguments.by)
    else:
        gone = keep_for_years.expired(house.database, keeping, house.clock.now())
    return _say(arguments, _record(gone, arguments.apply), _words(gone, keeping, arguments.apply))


def _holds(house: House, arguments: argparse.Namespace) -> int:
    found = keep_for_years.holds(house.database)
    if arguments.json:
        print_json(
            [
                {
                    "hold": one.no, "case": one.case_id, "party": one.party_id, "by": one.by, "at": one.at.isoformat(),
                    "why": one.why,
                }
                for one in found
            ]
        )  # fmt: skip
        return 0
    for one in found:
        what = f"case {one.case_id}" if one.case_id is not None else f"party {one.party_id}"
        console().print(f"{one.no:>5}  {one.at:%Y-%m-%d}  {escape(one.by)}: {escape(what)}  {escape(one.why)}")
    return 0


def _record(gone: Expired, applied: bool) -> dict[str, Any]:
    return {
        "applied": applied, "cases": gone.cases, "messages_of_cases": len(gone.case_messages),
        "messages_of_no_case": len(gone.strays), "files_removed": gone.files,
    }  # fmt: skip


def _words(gone: Expired, keeping: Keeping, applied: bool) -> str:
    if not keeping.case_years and not keeping.stray_days:
        return "everything is kept for ever; [retention] case_years and stray_days say otherwise"
    verb = "went" if applied else "would go (--apply lets it)"
    of_cases = f"{len(gone.cases)} cases with {len(gone.case_messages)} messages"
    words = f"{of_cases}, {len(gone.strays)} messages of no case {verb}"
    return f"{words}; {gone.files} files removed" if applied else words


def _say(arguments: argparse.Namespace, record: dict[str, Any], words: str) -> int:
    if arguments.json:
        print_json(record)
    else:
        console().print(words)
    return 0
