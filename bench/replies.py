#!/usr/bin/env python3
"""New text of replies: exact matches and messages per second beside other parsers, each fed the same plain bodies.

    python bench/replies.py [FOLDER] [--details] [--peers]

Two tables. Other projects' expectations: FOLDER holds checkouts named ``talon``, ``crisp``, ``willdurand``
(mailgun/talon, crisp-oss/email-reply-parser, willdurand/EmailReplyParser); a missing one is said and left out.
Ordinary mail: replies of our own tests, each once, above an end and a quoted letter as mail programs write them.
``--peers`` also times and scores the parsers that can be imported: mailparser_reply, talon, email_reply_parser.
White space does not count.

Times are CPU seconds of one pass in which no message comes twice; before it each parser reads some others, so that
nobody pays for a first use.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from ordinary_mail import ordinary_mail
from reply_fixtures import SETS, Case

from mailflow.correspondence.quotation import newest_text

Parser = Callable[[str], str]
WARM_UP = 200  # ordinary mails that are read and not timed


def squeezed(text: str) -> str:
    return "".join(text.split())


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", type=Path, nargs="?")
    arguments.add_argument("--details", action="store_true")
    arguments.add_argument("--peers", action="store_true")
    given = arguments.parse_args()
    parsers: dict[str, dict[str, Parser]] = {
        "mailflow": {"keep": lambda body: newest_text(body, keep_signature=True), "strip": newest_text}
    }
    if given.peers:
        parsers.update(peers())
    mails = ordinary_mail()
    for policies in parsers.values():
        for case in mails[:WARM_UP]:
            policies["keep"](case.body)
            policies["strip"](case.body)
    if given.folder is not None:
        others_expectations(given.folder, parsers, given.details)
    ordinary(mails[WARM_UP:], parsers)
    return 0


def others_expectations(folder: Path, parsers: dict[str, dict[str, Parser]], details: bool) -> None:
    sets: dict[str, tuple[str, list[Case]]] = {}
    for name, (policy, project, reader) in SETS.items():
        if (folder / project).is_dir():
            sets[name] = (policy, reader(folder / project))
        else:
            print(f"{name}: no folder {project} in {folder}, left out")
    shares = f"{'keep':>9}{'strip':>9}{'msg/s':>9}{'p99 ms':>9}"
    print(f"\n{'parser':22}" + "".join(f"{name:>20}" for name in sets) + shares)
    for parser, policies in parsers.items():
        row, times = "", []
        totals = {"keep": [0, 0], "strip": [0, 0]}
        for policy, cases in sets.values():
            right, took = measured(policies[policy], cases, details and parser == "mailflow")
            times += took
            totals[policy][0] += right
            totals[policy][1] += len(cases)
            row += f"{right:>12} / {len(cases):<5}"
        both = "".join(f"{100 * a / b:8.1f}%" if b else f"{'-':>9}" for a, b in totals.values())
        print(f"{parser:22}{row}{both}{speed(times)}")


def ordinary(mails: Sequence[Case], parsers: dict[str, dict[str, Parser]]) -> None:
    print(f"\n{len(mails)} ordinary mails, signature off\n{'parser':22}{'right':>9}{'msg/s':>9}{'p99 ms':>9}")
    for parser, policies in parsers.items():
        right, times = measured(policies["strip"], mails, details=False)
        print(f"{parser:22}{100 * right / len(mails):8.1f}%{speed(times)}")


def measured(parser: Parser, cases: Sequence[Case], details: bool) -> tuple[int, list[float]]:
    """How many are right, and the CPU seconds of each."""
    right, times = 0, []
    for case in cases:
        started = time.process_time()
        try:
            got = parser(case.body)
        except Exception as error:
            got = f"raised {error!r}"
        times.append(time.process_time() - started)
        hit = squeezed(got) == squeezed(case.expected)
        right += hit
        if details and not hit:
            print(f"--- {case.name}\n{case.body[:1500]}\n=== wanted\n{case.expected}\n=== got\n{got}\n")
    return right, times


def speed(times: list[float]) -> str:
    times.sort()
    rate = len(times) / sum(times) if times else 0
    return f"{rate:9.0f}{1000 * times[int(0.99 * (len(times) - 1))]:9.2f}"


def peers() -> dict[str, dict[str, Parser]]:
    """Other parsers, where they can be imported; each both policies alike but for those that offer them."""
    found: dict[str, dict[str, Parser]] = {}

    def module(name: str) -> object | None:
        try:
            return importlib.import_module(name)
        except ImportError:
            print(f"{name}: not importable, left out")
            return None

    if (one := module("mailparser_reply")) is not None:
        reader = one.EmailReplyParser(languages=["en", "de", "fr", "es", "it", "nl", "pl", "zh"])  # type: ignore[attr-defined]
        found["mail-parser-reply"] = dict.fromkeys(("keep", "strip"), lambda body: reader.parse_reply(text=body) or "")
    if (one := module("email_reply_parser")) is not None:
        parse: Parser = one.EmailReplyParser.parse_reply  # type: ignore[attr-defined]
        found["email-reply-parser"] = dict.fromkeys(("keep", "strip"), parse)
    if (one := module("talon.quotations")) is not None:
        quotes: Parser = one.extract_from_plain  # type: ignore[attr-defined]
        found["talon"] = dict.fromkeys(("keep", "strip"), quotes)
        if (signature := module("talon.signature.bruteforce")) is not None:
            found["talon"]["strip"] = lambda body: signature.extract_signature(quotes(body))[0]  # type: ignore[attr-defined]
    return found


if __name__ == "__main__":
    sys.exit(main())
