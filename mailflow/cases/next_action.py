"""Who is next and what they have to do, in words that a clerk acts on. The red tasks come before everything else."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from mailflow.cases.case import RED, Case, State, Task, TaskKind
from mailflow.cases.promise import PromiseToPay

WAITING_STATES = (State.QUEUED, State.SENT, State.PROMISED, State.CONFIRMED, State.CLOSED)  # for nobody of ours

_ORDER = (
    TaskKind.BANK_DETAILS_CHANGE,
    TaskKind.STOP,
    TaskKind.UNDELIVERABLE,
    TaskKind.UNPLACED,
    TaskKind.LETTER_IN_DOUBT,
    TaskKind.CONFIRMATION_HELD,
    TaskKind.SLIP_RETURNED,
    TaskKind.STRANGER,
    TaskKind.DISPUTE,
    TaskKind.DOCUMENT_UNPROVEN,
    TaskKind.DIFFERENCES,
    TaskKind.QUESTION,
    TaskKind.DOCUMENT_REQUEST,
    TaskKind.CONTACT_CHANGE,
    TaskKind.PAYMENT_MADE,
    TaskKind.PROMISE_BROKEN,
    TaskKind.CALL,
    TaskKind.READ_BY_PERSON,
)


def urgency(kind: TaskKind) -> int:
    """The place of a task of this kind among what waits; 0 comes first."""
    return _ORDER.index(kind)


TASK_WORDS: dict[str, dict[TaskKind, str]] = {
    "en": {
        TaskKind.BANK_DETAILS_CHANGE: "They ask for other bank details: call a known number, two people decide",
        TaskKind.STOP: "They want no more mail: decide",
        TaskKind.UNDELIVERABLE: "Find a working address",
        TaskKind.UNPLACED: "Say which case this message belongs to",
        TaskKind.LETTER_IN_DOUBT: "Find out whether our letter went out (mailflow outbox settle)",
        TaskKind.CONFIRMATION_HELD: "Check the confirmation before it counts",
        TaskKind.SLIP_RETURNED: "Look at the signed slip: seal, signature and what is ticked",
        TaskKind.STRANGER: "Check who wrote this",
        TaskKind.DISPUTE: "Check what they dispute and answer",
        TaskKind.DOCUMENT_UNPROVEN: "Check their document by eye",
        TaskKind.DIFFERENCES: "Settle the explained differences with them",
        TaskKind.QUESTION: "Answer their question",
        TaskKind.DOCUMENT_REQUEST: "Send the copies they ask for",
        TaskKind.CONTACT_CHANGE: "Check the new contact",
        TaskKind.PAYMENT_MADE: "Find the payment that they say they made",
        TaskKind.PROMISE_BROKEN: "Ask about the promised payment that has not come",
        TaskKind.CALL: "Call them: no answer to our letter and reminders",
        TaskKind.READ_BY_PERSON: "Read their message",
    },
    "zh": {
        TaskKind.BANK_DETAILS_CHANGE: "对方要求变更收款账户:请致电已知号码核实,须两人决定",
        TaskKind.STOP: "对方不愿再收邮件:请决定",
        TaskKind.UNDELIVERABLE: "请找到可用的邮箱地址",
        TaskKind.UNPLACED: "请指明此邮件属于哪个案卷",
        TaskKind.LETTER_IN_DOUBT: "请确认我方函件是否已发出(mailflow outbox settle)",
        TaskKind.CONFIRMATION_HELD: "请核实后再记为确认",
        TaskKind.SLIP_RETURNED: "回执已寄回:请查看印章、签字和勾选项",
        TaskKind.STRANGER: "请核实发件人身份",
        TaskKind.DISPUTE: "请核查对方异议并回复",
        TaskKind.DOCUMENT_UNPROVEN: "请人工查看对方单据",
        TaskKind.DIFFERENCES: "差异已说明,请与对方处理",
        TaskKind.QUESTION: "请答复对方的询问",
        TaskKind.DOCUMENT_REQUEST: "请寄送对方索取的单据副本",
        TaskKind.CONTACT_CHANGE: "请核实新的联系人",
        TaskKind.PAYMENT_MADE: "对方称已付款,请查找该笔款项",
        TaskKind.PROMISE_BROKEN: "承诺的款项未到账,请向对方询问",
        TaskKind.CALL: "对方未回复函件及提醒,请致电",
        TaskKind.READ_BY_PERSON: "请阅读对方邮件",
    },
}

_STATE_WORDS: dict[str, dict[State, str]] = {
    "en": {
        State.DRAFT: "Review the statement",
        State.HELD: "Review what holds the statement back",
        State.QUEUED: "Nothing: the letter goes out by itself",
        State.SENT: "Wait for their answer",
        State.UNDELIVERABLE: "Find a working address",
        State.ANSWERED: "Read their answer",
        State.CONFIRMED: "Nothing: confirmed",
        State.DISPUTED: "Check what they dispute and answer",
        State.PROMISED: "Wait for the promised payment",
        State.RECONCILING: "Settle the explained differences with them",
        State.RESOLVED: "Close the case",
        State.CLOSED: "Nothing: closed",
    },
    "zh": {
        State.DRAFT: "请审核对账单",
        State.HELD: "请查看对账单被暂缓的原因",
        State.QUEUED: "无需操作:信函将自动寄出",
        State.SENT: "等待对方回复",
        State.UNDELIVERABLE: "请找到可用的邮箱地址",
        State.ANSWERED: "请阅读对方回复",
        State.CONFIRMED: "无需操作:已确认",
        State.DISPUTED: "请核查对方异议并回复",
        State.PROMISED: "等待承诺的付款",
        State.RECONCILING: "差异已说明,请与对方处理",
        State.RESOLVED: "请结案",
        State.CLOSED: "无需操作:已结案",
    },
}


@dataclass(frozen=True, slots=True)
class NextAction:
    """``person`` says that somebody on our side has to act; ``red`` that it comes before everything else."""

    words: str
    due: dt.date | None = None
    person: bool = False
    red: bool = False


def next_action(case: Case, tasks: list[Task], promise: PromiseToPay | None, language: str = "en") -> NextAction:
    """``tasks`` are the open ones of this case. ``language`` is a BCP 47 tag."""
    tongue = "zh" if language.lower().startswith("zh") else "en"
    kinds = {task.kind for task in tasks}
    for kind in _ORDER:
        if kind in kinds:
            return NextAction(TASK_WORDS[tongue][kind], person=True, red=kind in RED)
    due = promise.date if case.state is State.PROMISED and promise is not None else None
    return NextAction(_STATE_WORDS[tongue][case.state], due=due, person=case.state not in WAITING_STATES)
