"""Other programs that want to hear what happens: where to, about what, and each delivery with its outcome."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from mailflow.steps.ports.browse import Marks


class Subject(StrEnum):
    """What a webhook can be told about."""

    CASE_CHANGED = "case.changed"
    MESSAGE_ARRIVED = "message.arrived"
    STATEMENT_SENT = "statement.sent"
    TASK_RAISED = "task.raised"


class DeliveryState(StrEnum):
    WAITING = "waiting"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"  # every try failed; a person may send it again


@dataclass(frozen=True, slots=True)
class Webhook:
    """``salt`` makes the signing secret (with a key that is not in the database); ``seen`` is up to where the record
    was looked at for it."""

    no: int
    name: str
    url: str
    subjects: frozenset[Subject]
    salt: str = field(repr=False)
    active: bool
    from_settings: bool
    made_by: str
    made_at: dt.datetime
    seen: Marks


@dataclass(frozen=True, slots=True)
class Event:
    """``id`` stays the same however often it is delivered: the receiver knows it by that. ``body`` is the JSON."""

    id: str
    subject: Subject
    at: dt.datetime
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Delivery:
    """``body`` are the very bytes that are sent. ``code`` and ``words`` are the last answer."""

    no: int
    webhook: int
    event: str
    subject: Subject
    body: str
    state: DeliveryState
    made_at: dt.datetime
    due_at: dt.datetime
    attempts: int
    code: int | None
    words: str
    settled_at: dt.datetime | None


class Webhooks(Protocol):
    def add(
        self,
        name: str,
        url: str,
        subjects: frozenset[Subject],
        salt: str,
        *,
        by: str,
        at: dt.datetime,
        seen: Marks,
        from_settings: bool = False,
    ) -> int | None:
        """Its number; None when the name is taken."""
        ...  # fmt: skip

    def all(self) -> list[Webhook]: ...

    def get(self, no: int) -> Webhook | None: ...

    def change(
        self, no: int, *, url: str | None = None, subjects: frozenset[Subject] | None = None, active: bool | None = None
    ) -> None: ...

    def saw(self, no: int, marks: Marks) -> None: ...

    def record(self, webhook: int, event: Event, body: str, at: dt.datetime) -> bool:
        """A delivery that waits; False when this webhook has one of this event already."""
        ...

    def claim(self, now: dt.datetime, until: dt.datetime, limit: int) -> list[Delivery]:
        """Deliveries of active webhooks that are due, the oldest first, ours until ``until``."""
        ...

    def settle(
        self, no: int, state: DeliveryState, *, at: dt.datetime, due_at: dt.datetime, code: int | None, words: str
    ) -> None:
        """After a try."""
        ...

    def again(self, no: int, at: dt.datetime) -> None:
        """A delivery waits anew, from the first try on."""
        ...

    def forget_delivered(self, before: dt.datetime) -> None:
        """Deliveries that were taken before then go; what they told still stands in the journal."""
        ...

    def deliveries(
        self, *, webhook: int | None = None, state: DeliveryState | None = None, after: int = 0, limit: int = 100
    ) -> list[Delivery]: ...

    def delivery(self, no: int) -> Delivery | None: ...

    def counts(self) -> dict[tuple[int, DeliveryState], int]: ...
