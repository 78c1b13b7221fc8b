"""A parsed document on a terminal: what it is, its lines, its checks, and what a person should look at."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from rich.console import Console
from rich.table import Table
from rich.text import Text

from parsers.documents import Document, Kind, Party, Trust

_LOOKS = {Trust.PROVEN: "green", Trust.PLAUSIBLE: "yellow", Trust.UNPROVEN: "red"}


def show(documents: list[Document]) -> None:
    """Print every document; colours on a terminal only, never cut in a pipe."""
    console = Console(highlight=False, soft_wrap=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=max(console.width, 160))
    for number, document in enumerate(documents):
        if number:
            console.print()
        _head(console, document)
        if document.lines:
            console.print(_lines(document))
        for check in document.checks:
            mark = Text("  ✓ ", style="green") if check.passed else Text("  ✗ ", style="red")
            console.print(mark + Text(f"{check.name.value.replace('_', ' ')}: {check.detail}"))
        for warning in document.warnings:
            console.print(Text(f"  ! {warning}", style="yellow"))


def _head(console: Console, document: Document) -> None:
    name = document.file + (f" › {document.member}" if document.member else "")
    if document.kind is Kind.UNREADABLE:
        console.print(Text(f"{name}: unreadable", style="bold red"))
        console.print(Text(f"  {document.reason}"))
        return
    title = Text(f"{name}: {document.kind.value.replace('_', ' ')} ", style="bold")
    console.print(title + Text(f"[{document.trust.value}]", style=_LOOKS[document.trust]))
    period = " – ".join(str(day) for day in (document.period_start, document.period_end) if day)
    facts = {
        "from": _party(document.issuer),
        "to": _party(document.recipient),
        "number": document.document_no,
        "date": _plain(document.date),
        "period": period or None,
        "currency": document.currency,
        "opening": _plain(document.opening_balance),
        "closing": _plain(document.closing_balance),
        "payment": " ".join(
            filter(None, (_plain(document.payment.amount), _plain(document.payment.date), document.payment.reference))
        ),
    }
    for label, value in facts.items():
        if value:
            console.print(Text(f"  {label:<9}", style="dim") + Text(value))


def _lines(document: Document) -> Table:
    with_balance = any(line.balance is not None for line in document.lines)
    with_open = any(line.open_amount is not None for line in document.lines)
    table = Table(box=None, padding=(0, 1), header_style="bold")
    for column, right in (("#", True), ("date", False), ("type", False), ("reference", False), ("description", False)):
        table.add_column(column, justify="right" if right else "left", overflow="fold")
    table.add_column("amount", justify="right", no_wrap=True)
    if with_open:
        table.add_column("open", justify="right", no_wrap=True)
    if with_balance:
        table.add_column("balance", justify="right", no_wrap=True)
    table.add_column("in doubt", overflow="fold", style="yellow")
    for line in document.lines:
        cells = [
            str(line.no),
            _plain(line.date),
            line.type.value.replace("_", " "),
            line.reference or "",
            line.description or "",
        ]
        cells.append(_plain(line.amount))
        if with_open:
            cells.append(_plain(line.open_amount))
        if with_balance:
            cells.append(_plain(line.balance))
        table.add_row(*(Text(cell) for cell in cells), Text(", ".join(line.doubts)))
    return table


def _party(party: Party) -> str | None:
    known = [value for value in (party.name, party.tax_id, party.email, party.account_no) if value]
    return ", ".join(known) or None


def _plain(value: Decimal | dt.date | None) -> str:
    if value is None:
        return ""
    return f"{value:,f}" if isinstance(value, Decimal) else value.isoformat()
