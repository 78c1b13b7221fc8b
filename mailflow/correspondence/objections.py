"""Disputes and their reasons. The object picks the reason, not the mood: a short count is ``quantity``, a wrong rate
``price``. Questions, conditions and denied objections ("I don't dispute") are none.
"""

from __future__ import annotations

from mailflow.correspondence.message import DisputeReason, Intent
from mailflow.correspondence.phrases import Hit
from mailflow.correspondence.signals import ClauseSigns, SentenceSigns, Signs
from mailflow.correspondence.votes import Vote

_REASONS = [reason for reason in DisputeReason if reason is not DisputeReason.OTHER]
_CLAIMS = tuple(reason.value for reason in _REASONS if reason is not DisputeReason.ALREADY_PAID)


def read_objections(signs: Signs) -> list[Vote]:
    """The clauses that contest something."""
    votes = []
    for sentence in signs.sentences:
        for clause in sentence.clauses:
            vote = _objection(sentence, clause)
            if vote is not None:
                votes.append(vote)
    return votes


def _objection(sentence: SentenceSigns, clause: ClauseSigns) -> Vote | None:
    if clause.asks or clause.has("should"):
        return None
    for hit in clause.all("disagreement", *_CLAIMS):
        if _holds(sentence, clause, hit):
            weight = 0.95 if hit.concept == "disagreement" else 0.9
            if clause.has("hedge", "question"):
                weight -= 0.15
            return Vote(Intent.DISPUTE, weight, clause)
    if clause.has("already_paid") and _contested(sentence):
        return Vote(Intent.DISPUTE, 0.85, clause)
    return None


def _holds(sentence: SentenceSigns, clause: ClauseSigns, hit: Hit) -> bool:
    if hit.concept == "not_received" and clause.has("document_request"):
        return False
    if clause.negations(hit) and not _carries_its_negation(clause, hit):
        return False
    conditional = [other for other in clause.all("condition") if other.end <= hit.start]
    if conditional and hit.concept != "missing_credit_note":
        return False
    return not (hit.concept == "disagreement" and clause.before(hit, "question"))


def _carries_its_negation(clause: ClauseSigns, hit: Hit) -> bool:
    """ "not received", 不一致: the negation belongs to the phrase; one more before it would deny it."""
    return hit.concept in ("not_received", "not_ours") and clause.negations(hit) == 0


def _contested(sentence: SentenceSigns) -> bool:
    """A payment that is said to be missing on our side, or a line that should not be there."""
    return sentence.has("disagreement") or any(
        clause.has("already_paid") and clause.has("negation") for clause in sentence.clauses
    )


def reasons_of(signs: Signs, votes: list[Vote]) -> list[DisputeReason]:
    """What is disputed: the claims of the disputing sentences, else the topics they speak of, else ``other``."""
    if not votes:
        return []
    found: set[DisputeReason] = set()
    disputed = {id(vote.sentence) for vote in votes}
    for sentence in signs.sentences:
        for clause in sentence.clauses:
            if clause.asks and id(sentence) not in disputed:
                continue
            for reason in _REASONS:
                if any(
                    not clause.negations(hit) or reason.value in ("not_received", "not_ours")
                    for hit in clause.all(reason.value)
                ):
                    if reason is DisputeReason.NOT_RECEIVED and clause.has("document_request"):
                        continue
                    if reason is DisputeReason.ALREADY_PAID and id(sentence) not in disputed:
                        continue
                    found.add(reason)
    if not found or found <= {DisputeReason.OTHER}:
        for sentence in signs.sentences:
            if id(sentence) in disputed or len(signs.sentences) <= 3:
                found.update(_topics(sentence))
    else:
        for sentence in signs.sentences:
            if id(sentence) in disputed:
                found.update(
                    _topics(sentence) - {DisputeReason.ALREADY_PAID, DisputeReason.QUANTITY, DisputeReason.NOT_RECEIVED}
                )
    if signs.has("other_reason") or not found:
        found.add(DisputeReason.OTHER)
    return [reason for reason in DisputeReason if reason in found]


def _topics(sentence: SentenceSigns) -> set[DisputeReason]:
    return {reason for reason in _REASONS if sentence.has(f"topic_{reason.value}")}
