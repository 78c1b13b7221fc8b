"""The reply token and our Message-ID: found again wherever a mail carries them, and never mistaken."""

import random
import string

import pytest

from mailflow.correspondence import token

KEY = b"k" * 32
NUMBER = "SOA-202610-C001-CNY"


def issued(version: int = 1, recipient: str = "li@hengtai.example") -> str:
    return token.issue(KEY, NUMBER, version, recipient)


def test_the_same_letter_always_gets_the_same_short_token():
    assert issued() == issued(recipient=" Li@Hengtai.example ")
    assert len(issued()) == 16
    assert len({issued(), issued(2), issued(recipient="x@y.example"), token.issue(b"z" * 32, NUMBER, 1, "li@h")}) == 4


def test_neighbouring_fields_cannot_be_shifted_into_each_other():
    assert token.issue(KEY, "A-1", 11, "x@y.example") != token.issue(KEY, "A-11", 1, "x@y.example")
    assert token.issue(KEY, "A", 1, "1x@y.example") != token.issue(KEY, "A", 11, "x@y.example")


@pytest.mark.parametrize(
    "carrier",
    [
        "ar+{}@huaxing.example",
        "AR+{}@HUAXING.EXAMPLE",
        "华星 <ar+{}@huaxing.example>, other@x.example",
        "bounce+ar+{}=huaxing.example@relay.example",
        "mailto:ar%2B{}@huaxing.example?subject=x",
        "mailto:ar%2b{}%40huaxing.example",
        "Re: Statement October [#{}]",
        "回复: 对账单 【#{}】",
        "答复：对账单［＃{}］",
        "(# {} )",
        "mailto:ar@x.example?subject=%5B%23{}%5D",
        "[#{}]确认",
    ],
)
@pytest.mark.parametrize("case", [str.lower, str.upper, str.title])
def test_a_token_is_found_in_every_form_in_which_it_comes_back(carrier, case):
    assert token.find(carrier.format(case(issued()))) == [issued()]


def test_letters_that_a_person_reads_into_it_are_read_as_the_digits_they_look_like():
    mistyped = issued().replace("1", "l").replace("0", "O")
    assert token.find(f"[#{mistyped}]") == [issued()]
    assert token.belongs(KEY, mistyped, NUMBER, 1, "li@hengtai.example")


def test_tokens_come_in_order_and_each_once():
    first, second = issued(), issued(2)
    assert token.find([f"ar+{second}@x.example [#{first}]", f"[#{first}]"]) == [second, first]


@pytest.mark.parametrize(
    "text",
    ["ar@huaxing.example", "ar+news@huaxing.example", "[#1234]", "Invoice [#INV-1001]", "#0123456789abcdef",
     "ar+0123456789abcdef0@x.example", "[#0123456789abcdeu]", ""],
)  # fmt: skip
def test_what_is_no_token_is_not_taken_for_one(text):
    assert token.find(text) == []


def test_ten_thousand_altered_tokens_belong_to_nobody():
    chance = random.Random(7)
    true = issued()
    alphabet = [c for c in string.digits + string.ascii_lowercase if c not in "ilou"]
    for _ in range(10_000):
        place = chance.randrange(16)
        other = true[:place] + chance.choice([c for c in alphabet if c != true[place]]) + true[place + 1 :]
        assert not token.belongs(KEY, other, NUMBER, 1, "li@hengtai.example")


def test_a_plus_address_holds_the_token_in_place_of_an_older_plus_part():
    assert token.plus_address("ar@huaxing.example", "t") == "ar+t@huaxing.example"
    assert token.plus_address("ar+old@huaxing.example", "t") == "ar+t@huaxing.example"
    assert token.find(token.plus_address("ar@huaxing.example", issued())) == [issued()]
    assert token.find(token.subject_mark(issued())) == [issued()]


def test_a_message_id_is_stable_ours_and_different_for_each_recipient_and_kind():
    made = token.message_id(KEY, NUMBER, 3, "li@hengtai.example", "statement", "huaxing.example")
    assert made == token.message_id(KEY, NUMBER, 3, "LI@hengtai.example", "statement", "huaxing.example")
    others = [
        token.message_id(KEY, NUMBER, 3, "wang@hengtai.example", "statement", "huaxing.example"),
        token.message_id(KEY, NUMBER, 3, "li@hengtai.example", "reminder-1", "huaxing.example"),
        token.message_id(KEY, NUMBER, 4, "li@hengtai.example", "statement", "huaxing.example"),
    ]
    assert len({made, *others}) == 4
    assert len(made) < 78 and made.isascii()
    assert token.ours(KEY, made) == token.OurId("soa-202610-c001-cny", 3)


def test_a_message_id_is_recognised_behind_another_domain_and_not_when_altered():
    made = token.message_id(KEY, NUMBER, 3, "li@hengtai.example", "statement", "huaxing.example")
    assert token.ours(KEY, made.replace("huaxing.example", "eu-west-1.relay.example")) is not None
    assert token.ours(KEY, made.upper()) is not None
    assert token.ours(KEY, made.replace(".v3.", ".v4.")) is None
    assert token.ours(b"another key, as long", made) is None
    assert token.ours(KEY, "<abc@outside.example>") is None


def test_a_statement_number_that_no_message_id_may_hold_is_digested():
    made = token.message_id(KEY, "SOA-202610-恒泰贸易有限公司-CNY", 1, "a@b.example", "statement", "huaxing.example")
    assert made.isascii() and len(made) < 78
    assert token.ours(KEY, made) is not None


def test_a_short_key_is_refused():
    with pytest.raises(ValueError, match="16 bytes"):
        token.issue(b"short", NUMBER, 1, "a@b.example")
