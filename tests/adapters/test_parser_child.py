"""The port of parsing over real children: documents and messages, hostile answers, several at once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage

import pytest

from mailflow.adapters.parser_child import ParserChild, _believed
from mailflow.steps.ports.parsing import Parsing, Unreadable
from parsers.containment import Containment, NoAnswer
from parsers.documents import Kind

CSV = b"Date,Reference,Amount,Balance\n2026-10-01,INV-1,500.00,500.00\n2026-10-02,INV-2,-80.00,420.00\n"


@pytest.fixture(scope="module")
def parsing() -> Iterator[ParserChild]:
    with ParserChild(2, trusted_authserv_ids=["mx.huaxing.example"]) as child:
        yield child


def message() -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Anna <anna@harrow.example>", "ar@huaxing.example", "Re: statement"
    mail["Message-ID"], mail["Date"] = "<1@harrow.example>", "Mon, 02 Nov 2026 09:14:00 +0800"
    mail.set_content("We confirm the balance.\n")
    mail.add_attachment(CSV, maintype="text", subtype="csv", filename="../s.csv")
    return mail.as_bytes()


def test_it_fits_the_port(parsing: ParserChild) -> None:
    port: Parsing = parsing
    assert port is parsing


def test_documents_are_parsed_in_a_child(parsing: ParserChild) -> None:
    [document] = parsing.parse_document(CSV, "s.csv")
    assert (document.kind, len(document.lines)) == (Kind.STATEMENT, 2)


def test_several_callers_are_served_side_by_side(parsing: ParserChild) -> None:
    with ThreadPoolExecutor(6) as threads:
        found = list(threads.map(lambda number: parsing.parse_document(CSV, f"{number}.csv")[0].file, range(12)))
    assert found == [f"{number}.csv" for number in range(12)]


def test_a_message_is_read_with_its_attachments_and_their_hashes(parsing: ParserChild) -> None:
    read = parsing.read_message(message(), known_references=["INV-1"])
    assert read.reading["message_id"] == "<1@harrow.example>"
    assert read.reading["intents"][0]["intent"] == "confirm"
    [part] = read.parts
    assert (part.content, part.sha256) == (CSV, hashlib.sha256(CSV).hexdigest())
    assert isinstance(read.routing["delivered_to"], list)


def test_envelopes_of_a_batch_come_back_in_order(parsing: ParserChild) -> None:
    first, second = parsing.envelopes([message(), b"\x00\xff"])
    assert first is not None and first.message_id == "<1@harrow.example>"
    assert second is None or second.message_id is None


def test_a_child_that_dies_is_an_unreadable_message(parsing: ParserChild, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(self: Containment, header: object, content: bytes) -> None:
        raise NoAnswer("the reader used more than 15 CPU seconds (limit CHILD_CPU_SECONDS)")

    monkeypatch.setattr(Containment, "ask", die)
    with pytest.raises(Unreadable, match="CHILD_CPU_SECONDS"):
        parsing.read_message(b"x")


@pytest.mark.parametrize(
    "answer",
    [
        None,
        [],
        {"reading": {}, "routing": {}},
        {"reading": [], "routing": {}, "parts": []},
        {"reading": {}, "routing": {}, "parts": [{"name": "x", "type": "y", "size": 9, "inline": False}]},
        {"reading": {}, "routing": {}, "parts": [{"name": "x", "type": "y", "size": -1, "inline": False}]},
    ],
)
def test_an_answer_that_makes_no_sense_is_not_believed(answer: object) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        _believed(answer, b"1234")
