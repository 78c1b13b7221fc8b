"""A statement as JSON values, for keeping it frozen, and the hash that tells whether two say the same."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields
from decimal import Decimal
from typing import Any

from mailflow.receivables.party import Party, Side
from mailflow.receivables.review import Finding
from mailflow.receivables.review_policy import Rule, Severity
from mailflow.receivables.statement import AgeingBucket, Statement, StatementLine

_NOT_CONTENT = frozenset({"version", "reply_by", "ledger_hash", "doubts", "party"})
_NOT_LINE_CONTENT = frozenset({"disputed", "promised_on"})
_LINE_DATES = ("date", "due_date", "promised_on", "discount_until")
_LINE_AMOUNTS = ("amount", "open_amount", "balance", "discount_amount")


def to_record(statement: Statement) -> dict[str, Any]:
    """JSON values only; :func:`from_record` gives the same statement back."""
    return {
        **{name: _plain(getattr(statement, name)) for name in _SCALARS},
        "party": party_record(statement.party),
        "movements": [_line(line) for line in statement.movements],
        "open_lines": [_line(line) for line in statement.open_lines],
        "ageing": [[bucket.label, format(bucket.amount, "f")] for bucket in statement.ageing],
        "doubts": list(statement.doubts),
    }


def from_record(record: Mapping[str, Any]) -> Statement:
    return Statement(
        number=record["number"],
        version=record["version"],
        party=party_from_record(record["party"]),
        side=Side(record["side"]),
        currency=record["currency"],
        as_of=dt.date.fromisoformat(record["as_of"]),
        period_start=dt.date.fromisoformat(record["period_start"]),
        opening=Decimal(record["opening"]),
        closing=Decimal(record["closing"]),
        movements=tuple(_from_line(line) for line in record["movements"]),
        open_lines=tuple(_from_line(line) for line in record["open_lines"]),
        ageing=tuple(AgeingBucket(label, Decimal(amount)) for label, amount in record["ageing"]),
        unapplied=Decimal(record["unapplied"]),
        overdue=Decimal(record["overdue"]),
        reply_by=None if record["reply_by"] is None else dt.date.fromisoformat(record["reply_by"]),
        ledger_hash=record["ledger_hash"],
        doubts=tuple(record["doubts"]),
    )


def content_hash(statement: Statement) -> str:
    """SHA-256 of what the statement says: equal for two versions that tell the customer the same.

    Not in it: version and reply date, our party's addresses, and marks that come from the conversation (disputed,
    promised), so that an answer to a statement never makes a new version of it.
    """
    record = {name: value for name, value in to_record(statement).items() if name not in _NOT_CONTENT}
    record["party"] = [statement.party.id, statement.party.name]
    for part in ("movements", "open_lines"):
        record[part] = [
            {name: value for name, value in line.items() if name not in _NOT_LINE_CONTENT} for line in record[part]
        ]
    return hashlib.sha256(canonical(record)).hexdigest()


def canonical(record: Any) -> bytes:
    return json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def party_record(party: Party) -> dict[str, Any]:
    return {each.name: _plain(getattr(party, each.name)) for each in fields(Party)}


def party_from_record(record: Mapping[str, Any]) -> Party:
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in record.items()
    }
    values["side"] = Side(record["side"])
    return Party(**values)


def finding_record(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule.value, "severity": finding.severity.value, "reason": dict(finding.reason),
        "release": finding.release,
    }  # fmt: skip


def finding_from_record(record: Mapping[str, Any]) -> Finding:
    return Finding(Rule(record["rule"]), Severity(record["severity"]), dict(record["reason"]), record["release"])


_SCALARS = (
    "number", "version", "side", "currency", "as_of", "period_start", "opening", "closing", "unapplied", "overdue",
    "reply_by", "ledger_hash",
)  # fmt: skip


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Side):
        return value.value
    if isinstance(value, tuple):
        return list(value)
    return value


def _line(line: StatementLine) -> dict[str, Any]:
    return {each.name: _plain(getattr(line, each.name)) for each in fields(StatementLine)}


def _from_line(record: Mapping[str, Any]) -> StatementLine:
    values = dict(record)
    for name in _LINE_DATES:
        values[name] = None if values[name] is None else dt.date.fromisoformat(values[name])
    for name in _LINE_AMOUNTS:
        values[name] = None if values[name] is None else Decimal(values[name])
    return StatementLine(**values)
