"""``mailflow report ageing|responses|disputes|… [--json | --xlsx OUT]``."""

from __future__ import annotations

import argparse
import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

from rich.markup import escape

from mailflow.bootstrap import open_house
from mailflow.cli.output import add_config, add_json, console, print_json, table
from mailflow.money import grouped, plain
from mailflow.refusals import Refusal
from mailflow.steps.report import REPORTS, Cell, Table


def configure(parser: argparse.ArgumentParser) -> None:
    add_config(parser)
    add_json(parser)
    parser.add_argument("report", choices=REPORTS)
    parser.add_argument("--as-of", metavar="DATE", help="ageing and dso: as of this day (default: the last import's)")
    parser.add_argument("--xlsx", metavar="OUT", help="write a workbook")


def run(arguments: argparse.Namespace) -> int:
    house = open_house(arguments.config)
    as_of = None
    if arguments.as_of:
        try:
            as_of = dt.date.fromisoformat(arguments.as_of)
        except ValueError:
            raise Refusal(f"{arguments.as_of!r} is no date; write it like 2026-10-31") from None
    found = house.report(arguments.report, as_of)
    if arguments.xlsx:
        try:
            Path(arguments.xlsx).write_bytes(house.report_workbook(found))
        except OSError as failure:
            raise Refusal(f"{arguments.xlsx} cannot be written: {failure.strerror}") from None
        print(f"{arguments.xlsx}: {len(found.rows)} rows")
    elif arguments.json:
        print_json({"report": found.title, "rows": _json(found.rows, found), "totals": _json(found.totals, found)})
    else:
        _show(found)
    return 0


def _json(rows: list[dict[str, Cell]], found: Table) -> list[dict[str, Any]]:
    def value(row: dict[str, Cell], name: str) -> Any:
        cell = row[name]
        if isinstance(cell, Decimal):
            return plain(cell, str(row.get("currency") or "CNY"))
        return cell.isoformat() if isinstance(cell, dt.date) else cell

    return [{name: value(row, name) for name in row} for row in rows]


def _whole(found: Table, name: str) -> bool:
    return any(isinstance(row.get(name), int) for row in found.rows)


def _show(found: Table) -> None:
    def cell(row: dict[str, Cell], name: str) -> str:
        value = row.get(name)
        if value is None:
            return ""
        if isinstance(value, Decimal):
            return grouped(value, str(row.get("currency") or "CNY"))
        return escape(str(value))

    right = [place for place, name in enumerate(found.columns) if name in found.money or _whole(found, name)]
    lines = [tuple(cell(row, name) for name in found.columns) for row in found.rows]
    lines += [tuple(f"[bold]{text}[/]" for text in (cell(row, name) for name in found.columns)) for row in found.totals]
    heads = [name.replace("_", " ") for name in found.columns]
    console().print(table(heads, lines, right=right) if found.rows else "nothing to report yet")
