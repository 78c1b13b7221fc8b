"""``mailflow adjustments``: corrections of our books that cases call for: propose, approve, reject, export."""

from __future__ import annotations

import argparse
import datetime as dt
import getpass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from mailflow.adapters.report_csv import csv_file
from mailflow.bootstrap import House, open_house
from mailflow.cases.adjustment import Adjustment, AdjustmentKind, AdjustmentState
from mailflow.cli.output import add_config, add_json, console, print_json, table
from mailflow.money import grouped
from mailflow.refusals import Refusal
from mailflow.steps.adjust import adjustments, decide_adjustment, export_journal, propose_adjustment
from mailflow.steps.adjustment_record import adjustment_json


def configure(parser: argparse.ArgumentParser) -> None:
    add_config(parser)
    add_json(parser)
    parser.add_argument("--by", default=None, help="who decides (default: the signed-in user)")
    parser.set_defaults(act=_list, case=None, state=None)
    actions = parser.add_subparsers(dest="action", metavar="ACTION")

    def action(name: str, act: Any, says: str) -> argparse.ArgumentParser:
        one = actions.add_parser(name, help=says, description=says)
        one.set_defaults(act=act)
        return one

    shown = action("list", _list, "all of them (also without ACTION)")
    shown.add_argument("--case", default=None, metavar="CASE")
    shown.add_argument("--state", default=None, choices=list(AdjustmentState))
    new = action("propose", _propose, "what the books should be corrected by, and why")
    new.add_argument("case", metavar="CASE", help="its id, as 'mailflow cases' shows it")
    new.add_argument("--kind", required=True, choices=list(AdjustmentKind))
    new.add_argument("--reference", required=True, help="the document that is adjusted, or is to be booked")
    new.add_argument("--amount", required=True, help="what it adds to the account; a minus lowers it")
    new.add_argument("--date", default=None, help="booking date, YYYY-MM-DD (default: today)")
    new.add_argument("--why", required=True, help="what it rests on; kept in the journal")
    for name, says in (("approve", "a second person agrees"), ("reject", "it is not to be booked")):
        decide = action(name, _decide, says)
        decide.add_argument("number", type=int, metavar="N")
        decide.add_argument("--why", default="", help="kept in the journal")
    export = action("export", _export, "a journal for the books of all that is approved, each handed over once")
    export.add_argument("out", type=Path, metavar="OUT", help="a file that ends in .csv or .xlsx")
    export.add_argument("--again", type=int, default=None, metavar="N", help="an earlier export once more")


def run(arguments: argparse.Namespace) -> int:
    """0 when it is done."""
    arguments.by = arguments.by or getpass.getuser()
    return int(arguments.act(open_house(arguments.config), arguments))


def _list(house: House, said: argparse.Namespace) -> int:
    states = None if said.state is None else [AdjustmentState(said.state)]
    found = adjustments(house.database, case_id=said.case, states=states)
    if said.json:
        print_json([adjustment_json(one) for one in found])
        return 0
    rows = [
        (
            one.voucher, one.adjustment.case_id, one.adjustment.kind.value, one.adjustment.reference,
            f"{one.adjustment.currency} {grouped(one.adjustment.amount, one.adjustment.currency)}", one.state.value,
            one.adjustment.by, one.decided_by or "",
        )
        for one in found
    ]  # fmt: skip
    heads = ["voucher", "case", "kind", "reference", "amount", "state", "proposed by", "decided by"]
    console().print(table(heads, rows, right=[4]) if rows else "there are no adjustments")
    return 0


def _propose(house: House, said: argparse.Namespace) -> int:
    try:
        amount = Decimal(said.amount.replace(",", ""))
    except InvalidOperation:
        raise Refusal(f"{said.amount!r} is no amount; write it like -250.00") from None
    try:
        date = house.today() if said.date is None else dt.date.fromisoformat(said.date)
    except ValueError:
        raise Refusal(f"{said.date!r} is no date; write it like 2026-10-31") from None
    made = propose_adjustment(
        house.database, house.adjustment_policy, said.case, kind=AdjustmentKind(said.kind), reference=said.reference,
        amount=amount, by=said.by, why=said.why, date=date, at=house.clock.now(),
    )  # fmt: skip
    return _told(made, said)


def _decide(house: House, said: argparse.Namespace) -> int:
    made = decide_adjustment(
        house.database, said.number, approved=said.action == "approve", by=said.by, why=said.why, at=house.clock.now()
    )
    return _told(made, said)


def _export(house: House, said: argparse.Namespace) -> int:
    write = {".csv": csv_file, ".xlsx": house.report_workbook}.get(said.out.suffix.lower())
    if write is None:
        raise Refusal(f"{said.out}: write a file that ends in .csv or .xlsx")
    if not said.out.parent.is_dir():
        raise Refusal(f"{said.out} cannot be written: there is no directory {said.out.parent}")
    made = export_journal(house.database, house.adjustment_policy, by=said.by, at=house.clock.now(), again=said.again)
    if made.number is None:
        print("nothing is approved and waits for an export")
        return 0
    try:
        said.out.write_bytes(write(made.journal))
    except OSError as failure:
        raise Refusal(
            f"{said.out} cannot be written: {failure.strerror}; 'export --again {made.number} OUT' writes it elsewhere"
        ) from None
    print(f"{said.out}: export {made.number}, {len(made.adjustments)} adjustments")
    return 0


def _told(made: Adjustment, said: argparse.Namespace) -> int:
    if said.json:
        print_json(adjustment_json(made))
        return 0
    waits = "; a second person approves it" if made.state is AdjustmentState.PROPOSED else ""
    print(f"{made.voucher} is {made.state.value}{waits}")
    return 0
