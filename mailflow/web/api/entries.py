"""Rows of the store as the API's JSON."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from mailflow.cases.case import Task
from mailflow.cases.dispute import Dispute
from mailflow.money import plain
from mailflow.receivables.ledger import Item
from mailflow.receivables.party import Party
from mailflow.receivables.statement_record import to_record
from mailflow.steps.ports.documents import KeptDocument, KeptReconciliation
from mailflow.steps.ports.mailroom import StoredMessage
from mailflow.steps.ports.outbox import Letter
from mailflow.steps.ports.statements import KeptStatement
from mailflow.steps.ports.webhooks import Delivery, DeliveryState, Webhook
from mailflow.steps.report import Cell, Table


def moment(at: dt.datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def day(date: dt.date | None) -> str | None:
    return None if date is None else date.isoformat()


def task(one: Task) -> dict[str, Any]:
    return {
        "no": one.no, "case": one.case_id, "message": one.message, "kind": one.kind.value, "evidence": one.evidence,
        "facts": one.facts, "opened_at": moment(one.opened_at), "settled": one.settled.value,
        "settled_by": one.settled_by,
    }  # fmt: skip


def dispute(one: Dispute) -> dict[str, Any]:
    return {
        "reference": one.reference, "reason": one.reason.value,
        "amount": None if one.amount is None else format(one.amount, "f"), "evidence": one.evidence,
        "settled": one.settled.value, "opened_on": day(one.opened_on), "owner": one.owner, "due_on": day(one.due_on),
        "message": one.message,
    }  # fmt: skip


def message(one: StoredMessage) -> dict[str, Any]:
    return {
        "no": one.no, "mailbox": one.account, "case": one.case_id, "thread": one.thread, "message_id": one.message_id,
        "subject": one.subject, "sender": one.sender, "received_at": moment(one.received_at),
        "sent_at": moment(one.sent_at), "state": one.state.value, "automatic": one.automatic, "error": one.error,
        "size": one.size, "sha256": one.sha256,
    }  # fmt: skip


def document_head(kept: KeptDocument) -> dict[str, Any]:
    return {
        "no": kept.no, "message": kept.message, "case": kept.case_id, "name": kept.name, "sha256": kept.sha256,
        "kind": kept.document.kind.value, "trust": kept.document.trust.value, "lines": len(kept.document.lines),
    }  # fmt: skip


def document(kept: KeptDocument) -> dict[str, Any]:
    return {
        "no": kept.no, "message": kept.message, "case": kept.case_id, "name": kept.name, "sha256": kept.sha256,
        "document": kept.document.to_json(),
    }  # fmt: skip


def reconciliation_head(kept: KeptReconciliation) -> dict[str, Any]:
    record = kept.record
    return {
        "no": kept.no, "case": kept.case_id, "document": kept.document, "version": kept.version, "at": moment(kept.at),
        "currency": record["currency"], "our_balance": record["our_balance"], "their_balance": record["their_balance"],
        "difference": record["difference"], "unexplained": record["proof"]["unexplained"], "counts": record["counts"],
    }  # fmt: skip


def reconciliation(kept: KeptReconciliation) -> dict[str, Any]:
    return {
        "no": kept.no, "case": kept.case_id, "document": kept.document, "version": kept.version, "at": moment(kept.at),
        "record": kept.record,
    }  # fmt: skip


def letter(one: Letter) -> dict[str, Any]:
    return {
        "no": one.no, "case": one.case_id, "statement_no": one.key.statement_number, "version": one.key.version,
        "kind": one.key.kind, "to": one.key.recipient, "subject": one.subject, "message_id": one.message_id,
        "state": one.state.value, "queued_at": moment(one.queued_at), "due_at": moment(one.due_at),
        "settled_at": moment(one.settled_at), "settled_by": one.settled_by, "attempts": one.attempts,
        "code": one.code, "words": one.words, "sha256": one.sha256,
    }  # fmt: skip


def statement(kept: KeptStatement, language: str) -> dict[str, Any]:
    one = kept.statement
    return {
        "statement_no": one.number, "version": one.version, "party": one.party.id, "party_name": one.party.name,
        "side": one.side.value, "currency": one.currency, "as_of": day(one.as_of),
        "period_start": day(one.period_start), "opening": plain(one.opening, one.currency),
        "closing": plain(one.closing, one.currency), "overdue": plain(one.overdue, one.currency),
        "standing": kept.standing.value,
        "findings": [
            {"rule": found.rule.value, "severity": found.severity.value, "reason": found.text(language),
             "release": found.release}
            for found in kept.findings
        ],
        "approved_by": [approval.by for approval in kept.approvals], "released_by": kept.released_by,
        "drawn_at": moment(kept.drawn_at), "issued_at": moment(kept.issued_at),
    }  # fmt: skip


def statement_detail(kept: KeptStatement, versions: list[int], language: str) -> dict[str, Any]:
    return statement(kept, language) | {"versions": versions, "record": to_record(kept.statement)}


def party(one: Party) -> dict[str, Any]:
    return {
        "party": one.id, "side": one.side.value, "name": one.name, "emails": list(one.emails),
        "language": one.language, "currency": one.currency, "tax_id": one.tax_id,
        "payment_terms": one.payment_terms, "statement_schedule": one.statement_schedule,
        "salesperson": one.salesperson, "salesperson_email": one.salesperson_email, "aliases": list(one.aliases),
    }  # fmt: skip


def item(one: Item) -> dict[str, Any]:
    return {
        "id": one.id, "party": one.party_id, "side": one.side.value, "type": one.type, "reference": one.reference,
        "their_reference": one.their_reference, "po_number": one.po_number, "date": day(one.date),
        "due_date": day(one.due_date), "currency": one.currency, "amount": plain(one.amount, one.currency),
        "open_amount": None if one.open_amount is None else plain(one.open_amount, one.currency),
        "description": one.description,
    }  # fmt: skip


def report(table: Table) -> dict[str, Any]:
    return {
        "report": table.title, "columns": list(table.columns), "rows": list(map(_cells, table.rows)),
        "totals": list(map(_cells, table.totals)),
    }  # fmt: skip


def _cells(row: Mapping[str, Cell]) -> dict[str, Any]:
    currency = str(row.get("currency") or "")
    return {name: _cell(value, currency) for name, value in row.items()}


def _cell(value: Cell, currency: str) -> Any:
    if isinstance(value, Decimal):
        return plain(value, currency) if currency else format(value, "f")
    return value.isoformat() if isinstance(value, dt.date) else value


def webhook(one: Webhook, counts: Mapping[tuple[int, DeliveryState], int]) -> dict[str, Any]:
    return {
        "no": one.no, "name": one.name, "url": one.url, "events": sorted(one.subjects), "active": one.active,
        "from_settings": one.from_settings, "made_by": one.made_by, "made_at": moment(one.made_at),
        **{state.value: counts.get((one.no, state), 0) for state in DeliveryState},
    }  # fmt: skip


def delivery(one: Delivery) -> dict[str, Any]:
    return {
        "no": one.no, "webhook": one.webhook, "event": one.event, "subject": one.subject.value,
        "state": one.state.value, "made_at": moment(one.made_at), "due_at": moment(one.due_at),
        "attempts": one.attempts, "code": one.code, "words": one.words, "settled_at": moment(one.settled_at),
    }  # fmt: skip
