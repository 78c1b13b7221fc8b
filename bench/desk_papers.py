"""Statements of account from the other side for the large house: real CSV files, read by the real parser child,
compared by the real engine, kept as the steps keep them. One in every 25 cases has one.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from decimal import Decimal

from mailflow.bootstrap import House
from mailflow.receivables.ledger import Item
from mailflow.receivables.party import Side
from mailflow.reconciliation import Decisions
from mailflow.steps.reconcile_documents import compare

EVERY, FIRST = 25, 9  # places of the cases that have one: 9, 34, … 1234


def add_papers(house: House, at: dt.datetime) -> int:
    """How many were added. The message with the case's place as its number is the one that brought it."""
    with house.database.reading() as work:
        cases = [case for place, case in enumerate(work.casefile.cases()) if place % EVERY == FIRST]
        items = {case.id: work.ledger.items(party_id=case.party_id, side=Side.RECEIVABLE) for case in cases}
        parties = {party.id: party for party in work.ledger.parties()}
        brought = {}
        for case in cases:
            found = work.mailroom.messages(case_id=case.id)
            if found:
                brought[case.id] = found[0].no
    kept = 0
    for case in cases:
        if case.id not in brought:
            continue
        content = _statement(items[case.id], f"第{case.party_id}号", case.as_of)
        stored = house.archive.store([content])
        document = house.parsing.parse_document(content, "statement.csv")[0]
        party = parties[case.party_id]
        result = compare(items[case.id], document, party, case, house.policy, Decisions())
        if result is None:
            raise SystemExit(f"the statement made for {case.id} speaks of nobody")
        with house.database.writing() as work:
            message = brought[case.id]
            number = work.documents.keep(message, 0, stored.sha256, "statement.csv", document, at)
            work.documents.assign(message, case.id)
            work.documents.keep_reconciliation(case.id, number, case.version, result.to_json(), at)
        kept += 1
    return kept


def _statement(items: list[Item], issuer: str, as_of: dt.date) -> bytes:
    """Their open items: the second is missing, the third is a cent less."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([f"Statement of account {issuer}", "", "", "", ""])
    writer.writerow(["Date", "Invoice No", "Description", "Amount CNY", "Balance CNY"])
    balance = Decimal(0)
    for place, item in enumerate(one for one in items if one.open_amount):
        if place == 1:
            continue
        amount = (item.open_amount or Decimal(0)) - (Decimal("0.01") if place == 2 else Decimal(0))
        balance += amount
        writer.writerow([item.date, item.reference, "Invoice", amount, balance])
    writer.writerow([as_of, "", "Closing balance", "", balance])
    return out.getvalue().encode()
