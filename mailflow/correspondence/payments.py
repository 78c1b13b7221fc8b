"""Money that was sent, money that will come, and what it covers. Tense parts payment from promise: 已付, "was paid" is
a payment; 将付, "will pay" a promise; 尚未付款, "should have been paid" neither.
"""

from __future__ import annotations

import re

from mailflow.correspondence.message import Intent
from mailflow.correspondence.phrases import Hit, is_cjk
from mailflow.correspondence.signals import ClauseSigns, SentenceSigns, Signs
from mailflow.correspondence.votes import Vote

LONGEST_ITEM_LINE = 5  # words: an item, its amount, its date
_TELL = frozenset("advise tell inform confirm clarify know indicate specify".split())
_OPEN = frozenset("when whether if".split())
_TELL_ZH = re.compile("(确认|告知|告诉|通知|核实|確認|告訴).*(是否|何时|何時|什么时候|几时|多久)")
_ANSWERS = frozenset("confirmation reply answer response feedback comments".split())
_STANDS_FOR_IT = frozenset("it this they that which these es sie il elle".split())


def read_payments(signs: Signs) -> list[Vote]:
    """Votes for ``payment_made``, ``promise_to_pay``, ``remittance``, and a flat refusal to pay as ``dispute``."""
    votes: list[Vote] = []
    for sentence in signs.sentences:
        for clause in sentence.clauses:
            if clause.asks or (clause.has("question_word") and sentence.asks):
                continue
            vote = _promise(sentence, clause) or _payment(sentence, clause)
            if vote is not None:
                votes.append(vote)
            if any(not clause.negations(hit) for hit in clause.all("remittance")):
                votes.append(Vote(Intent.REMITTANCE, 0.92, clause))
    if any(vote.intent is Intent.PAYMENT_MADE for vote in votes):
        votes.extend(_list_of_paid(signs))
    return votes


def _list_of_paid(signs: Signs) -> list[Vote]:
    """ "We have today paid 9,313.00:" and below it lines of an item and its amount."""
    lines = [clause for clause in signs.clauses() if _is_item_line(clause)]
    return [Vote(Intent.REMITTANCE, 0.9, lines[0], whole_sentence=True)] if len(lines) >= 2 else []


def _is_item_line(clause: ClauseSigns) -> bool:
    return clause.length <= LONGEST_ITEM_LINE and {"{reference}", "{amount}"} <= set(clause.words)


def _free(clause: ClauseSigns, hit: Hit) -> bool:
    return clause.negations(hit) == 0


def _is_chinese(clause: ClauseSigns, hit: Hit) -> bool:
    return is_cjk(clause.text.words[hit.start][0])


def _promise(sentence: SentenceSigns, clause: ClauseSigns) -> Vote | None:
    if clause.has("should", "refund") or _is_told_later(clause) or _is_of_an_answer(clause):
        return None
    weight = 0.0
    for hit in clause.all("promise"):
        if _free(clause, hit) and not _hypothetical(clause, hit) and not _tells_of_payment(clause, hit):
            weight = max(weight, 0.94)
    for hit in clause.all("pay", "paid", "paying", "payment_noun"):
        if not _free(clause, hit) or _hypothetical(clause, hit):
            continue
        later = clause.before(hit, "future") or (hit.concept == "payment_noun" and clause.after(hit, "future"))
        dated = _has_date(sentence, clause)
        if _is_chinese(clause, hit):
            done = (clause.has("paid", "past") or "{past_date}" in clause.words) and not _yet_to_come(clause, hit)
            done = done or (_today(clause) and not later and _is_explained(sentence, clause))
            if hit.concept in ("pay", "paid") and not done and (later or dated):
                weight = max(weight, 0.93 if dated else 0.85)
        elif later and not clause.has("pending"):
            weight = max(weight, 0.93)
        elif hit.concept == "paying" and not clause.has("past"):
            weight = max(weight, 0.9 if dated else 0.8)
        elif hit.concept == "pay" and dated and _own(clause, hit):
            weight = max(weight, 0.85)
    if not weight and (_money_on_a_day(clause) or _rest_on_a_day(sentence, clause)):
        weight = 0.8
    if not weight:
        return None
    if clause.has("hedge"):
        weight -= 0.1
    if sentence.has("condition"):
        weight -= 0.1
    return Vote(Intent.PROMISE_TO_PAY, weight, clause)


def _is_of_an_answer(clause: ClauseSigns) -> bool:
    """ "Confirmation of the balance will follow next week": words are promised, no money."""
    return not _ANSWERS.isdisjoint(clause.words[:40]) and not clause.has("payment_noun", "pay", "paid", "paying")


def _tells_of_payment(clause: ClauseSigns, hit: Hit) -> bool:
    """ "Remitted 6,750.00 on 30 Oct": an amount and a day behind a word of having paid."""
    if clause.text.words[hit.start] != "{amount}" or clause.has("future"):
        return False
    return any(done.start < hit.start and _free(clause, done) for done in clause.all("paid"))


def _today(clause: ClauseSigns) -> bool:
    return any(clause.text.piece(at, at + 1) in ("今天", "今日") for at in _dated(clause))


def _dated(clause: ClauseSigns) -> list[int]:
    return [at for at in range(clause.clause.start, clause.clause.end) if clause.text.words[at] == "{date}"]


def _is_explained(sentence: SentenceSigns, clause: ClauseSigns) -> bool:
    """今日电汇3万元，付的是…: what the money was for is told of money that has gone."""
    return any(other is not clause and other.has("paid", "remittance", "payment_proof") for other in sentence.clauses)


def _yet_to_come(clause: ClauseSigns, hit: Hit) -> bool:
    """会在11月30日之前…付了: 了 after a word of time to come ends nothing yet."""
    return clause.before(hit, "future") and not clause.has("past") and "{past_date}" not in clause.words


def _money_on_a_day(clause: ClauseSigns) -> bool:
    """ "Payment 15 November." says when, and nothing in the clause says otherwise."""
    return (
        "{date}" in clause.words
        and clause.has("payment_noun", "paying")
        and not clause.has(
            "paid", "sent", "past", "negation", "question", "absent", "accounted", "contested", "disagreement"
        )
        and not {"was", "were"} & set(clause.words[:20])
        and not clause.has("remittance", "request", "asks_us", "not_paid", "condition", "document")
    )


def _rest_on_a_day(sentence: SentenceSigns, clause: ClauseSigns) -> bool:
    """先付了一半，剩下那一半下月10号: what is left of a payment, and a day."""
    paying = any(other is not clause and other.has("paid", "promise", "pay") for other in sentence.clauses)
    speaks_of = ("negation", "disagreement", "right", "agree", "no_difference", "question", "exception")
    return paying and clause.has("rest") and "{date}" in clause.words and not clause.has(*speaks_of)


def _own(clause: ClauseSigns, hit: Hit) -> bool:
    before = clause.text.words[max(clause.clause.start, hit.start - 3) : hit.start]
    return any(word in ("we", "i", "wir", "ich", "nous", "je") for word in before)


def _is_told_later(clause: ClauseSigns) -> bool:
    """ "Kindly advise when payment will be made", 请告知何时付款, "we will tell you when": asked for, or left open."""
    words = clause.text.words[clause.clause.start : clause.clause.end]
    if _TELL_ZH.search("".join(words)):
        return True
    asked = next((at for at, word in enumerate(words) if word in _TELL), None)
    if asked is None or not any(word in _OPEN for word in words[asked + 1 :]):
        return False
    return "{date}" not in words[asked + 1 :] or not {"we", "i"} & set(words[:asked])


def _hypothetical(clause: ClauseSigns, hit: Hit) -> bool:
    """ "please pay", "before we can pay", "so that we can pay": nobody commits to anything."""
    if _is_chinese(clause, hit):
        before = clause.text.words[max(clause.clause.start, hit.start - 8) : hit.start]
        return any(word in "请烦" for word in before) and not clause.has("promise", "past")
    return clause.near_before(hit, 4, "asks_us") and not clause.has("promise")


def _has_date(sentence: SentenceSigns, clause: ClauseSigns) -> bool:
    return "{date}" in clause.words or sum("{date}" in other.words for other in sentence.clauses) == 1


def _payment(sentence: SentenceSigns, clause: ClauseSigns) -> Vote | None:
    if clause.has("should") or (clause.has("promise") and not clause.has("paid")) or _is_told_later(clause):
        return None
    for hit in clause.all("paid"):
        if not _free(clause, hit) or (clause.before(hit, "future") and not _is_chinese(clause, hit)):
            continue
        if "before" in clause.text.words[max(clause.clause.start, hit.start - 4) : hit.start]:
            continue  # "I need a credit before INV-1 is paid"
        if clause.before(hit, "condition") or (sentence.has("condition") and _condition_leads(sentence, clause)):
            continue
        return Vote(Intent.PAYMENT_MADE, 0.95 if not clause.has("hedge") else 0.8, clause)
    for hit in clause.all("payment_noun"):
        if clause.has("future", "condition", "refund") or not _free(clause, hit):
            continue
        if any(done.start >= hit.end and clause.negations(done) == 0 for done in clause.all("sent")):
            return Vote(Intent.PAYMENT_MADE, 0.92, clause)
    if clause.words[0] in _STANDS_FOR_IT and sentence.has("payment_noun") and not clause.has("future", "condition"):
        if any(clause.negations(done) == 0 for done in clause.all("sent")):
            return Vote(Intent.PAYMENT_MADE, 0.85, clause)
    if "{past_date}" in clause.words and clause.has("pay", "payment_noun") and not clause.has("negation", "contested"):
        if not clause.has("not_paid", "accounted", "question", "absent"):
            return Vote(Intent.PAYMENT_MADE, 0.85, clause)
    if (
        _today(clause)
        and clause.has("pay")
        and not clause.has("future", "not_paid")
        and _is_explained(sentence, clause)
    ):
        return Vote(Intent.PAYMENT_MADE, 0.85, clause)
    if clause.has("payment_proof") and not clause.has("request", "need", "negation", "not_paid"):
        return Vote(Intent.PAYMENT_MADE, 0.85, clause)
    if clause.has("past") and clause.has("pay") and not clause.has("promise", "not_paid"):
        for hit in clause.all("pay"):
            if (
                _is_chinese(clause, hit)
                and _free(clause, hit)
                and not clause.has("condition")
                and _is_done(clause, hit)
            ):
                return Vote(Intent.PAYMENT_MADE, 0.88, clause)
    return None


def _is_done(clause: ClauseSigns, hit: Hit) -> bool:
    """已…付, 付…了; not 付款已在审批中."""
    words = clause.text.words
    return any(
        past.start < hit.start or words[past.start] in ("了", "过", "完") for past in clause.all("past")
    ) and not clause.has("pending")


def _condition_leads(sentence: SentenceSigns, clause: ClauseSigns) -> bool:
    return any(other.has("condition") for other in sentence.clauses[: clause.position])
