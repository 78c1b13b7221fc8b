"""Stage "case": carries out what :mod:`mailflow.cases.decision` decides about one message, in one transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from mailflow.cases.case import Case, Settled, TaskKind
from mailflow.cases.decision import Belief, Decision, Heard, HeardDocument, always_seen, decide
from mailflow.correspondence.message import Automatic
from mailflow.steps.advance_case import PROGRAM, move
from mailflow.steps.ports.casefile import Allocation
from mailflow.steps.ports.documents import KeptDocument
from mailflow.steps.ports.mailroom import StoredMessage
from mailflow.steps.ports.outbox import LetterState
from mailflow.steps.ports.work import Database, Work
from mailflow.steps.stage import Outcome, Results, Traveller
from mailflow.steps.understand_message import from_json
from mailflow.steps.withdraw_reminders import withdraw_reminders


class AnswerCase:
    name = "case"

    def __init__(self, database: Database) -> None:
        self._database = database

    def __call__(self, message: StoredMessage, results: Results) -> Outcome:
        with self._database.reading() as work:
            return self._answer(work, message, results)

    def within(self, work: Work, at: dt.datetime, travellers: Sequence[Traveller]) -> list[Outcome]:
        made = []
        for one in travellers:
            outcome = self._answer(work, one.message, one.results)
            outcome.write(work, at)  # at once: the next message may be about the same case
            made.append(Outcome(outcome.result))
        return made

    def _answer(self, work: Work, message: StoredMessage, results: Results) -> Outcome:
        placed, reconciled = results["thread"], results["reconcile"]
        case_id = reconciled.get("case") or placed["case"]
        if placed["own"] or placed["same_as"] is not None:
            return Outcome({"case": case_id, "events": []})
        if case_id is None:
            return self._without_case(message, results)
        case = work.casefile.get(case_id)
        if case is None:
            return Outcome({"case": None, "events": []})
        kept = work.documents.of_message(message.no) if results["attachments"]["documents"] else []
        heard = self._heard(work, case, results, kept)
        decision = decide(heard, case.currency)
        result = {
            "case": case_id,
            "events": [event.value for event in decision.events],
            "tasks": [task.kind.value for task in decision.tasks],
            "why": decision.why,
        }
        allocations = [_allocation(one) for one in reconciled.get("allocations", [])]
        found_late = placed["case"] is None

        def write(work: Work, at: dt.datetime) -> None:
            _carry_out(work, case, message, decision, allocations, at)
            if found_late:
                _unplaced_no_more(work, message, at)

        return Outcome(result, write)

    def _without_case(self, message: StoredMessage, results: Results) -> Outcome:
        """What must be seen whatever it belongs to: new bank details first of all."""
        if results["read"]["reading"]["automatic"] != "no":
            return Outcome({"case": None, "events": []})
        meaning = from_json(results["understand"])
        tasks = always_seen(meaning)
        facts = {"sender": message.sender, "party": results["thread"]["party"], "belief": results["thread"]["belief"]}

        def write(work: Work, at: dt.datetime) -> None:
            for task in tasks:
                work.casefile.raise_task(
                    task.kind, case_id=None, message=message.no, at=at, evidence=task.evidence, facts=facts
                )

        return Outcome({"case": None, "events": [], "tasks": [task.kind.value for task in tasks]}, write)

    def _heard(self, work: Work, case: Case, results: Results, documents: list[KeptDocument]) -> Heard:
        placed, reading, routing = results["thread"], results["read"]["reading"], results["read"]["routing"]
        bounces = [one for one in (routing.get("bounces") or [reading["bounce"]]) if one.get("recipient")]
        gone = tuple(dict.fromkeys(one["recipient"].lower() for one in bounces if one["permanent"]))
        version = placed["version"]
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


def _carry_out(
    work: Work,
    case: Case,
    message: StoredMessage,
    decision: Decision,
    allocations: list[Allocation],
    at: dt.datetime,
) -> None:
    for event in decision.events:
        move(work, case.id, event, at=at, message=message.no, why=decision.why)
    if decision.events:
        withdraw_reminders(work, case.id, at, actor=PROGRAM, why=decision.why)
    if decision.their_balance is not None:
        work.casefile.set_their_balance(case.id, decision.their_balance)
    for dispute in decision.disputes:
        work.casefile.add_dispute(case.id, dispute, message=message.no, at=at)
    if decision.promise is not None:
        work.casefile.add_promise(case.id, decision.promise, message=message.no, at=at)
    if allocations:
        work.casefile.add_allocations(case.id, allocations)
    for task in decision.tasks:
        work.casefile.raise_task(
            task.kind, case_id=case.id, message=message.no, at=at, evidence=task.evidence, facts=task.facts,
            key=task.key,
        )  # fmt: skip


def _unplaced_no_more(work: Work, message: StoredMessage, at: dt.datetime) -> None:
    """A message that found its case only through its document waits for nobody to place it."""
    for task in work.casefile.tasks():
        if task.kind is TaskKind.UNPLACED and task.message == message.no:
            work.casefile.settle_task(task.no, Settled.DONE, by="mailflow", at=at)


def _allocation(one: dict[str, Any]) -> Allocation:
    paid_on = one.get("paid_on")
    return Allocation(
        one["reference"], Decimal(one["amount"]), int(one["document"]),
        None if paid_on is None else dt.date.fromisoformat(paid_on),
    )  # fmt: skip


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
