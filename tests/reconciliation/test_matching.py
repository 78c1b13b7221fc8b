"""What belongs together, and what must not: the micro-cases in which matchers go wrong."""

from __future__ import annotations

import datetime as dt

import pytest

from mailflow.reconciliation import Decided, Decisions, Policy, fingerprint
from tests.reconciliation.accounts import adds_up, compare, item, kinds, line, pairs


def only(answer):
    (match,) = answer.matches
    return match


@pytest.mark.parametrize(
    "printed",
    ["INV-001023", "inv001023", "No.INV-001023", "发票001023", "1023", "001023/2026", "INV-001023-00", "INV-OO1023"],
)
def test_a_number_is_found_under_its_decoration_and_accepted(printed: str) -> None:
    match = only(compare([item("L1", "INV-001023", "500.00")], [line(1, printed, "500.00", "10-06")]))
    assert (match.our_ids, match.their_numbers, match.automatic) == (("L1",), (1,), True)


def test_our_their_reference_and_their_quoted_number_lead_to_each_other() -> None:
    ours = [item("L1", "AP-77", "500.00", their_reference="K778899"), item("L2", "XS100200", "70.00")]
    theirs = [line(1, "K778899", "500.00"), line(2, "K990011", "70.00", other_references=("XS100200",))]
    answer = compare(ours, theirs)
    assert pairs(answer) == {(("L1",), (1,)), (("L2",), (2,))}
    assert all(match.automatic for match in answer.matches)


def test_a_number_in_the_description_and_a_purchase_order_need_an_amount_that_occurs_once() -> None:
    ours = [item("L1", "XS100200", "71.35"), item("L2", "XS100300", "82.15", po_number="PO-77812")]
    theirs = [line(1, "", "71.35", description="goods, your XS100200"), line(2, "PO-77812", "82.15")]
    answer = compare(ours, theirs)
    assert {(m.rule.name, m.automatic) for m in answer.matches} == {
        ("reference_in_description", True),
        ("purchase_order", True),
    }


@pytest.mark.parametrize("wrong", ["XS105454", "XS1054505", "XS105450", "XS10S450", "XS1504450"])
def test_a_slip_in_the_number_is_forgiven_when_amount_and_date_agree(wrong: str) -> None:
    match = only(compare([item("L1", "XS1054450", "12,345.67".replace(",", ""))], [line(1, wrong, "12345.67")]))
    assert match.our_ids == ("L1",)


def test_neighbours_at_one_price_with_far_dates_are_held_and_no_later_pass_takes_them() -> None:
    ours = [item("L1", "INV-000101", "2500.00", "08-05"), item("L2", "INV-000150", "2500.00", "09-20")]
    theirs = [line(1, "INV-000101", "2500.00", "10-12")]
    answer = compare(ours, theirs)
    assert [(m.our_ids, m.automatic, m.note) for m in answer.matches] == [(("L1",), False, "repeated_amount")]


def test_two_equal_payments_without_numbers_are_paired_in_order_and_never_accepted() -> None:
    ours = [item("L1", "PAY11", "-800.55", "10-01", "payment"), item("L2", "PAY12", "-800.55", "10-20", "payment")]
    theirs = [line(1, "RC77", "-800.55", "10-02", "payment"), line(2, "RC78", "-800.55", "10-22", "payment")]
    answer = compare(ours, theirs)
    assert pairs(answer) == {(("L1",), (1,)), (("L2",), (2,))}
    assert not any(match.automatic for match in answer.matches)


def test_where_rules_compete_the_best_assignment_as_a_whole_wins_not_the_first() -> None:
    """Line 1 is nearest to L2 in time, but then line 2 would have no partner within reach."""
    ours = [item("L1", "PAY11", "-800.55", "10-01", "payment"), item("L2", "PAY12", "-800.55", "10-09", "payment")]
    theirs = [line(1, "RC77", "-800.55", "10-08", "payment"), line(2, "RC78", "-800.55", "10-10", "payment")]
    assert pairs(compare(ours, theirs)) == {(("L1",), (1,)), (("L2",), (2,))}


def test_a_round_amount_identifies_nothing_by_itself() -> None:
    ours = [item("L1", "PAY11", "-5000.00", "10-01", "payment")]
    match = only(compare(ours, [line(1, "RC77", "-5000.00", "10-02", "payment")]))
    assert (match.automatic, match.note) == (False, "round_amount")


def test_a_merged_line_names_its_documents_and_the_sum_must_agree_to_be_accepted() -> None:
    ours = [item(f"L{n}", f"INV-1002{n}", f"{n}00.10") for n in (3, 4, 5)]
    match = only(compare(ours, [line(1, "INV-10023/24/25", "1200.30")]))
    assert (set(match.our_ids), match.automatic) == ({"L3", "L4", "L5"}, True)
    other = compare(ours, [line(1, "INV-10023/24/25", "1190.30")])
    assert [(m.automatic, str(m.difference)) for m in other.matches] == [(False, "-10.00")]
    assert adds_up(other)


def test_a_split_invoice_is_put_together_again() -> None:
    theirs = [line(1, "INV-10023-1", "400.00"), line(2, "INV-10023-2", "600.00")]
    match = only(compare([item("L1", "INV-10023", "1000.00")], theirs))
    assert (match.our_ids, match.their_numbers, match.automatic) == (("L1",), (1, 2), True)


def test_a_credit_note_that_explains_the_difference_joins_the_match() -> None:
    ours = [item("L1", "INV-10023", "1000.00"), item("L2", "CN-555", "-123.45", type="credit_note")]
    match = only(compare(ours, [line(1, "INV-10023", "876.55")]))
    assert (set(match.our_ids), str(match.difference)) == ({"L1", "L2"}, "0.00")


def test_a_credit_note_with_its_invoices_number_is_not_that_invoice() -> None:
    ours = [item("L1", "INV-10023", "1000.00")]
    theirs = [line(1, "INV-10023", "1000.00"), line(2, "INV-10023", "-250.00", type="credit_note")]
    answer = compare(ours, theirs)
    assert pairs(answer) == {(("L1",), (1,))}
    assert kinds(answer) == [("missing_in_ours", "-250.00")]


def test_a_sum_is_only_ever_a_suggestion_and_two_different_sums_are_none() -> None:
    ours = [
        item(f"L{n}", f"PAY{n}1", amount, "10-05", "payment") for n, amount in enumerate(("-10.10", "-20.20", "-5.05"))
    ]
    match = only(compare(ours, [line(1, "RC1", "-35.35", "10-06", "payment")]))
    assert (len(match.ours), match.automatic, match.note) == (3, False, "sum_alone")
    twice = [
        item(f"L{n}", f"PAY{n}1", a, "10-05", "payment") for n, a in enumerate(("-1.01", "-4.04", "-2.02", "-3.03"))
    ]
    assert compare(twice, [line(1, "RC1", "-5.05", "10-06", "payment")]).matches == []


def test_a_statement_printed_the_other_way_round_is_turned() -> None:
    ours = [item("L1", "INV-1001", "500.00"), item("L2", "PAY7", "-100.55", type="payment")]
    answer = compare(ours, [line(1, "INV-1001", "-500.00"), line(2, "RC1", "100.55", type="payment")])
    assert (answer.sign_flipped, str(answer.their_balance), answer.balanced) == (True, "399.45", True)
    assert pairs(answer) == {(("L1",), (1,)), (("L2",), (2,))}


def test_currencies_are_answered_side_by_side_and_never_mixed() -> None:
    ours = [item("L1", "INV-1001", "500.00"), item("L2", "INV-1001", "70.00", currency="USD")]
    theirs = [line(1, "INV-1001", "500.00", currency="CNY"), line(2, "INV-9003", "500.00", currency="USD")]
    answer = compare(ours, theirs)
    assert pairs(answer) == {(("L1",), (1,))}
    (dollars,) = answer.other_currencies
    assert (dollars.currency, dollars.matches) == ("USD", [])
    assert kinds(dollars) == [("missing_in_ours", "500.00"), ("missing_in_theirs", "-70.00")]


def test_yen_have_no_decimals_and_dinars_three() -> None:
    yen = compare([item("L1", "INV-1001", "50000", currency="JPY")], [line(1, "INV-1001", "50000")], currency="JPY")
    assert str(yen.our_balance) == "50000"
    dinar = compare([item("L1", "INV-1001", "5.125", currency="KWD")], [line(1, "INV-1001", "5.126")], currency="KWD")
    assert kinds(dinar) == [("rounding", "0.001")]


def test_a_document_whose_arithmetic_failed_is_matched_but_never_accepted() -> None:
    from parsers.documents import Trust

    answer = compare([item("L1", "INV-1001", "500.00")], [line(1, "INV-1001", "500.00")], trust=Trust.UNPROVEN)
    assert (only(answer).automatic, only(answer).note) == (False, "unproven_document")


def test_the_policy_can_forbid_a_rule_and_cap_the_amount_that_is_accepted_unseen() -> None:
    ours, theirs = [item("L1", "INV-1001", "500.00")], [line(1, "INV-1001", "500.00")]
    forbidden = Policy.of({"automatic": {"never_automatic": ["exact_reference"]}})
    assert only(compare(ours, theirs, forbidden)).note == "rule_switched_off"
    capped = Policy.of({"automatic": {"automatic_cap": {"CNY": "499.99"}}})
    assert only(compare(ours, theirs, capped)).note == "above_cap"


def test_what_a_person_decided_is_kept_and_what_a_person_refused_never_comes_back() -> None:
    ours = [item("L1", "INV-1001", "500.00"), item("L2", "AP-9", "321.00", "08-01")]
    theirs = [line(1, "INV-1001", "500.00"), line(2, "ZZ-1", "300.00", "10-30")]
    decisions = Decisions(
        confirmed=(Decided(("L2",), (fingerprint(theirs[1]),)),),
        rejected=(Decided(("L1",), (fingerprint(theirs[0]),)),),
    )
    answer = compare(ours, theirs, decisions=decisions)
    assert [(m.our_ids, m.rule.name) for m in answer.matches] == [(("L2",), "confirmed_by_person")]
    assert ("missing_in_ours", "500.00") in kinds(answer)
    assert adds_up(answer)


def test_a_decision_finds_its_line_again_on_next_months_statement() -> None:
    ours = [item("L2", "AP-9", "300.00", "08-01")]
    before = line(2, "ZZ-1", "300.00", "10-30")
    now = [line(1, "ZZ-77", "10.00", "11-02"), line(2, "ZZ-5", "99.00", "11-03"), line(3, "zz1", "300.00", "10-30")]
    decisions = Decisions(carried=(Decided(("L2",), (fingerprint(before),)),))
    answer = compare(ours, now, decisions=decisions, as_of=dt.date(2026, 11, 30))
    assert [(m.our_ids, m.their_numbers, m.rule.name) for m in answer.matches] == [(("L2",), (3,), "carried_match")]


def test_another_suppliers_lines_give_no_automatic_link() -> None:
    ours = [item(f"L{n}", f"INV-{1000 + n}", f"{n * 137}.{n % 100:02d}", f"10-{n % 28 + 1:02d}") for n in range(1, 60)]
    theirs = [line(n, f"RE{77000 + n}", f"{n * 211}.{n % 90:02d}", f"10-{n % 27 + 1:02d}") for n in range(1, 60)]
    assert not [m for m in compare(ours, theirs).matches if m.automatic]


def test_why_the_rivals_lost_is_said() -> None:
    theirs = [line(1, "INV-1001", "500.00", "10-05"), line(2, "INV-1001", "500.00", "10-08")]
    answer = compare([item("L1", "INV-1001", "500.00", "10-05")], theirs).to_json()
    assert answer["matches"][0]["why_not"] == [{"theirs": 2, "because": "same amount, but 3 days apart"}]
    assert "same number, same amount, same day" in answer["matches"][0]["explanation"]


def test_a_line_without_partner_names_its_nearest_candidates_and_the_test_they_failed() -> None:
    ours = [item("L1", "INV-1001", "512.34", "08-05"), item("L2", "INV-2002", "90.00"), item("L3", "INV-3003", "5.00")]
    theirs = [line(1, "ZZ-777", "512.34", "10-20"), line(2, "INV-2002", "-45.00"), line(3, "INV-3003", "5.00")]
    answer = compare(ours, theirs).to_json()
    near = {(*i["ours"], *i["theirs"]): i["nearest"] for i in answer["reconciling_items"]}
    assert near[("L1",)] == [{"theirs": 1, "because": "same amount, number differs, 76 days apart"}]
    assert near[("L2",)] == [{"theirs": 2, "because": "same number, but on the other side: -45.00"}]
    assert near[(2,)] == [{"ours": "L2", "because": "same number, but on the other side: 90.00"}]


def test_the_account_is_found_by_id_by_name_or_by_what_the_lines_show() -> None:
    from mailflow.receivables.party import Side
    from mailflow.reconciliation import Counterpart, reconcile

    ours = [
        item("L1", "INV-1001", "10.50", party_name="Alpha Ltd."),
        item("L2", "INV-1001", "77.70", party_id="S002", party_name="Beta AG"),
        item("L3", "INV-1003", "10.50", party_id="S001", side=Side.RECEIVABLE, party_name="Alpha Ltd."),
    ]
    for counterpart, account in (
        (Counterpart([line(1, "X-9", "5.00")], name="BETA ag", currency="CNY"), ("S002", "payable")),
        (Counterpart([line(1, "X-9", "5.00")], party_ids=("S002",), currency="CNY"), ("S002", "payable")),
        (Counterpart([line(1, "INV 1003", "-10.50")], currency="CNY"), ("S001", "receivable")),
        (Counterpart([line(1, "inv1001", "77.70")], name="Alpha", currency="CNY"), ("S002", "payable")),
    ):
        answer = reconcile(ours, counterpart)
        assert (answer.party, answer.side) == account
