"""Backup and restore of a whole house (joins the settings with the adapter, as bootstrap does for everything else)."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from mailflow.adapters import backup
from mailflow.adapters.backup import Contents, Places
from mailflow.adapters.database.engine import open_engine
from mailflow.adapters.database.migrate import bring_up_to_date
from mailflow.adapters.database.unit_of_work import SqlDatabase
from mailflow.adapters.process_identity import this_process
from mailflow.bootstrap import House
from mailflow.refusals import Unreachable
from mailflow.steps import after_restore
from mailflow.steps.ports.mailbox import FolderMissing, LoginRefused, MailboxDown
from mailflow.steps.ports.mailroom import MessageState


@dataclass(slots=True)
class Restored:
    """``in_doubt`` are letters that may have gone out since the backup; ``missing`` content that rows name and the
    backup does not hold."""

    contents: Contents
    in_doubt: list[int] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def places(house: House) -> Places:
    path = house.settings.path
    return Places(house.database_url, path(house.settings.archive.path), path("tokens"))


def back_up(house: House, out: Path) -> tuple[Contents, list[str]]:
    """With the content that rows name and the archive does not hold (an alarm). Harmless to a running service."""
    made = backup.make(out, places(house), house.clock.now(), version("mailflow"))
    return made, _missing(house.database, made)


def restore(house: House, file: Path, by: str) -> Restored:
    """Into an empty place, on hold. Raises :class:`mailflow.refusals.Refusal`; then nothing was changed."""
    target = places(house)
    backup.refuse_unless_empty(target)
    done = Restored(backup.check(file))

    def prepare(url: str) -> None:
        engine = open_engine(url)
        try:
            bring_up_to_date(engine)
            database = SqlDatabase(engine)
            done.in_doubt = after_restore.hold(database, done.contents.made_at, house.clock.now(), by)
            done.missing = _missing(database, done.contents)
        finally:
            engine.dispose()

    backup.unpack(file, done.contents, target, prepare)
    return done


def take_in_moved_mail(house: House) -> int | None:
    """After a restore: mail that was moved away since the backup is taken in from where it lies, once, read-only.

    How many messages were new; None when there was nothing to look through. Raises :class:`Unreachable`.
    """
    with house.database.reading() as work:
        if after_restore.mail_is_taken_in(work):
            return None
    taken = 0
    for mailbox in house.mailboxes if house.settings.mailbox else []:
        for folder in filter(None, (mailbox.processed_folder, mailbox.quarantine_folder)):
            try:
                taken += len(house.watcher(mailbox, folder, this_process()).once().messages)
            except FolderMissing:
                continue  # nothing was ever moved there
            except (MailboxDown, LoginRefused) as failure:
                raise Unreachable(
                    f"mail that was moved away since the backup cannot be taken in yet ({failure}); "
                    "'mailflow outbox resume' tries again"
                ) from None
    after_restore.mail_taken_in(house.database, house.clock.now(), taken)
    return taken


def _missing(database: SqlDatabase, contents: Contents) -> list[str]:
    with database.reading() as work:
        named = {message.sha256 for message in work.mailroom.messages() if message.state is not MessageState.ERASED}
        named |= {letter.sha256 for letter in work.outbox.letters()}
    return sorted(one for one in named if not contents.has(one))
