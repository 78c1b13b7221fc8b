"""``mailflow statements`` as a person meets it: look first, hold with a reason, release, send."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mailflow.cli.main import main

LEDGER = """id,party_id,party_name,side,type,reference,date,due_date,currency,amount,open_amount
L1,C1,恒泰,receivable,invoice,INV-1,2026-10-01,2026-10-31,CNY,100.00,100.00
L2,C2,Northgate Ltd,receivable,invoice,INV-2,2026-09-01,2026-10-01,CNY,70.00,70.00
"""
PARTIES = """party_id,party_name,side,emails,language
C1,恒泰,receivable,a@hengtai.example,zh-CN
C2,Northgate Ltd,receivable,,en
"""


@pytest.fixture
def house(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The options that name a house with an imported ledger; C2 has no address."""
    (tmp_path / "ledger.csv").write_text(LEDGER, encoding="utf-8")
    (tmp_path / "parties.csv").write_text(PARTIES, encoding="utf-8")
    (tmp_path / "mailflow.toml").write_text(
        '[company]\nname = "华星"\nlanguage = "en"\n[smtp]\nhost = "127.0.0.1"\nport = 9\nsecurity = "none"\n'
        '[[mailbox]]\nname = "f"\naddress = "ar@huaxing.example"\nhost = "127.0.0.1"\nport = 9\nsecurity = "none"\n',
        encoding="utf-8",
    )
    options = ["--config", str(tmp_path / "mailflow.toml")]
    files = [str(tmp_path / "ledger.csv"), "--parties", str(tmp_path / "parties.csv"), "--as-of", "2026-10-31"]
    assert main(["import", *files, *options]) == 0
    capsys.readouterr()
    return ["--as-of", "2026-10-31", *options]


def told(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    return json.loads(capsys.readouterr().out)  # type: ignore[no-any-return]


def test_what_is_held_is_listed_with_its_reason_and_who_can_release_it(
    house: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["statements", *house]) == 1
    out = capsys.readouterr().out
    assert "SOA-202610-C1-CNY v1" in out and "No e-mail address is known for Northgate Ltd." in out
    assert "nobody: the data must be corrected" in out and "nothing was sent" in out


def test_a_preview_writes_everything_and_changes_nothing(
    house: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["statements", *house, "--preview", str(tmp_path / "out")]) == 1
    written = sorted(path.name for path in (tmp_path / "out" / "SOA-202610-C1-CNY_v1").iterdir())
    assert [name.rpartition(".")[2] for name in written] == ["html", "txt", "pdf", "xlsx"]
    assert "100.00" in (tmp_path / "out" / "SOA-202610-C1-CNY_v1" / "letter.txt").read_text(encoding="utf-8")
    capsys.readouterr()
    main(["cases", "--json", *house[2:]])
    assert told(capsys) == []


def test_without_send_they_are_drafts_and_with_send_they_go_out_or_wait_for_the_server(
    house: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    main(["statements", *house, "--json"])
    first = told(capsys)
    assert [one["standing"] for one in first["statements"]] == ["draft", "held"]  # type: ignore[attr-defined]
    assert main(["statements", *house, "--send"]) == 3  # nobody listens at port 9
    shown = capsys.readouterr()
    assert "1 letters queued" in shown.out and "the letters are queued" in shown.err
    main(["cases", "--json", *house[2:]])
    assert [case["state"] for case in told(capsys)] == ["queued", "held"]  # type: ignore[index,attr-defined]


def test_only_the_named_party_is_drawn_and_an_unknown_one_is_refused(
    house: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["statements", *house, "--party", "C1", "--json"]) == 0
    assert [one["party"] for one in told(capsys)["statements"]] == ["C1"]  # type: ignore[attr-defined]
    assert main(["statements", *house, "--party", "C9"]) == 2
    assert "the ledger has no party C9" in capsys.readouterr().err


def test_approving_releases_holds_and_never_blocks(house: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["statements", *house, "--approve-held", "--by", "li", "--json"]) == 1
    found = told(capsys)
    assert found["released"] == [{"statement_no": "SOA-202610-C2-CNY", "version": 1, "outcome": "blocked"}]


@pytest.mark.parametrize("wrong", [["--as-of", "31.10.2026"], ["--preview", "x", "--send"]])
def test_wrong_options_are_one_line(house: list[str], wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["statements", *house[2:], *wrong]) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1


def test_what_falls_due_is_listed_for_whom_and_nothing_is_done(
    house: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["statements", *house, "--upcoming", "70", "--json"]) == 0
    coming = told(capsys)["upcoming"]
    assert [one["parties"] for one in coming] == [["C1", "C2"]] * len(coming)  # type: ignore[attr-defined,arg-type]
    assert len(coming) in (2, 3)  # type: ignore[arg-type]
    main(["cases", "--json", *house[2:]])
    assert told(capsys) == []
