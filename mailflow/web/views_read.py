"""Pages that only show: a case, a message, what is kept of them, search."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import quote

from starlette.responses import RedirectResponse, Response

from mailflow.cases.case import Task, TaskKind
from mailflow.cases.decision import Belief
from mailflow.correspondence.search_words import phrases
from mailflow.refusals import Refusal
from mailflow.steps.decide_bank_details import CallBack, call_backs
from mailflow.steps.find import MOST, find
from mailflow.steps.place_by_person import cases_near
from mailflow.steps.ports.documents import KeptDocument
from mailflow.steps.ports.journal import Entry
from mailflow.steps.ports.outbox import Letter
from mailflow.steps.ports.search import Kind
from mailflow.steps.search_records import find_records
from mailflow.steps.show_cases import Conversation, HeardMessage, conversation
from mailflow.steps.show_comparison import Comparison, Row, comparison
from mailflow.web.bridge import bridge, by_kind
from mailflow.web.document_view import DocumentView, base_of_case, document_view
from mailflow.web.drawing import Drawing
from mailflow.web.visit import Visit

GATHERED = 40  # records of a kind made findable while somebody waits; the service does the rest


class ReadViews:
    def __init__(self, drawing: Drawing) -> None:
        self._drawing = drawing

    def case(self, visit: Visit) -> Response:
        case_id = visit.request.path_params["case"]
        try:
            told = conversation(visit.house.database, case_id, self._drawing.language(visit))
        except LookupError:
            raise Refusal(self._drawing.words(visit)["not_found"]) from None
        with visit.house.database.reading() as work:
            disputes = [one for _, one in work.casefile.disputes(case_ids=[case_id])]
            calls = _calls(work, told.view.tasks)
            colleagues = [one.name for one in work.people.accounts() if one.active]
        compared, doc, documents = self._papers(visit, case_id, told)
        record = by_kind(compared.record) if compared is not None else None
        told_items = {}
        if compared is not None:
            keys = map(item_key, compared.record["reconciling_items"])
            told_items = dict(zip(keys, compared.differences, strict=True))
        return visit.page(
            "case.html", told=told, view=told.view, history=[shown(at, what) for at, what in told.history()],
            record=record, bridge=bridge(record), compared=compared, doc=doc, documents=documents,
            told_items=told_items, item_key=item_key, line_link=lambda row: _line_link(doc, row), disputes=disputes,
            calls=calls, own=own_decision, colleagues=colleagues, today=visit.house.today(),
            drafts=visit.house.answers.drafts(case_id),
            bank=any(task.kind is TaskKind.BANK_DETAILS_CHANGE for task in told.view.tasks),
        )  # fmt: skip

    def _papers(
        self, visit: Visit, case_id: str, told: Conversation
    ) -> tuple[Comparison | None, DocumentView | None, list[KeptDocument]]:
        """The comparison to show, the document to show beside the conversation, and all documents of the case."""
        documents = [kept for heard in told.messages for kept in heard.documents if kept.document.lines]
        asked = visit.request.query_params
        language = self._drawing.language(visit)
        compared = comparison(visit.house.database, case_id, None, language)
        chosen = next((one for one in documents if str(one.no) == asked.get("document")), None)
        if chosen is not None and (compared is None or compared.kept.no != chosen.no):
            compared = comparison(visit.house.database, case_id, chosen.no, language) or compared
        kept = chosen or (compared.kept if compared is not None else documents[-1] if documents else None)
        if kept is None:
            return compared, None, documents
        of_it = compared if compared is not None and compared.kept.no == kept.no else None
        return compared, document_view(visit.house, kept, of_it, asked, base_of_case(case_id)), documents

    def message(self, visit: Visit) -> Response:
        number = visit.number("no")
        with visit.house.database.reading() as work:
            message = work.mailroom.message(number)
            if message is None:
                raise Refusal(self._drawing.words(visit)["not_found"])
            results = work.mailroom.results(number)
            heard = HeardMessage(message, results, work.documents.of_message(number))
            tasks = work.desk.tasks_of_message(number)
            calls = _calls(work, tasks)
            near, all_there = ([], True) if message.case_id else cases_near(work, message.sender)
            names = work.ledger.names({case.party_id for case in near})
        asked = visit.request.query_params
        papers = [kept for kept in heard.documents if kept.document.lines]
        chosen = next((one for one in papers if str(one.no) == asked.get("document")), papers[0] if papers else None)
        doc = None if chosen is None else document_view(visit.house, chosen, None, asked, f"/message/{number}")
        return visit.page(
            "one_message.html", doc=doc, documents=papers, entry=shown(message.stored_at, heard), message=message,
            tasks=tasks, calls=calls,
            own=own_decision, all_there=all_there,
            cases=[(one, names.get((one.party_id, one.side), one.party_id)) for one in near],
        )  # fmt: skip

    def search(self, visit: Visit) -> Response:
        words = visit.request.query_params.get("q", "").strip()[:200]
        found = find(visit.house.database, words)
        exact = [case for case in found.cases if case.id.casefold() == words.casefold()]
        if exact:
            return RedirectResponse(f"/case/{quote(exact[0].id)}", status_code=303)
        records, parties = {}, {case.party_id for case in found.cases}
        with visit.house.database.reading() as work:
            called = {party: name for (party, _), name in work.ledger.names(parties).items()} if parties else {}
        if phrases(words):
            hits = find_records(visit.house.database, visit.house.archive, words, limit=MOST, most=GATHERED)
            records = {kind.value: [hit for hit in hits if hit.kind is kind] for kind in Kind}
        return visit.page("search.html", found=found, words=words, records=records, called=called)

    def document(self, visit: Visit) -> Response:
        """What they sent, to be kept as a file and never shown by this server (field guide "safety", T12)."""
        with visit.house.database.reading() as work:
            kept = work.documents.get(visit.number("no"))
        if kept is None:
            raise Refusal(self._drawing.words(visit)["not_found"])
        return download(visit.house.archive.read(kept.sha256), kept.name)

    def raw_message(self, visit: Visit) -> Response:
        with visit.house.database.reading() as work:
            message = work.mailroom.message(visit.number("no"))
        if message is None:
            raise Refusal(self._drawing.words(visit)["not_found"])
        return download(visit.house.archive.read(message.sha256), f"message-{message.no}.eml")

    def letter(self, visit: Visit) -> Response:
        with visit.house.database.reading() as work:
            letter = work.outbox.letter(visit.number("no"))
        if letter is None:
            raise Refusal(self._drawing.words(visit)["not_found"])
        return download(visit.house.archive.read(letter.sha256), f"letter-{letter.no}.eml")


def item_key(item: dict[str, Any]) -> tuple[Any, ...]:
    """What tells one reconciling item of a record from another."""
    return item["kind"], tuple(item["ours"]), tuple(item["theirs"]), item["amount"]


def _line_link(doc: DocumentView | None, row: Row) -> str:
    """From an item to its line's place in the document shown, on whichever page that is."""
    if doc is None or row.line is None:
        return "#document"
    if row.line.page == doc.number:
        return f"#mark-{row.line.no}"
    return doc.link(number=row.line.page).replace("#document", f"#mark-{row.line.no}")


def download(content: bytes, name: str) -> Response:
    """As an attachment of no type, whatever its name says: the browser keeps it and opens nothing."""
    shown = "".join(one for one in name if one.isprintable() and one not in '/\\"')[-120:].strip(". ") or "document"
    ascii_name = "".join(one if one.isascii() and (one.isalnum() or one in "._- ") else "_" for one in shown)
    headers = {
        "Content-Disposition": f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(shown, safe='')}",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return Response(content, media_type="application/octet-stream", headers=headers)


def own_decision(task: Task) -> str:
    """Which form a task needs."""
    return {
        TaskKind.BANK_DETAILS_CHANGE: "bank", TaskKind.UNPLACED: "place", TaskKind.CONFIRMATION_HELD: "confirm",
        TaskKind.LETTER_IN_DOUBT: "outbox", TaskKind.SLIP_RETURNED: "confirm",
    }.get(task.kind, "done")  # fmt: skip


def _calls(work: Any, tasks: list[Task]) -> dict[int, list[CallBack]]:
    return {task.no: call_backs(work, task) for task in tasks if task.kind is TaskKind.BANK_DETAILS_CHANGE}


def shown(at: dt.datetime, what: Letter | HeardMessage | Entry) -> dict[str, Any]:
    """One entry of the history, with its kind as a word for the page."""
    if isinstance(what, Letter):
        return {"kind": "letter", "at": at, "letter": what}
    if isinstance(what, HeardMessage):
        stages = {name: kept.result for name, kept in what.stages.items()}
        placed = stages.get("thread")
        doubtful = placed is not None and Belief(placed["belief"]) in (Belief.STRANGER, Belief.FAILING)
        return {
            "kind": "message", "at": at, "message": what.message, "documents": what.documents,
            "reading": stages.get("read", {}).get("reading"), "meaning": stages.get("understand"),
            "placed": placed, "doubtful": doubtful,
        }  # fmt: skip
    return {"kind": "event", "at": at, "entry": what}
