"""``mailflow``: finds the command, runs it, turns its outcome into an exit code.

A command is a module of this package with ``configure(parser)`` and ``run(arguments) -> int``; it is imported only
when it is called, so that ``mailflow read`` never waits for PDF or database libraries.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

from mailflow.refusals import Refusal, Unreachable

COMMANDS: dict[str, str] = {
    "parse": "read documents (PDF, XLSX, CSV, HTML, XML, mail, ZIP) and say what they say",
    "read": "read received messages (.eml): new text, intents, mentions, automatic or not",
    "threads": "put messages (.eml folder, Maildir, mbox) into conversations",
    "reconcile": "their statement or remittance advice against our ledger, explained to the cent",
    "demo": "the whole loop on embedded parts: sample company, real SMTP and IMAP, no account",
    "init": "write a commented configuration",
    "doctor": "check configuration, database, servers, fonts, OCR; say what to do about each",
    "import": "import the ledger and the parties; show what changed",
    "statements": "draw, review, render, queue statements",
    "send": "send what is due",
    "watch": "take in what is in the mailboxes",
    "run": "scheduler, sender, watcher, reconciler and console in one process",
    "worker": "the same work on further machines, over PostgreSQL",
    "web": "the console alone",
    "cases": "a case per party and statement: state, balances, who is next",
    "case": "decide about a case: tasks, disputes, confirmation, bank details, placing, closing",
    "adjustments": "corrections of the books that cases call for: propose, approve, export",
    "conversation": "the whole history of a case, in order",
    "retention": "what has been kept long enough; legal holds",
    "search": "messages that say this, in Chinese or English",
    "evidence": "every raw message, document and decision of a case, with a hash chain",
    "report": "ageing, responses, disputes",
    "quarantine": "what could not be processed: list, replay, dismiss",
    "outbox": "letters and their state; settle one that is in doubt",
    "token": "tokens with which programs use the API: create, list, revoke",
    "webhook": "programs that hear what happens: add, list, deliveries, send again",
    "backup": "a consistent copy of database and archive",
    "restore": "bring a backup back; it starts on hold",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Exit codes (contract): 0 done, 1 needs a person, 2 unusable input or configuration, 3 unreachable."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(_overview())
        return 0 if arguments else 2
    if arguments[0] == "--version":
        from importlib.metadata import version

        print(f"mailflow {version('mailflow')}")
        return 0
    name, rest = arguments[0], arguments[1:]
    if name not in COMMANDS:
        print(f"mailflow: there is no command {name!r}; 'mailflow --help' lists them", file=sys.stderr)
        return 2
    try:
        module = importlib.import_module(f"mailflow.cli.{name}_command")
        parser = argparse.ArgumentParser(prog=f"mailflow {name}", description=COMMANDS[name].capitalize() + ".")
        module.configure(parser)
        return int(module.run(parser.parse_args(rest)))
    except Refusal as refusal:
        print(f"mailflow {name}: {refusal}", file=sys.stderr)
        return 2
    except Unreachable as failure:
        print(f"mailflow {name}: {failure}", file=sys.stderr)
        return 3
    except KeyboardInterrupt:
        print(f"mailflow {name}: stopped", file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader of our output (head, less) went away: nothing is wrong
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _overview() -> str:
    width = max(map(len, COMMANDS))
    lines = [f"  {name:<{width}}  {does}" for name, does in COMMANDS.items()]
    return "usage: mailflow COMMAND …   (mailflow COMMAND --help tells its options)\n\n" + "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
