"""Stage "case": carries out what :mod:`mailflow.cases.decision` decides about one message, in one transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from typing import Any

from mailflow.cases.case import Case, Settled, TaskKind
from mailflow.cases.decision import (
    Belief,
    Decision,
    Heard,
    HeardDocument,
    HeardSlip,
    always_seen,
    complaint,
    decide,
)
from mailflow.correspondence.automatic import FEEDBACK_REPORT
from mailflow.correspondence.message import Automatic
from mailflow.steps.advance_case import PROGRAM, Move, move_all
from mailflow.steps.ports.casefile import Allocation, RaisedTask
from mailflow.steps.ports.documents import KeptDocument
from mailflow.steps.ports.mailroom import StoredMessage
from mailflow.steps.ports.outbox import LetterState
from mailflow.steps.ports.work import Database, Work
from mailflow.steps.stage import Outcome, Results, Traveller
from mailflow.steps.understand_message import from_json
from mailflow.steps.withdraw_reminders import withdraw_reminders


@dataclass(frozen=True, slots=True)
class _Answer:
    """What one message does. ``found_late``: its case was known only by its document."""

    message: int
    result: dict[str, Any]
    tasks: list[RaisedTask] = field(default_factory=list)
    case: Case | None = None
    decision: Decision | None = None
    allocations: list[Allocation] = field(default_factory=list)
    found_late: bool = False


class AnswerCase:
    name = "case"

    def __init__(self, database: Database) -> None:
        self._database = database

    def __call__(self, message: StoredMessage, results: Results) -> Outcome:
        with self._database.reading() as work:
            case_id = _case_id(results)
            case = None if case_id is None else work.casefile.get(case_id)
            answer = self._answer(work, message, results, case)
        return Outcome(answer.result, partial(_look_again, answer))

    def within(self, work: Work, at: dt.datetime, travellers: Sequence[Traveller]) -> list[Outcome]:
        ids = {case_id for one in travellers if (case_id := _case_id(one.results)) is not None}
        cases = {case.id: case for case in work.casefile.cases(ids=ids)} if ids else {}
        answers = [
            self._answer(work, one.message, one.results, cases.get(_case_id(one.results) or "")) for one in travellers
        ]
        _carry_out(answers, work, at)
        return [Outcome(one.result) for one in answers]

    def _answer(self, work: Work, message: StoredMessage, results: Results, case: Case | None) -> _Answer:
        placed, reconciled = results["thread"], results["reconcile"]
        case_id = _case_id(results)
        if placed["own"] or placed["same_as"] is not None:
            return _Answer(message.no, {"case": case_id, "events": []})
        if case_id is None:
            return self._without_case(message, results)
        if case is None:
            return _Answer(message.no, {"case": None, "events": []})
        kept = work.documents.of_message(message.no) if results["attachments"]["documents"] else []
        decision = decide(self._heard(work, case, results, kept), case.currency)
        result = {
            "case": case_id,
            "events": [event.value for event in decision.events],
            "tasks": [task.kind.value for task in decision.tasks],
            "why": decision.why,
        }
        tasks = [
            RaisedTask(task.kind, case.id, message.no, task.evidence, task.facts, task.key) for task in decision.tasks
        ]
        allocations = [_allocation(one) for one in reconciled.get("allocations", [])]
        return _Answer(message.no, result, tasks, case, decision, allocations, found_late=placed["case"] is None)

    def _without_case(self, message: StoredMessage, results: Results) -> _Answer:
        """What must be seen whatever it belongs to: new bank details first of all."""
        reading = results["read"]["reading"]
        if reading["automatic"] != "no" and reading.get("automatic_because") != FEEDBACK_REPORT:
            return _Answer(message.no, {"case": None, "events": []})
        if reading["automatic"] != "no":
            seen = [complaint()]
        else:
            seen = always_seen(from_json(results["understand"]))
        facts = {"sender": message.sender, "party": results["thread"]["party"], "belief": results["thread"]["belief"]}
        tasks = [RaisedTask(task.kind, None, message.no, task.evidence, facts) for task in seen]
        return _Answer(message.no, {"case": None, "events": [], "tasks": [task.kind.value for task in seen]}, tasks)

    def _heard(self, work: Work, case: Case, results: Results, documents: list[KeptDocument]) -> Heard:
        placed, reading, routing = results["thread"], results["read"]["reading"], results["read"]["routing"]
        bounces = [one for one in (routing.get("bounces") or [reading["bounce"]]) if one.get("recipient")]
        gone = tuple(dict.fromkeys(one["recipient"].lower() for one in bounces if one["permanent"]))
        slips = [slip for slip in results["understand"].get("slips", []) if slip["case"] == case.id]
        # our code on the slip says which version was signed, where the mail itself answers none
        version = placed["version"] if placed["version"] is not None or not slips else slips[0]["version"]
        return Heard(
            automatic=Automatic(reading["automatic"]),
            belief=Belief(placed["belief"]),
            meaning=from_json(results["understand"]),
            documents=tuple(_heard_document(kept, results["reconcile"]) for kept in documents),
            current=version is None or version == case.version,
            bound=placed["bound"],
            undelivered=gone,
            others_left=bool(gone) and self._others_left(work, case, gone),
            delayed=bool(bounces) and not gone,
            doubtful=bool(reading.get("doubtful")),
            our_balance=case.our_balance,
            complained=reading.get("automatic_because") == FEEDBACK_REPORT,
            slips=tuple(
                HeardSlip(one["name"], one["document"], one["ticked"], one["sealed"], one["version"] == case.version)
                for one in slips
            ),
        )

    def _others_left(self, work: Work, case: Case, gone: tuple[str, ...]) -> bool:
        """Whether somebody else got this version too."""
        never = (LetterState.REJECTED_PERMANENT, LetterState.CANCELLED)
        return any(
            letter.key.version == case.version
            and letter.key.recipient.lower() not in gone
            and letter.state not in never
            for letter in work.outbox.letters(case_id=case.id)
        )


def _heard_document(kept: KeptDocument, reconciled: dict[str, Any]) -> HeardDocument:
    document = kept.document
    found = reconciled.get("documents", {}).get(str(kept.no), {})
    return HeardDocument(
        no=kept.no,
        name=kept.name,
        kind=document.kind,
        trust=document.trust,
        reason=document.reason,
        their_balance=_decimal(found.get("their_balance")),
        difference=_decimal(found.get("difference")),
        explained=bool(found.get("explained")),
        items=int(found.get("items", 0)),
        allocations=int(found.get("allocations", 0)),
    )


def _case_id(results: Results) -> str | None:
    found = results["reconcile"].get("case") or results["thread"]["case"]
    if found is None:
        by_slip = {slip["case"] for slip in results["understand"].get("slips", [])}
        found = by_slip.pop() if len(by_slip) == 1 else None
    return None if found is None else str(found)


def _look_again(answer: _Answer, work: Work, at: dt.datetime) -> None:
    """Of a case that was read before this transaction began."""
    case = None if answer.case is None else work.casefile.get(answer.case.id)
    _carry_out([replace(answer, case=case or answer.case)], work, at)


def _move_all(answers: Sequence[_Answer], work: Work, at: dt.datetime) -> dict[str, str]:
    """In the order of the messages, and together as far as no case comes twice. Why each case moved."""
    standing: dict[str, Case] = {}
    moved: dict[str, str] = {}
    together: list[Move] = []

    def carry_out() -> None:
        for one, state in zip(together, move_all(work, together), strict=True):
            standing[one.case.id] = replace(one.case, state=state)
        together.clear()

    for answer in answers:
        case, decision = answer.case, answer.decision
        if case is None or decision is None:
            continue
        for event in decision.events:
            if any(one.case.id == case.id for one in together):
                carry_out()
            facts = {"message": answer.message, "why": decision.why}
            together.append(Move(standing.get(case.id, case), event, at, PROGRAM, facts))
            moved[case.id] = decision.why
    carry_out()
    return moved


def _carry_out(answers: Sequence[_Answer], work: Work, at: dt.datetime) -> None:
    """In the order of the messages; what all of them raise for a person, at the end."""
    moved = _move_all(answers, work, at)
    for answer in answers:
        case, decision = answer.case, answer.decision
        if case is None or decision is None:
            continue
        if decision.their_balance is not None:
            work.casefile.set_their_balance(case.id, decision.their_balance)
        for dispute in decision.disputes:
            work.casefile.add_dispute(case.id, dispute, message=answer.message, at=at)
        if decision.promise is not None:
            work.casefile.add_promise(case.id, decision.promise, message=answer.message, at=at)
        if answer.allocations:
            work.casefile.add_allocations(case.id, answer.allocations)
        if answer.found_late:
            _unplaced_no_more(work, answer.message, at)
    if moved:
        reminded = {letter.case_id for letter in work.outbox.reminders(waiting=True)}
        for case_id in sorted(moved.keys() & reminded):
            withdraw_reminders(work, case_id, at, actor=PROGRAM, why=moved[case_id])
    work.casefile.raise_many([task for answer in answers for task in answer.tasks], at)


def _unplaced_no_more(work: Work, message: int, at: dt.datetime) -> None:
    """A message that found its case only through its document waits for nobody to place it."""
    for task in work.casefile.tasks():
        if task.kind is TaskKind.UNPLACED and task.message == message:
            work.casefile.settle_task(task.no, Settled.DONE, by="mailflow", at=at)


def _allocation(one: dict[str, Any]) -> Allocation:
    paid_on = one.get("paid_on")
    return Allocation(
        one["reference"], Decimal(one["amount"]), int(one["document"]),
        None if paid_on is None else dt.date.fromisoformat(paid_on),
    )  # fmt: skip


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
