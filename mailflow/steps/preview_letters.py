"""Letters as files for looking at: what would go out, without freezing, queueing or sending anything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mailflow.correspondence import token as tokens
from mailflow.correspondence.statement_sheet import Form, ReplyRoute
from mailflow.receivables.statement import Statement
from mailflow.refusals import Refusal
from mailflow.steps.other_accounts import beside
from mailflow.steps.ports.letters import Stationery
from mailflow.steps.ports.work import Database
from mailflow.steps.queue_letters import Desk
from mailflow.steps.render_follow_up import render_correction
from mailflow.steps.render_letter import render_statement, statement_sheet

NOBODY = "preview@localhost"  # stands in the token of a letter to a party that has no address


@dataclass(frozen=True, slots=True)
class PreviewFile:
    """``name`` may hold any language, and no separator of paths."""

    name: str
    content: bytes


def preview_files(
    database: Database,
    desk: Desk,
    stationery: Stationery,
    statement: Statement,
    *,
    form: Form | None = None,
    drawn: Sequence[Statement] = (),
) -> Iterator[PreviewFile]:
    """Subject and text, HTML, PDF and workbook of one statement; ``drawn`` are all of the same run.

    Raises :class:`Refusal` when it cannot be rendered."""
    recipient = statement.party.emails[0] if statement.party.emails else NOBODY
    token = tokens.issue(desk.token_key, statement.number, statement.version, recipient)
    route = ReplyRoute(token, tokens.plus_address(desk.company.address or NOBODY, token))
    with database.reading() as work:
        versions = work.statements.versions(statement.number)
        more = beside(work, statement, drawn)
    earlier = [one.statement for one in versions if one.issued and one.statement.version < statement.version]
    if earlier:
        sheet = statement_sheet(
            stationery, statement, desk.company, route=route, form=form, counterpart=more.counterpart,
            others=more.others,
        )  # fmt: skip
        letter = render_correction(stationery, sheet, earlier[-1])
    else:
        letter = render_statement(
            stationery, statement, desk.company, route=route, form=form, counterpart=more.counterpart,
            others=more.others,
        )  # fmt: skip
    to = ", ".join(statement.party.emails) or "–"
    head = f"To: {to}\nSubject: {letter.subject}\n\n"
    yield PreviewFile("letter.txt", (head + letter.text).encode("utf-8"))
    yield PreviewFile("letter.html", letter.html.encode("utf-8"))
    for file in letter.files:
        if "/" in file.name or "\\" in file.name or file.name.startswith("."):
            raise Refusal(f"{statement.label}: the file name {file.name!r} cannot be written")
        yield PreviewFile(file.name, file.content)
