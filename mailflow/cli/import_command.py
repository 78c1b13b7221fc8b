"""``mailflow import LEDGER [--parties FILE] [--as-of DATE]``: the ledger into the record, and what changed by it."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

from mailflow.bootstrap import open_house
from mailflow.refusals import Refusal
from mailflow.steps.import_ledger import ImportReport

SHOWN = 20


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("ledger", nargs="?", help="CSV or XLSX with the items; our own columns or an ERP's")
    parser.add_argument("--parties", metavar="FILE", help="CSV or XLSX with names, addresses, languages, terms")
    parser.add_argument("--as-of", metavar="DATE", help="the day whose end the open amounts describe (default: today)")
    parser.add_argument(
        "--bank-as-of", metavar="DATE", help="the day up to which the bank's entries are booked in this ledger"
    )
    parser.add_argument("--skip-bad-rows", action="store_true", help="leave out rows that cannot be read; list them")
    parser.add_argument("--partial", action="store_true", help="the file is a part of the ledger: nothing else is gone")
    parser.add_argument("--allow-gone", action="store_true", help="most items on record may be missing in the file")
    parser.add_argument("--config", metavar="FILE", help="configuration (default: mailflow.toml, config/mailflow.toml)")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")


def run(arguments: argparse.Namespace) -> int:
    if arguments.ledger is None and arguments.parties is None:
        raise Refusal("name a ledger file, or a parties file with --parties")
    ledger = None if arguments.ledger is None else _bytes(arguments.ledger)
    parties = None if arguments.parties is None else _bytes(arguments.parties)
    house = open_house(arguments.config)
    try:
        today = house.clock.now().astimezone(ZoneInfo(house.company.timezone)).date()
        report = house.import_ledger(
            ledger,
            Path(arguments.ledger or "").name,
            parties,
            Path(arguments.parties or "").name,
            _date("--as-of", arguments.as_of) or today,
            bank_as_of=_bank_day(arguments.bank_as_of, today),
            skip_bad_rows=arguments.skip_bad_rows,
            partial=arguments.partial,
            allow_gone=arguments.allow_gone,
        )
    finally:
        house.close()
    if arguments.json:
        print(json.dumps(report.to_json(), ensure_ascii=False, indent=2))
    else:
        _show(report)
    return 1 if report.skipped else 0


def _bytes(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as failure:
        raise Refusal(f"{path} cannot be read: {failure.strerror}") from None


def _bank_day(text: str | None, today: dt.date) -> dt.date | None:
    day = _date("--bank-as-of", text)
    if day is not None and day > today:
        raise Refusal(f"--bank-as-of {text}: this day has not come yet")
    return day


def _date(option: str, text: str | None) -> dt.date | None:
    if text is None:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise Refusal(f"{option} {text}: write the date like 2026-10-31") from None


def _show(report: ImportReport) -> None:
    print(report.sentence())
    for change in (*report.items.details, *report.parties.changed)[:SHOWN]:
        which = change.item_id or change.party_id
        print(f"  {which}: {change.field} {change.before or '(empty)'} → {change.after or '(empty)'}")
    more = len(report.items.details) + len(report.parties.changed) - SHOWN
    if more > 0:
        print("  … and more; --json lists them")
    if report.items.gone_ids:
        shown = ", ".join(report.items.gone_ids[:SHOWN]) + (" …" if len(report.items.gone_ids) > SHOWN else "")
        print(f"  gone, no longer in the ledger: {shown}")
    for file, row in report.skipped:
        print(f"  skipped: {file}, {row}", file=sys.stderr)
    for file, remark in report.remarks[:SHOWN]:
        print(f"  {file}, line {remark.line}: {remark.what}; see the review of its statements", file=sys.stderr)
    if report.unknown_parties:
        names = ", ".join(report.unknown_parties[:SHOWN])
        print(f"  in no parties file, so nothing can be sent to them: {names}", file=sys.stderr)
