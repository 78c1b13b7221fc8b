"""A correction of our books (更正) that a case calls for: proposed, approved, handed to the books, found booked.

    proposed ──► approved ──► exported ──► booked
        └──────► rejected

mailflow keeps no books. It hands over a journal of approved adjustments; the next ledger import shows that they were
booked, and the next statement version says what changed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from mailflow.receivables.party import Side


class AdjustmentKind(StrEnum):
    CREDIT_NOTE = "credit_note"  # we charged too much: the balance falls
    DEBIT_NOTE = "debit_note"  # we charged too little: the balance rises
    MISSING_INVOICE = "missing_invoice"  # they have an invoice or credit note that we have not booked
    MISSING_PAYMENT = "missing_payment"  # a payment that we have not booked
    WRITE_OFF = "write_off"  # not worth asking for: rounding, bank charges, small rests


class AdjustmentState(StrEnum):
    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"
    EXPORTED = "exported"
    BOOKED = "booked"


@dataclass(frozen=True, slots=True)
class NewAdjustment:
    """``amount`` is what the booking adds to the party's account, in our ledger's sign: negative lowers what is owed.
    ``reference`` names the document that is adjusted or that is to be booked."""

    case_id: str
    party_id: str
    side: Side
    kind: AdjustmentKind
    reference: str
    amount: Decimal
    currency: str
    date: dt.date
    why: str
    by: str


@dataclass(frozen=True, slots=True)
class Adjustment:
    """``decided_by`` approved or rejected it; None where the policy lets the proposer's word suffice."""

    no: int
    adjustment: NewAdjustment
    state: AdjustmentState
    proposed_at: dt.datetime
    decided_by: str | None = None
    decided_at: dt.datetime | None = None
    export_no: int | None = None
    exported_at: dt.datetime | None = None
    booked_at: dt.datetime | None = None

    @property
    def voucher(self) -> str:
        """Stands in the journal's text; an imported item that carries it shows that it was booked."""
        return voucher(self.no)


@dataclass(frozen=True, slots=True)
class AdjustmentPolicy:
    """Amounts per currency. A second person approves what is above ``one_person_up_to`` (a currency that is not named:
    everything); nothing above ``write_off_up_to`` is written off at all (not named: nothing). ``counter_accounts`` are
    numbers in the owner's chart of accounts, per kind."""

    one_person_up_to: Mapping[str, Decimal] = field(default_factory=dict)
    write_off_up_to: Mapping[str, Decimal] = field(default_factory=dict)
    counter_accounts: Mapping[AdjustmentKind, str] = field(default_factory=dict)

    def needs_second(self, one: NewAdjustment) -> bool:
        return abs(one.amount) > self.one_person_up_to.get(one.currency, Decimal(0))

    def wrong(self, one: NewAdjustment) -> str | None:
        """Why it cannot be proposed like this; None when it can."""
        if one.amount == 0:
            return "an adjustment of nothing changes nothing"
        if one.kind is AdjustmentKind.CREDIT_NOTE and one.amount > 0:
            return "a credit note lowers the balance: write its amount with a minus"
        if one.kind is AdjustmentKind.DEBIT_NOTE and one.amount < 0:
            return "a debit note raises the balance: write its amount without a minus"
        if one.kind is AdjustmentKind.MISSING_PAYMENT and one.amount > 0:
            return "a payment lowers the balance: write its amount with a minus"
        if one.kind is AdjustmentKind.WRITE_OFF:
            most = self.write_off_up_to.get(one.currency, Decimal(0))
            if abs(one.amount) > most:
                return (
                    f"no more than {most} {one.currency} may be written off (config/adjustments.toml); "
                    "propose a credit note, or go on asking for it"
                )
        return None


def suggested(difference: str, amount: Decimal) -> AdjustmentKind | None:
    """What would settle a difference of this kind (contract, ``reconciling_items``); ``amount`` is the step from our
    balance to theirs. None: nothing of ours is wrong, or it takes a person to say whose it is."""
    if difference in ("timing", "missing_in_theirs", "opening_difference"):
        return None
    if difference == "missing_in_ours":
        return AdjustmentKind.MISSING_INVOICE if amount > 0 else AdjustmentKind.MISSING_PAYMENT
    if difference in ("rounding", "bank_charge"):
        return AdjustmentKind.WRITE_OFF
    return AdjustmentKind.DEBIT_NOTE if amount > 0 else AdjustmentKind.CREDIT_NOTE


def voucher(number: int) -> str:
    return f"MF-{number:06d}"
