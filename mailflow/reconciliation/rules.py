"""The rules in the order in which they are tried, each with its cost and whether it may accept without a person.

Cost is the price of being wrong, used where rules compete: lower wins. ``confidence`` only orders a person's queue; no
threshold on it accepts anything. ``automatic`` says under which further facts a link of this rule is accepted:

    alone    the number decides: unique pair, and the repeat gate of ``gate.py`` passed
    fact     only with a second agreeing fact: the amount occurs once on both sides, dates near, not a round amount
    never    a person looks at it
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Rule:
    name: str
    cost: int
    automatic: Literal["alone", "fact", "never"]
    confidence: float
    words: str


CONFIRMED = Rule("confirmed_by_person", 0, "alone", 1.0, "a person confirmed this pair")
CARRIED = Rule("carried_match", 0, "alone", 1.0, "matched and closed in an earlier reconciliation")
SETTLED = Rule("settled_on_our_side", 2, "alone", 0.97, "settled among themselves; neither side lists them as open")
OPENING = Rule("opening_balance", 1, "alone", 0.99, "both are the opening balance")

EXACT = Rule("exact_reference", 10, "alone", 0.99, "same number, same amount")
LETTERS = Rule("same_reference_without_separators", 11, "alone", 0.99, "same number once separators are dropped")
PREFIX = Rule("same_reference_without_prefix", 12, "alone", 0.98, "same number once the prefix is dropped")
DIGITS = Rule("same_digits", 13, "alone", 0.97, "same digits; letters and leading zeros differ")
MAIN = Rule("same_main_number", 14, "alone", 0.97, "same main number; year, suffix or decoration differ")
SCANNED = Rule("same_reference_ocr", 15, "alone", 0.96, "same number once letters read for digits are put right")
SCANNED_DIGITS = Rule("same_digits_ocr", 16, "alone", 0.95, "same digits once letters read for digits are put right")
LADDER = (EXACT, LETTERS, PREFIX, DIGITS, MAIN, SCANNED, SCANNED_DIGITS)

MERGED = Rule("merged_references", 20, "alone", 0.96, "one line names several documents; their sum agrees")
SPLIT = Rule("same_number_same_total", 21, "alone", 0.96, "several lines under one number; their totals agree")
DESCRIBED = Rule("reference_in_description", 25, "fact", 0.93, "the number stands in the description")
ORDERED = Rule("purchase_order", 26, "fact", 0.92, "same purchase order or delivery note, same amount")
OTHER_AMOUNT = Rule("same_reference_other_amount", 30, "alone", 0.93, "same number, other amount")
NETTED = Rule("reference_and_credit", 29, "alone", 0.95, "same number; an open credit explains the difference")
MERGED_OTHER = Rule(
    "merged_references_other_amount", 31, "never", 0.85, "one line names several documents; sum differs"
)
SPLIT_OTHER = Rule("same_number_other_total", 32, "never", 0.85, "several lines under one number; totals differ")

TRUNCATED = Rule("truncated_reference", 40, "fact", 0.93, "one number is the beginning or the end of the other")
NEAR = Rule("near_reference", 41, "fact", 0.91, "the numbers differ by a slip of the hand or of the scanner")
AMOUNT_DATE = Rule("amount_and_date", 50, "fact", 0.90, "same amount, dates close")
TWINS = Rule("amount_and_date_twins", 55, "never", 0.65, "equal amounts paired by date and order")
AMOUNT_FAR = Rule("amount_alone", 58, "never", 0.60, "same amount found once on each side, dates apart")

SUM_DAY = Rule("sum_of_a_day", 60, "never", 0.80, "everything of one day adds up to it")
SUM_RUN = Rule("sum_of_consecutive", 61, "never", 0.78, "consecutive documents add up to it")
SUM_FEW = Rule("sum_of_few", 62, "never", 0.65, "two or three items add up to it")
SUM_ANY = Rule("sum_of_some", 63, "never", 0.50, "the only combination that adds up to it")
MANY = Rule("many_to_many", 66, "never", 0.50, "two groups with the same total, close in time")

LESS_CHARGE = Rule("payment_less_charge", 70, "never", 0.60, "a payment that differs by a usual deduction, dates close")
LESS_PAID = Rule("payment_in_part", 73, "never", 0.45, "the only payments near each other in time; less arrived")
TURNED = Rule("amount_turned", 71, "never", 0.60, "same amount on the other side of the account, dates close")
ROUNDED = Rule("amount_rounded", 72, "never", 0.60, "amounts differ by rounding only, dates close")

TABLE: tuple[Rule, ...] = (
    CONFIRMED, CARRIED, OPENING, SETTLED, *LADDER, MERGED, SPLIT, DESCRIBED, ORDERED, NETTED, OTHER_AMOUNT,
    MERGED_OTHER, SPLIT_OTHER, TRUNCATED, NEAR, AMOUNT_DATE, TWINS, AMOUNT_FAR, SUM_DAY, SUM_RUN, SUM_FEW, SUM_ANY,
    MANY, LESS_CHARGE, TURNED, ROUNDED, LESS_PAID,
)  # fmt: skip
BY_NAME = {rule.name: rule for rule in TABLE}
