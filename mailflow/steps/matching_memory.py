"""What is remembered of a party when a new document of theirs is compared: people's decisions, and what is closed.

A person's word (together, or never together) holds for every later document. What an earlier statement's comparison
accepted, by itself or by a person, stays closed: on a later statement the same pair is not questioned again, and
neither side of it is matched with anything new.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from mailflow.receivables.party import Side
from mailflow.reconciliation import Decided, Decisions, Earlier, of_document
from mailflow.reconciliation.carrying import accepted, ended
from mailflow.steps.ports.match_decisions import MatchDecision
from mailflow.steps.ports.work import Work


def decisions_for(work: Work, party_id: str, side: Side, cut_off: dt.date | None) -> Decisions:
    """The decisions that stand, and what statements before ``cut_off`` closed and ended with (None: of none)."""
    standing = work.match_decisions.of_party(party_id, side)
    closed, ends = ([], ()) if cut_off is None else _earlier(work, party_id, side, cut_off)
    return Decisions(
        confirmed=tuple(_decided(one) for one in standing if one.decision.together),
        rejected=tuple(_decided(one) for one in standing if not one.decision.together),
        carried=tuple(closed),
        earlier=ends,
    )


def _decided(kept: MatchDecision) -> Decided:
    one = kept.decision
    return Decided(one.ours, one.theirs, kept.no, one.by, kept.at.date())


def _earlier(work: Work, party_id: str, side: Side, cut_off: dt.date) -> tuple[list[Decided], tuple[Earlier, ...]]:
    """Accepted links of every statement before ``cut_off``, the newest statement's word first, each item once; and how
    the newest in each currency ended."""
    earlier: list[tuple[dt.date, int, dict[str, Any], int]] = []
    for case in work.casefile.cases(party_id=party_id):
        if case.side is side:
            for kept in work.documents.reconciliations(case.id):
                day = kept.record["as_of"] and dt.date.fromisoformat(kept.record["as_of"])
                if kept.record["mode"] == "statement" and day and day < cut_off:
                    earlier.append((day, kept.no, kept.record, kept.document))
    closed: list[Decided] = []
    ends: dict[str, Earlier] = {}
    taken: set[str] = set()
    for day, _, record, number in sorted(earlier, key=lambda one: one[:2], reverse=True):
        document = work.documents.get(number)
        if document is None:
            continue
        lines = {line.no: line for line in of_document(document.document).lines}
        for one in ended(record, lines):
            ends.setdefault(one.currency, one)
        for link in accepted(record, lines, day):
            if not taken & set(link.ours):
                taken.update(link.ours)
                closed.append(link)
    return closed, tuple(ends.values())
