"""What people's programs decide: each operation calls the step that pages and command line call, in the account's name.

A step that refuses answers 409 with its sentence; what does not exist is 404 before it is tried.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from mailflow.adapters.process_identity import this_process
from mailflow.refusals import Refusal
from mailflow.steps import decide_case, decide_matches, take_back
from mailflow.steps.decide_bank_details import note_call_back
from mailflow.steps.decide_case import Answer
from mailflow.steps.note_case import note_case
from mailflow.steps.place_by_person import place_by_person
from mailflow.steps.process_messages import dismiss, replay
from mailflow.steps.review_statements import Outcome, approve_held
from mailflow.steps.settle_in_doubt import settle_by_person
from mailflow.steps.show_cases import case_views
from mailflow.web.api import entries
from mailflow.web.api import questions as ask
from mailflow.web.api.operation import Call, missing


def settle_task(call: Call) -> dict[str, Any]:
    said = call.said(ask.TaskSettled)
    number = _task(call)
    return _decided(
        call,
        decide_case.settle_task(
            call.house.database, number, by=call.who, why=said.why, at=_now(call), dismissed=said.dismissed
        ),
    )


def reopen_task(call: Call) -> dict[str, Any]:
    number, why = _task(call), call.said(ask.Because).why
    return _decided(call, take_back.reopen_task(call.house.database, number, by=call.who, why=why, at=_now(call)))


def call_back(call: Call) -> dict[str, Any]:
    said, number = call.said(ask.CalledBack), _task(call)
    made = note_call_back(
        call.house.database, number, by=call.who, called=said.called, phone=said.phone, genuine=said.genuine,
        note=said.why, at=_now(call),
    )  # fmt: skip
    told = [
        {"by": one.by, "called": one.called, "phone": one.number, "genuine": one.genuine, "note": ""} for one in made
    ]
    agree = len({one.by for one in made if one.genuine is said.genuine}) > 1
    return {"call_backs": told, "settled": agree}


def confirm(call: Call) -> dict[str, Any]:
    said, case = call.said(ask.Confirmed), _case(call)
    return _decided(
        call,
        decide_case.accept_confirmation(
            call.house.database, case, by=call.who, confirmed_by=said.confirmed_by, how=said.how, why=said.why,
            at=_now(call),
        ),
    )  # fmt: skip


def settle_dispute(call: Call) -> dict[str, Any]:
    said, case = call.said(ask.DisputeSettled), _case(call)
    return _decided(
        call,
        decide_case.settle_dispute(
            call.house.database, case, said.reference, by=call.who, why=said.why, at=_now(call),
            dismissed=said.dismissed,
        ),
    )  # fmt: skip


def assign_dispute(call: Call) -> dict[str, Any]:
    said, case = call.said(ask.DisputeAssigned), _case(call)
    return _decided(
        call,
        decide_case.assign_dispute(
            call.house.database, case, said.reference, owner=said.owner, due_on=said.due_on, by=call.who,
            at=_now(call),
        ),
    )  # fmt: skip


def resolve(call: Call) -> dict[str, Any]:
    case, why = _case(call), call.said(ask.Because).why
    return _decided(call, decide_case.resolve_case(call.house.database, case, by=call.who, why=why, at=_now(call)))


def close(call: Call) -> dict[str, Any]:
    said, case = call.said(ask.Closed), _case(call)
    return _decided(
        call,
        decide_case.close_case(
            call.house.database, case, by=call.who, confirmed_by=said.confirmed_by, how=said.how, why=said.why,
            at=_now(call),
        ),
    )  # fmt: skip


def reopen(call: Call) -> dict[str, Any]:
    case, why = _case(call), call.said(ask.Because).why
    return _decided(call, decide_case.reopen_case(call.house.database, case, by=call.who, why=why, at=_now(call)))


def take_back_move(call: Call) -> dict[str, Any]:
    said, case = call.said(ask.TakeBack), _case(call)
    return _decided(
        call,
        take_back.take_back_move(
            call.house.database, case, said.entry, by=call.who, why=said.why, at=_now(call)
        ),
    )  # fmt: skip


def note(call: Call) -> dict[str, Any]:
    case, words = _case(call), call.said(ask.Note).note
    return {"entry": note_case(call.house.database, case, words, by=call.who, at=_now(call))}


def link(decide: Callable[..., decide_matches.MatchAnswer]) -> Callable[[Call], dict[str, Any]]:
    """One of the four decisions about a link."""

    def decided(call: Call) -> dict[str, Any]:
        said, case = call.said(ask.Link), _case(call)
        made = decide(
            call.house.database, call.house.policy, case, said.document, said.ours, said.theirs, by=call.who,
            why=said.why, at=_now(call),
        )  # fmt: skip
        return {"decision": made.decision, "record": made.record}

    return decided


def undo_link(call: Call) -> dict[str, Any]:
    made = decide_matches.undo_decision(
        call.house.database, call.house.policy, call.number("no"), by=call.who, why=call.said(ask.Because).why,
        at=_now(call),
    )  # fmt: skip
    return {"decision": made.decision, "record": made.record}


def place(call: Call) -> dict[str, Any]:
    number, case = _message(call), call.said(ask.Place).case
    house = call.house
    place_by_person(house.database, house.stages, number, case, by=call.who, at=_now(call))
    return {"message": number, "case": case}


def answer(call: Call) -> dict[str, Any]:
    said, number = call.said(ask.AnswerSaid), _message(call)
    return {"letter": call.house.answers.send(number, by=call.who, text=said.text, settles=said.settles)}


def replay_message(call: Call) -> dict[str, Any]:
    number, house = _message(call), call.house
    replay(house.database, house.stages, number, _now(call), by=call.who)
    house.process_once(this_process())
    return _message_now(call, number)


def dismiss_message(call: Call) -> dict[str, Any]:
    number = _message(call)
    why = decide_case.said(call.said(ask.Quarantined).why, "why it is left")
    try:
        dismiss(call.house.database, number, _now(call), by=call.who, why=why)
    except LookupError as not_held:
        raise Refusal(str(not_held)) from None
    return _message_now(call, number)


def settle_letter(call: Call) -> dict[str, Any]:
    number = call.number("no")
    with call.house.database.reading() as work:
        if work.outbox.letter(number) is None:
            raise missing("such letter")
    was_sent = call.said(ask.LetterSettled).was_sent
    return entries.letter(settle_by_person(call.house.database, number, was_sent=was_sent, by=call.who, at=_now(call)))


def approve(call: Call) -> dict[str, Any]:
    number, house = call.path["number"], call.house
    with house.database.reading() as work:
        if work.statements.get(number) is None:
            raise missing("such statement")
    made = approve_held(house.database, by=call.who, now=_now(call), numbers=[number])
    if not made:
        raise Refusal(f"{number} is not held any more")
    outcome, letters = made[0].outcome, 0
    if outcome is Outcome.BLOCKED:
        raise Refusal(f"{number}: its data must be mended first; nobody can release it")
    if outcome is Outcome.RELEASED:
        issued = house.issue(actor=call.who)
        if issued.failed:
            raise Refusal("; ".join(issued.failed.values()))
        letters = len(issued.letters)
    return {"statement_no": number, "outcome": outcome.value, "letters": letters}


def _decided(call: Call, made: Answer) -> dict[str, Any]:
    if made.case is None:
        return {"case": None, "settled": list(made.settled)}
    with call.house.database.reading() as work:
        view = case_views(work, [made.case], "en")[0]
    return {"case": view.to_json(), "settled": list(made.settled)}


def _message_now(call: Call, number: int) -> dict[str, Any]:
    with call.house.database.reading() as work:
        found = work.mailroom.message(number)
    assert found is not None
    return entries.message(found)


def _case(call: Call) -> str:
    with call.house.database.reading() as work:
        if work.casefile.get(call.path["case"]) is None:
            raise missing("such case")
    return call.path["case"]


def _task(call: Call) -> int:
    with call.house.database.reading() as work:
        if work.casefile.task(call.number("no")) is None:
            raise missing("such task")
    return call.number("no")


def _message(call: Call) -> int:
    with call.house.database.reading() as work:
        if work.mailroom.message(call.number("no")) is None:
            raise missing("such message")
    return call.number("no")


def _now(call: Call) -> dt.datetime:
    return call.house.clock.now()
