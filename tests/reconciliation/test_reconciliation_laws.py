"""What holds for every pair of books: the identity, the same answer in any order, nothing used twice, the mirror."""

from __future__ import annotations

import os
import random
from dataclasses import replace
from decimal import Decimal

from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from mailflow.receivables.ledger import Item
from mailflow.receivables.party import Side
from mailflow.reconciliation import Counterpart, TheirLine, of_items, reconcile
from tests.reconciliation import noise
from tests.reconciliation.accounts import AS_OF, adds_up, compare, item, line, pairs

LAW = settings(
    max_examples=3_000 if os.environ.get("MAILFLOW_TEST_LONG") else 60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=set(Phase) - {Phase.explain},
    report_multiple_bugs=False,
)

wide = st.one_of(
    st.decimals(min_value=-5000, max_value=5000, places=2),
    st.sampled_from([Decimal(text) for text in ("100.00", "100.01", "250.50", "-250.50", "0.00", "1000.00", "-98.00")]),
)
narrow = st.integers(-6, 6).map(lambda cents: Decimal(cents) / 4)  # where sums, opposites and zeros meet all the time
numbers = st.one_of(
    st.sampled_from(
        ["", "INV-1001", "INV-1002", "1001", "inv1001", "INV-1O01", "INV-1001/02", "PAY7", "RC9", "1001, 1002",
         "INV-1001/2026", "INV-1001/2025", "PO-5501", "INV-1001-1", "INV-1010~12"]
    ),
    st.integers(1000, 1040).map(lambda n: f"INV-{n}"),
)  # fmt: skip
days = st.none() | st.integers(1, 31).map(lambda d: f"10-{d:02d}") | st.sampled_from(["10-10", "10-11"])
types = st.sampled_from(["invoice", "payment", "credit_note", "fee", "discount", "other"])
texts = st.sampled_from(["", "", "", "goods", "your invoice INV-1002", "order PO-5501", "late fee", "opening balance"])
orders = st.sampled_from(["", "", "", "PO-5501", "PO-5502"])


@st.composite
def rows(draw, plain: bool = False) -> tuple[list[Item], list[Item]]:
    """Two books as ledger rows, in each other's sign; ``plain``: typed, and with nothing brought forward."""
    amounts = draw(st.sampled_from([wide, narrow]))
    kinds = types.filter(lambda kind: kind != "other") if plain else types
    words = texts.filter(lambda text: "opening" not in text) if plain else texts
    book = st.lists(st.tuples(numbers, amounts, days, kinds, words, orders), max_size=14)
    return tuple(
        [
            item(f"{side}{n:02d}", ref, str(amount), day, kind, description=text, po_number=order)
            for n, (ref, amount, day, kind, text, order) in enumerate(draw(book), 1)
        ]
        for side in "LT"
    )


money = st.none() | st.decimals(min_value=-9999, max_value=9999, places=2)
ANCHOR = item("A1", "ZZ-999111", "77.77")
OURS_OF_NOTHING = [item("L1", "INV-1001", "0.00", "10-10"), item("L2", "INV-1002", "100.00", "10-10")]
THEIRS_OF_NOTHING = [item(f"T{n}", "", "0.00", "10-10") for n in range(1, 5)]


def lines(book: list[Item]) -> list[TheirLine]:
    return list(of_items(book).lines)


def test_a_line_of_nothing_takes_part_in_no_sum() -> None:
    hundred = [line(1, "RC9", "100.00", "10-11")]
    parts = [item("L3", "", "60.00", "10-11"), item("L4", "", "40.00", "10-11"), item("L5", "", "0.00", "10-11")]
    assert pairs(compare(parts, hundred)) == {(("L3", "L4"), (1,))}
    assert all(len(ids) == 1 for ids, _ in pairs(compare(OURS_OF_NOTHING, hundred)))
    assert all(len(ids) == 1 for ids, _ in pairs(compare(THEIRS_OF_NOTHING, [line(1, "", "0.00", "10-11")])))


@LAW
@given(rows(), money, money, st.sampled_from(["statement", "remittance_advice"]))
def test_the_identity_is_exact_and_every_line_is_used_once(books, opening, closing, kind) -> None:
    ours, theirs = books[0], lines(books[1])
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


@LAW
@given(rows(), st.integers(0, 9))
@example((OURS_OF_NOTHING, [item("T1", "RC9", "100.00", "10-11")]), 1)
@example((THEIRS_OF_NOTHING[:1], THEIRS_OF_NOTHING), 1)
def test_the_same_rows_in_any_order_give_the_same_answer(books, seed) -> None:
    ours, theirs = books[0], lines(books[1])
    first = reconcile([*ours, ANCHOR], Counterpart(theirs, currency="CNY"))
    mixed_ours, mixed_theirs = shuffled([*ours, ANCHOR], theirs, seed)
    again = reconcile(mixed_ours, Counterpart(mixed_theirs, currency="CNY"))
    assert said(first, theirs) == said(again, mixed_theirs)


def test_noisy_books_give_the_same_answer_in_any_order() -> None:
    for seed in range(1, 9):
        books = noise.books(seed, "HARD" if seed % 2 else "STD", 150)
        theirs = lines(books.theirs)
        first = reconcile(books.ours, Counterpart(theirs, currency="CNY"), as_of=noise.CUT_OFF)
        ours, mixed = shuffled(books.ours, theirs, seed)
        again = reconcile(ours, Counterpart(mixed, currency="CNY"), as_of=noise.CUT_OFF)
        assert said(first, theirs) == said(again, mixed)


def certain(answer) -> set:
    return {(m.our_ids, m.their_numbers) for m in answer.matches if m.automatic}


def unchanged_by(ours: list[Item], theirs: list[TheirLine], other: Item) -> bool:
    """Whether ``other`` on either side leaves the certain matches as they were."""
    before = certain(reconcile(ours, Counterpart(theirs, currency="CNY"), as_of=AS_OF))
    added = replace(lines([other])[0], no=len(theirs) + 1)
    with_theirs = reconcile(ours, Counterpart([*theirs, added], currency="CNY"), as_of=AS_OF)
    with_ours = reconcile([*ours, other], Counterpart(theirs, currency="CNY"), as_of=AS_OF)
    return certain(with_theirs) == before == certain(with_ours)


BOOKED_BY_WORDS = [item("L1", "", "-0.50", "10-01", description="your invoice INV-1002"), item("L2", "", "-0.75")]
LISTED_BY_WORDS = [item("T1", "", "0.25", "10-01", description="your invoice INV-1002"), item("T2", "", "0.00")]


@LAW
@example((BOOKED_BY_WORDS, LISTED_BY_WORDS), None, "invoice", "7654321.09")
@given(rows(), days, types, st.sampled_from(["7654321.09", "-7654321.09"]))
def test_an_unrelated_line_changes_no_certain_match(books, day, kind, amount) -> None:
    assert unchanged_by([*books[0], ANCHOR], lines(books[1]), item("Q1", "QQ-900900900", amount, day, kind))


def test_an_unrelated_line_changes_no_certain_match_of_noisy_books() -> None:
    for seed in range(1, 13):
        books = noise.books(seed, "HARD" if seed % 2 else "STD", 100)
        other = item("Q1", "QQ-900900900", "7654321.09", "09-09", description="unrelated")
        assert unchanged_by(books.ours, lines(books.theirs), other)


MIRRORED = {"missing_in_ours": "missing_in_theirs", "missing_in_theirs": "missing_in_ours"}


def seen_from(ours: list[Item], theirs: list[Item], side: Side) -> tuple[set, set, Decimal, bool]:
    """Matches and steps with our rows first, each row by its id."""
    answer = reconcile([replace(o, side=side) for o in ours], of_items(theirs, file="x"), as_of=AS_OF)

    def ids(found):
        return tuple(sorted(e.tag for e in found.ours)), tuple(sorted(theirs[int(e.id) - 1].id for e in found.theirs))

    matches = {(*ids(m), m.rule.name, m.automatic) for m in answer.matches}
    return matches, {(*ids(i), i.kind.value, i.units) for i in answer.items}, answer.difference, answer.sign_flipped


def assert_mirrored(ours: list[Item], theirs: list[Item]) -> None:
    """What the supplier sees who reconciles the same two books is the same, with every step the other way."""
    matches, steps, difference, turned = seen_from(ours, theirs, Side.PAYABLE)
    if turned or any("settled_on_our_side" in match for match in matches):
        return  # by their sign the type of an untyped line is read; and only our ledger knows its own history
    other_matches, other_steps, other_difference, _ = seen_from(theirs, ours, Side.RECEIVABLE)
    if any("settled_on_our_side" in match for match in other_matches):
        return
    assert matches == {(b, a, *rest) for a, b, *rest in other_matches}
    assert steps == {(b, a, MIRRORED.get(kind, kind), -units) for a, b, kind, units in other_steps}
    assert difference == -other_difference


BOOKED = [item("L1", "INV-1001", "0.00", "10-10"), item("L2", "INV-1000", "0.25", "10-10", "payment")]
LISTED = [item("T1", "INV-1001", "0.00", "10-10", "payment"), item("T2", "INV-1001", "0.25", None, "payment")]


@LAW
@example((BOOKED, LISTED))
@given(rows(plain=True))
def test_theirs_against_ours_gives_the_mirrored_answer(books) -> None:
    ours, theirs = books
    assert_mirrored([*ours, ANCHOR], [*theirs, replace(ANCHOR, id="B1")])


def test_theirs_against_ours_gives_the_mirrored_answer_of_noisy_books() -> None:
    for seed in range(1, 13):
        books = noise.books(seed, "HARD" if seed % 2 else "STD", 120)
        if not books.flipped:
            assert_mirrored(*([row for row in book if row.date <= AS_OF] for book in (books.ours, books.theirs)))
