"""When and how much was promised. A promise needs a commitment and a date in its own clause or beside it; a date
elsewhere is only mentioned.
"""

from __future__ import annotations

from mailflow.correspondence.mail_amounts import FoundAmount
from mailflow.correspondence.mail_dates import FoundDate
from mailflow.correspondence.mentions import Mentions
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


def _span(vote: Vote) -> tuple[int, int]:
    text, clause = vote.clause.text, vote.clause.clause
    return text.starts[clause.start], text.ends[clause.end - 1]


def _dates_of(vote: Vote, mentions: Mentions) -> list[FoundDate]:
    start, end = _span(vote)
    own = [date for date in mentions.dates if start <= date.start and date.end <= end]
    return own or [date for date in mentions.dates if vote.sentence.covers(date.start, date.end)]


def _beside(signs: Signs, votes: list[Vote], mentions: Mentions) -> list[FoundDate]:
    """Dates in the sentences right after, then right before, a promise that has none."""
    for step in (1, -1):
        for vote in votes:
            at = next((i for i, sentence in enumerate(signs.sentences) if sentence is vote.sentence), -1) + step
            if 0 <= at < len(signs.sentences):
                sentence = signs.sentences[at]
                if sentence.has("paid", "disagreement", "question") or sentence.asks:
                    continue
                found = [date for date in mentions.dates if sentence.covers(date.start, date.end)]
                if found:
                    return found
    return []


def _amounts_of(vote: Vote, mentions: Mentions) -> list[FoundAmount]:
    start, end = _span(vote)
    own = [amount for amount in mentions.amounts if start <= amount.start and amount.end <= end]
    return own or [amount for amount in mentions.amounts if vote.sentence.covers(amount.start, amount.end)]
