"""What one message does to its case: decided here, as a value; :mod:`mailflow.steps.answer_case` only carries it out.

Nothing here is guessed in the customer's favour or ours: a confirmation counts only when it is explicit, of the
current version, from a sender who can be believed, and nothing in the same message speaks against it. A machine
decides nothing. Mail is evidence, never authority: no decision changes bank details, addresses or terms.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from mailflow.cases import dispute as disputes
from mailflow.cases import promise as promises
from mailflow.cases.case import Event, TaskKind
from mailflow.cases.dispute import Dispute
from mailflow.cases.promise import PromiseToPay
from mailflow.correspondence.message import Automatic, Intent, Meaning, StatedIntent
from parsers.documents import Kind, Trust


class Belief(StrEnum):
    """How far the sender can be believed, best first."""

    TRUSTED = "trusted"  # an address of the party, and our own mail server vouches for it
    CONTACT = "contact"  # an address of the party; our server gives no verdict because none is set up
    UNVERIFIED = "unverified"  # an address of the party, but our server does not vouch for this mail
    STRANGER = "stranger"  # not an address of the party
    FAILING = "failing"  # our server says that this mail is not from where it claims


CERTAIN = 0.8  # confidence below which words confirm nothing by themselves (docs/decisions/0008)
BELIEVED = (Belief.TRUSTED, Belief.CONTACT)


@dataclass(frozen=True, slots=True)
class HeardDocument:
    """One document that came with the message, already reconciled where it could be.

    ``difference`` is their balance less ours (in our sign), None when there was nothing to reconcile; ``explained``
    says that no cent of it is unexplained. ``items`` are the reconciling items.
    """

    no: int
    name: str
    kind: Kind
    trust: Trust
    reason: str | None = None
    their_balance: Decimal | None = None
    difference: Decimal | None = None
    explained: bool = False
    items: int = 0
    allocations: int = 0


@dataclass(frozen=True, slots=True)
class HeardSlip:
    """Our confirmation slip, signed or sealed on paper and sent back as a picture. ``ticked`` and ``sealed`` name the
    answer that bears the mark (``agrees``, ``differs``, ``unread``); ``current`` that it is the version in force."""

    name: str
    document: str
    ticked: str
    sealed: str
    current: bool = True


@dataclass(frozen=True, slots=True)
class Heard:
    """All that one message brought. ``current`` says that it answers the version in force. ``undelivered`` names the
    recipients that a bounce gives up for good; ``others_left`` that the letter also went to somebody else."""

    automatic: Automatic
    belief: Belief
    meaning: Meaning
    documents: tuple[HeardDocument, ...] = ()
    current: bool = True
    bound: bool = True  # to the case by strong evidence; False: only suggested
    undelivered: tuple[str, ...] = ()
    others_left: bool = False
    delayed: bool = False
    doubtful: bool = False  # it is not certain which words are new and which are quoted
    slips: tuple[HeardSlip, ...] = ()
    our_balance: Decimal | None = None  # of the statement that it answers
    complained: bool = False  # their provider reports our mail as unwanted (RFC 5965)


@dataclass(frozen=True, slots=True)
class TaskWanted:
    kind: TaskKind
    evidence: str
    facts: dict[str, Any] = field(default_factory=dict)
    key: str = ""


@dataclass(slots=True)
class Decision:
    """``events`` in the order in which they happen; ``why`` one sentence for the journal."""

    events: list[Event] = field(default_factory=list)
    tasks: list[TaskWanted] = field(default_factory=list)
    disputes: list[Dispute] = field(default_factory=list)
    promise: PromiseToPay | None = None
    their_balance: Decimal | None = None
    why: str = ""


# what a person must see whatever else the message says
_ALWAYS = {
    Intent.BANK_DETAILS_CHANGE: TaskKind.BANK_DETAILS_CHANGE,
    Intent.STOP: TaskKind.STOP,
    Intent.CONTACT_CHANGE: TaskKind.CONTACT_CHANGE,
    Intent.QUESTION: TaskKind.QUESTION,
    Intent.DOCUMENT_REQUEST: TaskKind.DOCUMENT_REQUEST,
}
# what keeps a "confirmed" in the same message from being one
_AGAINST = frozenset({Intent.DISPUTE, Intent.BANK_DETAILS_CHANGE, Intent.STOP})


def decide(heard: Heard, currency: str) -> Decision:
    """What the message does to the case; ``currency`` is the case's."""
    decision = Decision()
    if heard.automatic is not Automatic.NO:
        _machine(heard, decision)
    else:
        _person(heard, currency, decision)
    _documents(heard, decision)
    _slips(heard, decision)
    if heard.automatic is Automatic.NO and not decision.events:
        decision.events.append(Event.REPLIED)
    return decision


def always_seen(meaning: Meaning) -> list[TaskWanted]:
    """What a person must see whatever else the message says, and whether or not it belongs to a case."""
    stated = {intent.intent: intent for intent in reversed(meaning.intents)}
    return [TaskWanted(kind, stated[intent].evidence) for intent, kind in _ALWAYS.items() if intent in stated]


def complaint() -> TaskWanted:
    """A feedback report: whoever got the letter wants no more of them."""
    return TaskWanted(TaskKind.STOP, "their mail provider reports our letter as unwanted")


def _machine(heard: Heard, decision: Decision) -> None:
    decision.why = f"a machine wrote it ({heard.automatic})"
    if heard.complained:
        decision.tasks.append(complaint())
    if not heard.undelivered:
        return
    people = ", ".join(heard.undelivered)
    decision.tasks.append(TaskWanted(TaskKind.UNDELIVERABLE, people, {"recipients": list(heard.undelivered)}))
    if heard.others_left:
        decision.why = f"could not be delivered to {people}; another recipient has it"
        return
    decision.events.append(Event.UNDELIVERABLE)
    decision.why = f"could not be delivered to {people}"


def _person(heard: Heard, currency: str, decision: Decision) -> None:
    meaning = heard.meaning
    stated = {intent.intent: intent for intent in reversed(meaning.intents)}  # the first of each kind
    decision.tasks += always_seen(meaning)
    if heard.belief not in BELIEVED:
        kind = TaskKind.STRANGER if heard.belief is Belief.STRANGER else TaskKind.CONFIRMATION_HELD
        if kind is TaskKind.STRANGER or Intent.CONFIRM in stated:
            decision.tasks.append(TaskWanted(kind, _words(meaning), {"belief": heard.belief.value}, key="sender"))
    if Intent.DISPUTE in stated:
        decision.disputes = disputes.stated(meaning)
        decision.tasks.append(
            TaskWanted(TaskKind.DISPUTE, stated[Intent.DISPUTE].evidence, {"reasons": list(meaning.dispute_reasons)})
        )
        decision.events.append(Event.DISPUTED)
    decision.promise = promises.stated(meaning, currency)
    if decision.promise is not None:
        decision.events.append(Event.PROMISED)
    if Intent.PAYMENT_MADE in stated:
        decision.tasks.append(TaskWanted(TaskKind.PAYMENT_MADE, stated[Intent.PAYMENT_MADE].evidence))
        decision.events.append(Event.REPLIED)
    if Intent.CONFIRM in stated:
        _confirmation(heard, stated, decision)
    if set(stated) <= {Intent.OTHER}:
        decision.tasks.append(TaskWanted(TaskKind.READ_BY_PERSON, _words(meaning)))
    decision.why = decision.why or "says: " + ", ".join(intent.intent.value for intent in meaning.intents)


def _confirmation(heard: Heard, stated: dict[Intent, StatedIntent], decision: Decision) -> None:
    words = stated[Intent.CONFIRM].evidence
    why = None
    if _AGAINST & set(stated):
        return  # "the rest is correct": a part of the answer, not an agreement to the balance
    if not heard.bound:
        why = "it is not certain which statement it answers"
    elif stated[Intent.CONFIRM].confidence < CERTAIN:
        why = "its words are not clear enough"
    elif heard.doubtful:
        why = "it is not certain which of its words are new"
    elif not heard.current:
        why = "it answers an earlier version of the statement"
    elif heard.belief not in BELIEVED:
        why = f"the sender cannot be believed without a look ({heard.belief})"
    elif _names_another_amount(heard, stated[Intent.CONFIRM]):
        why = "the amount that it names is not the statement's balance"
    elif any(one.difference or one.trust is Trust.UNPROVEN for one in heard.documents if one.kind is Kind.STATEMENT):
        why = "the statement that came with it does not agree"
    if why is None:
        decision.events.append(Event.CONFIRMED)
        return
    decision.events.append(Event.REPLIED)
    if not any(task.kind is TaskKind.CONFIRMATION_HELD for task in decision.tasks):
        decision.tasks.append(TaskWanted(TaskKind.CONFIRMATION_HELD, words, {"why": why}))


def _names_another_amount(heard: Heard, confirmed: StatedIntent) -> bool:
    """ "We confirm 12,480.00" of a balance of 12,840.00; an amount in the words of agreement must be ours."""
    if heard.our_balance is None:
        return False
    named = {abs(one.amount) for one in heard.meaning.amounts if one.evidence and one.evidence in confirmed.evidence}
    return bool(named) and abs(heard.our_balance) not in named


def _slips(heard: Heard, decision: Decision) -> None:
    """A picture of a seal proves nothing to a program: a person looks, whatever is ticked."""
    if not heard.slips:
        return
    decision.tasks = [task for task in decision.tasks if task.kind is not TaskKind.READ_BY_PERSON]
    for slip in heard.slips:
        said = f"ticked: {slip.ticked}, seal: {slip.sealed}" + ("" if slip.current else ", of an earlier version")
        facts = {"document": slip.document, "ticked": slip.ticked, "sealed": slip.sealed, "current": slip.current}
        decision.tasks.append(TaskWanted(TaskKind.SLIP_RETURNED, f"{slip.name}: {said}", facts, key=slip.document[:16]))
    if not decision.events:
        decision.why = "the confirmation slip came back on paper: a person looks at it"


def _documents(heard: Heard, decision: Decision) -> None:
    for document in heard.documents:
        if document.kind is Kind.UNREADABLE:
            decision.tasks.append(
                TaskWanted(
                    TaskKind.DOCUMENT_UNPROVEN,
                    f"{document.name}: {document.reason}",
                    {"document": document.no},
                    key=str(document.no),
                )
            )
            continue
        if document.trust is Trust.UNPROVEN and document.kind in (Kind.STATEMENT, Kind.REMITTANCE_ADVICE):
            decision.tasks.append(
                TaskWanted(TaskKind.DOCUMENT_UNPROVEN, document.name, {"document": document.no}, key=str(document.no))
            )
        if document.difference is None:
            continue
        if document.kind is Kind.STATEMENT:
            decision.their_balance = document.their_balance
        if document.difference == 0 and not document.items:
            if document.kind is Kind.STATEMENT and _settles(heard, document):
                decision.events.append(Event.AGREED_BY_DOCUMENT)
                decision.why = f"{document.name} agrees with our ledger to the cent"
            continue
        if document.kind is Kind.STATEMENT:
            decision.events.append(Event.DIFFERENCES_FOUND)
            state = "every cent explained" if document.explained else "not all of it explained"
            decision.tasks.append(
                TaskWanted(
                    TaskKind.DIFFERENCES,
                    f"{document.name}: {document.items} differences, {state}",
                    {"document": document.no, "difference": str(document.difference)},
                    key=str(document.no),
                )
            )


def _settles(heard: Heard, document: HeardDocument) -> bool:
    """A machine's statement confirms nothing, nor does one that is not proven or not from them."""
    believed = heard.belief in BELIEVED and heard.bound and heard.current
    against = any(intent.intent in _AGAINST for intent in heard.meaning.intents)
    return believed and document.trust is Trust.PROVEN and heard.automatic is Automatic.NO and not against


def _words(meaning: Meaning) -> str:
    return meaning.intents[0].evidence if meaning.intents else ""
