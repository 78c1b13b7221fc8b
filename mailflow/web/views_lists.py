"""Pages that list: today, cases, parties, the outbox, reports. A page at a time; filter and order are links."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlencode

from starlette.responses import Response

from mailflow.cases.case import State, TaskKind
from mailflow.cases.next_action import urgency
from mailflow.receivables.party import Side
from mailflow.refusals import Refusal
from mailflow.steps import report
from mailflow.steps.ports.desk import CaseOrder, PartyOrder
from mailflow.steps.ports.outbox import LetterState
from mailflow.steps.show_lists import cut, list_cases, list_letters, list_parties
from mailflow.steps.show_today import today as todays
from mailflow.web.charts import charts
from mailflow.web.drawing import Drawing
from mailflow.web.views_read import download, own_decision
from mailflow.web.visit import Visit

REPORT_ROWS = 100  # of one page
_Asked = TypeVar("_Asked", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Links:
    """To the same list with something else asked for. What is the usual is not in the address."""

    path: str
    asked: dict[str, str]

    def to(self, **changes: str | int | None) -> str:
        """``page`` is the first again unless it is named; None or "" takes a question away."""
        asked = {**self.asked, "page": "", **{name: str(value or "") for name, value in changes.items()}}
        query = urlencode({name: value for name, value in asked.items() if value and (name, value) != ("page", "1")})
        return self.path + (f"?{query}" if query else "")


class ListViews:
    def __init__(self, drawing: Drawing) -> None:
        self._drawing = drawing

    def today(self, visit: Visit) -> Response:
        kind = _one_of(visit, "kind", TaskKind)
        seen = todays(visit.house.database, page=_page(visit), kind=kind)
        kinds = sorted(seen.kinds, key=urgency)
        quick = self._drawing.words(visit)["quick"]
        return visit.page(
            "today.html", today=seen, states=list(State), own=own_decision, quick=quick, kinds=kinds, kind=kind,
            links=_links(visit, kind=kind),
        )  # fmt: skip

    def cases(self, visit: Visit) -> Response:
        state, order = _one_of(visit, "state", State), _one_of(visit, "order", CaseOrder)
        party, person = visit.request.query_params.get("party", "")[:200] or None, _asks(visit, "who", "person")
        found = list_cases(
            visit.house.database, page=_page(visit), party_id=party, state=state, person=person,
            order=order or CaseOrder.NEED, language=self._drawing.language(visit),
        )  # fmt: skip
        links = _links(visit, state=state, order=order, party=party, who="person" if person else None)
        return visit.page(
            "cases.html", found=found, chosen=state, states=list(State), party=party, person=person, links=links,
            order=order or CaseOrder.NEED, orders=list(CaseOrder),
        )  # fmt: skip

    def parties(self, visit: Visit) -> Response:
        side, order = _one_of(visit, "side", Side), _one_of(visit, "order", PartyOrder)
        unreachable = _asks(visit, "reach", "none")
        found = list_parties(
            visit.house.database, page=_page(visit), side=side, unreachable=unreachable, order=order or PartyOrder.ID
        )
        links = _links(visit, side=side, order=order, reach="none" if unreachable else None)
        return visit.page(
            "parties.html", found=found, side=side, unreachable=unreachable, links=links,
            order=order or PartyOrder.ID, orders=list(PartyOrder),
        )  # fmt: skip

    def outbox(self, visit: Visit) -> Response:
        state = _one_of(visit, "state", LetterState)
        found = list_letters(visit.house.database, page=_page(visit), state=state)
        with visit.house.database.reading() as work:
            brake = work.sending.brake(visit.house.clock.now())
        return visit.page("outbox.html", found=found, chosen=state, brake=brake, links=_links(visit, state=state))

    def report(self, visit: Visit) -> Response:
        name = visit.request.path_params["name"]
        if name.removesuffix(".xlsx") not in report.REPORTS:
            raise Refusal(self._drawing.words(visit)["not_found"])
        table = visit.house.report(name.removesuffix(".xlsx"))
        if name.endswith(".xlsx"):
            return download(visit.house.report_workbook(table), name)
        rows = cut(table.rows, _page(visit), REPORT_ROWS)
        whole = {column for row in rows.rows for column, value in row.items() if isinstance(value, int)}
        return visit.page(
            "report.html", table=table, rows=rows, chosen=name, names=report.REPORTS, drawn=charts(table), whole=whole,
            links=_links(visit),
        )  # fmt: skip


def _page(visit: Visit) -> int:
    text = visit.request.query_params.get("page", "1")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 1


def _one_of(visit: Visit, name: str, kinds: type[_Asked]) -> _Asked | None:
    """What is asked for; what is no such thing is not asked for."""
    text = visit.request.query_params.get(name, "")
    return kinds(text) if text in set(kinds) else None


def _asks(visit: Visit, name: str, value: str) -> bool:
    return visit.request.query_params.get(name) == value


def _links(visit: Visit, **asked: str | None) -> Links:
    return Links(visit.request.url.path, {name: value for name, value in asked.items() if value})
