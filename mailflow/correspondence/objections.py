"""Disputes and their reasons. The object picks the reason, not the mood: a short count is ``quantity``, a wrong rate
``price``. Questions, conditions and denied objections ("I don't dispute") are none.
"""

from __future__ import annotations

from mailflow.correspondence.message import DisputeReason, Intent
from mailflow.correspondence.phrases import Hit, is_cjk
from mailflow.correspondence.signals import ClauseSigns, SentenceSigns, Signs
from mailflow.correspondence.votes import Vote

_REASONS = [reason for reason in DisputeReason if reason is not DisputeReason.OTHER]
_OWED_TO_US = ("topic_discount", "topic_missing_credit_note")
_CLAIMS = tuple(reason.value for reason in _REASONS if reason is not DisputeReason.ALREADY_PAID)


def read_objections(signs: Signs) -> list[Vote]:
    """The clauses that contest something."""
    votes = []
    for sentence in signs.sentences:
        for clause in sentence.clauses:
            vote = _objection(signs, sentence, clause)
            if vote is not None:
                votes.append(vote)
    return votes


def _objection(signs: Signs, sentence: SentenceSigns, clause: ClauseSigns) -> Vote | None:
    if clause.asks:
        if clause.has("contested") and sentence.has("paid", "already_paid"):
            return Vote(Intent.DISPUTE, 0.85, clause)  # 早就付清了，怎么还挂在账上？
        return Vote(Intent.DISPUTE, 0.75, clause) if _only_sounds_asked(clause) else None
    for hit in clause.all("disagreement", "payment_missing", *_CLAIMS):
        if _holds(sentence, clause, hit):
            weight = 0.95 if hit.concept == "disagreement" else 0.9
            if clause.has("hedge", "question"):
                weight -= 0.15
            return Vote(Intent.DISPUTE, weight, clause, sign=hit.concept)
    if clause.has("absent") and not sentence.has("need", "document_request", "request") and not clause.asks:
        return Vote(Intent.DISPUTE, 0.8, clause, sign="absent")
    if _goods_lack(clause) and not sentence.has("condition", "pending"):
        return Vote(Intent.DISPUTE, 0.85, clause, sign="not_received")
    if clause.has("already_paid", "paid") and (_contested(signs, sentence) or _is_taken_out(signs, clause)):
        return Vote(Intent.DISPUTE, 0.85, clause)
    unbooked = any(clause.negations(hit) for hit in clause.all("accounted"))
    if unbooked and (clause.contrasted or not sentence.has("request", "need", "pending")):
        return Vote(Intent.DISPUTE, 0.85, clause)
    if (_two_figures(sentence) and "{amount}" in clause.words) or _two_counts(sentence, clause):
        return Vote(Intent.DISPUTE, 0.8, clause, whole_sentence=True)
    return None


def _only_sounds_asked(clause: ClauseSigns) -> bool:
    """是不是开重了？ 根本没发货好吗, 不是付过了吗: questions that assert."""
    claims = clause.has(*_CLAIMS, *_OWED_TO_US, "already_paid")
    claims = claims or (_speaks_chinese(clause) and clause.has("disagreement"))
    if clause.has("outrage") or (clause.has("reproach") and claims):
        return True
    return "".join(clause.words[-2:]) == "好吗" and claims


def _speaks_chinese(clause: ClauseSigns) -> bool:
    return any(is_cjk(word[0]) for word in clause.words[:12])


def _is_taken_out(signs: Signs, clause: ClauseSigns) -> bool:
    """XS9001已支付，其余确认: an item that was paid, set against the rest, which is agreed."""
    if "{reference}" not in clause.words or clause.negations(clause.all("already_paid", "paid")[0]):
        return False
    agreeing = ("agree", "right", "confirming", "no_difference", "agree_bare", "right_weak")
    return any(other is not clause and other.has("rest") and other.has(*agreeing) for other in signs.clauses())


def _goods_lack(clause: ClauseSigns) -> bool:
    """ "We did not receive item 3": goods, and neither the paper nor the money."""
    lacking = any(clause.negations(hit) == 1 for hit in clause.all("receiving"))
    return (
        lacking
        and clause.has("goods")
        and not clause.has("payment_noun", "document_request", "topic_missing_credit_note")
    )


def _two_figures(sentence: SentenceSigns) -> bool:
    """ "INV-1 shows 1,200.00 but our order says 1,020.00": two amounts set against each other, and nobody pays."""
    amounts = {clause.text.piece(at, at + 1) for clause in sentence.clauses for at in _places(clause, "{amount}")}
    if len(amounts) == 1 and all(clause.has("versus") for clause in sentence.clauses):
        amounts.update(
            clause.text.piece(at, at + 1) for clause in sentence.clauses for at in _places(clause, "{number}")
        )
    if len(amounts) < 2 or sentence.has("paid", "promise", "pay", "paying", "remittance", "past"):
        return False
    return sentence.has("versus") and any(clause.contrasted or clause.has("versus") for clause in sentence.clauses)


def _two_counts(sentence: SentenceSigns, clause: ClauseSigns) -> bool:
    """ "You charged us for 12 licences, we only have 10" """
    if not _places(clause, "{number}"):
        return False
    counts = {other.text.piece(at, at + 1) for other in sentence.clauses for at in _places(other, "{number}")}
    return len(counts) >= 2 and sentence.has("billed") and sentence.has("got")


def _places(clause: ClauseSigns, word: str) -> list[int]:
    return [at for at in range(clause.clause.start, clause.clause.end) if clause.text.words[at] == word]


def _holds(sentence: SentenceSigns, clause: ClauseSigns, hit: Hit) -> bool:
    if hit.concept == "not_received" and clause.has("document_request"):
        return False
    if clause.negations(hit) and not _carries_its_negation(clause, hit):
        return False
    conditional = any(other.end <= hit.start for other in clause.all("condition"))
    conditional = conditional or any(other.has("condition") for other in sentence.clauses[: clause.position])
    if conditional and hit.concept != "missing_credit_note":
        return False
    return not (hit.concept == "disagreement" and clause.before(hit, "question"))


def _carries_its_negation(clause: ClauseSigns, hit: Hit) -> bool:
    """ "not received", 不一致: the negation belongs to the phrase; one more before it would deny it."""
    return hit.concept in ("not_received", "not_ours", "payment_missing") and clause.negations(hit) == 0


def _contested(signs: Signs, sentence: SentenceSigns) -> bool:
    """What was paid still stands in the statement, and the sender wants it gone: here or, asking, anywhere."""
    return sentence.has("disagreement") or signs.has("contested")


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
    if any(vote.sentence.has("payment_missing") for vote in votes):
        found.add(DisputeReason.ALREADY_PAID)
    if any(
        "{amount}" in vote.clause.words
        and _two_figures(vote.sentence)
        and (vote.sentence.has("topic_price", "price") or (not found and _of_one_item(vote.sentence)))
        for vote in votes
    ):
        found.add(DisputeReason.PRICE)
    if not found and any(vote.sentence.has("already_paid", "paid") for vote in votes):
        found.add(DisputeReason.ALREADY_PAID)
    if any(vote.sentence.has("contested") and vote.clause.has("paid", "already_paid") for vote in votes):
        found.add(DisputeReason.ALREADY_PAID)
    for vote in votes:
        for hit in vote.clause.all("accounted"):
            if vote.clause.negations(hit) and vote.clause.has("payment_noun", "topic_already_paid", "pay", "paid"):
                found.add(DisputeReason.ALREADY_PAID)
        if _two_counts(vote.sentence, vote.clause):
            found.add(DisputeReason.QUANTITY)
    if signs.has("other_reason") or not found:
        found.add(DisputeReason.OTHER)
    return [reason for reason in DisputeReason if reason in found]


def _of_one_item(sentence: SentenceSigns) -> bool:
    """ "INV-1 should be 110.00 instead of 120.00": one document's amount, not the balance of the account."""
    words = [word for clause in sentence.clauses for word in clause.words]
    return words.count("{reference}") == 1 and not {"balance", "total", "statement", "余"} & set(words)


def _topics(sentence: SentenceSigns) -> set[DisputeReason]:
    found: set[DisputeReason] = {reason for reason in _REASONS if sentence.has(f"topic_{reason.value}", reason.value)}
    if DisputeReason.ALREADY_PAID in found and not sentence.has(*_TELLS_OF_PAYMENT):
        found.discard(DisputeReason.ALREADY_PAID)  # "we are withholding payment"
    return found


_TELLS_OF_PAYMENT = "paid already_paid payment_missing accounted past sent contested absent".split()
