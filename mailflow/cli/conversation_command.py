"""``mailflow conversation CASE``: the whole history of a case in order, with what each message meant.

``--split``, ``--merge`` and ``--undo`` arrange the threads of messages by hand; what is decided lasts.
"""

from __future__ import annotations

import argparse
import getpass
from typing import Any
from zoneinfo import ZoneInfo

from rich.markup import escape

from mailflow.bootstrap import House, open_house
from mailflow.cases.adjustment import voucher
from mailflow.cli.output import add_config, add_json, console, print_json
from mailflow.money import grouped
from mailflow.refusals import Refusal
from mailflow.steps import arrange_conversations as arrange
from mailflow.steps.conversation_record import to_json
from mailflow.steps.ports.arrangements import KeptRuling
from mailflow.steps.ports.journal import Entry
from mailflow.steps.ports.outbox import Letter
from mailflow.steps.show_cases import Conversation, HeardMessage, conversation


def configure(parser: argparse.ArgumentParser) -> None:
    add_config(parser)
    add_json(parser)
    parser.add_argument("case", metavar="CASE", nargs="?")
    parser.add_argument("--split", metavar="MESSAGE", type=int, nargs="+", help="a thread of their own for these")
    parser.add_argument("--merge", metavar="MESSAGE", type=int, nargs="+", help="one thread of all of these")
    parser.add_argument("--undo", metavar="DECISION", type=int, help="take back a split or a merge")
    parser.add_argument("--decisions", action="store_true", help="every split and merge")
    parser.add_argument("--why", default="", help="said beside a split or merge, for whoever reads it later")
    parser.add_argument("--by", default=getpass.getuser(), help="who decides (default: %(default)s)")


def run(arguments: argparse.Namespace) -> int:
    house = open_house(arguments.config)
    asked = [arguments.case, arguments.split, arguments.merge, arguments.undo, arguments.decisions or None]
    if sum(one is not None for one in asked) != 1:
        raise Refusal("name a case, or one of --split, --merge, --undo and --decisions")
    if arguments.case is None:
        return _arrange(house, arguments)
    try:
        told = conversation(house.database, arguments.case, house.company.language)
    except LookupError as missing:
        raise Refusal(str(missing)) from None
    if arguments.json:
        print_json(to_json(told))
    else:
        _show(told, ZoneInfo(house.company.timezone))
    return int(told.view.next.person)


def _arrange(house: House, arguments: argparse.Namespace) -> int:
    """Splits, merges, takes back or lists; ``--json`` lists what stands decided afterwards."""
    how: dict[str, Any] = {"by": arguments.by, "at": house.clock.now()}
    if arguments.split:
        said = f"decision {arrange.split(house.database, arguments.split, why=arguments.why, **how)}: split"
    elif arguments.merge:
        said = f"decision {arrange.merge(house.database, arguments.merge, why=arguments.why, **how)}: merged"
    elif arguments.undo is not None:
        arrange.undo(house.database, arguments.undo, **how)
        said = f"decision {arguments.undo} is taken back"
    else:
        said = ""
    kept = arrange.decisions(house.database)
    if arguments.json:
        print_json([_decision(one) for one in kept])
        return 0
    if said:
        console().print(said)
        return 0
    for one in kept:
        moved = one.ruling.one | one.ruling.other if one.ruling.together else one.ruling.one
        what = f"{'merged' if one.ruling.together else 'split'} {', '.join(map(str, sorted(moved)))}"
        undone = f" [dim](taken back by {escape(one.undone_by or '')})[/]" if one.undone_at else ""
        who = f"{one.ruling.no:>5}  {one.at:%Y-%m-%d %H:%M}  {escape(one.by)}"
        console().print(f"{who}: {what} {escape(one.why)}{undone}")
    return 0


def _decision(one: KeptRuling) -> dict[str, Any]:
    return {
        "decision": one.ruling.no, "kind": "merge" if one.ruling.together else "split",
        "messages": sorted(one.ruling.one), "others": sorted(one.ruling.other), "by": one.by, "at": one.at.isoformat(),
        "why": one.why, "undone_by": one.undone_by, "undone_at": one.undone_at.isoformat() if one.undone_at else None,
    }  # fmt: skip


def _show(told: Conversation, zone: ZoneInfo) -> None:
    screen, view = console(), told.view
    case = view.case
    theirs = "not stated" if case.their_balance is None else grouped(case.their_balance, case.currency)
    screen.print(
        f"[bold]{escape(case.id)}[/]  {escape(view.party_name)}  as of {case.as_of}  [bold]{case.state.value}[/]"
    )
    screen.print(f"our balance {case.currency} {grouped(case.our_balance, case.currency)}, their balance {theirs}")
    screen.print(f"next: {escape(view.next.words)}\n")
    for at, what in told.history():
        when = f"[dim]{at.astimezone(zone):%Y-%m-%d %H:%M}[/]"
        if isinstance(what, Letter):
            screen.print(
                f"{when} [cyan]letter[/]  v{what.key.version} {what.key.kind} to {what.key.recipient}: "
                f"{what.state.value}"
            )
            screen.print(f"    {escape(what.subject)}")
        elif isinstance(what, HeardMessage):
            _show_message(screen, when, what)
        elif what.action.startswith("case."):
            before, after = what.facts.get("before"), what.facts.get("after")
            screen.print(f"{when} [dim]{what.actor}: {what.action[5:].replace('_', ' ')} ({before} → {after})[/]")
        elif not what.action.startswith("letter."):  # the letters stand there themselves
            screen.print(f"{when} [dim]{escape(f'{what.actor}: {_said(what)}')}[/]")
    for kept in told.reconciliations:
        _show_reconciliation(screen, kept.record)


def _said(entry: Entry) -> str:
    """``adjustment approved MF-000001 (because …)``: what was decided, about what, and why."""
    facts = entry.facts
    about = [voucher(facts["adjustment"])] if "adjustment" in facts else []
    about += [str(facts[name]) for name in ("kind", "reference", "amount") if facts.get(name)]
    why = facts.get("why") or facts.get("because")
    words = " ".join([entry.action.replace(".", " ").replace("_", " "), *about])
    return f"{words}: {why}" if why else words


def _show_message(screen: Any, when: str, what: HeardMessage) -> None:
    machine = "" if what.message.automatic in (None, "no") else f" [dim]({what.message.automatic})[/]"
    screen.print(
        f"{when} [green]message[/] from {escape(what.message.sender)}{machine}: {escape(what.message.subject)}"
    )
    if "read" in what.stages:
        for line in what.stages["read"].result["reading"]["new_text"].strip().splitlines():
            screen.print(f"    {escape(line)}")
    for intent in what.stages["understand"].result["intents"] if "understand" in what.stages else []:
        screen.print(f"    [bold]{intent['intent']}[/] {intent['confidence']:.2f}: “{escape(intent['evidence'])}”")
    for kept in what.documents:
        document = kept.document
        screen.print(
            f"    document {kept.no} {escape(kept.name)}: {document.kind.value}, {len(document.lines)} lines, "
            f"{document.trust.value}"
        )
    if what.message.error:
        screen.print(f"    [red]{escape(what.message.error)}[/]")


def _show_reconciliation(screen: Any, record: dict[str, Any]) -> None:
    screen.print(
        f"\n[bold]reconciliation[/] {record['currency']}  ours {record['our_balance']}  "
        f"theirs {record['their_balance']}"
    )
    for item in record["reconciling_items"]:
        screen.print(f"    {item['amount']:>14}  {item['kind'].replace('_', ' ')}  {escape(item['explanation'])}")
    proof = record["proof"]
    screen.print(f"    {proof['unexplained']:>14}  unexplained; {'balanced' if proof['balanced'] else 'not balanced'}")
