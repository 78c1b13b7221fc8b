"""parsers as a library and as ``python -m parsers``: usable without mailflow."""

from __future__ import annotations

import doctest
import json
import subprocess
import sys
from pathlib import Path

import parsers

CSV = (
    b"Date,Reference,Amount,Balance\n,Opening balance,,1000.00\n"
    b"2026-10-01,INV-1,500.00,1500.00\n2026-10-02,INV-2,-80.00,1420.00\n"
)


def test_the_examples_of_the_docstring_hold() -> None:
    assert doctest.testmod(parsers).failed == 0
    assert doctest.testmod(parsers).attempted > 0


def test_the_examples_of_the_handbook_hold() -> None:
    guide = Path(__file__).parents[2] / "docs" / "parsers.md"
    assert doctest.testfile(str(guide), module_relative=False).failed == 0


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "parsers", *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )


def test_the_command_prints_json_and_tells_doubt_by_its_exit_code(tmp_path: Path) -> None:
    good, bad = tmp_path / "s.csv", tmp_path / "b.pdf"
    good.write_bytes(CSV)
    bad.write_bytes(b"%PDF-1.4 nothing")
    done = run(str(good))
    assert (done.returncode, json.loads(done.stdout)[0]["kind"]) == (0, "statement")
    assert run(str(good), str(bad)).returncode == 1
    missing = run(str(tmp_path / "nowhere"))
    assert (missing.returncode, missing.stdout) == (2, "")
    assert "Traceback" not in missing.stderr


def test_importing_it_imports_nothing_heavy() -> None:
    heavy = ("lxml", "pypdfium2", "pdfplumber", "numpy", "python_calamine", "mailflow")
    script = f"import sys, parsers, parsers.containment; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2]
    )
    assert done.stdout.strip() == "[]"
