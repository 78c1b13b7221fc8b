"""Our own documents come back: answers in the workbook count, our own figures never count as the customer's."""

from __future__ import annotations

import hashlib
import io
from functools import partial

import openpyxl
import pytest

from mailflow.adapters.letters_mjml import LetterRenderer
from mailflow.adapters.parser_child import ParserChild
from mailflow.adapters.statement_pdf import StatementPdf
from mailflow.adapters.statement_xlsx import StatementXlsx
from mailflow.cases.case import State
from mailflow.correspondence import letter_samples as samples
from mailflow.correspondence.message import DisputeReason, Intent, Meaning, StatedIntent
from mailflow.correspondence.returned_workbook import NAMES
from mailflow.receivables.party import Side
from mailflow.resources import font_file, templates_directory
from mailflow.steps.ports.letters import Stationery
from mailflow.steps.queue_letters import Desk, queue_statement
from mailflow.steps.render_letter import render_statement
from mailflow.steps.returned_documents import Returned, ReturnedDocuments, with_answers
from tests.servers.sending_office import KEY, Office

STATIONERY = Stationery(LetterRenderer(templates_directory()), StatementPdf([font_file()]), StatementXlsx())
LANGUAGES = [STATIONERY.templates.words(one) for one in STATIONERY.templates.languages()]
STATEMENT = samples.STATEMENT
PLAIN = Meaning("zh", [StatedIntent(Intent.OTHER, 0.5, "请见附件")])


class Sent:
    """One statement that went out for real: its row, its files, and a reader for what comes back."""

    def __init__(self, url, tmp_path, parsing):
        self.office = Office(url, tmp_path / "archive")
        with self.office.database.writing() as work:
            work.casefile.open(
                case_id=STATEMENT.number, party_id="C001", side=Side.RECEIVABLE, currency="CNY",
                statement_no=STATEMENT.number, version=1, as_of=STATEMENT.as_of, our_balance=STATEMENT.closing,
                at=self.office.clock.now(), state=State.DRAFT,
            )  # fmt: skip
        self.files = {}

        def render(statement, route):
            letter = render_statement(STATIONERY, statement, samples.COMPANY, route=route)
            self.files = {file.name.rpartition(".")[2]: file.content for file in letter.files}
            return letter

        archive, desk = self.office.archive, Desk(samples.COMPANY, KEY)
        queue_statement(self.office.database, archive, desk, STATEMENT, render, self.office.clock)
        self.returned = ReturnedDocuments(self.office.database, archive, parsing, LANGUAGES)

    def among(self, content: bytes, name: str, kind: str) -> Returned:
        self.office.archive.store([content])
        sha256 = hashlib.sha256(content).hexdigest()
        return self.returned.among([{"name": name, "type": kind, "sha256": sha256, "size": len(content)}])


@pytest.fixture(scope="module")
def parsing():
    with ParserChild(1) as child:
        yield child


@pytest.fixture
def sent(database_url, tmp_path, parsing):
    made = Sent(database_url, tmp_path, parsing)
    yield made
    made.office.database.engine.dispose()


xlsx = partial(Sent.among, name="对账单.xlsx", kind="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")


def filled(content: bytes, **answers: object) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    titles = [cell.value for cell in sheet[5]]
    for key, value in answers.items():
        if key in NAMES:
            place = book.defined_names[NAMES[key]].attr_text.split("!")[1].replace("$", "")
            sheet[place].value = value
        else:
            reference, answer, amount, comment = value
            row = next(cells for cells in sheet.iter_rows(min_row=6) if cells[2].value == reference)
            at = titles.index("贵公司意见")
            row[at].value, row[at + 1].value, row[at + 2].value = answer, amount, comment
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbook_with_agrees_is_a_confirmation(sent):
    returned = xlsx(sent, filled(sent.files["xlsx"], decision="相符", person="王丽 会计"))
    meaning = with_answers(PLAIN, returned, {})
    assert [one.intent for one in meaning.intents] == [Intent.CONFIRM]
    assert meaning.intents[0].evidence == "对账单.xlsx: agrees, 王丽 会计"


def test_one_row_that_differs_outweighs_agrees_for_the_whole(sent):
    content = filled(sent.files["xlsx"], decision="相符", one=("INV-1001", "不符", 4300, "短少 2 箱"))
    returned = xlsx(sent, content)
    meaning = with_answers(PLAIN, returned, {"短少 2 箱": [DisputeReason.QUANTITY]})
    (dispute,) = meaning.intents
    assert (dispute.intent, dispute.references) == (Intent.DISPUTE, ("INV-1001",))
    assert "INV-1001 differs, 4300" in dispute.evidence and "短少 2 箱" in dispute.evidence
    assert meaning.dispute_reasons == [DisputeReason.QUANTITY] and meaning.references == ["INV-1001"]


def test_a_workbook_that_nobody_wrote_in_says_nothing_but_is_known_as_ours(sent):
    returned = xlsx(sent, sent.files["xlsx"])
    assert returned.own and with_answers(PLAIN, returned, {}) == PLAIN


def test_agreeing_with_another_balance_is_no_confirmation(sent):
    returned = xlsx(sent, filled(sent.files["xlsx"], decision="相符", balance=13500))
    meaning = with_answers(PLAIN, returned, {})
    assert [one.intent for one in meaning.intents] == [Intent.OTHER]
    assert [str(one.amount) for one in meaning.amounts] == ["13500.0"]


def test_our_pdf_attached_to_a_reply_is_known_as_ours_and_not_their_statement(sent):
    returned = sent.among(sent.files["pdf"], "statement.pdf", "application/pdf")
    assert returned.own == (hashlib.sha256(sent.files["pdf"]).hexdigest(),) and returned.answers is None


def test_a_document_with_a_token_that_we_never_issued_is_not_ours(sent):
    foreign = render_statement(STATIONERY, STATEMENT, samples.COMPANY, route=samples.ROUTE)
    assert sent.among(foreign.files[0].content, "s.pdf", "application/pdf") == Returned()
    assert sent.among(b"%PDF-1.4 broken", "s.pdf", "application/pdf") == Returned()
