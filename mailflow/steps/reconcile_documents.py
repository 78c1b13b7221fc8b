"""Stage "reconcile": their statements and remittance advices against our ledger; a supplier's statement opens a case.

A customer's document belongs to the case that the message was placed in. A supplier's statement comes unasked: it opens
the case of that supplier, month and currency, or finds it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from mailflow.cases.case import Case, State
from mailflow.cases.decision import BELIEVED, Belief
from mailflow.money import plain
from mailflow.receivables.ledger import Item
from mailflow.receivables.party import Party, Side
from mailflow.reconciliation import Decisions, Policy, Reconciliation, reconcile
from mailflow.refusals import Refusal
from mailflow.steps.matching_memory import decisions_for
from mailflow.steps.ports.documents import KeptDocument
from mailflow.steps.ports.mailroom import StoredMessage
from mailflow.steps.ports.work import Database, Work
from mailflow.steps.stage import Outcome, Results, Traveller
from parsers.documents import Document, Kind

SAME_DAY = dt.timedelta(days=15)  # printed this close to our statement's date, their list means that date


@dataclass(frozen=True, slots=True)
class _Compared:
    kept: KeptDocument
    result: Reconciliation


class ReconcileDocuments:
    name = "reconcile"

    def __init__(self, database: Database, policy: Policy) -> None:
        self._database, self._policy = database, policy

    def __call__(self, message: StoredMessage, results: Results) -> Outcome:
        placed = results["thread"]
        with self._database.reading() as work:
            documents = [kept for kept in work.documents.of_message(message.no) if _comparable(kept.document)]
            if not documents or placed["party"] is None:
                return Outcome({"case": None, "documents": {}, "allocations": []})
            party = work.ledger.party(placed["party"], Side(placed["side"]))
            case = work.casefile.get(placed["case"]) if placed["case"] else None
            if party is None:
                return Outcome({"case": None, "documents": {}, "allocations": []})
            items = work.ledger.items(party_id=party.id, side=party.side)
            remembered = {
                kept.no: decisions_for(work, party.id, party.side, cut_off(kept.document, case)) for kept in documents
            }
        opening = self._opening(placed, party, case, documents)
        compared = [
            _Compared(kept, result)
            for kept in documents
            if (result := compare(items, kept.document, party, case, self._policy, remembered[kept.no])) is not None
        ]
        case_id = case.id if case is not None else opening
        answer = {
            "case": case_id,
            "documents": {str(one.kept.no): _figures(one.result) for one in compared},
            "allocations": [line for one in compared for line in _allocations(one)],
        }

        def write(work: Work, at: dt.datetime) -> None:
            if case_id is None:
                return
            if case is None:
                self._open(work, case_id, party, compared, documents[0].document, at)
                work.mailroom.note(message.no, case_id=case_id)
            work.documents.assign(message.no, case_id)
            version = 0 if case is None else case.version
            for one in compared:
                work.documents.keep_reconciliation(case_id, one.kept.no, version, one.result.to_json(), at)

        return Outcome(answer, write)

    def alone(self, message: StoredMessage, results: Results) -> bool:
        """A long statement takes its time, which is no time to be in a transaction."""
        return bool(results["attachments"]["documents"])

    def within(self, work: Work, at: dt.datetime, travellers: Sequence[Traveller]) -> list[Outcome]:
        return [Outcome({"case": None, "documents": {}, "allocations": []}) for _ in travellers]

    def _opening(
        self, placed: dict[str, Any], party: Party, case: Case | None, documents: list[KeptDocument]
    ) -> str | None:
        """The id of the case that a supplier's statement opens; None where it opens none."""
        if case is not None or party.side is not Side.PAYABLE or Belief(placed["belief"]) not in BELIEVED:
            return None
        document = next((kept.document for kept in documents if kept.document.kind is Kind.STATEMENT), None)
        if document is None or document.currency is None:
            return None
        day = document.period_end or document.date
        return None if day is None else f"SUP-{day:%Y%m}-{party.id}-{document.currency}"

    def _open(
        self,
        work: Work,
        case_id: str,
        party: Party,
        compared: list[_Compared],
        document: Document,
        at: dt.datetime,
    ) -> None:
        ours = compared[0].result.our_balance if compared else Decimal(0)
        currency = compared[0].result.currency if compared else (document.currency or "")
        work.casefile.open(
            case_id=case_id,
            party_id=party.id,
            side=party.side,
            currency=currency,
            statement_no=document.document_no or case_id,
            version=0,
            as_of=document.period_end or document.date or at.date(),
            our_balance=ours,
            at=at,
            state=State.ANSWERED,
        )
        work.journal.append(at, "mailflow", "case.opened", f"case:{case_id}", {"because": "their statement came"})


def compare(
    items: list[Item], document: Document, party: Party, case: Case | None, policy: Policy, decisions: Decisions
) -> Reconciliation | None:
    """One document against the party's items; None when nothing in it speaks of this party."""
    if case is not None and document.currency not in (None, case.currency):
        items = [item for item in items if item.currency == document.currency]
    try:
        return reconcile(
            items, document, policy, side=party.side.value, party=party.id, as_of=cut_off(document, case),
            decisions=decisions,
        )  # fmt: skip
    except Refusal:
        return None  # a person looks at the document


def _comparable(document: Document) -> bool:
    kinds = (Kind.STATEMENT, Kind.REMITTANCE_ADVICE)
    return document.kind in kinds and bool(document.lines or document.closing_balance is not None)


def cut_off(document: Document, case: Case | None) -> dt.date | None:
    """The day up to which both sides are compared."""
    day = document.period_end or document.date
    if case is None or document.kind is not Kind.STATEMENT:
        return day
    if day is None or abs(day - case.as_of) <= SAME_DAY:
        return case.as_of
    return day


def _figures(result: Reconciliation) -> dict[str, Any]:
    checks_hold = all(check.passed is not False for check in result.checks)
    return {
        "their_balance": plain(result.their_balance, result.currency),
        "difference": plain(result.difference, result.currency),
        "explained": result.balanced and checks_hold,
        "items": len(result.items),
        "matches": len(result.matches),
        "allocations": len(result.matches) if result.mode == "remittance_advice" else 0,
    }


def _allocations(one: _Compared) -> list[dict[str, Any]]:
    """What a remittance advice pays, line by line: only where the line's own reference found our item."""
    document = one.kept.document
    if one.result.mode != "remittance_advice":
        return []
    by_number = {line.no: line for line in document.lines}
    paid_on = document.payment.date or document.date
    found = []
    for match in one.result.matches:
        for number in match.their_numbers:
            line = by_number.get(number)
            if line is not None and line.reference:
                found.append(
                    {
                        "reference": line.reference,
                        "amount": format(abs(line.amount), "f"),
                        "document": one.kept.no,
                        "paid_on": None if paid_on is None else paid_on.isoformat(),
                    }
                )
    return found
