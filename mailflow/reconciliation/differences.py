"""Names the difference on a match. Each name has its own proof; the first that holds wins, else amount_difference."""

from __future__ import annotations

import re
from decimal import Decimal

from mailflow.reconciliation.account import Account
from mailflow.reconciliation.entry import Entry
from mailflow.reconciliation.match import Kind, Match
from mailflow.reconciliation.rules import OPENING

FEE_WORDS = re.compile(
    r"\bLATE\b|OVERDUE|INTEREST|FINANCE CHARGE|PENALT|DUNNING|REMINDER FEE|MAHN|VERZUG|ZINS|滞纳|逾期|利息|罚息|违约金",
    re.I,
)
BANK_WORDS = re.compile(
    r"\bBANK (?:CHARGE|FEE|COST)|\bWIRE\b|TRANSFER FEE|REMITTANCE FEE|SWIFT|OUR/SHA|CHARGES|GEBÜHR|SPESEN|手续费|"
    r"银行费|汇费|转账费|电汇费",
    re.I,
)
DISCOUNT_WORDS = re.compile(r"DISCOUNT|SKONTO|REBATE|ESCOMPTE|折扣|现金折扣|返利|折让", re.I)
ROUNDING_WORDS = re.compile(r"ROUNDING|ROUND[- ]OFF|RUNDUNG|PENNY|尾差|抹零|舍入|四舍五入", re.I)
PARTIAL_WORDS = re.compile(r"PART(?:IAL)?\b|INSTAL|ON ACCOUNT|TEIL|ACOMPTE|部分|分期|预付|定金|余款", re.I)
OPENING_WORDS = re.compile(
    r"OPENING|BROUGHT FORWARD|\bB/?F(?:WD)?\b|BALANCE FORWARD|CARRIED (?:FORWARD|OVER)|PREVIOUS BALANCE|"
    r"ANFANGSSALDO|VORTRAG|期初|上期结[转余]|上月结[转余]|年初余额|承前|上期余额|结转余额",
    re.I,
)


def opening_row(entry: Entry) -> bool:
    """A row that only brings a balance forward: it says so, and carries no document number."""
    if entry.plain and entry.type in ("invoice", "payment", "credit_note", "debit_note"):
        return False
    return OPENING_WORDS.search(words_of(entry)) is not None


def words_of(*entries: Entry) -> str:
    """Everything readable on the lines but their numbers' meaning: for looking up reason words."""
    return " ".join(f"{e.text} {' '.join(e.refs)}" for e in entries)


def name_difference(account: Account, match: Match, *, settles: bool, party: str) -> tuple[Kind, str]:
    """Kind and reason of a match whose sides differ. ``settles``: their lines say what they pay for our documents."""
    ours, theirs = match.our_units, match.their_units
    difference = theirs - ours
    lines = len(match.ours) + len(match.theirs)
    if match.rule is OPENING:
        left = match.left
        if left is None or not left.items:
            return Kind.OPENING_DIFFERENCE, "opening"
        known = sum(item.amount for item in left.items) == match.difference
        return Kind.OPENING_DIFFERENCE, "carried" if known else "carried_in_part"
    if ours == -theirs:
        return Kind.SIGN_ERROR, "wrong_side"
    cap = account.policy.rounding_cap(account.currency, account.places)
    largest = max(abs(ours), abs(theirs))
    if abs(difference) <= max(cap, lines if lines > 2 else 0) and (
        abs(difference) <= 2 or abs(difference) * 100 <= largest
    ):
        return Kind.ROUNDING, "rounding"
    words = words_of(*match.ours, *match.theirs)
    if ROUNDING_WORDS.search(words) and abs(difference) * 100 <= largest:
        return Kind.ROUNDING, "stated"
    ours_is_whole = settles or account.payer_is_us
    less = (abs(ours) - abs(theirs)) * (1 if ours_is_whole else -1) if ours * theirs > 0 else 0
    if settles or all(e.paid for e in (*match.ours, *match.theirs)):
        return _of_money(account, match, less, words, party)
    return _of_paper(account, match, less, words, party)


def _of_money(account: Account, match: Match, less: int, words: str, party: str) -> tuple[Kind, str]:
    """``less``: how much less arrived than the payer sent, or than a document of ours asks for."""
    if less <= 0:
        if FEE_WORDS.search(words):
            return Kind.LATE_FEE, "stated"
        return Kind.AMOUNT_DIFFERENCE, "paid_more"
    size = max(abs(match.our_units), abs(match.their_units))
    if DISCOUNT_WORDS.search(words):
        return Kind.DISCOUNT_TAKEN, "stated"
    if BANK_WORDS.search(words) and less * 10 <= size:
        return Kind.BANK_CHARGE, "stated"
    if PARTIAL_WORDS.search(words):
        return Kind.PARTIAL_PAYMENT, "stated"
    agreed = _discount(account, match, less, party)
    if agreed:
        return Kind.DISCOUNT_TAKEN, agreed
    if any(_is_percent(less, size, percent) for percent in account.policy.payment_discounts):
        return Kind.DISCOUNT_TAKEN, "usual_percent"
    if less in account.policy.known_charges(account.currency, account.places):
        return Kind.BANK_CHARGE, "known_charge"
    if less <= account.policy.charge_cap(account.currency, account.places) and less * 20 <= size:
        return Kind.BANK_CHARGE, "small"
    if Decimal(less) >= account.policy.partial_share * size:
        return Kind.PARTIAL_PAYMENT, "large_rest"
    return Kind.SHORT_PAYMENT, "less_paid"


def _of_paper(account: Account, match: Match, less: int, words: str, party: str) -> tuple[Kind, str]:
    """``less``: how much less the creditor's book shows than the debtor's; either may have taken a discount off."""
    size = max(abs(match.our_units), abs(match.their_units))
    if less and DISCOUNT_WORDS.search(words):
        return Kind.DISCOUNT_TAKEN, "stated"
    if less > 0 and PARTIAL_WORDS.search(words):
        return Kind.PARTIAL_PAYMENT, "stated"
    if less < 0 and FEE_WORDS.search(words):
        return Kind.LATE_FEE, "stated"
    if less < 0 and _is_interest(account, match, -less, party):
        return Kind.LATE_FEE, "rate_and_days"
    agreed = _discount(account, match, abs(less), party)
    if agreed:
        return Kind.DISCOUNT_TAKEN, agreed
    if less and any(_is_percent(abs(less), size, percent) for percent in account.policy.usual_discounts):
        return Kind.DISCOUNT_TAKEN, "usual_percent"
    if _swapped(match.our_units, match.their_units):
        return Kind.AMOUNT_DIFFERENCE, "digits_swapped"
    if less > 0 and Decimal(less) >= account.policy.partial_share * size:
        return Kind.PARTIAL_PAYMENT, "large_rest"
    return Kind.AMOUNT_DIFFERENCE, "unknown"


def _discount(account: Account, match: Match, less: int, party: str) -> str:
    """ "terms" or "unearned" when the agreed percentage was taken, in time by the payment's date or late; else ""."""
    terms = account.policy.terms_of(party)
    size = max(abs(match.our_units), abs(match.their_units))
    if not less or terms.discount_percent is None or not _is_percent(less, size, terms.discount_percent):
        return ""
    first, paid = _first_and_last(match)
    late = first and paid and paid - first > terms.discount_days + terms.grace_days
    return "unearned" if late else "terms"


def _is_interest(account: Account, match: Match, more: int, party: str) -> bool:
    rate = account.policy.terms_of(party).late_rate
    due = min((e.source.due_date.toordinal() for e in (*match.ours, *match.theirs) if e.source.due_date), default=0)
    _, until = _first_and_last(match)
    if rate is None or not due or until <= due:
        return False
    asked = min(abs(match.our_units), abs(match.their_units))
    return abs(Decimal(asked) * rate * (until - due) / 36500 - more) <= 1


def _first_and_last(match: Match) -> tuple[int, int]:
    """The oldest and the newest date of a match, 0 where it has none."""
    days = [e.day for e in (*match.ours, *match.theirs) if e.day]
    return min(days, default=0), max(days, default=0)


def _is_percent(less: int, size: int, percent: Decimal) -> bool:
    return abs(less * 100 - percent * size) <= 100


def _swapped(one: int, other: int) -> bool:
    """The same digits in another order: somebody typed 5410 for 4510."""
    return one != other and (one - other) % 9 == 0 and sorted(str(abs(one))) == sorted(str(abs(other)))
