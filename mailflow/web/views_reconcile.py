"""The two books side by side: what is linked, what is proposed, what stands alone; and the decisions about it."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from starlette.responses import RedirectResponse, Response

from mailflow.refusals import Refusal
from mailflow.steps import decide_matches
from mailflow.steps.decide_matches import MatchAnswer
from mailflow.steps.show_comparison import Comparison, comparison
from mailflow.web.drawing import Drawing
from mailflow.web.visit import Visit

MOST_SHOWN = 300  # rows of one kind on a page; a filter finds the others


class ReconcileViews:
    def __init__(self, drawing: Drawing) -> None:
        self._drawing = drawing

    def page(self, visit: Visit) -> Response:
        shown = self._comparison(visit)
        words = visit.request.query_params.get("q", "").strip()[:100]
        with visit.house.database.reading() as work:
            party = work.ledger.party(shown.case.party_id, shown.case.side)
            records = work.documents.reconciliations(shown.case.id)
            documents = [kept for one in records if (kept := work.documents.get(one.document)) is not None]
        return visit.page(
            "reconcile.html", c=shown, case=shown.case, party_name=party.name if party else shown.case.party_id,
            documents={kept.no: kept for kept in documents}, words=words, most=MOST_SHOWN,
            ours=[row for row in shown.unlinked_ours if _fits(row.reference, row.description, words)],
            theirs=[row for row in shown.unlinked_theirs if _fits(row.reference, row.description, words)],
            others=[row for row in shown.others if _fits(row.reference, row.description, words)],
            settled=[link for link in shown.settled if _linked_fits(link, words)],
            standing=[one for one in shown.decisions if one.stands],
            withdrawn=[one for one in shown.decisions if not one.stands],
        )  # fmt: skip

    def _comparison(self, visit: Visit) -> Comparison:
        try:
            shown = comparison(
                visit.house.database, visit.request.path_params["case"],
                visit.number("document") if "document" in visit.request.path_params else None,
                self._drawing.language(visit),
            )  # fmt: skip
        except LookupError:
            shown = None
        if shown is None:
            raise Refusal(self._drawing.words(visit)["nothing_compared"])
        return shown


def accept(visit: Visit) -> Response:
    return _decide(visit, decide_matches.accept_match)


def reject(visit: Visit) -> Response:
    return _decide(visit, decide_matches.reject_match)


def link(visit: Visit) -> Response:
    return _decide(visit, decide_matches.link_by_hand)


def split(visit: Visit) -> Response:
    return _decide(visit, decide_matches.split_match)


def undo(visit: Visit) -> Response:
    house = visit.house
    decide_matches.undo_decision(
        house.database, house.policy, visit.number("decision"), by=visit.who, at=house.clock.now(),
        why=visit.said("why"),
    )  # fmt: skip
    return _back(visit)


def _decide(visit: Visit, step: Callable[..., MatchAnswer]) -> Response:
    house, numbers = visit.house, visit.form.get("theirs", [])
    if not all(one.isascii() and one.isdigit() and len(one) < 9 for one in numbers):
        raise Refusal("their lines are named by number")
    step(
        house.database, house.policy, visit.request.path_params["case"], visit.number("document"),
        visit.form.get("ours", []), [int(one) for one in numbers], by=visit.who, at=house.clock.now(),
        why=visit.said("why"),
    )  # fmt: skip
    return _back(visit)


def _back(visit: Visit) -> Response:
    visit.tell(visit.pages.words(visit)["done"])
    case, document = visit.request.path_params["case"], visit.number("document")
    return RedirectResponse(f"/case/{quote(case)}/reconcile/{document}", status_code=303)


def _fits(reference: str, description: str, words: str) -> bool:
    return all(word in f"{reference} {description}".casefold() for word in words.casefold().split())


def _linked_fits(link: object, words: str) -> bool:
    rows = [*getattr(link, "ours", ()), *getattr(link, "theirs", ())]
    return not words or any(_fits(row.reference, row.description, words) for row in rows)
