"""Answers to replies, drafted in their language: a person reads, changes and lets go; harmless ones go by themselves.

Never to a machine, never to somebody who is not the party, never twice. By itself goes only a kind that the policy
names, and only where nothing about the message waits for a person and its words are plain.
"""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace

from mailflow.cases.case import Settled, TaskKind
from mailflow.cases.decision import BELIEVED, CERTAIN
from mailflow.correspondence import token as tokens
from mailflow.correspondence.letter import Letter
from mailflow.correspondence.message import Address
from mailflow.correspondence.statement_sheet import ReplyRoute
from mailflow.reconciliation import Policy
from mailflow.refusals import Refusal
from mailflow.steps.advance_case import PROGRAM
from mailflow.steps.answer_letter import FREE, AnswerLetters
from mailflow.steps.decide_case import open_task, settle, wanted_case
from mailflow.steps.hear_reply import CaseHeard, HeardReply, hear_reply
from mailflow.steps.ports.archive import Archive
from mailflow.steps.ports.clock import Clock
from mailflow.steps.ports.work import Database, Work
from mailflow.steps.queue_letters import Desk, Draft, queue_letters

MOST = 20_000  # characters of an edited answer
# What may go by itself, and what of the same message may wait for a person nevertheless.
HARMLESS: dict[str, frozenset[TaskKind]] = {
    "thanks_confirmation": frozenset(),
    "acknowledge_promise": frozenset(),
    "acknowledge_payment": frozenset(),
    "acknowledge_dispute": frozenset({TaskKind.DISPUTE}),  # somebody still looks into it
    "enclosed": frozenset({TaskKind.DOCUMENT_REQUEST}),  # done with by this very letter
}
_RECENT = dt.timedelta(days=2)  # a later answer by itself would surprise
_LOOKED_AT = 5_000  # entries of the journal


@dataclass(frozen=True, slots=True)
class DraftedAnswer:
    """``text`` is what the letter would say now; ``kind`` names its template, ``free`` when nothing fits and a person
    writes. ``sent`` is the number of the letter that answered this message already, with None there is none yet."""

    message: int
    case_id: str
    to: str
    kind: str
    subject: str
    text: str
    language: str
    sent: int | None = None
    files: tuple[str, ...] = field(default=())


class Answers:
    """The drafted answers of one house."""

    def __init__(
        self, database: Database, archive: Archive, desk: Desk, letters: AnswerLetters, policy: Policy, clock: Clock
    ) -> None:
        self._database, self._archive, self._desk = database, archive, desk
        self._letters, self._policy, self._clock = letters, policy, clock

    def drafts(self, case_id: str) -> list[DraftedAnswer]:
        """One for each message of a person in this case, oldest first; none for machines and strangers."""
        made = []
        with self._database.reading() as work:
            case = wanted_case(work, case_id)
            numbers = [message.no for message in work.mailroom.messages(case_id=case_id)]
            replies = CaseHeard(work, case, self._policy)
            heard = [found for one in numbers if (found := replies.reply(one)) is not None]
            sent = {letter.key.kind: letter.no for letter in work.outbox.letters(case_id=case_id)}
        for one in heard:
            letter = self._letters.letter(one, self._route(one), enclosing=False)
            made.append(
                DraftedAnswer(
                    one.message.no, case_id, one.message.sender, letter.kind, letter.subject, letter.text,
                    letter.language, sent.get(one.key.kind), tuple(file.name for file in letter.files),
                )
            )  # fmt: skip
        return made

    def send(self, message: int, *, by: str, text: str | None = None, settles: Collection[int] = ()) -> int:
        """Queues the answer to this message, with ``text`` in place of the drafted one when it was changed, and settles
        these tasks with it; the letter's number. Raises :class:`Refusal`."""
        with self._database.reading() as work:
            stored = work.mailroom.message(message)
            if stored is None or stored.case_id is None:
                raise Refusal(f"message {message} belongs to no case: place it first")
            heard = hear_reply(work, wanted_case(work, stored.case_id), message, self._policy)
        if heard is None:
            raise Refusal(f"message {message} is not answered: a machine wrote it, or somebody who is not the party")
        drafted = self._letters.letter(heard, self._route(heard), enclosing=False)
        changed = text is not None and _lines(text) != _lines(drafted.text)
        if drafted.kind == FREE and not changed:
            raise Refusal("write the answer first: there is nothing drafted for this message")
        if changed and not _lines(text or ""):
            raise Refusal("the answer is empty")
        if len(text or "") > MOST:
            raise Refusal(f"the answer is longer than {MOST} characters")

        def render(route: ReplyRoute) -> Letter:
            letter = self._letters.letter(heard, route)
            return _edited(letter, text or "") if changed or letter.kind == FREE else letter

        numbers = self._queue(heard, render, drafted.kind, by=by, changed=changed, settles=settles)
        if not numbers:
            raise Refusal(f"message {message} was answered already")
        return numbers[0]

    def send_by_itself(self, kinds: Collection[str], stopping: Callable[[], bool] = lambda: False) -> int:
        """Queues the answers of these :data:`HARMLESS` kinds to what came in the last days; how many. The letter says
        of itself that a program wrote it (RFC 3834), so no other program answers it."""
        if not kinds:
            return 0
        queued = 0
        for number in self._lately_heard():
            if stopping():
                break
            with self._database.reading() as work:
                stored = work.mailroom.message(number)
                case = work.casefile.get(stored.case_id) if stored is not None and stored.case_id else None
                heard = None if case is None else hear_reply(work, case, number, self._policy)
                if heard is None or not _plain(heard) or work.outbox.has(heard.key):
                    continue
            letter = self._letters.letter(heard, self._route(heard), enclosing=False)
            if letter.kind not in kinds or not {task.kind for task in heard.waiting} <= HARMLESS[letter.kind]:
                continue
            settles = [task.no for task in heard.waiting if task.kind is TaskKind.DOCUMENT_REQUEST]
            render = _always(heard, self._letters)
            queued += len(self._queue(heard, render, letter.kind, by=PROGRAM, changed=False, settles=settles))
        return queued

    def _lately_heard(self) -> list[int]:
        """Numbers of the messages that moved a case in the last days, oldest first."""
        after = self._clock.now() - _RECENT
        with self._database.reading() as work:
            entries = [one for one in work.journal.recent(_LOOKED_AT) if one.at >= after]
        by_program = [one for one in entries if one.actor == PROGRAM and one.action.startswith("case.")]
        return sorted({number for one in by_program if isinstance(number := one.facts.get("message"), int)})

    def _queue(
        self,
        heard: HeardReply,
        render: Callable[[ReplyRoute], Letter],
        kind: str,
        *,
        by: str,
        changed: bool,
        settles: Collection[int],
    ) -> list[int]:
        thread = [*heard.reading["references"], heard.reading["message_id"]]
        draft = Draft(
            heard.key, heard.case.id, Address(heard.reading["from"]["name"][:120], heard.message.sender), render,
            answers=tuple(dict.fromkeys(one for one in thread if one)), by_person=by != PROGRAM,
        )  # fmt: skip

        def still(work: Work) -> bool:
            at = self._clock.now()
            for number in settles:
                task = open_task(work, number)
                if task.case_id != heard.case.id:
                    raise Refusal(f"task {number} belongs to another case")
                settle(work, task, by=by, at=at, settled=Settled.DONE, why=f"answered (message {heard.message.no})")
            facts = {"message": heard.message.no, "kind": kind, "changed": changed}
            approved = "answer.approved" if by != PROGRAM else "answer.by_itself"
            work.journal.append(at, by, approved, f"case:{heard.case.id}", facts)
            return True

        return queue_letters(self._database, self._archive, self._desk, [draft], self._clock, actor=by, still=still)

    def _route(self, heard: HeardReply) -> ReplyRoute:
        """The very one that the letter will carry."""
        key = heard.key
        mark = tokens.issue(self._desk.token_key, key.statement_number, key.version, key.recipient)
        return ReplyRoute(mark, tokens.plus_address(self._desk.company.address, mark))


def _plain(heard: HeardReply) -> bool:
    """One thing said, in plain words, by somebody whom our own server believes to be the party."""
    intents = heard.meaning.intents
    return (
        heard.belief in BELIEVED
        and len(intents) == 1
        and intents[0].confidence >= CERTAIN
        and not heard.reading.get("doubtful")
    )


def _always(heard: HeardReply, letters: AnswerLetters) -> Callable[[ReplyRoute], Letter]:
    return lambda route: letters.letter(heard, route)


def _edited(letter: Letter, text: str) -> Letter:
    """The same letter with a person's words: as text, and as HTML that shows the same."""
    words = text.replace("\r\n", "\n").replace("\r", "\n")
    shown = html.escape(words)
    page = (
        f'<!doctype html><html lang="{html.escape(letter.language)}"><body>'
        f'<div style="white-space:pre-wrap;font:15px/1.5 sans-serif">{shown}</div></body></html>\n'
    )
    return replace(letter, text=words, html=page)


def _lines(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").strip().split("\n"))
