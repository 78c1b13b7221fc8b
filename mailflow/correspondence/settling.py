"""Which readings of a message rule others out: 下周一付，别催了 promises and does not ask to be left alone.

Each rule says in one sentence when a vote does not mean what its words alone say; a vote that no rule rejects stays.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from mailflow.correspondence.message import Intent
from mailflow.correspondence.phrases import is_cjk
from mailflow.correspondence.signals import SentenceSigns, Signs
from mailflow.correspondence.votes import Vote

_LACKS = frozenset(("not_received", "absent", "quantity"))
_NOT_FOUND = frozenset(("disagreement", "not_ours"))
_MONEY = frozenset((Intent.PROMISE_TO_PAY, Intent.PAYMENT_MADE, Intent.REMITTANCE))
_ARRIVES = frozenset(("value date", "value date {date}", "到账", "预计到账", "能到", "会到", "可到", "能到位"))
LONGEST_COURTESY = 6  # words of a question that only repeats a request: "Can you email them?"


@dataclass(slots=True)
class _Whole:
    """All votes of a message, and where they stand."""

    signs: Signs
    votes: list[Vote]
    places: dict[int, int]  # a sentence -> its number
    by_clause: dict[int, set[Intent]] = field(default_factory=dict)
    wanting: set[int] = field(default_factory=set)  # sentences that want a document

    def beside(self, vote: Vote) -> set[Intent]:
        """The intents of its own clause."""
        return self.by_clause[vote.clause.clause.start]

    def has(self, intent: Intent) -> bool:
        return any(vote.intent is intent for vote in self.votes)

    def here(self, vote: Vote, *intents: Intent) -> bool:
        """Whether one of ``intents`` was read in the vote's own sentence."""
        return any(other.intent in intents and other.sentence is vote.sentence for other in self.votes)

    def place(self, sentence: SentenceSigns) -> int:
        return self.places[id(sentence)]

    def wanted_at(self, place: int) -> bool:
        return any(self.places[sentence] == place for sentence in self.wanting)


def settled(signs: Signs, votes: list[Vote]) -> list[Vote]:
    """Votes without those that another one rules out."""
    whole = _Whole(signs, votes, {id(sentence): at for at, sentence in enumerate(signs.sentences)})
    for vote in votes:
        whole.by_clause.setdefault(vote.clause.clause.start, set()).add(vote.intent)
        if vote.intent is Intent.DOCUMENT_REQUEST:
            whole.wanting.add(id(vote.sentence))
    rules = {
        Intent.QUESTION: _no_question,
        Intent.PROMISE_TO_PAY: _no_promise,
        Intent.PAYMENT_MADE: _no_payment,
        Intent.REMITTANCE: _no_remittance,
        Intent.STOP: _no_stop,
        Intent.CONTACT_CHANGE: _no_contact_change,
        Intent.DOCUMENT_REQUEST: _no_document_request,
    }
    # a dispute rules out questions and more, so what is none goes first
    whole.votes = [vote for vote in votes if vote.intent is not Intent.DISPUTE or not _no_dispute(vote, whole)]
    kept = [vote for vote in whole.votes if vote.intent not in rules or not rules[vote.intent](vote, whole)]
    return [vote for vote in kept if not (vote.intent in _MONEY and _is_about_a_form(vote, whole))]


def _is_about_a_form(vote: Vote, whole: _Whole) -> bool:
    """ "Please pay into the new account", "send the payment slip": no money moved."""
    return bool(whole.beside(vote) & {Intent.BANK_DETAILS_CHANGE, Intent.DOCUMENT_REQUEST})


def _no_question(vote: Vote, whole: _Whole) -> bool:
    disputed = whole.has(Intent.DISPUTE)
    if disputed and vote.weight <= 0.8:
        return True  # "perhaps it belongs to somebody else?"
    if vote.sentence.has("reproach", "contested") and (disputed or whole.has(Intent.DOCUMENT_REQUEST)):
        return True  # it wants no answer: 怎么还挂着？ "why is it still listed?"
    if whole.has(Intent.PROMISE_TO_PAY) and _is_tag(vote):
        return True  # "we pay on Friday, ok?"
    if whole.has(Intent.PAYMENT_MADE) and vote.sentence.has("money_check") and not vote.sentence.has("contested"):
        return True  # "Could you double-check?", 收到请告知
    if whole.has(Intent.DOCUMENT_REQUEST) and _only_urges(vote):
        return True
    return whole.here(vote, Intent.PROMISE_TO_PAY) and not vote.sentence.asks  # "instalments: … then monthly"


def _is_tag(vote: Vote) -> bool:
    """The question is a last clause of one or two words that know nothing else: ", ok?"."""
    last = vote.sentence.clauses[-1]
    return last.length <= 2 and last.position > 0 and not last.has("question_word", "question")


def _only_urges(vote: Vote) -> bool:
    """ "Can you help?", 送货单有吗 beside a request for papers."""
    clause = vote.clause
    if clause.length > LONGEST_COURTESY or len(vote.sentence.clauses) > 1:
        return False
    if is_cjk(clause.words[0][0]):
        return clause.has("document")
    return clause.words[0] in ("can", "could", "would", "will") and clause.words[1:2] == ["you"]


def _no_promise(vote: Vote, whole: _Whole) -> bool:
    if vote.clause.has("payment_missing") and Intent.DISPUTE in whole.beside(vote):
        return True  # 9月12号汇的那笔你们没销账
    if Intent.REMITTANCE in whole.beside(vote) and not vote.clause.has("future"):
        return True  # "remittance advice for today's payment run"
    here = whole.place(vote.sentence)
    paid = any(one.intent is Intent.PAYMENT_MADE and whole.place(one.sentence) <= here for one in whole.votes)
    return paid and _only_arrives(vote)


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


def _no_payment(vote: Vote, whole: _Whole) -> bool:
    """A payment that only says why an item is excepted, or that is missing in our books, is the dispute's reason."""
    unbooked = any(vote.clause.negations(hit) for hit in vote.clause.all("accounted"))
    if Intent.DISPUTE in whole.beside(vote) and (unbooked or vote.clause.has("payment_missing")):
        return True
    return whole.here(vote, Intent.DISPUTE) and (vote.sentence.has("exception") or _follows_exception(vote, whole))


def _follows_exception(vote: Vote, whole: _Whole) -> bool:
    """ "All but two lines:", then the lines."""
    before = whole.signs.sentences[max(0, whole.place(vote.sentence) - 2) : whole.place(vote.sentence)]
    return any(sentence.has("exception") for sentence in before)


def _no_remittance(vote: Vote, whole: _Whole) -> bool:
    """ "A balance that includes what we sent back": what it covers is contested, not paid."""
    return Intent.DISPUTE in whole.beside(vote)


def _no_stop(vote: Vote, whole: _Whole) -> bool:
    if Intent.BANK_DETAILS_CHANGE in whole.beside(vote):
        return True
    if vote.clause.has("wrong_person") and whole.has(Intent.DISPUTE):
        return True  # 不是我们公司的账，你们发错人了
    if vote.sentence.has("legal"):
        return False
    return whole.here(vote, Intent.PROMISE_TO_PAY) and not vote.clause.has("contact")  # 下周一付，别催了


def _no_dispute(vote: Vote, whole: _Whole) -> bool:
    wanted_here = id(vote.sentence) in whole.wanting
    here = whole.place(vote.sentence)
    if vote.sign == "disagreement" and _is_of_a_bank_question(vote, whole):
        return True  # "Has your IBAN changed? The one on the statement differs."
    if vote.sign == "disagreement" and vote.clause.length <= 6 and whole.here(vote, Intent.STOP):
        return True  # "remove me, wrong Smith"
    if vote.sign == "disagreement" and vote.clause.length <= 4:
        if whole.here(vote, Intent.BANK_DETAILS_CHANGE, Intent.CONTACT_CHANGE):
            return True  # 账号变更，请修改
    if vote.sign in _NOT_FOUND and vote.clause.has("absent") and wanted_here:
        return True  # "INV-1 is not in our system, please send a copy"
    if vote.sign == "absent" and whole.wanted_at(here + 1):
        return True  # "INV-1 is missing on our side. Could you mail it again?"
    credited = vote.sign == "quantity" and vote.sentence.has("topic_missing_credit_note")
    if vote.sign in _LACKS and wanted_here and not credited:
        return True  # "we never got INV-1, please send a copy": the paper is missing, not the goods
    if vote.sign in _LACKS | _NOT_FOUND and whole.wanted_at(here - 1) and _says_why(vote):
        return True  # "Please resend the invoices. We never got them."
    if vote.clause.has("missing_credit_note"):
        return False
    if whole.wanting and vote.clause.has("copy_kind"):
        return True  # 电子的我们不认，请寄原件: of the paper, not of the account
    beside = whole.beside(vote)
    if Intent.DOCUMENT_REQUEST in beside and not {"without", "attachment", "attach"}.isdisjoint(vote.clause.words):
        return True  # "we cannot approve without a copy", "you forgot the attachment"
    if Intent.BANK_DETAILS_CHANGE in beside and vote.sign == "disagreement":
        return True  # "kindly amend our bank details"
    return bool(beside & {Intent.STOP, Intent.CONTACT_CHANGE}) or (
        Intent.DOCUMENT_REQUEST in beside and vote.weight < 0.95
    )


def _is_of_a_bank_question(vote: Vote, whole: _Whole) -> bool:
    here = whole.place(vote.sentence)
    asked = whole.signs.sentences[here - 1] if here else None
    if asked is None or not (asked.asks and asked.has("bank_strong")):
        return False
    return all(word not in ("{reference}", "{amount}") for clause in vote.sentence.clauses for word in clause.words)


def _says_why(vote: Vote) -> bool:
    """A sentence behind a request for papers that names no goods and no item: it is the papers that lack."""
    if vote.sign in _NOT_FOUND and not vote.clause.has("absent"):
        return False
    return not vote.sentence.has("goods") and all("{reference}" not in one.words for one in vote.sentence.clauses)


def _no_contact_change(vote: Vote, whole: _Whole) -> bool:
    if Intent.BANK_DETAILS_CHANGE in whole.beside(vote):
        return True
    if whole.has(Intent.BANK_DETAILS_CHANGE) and not _names_a_contact(vote):
        return True  # "from now on use the account below"
    legal = any(one.intent is Intent.STOP and one.sentence.has("legal") for one in whole.votes)
    return legal and "{email}" not in vote.clause.words


def _names_a_contact(vote: Vote) -> bool:
    return vote.sentence.has("contact") or any("{email}" in clause.words for clause in vote.sentence.clauses)


def _no_document_request(vote: Vote, whole: _Whole) -> bool:
    clause = vote.clause
    if whole.here(vote, Intent.CONTACT_CHANGE) and "{email}" in clause.words and "{reference}" not in clause.words:
        return True  # 以后把对账单发到 ap@…
    if whole.has(Intent.DISPUTE) and clause.has("remedy"):
        return True  # 税率错了，请重开: the dispute's own wish
    wished = vote.weight >= 0.85 and clause.has("request", "send")
    if not wished and clause.has("missing_credit_note") and Intent.DISPUTE in whole.beside(vote):
        return True  # waiting for a credit note is the dispute itself
    return clause.has("to_invoice") and whole.signs.has("no_difference", "confirming", "right", "agree")
