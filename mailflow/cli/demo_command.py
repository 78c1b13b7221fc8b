"""``mailflow demo``: the whole loop on embedded parts, with its progress, its table of cases and its times."""

from __future__ import annotations

import argparse
import logging
import secrets
import shutil
import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.live import Live
from rich.markup import escape
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from mailflow.cases.case import RED
from mailflow.cases.next_action import TASK_WORDS
from mailflow.cli.output import STATE_STYLES, console, table
from mailflow.money import grouped
from mailflow.refusals import Refusal
from mailflow.steps.show_cases import CaseView

if TYPE_CHECKING:
    from mailflow.demo.loop import Act, Demo


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--once", action="store_true", help="no console: end by itself")
    parser.add_argument("--keep", metavar="DIR", help="keep database, archive and configuration in this new directory")
    parser.add_argument("--port", type=int, default=8025, help="of the console (default: 8025)")


def run(arguments: argparse.Namespace) -> int:
    """0 when every letter, answer and case came through; 1 when something is missing."""
    try:
        from mailflow.demo.loop import Demo, temporary_directory
    except ImportError as missing:
        raise Refusal(f"the demo needs the extra 'demo' ({missing.name}); run ./install") from None
    logging.basicConfig(level=logging.ERROR)
    if arguments.keep and Path(arguments.keep).exists() and any(Path(arguments.keep).iterdir()):
        raise Refusal(f"{arguments.keep} is not empty; --keep needs a new directory")
    directory = Path(arguments.keep) if arguments.keep else temporary_directory()
    screen = console()
    demo = Demo(directory, arguments.port)
    show = _Progress(screen)
    demo.on_act, demo.on_progress = show.act, show.progress
    screen.print("[bold]mailflow demo[/]: the monthly reconciliation of 华星贸易有限公司, as of 2026-10-31\n")
    try:
        demo.start()
        with show:
            told = demo.play()
        screen.print()
        screen.print(_cases(told.cases))
        for task in told.waiting:
            words = TASK_WORDS["zh"][task.kind]
            style = "bold red" if task.kind in RED else "yellow"
            screen.print(
                f"[{style}]{escape(words)}[/] {escape(task.facts.get('sender') or '')} “{escape(task.evidence)}”"
            )
        total = sum(act.seconds for act in told.acts)
        parties = len({view.case.party_id for view in told.cases})
        states = len({view.case.state for view in told.cases})
        screen.print(f"\n{parties} parties, {states} different states, {told.answers} answers, {total:.1f} s in all")
        for missing_one in told.missing:
            screen.print(f"[red]missing: {escape(missing_one)}[/]")
        if not arguments.once and not told.missing:
            _stay(demo, screen, directory)
        return int(bool(told.missing))
    finally:
        demo.stop()
        if not arguments.keep:
            shutil.rmtree(directory, ignore_errors=True)


class _Progress:
    """A line an act: a moving bar on a terminal, plain lines in a pipe."""

    def __init__(self, screen: Console) -> None:
        self._screen, self._live = screen, Live(console=screen, transient=True, refresh_per_second=8)
        self._name, self._done, self._of = "", 0, 0

    def __enter__(self) -> _Progress:
        if self._screen.is_terminal:
            self._live.start()
        return self

    def __exit__(self, *failure: object) -> None:
        if self._screen.is_terminal:
            self._live.stop()

    def act(self, act: Act) -> None:
        name, seconds, result = act.name, act.seconds, act.result
        if not seconds:
            self._name, self._done, self._of = name, 0, 0
            self._draw()
        else:
            self._screen.print(f"[green]✓[/] {seconds:6.1f} s  {name}  [dim]{escape(result)}[/]")

    def progress(self, done: int, of: int) -> None:
        self._done, self._of = done, of
        self._draw()

    def _draw(self) -> None:
        if not self._screen.is_terminal:
            return
        line = Table.grid(padding=(0, 1))
        bar = ProgressBar(total=self._of or None, completed=self._done, width=24, pulse=not self._of)
        line.add_row(bar, Text(self._name), Text(f"{self._done} of {self._of}" if self._of else ""))
        self._live.update(line)


def _cases(found: list[CaseView]) -> Table:
    rows = []
    for view in found:
        case = view.case
        theirs = "" if case.their_balance is None else grouped(case.their_balance, case.currency)
        action = escape(view.next.words)
        rows.append(
            (
                case.party_id, escape(view.party_name), f"[{STATE_STYLES[case.state.value]}]{case.state.value}[/]",
                case.currency, grouped(case.our_balance, case.currency), theirs,
                f"[bold red]{action}[/]" if view.next.red else action,
            )
        )  # fmt: skip
    return table(("", "party", "state", "", "our balance", "their balance", "next"), rows, right=(4, 5))


def _stay(demo: Demo, screen: Console, directory: Path) -> None:
    from mailflow.steps.manage_people import create_account
    from mailflow.steps.ports.people import Role
    from mailflow.web.server import ConsoleServer

    server = ConsoleServer(demo.house)
    server.start()
    for name, role in (("chen", Role.ADMINISTRATOR), ("wang", Role.APPROVER)):
        create_account(demo.house.database, name, secrets.token_urlsafe(12), role, by=name, at=demo.house.clock.now())
    screen.print("\nlook at it in the browser; each address signs in once:")
    screen.print(f"[bold]{server.link_for('chen')}[/]", soft_wrap=True)
    screen.print(f"{server.link_for('wang')}  (a second person, in another browser)", soft_wrap=True)
    screen.print(f"or here: .venv/bin/mailflow cases --config {directory / 'mailflow.toml'}")
    screen.print("Ctrl-C ends the demo")
    ended = threading.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda number, frame: ended.set())
    ended.wait()
    server.stop()
