"""Adjustments on pages: what a case's differences would take to settle, proposed, approved, handed to the books."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, InvalidOperation

from starlette.responses import Response

from mailflow.adapters.report_csv import csv_file
from mailflow.cases.adjustment import AdjustmentKind, AdjustmentState, suggested
from mailflow.refusals import Refusal
from mailflow.steps.adjust import adjustments, decide_adjustment, export_journal, propose_adjustment
from mailflow.steps.report import Table
from mailflow.web.views_read import download
from mailflow.web.visit import Visit


def page(visit: Visit) -> Response:
    """All of them, or those of one case with its open differences as proposals."""
    case_id = visit.request.query_params.get("case", "")[:120]
    found = adjustments(visit.house.database, case_id=case_id or None)
    with visit.house.database.reading() as work:
        case = work.casefile.get(case_id) if case_id else None
        if case_id and case is None:
            raise Refusal(f"there is no case {case_id}")
        records = work.documents.reconciliations(case_id) if case is not None else []
        names = work.ledger.names({one.adjustment.party_id for one in found}) if found else {}
    taken = {one.adjustment.reference for one in found if one.state is not AdjustmentState.REJECTED}
    items = records[-1].record["reconciling_items"] if records else []
    proposals = [
        (item, kind)
        for item in items
        if (kind := suggested(item["kind"], Decimal(item["amount"]))) is not None and item["reference"] not in taken
    ]
    return visit.page(
        "adjustments.html", case=case, found=found[::-1], proposals=proposals, kinds=list(AdjustmentKind),
        today=visit.house.today(), names=names, exports=sorted({one.export_no for one in found if one.export_no}),
        waiting=sum(one.state is AdjustmentState.APPROVED for one in found),
    )  # fmt: skip


def propose(visit: Visit) -> Response:
    try:
        amount = Decimal(visit.said("amount").replace(",", "").replace("\u2212", "-").strip())
    except InvalidOperation:
        raise Refusal(f"{visit.said('amount')[:40]!r} is no amount; write it like -250.00") from None
    try:
        date = dt.date.fromisoformat(visit.said("date"))
    except ValueError:
        raise Refusal(f"{visit.said('date')[:40]!r} is no date; write it like 2026-10-31") from None
    try:
        kind = AdjustmentKind(visit.said("kind"))
    except ValueError:
        raise Refusal("say what kind of adjustment it is") from None
    propose_adjustment(
        visit.house.database, visit.house.adjustment_policy, visit.said("case"), kind=kind,
        reference=visit.said("reference"), amount=amount, by=visit.who, why=visit.said("why"), date=date,
        at=visit.house.clock.now(),
    )  # fmt: skip
    visit.tell(visit.pages.words(visit)["done"])
    return visit.back("/adjustments")


def decide(visit: Visit) -> Response:
    verdict = visit.said("verdict")
    if verdict not in ("approve", "reject"):
        raise Refusal("say whether it is approved or rejected")
    decide_adjustment(
        visit.house.database, visit.number("no"), approved=verdict == "approve", by=visit.who, why=visit.said("why"),
        at=visit.house.clock.now(),
    )  # fmt: skip
    visit.tell(visit.pages.words(visit)["done"])
    return visit.back("/adjustments")


def export(visit: Visit) -> Response:
    """Marks what is approved as handed over; the files are fetched from the page, as often as somebody needs them."""
    house = visit.house
    made = export_journal(house.database, house.adjustment_policy, by=visit.who, at=house.clock.now())
    words = visit.pages.words(visit)
    visit.tell(words["nothing_to_export"] if made.number is None else words["done"])
    return visit.back("/adjustments")


def journal(visit: Visit) -> Response:
    house, number = visit.house, visit.number("number")
    made: Table = export_journal(
        house.database, house.adjustment_policy, by=visit.who, at=house.clock.now(), again=number
    ).journal
    if visit.request.path_params["form"] == "csv":
        return download(csv_file(made), f"journal-{number}.csv")
    return download(house.report_workbook(made), f"journal-{number}.xlsx")
