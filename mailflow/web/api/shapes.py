"""The answers' shapes. Keys are the contract's; money is a decimal string, an instant carries its offset."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from mailflow.cases.adjustment import AdjustmentKind, AdjustmentState
from mailflow.cases.case import Settled, State, TaskKind
from mailflow.correspondence.message import DisputeReason
from mailflow.receivables.party import Side
from mailflow.steps.ports.mailroom import MessageState
from mailflow.steps.ports.outbox import LetterState
from mailflow.steps.ports.people import Role
from mailflow.steps.ports.statements import Standing
from mailflow.steps.ports.webhooks import DeliveryState, Subject

Money = Annotated[str, Field(pattern=r"^-?[0-9]+(\.[0-9]+)?$", examples=["1234.50"])]
Day = Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", examples=["2026-10-31"])]
Moment = Annotated[str, Field(description="ISO 8601 with its offset", examples=["2026-11-02T09:14:00+00:00"])]
Next = Annotated[str | None, Field(description="Where the next page is; null on the last one.")]
Currency = Annotated[str, Field(pattern="^[A-Z]{3}$", examples=["CNY"])]


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Wide(BaseModel):
    """May carry further keys (contract: a field may be added)."""

    model_config = ConfigDict(extra="allow")


class Me(Shape):
    account: str
    role: Role


class CaseTask(Shape):
    no: int
    kind: TaskKind
    evidence: str


class CaseEntry(Wide):
    case: str
    party: str
    party_name: str
    side: Side
    currency: Currency
    statement_no: str
    version: int
    as_of: Day
    state: State
    our_balance: Money
    their_balance: Money | None
    open_questions: int
    open_tasks: list[CaseTask]
    next_action: str
    next_action_due: str | None
    needs_person: bool
    messages: int


class Cases(Shape):
    cases: list[CaseEntry]
    next: Next


class Moments(Wide):
    at: Moment
    type: Literal["letter", "message", "event"]


class MatchEntry(Wide):
    ours: list[str]
    theirs: list[int]
    rule: str
    amount_ours: Money
    amount_theirs: Money
    difference: Money
    automatic: bool
    confidence: float
    explanation: str


class ReconcilingItem(Wide):
    kind: str
    ours: list[str]
    theirs: list[int]
    amount: Money
    reference: str | None
    explanation: str
    suggested_action: str


class ReconciliationRecord(Wide):
    party: str | None
    side: Side
    currency: str | None
    as_of: str | None
    sign_flipped: bool
    our_balance: Money
    their_balance: Money
    difference: Money
    matches: list[MatchEntry]
    reconciling_items: list[ReconcilingItem]
    proof: dict[str, Any]
    counts: dict[str, int]


class ConversationEntry(Shape):
    case: CaseEntry
    history: list[Moments]
    reconciliations: list[ReconciliationRecord]


class ReconciliationEntry(Shape):
    no: int
    case: str
    document: int
    version: int
    at: Moment
    record: ReconciliationRecord


class ReconciliationHead(Shape):
    no: int
    case: str
    document: int
    version: int
    at: Moment
    currency: str | None
    our_balance: Money
    their_balance: Money
    difference: Money
    unexplained: Money
    counts: dict[str, int]


class Reconciliations(Shape):
    reconciliations: list[ReconciliationHead]
    next: Next


class DraftEntry(Shape):
    message: int
    to: str
    kind: str
    subject: str
    text: str
    language: str
    sent: int | None
    files: list[str]


class Drafts(Shape):
    drafts: list[DraftEntry]


class DisputeEntry(Shape):
    reference: str | None = Field(description="The item; null: the statement as a whole.")
    reason: DisputeReason
    amount: Money | None
    evidence: str
    settled: Settled
    opened_on: Day | None
    owner: str | None
    due_on: Day | None
    message: int | None


class Disputes(Shape):
    disputes: list[DisputeEntry]


class TaskEntry(Shape):
    no: int
    case: str | None
    message: int | None
    kind: TaskKind
    evidence: str
    facts: dict[str, Any]
    opened_at: Moment
    settled: Settled
    settled_by: str | None


class Tasks(Shape):
    tasks: list[TaskEntry]
    next: Next


class MessageEntry(Shape):
    no: int
    mailbox: str
    case: str | None
    thread: int | None
    message_id: str | None
    subject: str
    sender: str
    received_at: Moment
    sent_at: Moment | None
    state: MessageState
    automatic: str | None
    error: str | None
    size: int
    sha256: str


class Messages(Shape):
    messages: list[MessageEntry]
    next: Next


class MessageDetail(MessageEntry):
    reading: dict[str, Any] | None
    meaning: dict[str, Any] | None
    placed: dict[str, Any] | None
    documents: list[int]


class DocumentHead(Shape):
    no: int
    message: int
    case: str | None
    name: str
    sha256: str
    kind: str
    trust: str
    lines: int


class Documents(Shape):
    documents: list[DocumentHead]
    next: Next


class DocumentEntry(Shape):
    no: int
    message: int
    case: str | None
    name: str
    sha256: str
    document: Wide


class LetterEntry(Shape):
    no: int
    case: str | None
    statement_no: str
    version: int
    kind: str
    to: str
    subject: str
    message_id: str
    state: LetterState
    queued_at: Moment
    due_at: Moment
    settled_at: Moment | None
    settled_by: str | None
    attempts: int
    code: int | None
    words: str
    sha256: str


class Letters(Shape):
    letters: list[LetterEntry]
    next: Next


class FindingEntry(Shape):
    rule: str
    severity: str
    reason: str
    release: str


class StatementEntry(Shape):
    statement_no: str
    version: int
    party: str
    party_name: str
    side: Side
    currency: Currency
    as_of: Day
    period_start: Day
    opening: Money
    closing: Money
    overdue: Money
    standing: Standing
    findings: list[FindingEntry]
    approved_by: list[str]
    released_by: str | None
    drawn_at: Moment
    issued_at: Moment | None


class Statements(Shape):
    statements: list[StatementEntry]
    next: Next


class StatementDetail(StatementEntry):
    versions: list[int]
    record: dict[str, Any]


class Approved(Shape):
    statement_no: str
    outcome: str
    letters: int


class PartyEntry(Shape):
    party: str
    side: Side
    name: str
    emails: list[str]
    language: str | None
    currency: str | None
    tax_id: str | None
    payment_terms: str | None
    statement_schedule: str | None
    salesperson: str | None
    salesperson_email: str | None
    aliases: list[str]


class Parties(Shape):
    parties: list[PartyEntry]
    next: Next


class ItemEntry(Shape):
    id: str
    party: str
    side: Side
    type: str
    reference: str
    their_reference: str
    po_number: str
    date: Day | None
    due_date: Day | None
    currency: str
    amount: Money
    open_amount: Money | None
    description: str


class Items(Shape):
    items: list[ItemEntry]
    next: Next


class ReportAnswer(Shape):
    report: str
    columns: list[str]
    rows: list[dict[str, Any]]
    totals: list[dict[str, Any]]


class FoundAnswer(Shape):
    parties: list[PartyEntry]
    cases: list[str]
    items: list[ItemEntry]
    messages: list[MessageEntry]


class Decided(Shape):
    case: CaseEntry | None
    settled: list[int] = Field(description="Numbers of the tasks that this settled.")


class Noted(Shape):
    entry: int = Field(description="Its number in the journal.")


class Compared(Shape):
    decision: int = Field(description="The number to undo it by.")
    record: ReconciliationRecord


class Queued(Shape):
    letter: int


class Placed(Shape):
    message: int
    case: str


class CallBackEntry(Shape):
    by: str
    called: str
    phone: str
    genuine: bool
    note: str


class CallBacks(Shape):
    call_backs: list[CallBackEntry]
    settled: bool = Field(description="Two people agree; no data was changed.")


class AdjustmentEntry(Shape):
    number: int
    voucher: str = Field(description="Stands in the journal's text; a ledger item that carries it was booked.")
    case: str
    party: str
    side: Side
    kind: AdjustmentKind
    reference: str
    amount: Money
    currency: Currency
    date: Day
    why: str
    state: AdjustmentState
    proposed_by: str
    decided_by: str | None
    export: int | None
    booked_at: Moment | None


class Adjustments(Shape):
    adjustments: list[AdjustmentEntry]
    next: Next


class WebhookEntry(Shape):
    no: int
    name: str
    url: str
    events: list[Subject]
    active: bool
    from_settings: bool
    made_by: str
    made_at: Moment
    waiting: int
    delivered: int
    given_up: int


class Webhooks(Shape):
    webhooks: list[WebhookEntry]


class NewWebhook(Shape):
    webhook: WebhookEntry
    secret: str = Field(description="Signs every delivery; shown once.")


class DeliveryEntry(Shape):
    no: int
    webhook: int
    event: str
    subject: Subject
    state: DeliveryState
    made_at: Moment
    due_at: Moment
    attempts: int
    code: int | None
    words: str
    settled_at: Moment | None


class Deliveries(Shape):
    deliveries: list[DeliveryEntry]
    next: Next


class ProblemShape(Shape):
    """RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[dict[str, str]] | None = None
