"""``mailflow reconcile STATEMENT --ledger LEDGER``: their document against our ledger, explained to the cent."""

from __future__ import annotations

import argparse
import gc
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from mailflow.adapters.decision_files import read_decisions, write_decisions
from mailflow.adapters.ledger_files import read_ledger
from mailflow.adapters.policy_files import read_policy
from mailflow.cli.days import day
from mailflow.receivables.ledger_table import LedgerTable
from mailflow.reconciliation import Counterpart, Decisions, Reconciliation, of_document, of_items, reconcile
from mailflow.reconciliation.bulk import of_table
from mailflow.reconciliation.carrying import accepted, ended
from mailflow.refusals import Refusal

LEDGER_COLUMNS = {"party_id", "reference", "date", "currency", "amount"}


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("statement", metavar="STATEMENT", type=Path, help="their statement or remittance advice")
    parser.add_argument("--ledger", required=True, type=Path, help="our ledger: CSV or XLSX")
    parser.add_argument(
        "--side", choices=("receivable", "payable"), help="whose book; needed when the ledger holds both"
    )
    parser.add_argument("--party", metavar="ID", help="needed when it is not plain whose document it is")
    parser.add_argument("--as-of", type=day, metavar="DATE", help="our items after this day stay out (YYYY-MM-DD)")
    parser.add_argument(
        "--policy", type=Path, metavar="FILE", help="TOML; settings in it replace config/matching.toml's"
    )
    parser.add_argument(
        "--decisions",
        type=Path,
        metavar="FILE",
        help="JSON: links that a person confirmed or rejected, or last month's",
    )
    parser.add_argument(
        "--keep-decisions", type=Path, metavar="OUT", help="writes what the next statement of this party must know"
    )
    parser.add_argument("--skip-bad-rows", action="store_true", help="leave out ledger rows that cannot be read")
    parser.add_argument("--password", help="for an encrypted document")
    parser.add_argument("--language", choices=("en", "zh-CN"), default="en", help="of the reconciliation document")
    shown = parser.add_mutually_exclusive_group()
    shown.add_argument("--json", action="store_true", help="one JSON document on standard output")
    shown.add_argument("--xlsx", type=Path, metavar="OUT", help="workbook with live formulas")
    shown.add_argument("--html", type=Path, metavar="OUT")
    shown.add_argument("--pdf", type=Path, metavar="OUT")


def run(arguments: argparse.Namespace) -> int:
    """0: everything agrees; 1: differences, suggestions or something unexplained; 2: an input cannot be used."""
    gc.disable()  # one pass over values that nearly all stay until the end
    policy = read_policy(arguments.policy)
    ledger = read_ledger(
        _bytes(arguments.ledger), arguments.ledger.name, skip_bad_rows=arguments.skip_bad_rows, as_table=True
    )
    for bad in ledger.skipped:
        print(f"{arguments.ledger.name}: skipped {bad}", file=sys.stderr)
    theirs = read_counterpart(arguments.statement, arguments.password)
    decisions = Decisions()
    if arguments.decisions is not None:
        decisions = read_decisions(arguments.decisions, {line.no: line for line in theirs.lines})
    answer = reconcile(
        ledger.items,
        theirs,
        policy,
        side=arguments.side,
        party=arguments.party,
        as_of=arguments.as_of,
        decisions=decisions,
        progress=_bar(len(ledger.items) + len(theirs.lines)),
    )
    if arguments.keep_decisions is not None:
        _keep(answer, theirs, decisions, arguments.keep_decisions)
    _show(answer, arguments)
    return 0 if answer.settled else 1


def _keep(answer: Reconciliation, theirs: Counterpart, decisions: Decisions, path: Path) -> None:
    """A newer statement's links and end take the place of what was carried before; decisions of people stay."""
    record, lines = answer.to_json(), {line.no: line for line in theirs.lines}
    closed = accepted(record, lines, answer.as_of)
    told = {id for one in closed for id in one.ours}
    older = [one for one in decisions.carried if not told & set(one.ours)]
    write_decisions(path, replace(decisions, carried=(*closed, *older), earlier=ended(record, lines)))


def read_counterpart(path: Path, password: str | None = None) -> Counterpart:
    """Their side from a file: a CSV or workbook in the ledger's own columns, or any document that the parsers read.

    Raises :class:`Refusal` when the file is no statement or remittance advice.
    """
    content = _bytes(path)
    refused: Refusal | None = None
    if _in_ledger_columns(content):
        try:
            rows = read_ledger(content, path.name, as_table=True).items
            return of_table(rows, path.name) if isinstance(rows, LedgerTable) else of_items(rows, file=path.name)
        except Refusal as refusal:  # a row that no ledger may have (no date): the document readers are less strict
            refused = refusal
    from mailflow.adapters.parser_child import ParserChild

    with ParserChild(1) as child:
        documents = child.parse_document(content, path.name, password=password)
    usable = [d for d in documents if d.kind.value in ("statement", "remittance_advice", "bank_notice") and d.lines]
    if not usable and refused is not None:
        raise refused
    if not usable:
        reason = next((d.reason for d in documents if d.reason), "it holds no statement or remittance advice")
        raise Refusal(f"{path.name} cannot be reconciled: {reason}")
    usable.sort(key=lambda d: -len(d.lines))
    return of_document(usable[0])


def _in_ledger_columns(content: bytes) -> bool:
    """Whether the header names our columns; a workbook's is seen by the reader, which refuses any other."""
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return True
    if content.startswith(b"%PDF") or b"\0\0\0" in content[:4096]:
        return False
    for encoding in ("utf-8-sig", "utf-16", "gb18030"):
        try:
            first = content[:4096].decode(encoding, errors="strict" if encoding == "utf-16" else "ignore")
        except UnicodeDecodeError:
            continue
        line = re.split(r"[\r\n]", first.lstrip(), maxsplit=1)[0]
        for delimiter in ",;\t|":
            if {cell.strip().lower() for cell in line.replace('"', "").split(delimiter)} >= LEDGER_COLUMNS:
                return True
    return False


def _show(answer: Reconciliation, arguments: argparse.Namespace) -> None:
    if arguments.json:
        sys.stdout.writelines(answer.iter_json())
        sys.stdout.write("\n")
        return
    for path, name in ((arguments.xlsx, "xlsx"), (arguments.html, "html"), (arguments.pdf, "pdf")):
        if path is not None:
            _write(path, answer, name, arguments)
            print(f"{path}: written", file=sys.stderr)
            return
    from mailflow.cli.reconciliation_view import show

    show(answer, arguments.language)


def _write(path: Path, answer: Reconciliation, form: str, arguments: argparse.Namespace) -> None:
    """The reconciliation document; one file per currency, the others with their code in the name."""
    from mailflow.reconciliation.layout import layout

    page = layout(answer, arguments.language, arguments.statement.name)
    if form == "xlsx":
        from mailflow.adapters.reconciliation_xlsx import workbook

        content = workbook(page)
    elif form == "html":
        from mailflow.adapters.reconciliation_html import html_page

        content = html_page(page).encode()
    else:
        from mailflow.adapters.reconciliation_pdf import pdf

        content = pdf(page)
    try:
        path.write_bytes(content)
    except OSError as failure:
        raise Refusal(f"{path}: {failure.strerror or failure}") from None
    for other in answer.other_currencies:
        _write(path.with_name(f"{path.stem}-{other.currency}{path.suffix}"), other, form, arguments)


def _bar(lines: int) -> Callable[[str, int, int], None] | None:
    """A progress line on standard error: on a terminal, and only where there is something to wait for."""
    if lines < 20_000 or not sys.stderr.isatty():
        return None

    def progress(name: str, done: int, total: int) -> None:
        filled = 24 * done // total
        end = "\r" if done < total else "\r\033[K"
        sys.stderr.write(f"\r\033[K[{'█' * filled}{'·' * (24 - filled)}] {name}{end}")
        sys.stderr.flush()

    return progress


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as failure:
        raise Refusal(f"{path}: {failure.strerror or failure}") from None
