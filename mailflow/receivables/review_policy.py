"""What the review looks for, how hard each rule is, and its limits. Values come from ``config/review.toml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum


class Severity(StrEnum):
    """``block``: the data must be mended, nobody can let it pass. ``hold``: a person decides. ``warn``: listed."""

    OFF = "off"
    WARN = "warn"
    HOLD = "hold"
    BLOCK = "block"


class Rule(StrEnum):
    """The gates, in the order in which they are asked and shown."""

    TIE_OUT = "tie_out"
    ONE_PARTY = "one_party"
    NO_ADDRESS = "no_address"
    FOREIGN_ADDRESS = "foreign_address"
    DEAD_ADDRESS = "dead_address"
    RECIPIENT_CHANGED = "recipient_changed"
    OPEN_AMOUNTS = "open_amounts"
    UNDATED = "undated"
    ODD_DATES = "odd_dates"
    DUPLICATE_REFERENCE = "duplicate_reference"
    MISSING_REFERENCE = "missing_reference"
    OTHER_PARTY_NAMED = "other_party_named"
    NO_ACCOUNT = "no_account"
    STALE_LEDGER = "stale_ledger"
    STALE_BANK = "stale_bank"
    QUIET_BANK = "quiet_bank"
    ITEMS_GONE = "items_gone"
    ROLL_FORWARD = "roll_forward"
    ZERO_BALANCE = "zero_balance"
    CREDIT_BALANCE = "credit_balance"
    CORRECTION = "correction"
    JUMP = "jump"
    MINIMUM_GAP = "minimum_gap"
    OPEN_MAIL = "open_mail"
    LATE = "late"
    BATCH = "batch"
    LARGE = "large"
    SENSITIVE = "sensitive"
    FIRST_TIME = "first_time"
    UNAPPLIED = "unapplied"
    OLD_CREDIT = "old_credit"
    DUE_ESTIMATED = "due_estimated"
    TERMS_UNKNOWN = "terms_unknown"


DEFAULTS: Mapping[Rule, Severity] = {
    Rule.TIE_OUT: Severity.BLOCK,
    Rule.ONE_PARTY: Severity.BLOCK,
    Rule.NO_ADDRESS: Severity.BLOCK,
    Rule.FOREIGN_ADDRESS: Severity.BLOCK,
    Rule.DEAD_ADDRESS: Severity.BLOCK,
    Rule.QUIET_BANK: Severity.WARN,
    Rule.FIRST_TIME: Severity.WARN,
    Rule.UNAPPLIED: Severity.WARN,
    Rule.OLD_CREDIT: Severity.WARN,
    Rule.DUE_ESTIMATED: Severity.WARN,
    Rule.TERMS_UNKNOWN: Severity.WARN,
}
"""What is not named here holds. The blocks cannot be softened by a policy."""


@dataclass(frozen=True, slots=True)
class ReviewPolicy:
    """``jump_share`` and ``jump_amounts`` (by currency) must both be passed for a jump. ``two_people_above``: the
    closing balance, by currency, that needs two people; a currency that is not named has no limit.
    ``shared_addresses`` may belong to several parties (a shared service centre), because somebody said so."""

    severities: Mapping[Rule, Severity] = field(default_factory=dict)
    ledger_working_days: int = 3
    bank_working_days: int = 3
    bank_quiet_working_days: int = 10
    jump_share: Decimal = Decimal("0.5")
    jump_amounts: Mapping[str, Decimal] = field(default_factory=dict)
    minimum_gap_days: int = 5
    two_people_above: Mapping[str, Decimal] = field(default_factory=dict)
    old_credit_days: int = 90
    sensitive_parties: frozenset[str] = frozenset()
    shared_addresses: frozenset[str] = frozenset()

    def severity(self, rule: Rule) -> Severity:
        default = DEFAULTS.get(rule, Severity.HOLD)
        return default if default is Severity.BLOCK else self.severities.get(rule, default)
