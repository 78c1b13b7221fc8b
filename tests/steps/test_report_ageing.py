"""Ageing and DSO read in bulk say, to the cent, what statements and item-by-item sums of the same day say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import pytest

from mailflow.adapters.database.engine import open_engine
from mailflow.adapters.database.migrate import bring_up_to_date
from mailflow.adapters.database.unit_of_work import SqlDatabase
from mailflow.receivables.ageing import AgeingPolicy
from mailflow.receivables.drawing import draw, period_start
from mailflow.receivables.ledger import Item
from mailflow.receivables.party import Party, Side
from mailflow.steps.import_ledger import ReadFile, import_ledger
from mailflow.steps.keep_reports import KeptReports
from mailflow.steps.report import Table, ageing
from mailflow.steps.report_trends import dso

AUGUST, OCTOBER, NOVEMBER = dt.date(2026, 8, 31), dt.date(2026, 10, 31), dt.date(2026, 11, 30)
NOW = dt.datetime(2026, 12, 1, tzinfo=dt.UTC)
PARTIES = [
    Party("A", "Anna AG", Side.RECEIVABLE, payment_terms="net 60"), Party("B", "Berta", Side.RECEIVABLE),
    Party("C", "丙公司", Side.RECEIVABLE, payment_terms="30 days end of month"), Party("S", "Supplier", Side.PAYABLE),
]  # fmt: skip


@pytest.fixture
def database(database_url: str) -> Iterator[SqlDatabase]:
    engine = open_engine(database_url)
    bring_up_to_date(engine)
    yield SqlDatabase(engine)
    engine.dispose()


def item(no: str, party: str, amount: str, left: str | None, day: dt.date | None, due: dt.date | None = None,
         currency: str = "EUR", kind: str = "invoice") -> Item:  # fmt: skip
    side = Side.PAYABLE if party == "S" else Side.RECEIVABLE
    return Item(id=no, party_id=party, side=side, reference=f"R{no}", date=day, currency=currency, type=kind,
                amount=Decimal(amount), due_date=due, open_amount=None if left is None else Decimal(left))  # fmt: skip


ITEMS = [
    item("1", "A", "100.00", "100.00", dt.date(2026, 10, 1)),  # due by the terms
    item("2", "A", "0.10", "0.10", dt.date(2026, 3, 1), dt.date(2026, 4, 30)),
    item("3", "A", "-30.00", "-10.05", dt.date(2026, 9, 1), kind="payment"),
    item("4", "A", "900.00", "0.00", dt.date(2026, 5, 1)),
    item("5", "A", "1234", "1234", dt.date(2026, 9, 30), dt.date(2026, 10, 31), currency="JPY"),
    item("6", "B", "99999999999999.99", "99999999999999.99", dt.date(2026, 9, 15)),
    item("7", "B", "0.001", "0.001", None),
    item("8", "C", "70.20", "20.20", dt.date(2026, 7, 5)),
    item("9", "S", "55.55", "55.55", dt.date(2026, 10, 2), dt.date(2026, 10, 30)),
]


def took(database: SqlDatabase, items: list[Item], day: dt.date, partial: bool = False) -> None:
    import_ledger(database, items=items, parties=PARTIES, files=[ReadFile("ledger.csv", "0" * 64, ())], as_of=day,
                  now=NOW, partial=partial, allow_gone=True)  # fmt: skip


def as_drawn(database: SqlDatabase, day: dt.date, policy: AgeingPolicy) -> dict[tuple[object, ...], dict[str, Decimal]]:
    found: dict[tuple[object, ...], dict[str, Decimal]] = {}
    with database.reading() as work:
        for party_id, side, currency in work.ledger.accounts():
            party = work.ledger.party(party_id, side)
            assert party is not None
            one = draw(work.ledger.items(party_id=party_id, side=side), party, side, currency, day, period_start(day),
                       policy=policy, known_open=work.ledger.open_on(party_id, side, day))  # fmt: skip
            figures = {bucket.label: bucket.amount for bucket in one.ageing}
            if one.closing or any(figures.values()):
                figures |= {"unapplied": one.unapplied, "balance": one.closing, "overdue": one.overdue}
                found[party_id, side.value, currency] = figures
    return found


def told(table: Table) -> dict[tuple[object, ...], dict[str, object]]:
    names = [name for name in table.columns if name in table.money]
    return {(row["party"], row["side"], row["currency"]): {name: row[name] for name in names} for row in table.rows}


@pytest.mark.parametrize("policy", [AgeingPolicy(), AgeingPolicy(by_due_date=False), AgeingPolicy((10, 45))])
@pytest.mark.parametrize(
    ("ledgers", "day"),
    [
        ([(ITEMS, OCTOBER)], OCTOBER),
        ([(ITEMS, OCTOBER)], NOVEMBER),  # no ledger of that day
        ([(ITEMS, OCTOBER)], AUGUST),  # wound back
        ([(ITEMS[:4], AUGUST), (ITEMS, OCTOBER)], OCTOBER),
        ([(ITEMS, NOVEMBER), (ITEMS[:2], OCTOBER)], NOVEMBER),  # an older ledger came later
        ([(ITEMS, OCTOBER), ([item("10", "B", "5.00", None, OCTOBER)], OCTOBER)], OCTOBER),  # nothing said to be open
    ],
)
def test_each_account_ages_as_its_statement_does(
    database: SqlDatabase, ledgers: list[tuple[list[Item], dt.date]], day: dt.date, policy: AgeingPolicy
) -> None:
    for place, (items, as_of) in enumerate(ledgers):
        took(database, items, as_of, partial=place > 0)
    table = ageing(database, day, policy)
    assert told(table) == as_drawn(database, day, policy)
    assert [row["party"] for row in table.rows] == sorted(str(row["party"]) for row in table.rows)


def test_sales_and_balance_are_added_exactly_whatever_their_digits_and_length(database: SqlDatabase) -> None:
    took(database, ITEMS, OCTOBER)
    last = {str(row["currency"]): row for row in dso(database, OCTOBER).rows}
    own = [one for one in ITEMS if one.side is Side.RECEIVABLE and one.currency == "EUR" and one.date]
    assert last["EUR"]["balance"] == sum((one.amount for one in own), Decimal(0)) == Decimal("100000000001040.29")
    assert last["EUR"]["sales"] == Decimal("100.00") + Decimal("99999999999999.99")
    assert (last["JPY"]["balance"], last["JPY"]["days"]) == (Decimal(1234), 90)


def test_a_kept_report_is_made_anew_after_an_import_of_items_or_of_parties(database: SqlDatabase) -> None:
    kept, made = KeptReports(database), []

    def make() -> Table:
        made.append(ageing(database, OCTOBER, AgeingPolicy()))
        return made[-1]

    took(database, ITEMS, OCTOBER)
    first = kept.table(("ageing", OCTOBER), make)
    assert kept.table(("ageing", OCTOBER), make) is first
    took(database, ITEMS[1:], OCTOBER)
    assert len(kept.table(("ageing", OCTOBER), make).rows) == len(first.rows)
    assert len(made) == 2
    renamed = [Party("A", "Anna SE", Side.RECEIVABLE)]
    import_ledger(
        database, items=None, parties=renamed, files=[ReadFile("p.csv", "1" * 64, ())], as_of=OCTOBER, now=NOW
    )
    assert kept.table(("ageing", OCTOBER), make).rows[0]["name"] == "Anna SE"
