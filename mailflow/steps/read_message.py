"""Stage "read": raw bytes to what the message says, in the parser child; attachments go to the archive."""

from __future__ import annotations

import datetime as dt

from mailflow.steps import search
from mailflow.steps.ports.archive import Archive
from mailflow.steps.ports.mailroom import StoredMessage
from mailflow.steps.ports.parsing import Parsing, Unreadable
from mailflow.steps.ports.work import Work
from mailflow.steps.process_messages import Hopeless, Outcome, Results

MAX_READ_BYTES = 25 * 1024 * 1024  # a larger one is kept whole in the archive and shown to a person


class ReadMessage:
    name = "read"

    def __init__(self, archive: Archive, parsing: Parsing) -> None:
        self._archive, self._parsing = archive, parsing

    def __call__(self, message: StoredMessage, results: Results) -> Outcome:
        if message.size > MAX_READ_BYTES:
            limit = MAX_READ_BYTES // (1024 * 1024)
            raise Hopeless(f"the message has {message.size} bytes; more than {limit} MiB are not read, a person must")
        try:
            read = self._parsing.read_message(self._archive.read(message.sha256))
        except Unreadable as failure:
            raise Hopeless(f"the message cannot be read: {failure}") from None
        parts = [
            {
                "name": part.name,
                "type": part.type,
                "sha256": self._archive.store([part.content]).sha256,
                "size": len(part.content),
                "inline": part.inline,
            }
            for part in read.parts
        ]
        reading = read.reading

        def write(work: Work, at: dt.datetime) -> None:
            work.mailroom.note(
                message.no,
                message_id=(reading["message_id"] or None) and reading["message_id"][:1000],
                subject=reading["subject"][:2000],
                sender=(reading["from"]["address"] or reading["from"]["name"] or "")[:400],
                sent_at=_instant(reading["date"]),
                automatic=reading["automatic"],
            )
            search.put(work, message.no, reading)

        return Outcome({"reading": reading, "routing": read.routing, "parts": parts}, write)


def _instant(text: str | None) -> dt.datetime | None:
    """A sender's date may be anything: what our columns cannot hold is no date."""
    if text is None:
        return None
    try:
        moment = dt.datetime.fromisoformat(text)
        return moment.astimezone(dt.UTC) if moment.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None
