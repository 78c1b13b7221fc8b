"""Retention: what was kept long enough goes, what is on legal hold stays, and the journal says what went.

What goes are the contents: raw mails, attachments, what they were read as, the words they are found by. What stays are
the statements and letters of ours, decisions, states, and of each message a tombstone with its hash; evidence that was
packed before proves itself. Rows first, durably, then the files: a crash in between leaves files that the next run
removes. A file that anything else still needs is kept.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from mailflow.refusals import Refusal
from mailflow.steps.ports.archive import Archive
from mailflow.steps.ports.retention import Hold
from mailflow.steps.ports.search import Kind
from mailflow.steps.ports.work import Database, Work

BATCH = 200  # messages in one transaction


@dataclass(frozen=True, slots=True)
class Keeping:
    """How long: 0 means for ever. Years of a case count from its last mail."""

    case_years: int = 0
    stray_days: int = 0


@dataclass(slots=True)
class Expired:
    """What would go, or went. ``files`` and ``bytes`` are known afterwards."""

    cases: list[str] = field(default_factory=list)
    case_messages: list[int] = field(default_factory=list)
    strays: list[int] = field(default_factory=list)
    files: int = 0

    @property
    def any(self) -> bool:
        return bool(self.case_messages or self.strays)


def expired(database: Database, keeping: Keeping, now: dt.datetime) -> Expired:
    """What has been kept long enough; nothing is changed."""
    with database.reading() as work:
        return _expired(work, keeping, now)


def let_go(database: Database, archive: Archive, keeping: Keeping, now: dt.datetime, *, by: str) -> Expired:
    """Does it. Safe to be killed anywhere, and to be run again."""
    with database.reading() as work:
        gone = _expired(work, keeping, now)
    for case_id in gone.cases:
        with database.writing() as work:
            if case_id in work.retention.ended_cases(_years_before(now, keeping.case_years)):  # still, and not held
                numbers = work.retention.messages_of([case_id])
                _erase(work, numbers, now, by, f"case:{case_id}")
    for start in range(0, len(gone.strays), BATCH):
        with database.writing() as work:
            still = set(work.retention.strays(now - dt.timedelta(days=keeping.stray_days)))
            _erase(work, [no for no in gone.strays[start : start + BATCH] if no in still], now, by, "retention")
    gone.files = _remove_files(database, archive)
    return gone


def hold(
    database: Database, *, case_id: str | None = None, party_id: str | None = None, by: str, at: dt.datetime, why: str
) -> int:
    """Nothing of this case, or of this party, goes until the hold is lifted; its number. Raises :class:`Refusal`."""
    if (case_id is None) == (party_id is None):
        raise Refusal("a hold is on one case or on one party")
    with database.writing() as work:
        if case_id is not None and work.casefile.get(case_id) is None:
            raise Refusal(f"there is no case {case_id}")
        if party_id is not None and not [one for one in work.ledger.parties() if one.id == party_id]:
            raise Refusal(f"there is no party {party_id}")
        number = work.retention.hold(case_id=case_id, party_id=party_id, by=by, at=at, why=why)
        subject = f"case:{case_id}" if case_id is not None else f"party:{party_id}"
        work.journal.append(at, by, "hold.placed", subject, {"hold": number, "why": why})
        return number


def lift(database: Database, number: int, *, by: str, at: dt.datetime) -> None:
    """Raises :class:`Refusal` when there is no such hold that stands."""
    with database.writing() as work:
        found = next((one for one in work.retention.holds() if one.no == number), None)
        if found is None:
            raise Refusal(f"there is no hold {number} that stands")
        work.retention.lift(number, by=by, at=at)
        subject = f"case:{found.case_id}" if found.case_id is not None else f"party:{found.party_id}"
        work.journal.append(at, by, "hold.lifted", subject, {"hold": number})


def holds(database: Database) -> list[Hold]:
    with database.reading() as work:
        return work.retention.holds()


def _expired(work: Work, keeping: Keeping, now: dt.datetime) -> Expired:
    found = Expired()
    if keeping.case_years:
        found.cases = work.retention.ended_cases(_years_before(now, keeping.case_years))
        found.case_messages = work.retention.messages_of(found.cases)
    if keeping.stray_days:
        found.strays = work.retention.strays(now - dt.timedelta(days=keeping.stray_days))
    return found


def _years_before(now: dt.datetime, years: int) -> dt.datetime:
    day = min(now.day, 28) if now.month == 2 else now.day  # a leap day's anniversary is the 28th
    return now.replace(year=now.year - years, day=day)


def _erase(work: Work, numbers: list[int], now: dt.datetime, by: str, subject: str) -> None:
    if not numbers:
        return
    contents = work.retention.contents(numbers) - work.retention.contents_of_others(numbers)
    hashes = {message.no: message.sha256 for message in work.mailroom.some(numbers)}
    for number in numbers:
        work.record_search.forget(Kind.DOCUMENT, [kept.no for kept in work.documents.of_message(number)])
        work.documents.forget(number)
    work.search.put_many(dict.fromkeys(numbers, ()))
    work.retention.erase(numbers, contents, now)
    facts = {"messages": [{"no": number, "sha256": hashes[number]} for number in numbers], "files": len(contents)}
    work.journal.append(now, by, "retention.erased", subject, facts)


def _remove_files(database: Database, archive: Archive) -> int:
    """Also what an earlier run did not come to."""
    with database.reading() as work:
        pending = work.retention.to_remove()
    removed = 0
    for number, contents in pending.items():
        with database.reading() as work:
            needed = work.retention.contents_of_others([])  # the same bytes may have come again meanwhile
        going = [one for one in contents if one not in needed]
        removed += sum(archive.remove(one) for one in going)
        with database.writing() as work:
            work.retention.removed(number)
    return removed
