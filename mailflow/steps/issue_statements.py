"""Makes the letters of every released statement: the last step between a frozen version and the outbox.

Safe to repeat and to break off: a letter is queued once by its key, and a statement counts as issued only when its
letters are there. One statement that cannot be rendered is held with the reason and never stops the others.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from mailflow.correspondence.letter import Letter
from mailflow.correspondence.statement_sheet import Form, ReplyRoute
from mailflow.receivables.statement import Statement
from mailflow.refusals import Refusal
from mailflow.steps.advance_case import PROGRAM
from mailflow.steps.ports.archive import Archive
from mailflow.steps.ports.clock import Clock
from mailflow.steps.ports.letters import Stationery
from mailflow.steps.ports.statements import KeptStatement, Standing
from mailflow.steps.ports.work import Database
from mailflow.steps.queue_letters import Desk, queue_statement
from mailflow.steps.render_follow_up import render_correction
from mailflow.steps.render_letter import render_statement, statement_sheet


@dataclass(slots=True)
class Issued:
    """``letters`` are the numbers of letters that are new; ``failed`` maps a statement's label to why it has none."""

    statements: int = 0
    letters: list[int] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)


def issue_released(
    database: Database,
    archive: Archive,
    desk: Desk,
    stationery: Stationery,
    clock: Clock,
    *,
    form: Form | None = None,
    actor: str = PROGRAM,
    stopping: Callable[[], bool] = lambda: False,
) -> Issued:
    """Queues the letters of all statements that are released and not issued yet."""
    done = Issued()
    with database.reading() as work:
        waiting = work.statements.standing_at(Standing.RELEASED)
    for kept in waiting:
        if stopping():
            break
        statement = kept.statement
        try:
            render = _renderer(database, stationery, desk, kept, form)
            done.letters += queue_statement(database, archive, desk, statement, render, clock, actor=actor)
        except Refusal as refusal:
            done.failed[statement.label] = str(refusal)
            continue
        with database.writing() as work:
            work.statements.issued(statement.number, statement.version, clock.now())
        done.statements += 1
    return done


def _renderer(
    database: Database, stationery: Stationery, desk: Desk, kept: KeptStatement, form: Form | None
) -> Callable[[Statement, ReplyRoute], Letter]:
    """The first letter of a number states; a later version says what changed and withdraws the one before."""
    number, version = kept.statement.number, kept.statement.version
    with database.reading() as work:
        earlier = [one for one in work.statements.versions(number) if one.issued and one.statement.version < version]
    if not earlier:
        return lambda statement, route: render_statement(stationery, statement, desk.company, route=route, form=form)
    previous = earlier[-1].statement

    def correction(statement: Statement, route: ReplyRoute) -> Letter:
        sheet = statement_sheet(stationery, statement, desk.company, route=route, form=form)
        return render_correction(stationery, sheet, previous)

    return correction
