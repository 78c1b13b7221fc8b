"""What may be asked and said: queries and bodies. Anything else is refused, so that a typing mistake is noticed."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from mailflow.cases.adjustment import AdjustmentKind, AdjustmentState
from mailflow.cases.case import State, TaskKind
from mailflow.receivables.party import Side
from mailflow.refusals import Refusal
from mailflow.steps.decide_case import How
from mailflow.steps.ports.browse import Key
from mailflow.steps.ports.mailroom import MessageState
from mailflow.steps.ports.outbox import LetterState
from mailflow.steps.ports.statements import Standing
from mailflow.steps.ports.webhooks import DeliveryState, Subject

HIGHEST = 2**31 - 1  # of our numbers, on both databases
MOST_ROWS = 200


def _storable(text: str) -> str:
    if "\x00" in text or any("\ud800" <= one <= "\udfff" for one in text):
        raise ValueError("a NUL or half a character is no text")
    return text


def _cursor(text: str) -> str:
    _opened(text)
    return text


def _opened(text: str) -> list[Key]:
    try:
        key = json.loads(base64.urlsafe_b64decode(text.encode("ascii")))
    except (ValueError, binascii.Error, RecursionError):
        raise ValueError("this is no cursor; take it from the page before, as it is") from None
    fine = isinstance(key, list) and 1 <= len(key) <= 2
    if not fine or not all((type(one) is int and 0 <= one <= HIGHEST) or type(one) is str for one in key):
        raise ValueError("this is no cursor; take it from the page before, as it is")
    return [one if isinstance(one, int) else _storable(one) for one in key]


def cursor(*key: Key) -> str:
    """What ``after`` takes."""
    return base64.urlsafe_b64encode(json.dumps(list(key)).encode()).decode()


Text = Annotated[str, Field(max_length=300), AfterValidator(_storable)]
Words = Annotated[str, Field(min_length=1, max_length=2000, pattern=r"\S"), AfterValidator(_storable)]
Number = Annotated[int, Field(ge=1, le=HIGHEST)]
Day = Annotated[dt.date, Field(ge=dt.date(1900, 1, 1), le=dt.date(2999, 12, 31))]


class Asked(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PageAsked(Asked):
    limit: int = Field(default=50, ge=1, le=MOST_ROWS, description="How many at most.")
    after: Annotated[str, Field(max_length=1000), AfterValidator(_cursor)] | None = Field(
        default=None, description="The page after this: copied from `next`."
    )

    def behind(self, *kinds: type) -> tuple[Key, ...] | None:
        """The key that ``after`` stands for. Raises :class:`Refusal` when it is another list's."""
        if self.after is None:
            return None
        key = _opened(self.after)
        if len(key) != len(kinds) or not all(type(one) is kind for one, kind in zip(key, kinds, strict=True)):
            raise Refusal("after: this cursor belongs to another list")
        return tuple(key)


class Tongue(Asked):
    language: Literal["en", "zh"] = "en"


class CasesAsked(PageAsked):
    party: Text | None = None
    side: Side | None = None
    state: State | None = None
    as_of: Day | None = None
    language: Literal["en", "zh"] = "en"


class TasksAsked(PageAsked):
    case: Text | None = None
    kind: TaskKind | None = None
    open: bool = Field(default=True, description="false: settled ones too")


class MessagesAsked(PageAsked):
    case: Text | None = None
    state: MessageState | None = None


class DocumentsAsked(PageAsked):
    case: Text | None = None
    message: Number | None = None


class OfCase(PageAsked):
    case: Text | None = None


class LettersAsked(PageAsked):
    case: Text | None = None
    state: LetterState | None = None


class StatementsAsked(PageAsked):
    party: Text | None = None
    side: Side | None = None
    standing: Standing | None = None
    as_of: Day | None = None
    language: Literal["en", "zh"] = "en"


class PartiesAsked(PageAsked):
    side: Side | None = None


class ItemsAsked(PageAsked):
    party: Text | None = None
    side: Side | None = None


class ReportAsked(Asked):
    as_of: Day | None = Field(default=None, description="Of the ageing; else the day of the last import.")


class AdjustmentsAsked(PageAsked):
    case: Text | None = None
    state: AdjustmentState | None = None


class SearchAsked(Asked):
    q: Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_storable)]


class DeliveriesAsked(PageAsked):
    webhook: Number | None = None
    state: DeliveryState | None = None


# bodies


class Because(Asked):
    why: Words = Field(description="Kept in the journal.")


class TaskSettled(Because):
    dismissed: bool = Field(default=False, description="true: there was nothing to see to")


class Confirmed(Asked):
    confirmed_by: Words = Field(description="Who of theirs.")
    how: How = How.MAIL
    why: Annotated[str, Field(max_length=2000), AfterValidator(_storable)] = ""


class DisputeSettled(Because):
    reference: Text | None = Field(default=None, description="The item; null: the statement as a whole.")
    dismissed: bool = Field(default=False, description="true: the objection fell away")


class DisputeAssigned(Asked):
    reference: Text | None = Field(default=None, description="The item; null: the statement as a whole.")
    owner: Text | None = Field(default=None, description="An account here; null: nobody.")
    due_on: Day | None = None


class Closed(Asked):
    confirmed_by: Annotated[str, Field(max_length=2000), AfterValidator(_storable)] = ""
    how: How = How.MAIL
    why: Annotated[str, Field(max_length=2000), AfterValidator(_storable)] = ""


class Note(Asked):
    note: Words


class TakeBack(Because):
    entry: Number = Field(description="Of the journal, as the conversation shows it.")


class Link(Asked):
    document: Number
    ours: list[Text] = Field(default=[], max_length=1000, description="Ids of our ledger items.")
    theirs: list[Number] = Field(default=[], max_length=1000, description="Line numbers of their document.")
    why: Annotated[str, Field(max_length=2000), AfterValidator(_storable)] = ""


class Place(Asked):
    case: Text


class AnswerSaid(Asked):
    text: Annotated[str, Field(max_length=20_000), AfterValidator(_storable)] | None = Field(
        default=None, description="In place of the drafted words."
    )
    settles: list[Number] = Field(default=[], max_length=100, description="Tasks that this answer settles.")


class LetterSettled(Asked):
    was_sent: bool = Field(description="true: it went out. false: it did not, and goes out again.")


class CalledBack(Asked):
    called: Words = Field(description="Whom you spoke to.")
    phone: Words = Field(description="The number, which you knew before.")
    genuine: bool
    why: Annotated[str, Field(max_length=2000), AfterValidator(_storable)] = ""


class Quarantined(Asked):
    why: Annotated[str, Field(max_length=2000), AfterValidator(_storable)] = ""


class AdjustmentSaid(Because):
    kind: AdjustmentKind
    reference: Words = Field(description="The document that is adjusted, or that is to be booked.")
    amount: Annotated[str, Field(max_length=40, pattern=r"^-?[0-9]+(\.[0-9]+)?$", examples=["-250.00"])] = Field(
        description="What the booking adds to the account, in our ledger's sign: negative lowers what is owed."
    )
    date: Day


class AdjustmentDecided(Asked):
    why: Annotated[str, Field(max_length=2000), AfterValidator(_storable)] = Field(
        default="", description="Needed to reject."
    )


class WebhookSaid(Asked):
    name: Annotated[str, Field(min_length=1, max_length=100, pattern=r"\S"), AfterValidator(_storable)]
    url: Annotated[str, Field(min_length=1, max_length=2000), AfterValidator(_storable)] = Field(
        description="https://…; http:// on this machine only"
    )
    events: list[Subject] = Field(min_length=1, max_length=10)


class Nothing(Asked):
    """An empty object."""
