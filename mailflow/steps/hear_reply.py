"""What one message of a person said and brought, together with the case it belongs to: what an answer is made from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from mailflow.cases.case import Case, Task
from mailflow.cases.decision import Belief
from mailflow.cases.dispute import Dispute
from mailflow.cases.promise import PromiseToPay
from mailflow.correspondence.follow_ups import Objection, PromisedPayment
from mailflow.correspondence.message import DisputeReason, Meaning
from mailflow.receivables.drawing import DoesNotTie, draw, period_start
from mailflow.receivables.ledger import Item
from mailflow.receivables.party import Side
from mailflow.receivables.statement import Statement
from mailflow.reconciliation import Policy, Reconciliation
from mailflow.steps.matching_memory import decisions_for
from mailflow.steps.ports.documents import KeptDocument, KeptReconciliation
from mailflow.steps.ports.mailroom import StoredMessage
from mailflow.steps.ports.outbox import LetterKey
from mailflow.steps.ports.work import Work
from mailflow.steps.reconcile_documents import compare, cut_off
from mailflow.steps.understand_message import from_json

_ANSWERABLE = (Belief.TRUSTED, Belief.CONTACT, Belief.UNVERIFIED)


@dataclass(frozen=True, slots=True)
class HeardReply:
    """``record`` is the newest reconciliation of a document that came with this very message; ``compared`` the same
    comparison as a value, None when there is none or the ledger has moved since. ``statement`` is ours as they got it;
    for a supplier, who sent us his, our ledger on the day of the comparison. ``waiting`` are the open tasks that this
    message raised."""

    case: Case
    message: StoredMessage
    belief: Belief
    reading: dict[str, Any]
    meaning: Meaning
    statement: Statement | None
    record: dict[str, Any] | None
    compared: Reconciliation | None
    document: KeptDocument | None
    disputes: tuple[Objection, ...]
    promise: PromisedPayment | None
    items: tuple[Item, ...]
    waiting: tuple[Task, ...]

    @property
    def key(self) -> LetterKey:
        recipient = self.message.sender
        return LetterKey(self.case.statement_no, self.case.version, recipient, f"answer-{self.message.no}")


class CaseHeard:
    """The replies of one case; what they share is read once."""

    def __init__(self, work: Work, case: Case, policy: Policy) -> None:
        self._work, self._case, self._policy = work, case, policy

    def reply(self, number: int) -> HeardReply | None:
        """None for what is not answered: a machine's mail, our own, the same mail again, somebody who is not the party,
        a message that is not understood yet."""
        work, case = self._work, self._case
        message = work.mailroom.message(number)
        results = {name: kept.result for name, kept in work.mailroom.results(number).items()}
        if message is None or not {"read", "thread", "understand"} <= results.keys():
            return None
        placed, reading = results["thread"], results["read"]["reading"]
        if reading["automatic"] != "no" or placed["own"] or placed["same_as"] is not None:
            return None
        belief = Belief(placed["belief"])
        if belief not in _ANSWERABLE:
            return None
        documents = {kept.no: kept for kept in work.documents.of_message(number)}
        records = [one for one in self._records if one.document in documents]
        kept = records[-1] if records else None
        document = None if kept is None else documents[kept.document]
        promises = [one for one in self._promises if one.message == number and one.date]
        return HeardReply(
            case=case,
            message=message,
            belief=belief,
            reading=reading,
            meaning=from_json(results["understand"]),
            statement=self._sent or _suppliers(work, case, document, self._items),
            record=None if kept is None else kept.record,
            compared=None
            if kept is None or document is None
            else _compared(work, case, kept, document, self._items, self._policy),
            document=document,
            disputes=tuple(
                Objection(one.reference or case.statement_no, DisputeReason(one.reason), one.amount)
                for one in self._disputes
                if one.message == number
            ),
            promise=next((PromisedPayment(one.date, one.amount) for one in promises if one.date is not None), None),
            items=tuple(self._items),
            waiting=tuple(one for one in self._tasks if one.message == number),
        )

    @cached_property
    def _records(self) -> list[KeptReconciliation]:
        return self._work.documents.reconciliations(self._case.id)

    @cached_property
    def _items(self) -> list[Item]:
        return self._work.ledger.items(party_id=self._case.party_id, side=self._case.side)

    @cached_property
    def _promises(self) -> list[PromiseToPay]:
        return [one for _, one in self._work.casefile.promises(case_ids=[self._case.id])]

    @cached_property
    def _disputes(self) -> list[Dispute]:
        return [one for _, one in self._work.casefile.disputes(case_ids=[self._case.id])]

    @cached_property
    def _tasks(self) -> list[Task]:
        return self._work.casefile.tasks(case_ids=[self._case.id])

    @cached_property
    def _sent(self) -> Statement | None:
        """Ours as they got it."""
        sent = self._work.statements.get(self._case.statement_no, self._case.version)
        return None if sent is None else sent.statement


def hear_reply(work: Work, case: Case, number: int, policy: Policy) -> HeardReply | None:
    """One message alone; :meth:`CaseHeard.reply` says when there is none."""
    return CaseHeard(work, case, policy).reply(number)


def _suppliers(work: Work, case: Case, document: KeptDocument | None, items: list[Item]) -> Statement | None:
    """Our ledger on the day of the comparison with what a supplier sent."""
    party = work.ledger.party(case.party_id, case.side)
    if case.side is not Side.PAYABLE or document is None or party is None:
        return None
    day = cut_off(document.document, case) or case.as_of
    try:
        return draw(
            items, party, case.side, case.currency, day, period_start(day), number=case.statement_no,
            version=case.version, known_open=work.ledger.open_on(party.id, case.side, day),
        )  # fmt: skip
    except DoesNotTie:
        return None


def _compared(
    work: Work, case: Case, kept: KeptReconciliation, document: KeptDocument, items: list[Item], policy: Policy
) -> Reconciliation | None:
    """The comparison on record as a value. A ledger that has moved since says something else: then there is none."""
    party = work.ledger.party(case.party_id, case.side)
    if party is None:
        return None
    day = cut_off(document.document, case)
    remembered = decisions_for(work, party.id, party.side, day)
    result = compare(items, document.document, party, case, policy, remembered)
    return result if result is not None and result.to_json() == kept.record else None
