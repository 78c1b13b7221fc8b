"""``mailflow import`` as a person meets it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mailflow.cli.main import main

LEDGER = "id,party_id,side,reference,date,currency,amount\nL1,C1,receivable,INV-1,2026-10-01,CNY,100.00\n"


@pytest.fixture
def config(tmp_path: Path) -> str:
    file = tmp_path / "mailflow.toml"
    file.write_text('[company]\nname = "华星"\n', encoding="utf-8")
    return str(file)


def test_a_good_ledger_is_imported_and_told(config: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "l.csv").write_text(LEDGER, encoding="utf-8")
    command = ["import", str(tmp_path / "l.csv"), "--as-of", "2026-10-31", "--config", config]
    assert main(command) == 0
    assert "items: 1 new" in capsys.readouterr().out
    assert main([*command, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["items"] == {"new": 0, "changed": 0, "gone": 0, "unchanged": 1}


def test_bad_rows_end_with_two_and_one_line_each_and_nothing_imported(
    config: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = "".join(f"L{no},C1,receivable,INV-{no},2026-10-01,CNY,abc\n" for no in range(2, 7))
    (tmp_path / "l.csv").write_text(LEDGER + rows, encoding="utf-8")
    command = ["import", str(tmp_path / "l.csv"), "--config", config]
    assert main(command) == 2
    told = capsys.readouterr().err
    assert [f"line {no}," in told for no in range(3, 8)] == [True] * 5 and "Traceback" not in told
    assert main([*command, "--skip-bad-rows"]) == 1  # done, but somebody has to look at what was skipped
    shown = capsys.readouterr()
    assert "items: 1 new" in shown.out and shown.err.count("skipped: l.csv, line") == 5


def test_a_missing_file_is_one_line(config: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "nowhere.csv", "--config", config]) == 2
    assert capsys.readouterr().err.strip() == "mailflow import: nowhere.csv cannot be read: No such file or directory"


PARTIES = "party_id,party_name,side,emails,language\nC1,Northgate,receivable,ap@northgate.example,en\n"


def test_a_statement_waits_until_the_bank_is_booked(
    config: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "l.csv").write_text(LEDGER, encoding="utf-8")
    (tmp_path / "p.csv").write_text(PARTIES, encoding="utf-8")
    command = ["import", str(tmp_path / "l.csv"), "--parties", str(tmp_path / "p.csv"), "--config", config]
    assert main([*command, "--bank-as-of", "2099-01-01"]) == 2
    assert "this day has not come yet" in capsys.readouterr().err
    held = {}
    for day in ("2026-10-20", "2026-10-31"):
        assert main([*command, "--as-of", "2026-10-31", "--bank-as-of", day]) == 0
        capsys.readouterr()
        main(["statements", "--as-of", "2026-10-31", "--config", config])
        held[day] = capsys.readouterr().out
    assert "银行流水仅登记至 2026-10-20,早于对账日" in held["2026-10-20"]
    assert "早于对账日" not in held["2026-10-31"]
