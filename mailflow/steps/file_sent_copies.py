"""Puts a copy of each accepted letter into our Sent folder, unless the mail server did so itself.

Gmail and Exchange file what is sent through them; a copy of ours would be a second one. Which kind of server this is is
learned by looking: a copy that shows up without us is the server's; none within two minutes means that filing is ours.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from mailflow.steps.ports.archive import Archive
from mailflow.steps.ports.clock import Clock
from mailflow.steps.ports.outbox import Letter, SentCopy, SentMark
from mailflow.steps.ports.sending import SentFolder, SentView
from mailflow.steps.ports.work import Database

SERVER_FILES_WITHIN = dt.timedelta(minutes=2)
MISSING_AFTER = dt.timedelta(minutes=30)
AT_ONCE = 200


@dataclass(slots=True)
class CopyReport:
    found: int = 0  # the server had filed it
    filed: int = 0  # we did
    missing: int = 0  # the server files copies, and this one never came
    waiting: int = 0


def file_sent_copies(database: Database, archive: Archive, sent_folder: SentFolder, clock: Clock) -> CopyReport:
    """Raises ``ServerDown`` (ports.sending) when the folder cannot be asked; the next call goes on."""
    report = CopyReport()
    with database.reading() as work:
        letters = work.sending.without_copy(AT_ONCE)
        servers = work.sending.server_files_copies()
    if not letters:
        return report
    now = clock.now()
    marks = [letter.mark for letter in letters if letter.mark is not None]
    same_life = len(marks) == len(letters) and len({mark.uidvalidity for mark in marks}) == 1
    view = sent_folder.view(min(marks, key=lambda mark: mark.uid) if same_life else None)
    for letter in letters:
        age = now - (letter.settled_at or now)
        copy = view.ids.get(letter.message_id)
        if copy is not None:
            _found(database, letter, copy)
            report.found += 1
            servers = servers or letter.sent_copy is None
        elif servers and letter.sent_copy is None:
            if age >= MISSING_AFTER:
                with database.writing() as work:
                    work.sending.copy_filed(letter.no, SentCopy.MISSING)
                report.missing += 1
            else:
                report.waiting += 1
        elif servers is None and age < SERVER_FILES_WITHIN:
            report.waiting += 1
        else:
            if servers is None and _proves_absence(view, letter.mark):
                with database.writing() as work:
                    work.sending.learn_server_files_copies(False)
                servers = False
            _file(database, archive, sent_folder, letter)
            report.filed += 1
    return report


def _found(database: Database, letter: Letter, copy: str) -> None:
    with database.writing() as work:
        ours = letter.sent_copy is SentCopy.FILING  # our own copy, and then a crash
        work.sending.copy_filed(letter.no, SentCopy.OURS if ours else SentCopy.SERVER)
        if not ours:
            work.sending.learn_server_files_copies(True)
        if copy != letter.message_id:
            work.outbox.add_alias(letter.no, copy)


def _file(database: Database, archive: Archive, sent_folder: SentFolder, letter: Letter) -> None:
    with database.writing() as work:
        work.sending.copy_filed(letter.no, SentCopy.FILING)
    sent_folder.file(archive.read(letter.sha256), letter.settled_at or letter.queued_at)
    with database.writing() as work:
        work.sending.copy_filed(letter.no, SentCopy.OURS)


def _proves_absence(view: SentView, mark: SentMark | None) -> bool:
    """An empty folder that nobody has written to yet proves it too: the server had two minutes to do so."""
    return view.whole or (mark is not None and mark.uidvalidity == 0)
