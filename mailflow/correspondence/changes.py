"""Changed bank details, changed contacts, and the wish to be left alone.

Changed bank details must never be missed: they are the favourite door of fraud, and a person decides anyway.
"""

from __future__ import annotations

from mailflow.correspondence.message import Intent
from mailflow.correspondence.signals import ClauseSigns, SentenceSigns, Signs
from mailflow.correspondence.votes import Vote

_BY_POST = frozenset("post paper fax courier".split())


def read_changes(signs: Signs) -> list[Vote]:
    """Votes for ``bank_details_change``, ``contact_change`` and ``stop``."""
    votes: list[Vote] = []
    for index, sentence in enumerate(signs.sentences):
        following = signs.sentences[index + 1] if index + 1 < len(signs.sentences) else None
        bank = _bank(sentence, following)
        contact = _contact(sentence)
        ended = _stop(sentence)
        if bank is not None:
            votes.append(bank)
        elif contact is not None and not (ended is not None and sentence.has("legal")):
            votes.append(contact)
        if ended is not None and (contact is None or sentence.has("legal")):
            votes.append(ended)
    return votes


def _bank(sentence: SentenceSigns, following: SentenceSigns | None) -> Vote | None:
    if (sentence.asks and (_about_ours(sentence) or _asks_where_it_went(sentence))) or _stays(sentence):
        return None
    for clause in sentence.clauses:
        for hit in clause.all("bank_change"):
            if "with you" in " ".join(clause.text.words[hit.end - 1 : hit.end + 2]):
                continue  # "we closed our account with you": the one in our books
            return Vote(Intent.BANK_DETAILS_CHANGE, 0.95 if not clause.negations(hit) else 0.6, clause)
        if clause.has("pay_into") and not sentence.asks and not _done_by_us(sentence) and not _about_ours(sentence):
            return Vote(Intent.BANK_DETAILS_CHANGE, 0.85, clause)
    for clause in sentence.clauses:
        if clause.has("bank_strong") and clause.has("change"):
            return Vote(Intent.BANK_DETAILS_CHANGE, 0.93, clause)
    if sentence.has("bank") and sentence.has("change"):
        clause = next(clause for clause in sentence.clauses if clause.has("bank"))
        return Vote(Intent.BANK_DETAILS_CHANGE, 0.8, clause, whole_sentence=True)
    if (
        sentence.has("change")
        and following is not None
        and following.has("bank_strong", "bank_change")
        and not following.asks
    ):
        clause = next(clause for clause in following.clauses if clause.has("bank_strong", "bank_change"))
        return Vote(Intent.BANK_DETAILS_CHANGE, 0.75, clause)
    account = next((clause for clause in sentence.clauses if "{account}" in clause.words), None)
    if account is not None and not sentence.has("paid", "past") and not sentence.asks:
        return Vote(Intent.BANK_DETAILS_CHANGE, 0.7, account, whole_sentence=True)
    return None


def _stays(sentence: SentenceSigns) -> bool:
    """ "Our account has not changed", 收款账号没有变: said so, and no number is named."""
    return sentence.has("unchanged") and not any("{account}" in clause.words for clause in sentence.clauses)


def _asks_where_it_went(sentence: SentenceSigns) -> bool:
    """ "Was our payment booked to a different account?" """
    return sentence.has("accounted") and sentence.has("payment_noun", "paid") and not sentence.has("pay_into")


def _done_by_us(sentence: SentenceSigns) -> bool:
    """ "We have sent it to your account": a payment, no instruction."""
    words = {word for clause in sentence.clauses for word in clause.words[:60]}
    return sentence.has("past", "promise") or (
        sentence.has("paid") and bool(words & {"we", "i", "我", "have", "has", "was"})
    )


def _about_ours(sentence: SentenceSigns) -> bool:
    """ "Have your bank details changed?" asks about our account."""
    for clause in sentence.clauses:
        for hit in clause.all("bank"):
            before = clause.text.words[max(clause.clause.start, hit.start - 5) : hit.start]
            if "your" in before or "贵" in before or "你" in before or "您" in before or "ihre" in before:
                return True
    return False


def _contact(sentence: SentenceSigns) -> Vote | None:
    if sentence.asks and sentence.has("question", "question_word"):
        return None
    for clause in sentence.clauses:
        for hit in clause.all("contact_change"):
            if clause.has("contact_blocked"):
                continue
            if clause.has("stop") and not clause.has("contact") and "{email}" not in clause.words:
                continue
            if not clause.negations(hit):
                return Vote(Intent.CONTACT_CHANGE, 0.92, clause)
        if (
            not clause.asks
            and _is_altered(clause)
            and not clause.has("contact_blocked", "document_request", "disagreement")
        ):
            return Vote(Intent.CONTACT_CHANGE, 0.85, clause)
    return None


def _is_altered(clause: ClauseSigns) -> bool:
    """ "Our e-mail address for invoices has changed", 新的联系人"""
    return any(
        0 <= altered.start - contact.end <= 6 or 0 <= contact.start - altered.end <= 1
        for contact in clause.hits.get("contact", ())
        for altered in clause.hits.get("altered", ())
    )


def _stop(sentence: SentenceSigns) -> Vote | None:
    if sentence.has("paid", "already_paid") and not sentence.has("legal"):
        return None  # "it was paid, do not send reminders for it": about one item
    for clause in sentence.clauses:
        if clause.words == ["stop"]:
            return Vote(Intent.STOP, 0.9, clause)
        if not _BY_POST.isdisjoint(clause.words[:40]) and not sentence.has("legal"):
            continue  # "stop sending it by post"
        for hit in clause.all("stop"):
            if not clause.negations(hit) and not (sentence.asks and not clause.has("request")):
                return Vote(Intent.STOP, 0.93, clause)
    return None
