"""``mailflow reconcile`` as a person or a script meets it: files in, figures out, one clear line when it cannot."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.reconciliation import noise

HEAD = "id,party_id,side,type,reference,date,currency,amount\n"
LEDGER = (
    HEAD
    + "L1,S001,payable,invoice,INV-1001,2026-10-05,CNY,500.00\nL2,S001,payable,payment,PAY7,2026-10-30,CNY,-80.50\n"
)
STATEMENT = HEAD + "T1,S001,payable,invoice,INV-1001,2026-10-05,CNY,510.00\n"


def run(*arguments: object) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "mailflow.cli.main", "reconcile", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, encoding="utf-8")


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    (tmp_path / "ledger.csv").write_text(LEDGER, encoding="utf-8")
    (tmp_path / "statement.csv").write_text(STATEMENT, encoding="utf-8")
    return tmp_path / "statement.csv", tmp_path / "ledger.csv"


def test_json_has_the_contracts_fields_and_the_exit_code_says_that_a_person_is_needed(files) -> None:
    done = run(files[0], "--ledger", files[1], "--as-of", "2026-10-31", "--json")
    told = json.loads(done.stdout)
    assert done.returncode == 1
    assert {
        "party": "S001", "side": "payable", "currency": "CNY", "as_of": "2026-10-31", "sign_flipped": False,
        "our_balance": "419.50", "their_balance": "510.00", "difference": "90.50",
    }.items() <= told.items()  # fmt: skip
    assert told["matches"][0]["rule"] == "same_reference_other_amount"
    assert told["proof"]["balanced"] is True
    assert told["counts"] == {"ours": 2, "theirs": 1, "matched_ours": 1, "matched_theirs": 1}
    assert {i["kind"]: i["amount"] for i in told["reconciling_items"]} == {
        "amount_difference": "10.00",
        "timing": "80.50",
    }


def test_books_that_agree_end_with_zero(files) -> None:
    done = run(files[1], "--ledger", files[1])
    assert done.returncode == 0
    assert "0 differences" in done.stdout


def test_a_person_reads_a_table_without_colour_codes_in_a_pipe(files) -> None:
    done = run(files[0], "--ledger", files[1])
    assert "our balance" in done.stdout
    assert "\x1b[" not in done.stdout


@pytest.mark.parametrize("form", ["xlsx", "html", "pdf"])
def test_the_document_is_written(files, tmp_path: Path, form: str) -> None:
    out = tmp_path / f"out.{form}"
    done = run(files[0], "--ledger", files[1], f"--{form}", out, "--language", "zh-CN")
    assert done.returncode == 1
    assert done.stdout == ""
    assert out.stat().st_size > 1000


def test_a_policy_file_changes_what_is_accepted(files, tmp_path: Path) -> None:
    policy = tmp_path / "mine.toml"
    policy.write_text('[automatic]\nnever_automatic = ["same_reference_other_amount"]\n', encoding="utf-8")
    told = json.loads(run(files[0], "--ledger", files[1], "--policy", policy, "--json").stdout)
    assert told["matches"][0]["automatic"] is False


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda s, l, t: (s, "--ledger", t / "none.csv"), "none.csv"),
        (lambda s, l, t: (t / "none.pdf", "--ledger", l), "none.pdf"),
        (lambda s, l, t: (s, "--ledger", l, "--party", "S999"), "S999"),
        (lambda s, l, t: (s, "--ledger", l, "--side", "receivable"), "no receivable item"),
        (lambda s, l, t: (s, "--ledger", l, "--policy", t / "none.toml"), "none.toml"),
        (lambda s, l, t: (s, "--ledger", l, "--html", t / "no" / "such" / "out.html"), "out.html"),
    ],
)
def test_what_cannot_be_used_is_one_clear_line_and_exit_two(files, tmp_path: Path, change, words: str) -> None:
    done = run(*change(files[0], files[1], tmp_path))
    assert done.returncode == 2
    assert words in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert done.stdout == ""


def test_a_party_is_found_among_others_by_what_the_lines_say(tmp_path: Path) -> None:
    books = noise.books(4, "STD", 40)
    noise.write(books, tmp_path)
    ledger = tmp_path / "ledger.csv"
    other = ledger.read_text(encoding="utf-8") + "Z1,S002,Other,payable,invoice,ZZ-1,,,2026-10-01,,CNY,5.00,,\n"
    ledger.write_text(other, encoding="utf-8")
    told = json.loads(run(tmp_path / "statement.csv", "--ledger", ledger, "--as-of", "2026-10-31", "--json").stdout)
    assert told["party"] == "S001"
    assert told["our_balance"] == f"{books.our_balance:.2f}"


def test_a_parsed_document_is_reconciled_like_a_csv(files, tmp_path: Path) -> None:
    page = tmp_path / "statement.html"
    page.write_text(
        "<html><body><h1>Statement of account</h1><p>Currency: CNY</p><table><tr><th>Date</th><th>Invoice no.</th>"
        "<th>Description</th><th>Amount</th></tr><tr><td>2026-10-05</td><td>INV-1001</td><td>Goods</td><td>500.00</td></tr>"
        "<tr><td>2026-10-06</td><td>INV-1002</td><td>Goods</td><td>25.00</td></tr>"
        "<tr><td></td><td></td><td>Total</td><td>525.00</td></tr></table></body></html>",
        encoding="utf-8",
    )
    done = run(page, "--ledger", files[1], "--as-of", "2026-10-31", "--json")
    told = json.loads(done.stdout)
    assert [m["ours"] for m in told["matches"]] == [["L1"]]
    assert told["their_balance"] == "525.00"


NEXT_LEDGER = (
    LEDGER + "L3,S001,payable,invoice,HX-77,2026-10-06,CNY,120.00\nL4,S001,payable,invoice,INV-9,2026-11-05,CNY,60.00\n"
)


def test_a_persons_decision_is_used_and_kept_for_the_next_statement(tmp_path: Path) -> None:
    ledger, october, november = (tmp_path / name for name in ("ledger.csv", "october.csv", "november.csv"))
    ledger.write_text(NEXT_LEDGER, encoding="utf-8")
    october.write_text(STATEMENT + "T2,S001,payable,invoice,Z1,2026-10-08,CNY,120.00\n", encoding="utf-8")
    november.write_text(
        HEAD + "T1,S001,payable,invoice,Z1,2026-10-08,CNY,120.00\nT2,S001,payable,invoice,INV-9,2026-11-05,CNY,60.00\n"
        "T3,S001,payable,invoice,INV-1001,2026-10-05,CNY,510.00\n",
        encoding="utf-8",
    )
    said = tmp_path / "said.json"
    said.write_text(
        '{"confirmed": [{"ours": ["L3"], "theirs": [2], "by": "li", "on": "2026-11-02"}]}', encoding="utf-8"
    )
    kept = tmp_path / "kept.json"
    first = run(
        october, "--ledger", ledger, "--as-of", "2026-10-31", "--decisions", said, "--keep-decisions", kept, "--json"
    )
    rules = {tuple(m["ours"]): m["rule"] for m in json.loads(first.stdout)["matches"]}
    assert rules[("L3",)] == "confirmed_by_person"
    assert json.loads(kept.read_text(encoding="utf-8"))["ended"][0]["as_of"] == "2026-10-31"
    second = run(november, "--ledger", ledger, "--as-of", "2026-11-30", "--decisions", kept, "--json")
    rules = {(tuple(m["ours"]), tuple(m["theirs"])): m["rule"] for m in json.loads(second.stdout)["matches"]}
    assert rules == {
        (("L3",), (1,)): "confirmed_by_person", (("L1",), (3,)): "carried_match", (("L4",), (2,)): "exact_reference",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "no valid JSON"), ("[]", "one object"), ('{"confirm": []}', "no 'confirm'"),
        ('{"confirmed": [{"ours": ["L1"], "theirs": [9]}]}', "no line 9"),
        ('{"rejected": [{"ours": ["L1"], "theirs": ["x"]}]}', "neither a line number"),
        ('{"rejected": [{"ours": ["L1"]}]}', "cannot be read"),
    ],
)  # fmt: skip
def test_a_file_of_decisions_that_cannot_be_used_is_refused_in_one_line(files, tmp_path, text, words) -> None:
    (tmp_path / "said.json").write_text(text, encoding="utf-8")
    done = run(files[0], "--ledger", files[1], "--decisions", tmp_path / "said.json")
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr and "Traceback" not in done.stderr and len(done.stderr.strip().splitlines()) == 1
