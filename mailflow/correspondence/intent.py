"""What a reply means: its intents with the words they rest on, what is disputed, what is promised.

Rules with visible evidence, in the order of the field guide "replies", sections 10 and 11: clauses vote, the message
decides. Subject, quote and signature are never evidence. Pure: no clock, no file; phrases come with ``wording``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from mailflow.correspondence import language as languages
from mailflow.correspondence.agreement import read_agreement, takes_back, unexplained_denial
from mailflow.correspondence.changes import read_changes
from mailflow.correspondence.clauses import read_text
from mailflow.correspondence.folding import fold
from mailflow.correspondence.mentions import Mentions, between, find_mentions
from mailflow.correspondence.message import Intent, Meaning, MentionedAmount, Promise, StatedIntent
from mailflow.correspondence.objections import read_objections, reasons_of
from mailflow.correspondence.payments import read_payments
from mailflow.correspondence.phrases import is_cjk
from mailflow.correspondence.promises import promised
from mailflow.correspondence.requests import read_requests
from mailflow.correspondence.signals import Signs, contrast_words, read_signs
from mailflow.correspondence.votes import Vote
from mailflow.correspondence.wording import Wording

LONGEST_TEXT = 12_000  # characters; nobody states an intent behind them, and time stays bounded
ABSTAINED = 0.3  # confidence of "other" when words were there but nothing could be concluded
UNEXPLAINED = 0.45  # confidence of "other" when no phrase spoke; measured on fresh replies it is right in 4 of 10
NOTHING_SAID = 0.9  # confidence of "other" for a mere receipt or an empty text
ORDER = list(Intent)


def understand(
    new_text: str,
    *,
    subject: str = "",
    sent: dt.datetime | None = None,
    known_references: Sequence[str] = (),
    wording: Wording,
    attachment_names: Sequence[str] = (),
) -> Meaning:
    """The meaning of ``new_text``. ``sent``: the message's own date (None: no relative dates are read).

    ``known_references``: the references of the party's open items. ``intents`` of the result is never empty; a
    confirmation is there only when it is explicit, unconditional and taken back nowhere; in doubt ``other`` with a low
    confidence and a warning that says why."""
    language = languages.detect(new_text[:LONGEST_TEXT])
    signs, mentions = _read(new_text, language, sent, known_references, wording)
    votes, warnings = _decide(signs)
    if not votes:
        votes, doubts = _second_opinion(signs, wording)
        warnings.extend(doubts)
    meaning = Meaning(language=language, warnings=warnings)
    meaning.intents = _stated(votes, signs, mentions, bool(warnings))
    disputes = [vote for vote in votes if vote.intent is Intent.DISPUTE]
    meaning.dispute_reasons = reasons_of(signs, disputes)
    meaning.references = _once([found.reference for found in mentions.references])
    meaning.amounts = [
        MentionedAmount(found.amount, found.currency, new_text[found.start : found.end].strip())
        for found in mentions.amounts
    ]
    past = [vote for vote in votes if vote.intent is Intent.PAYMENT_MADE]
    meaning.dates = _dates(mentions, past)
    promises = [vote for vote in votes if vote.intent is Intent.PROMISE_TO_PAY]
    meaning.promise, notes = promised(signs, promises, mentions) if promises else (Promise(), [])
    meaning.warnings.extend(notes)
    meaning.warnings.extend(found.note for found in mentions.amounts if found.note)
    if len(new_text) > LONGEST_TEXT:
        meaning.warnings.append(f"only the first {LONGEST_TEXT} characters were read for meaning")
    return meaning


def _read(
    new_text: str, language: str, sent: dt.datetime | None, known_references: Sequence[str], wording: Wording
) -> tuple[Signs, Mentions]:
    text = new_text[:LONGEST_TEXT]
    folded = fold(text)
    latin = languages.latin_language(folded)
    mentions = find_mentions(
        text,
        folded,
        sent=sent.date() if sent else None,
        known_references=known_references,
        yuan="CNY" if language == "zh" or "rmb" in folded else None,
        day_first=True,
        dotted=latin == "de",
    )
    return read_signs(read_text(text, folded, mentions.masks, contrast_words(wording, latin)), wording, latin), mentions


def signs_of(new_text: str, wording: Wording, sent: dt.datetime | None = None) -> Signs:
    """The clauses of a reply with the phrases in them: what the rules see, and what the second opinion learns from."""
    return _read(new_text, languages.detect(new_text[:LONGEST_TEXT]), sent, (), wording)[0]


SURE_ENOUGH = 0.5  # share from which the second opinion is worth saying; below it a person reads without it
BANK_IS_ENOUGH = 0.3  # changed bank details are the favourite door of fraud: rather once too often


def _second_opinion(signs: Signs, wording: Wording) -> tuple[list[Vote], list[str]]:
    """Where no phrase spoke: what such words mostly mean, doubtful by its confidence. Never a confirmation."""
    opinion = wording.opinion
    if opinion is None or not signs.text.sentences or _nothing_said(signs) or signs.has("pending"):
        return [], []
    shares = opinion.shares(signs.text)
    intent, share = max(shares.items(), key=lambda pair: pair[1])
    if shares[Intent.BANK_DETAILS_CHANGE] >= BANK_IS_ENOUGH:
        intent, share = Intent.BANK_DETAILS_CHANGE, shares[Intent.BANK_DETAILS_CHANGE]
    elif share < SURE_ENOUGH or intent in (Intent.CONFIRM, Intent.OTHER):
        return [], []
    weightiest = opinion.weightiest(signs.text, intent)
    clause = next(one for one in signs.clauses() if one.sentence.sentence is weightiest)
    note = f"no known phrase was found; such words mostly mean “{intent.value}” ({share:.0%})"
    return [Vote(intent, min(0.7, share * 0.8), clause, whole_sentence=True)], [note]


def _decide(signs: Signs) -> tuple[list[Vote], list[str]]:
    """All votes that stand, and why words of agreement do not count where they do not."""
    votes = [*read_changes(signs), *read_objections(signs), *read_requests(signs), *read_payments(signs)]
    agreement = read_agreement(signs)
    votes.extend(agreement.refusals)
    votes = _settled(signs, votes)
    warnings: list[str] = []
    if agreement.votes:
        reason = _why_not(
            signs, agreement.votes, votes, takes_back(signs, agreement, {vote.clause.clause.start for vote in votes})
        )
        if reason:
            warnings.append(f"not recorded as a confirmation: {reason}")
        else:
            disputed = any(vote.intent is Intent.DISPUTE for vote in votes)
            chosen = [vote for vote in agreement.votes if vote.partial or not disputed]
            if disputed and not chosen:
                warnings.append("words of agreement beside a dispute were not recorded as a confirmation")
            votes.extend(chosen)
    elif agreement.doubts:
        warnings.append(f"not recorded as a confirmation: {agreement.doubts[0]}")
    return votes, warnings


def _why_not(signs: Signs, agreeing: list[Vote], votes: list[Vote], taken_back: str) -> str:
    if any(vote.intent is Intent.DISPUTE for vote in votes):
        return ""  # the dispute stands first anyway; a scoped confirmation may stand beside it
    if taken_back:
        return taken_back
    exception = next((vote for vote in agreeing if vote.partial and vote.sentence.has("exception")), None)
    if exception is not None:
        return f"“{exception.evidence}” makes an exception"
    explained = {vote.clause.clause.start for vote in [*agreeing, *votes]}
    return unexplained_denial(signs, explained)


def _names_a_contact(vote: Vote) -> bool:
    return vote.sentence.has("contact") or any("{email}" in clause.words for clause in vote.sentence.clauses)


_LACKS = frozenset(("not_received", "absent", "quantity"))
_NOT_FOUND = frozenset(("disagreement", "not_ours"))


def _rules_out(vote: Vote, votes: list[Vote], places: dict[int, int]) -> bool:
    """Whether other votes, of any clause, show that ``vote`` does not mean what its words alone say."""
    if vote.intent is Intent.QUESTION:
        disputed = any(other.intent is Intent.DISPUTE for other in votes)
        return disputed and vote.weight <= 0.8  # "perhaps it belongs to somebody else?"
    if vote.intent is Intent.PROMISE_TO_PAY:
        here = places[id(vote.sentence)]
        paid = any(other.intent is Intent.PAYMENT_MADE and places[id(other.sentence)] <= here for other in votes)
        return paid and _only_arrives(vote)
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


def _settled(signs: Signs, votes: list[Vote]) -> list[Vote]:
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
        credited = vote.sign == "quantity" and vote.sentence.has("topic_missing_credit_note")
        if vote.sign in _LACKS and id(vote.sentence) in wanting and not credited:
            continue  # "we never got INV-1, please send a copy": the paper is missing, not the goods
        beside = by_clause[vote.clause.clause.start]
        if vote.intent in (Intent.PROMISE_TO_PAY, Intent.PAYMENT_MADE, Intent.REMITTANCE):
            if beside & {Intent.BANK_DETAILS_CHANGE, Intent.DOCUMENT_REQUEST}:
                continue
        if vote.intent is Intent.DOCUMENT_REQUEST and vote.weight < 0.85 and vote.clause.has("missing_credit_note"):
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


def _stated(votes: list[Vote], signs: Signs, mentions: Mentions, doubtful: bool) -> list[StatedIntent]:
    best: dict[Intent, Vote] = {}
    for vote in votes:
        if vote.intent not in best or vote.weight > best[vote.intent].weight:
            best[vote.intent] = vote
    stated = []
    for intent in ORDER:
        if intent in best:
            own = [vote for vote in votes if vote.intent is intent]
            references = _once([name for vote in own for name in _references_of(vote, mentions)])
            vote = best[intent]
            stated.append(StatedIntent(intent, round(vote.weight, 2), vote.evidence, tuple(references)))
    if not stated:
        stated.append(_nothing(signs, doubtful))
    return stated


def _nothing(signs: Signs, doubtful: bool) -> StatedIntent:
    clauses = list(signs.clauses())
    evidence = clauses[0].sentence.evidence.strip() if clauses else ""
    known = _nothing_said(signs)
    return StatedIntent(Intent.OTHER, NOTHING_SAID if known else ABSTAINED if doubtful else UNEXPLAINED, evidence)


def _nothing_said(signs: Signs) -> bool:
    """Thanks, received, out until Monday: nothing that means anything here."""
    return all(
        clause.has("receipt", "pending", "absence", "wrong_person") or clause.length <= 2 for clause in signs.clauses()
    )


def _references_of(vote: Vote, mentions: Mentions) -> list[str]:
    inside = between(mentions.references, *vote.span)
    if not inside and not vote.partial:
        inside = between(mentions.references, *vote.sentence.span)
    return [found.reference for found in inside]


def _once(names: list[str]) -> list[str]:
    seen: dict[str, str] = {}
    for name in names:
        seen.setdefault("".join(name.split()).upper(), name)
    return list(seen.values())


def _dates(mentions: Mentions, past: list[Vote]) -> list[dt.date]:
    """Each day once: what was done is read as gone, everything else as to come."""
    done = {id(date) for vote in past for date in between(mentions.dates, *vote.sentence.span)}
    found: dict[dt.date, None] = {}
    for date in mentions.dates:
        day = (date.gone or date.coming) if id(date) in done else (date.coming or date.gone)
        if day is not None and not date.vague:
            found.setdefault(day)
    return list(found)
