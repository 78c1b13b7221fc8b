"""A case is one party's one statement from drawing to closing. One table says where each event leads.

Answers of a machine and silence are no events: a case that nobody answers stays ``sent`` for ever.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from mailflow.receivables.party import Side


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
    TAKEN_BACK = "taken_back"  # a person: mailflow took the message for something that it does not say
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
    **{(state, E.TAKEN_BACK): S.ANSWERED for state in (S.CONFIRMED, S.PROMISED, S.DISPUTED)},
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


class Settled(StrEnum):
    """How a task, a dispute or a promise stands."""

    OPEN = "open"
    DONE = "done"
    DISMISSED = "dismissed"


class TaskKind(StrEnum):
    """What waits for a person. The first four are red: they come before everything else and are never data."""

    BANK_DETAILS_CHANGE = "bank_details_change"
    STOP = "stop"
    UNDELIVERABLE = "undeliverable"
    UNPLACED = "unplaced"  # we cannot say which case a message belongs to
    LETTER_IN_DOUBT = "letter_in_doubt"  # a letter of ours may or may not have been accepted
    CONFIRMATION_HELD = "confirmation_held"  # it says "agreed", but something keeps us from taking it as that
    SLIP_RETURNED = "slip_returned"  # our slip came back as a picture: look at seal and signature
    STRANGER = "stranger"  # in the conversation, but not from an address of the party
    DISPUTE = "dispute"
    DIFFERENCES = "differences"
    DOCUMENT_UNPROVEN = "document_unproven"
    QUESTION = "question"
    DOCUMENT_REQUEST = "document_request"
    CONTACT_CHANGE = "contact_change"
    PAYMENT_MADE = "payment_made"
    PROMISE_BROKEN = "promise_broken"  # the promised day and its grace have passed without the money
    CALL = "call"  # every reminder went out and nobody answered
    READ_BY_PERSON = "read_by_person"


RED = frozenset({TaskKind.BANK_DETAILS_CHANGE, TaskKind.STOP, TaskKind.UNDELIVERABLE, TaskKind.UNPLACED})
QUESTIONS = frozenset({TaskKind.QUESTION, TaskKind.DOCUMENT_REQUEST})


@dataclass(frozen=True, slots=True)
class Case:
    """``id`` is the statement's number without its version. Balances are in ``currency``, in our ledger's sign;
    ``their_balance`` is what their newest document or words say, None until they said one. ``version`` is the current
    statement version: only an answer to it moves the case."""

    id: str
    party_id: str
    side: Side
    currency: str
    statement_no: str
    version: int
    as_of: dt.date
    state: State
    our_balance: Decimal
    their_balance: Decimal | None
    opened_at: dt.datetime
    sent_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """One thing a person has to decide; ``case_id`` None while the message has no case. ``message`` is our number of
    the message that raised it, None when none did."""

    no: int
    case_id: str | None
    message: int | None
    kind: TaskKind
    evidence: str
    facts: dict[str, Any]
    opened_at: dt.datetime
    settled: Settled = Settled.OPEN
    settled_by: str | None = None
