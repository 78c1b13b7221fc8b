"""A person's decision stands: used at once, next month too, and whatever it does the two balances still agree."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailflow.reconciliation import Decided, Decisions, fingerprint, reconcile
from tests.reconciliation import noise
from tests.reconciliation.accounts import adds_up, compare, item, kinds, line, pairs

OURS = [item("L1", "INV-1001", "500.00"), item("L2", "INV-1002", "300.00"), item("L3", "INV-1003", "300.00")]
THEIRS = [line(1, "INV-1001", "500.00"), line(2, "A-77", "300.00", "10-20"), line(3, "B-78", "300.00", "10-21")]


def decided(ours: list[str], theirs, **more) -> Decided:
    return Decided(tuple(ours), tuple(fingerprint(one) for one in theirs), **more)


def test_what_a_person_confirmed_comes_first_and_says_who() -> None:
    decisions = Decisions(confirmed=(decided(["L3"], [THEIRS[1]], no=7, by="li", on=dt.date(2026, 11, 2)),))
    answer = compare(OURS, THEIRS, decisions=decisions)
    assert (("L3",), (2,)) in pairs(answer)
    [told] = [match for match in answer.to_json()["matches"] if match["ours"] == ["L3"]]
    assert (told["rule"], told["automatic"], told["decision"]) == ("confirmed_by_person", True, 7)
    assert "li, 2026-11-02" in told["explanation"]
    assert adds_up(answer)


def test_amounts_that_differ_in_a_confirmed_link_are_named() -> None:
    answer = compare(OURS[:2], THEIRS[:2], decisions=Decisions(confirmed=(decided(["L1", "L2"], [THEIRS[1]]),)))
    assert (("L1", "L2"), (2,)) in pairs(answer)
    assert adds_up(answer) and answer.unexplained == 0
    assert sum(i.amount for i in answer.items if i.match is not None) == -500


def test_a_rejected_link_is_not_proposed_again_not_even_as_part_of_a_group() -> None:
    ours = [item("L1", "INV-1001", "500.00"), item("L2", "INV-1002", "300.00")]
    theirs = [line(1, "INV-1001/1002", "800.00")]
    assert pairs(compare(ours, theirs)) == {(("L1", "L2"), (1,))}
    answer = compare(ours, theirs, decisions=Decisions(rejected=(decided(["L2"], theirs),)))
    assert all(not {"L2"} & set(ours) for ours, _ in pairs(answer))
    assert adds_up(answer)


def test_the_same_line_with_another_number_in_the_list_keeps_the_answer() -> None:
    decisions = Decisions(confirmed=(decided(["L3"], [THEIRS[1]]),))
    later = [line(1, "A-77", "300.00", "10-20"), line(2, "INV-1001", "500.00")]
    assert (("L3",), (1,)) in pairs(compare(OURS, later, decisions=decisions))


def test_a_line_that_is_printed_with_another_date_keeps_the_answer_by_its_number() -> None:
    decisions = Decisions(confirmed=(decided(["L3"], [THEIRS[1]]),), rejected=(decided(["L2"], [THEIRS[2]]),))
    later = [line(1, "A-77", "300.00", "10-25"), line(2, "B-78", "300.00", "10-26")]
    found = pairs(compare(OURS, later, decisions=decisions))
    assert (("L3",), (1,)) in found
    assert (("L2",), (2,)) not in found


def test_what_was_matched_last_month_is_not_matched_with_a_new_line() -> None:
    """Their statement of November no longer lists the paid October invoice; a new one of the same price is another."""
    october = line(1, "HX-9", "300.00", "10-05")
    ours = [item("L1", "Y-1", "300.00", "10-05"), item("L2", "INV-2001", "80.00", "11-10")]
    theirs = [line(1, "INV-2001", "80.00", "11-10"), line(2, "Z-4", "300.00", "11-02")]
    free = compare(ours, theirs, as_of=dt.date(2026, 11, 30))
    assert (("L1",), (2,)) in pairs(free)
    carried = Decisions(carried=(decided(["L1"], [october]),))
    answer = compare(ours, theirs, as_of=dt.date(2026, 11, 30), decisions=carried)
    assert pairs(answer) == {(("L2",), (1,))}
    assert kinds(answer) == [("missing_in_ours", "300.00"), ("missing_in_theirs", "-300.00")]
    assert adds_up(answer)


def test_what_was_matched_last_month_is_carried_forward_in_the_opening_balance() -> None:
    ours = [item("L1", "Y-1", "300.00", "10-05"), item("L2", "INV-2001", "80.00", "11-10")]
    theirs = [line(1, "INV-2001", "80.00", "11-10")]
    carried = Decisions(carried=(decided(["L1"], [line(1, "HX-9", "300.00", "10-05")]),))
    answer = compare(
        ours, theirs, as_of=dt.date(2026, 11, 30), decisions=carried, opening=Decimal("300.00"),
        closing=Decimal("380.00"), period_start=dt.date(2026, 11, 1),
    )  # fmt: skip
    assert answer.items == [] and answer.difference == 0
    assert adds_up(answer)


def test_a_persons_rejection_opens_what_was_closed() -> None:
    first = compare(OURS[:1], THEIRS[:1], decisions=Decisions(carried=(decided(["L1"], THEIRS[:1]),)))
    assert [match.rule.name for match in first.matches] == ["carried_match"]
    both = Decisions(carried=(decided(["L1"], THEIRS[:1]),), rejected=(decided(["L1"], THEIRS[:1]),))
    assert pairs(compare(OURS[:1], THEIRS[:1], decisions=both)) == set()


def test_items_of_one_side_are_settled_among_themselves_only_where_they_cancel() -> None:
    ours = [item("L8", "INV-1", "500.00"), item("L9", "CN-1", "-500.00", type="credit_note"), *OURS[1:]]
    decisions = Decisions(confirmed=(Decided(("L8", "L9"), (), no=4),))
    answer = compare(ours, THEIRS[1:], decisions=decisions)
    assert (("L8", "L9"), ()) in pairs(answer)
    wrong = Decisions(confirmed=(Decided(("L8", "L3"), (), no=4),))
    assert (("L3", "L8"), ()) not in pairs(compare(ours, THEIRS[1:], decisions=wrong))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(1, 40), st.data())
def test_any_decisions_leave_the_identity_and_use_every_line_once(seed, data) -> None:
    books = noise.books(seed, "HARD", 40)
    answer = reconcile(books.ours, books.theirs, as_of=noise.CUT_OFF)
    ids = [one.id for one in books.ours]
    lines = [entry.source for match in answer.matches for entry in match.theirs]
    lines += [entry.source for one in answer.items if one.match is None for entry in one.theirs]
    groups = st.tuples(
        st.lists(st.sampled_from(ids), min_size=1, max_size=3, unique=True),
        st.lists(st.sampled_from(range(len(lines))), min_size=1, max_size=3, unique=True),
    )

    def some() -> tuple[Decided, ...]:
        drawn = data.draw(st.lists(groups, max_size=4))
        return tuple(decided(ours, [lines[n] for n in theirs]) for ours, theirs in drawn)

    again = reconcile(books.ours, books.theirs, as_of=noise.CUT_OFF, decisions=Decisions(some(), some(), some()))
    assert adds_up(again)
    assert again.our_balance == answer.our_balance and again.their_balance == answer.their_balance
    used = [id for match in again.matches for id in match.our_ids]
    used += [id for one in again.items if one.match is None for id in one.our_ids]
    assert sorted(used) == sorted(ids)
    numbers = [no for match in again.matches for no in match.their_numbers]
    numbers += [no for one in again.items if one.match is None for no in one.their_numbers]
    assert len(numbers) == len(set(numbers)) == again.theirs_count
