"""What the API tells. Every list is a page: the database cuts it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from mailflow.receivables.party import Side
from mailflow.refusals import Refusal
from mailflow.steps.conversation_record import to_json
from mailflow.steps.find import find
from mailflow.steps.ports.browse import Key
from mailflow.steps.report import REPORTS
from mailflow.steps.show_cases import case_views, conversation
from mailflow.web.api import entries
from mailflow.web.api import questions as ask
from mailflow.web.api.operation import Call, File, Problem, missing, there

Row = TypeVar("Row")


def me(call: Call) -> dict[str, Any]:
    return {"account": call.account.name, "role": call.account.role.value}


def cases(call: Call) -> dict[str, Any]:
    asked = call.asked(ask.CasesAsked)
    with call.house.database.reading() as work:
        found = work.browse.cases(
            limit=asked.limit + 1, after=asked.behind(str), party_id=asked.party, side=asked.side, state=asked.state,
            as_of=asked.as_of,
        )  # fmt: skip
        shown, onward = cut("cases", asked, found, lambda one: (one.id,))
        views = case_views(work, shown, asked.language)
    return {"cases": [view.to_json() for view in views], "next": onward}


def case(call: Call) -> dict[str, Any]:
    with call.house.database.reading() as work:
        found = there(work.casefile.get(call.path["case"]), "such case")
        return case_views(work, [found], call.asked(ask.Tongue).language)[0].to_json()


def case_conversation(call: Call) -> dict[str, Any]:
    try:
        return to_json(conversation(call.house.database, call.path["case"], call.asked(ask.Tongue).language))
    except LookupError:
        raise missing("such case") from None


def disputes(call: Call) -> dict[str, Any]:
    case_id = call.path["case"]
    with call.house.database.reading() as work:
        there(work.casefile.get(case_id), "such case")
        found = work.casefile.disputes(case_ids=[case_id])
    return {"disputes": [entries.dispute(one) for _, one in found]}


def drafts(call: Call) -> dict[str, Any]:
    try:
        made = call.house.answers.drafts(call.path["case"])
    except Refusal:
        raise missing("such case") from None
    return {
        "drafts": [
            {"message": one.message, "to": one.to, "kind": one.kind, "subject": one.subject, "text": one.text,
             "language": one.language, "sent": one.sent, "files": list(one.files)}
            for one in made
        ]
    }  # fmt: skip


def tasks(call: Call) -> dict[str, Any]:
    asked = call.asked(ask.TasksAsked)
    with call.house.database.reading() as work:
        found = work.browse.tasks(
            limit=asked.limit + 1, after=asked.behind(int), case_id=asked.case, kind=asked.kind, open_only=asked.open
        )
    shown, onward = cut("tasks", asked, found, lambda one: (one.no,))
    return {"tasks": list(map(entries.task, shown)), "next": onward}


def task(call: Call) -> dict[str, Any]:
    with call.house.database.reading() as work:
        found = there(work.casefile.task(call.number("no")), "such task")
    return entries.task(found)


def messages(call: Call) -> dict[str, Any]:
    asked = call.asked(ask.MessagesAsked)
    with call.house.database.reading() as work:
        found = work.browse.messages(
            limit=asked.limit + 1, after=asked.behind(int), case_id=asked.case, state=asked.state
        )
    shown, onward = cut("messages", asked, found, lambda one: (one.no,))
    return {"messages": list(map(entries.message, shown)), "next": onward}


def message(call: Call) -> dict[str, Any]:
    number = call.number("no")
    with call.house.database.reading() as work:
        found = there(work.mailroom.message(number), "such message")
        results = {name: kept.result for name, kept in work.mailroom.results(number).items()}
        papers = [kept.no for kept in work.documents.of_message(number)]
    return entries.message(found) | {
        "reading": results.get("read", {}).get("reading"), "meaning": results.get("understand"),
        "placed": results.get("thread"), "documents": papers,
    }  # fmt: skip


def raw_message(call: Call) -> File:
    with call.house.database.reading() as work:
        found = there(work.mailroom.message(call.number("no")), "such message")
    return File(call.house.archive.read(found.sha256), f"message-{found.no}.eml")


def documents(call: Call) -> dict[str, Any]:
    asked = call.asked(ask.DocumentsAsked)
    with call.house.database.reading() as work:
        found = work.browse.documents(
            limit=asked.limit + 1, after=asked.behind(int), case_id=asked.case, message=asked.message
        )
    shown, onward = cut("documents", asked, found, lambda one: (one.no,))
    return {"documents": list(map(entries.document_head, shown)), "next": onward}


def document(call: Call) -> dict[str, Any]:
    with call.house.database.reading() as work:
        kept = there(work.documents.get(call.number("no")), "such document")
    return entries.document(kept)


def document_file(call: Call) -> File:
    with call.house.database.reading() as work:
        kept = there(work.documents.get(call.number("no")), "such document")
    return File(call.house.archive.read(kept.sha256), kept.name)


def reconciliations(call: Call) -> dict[str, Any]:
    asked = call.asked(ask.OfCase)
    with call.house.database.reading() as work:
        found = work.browse.reconciliations(limit=asked.limit + 1, after=asked.behind(int), case_id=asked.case)
    shown, onward = cut("reconciliations", asked, found, lambda one: (one.no,))
    return {"reconciliations": list(map(entries.reconciliation_head, shown)), "next": onward}


def reconciliation(call: Call) -> dict[str, Any]:
    with call.house.database.reading() as work:
        kept = there(work.browse.reconciliation(call.number("no")), "such reconciliation")
    return entries.reconciliation(kept)


def letters(call: Call) -> dict[str, Any]:
    asked = call.asked(ask.LettersAsked)
    with call.house.database.reading() as work:
        found = work.browse.letters(
            limit=asked.limit + 1, after=asked.behind(int), case_id=asked.case, state=asked.state
        )
    shown, onward = cut("outbox", asked, found, lambda one: (one.no,))
    return {"letters": list(map(entries.letter, shown)), "next": onward}


def letter(call: Call) -> dict[str, Any]:
    with call.house.database.reading() as work:
        found = there(work.outbox.letter(call.number("no")), "such letter")
    return entries.letter(found)


def raw_letter(call: Call) -> File:
    with call.house.database.reading() as work:
        found = there(work.outbox.letter(call.number("no")), "such letter")
    return File(call.house.archive.read(found.sha256), f"letter-{found.no}.eml")


def statements(call: Call) -> dict[str, Any]:
    asked = call.asked(ask.StatementsAsked)
    with call.house.database.reading() as work:
        found = work.browse.statements(
            limit=asked.limit + 1, after=asked.behind(str, int), party_id=asked.party, side=asked.side,
            standing=asked.standing, as_of=asked.as_of,
        )  # fmt: skip
    shown, onward = cut("statements", asked, found, lambda one: (one.statement.number, one.statement.version))
    return {"statements": [entries.statement(one, asked.language) for one in shown], "next": onward}


def statement(call: Call) -> dict[str, Any]:
    """The newest version."""
    with call.house.database.reading() as work:
        versions = work.statements.versions(call.path["number"])
    if not versions:
        raise missing("such statement")
    numbers = [one.statement.version for one in versions]
    return entries.statement_detail(versions[-1], numbers, call.asked(ask.Tongue).language)


def parties(call: Call) -> dict[str, Any]:
    asked = call.asked(ask.PartiesAsked)
    with call.house.database.reading() as work:
        found = work.browse.parties(limit=asked.limit + 1, after=asked.behind(str, str), side=asked.side)
    shown, onward = cut("parties", asked, found, lambda one: (one.id, one.side.value))
    return {"parties": list(map(entries.party, shown)), "next": onward}


def party(call: Call) -> dict[str, Any]:
    with call.house.database.reading() as work:
        found = there(work.ledger.party(call.path["party"], Side(call.path["side"])), "such party")
    return entries.party(found)


def items(call: Call) -> dict[str, Any]:
    asked = call.asked(ask.ItemsAsked)
    with call.house.database.reading() as work:
        found = work.browse.items(
            limit=asked.limit + 1, after=asked.behind(str, str), party_id=asked.party, side=asked.side
        )
    shown, onward = cut("items", asked, found, lambda one: (one.side.value, one.id))
    return {"items": list(map(entries.item, shown)), "next": onward}


def report(call: Call) -> dict[str, Any]:
    if call.path["report"] not in REPORTS:
        raise Problem(404, f"there is no such report; there are {', '.join(REPORTS)}")
    return entries.report(call.house.report(call.path["report"], call.asked(ask.ReportAsked).as_of))


def search(call: Call) -> dict[str, Any]:
    found = find(call.house.database, call.asked(ask.SearchAsked).q)
    return {
        "parties": list(map(entries.party, found.parties)), "cases": [one.id for one in found.cases],
        "items": list(map(entries.item, found.items)), "messages": list(map(entries.message, found.messages)),
    }  # fmt: skip


def cut(
    path: str, asked: ask.PageAsked, found: Sequence[Row], key: Callable[[Row], tuple[Key, ...]]
) -> tuple[list[Row], str | None]:
    """What to show of one row more than was asked for, and where the rest is."""
    if len(found) <= asked.limit:
        return list(found), None
    shown = list(found[: asked.limit])
    wanted = asked.model_dump(mode="json", exclude={"after"}, exclude_defaults=True)
    wanted["after"] = ask.cursor(*key(shown[-1]))
    texts = {name: str(value).lower() if isinstance(value, bool) else value for name, value in wanted.items()}
    return shown, f"/api/{path}?{urlencode(texts)}"
