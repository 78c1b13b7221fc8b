"""How commands show things: one JSON document, or tables with colour on a terminal only."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

STATE_STYLES = {
    "confirmed": "green", "resolved": "green", "closed": "dim", "sent": "default", "queued": "default",
    "disputed": "red", "undeliverable": "red", "held": "yellow", "answered": "yellow", "promised": "cyan",
    "reconciling": "yellow", "draft": "dim",
}  # fmt: skip


def add_config(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--config", metavar="FILE", help="the configuration (default: ./mailflow.toml)")


def add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")


def print_json(value: Any) -> None:
    json.dump(value, sys.stdout, ensure_ascii=False, indent=2)
    print()


def console() -> Console:
    """Standard output. In a pipe: no colour, and wide enough that no cell is cut."""
    to_person = sys.stdout.isatty()
    return Console(highlight=False, no_color=not to_person or None, width=None if to_person else 200)


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], right: Iterable[int] = ()) -> Table:
    """``right`` are the columns that hold amounts."""
    made = Table(box=None, header_style="bold", pad_edge=False)
    to_right = set(right)
    for place, name in enumerate(columns):
        made.add_column(name, justify="right" if place in to_right else "left", overflow="fold")
    for row in rows:
        made.add_row(*row)
    return made
