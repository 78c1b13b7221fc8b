"""Long reports are ready before anybody asks: after each import, once."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from mailflow.bootstrap import House
from mailflow.receivables.ledger import Item
from mailflow.receivables.party import Side
from mailflow.steps.import_ledger import ReadFile, import_ledger
from mailflow.web.warming import Warming


def test_reports_on_the_ledger_are_worked_out_after_each_import_and_not_again_until_the_next(house: House) -> None:
    warming = Warming(house)
    assert warming.look() and not warming.look()
    ready = house.report("ageing")
    assert house.report("ageing") is ready
    day = dt.date(2026, 11, 30)
    item = Item("N1", "C001", Side.RECEIVABLE, "N1", day, "CNY", Decimal(100), open_amount=Decimal(100))
    files = [ReadFile("x.csv", "0" * 64)]
    import_ledger(house.database, items=[item], parties=[], files=files, as_of=day, now=house.clock.now(), partial=True)
    assert warming.look() and not warming.look()
    assert house.report("ageing") is not ready


def test_it_ends_with_the_console(house: House) -> None:
    warming = Warming(house)
    warming.start()
    warming.stop()
    assert not warming._thread.is_alive()
