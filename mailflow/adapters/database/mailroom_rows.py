"""The mailroom: where each message lies, its bytes, what each stage made of it, which belong together."""

from __future__ import annotations

from mailflow.adapters.database.place_rows import PlaceRows
from mailflow.adapters.database.thread_rows import ThreadRows


class MailroomRows(PlaceRows, ThreadRows):
    """``mailflow.steps.ports.mailroom.Mailroom``."""
