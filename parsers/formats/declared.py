"""Documents whose fields carry names (UBL, CII, camt): nothing is guessed, so the arithmetic is checked as declared.

The verdict follows the rules of :mod:`parsers.proof`: a failed check is ``unproven``; ``proven`` needs a declared total
or a chain of balances that covers every line; nothing to check with is ``plausible``.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal, InvalidOperation
from typing import Any

from parsers.documents import Check, CheckName, Document, Trust
from parsers.formats import xml_entrance as xml

_AMOUNT = re.compile(r"[-+]?\d{1,24}(?:\.\d{1,10})?")


def amount(element: Any, *path: str) -> Decimal | None:
    """The decimal at the end of ``path``; None when absent or not plainly a number (XML Schema decimal)."""
    text = xml.text(element, *path)
    if text is None or _AMOUNT.fullmatch(text.replace(" ", "")) is None:
        return None
    try:
        return Decimal(text.replace(" ", ""))
    except InvalidOperation:
        return None


def date(element: Any, *path: str) -> dt.date | None:
    """The date at the end of ``path``: ISO 8601 with or without time and offset, or ``20261031`` (CII format 102)."""
    text = xml.text(element, *path)
    if text is None:
        return None
    digits = text[:10] if "-" in text else f"{text[:4]}-{text[4:6]}-{text[6:8]}"
    try:
        return dt.date.fromisoformat(digits)
    except ValueError:
        return None


def check(document: Document, name: CheckName, what: str, computed: Decimal, declared: Decimal) -> bool:
    """Record whether ``computed`` equals ``declared``; both numbers stand in the detail."""
    passed = computed == declared
    sign = "=" if passed else "≠"
    document.checks.append(Check(name, passed, f"{what}: {computed:f} {sign} {declared:f}"))
    return passed


def check_chain(document: Document) -> bool | None:
    """Balance by balance, where every line has one; None when there is no chain to check.

    A chain of one line, or one that no opening balance starts, proves only the steps between its lines.
    """
    balances = [line.balance for line in document.lines]
    if len(balances) < 2 or any(balance is None for balance in balances):
        return None
    previous = document.opening_balance
    for line in document.lines:
        assert line.balance is not None
        if previous is not None and previous + line.amount != line.balance:
            detail = f"line {line.no}: {previous:f} + {line.amount:f} ≠ {line.balance:f}"
            document.checks.append(Check(CheckName.RUNNING_BALANCE, False, detail))
            return False
        previous = line.balance
    document.checks.append(Check(CheckName.RUNNING_BALANCE, True, f"{len(balances)} balances follow from each other"))
    return True


def judge(document: Document, *, covers_all: bool) -> Document:
    """Set ``trust``. ``covers_all``: a check that passed binds every line to a declared total."""
    if any(not made.passed for made in document.checks):
        document.trust = Trust.UNPROVEN
    elif covers_all and document.lines:
        document.trust = Trust.PROVEN
    else:
        document.trust = Trust.PLAUSIBLE
    return document
