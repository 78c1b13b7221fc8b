"""A spreadsheet program computes the figures that we wrote beside the formulas: LibreOffice, our values removed."""

import io
import shutil
import subprocess
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from mailflow.correspondence.letter_samples import COMPANY, ROUTE
from mailflow.correspondence.statement_sheet import Form, lay_out
from tests.letters.made_accounts import made_account
from tests.letters.test_letters_tie_out import LANGUAGES, STATIONERY


def cells(content: bytes | Path, **how: bool) -> dict[tuple[str, str], object]:
    book = openpyxl.load_workbook(io.BytesIO(content) if isinstance(content, bytes) else content, **how)
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


@pytest.mark.long
def test_every_formula_gives_our_figure_when_a_spreadsheet_program_computes_it(tmp_path: Path) -> None:
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice is not installed (libreoffice-calc)")
    ours: dict[str, bytes] = {}
    for seed in range(40):
        statement = made_account(seed).statement
        words = STATIONERY.templates.words(LANGUAGES[seed % 3])
        sheet = lay_out(statement, COMPANY, words, ROUTE, form=list(Form)[seed % 2])
        ours[f"s{seed}.xlsx"] = STATIONERY.workbook.write(sheet)
    bare, computed = tmp_path / "bare", tmp_path / "computed"
    bare.mkdir()
    for name, content in ours.items():
        openpyxl.load_workbook(io.BytesIO(content)).save(bare / name)  # keeps the formulas and drops their values
        assert None in {
            value.value
            for sheet in openpyxl.load_workbook(bare / name, data_only=True).worksheets
            for row in sheet.iter_rows()
            for value in row
        }
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to", "xlsx",
         "--outdir", str(computed), *(str(bare / name) for name in ours)],
        check=True, capture_output=True, timeout=600,
    )  # fmt: skip
    compared = 0
    for name, content in ours.items():
        formulas = {place for place, value in cells(content).items() if str(value).startswith("=")}
        expected, found = cells(content, data_only=True), cells(computed / name, data_only=True)
        for place in formulas:
            was, now = Decimal(str(expected[place])), Decimal(str(found[place]))
            assert abs(was - now) < Decimal("0.0000001"), (name, place, was, now)
            compared += 1
    assert compared > 500
    print(f"{compared} formulas in {len(ours)} workbooks give our figures")
