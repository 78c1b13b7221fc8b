"""Tells other programs what happened: at least once each, recorded before, signed, tried again with patience.

    journal, messages, tasks ──look()──► deliveries (UNIQUE webhook + event) ──send()──► their server

Killed anywhere, nothing is lost: what was not recorded is looked at again, what was recorded and not settled is sent
again, with the same id. Headers and signature are those of https://www.standardwebhooks.com.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from mailflow.steps.advance_case import PROGRAM
from mailflow.steps.manage_webhooks import secret_of
from mailflow.steps.ports.browse import Marks
from mailflow.steps.ports.clock import Clock
from mailflow.steps.ports.journal import Entry
from mailflow.steps.ports.webhooks import Delivery, DeliveryState, Event, Subject, Webhook
from mailflow.steps.ports.work import Database, Work

# how long after each try the next one comes (the schedule that Standard Webhooks recommends); then a person is told
PATIENCE = tuple(dt.timedelta(seconds=one) for one in (5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400))
AT_ONCE = 20  # deliveries that one look claims
CLAIM = dt.timedelta(minutes=10)  # longer than AT_ONCE tries can take
LOOKED_AT = 500  # entries, messages and tasks of one look
# A message or a task with a lower number may be committed after one with a higher one (PostgreSQL): what came within
# this time is looked at again, and recorded once because of the UNIQUE key.
STRAGGLERS = dt.timedelta(minutes=5)
KEPT = dt.timedelta(days=30)  # what was delivered; what was given up stays until a person sends it again


@dataclass(frozen=True, slots=True)
class Told:
    """What their server said. ``code`` None: it could not be reached, or is none that may be; ``words`` say why."""

    code: int | None
    words: str

    @property
    def taken(self) -> bool:
        return self.code is not None and 200 <= self.code < 300


class Caller(Protocol):
    def post(self, url: str, body: bytes, headers: dict[str, str]) -> Told:
        """One try; never raises for what the other side does."""
        ...


@dataclass(slots=True)
class TellReport:
    recorded: int = 0
    delivered: int = 0
    failed: list[str] = field(default_factory=list)
    given_up: list[str] = field(default_factory=list)
    more: bool = False


def look(database: Database, now: dt.datetime) -> int:
    """Records a delivery for everything that happened since the last look; how many are new."""
    with database.reading() as work:
        marks = work.browse.marks()
        behind = [one for one in work.webhooks.all() if one.active and _behind(one, marks)]
    recorded = 0
    for webhook in behind:
        with database.writing() as work:
            recorded += _look_for(work, webhook, now)
    return recorded


def send(
    database: Database, caller: Caller, key: bytes, clock: Clock, stopping: Callable[[], bool] = lambda: False
) -> TellReport:
    """Tries what is due. A webhook whose server does not answer is not tried again in the same round."""
    report, now = TellReport(), clock.now()
    with database.writing() as work:
        due = work.webhooks.claim(now, now + CLAIM, AT_ONCE)
        work.webhooks.forget_delivered(now - KEPT)
        webhooks = {one.no: one for one in work.webhooks.all()}
    report.more = len(due) == AT_ONCE
    away: dict[int, Told] = {}
    for delivery in due:
        if stopping():
            break
        webhook = webhooks[delivery.webhook]
        told = away.get(webhook.no) or _try(caller, webhook, delivery, key, clock)
        if told.code is None:
            away[webhook.no] = told
        _settle(database, webhook, delivery, told, clock.now(), report)
    return report


def signature(secret: str, event: str, seconds: int, body: bytes) -> str:
    """``v1,`` and Base64 of HMAC-SHA-256 over ``id.timestamp.body``."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = hmac.new(key, f"{event}.{seconds}.".encode() + body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(signed).decode()


def _try(caller: Caller, webhook: Webhook, delivery: Delivery, key: bytes, clock: Clock) -> Told:
    body, seconds = delivery.body.encode(), int(clock.now().timestamp())
    headers = {
        "Content-Type": "application/json",
        "webhook-id": delivery.event,
        "webhook-timestamp": str(seconds),
        "webhook-signature": signature(secret_of(key, webhook.salt), delivery.event, seconds, body),
    }
    return caller.post(webhook.url, body, headers)


def _settle(
    database: Database, webhook: Webhook, delivery: Delivery, told: Told, now: dt.datetime, report: TellReport
) -> None:
    label = f"{webhook.name}: {delivery.event}"
    if told.taken:
        state, due_at = DeliveryState.DELIVERED, now
        report.delivered += 1
    elif delivery.attempts >= len(PATIENCE) or told.code == 410:
        state, due_at = DeliveryState.GIVEN_UP, now
        report.given_up.append(f"{label} ({told.words})")
    else:
        state, due_at = DeliveryState.WAITING, now + PATIENCE[delivery.attempts]
        report.failed.append(f"{label} ({told.words})")
    with database.writing() as work:
        work.webhooks.settle(delivery.no, state, at=now, due_at=due_at, code=told.code, words=told.words)
        if told.code == 410:  # Gone: they do not want to hear from us any more
            work.webhooks.change(webhook.no, active=False)
            facts = {"name": webhook.name, "why": "their server answered 410 Gone"}
            work.journal.append(now, PROGRAM, "webhook.switched_off", f"webhook:{webhook.no}", facts)


def _behind(webhook: Webhook, marks: Marks) -> bool:
    seen = webhook.seen
    return seen.journal < marks.journal or seen.message < marks.message or seen.task < marks.task


def _look_for(work: Work, webhook: Webhook, now: dt.datetime) -> int:
    """Journal entries are committed in the order of their numbers: their mark moves to the last one. Messages and tasks
    may not be: their marks move only to what is old enough."""
    seen, recorded = webhook.seen, 0
    entries = work.browse.entries(limit=LOOKED_AT, after=seen.journal)
    messages = work.browse.messages(limit=LOOKED_AT, after=(seen.message,))
    tasks = work.browse.tasks(limit=LOOKED_AT, after=(seen.task,), open_only=False)
    events: list[Event] = [event for entry in entries for event in _of_entry(work, entry)]
    for message in messages:
        told = {"message": message.no, "mailbox": message.account, "received_at": message.received_at.isoformat()}
        events.append(Event(f"message-{message.no}", Subject.MESSAGE_ARRIVED, message.stored_at, told))
    for task in tasks:
        told = {"task": task.no, "kind": task.kind.value, "case": task.case_id, "message": task.message}
        events.append(Event(f"task-{task.no}", Subject.TASK_RAISED, task.opened_at, told))
    for event in events:
        if event.subject in webhook.subjects:
            body = {"type": event.subject.value, "timestamp": event.at.isoformat(), "data": event.body}
            text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
            recorded += work.webhooks.record(webhook.no, event, text, now)
    old = now - STRAGGLERS
    marks = Marks(
        entries[-1].no if entries else seen.journal,
        _up_to(seen.message, ((one.no, one.stored_at) for one in messages), old, len(messages)),
        _up_to(seen.task, ((one.no, one.opened_at) for one in tasks), old, len(tasks)),
    )
    if marks != seen:
        work.webhooks.saw(webhook.no, marks)
    return recorded


def _up_to(seen: int, rows: Iterator[tuple[int, dt.datetime]], old: dt.datetime, found: int) -> int:
    """The last of ``rows`` before the first young one; of a full look, so many that it moves on in any case."""
    numbers = list(rows)
    if found == LOOKED_AT:
        return max(seen, numbers[found // 2][0])
    for number, at in numbers:
        if at > old:
            break
        seen = number
    return seen


def _of_entry(work: Work, entry: Entry) -> Iterator[Event]:
    """What a journal entry is worth telling. Words of a stranger are not in it: who wants them asks the API."""
    identity = f"journal-{entry.no}"
    facts: dict[str, Any] = entry.facts
    if entry.action.startswith("case.") and facts.get("before") != facts.get("after"):
        case_id = entry.subject.removeprefix("case:")
        told = {"case": case_id, "event": entry.action[5:], "before": facts.get("before"), "after": facts.get("after"),
                "by": entry.actor, "entry": entry.no}  # fmt: skip
        yield Event(identity, Subject.CASE_CHANGED, entry.at, told)
    elif entry.action == "letter.accepted" and facts.get("kind") == "statement":
        letter = work.outbox.letter(int(facts["letter"])) if str(facts.get("letter", "")).isdigit() else None
        told = {"letter": facts.get("letter"), "case": None if letter is None else letter.case_id,
                "statement_no": None if letter is None else letter.key.statement_number,
                "version": None if letter is None else letter.key.version,
                "to": None if letter is None else letter.key.recipient}  # fmt: skip
        yield Event(identity, Subject.STATEMENT_SENT, entry.at, told)
