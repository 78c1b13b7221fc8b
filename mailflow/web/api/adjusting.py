"""Adjustments: what a case's differences would take to settle, proposed, approved or rejected by a second person."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from mailflow.steps.adjust import decide_adjustment, propose_adjustment
from mailflow.steps.adjustment_record import adjustment_json
from mailflow.web.api import questions as ask
from mailflow.web.api.operation import Call, there
from mailflow.web.api.reading import cut


def adjustments(call: Call) -> dict[str, Any]:
    asked = call.asked(ask.AdjustmentsAsked)
    with call.house.database.reading() as work:
        found = work.browse.adjustments(
            limit=asked.limit + 1, after=asked.behind(int), case_id=asked.case, state=asked.state
        )
    shown, onward = cut("adjustments", asked, found, lambda one: (one.no,))
    return {"adjustments": list(map(adjustment_json, shown)), "next": onward}


def propose(call: Call) -> dict[str, Any]:
    said, house, case = call.said(ask.AdjustmentSaid), call.house, call.path["case"]
    with house.database.reading() as work:
        there(work.casefile.get(case), "such case")
    made = propose_adjustment(
        house.database, house.adjustment_policy, case, kind=said.kind, reference=said.reference,
        amount=Decimal(said.amount), by=call.who, why=said.why, date=said.date, at=house.clock.now(),
    )  # fmt: skip
    return adjustment_json(made)


def decide(approved: bool) -> Callable[[Call], dict[str, Any]]:
    def decided(call: Call) -> dict[str, Any]:
        house, number = call.house, call.number("no")
        with house.database.reading() as work:
            there(work.adjustments.get(number), "such adjustment")
        why = call.said(ask.AdjustmentDecided).why
        made = decide_adjustment(house.database, number, approved=approved, by=call.who, why=why, at=house.clock.now())
        return adjustment_json(made)

    return decided
