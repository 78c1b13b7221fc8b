"""What is remembered of a party when a new document of theirs is compared: people's decisions, and what is closed.

A person's word (together, or never together) holds for every later document. What an earlier statement's comparison
accepted, by itself or by a person, stays closed: on a later statement the same pair is not questioned again, and
neither side of it is matched with anything new.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from mailflow.receivables.party import Side
from mailflow.reconciliation import Decided, Decisions, TheirLine, fingerprint, of_document
from mailflow.steps.ports.match_decisions import MatchDecision
from mailflow.steps.ports.work import Work

SETTLED_RULES = ("settled_on_our_side", "opening_balance")  # they hold for one document only


def decisions_for(work: Work, party_id: str, side: Side, cut_off: dt.date | None) -> Decisions:
    """The decisions that stand, and the links of statements before ``cut_off`` (None: none are carried)."""
    standing = work.match_decisions.of_party(party_id, side)
    return Decisions(
        confirmed=tuple(_decided(one) for one in standing if one.decision.together),
        rejected=tuple(_decided(one) for one in standing if not one.decision.together),
        carried=() if cut_off is None else tuple(_carried(work, party_id, side, cut_off)),
    )


def marks_of(lines: dict[int, TheirLine], numbers: list[int]) -> tuple[str, ...]:
    """The fingerprints of these line numbers; a number that the document does not have is left out."""
    return tuple(fingerprint(lines[number]) for number in numbers if number in lines)


def _decided(kept: MatchDecision) -> Decided:
    one = kept.decision
    return Decided(one.ours, one.theirs, kept.no, one.by, kept.at.date())


def _carried(work: Work, party_id: str, side: Side, cut_off: dt.date) -> list[Decided]:
    """Accepted links of every statement before ``cut_off``, the newest statement's word first; each item once."""
    earlier: list[tuple[dt.date, int, dict[str, Any], int]] = []
    for case in work.casefile.cases(party_id=party_id):
        if case.side is side:
            for kept in work.documents.reconciliations(case.id):
                day = kept.record["as_of"] and dt.date.fromisoformat(kept.record["as_of"])
                if kept.record["mode"] == "statement" and day and day < cut_off:
                    earlier.append((day, kept.no, kept.record, kept.document))
    answer: list[Decided] = []
    taken: set[str] = set()
    for day, _, record, number in sorted(earlier, key=lambda one: one[:2], reverse=True):
        document = work.documents.get(number)
        if document is None:
            continue
        lines = {line.no: line for line in of_document(document.document).lines}
        for match in _accepted(record):
            marks = marks_of(lines, match["theirs"])
            if len(marks) == len(match["theirs"]) and not taken & set(match["ours"]):
                taken.update(match["ours"])
                answer.append(Decided(tuple(match["ours"]), marks, on=day))
    return answer


def _accepted(record: dict[str, Any]) -> list[dict[str, Any]]:
    matches = list(record["matches"])
    for other in record.get("other_currencies", ()):
        matches += other["matches"]
    return [
        match
        for match in matches
        if match["automatic"] and match["ours"] and match["theirs"] and match["rule"] not in SETTLED_RULES
    ]
