"""The mailroom's tables: leases and epochs of folders, places, messages, what each stage made of them, threads.

mail_folder ─ mail_epoch ─ mail_place ──► message ─ message_stage
                                             └──► thread ◄── thread_id (ids seen in headers, ghosts included)
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from mailflow.adapters.database.once import insert_many_once, insert_once
from mailflow.adapters.database.schema import Instant, metadata
from mailflow.steps.ports.mailroom import (
    Epoch,
    MessageState,
    Place,
    PlaceState,
    StageResult,
    StoredMessage,
    Taken,
)

mail_folder = sa.Table(
    "mail_folder",
    metadata,
    sa.Column("account", sa.String(120), primary_key=True),
    sa.Column("folder", sa.String(250), primary_key=True),
    sa.Column("holder", sa.String(120)),
    sa.Column("fence", sa.Integer, nullable=False),
    sa.Column("until", Instant),
)

mail_epoch = sa.Table(
    "mail_epoch",
    metadata,
    sa.Column("account", sa.String(120), primary_key=True),
    sa.Column("folder", sa.String(250), primary_key=True),
    sa.Column("uidvalidity", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("watermark", sa.BigInteger, nullable=False),
    sa.Column("resyncs", sa.Integer, nullable=False),
    sa.Column("begun_at", Instant, nullable=False),
    sa.Column("checked_at", Instant),
    sa.Column("compared_at", Instant),
    sa.Column("modseq", sa.BigInteger),
    sa.Column("current", sa.Boolean, nullable=False),
)

mail_place = sa.Table(
    "mail_place",
    metadata,
    sa.Column("no", sa.Integer, primary_key=True),
    sa.Column("account", sa.String(120), nullable=False),
    sa.Column("folder", sa.String(250), nullable=False),
    sa.Column("uidvalidity", sa.BigInteger, nullable=False),
    sa.Column("uid", sa.BigInteger, nullable=False),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("message", sa.Integer, sa.ForeignKey("message.no"), index=True),
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    sa.Column("again_at", Instant),
    sa.Column("why", sa.Text),
    sa.Column("discovered_at", Instant, nullable=False),
    sa.Column("moved", sa.String(12)),
    sa.Column("moved_at", Instant),
    sa.UniqueConstraint("account", "folder", "uidvalidity", "uid"),
)

message = sa.Table(
    "message",
    metadata,
    sa.Column("no", sa.Integer, primary_key=True),
    sa.Column("account", sa.String(120), nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("received_at", Instant, nullable=False),
    sa.Column("stored_at", Instant, nullable=False),
    sa.Column("state", sa.String(12), nullable=False, index=True),
    sa.Column("stage", sa.String(20)),
    sa.Column("error", sa.Text),
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    sa.Column("again_at", Instant),
    sa.Column("claimed_by", sa.String(120)),
    sa.Column("claimed_until", Instant),
    sa.Column("message_id", sa.String(1000), index=True),
    sa.Column("subject", sa.Text, nullable=False, default=""),
    sa.Column("sender", sa.String(400), nullable=False, default="", index=True),
    sa.Column("sent_at", Instant),
    sa.Column("automatic", sa.String(20)),
    sa.Column("thread", sa.Integer, sa.ForeignKey("thread.no"), index=True),
    sa.Column("case_id", sa.String(120), sa.ForeignKey("cases.id"), index=True),
    sa.Column("same_as", sa.Integer),
    sa.UniqueConstraint("account", "sha256"),
)

message_stage = sa.Table(
    "message_stage",
    metadata,
    sa.Column("message", sa.Integer, sa.ForeignKey("message.no"), primary_key=True),
    sa.Column("stage", sa.String(20), primary_key=True),
    sa.Column("result", sa.JSON, nullable=False),
    sa.Column("seconds", sa.Float, nullable=False),
    sa.Column("done_at", Instant, nullable=False),
)

thread = sa.Table("thread", metadata, sa.Column("no", sa.Integer, primary_key=True), sa.Column("begun_at", Instant))

thread_id = sa.Table(
    "thread_id",
    metadata,
    sa.Column("id", sa.String(1000), primary_key=True),
    sa.Column("thread", sa.Integer, sa.ForeignKey("thread.no"), nullable=False, index=True),
)

_W, _S = MessageState, PlaceState
_ASKED_AT_ONCE = 500  # values in one IN list


class MailroomRows:
    """``mailflow.steps.ports.mailroom.Mailroom``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._locking = connection.dialect.name == "postgresql"

    # one runner per folder

    def lease(self, account: str, folder: str, holder: str, now: dt.datetime, until: dt.datetime) -> int | None:
        insert_once(self._connection, mail_folder, account=account, folder=folder, fence=0)
        table = mail_folder.c
        taken = self._connection.execute(
            mail_folder.update()
            .where(table.account == account, table.folder == folder)
            .where(sa.or_(table.holder.is_(None), table.holder == holder, table.until < now))
            .values(
                holder=holder,
                until=until,
                fence=sa.case((table.holder == holder, table.fence), else_=table.fence + 1),
            )
        )
        if taken.rowcount != 1:
            return None
        return int(
            self._connection.execute(
                sa.select(table.fence).where(table.account == account, table.folder == folder)
            ).scalar_one()
        )

    def release(self, account: str, folder: str, holder: str) -> None:
        table = mail_folder.c
        self._connection.execute(
            mail_folder.update()
            .where(table.account == account, table.folder == folder, table.holder == holder)
            .values(holder=None, until=None)
        )

    def free_ended(self, has_ended: Callable[[str], bool]) -> None:
        leases = self._connection.execute(sa.select(mail_folder.c.holder).where(mail_folder.c.holder.is_not(None)))
        claims = self._connection.execute(
            sa.select(message.c.claimed_by).where(message.c.claimed_by.is_not(None)).distinct()
        )
        ended = sorted({str(holder) for (holder,) in (*leases, *claims) if has_ended(str(holder))})
        for holder in ended:
            self._connection.execute(
                mail_folder.update().where(mail_folder.c.holder == holder).values(holder=None, until=None)
            )
            self._connection.execute(
                message.update().where(message.c.claimed_by == holder).values(claimed_by=None, claimed_until=None)
            )

    def holds(self, account: str, folder: str, fence: int) -> bool:
        table = mail_folder.c
        query = sa.select(table.fence).where(
            table.account == account, table.folder == folder, table.fence == fence, table.holder.is_not(None)
        )
        # locked until the commit: nobody can take the folder over between this look and our write
        return self._connection.execute(query.with_for_update() if self._locking else query).first() is not None

    # where messages lie

    def epoch(self, account: str, folder: str) -> Epoch | None:
        table = mail_epoch.c
        row = self._connection.execute(
            sa.select(mail_epoch).where(table.account == account, table.folder == folder, table.current.is_(True))
        ).first()
        return None if row is None else _epoch(row)

    def begin_epoch(self, account: str, folder: str, uidvalidity: int, at: dt.datetime) -> Epoch:
        before = self.epoch(account, folder)
        table = mail_epoch.c
        this = (table.account == account, table.folder == folder)
        self._connection.execute(mail_epoch.update().where(*this).values(current=False))
        resyncs = 0 if before is None else before.resyncs + 1
        new = insert_once(
            self._connection, mail_epoch,
            account=account, folder=folder, uidvalidity=uidvalidity, watermark=0, resyncs=resyncs, begun_at=at,
            current=True,
        )  # fmt: skip
        if not new:  # the server went back to an earlier life of the folder (a restored backup)
            self._connection.execute(
                mail_epoch.update().where(*this, table.uidvalidity == uidvalidity).values(current=True, resyncs=resyncs)
            )
        found = self.epoch(account, folder)
        assert found is not None
        return found

    def checked(self, epoch: Epoch, at: dt.datetime, modseq: int | None, *, compared: bool) -> None:
        values = {"checked_at": at, "modseq": modseq} | ({"compared_at": at} if compared else {})
        self._connection.execute(mail_epoch.update().where(*_of_epoch(mail_epoch, epoch)).values(**values))

    def last_checked(self, epoch: Epoch) -> tuple[dt.datetime | None, dt.datetime | None]:
        table = mail_epoch.c
        row = self._connection.execute(
            sa.select(table.checked_at, table.compared_at).where(*_of_epoch(mail_epoch, epoch))
        ).first()
        return (None, None) if row is None else (row.checked_at, row.compared_at)

    def discover(self, epoch: Epoch, uids: Iterable[int], at: dt.datetime) -> int:
        wanted = sorted(set(uids))
        known = self._known_from(epoch, wanted[0]) if wanted else set()
        new = [uid for uid in wanted if uid not in known]
        if new:
            self._connection.execute(
                mail_place.insert(),
                [
                    {"account": epoch.account, "folder": epoch.folder, "uidvalidity": epoch.uidvalidity, "uid": uid,
                     "state": _S.DISCOVERED.value, "attempts": 0, "discovered_at": at}
                    for uid in new
                ],
            )  # fmt: skip
        if wanted:
            self._connection.execute(
                mail_epoch.update()
                .where(*_of_epoch(mail_epoch, epoch), mail_epoch.c.watermark < wanted[-1])
                .values(watermark=wanted[-1])
            )
        return len(new)

    def _known_from(self, epoch: Epoch, uid: int) -> set[int]:
        rows = self._connection.execute(
            sa.select(mail_place.c.uid).where(*_of_epoch(mail_place, epoch), mail_place.c.uid >= uid)
        )
        return {int(known) for (known,) in rows}

    def known_uids(self, epoch: Epoch) -> dict[int, PlaceState]:
        rows = self._connection.execute(
            sa.select(mail_place.c.uid, mail_place.c.state).where(*_of_epoch(mail_place, epoch))
        )
        return {int(uid): PlaceState(state) for uid, state in rows}

    def lying(self, epoch: Epoch, low: int = 0, high: int | None = None) -> set[int]:
        query = sa.select(mail_place.c.uid).where(
            *_of_epoch(mail_place, epoch), mail_place.c.moved.is_(None), mail_place.c.state != _S.VANISHED.value,
            mail_place.c.uid >= low,
        )  # fmt: skip
        rows = self._connection.execute(query if high is None else query.where(mail_place.c.uid <= high))
        return {int(uid) for (uid,) in rows}

    def to_fetch(self, epoch: Epoch, now: dt.datetime, limit: int, *, above: int = 0) -> list[Place]:
        table = mail_place.c
        rows = self._connection.execute(
            sa.select(mail_place)
            .where(*_of_epoch(mail_place, epoch), table.uid > above, table.state == _S.DISCOVERED.value)
            .where(sa.or_(table.again_at.is_(None), table.again_at <= now))
            .order_by(table.uid)
            .limit(limit)
        )
        return [_place(row) for row in rows]

    def stored(
        self, place: Place, sha256: str, size: int, received_at: dt.datetime, at: dt.datetime
    ) -> tuple[int, bool]:
        new = insert_once(
            self._connection, message,
            account=place.account, sha256=sha256, size=size, received_at=received_at, stored_at=at,
            state=_W.WAITING.value, attempts=0, subject="", sender="",
        )  # fmt: skip
        number = int(
            self._connection.execute(
                sa.select(message.c.no).where(message.c.account == place.account, message.c.sha256 == sha256)
            ).scalar_one()
        )
        self._place(place, state=_S.STORED.value, message=number, why=None, again_at=None)
        return number, new

    def stored_many(self, taken: Sequence[Taken], at: dt.datetime) -> list[int]:
        if not taken:
            return []
        account = taken[0].place.account
        rows: dict[str, dict[str, Any]] = {}
        for one in taken:  # of the same bytes twice, the first one counts; in this order they are worked on
            rows.setdefault(
                one.sha256,
                {
                    "account": account, "sha256": one.sha256, "size": one.size, "received_at": one.received_at,
                    "stored_at": at, "state": _W.WAITING.value, "attempts": 0, "subject": "", "sender": "",
                },
            )  # fmt: skip
        numbers = insert_many_once(self._connection, message, list(rows.values()), (message.c.sha256, message.c.no))
        new = sorted(int(number) for _, number in numbers)
        known = {str(sha256): int(number) for sha256, number in numbers}
        missing = [sha256 for sha256 in rows if sha256 not in known]
        if missing:
            found = self._connection.execute(
                sa.select(message.c.sha256, message.c.no).where(
                    message.c.account == account, message.c.sha256.in_(missing)
                )
            )
            known |= {str(sha256): int(number) for sha256, number in found}
        self._connection.execute(
            mail_place.update()
            .where(mail_place.c.no == sa.bindparam("place_no"))
            .values(state=_S.STORED.value, message=sa.bindparam("its_message"), why=None, again_at=None),
            [{"place_no": one.place.no, "its_message": known[one.sha256]} for one in taken],
        )
        return new

    def suspected(self, places: Iterable[Place]) -> None:
        self._connection.execute(
            mail_place.update()
            .where(mail_place.c.no.in_([place.no for place in places]), mail_place.c.attempts == 0)
            .values(attempts=1)
        )

    def not_fetched(
        self, place: Place, state: PlaceState, why: str, at: dt.datetime, again_at: dt.datetime | None
    ) -> None:
        self._place(place, state=state.value, why=why, attempts=place.attempts + 1, again_at=again_at)

    def vanished(self, epoch: Epoch, uids: Iterable[int], at: dt.datetime) -> None:
        for uid in uids:
            self._connection.execute(
                mail_place.update()
                .where(*_of_epoch(mail_place, epoch), mail_place.c.uid == uid)
                .values(
                    state=sa.case((mail_place.c.message.is_(None), _S.VANISHED.value), else_=mail_place.c.state),
                    moved=sa.func.coalesce(mail_place.c.moved, "gone"),
                    moved_at=at,
                )
            )

    def to_move(self, epoch: Epoch, limit: int) -> list[tuple[Place, MessageState]]:
        rows = self._connection.execute(
            sa.select(mail_place, message.c.state.label("message_state"))
            .join(message, message.c.no == mail_place.c.message)
            .where(*_of_epoch(mail_place, epoch), mail_place.c.moved.is_(None))
            .where(message.c.state != _W.WAITING.value)
            .order_by(mail_place.c.uid)
            .limit(limit)
        )
        return [(_place(row), MessageState(row.message_state)) for row in rows]

    def moved(self, place: Place, outcome: str, at: dt.datetime) -> None:
        self._place(place, moved=outcome, moved_at=at)

    def troubled_places(self) -> list[tuple[Place, str]]:
        """Places whose bytes could not be had, with the reason: a person has to look."""
        rows = self._connection.execute(
            sa.select(mail_place)
            .where(mail_place.c.state.in_([_S.UNFETCHABLE.value, _S.TOO_LARGE.value]))
            .order_by(mail_place.c.no)
        )
        return [(_place(row), row.why or "") for row in rows]

    def _place(self, place: Place, **values: Any) -> None:
        self._connection.execute(mail_place.update().where(mail_place.c.no == place.no).values(**values))

    # what the stages do

    def claim(self, holder: str, now: dt.datetime, until: dt.datetime, limit: int) -> list[int]:
        table = message.c
        query = (
            sa.select(table.no)
            .where(table.state == _W.WAITING.value)
            .where(sa.or_(table.again_at.is_(None), table.again_at <= now))
            .where(sa.or_(table.claimed_by.is_(None), table.claimed_until < now))
            .order_by(table.no)
            .limit(limit)
        )
        if self._locking:
            query = query.with_for_update(skip_locked=True)
        numbers = [int(number) for (number,) in self._connection.execute(query)]
        if numbers:
            self._connection.execute(
                message.update().where(table.no.in_(numbers)).values(claimed_by=holder, claimed_until=until)
            )
        return numbers

    def message(self, no: int) -> StoredMessage | None:
        row = self._connection.execute(sa.select(message).where(message.c.no == no)).first()
        return None if row is None else _message(row)

    def unclaim(self, holder: str, numbers: Sequence[int]) -> None:
        table = message.c
        self._connection.execute(
            message.update()
            .where(table.no.in_(list(numbers)), table.claimed_by == holder)
            .values(claimed_by=None, claimed_until=None)
        )

    def some(self, numbers: Sequence[int]) -> list[StoredMessage]:
        if not numbers:
            return []
        query = sa.select(message).where(message.c.no.in_(list(numbers))).order_by(message.c.no)
        return [_message(row) for row in self._connection.execute(query)]

    def untouched(self, numbers: Sequence[int]) -> list[StoredMessage]:
        if not numbers:
            return []
        touched = sa.select(message_stage.c.message).where(message_stage.c.message.in_(list(numbers)))
        query = (
            sa.select(message)
            .where(message.c.no.in_(list(numbers)), message.c.state == _W.WAITING.value)
            .where(message.c.no.not_in(touched))
            .order_by(message.c.no)
        )
        return [_message(row) for row in self._connection.execute(query)]

    def messages(
        self, *, case_id: str | None = None, state: MessageState | None = None, thread: int | None = None
    ) -> list[StoredMessage]:
        query = sa.select(message).order_by(sa.func.coalesce(message.c.sent_at, message.c.received_at), message.c.no)
        if case_id is not None:
            query = query.where(message.c.case_id == case_id)
        if state is not None:
            query = query.where(message.c.state == state.value)
        if thread is not None:
            query = query.where(message.c.thread == thread)
        return [_message(row) for row in self._connection.execute(query)]

    def counted(self, case_ids: Iterable[str] | None = None) -> dict[str, int]:
        query = sa.select(message.c.case_id, sa.func.count()).where(message.c.case_id.is_not(None)).group_by("case_id")
        if case_ids is not None:
            query = query.where(message.c.case_id.in_(list(case_ids)))
        rows = self._connection.execute(query)
        return {str(case_id): int(count) for case_id, count in rows}

    def waiting(self) -> int:
        query = sa.select(sa.func.count()).where(message.c.state == _W.WAITING.value)
        return int(self._connection.execute(query).scalar_one())

    def any_waiting(self) -> bool:
        query = sa.select(message.c.no).where(message.c.state == _W.WAITING.value).limit(1)
        return self._connection.execute(query).first() is not None

    def results(self, message: int) -> dict[str, StageResult]:
        rows = self._connection.execute(
            sa.select(message_stage).where(message_stage.c.message == message).order_by(message_stage.c.done_at)
        )
        return {row.stage: StageResult(row.stage, dict(row.result), row.seconds, row.done_at) for row in rows}

    def stage_done(self, message: int, stage: str, result: dict[str, Any], seconds: float, at: dt.datetime) -> bool:
        return insert_once(
            self._connection, message_stage,
            message=message, stage=stage, result=result, seconds=seconds, done_at=at,
        )  # fmt: skip

    def stages_done(self, rows: Sequence[tuple[int, str, dict[str, Any], float]], at: dt.datetime) -> int:
        made = [
            {"message": number, "stage": stage, "result": result, "seconds": seconds, "done_at": at}
            for number, stage, result, seconds in rows
        ]
        return len(insert_many_once(self._connection, message_stage, made, (message_stage.c.message,)))

    def note(self, message: int, **facts: Any) -> None:
        self._note(message, **facts)

    def note_many(self, facts: Mapping[int, Mapping[str, Any]]) -> None:
        alike: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        for number, noted in facts.items():
            row = {f"new_{name}": value for name, value in noted.items()}
            alike.setdefault(tuple(noted), []).append({"its_no": number, **row})
        for names, rows in alike.items():
            values = {name: sa.bindparam(f"new_{name}", type_=message.c[name].type) for name in names}
            self._connection.execute(
                message.update().where(message.c.no == sa.bindparam("its_no")).values(**values), rows
            )

    def finished(self, message: int, at: dt.datetime) -> None:
        self.finished_many([message], at)

    def finished_many(self, messages: Sequence[int], at: dt.datetime) -> None:
        if messages:
            self._connection.execute(
                message.update()
                .where(message.c.no.in_(list(messages)))
                .values(state=_W.DONE.value, stage=None, error=None, again_at=None, claimed_by=None, claimed_until=None)
            )

    def failed(self, message: int, stage: str, error: str, at: dt.datetime, again_at: dt.datetime | None) -> None:
        found = self.message(message)
        self._note(
            message,
            state=(_W.QUARANTINED if again_at is None else _W.WAITING).value,
            stage=stage, error=error, again_at=again_at, attempts=(found.attempts if found else 0) + 1,
            claimed_by=None, claimed_until=None,
        )  # fmt: skip

    def replay(self, message: int, from_stage: str | None, stages: Iterable[str], at: dt.datetime) -> None:
        self._connection.execute(
            message_stage.delete().where(message_stage.c.message == message, message_stage.c.stage.in_(list(stages)))
        )
        self._note(
            message, state=_W.WAITING.value, stage=None, error=None, attempts=0, again_at=None, claimed_by=None,
            claimed_until=None,
        )  # fmt: skip

    def dismiss(self, message: int, at: dt.datetime) -> None:
        self._note(message, state=_W.DISMISSED.value, again_at=None, claimed_by=None, claimed_until=None)

    def _note(self, number: int, **values: Any) -> None:
        self._connection.execute(message.update().where(message.c.no == number).values(**values))

    # threads

    def same_words(self, message_id: str, before: int) -> list[int]:
        rows = self._connection.execute(
            sa.select(message.c.no)
            .where(message.c.message_id == message_id, message.c.no < before)
            .order_by(message.c.no)
        )
        return [int(number) for (number,) in rows]

    def with_ids(self, message_ids: Sequence[str]) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        if message_ids:
            query = sa.select(message.c.message_id, message.c.no).where(message.c.message_id.in_(list(message_ids)))
            for one, number in self._connection.execute(query.order_by(message.c.no)):
                found.setdefault(str(one), []).append(int(number))
        return found

    def join_thread(self, message: int, ids: Iterable[str]) -> int:
        return self._joined([(message, sorted({one[:1000] for one in ids}))])[message]

    def join_threads(self, wanted: Sequence[tuple[int, Sequence[str]]]) -> None:
        self._joined([(number, sorted({one[:1000] for one in ids})) for number, ids in wanted])

    def _joined(self, wanted: Sequence[tuple[int, Sequence[str]]]) -> dict[int, int]:
        """One after another, so that the threads are those of messages that come one at a time."""
        if self._locking:  # two workers that join overlapping ids at once would each make a thread
            self._connection.execute(sa.text("SELECT pg_advisory_xact_lock(744209)"))
        asked = sorted({one for _, ids in wanted for one in ids})
        known: dict[str, int] = {}
        for start in range(0, len(asked), _ASKED_AT_ONCE):
            some = asked[start : start + _ASKED_AT_ONCE]
            rows = self._connection.execute(
                sa.select(thread_id.c.id, thread_id.c.thread).where(thread_id.c.id.in_(some))
            )
            known |= {str(one): int(number) for one, number in rows}
        bare = [number for number, ids in wanted if not any(one in known for one in ids)]
        fresh = iter(self._new_threads(len(bare)))
        merged: dict[int, int] = {}

        def today(number: int) -> int:
            while number in merged:
                number = merged[number]
            return number

        placed: dict[int, int] = {}
        new_ids: dict[str, int] = {}
        for number, ids in wanted:
            threads = sorted({today(known[one]) for one in ids if one in known})
            kept = threads[0] if threads else next(fresh)
            for other in threads[1:]:  # ids that nobody had connected before: the older takes the newer in
                self._connection.execute(thread_id.update().where(thread_id.c.thread == other).values(thread=kept))
                self._merge(other, kept)
                merged[other] = kept
            for one in ids:
                if one not in known:
                    known[one] = new_ids[one] = kept
            placed[number] = kept
        rows_of_ids = [{"id": one, "thread": today(at)} for one, at in new_ids.items()]
        insert_many_once(self._connection, thread_id, rows_of_ids, (thread_id.c.id,))
        placed = {number: today(at) for number, at in placed.items()}
        self.note_many({number: {"thread": at} for number, at in placed.items()})
        return placed

    def _new_threads(self, count: int) -> list[int]:
        if not count:
            return []
        made = self._connection.execute(
            thread.insert().returning(thread.c.no, sort_by_parameter_order=True), [{"begun_at": None}] * count
        )
        return [int(number) for (number,) in made]

    def _merge(self, other: int, kept: int) -> None:
        self._connection.execute(message.update().where(message.c.thread == other).values(thread=kept))


def _of_epoch(table: sa.Table, epoch: Epoch) -> tuple[Any, Any, Any]:
    columns = table.c
    return (
        columns.account == epoch.account,
        columns.folder == epoch.folder,
        columns.uidvalidity == epoch.uidvalidity,
    )


def _epoch(row: Any) -> Epoch:
    return Epoch(row.account, row.folder, int(row.uidvalidity), int(row.watermark), row.resyncs, row.modseq)


def _place(row: Any) -> Place:
    return Place(
        row.no, row.account, row.folder, int(row.uidvalidity), int(row.uid), PlaceState(row.state), row.message,
        row.attempts,
    )  # fmt: skip


def _message(row: Any) -> StoredMessage:
    return StoredMessage(
        no=row.no, account=row.account, sha256=row.sha256, size=row.size, received_at=row.received_at,
        stored_at=row.stored_at, state=MessageState(row.state), stage=row.stage, error=row.error,
        attempts=row.attempts, message_id=row.message_id, subject=row.subject, sender=row.sender, sent_at=row.sent_at,
        automatic=row.automatic, thread=row.thread, case_id=row.case_id, same_as=row.same_as,
    )  # fmt: skip
