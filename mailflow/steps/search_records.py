"""Finds our letters, their documents and decisions by their words; messages are :mod:`mailflow.steps.search`'s.

The words of what is new are gathered first, a batch at a time: when somebody searches, and by the service in between.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from mailflow.correspondence import mime
from mailflow.correspondence.search_words import phrases, words
from mailflow.refusals import Refusal
from mailflow.steps.ports.archive import Archive, ContentMissing
from mailflow.steps.ports.search import Kind, Unsearched
from mailflow.steps.ports.work import Database, Work

BATCH = 200


@dataclass(frozen=True, slots=True)
class RecordHit:
    """``title``: a letter's subject, a document's name, what was decided; ``who``: recipient, or who decided."""

    kind: Kind
    no: int
    case_id: str | None
    title: str
    who: str
    at: str


def gather(database: Database, archive: Archive, most: int | None = None) -> int:
    """Makes everything findable that is not yet, or about ``most`` records of each kind; how many records."""
    done, batch = 0, BATCH if most is None else min(BATCH, most)
    for kind in Kind:
        begun = done
        while most is None or done - begun < most:
            with database.writing() as work:
                work.record_search.prepare()
                waiting = work.record_search.unsearched(kind, batch)
            if not waiting:
                break
            rows = [(one.no, one.case_id, words(_text(one, archive))) for one in waiting]
            with database.writing() as work:
                if [one.no for one in work.record_search.unsearched(kind, 1)] != [waiting[0].no]:
                    continue  # another process was faster
                work.record_search.put(kind, rows)
            done += len(rows)
    return done


def find_records(
    database: Database,
    archive: Archive,
    asked: str,
    *,
    limit: int = 20,
    party_id: str | None = None,
    most: int | None = None,
) -> list[RecordHit]:
    """The newest of each kind first; ``most`` as in :func:`gather`, for who cannot wait. Raises :class:`Refusal` when
    there is nothing to look for."""
    wanted = phrases(asked)
    if not wanted:
        raise Refusal("say what to look for: a word, a number, part of a Chinese sentence")
    gather(database, archive, most)
    with database.reading() as work:
        cases = None if party_id is None else [case.id for case in work.casefile.cases(party_id=party_id)]
        found = work.record_search.find(wanted, limit, case_ids=cases)
        return [hit for kind, no, case_id in found if (hit := _hit(work, kind, no, case_id)) is not None]


def rebuild_records(database: Database, archive: Archive) -> int:
    with database.writing() as work:
        work.record_search.forget_all()
    return gather(database, archive)


def _text(one: Unsearched, archive: Archive) -> str:
    said = [one.title, *one.said, one.case_id or ""]
    if one.sha256 is not None:
        with suppress(ContentMissing):
            said.append(mime.read(archive.read(one.sha256)).text)  # our own letter, as we wrote it
    return "\n".join(said)


def _hit(work: Work, kind: Kind, no: int, case_id: str | None) -> RecordHit | None:
    """None: it is there no more (a document whose message was read anew)."""
    if kind is Kind.LETTER:
        letter = work.outbox.letter(no)
        if letter is None:
            return None
        return RecordHit(kind, no, letter.case_id, letter.subject, letter.key.recipient, letter.queued_at.isoformat())
    if kind is Kind.DOCUMENT:
        kept = work.documents.get(no)
        if kept is None:
            return None
        message = work.mailroom.message(kept.message)
        at = "" if message is None else message.received_at.isoformat()
        return RecordHit(kind, no, kept.case_id, kept.name, "" if message is None else message.sender, at)
    entry = work.journal.entry(no)
    if entry is None:
        return None
    why = entry.facts.get("why") or entry.facts.get("because") or ""
    title = entry.action.replace(".", " ").replace("_", " ")
    return RecordHit(kind, no, case_id, f"{title}: {why}" if why else title, entry.actor, entry.at.isoformat())
