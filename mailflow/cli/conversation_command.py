"""``mailflow conversation CASE``: the whole history of a case in order, with what each message meant."""

from __future__ import annotations

import argparse
from typing import Any
from zoneinfo import ZoneInfo

from rich.markup import escape

from mailflow.bootstrap import open_house
from mailflow.cases.adjustment import voucher
from mailflow.cli.output import add_config, add_json, console, print_json
from mailflow.money import grouped
from mailflow.refusals import Refusal
from mailflow.steps.conversation_record import to_json
from mailflow.steps.ports.journal import Entry
from mailflow.steps.ports.outbox import Letter
from mailflow.steps.show_cases import Conversation, HeardMessage, conversation


def configure(parser: argparse.ArgumentParser) -> None:
    add_config(parser)
    add_json(parser)
    parser.add_argument("case", metavar="CASE")


def run(arguments: argparse.Namespace) -> int:
    house = open_house(arguments.config)
    try:
        told = conversation(house.database, arguments.case, house.company.language)
    except LookupError as missing:
        raise Refusal(str(missing)) from None
    if arguments.json:
        print_json(to_json(told))
    else:
        _show(told, ZoneInfo(house.company.timezone))
    return int(told.view.next.person)


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
