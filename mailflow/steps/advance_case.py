"""Moves a case along the one table of transitions, with its entry in the journal, in one transaction."""

from __future__ import annotations

import datetime as dt
from typing import Any, Protocol

from mailflow.cases.case import Case, Event, ImpossibleEvent, State, advance
from mailflow.steps.ports.casefile import Casefile
from mailflow.steps.ports.journal import Journal

PROGRAM = "mailflow"  # the actor where no person decided


class CaseWork(Protocol):
    @property
    def casefile(self) -> Casefile: ...
    @property
    def journal(self) -> Journal: ...


def move(
    work: CaseWork,
    case_id: str,
    event: Event,
    *,
    at: dt.datetime,
    actor: str = PROGRAM,
    known: Case | None = None,
    **facts: Any,
) -> State:
    """The state after ``event``; ``facts`` (JSON values) stand in the journal beside it. ``known`` is the case as this
    transaction has just read it, so that it need not be read again.

    An event that the table does not know is written down as refused and changes nothing: a letter from outside can
    never break the loop. Raises ``LookupError`` for a case that does not exist.
    """
    case = known or work.casefile.get(case_id)
    if case is None:
        raise LookupError(f"there is no case {case_id}")
    subject = f"case:{case_id}"
    try:
        after = advance(case.state, event)
    except ImpossibleEvent as refused:
        work.journal.append(at, actor, "case.event_refused", subject, {"event": event, "why": str(refused), **facts})
        return case.state
    sent_at = at if event is Event.ACCEPTED and case.sent_at is None else None
    if after is not case.state or sent_at is not None:
        work.casefile.set_state(case_id, after, sent_at=sent_at)
    work.journal.append(
        at,
        actor,
        f"case.{event.value}",
        subject,
        {"before": case.state, "after": after, "version": case.version, **facts},
    )
    return after
