"""What a message does to its case: only what is certain moves it, and a person sees the rest."""

import datetime as dt
from decimal import Decimal

import pytest

from mailflow.cases.case import Event, State, TaskKind, advance
from mailflow.cases.decision import Belief, Heard, HeardDocument, decide
from mailflow.correspondence.message import (
    Automatic,
    DisputeReason,
    Intent,
    Meaning,
    MentionedAmount,
    Promise,
    StatedIntent,
)
from parsers.documents import Kind, Trust


def said(*intents, reasons=(), promise=None, references=()):
    return Meaning(
        language="en",
        intents=[StatedIntent(intent, 0.95, f"words of {intent}") for intent in intents],
        dispute_reasons=list(reasons),
        references=list(references),
        promise=promise or Promise(),
    )


def heard(*intents, belief=Belief.TRUSTED, **facts):
    reasons, promise = facts.pop("reasons", ()), facts.pop("promise", None)
    references = facts.pop("references", ())
    meaning = said(*intents, reasons=reasons, promise=promise, references=references)
    return Heard(automatic=facts.pop("automatic", Automatic.NO), belief=belief, meaning=meaning, **facts)


def statement(difference="0.00", trust=Trust.PROVEN, items=0, kind=Kind.STATEMENT):
    return HeardDocument(
        7,
        "theirs.pdf",
        kind,
        trust,
        their_balance=Decimal(100),
        difference=Decimal(difference),
        explained=True,
        items=items,
    )


def kinds(decision):
    return [task.kind for task in decision.tasks]


@pytest.mark.parametrize("belief", [Belief.TRUSTED, Belief.CONTACT])
def test_a_plain_confirmation_of_a_believed_sender_confirms(belief):
    decision = decide(heard(Intent.CONFIRM, belief=belief), "CNY")
    assert (decision.events, decision.tasks) == ([Event.CONFIRMED], [])


@pytest.mark.parametrize("belief", [Belief.UNVERIFIED, Belief.STRANGER, Belief.FAILING])
def test_a_confirmation_of_a_sender_who_cannot_be_believed_waits_for_a_person(belief):
    decision = decide(heard(Intent.CONFIRM, belief=belief), "CNY")
    assert Event.CONFIRMED not in decision.events
    assert {TaskKind.CONFIRMATION_HELD, TaskKind.STRANGER} & set(kinds(decision))


def test_a_vague_confirmation_is_held():
    meaning = Meaning(language="en", intents=[StatedIntent(Intent.CONFIRM, 0.6, "fine I guess")])
    decision = decide(Heard(automatic=Automatic.NO, belief=Belief.TRUSTED, meaning=meaning), "CNY")
    assert decision.events == [Event.REPLIED] and kinds(decision) == [TaskKind.CONFIRMATION_HELD]


@pytest.mark.parametrize(
    ("named", "ours", "confirmed"), [("12480", "12840", False), ("12840.00", "12840", True), ("12840", "-12840", True)]
)
def test_a_confirmation_of_another_amount_than_ours_is_held(named, ours, confirmed):
    words = f"We confirm {named}"
    meaning = Meaning(
        language="en",
        intents=[StatedIntent(Intent.CONFIRM, 0.97, words)],
        amounts=[MentionedAmount(Decimal(named), None, named)],
    )
    facts = {"automatic": Automatic.NO, "belief": Belief.TRUSTED, "meaning": meaning, "our_balance": Decimal(ours)}
    decision = decide(Heard(**facts), "CNY")
    assert (Event.CONFIRMED in decision.events) is confirmed
    assert (TaskKind.CONFIRMATION_HELD in kinds(decision)) is not confirmed


def test_a_complaint_to_their_provider_asks_a_person_to_stop_the_letters():
    decision = decide(heard(automatic=Automatic.AUTO_REPLY, complained=True), "CNY")
    assert decision.events == [] and kinds(decision) == [TaskKind.STOP]


@pytest.mark.parametrize("facts", [{"current": False}, {"bound": False}, {"doubtful": True}])
def test_a_confirmation_of_an_old_version_or_an_uncertain_statement_is_held(facts):
    decision = decide(heard(Intent.CONFIRM, **facts), "CNY")
    assert decision.events == [Event.REPLIED] and kinds(decision) == [TaskKind.CONFIRMATION_HELD]


@pytest.mark.parametrize("intent", [Intent.DISPUTE, Intent.BANK_DETAILS_CHANGE, Intent.STOP])
def test_the_rest_is_correct_is_no_confirmation(intent):
    assert Event.CONFIRMED not in decide(heard(intent, Intent.CONFIRM), "CNY").events


def test_a_machine_that_says_confirmed_confirms_nothing():
    decision = decide(heard(Intent.CONFIRM, automatic=Automatic.AUTO_REPLY), "CNY")
    assert (decision.events, decision.tasks) == ([], [])


def test_a_confirmation_beside_a_statement_that_differs_is_held_and_the_difference_shown():
    decision = decide(heard(Intent.CONFIRM, documents=(statement("5.00", items=1),)), "CNY")
    assert decision.events == [Event.REPLIED, Event.DIFFERENCES_FOUND]
    assert set(kinds(decision)) == {TaskKind.CONFIRMATION_HELD, TaskKind.DIFFERENCES}
    assert decision.their_balance == 100


def test_their_proven_statement_that_agrees_to_the_cent_confirms():
    assert Event.AGREED_BY_DOCUMENT in decide(heard(Intent.OTHER, documents=(statement(),)), "CNY").events


@pytest.mark.parametrize("trust", [Trust.PLAUSIBLE, Trust.UNPROVEN])
def test_a_statement_that_is_not_proven_confirms_nothing(trust):
    decision = decide(heard(Intent.OTHER, documents=(statement(trust=trust),)), "CNY")
    assert Event.AGREED_BY_DOCUMENT not in decision.events


def test_equal_balances_over_different_items_are_no_agreement():
    decision = decide(heard(Intent.OTHER, documents=(statement("0.00", items=2),)), "CNY")
    assert Event.AGREED_BY_DOCUMENT not in decision.events and Event.DIFFERENCES_FOUND in decision.events


def test_a_dispute_names_its_item_and_waits_for_a_person():
    decision = decide(heard(Intent.DISPUTE, reasons=[DisputeReason.PRICE], references=["INV-1"]), "CNY")
    assert decision.events == [Event.DISPUTED]
    assert [(one.reference, one.reason) for one in decision.disputes] == [("INV-1", DisputeReason.PRICE)]


def test_a_promise_keeps_its_day_and_amount():
    promise = Promise(dt.date(2026, 11, 20), Decimal("39205.75"), None)
    decision = decide(heard(Intent.PROMISE_TO_PAY, promise=promise), "CNY")
    assert decision.events == [Event.PROMISED]
    assert (decision.promise.date, decision.promise.amount, decision.promise.currency) == (
        dt.date(2026, 11, 20), Decimal("39205.75"), "CNY",
    )  # fmt: skip


def test_new_bank_details_are_a_red_task_and_never_an_event_of_their_own():
    decision = decide(heard(Intent.BANK_DETAILS_CHANGE), "CNY")
    assert TaskKind.BANK_DETAILS_CHANGE in kinds(decision) and decision.events == [Event.REPLIED]


def test_a_bounce_of_the_only_recipient_makes_the_case_undeliverable_and_one_of_two_does_not():
    gone = decide(heard(automatic=Automatic.BOUNCE, undelivered=("a@x.example",)), "CNY")
    assert gone.events == [Event.UNDELIVERABLE]
    left = decide(heard(automatic=Automatic.BOUNCE, undelivered=("a@x.example",), others_left=True), "CNY")
    assert left.events == [] and kinds(left) == [TaskKind.UNDELIVERABLE]


def test_a_delayed_delivery_and_an_absence_change_nothing():
    assert decide(heard(automatic=Automatic.BOUNCE, delayed=True), "CNY").events == []
    assert decide(heard(automatic=Automatic.OUT_OF_OFFICE), "CNY").events == []


def test_what_nobody_understands_goes_to_a_person():
    assert kinds(decide(heard(Intent.OTHER), "CNY")) == [TaskKind.READ_BY_PERSON]


def test_no_event_of_any_decision_confirms_an_open_dispute_away():
    assert advance(State.DISPUTED, Event.CONFIRMED) is State.DISPUTED
    assert advance(State.RECONCILING, Event.CONFIRMED) is State.RECONCILING
