"""``mailflow run``: scheduler, sender, watcher, reconciler and console in one process."""

from __future__ import annotations

import argparse
import logging

from mailflow.bootstrap import open_house
from mailflow.cli.output import add_config
from mailflow.service import Service, stop_on_signals


def configure(parser: argparse.ArgumentParser) -> None:
    add_config(parser)
    parser.add_argument("--no-web", action="store_true", help="without the console")


def run(arguments: argparse.Namespace) -> int:
    """Until it gets SIGTERM or Ctrl-C."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    house = open_house(arguments.config)
    for warning in house.settings.warnings:
        logging.getLogger("mailflow").warning(warning)
    service = Service(house)
    stop_on_signals(service)
    if arguments.no_web:
        service.run()
        return 0
    from mailflow.web.server import ConsoleServer

    console = ConsoleServer(house)
    console.start()
    print(console.welcome(), flush=True)
    try:
        service.run()
    finally:
        console.stop()
    return 0
