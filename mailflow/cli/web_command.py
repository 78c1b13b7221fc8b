"""``mailflow web``: the console alone."""

from __future__ import annotations

import argparse

from mailflow.bootstrap import open_house
from mailflow.cli.output import add_config
from mailflow.web.server import ConsoleServer


def configure(parser: argparse.ArgumentParser) -> None:
    add_config(parser)


def run(arguments: argparse.Namespace) -> int:
    house = open_house(arguments.config)
    server = ConsoleServer(house)
    print(server.welcome(), flush=True)
    server.run()
    return 0
