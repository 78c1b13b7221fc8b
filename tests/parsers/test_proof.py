"""The arithmetic: what proves, what breaks, and what proves nothing."""

from __future__ import annotations

from decimal import Decimal

from parsers.documents import CheckName
from parsers.proof import Printed, Step, check, walk
from parsers.wording.marks import Mark


def D(text: str) -> Decimal:
    return Decimal(text)


def steps(*rows: tuple[str, str]) -> list[Step]:
    return [Step(n, D(amount), D(balance)) for n, (amount, balance) in enumerate(rows, 1)]


def run(lines: list[Step], printed: Printed):
    return check(lines, printed, running=True, amount_columns=[], flows={})


def test_an_unbroken_chain_from_a_printed_opening_covers_every_line() -> None:
    outcome = run(steps(("10", "110"), ("-30", "80")), Printed(opening=D("100")))
    assert outcome.covered and outcome.holds and outcome.closing == 80


def test_a_break_names_its_line_and_what_the_difference_looks_like() -> None:
    chain = walk(steps(("10", "110"), ("30", "80"), ("5", "85")), D("100"))
    assert chain.broken_lines == [2] and "wrong sign" in chain.broken[0]


def test_a_chain_without_opening_proves_nothing_about_its_first_line() -> None:
    assert not run(steps(("10", "110"), ("5", "115"), ("5", "120")), Printed()).covered


def test_a_chain_that_begins_at_nothing_needs_no_printed_opening() -> None:
    assert run(steps(("10", "10"), ("5", "15"), ("5", "20")), Printed()).covered


def test_one_link_is_no_chain_and_no_line_is_no_proof() -> None:
    assert not run(
        steps(
            ("10", "10"),
        ),
        Printed(),
    ).covered
    assert not run([], Printed(opening=D("5"), closings=[("Total", D("5"))])).covered


def test_a_printed_closing_that_differs_is_a_failure_even_if_the_chain_holds() -> None:
    outcome = run(steps(("10", "110"), ("5", "115")), Printed(opening=D("100"), closings=[("Balance due", D("151"))]))
    assert not outcome.holds
    assert [c.passed for c in outcome.checks if c.name is CheckName.CLOSING_BALANCE] == [False]


def test_column_totals_cover_the_lines_only_if_every_amount_column_has_one() -> None:
    lines = [Step(1, D("10"), columns={2: D("10")}), Step(2, D("-4"), columns={3: D("4")})]
    total = Step(None, mark=Mark.TOTAL, label="Total", columns={2: D("10")})
    flows = {2: [D("10")], 3: [D("4")]}
    one = check([*lines, total], Printed(), running=False, amount_columns=[2, 3], flows=flows)
    assert not one.covered
    total.columns[3] = D("4")
    assert check([*lines, total], Printed(), running=False, amount_columns=[2, 3], flows=flows).covered
    total.columns[3] = D("5")
    assert not check([*lines, total], Printed(), running=False, amount_columns=[2, 3], flows=flows).holds
