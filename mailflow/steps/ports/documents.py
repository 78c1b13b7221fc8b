"""Documents found in messages, and their reconciliations with our ledger."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Protocol

from parsers.documents import Document


@dataclass(frozen=True, slots=True)
class KeptDocument:
    """``sha256`` is the attachment in the archive, ``name`` the sender's word for it (data, never a path)."""

    no: int
    message: int
    case_id: str | None
    sha256: str
    name: str
    document: Document


@dataclass(frozen=True, slots=True)
class KeptReconciliation:
    """``record`` is the contract's JSON of ``mailflow reconcile``."""

    no: int
    case_id: str
    document: int
    version: int
    record: dict[str, Any]
    at: dt.datetime


class Documents(Protocol):
    def keep(self, message: int, position: int, sha256: str, name: str, document_: Document, at: dt.datetime) -> int:
        """Its number; the same (message, position) is kept once."""
        ...

    def of_message(self, message: int) -> list[KeptDocument]: ...

    def of_case(self, case_id: str) -> list[KeptDocument]: ...

    def get(self, no: int) -> KeptDocument | None: ...

    def assign(self, message: int, case_id: str | None) -> None: ...

    def forget(self, message: int) -> None:
        """Before a replay: what was read from this message, and reconciled with it."""
        ...

    def keep_reconciliation(
        self, case_id: str, document_no: int, version: int, record: dict[str, Any], at: dt.datetime
    ) -> int: ...

    def renew_reconciliation(self, no: int, record: dict[str, Any], at: dt.datetime) -> None:
        """After a person's decision: the same document compared again takes the place of what was kept."""
        ...

    def reconciliations(self, case_id: str) -> list[KeptReconciliation]: ...
