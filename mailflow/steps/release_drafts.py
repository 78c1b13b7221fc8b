"""A person lets out statements that the review let pass and that nobody has sent yet: one, or all of a day.

What the review holds is another matter (:mod:`mailflow.steps.review_statements`): this never releases it.
"""

from __future__ import annotations

import datetime as dt

from mailflow.cases.case import Event
from mailflow.steps.advance_case import move
from mailflow.steps.ports.statements import Standing
from mailflow.steps.ports.work import Database


def release_drafts(
    database: Database,
    *,
    by: str,
    now: dt.datetime,
    number: str | None = None,
    as_of: dt.date | None = None,
) -> list[str]:
    """The drafts of this number, or of this day; all of them when neither is named. The numbers that may now go out,
    each released in the name of ``by`` and in a transaction of its own; what somebody else was faster with is left."""
    with database.reading() as work:
        found = [one.statement for one in work.statements.standing_at(Standing.DRAFT)]
    released = []
    for statement in found:
        if (number is not None and statement.number != number) or (as_of is not None and statement.as_of != as_of):
            continue
        with database.writing() as work:
            kept = work.statements.get(statement.number)
            if kept is None or kept.standing is not Standing.DRAFT:
                continue
            version = kept.statement.version
            work.statements.judge(
                kept.statement, standing=Standing.RELEASED, findings=kept.findings, at=now, released_by=by
            )
            facts = {"version": version, "rules": [], "released": True}
            work.journal.append(now, by, "statement.approved", f"case:{statement.number}", facts)
            move(work, statement.number, Event.RELEASED, at=now, actor=by, by=[by])
        released.append(statement.number)
    return released
