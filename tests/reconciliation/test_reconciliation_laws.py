"""What holds for every pair of books: the identity, the same answer in any order, nothing used twice, the mirror."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailflow.receivables.ledger import Item
from mailflow.reconciliation import Counterpart, TheirLine, of_items, reconcile
from tests.reconciliation import noise
from tests.reconciliation.accounts import adds_up, item, line

QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

amounts = st.one_of(
    st.decimals(min_value=-5000, max_value=5000, places=2),
    st.sampled_from([Decimal("100.00"), Decimal("250.50"), Decimal("-250.50"), Decimal("0.00")]),
)
numbers = st.one_of(
    st.sampled_from(["", "INV-1001", "INV-1002", "1001", "inv1001", "INV-1O01", "INV-1001/02", "PAY7", "RC9"]),
    st.integers(1000, 1040).map(lambda n: f"INV-{n}"),
)
days = st.integers(1, 30).map(lambda d: f"10-{d:02d}")
types = st.sampled_from(["invoice", "payment", "credit_note", "fee", "discount", "other"])


@st.composite
def ledgers(draw) -> list[Item]:
    rows = draw(st.lists(st.tuples(numbers, amounts, days, types), max_size=14))
    return [item(f"L{n}", ref, str(a), d, t) for n, (ref, a, d, t) in enumerate(rows, 1)]


@st.composite
def statements(draw) -> list[TheirLine]:
    rows = draw(st.lists(st.tuples(numbers, amounts, days, types), max_size=14))
    return [line(n, ref, str(a), d, t) for n, (ref, a, d, t) in enumerate(rows, 1)]


money = st.none() | st.decimals(min_value=-9999, max_value=9999, places=2)
ANCHOR = item("A1", "ZZ-999111", "77.77")


@QUICK
@given(ledgers(), statements(), money, money, st.sampled_from(["statement", "remittance_advice"]))
def test_the_identity_is_exact_and_every_line_is_used_once(ours, theirs, opening, closing, kind) -> None:
    answer = reconcile(
        [*ours, ANCHOR], Counterpart(theirs, kind=kind, currency="CNY", opening=opening, closing=closing)
    )
    assert adds_up(answer)
    told = answer.to_json()
    steps = sum((Decimal(i["amount"]) for i in told["reconciling_items"]), Decimal(0))
    assert Decimal(told["our_balance"]) + steps + Decimal(told["proof"]["unexplained"]) == Decimal(
        told["their_balance"]
    )
    for side, count in (("ours", len(ours) + 1), ("theirs", len(theirs))):
        matched = [x for m in told["matches"] for x in m[side]]
        assert len(matched) == len(set(matched))
        alone = [x for i in told["reconciling_items"] for x in i[side] if x not in matched]
        assert len(alone) == len(set(alone))
        if kind == "statement" and theirs:
            assert len(matched) + len(alone) == count
    for match in answer.matches:
        steps_of_it = [i for i in answer.items if i.match is match]
        assert [i.units for i in steps_of_it] == ([match.difference_units] if match.difference_units else [])


def said(answer, theirs: list[TheirLine]) -> set:
    """The answer without line numbers: each line by what it says."""
    by_no = {t.no: (t.reference, t.amount, t.date, t.description, t.type) for t in theirs}

    def told(numbers):
        return tuple(sorted(map(str, (by_no[n] for n in numbers))))

    matches = {(m.rule.name, tuple(sorted(m.our_ids)), told(m.their_numbers), m.automatic) for m in answer.matches}
    return matches | {(i.kind, tuple(sorted(i.our_ids)), told(i.their_numbers), i.units) for i in answer.items}


def shuffled(ours, theirs, seed):
    r = random.Random(seed)
    ours, order = list(ours), list(theirs)
    r.shuffle(ours)
    r.shuffle(order)
    return ours, [replace(t, no=n) for n, t in enumerate(order, 1)]


@QUICK
@given(ledgers(), statements(), st.integers(0, 9))
def test_the_same_rows_in_any_order_give_the_same_answer(ours, theirs, seed) -> None:
    first = reconcile([*ours, ANCHOR], Counterpart(theirs, currency="CNY"))
    mixed_ours, mixed_theirs = shuffled([*ours, ANCHOR], theirs, seed)
    again = reconcile(mixed_ours, Counterpart(mixed_theirs, currency="CNY"))
    assert said(first, theirs) == said(again, mixed_theirs)


def test_noisy_books_give_the_same_answer_in_any_order() -> None:
    for seed in range(1, 9):
        books = noise.books(seed, "HARD" if seed % 2 else "STD", 150)
        theirs = list(of_items(books.theirs).lines)
        first = reconcile(books.ours, Counterpart(theirs, currency="CNY"), as_of=noise.CUT_OFF)
        ours, mixed = shuffled(books.ours, theirs, seed)
        again = reconcile(ours, Counterpart(mixed, currency="CNY"), as_of=noise.CUT_OFF)
        assert said(first, theirs) == said(again, mixed)


def test_an_unrelated_line_changes_no_certain_match() -> None:
    for seed in range(1, 13):
        books = noise.books(seed, "HARD" if seed % 2 else "STD", 100)
        theirs = list(of_items(books.theirs).lines)
        sign = -1 if books.flipped else 1
        other = line(
            len(theirs) + 1, "QQ-900900900", str(sign * Decimal("7654321.09")), "09-09", description="unrelated"
        )
        before = reconcile(books.ours, Counterpart(theirs, currency="CNY"), as_of=noise.CUT_OFF)
        after = reconcile(books.ours, Counterpart([*theirs, other], currency="CNY"), as_of=noise.CUT_OFF)

        def certain(answer):
            return {(m.our_ids, m.their_numbers) for m in answer.matches if m.automatic}

        assert certain(before) == certain(after)


def test_theirs_against_ours_gives_the_mirrored_answer() -> None:
    """Seen from the other side: the same automatic pairs, and every step with the opposite sign."""
    for seed in range(1, 9):
        books = noise.books(seed, "STD", 120)
        if books.flipped:
            continue
        plain_theirs = [replace(t, their_reference="", po_number="", description="") for t in books.theirs]
        plain_ours = [replace(o, their_reference="", po_number="", description="") for o in books.ours]
        here = reconcile(plain_ours, of_items(plain_theirs))
        there = reconcile(plain_theirs, of_items(plain_ours))
        number = {o.id: n for n, o in enumerate(plain_ours, 1)}
        from_here = {
            (tuple(sorted(number[o] for o in m.our_ids)), tuple(sorted(m.their_numbers)))
            for m in here.matches
            if m.automatic
        }
        from_there = {
            (tuple(sorted(m.their_numbers)), tuple(sorted(int(o[1:]) for o in m.our_ids)))
            for m in there.matches
            if m.automatic
        }
        assert len(from_here ^ from_there) <= 0.02 * len(from_here)
        assert here.difference == -there.difference
