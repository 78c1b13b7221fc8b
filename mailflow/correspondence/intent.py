"""What a reply means: its intents with the words they rest on, what is disputed, what is promised.

Rules with visible evidence, in the order of the field guide "replies", sections 10 and 11: clauses vote, the message
decides. Subject, quote and signature are never evidence. Pure: no clock, no file; phrases come with ``wording``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from mailflow.correspondence import language as languages
from mailflow.correspondence.agreement import denial_is_known, read_agreement, takes_back, unexplained_denial
from mailflow.correspondence.calendar_arithmetic import WorkingDaysAfter
from mailflow.correspondence.changes import read_changes
from mailflow.correspondence.clauses import read_text
from mailflow.correspondence.folding import fold
from mailflow.correspondence.mentions import Mentions, between, find_mentions
from mailflow.correspondence.message import Intent, Meaning, MentionedAmount, Promise, StatedIntent
from mailflow.correspondence.objections import read_objections, reasons_of
from mailflow.correspondence.payments import read_payments
from mailflow.correspondence.promises import promised
from mailflow.correspondence.requests import read_requests
from mailflow.correspondence.settling import settled
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
    working_days: WorkingDaysAfter | None = None,
) -> Meaning:
    """The meaning of ``new_text``. ``sent``: the message's own date (None: no relative dates are read).

    ``working_days`` counts them by a calendar of holidays ("within 5 working days"); without it, weekends only.
    ``known_references``: the references of the party's open items. ``intents`` of the result is never empty; a
    confirmation is there only when it is explicit, unconditional and taken back nowhere; in doubt ``other`` with a low
    confidence and a warning that says why."""
    language = languages.detect(new_text[:LONGEST_TEXT])
    signs, mentions = _read(new_text, language, sent, known_references, wording, working_days)
    votes, warnings = _decide(signs)
    if not votes:
        votes, doubts = _second_opinion(signs, wording, bool(warnings))
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
    new_text: str,
    language: str,
    sent: dt.datetime | None,
    known_references: Sequence[str],
    wording: Wording,
    working_days: WorkingDaysAfter | None = None,
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
        working_days=working_days,
    )
    return read_signs(read_text(text, folded, mentions.masks, contrast_words(wording, latin)), wording, latin), mentions


def signs_of(new_text: str, wording: Wording, sent: dt.datetime | None = None) -> Signs:
    """The clauses of a reply with the phrases in them: what the rules see, and what the second opinion learns from."""
    return _read(new_text, languages.detect(new_text[:LONGEST_TEXT]), sent, (), wording)[0]


SURE_ENOUGH = 0.5  # share from which the second opinion is worth saying; below it a person reads without it
HEDGED_ENOUGH = 0.65  # where the sender is not certain
SURE_TO_CONFIRM = 0.9  # and then only where nothing at all speaks against it, with a confidence that is held
BANK_IS_ENOUGH = 0.3  # changed bank details are the favourite door of fraud: rather once too often
_ABOUT_A_BANK = ("bank", "bank_strong", "bank_change", "pay_into")  # "statement of account" alone is none of these
_SPEAKS_AGAINST = (
    "negation hedge condition future should pending asked_check exception contested question question_word request"
    " asks_us wrong_object disagreement absent need stop legal bank change"
).split()


def _second_opinion(signs: Signs, wording: Wording, doubtful: bool) -> tuple[list[Vote], list[str]]:
    """Where no phrase spoke: what such words mostly mean, doubtful by its confidence."""
    if wording.opinion is None or not signs.text.sentences or _nothing_said(signs) or signs.has("pending"):
        return [], []
    shares = wording.opinion.shares(signs.text)
    intent, share = max(shares.items(), key=lambda pair: pair[1])
    if intent is Intent.DISPUTE and any(denial_is_known(clause) for clause in signs.clauses()):
        return [], []  # "not incorrect"
    if shares[Intent.BANK_DETAILS_CHANGE] >= BANK_IS_ENOUGH and signs.has(*_ABOUT_A_BANK):
        intent, share = Intent.BANK_DETAILS_CHANGE, shares[Intent.BANK_DETAILS_CHANGE]
    if intent is Intent.CONFIRM:
        against = doubtful or signs.has(*_SPEAKS_AGAINST) or any(one.contrasted for one in signs.clauses())
        if against or share < SURE_TO_CONFIRM or any(one.asks for one in signs.sentences):
            return [], []
    elif intent is Intent.OTHER or (
        share < (HEDGED_ENOUGH if signs.has("hedge") else SURE_ENOUGH)
        and not (intent is Intent.BANK_DETAILS_CHANGE and signs.has(*_ABOUT_A_BANK))
    ):
        return [], []
    weightiest = wording.opinion.weightiest(signs.text, intent)
    clause = next(one for one in signs.clauses() if one.sentence.sentence is weightiest)
    note = f"no known phrase was found; such words mostly mean “{intent.value}” ({share:.0%})"
    return [Vote(intent, min(0.7, share * 0.8), clause, whole_sentence=True)], [note]


def _decide(signs: Signs) -> tuple[list[Vote], list[str]]:
    """All votes that stand, and why words of agreement do not count where they do not."""
    votes = [*read_changes(signs), *read_objections(signs), *read_requests(signs), *read_payments(signs)]
    agreement = read_agreement(signs)
    votes.extend(agreement.refusals)
    votes = settled(signs, votes)
    warnings: list[str] = []
    if agreement.votes:
        reason = _why_not(
            signs, agreement.votes, votes, takes_back(signs, agreement, {vote.clause.clause.start for vote in votes})
        )
        if reason:
            warnings.append(f"not recorded as a confirmation: {reason}")
        else:
            disputed = any(vote.intent is Intent.DISPUTE for vote in votes)
            chosen = [vote for vote in agreement.votes if not disputed or vote.partial or _of_its_own(vote, votes)]
            if disputed and not chosen:
                warnings.append("words of agreement beside a dispute were not recorded as a confirmation")
            votes.extend(chosen)
    elif agreement.doubts:
        warnings.append(f"not recorded as a confirmation: {agreement.doubts[0]}")
    return votes, warnings


LONGEST_ANSWER = 3  # words of an answer between others: "OK."


def _of_its_own(agreeing: Vote, votes: list[Vote]) -> bool:
    """Beside a dispute: "INV-1 is fine, INV-2 is not ours", "Agreed. / Not agreed, wrong price." """
    named = _named(agreeing)
    disputes = [vote for vote in votes if vote.intent is Intent.DISPUTE]
    if any(vote.clause is agreeing.clause for vote in disputes):
        return False
    if named:
        return all(_named(vote) and not named & _named(vote) for vote in disputes)
    alone = len(agreeing.sentence.clauses) == 1 and agreeing.clause.length <= LONGEST_ANSWER
    return (
        alone and not agreeing.clause.has("object") and all(vote.sentence is not agreeing.sentence for vote in disputes)
    )


def _named(vote: Vote) -> set[str]:
    """The items that its clause names, or its sentence."""
    text = vote.clause.text
    for part in (vote.clause.clause, vote.sentence.sentence):
        named = {text.piece(at, at + 1) for at in range(part.start, part.end) if text.words[at] == "{reference}"}
        if named:
            return named
    return set()


def _why_not(signs: Signs, agreeing: list[Vote], votes: list[Vote], taken_back: str) -> str:
    if any(vote.intent is Intent.DISPUTE for vote in votes):
        return ""  # the dispute stands first anyway; a scoped confirmation may stand beside it
    if taken_back:
        return taken_back
    exception = next((vote for vote in agreeing if vote.partial and vote.sentence.has("exception")), None)
    if exception is not None:
        return f"“{exception.evidence}” makes an exception"
    explained = {vote.clause.clause.start for vote in [*agreeing, *votes]}
    for vote in votes:
        if vote.intent is Intent.BANK_DETAILS_CHANGE:  # "use our new account, not the old one"
            explained.update(clause.clause.start for clause in vote.sentence.clauses)
    return unexplained_denial(signs, explained)


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
