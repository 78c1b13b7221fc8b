"""Nothing goes out that does not say what the ledger says: each finished part is read back before it is frozen."""

from __future__ import annotations

import shutil
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from mailflow.adapters.letter_reading import pdf_text, workbook_numbers
from mailflow.adapters.letters_mjml import LetterRenderer
from mailflow.correspondence.letter_samples import COMPANY, ROUTE, STATEMENT
from mailflow.correspondence.statement_sheet import Form
from mailflow.refusals import Refusal
from mailflow.resources import templates_directory
from mailflow.steps.ports.letters import Stationery
from mailflow.steps.prove_letter import prove_letter
from mailflow.steps.render_letter import render_statement, statement_sheet
from tests.letters.made_accounts import made_account
from tests.letters.test_letters_tie_out import LANGUAGES, STATIONERY

PROVE = partial(prove_letter, pdf_text=pdf_text, numbers=workbook_numbers)
PROVING = replace(STATIONERY, prove=PROVE)


@pytest.mark.parametrize("seed", range(12))
def test_every_honest_letter_passes(seed: int) -> None:
    statement = made_account(seed).statement
    render_statement(
        PROVING, statement, COMPANY, route=ROUTE, language=LANGUAGES[seed % 3], form=list(Form)[seed % 2]
    )  # fmt: skip


@pytest.mark.parametrize(("part", "named"), [("rows.mjml", "HTML"), ("rows.txt", "text")])
def test_a_template_that_somebody_emptied_sends_nothing(tmp_path: Path, part: str, named: str) -> None:
    shutil.copytree(templates_directory(), tmp_path / "templates")
    (tmp_path / "templates" / "parts" / part).write_text("", encoding="utf-8")
    spoilt = Stationery(LetterRenderer(tmp_path / "templates"), STATIONERY.paper, STATIONERY.workbook, PROVE)
    with pytest.raises(Refusal, match=f"the {named} does not show"):
        render_statement(spoilt, STATEMENT, COMPANY, route=ROUTE, form=Form.OPEN_ITEM)


def test_a_file_of_another_statement_is_found_out() -> None:
    sheet = statement_sheet(STATIONERY, STATEMENT, COMPANY, route=ROUTE, form=Form.OPEN_ITEM)
    letter = render_statement(STATIONERY, STATEMENT, COMPANY, route=ROUTE, form=Form.OPEN_ITEM)
    other = render_statement(STATIONERY, made_account(5).statement, COMPANY, route=ROUTE, form=Form.OPEN_ITEM)
    for place, named in ((0, "PDF"), (1, "workbook")):
        files = list(letter.files)
        files[place] = other.files[place]
        with pytest.raises(Refusal, match=f"the {named} does not show"):
            PROVE(replace(letter, files=tuple(files)), sheet)
    PROVE(letter, sheet)
