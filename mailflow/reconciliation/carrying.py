"""What one reconciliation leaves for the next of the same party: its accepted links, and the differences it ended with.

Both are read from the answer's own JSON (the contract's), so that what is kept for months is what was shown.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from mailflow.reconciliation.counterpart import TheirLine
from mailflow.reconciliation.decisions import Decided, Earlier, EarlierItem, fingerprint

ONE_DOCUMENT_ONLY = ("settled_on_our_side", "opening_balance")  # rules that say nothing about a later statement

Record = Mapping[str, Any]
Lines = Mapping[int, TheirLine]
"""Their lines by number."""


def accepted(record: Record, lines: Lines, on: dt.date | None) -> list[Decided]:
    """The links that needed no person, or had one: closed for later statements."""
    found = []
    for part in _currencies(record):
        for match in part["matches"]:
            marks = marks_of(lines, match["theirs"])
            certain = match["automatic"] and match["rule"] not in ONE_DOCUMENT_ONLY
            if certain and match["ours"] and marks and len(marks) == len(match["theirs"]):
                found.append(Decided(tuple(match["ours"]), marks, on=on))
    return found


def ended(record: Record, lines: Lines) -> tuple[Earlier, ...]:
    """What a statement ended with, in each of its currencies; nothing for a remittance advice."""
    if record["mode"] != "statement" or not record["as_of"]:
        return ()
    day = dt.date.fromisoformat(record["as_of"])
    return tuple(
        Earlier(
            day,
            part["currency"],
            tuple(
                EarlierItem(
                    item["kind"], Decimal(item["amount"]), item["reference"], tuple(item["ours"]),
                    marks_of(lines, item["theirs"]),
                )
                for item in part["reconciling_items"]
            ),
        )
        for part in _currencies(record)
    )  # fmt: skip


def marks_of(lines: Lines, numbers: list[int]) -> tuple[str, ...]:
    """The fingerprints of these line numbers; a number that the document does not have is left out."""
    return tuple(fingerprint(lines[number]) for number in numbers if number in lines)


def _currencies(record: Record) -> Iterator[Record]:
    yield record
    yield from record.get("other_currencies", ())
