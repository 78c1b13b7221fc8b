"""What the scheduler's "due" task does with a letter that nobody has answered, through the house as configured."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from mailflow.bootstrap import House
from mailflow.settings import load
from mailflow.steps.letter_outcomes import Acceptance, accepted
from mailflow.steps.ports.sending import Answer, Claim

CONFIG = """
[company]
name = "Huaxing Trading"
[[mailbox]]
name = "finance"
address = "ar@huaxing.example"
host = "127.0.0.1"
port = 1
security = "none"
[statements]
schedule = "0 9 1 1 *"
[reminders]
after_days = [2, 5]
"""
LEDGER = (
    "id,party_id,party_name,side,type,reference,date,due_date,currency,amount,open_amount\n"
    "1,C1,Northgate Ltd,receivable,invoice,INV-1,2026-10-01,2026-10-31,CNY,100.00,100.00\n"
)
PARTIES = "party_id,name,side,email,language\nC1,Northgate Ltd,receivable,ap@northgate.example,en\n"


class Clock:
    instant = dt.datetime(2026, 11, 2, 1, tzinfo=dt.UTC)

    def now(self) -> dt.datetime:
        return self.instant


def looked_into_the_inbox(house: House) -> None:
    with house.database.writing() as work:
        found = work.mailroom.epoch("finance", "INBOX")
        epoch = found or work.mailroom.begin_epoch("finance", "INBOX", 1, house.clock.now())
        work.mailroom.checked(epoch, house.clock.now(), None, compared=True)


def test_reminders_follow_the_configured_days_once_the_mailbox_was_looked_into(tmp_path: Path) -> None:
    (tmp_path / "mailflow.toml").write_text(CONFIG)
    clock = Clock()
    house = House(load(str(tmp_path / "mailflow.toml"), {}), clock)
    house.import_ledger(LEDGER.encode(), "l.csv", PARTIES.encode(), "p.csv", dt.date(2026, 10, 31))
    house.draw(dt.date(2026, 10, 31))
    assert house.run_due()  # the statement
    with house.database.writing() as work:
        now, until = clock.now(), clock.now() + dt.timedelta(minutes=1)
        (letter,) = work.sending.claim("test", now, until, 9)
        work.sending.start([Claim(letter.no, letter.fence)], now, until, None)
        accepted(work, [Acceptance(letter, Answer(250, "ok"), now)])
    clock.instant = dt.datetime(2026, 11, 4, 2, tzinfo=dt.UTC)  # Wednesday, ten o'clock in Shanghai
    assert not house.run_due()  # nobody has looked whether an answer is there
    looked_into_the_inbox(house)
    assert house.run_due()
    assert not house.run_due()
    with house.database.reading() as work:
        assert [one.key.kind for one in work.outbox.letters()] == ["statement", "reminder-1"]
    house.close()
