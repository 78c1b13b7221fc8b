"""Statements as they were frozen: number, version, what the review found, who released it, whether it was issued."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from mailflow.receivables.party import Side
from mailflow.receivables.review import Finding
from mailflow.receivables.statement import Statement


class Standing(StrEnum):
    """draft or held → released → issued; ``withdrawn`` when a later version took its place."""

    DRAFT = "draft"  # the review found nothing that holds it; nobody has said yet that it may go out
    HELD = "held"
    RELEASED = "released"  # may go out; its letters do not exist yet
    ISSUED = "issued"  # its letters are frozen in the outbox
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Approval:
    """``rules`` are those that held the statement when ``by`` let it pass."""

    by: str
    at: dt.datetime
    rules: frozenset[str]


@dataclass(frozen=True, slots=True)
class KeptStatement:
    """``issued_at`` None: the other side never got this version."""

    statement: Statement
    standing: Standing
    findings: tuple[Finding, ...]
    content_hash: str
    drawn_at: dt.datetime
    reviewed_at: dt.datetime
    released_by: str | None = None
    issued_at: dt.datetime | None = None
    approvals: tuple[Approval, ...] = ()

    @property
    def issued(self) -> bool:
        return self.issued_at is not None


class Statements(Protocol):
    def keep(
        self,
        statement: Statement,
        *,
        content_hash: str,
        standing: Standing,
        findings: Iterable[Finding],
        at: dt.datetime,
        released_by: str | None = None,
    ) -> bool:
        """False when this number and version is there already (which stays as it is)."""
        ...  # fmt: skip

    def judge(
        self,
        statement: Statement,
        *,
        standing: Standing,
        findings: Iterable[Finding],
        at: dt.datetime,
        released_by: str | None = None,
    ) -> None:
        """Another review of a version that was not issued; what is not content (addresses, marks) is renewed."""
        ...  # fmt: skip

    def approve(self, number: str, version: int, approval: Approval) -> None:
        """Once per person."""
        ...

    def issued(self, number: str, version: int, at: dt.datetime) -> None:
        """Its letters are in the outbox."""
        ...

    def withdraw(self, number: str, version: int) -> None: ...

    def get(self, number: str, version: int | None = None) -> KeptStatement | None:
        """The newest version when none is named."""
        ...

    def versions(self, number: str) -> list[KeptStatement]:
        """Oldest first."""
        ...

    def standing_at(self, standing: Standing) -> list[KeptStatement]:
        """In the order of number and version."""
        ...

    def last_issued(
        self, party_id: str, side: Side, currency: str, *, before: dt.date | None = None, number: str | None = None
    ) -> KeptStatement | None:
        """The newest issued one of the account, as of a day before ``before``; or of this very ``number``."""
        ...

    def drawn(self, *, as_of: dt.date) -> list[KeptStatement]:
        """The newest version of each number of that day."""
        ...

    def days(self, most: int) -> list[dt.date]:
        """The days as of which statements were drawn, the newest first."""
        ...

    def tally(self, as_of: dt.date) -> dict[Standing, int]:
        """How many of that day, versions that were replaced included, stand where."""
        ...
