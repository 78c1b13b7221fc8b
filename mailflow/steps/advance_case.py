"""Moves a case along the one table of transitions, with its entry in the journal, in one transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from mailflow.cases.case import Case, Event, ImpossibleEvent, State, advance
from mailflow.steps.ports.casefile import Casefile
from mailflow.steps.ports.journal import Journal, Note

PROGRAM = "mailflow"  # the actor where no person decided


@dataclass(frozen=True, slots=True)
class Move:
    """``case`` as this transaction has just read it; ``facts`` (JSON values) stand in the journal beside the event."""

    case: Case
    event: Event
    at: dt.datetime
    actor: str
    facts: Mapping[str, Any]


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
    return move_all(work, [Move(case, event, at, actor, facts)])[0]


def move_all(work: CaseWork, moves: Sequence[Move]) -> list[State]:
    """As :func:`move` for each, in few statements; no case may come twice."""
    after, changes, notes = [], [], []
    for one in moves:
        case, event, subject = one.case, one.event, f"case:{one.case.id}"
        try:
            state = advance(case.state, event)
        except ImpossibleEvent as refused:
            facts = {"event": event, "why": str(refused), **one.facts}
            notes.append(Note(one.at, one.actor, "case.event_refused", subject, facts))
            after.append(case.state)
            continue
        sent_at = one.at if event is Event.ACCEPTED and case.sent_at is None else None
        if state is not case.state or sent_at is not None:
            changes.append((case.id, state, sent_at))
        facts = {"before": case.state, "after": state, "version": case.version, **one.facts}
        notes.append(Note(one.at, one.actor, f"case.{event.value}", subject, facts))
        after.append(state)
    work.casefile.set_states(changes)
    work.journal.append_all(notes)
    return after
