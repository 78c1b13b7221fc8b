"""A person splits a conversation or merges two: a lasting constraint, logged, and undone as easily.

Headers lie: a customer answers last year's mail about something new, a ticket system joins what has nothing to do with
each other. What a person decides outranks every header, now and for mail that comes later; what was decided about one
message holds however often it is worked on again. The case that a message belongs to is another matter
(:mod:`mailflow.steps.place_by_person`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from mailflow.correspondence.arrangement import Member, arrange
from mailflow.refusals import Refusal
from mailflow.steps.ports.arrangements import KeptRuling
from mailflow.steps.ports.work import Database, Work

MAX_MEMBERS = 5_000  # messages of the conversations that one decision touches


def split(database: Database, messages: Iterable[int], *, by: str, at: dt.datetime, why: str = "") -> int:
    """Takes ``messages`` out of their conversation into one of their own; the number of the decision.

    Raises :class:`Refusal` when they are not known, not of one conversation, or all that is in it.
    """
    with database.writing() as work:
        moved = _known(work, messages)
        threads = {message.thread for message in work.mailroom.some(moved)}
        [thread] = threads if len(threads) == 1 else [None]
        if thread is None:
            raise Refusal("these messages are not of one conversation; split one conversation at a time")
        rest = [number for number in work.arrangements.members([thread]) if number not in moved]
        if not rest:
            raise Refusal("these are all the messages of the conversation; leave at least one in it")
        number = work.arrangements.rule(False, moved, rest, by=by, at=at, why=why)
        _journal(work, at, by, "conversation.split", number, moved, why)
        rearrange(work, [thread])
        return number


def merge(database: Database, messages: Iterable[int], *, by: str, at: dt.datetime, why: str = "") -> int:
    """Makes the conversations of these messages one; the number of the decision.

    Raises :class:`Refusal` when they are not known, or in one conversation already.
    """
    with database.writing() as work:
        named = _known(work, messages)
        threads = {message.thread for message in work.mailroom.some(named) if message.thread is not None}
        if len(threads) < 2:
            raise Refusal("these messages are in one conversation already")
        number = work.arrangements.rule(True, named[:1], named[1:], by=by, at=at, why=why)
        _journal(work, at, by, "conversation.merged", number, named, why)
        rearrange(work, threads)
        return number


def undo(database: Database, decision: int, *, by: str, at: dt.datetime) -> None:
    """As if it had not been decided; mail that came meanwhile goes where its headers point. Raises :class:`Refusal`."""
    with database.writing() as work:
        kept = next((one for one in work.arrangements.rulings(undone=True) if one.ruling.no == decision), None)
        if kept is None:
            raise Refusal(f"there is no decision {decision} about conversations")
        if kept.undone_at is not None:
            raise Refusal(f"decision {decision} was undone already, by {kept.undone_by}")
        work.arrangements.undo(decision, by=by, at=at)
        about = sorted(kept.ruling.one | kept.ruling.other)
        _journal(work, at, by, "conversation.decision_undone", decision, about, "")
        rearrange(work, {message.thread for message in work.mailroom.some(about) if message.thread is not None})


def decisions(database: Database, *, undone: bool = True) -> list[KeptRuling]:
    """Every decision about conversations, by number."""
    with database.reading() as work:
        return work.arrangements.rulings(undone=undone)


def rearrange(work: Work, threads: Iterable[int], fresh: Mapping[int, Sequence[str]] | None = None) -> None:
    """Builds these conversations again from their messages, under what stands decided about them. ``fresh``: the ids of
    messages whose results are not kept yet."""
    new = fresh or {}
    numbers = work.arrangements.members(threads)
    if len(numbers) > MAX_MEMBERS:
        raise Refusal(f"{len(numbers)} messages would have to be arranged anew; at most {MAX_MEMBERS} are")
    members = [Member(number, tuple(new[number] if number in new else _ids(work, number))) for number in numbers]
    rulings = [one.ruling for one in work.arrangements.rulings(messages=numbers)]
    work.arrangements.put_in(arrange(members, rulings))


def keep_rulings(work: Work, messages: Mapping[int, Sequence[str]]) -> None:
    """After new messages (number -> ids) found their conversations by their headers: where a person has decided, that
    outranks them."""
    threads = {message.thread for message in work.mailroom.some(list(messages)) if message.thread is not None}
    ruled = work.arrangements.ruled_threads(threads)
    if ruled:
        rearrange(work, ruled, messages)


def pointers(reading: dict[str, Any], embedded: Iterable[str], is_ours: Callable[[str], bool]) -> list[str]:
    """The ids that place a message in a conversation, the strongest first."""
    ids = [reading["message_id"], reading["in_reply_to"], *reversed(reading["references"])]
    return list(dict.fromkeys([*(one for one in ids if one), *(one for one in embedded if is_ours(one))]))


def _ids(work: Work, number: int) -> list[str]:
    results = work.mailroom.results(number)
    kept = results["thread"].result.get("ids") if "thread" in results else None
    if kept is not None:
        return list(kept)
    if "read" not in results:
        return []
    return pointers(results["read"].result["reading"], (), lambda one: False)


def _known(work: Work, messages: Iterable[int]) -> list[int]:
    wanted = sorted(set(messages))
    found = [message.no for message in work.mailroom.some(wanted) if message.thread is not None]
    missing = [number for number in wanted if number not in found]
    if missing or not wanted:
        raise Refusal(f"there is no message {', '.join(map(str, missing)) or 'named'} that has a conversation")
    return wanted


def _journal(
    work: Work, at: dt.datetime, by: str, action: str, decision: int, messages: Sequence[int], why: str
) -> None:
    """In the journal under each case that has one of these messages, or under the decision where none has."""
    cases = sorted({message.case_id for message in work.mailroom.some(messages) if message.case_id is not None})
    for subject in [f"case:{case_id}" for case_id in cases] or [f"conversation:{decision}"]:
        work.journal.append(at, by, action, subject, {"decision": decision, "messages": list(messages), "why": why})
