"""What people decide on pages: each form calls the step that the command line calls, in the name of who signed in."""

from __future__ import annotations

import datetime as dt

from starlette.responses import Response

from mailflow.adapters.process_identity import this_process
from mailflow.refusals import Refusal
from mailflow.steps import decide_case, take_back
from mailflow.steps.decide_bank_details import note_call_back
from mailflow.steps.decide_case import How
from mailflow.steps.place_by_person import place_by_person
from mailflow.steps.ports.mailroom import MessageState
from mailflow.steps.process_messages import dismiss, replay
from mailflow.steps.settle_in_doubt import settle_by_person
from mailflow.web.visit import Visit


def task(visit: Visit) -> Response:
    decide_case.settle_task(
        visit.house.database, visit.number("no"), by=visit.who, why=visit.said("why"), at=visit.house.clock.now(),
        dismissed=visit.said("verdict") == "dismiss",
    )  # fmt: skip
    visit.tell(visit.pages.words(visit)["done"], undo=f"/task/{visit.number('no')}/reopen")
    return visit.back()


def reopen_task(visit: Visit) -> Response:
    take_back.reopen_task(
        visit.house.database, visit.number("no"), by=visit.who, why=visit.said("why"), at=visit.house.clock.now()
    )
    return done(visit)


def take_back_move(visit: Visit) -> Response:
    take_back.take_back_move(
        visit.house.database, visit.request.path_params["case"], visit.number("entry"), by=visit.who,
        why=visit.said("why"), at=visit.house.clock.now(),
    )  # fmt: skip
    return done(visit)


def bank_details(visit: Visit) -> Response:
    heard = visit.said("heard")
    if heard not in ("genuine", "fraud"):
        raise Refusal("say what they told you: genuine, or not")
    note_call_back(
        visit.house.database, visit.number("no"), by=visit.who, called=visit.said("called"),
        phone=visit.said("phone"), genuine=heard == "genuine", note=visit.said("why"), at=visit.house.clock.now(),
    )  # fmt: skip
    return done(visit)


def place(visit: Visit) -> Response:
    """And worked through at once, if no service does it."""
    number = visit.number("no")
    place_by_person(
        visit.house.database, visit.house.stages, number, visit.said("case").strip(), by=visit.who,
        at=visit.house.clock.now(),
    )  # fmt: skip
    visit.house.process_once(this_process())
    return done(visit)


def confirm(visit: Visit) -> Response:
    decide_case.accept_confirmation(
        visit.house.database, visit.request.path_params["case"], by=visit.who, confirmed_by=visit.said("confirmed_by"),
        how=_how(visit), why=visit.said("why"), at=visit.house.clock.now(),
    )  # fmt: skip
    return done(visit)


def dispute(visit: Visit) -> Response:
    decide_case.settle_dispute(
        visit.house.database, visit.request.path_params["case"], visit.said("reference") or None, by=visit.who,
        why=visit.said("why"), at=visit.house.clock.now(), dismissed=visit.said("verdict") == "dismiss",
    )  # fmt: skip
    return done(visit)


def assign(visit: Visit) -> Response:
    due = visit.said("due")
    try:
        due_on = dt.date.fromisoformat(due) if due else None
    except ValueError:
        raise Refusal(f"{due[:40]!r} is no date; write it like 2026-10-31") from None
    decide_case.assign_dispute(
        visit.house.database, visit.request.path_params["case"], visit.said("reference") or None,
        owner=visit.said("owner") or None, due_on=due_on, by=visit.who, at=visit.house.clock.now(),
    )  # fmt: skip
    return done(visit)


def resolve(visit: Visit) -> Response:
    decide_case.resolve_case(
        visit.house.database, visit.request.path_params["case"], by=visit.who, why=visit.said("why"),
        at=visit.house.clock.now(),
    )  # fmt: skip
    return done(visit)


def close(visit: Visit) -> Response:
    decide_case.close_case(
        visit.house.database, visit.request.path_params["case"], by=visit.who, confirmed_by=visit.said("confirmed_by"),
        how=_how(visit), why=visit.said("why"), at=visit.house.clock.now(),
    )  # fmt: skip
    return done(visit)


def reopen(visit: Visit) -> Response:
    decide_case.reopen_case(
        visit.house.database, visit.request.path_params["case"], by=visit.who, why=visit.said("why"),
        at=visit.house.clock.now(),
    )  # fmt: skip
    return done(visit)


def answer(visit: Visit) -> Response:
    settles = [int(one) for one in visit.form.get("settles", []) if one.isascii() and one.isdigit()]
    visit.house.answers.send(visit.number("no"), by=visit.who, text=visit.said("text"), settles=settles)
    return done(visit)


def settle_letter(visit: Visit) -> Response:
    verdict = visit.said("verdict")
    if verdict not in ("sent", "resend"):
        raise Refusal("say what you found out: it went out, or it did not")
    settle_by_person(
        visit.house.database, visit.number("no"), was_sent=verdict == "sent", by=visit.who,
        at=visit.house.clock.now(),
    )  # fmt: skip
    return done(visit)


def quarantine(visit: Visit) -> Response:
    with visit.house.database.reading() as work:
        held = work.mailroom.messages(state=MessageState.QUARANTINED)
        places = work.mailroom.troubled_places()
    return visit.page("quarantine.html", held=held, places=places)


def quarantined(visit: Visit) -> Response:
    number, now, database = visit.number("no"), visit.house.clock.now(), visit.house.database
    try:
        if visit.said("verdict") == "dismiss":
            dismiss(database, number, now, by=visit.who, why=decide_case.said(visit.said("why"), "why it is left"))
        else:
            replay(database, visit.house.stages, number, now, by=visit.who)
            visit.house.process_once(this_process())
    except LookupError as missing:
        raise Refusal(str(missing)) from None
    return done(visit)


def done(visit: Visit) -> Response:
    visit.tell(visit.pages.words(visit)["done"])
    return visit.back()


def _how(visit: Visit) -> How:
    try:
        return How(visit.said("how"))
    except ValueError:
        raise Refusal("say how they confirmed it") from None
