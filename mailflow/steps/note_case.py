"""A person writes down something about a case; it stands in the journal and in the conversation, and moves nothing."""

from __future__ import annotations

import datetime as dt

from mailflow.steps.decide_case import said, wanted_case
from mailflow.steps.ports.work import Database

NOTED = "note.added"


def note_case(database: Database, case_id: str, note: str, *, by: str, at: dt.datetime) -> int:
    """The number of its entry in the journal. Raises :class:`mailflow.refusals.Refusal`."""
    words = said(note, "what is to be noted")
    with database.writing() as work:
        wanted_case(work, case_id)
        return work.journal.append(at, by, NOTED, f"case:{case_id}", {"why": words})
