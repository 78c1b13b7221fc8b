"""What a person decides about links between our items and their lines. Console, API and command line come through here.

Every decision is kept under a number with who and when, stands in the case's journal in the same commit, is used at
once (the document is compared anew, and the new comparison takes the place of the one on record) and in every later
comparison of the same party. The identity of the two balances holds before and after: a link that differs in amount
names its difference, a line without a link is named as missing.

All functions: ``case_id`` and ``document`` (its number on record, ``KeptDocument.no``) say which comparison; ``ours``
are ledger ids, ``theirs`` line numbers of that document (from 1), as the comparison's JSON has them; ``by`` is the
person's sign-in name, ``at`` the moment, ``why`` free words for the journal (may be empty). They raise
:class:`Refusal` with one sentence when it cannot be done; then nothing was changed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mailflow.cases.case import Case
from mailflow.money import plain
from mailflow.receivables.ledger import Item
from mailflow.receivables.party import Party
from mailflow.reconciliation import Policy, TheirLine, of_document
from mailflow.reconciliation.carrying import marks_of
from mailflow.refusals import Refusal
from mailflow.steps.decide_case import wanted_case
from mailflow.steps.matching_memory import decisions_for
from mailflow.steps.ports.documents import KeptDocument, KeptReconciliation
from mailflow.steps.ports.match_decisions import MatchDecision, NewMatchDecision
from mailflow.steps.ports.work import Database, Work
from mailflow.steps.reconcile_documents import compare, cut_off


@dataclass(frozen=True, slots=True)
class MatchAnswer:
    """``decision`` is the number to undo it by; ``record`` the comparison as it is now (the contract's JSON)."""

    decision: int
    record: dict[str, Any]


def accept_match(
    database: Database,
    policy: Policy,
    case_id: str,
    document: int,
    ours: Sequence[str],
    theirs: Sequence[int],
    *,
    by: str,
    at: dt.datetime,
    why: str = "",
) -> MatchAnswer:
    """A proposed link (``"automatic": false`` in the record's ``matches``, named by exactly its ``ours`` and
    ``theirs``) is right. Its rule becomes ``confirmed_by_person``, its ``decision`` this number."""
    with database.writing() as work:
        at_hand = _open(work, case_id, document, ours, theirs)
        at_hand.match_of_record()
        return _together(work, policy, at_hand, "match.accepted", by, at, why)


def link_by_hand(
    database: Database,
    policy: Policy,
    case_id: str,
    document: int,
    ours: Sequence[str],
    theirs: Sequence[int],
    *,
    by: str,
    at: dt.datetime,
    why: str = "",
) -> MatchAnswer:
    """These items of ours and these lines of theirs are the same thing, whatever was proposed; any number on either
    side. Amounts may differ: the difference is named. Items of one side alone only where they add up to nothing (an
    invoice and its cancellation). What an earlier decision links must be undone first; a rejection gives way."""
    with database.writing() as work:
        return _together(work, policy, _open(work, case_id, document, ours, theirs), "match.linked", by, at, why)


def reject_match(
    database: Database,
    policy: Policy,
    case_id: str,
    document: int,
    ours: Sequence[str],
    theirs: Sequence[int],
    *,
    by: str,
    at: dt.datetime,
    why: str = "",
) -> MatchAnswer:
    """These do not belong together: no pair of them is proposed again, on this statement or a later one."""
    with database.writing() as work:
        return _apart(work, policy, _open(work, case_id, document, ours, theirs), "match.rejected", by, at, why)


def split_match(
    database: Database,
    policy: Policy,
    case_id: str,
    document: int,
    ours: Sequence[str],
    theirs: Sequence[int],
    *,
    by: str,
    at: dt.datetime,
    why: str = "",
) -> MatchAnswer:
    """A link of the record (automatic, confirmed, or carried from last month; named by exactly its ``ours`` and
    ``theirs``) is taken apart: decisions that made it are withdrawn, and its pairs are not proposed again."""
    with database.writing() as work:
        at_hand = _open(work, case_id, document, ours, theirs)
        at_hand.match_of_record()
        return _apart(work, policy, at_hand, "match.split", by, at, why)


def undo_decision(
    database: Database, policy: Policy, number: int, *, by: str, at: dt.datetime, why: str = ""
) -> MatchAnswer:
    """Decision ``number`` counts no more, as if it had not been made (the journal keeps both)."""
    with database.writing() as work:
        kept = work.match_decisions.get(number)
        if kept is None:
            raise Refusal(f"there is no decision {number} about a link")
        if not kept.stands:
            raise Refusal(f"decision {number} was withdrawn before, by {kept.withdrawn_by}")
        said = kept.decision
        if not any(one.document == said.document for one in work.documents.reconciliations(said.case_id)):
            raise Refusal(f"the document of decision {number} was read anew since; decide in its new comparison")
        at_hand = _open(work, said.case_id, said.document, (), ())
        work.match_decisions.withdraw(number, by=by, at=at)
        record = _compare_anew(work, policy, at_hand, at)
        _journal(work, at_hand, "match.undone", by, at, why, number, list(said.ours), list(said.lines), record)
        return MatchAnswer(number, record)


def decisions_of_case(database: Database, case_id: str) -> list[MatchDecision]:
    """Every decision about links that was made in this case, withdrawn ones too, in the order in which it was made."""
    with database.reading() as work:
        case = wanted_case(work, case_id)
        made = work.match_decisions.of_party(case.party_id, case.side, standing=False)
        return [one for one in made if one.decision.case_id == case_id]


# how it is done


@dataclass(frozen=True, slots=True)
class _AtHand:
    """One comparison on record with what it compares, and the items and lines that the person named."""

    case: Case
    party: Party
    items: list[Item]
    kept: KeptDocument
    on_record: KeptReconciliation
    lines: dict[int, TheirLine]
    ours: tuple[str, ...]
    theirs: tuple[int, ...]

    def marks(self) -> tuple[str, ...]:
        return marks_of(self.lines, list(self.theirs))

    def match_of_record(self) -> dict[str, Any]:
        for match in _matches(self.on_record.record):
            if set(match["ours"]) == set(self.ours) and set(match["theirs"]) == set(self.theirs):
                return match
        raise Refusal("there is no such link in the comparison any more; look at it again")

    def said(self) -> dict[str, Any]:
        """What the person saw of both sides, to be shown later."""
        by_id = {item.id: item for item in self.items}
        return {
            "ours": [
                {
                    "id": id, "reference": by_id[id].reference, "amount": plain(by_id[id].amount, by_id[id].currency),
                    "date": _day(by_id[id].date),
                }
                for id in self.ours
            ],
            "theirs": [
                {
                    "no": no, "reference": self.lines[no].reference, "date": _day(self.lines[no].date),
                    "amount": plain(self.lines[no].amount, self.lines[no].currency or self.case.currency),
                }
                for no in self.theirs
            ],
        }  # fmt: skip


def _open(work: Work, case_id: str, document: int, ours: Sequence[str], theirs: Sequence[int]) -> _AtHand:
    case = wanted_case(work, case_id)
    on_record = [one for one in work.documents.reconciliations(case_id) if one.document == document]
    kept = work.documents.get(document)
    party = work.ledger.party(case.party_id, case.side)
    if not on_record or kept is None or party is None:
        raise Refusal(f"{case_id} has no comparison with document {document}")
    items = work.ledger.items(party_id=party.id, side=party.side)
    lines = {line.no: line for line in of_document(kept.document).lines}
    known = {item.id for item in items}
    for id in ours:
        if id not in known:
            raise Refusal(f"{id} is no item of {party.name or party.id} in our ledger")
    for no in theirs:
        if no not in lines:
            raise Refusal(f"their document has no line {no}; it has {len(lines)} lines")
    if len(set(ours)) < len(ours) or len(set(theirs)) < len(theirs):
        raise Refusal("an item or a line is named twice")
    return _AtHand(case, party, items, kept, on_record[-1], lines, tuple(ours), tuple(theirs))


def _together(
    work: Work, policy: Policy, at_hand: _AtHand, action: str, by: str, at: dt.datetime, why: str
) -> MatchAnswer:
    if len(at_hand.ours) + len(at_hand.theirs) < 2:
        raise Refusal("name at least two: an item of ours and a line of theirs")
    for kept in work.match_decisions.of_party(at_hand.party.id, at_hand.party.side):
        other = kept.decision
        same_lines = other.document == at_hand.kept.no and set(other.lines) & set(at_hand.theirs)
        if other.together and (set(other.ours) & set(at_hand.ours) or same_lines):
            both = ", ".join([*sorted(set(other.ours) & set(at_hand.ours)), *map(str, sorted(same_lines or ()))])
            raise Refusal(f"{both} is linked already by {other.by} (decision {kept.no}); undo that first")
    return _decide(work, policy, at_hand, True, action, by, at, why)


def _apart(
    work: Work, policy: Policy, at_hand: _AtHand, action: str, by: str, at: dt.datetime, why: str
) -> MatchAnswer:
    if not at_hand.ours or not at_hand.theirs:
        raise Refusal("name an item of ours and a line of theirs that do not belong together")
    marks = set(at_hand.marks())
    for kept in work.match_decisions.of_party(at_hand.party.id, at_hand.party.side):
        other = kept.decision
        if other.together and set(other.ours) & set(at_hand.ours) and set(other.theirs) & marks:
            work.match_decisions.withdraw(kept.no, by=by, at=at)
    return _decide(work, policy, at_hand, False, action, by, at, why)


def _decide(
    work: Work, policy: Policy, at_hand: _AtHand, together: bool, action: str, by: str, at: dt.datetime, why: str
) -> MatchAnswer:
    number = work.match_decisions.add(
        NewMatchDecision(
            party_id=at_hand.party.id, side=at_hand.party.side, together=together, ours=at_hand.ours,
            theirs=at_hand.marks(), lines=at_hand.theirs, case_id=at_hand.case.id, document=at_hand.kept.no,
            said=at_hand.said(), by=by, why=why.strip(),
        ),
        at,
    )  # fmt: skip
    record = _compare_anew(work, policy, at_hand, at)
    if together and not any(match.get("decision") == number for match in _matches(record)):
        raise Refusal(
            "they cannot be linked in this comparison: an item is settled, in another currency or after its day, or "
            "items of one side alone do not add up to nothing"
        )
    _journal(work, at_hand, action, by, at, why, number, list(at_hand.ours), list(at_hand.theirs), record)
    return MatchAnswer(number, record)


def _compare_anew(work: Work, policy: Policy, at_hand: _AtHand, at: dt.datetime) -> dict[str, Any]:
    document = at_hand.kept.document
    day = cut_off(document, at_hand.case)
    decisions = decisions_for(work, at_hand.party.id, at_hand.party.side, day)
    result = compare(at_hand.items, document, at_hand.party, at_hand.case, policy, decisions)
    if result is None:
        raise Refusal(f"nothing in the document speaks of {at_hand.party.name or at_hand.party.id} any more")
    record = result.to_json()
    work.documents.renew_reconciliation(at_hand.on_record.no, record, at)
    return record


def _journal(
    work: Work,
    at_hand: _AtHand,
    action: str,
    by: str,
    at: dt.datetime,
    why: str,
    number: int,
    ours: list[str],
    theirs: list[int],
    record: dict[str, Any],
) -> None:
    facts = {
        "decision": number, "document": at_hand.kept.no, "ours": ours, "theirs": theirs, "why": why.strip(),
        "differences": len(record["reconciling_items"]), "unexplained": record["proof"]["unexplained"],
    }  # fmt: skip
    work.journal.append(at, by, action, f"case:{at_hand.case.id}", facts)


def _matches(record: dict[str, Any]) -> list[dict[str, Any]]:
    return [*record["matches"], *(match for other in record.get("other_currencies", ()) for match in other["matches"])]


def _day(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()
