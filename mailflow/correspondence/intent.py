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
    text = new_text[:LONGEST_TEXT]
    folded = fold(text)
    language = languages.detect(text)
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
    signs = read_signs(read_text(text, folded, mentions.masks, contrast_words(wording, latin)), wording, latin)
    votes, warnings = _decide(signs)
    meaning = Meaning(language=language, warnings=warnings)
    meaning.intents = _stated(votes, signs, mentions, bool(warnings))
    disputes = [vote for vote in votes if vote.intent is Intent.DISPUTE]
    meaning.dispute_reasons = reasons_of(signs, disputes)
    meaning.references = _once([found.reference for found in mentions.references])
    meaning.amounts = [
        MentionedAmount(found.amount, found.currency, text[found.start : found.end].strip())
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


def _decide(signs: Signs) -> tuple[list[Vote], list[str]]:
    """All votes that stand, and why words of agreement do not count where they do not."""
    votes = [*read_changes(signs), *read_objections(signs), *read_requests(signs), *read_payments(signs)]
    agreement = read_agreement(signs)
    votes.extend(agreement.refusals)
    votes = _settled(votes)
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


def _settled(votes: list[Vote]) -> list[Vote]:
    """Votes without those that another one of the same clause rules out."""
    by_clause: dict[int, set[Intent]] = {}
    for vote in votes:
        by_clause.setdefault(vote.clause.clause.start, set()).add(vote.intent)
    wanting = {id(vote.sentence) for vote in votes if vote.intent is Intent.DOCUMENT_REQUEST}
    bank = any(vote.intent is Intent.BANK_DETAILS_CHANGE for vote in votes)
    kept = []
    for vote in votes:
        if bank and vote.intent is Intent.CONTACT_CHANGE and not _names_a_contact(vote):
            continue  # "from now on use the account below"
        if vote.sign in _LACKS and id(vote.sentence) in wanting:
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
    known = all(clause.has("receipt", "pending", "absence", "wrong_person") or clause.length <= 2 for clause in clauses)
    return StatedIntent(Intent.OTHER, NOTHING_SAID if known else ABSTAINED if doubtful else UNEXPLAINED, evidence)


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
