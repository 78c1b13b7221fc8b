"""Who holds a letter and what became of it; what the senders share: the brake, the pace, the habit of the server.

Every change names the state and the fence that it comes from, so that of two senders one wins and the other learns it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from mailflow.adapters.database.once import insert_once
from mailflow.adapters.database.outbox_rows import as_letter, letter
from mailflow.adapters.database.schema import Instant, metadata
from mailflow.steps.ports.outbox import WAITING, Letter, LetterState, SentCopy, SentMark
from mailflow.steps.ports.sending import Answer, Brake, Claim, Swept

sender = sa.Table(
    "sender",
    metadata,
    sa.Column("name", sa.String(40), primary_key=True),
    sa.Column("brake_why", sa.Text),
    sa.Column("brake_until", Instant),
    sa.Column("brake_by", sa.String(200)),
    sa.Column("next_slot", Instant),
    sa.Column("server_files_copies", sa.Boolean),
)
_NAME = "smtp"
S = LetterState
_NO_HOLDER: dict[str, Any] = {"holder": None, "lease_until": None}

# The statements of every letter, built once: building and keying them anew costs more than running them (measured).
_START = (
    letter.update()
    .where(
        letter.c.state == S.CLAIMED.value,
        sa.tuple_(letter.c.no, letter.c.fence).in_(sa.bindparam("claims", expanding=True)),
    )
    .values(
        state=S.DATA_STARTED.value, started_at=sa.bindparam("at"), lease_until=sa.bindparam("until"), asked=0,
        asked_at=None, mark_uidvalidity=sa.bindparam("life"), mark_uid=sa.bindparam("last"),
    )
    .returning(letter.c.no)
)  # fmt: skip
_UNANSWERED = (
    sa.select(letter.c.no)
    .where(
        letter.c.state.in_([S.DATA_STARTED.value, S.IN_DOUBT.value]),
        sa.tuple_(letter.c.no, letter.c.fence).in_(sa.bindparam("claims", expanding=True)),
    )
    .with_for_update()
)
_ACCEPTED = (
    letter.update()
    .where(letter.c.no == sa.bindparam("claimed"))
    .values(
        state=S.ACCEPTED.value, settled_at=sa.bindparam("at"), settled_by="server", code=sa.bindparam("said_code"),
        words=sa.bindparam("said"), attempts=letter.c.attempts + 1, holder=None, lease_until=None,
    )
)  # fmt: skip


class SendingRows:
    """``mailflow.steps.ports.sending.Sending``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def claim(self, holder: str, now: dt.datetime, until: dt.datetime, limit: int) -> list[Letter]:
        waiting = [state.value for state in WAITING]
        # two statements: UPDATE … WHERE no IN (SELECT … LIMIT 20 SKIP LOCKED) took 192 rows (PostgreSQL 15, measured)
        due = sa.select(letter.c.no).where(letter.c.state.in_(waiting), letter.c.due_at <= now)
        due = due.order_by(letter.c.due_at, letter.c.no).limit(limit).with_for_update(skip_locked=True)
        numbers = list(self._connection.execute(due).scalars())
        if not numbers:
            return []
        taken = (
            letter.update()
            .where(letter.c.no.in_(numbers), letter.c.state.in_(waiting))
            .values(state=S.CLAIMED.value, holder=holder, lease_until=until, fence=letter.c.fence + 1)
            .returning(letter)
        )
        return sorted((as_letter(row) for row in self._connection.execute(taken)), key=lambda one: (one.due_at, one.no))

    def started_about(self, about: Iterable[tuple[str, str]], since: dt.datetime) -> dict[tuple[str, str], int]:
        wanted = set(about)
        key = (letter.c.statement_number, letter.c.recipient)
        query = (
            sa.select(*key, sa.func.count())
            .where(letter.c.statement_number.in_({number for number, _ in wanted}), letter.c.started_at >= since)
            .group_by(*key)
        )
        found = {(row[0], row[1]): int(row[2]) for row in self._connection.execute(query)}
        return {pair: count for pair, count in found.items() if pair in wanted}

    def start(self, claims: Iterable[Claim], at: dt.datetime, until: dt.datetime, mark: SentMark | None) -> set[int]:
        pairs = [(claim.no, claim.fence) for claim in claims]
        if not pairs:
            return set()
        given = {
            "claims": pairs, "at": at, "until": until, "life": mark.uidvalidity if mark else None,
            "last": mark.uid if mark else None,
        }  # fmt: skip
        return set(self._connection.execute(_START, given).scalars())

    def release(self, claim: Claim, due_at: dt.datetime, why: str = "") -> bool:
        values = {"words": why} if why else {}
        before = (S.CLAIMED, S.DATA_STARTED)
        return self._outcome(claim, before, state=S.QUEUED.value, due_at=due_at, **_NO_HOLDER, **values)

    def accepted(self, answers: Sequence[tuple[Claim, dt.datetime, Answer]]) -> set[int]:
        pairs = [(claim.no, claim.fence) for claim, _, _ in answers]
        held = set(self._connection.execute(_UNANSWERED, {"claims": pairs}).scalars())
        given = [
            {"claimed": claim.no, "at": at, "said_code": answer.code, "said": answer.words}
            for claim, at, answer in answers
            if claim.no in held
        ]
        if given:
            self._connection.execute(_ACCEPTED, given)
        return held

    def deferred(self, claim: Claim, at: dt.datetime, due_at: dt.datetime, answer: Answer) -> bool:
        return self._outcome(
            claim, (S.CLAIMED, S.DATA_STARTED, S.IN_DOUBT), state=S.REJECTED_TEMPORARY.value, due_at=due_at,
            code=answer.code, words=answer.words, attempts=letter.c.attempts + 1, **_NO_HOLDER,
        )  # fmt: skip

    def rejected(self, claim: Claim, at: dt.datetime, answer: Answer) -> bool:
        return self._outcome(
            claim, (S.CLAIMED, S.DATA_STARTED, S.IN_DOUBT), state=S.REJECTED_PERMANENT.value, settled_at=at,
            settled_by="server", code=answer.code, words=answer.words, attempts=letter.c.attempts + 1, **_NO_HOLDER,
        )  # fmt: skip

    def doubt(self, claim: Claim, at: dt.datetime, why: str) -> bool:
        return self._outcome(claim, (S.DATA_STARTED,), state=S.IN_DOUBT.value, words=why, code=None, **_NO_HOLDER)

    def _outcome(self, claim: Claim, before: tuple[LetterState, ...], **values: Any) -> bool:
        changed = self._connection.execute(
            letter.update()
            .where(
                letter.c.no == claim.no,
                letter.c.fence == claim.fence,
                letter.c.state.in_([state.value for state in before]),
            )
            .values(**values)
        )
        return changed.rowcount == 1

    def doubt_waiting(self, numbers: Iterable[int], why: str) -> list[Letter]:
        unfinished = [state.value for state in (*WAITING, S.CLAIMED, S.DATA_STARTED)]
        doubted = (
            letter.update()
            .where(letter.c.no.in_(list(numbers)), letter.c.state.in_(unfinished))
            .values(state=S.IN_DOUBT.value, words=why, code=None, fence=letter.c.fence + 1, **_NO_HOLDER)
            .returning(letter)
        )
        return sorted((as_letter(row) for row in self._connection.execute(doubted)), key=lambda one: one.no)

    def sweep(self, now: dt.datetime, gone: Callable[[str], bool]) -> Swept:
        held = sa.select(letter).where(letter.c.state.in_([S.CLAIMED.value, S.DATA_STARTED.value]))
        held = held.with_for_update(skip_locked=True)
        swept, known = Swept(), dict[str, bool]()
        for row in self._connection.execute(held).all():
            overdue = row.lease_until is None or row.lease_until <= now
            if not overdue and not known.setdefault(row.holder, gone(row.holder)):
                continue
            claim = Claim(row.no, row.fence)
            if row.state == S.CLAIMED.value:
                if self.release(claim, row.due_at):
                    swept.queued_again.append(row.no)
            elif self.doubt(claim, now, "the sender ended while the letter was on its way"):
                found = self._connection.execute(sa.select(letter).where(letter.c.no == row.no)).one()
                swept.in_doubt.append(as_letter(found))
        return swept

    def settle(self, no: int, state: LetterState, at: dt.datetime, by: str, words: str) -> bool:
        values: dict[str, Any] = {"state": state.value, "words": words, "settled_by": by}
        if state is S.QUEUED:
            values["due_at"] = at
        else:
            values["settled_at"] = at
        changed = self._connection.execute(
            letter.update().where(letter.c.no == no, letter.c.state == S.IN_DOUBT.value).values(**values)
        )
        return changed.rowcount == 1

    def not_found(self, no: int, at: dt.datetime) -> int:
        asked = (
            letter.update()
            .where(letter.c.no == no, letter.c.state == S.IN_DOUBT.value)
            .values(asked=letter.c.asked + 1, asked_at=at)
            .returning(letter.c.asked)
        )
        return int(self._connection.execute(asked).scalar() or 0)

    def without_copy(self, limit: int) -> list[Letter]:
        query = (
            sa.select(letter)
            .where(letter.c.state == S.ACCEPTED.value)
            .where(sa.or_(letter.c.sent_copy.is_(None), letter.c.sent_copy == SentCopy.FILING.value))
            .order_by(letter.c.settled_at, letter.c.no)
            .limit(limit)
        )
        return [as_letter(row) for row in self._connection.execute(query)]

    def copy_filed(self, no: int, how: SentCopy) -> None:
        self._connection.execute(letter.update().where(letter.c.no == no).values(sent_copy=how.value))

    # what all senders share

    def server_files_copies(self) -> bool | None:
        row = self._shared(sender.c.server_files_copies)
        return None if row is None else row.server_files_copies

    def learn_server_files_copies(self, it_does: bool) -> None:
        self._share(server_files_copies=it_does)

    def slot(self, now: dt.datetime, interval: dt.timedelta) -> dt.datetime:
        insert_once(self._connection, sender, name=_NAME)
        query = sa.select(sender.c.next_slot).where(sender.c.name == _NAME).with_for_update()
        free = self._connection.execute(query).scalar_one()
        # a clock that was set back must not stop the sender for the length of the jump
        given = max(now, free) if free is not None and free - now < dt.timedelta(hours=1) else now
        self._share(next_slot=given + interval)
        return given

    def brake(self, now: dt.datetime) -> Brake | None:
        row = self._shared(sender.c.brake_why, sender.c.brake_until, sender.c.brake_by)
        if row is None or row.brake_why is None or (row.brake_until is not None and row.brake_until <= now):
            return None
        return Brake(row.brake_why, row.brake_until, row.brake_by)

    def put_brake(self, brake: Brake) -> None:
        self._share(brake_why=brake.why, brake_until=brake.until, brake_by=brake.by)

    def lift_brake(self) -> None:
        self._share(brake_why=None, brake_until=None, brake_by=None)

    def _shared(self, *columns: sa.Column[Any]) -> Any:
        return self._connection.execute(sa.select(*columns).where(sender.c.name == _NAME)).first()

    def _share(self, **values: Any) -> None:
        insert_once(self._connection, sender, name=_NAME)
        self._connection.execute(sender.update().where(sender.c.name == _NAME).values(**values))
