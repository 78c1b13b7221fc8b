"""Each rule of the review by one statement that trips only it; what blocks, what holds, and who can release it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from string import Formatter

import pytest

from mailflow.receivables.drawing import draw
from mailflow.receivables.ledger import Item
from mailflow.receivables.open_items import DERIVED, INCOMPLETE, UNCLEAR, UNTIED
from mailflow.receivables.party import Party, Side
from mailflow.receivables.review import Finding, ReviewContext, blocks, holds, people_needed, review
from mailflow.receivables.review_policy import DEFAULTS, ReviewPolicy, Rule, Severity
from mailflow.receivables.review_words import OPEN_AMOUNT_WORDS, STALE_WORDS, WORDS
from mailflow.receivables.statement import Statement
from mailflow.receivables.working_days import working_days

D = dt.date.fromisoformat
AS_OF = D("2026-10-31")
PARTY = Party("C1", "恒泰包装", Side.RECEIVABLE, emails=("a@hengtai.example",), payment_terms="net30")


def item(no: str, amount: str = "100.00", dated: str = "2026-10-05", **more: object) -> Item:
    values: dict[str, object] = {
        "id": no, "party_id": "C1", "side": Side.RECEIVABLE, "reference": f"INV-{no}", "date": D(dated),
        "currency": "CNY", "amount": Decimal(amount), "type": "invoice", "open_amount": Decimal(amount),
    }  # fmt: skip
    return Item(**(values | more))  # type: ignore[arg-type]


def drawn(*items: Item, party: Party = PARTY, as_of: dt.date = AS_OF) -> Statement:
    return draw(items or (item("A"),), party, Side.RECEIVABLE, "CNY", as_of, as_of.replace(day=1))


LAST = drawn(item("Z", dated="2026-09-05"), as_of=D("2026-09-30"))
GOOD = drawn(item("Z", dated="2026-09-05"), item("A", "20.00"))
CONTEXT = ReviewContext(
    today=D("2026-11-02"), working_days_between=working_days("CN").between, account_currencies=frozenset({"CNY"}),
    last=LAST, imported_on=D("2026-11-01"), ledger_as_of=AS_OF,
)  # fmt: skip
POLICY = ReviewPolicy(
    jump_amounts={"CNY": Decimal(50)}, two_people_above={"CNY": Decimal(1000)}, sensitive_parties=frozenset({"C9"})
)


def rules(statement: Statement, context: ReviewContext = CONTEXT, policy: ReviewPolicy = POLICY) -> list[Rule]:
    return [finding.rule for finding in review(statement, context, policy)]


def test_a_good_statement_finds_nothing() -> None:
    assert review(GOOD, CONTEXT, POLICY) == []


def with_doubt(doubt: str) -> Statement:
    return replace(GOOD, doubts=(doubt,))


def mail(*addresses: str) -> Statement:
    return replace(GOOD, party=replace(PARTY, emails=addresses))


Made = Callable[[], tuple[Statement, ReviewContext]]
TRIPS: list[tuple[Rule, Made]] = [
    (Rule.TIE_OUT, lambda: (replace(GOOD, closing=GOOD.closing + 1), replace(CONTEXT, last=GOOD))),
    (Rule.ONE_PARTY, lambda: (GOOD, replace(CONTEXT, item_ids=frozenset({"Z"})))),
    (Rule.NO_ADDRESS, lambda: (mail(), CONTEXT)),
    (Rule.FOREIGN_ADDRESS, lambda: (GOOD, replace(CONTEXT, other_owners={"a@hengtai.example": ("Northgate",)}))),
    (Rule.DEAD_ADDRESS, lambda: (GOOD, replace(CONTEXT, dead_addresses=frozenset({"a@hengtai.example"})))),
    (Rule.RECIPIENT_CHANGED, lambda: (mail("new@hengtai.example"), CONTEXT)),
    (Rule.OPEN_AMOUNTS, lambda: (with_doubt(UNCLEAR), CONTEXT)),
    (Rule.OPEN_AMOUNTS, lambda: (with_doubt(INCOMPLETE), CONTEXT)),
    (Rule.OPEN_AMOUNTS, lambda: (with_doubt(UNTIED), CONTEXT)),
    (Rule.OPEN_AMOUNTS, lambda: (
        drawn(item("Z", dated="2026-09-05"), item("A", "20.00", open_amount=Decimal("30.00"))),
        replace(CONTEXT, last=replace(LAST, closing=Decimal("110.00"))))),
    (Rule.UNDATED, lambda: (drawn(item("Z", dated="2026-09-05"), item("A", "20.00", date=None)),
                            replace(CONTEXT, last=replace(LAST, closing=Decimal("120.00"))))),
    (Rule.ODD_DATES, lambda: (
        drawn(item("Z", dated="2026-09-05"), item("A", "20.00", due_date=D("2026-10-04"))), CONTEXT)),
    (Rule.DUPLICATE_REFERENCE, lambda: (
        drawn(item("Z", dated="2026-09-05"), *(item(no, "10.00", reference="INV-7") for no in "AB")), CONTEXT)),
    (Rule.MISSING_REFERENCE, lambda: (
        drawn(item("Z", dated="2026-09-05"), item("A", "10.00", reference="")), CONTEXT)),
    (Rule.OTHER_PARTY_NAMED, lambda: (
        drawn(item("Z", dated="2026-09-05", description="for Northgate")),
        replace(CONTEXT, foreign_name=lambda text: "northgate" if "Northgate" in text else None))),
    (Rule.NO_ACCOUNT, lambda: (GOOD, replace(CONTEXT, account_currencies=frozenset({"USD"})))),
    (Rule.STALE_LEDGER, lambda: (GOOD, replace(CONTEXT, ledger_as_of=D("2026-10-30")))),
    (Rule.STALE_LEDGER, lambda: (GOOD, replace(CONTEXT, imported_on=D("2026-10-27")))),
    (Rule.STALE_BANK, lambda: (GOOD, replace(CONTEXT, bank_as_of=D("2026-10-29")))),
    (Rule.STALE_BANK, lambda: (GOOD, replace(CONTEXT, today=D("2026-11-09"), bank_as_of=D("2026-10-31"),
                                             imported_on=D("2026-11-09")))),
    (Rule.QUIET_BANK, lambda: (GOOD, replace(CONTEXT, last_payment_on=D("2026-10-09")))),
    (Rule.ITEMS_GONE, lambda: (GOOD, replace(CONTEXT, gone=("X",)))),
    (Rule.ROLL_FORWARD, lambda: (GOOD, replace(CONTEXT, last=replace(LAST, closing=Decimal("99.00"))))),
    (Rule.ZERO_BALANCE, lambda: (
        drawn(item("A", open_amount=Decimal(0)), item("P", "-100.00", open_amount=Decimal(0), type="payment")),
        replace(CONTEXT, last=replace(LAST, closing=Decimal(0))))),
    (Rule.CORRECTION, lambda: (GOOD, replace(CONTEXT, replaces=GOOD))),
    (Rule.JUMP, lambda: (drawn(item("Z", dated="2026-09-05"), item("A", "51.00")), CONTEXT)),
    (Rule.MINIMUM_GAP, lambda: (GOOD, replace(CONTEXT, last_letter_on=D("2026-10-29")))),
    (Rule.OPEN_MAIL, lambda: (GOOD, replace(CONTEXT, waiting_messages=1))),
    (Rule.LATE, lambda: (GOOD, replace(CONTEXT, due_on=D("2026-10-05")))),
    (Rule.BATCH, lambda: (GOOD, replace(CONTEXT, batch=(3, 90)))),
    (Rule.LARGE, lambda: (
        drawn(item("Z", "1001.00", "2026-09-05")), replace(CONTEXT, last=replace(LAST, closing=Decimal("1001.00"))))),
    (Rule.SENSITIVE, lambda: (replace(GOOD, party=replace(PARTY, id="C9")), CONTEXT)),
    (Rule.FIRST_TIME, lambda: (GOOD, replace(CONTEXT, last=None))),
    (Rule.UNAPPLIED, lambda: (drawn(item("Z", dated="2026-09-05"), item("P", "-20.00", type="payment")), CONTEXT)),
    (Rule.DUE_ESTIMATED, lambda: (
        drawn(item("Z", dated="2026-09-05"), party=replace(PARTY, payment_terms=None)), CONTEXT)),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "made"), TRIPS)
def test_each_rule_is_tripped_alone(rule: Rule, made: Made) -> None:
    statement, context = made()
    found = review(statement, context, POLICY)
    assert [finding.rule for finding in found] == [rule]
    (finding,) = found
    assert finding.severity is POLICY.severity(rule)
    assert finding.text("zh-CN") and finding.text("en") and finding.text("zh-CN") != finding.text("en")


def test_every_rule_has_its_trip() -> None:
    together = {Rule.CREDIT_BALANCE, Rule.OLD_CREDIT, Rule.TERMS_UNKNOWN}  # these cannot come alone: see below
    assert {rule for rule, _ in TRIPS} | together == set(Rule)


def test_rules_that_come_with_another() -> None:
    credit = drawn(item("P", "-20.00", "2026-06-05", type="payment"))
    assert rules(credit, replace(CONTEXT, last=replace(LAST, closing=Decimal("-20.00")))) == [
        Rule.CREDIT_BALANCE, Rule.UNAPPLIED, Rule.OLD_CREDIT,
    ]  # fmt: skip
    vague = drawn(item("Z", dated="2026-09-05"), party=replace(PARTY, payment_terms="as agreed"))
    assert rules(vague) == [Rule.DUE_ESTIMATED, Rule.TERMS_UNKNOWN]


def test_what_the_ledger_leaves_to_derivation_is_no_doubt_worth_holding() -> None:
    assert rules(with_doubt(DERIVED)) == []


def test_instalments_of_one_invoice_and_its_payment_are_no_duplicates() -> None:
    instalments = [item(no, "10.00", reference="INV-7", due_date=D(day)) for no, day in
                   (("A", "2026-11-01"), ("B", "2026-12-01"))]  # fmt: skip
    payment = item("P", "-5.00", reference="INV-7", type="payment")
    assert Rule.DUPLICATE_REFERENCE not in rules(drawn(item("Z", dated="2026-09-05"), *instalments, payment))


def test_a_shared_address_that_was_declared_passes() -> None:
    context = replace(CONTEXT, other_owners={"a@hengtai.example": ("Northgate",)})
    assert rules(GOOD, context, replace(POLICY, shared_addresses=frozenset({"a@hengtai.example"}))) == []


def test_a_small_move_or_a_small_share_is_no_jump_and_a_change_of_sign_always_is() -> None:
    def moved(before: str, after: str) -> bool:
        statement = drawn(item("Z", after, "2026-09-05", type="payment" if after.startswith("-") else "invoice"))
        context = replace(CONTEXT, last=replace(LAST, closing=Decimal(before), as_of=D("2026-08-31")))
        return Rule.JUMP in rules(statement, context)

    assert [moved("100.00", "149.00"), moved("900.00", "1000.00"), moved("100.00", "151.00")] == [False, False, True]
    assert moved("5.00", "-5.00")


def test_without_any_account_configured_none_is_missed() -> None:
    assert rules(GOOD, replace(CONTEXT, account_currencies=frozenset())) == []


def test_blocks_cannot_be_softened_and_holds_can() -> None:
    soft = ReviewPolicy(severities=dict.fromkeys(Rule, Severity.OFF))
    for rule in Rule:
        blocked = DEFAULTS.get(rule) is Severity.BLOCK
        assert soft.severity(rule) is (Severity.BLOCK if blocked else Severity.OFF)
    assert [one.release for one in review(mail(), CONTEXT, soft)] == ["nobody"]


def finding(rule: Rule, severity: Severity, release: str) -> Finding:
    return Finding(rule, severity, {"en": "", "zh": ""}, release)


def test_two_people_are_needed_as_soon_as_one_rule_asks_for_two() -> None:
    warn = finding(Rule.FIRST_TIME, Severity.WARN, "one")
    one, two = finding(Rule.JUMP, Severity.HOLD, "one"), finding(Rule.LARGE, Severity.HOLD, "two")
    block = finding(Rule.NO_ADDRESS, Severity.BLOCK, "nobody")
    assert [people_needed(case) for case in ([], [warn], [one, warn], [one, two])] == [0, 0, 1, 2]
    assert not holds([warn]) and holds([one]) and holds([block]) and blocks([one, block]) and not blocks([one, two])


def fields(texts: Mapping[str, str]) -> list[set[str | None]]:
    return [{name for _, name, _, _ in Formatter().parse(text) if name is not None} for text in texts.values()]


def test_every_reason_stands_in_both_languages_with_the_same_facts() -> None:
    assert set(WORDS) == set(Rule)
    for texts in (*WORDS.values(), *OPEN_AMOUNT_WORDS.values(), *STALE_WORDS.values()):
        assert set(texts) == {"en", "zh"}
        english, chinese = fields(texts)
        assert english == chinese, texts
