"""What a stage of the way in is, and what it gives."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mailflow.steps.ports.mailroom import StoredMessage
from mailflow.steps.ports.work import Work

Results = Mapping[str, dict[str, Any]]


class Hopeless(Exception):
    """Trying again cannot help (a message over a limit): straight to quarantine. The sentence is for a person."""


def _nothing_more(work: Work, at: dt.datetime) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Outcome:
    """``result`` (JSON) is kept under the stage's name, ``facts`` (columns of :class:`StoredMessage`) with the message,
    ``words`` for searching; ``write`` changes whatever else, all in one transaction."""

    result: dict[str, Any]
    write: Callable[[Work, dt.datetime], None] = _nothing_more
    facts: Mapping[str, Any] = field(default_factory=dict)
    words: Sequence[str] | None = None


@dataclass(slots=True)
class Traveller:
    """One message on its way in company; ``results`` grow with every stage."""

    message: StoredMessage
    results: dict[str, dict[str, Any]] = field(default_factory=dict)


def _joins(message: StoredMessage, results: Results) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Stage:
    """``run`` takes one message. For travelling in company a stage has either

    ``ahead``: the slow work for many, outside any transaction; an exception stands for the message that failed, or
    ``within``: the quick work for many inside the transaction that keeps it; it sees, and writes, what it must there.

    ``alone`` says of which message neither is fit: it goes its own way from this stage on.
    """

    name: str
    run: Callable[[StoredMessage, Results], Outcome]
    ahead: Callable[[Sequence[Traveller]], Sequence[Outcome | Exception]] | None = None
    within: Callable[[Work, dt.datetime, Sequence[Traveller]], Sequence[Outcome]] | None = None
    alone: Callable[[StoredMessage, Results], bool] = _joins

    @property
    def social(self) -> bool:
        return self.ahead is not None or self.within is not None
