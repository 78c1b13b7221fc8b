"""What a person types is looked for by the database: names, numbers, addresses, on both databases."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from mailflow.adapters.database.engine import open_engine
from mailflow.adapters.database.migrate import bring_up_to_date
from mailflow.adapters.database.unit_of_work import SqlDatabase
from mailflow.receivables.ledger import Item
from mailflow.receivables.party import Party, Side
from mailflow.steps.find import find

AT = dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC)
DAY = dt.date(2026, 10, 31)


def test_all_words_anywhere_whatever_their_case_and_no_wildcards(database_url: str) -> None:
    engine = open_engine(database_url)
    bring_up_to_date(engine)
    database = SqlDatabase(engine)
    with database.writing() as work:
        work.ledger.put_parties(
            [
                Party(
                    "C1", "滨海贸易 Binhai 100%", Side.RECEIVABLE, emails=("Anna@Binhai.example",), aliases=("老滨海",)
                ),
                Party("C2", "Nordwind GmbH", Side.RECEIVABLE, tax_id="DE123"),
            ]
        )
        number = work.ledger.begin_import(at=AT, as_of=DAY, sides=[Side.RECEIVABLE], name="x", sha256="0")
        item = Item("L1", "C1", Side.RECEIVABLE, "INV_1", DAY, "CNY", Decimal(5), po_number="PO-77")
        work.ledger.put_items([item], import_no=number, as_of=DAY, whole=[Side.RECEIVABLE])
        work.casefile.open(
            case_id="SOA-C1", party_id="C1", side=Side.RECEIVABLE, currency="CNY", statement_no="SOA-C1", version=1,
            as_of=DAY, our_balance=Decimal(5), at=AT,
        )  # fmt: skip
    for words in ("binhai 滨海", "anna@binhai", "老滨海", "100%"):
        assert [one.id for one in find(database, words).parties] == ["C1"], words
    assert [one.id for one in find(database, "de123 NORD").parties] == ["C2"]
    assert [one.id for one in find(database, "po-77").items] == ["L1"]
    assert [one.id for one in find(database, "滨海").cases] == ["SOA-C1"]
    for words in ("INV%1", "_____", "%", "nordwind binhai", "' OR 1=1 --", "\x00", '\\"'):
        found = find(database, words)
        assert not found.items and (not found.parties or words == "%"), words
    engine.dispose()


@pytest.mark.parametrize("words", ["", "   "])
def test_nothing_is_asked_for_and_nothing_found(database_url: str, words: str) -> None:
    engine = open_engine(database_url)
    bring_up_to_date(engine)
    assert not find(SqlDatabase(engine), words).any
    engine.dispose()
