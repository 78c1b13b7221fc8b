"""When and how much was promised. A promise needs a commitment and a date in its own clause or beside it; a date
elsewhere is only mentioned.
"""

from __future__ import annotations

from mailflow.correspondence.mail_amounts import FoundAmount
from mailflow.correspondence.mail_dates import FoundDate
from mailflow.correspondence.mentions import Mentions, between
from mailflow.correspondence.message import Promise
from mailflow.correspondence.signals import Signs
from mailflow.correspondence.votes import Vote


def promised(signs: Signs, votes: list[Vote], mentions: Mentions) -> tuple[Promise, list[str]]:
    """The promise and notes for a person; several promises give the first date, and say so."""
    notes: list[str] = []
    dates = [date for vote in votes for date in _dates_of(vote, mentions) if date.coming is not None]
    if not dates:
        dates = [date for date in _beside(signs, votes, mentions) if date.coming is not None]
    exact = [date for date in dates if not date.vague] or dates
    chosen = exact[0] if exact else None
    if chosen is not None and chosen.note:
        notes.append(chosen.note)
    different = {date.coming for date in exact}
    if len(different) > 1:
        notes.append("several dates are promised; the first one was taken")
    amounts = [amount for vote in votes for amount in _amounts_of(vote, mentions)]
    amount = amounts[0] if amounts else None
    if amount is None:
        return Promise(chosen.coming if chosen else None), notes
    return Promise(chosen.coming if chosen else None, amount.amount, amount.currency), notes


def _dates_of(vote: Vote, mentions: Mentions) -> list[FoundDate]:
    return between(mentions.dates, *vote.span) or between(mentions.dates, *vote.sentence.span)


def _beside(signs: Signs, votes: list[Vote], mentions: Mentions) -> list[FoundDate]:
    """Dates in the sentence right after, then right before, a promise that has none."""
    places = {id(sentence): at for at, sentence in enumerate(signs.sentences)}
    for step in (1, -1):
        for vote in votes:
            at = places[id(vote.sentence)] + step
            if 0 <= at < len(signs.sentences):
                sentence = signs.sentences[at]
                if sentence.has("paid", "disagreement", "question") or sentence.asks:
                    continue
                found = between(mentions.dates, *sentence.span)
                if found:
                    return found
    return []


def _amounts_of(vote: Vote, mentions: Mentions) -> list[FoundAmount]:
    return between(mentions.amounts, *vote.span) or between(mentions.amounts, *vote.sentence.span)
