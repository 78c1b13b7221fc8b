"""``mailflow doctor``: checks everything that a day's work needs; says what to do about each thing that is wrong."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from rich.markup import escape

from mailflow.bootstrap import open_house
from mailflow.checkup import Finding, Verdict, checks
from mailflow.cli.output import add_config, add_json, console, print_json
from mailflow.cli.sign_in import sign_in


def configure(parser: argparse.ArgumentParser) -> None:
    add_config(parser)
    add_json(parser)
    parser.add_argument("--sign-in", action="store_true", help="sign in to the mailboxes that use OAuth, then end")
    parser.add_argument("--archive", action="store_true", help="read the whole archive and compare every hash")


def run(arguments: argparse.Namespace) -> int:
    """0 all good; 1 something should be looked at; 3 something that is needed cannot be reached."""
    house = open_house(arguments.config)
    if arguments.sign_in:
        return sign_in(house.sign_ins.providers())
    found: list[Finding] = []
    for check in checks(house, archive=arguments.archive):
        for finding in check():
            found.append(finding)
            if not arguments.json:
                _show(finding)
    if arguments.json:
        print_json([asdict(finding) for finding in found])
    verdicts = {finding.verdict for finding in found}
    return 3 if Verdict.BROKEN in verdicts else int(Verdict.LOOK in verdicts)


def _show(finding: Finding) -> None:
    style, mark = {
        Verdict.GOOD: ("green", "✓"), Verdict.LOOK: ("yellow", "!"), Verdict.BROKEN: ("red", "✗"),
    }[finding.verdict]  # fmt: skip
    screen = console()
    screen.print(f"[{style}]{mark}[/] {finding.what}: {escape(finding.says)}")
    if finding.cure:
        screen.print(f"    → {escape(finding.cure)}")
