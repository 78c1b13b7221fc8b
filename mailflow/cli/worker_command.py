"""``mailflow worker``: the same work on further machines, over PostgreSQL."""

from __future__ import annotations

import argparse
import logging

from mailflow.bootstrap import open_house
from mailflow.cli.output import add_config
from mailflow.refusals import Refusal
from mailflow.service import ROOMS, Service, stop_on_signals


def configure(parser: argparse.ArgumentParser) -> None:
    add_config(parser)
    parser.add_argument("--only", default=",".join(ROOMS), metavar="ROOMS", help=f"of {','.join(ROOMS)}, with commas")


def run(arguments: argparse.Namespace) -> int:
    """Until it gets SIGTERM or Ctrl-C."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    house = open_house(arguments.config)
    if house.settings.database.url.startswith("sqlite"):
        raise Refusal(
            "several processes need PostgreSQL; with SQLite one 'mailflow run' does everything "
            '(set [database] url = "postgresql+psycopg://…")'
        )
    service = Service(house, only=[room.strip() for room in arguments.only.split(",") if room.strip()])
    stop_on_signals(service)
    service.run()
    return 0
