"""Who watches a folder, its epochs, and the places where messages lie in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from mailflow.adapters.database.mailroom_tables import mail_epoch, mail_folder, mail_place, message
from mailflow.adapters.database.once import insert_many_once, insert_once
from mailflow.steps.ports.mailroom import Epoch, MessageState, Place, PlaceState, Taken

_W, _S = MessageState, PlaceState


class PlaceRows:
    """The first half of ``mailflow.steps.ports.mailroom.Mailroom``."""

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
