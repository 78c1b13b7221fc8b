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
from mailflow.steps.enclose_copies import NO_COPIES, Copies, copies_of, with_copies
from mailflow.steps.other_accounts import beside
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
    copies: Copies = NO_COPIES,
    actor: str = PROGRAM,
    stopping: Callable[[], bool] = lambda: False,
) -> Issued:
    """Queues the letters of all statements that are released and not issued yet. ``copies`` of the open invoices are
    enclosed."""
    done = Issued()
    with database.reading() as work:
        waiting = work.statements.standing_at(Standing.RELEASED)
    for kept in waiting:
        if stopping():
            break
        statement = kept.statement
        try:
            render = _renderer(database, stationery, desk, kept, form, copies)
            done.letters += queue_statement(database, archive, desk, statement, render, clock, actor=actor)
        except Refusal as refusal:
            done.failed[statement.label] = str(refusal)
            continue
        with database.writing() as work:
            work.statements.issued(statement.number, statement.version, clock.now())
        done.statements += 1
    return done


def _renderer(
    database: Database, stationery: Stationery, desk: Desk, kept: KeptStatement, form: Form | None, copies: Copies
) -> Callable[[Statement, ReplyRoute], Letter]:
    """The first letter of a number states; a later version says what changed and withdraws the one before."""
    number, version = kept.statement.number, kept.statement.version
    with database.reading() as work:
        earlier = [one for one in work.statements.versions(number) if one.issued and one.statement.version < version]
        more = beside(work, kept.statement)
    invoices = [line.reference for line in kept.statement.open_lines if line.type == "invoice" and line.open_amount > 0]
    enclosed = copies_of(copies, invoices)

    def statement_letter(statement: Statement, route: ReplyRoute) -> Letter:
        letter = render_statement(
            stationery, statement, desk.company, route=route, form=form, counterpart=more.counterpart,
            others=more.others, enclosed=[one.name for one in enclosed],
        )  # fmt: skip
        return with_copies(letter, enclosed)

    def correction(statement: Statement, route: ReplyRoute) -> Letter:
        sheet = statement_sheet(
            stationery, statement, desk.company, route=route, form=form, counterpart=more.counterpart,
            others=more.others,
        )  # fmt: skip
        return render_correction(stationery, sheet, earlier[-1].statement)

    return correction if earlier else statement_letter
