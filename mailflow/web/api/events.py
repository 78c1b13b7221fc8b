"""The bodies of webhooks. They name what happened; what strangers wrote is not in them, the API tells that."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

from mailflow.cases.case import State, TaskKind
from mailflow.steps.ports.webhooks import Subject
from mailflow.web.api.shapes import Moment, Shape


class CaseChangedFacts(Shape):
    case: str
    event: str
    before: State | None
    after: State
    by: str
    entry: int


class CaseChanged(Shape):
    """A case is in another state."""

    type: Literal[Subject.CASE_CHANGED]
    timestamp: Moment
    data: CaseChangedFacts


class MessageArrivedFacts(Shape):
    message: int
    mailbox: str
    received_at: Moment


class MessageArrived(Shape):
    """A message is in the archive; what it means is known soon after."""

    type: Literal[Subject.MESSAGE_ARRIVED]
    timestamp: Moment
    data: MessageArrivedFacts


class StatementSentFacts(Shape):
    letter: int
    case: str | None
    statement_no: str
    version: int
    to: str


class StatementSent(Shape):
    """A mail server took a statement's letter over."""

    type: Literal[Subject.STATEMENT_SENT]
    timestamp: Moment
    data: StatementSentFacts


class TaskRaisedFacts(Shape):
    task: int
    kind: TaskKind
    case: str | None
    message: int | None


class TaskRaised(Shape):
    """Something waits for a person."""

    type: Literal[Subject.TASK_RAISED]
    timestamp: Moment
    data: TaskRaisedFacts


EVENTS: dict[Subject, type[BaseModel]] = {
    Subject.CASE_CHANGED: CaseChanged,
    Subject.MESSAGE_ARRIVED: MessageArrived,
    Subject.STATEMENT_SENT: StatementSent,
    Subject.TASK_RAISED: TaskRaised,
}
