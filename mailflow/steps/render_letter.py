"""Letters about a statement, ready to be put into an envelope: text, HTML, PDF and workbook of one and the same value.

letter = render_statement(stationery, statement, company, route=ReplyRoute(token, plus_address(ours, token)))
raw = compose(letter, Envelope(...))          # mailflow.correspondence.letter
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from mailflow.correspondence.letter import Letter, LetterFile
from mailflow.correspondence.letter_context import statement_context
from mailflow.correspondence.statement_sheet import FiguresDisagree, Form, ReplyRoute, StatementSheet, lay_out
from mailflow.receivables.company import Company
from mailflow.receivables.statement import Statement
from mailflow.refusals import Refusal
from mailflow.steps.ports.letters import Stationery

PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def render_statement(
    stationery: Stationery,
    statement: Statement,
    company: Company,
    *,
    route: ReplyRoute,
    language: str | None = None,
    form: Form | None = None,
    neutral: bool | None = None,
    issued_on: dt.date | None = None,
    counterpart: Statement | None = None,
    others: Sequence[Statement] = (),
    enclosed: Sequence[str] = (),
) -> Letter:
    """The statement as a letter with its PDF and XLSX; ``enclosed`` names further files that will lie in it.

    The language is the named one, else the party's, else ours.

    Raises :class:`Refusal` when the figures do not add up, a template is broken, or a character cannot be printed.
    """
    sheet = statement_sheet(
        stationery,
        statement,
        company,
        route=route,
        language=language,
        form=form,
        neutral=neutral,
        issued_on=issued_on,
        counterpart=counterpart,
        others=others,
    )
    files = statement_files(stationery, sheet)
    context = statement_context(sheet, files=[*(file.name for file in files), *enclosed])
    letter = stationery.templates.render("statement", sheet.words.language, context)
    letter = replace(letter, files=files)
    stationery.prove(letter, sheet)
    return letter


def statement_sheet(
    stationery: Stationery,
    statement: Statement,
    company: Company,
    *,
    route: ReplyRoute,
    language: str | None = None,
    form: Form | None = None,
    neutral: bool | None = None,
    issued_on: dt.date | None = None,
    counterpart: Statement | None = None,
    others: Sequence[Statement] = (),
) -> StatementSheet:
    """The value that letter, PDF and workbook are all made from. Raises :class:`Refusal` when it does not add up."""
    words = stationery.templates.words(language or statement.party.language or company.language)
    try:
        return lay_out(
            statement,
            company,
            words,
            route,
            form=form,
            neutral=neutral,
            issued_on=issued_on,
            counterpart=counterpart,
            others=others,
        )
    except FiguresDisagree as found:
        raise Refusal(f"this statement cannot be rendered: {found}") from None


def statement_files(stationery: Stationery, sheet: StatementSheet) -> tuple[LetterFile, LetterFile]:
    """PDF and XLSX; number and version stand in both names, so that a file alone finds its statement."""
    stem = file_stem(sheet)
    return (
        LetterFile(f"{stem}.pdf", PDF, stationery.paper.draw(sheet)),
        LetterFile(f"{stem}.xlsx", XLSX, stationery.workbook.write(sheet)),
    )


def file_stem(sheet: StatementSheet) -> str:
    """``对账单_华星贸易有限公司_SOA-202610-C001-CNY_v1``: what file systems of all kinds can keep."""
    statement = sheet.statement
    title, name = sheet.words["file.statement"], sheet.company.name[:40]
    stem = f"{title}_{name}_{statement.number}_v{statement.version}"
    return "".join("-" if character in '/\\:*?"<>|' or ord(character) < 32 else character for character in stem)
