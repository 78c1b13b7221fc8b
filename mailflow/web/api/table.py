"""The one table of the API. Requests are served from it and the description is written from it: they cannot differ."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import BaseModel

from mailflow.steps import decide_matches
from mailflow.steps.ports.people import Role
from mailflow.web.api import adjusting, administering, deciding, reading
from mailflow.web.api import questions as ask
from mailflow.web.api import shapes as shape
from mailflow.web.api.operation import Call, Operation

_VIEWER, _CLERK, _APPROVER, _ADMINISTRATOR = Role.VIEWER, Role.CLERK, Role.APPROVER, Role.ADMINISTRATOR


def _get(
    path: str,
    group: str,
    summary: str,
    call: Callable[[Call], Any],
    answer: type[BaseModel] | None,
    query: type[BaseModel] | None = None,
    role: Role = _VIEWER,
) -> Operation:
    return Operation("GET", path, role, group, summary, call, answer, query=query)


def _post(
    path: str,
    group: str,
    summary: str,
    call: Callable[[Call], Any],
    answer: type[BaseModel],
    body: type[BaseModel] = ask.Nothing,
    role: Role = _CLERK,
    notes: str = "",
) -> Operation:
    return Operation("POST", path, role, group, summary, call, answer, body=body, notes=notes)


OPERATIONS: tuple[Operation, ...] = (
    _get("/me", "who", "Whose token this is, and what it may do", reading.me, shape.Me),
    # cases
    _get("/cases", "cases", "Cases, as 'mailflow cases --json' shows them", reading.cases, shape.Cases, ask.CasesAsked),
    _get("/cases/{case}", "cases", "One case", reading.case, shape.CaseEntry, ask.Tongue),
    _get(
        "/cases/{case}/conversation", "cases", "Its whole history in order: letters, messages, decisions",
        reading.case_conversation, shape.ConversationEntry, ask.Tongue,
    ),
    _get("/cases/{case}/drafts", "cases", "Drafted answers to what they wrote", reading.drafts, shape.Drafts),
    _post("/cases/{case}/note", "cases", "Write something down about it", deciding.note, shape.Noted, ask.Note),
    _post(
        "/cases/{case}/confirm", "cases", "Their words count as a confirmation: a person has checked who wrote them",
        deciding.confirm, shape.Decided, ask.Confirmed,
    ),
    _post(
        "/cases/{case}/dispute", "cases", "A disputed item is settled", deciding.settle_dispute, shape.Decided,
        ask.DisputeSettled,
    ),
    _post(
        "/cases/{case}/assign", "cases", "Who sees to a disputed item, and until when", deciding.assign_dispute,
        shape.Decided, ask.DisputeAssigned,
    ),
    _get("/cases/{case}/disputes", "cases", "Disputed items, open and settled", reading.disputes, shape.Disputes),
    _post(
        "/cases/{case}/resolve", "cases", "Every difference is settled", deciding.resolve, shape.Decided, ask.Because
    ),
    _post(
        "/cases/{case}/close", "cases", "The end of a case: who confirmed the balance, and how", deciding.close,
        shape.Decided, ask.Closed,
    ),
    _post(
        "/cases/{case}/reopen", "cases", "A closed case is worked on again", deciding.reopen, shape.Decided, ask.Because
    ),
    _post(
        "/cases/{case}/take-back", "cases", "What mailflow did to it after a message that it understood wrongly is "
        "taken back", deciding.take_back_move, shape.Decided, ask.TakeBack,
    ),
    # links
    _post(
        "/cases/{case}/links/accept", "links", "A proposed link is right",
        deciding.link(decide_matches.accept_match), shape.Compared, ask.Link,
    ),
    _post(
        "/cases/{case}/links/reject", "links", "These do not belong together; they are not proposed again",
        deciding.link(decide_matches.reject_match), shape.Compared, ask.Link,
    ),
    _post(
        "/cases/{case}/links/join", "links", "These are the same thing, whatever was proposed",
        deciding.link(decide_matches.link_by_hand), shape.Compared, ask.Link,
    ),
    _post(
        "/cases/{case}/links/split", "links", "A link is taken apart, and not proposed again",
        deciding.link(decide_matches.split_match), shape.Compared, ask.Link,
    ),
    _post(
        "/links/{no}/undo", "links", "A decision about a link counts no more", deciding.undo_link, shape.Compared,
        ask.Because,
    ),
    # tasks
    _get("/tasks", "tasks", "What waits for a person", reading.tasks, shape.Tasks, ask.TasksAsked),
    _get("/tasks/{no}", "tasks", "One task", reading.task, shape.TaskEntry),
    _post("/tasks/{no}/settle", "tasks", "It is done", deciding.settle_task, shape.Decided, ask.TaskSettled),
    _post("/tasks/{no}/reopen", "tasks", "It waits again", deciding.reopen_task, shape.Decided, ask.Because),
    _post(
        "/tasks/{no}/call-back", "tasks", "Your call back about new bank details", deciding.call_back, shape.CallBacks,
        ask.CalledBack, notes="Two people have to call; no bank details are ever changed by mailflow.",
    ),
    # messages and documents
    _get("/messages", "messages", "Received messages", reading.messages, shape.Messages, ask.MessagesAsked),
    _get("/messages/{no}", "messages", "One message, with what it means", reading.message, shape.MessageDetail),
    _get("/messages/{no}/raw", "messages", "The bytes as they came", reading.raw_message, None),
    _post("/messages/{no}/place", "messages", "It belongs to this case", deciding.place, shape.Placed, ask.Place),
    _post(
        "/messages/{no}/answer", "messages", "Send the drafted answer, or your own words", deciding.answer,
        shape.Queued, ask.AnswerSaid, role=_APPROVER,
    ),
    _post(
        "/messages/{no}/replay", "messages", "Work through it again, from the quarantine", deciding.replay_message,
        shape.MessageEntry,
    ),
    _post(
        "/messages/{no}/dismiss", "messages", "Leave it in the archive", deciding.dismiss_message, shape.MessageEntry,
        ask.Quarantined,
    ),
    _get("/documents", "documents", "Documents from messages", reading.documents, shape.Documents, ask.DocumentsAsked),
    _get(
        "/documents/{no}", "documents", "What it says, as 'mailflow parse --json'", reading.document,
        shape.DocumentEntry,
    ),
    _get("/documents/{no}/file", "documents", "The file as it came", reading.document_file, None),
    _get(
        "/reconciliations", "reconciliations", "Comparisons with our ledger", reading.reconciliations,
        shape.Reconciliations, ask.OfCase,
    ),
    _get(
        "/reconciliations/{no}", "reconciliations", "One, as 'mailflow reconcile --json'", reading.reconciliation,
        shape.ReconciliationEntry,
    ),
    # adjustments of our books
    _get(
        "/adjustments", "adjustments", "Corrections of our books that cases call for", adjusting.adjustments,
        shape.Adjustments, ask.AdjustmentsAsked,
    ),
    _post(
        "/cases/{case}/adjustments", "adjustments", "Propose one", adjusting.propose, shape.AdjustmentEntry,
        ask.AdjustmentSaid, notes="Within what one person may decide it is approved at once.",
    ),
    _post(
        "/adjustments/{no}/approve", "adjustments", "It is to be booked", adjusting.decide(True),
        shape.AdjustmentEntry, ask.AdjustmentDecided, role=_APPROVER, notes="By another person than proposed it.",
    ),
    _post(
        "/adjustments/{no}/reject", "adjustments", "It is not to be booked", adjusting.decide(False),
        shape.AdjustmentEntry, ask.AdjustmentDecided, role=_APPROVER,
    ),
    # statements and the outbox
    _get(
        "/statements", "statements", "Statements of account and where they stand", reading.statements,
        shape.Statements, ask.StatementsAsked,
    ),
    _get(
        "/statements/{number}", "statements", "Its newest version, with every line", reading.statement,
        shape.StatementDetail, ask.Tongue,
    ),
    _post(
        "/statements/{number}/approve", "statements", "A held statement may go out", deciding.approve, shape.Approved,
        role=_APPROVER, notes="Above the limit two different people have to.",
    ),
    _get("/outbox", "outbox", "Our letters", reading.letters, shape.Letters, ask.LettersAsked),
    _get("/outbox/{no}", "outbox", "One letter", reading.letter, shape.LetterEntry),
    _get("/outbox/{no}/raw", "outbox", "Its bytes as they go out", reading.raw_letter, None),
    _post(
        "/outbox/{no}/settle", "outbox", "A letter in doubt: it went out, or it did not", deciding.settle_letter,
        shape.LetterEntry, ask.LetterSettled,
    ),
    # the books
    _get("/parties", "books", "Customers and suppliers", reading.parties, shape.Parties, ask.PartiesAsked),
    _get("/parties/{party}/{side}", "books", "One of them", reading.party, shape.PartyEntry),
    _get("/items", "books", "Our ledger's items", reading.items, shape.Items, ask.ItemsAsked),
    _get(
        "/reports/{report}", "reports", "A report's rows and totals", reading.report, shape.ReportAnswer,
        ask.ReportAsked,
    ),
    _get("/search", "search", "Parties, cases, items and messages that say this", reading.search, shape.FoundAnswer,
         ask.SearchAsked),
    # webhooks
    _get("/webhooks", "webhooks", "Programs that hear what happens", administering.webhooks, shape.Webhooks,
         role=_ADMINISTRATOR),
    _post(
        "/webhooks", "webhooks", "Tell another program from now on", administering.make_webhook, shape.NewWebhook,
        ask.WebhookSaid, role=_ADMINISTRATOR,
    ),
    _post(
        "/webhooks/{no}/on", "webhooks", "Tell it again, from now on", administering.switch_on, shape.WebhookEntry,
        role=_ADMINISTRATOR,
    ),
    _post(
        "/webhooks/{no}/off", "webhooks", "Tell it nothing any more", administering.switch_off, shape.WebhookEntry,
        role=_ADMINISTRATOR,
    ),
    _get(
        "/deliveries", "webhooks", "What was and is to be told, with their answers", administering.deliveries,
        shape.Deliveries, ask.DeliveriesAsked, role=_ADMINISTRATOR,
    ),
    _post(
        "/deliveries/{no}/again", "webhooks", "Send one again, under the same id", administering.send_again,
        shape.DeliveryEntry, role=_ADMINISTRATOR,
    ),
)  # fmt: skip
