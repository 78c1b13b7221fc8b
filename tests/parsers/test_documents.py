"""The JSON of a document goes out and comes back whole, and nothing else comes in."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest

from parsers.documents import Check, CheckName, Document, Kind, Line, LineType, Party, Payment, Trust


def full() -> Document:
    line = Line(
        no=1,
        amount=Decimal("-80.00"),
        type=LineType.PAYMENT,
        date=dt.date(2026, 10, 1),
        due_date=dt.date(2026, 11, 1),
        reference="INV-1",
        other_references=["PO-7"],
        description="x",
        credit=Decimal("80.00"),
        open_amount=Decimal("0.10"),
        balance=Decimal("420.00"),
        currency="EUR",
        page=2,
        doubts=["date"],
        box=(1.0, 2.0, 3.5, 4.0),
        row=9,
    )
    return Document(
        file="a.zip",
        member="b.pdf",
        format="pdf",
        kind=Kind.STATEMENT,
        issuer=Party("A", "1", "a@b.example", "9"),
        date=dt.date(2026, 10, 31),
        currency="EUR",
        closing_balance=Decimal("420.00"),
        payment=Payment(dt.date(2026, 10, 2), Decimal("1.00"), "wire", "R"),
        lines=[line],
        checks=[Check(CheckName.COLUMN_TOTAL, True, "x")],
        trust=Trust.PROVEN,
        warnings=["w"],
        ageing={"30": Decimal("1.00")},
    )


def test_a_document_survives_json() -> None:
    assert Document.from_json(json.loads(json.dumps(full().to_json()))) == full()


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("closing_balance",), "NaN"),
        (("closing_balance",), "1E+999999999"),
        (("closing_balance",), 420.0),
        (("lines", 0, "amount"), "Infinity"),
        (("lines", 0, "amount"), None),
        (("lines", 0, "page"), "1"),
        (("lines", 0, "page"), True),
        (("lines", 0, "reference"), {"a": 1}),
        (("lines", 0, "date"), "2026-13-01"),
        (("issuer", "name"), ["x"]),
        (("member",), 7),
        (("trust",), "sure"),
        (("kind",), "invoice!"),
        (("ageing",), {"30": "x"}),
    ],
)
def test_what_no_document_can_say_is_refused(path: tuple[Any, ...], value: Any) -> None:
    data = full().to_json()
    place: Any = data
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    with pytest.raises((ValueError, TypeError, KeyError)):
        Document.from_json(data)
