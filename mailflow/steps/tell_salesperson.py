"""Escalation: who else hears of a letter that nobody answers. The party's further addresses, and our salesperson.

The note to the salesperson is a letter to our own people: it belongs to no case, so that nothing that becomes of it
moves one, and it never goes to an address that is a party's.
"""

from __future__ import annotations

import datetime as dt

from mailflow.cases.case import Case
from mailflow.correspondence.follow_ups import DigestEntry
from mailflow.correspondence.message import Address
from mailflow.correspondence.token import folded
from mailflow.receivables.party import Party
from mailflow.steps.follow_up_around import Around
from mailflow.steps.ports.archive import Archive
from mailflow.steps.ports.clock import Clock
from mailflow.steps.ports.letters import Stationery
from mailflow.steps.ports.outbox import LetterKey
from mailflow.steps.ports.work import Database
from mailflow.steps.queue_letters import Desk, Draft, queue_letters
from mailflow.steps.render_follow_up import render_digest

NOTE = "note-"


def further(party: Party | None, written_to: list[str], around: Around) -> list[str]:
    """The party's addresses that this conversation has not been sent to, but for those that take no mail."""
    known = {folded(one) for one in written_to}
    addresses = () if party is None else party.emails
    return [one for one in addresses if folded(one) not in known and folded(one) not in around.unreachable]


def tell_salesperson(
    database: Database, archive: Archive, desk: Desk, stationery: Stationery, clock: Clock, case: Case, level: int,
    since: dt.date, *, kind: str = "reminder",
) -> list[int]:  # fmt: skip
    """Queues a note about this case, once a level; the number of the letter. Nobody to tell: none."""
    with database.reading() as work:
        party = work.ledger.party(case.party_id, case.side)
        address = "" if party is None else party.salesperson_email or ""
        if party is None or not address or work.ledger.parties_at(address):
            return []
    words = stationery.templates.words(desk.company.language)
    entry = DigestEntry(
        party.name, case.id, case.state.value, case.currency, case.our_balance,
        words.say(f"escalation.{kind}", level=str(level), date=words.date(since)),
    )  # fmt: skip
    reader = party.salesperson or address
    today = clock.now().date()
    draft = Draft(
        LetterKey(case.id, case.version, address, f"{NOTE}{kind}-{level}"), None, Address(reader, address),
        lambda route: render_digest(stationery, desk.company, reader=reader, on=today, entries=[entry]),
    )  # fmt: skip
    return queue_letters(database, archive, desk, [draft], clock)
