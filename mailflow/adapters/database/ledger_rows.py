"""The ledger's tables: parties, items, what was open on which day, imports."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from mailflow.adapters.database.schema import Exact, Instant, metadata
from mailflow.receivables.ledger import Item
from mailflow.receivables.party import Party, Side
from mailflow.steps.ports.ledger import Change, ItemChanges, LedgerImport, PartyChanges

party = sa.Table(
    "party",
    metadata,
    sa.Column("id", sa.String(200), primary_key=True),
    sa.Column("side", sa.String(12), primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("emails", sa.JSON, nullable=False),
    sa.Column("language", sa.String(35)),
    sa.Column("currency", sa.String(3)),
    sa.Column("tax_id", sa.Text),
    sa.Column("payment_terms", sa.Text),
    sa.Column("statement_schedule", sa.Text),
    sa.Column("salesperson", sa.Text),
    sa.Column("salesperson_email", sa.Text),
    sa.Column("aliases", sa.JSON, nullable=False),
)

party_address = sa.Table(
    "party_address",
    metadata,
    sa.Column("party_id", sa.String(200), primary_key=True),
    sa.Column("side", sa.String(12), primary_key=True),
    sa.Column("address", sa.String(320), primary_key=True, index=True),  # folded to lower case
    sa.Column("domain", sa.String(255), nullable=False, index=True),
)

ledger_item = sa.Table(
    "ledger_item",
    metadata,
    sa.Column("side", sa.String(12), primary_key=True),
    sa.Column("id", sa.String(200), primary_key=True),
    sa.Column("party_id", sa.String(200), nullable=False),
    sa.Column("party_name", sa.Text, nullable=False),
    sa.Column("type", sa.String(16), nullable=False),
    sa.Column("reference", sa.Text, nullable=False),
    sa.Column("their_reference", sa.Text, nullable=False),
    sa.Column("po_number", sa.Text, nullable=False),
    sa.Column("date", sa.Date),
    sa.Column("due_date", sa.Date),
    sa.Column("currency", sa.String(3), nullable=False),
    sa.Column("amount", Exact, nullable=False),
    sa.Column("open_amount", Exact),
    sa.Column("description", sa.Text, nullable=False),
    sa.Column("first_import", sa.Integer, nullable=False),
    sa.Column("last_import", sa.Integer, nullable=False),  # the one that changed it last
    sa.Column("gone_on", sa.Date),  # as-of date of the ledger that no longer had it
    sa.Index("ix_ledger_item_account", "party_id", "side"),
)
_PRESENT = ledger_item.c.gone_on.is_(None)
sa.Index(  # the accounts, found without reading the items
    "ix_ledger_item_present", ledger_item.c.party_id, ledger_item.c.side, ledger_item.c.currency,
    sqlite_where=_PRESENT, postgresql_where=_PRESENT,
)  # fmt: skip

item_open = sa.Table(
    "item_open",
    metadata,
    # a row only where it changed: what was open on a day is the last row up to it
    sa.Column("side", sa.String(12), primary_key=True),
    sa.Column("item_id", sa.String(200), primary_key=True),
    sa.Column("as_of", sa.Date, primary_key=True),
    sa.Column("open_amount", Exact, nullable=False),
)

ledger_import = sa.Table(
    "ledger_import",
    metadata,
    sa.Column("no", sa.Integer, primary_key=True),
    sa.Column("at", Instant, nullable=False),
    sa.Column("as_of", sa.Date, nullable=False),
    sa.Column("receivable", sa.Boolean, nullable=False),
    sa.Column("payable", sa.Boolean, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("bank_as_of", sa.Date),  # the bank's entries are booked up to the end of this day
)

_ITEM_FIELDS = (
    "party_id", "party_name", "type", "reference", "their_reference", "po_number", "date", "due_date", "currency",
    "amount", "open_amount", "description",
)  # fmt: skip
_PARTY_FIELDS = (
    "name", "emails", "language", "currency", "tax_id", "payment_terms", "statement_schedule", "salesperson",
    "salesperson_email", "aliases",
)  # fmt: skip
DETAILS = 200  # changes told one by one; the rest is counted
_BATCH = 10_000
_SIDES = {side.value: side for side in Side}
_ASKED_AT_ONCE = 500  # values in one IN list


class LedgerRows:
    """``mailflow.steps.ports.ledger.Ledger``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # --- what is known ----------------------------------------------------------------------------------------------

    def items(self, *, party_id: str | None = None, side: Side | None = None) -> list[Item]:
        query = _present().order_by(ledger_item.c.party_id, ledger_item.c.side, ledger_item.c.date, ledger_item.c.id)
        if party_id is not None:
            query = query.where(ledger_item.c.party_id == party_id)
        if side is not None:
            query = query.where(ledger_item.c.side == side.value)
        return [_item(row) for row in self._connection.execute(query)]

    def references(self, accounts: Iterable[tuple[str, Side]]) -> dict[tuple[str, Side], list[str]]:
        wanted = set(accounts)
        found: dict[tuple[str, Side], dict[str, None]] = {account: {} for account in wanted}
        ids = sorted({party_id for party_id, _ in wanted})
        for start in range(0, len(ids), _ASKED_AT_ONCE):
            query = (
                sa.select(ledger_item.c.party_id, ledger_item.c.side, ledger_item.c.reference)
                .where(ledger_item.c.gone_on.is_(None), ledger_item.c.party_id.in_(ids[start : start + _ASKED_AT_ONCE]))
                .order_by(ledger_item.c.date, ledger_item.c.id)
            )
            for party_id, side, reference in self._connection.execute(query):
                account = found.get((party_id, Side(side)))
                if account is not None and reference:
                    account[reference] = None
        return {account: list(references) for account, references in found.items()}

    def accounts(self, party_ids: Iterable[str] | None = None) -> list[tuple[str, Side, str]]:
        columns = (ledger_item.c.party_id, ledger_item.c.side, ledger_item.c.currency)
        query = sa.select(*columns).where(ledger_item.c.gone_on.is_(None)).distinct().order_by(*columns)
        if party_ids is not None:
            query = query.where(ledger_item.c.party_id.in_(list(party_ids)))
        return [(row.party_id, Side(row.side), row.currency) for row in self._connection.execute(query)]

    def parties(self) -> list[Party]:
        query = sa.select(party).order_by(party.c.id, party.c.side)
        return [_party(row) for row in self._connection.execute(query).all()]

    def names(self, party_ids: Iterable[str] | None = None) -> dict[tuple[str, Side], str]:
        query = sa.select(party.c.id, party.c.side, party.c.name)
        if party_ids is not None:
            query = query.where(party.c.id.in_(list(party_ids)))
        return {(row.id, Side(row.side)): row.name for row in self._connection.execute(query)}

    def party(self, party_id: str, side: Side) -> Party | None:
        query = sa.select(party).where(party.c.id == party_id, party.c.side == side.value)
        row = self._connection.execute(query).first()
        return None if row is None else _party(row)

    def parties_at(self, address: str) -> list[Party]:
        return self._parties_where(party_address.c.address == address.lower())

    def parties_at_any(self, addresses: Sequence[str]) -> dict[str, list[Party]]:
        return self._parties_by(party_address.c.address, addresses)

    def parties_at_any_domain(self, domains: Sequence[str]) -> dict[str, list[Party]]:
        return self._parties_by(party_address.c.domain, domains)

    def _parties_by(self, column: sa.ColumnElement[str], values: Sequence[str]) -> dict[str, list[Party]]:
        found: dict[str, list[Party]] = {}
        for start in range(0, len(values), _ASKED_AT_ONCE):
            query = (
                sa.select(party, column.label("asked"))
                .join(party_address, (party.c.id == party_address.c.party_id) & (party.c.side == party_address.c.side))
                .where(column.in_(list(values[start : start + _ASKED_AT_ONCE])))
                .order_by(party.c.id, party.c.side)
            )
            for row in self._connection.execute(query):
                parties = found.setdefault(row.asked, [])
                if not parties or (parties[-1].id, parties[-1].side.value) != (row.id, row.side):
                    parties.append(_party(row))  # of several addresses in a domain, once
        return found

    def parties_at_domain(self, domain: str) -> list[Party]:
        return self._parties_where(party_address.c.domain == domain.lower())

    def _parties_where(self, condition: sa.ColumnElement[bool]) -> list[Party]:
        same = (party.c.id == party_address.c.party_id) & (party.c.side == party_address.c.side)
        found = sa.select(party_address.c.party_id).where(same, condition).exists()
        query = sa.select(party).where(found).order_by(party.c.id, party.c.side)
        return [_party(row) for row in self._connection.execute(query)]

    def open_on(self, party_id: str, side: Side, day: dt.date) -> dict[str, Decimal] | None:
        if self.last_import(side, as_of=day) is None:
            return None
        theirs = sa.select(ledger_item.c.id).where(ledger_item.c.party_id == party_id, ledger_item.c.side == side.value)
        query = (  # not a join: SQLite would walk through every row of the table for each party
            sa.select(item_open.c.item_id, item_open.c.open_amount)
            .where(item_open.c.side == side.value, item_open.c.item_id.in_(theirs), item_open.c.as_of <= day)
            .order_by(item_open.c.as_of)
        )
        return {row.item_id: row.open_amount for row in self._connection.execute(query)}  # the last row wins

    def last_import(self, side: Side, *, as_of: dt.date | None = None) -> LedgerImport | None:
        query = (
            sa.select(ledger_import).where(ledger_import.c[side.value].is_(True)).order_by(ledger_import.c.no.desc())
        )
        if as_of is not None:
            query = query.where(ledger_import.c.as_of == as_of)
        row = self._connection.execute(query.limit(1)).first()
        if row is None:
            return None
        sides = tuple(each for each in Side if getattr(row, each.value))
        return LedgerImport(row.no, row.at, row.as_of, sides, row.name, row.sha256, row.bank_as_of)

    def last_payment(self, side: Side) -> dt.date | None:
        query = sa.select(sa.func.max(ledger_item.c.date)).where(
            ledger_item.c.side == side.value, ledger_item.c.type == "payment", ledger_item.c.gone_on.is_(None)
        )
        return self._connection.execute(query).scalar()

    def gone_since(self, party_id: str, side: Side, day: dt.date) -> list[str]:
        query = sa.select(ledger_item.c.id).where(
            ledger_item.c.party_id == party_id, ledger_item.c.side == side.value, ledger_item.c.gone_on > day
        )
        return sorted(self._connection.execute(query).scalars())

    # --- importing --------------------------------------------------------------------------------------------------

    def begin_import(
        self,
        *,
        at: dt.datetime,
        as_of: dt.date,
        sides: Iterable[Side],
        name: str,
        sha256: str,
        bank_as_of: dt.date | None = None,
    ) -> int:
        covered = set(sides)
        made = self._connection.execute(
            ledger_import.insert().values(
                at=at, as_of=as_of, name=name, sha256=sha256, bank_as_of=bank_as_of,
                receivable=Side.RECEIVABLE in covered, payable=Side.PAYABLE in covered,
            )
        )  # fmt: skip
        key = made.inserted_primary_key
        assert key is not None
        return int(key[0])

    def put_items(self, items: Sequence[Item], *, import_no: int, as_of: dt.date, whole: Iterable[Side]) -> ItemChanges:
        changes = ItemChanges()
        known = {(row.side, row.id): row for row in self._connection.execute(sa.select(ledger_item))}
        open_known = self._open_up_to(as_of)
        new, changed, opened = [], [], []
        seen: set[tuple[str, str]] = set()
        for item in items:
            key = (item.side.value, item.id)
            seen.add(key)
            before = known.get(key)
            if item.open_amount is not None and open_known.get(key) != item.open_amount:
                opened.append({"side": key[0], "item_id": key[1], "as_of": as_of, "open_amount": item.open_amount})
            if before is None:
                changes.new += 1
                changes.accounts.add((item.party_id, item.side))
                new.append(_item_values(item) | {"first_import": import_no, "last_import": import_no, "gone_on": None})
                continue
            differing = [name for name in _ITEM_FIELDS if getattr(before, name) != getattr(item, name)]
            if not differing and before.gone_on is None:
                changes.same += 1
                continue
            changes.changed += 1
            changes.accounts |= {(item.party_id, item.side), (before.party_id, item.side)}
            changed.append(_item_values(item) | {"last_import": import_no, "gone_on": None})
            for name in differing or ["gone_on"]:
                if len(changes.details) < DETAILS:
                    was, now = _shown(getattr(before, name)), _shown(getattr(item, name, None))
                    changes.details.append(Change(item.id, item.party_id, name, was, now))
        gone_sides = {side.value for side in whole}
        gone = [row for key, row in known.items() if key not in seen and key[0] in gone_sides and row.gone_on is None]
        changes.gone = len(gone)
        changes.gone_ids = [row.id for row in gone]
        changes.accounts |= {(row.party_id, Side(row.side)) for row in gone}
        self._insert(ledger_item, new)
        self._update(changed)
        self._mark_gone([(row.side, row.id) for row in gone], as_of, import_no)
        self._put_open(opened)
        return changes

    def _open_up_to(self, day: dt.date) -> dict[tuple[str, str], Decimal]:
        query = sa.select(item_open).where(item_open.c.as_of <= day).order_by(item_open.c.as_of)
        return {(row.side, row.item_id): row.open_amount for row in self._connection.execute(query)}

    def _insert(self, table: sa.Table, rows: list[dict[str, Any]]) -> None:
        for batch in _batches(rows):
            self._connection.execute(table.insert(), batch)

    def _update(self, rows: list[dict[str, Any]]) -> None:
        statement = ledger_item.update().where(
            ledger_item.c.side == sa.bindparam("key_side"), ledger_item.c.id == sa.bindparam("key_id")
        )
        renamed = [
            {**{name: value for name, value in row.items() if name not in ("side", "id")},
             "key_side": row["side"], "key_id": row["id"]}
            for row in rows
        ]  # fmt: skip
        for batch in _batches(renamed):
            self._connection.execute(statement, batch)

    def _mark_gone(self, keys: list[tuple[str, str]], as_of: dt.date, import_no: int) -> None:
        statement = (
            ledger_item.update()
            .where(ledger_item.c.side == sa.bindparam("key_side"), ledger_item.c.id == sa.bindparam("key_id"))
            .values(gone_on=as_of, last_import=import_no)
        )
        for batch in _batches([{"key_side": side, "key_id": item_id} for side, item_id in keys]):
            self._connection.execute(statement, batch)

    def _put_open(self, rows: list[dict[str, Any]]) -> None:
        """A second ledger of the same day takes the first one's place."""
        key = (item_open.c.side == sa.bindparam("key_side")) & (item_open.c.item_id == sa.bindparam("key_id"))
        delete = item_open.delete().where(key, item_open.c.as_of == sa.bindparam("key_day"))
        for batch in _batches(rows):
            self._connection.execute(
                delete, [{"key_side": r["side"], "key_id": r["item_id"], "key_day": r["as_of"]} for r in batch]
            )
            self._connection.execute(item_open.insert(), batch)

    def put_parties(self, parties: Sequence[Party]) -> PartyChanges:
        changes = PartyChanges()
        for one in parties:
            before = self.party(one.id, one.side)
            if before == one:
                changes.same += 1
                continue
            values = {name: _plain(getattr(one, name)) for name in _PARTY_FIELDS}
            mine = (party.c.id == one.id) & (party.c.side == one.side.value)
            if before is None:
                self._connection.execute(party.insert().values(id=one.id, side=one.side.value, **values))
                changes.new.append(one.id)
            else:
                self._connection.execute(party.update().where(mine).values(**values))
                changes.changed += [
                    Change("", one.id, name, _shown(getattr(before, name)), _shown(getattr(one, name)))
                    for name in _PARTY_FIELDS
                    if getattr(before, name) != getattr(one, name)
                ]
            self._put_addresses(one)
        return changes

    def _put_addresses(self, one: Party) -> None:
        mine = (party_address.c.party_id == one.id) & (party_address.c.side == one.side.value)
        self._connection.execute(party_address.delete().where(mine))
        for address in sorted({address.lower() for address in one.emails}):
            self._connection.execute(
                party_address.insert().values(
                    party_id=one.id, side=one.side.value, address=address, domain=address.rpartition("@")[2]
                )
            )


def _present() -> sa.Select[Any]:
    return sa.select(ledger_item).where(ledger_item.c.gone_on.is_(None))


def _batches(rows: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    for start in range(0, len(rows), _BATCH):
        yield rows[start : start + _BATCH]


def _item_values(item: Item) -> dict[str, Any]:
    return {"id": item.id, "side": item.side.value} | {name: getattr(item, name) for name in _ITEM_FIELDS}


def _item(row: Any) -> Item:
    return Item(
        id=row.id, party_id=row.party_id, side=Side(row.side), reference=row.reference, date=row.date,
        currency=row.currency, amount=row.amount, party_name=row.party_name, type=row.type,
        their_reference=row.their_reference, po_number=row.po_number, due_date=row.due_date,
        open_amount=row.open_amount, description=row.description,
    )  # fmt: skip


def _party(row: Any) -> Party:
    """``row`` has the columns of :data:`party` in their order, then perhaps others; a run reads thousands of them."""
    party_id, side, name, emails, language, currency, tax_id, terms, schedule, person, person_email, aliases, *_ = row
    return Party(
        party_id, name, _SIDES[side], tuple(emails), language, currency, tax_id, terms, schedule, person, person_email,
        tuple(aliases),
    )  # fmt: skip


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, tuple):
        return "; ".join(map(str, value))
    return str(value)
