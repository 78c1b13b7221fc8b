"""A case is one party's one statement from drawing to closing. One table says where each event leads.

Answers of a machine and silence are no events: a case that nobody answers stays ``sent`` for ever.
"""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    DRAFT = "draft"
    HELD = "held"
    QUEUED = "queued"
    SENT = "sent"
    UNDELIVERABLE = "undeliverable"
    ANSWERED = "answered"
    CONFIRMED = "confirmed"
    DISPUTED = "disputed"
    PROMISED = "promised"
    RECONCILING = "reconciling"
    RESOLVED = "resolved"
    CLOSED = "closed"


class Event(StrEnum):
    HELD_BY_REVIEW = "held_by_review"
    RELEASED = "released"  # review passed, or a person approved: the letter is queued
    ACCEPTED = "accepted"  # by the receiving server; accepted is not delivered
    UNDELIVERABLE = "undeliverable"  # refused for good, or a permanent bounce of the last recipient
    REPLIED = "replied"  # a person wrote something that needs a person
    CONFIRMED = "confirmed"  # explicit, to the current version, by a trusted sender
    DISPUTED = "disputed"
    PROMISED = "promised"
    DIFFERENCES_FOUND = "differences_found"  # their document was reconciled and differs
    AGREED_BY_DOCUMENT = "agreed_by_document"  # their proven document agrees to the cent
    PROMISE_BROKEN = "promise_broken"
    RESOLVED = "resolved"  # every difference settled
    CLOSED = "closed"
    REOPENED = "reopened"
    NEW_VERSION = "new_version"  # a corrected statement replaces this one in the same conversation


S, E = State, Event
_TALKING = (S.SENT, S.ANSWERED, S.CONFIRMED, S.DISPUTED, S.PROMISED, S.RECONCILING, S.RESOLVED, S.UNDELIVERABLE)

TRANSITIONS: dict[tuple[State, Event], State] = {
    (S.DRAFT, E.HELD_BY_REVIEW): S.HELD,
    (S.DRAFT, E.RELEASED): S.QUEUED,
    (S.HELD, E.RELEASED): S.QUEUED,
    (S.QUEUED, E.ACCEPTED): S.SENT,
    (S.QUEUED, E.UNDELIVERABLE): S.UNDELIVERABLE,
    (S.SENT, E.UNDELIVERABLE): S.UNDELIVERABLE,
    **{(state, E.NEW_VERSION): S.DRAFT for state in (S.DRAFT, S.HELD, S.QUEUED, *_TALKING)},
    # a reply may overtake the record of our own sending (queued), and proves that the address works (undeliverable)
    **{(state, E.REPLIED): S.ANSWERED for state in (S.QUEUED, S.SENT, S.UNDELIVERABLE, S.ANSWERED, S.CONFIRMED)},
    **{(state, E.REPLIED): state for state in (S.DISPUTED, S.PROMISED, S.RECONCILING, S.RESOLVED)},
    **{(state, E.DISPUTED): S.DISPUTED for state in (S.QUEUED, *_TALKING)},
    **{(state, E.DIFFERENCES_FOUND): S.RECONCILING for state in (S.QUEUED, *_TALKING) if state is not S.DISPUTED},
    (S.DISPUTED, E.DIFFERENCES_FOUND): S.DISPUTED,  # what they object to outranks what we computed
    **{
        (state, E.PROMISED): S.PROMISED
        for state in (S.QUEUED, S.SENT, S.UNDELIVERABLE, S.ANSWERED, S.PROMISED, S.CONFIRMED)
    },
    **{(state, E.PROMISED): state for state in (S.DISPUTED, S.RECONCILING, S.RESOLVED)},
    **{
        (state, E.CONFIRMED): S.CONFIRMED
        for state in (S.QUEUED, S.SENT, S.UNDELIVERABLE, S.ANSWERED, S.PROMISED, S.CONFIRMED)
    },
    # an open dispute or difference is not confirmed away by a later "ok": a person closes it
    **{(state, E.CONFIRMED): state for state in (S.DISPUTED, S.RECONCILING, S.RESOLVED)},
    **{
        (state, E.AGREED_BY_DOCUMENT): S.CONFIRMED
        for state in (S.QUEUED, S.SENT, S.UNDELIVERABLE, S.ANSWERED, S.PROMISED, S.CONFIRMED, S.RECONCILING)
    },
    (S.DISPUTED, E.AGREED_BY_DOCUMENT): S.DISPUTED,
    (S.RESOLVED, E.AGREED_BY_DOCUMENT): S.CONFIRMED,
    (S.PROMISED, E.PROMISE_BROKEN): S.SENT,
    **{(state, E.RESOLVED): S.RESOLVED for state in (S.ANSWERED, S.DISPUTED, S.RECONCILING, S.PROMISED)},
    **{(state, E.CLOSED): S.CLOSED for state in (S.CONFIRMED, S.RESOLVED, S.ANSWERED, S.SENT, S.UNDELIVERABLE, S.HELD)},
    (S.CLOSED, E.REOPENED): S.ANSWERED,
    **{
        (S.CLOSED, event): S.CLOSED
        for event in (E.REPLIED, E.CONFIRMED, E.PROMISED, E.DISPUTED, E.DIFFERENCES_FOUND, E.AGREED_BY_DOCUMENT)
    },
}


class ImpossibleEvent(ValueError):
    """The table has no such step; nothing was changed."""

    def __init__(self, state: State, event: Event) -> None:
        super().__init__(f"a case that is {state} cannot be {event.replace('_', ' ')}")
        self.state, self.event = state, event


def advance(state: State, event: Event) -> State:
    """The state after ``event``. Raises :class:`ImpossibleEvent` where the table has no entry."""
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise ImpossibleEvent(state, event) from None
