"""``mailflow cases``: a case per party and statement, in the contract's JSON or as a table."""

from __future__ import annotations

import argparse

from rich.markup import escape

from mailflow.bootstrap import open_house
from mailflow.cases.case import State
from mailflow.cli.output import STATE_STYLES, add_config, add_json, console, print_json, table
from mailflow.money import grouped
from mailflow.steps.show_cases import CaseView, cases, unplaced


def configure(parser: argparse.ArgumentParser) -> None:
    add_config(parser)
    add_json(parser)
    parser.add_argument("--party", metavar="ID")
    parser.add_argument("--state", choices=[state.value for state in State])


def run(arguments: argparse.Namespace) -> int:
    """1 when something waits for a person."""
    house = open_house(arguments.config)
    state = State(arguments.state) if arguments.state else None
    found = cases(house.database, party_id=arguments.party, state=state, language=house.company.language)
    if arguments.json:
        print_json([view.to_json() for view in found])
    elif not found:
        print("no cases yet: import a ledger (mailflow import), then draw statements (mailflow statements)")
    else:
        screen = console()
        screen.print(case_table(found))
        waiting = unplaced(house.database)
        if waiting and not arguments.party:
            screen.print(f"\n[yellow]{len(waiting)} messages belong to no case yet[/] (mailflow web shows them)")
    return int(any(view.next.person for view in found))


def case_table(found: list[CaseView]) -> object:
    rows = []
    for view in found:
        case = view.case
        style = STATE_STYLES[case.state.value]
        theirs = "" if case.their_balance is None else grouped(case.their_balance, case.currency)
        action = escape(view.next.words) + (f" ({view.next.due})" if view.next.due else "")
        rows.append(
            (
                escape(case.id), escape(view.party_name), f"[{style}]{case.state.value}[/]", case.currency,
                grouped(case.our_balance, case.currency), theirs, str(view.messages),
                f"[bold red]{action}[/]" if view.next.red else action,
            )
        )  # fmt: skip
    columns = ("case", "party", "state", "", "our balance", "their balance", "mails", "next")
    return table(columns, rows, right=(4, 5, 6))
