"""References, amounts and dates that a text mentions, found in this order: each takes its place out for the next."""

from __future__ import annotations

import bisect
import datetime as dt
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from mailflow.correspondence.calendar_arithmetic import WorkingDaysAfter
from mailflow.correspondence.clauses import Mask
from mailflow.correspondence.mail_amounts import FoundAmount, find_amounts
from mailflow.correspondence.mail_dates import FoundDate, MailDates
from mailflow.correspondence.mail_references import FoundReference, disjoint, find_references, other_things
from mailflow.correspondence.ticks import find_marks


@dataclass(frozen=True, slots=True)
class Mentions:
    """What was found, each with its place, and ``masks`` for :func:`clauses.read_text`."""

    references: list[FoundReference]
    amounts: list[FoundAmount]
    dates: list[FoundDate]
    masks: list[Mask]


_Found = TypeVar("_Found", FoundReference, FoundAmount, FoundDate)


def between(found: list[_Found], start: int, end: int) -> list[_Found]:
    """Those of ``found`` (in order of their places) that lie between two characters."""
    first = bisect.bisect_left(found, start, key=lambda one: one.start)
    inside = []
    for one in itertools.islice(found, first, None):
        if one.end > end:
            break
        inside.append(one)
    return inside


def find_mentions(
    original: str,
    folded: str,
    *,
    sent: dt.date | None,
    known_references: Sequence[str],
    yuan: str | None,
    day_first: bool,
    dotted: bool,
    working_days: WorkingDaysAfter | None = None,
) -> Mentions:
    """Read ``folded`` (see :func:`folding.fold`), the text ``original``."""
    others = other_things(folded)
    references = find_references(original, folded, others, known_references)
    taken = disjoint([*others, *(Mask(found.start, found.end, "reference") for found in references)])
    hidden = _hidden(folded, taken)
    dates = MailDates(sent, day_first=day_first, dotted=dotted, working_days=working_days).find(hidden)
    spans = [(mask.start, mask.end) for mask in taken] + [(date.start, date.end) for date in dates]
    amounts = find_amounts(folded, spans, yuan=yuan)
    masks = disjoint(
        [
            *find_marks(folded),
            *taken,
            *(Mask(date.start, date.end, "past_date" if _is_over(date, sent) else "date") for date in dates),
            *(Mask(amount.start, amount.end, "amount") for amount in amounts),
        ]
    )
    return Mentions(references, amounts, dates, masks)


def _is_over(date: FoundDate, sent: dt.date | None) -> bool:
    """The date can only be meant as one before the message: a full date, 昨天, "last Friday"."""
    if sent is None or date.gone is None:
        return False
    return date.coming is None or (date.coming == date.gone and date.gone < sent)


def _hidden(folded: str, masks: list[Mask]) -> str:
    pieces, at = [], 0
    for mask in masks:
        pieces.append(folded[at : mask.start])
        pieces.append("\x00" * (mask.end - mask.start))
        at = mask.end
    pieces.append(folded[at:])
    return "".join(pieces)
