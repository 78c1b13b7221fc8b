"""Their side: the lines of their statement or remittance advice, in the one shape that the matcher reads.

A parsed ``parsers.documents.Document`` becomes one by :func:`of_document`; lines that come as CSV in the ledger's own
columns become one by :func:`of_items`. Amounts keep the sign of *their* document; the matcher finds out which way it
counts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from mailflow.receivables.ledger import Item
from parsers.documents import Document, Kind, Trust


@dataclass(slots=True)
class TheirLine:
    """One line of theirs, a value that nobody changes (not frozen: a million of them are made in half the time).
    ``no`` counts from 1 in the document's own order; ``page``/``row`` say where it stands."""

    no: int
    amount: Decimal
    type: str = "other"
    reference: str = ""
    other_references: tuple[str, ...] = ()  # of a document, its orders too
    date: dt.date | None = None
    due_date: dt.date | None = None
    currency: str = ""
    description: str = ""
    open_amount: Decimal | None = None
    page: int = 1
    row: int | None = None
    doubts: tuple[str, ...] = ()
    po_number: str = ""  # where the row has a column for it


@dataclass(frozen=True, slots=True)
class Counterpart:
    """``opening`` and ``closing`` are None when the document prints none; ``trust`` is the parser's word on it."""

    lines: Sequence[TheirLine]
    kind: str = "statement"  # or "remittance_advice"
    currency: str = ""
    opening: Decimal | None = None
    closing: Decimal | None = None
    period_start: dt.date | None = None
    date: dt.date | None = None
    trust: Trust = Trust.PLAUSIBLE
    name: str = ""
    file: str = ""
    payment_amount: Decimal | None = None
    party_ids: tuple[str, ...] = ()
    warnings: tuple[str, ...] = field(default=())


def of_document(document: Document) -> Counterpart:
    """Their side of a parsed document. Lines without a currency of their own have the document's."""
    currency = document.currency or ""
    advice = document.kind in (Kind.REMITTANCE_ADVICE, Kind.BANK_NOTICE)
    lines = [
        TheirLine(
            no=line.no,
            amount=line.amount,
            type=line.type.value,
            reference=line.reference or "",
            other_references=tuple(line.other_references),
            date=line.date,
            due_date=line.due_date,
            currency=line.currency or currency,
            description=line.description or "",
            open_amount=line.open_amount,
            page=line.page,
            row=line.row,
            doubts=tuple(line.doubts),
        )
        for line in document.lines
    ]
    return Counterpart(
        lines=lines,
        kind="remittance_advice" if advice else "statement",
        currency=currency,
        opening=document.opening_balance,
        closing=document.closing_balance,
        period_start=document.period_start,
        date=document.period_end or document.date,
        trust=document.trust,
        name=document.issuer.name or "",
        file=document.file,
        payment_amount=document.payment.amount,
        warnings=tuple(document.warnings),
    )


def line_of_item(no: int, item: Item) -> TheirLine:
    """A row in the ledger's own columns, read as line ``no`` of their statement."""
    return TheirLine(
        no=no,
        amount=item.amount,
        type=item.type,
        reference=item.reference,
        other_references=(item.their_reference,) if item.their_reference else (),
        date=item.date,
        due_date=item.due_date,
        currency=item.currency,
        description=item.description,
        open_amount=item.open_amount,
        row=no + 1,
        po_number=item.po_number,
    )


def of_items(items: Iterable[Item], *, file: str = "", kind: str = "statement") -> Counterpart:
    """Their statement given in the ledger's columns: what it does not print (balances, period) stays None."""
    rows = list(items)
    parties = tuple(sorted({item.party_id for item in rows if item.party_id}))
    names = {item.party_name for item in rows if item.party_name}
    currencies = [item.currency for item in rows]
    main = max(sorted(set(currencies)), key=currencies.count) if len(set(currencies)) > 1 else (currencies or [""])[0]
    return Counterpart(
        lines=[line_of_item(no, item) for no, item in enumerate(rows, start=1)],
        kind=kind,
        currency=main,
        name=next(iter(names)) if len(names) == 1 else "",
        file=file,
        party_ids=parties,
    )
