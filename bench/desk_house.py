"""A large house for measuring the desk: parties, items, cases and messages put into the tables as the steps leave them.

``load(house, …)`` is deterministic. Ledger and statements go through the real import and drawing where that is quick
enough; messages, their stages, tasks and journal are written in bulk.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
import random
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from bench.desk_papers import add_papers
from mailflow.adapters.database import case_rows, mailroom_tables, outbox_rows, search_rows
from mailflow.adapters.database.journal_rows import journal
from mailflow.adapters.database.people_rows import account
from mailflow.bootstrap import House
from mailflow.correspondence.meaning_json import to_json
from mailflow.correspondence.message import Intent, Meaning, StatedIntent
from mailflow.correspondence.search_words import words

AS_OF = dt.date(2026, 10, 31)
NOW = dt.datetime(2026, 11, 9, 1, tzinfo=dt.UTC)
STATES = (
    ["sent"] * 55 + ["confirmed"] * 25 + ["answered"] * 6 + ["disputed"] * 6 + ["reconciling"] * 5 + ["promised"] * 3
)
KINDS = ["dispute", "differences", "question", "document_request", "read_by_person", "payment_made"]
_TEXTS = [
    "余额核对无误,谢谢。", "Please send us invoice {0}, we cannot find it.", "发票 {0} 我们已于上周付款,请查收。",
    "We confirm the balance.", "发票 {0} 金额与我方账面不符,请核对。", "Zahlung für {0} erfolgt am 15.11.2026.",
]  # fmt: skip
_INTENTS = [
    Intent.CONFIRM, Intent.DOCUMENT_REQUEST, Intent.PAYMENT_MADE, Intent.CONFIRM, Intent.DISPUTE, Intent.PROMISE_TO_PAY
]  # fmt: skip


def load(house: House, parties: int = 5_000, items: int = 200_000, messages: int = 50_000, seed: int = 8) -> None:
    chance = random.Random(seed)
    house.import_ledger(
        _ledger(parties, items, chance), "ledger.csv", _parties(parties), "parties.csv", AS_OF, actor="bench"
    )
    names = [f"P{number:05d}" for number in range(parties)]
    cases = [f"SOA-202610-{name}-CNY" for name in names]
    with house.database.engine.begin() as connection:
        connection.execute(
            account.insert(),
            [{"name": "boss", "role": "administrator", "active": True, "epoch": 1, "password": "", "created_at": NOW}],
        )
        states = {case: chance.choice(STATES) for case in cases}
        _put(connection, case_rows.cases, _cases(cases, names, states, chance))
        _put(connection, outbox_rows.letter, _letters(cases, names))
        _put(connection, mailroom_tables.thread, ({"no": number, "begun_at": NOW} for number in range(1, parties + 1)))
        _put(connection, mailroom_tables.message, _messages(messages, cases, chance))
        _put(connection, mailroom_tables.message_stage, _stages(messages, chance))
        _put(connection, case_rows.case_task, _tasks(cases, states, messages, chance))
        _put(connection, case_rows.case_dispute, _disputes(cases, states))
        last = connection.execute(
            sa.select(journal.c.no, journal.c.digest).order_by(journal.c.no.desc()).limit(1)
        ).one()
        _put(connection, journal, _journal(cases, states, last.no, last.digest))
        found = search_rows.SearchRows(connection)
        for start in range(1, messages + 1, 5_000):
            found.put_many(
                {no: list(words(_text(no))) for no in range(start, min(messages + 1, start + 5_000))}
            )  # fmt: skip
    add_papers(house, NOW)


def _put(connection: Any, table: Any, rows: Iterator[dict[str, Any]]) -> None:
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == 5_000:
            connection.execute(table.insert(), batch)
            batch = []
    if batch:
        connection.execute(table.insert(), batch)


def _text(no: int) -> str:
    return _TEXTS[no % len(_TEXTS)].format(f"INV-{no:07d}")


def _ledger(parties: int, items: int, chance: random.Random) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["id", "party_id", "side", "reference", "date", "due_date", "currency", "amount", "open_amount",
                     "type", "description"])  # fmt: skip
    for number in range(items):
        day = AS_OF - dt.timedelta(days=chance.randrange(1, 200))
        amount = Decimal(chance.randrange(100, 9_999_999)) / 100
        open_amount = amount if chance.random() < 0.4 else Decimal(0)
        writer.writerow([f"L{number:07d}", f"P{number % parties:05d}", "receivable", f"INV-{number:07d}", day,
                         day + dt.timedelta(30), "CNY", amount, open_amount, "invoice", "货物 goods"])  # fmt: skip
    return out.getvalue().encode()


def _parties(parties: int) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["party_id", "party_name", "side", "emails", "language", "currency", "salesperson"])
    for number in range(parties):
        writer.writerow([f"P{number:05d}", f"第{number:05d}号贸易有限公司 Trading No. {number}", "receivable",
                         f"ap{number}@customer{number}.example", "zh-CN", "CNY", f"Seller {number % 20}"])  # fmt: skip
    return out.getvalue().encode()


def _cases(
    cases: list[str], names: list[str], states: dict[str, str], chance: random.Random
) -> Iterator[dict[str, Any]]:
    for case, name in zip(cases, names, strict=True):
        ours = Decimal(chance.randrange(10_000, 99_999_999)) / 100
        theirs = ours - Decimal(chance.randrange(1, 9_999)) if states[case] in ("disputed", "reconciling") else None
        yield {"id": case, "party_id": name, "side": "receivable", "currency": "CNY", "statement_no": case,
               "version": 1, "as_of": AS_OF, "state": states[case], "our_balance": ours, "their_balance": theirs,
               "opened_at": NOW - dt.timedelta(8), "sent_at": NOW - dt.timedelta(8)}  # fmt: skip


def _letters(cases: list[str], names: list[str]) -> Iterator[dict[str, Any]]:
    for place, (case, name) in enumerate(zip(cases, names, strict=True)):
        number = int(name[1:])
        yield {"statement_number": case, "version": 1, "recipient": f"ap{number}@customer{number}.example",
               "kind": "statement", "case_id": case, "sender": "ar@huaxing.example", "subject": f"对账单 {case}",
               "message_id": f"<{place}@huaxing.example>", "token": f"T{place:08d}",
               "sha256": hashlib.sha256(case.encode()).hexdigest(), "size": 90_000,
               "state": "in_doubt" if place % 2_500 == 7 else "accepted", "queued_at": NOW - dt.timedelta(8),
               "due_at": NOW - dt.timedelta(8), "attempts": 1, "fence": 1, "settled_at": NOW - dt.timedelta(8),
               "settled_by": "server", "code": 250, "words": "ok", "asked": 0}  # fmt: skip


def _messages(messages: int, cases: list[str], chance: random.Random) -> Iterator[dict[str, Any]]:
    for no in range(1, messages + 1):
        place = no % len(cases)
        at = NOW - dt.timedelta(seconds=(messages - no) * 12)
        stuck = no % 2_000 == 3
        yield {"no": no, "account": "finance", "sha256": hashlib.sha256(str(no).encode()).hexdigest(), "size": 8_000,
               "received_at": at, "stored_at": at, "state": "quarantined" if stuck else "done",
               "stage": "read" if stuck else None, "error": "it could not be read" if stuck else None, "attempts": 1,
               "message_id": f"<m{no}@customer{place}.example>", "subject": f"Re: 对账单 {cases[place]}",
               "sender": f"ap{place}@customer{place}.example", "sent_at": at, "automatic": "no", "thread": place + 1,
               "case_id": None if chance.random() < 0.002 else cases[place], "same_as": None}  # fmt: skip


def _stages(messages: int, chance: random.Random) -> Iterator[dict[str, Any]]:
    for no in range(1, messages + 1):
        text = _text(no)
        reading = {
            "file": "", "message_id": f"<m{no}@customer.example>", "in_reply_to": None, "references": [],
            "subject": "Re: 对账单", "from": {"name": "财务", "address": f"ap@customer{no % 5000}.example"}, "to": [],
            "cc": [], "date": NOW.isoformat(), "language": "zh", "automatic": "no", "bounce": {"recipient": None,
            "permanent": None, "status": None, "reason": None, "original_message_id": None}, "new_text": text,
            "signature": None, "quoted_text": "> 尊敬的客户 ...\n" * 20, "attachments": [], "warnings": [],
            "authentication": {"spf": None, "dkim": None, "dmarc": None, "trusted": False},
        }  # fmt: skip
        meaning = to_json(Meaning("zh", [StatedIntent(_INTENTS[no % len(_INTENTS)], 0.97, text[:20])]))
        placed = {
            "why": "references", "belief": "contact", "case": None, "version": 1, "bound": True, "letter": None,
            "party": None, "side": "receivable", "because": [], "flags": [], "own": False, "same_as": None, "ids": [],
        }  # fmt: skip
        for stage, result in (("read", {"reading": reading}), ("thread", placed), ("understand", meaning)):
            yield {"message": no, "stage": stage, "result": result, "seconds": 0.01, "done_at": NOW}


def _tasks(cases: list[str], states: dict[str, str], messages: int, chance: random.Random) -> Iterator[dict[str, Any]]:
    for place, case in enumerate(cases):
        waits = states[case] in ("answered", "disputed", "reconciling")
        for number in range(1 if waits else 0):
            yield {"case_id": case, "message": place + 1, "kind": chance.choice(KINDS), "once": f"{case}|{number}",
                   "evidence": _text(place), "facts": {}, "opened_at": NOW, "settled": "open", "settled_by": None,
                   "settled_at": None}  # fmt: skip
        yield {"case_id": case, "message": place + 1, "kind": "question", "once": f"{case}|old", "evidence": "",
               "facts": {}, "opened_at": NOW, "settled": "done", "settled_by": "boss", "settled_at": NOW}  # fmt: skip


def _disputes(cases: list[str], states: dict[str, str]) -> Iterator[dict[str, Any]]:
    for place, case in enumerate(cases):
        if states[case] == "disputed":
            yield {"case_id": case, "message": place + 1, "reference": f"INV-{place:07d}", "reason": "price",
                   "amount": Decimal("120.50"), "evidence": _text(place), "opened_at": NOW,
                   "settled": "open"}  # fmt: skip


def _journal(cases: list[str], states: dict[str, str], no: int, previous: str) -> Iterator[dict[str, Any]]:
    for case in cases:
        for action, before, after in (("case.released", "draft", "queued"), ("case.accepted", "queued", "sent"),
                                      ("case.replied", "sent", states[case])):  # fmt: skip
            no += 1
            content = {"no": no, "at": NOW.isoformat(), "actor": "mailflow", "action": action,
                       "subject": f"case:{case}",
                       "facts": {"before": before, "after": after, "version": 1}}  # fmt: skip
            text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            digest = hashlib.sha256(previous.encode() + b"\n" + text.encode()).hexdigest()
            yield {"no": content["no"], "subject": content["subject"], "canonical": text, "previous": previous,
                   "digest": digest}  # fmt: skip
            previous = digest
