"""One round of the sender: send what is due, make certain what is in doubt, file the copies that nobody else files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from mailflow.steps.file_sent_copies import CopyReport, file_sent_copies
from mailflow.steps.letter_attempt import SendReport
from mailflow.steps.ports.archive import Archive
from mailflow.steps.ports.clock import Clock
from mailflow.steps.ports.sending import SentFolder, ServerDown, Transport
from mailflow.steps.ports.work import Database
from mailflow.steps.send_letters import AS_USUAL, Pace, send_due
from mailflow.steps.settle_in_doubt import SettleReport, settle_in_doubt


@dataclass(slots=True)
class RoundReport:
    """``sent_folder_down`` says why the Sent folder could not be asked; letters go out without it."""

    sent: SendReport
    settled: SettleReport = field(default_factory=SettleReport)
    copies: CopyReport = field(default_factory=CopyReport)
    sent_folder_down: str | None = None


def send_round(
    database: Database,
    archive: Archive,
    transport: Transport,
    clock: Clock,
    sent_folder: SentFolder | None,
    *,
    holder: str,
    has_ended: Callable[[str], bool],
    pace: Pace = AS_USUAL,
    stopping: Callable[[], bool] = lambda: False,
    progress: Callable[[SendReport], None] = lambda report: None,
    look_into_sent: bool = True,
) -> RoundReport:
    """``look_into_sent`` False leaves the Sent folder alone this time (a running service looks every few rounds)."""
    report = RoundReport(
        send_due(
            database, archive, transport, clock, holder=holder, has_ended=has_ended, pace=pace,
            sent_folder=sent_folder, stopping=stopping, progress=progress,
        )
    )  # fmt: skip
    if look_into_sent and not stopping():
        report.settled = settle_in_doubt(database, sent_folder, clock)
        report.sent_folder_down = report.settled.unreachable
        if sent_folder is not None and report.sent_folder_down is None:
            try:
                report.copies = file_sent_copies(database, archive, sent_folder, clock)
            except ServerDown as down:
                report.sent_folder_down = str(down)
    return report
