"""Documents found in messages, and their reconciliations."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from mailflow.adapters.database.once import insert_once
from mailflow.adapters.database.schema import Instant, metadata
from mailflow.steps.ports.documents import KeptDocument, KeptReconciliation
from parsers.documents import Document

document = sa.Table(
    "document",
    metadata,
    sa.Column("no", sa.Integer, primary_key=True),
    sa.Column("message", sa.Integer, sa.ForeignKey("message.no"), nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("case_id", sa.String(120), sa.ForeignKey("cases.id"), index=True),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("record", sa.JSON, nullable=False),
    sa.Column("kept_at", Instant, nullable=False),
    sa.UniqueConstraint("message", "position"),
)

reconciliation = sa.Table(
    "reconciliation",
    metadata,
    sa.Column("no", sa.Integer, primary_key=True),
    sa.Column("case_id", sa.String(120), sa.ForeignKey("cases.id"), nullable=False, index=True),
    sa.Column("document", sa.Integer, sa.ForeignKey("document.no"), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("record", sa.JSON, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.UniqueConstraint("case_id", "document", "version"),
)


class DocumentRows:
    """``mailflow.steps.ports.documents.Documents``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def keep(self, message: int, position: int, sha256: str, name: str, document_: Document, at: dt.datetime) -> int:
        insert_once(
            self._connection, document,
            message=message, position=position, sha256=sha256, name=name, record=document_.to_json(), kept_at=at,
        )  # fmt: skip
        query = sa.select(document.c.no).where(document.c.message == message, document.c.position == position)
        return int(self._connection.execute(query).scalar_one())

    def of_message(self, message: int) -> list[KeptDocument]:
        return self._documents(document.c.message == message)

    def of_case(self, case_id: str) -> list[KeptDocument]:
        return self._documents(document.c.case_id == case_id)

    def get(self, no: int) -> KeptDocument | None:
        return next(iter(self._documents(document.c.no == no)), None)

    def _documents(self, which: Any) -> list[KeptDocument]:
        query = sa.select(document).where(which).order_by(document.c.message, document.c.position)
        return [
            KeptDocument(row.no, row.message, row.case_id, row.sha256, row.name, Document.from_json(row.record))
            for row in self._connection.execute(query)
        ]

    def assign(self, message: int, case_id: str | None) -> None:
        self._connection.execute(document.update().where(document.c.message == message).values(case_id=case_id))

    def forget(self, message: int) -> None:
        of_it = sa.select(document.c.no).where(document.c.message == message)
        self._connection.execute(reconciliation.delete().where(reconciliation.c.document.in_(of_it)))
        self._connection.execute(document.delete().where(document.c.message == message))

    def keep_reconciliation(
        self, case_id: str, document_no: int, version: int, record: dict[str, Any], at: dt.datetime
    ) -> int:
        key = {"case_id": case_id, "document": document_no, "version": version}
        insert_once(self._connection, reconciliation, **key, record=record, at=at)
        query = sa.select(reconciliation.c.no).where(*(reconciliation.c[name] == value for name, value in key.items()))
        return int(self._connection.execute(query).scalar_one())

    def renew_reconciliation(self, no: int, record: dict[str, Any], at: dt.datetime) -> None:
        self._connection.execute(reconciliation.update().where(reconciliation.c.no == no).values(record=record, at=at))

    def reconciliations(self, case_id: str) -> list[KeptReconciliation]:
        query = sa.select(reconciliation).where(reconciliation.c.case_id == case_id).order_by(reconciliation.c.no)
        return [
            KeptReconciliation(row.no, row.case_id, row.document, row.version, dict(row.record), row.at)
            for row in self._connection.execute(query)
        ]
