"""One party: contacts, terms, what goes out when, balances, everything that was said, legal holds; and what people
decide there about its conversations and about keeping its mail."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from starlette.responses import Response

from mailflow.receivables.party import Side
from mailflow.receivables.working_days import working_days
from mailflow.refusals import Refusal
from mailflow.steps import arrange_conversations, keep_for_years
from mailflow.steps.decide_case import said
from mailflow.steps.show_party import RECENT, party_view
from mailflow.web.drawing import Drawing
from mailflow.web.views_decide import done
from mailflow.web.views_read import shown
from mailflow.web.visit import Visit

MOMENTS = 40  # of the history on one page
_NUMBER = re.compile(r"[0-9]{1,12}", re.ASCII)


class PartyViews:
    def __init__(self, drawing: Drawing) -> None:
        self._drawing = drawing

    def page(self, visit: Visit) -> Response:
        house, words = visit.house, self._drawing.words(visit)
        zone = ZoneInfo(house.company.timezone)
        try:
            view = party_view(
                house.database, visit.request.path_params["party"], plan=house.follow_ups.plan, zone=zone,
                working=working_days(house.company.country), ageing=house.ageing_policy,
                language=self._drawing.language(visit),
            )  # fmt: skip
        except LookupError:
            raise Refusal(words["not_found"]) from None
        schedules = []
        for party in view.parties:
            own = party.statement_schedule
            text = own or (house.settings.statements.schedule if party.side is Side.RECEIVABLE else "")
            schedules.append((party.side, text, bool(own), house.schedules.next_due(text, house.clock.now())))
        told = [{**shown(at, what), "case": case} for at, case, what in view.moments]
        told = [one for one in told if _tells(one, words)]
        pages = max(1, -(-len(told) // MOMENTS))
        asked = visit.request.query_params.get("history", "")
        number = min(pages, max(1, int(asked))) if _NUMBER.fullmatch(asked) else pages
        return visit.page(
            "party.html", view=view, schedules=schedules, history=told[(number - 1) * MOMENTS : number * MOMENTS],
            number=number, pages=pages, zone=zone, recent=RECENT,
            grace=house.follow_ups.plan.grace,
        )  # fmt: skip


def conversations(visit: Visit) -> Response:
    """The messages ticked become a conversation of their own, or their conversations one."""
    ticked = [int(one) for one in visit.form.get("message", []) if _NUMBER.fullmatch(one)]
    how: dict[str, Any] = {"by": visit.who, "at": visit.house.clock.now(), "why": visit.said("why")[:500]}
    if not ticked:
        raise Refusal(visit.pages.words(visit)["tick_messages"])
    act = arrange_conversations.merge if visit.said("verdict") == "merge" else arrange_conversations.split
    number = act(visit.house.database, ticked, **how)
    visit.tell(visit.pages.words(visit)["done"], undo=f"/conversations/{number}/undo")
    return visit.back(_path(visit))


def undo_conversations(visit: Visit) -> Response:
    arrange_conversations.undo(
        visit.house.database, visit.number("no"), by=visit.who, at=visit.house.clock.now()
    )  # fmt: skip
    return done(visit)


def place_hold(visit: Visit) -> Response:
    keep_for_years.hold(
        visit.house.database, party_id=visit.request.path_params["party"], by=visit.who, at=visit.house.clock.now(),
        why=said(visit.said("why"), "why nothing of this party may go"),
    )  # fmt: skip
    return done(visit)


def lift_hold(visit: Visit) -> Response:
    keep_for_years.lift(visit.house.database, visit.number("no"), by=visit.who, at=visit.house.clock.now())
    return done(visit)


def _tells(one: dict[str, Any], words: dict[str, Any]) -> bool:
    """Whether the page says anything about it."""
    if one["kind"] != "event":
        return True
    entry = one["entry"]
    if entry.action.startswith("case.") and entry.facts.get("before") != entry.facts.get("after"):
        return True
    return entry.action in words["actions"] and not entry.action.startswith(("case.", "letter."))


def _path(visit: Visit) -> str:
    return f"/party/{quote(visit.request.path_params['party'], safe='')}"
