"""What a document says, as typed values: the JSON of ``mailflow parse`` is :meth:`Document.to_json`.

Money is ``Decimal`` exactly as printed (never float); dates are ``datetime.date``. A line's signed ``amount`` says
what it does to the balance that the document itself shows: positive makes it larger, negative smaller.
``None`` always means "the document does not say", never zero.

    Document ─┬─ issuer, recipient: Party
              ├─ payment: Payment          (remittance advice, bank notice)
              ├─ lines: [Line]             (opening, carried-forward and total rows are not lines)
              └─ checks: [Check] ──► trust (proof.py decides it; nothing else may)
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

_PLAIN_NUMBER = re.compile(r"-?\d{1,40}(?:\.\d{1,40})?", re.ASCII)


class Kind(StrEnum):
    STATEMENT = "statement"
    REMITTANCE_ADVICE = "remittance_advice"
    INVOICE = "invoice"
    BANK_NOTICE = "bank_notice"
    UNKNOWN = "unknown"
    UNREADABLE = "unreadable"


class LineType(StrEnum):
    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    PAYMENT = "payment"
    DEBIT_NOTE = "debit_note"
    DISCOUNT = "discount"
    FEE = "fee"
    ADJUSTMENT = "adjustment"
    OTHER = "other"


class CheckName(StrEnum):
    RUNNING_BALANCE = "running_balance"
    CLOSING_BALANCE = "closing_balance"
    COLUMN_TOTAL = "column_total"
    PAYMENT_TOTAL = "payment_total"
    LINE_ARITHMETIC = "line_arithmetic"


class Trust(StrEnum):
    """``proven``: printed arithmetic holds over every line. ``plausible``: whole, but nothing to prove it with.
    ``unproven``: a check failed or columns are in doubt; never accepted without a person."""

    PROVEN = "proven"
    PLAUSIBLE = "plausible"
    UNPROVEN = "unproven"


@dataclass(slots=True)
class Party:
    name: str | None = None
    tax_id: str | None = None
    email: str | None = None
    account_no: str | None = None


@dataclass(slots=True)
class Payment:
    date: dt.date | None = None
    amount: Decimal | None = None
    method: str | None = None
    reference: str | None = None


@dataclass(slots=True)
class Line:
    """One row of the document. ``debit``/``credit`` are as printed (positive); ``amount`` carries the sign.

    In a remittance advice ``amount`` is what was paid for that document (net), ``open_amount`` the gross if printed.
    ``doubts`` names the fields that were inherited, inferred or read differently twice (``"date"``, ``"reference"``).
    ``page`` counts from 1 (PDF page, sheet number, 1 elsewhere); ``box`` is (x0, top, x1, bottom) in points on that
    page, for showing the row to a person; for sheets it is None and ``row`` is the sheet row from 1.
    """

    no: int
    amount: Decimal
    type: LineType = LineType.OTHER
    date: dt.date | None = None
    due_date: dt.date | None = None
    reference: str | None = None
    other_references: list[str] = field(default_factory=list)
    description: str | None = None
    debit: Decimal | None = None
    credit: Decimal | None = None
    open_amount: Decimal | None = None
    balance: Decimal | None = None
    currency: str | None = None
    page: int = 1
    doubts: list[str] = field(default_factory=list)
    box: tuple[float, float, float, float] | None = None
    row: int | None = None


@dataclass(slots=True)
class Check:
    name: CheckName
    passed: bool
    detail: str


@dataclass(slots=True)
class Document:
    file: str
    format: str
    kind: Kind
    member: str | None = None
    reason: str | None = None  # why it is unreadable, else None
    issuer: Party = field(default_factory=Party)
    recipient: Party = field(default_factory=Party)
    document_no: str | None = None
    date: dt.date | None = None
    period_start: dt.date | None = None
    period_end: dt.date | None = None
    currency: str | None = None
    opening_balance: Decimal | None = None
    closing_balance: Decimal | None = None
    payment: Payment = field(default_factory=Payment)
    lines: list[Line] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    trust: Trust = Trust.UNPROVEN
    warnings: list[str] = field(default_factory=list)
    ageing: dict[str, Decimal] = field(default_factory=dict)  # bucket as printed -> amount
    layout: dict[str, Any] = field(default_factory=dict)  # columns as [header, role], decimal_mark, date_order
    codes: list[str] = field(default_factory=list)  # what the QR codes of a scanned page say; never followed

    def to_json(self) -> dict[str, Any]:
        """The contract's JSON: money as decimal strings, dates as ISO 8601, absent values as null."""
        return {
            "file": self.file,
            "member": self.member,
            "format": self.format,
            "kind": self.kind.value,
            "reason": self.reason,
            "issuer": _party_json(self.issuer),
            "recipient": _party_json(self.recipient),
            "document_no": self.document_no,
            "date": _date(self.date),
            "period_start": _date(self.period_start),
            "period_end": _date(self.period_end),
            "currency": self.currency,
            "opening_balance": _money(self.opening_balance),
            "closing_balance": _money(self.closing_balance),
            "payment": {
                "date": _date(self.payment.date),
                "amount": _money(self.payment.amount),
                "method": self.payment.method,
                "reference": self.payment.reference,
            },
            "lines": [line_json(line) for line in self.lines],
            "checks": [{"name": c.name.value, "passed": c.passed, "detail": c.detail} for c in self.checks],
            "trust": self.trust.value,
            "warnings": list(self.warnings),
            "ageing": {name: _money(amount) for name, amount in self.ageing.items()},
            "codes": list(self.codes),
            "layout": dict(self.layout),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Document:
        """The inverse of :meth:`to_json`; it is how a result leaves the parser child, so every field is checked.

        Raises ``ValueError``, ``KeyError`` or ``TypeError`` on anything that :meth:`to_json` cannot have written.
        """
        payment = data["payment"]
        return cls(
            file=_from_text(data["file"]) or "",
            member=_from_text(data["member"]),
            format=_from_text(data["format"]) or "",
            kind=Kind(data["kind"]),
            reason=_from_text(data["reason"]),
            issuer=_party_from_json(data["issuer"]),
            recipient=_party_from_json(data["recipient"]),
            document_no=_from_text(data["document_no"]),
            date=_from_date(data["date"]),
            period_start=_from_date(data["period_start"]),
            period_end=_from_date(data["period_end"]),
            currency=_from_text(data["currency"]),
            opening_balance=_from_money(data["opening_balance"]),
            closing_balance=_from_money(data["closing_balance"]),
            payment=Payment(
                date=_from_date(payment["date"]),
                amount=_from_money(payment["amount"]),
                method=_from_text(payment["method"]),
                reference=_from_text(payment["reference"]),
            ),
            lines=[line_from_json(line) for line in data["lines"]],
            checks=[Check(CheckName(c["name"]), bool(c["passed"]), str(c["detail"])) for c in data["checks"]],
            trust=Trust(data["trust"]),
            warnings=[str(w) for w in data["warnings"]],
            ageing={str(name): _amount(amount) for name, amount in data["ageing"].items()},
            codes=[str(code) for code in data["codes"]],
            layout=_layout_from_json(data.get("layout") or {}),
        )


def unreadable(file: str, format: str, reason: str, member: str | None = None) -> Document:
    """The answer to an input that cannot be read: ``reason`` is one sentence for a person."""
    return Document(file=file, member=member, format=format, kind=Kind.UNREADABLE, reason=reason)


def _date(value: dt.date | None) -> str | None:
    return None if value is None else value.isoformat()


def _money(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")


def _from_date(value: str | None) -> dt.date | None:
    return None if value is None else dt.date.fromisoformat(value)


def _from_money(value: str | None) -> Decimal | None:
    return None if value is None else _amount(value)


def _amount(text: str) -> Decimal:
    """Plain digits only: an exponent or NaN from a hostile child would cost memory or poison sums later."""
    if _PLAIN_NUMBER.fullmatch(text) is None:
        raise ValueError(f"not an amount: {text[:40]!r}")
    return Decimal(text)


def _layout_from_json(data: dict[str, Any]) -> dict[str, Any]:
    """Headers with roles, mark and order; documents kept from before it was told have none."""
    if not data:
        return {}
    columns = [[str(header), _from_text(role)] for header, role in data["columns"]]
    layout: dict[str, Any] = {"columns": columns}
    for name in ("decimal_mark", "date_order"):
        if name in data:
            layout[name] = _from_text(data[name])
    return layout


def _from_text(value: object) -> str | None:
    if value is not None and not isinstance(value, str):
        raise TypeError("not a text")
    return value


def _from_number(value: object) -> int:
    if type(value) is not int:
        raise TypeError("not a whole number")
    return value


def _party_json(party: Party) -> dict[str, str | None]:
    return {"name": party.name, "tax_id": party.tax_id, "email": party.email, "account_no": party.account_no}


def _party_from_json(data: dict[str, object]) -> Party:
    return Party(**{name: _from_text(data[name]) for name in ("name", "tax_id", "email", "account_no")})


def line_json(line: Line) -> dict[str, Any]:
    return {
        "no": line.no,
        "date": _date(line.date),
        "due_date": _date(line.due_date),
        "type": line.type.value,
        "reference": line.reference,
        "other_references": list(line.other_references),
        "description": line.description,
        "debit": _money(line.debit),
        "credit": _money(line.credit),
        "amount": _money(line.amount),
        "open_amount": _money(line.open_amount),
        "balance": _money(line.balance),
        "currency": line.currency,
        "page": line.page,
        "doubts": list(line.doubts),
        "box": None if line.box is None else list(line.box),
        "row": line.row,
    }


def line_from_json(data: dict[str, Any]) -> Line:
    box = data["box"]
    return Line(
        no=_from_number(data["no"]),
        amount=_amount(data["amount"]),
        type=LineType(data["type"]),
        date=_from_date(data["date"]),
        due_date=_from_date(data["due_date"]),
        reference=_from_text(data["reference"]),
        other_references=[str(r) for r in data["other_references"]],
        description=_from_text(data["description"]),
        debit=_from_money(data["debit"]),
        credit=_from_money(data["credit"]),
        open_amount=_from_money(data["open_amount"]),
        balance=_from_money(data["balance"]),
        currency=_from_text(data["currency"]),
        page=_from_number(data["page"]),
        doubts=[str(d) for d in data["doubts"]],
        box=None if box is None else (float(box[0]), float(box[1]), float(box[2]), float(box[3])),
        row=None if data["row"] is None else _from_number(data["row"]),
    )
