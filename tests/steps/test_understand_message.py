"""Stage "understand" against a letter that really went out: answers between its lines, working days of the country."""

from __future__ import annotations

import datetime as dt

import pytest

from mailflow.adapters.letters_mjml import LetterRenderer
from mailflow.adapters.parser_child import ParserChild
from mailflow.adapters.statement_pdf import StatementPdf
from mailflow.adapters.statement_xlsx import StatementXlsx
from mailflow.cases.case import State
from mailflow.correspondence import letter_samples as samples
from mailflow.correspondence import mime
from mailflow.receivables.party import Side
from mailflow.resources import font_file, templates_directory
from mailflow.steps.ports.letters import Stationery
from mailflow.steps.ports.mailroom import MessageState, StoredMessage
from mailflow.steps.queue_letters import Desk, queue_statement
from mailflow.steps.render_letter import render_statement
from mailflow.steps.understand_message import UnderstandMessage
from tests.servers.sending_office import KEY, Office

STATIONERY = Stationery(LetterRenderer(templates_directory()), StatementPdf([font_file()]), StatementXlsx())
STATEMENT = samples.STATEMENT


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    path = tmp_path_factory.mktemp("understand")
    office = Office(f"sqlite:///{path / 'house.db'}", path)
    with office.database.writing() as work:
        work.casefile.open(
            case_id=STATEMENT.number, party_id="C001", side=Side.RECEIVABLE, currency="CNY",
            statement_no=STATEMENT.number, version=1, as_of=STATEMENT.as_of, our_balance=STATEMENT.closing,
            at=office.clock.now(), state=State.DRAFT,
        )  # fmt: skip

    def render(statement, route):
        return render_statement(STATIONERY, statement, samples.COMPANY, route=route)

    queue_statement(office.database, office.archive, Desk(samples.COMPANY, KEY), STATEMENT, render, office.clock)
    yield office
    office.database.engine.dispose()


@pytest.fixture(scope="module")
def understand(office):
    with ParserChild(1) as parsing:
        yield UnderstandMessage(office.database, parsing, archive=office.archive, country="CN")


def meant(office, understand, new_text: str, quoted: str | None = None, doubtful: bool = False, sent="2026-11-02"):
    with office.database.reading() as work:
        letter = work.outbox.letters(case_id=STATEMENT.number)[0]
    at = dt.datetime.fromisoformat(f"{sent}T09:00:00+08:00")
    message = _message(at)
    reading = {
        "new_text": new_text, "subject": "回复", "date": at.isoformat(), "quoted_text": quoted, "doubtful": doubtful,
    }  # fmt: skip
    placed = {"party": None, "side": None, "letter": letter.no, "own": False}
    [outcome] = understand.ahead([_Travelling(message, {"read": {"reading": reading, "parts": []}, "thread": placed})])
    assert not isinstance(outcome, Exception), outcome
    return outcome.result


class _Travelling:
    def __init__(self, message, results):
        self.message, self.results = message, results


def _message(at: dt.datetime) -> StoredMessage:
    import dataclasses

    blank = {field.name: None for field in dataclasses.fields(StoredMessage)}
    return StoredMessage(**{**blank, "no": 1, "sent_at": at, "received_at": at, "state": MessageState.WAITING})


def our_letter(office) -> str:
    with office.database.reading() as work:
        letter = work.outbox.letters(case_id=STATEMENT.number)[0]
    return mime.read(office.archive.read(letter.sha256)).text


def test_an_answer_between_the_lines_of_our_letter_is_understood(office, understand):
    lines = our_letter(office).split("\n")
    place = next(at for at, line in enumerate(lines) if len(line) > 12) + 1
    quoted = "\n".join([*lines[:place], "INV-1001 重复开票了，请作废一张。", *lines[place:]])
    result = meant(office, understand, "", quoted)
    assert result["intents"][0]["intent"] == "dispute" and result["dispute_reasons"] == ["duplicate"]
    assert result["references"] == ["INV-1001"]


def test_our_own_words_in_the_quote_mean_nothing(office, understand):
    result = meant(office, understand, "见附件", our_letter(office), doubtful=True)
    assert [one["intent"] for one in result["intents"]] == ["other"] and not result["amounts"]


def test_working_days_leave_the_public_holidays_of_the_country_out(office, understand):
    result = meant(office, understand, "5个工作日内付款。", sent="2025-09-29")  # before the National Day week
    assert result["promise"]["date"] == "2025-10-13"
    assert not any("weekends only" in one for one in result["warnings"])
