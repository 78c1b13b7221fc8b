"""Whose case a message belongs to: strong evidence binds, a stranger's quotation never does."""

import datetime as dt
from decimal import Decimal

import pytest

from mailflow.adapters.database.engine import open_engine
from mailflow.adapters.database.migrate import bring_up_to_date
from mailflow.adapters.database.unit_of_work import SqlDatabase
from mailflow.correspondence import token as tokens
from mailflow.receivables.party import Party, Side
from mailflow.steps.place_message import PlaceMessage
from mailflow.steps.ports.mailroom import MessageState, StoredMessage
from mailflow.steps.ports.outbox import LetterKey, NewLetter

NOW = dt.datetime(2026, 11, 2, 1, tzinfo=dt.UTC)
KEY = b"k" * 32
OURS = "ar@huaxing.example"


@pytest.fixture
def database(database_url):
    engine = open_engine(database_url)
    bring_up_to_date(engine)
    database = SqlDatabase(engine)
    with database.writing() as work:
        work.ledger.put_parties(
            [
                Party("C1", "Kestrel", Side.RECEIVABLE, emails=("ap@kestrel.example",)),
                Party("C2", "Lakeside", Side.RECEIVABLE, emails=("ap@lakeside.example",)),
            ]
        )
        for party in ("C1", "C2"):
            number = f"SOA-202610-{party}-CNY"
            work.casefile.open(
                case_id=number, party_id=party, side=Side.RECEIVABLE, currency="CNY", statement_no=number, version=1,
                as_of=dt.date(2026, 10, 31), our_balance=Decimal(100), at=NOW,
            )  # fmt: skip
            recipient = f"ap@{'kestrel' if party == 'C1' else 'lakeside'}.example"
            token = tokens.issue(KEY, number, 1, recipient)
            message_id = tokens.message_id(KEY, number, 1, recipient, "statement", "huaxing.example")
            work.outbox.queue(
                NewLetter(LetterKey(number, 1, recipient), number, OURS, "s", message_id, token, "0" * 64, 10), NOW
            )
    yield database
    engine.dispose()


def letter(database, party):
    with database.reading() as work:
        return work.outbox.letters(case_id=f"SOA-202610-{party}-CNY")[0]


def placed(database, sender="ap@kestrel.example", *, dmarc=None, checks=False, name="", **said):
    trusted = dmarc is not None
    reading = {
        "message_id": "<m@x>", "in_reply_to": None, "references": [], "subject": "hello", "new_text": "",
        "quoted_text": None, "from": {"name": name, "address": sender}, "to": [], "cc": [], "date": None,
        "automatic": "no", "bounce": {}, "warnings": [],
        "authentication": {"spf": None, "dkim": None, "dmarc": dmarc, "trusted": trusted, "aligned": dmarc == "pass"},
    }  # fmt: skip
    routing = said.pop("routing", {})
    reading.update(said)
    stage = PlaceMessage(database, [OURS], lambda one: tokens.ours(KEY, one) is not None, checks)
    message = StoredMessage(
        1, "finance", "0" * 64, 10, NOW, NOW, MessageState.WAITING, None, None, 0, "<m@x>", "", sender, NOW, "no", None,
        None, None,
    )  # fmt: skip
    return stage(message, {"read": {"reading": reading, "routing": routing, "parts": []}}).result


def to(address):
    return [{"name": "", "address": address}]


def test_a_token_in_the_address_binds_and_names_the_version(database):
    found = placed(database, to=to(tokens.plus_address(OURS, letter(database, "C1").token)))
    assert (found["case"], found["why"], found["bound"], found["version"]) == ("SOA-202610-C1-CNY", "token", True, 1)


def test_our_message_id_binds_by_in_reply_to_and_by_references(database):
    ours = letter(database, "C2").message_id
    assert placed(database, "ap@lakeside.example", in_reply_to=ours)["why"] == "in_reply_to"
    assert placed(database, "ap@lakeside.example", references=["<a@b>", ours])["case"] == "SOA-202610-C2-CNY"


def test_a_quoted_token_of_another_party_pulls_nobody_into_its_case(database):
    mark = tokens.subject_mark(letter(database, "C2").token)
    found = placed(database, subject=f"about {mark}")
    assert found["case"] == "SOA-202610-C1-CNY" and not found["bound"]  # their own only open case, as a suggestion
    assert placed(database, "stranger@elsewhere.example", subject=f"about {mark}")["case"] is None


def test_a_quoted_token_of_ones_own_binds(database):
    found = placed(database, new_text=f"see {tokens.subject_mark(letter(database, 'C1').token)}")
    assert (found["why"], found["bound"]) == ("token", True)


def test_a_statement_number_in_the_subject_binds_its_own_party_only(database):
    assert placed(database, subject="Re SOA-202610-C1-CNY")["why"] == "statement_number"
    assert placed(database, subject="Re SOA-202610-C2-CNY")["why"] == "only_open_case"


@pytest.mark.parametrize(
    ("sender", "dmarc", "checks", "belief"),
    [
        ("ap@kestrel.example", None, False, "contact"),
        ("ap@kestrel.example", "pass", True, "trusted"),
        ("ap@kestrel.example", None, True, "unverified"),
        ("ap@kestrel.example", "fail", True, "failing"),
        ("somebody@elsewhere.example", "pass", True, "stranger"),
        ("ap@kestre1.example", "pass", True, "stranger"),
        ("colleague@kestrel.example", "pass", True, "trusted"),
    ],
)
def test_a_sender_is_believed_as_far_as_our_own_server_vouches_for_an_address_of_the_party(
    database, sender, dmarc, checks, belief
):
    address = tokens.plus_address(OURS, letter(database, "C1").token)
    assert placed(database, sender, dmarc=dmarc, checks=checks, to=to(address))["belief"] == belief


def test_answers_that_would_go_elsewhere_are_not_believed(database):
    found = placed(database, dmarc="pass", checks=True, routing={"reply_to": ["pay@other.example"]})
    assert found["belief"] == "unverified" and "reply_elsewhere" in found["flags"]


def test_only_our_signature_makes_a_mail_our_own(database):
    ours = letter(database, "C1").message_id.strip("<>")
    assert placed(database, "stranger@elsewhere.example", routing={"loop": ours})["own"]
    assert not placed(database, "stranger@elsewhere.example", routing={"loop": "made-up@x"})["own"]
    assert placed(database, OURS)["own"]
