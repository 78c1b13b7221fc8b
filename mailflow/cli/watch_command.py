"""``mailflow watch --once``: take in all that is in the mailboxes now and work on it, then end."""

from __future__ import annotations

import argparse

from mailflow.adapters.process_identity import this_process
from mailflow.bootstrap import open_house
from mailflow.cli.output import add_config
from mailflow.refusals import Refusal, Unreachable
from mailflow.service import Service, stop_on_signals
from mailflow.steps.collect_mail import LeaseLost
from mailflow.steps.ports.mailbox import FolderMissing, LoginRefused, MailboxDown


def configure(parser: argparse.ArgumentParser) -> None:
    add_config(parser)
    parser.add_argument("--once", action="store_true", help="end when nothing new is there (default: go on watching)")


def run(arguments: argparse.Namespace) -> int:
    """1 when something is in quarantine or could not be fetched; 3 when a mailbox could not be reached."""
    house = open_house(arguments.config)
    if not arguments.once:
        service = Service(house, only=("watch", "reconcile"))
        stop_on_signals(service)
        service.run()
        return 0
    holder = this_process()
    taken = troubled = quarantined = 0
    for watcher in house.watchers(holder):
        where = f"mailbox {watcher.mailbox.account}, folder {watcher.folder}"
        try:
            found = watcher.once()
            taken += len(found.messages)
            troubled += found.troubled
            while (done := house.process_once(holder)).any:
                quarantined += len(done.quarantined)
            watcher.once()  # what is finished now is moved away
        except (MailboxDown, LoginRefused, FolderMissing) as failure:
            raise Unreachable(f"{where}: {failure}") from None
        except LeaseLost:
            raise Refusal(
                f"{where} is being watched by another process (mailflow run?); it takes everything in"
            ) from None
    print(f"{taken} messages taken in, {quarantined} set aside, {troubled} could not be fetched")
    return int(bool(quarantined or troubled))
