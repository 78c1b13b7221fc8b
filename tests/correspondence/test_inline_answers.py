from __future__ import annotations

from mailflow.correspondence.inline_answers import unmarked_answers
from mailflow.correspondence.message import InlineAnswer

LETTER = """Dear customer,

Please find attached your statement of account.
INV-1001 3 October 2026 500.00
INV-1002 9 October 2026 700.00
Balance due: 1,200.00

Please confirm or tell us what differs."""

HEAD = "From: Huaxing <ar@huaxing.example>\nSent: Monday, November 2, 2026\nTo: Sam\nSubject: Statement\n\n"


def test_lines_that_are_not_ours_are_answers_to_the_line_above() -> None:
    quoted = HEAD + LETTER.replace("500.00\n", "500.00\npaid on 20 October\n").replace(
        "1,200.00\n", "1,200.00\nSo we see 700.00 only.\nPlease check.\n"
    )
    assert unmarked_answers(quoted, [LETTER]) == [
        InlineAnswer("INV-1001 3 October 2026 500.00", "paid on 20 October"),
        InlineAnswer("Balance due: 1,200.00", "So we see 700.00 only.\nPlease check."),
    ]


def test_an_untouched_quote_gives_no_answers_however_it_was_wrapped() -> None:
    assert unmarked_answers(HEAD + LETTER, [LETTER]) == []
    wrapped = LETTER.replace("your statement", "your\nstatement").replace("  ", "\u00a0")
    assert unmarked_answers(HEAD + wrapped, [LETTER]) == []


def test_a_quote_of_something_else_gives_no_answers() -> None:
    assert unmarked_answers(HEAD + "Hello Sam,\nhere is our offer.\nBest regards", [LETTER]) == []
    assert unmarked_answers("", [LETTER]) == [] and unmarked_answers(LETTER, []) == []
