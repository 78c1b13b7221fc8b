"""The answer to a reply, drafted in their language; a person reads it, changes it and lets it go.

What it says follows from what the message said: differences are explained line by line, a dispute or a promise is
acknowledged with its amounts and day, a payment is asked about, a confirmation is thanked for. Whatever else needs a
sheet of paper with their name on it. Never to a machine, never to somebody who is not the party, never twice.
"""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from mailflow.cases.case import Case, Settled, State
from mailflow.cases.decision import Belief
from mailflow.correspondence import token as tokens
from mailflow.correspondence.follow_ups import Confirmation, Difference, Objection, PromisedPayment
from mailflow.correspondence.letter import Letter
from mailflow.correspondence.message import Address, DisputeReason, Intent, Meaning
from mailflow.correspondence.statement_sheet import ReplyRoute, StatementSheet
from mailflow.refusals import Refusal
from mailflow.steps.decide_case import open_task, settle, wanted_case
from mailflow.steps.ports.archive import Archive
from mailflow.steps.ports.clock import Clock
from mailflow.steps.ports.letters import Stationery
from mailflow.steps.ports.mailroom import StoredMessage
from mailflow.steps.ports.outbox import LetterKey
from mailflow.steps.ports.statements import KeptStatement
from mailflow.steps.ports.work import Database, Work
from mailflow.steps.queue_letters import Desk, Draft, queue_letters
from mailflow.steps.render_follow_up import (
    render_dispute_receipt,
    render_explanation,
    render_promise_receipt,
    render_request,
    render_thanks,
)
from mailflow.steps.render_letter import statement_sheet
from mailflow.steps.understand_message import from_json

MOST = 20_000  # characters of an edited answer
_ANSWERABLE = (Belief.TRUSTED, Belief.CONTACT, Belief.UNVERIFIED)


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


@dataclass(frozen=True, slots=True)
class _Heard:
    case: Case
    message: StoredMessage
    reading: dict[str, Any]
    meaning: Meaning
    statement: KeptStatement | None
    record: dict[str, Any] | None  # the reconciliation of a document that came with this very message
    disputes: tuple[Objection, ...]
    promise: PromisedPayment | None

    @property
    def key(self) -> LetterKey:
        recipient = self.message.sender
        return LetterKey(self.case.statement_no, self.case.version, recipient, f"answer-{self.message.no}")


class Answers:
    """The drafted answers of one house."""

    def __init__(self, database: Database, archive: Archive, desk: Desk, stationery: Stationery, clock: Clock) -> None:
        self._database, self._archive, self._desk = database, archive, desk
        self._stationery, self._clock = stationery, clock

    def drafts(self, case_id: str) -> list[DraftedAnswer]:
        """One for each message of a person in this case, oldest first; none for machines and strangers."""
        made = []
        with self._database.reading() as work:
            case = wanted_case(work, case_id)
            numbers = [message.no for message in work.mailroom.messages(case_id=case_id)]
            heard = [found for number in numbers if (found := _heard(work, case, number)) is not None]
            sent = {letter.key.kind: letter.no for letter in work.outbox.letters(case_id=case_id)}
        for one in heard:
            letter = self._letter(one)(self._route(one))
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
            heard = _heard(work, wanted_case(work, stored.case_id), message)
        if heard is None:
            raise Refusal(f"message {message} is not answered: a machine wrote it, or somebody who is not the party")
        make = self._letter(heard)
        drafted = make(self._route(heard))
        changed = text is not None and _lines(text) != _lines(drafted.text)
        if drafted.kind == "free" and not changed:
            raise Refusal("write the answer first: there is nothing drafted for this message")
        if changed and not _lines(text or ""):
            raise Refusal("the answer is empty")
        if len(text or "") > MOST:
            raise Refusal(f"the answer is longer than {MOST} characters")
        render = make if not changed else (lambda route: _edited(make(route), text or ""))
        thread = [*heard.reading["references"], heard.reading["message_id"]]
        draft = Draft(
            heard.key, heard.case.id, Address(heard.reading["from"]["name"][:120], heard.message.sender), render,
            answers=tuple(dict.fromkeys(one for one in thread if one)), by_person=True,
        )  # fmt: skip

        def still(work: Work) -> bool:
            at = self._clock.now()
            for number in settles:
                task = open_task(work, number)
                if task.case_id != heard.case.id:
                    raise Refusal(f"task {number} belongs to another case")
                settle(work, task, by=by, at=at, settled=Settled.DONE, why=f"answered (message {message})")
            facts = {"message": message, "kind": drafted.kind, "changed": changed}
            work.journal.append(at, by, "answer.approved", f"case:{heard.case.id}", facts)
            return True

        numbers = queue_letters(self._database, self._archive, self._desk, [draft], self._clock, actor=by, still=still)
        if not numbers:
            raise Refusal(f"message {message} was answered already")
        return numbers[0]

    def _route(self, heard: _Heard) -> ReplyRoute:
        """The very one that the letter will carry."""
        key = heard.key
        mark = tokens.issue(self._desk.token_key, key.statement_number, key.version, key.recipient)
        return ReplyRoute(mark, tokens.plus_address(self._desk.company.address, mark))

    def _letter(self, heard: _Heard) -> Callable[[ReplyRoute], Letter]:
        statement = heard.statement

        def render(route: ReplyRoute) -> Letter:
            if statement is None:
                return self._free(heard)
            language = heard.meaning.language if _has_words(heard.meaning.language, self._stationery) else None
            sheet = statement_sheet(
                self._stationery, statement.statement, self._desk.company, route=route, language=language
            )
            return self._drafted(heard, sheet) or self._free(heard)

        return render

    def _drafted(self, heard: _Heard, sheet: StatementSheet) -> Letter | None:
        subject, stationery = heard.message.subject, self._stationery
        stated = {one.intent for one in heard.meaning.intents}
        if heard.record is not None and heard.record["reconciling_items"]:
            try:
                return render_explanation(
                    stationery, sheet, their_balance=Decimal(heard.record["their_balance"]),
                    differences=[
                        Difference(one["kind"], one["reference"] or "", Decimal(one["amount"]))
                        for one in heard.record["reconciling_items"]
                    ],
                    unexplained=Decimal(heard.record["proof"]["unexplained"]), thread_subject=subject,
                )  # fmt: skip
            except ValueError:
                return None  # the statement is a newer version than the one they answered: a person writes
        if heard.disputes:
            return render_dispute_receipt(stationery, sheet, objections=heard.disputes, thread_subject=subject)
        if heard.promise is not None:
            return render_promise_receipt(stationery, sheet, heard.promise, thread_subject=subject)
        if Intent.PAYMENT_MADE in stated:
            return render_request(
                stationery, sheet, needs=["payment"], references=heard.meaning.references, thread_subject=subject
            )
        if Intent.CONFIRM in stated and heard.case.state in (State.CONFIRMED, State.CLOSED):
            confirmed = Confirmation(heard.reading["from"]["name"] or heard.message.sender, self._day(heard.message))
            return render_thanks(stationery, sheet, confirmed, thread_subject=subject)
        return None

    def _free(self, heard: _Heard) -> Letter:
        """An empty sheet with our name under it."""
        words = self._stationery.templates.words(heard.meaning.language)
        subject = heard.message.subject.strip() or heard.case.id
        subject = subject if subject.lower().startswith("re:") else f"Re: {subject}"
        return _edited(Letter("free", words.language, subject, "", ""), f"\n\n{self._desk.company.name}\n")

    def _day(self, message: StoredMessage) -> dt.date:
        return (message.sent_at or message.received_at).date()


def _heard(work: Work, case: Case, number: int) -> _Heard | None:
    message = work.mailroom.message(number)
    results = {name: kept.result for name, kept in work.mailroom.results(number).items()}
    if message is None or not {"read", "thread", "understand"} <= results.keys():
        return None
    placed, reading = results["thread"], results["read"]["reading"]
    if reading["automatic"] != "no" or placed["own"] or placed["same_as"] is not None:
        return None
    if Belief(placed["belief"]) not in _ANSWERABLE:
        return None
    documents = {kept.no for kept in work.documents.of_message(number)}
    records = [one.record for one in work.documents.reconciliations(case.id) if one.document in documents]
    promises = [one for _, one in work.casefile.promises(case_ids=[case.id]) if one.message == number and one.date]
    return _Heard(
        case=case,
        message=message,
        reading=reading,
        meaning=from_json(results["understand"]),
        statement=work.statements.get(case.statement_no, case.version),
        record=next((one for one in reversed(records) if one["mode"] == "statement"), None),
        disputes=tuple(
            Objection(one.reference or case.statement_no, DisputeReason(one.reason), one.amount)
            for _, one in work.casefile.disputes(case_ids=[case.id])
            if one.message == number
        ),
        promise=next((PromisedPayment(one.date, one.amount) for one in promises if one.date is not None), None),
    )


def _has_words(language: str, stationery: Stationery) -> bool:
    return any(one.lower().startswith(language.lower()[:2]) for one in stationery.templates.languages())


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
