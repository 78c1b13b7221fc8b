"""``mailflow send --once``: send all that is due now, then end."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

from mailflow.adapters.process_identity import this_process
from mailflow.bootstrap import open_house
from mailflow.cli.output import add_config, add_json, print_json
from mailflow.refusals import Unreachable
from mailflow.service import Service, stop_on_signals
from mailflow.steps.letter_attempt import SendReport
from mailflow.steps.send_round import RoundReport


def configure(parser: argparse.ArgumentParser) -> None:
    add_config(parser)
    add_json(parser)
    parser.add_argument("--once", action="store_true", help="end when nothing is due (default: go on sending)")


def run(arguments: argparse.Namespace) -> int:
    """1 when a letter was refused or is in doubt, or sending is held; 3 when the mail server cannot be reached."""
    house = open_house(arguments.config)
    service = Service(house, only=("send",), scheduling=False)
    stop_on_signals(service)
    if not arguments.once:
        service.run()
        return 0
    report = house.send_once(this_process(), service.stopping, progress=_progress())
    if arguments.json:
        print_json(_facts(report))
    else:
        print(_sentence(report))
    if report.sent_folder_down:
        print(f"mailflow send: the Sent folder cannot be asked: {report.sent_folder_down}", file=sys.stderr)
    if report.sent.down:
        raise Unreachable(f"{report.sent.down}; what is queued goes out when it answers again")
    return int(report.sent.needs_person or bool(report.settled.open))


def _progress() -> Callable[[SendReport], None]:
    shown = 0

    def show(report: SendReport) -> None:
        nonlocal shown
        if sys.stderr.isatty() and len(report.accepted) >= shown + 10:
            shown = len(report.accepted)
            print(f"{shown} sent …", end="\r", file=sys.stderr, flush=True)

    return show


def _facts(report: RoundReport) -> dict[str, object]:
    sent = report.sent
    return {
        "accepted": sent.accepted, "tried_again_later": sent.deferred, "rejected": sent.rejected,
        "in_doubt": sorted({*sent.in_doubt, *sent.doubted, *report.settled.open} - {*report.settled.accepted}),
        "settled_as_sent": report.settled.accepted, "sent_again": report.settled.sent_again,
        "copies_filed": report.copies.filed, "held": None if sent.brake is None else sent.brake.why,
        "server_down": sent.down, "sent_folder_down": report.sent_folder_down,
    }  # fmt: skip


def _sentence(report: RoundReport) -> str:
    sent = report.sent
    parts = [f"{len(sent.accepted)} sent"]
    if sent.deferred:
        parts.append(f"{len(sent.deferred)} put off by the server, tried again later")
    if sent.rejected:
        parts.append(f"{len(sent.rejected)} refused for good")
    doubt = len(report.settled.open)
    if doubt:
        parts.append(f"{doubt} in doubt (mailflow outbox list --state in_doubt)")
    if report.settled.accepted:
        parts.append(f"{len(report.settled.accepted)} that were in doubt had gone out")
    if sent.brake is not None:
        until = f" until {sent.brake.until:%H:%M} UTC" if sent.brake.until else ""
        parts.append(f"sending is held{until} by {sent.brake.by}: {sent.brake.why}")
    return "; ".join(parts)
