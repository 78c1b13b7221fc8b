"""Which readings of a message rule others out: 下周一付，别催了 promises and does not ask to be left alone."""

from __future__ import annotations

from mailflow.correspondence.message import Intent
from mailflow.correspondence.phrases import is_cjk
from mailflow.correspondence.signals import Signs
from mailflow.correspondence.votes import Vote


def _names_a_contact(vote: Vote) -> bool:
    return vote.sentence.has("contact") or any("{email}" in clause.words for clause in vote.sentence.clauses)


_LACKS = frozenset(("not_received", "absent", "quantity"))
_CHANGES = frozenset((Intent.BANK_DETAILS_CHANGE, Intent.CONTACT_CHANGE))
_NOT_FOUND = frozenset(("disagreement", "not_ours"))


def _rules_out(vote: Vote, votes: list[Vote], places: dict[int, int]) -> bool:
    """Whether other votes, of any clause, show that ``vote`` does not mean what its words alone say."""
    if vote.intent is Intent.QUESTION:
        disputed = any(other.intent is Intent.DISPUTE for other in votes)
        if disputed and vote.weight <= 0.8:
            return True  # "perhaps it belongs to somebody else?"
        promises = any(one.intent is Intent.PROMISE_TO_PAY and one.sentence is vote.sentence for one in votes)
        return promises and not vote.sentence.asks  # "instalments: 2,000.00 on 15 November, then monthly"
    if vote.intent is Intent.PROMISE_TO_PAY:
        here = places[id(vote.sentence)]
        paid = any(other.intent is Intent.PAYMENT_MADE and places[id(other.sentence)] <= here for other in votes)
        return paid and _only_arrives(vote)
    if vote.intent is Intent.STOP and not vote.sentence.has("legal"):
        pays = any(other.intent is Intent.PROMISE_TO_PAY and other.sentence is vote.sentence for other in votes)
        return pays and not vote.clause.has("contact")  # 下周一付，别催了
    if vote.intent is Intent.DISPUTE and vote.sign == "disagreement" and vote.clause.length <= 4:
        return any(other.intent in _CHANGES and other.sentence is vote.sentence for other in votes)  # 账号变更，请修改
    if vote.intent is Intent.CONTACT_CHANGE:
        legal = any(other.intent is Intent.STOP and other.sentence.has("legal") for other in votes)
        return legal and "{email}" not in vote.clause.words
    return False


_ARRIVES = frozenset(("value date", "value date {date}", "到账", "预计到账", "能到", "会到", "可到", "能到位"))


def _only_arrives(vote: Vote) -> bool:
    """ "You should see it today", 预计明天到账: what was paid will be there, nothing more is promised."""
    clause = vote.clause
    words = set(clause.words[:60])
    if "you" in words or "your" in words:
        return not words & {"we", "i", "rest", "remaining", "remainder", "other", "balance"}
    acts = {
        ("" if is_cjk(clause.text.words[hit.start][0]) else " ").join(clause.text.words[hit.start : hit.end])
        for hit in clause.all("promise", "pay")
    }
    return bool(acts) and acts <= _ARRIVES and not clause.has("rest", "payment")


def _says_why(vote: Vote, here: int, wanting: set[int], places: dict[int, int]) -> bool:
    """A sentence behind a request for papers that names no goods and no item: it is the papers that lack."""
    if not any(places[sentence] == here - 1 for sentence in wanting):
        return False
    if vote.sign in _NOT_FOUND and not vote.clause.has("absent"):
        return False
    return not vote.sentence.has("goods") and all("{reference}" not in one.words for one in vote.sentence.clauses)


def _to_a_new_address(vote: Vote, votes: list[Vote]) -> bool:
    clause = vote.clause
    if "{email}" not in clause.words or "{reference}" in clause.words:
        return False
    return any(other.intent is Intent.CONTACT_CHANGE and other.sentence is vote.sentence for other in votes)


def settled(signs: Signs, votes: list[Vote]) -> list[Vote]:
    """Votes without those that another one of the same clause rules out."""
    by_clause: dict[int, set[Intent]] = {}
    for vote in votes:
        by_clause.setdefault(vote.clause.clause.start, set()).add(vote.intent)
    wanting = {id(vote.sentence) for vote in votes if vote.intent is Intent.DOCUMENT_REQUEST}
    bank = any(vote.intent is Intent.BANK_DETAILS_CHANGE for vote in votes)
    places = {id(sentence): at for at, sentence in enumerate(signs.sentences)}
    kept = []
    for vote in votes:
        if _rules_out(vote, votes, places):
            continue
        if vote.sign in _NOT_FOUND and vote.clause.has("absent") and id(vote.sentence) in wanting:
            continue  # "INV-1 is not in our system, please send a copy"
        if bank and vote.intent is Intent.CONTACT_CHANGE and not _names_a_contact(vote):
            continue  # "from now on use the account below"
        following = places[id(vote.sentence)] + 1
        if vote.sign == "absent" and any(places[sentence] == following for sentence in wanting):
            continue  # "INV-1 is missing on our side. Could you mail it again?"
        credited = vote.sign == "quantity" and vote.sentence.has("topic_missing_credit_note")
        if vote.sign in _LACKS and id(vote.sentence) in wanting and not credited:
            continue  # "we never got INV-1, please send a copy": the paper is missing, not the goods
        if vote.sign in _LACKS | _NOT_FOUND and _says_why(vote, following - 1, wanting, places):
            continue  # "Please resend the invoices. We never got them."
        if vote.intent is Intent.DOCUMENT_REQUEST and _to_a_new_address(vote, votes):
            continue  # 以后把对账单发到 ap@…
        beside = by_clause[vote.clause.clause.start]
        if vote.intent in (Intent.PROMISE_TO_PAY, Intent.PAYMENT_MADE, Intent.REMITTANCE):
            if beside & {Intent.BANK_DETAILS_CHANGE, Intent.DOCUMENT_REQUEST}:
                continue
        wished = vote.weight >= 0.85 and vote.clause.has("request", "send")
        if vote.intent is Intent.DOCUMENT_REQUEST and not wished and vote.clause.has("missing_credit_note"):
            if Intent.DISPUTE in beside:
                continue  # waiting for a credit note is the dispute itself
        if vote.intent is Intent.DISPUTE and vote.clause.has("missing_credit_note"):
            kept.append(vote)
            continue
        if vote.intent is Intent.DISPUTE and beside & {Intent.STOP, Intent.CONTACT_CHANGE}:
            continue
        if vote.intent is Intent.STOP and Intent.BANK_DETAILS_CHANGE in beside:
            continue
        if vote.intent is Intent.DISPUTE and Intent.DOCUMENT_REQUEST in beside and vote.weight < 0.95:
            continue
        if vote.intent is Intent.CONTACT_CHANGE and Intent.BANK_DETAILS_CHANGE in beside:
            continue
        kept.append(vote)
    return kept
