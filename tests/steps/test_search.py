"""Messages are found by what they say, on both databases, quickly also among tens of thousands."""

from __future__ import annotations

import datetime as dt
import random
import time
from decimal import Decimal

import pytest

from mailflow.adapters.database.engine import open_engine
from mailflow.adapters.database.migrate import bring_up_to_date
from mailflow.adapters.database.unit_of_work import SqlDatabase
from mailflow.correspondence.search_words import phrases, words
from mailflow.receivables.party import Side
from mailflow.refusals import Refusal
from mailflow.steps.search import find, put, rebuild

NOW = dt.datetime(2026, 11, 2, 1, tzinfo=dt.UTC)


@pytest.fixture
def database(database_url: str) -> SqlDatabase:
    engine = open_engine(database_url)
    bring_up_to_date(engine)
    yield SqlDatabase(engine)
    engine.dispose()


def reading(subject: str, text: str, sender: str = "ap@kestrel.example", attached: str = "") -> dict:
    return {
        "from": {"name": "王芳", "address": sender}, "to": [{"name": "", "address": "ar@huaxing.example"}], "cc": [],
        "subject": subject, "new_text": text, "attachments": [{"name": attached}] if attached else [],
    }  # fmt: skip


def arrived(database: SqlDatabase, *readings: dict) -> list[int]:
    with database.writing() as work:
        epoch = work.mailroom.begin_epoch("finance", "INBOX", 1, NOW)
        start = max(work.mailroom.known_uids(epoch), default=0)
        work.mailroom.discover(epoch, range(start + 1, start + len(readings) + 1), NOW)
        numbers = []
        for place, said in zip(work.mailroom.to_fetch(epoch, NOW, len(readings)), readings, strict=True):
            number, _ = work.mailroom.stored(place, f"{place.uid:064x}", 10, NOW, NOW)
            work.mailroom.stage_done(number, "read", {"reading": said}, 0.0, NOW)
            work.mailroom.note(number, subject=said["subject"], sender=said["from"]["address"])
            put(work, number, said)
            numbers.append(number)
    return numbers


def numbers(database: SqlDatabase, asked: str, **options: object) -> list[int]:
    return [hit.message.no for hit in find(database, asked, **options).hits]


def test_words_numbers_and_parts_of_chinese_sentences_are_found_newest_first(database: SqlDatabase) -> None:
    first, second, third = arrived(
        database,
        reading("回复:对账单", "贵司来函收悉,余额核对无误。"),
        reading("Re: Statement", "We agree, but INV-0958 was paid on 10 November", attached="付款回单.pdf"),
        reading("Re: statement", "INV-09580 is not ours"),
    )
    assert numbers(database, "核对无误") == [first]
    assert numbers(database, "对") == [first]
    assert numbers(database, "账单 无误") == [first]
    assert numbers(database, "误对") == []  # both characters are there, not side by side
    assert numbers(database, "inv-0958") == [third, second]
    assert numbers(database, '"INV-0958"') == [second]
    assert numbers(database, "STATE") == [third, second]
    assert numbers(database, "回单") == [second]
    assert numbers(database, "王芳 kestrel") == [third, second, first]
    assert numbers(database, "agree 核对") == []
    (hit,) = find(database, "agree", limit=1).hits
    assert "We agree" in hit.excerpt


def test_only_one_partys_conversations_when_asked(database: SqlDatabase) -> None:
    one, two = arrived(database, reading("a", "hello"), reading("b", "hello"))
    with database.writing() as work:
        work.casefile.open(
            case_id="SOA-1", party_id="C1", side=Side.RECEIVABLE, currency="CNY", statement_no="SOA-1", version=1,
            as_of=NOW.date(), our_balance=Decimal(1), at=NOW,
        )  # fmt: skip
        work.mailroom.note(two, case_id="SOA-1")
    assert numbers(database, "hello", party_id="C1") == [two]
    assert numbers(database, "hello", party_id="C2") == []
    assert numbers(database, "hello") == [two, one]


def test_words_are_gathered_again_and_an_empty_question_is_refused(database: SqlDatabase) -> None:
    assert numbers(database, "hello") == []  # nothing was ever gathered
    arrived(database, reading("a", "hello"))
    assert rebuild(database) == 1
    assert rebuild(database) == 1
    assert len(numbers(database, "hello")) == 1
    with pytest.raises(Refusal, match="what to look for"):
        find(database, "?!")


@pytest.mark.long
@pytest.mark.timeout(600)
def test_among_fifty_thousand_messages_an_answer_takes_a_blink(database: SqlDatabase) -> None:
    chance = random.Random(6)
    han = "对账单余额核对无误付款发票贵司来函收悉请查收货款已付差异合同订单金额银行回执盖章"
    latin = "statement balance agree invoice payment remittance please find attached difference price credit".split()
    for start in range(0, 50_000, 5_000):
        with database.writing() as work:
            for no in range(start + 1, start + 5_001):
                text = "".join(chance.choices(han, k=120)) + " " + " ".join(chance.choices(latin, k=60))
                work.search.put(no, words(f"Re: SOA-202610-C{no:05d} {text} INV-{no}"))
    seconds = {}
    for asked in ("INV-34567", "核对无误", "对账", "statement agree", "账", '"price credit"', "C00042"):
        began = time.perf_counter()
        with database.reading() as work:
            found = work.search.find(phrases(asked), 21)
        seconds[asked] = time.perf_counter() - began
        assert found == sorted(found, reverse=True)
    assert found == [42]
    print(seconds)
    assert max(seconds.values()) < 1.0
