"""What people decide about a case: tasks, disputes, confirmations, closing, reopening. Console, API and command line
come through here; each decision and its entry in the journal (who, when, why) are one commit.

Raises :class:`Refusal` with one sentence when something is not possible; then nothing was changed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from mailflow.cases.case import Case, Event, ImpossibleEvent, Settled, State, Task, TaskKind, advance
from mailflow.cases.dispute import Dispute
from mailflow.refusals import Refusal
from mailflow.steps.advance_case import move
from mailflow.steps.ports.work import Database, Work


class How(StrEnum):
    """How the other side confirmed the balance."""

    MAIL = "mail"
    SEALED_COPY = "sealed_copy"  # a scan with their seal or signature
    ORIGINAL = "original"  # on paper
    DOCUMENT = "document"  # their statement agrees
    PHONE = "phone"
    NOT_CONFIRMED = "not_confirmed"  # closed without their word; the reason says why


# these have a decision of their own, because settling them says more than "done"
_OWN_DECISION = {
    TaskKind.BANK_DETAILS_CHANGE: "it needs a call back and two people (mailflow case bank-details)",
    TaskKind.UNPLACED: "say which case it belongs to (mailflow case place), or dismiss it with a reason",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of it: the case as it is now (None: it belongs to no case)."""

    case: Case | None
    settled: tuple[int, ...] = ()


def settle_task(
    database: Database, number: int, *, by: str, why: str, at: dt.datetime, dismissed: bool = False
) -> Answer:
    """A person has seen to it (or, ``dismissed``, there is nothing to see to); ``why`` says what was done."""
    why = said(why, "what was done about it")
    with database.writing() as work:
        task = open_task(work, number)
        own = _OWN_DECISION.get(task.kind)
        if own is not None and not (dismissed and task.kind is TaskKind.UNPLACED):
            raise Refusal(f"task {number} ({task.kind.value}) cannot just be settled: {own}")
        settle(work, task, by=by, at=at, settled=Settled.DISMISSED if dismissed else Settled.DONE, why=why)
        return Answer(work.casefile.get(task.case_id) if task.case_id else None, (number,))


def accept_confirmation(
    database: Database, case_id: str, *, by: str, confirmed_by: str, how: How, why: str, at: dt.datetime
) -> Answer:
    """Their words count as a confirmation of the balance: a person has checked who wrote them."""
    confirmed_by, why = said(confirmed_by, "who confirmed it"), why.strip()
    if how is How.NOT_CONFIRMED:
        raise Refusal("a confirmation that was not given cannot be accepted; close the case instead")
    with database.writing() as work:
        case = wanted_case(work, case_id)
        after = possible(case, Event.CONFIRMED)
        if after is not State.CONFIRMED:
            raise Refusal(f"{case_id} is {case.state.value}: settle what is open about it first, then close it")
        move(work, case_id, Event.CONFIRMED, at=at, actor=by, known=case, confirmed_by=confirmed_by, how=how, why=why)
        kinds = (TaskKind.CONFIRMATION_HELD, TaskKind.SLIP_RETURNED, TaskKind.STRANGER)
        return Answer(work.casefile.get(case_id), _settle_kinds(work, case_id, kinds, by, at, "confirmation accepted"))


def assign_dispute(
    database: Database,
    case_id: str,
    reference: str | None,
    *,
    owner: str | None,
    due_on: dt.date | None,
    by: str,
    at: dt.datetime,
) -> Answer:
    """Who of our people sees to a disputed item, and until when; None: nobody, no day. ``owner`` has an account."""
    with database.writing() as work:
        case = wanted_case(work, case_id)
        _open_disputes(work, case_id, reference)
        account = None if owner is None else work.people.account(owner)
        if owner is not None and (account is None or not account.active):
            raise Refusal(f"there is no account {owner!r} that could see to it")
        work.casefile.assign_disputes(case_id, reference or "", owner=owner, due_on=due_on)
        facts = {"reference": reference, "owner": owner, "due_on": None if due_on is None else due_on.isoformat()}
        work.journal.append(at, by, "dispute.assigned", f"case:{case_id}", facts)
        return Answer(case, ())


def _open_disputes(work: Work, case_id: str, reference: str | None) -> list[Dispute]:
    """The open disputes of the case, one about ``reference`` among them. Raises :class:`Refusal` when it is not."""
    still = [one for _, one in work.casefile.disputes(case_ids=[case_id]) if one.settled is Settled.OPEN]
    if not any(one.reference == reference for one in still):
        raise Refusal(f"{case_id}: there is no open dispute about {reference or 'the statement as a whole'}")
    return still


def settle_dispute(
    database: Database,
    case_id: str,
    reference: str | None,
    *,
    by: str,
    why: str,
    at: dt.datetime,
    dismissed: bool = False,
) -> Answer:
    """One disputed item is settled (``dismissed``: they were wrong, and know it). ``reference`` None: the statement as
    a whole. With the last one the case is resolved, if no differences are open."""
    why = said(why, "how it was settled")
    with database.writing() as work:
        case = wanted_case(work, case_id)
        still = _open_disputes(work, case_id, reference)
        settled = Settled.DISMISSED if dismissed else Settled.DONE
        work.casefile.settle_disputes(case_id, settled, reference=reference or "")
        facts: dict[str, Any] = {"reference": reference, "settled": settled.value, "why": why}
        work.journal.append(at, by, "dispute.settled", f"case:{case_id}", facts)
        done: tuple[int, ...] = ()
        if all(one.reference == reference for one in still):
            done = _settle_kinds(work, case_id, (TaskKind.DISPUTE,), by, at, why)
            open_kinds = {task.kind for task in work.casefile.tasks(case_ids=[case_id])}
            if case.state is State.DISPUTED and TaskKind.DIFFERENCES not in open_kinds:
                move(work, case_id, Event.RESOLVED, at=at, actor=by, known=case, why=why)
        return Answer(work.casefile.get(case_id), done)


def resolve_case(database: Database, case_id: str, *, by: str, why: str, at: dt.datetime) -> Answer:
    """Every difference and dispute is settled; ``why`` says how (credit note, booked, payment found …)."""
    why = said(why, "how the differences were settled")
    with database.writing() as work:
        case = wanted_case(work, case_id)
        possible(case, Event.RESOLVED)
        work.casefile.settle_disputes(case_id, Settled.DONE)
        kinds = (TaskKind.DISPUTE, TaskKind.DIFFERENCES, TaskKind.DOCUMENT_UNPROVEN, TaskKind.READ_BY_PERSON)
        done = _settle_kinds(work, case_id, kinds, by, at, why)
        move(work, case_id, Event.RESOLVED, at=at, actor=by, known=case, why=why)
        return Answer(work.casefile.get(case_id), done)


def close_case(
    database: Database, case_id: str, *, by: str, confirmed_by: str, how: How, why: str, at: dt.datetime
) -> Answer:
    """Ends the case; the journal keeps the balance, who of theirs confirmed it and how. Not while tasks are open."""
    if how is How.NOT_CONFIRMED:
        why = said(why, "why it is closed without a confirmation")
    else:
        confirmed_by = said(confirmed_by, "who confirmed the balance")
    with database.writing() as work:
        case = wanted_case(work, case_id)
        possible(case, Event.CLOSED)
        still = work.casefile.tasks(case_ids=[case_id])
        if still:
            waiting = ", ".join(f"{task.no} ({task.kind.value})" for task in still)
            raise Refusal(f"{case_id} still has open tasks: {waiting}; settle them first")
        balance = str(case.our_balance)
        move(
            work, case_id, Event.CLOSED, at=at, actor=by, known=case,
            balance=balance, confirmed_by=confirmed_by.strip(), how=how, why=why.strip(),
        )  # fmt: skip
        return Answer(work.casefile.get(case_id))


def reopen_case(database: Database, case_id: str, *, by: str, why: str, at: dt.datetime) -> Answer:
    """A closed case is worked on again."""
    why = said(why, "why it is opened again")
    with database.writing() as work:
        case = wanted_case(work, case_id)
        possible(case, Event.REOPENED)
        move(work, case_id, Event.REOPENED, at=at, actor=by, known=case, why=why)
        return Answer(work.casefile.get(case_id))


# the pieces that decisions share


def said(words: str, what: str) -> str:
    """``words``, which must not be empty."""
    if not words.strip():
        raise Refusal(f"say {what}: it is kept in the journal")
    return words.strip()[:2000]


def wanted_case(work: Work, case_id: str) -> Case:
    case = work.casefile.get(case_id)
    if case is None:
        raise Refusal(f"there is no case {case_id}; 'mailflow cases' lists them")
    return case


def open_task(work: Work, number: int) -> Task:
    task = work.casefile.task(number)
    if task is None:
        raise Refusal(f"there is no task {number}")
    if task.settled is not Settled.OPEN:
        raise Refusal(f"task {number} was settled before, by {task.settled_by}")
    return task


def possible(case: Case, event: Event) -> State:
    """The state that ``event`` leads to; refused in words when the table has no such step."""
    try:
        return advance(case.state, event)
    except ImpossibleEvent as impossible:
        raise Refusal(f"{case.id}: {impossible}") from None


def subject_of(task: Task) -> str:
    """Where a task's decisions stand in the journal: with its case, so that the conversation shows them."""
    return f"case:{task.case_id}" if task.case_id else f"task:{task.no}"


def settle(work: Work, task: Task, *, by: str, at: dt.datetime, settled: Settled, why: str) -> None:
    work.casefile.settle_task(task.no, settled, by=by, at=at)
    facts = {"task": task.no, "kind": task.kind.value, "settled": settled.value, "why": why}
    work.journal.append(at, by, "task.settled", subject_of(task), facts)


def _settle_kinds(
    work: Work, case_id: str, kinds: Collection[TaskKind], by: str, at: dt.datetime, why: str
) -> tuple[int, ...]:
    found = [task for task in work.casefile.tasks(case_ids=[case_id]) if task.kind in kinds]
    for task in found:
        settle(work, task, by=by, at=at, settled=Settled.DONE, why=why)
    return tuple(task.no for task in found)
