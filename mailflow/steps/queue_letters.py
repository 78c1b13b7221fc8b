"""Puts letters into the outbox: rendered, addressed, signed, frozen as bytes; each once, whatever runs how often.

    is it there? ─► token, Message-ID ─► render, compose, sign ─► archive (durable) ─► rows, journal, case (one commit)

The Message-ID and the token follow from statement, version, recipient and kind, so two machines that queue the same
letter at once make the same ids, and the UNIQUE key lets one row in.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote
from zoneinfo import ZoneInfo

from mailflow.cases.case import Event, State
from mailflow.correspondence import token as tokens
from mailflow.correspondence.header_lines import UnsafeLetter
from mailflow.correspondence.letter import Envelope, Letter, compose
from mailflow.correspondence.message import Address
from mailflow.correspondence.statement_sheet import ReplyRoute
from mailflow.receivables.company import Company
from mailflow.receivables.party import Party
from mailflow.receivables.statement import Statement
from mailflow.refusals import Refusal
from mailflow.steps.advance_case import PROGRAM, move
from mailflow.steps.ports.archive import Archive
from mailflow.steps.ports.clock import Clock
from mailflow.steps.ports.outbox import WAITING, LetterKey, NewLetter
from mailflow.steps.ports.work import Database, Work

STATEMENT = "statement"
CORRECTION = "correction"
_BY_PLAN = ("reminder-", "demand-0-", "digest-", "note-")
_NEVER_LEFT = frozenset({"cancelled", "rejected_permanent"})


@dataclass(frozen=True, slots=True)
class Desk:
    """Who writes: our company, the key that signs tokens, and ``sign``, which puts a DKIM signature on the bytes.
    ``console`` is the address under which the console is reached from outside, or ``""``."""

    company: Company
    token_key: bytes
    sign: Callable[[bytes], bytes] = lambda raw: raw
    console: str = ""

    @property
    def domain(self) -> str:
        return self.company.address.rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class Draft:
    """One letter to one recipient that still has to be rendered. ``render`` gets the way back that it has to show.

    ``answers`` are the ids of the conversation that it answers, theirs last; ``by_person``: somebody read and approved
    it, so that it is no automatic mail (RFC 3834).
    """

    key: LetterKey
    case_id: str | None
    to: Address
    render: Callable[[ReplyRoute], Letter]
    due_at: dt.datetime | None = None
    answers: tuple[str, ...] = ()
    by_person: bool = False


def queue_statement(
    database: Database,
    archive: Archive,
    desk: Desk,
    statement: Statement,
    render: Callable[[Statement, ReplyRoute], Letter],
    clock: Clock,
    *,
    recipients: Sequence[str] | None = None,
    due_at: dt.datetime | None = None,
    actor: str = PROGRAM,
) -> list[int]:
    """Queues this released statement to each of the party's addresses; the numbers of the letters that are new.

    ``render`` is ``partial(render_statement, stationery, …)``. All letters and the case's step to ``queued`` commit
    together: a statement is never half queued. Letters of an older version that still wait are withdrawn.
    Raises :class:`Refusal` when it cannot be rendered or has no address.
    """
    addresses = _distinct(statement.party.emails if recipients is None else recipients)
    if not addresses:
        raise Refusal(f"{statement.label}: {statement.party.name} has no address; add one to the parties file")
    drafts = [
        Draft(
            LetterKey(statement.number, statement.version, address, STATEMENT),
            statement.number,
            Address(_name(statement.party), address),
            lambda route: render(statement, route),
            due_at,
        )
        for address in addresses
    ]
    return queue_letters(database, archive, desk, drafts, clock, actor=actor)


def queue_letters(
    database: Database,
    archive: Archive,
    desk: Desk,
    drafts: Iterable[Draft],
    clock: Clock,
    *,
    actor: str = PROGRAM,
    still: Callable[[Work], bool] = lambda work: True,
) -> list[int]:
    """Queues those of ``drafts`` that are not there yet, all in one commit; their numbers.

    ``still`` is asked inside that commit whether they are wanted yet: an answer may have come while they were made.
    """
    new: list[tuple[Draft, NewLetter]] = []
    for draft in drafts:
        with database.reading() as work:
            known = work.outbox.has(draft.key)
            before = _conversation(work, draft)
        if not known:
            new.append((draft, freeze(archive, desk, draft, before, clock.now())))
    if not new:
        return []
    numbers = []
    with database.writing() as work:
        if not still(work):
            return []
        at = clock.now()
        for draft, letter in new:
            number = work.outbox.queue(letter, at, draft.due_at)
            if number is None:
                continue  # another process was faster; its bytes are the letter
            numbers.append(number)
            _write_down(work, draft, letter, number, at, actor)
    return numbers


def freeze(archive: Archive, desk: Desk, draft: Draft, before: Sequence[str], at: dt.datetime) -> NewLetter:
    """The letter as bytes in the archive, durable; ``before`` are the ids of the conversation so far.

    Raises :class:`Refusal` when a value would break the message (a line break in a name, an unusable address).
    """
    key = draft.key
    mark = tokens.issue(desk.token_key, key.statement_number, key.version, key.recipient)
    reply_to = tokens.plus_address(desk.company.address, mark)
    message_id = tokens.message_id(
        desk.token_key, key.statement_number, key.version, key.recipient, key.kind, desk.domain
    )
    letter = draft.render(ReplyRoute(mark, reply_to))
    envelope = Envelope(
        sender=Address(desk.company.name, desk.company.address),
        to=(draft.to,),
        date=at.astimezone(ZoneInfo(desk.company.timezone)),
        message_id=message_id,
        reply_to=Address(desk.company.name, reply_to),
        in_reply_to=before[-1] if before else None,
        references=tuple(before),
        automatic=not draft.by_person,
        unsubscribe=_way_out(desk, key.kind, mark, reply_to),
        replies=bool(draft.answers),
        marks=(("X-Mailflow-Id", message_id.strip("<>")),),  # survives where a provider writes its own Message-ID
    )
    try:
        raw = desk.sign(compose(letter, envelope))
    except UnsafeLetter as unsafe:
        raise Refusal(f"the letter {key.statement_number} to {key.recipient} cannot be sent: {unsafe}") from None
    stored = archive.store([raw])
    return NewLetter(
        key, draft.case_id, desk.company.address, letter.subject, message_id, mark, stored.sha256, stored.size
    )


def _way_out(desk: Desk, kind: str, mark: str, reply_to: str) -> tuple[str, ...]:
    """How to stop letters that come by a plan (RFC 2369, and RFC 8058 where the console is reached from outside). A
    statement, an answer or a demand of what is due is no such mail."""
    if not kind.startswith(_BY_PLAN):
        return ()
    subject = quote(f"unsubscribe {tokens.subject_mark(mark)}")
    by_mail = f"mailto:{reply_to}?subject={subject}"
    return (f"{desk.console.rstrip('/')}/unsubscribe/{mark}", by_mail) if desk.console else (by_mail,)


def _conversation(work: Work, draft: Draft) -> list[str]:
    """Ids of what went out about this case to this recipient: a correction or a reminder stands under them."""
    if draft.answers or draft.case_id is None:
        return list(draft.answers)
    return [
        letter.message_id
        for letter in work.outbox.letters(case_id=draft.case_id)
        if letter.key.recipient == tokens.folded(draft.key.recipient) and letter.state.value not in _NEVER_LEFT
    ]


def _write_down(work: Work, draft: Draft, letter: NewLetter, number: int, at: dt.datetime, actor: str) -> None:
    subject = f"case:{draft.case_id}" if draft.case_id else f"letter:{number}"
    work.journal.append(
        at, actor, "letter.queued", subject,
        {"letter": number, "kind": letter.key.kind, "recipient": letter.key.recipient, "version": letter.key.version,
         "message_id": letter.message_id, "sha256": letter.sha256},
    )  # fmt: skip
    if draft.case_id is None or draft.key.kind not in (STATEMENT, CORRECTION):
        return
    for older in work.outbox.letters(case_id=draft.case_id, states=WAITING):
        if older.key.version < draft.key.version and work.outbox.cancel(older.no, at, actor):
            work.journal.append(at, actor, "letter.cancelled", subject, {"letter": older.no, "replaced_by": number})
    case = work.casefile.get(draft.case_id)
    if case is not None and case.state in (State.DRAFT, State.HELD):
        move(work, case.id, Event.RELEASED, at=at, actor=actor)


def _distinct(addresses: Iterable[str]) -> list[str]:
    """Each mailbox once, as first written."""
    found: dict[str, str] = {}
    for address in addresses:
        if address.strip():
            found.setdefault(tokens.folded(address), address.strip())
    return list(found.values())


def _name(party: Party) -> str:
    """The party's name for the To line, without what could be taken for an address or break the line."""
    return "".join(character for character in party.name if character.isprintable() and character not in '<>"@')[:120]
