"""What the sender wants from us: a document, or an answer."""

from __future__ import annotations

import re

from mailflow.correspondence.message import Intent
from mailflow.correspondence.phrases import Hit, is_cjk
from mailflow.correspondence.signals import ClauseSigns, SentenceSigns, Signs
from mailflow.correspondence.votes import Vote

LONGEST_ELLIPSIS = 6  # words of "please send it again", whose object stands in the sentence before


def read_requests(signs: Signs) -> list[Vote]:
    """Votes for ``document_request`` and ``question``; a sentence that asks for a document asks nothing else."""
    votes: list[Vote] = []
    for index, sentence in enumerate(signs.sentences):
        wanted = _document(sentence) or _elliptic(signs.sentences[index - 1] if index else None, sentence)
        if wanted is not None:
            votes.append(wanted)
            votes.extend(_more_questions(sentence, wanted))
            continue
        asked = _question(sentence)
        if asked is not None:
            votes.append(asked)
    return votes


_WHEN = re.compile("什么时候|何时|几时|几号|哪天|多久")


def _document(sentence: SentenceSigns) -> Vote | None:
    if sentence.asks and _WHEN.search("".join(word for clause in sentence.clauses for word in clause.words)):
        return None  # 11月的对账单什么时候发？
    if sentence.has("outrage") or (sentence.has("contact_change") and not sentence.has("document_request")):
        return None
    for clause in sentence.clauses:
        for hit in clause.all("document_request"):
            if not clause.negations(hit) and not _depends(clause, hit) and not _was_done(clause, hit):
                return Vote(Intent.DOCUMENT_REQUEST, 0.93, clause)
        if clause.has("document") and _unsaid(clause, "send") and _wants(sentence, clause):
            if not (clause.has("change") and clause.has("bank_strong")):
                return Vote(Intent.DOCUMENT_REQUEST, 0.94, clause)
    if sentence.has("document") and sentence.has("send") and (sentence.has("request") or sentence.asks):
        asking = next(
            (
                clause
                for clause in sentence.clauses
                if _unsaid(clause, "send") and (clause.has("request") or clause.asks)
            ),
            None,
        )
        if asking is not None and not asking.has("payment_noun", "bank_strong"):
            return Vote(Intent.DOCUMENT_REQUEST, 0.85, asking, whole_sentence=True)
    for clause in sentence.clauses:
        if any(_needed(clause, hit) for hit in clause.all("document")) and not clause.asks:
            return Vote(Intent.DOCUMENT_REQUEST, 0.82, clause)
        if (
            clause.asks
            and clause.has("document")
            and clause.has("request")
            and not clause.has("question", "question_word")
        ):
            if not clause.has("pay", "paid", "promise", "bank", "agree", "confirming", "right"):
                return Vote(Intent.DOCUMENT_REQUEST, 0.75, clause)
    return None


def _elliptic(before: SentenceSigns | None, sentence: SentenceSigns) -> Vote | None:
    """ "We did not get the September statement. Please forward.": what is wanted was named just before."""
    clause = sentence.clauses[0]
    if before is None or len(sentence.clauses) > 1 or clause.length > LONGEST_ELLIPSIS:
        return None
    if not (clause.has("send") and clause.has("request", "asks_us") and _unsaid(clause, "send")):
        return None
    if (
        not before.has("document")
        or "{email}" in clause.words
        or clause.has("payment_noun", "bank", "stop", "contact_change")
    ):
        return None
    return Vote(Intent.DOCUMENT_REQUEST, 0.85, clause)


def _depends(clause: ClauseSigns, hit: Hit) -> bool:
    """A condition stands before it; 更正后重新发对账单 asks for both."""
    both = clause.has("document")
    return any(one.start < hit.start and not (both and one.end == hit.start) for one in clause.all("condition"))


def _was_done(clause: ClauseSigns, hit: Hit) -> bool:
    """已拍照: done, not asked for."""
    return not clause.has("request") and any(0 <= hit.start - past.end <= 1 for past in clause.all("past"))


def _unsaid(clause: ClauseSigns, concept: str) -> bool:
    return any(not clause.negations(hit) for hit in clause.all(concept))


def _needed(clause: ClauseSigns, hit: Hit) -> bool:
    """ "We need the delivery note", "a breakdown would be appreciated" """
    if hit.end - hit.start == 1 and clause.text.words[hit.start] == "{reference}":
        return False
    return clause.near_before(hit, 8, "need") or any(0 <= wish.start - hit.end <= 4 for wish in clause.all("need"))


def _wants(sentence: SentenceSigns, clause: ClauseSigns) -> bool:
    if clause.has("request") or clause.asks:
        send = clause.all("send")[0]
        return not (clause.near_before(send, 3, "future") and clause.words[0] in ("we", "i"))
    return any(hit.start == clause.clause.start for hit in clause.all("send"))


def _more_questions(sentence: SentenceSigns, wanted: Vote) -> list[Vote]:
    """A second question beside the request: 麻烦寄一下，单号多少？"""
    last = sentence.clauses[-1]
    if (
        sentence.asks
        and last is not wanted.clause
        and last.has("question_word")
        and not last.has("document", "send", "request")
    ):
        return [Vote(Intent.QUESTION, 0.8, last)]
    return []


def _question(sentence: SentenceSigns) -> Vote | None:
    asking = sentence.clauses[min(sentence.question_from, len(sentence.clauses) - 1)]
    if sentence.asks:
        if sentence.has("smalltalk"):
            return None  # "How are you?"
        if sentence.has("contact_change", "stop") and not sentence.has("question"):
            return None
        return Vote(
            Intent.QUESTION,
            0.93 if sentence.has("question", "question_word", "asks_us") else 0.8,
            asking,
            whole_sentence=len(sentence.clauses) <= 3,
        )
    for clause in sentence.clauses:
        for hit in clause.all("question"):
            if not clause.before(hit, "negation", "condition"):
                return Vote(Intent.QUESTION, 0.9, clause)
        if clause.has("question_word") and clause.has("request", "asks_us") and _is_chinese(clause):
            return Vote(Intent.QUESTION, 0.8, clause)
    return None


def _is_chinese(clause: ClauseSigns) -> bool:
    """Chinese often asks without a question mark: 请告知多少."""
    return any(is_cjk(word[0]) for word in clause.words[:12])
