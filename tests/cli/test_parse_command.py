"""``mailflow parse``: exit codes, JSON alone on standard output, tables for people."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from mailflow.cli.main import main

CSV = (
    b"Date,Reference,Amount,Balance\n,Opening balance,,1000.00\n"
    b"2026-10-01,INV-1,500.00,1500.00\n2026-10-02,INV-2,-80.00,1420.00\n"
)


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "october.csv"
    path.write_bytes(CSV)
    return path


def test_json_is_one_list_in_the_order_of_the_files(
    good: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "b.csv"
    other.write_bytes(CSV)
    assert main(["parse", str(good), str(other), "--json"]) == 0
    documents = json.loads(capsys.readouterr().out)
    assert [document["file"] for document in documents] == ["october.csv", "b.csv"]
    assert documents[0]["lines"][0]["amount"] == "500.00"


def test_an_unreadable_file_is_an_answer_and_exit_code_1(
    good: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "bad.pdf"
    bad.write_bytes(b"%PDF-1.4 nothing")
    assert main(["parse", "--json", str(bad), str(good)]) == 1
    first, second = json.loads(capsys.readouterr().out)
    assert (first["kind"], second["kind"]) == ("unreadable", "statement")
    assert first["reason"]


@pytest.mark.parametrize("name", ["nowhere.pdf", "."])
def test_a_file_that_is_not_there_is_exit_code_2_and_one_line(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["parse", str(tmp_path / name)]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert len(printed.err.strip().splitlines()) == 1


def test_people_see_a_table_without_colour_in_a_pipe(good: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["parse", str(good)])
    printed = capsys.readouterr().out
    assert "INV-1" in printed and "1,420.00" in printed
    assert "\x1b" not in printed


def test_a_password_may_come_from_the_environment(good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCUMENT_PASSWORD", "secret")
    assert main(["parse", str(good), "--password", "env:DOCUMENT_PASSWORD"]) == 0
    assert main(["parse", str(good), "--password", "env:NO_SUCH_VARIABLE"]) == 2


def test_a_closed_pipe_ends_it_quietly(good: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "mailflow.cli.main", "parse", str(good)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.close()
        assert b"Traceback" not in process.stderr.read()


STRANGE = (
    "Kontoblatt;;;\nWann;Kennung X;Zeug;Bleibt\n01.02.2026;RE-1001;1.500,00;1.500,00\n"
    "03.02.2026;RE-1002;250,00;1.750,00\n04.02.2026;ZE-0007;-500,00;1.250,00\n"
)
CORRECTIONS = ("Wann=date", "Kennung X=reference", "Zeug=amount", "Bleibt=balance", "issuer=Nordwind GmbH")


def test_what_a_clerk_corrected_is_shown_kept_and_used_for_the_next_document(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    october, november, kept = tmp_path / "oct.csv", tmp_path / "nov.csv", tmp_path / "profiles.toml"
    october.write_text(STRANGE, encoding="utf-8")
    november.write_text(STRANGE.replace(".02.2026", ".03.2026"), encoding="utf-8")
    assert main(["parse", str(november)]) == 1
    capsys.readouterr()

    corrections = [word for one in CORRECTIONS for word in ("--set", one)]
    assert main(["parse", str(october), "--learn", *corrections, "--profiles", str(kept)]) == 0
    shown = capsys.readouterr()
    assert '"Zeug" = "amount"' in shown.out
    assert "unproven; with this: 3 lines, proven" in shown.err
    assert not kept.exists()

    assert main(["parse", str(october), "--learn", *corrections, "--save", "S-7", "--profiles", str(kept)]) == 0
    capsys.readouterr()
    assert main(["parse", str(november), "--json", "--profile", "S-7", "--profiles", str(kept)]) == 0
    [document] = json.loads(capsys.readouterr().out)
    assert (document["trust"], document["issuer"]["name"]) == ("proven", "Nordwind GmbH")
    assert [line["amount"] for line in document["lines"]] == ["1500.00", "250.00", "-500.00"]


@pytest.mark.parametrize(
    ("extra", "said"),
    [
        (["--profile", "S-9"], "S-9"),
        (["--learn", "--set", "Zeug=money"], "money"),
        (["--learn", "--set", "Zeug"], "NAME=VALUE"),
    ],
)
def test_a_profile_that_cannot_be_is_exit_code_2_and_one_line(
    extra: list[str], said: str, good: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["parse", str(good), *extra, "--profiles", str(tmp_path / "none.toml")]) == 2
    printed = capsys.readouterr()
    assert said in printed.err
    assert len(printed.err.strip().splitlines()) == 1
